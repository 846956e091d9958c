import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limiter } from '../../src/hyper/limiter.ts'

test('limiter - never more than the limit at once, all done in order, also past a failure', async () => {
  const limit = limiter(2)
  let running = 0
  let most = 0
  const done: number[] = []
  const work = Array.from({ length: 9 }, (_, index) =>
    limit(1, async () => {
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

test('limiter - what is heavier than the limit runs alone, and nothing passes it', async () => {
  const limit = limiter(10)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = [4, 6, 50, 1].map((weight, index) =>
    limit(weight, () => {
      begun.push(index)
      return new Promise<void>(end => ends.push(end))
    })
  )
  const finish = async (...which: number[]) => {
    for (const index of which) ends[index]?.()
    await Promise.all(which.map(index => work[index]))
  }
  await Promise.resolve()
  assert.deepEqual(begun, [0, 1])
  await finish(0)
  assert.deepEqual(begun, [0, 1])
  await finish(1)
  assert.deepEqual(begun, [0, 1, 2])
  await finish(2)
  assert.deepEqual(begun, [0, 1, 2, 3])
  await finish(3)
})
