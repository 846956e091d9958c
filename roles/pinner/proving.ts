import { blake2b256 } from '../../src/codec/hash.ts'
import type { Period, SpanId } from '../../src/domain/ids.ts'
import { type CopyLeaf, periodLeaves } from '../../src/domain/leaves.ts'
import type { SpanProof } from '../../src/domain/proofs.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { spansInOrder } from '../span.ts'

/** Proves leaves of one span. */
export type ProveSpan = (span: SpanId, indexes: readonly number[]) => Promise<SpanProof>

/** The proofs that a copy owes for a period, grouped by span in order (protocol.md 9.3). */
export async function periodProofs(
  copy: CopyView,
  period: { index: Period; seed: Uint8Array; samples: number },
  prove: ProveSpan
): Promise<SpanProof[]> {
  const spans = spansInOrder(copy)
  const cells = spans.map(span => span.cells)
  const leaves = periodLeaves(blake2b256, period.seed, copy.id, cells, period.samples)
  const proofs: SpanProof[] = []
  for (const [position, span] of spans.entries()) {
    const indexes = indexesIn(leaves, position)
    if (indexes.length > 0) proofs.push(await prove(span.id, indexes))
  }
  return proofs
}

/** What some proofs hold, for the log. */
export function proofSize(proofs: readonly SpanProof[]): { leaves: number; bytes: number } {
  let leaves = 0
  let bytes = 0
  for (const proof of proofs) {
    bytes += 32 * proof.peaks.length
    for (const leaf of proof.leaves) {
      leaves += 1
      bytes += leaf.data.length + 32 * leaf.path.length
    }
  }
  return { leaves, bytes }
}

function indexesIn(leaves: readonly CopyLeaf[], position: number): number[] {
  return leaves.filter(leaf => leaf.span === position).map(leaf => leaf.index)
}
