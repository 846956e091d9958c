import assert from 'node:assert/strict'
import test from 'node:test'
import { is, pinCore, randomBlocks, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'
import { assertOnce, assertPaid, balances } from './books.ts'
import { WallClock } from './wall-clock.ts'

const SIZES = [...Array.from({ length: 8 }, () => 65_536), 1, 0, 13]
const HOUR_MS = 3_600_000
/** What a block may lie behind the one before it when no clock has jumped. */
const STEP_MS = 60_000

/** Breaks all connections of the providers, so that they find each other again by the clock that is now. */
function scatter(network: Network): void {
  for (const { node } of network.providers)
    for (const { stream } of node?.hyper.connections ?? []) stream.destroy()
}

test('clock - an hour forward, two back and one forward again change nothing', {
  timeout: 240_000
}, async t => {
  const clock = new WallClock()
  t.after(() => clock.restore())
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3 })
  t.after(() => network.close())
  const before = await balances(network)
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  const times: number[] = []
  for (const { node } of network.of('verifier'))
    node?.events.on(event => {
      if (event.type === 'measured') times.push(event.ttfbMs)
    })

  const half = network.told(pinner.name, event => event.type === 'transfer' && event.bytes > 150_000)
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  await half
  clock.jump(HOUR_MS)
  scatter(network)
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  await network.event(is('Proved'))
  clock.jump(-2 * HOUR_MS)
  scatter(network)
  await network.event(is('Proved', ({ period }) => period > firstPeriod))
  clock.jump(HOUR_MS)
  scatter(network)

  const settled = await settlements(network, copy, 3, firstPeriod - 1)
  assert.deepEqual(
    settled.map(({ period, proved, verdict }) => ({ period, proved, verdict })),
    [0, 1, 2].map(more => ({ period: firstPeriod + more, proved: true, verdict: 'Served' }))
  )
  assertOnce(network.events)
  await assertPaid(network, before)
  assert.equal(network.events.filter(is('CopyAssigned')).length, 1)
  assert.ok(times.length > 0 && times.every(ms => ms >= 0 && ms < STEP_MS))
  assert.ok(!network.warnings.some(warning => /CALL_DROPPED|CALL_REFUSED/.test(warning)))

  const { height } = network.client.finalized()
  const stamps: number[] = []
  for await (const head of network.client.heads(AbortSignal.timeout(30_000), { from: 1 })) {
    stamps.push(head.timestampMs)
    if (head.height === height) break
  }
  const steps = stamps.slice(1).map((ms, i) => ms - (stamps[i] ?? 0))
  assert.ok(
    steps.every(ms => ms > 0),
    'time on the chain only grows'
  )
  const leaps = steps.filter(ms => ms > STEP_MS)
  assert.equal(leaps.length, 1, 'one block is the next after the hour that was left out')
  assert.ok(Math.abs((leaps[0] ?? 0) - HOUR_MS) < STEP_MS)
})
