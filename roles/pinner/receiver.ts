import { decodeCells, type SpanPublic } from '../../src/codec/decode.ts'
import type { CodecPool } from '../../src/codec/pool.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import type { TreeStore } from '../../src/codec/tree-store.ts'
import { equalBytes } from '../../src/domain/bytes.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { Account } from '../../src/domain/ids.ts'
import { CELL_BYTES, CELLS_PER_LEAF, cellsOf, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { checkpointMessage, sealMessage } from '../../src/domain/messages.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { type CoreHandle, plainBytes, spanSecrets } from '../span.ts'
import type { AgreedSeal, SignedCheckpoint } from './notes.ts'
import { PlainReader } from './plain-reader.ts'

/** Levels of a span's tree that are not stored: 16 leaves are hashed again for a proof. */
export const KEEP_DEPTH = 4

/** Cells in one step of the check after a restart. */
const CHECK_STEP = 256

/** The file of one span's cells, as `CellsFile` of the store is. */
export interface SpanFile {
  readonly count: number
  readonly damage: string | null
  readonly path: string
  readonly tree: TreeStore & { clear(): Promise<void> }
  read(first: number, count: number, signal?: AbortSignal): Promise<Uint8Array>
  readLeaf(index: number): Promise<Uint8Array>
  append(cells: Uint8Array): Promise<void>
  checkpoint(): Promise<void>
  truncate(cells: number): Promise<void>
}

export interface ReceiverParts {
  genesis: Uint8Array
  pool: CodecPool
  /** Raw sr25519 by the node's account. */
  sign(message: Uint8Array): Uint8Array
  verify(message: Uint8Array, signature: Uint8Array, account: Account): boolean
  saveCheckpoint(checkpoint: SignedCheckpoint): Promise<void>
  saveSeal(seal: AgreedSeal): Promise<void>
  onCells(cells: number): void
}

/** The pinner's end of a span's transfer: keeps a cell only after it decoded to the plain block that is here (encoding.md). */
export class CopyReceiver {
  readonly #parts: ReceiverParts
  readonly #span: SpanView
  readonly #core: CoreHandle
  readonly #file: SpanFile
  readonly #public: SpanPublic
  readonly #tag: Uint8Array
  #tree: SpanTree
  #plain: PlainReader | null = null

  private constructor(
    parts: ReceiverParts,
    copy: CopyView,
    span: SpanView,
    core: CoreHandle,
    file: SpanFile
  ) {
    this.#parts = parts
    this.#span = span
    this.#core = core
    this.#file = file
    const { salt, tag } = spanSecrets(parts.genesis, copy, span)
    if (span.modulus === null) throw new DatdotError('INTERNAL', `span ${span.id} has no key yet`)
    this.#public = { N: span.modulus, e: span.e, salt, byteLength: span.byteLength }
    this.#tag = tag
    this.#tree = new SpanTree({ tag, store: file.tree, keepDepth: KEEP_DEPTH })
  }

  /** Goes on with the cells that are here, after checking each of them again: a crash may have torn the last ones. */
  static async open(
    parts: ReceiverParts,
    copy: CopyView,
    span: SpanView,
    core: CoreHandle,
    file: SpanFile,
    signal: AbortSignal
  ): Promise<CopyReceiver> {
    const receiver = new CopyReceiver(parts, copy, span, core, file)
    await receiver.#recheck(signal)
    return receiver
  }

  /** Whole, checked cells that are here. */
  get held(): number {
    return this.#tree.cells
  }

  get complete(): boolean {
    return this.held === cellsOf(this.#span.byteLength)
  }

  /** Checks a batch, keeps it and resolves with what is here then; throws WIRE_OUT_OF_ORDER, CELL_INVALID. */
  async cells(firstIndex: number, cells: Uint8Array): Promise<number> {
    if (firstIndex !== this.held)
      throw new DatdotError('WIRE_OUT_OF_ORDER', `cell ${firstIndex}, not ${this.held}`)
    try {
      await this.#check(firstIndex, cells)
      await this.#file.append(cells)
      await this.#tree.write(cells)
    } catch (error) {
      // The plain bytes have been read past what is kept: the next batch finds its own place.
      await this.close()
      throw error
    }
    this.#parts.onCells(this.held)
    return this.held
  }

  /** Co-signs the whole leaves so far, once they are on the disk; throws WIRE_BAD_MESSAGE for any others. */
  async checkpoint(given: SignedCheckpoint): Promise<Uint8Array> {
    const own = this.#tree.checkpoint()
    if (given.leaves !== own.leaves || !equalBytes(given.root, own.root))
      throw new DatdotError('WIRE_BAD_MESSAGE', 'the checkpoint is not of the cells that came')
    const { genesis, sign } = this.#parts
    const message = checkpointMessage({ genesis, spanId: this.#span.id, tag: this.#tag, ...own })
    this.#assertSigned(message, given.signature)
    await this.#file.checkpoint()
    await this.#parts.saveCheckpoint(given)
    return sign(message)
  }

  /** Takes the signer's seal when it is of exactly the cells that are here; throws WIRE_BAD_MESSAGE. */
  async seal(given: AgreedSeal): Promise<void> {
    if (!this.complete || given.cells !== this.held || !equalBytes(given.root, this.#tree.root()))
      throw new DatdotError('WIRE_BAD_MESSAGE', 'the seal is not of the cells that came')
    const { cells, root } = given
    const { genesis } = this.#parts
    this.#assertSigned(
      sealMessage({ genesis, spanId: this.#span.id, tag: this.#tag, cells, root }),
      given.signature
    )
    await this.#file.checkpoint()
    await this.#parts.saveSeal(given)
  }

  async close(): Promise<void> {
    await this.#plain?.close()
    this.#plain = null
  }

  #assertSigned(message: Uint8Array, signature: Uint8Array): void {
    const { signer } = this.#span
    if (signer === null || !this.#parts.verify(message, signature, signer))
      throw new DatdotError('WIRE_BAD_MESSAGE', 'the signature is not the signer’s')
  }

  async #check(firstIndex: number, cells: Uint8Array): Promise<void> {
    const plain = await decodeCells(this.#parts.pool, this.#public, firstIndex, cells)
    this.#plain ??= new PlainReader(plainBytes(this.#core, this.#span, firstIndex * SLICE_BYTES))
    const expected = await this.#plain.take(plain.length)
    if (equalBytes(plain, expected)) return
    throw new DatdotError('CELL_INVALID', `cells from ${firstIndex} on are not those of the plain blocks`)
  }

  async #recheck(signal: AbortSignal): Promise<void> {
    const known = this.#file.count
    for (let first = 0; first < known; first += CHECK_STEP) {
      const cells = await this.#file.read(first, Math.min(CHECK_STEP, known - first), signal)
      try {
        await this.#check(first, cells)
      } catch (error) {
        if (!(error instanceof DatdotError) || error.code !== 'CELL_INVALID') throw error
        await this.close()
        await this.#cut(first)
        return
      }
      await this.#tree.write(cells)
    }
  }

  /** Cuts to whole leaves before the first cell that is not good, and computes the tree nodes of the rest again. */
  async #cut(cells: number): Promise<void> {
    const whole = cells - (cells % CELLS_PER_LEAF)
    await this.#file.truncate(whole)
    this.#tree = new SpanTree({ tag: this.#tag, store: this.#file.tree, keepDepth: KEEP_DEPTH })
    for (let first = 0; first < whole; first += CHECK_STEP)
      await this.#tree.write(await this.#file.read(first, Math.min(CHECK_STEP, whole - first)))
  }
}

/** Bytes of the cells of a span. */
export function encodedBytes(span: SpanView): number {
  return CELL_BYTES * cellsOf(span.byteLength)
}
