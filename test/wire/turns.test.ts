import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Turns } from '../../src/wire/turns.ts'

const PER_SECOND = 1_000

/** Turns whose time passes only by `pass`. */
function scene(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  const turns = new Turns(PER_SECOND, () => now)
  const pass = async (ms: number) => {
    now += ms
    t.mock.timers.tick(ms)
    await new Promise(setImmediate)
  }
  return { turns, pass }
}

/** Asks for the same again as soon as it has it. */
class Greedy {
  readonly amount: number
  had = 0

  constructor(amount: number) {
    this.amount = amount
  }

  async askOf(turns: Turns): Promise<never> {
    for (;;) {
      await turns.take(this, this.amount)
      this.had += this.amount
    }
  }
}

test('turns - all together have the rate and one burst, each an equal part of it', async t => {
  const { turns, pass } = scene(t)
  const askers = [1, 4, 10, 64].map(amount => new Greedy(amount))
  for (const asker of askers) asker.askOf(turns)
  // The burst is not short of anything: who asks for more has more of it.
  await pass(0)
  const burst = askers.map(({ had }) => had)
  for (let now = 1; now <= 3_000; now++) {
    await pass(1)
    const taken = askers.reduce((sum, { had }) => sum + had, 0)
    const most = PER_SECOND + (PER_SECOND * now) / 1_000
    assert.ok(taken >= most && taken <= most + 64, `${taken} after ${now} ms`)
  }
  const parts = askers.map(({ had }, at) => had - (burst[at] ?? 0))
  assert.ok(Math.max(...parts) - Math.min(...parts) <= 64, `${parts}`)
})

for (const amount of [1, 64])
  test(`turns - one that asks for 4 waits for no more than 4 of each that always asks for ${amount}`, async t => {
    const { turns, pass } = scene(t)
    const askers = Array.from({ length: 20 }, () => new Greedy(amount))
    for (const asker of askers) asker.askOf(turns)
    for (let i = 0; i < 100; i++) {
      await pass(37)
      const before = askers.map(({ had }) => had)
      const modest = { isServed: false }
      turns.take(modest, 4).then(() => {
        modest.isServed = true
      })
      while (!modest.isServed) await pass(1)
      for (const [at, { had }] of askers.entries()) assert.ok(had - (before[at] ?? 0) <= 4)
    }
  })

test('turns - who leaves waits no longer and has nothing', async t => {
  const { turns, pass } = scene(t)
  await turns.take({}, PER_SECOND + 10)
  const [one, other] = [{}, {}]
  const left = turns.take(one, PER_SECOND)
  turns.leave(one)
  await left
  turns.leave(one)
  let isServed = false
  const served = turns.take(other, 1).then(() => {
    isServed = true
  })
  await pass(9)
  assert.equal(isServed, false)
  await pass(1)
  await served
})
