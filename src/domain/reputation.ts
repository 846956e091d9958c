import type { Outcome } from './reports.ts'
import { agrees, type Verdict } from './settlement.ts'
import type { Reputation } from './view.ts'

const ONE = 1_000_000n

/** Where every provider starts: R = 0.25 (protocol.md part 5). */
export const NEWCOMER: Reputation = { alpha: ONE, beta: 3n * ONE }

/** A reputation with the last period for which it was multiplied by the forgetting factor. */
export interface DatedReputation extends Reputation {
  period: number
}

/** What an event adds to alpha and beta, in millionths. */
export interface ReputationChange {
  dAlpha: bigint
  dBeta: bigint
}

/** Changes that do not depend on a verdict (protocol.md 9.5, 9.6). */
export const CHANGES = {
  /** A signer let D1 pass. */
  notKeyed: { dAlpha: 0n, dBeta: ONE / 10n },
  /** D2 passed: signer and pinner. */
  notSealed: { dAlpha: 0n, dBeta: ONE / 2n },
  /** A signer's copy passed for the V-th time. */
  paidOff: { dAlpha: ONE, dBeta: 0n }
} as const satisfies Record<string, ReputationChange>

/** R in parts per million, rounded down; 0 when nothing is left of both counts. */
export function ppmOf({ alpha, beta }: Reputation): number {
  return alpha + beta === 0n ? 0 : Number((alpha * ONE) / (alpha + beta))
}

/** Applies a change in a period: both counts are first multiplied by 0.97, once a provider and period. */
export function applyChange(
  reputation: DatedReputation,
  period: number,
  { dAlpha, dBeta }: ReputationChange
): DatedReputation {
  const later = period > reputation.period
  const kept = (count: bigint): bigint => (later ? (count * 97n) / 100n : count)
  return {
    alpha: kept(reputation.alpha) + dAlpha,
    beta: kept(reputation.beta) + dBeta,
    period: later ? period : reputation.period
  }
}

/**
 * What a period does to the pinner; `throughput` is the median of the Served reports, in the target's unit.
 * A missing proof and a failed verdict are two faults and add up.
 */
export function pinnerChange(
  { proved, verdict }: { proved: boolean; verdict: Verdict },
  throughput: number,
  target: number
): ReputationChange {
  if (!proved || verdict !== 'Served')
    return { dAlpha: 0n, dBeta: (proved ? 0n : 2n * ONE) + (verdict === 'Failed' ? ONE : 0n) }
  const half = ONE / 2n
  const met = target === 0 ? half : (half * BigInt(Math.min(throughput, target))) / BigInt(target)
  return { dAlpha: half + met, dBeta: half - met }
}

/** What a period does to a drawn verifier; null is a silent one. */
export function verifierChange(outcome: Outcome | null, verdict: Verdict): ReputationChange {
  if (outcome !== null && verdict === null) return { dAlpha: 0n, dBeta: 0n }
  return outcome !== null && agrees(outcome, verdict)
    ? { dAlpha: ONE, dBeta: 0n }
    : { dAlpha: 0n, dBeta: ONE }
}
