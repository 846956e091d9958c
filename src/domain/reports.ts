import { u64 } from './bytes.ts'
import { ds, type Hash } from './hashing.ts'
import type { LeafProof } from './proofs.ts'

/** Outcomes of a report, index = byte on chain (protocol.md 9.7, 9.9). */
export const OUTCOMES = ['Served', 'Unreachable', 'TimedOut', 'WrongData', 'WrongReplica'] as const
export type Outcome = (typeof OUTCOMES)[number]

export type Evidence =
  | { kind: 'None' }
  | { kind: 'Served'; receipt: Uint8Array; peaks: Uint8Array[]; leaf: LeafProof }
  | { kind: 'WrongReplica'; span: number; index: bigint; peaks: Uint8Array[]; leaf: LeafProof }

export interface Report {
  outcome: Outcome
  ttfbMs: number
  kibPerS: number
  blocks: number
  bytes: number
  digest: Uint8Array
  evidence: Evidence
}

/** A block that a verifier read, at its index in the core. */
export interface SampledBlock {
  index: number
  data: Uint8Array
}

/** Digest of a verifier's sample, bound to its account; `blocks` by index ascending (protocol.md 9.7). */
export function sampleDigest(
  hash: Hash,
  sample: { account: Uint8Array; copyId: bigint; period: number; blocks: readonly SampledBlock[] }
): Uint8Array {
  const parts = sample.blocks.flatMap(({ index, data }) => [u64(index), u64(data.length), data])
  return hash(ds('sample'), sample.account, u64(sample.copyId), u64(sample.period), ...parts)
}

/** The middle of some numbers, the lower of two; null of none (protocol.md 9.5). */
export function lowerMedian(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
