import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TokenBuckets } from '../../src/wire/token-bucket.ts'

test('token bucket - never more than one burst and the rate since', () => {
  const step = fc.record({ wait: fc.nat({ max: 400 }), tokens: fc.integer({ min: 1, max: 64 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      let now = 0
      const buckets = new TokenBuckets(64, () => now)
      let taken = 0
      for (const { wait, tokens } of steps) {
        now += wait
        if (buckets.take('peer', tokens)) taken += tokens
        assert.ok(taken <= 64 + (64 * now) / 1_000 + 1e-6)
      }
    })
  )
})

test('token bucket - peers do not share, and are forgotten after a second', () => {
  let now = 0
  const buckets = new TokenBuckets(64, () => now)
  assert.ok(buckets.take('a', 64))
  assert.ok(buckets.take('b', 64))
  assert.equal(buckets.take('a', 1), false)
  assert.equal(buckets.size, 2)
  now = 1_000
  assert.ok(buckets.take('c', 1))
  assert.equal(buckets.size, 1)
  assert.ok(buckets.take('a', 64))
})
