import { DatdotError } from './errors.ts'

/** 32 bytes as 64 lower-case hex digits without 0x: compared and used as a key everywhere. */
export type Hex32 = string
/** A hypercore's public key. */
export type CoreKey = Hex32
/** A chain account (sr25519 public key). */
export type Account = Hex32
/** A provider's noise (ed25519) public key, which is its address on the DHT. */
export type NoiseKey = Hex32
/** Chain-wide counter of a copy (u64). */
export type CopyId = bigint
/** Chain-wide counter of a span (u64). */
export type SpanId = bigint
/** Index of a challenge period (u32). */
export type Period = number
/** Number of a chain block (u32). */
export type Height = number

/** Providers' roles; their draw byte is the index here, their bit 1 << index (protocol.md 9.1, 9.9). */
export const PROVIDER_ROLES = ['signer', 'pinner', 'verifier'] as const
export type ProviderRole = (typeof PROVIDER_ROLES)[number]

const Z_BASE_32 = 'ybndrfg8ejkmcpqxot1uwisza345h769'

function fromZBase32(text: string): string | undefined {
  let bits = 0n
  for (const char of text) {
    const value = Z_BASE_32.indexOf(char)
    if (value < 0) return undefined
    bits = (bits << 5n) | BigInt(value)
  }
  return (bits & 0xfn) === 0n ? (bits >> 4n).toString(16).padStart(64, '0') : undefined
}

/** Parses a core key given as 64 hex digits or 52 z-base-32 characters, with or without a URL scheme; throws BAD_KEY. */
export function parseCoreKey(text: string): CoreKey {
  const bare = text
    .trim()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/$/, '')
    .replace(/^0x/, '')
  if (/^[0-9a-fA-F]{64}$/.test(bare)) return bare.toLowerCase()
  const key = bare.length === 52 ? fromZBase32(bare.toLowerCase()) : undefined
  if (key === undefined) throw new DatdotError('BAD_KEY', `"${text}" is not a core key`)
  return key
}
