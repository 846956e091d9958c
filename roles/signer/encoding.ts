import { encodeSpan } from '../../src/codec/encode.ts'
import type { SpanKey } from '../../src/codec/key.ts'
import type { CodecPool } from '../../src/codec/pool.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { flatIndex } from '../../src/codec/tree-store.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import {
  CELL_BYTES,
  CELLS_PER_LEAF,
  cellsOf,
  leavesOf,
  peakHeights,
  SLICE_BYTES
} from '../../src/domain/leaves.ts'
import { checkpointMessage, sealMessage } from '../../src/domain/messages.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { type CoreHandle, plainBytes, spanSecrets } from '../span.ts'

/** What a former run has already computed of a span: whole leaves and the peaks over them. */
export interface Computed {
  cells: number
  peaks: Uint8Array[]
}

/** The signer's end of `datdot/copy/1` for one span (protocol.md part 8). */
export interface CopySender {
  /** Cells that the pinner holds already. */
  readonly held: number
  /** Resolves when the window has room again; rejects with WIRE_REFUSED or WIRE_CLOSED. */
  sendCells(firstIndex: number, cells: Uint8Array): Promise<void>
  /** Resolves with the pinner's signature over the same checkpoint. */
  checkpoint(checkpoint: { leaves: number; root: Uint8Array; signature: Uint8Array }): Promise<Uint8Array>
  /** Resolves when the pinner has acknowledged everything and taken the seal. */
  seal(seal: { cells: number; root: Uint8Array; signature: Uint8Array }): Promise<void>
  close(): Promise<void> | void
}

export interface EncodingParts {
  genesis: Uint8Array
  pool: CodecPool
  /** Raw sr25519 by the node's account. */
  sign(message: Uint8Array): Uint8Array
  /** Keeps what was computed, so that a restart goes on there. */
  save(computed: Computed): Promise<void>
  onCells(cells: number): void
}

/** 256 cells: one message of the copy channel. */
const CELLS_PER_MESSAGE = 256
/** 16 MiB of cells between checkpoints (protocol.md part 8). */
const CELLS_PER_CHECKPOINT = 65_536
/** 1 MiB of cells between notes of what was computed. */
const CELLS_PER_NOTE = 4_096

/** Encodes one span for one pinner; co-signs only what it computed itself, whatever the pinner holds. */
export class SpanEncoding {
  readonly #parts: EncodingParts
  readonly #span: SpanView
  readonly #key: SpanKey
  readonly #salt: Uint8Array
  readonly #tag: Uint8Array
  readonly #tree: SpanTree

  private constructor(parts: EncodingParts, copy: CopyView, span: SpanView, key: SpanKey, tree: SpanTree) {
    this.#parts = parts
    this.#span = span
    this.#key = key
    this.#tree = tree
    const { salt, tag } = spanSecrets(parts.genesis, copy, span)
    this.#salt = salt
    this.#tag = tag
  }

  /** Begins where a former run stopped. */
  static async open(
    parts: EncodingParts,
    copy: CopyView,
    span: SpanView,
    key: SpanKey,
    computed: Computed | null
  ): Promise<SpanEncoding> {
    const { tag } = spanSecrets(parts.genesis, copy, span)
    const tree = computed === null ? new SpanTree({ tag }) : await reopen(tag, computed)
    return new SpanEncoding(parts, copy, span, key, tree)
  }

  /** Encodes what the pinner has not, sends it, and hands over the seal. */
  async run(core: CoreHandle, link: CopySender, signal: AbortSignal): Promise<void> {
    const totalCells = cellsOf(this.#span.byteLength)
    if (link.held > totalCells) throw new DatdotError('WIRE_BAD_MESSAGE', 'the pinner holds too many cells')
    const fromCell = Math.min(link.held, this.#tree.cells)
    const plain = plainBytes(core, this.#span, fromCell * SLICE_BYTES)
    const shape = {
      key: this.#key,
      salt: this.#salt,
      byteLength: this.#span.byteLength,
      fromCell,
      cellsPerBatch: CELLS_PER_MESSAGE
    }
    let at = fromCell
    for await (const cells of encodeSpan(this.#parts.pool, shape, plain, { signal })) {
      const end = at + cells.length / CELL_BYTES
      await this.#take(at, end, cells)
      const unsent = Math.max(at, link.held)
      if (unsent < end) await link.sendCells(unsent, cells.subarray((unsent - at) * CELL_BYTES))
      await this.#checkpoint(link, end)
      at = end
    }
    await this.#seal(link)
  }

  async #take(first: number, end: number, cells: Uint8Array): Promise<void> {
    const known = this.#tree.cells
    if (known >= end) return
    await this.#tree.write(cells.subarray((Math.max(first, known) - first) * CELL_BYTES))
    this.#parts.onCells(end)
    if (end % CELLS_PER_NOTE === 0) await this.#parts.save({ cells: end, peaks: this.#tree.peaks() })
  }

  async #checkpoint(link: CopySender, end: number): Promise<void> {
    if (end % CELLS_PER_CHECKPOINT !== 0 || end <= link.held || end !== this.#tree.cells) return
    const { leaves, root } = this.#tree.checkpoint()
    const message = checkpointMessage({
      genesis: this.#parts.genesis,
      spanId: this.#span.id,
      tag: this.#tag,
      leaves,
      root
    })
    await link.checkpoint({ leaves, root, signature: this.#parts.sign(message) })
  }

  async #seal(link: CopySender): Promise<void> {
    const cells = this.#tree.cells
    const root = this.#tree.root()
    const message = sealMessage({
      genesis: this.#parts.genesis,
      spanId: this.#span.id,
      tag: this.#tag,
      cells,
      root
    })
    await link.seal({ cells, root, signature: this.#parts.sign(message) })
  }
}

async function reopen(tag: Uint8Array, { cells, peaks }: Computed): Promise<SpanTree> {
  const hashes = new Map<number, Uint8Array>()
  let first = 0
  for (const [i, height] of peakHeights(leavesOf(cells)).entries()) {
    const hash = peaks[i]
    if (hash !== undefined) hashes.set(flatIndex(height, first / 2 ** height), hash)
    first += 2 ** height
  }
  const store = { read: async (index: number) => hashes.get(index) ?? null, write: async () => undefined }
  const aligned = cells - (cells % CELLS_PER_LEAF)
  return SpanTree.open({ tag, store }, aligned, () => {
    throw new DatdotError('RECORDS_DAMAGED', 'the peaks of a span are not all there')
  })
}
