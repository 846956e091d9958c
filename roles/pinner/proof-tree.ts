import { SpanTree } from '../../src/codec/tree.ts'
import { equalBytes } from '../../src/domain/bytes.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { SpanId } from '../../src/domain/ids.ts'
import type { SpanProof } from '../../src/domain/proofs.ts'
import { KEEP_DEPTH, type SpanFile } from './receiver.ts'

/** Cells that are hashed in one step: 1 MiB. */
const STEP = 4_096

/** A sealed span's commitment on the chain, and the file of its cells. */
export interface Committed {
  id: SpanId
  tag: Uint8Array
  cells: number
  root: Uint8Array
  file: SpanFile
}

/**
 * Makes the proofs of a sealed span. Stored nodes are only a cache: where they do not lead to the chain's root they are
 * computed again from the cells, and only then is it damage.
 */
export class ProofTree {
  readonly #span: Committed
  #tree: Promise<SpanTree> | null = null

  constructor(span: Committed) {
    this.#span = span
  }

  /** Leaves with their paths, and the peaks; throws BAD_RANGE, CELLS_DAMAGED. */
  async proof(indexes: readonly number[]): Promise<SpanProof> {
    const opened = this.#open()
    try {
      return await this.#prove(await opened, indexes)
    } catch (error) {
      if (!isDatdotError(error, 'CELLS_DAMAGED')) throw error
      if (this.#tree === opened || this.#tree === null) this.#keep(this.#rebuild())
      return this.#prove(await this.#open(), indexes)
    }
  }

  async #prove(tree: SpanTree, indexes: readonly number[]): Promise<SpanProof> {
    const leaves = []
    for (const index of indexes) leaves.push(await tree.proof(index, at => this.#span.file.readLeaf(at)))
    return { peaks: tree.peaks(), leaves }
  }

  #open(): Promise<SpanTree> {
    return this.#tree ?? this.#keep(this.#stored())
  }

  #keep(opening: Promise<SpanTree>): Promise<SpanTree> {
    this.#tree = opening
    opening.catch(() => {
      if (this.#tree === opening) this.#tree = null
    })
    return opening
  }

  async #stored(): Promise<SpanTree> {
    const { id, file, tag, cells, root } = this.#span
    const store = { tag, store: file.tree, keepDepth: KEEP_DEPTH }
    const tree = await SpanTree.open(store, cells, at => file.readLeaf(at))
    if (equalBytes(tree.root(), root)) return tree
    throw new DatdotError('CELLS_DAMAGED', `the stored tree nodes of span ${id} are not those of its root`)
  }

  async #rebuild(): Promise<SpanTree> {
    const { id, file, tag, cells, root } = this.#span
    await file.tree.clear()
    const tree = new SpanTree({ tag, store: file.tree, keepDepth: KEEP_DEPTH })
    for (let first = 0; first < cells; first += STEP)
      await tree.write(await file.read(first, Math.min(STEP, cells - first)))
    if (equalBytes(tree.root(), root)) return tree
    throw new DatdotError('CELLS_DAMAGED', `the cells of span ${id} do not have the root on the chain`)
  }
}
