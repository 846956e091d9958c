import { concat } from './bytes.ts'

/** BLAKE2b-256 of the concatenation of its arguments, unkeyed, 32 bytes (`H` of encoding.md). */
export type Hash = (...parts: Uint8Array[]) => Uint8Array

/** A domain separator: one byte of length, then the ASCII bytes of prefix + name (encoding.md `ds`). */
export function separator(prefix: 'datdot/' | 'tpe1/', name: string): Uint8Array {
  const text = new TextEncoder().encode(prefix + name)
  return concat(Uint8Array.of(text.length), text)
}

/** `ds` of protocol.md part 9. */
export function ds(name: string): Uint8Array {
  return separator('datdot/', name)
}

/** 32 zero bytes: where the accumulator starts (protocol.md 9.1). */
export const ZERO_HASH = new Uint8Array(32)

/** Seed of the noise key pair, from the account's mini-secret (protocol.md part 7). */
export function noiseSeed(hash: Hash, miniSecret: Uint8Array): Uint8Array {
  return hash(ds('noise-seed'), miniSecret)
}
