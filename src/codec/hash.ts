import sodium from 'sodium-native'
import { separator } from '../domain/hashing.ts'

/** BLAKE2b-256 of the concatenation of the parts, without copying them (`H` of encoding.md). */
export function blake2b256(...parts: Uint8Array[]): Uint8Array {
  const digest = new Uint8Array(32)
  sodium.crypto_generichash_batch(digest, parts)
  return digest
}

/** A BLAKE2b-256 that takes its input piece by piece. */
export interface Hasher {
  update(bytes: Uint8Array): void
  /** The hash of all that was given; once only. */
  digest(): Uint8Array
}

/** Starts an incremental BLAKE2b-256. */
export function createHasher(): Hasher {
  const state = Buffer.alloc(sodium.crypto_generichash_STATEBYTES)
  sodium.crypto_generichash_init(state, null, 32)
  return {
    update: bytes => sodium.crypto_generichash_update(state, bytes),
    digest: () => {
      const digest = new Uint8Array(32)
      sodium.crypto_generichash_final(state, digest)
      return digest
    }
  }
}

/** `ds` of encoding.md. */
export function tpe(name: 'salt' | 'span' | 'leaf' | 'node' | 'root'): Uint8Array {
  return separator('tpe1/', name)
}
