import { concat } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'

/** A stream of bytes in chunks of any size. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** What a batch stream is made of: bytes in all, bytes of one unit, units of one batch, number of the first unit. */
export interface BatchShape {
  byteLength: number
  unitBytes: number
  unitsPerBatch: number
  firstUnit: number
}

/** Consecutive whole units from `firstUnit` on, in a buffer of their own; the last unit is padded with zeros. */
export interface Batch {
  firstUnit: number
  bytes: Uint8Array
}

/** Cuts a stream into batches of whole units; throws BAD_RANGE when it holds more or fewer bytes than said. */
export async function* batches(source: ByteSource, shape: BatchShape): AsyncGenerator<Batch> {
  const { byteLength, unitBytes, unitsPerBatch } = shape
  let { firstUnit } = shape
  let left = byteLength
  let filled = 0
  const fresh = (): Uint8Array =>
    new Uint8Array(Math.min(unitsPerBatch, Math.ceil(left / unitBytes)) * unitBytes)
  let bytes = fresh()
  for await (const chunk of source) {
    let at = 0
    if (chunk.length > left - filled) throw mismatch(byteLength, 'more')
    while (at < chunk.length) {
      const take = Math.min(bytes.length - filled, chunk.length - at)
      bytes.set(chunk.subarray(at, at + take), filled)
      at += take
      filled += take
      if (filled < Math.min(bytes.length, left)) continue
      const batch = { firstUnit, bytes }
      left -= filled
      firstUnit += bytes.length / unitBytes
      bytes = fresh()
      filled = 0
      yield batch
    }
  }
  if (left > 0) throw mismatch(byteLength, 'fewer')
}

function mismatch(byteLength: number, how: 'more' | 'fewer'): DatdotError {
  return new DatdotError('BAD_RANGE', `the source holds ${how} than ${byteLength} bytes`, {
    details: { byteLength }
  })
}

/** All bytes of a stream in one array. */
export async function collect(source: ByteSource): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return concat(...parts)
}
