import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { blake2b256 } from '../../src/codec/hash.ts'
import { u64 } from '../../src/domain/bytes.ts'
import { periodSeed } from '../../src/domain/draws.ts'
import { leavesOf, periodLeaves, totalLeaves } from '../../src/domain/leaves.ts'
import { faultsAfter } from '../../src/domain/settlement.ts'
import { scaled } from '../helpers/long.ts'
import { assertShare, noticed } from './chance.ts'

/** A copy of two spans, 10,000 leaves in all. */
const CELLS = [16_000, 24_000]
const TOTAL = totalLeaves(CELLS)
const DROPPED = TOTAL / 10
const SAMPLES = 20
const MAX_FAULTS = 2
const MOST_PERIODS = 50
const TRIALS = scaled(2_000, 50_000)
/** Global indexes of the leaves that a chain asks for in a period. */
type Ask = (trial: number, period: number) => number[]

/** As the chain and every node draw them (protocol.md 9.3). */
function asking(samples: number, seedOf: (trial: number, period: number) => Uint8Array): Ask {
  const starts = [0, leavesOf(CELLS[0] ?? 0)]
  return (trial, period) =>
    periodLeaves(blake2b256, seedOf(trial, period), BigInt(trial), CELLS, samples).map(
      ({ span, index }) => (starts[span] ?? 0) + index
    )
}

const freshSeed = (trial: number, period: number) =>
  periodSeed(blake2b256, blake2b256(u64(trial), u64(period)), period)

/** Periods until a copy is failed whose pinner proves whenever it has all drawn leaves; null while it lives on. */
function life(ask: Ask, trial: number, isKept: (leaf: number) => boolean): number | null {
  let faults = 0
  for (let period = 1; period <= MOST_PERIODS; period++) {
    faults = faultsAfter(faults, ask(trial, period).every(isKept))
    if (faults >= MAX_FAULTS) return period
  }
  return null
}

/** Exact chances that a copy is failed after just 0, 1, 2 … periods when each is noticed with chance `p`. */
function failures(p: number): number[] {
  const chances = [0]
  let [clean, faulty] = [1, 0]
  for (let period = 1; period <= MOST_PERIODS; period++) {
    chances.push(faulty * p)
    ;[clean, faulty] = [(clean + faulty) * (1 - p), clean * p]
  }
  return chances
}

/** Compares the lives of all trials with what chance predicts; returns how many are failed after each period. */
function assertLives(t: TestContext, what: string, lives: readonly (number | null)[], p: number): void {
  const counts = failures(p).map((_, period) => lives.filter(life => life === period).length)
  for (const [period, chance] of failures(p).entries())
    assertShare(`${what}, failed after ${period} periods`, counts[period] ?? 0, lives.length, chance)
  const seen = counts.flatMap((count, period) => (count > 0 ? [`${period}: ${count}`] : []))
  const alive = lives.filter(life => life === null).length
  t.diagnostic(`${what}: copies failed after so many periods: ${seen.join(', ')}; alive: ${alive}`)
}

const trials = Array.from({ length: TRIALS }, (_, trial) => trial)

test('dropper - the chance to notice a loss of a tenth is the one of the table', () => {
  const p = noticed(TOTAL, DROPPED, SAMPLES)
  assert.equal(Math.round(100 * p), 88)
  assert.equal(Math.round(1_000 * (1 - (1 - p) ** 3)), 998)
})

for (const [which, isKept] of [
  ['the last tenth', (leaf: number) => leaf < TOTAL - DROPPED],
  ['every tenth leaf', (leaf: number) => leaf % 10 !== 3]
] as const)
  test(`dropper - who drops ${which} is failed after as many periods as chance predicts`, t => {
    const ask = asking(SAMPLES, freshSeed)
    const p = noticed(TOTAL, DROPPED, SAMPLES)
    const found = trials.filter(trial => !ask(trial, 1).every(isKept)).length
    assertShare('noticed in the first period', found, TRIALS, p)
    const lives = trials.map(trial => life(ask, trial, isKept))
    assertLives(t, which, lives, p)
    assert.ok(lives.every(periods => periods !== null && periods <= 20))
    t.diagnostic(`${which}: noticed in the first period: ${found} of ${TRIALS}, predicted ${p.toFixed(4)}`)
  })

test('dropper - one leaf a period would let most of them live', t => {
  const isKept = (leaf: number) => leaf < TOTAL - DROPPED
  const lives = trials.map(trial => life(asking(1, freshSeed), trial, isKept))
  assertLives(t, 'one leaf a period', lives, noticed(TOTAL, DROPPED, 1))
  assert.ok(lives.filter(periods => periods === null).length > TRIALS / 2)
})

test('dropper - the same leaves each period would let a pinner live that keeps them alone', () => {
  const weak = asking(SAMPLES, trial => freshSeed(trial, 1))
  const ours = asking(SAMPLES, freshSeed)
  for (const trial of trials.slice(0, 100)) {
    const kept = new Set(weak(trial, 1))
    assert.equal(kept.size, SAMPLES)
    assert.equal(
      life(weak, trial, leaf => kept.has(leaf)),
      null
    )
    // Its first period passes, as it knows that seed.
    assert.equal(
      life(ours, trial, leaf => kept.has(leaf)),
      1 + MAX_FAULTS
    )
  }
})
