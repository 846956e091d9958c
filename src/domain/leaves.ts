import { readU64, u64 } from './bytes.ts'
import { DatdotError } from './errors.ts'
import { ds, type Hash } from './hashing.ts'

/** Bytes of an encoded cell (encoding.md). */
export const CELL_BYTES = 256
/** Plain bytes that one cell holds. */
export const SLICE_BYTES = 255
/** Bytes of a Merkle leaf: four cells; a span's last leaf may be shorter. */
export const LEAF_BYTES = 1024
/** Cells of a whole leaf. */
export const CELLS_PER_LEAF = LEAF_BYTES / CELL_BYTES

/** A leaf of a copy: position of its span in the copy, index in that span. */
export interface CopyLeaf {
  span: number
  index: number
}

/** Cells of a span of `byteLength` plain bytes. */
export function cellsOf(byteLength: number): number {
  return Math.ceil(byteLength / SLICE_BYTES)
}

/** Leaves of a span of `cells` cells. */
export function leavesOf(cells: number): number {
  return Math.ceil(cells / CELLS_PER_LEAF)
}

/** Bytes of leaf `index` of a span of `cells` cells; 0 when there is no such leaf. */
export function leafLength(cells: number, index: number): number {
  if (index < 0) return 0
  return Math.max(0, Math.min(LEAF_BYTES, CELL_BYTES * cells - LEAF_BYTES * index))
}

/** Heights of the peaks over `leaves` leaves, from left to right: the set bits, high to low. */
export function peakHeights(leaves: number): number[] {
  const heights: number[] = []
  for (let height = 0, rest = leaves; rest > 0; height++, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) heights.unshift(height)
  return heights
}

/** The peak that holds leaf `index`: its position, its height, and its first leaf; null outside the tree. */
export function peakOf(
  leaves: number,
  index: number
): { peak: number; height: number; first: number } | null {
  if (!Number.isSafeInteger(index)) return null
  let first = 0
  for (const [peak, height] of peakHeights(leaves).entries()) {
    if (index >= first && index < first + 2 ** height) return { peak, height, first }
    first += 2 ** height
  }
  return null
}

/** Leaves of a whole copy: T of protocol.md 9.3. */
export function totalLeaves(cells: readonly number[]): number {
  return cells.reduce((sum, count) => sum + leavesOf(count), 0)
}

/** Span and index in it of a copy's global leaf index; throws BAD_RANGE outside the copy. */
export function locateLeaf(cells: readonly number[], globalIndex: number): CopyLeaf {
  let index = globalIndex
  for (const [span, count] of cells.entries()) {
    if (index < leavesOf(count)) return { span, index }
    index -= leavesOf(count)
  }
  throw new DatdotError('BAD_RANGE', `leaf ${globalIndex} is outside the copy`)
}

/**
 * Leaves that a copy must prove in a period, by global index ascending (protocol.md 9.3).
 * `cells` are those of the copy's spans in order of start.
 */
export function periodLeaves(
  hash: Hash,
  seed: Uint8Array,
  copyId: bigint,
  cells: readonly number[],
  samples: number
): CopyLeaf[] {
  const total = totalLeaves(cells)
  const count = Math.min(samples, total)
  const drawn = new Set<number>()
  for (let i = 0; i < count; i++) {
    const top = total - count + i
    const t =
      total <= samples ? i : Number(readU64(hash(ds('leaf'), seed, u64(copyId), u64(i))) % BigInt(top + 1))
    drawn.add(drawn.has(t) ? top : t)
  }
  return [...drawn].sort((a, b) => a - b).map(index => locateLeaf(cells, index))
}

/** Global index of the encoded leaf that a verifier's Served report must show (protocol.md 9.7); throws BAD_RANGE of none. */
export function replicaLeaf(
  hash: Hash,
  seed: Uint8Array,
  copyId: bigint,
  account: Uint8Array,
  total: number
): number {
  if (total < 1) throw new DatdotError('BAD_RANGE', 'a copy without leaves has none to show')
  return Number(readU64(hash(ds('replica'), seed, u64(copyId), account)) % BigInt(total))
}
