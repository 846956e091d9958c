import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ticker } from '../../src/dev-chain/ticker.ts'

test('ticker - ticks go on one at a time, also after a late one', async () => {
  let running = 0
  let count = 0
  const overlaps: number[] = []
  await new Promise<void>(done => {
    const ticker = new Ticker(50, async () => {
      overlaps.push(running++)
      const until = Date.now() + (count === 0 ? 120 : 0)
      while (Date.now() < until) await new Promise(setImmediate)
      running--
      if (++count === 4) void ticker.stop().then(done)
    })
  })
  assert.deepEqual(overlaps, [0, 0, 0, 0])
  assert.equal(count, 4)
})

test('ticker - stop waits for the tick under way', async () => {
  const steps: string[] = []
  const begun = new Promise<Ticker>(resolve => {
    const ticker = new Ticker(50, async () => {
      steps.push('begin')
      resolve(ticker)
      await new Promise(setImmediate)
      steps.push('end')
    })
  })
  await (await begun).stop()
  assert.deepEqual(steps, ['begin', 'end'])
})
