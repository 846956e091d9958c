import { DatdotError } from '../domain/errors.ts'
import { CELL_BYTES, cellsOf, SLICE_BYTES } from '../domain/leaves.ts'
import { type Batch, type ByteSource, batches } from './batches.ts'
import { inOrder } from './in-order.ts'
import type { SpanKey } from './key.ts'
import type { CodecPool } from './pool.ts'

/** 16 leaves: some hundredths of a second of one thread. */
const CELLS_PER_BATCH = 64

/** A span to encode: its plain length in bytes, and the cell to begin with when a part is made already. */
export interface EncodeSpan {
  key: SpanKey
  salt: Uint8Array
  byteLength: number
  fromCell?: number
  cellsPerBatch?: number
}

/** Cells done so far of the whole span. */
export interface CellProgress {
  cells: number
  totalCells: number
}

export interface StreamOptions {
  signal?: AbortSignal
  onProgress?: (progress: CellProgress) => void
}

/**
 * Encodes a span and yields whole cells in order, in a bounded window of batches that keeps all threads busy.
 * `source` holds the span's plain bytes from byte 255 * fromCell to its end, in chunks of any size.
 * Throws BAD_RANGE when it holds more or fewer, CODEC_FAULT, WORKER_FAILED, POOL_CLOSED, or the signal's reason.
 */
export async function* encodeSpan(
  pool: CodecPool,
  span: EncodeSpan,
  source: ByteSource,
  { signal, onProgress }: StreamOptions = {}
): AsyncGenerator<Uint8Array> {
  const { key, salt, byteLength, fromCell = 0, cellsPerBatch = CELLS_PER_BATCH } = span
  const totalCells = cellsOf(byteLength)
  assertCell(fromCell, totalCells)
  const shape = {
    byteLength: Math.max(0, byteLength - fromCell * SLICE_BYTES),
    unitBytes: SLICE_BYTES,
    unitsPerBatch: cellsPerBatch,
    firstUnit: fromCell
  }
  const lease = pool.lend(key)
  const run = ({ firstUnit, bytes }: Batch, stop: AbortSignal): Promise<Uint8Array> =>
    pool.run({ kind: 'encode', lease, salt, firstCell: firstUnit, bytes }, stop)
  let cells = fromCell
  try {
    for await (const batch of inOrder(batches(source, shape), pool.window, run, signal)) {
      cells += batch.length / CELL_BYTES
      onProgress?.({ cells, totalCells })
      yield batch
    }
  } finally {
    pool.unlend(lease)
  }
}

/** Throws BAD_RANGE unless `cell` is one of a span's, or its end. */
export function assertCell(cell: number, totalCells: number): void {
  if (!Number.isSafeInteger(cell) || cell < 0 || cell > totalCells)
    throw new DatdotError('BAD_RANGE', `cell ${cell} is outside a span of ${totalCells} cells`)
}
