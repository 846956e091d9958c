import { equalBytes } from '../domain/bytes.ts'
import { leafLength, leavesOf, peakHeights, peakOf } from '../domain/leaves.ts'
import type { LeafProof, SpanProof } from '../domain/proofs.ts'
import { leafHash, nodeHash, rootHash } from './commitment.ts'

/** What the chain holds of a sealed span: leaf proofs are checked against it. */
export interface Commitment {
  tag: Uint8Array
  cells: number
  root: Uint8Array
}

/** True when the peaks, as many as they must be, make the root (protocol.md 9.3). */
export function verifyPeaks({ tag, cells, root }: Commitment, peaks: readonly Uint8Array[]): boolean {
  if (peaks.length !== peakHeights(leavesOf(cells)).length || peaks.some(peak => peak.length !== 32))
    return false
  return equalBytes(rootHash(tag, cells, peaks), root)
}

/** True when a leaf has its right length and its path ends at its peak. The peaks are checked by verifyPeaks, once. */
export function verifyLeaf(
  { tag, cells }: Commitment,
  peaks: readonly Uint8Array[],
  index: number,
  { data, path }: LeafProof
): boolean {
  const place = peakOf(leavesOf(cells), index)
  const peak = place === null ? undefined : peaks[place.peak]
  if (place === null || peak === undefined) return false
  if (data.length !== leafLength(cells, index) || path.length !== place.height) return false
  if (path.some(sibling => sibling.length !== 32)) return false
  return equalBytes(climb(leafHash(tag, index, data), index - place.first, path), peak)
}

/** True when `proof` holds exactly the leaves `indexes`, in that order, and all verify. */
export function verifySpanProof(
  commitment: Commitment,
  indexes: readonly number[],
  { peaks, leaves }: SpanProof
): boolean {
  if (leaves.length !== indexes.length || !verifyPeaks(commitment, peaks)) return false
  return leaves.every((leaf, i) => verifyLeaf(commitment, peaks, indexes[i] ?? -1, leaf))
}

/** The hash at the top of a path whose bottom is node `offset` of its level, counted from the peak's left edge. */
export function climb(bottom: Uint8Array, offset: number, path: readonly Uint8Array[]): Uint8Array {
  let hash = bottom
  let place = offset
  for (const sibling of path) {
    hash = place % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
    place = Math.floor(place / 2)
  }
  return hash
}
