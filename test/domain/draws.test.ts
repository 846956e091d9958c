import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blake2b256 as hash } from '../../src/codec/hash.ts'
import {
  type CheckCandidate,
  checkTry,
  DRAW_TRIES,
  drawProvider,
  drawTry,
  drawVerifiers,
  NO_SPAN
} from '../../src/domain/draws.ts'

const PERIOD = 20
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const candidate = fc.record({
  account: fc.integer({ min: 0, max: 12 }).map(String),
  since: fc.integer({ min: 0, max: 80 }),
  until: fc.option(fc.integer({ min: 60, max: 140 }), { nil: null })
})

function isEligible(slot: CheckCandidate, period: number, excluded: ReadonlySet<string>): boolean {
  const inTime =
    slot.since < (period - 1) * PERIOD && (slot.until === null || slot.until > (period + 1) * PERIOD)
  return inTime && !excluded.has(slot.account)
}

test('draws - verifiers are eligible, distinct, never a party of the copy, and the first such of each loop', () => {
  fc.assert(
    fc.property(
      bytes32,
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.array(candidate, { maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 12 }).map(String), { maxLength: 4 }),
      fc.integer({ min: 0, max: 6 }),
      (seed, copyId, slots, parties, verifiers) => {
        const excluded = new Set(parties)
        const input = {
          seed,
          copyId,
          period: 4,
          periodLength: PERIOD,
          verifiers,
          candidates: slots.length,
          excluded
        }
        const drawn = drawVerifiers(hash, input, index => slots[index] ?? null)
        assert.equal(new Set(drawn).size, drawn.length)
        assert.ok(drawn.length <= verifiers)
        const expected: string[] = []
        for (let j = 0; j < verifiers && slots.length > 0; j++) {
          const tries = Array.from(
            { length: DRAW_TRIES },
            (_, i) => slots[checkTry(hash, seed, copyId, j, i, slots.length)]
          )
          const first = tries.find(
            slot => slot && isEligible(slot, 4, excluded) && !expected.includes(slot.account)
          )
          if (first) expected.push(first.account)
        }
        assert.deepEqual(drawn, expected)
      }
    ),
    { numRuns: 200 }
  )
})

test('draws - with enough candidates all verifiers are found', () => {
  fc.assert(
    fc.property(bytes32, seed => {
      const slots = Array.from({ length: 40 }, (_, i) => ({ account: String(i), since: 0, until: null }))
      const input = {
        seed,
        copyId: 1n,
        period: 4,
        periodLength: PERIOD,
        verifiers: 3,
        candidates: 40,
        excluded: new Set(['3'])
      }
      assert.equal(drawVerifiers(hash, input, index => slots[index] ?? null).length, 3)
    })
  )
})

test('draws - a provider is the first accepted try, or none', () => {
  fc.assert(
    fc.property(
      bytes32,
      bytes32,
      fc.integer({ min: 0, max: 30 }),
      fc.nat(1_000_000),
      (value, coreKey, count, ppm) => {
        const input = { value, role: 1, coreKey, requestId: 9n, slot: 2, attempt: 0, span: NO_SPAN } as const
        const seen: number[] = []
        const drawn = drawProvider(hash, input, count, (index, accept, attempt) => {
          assert.equal(attempt, seen.length)
          assert.deepEqual({ index, accept }, drawTry(hash, input, count, attempt))
          seen.push(index)
          return accept < ppm
        })
        if (drawn === null) assert.equal(seen.length, count === 0 ? 0 : DRAW_TRIES)
        else assert.equal(drawn, seen.at(-1))
      }
    )
  )
})
