import MerkleGenerator, { type GeneratorHashes, type GeneratorNode } from 'merkle-tree-stream/generator.js'
import { concat, equalBytes } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import { CELL_BYTES, LEAF_BYTES, leavesOf, peakHeights, peakOf } from '../domain/leaves.ts'
import type { LeafProof } from '../domain/proofs.ts'
import { checkpointRoot, leafHash, nodeHash, rootHash } from './commitment.ts'
import { climb } from './proof.ts'
import { flatIndex, flatPlace, type TreeNode, type TreeStore } from './tree-store.ts'

/** Reads the cells of leaf `index`: 1024 bytes, or fewer at the end of the span. */
export type ReadLeaf = (index: number) => Promise<Uint8Array>

export interface SpanTreeOptions {
  tag: Uint8Array
  /** Keeps nodes for proofs; without one only the peaks are held, and proofs hash the cells again. */
  store?: TreeStore
  /**
   * Lowest level that is stored, under the flat-tree index it has in a tree whose leaves it is. Lower nodes are hashed
   * again from 2^keepDepth leaves a proof; the store shrinks from 64 bytes a leaf to 64 / 2^keepDepth.
   */
  keepDepth?: number
}

/** The Merkle tree over a span's cells, as they come (encoding.md, "Merkle commitment"). Holds O(log n) hashes itself. */
export class SpanTree {
  readonly tag: Uint8Array
  readonly #store: TreeStore | null
  readonly #keepDepth: number
  readonly #hashes: GeneratorHashes
  #generator: MerkleGenerator
  /** Cells behind the last whole leaf. */
  #rest: Uint8Array = new Uint8Array(0)
  /** Nodes that exist only while the last leaf is short; null when not computed since the last write. */
  #top: { peaks: Uint8Array[]; nodes: Map<number, Uint8Array> } | null = null

  constructor({ tag, store, keepDepth = 0 }: SpanTreeOptions) {
    this.tag = tag
    this.#store = store ?? null
    this.#keepDepth = keepDepth
    this.#hashes = {
      leaf: node => leafHash(tag, node.index / 2, node.data ?? new Uint8Array(0)),
      parent: (left, right) => nodeHash(left.hash, right.hash)
    }
    this.#generator = new MerkleGenerator(this.#hashes)
  }

  /**
   * The tree of `cells` cells whose nodes lie in the store already; what is missing there is hashed again.
   * Stored nodes are believed until a proof or root is compared with the chain's.
   */
  static async open(options: SpanTreeOptions, cells: number, readLeaf: ReadLeaf): Promise<SpanTree> {
    const tree = new SpanTree(options)
    const whole = Math.floor((cells * CELL_BYTES) / LEAF_BYTES)
    const roots: GeneratorNode[] = []
    let first = 0
    for (const height of peakHeights(whole)) {
      const offset = first / 2 ** height
      const index = flatIndex(height, offset)
      const parent = flatIndex(height + 1, Math.floor(offset / 2))
      roots.push({ index, parent, hash: await tree.#node(height, offset, readLeaf), size: 0, data: null })
      first += 2 ** height
    }
    tree.#generator = new MerkleGenerator(tree.#hashes, roots)
    if (leavesOf(cells) > whole) tree.#rest = await readLeaf(whole)
    if (tree.cells !== cells) throw new DatdotError('CELLS_DAMAGED', `leaf ${whole} is not all there`)
    return tree
  }

  /** Whole and short leaves so far. */
  get leaves(): number {
    return this.#generator.blocks + (this.#rest.length > 0 ? 1 : 0)
  }

  /** Cells so far. */
  get cells(): number {
    return (this.#generator.blocks * LEAF_BYTES + this.#rest.length) / CELL_BYTES
  }

  /** Appends whole cells; one call at a time. */
  async write(cells: Uint8Array): Promise<void> {
    if (cells.length % CELL_BYTES !== 0)
      throw new DatdotError('BAD_RANGE', `${cells.length} bytes are not whole cells`)
    const data = this.#rest.length > 0 ? concat(this.#rest, cells) : cells
    const whole = data.length - (data.length % LEAF_BYTES)
    const nodes: TreeNode[] = []
    for (let at = 0; at < whole; at += LEAF_BYTES) {
      const leaf = Buffer.from(data.buffer, data.byteOffset + at, LEAF_BYTES)
      for (const node of this.#generator.next(leaf)) {
        node.data = null
        const { depth, offset } = flatPlace(node.index)
        if (depth >= this.#keepDepth)
          nodes.push({ index: flatIndex(depth - this.#keepDepth, offset), hash: node.hash })
      }
    }
    this.#rest = data.slice(whole)
    this.#top = null
    if (this.#store !== null && nodes.length > 0) await this.#store.write(nodes)
  }

  /** The peaks over all cells so far, left to right. */
  peaks(): Uint8Array[] {
    return [...this.#withRest().peaks]
  }

  /** The root over all cells so far. */
  root(): Uint8Array {
    return rootHash(this.tag, this.cells, this.#withRest().peaks)
  }

  /** Number and root of the whole leaves so far. */
  checkpoint(): { leaves: number; root: Uint8Array } {
    const leaves = this.#generator.blocks
    const peaks = this.#generator.roots.map(node => node.hash)
    return { leaves, root: checkpointRoot(this.tag, leaves, peaks) }
  }

  /** The checkpoint root of the first `leaves` whole leaves; throws BAD_RANGE behind the last whole one. */
  async rootAt(leaves: number, readLeaf: ReadLeaf): Promise<Uint8Array> {
    if (!(leaves >= 0 && leaves <= this.#generator.blocks))
      throw new DatdotError('BAD_RANGE', `there are only ${this.#generator.blocks} whole leaves`)
    const peaks: Uint8Array[] = []
    let first = 0
    for (const height of peakHeights(leaves)) {
      peaks.push(await this.#node(height, first / 2 ** height, readLeaf))
      first += 2 ** height
    }
    return checkpointRoot(this.tag, leaves, peaks)
  }

  /** Leaf `index` with its siblings up to its peak; throws BAD_RANGE, or CELLS_DAMAGED when it does not verify. */
  async proof(index: number, readLeaf: ReadLeaf): Promise<LeafProof> {
    const place = peakOf(this.leaves, index)
    if (place === null) throw new DatdotError('BAD_RANGE', `leaf ${index} of ${this.leaves}`)
    const { peaks } = this.#withRest()
    const data = index === this.#generator.blocks ? this.#rest.slice() : await readLeaf(index)
    const path: Uint8Array[] = []
    for (let depth = 0, offset = index; depth < place.height; depth++, offset = Math.floor(offset / 2))
      path.push(await this.#node(depth, offset % 2 === 1 ? offset - 1 : offset + 1, readLeaf))
    const top = climb(leafHash(this.tag, index, data), index - place.first, path)
    if (!equalBytes(top, peaks[place.peak] ?? new Uint8Array(0)))
      throw new DatdotError('CELLS_DAMAGED', `leaf ${index} does not belong to its tree any more`, {
        details: { index }
      })
    return { data, path }
  }

  async #node(depth: number, offset: number, readLeaf: ReadLeaf): Promise<Uint8Array> {
    const above = this.#rest.length > 0 ? this.#withRest().nodes.get(flatIndex(depth, offset)) : undefined
    if (above !== undefined) return above
    const kept =
      depth >= this.#keepDepth ? await this.#store?.read(flatIndex(depth - this.#keepDepth, offset)) : null
    if (kept) return kept
    if (depth === 0) return leafHash(this.tag, offset, await readLeaf(offset))
    const left = await this.#node(depth - 1, 2 * offset, readLeaf)
    return nodeHash(left, await this.#node(depth - 1, 2 * offset + 1, readLeaf))
  }

  #withRest(): { peaks: Uint8Array[]; nodes: Map<number, Uint8Array> } {
    if (this.#top === null) {
      const generator = new MerkleGenerator(this.#hashes, [...this.#generator.roots])
      const added = this.#rest.length > 0 ? generator.next(Buffer.from(this.#rest)) : []
      const peaks = generator.roots.map(node => node.hash)
      this.#top = { peaks, nodes: new Map(added.map(node => [node.index, node.hash])) }
    }
    return this.#top
  }
}
