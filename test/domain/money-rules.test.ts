import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDatdotError } from '../../src/domain/errors.ts'
import * as pots from '../../src/domain/pot.ts'
import { copyPrice, lockOf, spanPrice } from '../../src/domain/prices.ts'
import { lowerMedian, OUTCOMES, type Outcome } from '../../src/domain/reports.ts'
import {
  applyChange,
  CHANGES,
  NEWCOMER,
  pinnerChange,
  ppmOf,
  type ReputationChange,
  verifierChange
} from '../../src/domain/reputation.ts'
import { settlePeriod, totalOf, type Verdict } from '../../src/domain/settlement.ts'
import { vectors } from './fixtures.ts'

type Amounts<K extends string> = Record<K, string>
const strings = (values: readonly bigint[]): string[] => values.map(String)

type PriceRow = Amounts<'X' | 'Y' | 'Z' | 'x' | 'y' | 'z' | 'lock' | 'xSpan'> &
  Record<'byteLength' | 'minPeriods' | 'spanBytes', number>

interface SettlementRow extends Amounts<'y' | 'z' | 'pinner' | 'total'> {
  R: number
  k: number
  V: number
  proved: boolean
  reports: { outcome: number; R: number }[]
  xSpans: string[]
  passes: number
  passesAfter: number
  verdict: Verdict
  verifiers: string[]
  signers: string[]
}

interface ReputationRow
  extends Record<'period' | 'target' | 'median' | 'dAlpha' | 'dBeta' | 'alpha' | 'beta', number> {
  event: 'pinner' | 'verifier' | keyof typeof CHANGES
  verdict: Verdict
  proved: boolean
  throughputs: number[]
  agrees: boolean | null
  last: number
  R: number
}

interface PotRow {
  op: 'donate' | 'wish' | 'lock' | 'release' | 'reclaim' | 'burn'
  who: number
  amount: string
  wish: number
  result: Record<string, string>
  after: Record<string, unknown>
}

const rules = vectors<{
  prices: PriceRow[]
  settlements: SettlementRow[]
  reputations: ReputationRow[]
  pot: PotRow[]
}>('rules.json')

test('rules - prices and locks', () => {
  for (const row of rules.prices) {
    const x = copyPrice(BigInt(row.X), row.byteLength)
    const y = copyPrice(BigInt(row.Y), row.byteLength)
    const z = BigInt(row.Z)
    const computed = [
      x,
      y,
      z,
      lockOf({ x, y, z }, row.minPeriods),
      spanPrice(x, row.spanBytes, row.byteLength)
    ]
    assert.deepEqual(strings(computed), [row.x, row.y, row.z, row.lock, row.xSpan])
  }
})

test('rules - settlements', () => {
  for (const row of rules.settlements) {
    const settled = settlePeriod({
      y: BigInt(row.y),
      z: BigInt(row.z),
      pinnerPpm: row.R,
      verifiers: row.k,
      parts: row.V,
      proved: row.proved,
      reports: row.reports.map(({ outcome, R }) => ({ outcome: OUTCOMES[outcome] ?? 'Served', ppm: R })),
      xSpans: row.xSpans.map(BigInt),
      passes: row.passes
    })
    const { verdict, pinner, verifiers, signers, passes } = settled
    assert.deepEqual(
      [verdict, String(pinner), strings(verifiers), strings(signers), passes, String(totalOf(settled))],
      [row.verdict, row.pinner, row.verifiers, row.signers, row.passesAfter, row.total]
    )
  }
})

/** A report on the given side of a verdict. */
function outcomeOf(agrees: boolean | null, verdict: Verdict): Outcome | null {
  if (agrees === null) return null
  return agrees === (verdict !== 'Failed') ? 'Served' : 'TimedOut'
}

function changeOf(row: ReputationRow): ReputationChange {
  if (row.event === 'pinner') return pinnerChange(row, row.median, row.target)
  if (row.event === 'verifier') return verifierChange(outcomeOf(row.agrees, row.verdict), row.verdict)
  return CHANGES[row.event]
}

test('rules - reputations', () => {
  let reputation = { ...NEWCOMER, period: 7 }
  for (const row of rules.reputations) {
    assert.equal(lowerMedian(row.throughputs), row.median)
    const change = changeOf(row)
    reputation = applyChange(reputation, row.period, change)
    assert.deepEqual([change.dAlpha, change.dBeta, reputation.alpha, reputation.beta].map(Number), [
      row.dAlpha,
      row.dBeta,
      row.alpha,
      row.beta
    ])
    assert.deepEqual([reputation.period, ppmOf(reputation)], [row.last, row.R])
  }
})

test('rules - the pot', () => {
  let state = { pot: pots.EMPTY_POT, copyLock: 0n }
  const shares: (pots.Share | null)[] = [null, null, null, null]
  const run = ({ op, who, amount, wish }: PotRow): Record<string, string> => {
    const { pot, copyLock } = state
    const [a, share] = [BigInt(amount), shares[who] ?? null]
    if (op === 'lock') state = { pot: pots.lock(pot, a), copyLock: a }
    if (op === 'release') state = { pot: pots.release(pot, copyLock), copyLock: 0n }
    if (op === 'burn') state = pots.burn(pot, copyLock, a)
    if (op === 'wish' || op === 'donate') {
      const given =
        op === 'wish' ? pots.setWish(pot, share, wish) : pots.donate(pot, share, a, wish, 1_000_000n)
      state = { pot: given.pot, copyLock }
      shares[who] = given.share
      return 'minted' in given ? { shares: String(given.minted) } : {}
    }
    if (op !== 'reclaim') return {}
    const back = pots.reclaim(pot, share)
    state = { pot: back.pot, copyLock }
    shares[who] = null
    return { value: String(back.value), dust: String(back.dust) }
  }
  for (const row of rules.pot) {
    const result = attempt(() => run(row))
    assert.deepEqual(result, row.result, row.op)
    const { pot, copyLock } = state
    assert.deepEqual(
      {
        B: String(pot.balance),
        T: String(pot.total),
        W: String(pot.wished),
        era: pot.era,
        scale: pot.scale,
        holders: pot.holders,
        locked: String(pot.locked),
        lock: String(copyLock),
        wanted: pots.wantedCopies(pot, 16),
        shares: shares.map(share => share && String(pots.readShare(pot, share)))
      },
      row.after
    )
  }
})

function attempt(run: () => Record<string, string>): Record<string, string> {
  try {
    return run()
  } catch (error) {
    assert.ok(isDatdotError(error))
    return { error: String(error.details['refusal']) }
  }
}
