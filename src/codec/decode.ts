import { DatdotError } from '../domain/errors.ts'
import { CELL_BYTES, cellsOf, SLICE_BYTES } from '../domain/leaves.ts'
import type { RsaBackend, RsaFunction } from './backend.ts'
import { type Batch, type ByteSource, batches } from './batches.ts'
import { decodeBatch } from './cell.ts'
import { assertCell, type StreamOptions } from './encode.ts'
import { inOrder } from './in-order.ts'
import { checkPublicKey, type PublicKey } from './key.ts'
import { backend as nodeBackend } from './node-backend.ts'
import type { CodecPool } from './pool.ts'

/** 64 KiB of cells: as many as one message of the copy channel carries. */
const CELLS_PER_BATCH = 256
const READ_WINDOW = 4

/** All that anyone needs to read a span's cells: key, salt, plain length in bytes. */
export interface SpanPublic extends PublicKey {
  salt: Uint8Array
  byteLength: number
}

/** Who turns cells from `firstCell` on back into plain bytes; a bad cell throws CELL_INVALID with details `{ cell }`. */
export interface SpanDecoder {
  readonly byteLength: number
  decode(firstCell: number, cells: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** Decodes at once on the calling thread, for small reads: some 12 µs a cell; the key is imported once. */
export class CellDecoder implements SpanDecoder {
  readonly byteLength: number
  readonly #span: SpanPublic
  readonly #verify: RsaFunction

  constructor(span: SpanPublic, backend: RsaBackend = nodeBackend) {
    checkPublicKey(span)
    this.byteLength = span.byteLength
    this.#span = span
    this.#verify = backend.publicFunction(span)
  }

  decode(firstCell: number, cells: Uint8Array): Uint8Array {
    return decodeBatch({ N: this.#span.N, verify: this.#verify }, this.#span, firstCell, cells)
  }
}

/** Decodes in the pool's threads, for long reads. */
export class PoolDecoder implements SpanDecoder {
  readonly byteLength: number
  readonly #pool: CodecPool
  readonly #span: SpanPublic
  readonly #signal: AbortSignal | undefined

  constructor(pool: CodecPool, span: SpanPublic, signal?: AbortSignal) {
    checkPublicKey(span)
    this.byteLength = span.byteLength
    this.#pool = pool
    this.#span = span
    this.#signal = signal
  }

  decode(firstCell: number, cells: Uint8Array): Promise<Uint8Array> {
    return decodeCells(this.#pool, this.#span, firstCell, cells, { signal: this.#signal })
  }
}

/** Decodes cells from `firstCell` on in a thread; the caller keeps `cells`. Throws as decodeBatch does. */
export function decodeCells(
  pool: CodecPool,
  span: SpanPublic,
  firstCell: number,
  cells: Uint8Array,
  { signal }: { signal?: AbortSignal | undefined } = {}
): Promise<Uint8Array> {
  return decodeOwned(pool, span, firstCell, new Uint8Array(cells), signal)
}

/**
 * Decodes a stream of a span's cells (chunks of any size) from `fromCell` to its end and yields its plain bytes.
 * Throws BAD_RANGE when there are more or fewer cells, CELL_INVALID, WORKER_FAILED, or the signal's reason.
 */
export async function* decodeSpan(
  pool: CodecPool,
  span: SpanPublic,
  source: ByteSource,
  { fromCell = 0, signal, onProgress }: StreamOptions & { fromCell?: number } = {}
): AsyncGenerator<Uint8Array> {
  const totalCells = cellsOf(span.byteLength)
  assertCell(fromCell, totalCells)
  const shape = {
    byteLength: (totalCells - fromCell) * CELL_BYTES,
    unitBytes: CELL_BYTES,
    unitsPerBatch: CELLS_PER_BATCH,
    firstUnit: fromCell
  }
  let cells = fromCell
  const run = ({ firstUnit, bytes }: Batch, stop: AbortSignal): Promise<Uint8Array> =>
    decodeOwned(pool, span, firstUnit, bytes, stop)
  for await (const plain of inOrder(batches(source, shape), pool.window, run, signal)) {
    cells += cellsOf(plain.length)
    onProgress?.({ cells, totalCells })
    yield plain
  }
}

/** Cells that hold the plain bytes [a, b) of a span (encoding.md, "Decode"). */
export function cellsOfRange(a: number, b: number): { first: number; count: number } {
  const first = Math.floor(a / SLICE_BYTES)
  return { first, count: b > a ? cellsOf(b) - first : 0 }
}

/** Reads `count` cells from cell `first` on. */
export type ReadCells = (first: number, count: number) => Promise<Uint8Array>

/** Yields exactly the plain bytes [a, b) of a span, reading 256 cells at a time; throws BAD_RANGE outside the span. */
export async function* readRange(
  decoder: SpanDecoder,
  a: number,
  b: number,
  readCells: ReadCells,
  { signal }: { signal?: AbortSignal } = {}
): AsyncGenerator<Uint8Array> {
  if (!(a >= 0 && a <= b && b <= decoder.byteLength))
    throw new DatdotError('BAD_RANGE', `[${a}, ${b}) is outside a span of ${decoder.byteLength} bytes`)
  const read = async ({ first, count }: { first: number; count: number }): Promise<Uint8Array> => {
    const cells = await readCells(first, count)
    if (cells.length !== count * CELL_BYTES)
      throw new DatdotError('CELLS_DAMAGED', `cells ${first} to ${first + count} are not all there`)
    const plain = await decoder.decode(first, cells)
    const at = first * SLICE_BYTES
    return plain.subarray(Math.max(0, a - at), b - at)
  }
  yield* inOrder(readBatches(a, b), READ_WINDOW, read, signal)
}

/** The plain bytes [a, b) of a span in one array; throws as readRange does. */
export async function readBytes(
  decoder: SpanDecoder,
  a: number,
  b: number,
  readCells: ReadCells,
  options: { signal?: AbortSignal } = {}
): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, b - a))
  let at = 0
  for await (const part of readRange(decoder, a, b, readCells, options)) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

async function* readBatches(a: number, b: number): AsyncGenerator<{ first: number; count: number }> {
  const { first, count } = cellsOfRange(a, b)
  // Equal ones: a block of 64 KiB has two cells more than a batch, and its halves can be decoded at once.
  const each = Math.ceil(count / Math.ceil(count / CELLS_PER_BATCH))
  for (let done = 0; done < count; done += each)
    yield { first: first + done, count: Math.min(each, count - done) }
}

function decodeOwned(
  pool: CodecPool,
  { N, e, salt, byteLength }: SpanPublic,
  firstCell: number,
  bytes: Uint8Array,
  signal: AbortSignal | undefined
): Promise<Uint8Array> {
  return pool.run(
    { kind: 'decode', publicKey: { N, e }, text: { salt, byteLength }, firstCell, bytes },
    signal
  )
}
