import { toHex as digitsOf } from '../domain/bytes.ts'

/** Bytes as `0x` and lower-case hex digits, as in Substrate's JSON-RPC. */
export type Hex = `0x${string}`

/** Bytes to hex. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${digitsOf(bytes)}`
}

/** Hex to bytes. */
export function fromHex(hex: string): Buffer {
  return Buffer.from(hex.startsWith('0x') ? hex.slice(2) : hex, 'hex')
}

/** True for an even number of hex digits, of either case, after `0x`. */
export function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && value.length % 2 === 0 && /^0x[0-9a-fA-F]*$/.test(value)
}
