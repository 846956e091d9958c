import { crc32 } from 'node:zlib'
import { z } from 'zod'

/** First byte of every stored value: the layout below. */
const LAYOUT = 1
const HEADER = 5

/** Bytes of any length, for a table's schema. */
export const bytes = (length?: number) =>
  z
    .custom<Uint8Array>(value => value instanceof Uint8Array, 'expected bytes')
    .refine(value => length === undefined || value.length === length, `expected ${length} bytes`)

/** A key, hash or account as this program writes it, for a schema. */
export const hex32 = z.string().regex(/^[0-9a-f]{64}$/)

function toPlain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: value.toString() }
  return value
}

/** Bytes must be found before JSON.stringify sees them: Buffer has a toJSON of its own. */
function tagBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $b: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(tagBytes)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, tagBytes(one)]))
  }
  return value
}

function fromPlain(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { $n, $b } = value as { $n?: unknown; $b?: unknown }
  if (typeof $n === 'string') return BigInt($n)
  if (typeof $b === 'string') return new Uint8Array(Buffer.from($b, 'base64'))
  return value
}

/** layout byte ‖ CRC-32 big-endian ‖ JSON in which bigint is {$n} and bytes are {$b}. */
export function encodeValue(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(tagBytes(value), toPlain))
  const header = Buffer.alloc(HEADER)
  header[0] = LAYOUT
  header.writeUInt32BE(crc32(json), 1)
  return Buffer.concat([header, json])
}

/** The value that was encoded; throws a plain Error when the bytes are not what was written. */
export function decodeValue(stored: Uint8Array): unknown {
  const buffer = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  if (buffer.length < HEADER || buffer[0] !== LAYOUT) throw new Error('unknown layout')
  const json = buffer.subarray(HEADER)
  if (crc32(json) !== buffer.readUInt32BE(1)) throw new Error('checksum differs')
  return JSON.parse(json.toString('utf8'), fromPlain)
}
