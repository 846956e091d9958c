import { isZero } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import { CELL_BYTES, cellsOf, SLICE_BYTES } from '../domain/leaves.ts'
import type { RsaFunction } from './backend.ts'
import { xorKeystream } from './keystream.ts'

/** What a batch of cells belongs to: the span's salt and plain length in bytes. */
export interface SpanText {
  salt: Uint8Array
  byteLength: number
}

/**
 * Encodes whole slices (255 bytes each, zero-padded; they are masked in place) from cell `firstCell` on.
 * Each cell is checked against its slice before it is returned: throws CODEC_FAULT (encoding.md, "A CRT fault").
 */
export function encodeBatch(
  rsa: { sign: RsaFunction; verify: RsaFunction },
  salt: Uint8Array,
  firstCell: number,
  slices: Uint8Array
): Uint8Array {
  const count = slices.length / SLICE_BYTES
  xorKeystream(slices, salt, firstCell * SLICE_BYTES)
  const masked = new Uint8Array(count * CELL_BYTES)
  for (let j = 0; j < count; j++)
    masked.set(slices.subarray(j * SLICE_BYTES, (j + 1) * SLICE_BYTES), j * CELL_BYTES + 1)
  const cells = new Uint8Array(masked.length)
  const check = new Uint8Array(masked.length)
  rsa.sign(masked, cells)
  rsa.verify(cells, check)
  if (Buffer.compare(check, masked) !== 0) {
    cells.fill(0)
    throw new DatdotError('CODEC_FAULT', undefined, { details: { firstCell, count } })
  }
  return cells
}

/**
 * Decodes whole cells from cell `firstCell` on into the plain bytes they hold.
 * Throws CELL_INVALID with the cell's number (c >= N, y >= 2^2040, non-zero padding), BAD_RANGE outside the span.
 */
export function decodeBatch(
  rsa: { N: Uint8Array; verify: RsaFunction },
  { salt, byteLength }: SpanText,
  firstCell: number,
  cells: Uint8Array
): Uint8Array {
  const count = checkedCount(byteLength, firstCell, cells)
  for (let j = 0; j < count; j++)
    if (Buffer.compare(cells.subarray(j * CELL_BYTES, (j + 1) * CELL_BYTES), rsa.N) >= 0)
      throw invalid(firstCell + j, 'is not below the modulus')
  const masked = new Uint8Array(cells.length)
  rsa.verify(cells, masked)
  const plain = new Uint8Array(count * SLICE_BYTES)
  for (let j = 0; j < count; j++) {
    if (masked[j * CELL_BYTES] !== 0) throw invalid(firstCell + j, 'decodes to more than 255 bytes')
    plain.set(masked.subarray(j * CELL_BYTES + 1, (j + 1) * CELL_BYTES), j * SLICE_BYTES)
  }
  xorKeystream(plain, salt, firstCell * SLICE_BYTES)
  const length = Math.min(plain.length, byteLength - firstCell * SLICE_BYTES)
  if (!isZero(plain.subarray(length)))
    throw invalid(firstCell + count - 1, 'has bytes behind the end of the span')
  return plain.subarray(0, length)
}

function checkedCount(byteLength: number, firstCell: number, cells: Uint8Array): number {
  const count = cells.length / CELL_BYTES
  if (!Number.isSafeInteger(firstCell) || firstCell < 0 || !Number.isInteger(count))
    throw new DatdotError('BAD_RANGE', 'not whole cells', { details: { firstCell, bytes: cells.length } })
  if (firstCell + count > cellsOf(byteLength))
    throw new DatdotError('BAD_RANGE', 'cells behind the end of the span', { details: { firstCell, count } })
  return count
}

function invalid(cell: number, why: string): DatdotError {
  return new DatdotError('CELL_INVALID', `cell ${cell} ${why}`, { details: { cell } })
}
