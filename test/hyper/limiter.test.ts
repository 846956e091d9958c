import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limiter } from '../../src/hyper/limiter.ts'

test('limiter - never more than the limit at once, all done in order, also past a failure', async () => {
  const limit = limiter(2)
  let running = 0
  let most = 0
  const done: number[] = []
  const work = Array.from({ length: 9 }, (_, index) =>
    limit(async () => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      if (index === 3) throw new Error('third fails')
      done.push(index)
    })
  )
  const results = await Promise.allSettled(work)
  assert.equal(most, 2)
  assert.deepEqual(done, [0, 1, 2, 4, 5, 6, 7, 8])
  assert.equal(results[3]?.status, 'rejected')
})
