import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OUTCOMES } from '../../src/domain/reports.ts'
import {
  faultsAfter,
  missesAfter,
  settlePeriod,
  signerPart,
  totalOf,
  verdictOf
} from '../../src/domain/settlement.ts'

const outcome = fc.constantFrom(...OUTCOMES)
const amount = fc.bigInt({ min: 0n, max: 2n ** 90n })

test('settlement - a verdict needs more than half of the verifiers and a majority', () => {
  assert.equal(verdictOf(['Served'], 3), null)
  assert.equal(verdictOf(['Served', 'TimedOut'], 3), null)
  assert.equal(verdictOf(['Served', 'Served'], 3), 'Served')
  assert.equal(verdictOf(['WrongData', 'Unreachable', 'Served'], 3), 'Failed')
})

test('settlement - never pays more than y + z + the signers’ parts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ outcome, ppm: fc.nat(1_000_000) }), { maxLength: 5 }),
      fc.array(amount, { maxLength: 4 }),
      amount,
      amount,
      fc.nat(9),
      fc.boolean(),
      (reports, xSpans, y, z, passes, proved) => {
        const record = { y, z, pinnerPpm: 1_000_000, verifiers: 5, parts: 8, proved, reports, xSpans, passes }
        const settled = settlePeriod(record)
        const most = xSpans.reduce((sum, x) => sum + x / 8n + 8n, y + z)
        assert.ok(totalOf(settled) <= most)
        if (settled.verdict !== 'Served' || !proved) assert.ok(settled.signers.every(part => part === 0n))
      }
    )
  )
})

test('settlement - the parts of X add up to X', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: 1, max: 12 }), (x, parts) => {
      const paid = Array.from({ length: parts + 2 }, (_, i) => signerPart(x, i, parts))
      assert.equal(
        paid.reduce((a, b) => a + b, 0n),
        x
      )
      assert.deepEqual(paid.slice(parts), [0n, 0n])
    })
  )
})

test('settlement - faults and misses count in a row', () => {
  assert.deepEqual([faultsAfter(1, false), faultsAfter(1, true)], [2, 0])
  assert.deepEqual([missesAfter(3, 'Failed'), missesAfter(3, null), missesAfter(3, 'Served')], [4, 3, 0])
})
