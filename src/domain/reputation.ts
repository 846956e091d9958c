import { agrees, type Verdict } from './settlement.ts'
import type { Outcome, Reputation } from './view.ts'

const ONE = 1_000_000n

/** Where every provider starts: R = 0.25 (protocol.md part 5). */
export const NEWCOMER: Reputation = { alpha: ONE, beta: 3n * ONE }

/** What an event adds to alpha and beta, in millionths. */
export interface ReputationChange {
  dAlpha: bigint
  dBeta: bigint
}
const UNCHANGED: ReputationChange = { dAlpha: 0n, dBeta: 0n }

/** R in parts per million, rounded down. */
export function ppmOf({ alpha, beta }: Reputation): number {
  return Number((alpha * ONE) / (alpha + beta))
}

/** Both counts times 0.97, rounded down: once a provider and period, before the first change of a later period. */
export function forget({ alpha, beta }: Reputation): Reputation {
  return { alpha: (alpha * 97n) / 100n, beta: (beta * 97n) / 100n }
}

/** Adds a change. */
export function changed({ alpha, beta }: Reputation, { dAlpha, dBeta }: ReputationChange): Reputation {
  return { alpha: alpha + dAlpha, beta: beta + dBeta }
}

/** What a period does to the pinner; `throughput` is the median of the Served reports, in the target's unit. */
export function pinnerChange(
  record: { proved: boolean; verdict: Verdict },
  throughput: number,
  target: number
): ReputationChange {
  if (!record.proved) return { dAlpha: 0n, dBeta: 2n * ONE }
  if (record.verdict === 'Failed') return { dAlpha: 0n, dBeta: ONE }
  if (record.verdict === null) return UNCHANGED
  const half = ONE / 2n
  const quality = half + (half * BigInt(Math.min(throughput, target))) / BigInt(target)
  return { dAlpha: quality, dBeta: ONE - quality }
}

/** What a period does to a drawn verifier; null is a silent one. */
export function verifierChange(outcome: Outcome | null, verdict: Verdict): ReputationChange {
  if (outcome !== null && agrees(outcome, verdict)) return { dAlpha: ONE, dBeta: 0n }
  return outcome !== null && verdict === null ? UNCHANGED : { dAlpha: 0n, dBeta: ONE }
}
