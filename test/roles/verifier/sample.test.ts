import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { checkBudget, sampleSize, secretIndexes } from '../../../roles/verifier/sample.ts'

test('secretIndexes - are different, ascending, below the limit, and follow from the secret', () => {
  const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(
      secret,
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 20 }),
      (bytes, limit, count) => {
        const indexes = secretIndexes('blocks', bytes, limit, count)
        assert.equal(indexes.length, Math.min(limit, count))
        assert.deepEqual(
          indexes,
          [...new Set(indexes)].sort((a, b) => a - b)
        )
        assert.ok(indexes.every(index => index >= 0 && index < limit))
        assert.deepEqual(secretIndexes('blocks', bytes, limit, count), indexes)
      }
    )
  )
})

test('sampleSize - is at most 16 blocks, about 4 MiB, and at least one', () => {
  assert.equal(sampleSize({ length: 5, byteLength: 5000 }), 5)
  assert.equal(sampleSize({ length: 1000, byteLength: 65_536_000 }), 16)
  assert.equal(sampleSize({ length: 100, byteLength: 100 * 2 ** 20 }), 4)
  assert.equal(sampleSize({ length: 2, byteLength: 2 ** 25 }), 1)
})

test('checkBudget - all steps end before the report is due, and are bounded in long periods', () => {
  for (const blocks of [1, 4, 10, 14_400]) {
    const { connectMs, sampleMs, replicaMs } = checkBudget(blocks, 600)
    assert.ok(connectMs + sampleMs + replicaMs <= Math.max(1, blocks - 3) * 600)
    assert.ok(connectMs > 0 && connectMs <= 30_000 && sampleMs <= 120_000)
  }
})

test('secretIndexes - those of leaves do not follow from those of blocks', () => {
  const secret = new Uint8Array(32).fill(9)
  assert.notDeepEqual(
    secretIndexes('blocks', secret, 1_000_000, 16),
    secretIndexes('leaves', secret, 1_000_000, 16)
  )
})
