import { DatdotError } from './errors.ts'

const U64_LIMIT = 2n ** 64n

/** An unsigned integer as 8 bytes little-endian; throws INTERNAL outside u64. */
export function u64(value: bigint | number): Uint8Array {
  const big = BigInt(value)
  if (big < 0n || big >= U64_LIMIT) throw new DatdotError('INTERNAL', `${value} is not a u64`)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, big, true)
  return bytes
}

/** Reads 8 bytes little-endian at `offset`: `n(bytes, offset)` of protocol.md part 9. */
export function readU64(bytes: Uint8Array, offset = 0): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset, true)
}

/** The parts one after another in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

/** Lower-case hex digits without 0x. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Parses an even number of hex digits without 0x; throws BAD_ARGUMENT. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text))
    throw new DatdotError('BAD_ARGUMENT', 'not a string of hex digits', {
      details: { text: text.slice(0, 80) }
    })
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** True when both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** True when every byte is zero. */
export function isZero(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte === 0)
}

/** Big-endian bytes as an unsigned integer. */
export function bigFromBytes(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

/** An unsigned integer as `length` bytes big-endian; throws INTERNAL when it does not fit. */
export function bytesFromBig(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * length) !== 0n)
    throw new DatdotError('INTERNAL', `integer above ${length} bytes`)
  return fromHex(length === 0 ? '' : value.toString(16).padStart(2 * length, '0'))
}
