import type { Outcome } from './reports.ts'

const PPM = 1_000_000n

/** What a period's reports say of a copy; null when they say nothing. */
export type Verdict = 'Served' | 'Failed' | null

/** One closed period of a copy as its record holds it (protocol.md 9.5): plancks, R in ppm. */
export interface PeriodRecord {
  y: bigint
  z: bigint
  pinnerPpm: number
  /** k: verifiers a check. */
  verifiers: number
  /** V: parts that X is paid in. */
  parts: number
  proved: boolean
  reports: readonly { outcome: Outcome; ppm: number }[]
  /** X of each span. */
  xSpans: readonly bigint[]
  /** Periods passed before this one. */
  passes: number
}

/** Who gets what, in plancks, in the record's order. */
export interface Settlement {
  verdict: Verdict
  pinner: bigint
  verifiers: bigint[]
  signers: bigint[]
  /** Periods passed after this one, at most V. */
  passes: number
}

/** The majority of reports, when more than half of the k verifiers spoke and they do not stand equal. */
export function verdictOf(outcomes: readonly Outcome[], verifiers: number): Verdict {
  const served = outcomes.filter(outcome => outcome === 'Served').length
  const failed = outcomes.length - served
  if (2 * outcomes.length <= verifiers || served === failed) return null
  return served > failed ? 'Served' : 'Failed'
}

/** True when a report stands on the verdict's side. */
export function agrees(outcome: Outcome, verdict: Verdict): boolean {
  return verdict !== null && (outcome === 'Served') === (verdict === 'Served')
}

/** Verdict and payments of one period, while the pot can pay them. */
export function settlePeriod(record: PeriodRecord): Settlement {
  const { y, z, pinnerPpm, verifiers, parts, proved, reports, xSpans, passes } = record
  const verdict = verdictOf(
    reports.map(({ outcome }) => outcome),
    verifiers
  )
  const pinner = proved && verdict !== 'Failed' ? (y * BigInt(pinnerPpm)) / PPM : 0n
  const paid = reports.map(({ outcome, ppm }) =>
    agrees(outcome, verdict) ? (z * BigInt(ppm)) / (BigInt(verifiers) * PPM) : 0n
  )
  const passed = proved && verdict === 'Served' && passes < parts
  const signers = xSpans.map(x => (passed ? signerPart(x, passes, parts) : 0n))
  return { verdict, pinner, verifiers: paid, signers, passes: passes + (passed ? 1 : 0) }
}

/** What the pot must be able to pay for a settlement: all of it or none. */
export function totalOf({ pinner, verifiers, signers }: Settlement): bigint {
  return [...verifiers, ...signers].reduce((sum, amount) => sum + amount, pinner)
}

/** What a signer gets at a copy's pass number `passes` (from 0): X / V, the V-th takes the rest. */
export function signerPart(x: bigint, passes: number, parts: number): bigint {
  if (passes >= parts) return 0n
  const part = x / BigInt(parts)
  return passes === parts - 1 ? x - part * BigInt(parts - 1) : part
}

/** Proofs missing in a row after a period; MaxFaults of them end the copy (protocol.md 9.5). */
export function faultsAfter(faults: number, proved: boolean): number {
  return proved ? 0 : faults + 1
}

/** Failed verdicts in a row after a period; MaxMisses of them end the copy. */
export function missesAfter(misses: number, verdict: Verdict): number {
  return verdict === null ? misses : verdict === 'Served' ? 0 : misses + 1
}
