import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { NodeEvent } from '../../src/events.ts'
import { is, pinCore, randomBlocks, settlements } from '../helpers/job.ts'
import { isLong, scaled } from '../helpers/long.ts'
import { Network } from '../helpers/network.ts'
import { assertOnce, assertPaid, balances } from './books.ts'
import { Gates } from './gates.ts'

const SIZES = [...Array.from({ length: 10 }, () => 65_536), 1, 0, 13]
const OUTAGES = 6
const MINUTE_MS = 60_000
/** After a minute a node looks for its chain each 10 s: a period of 20 blocks is to last longer. */
const BLOCK_TIME_MS = scaled(150, 1_500)

/** Resolves when each node has told such an event. */
async function allTold(network: Network, accept: (event: NodeEvent) => boolean): Promise<void> {
  await Promise.all(network.providers.map(({ name }) => network.told(name, accept)))
}

/** Takes the chain away until every node has said that it waits for it, in the long form for a minute. */
async function outage(network: Network, meanwhile = () => {}): Promise<void> {
  const noticed = allTold(network, event => event.type === 'warning' && event.code === 'CHAIN_UNREACHABLE')
  await network.chain.stop()
  meanwhile()
  await noticed
  if (isLong) await delay(MINUTE_MS)
  // Two blocks later: what a node was about to tell when the chain went is no sign that it has it back.
  const { height } = network.client.finalized()
  const back = allTold(network, event => event.type === 'height' && event.height > height + 2)
  await network.chain.resume()
  await back
}

test('outage - whenever the chain goes away, the job goes on when it is back', {
  timeout: scaled(240_000, 1_200_000)
}, async t => {
  const gates = new Gates()
  const { makeNode } = gates
  const parts = { signers: 1, pinners: 1, verifiers: 3, blockTimeMs: BLOCK_TIME_MS }
  const network = await Network.start({ ...parts, socket: true, makeNode })
  t.after(() => network.close())
  const before = await balances(network)
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  const { period: length, grace } = network.client.constants

  const keying = gates.next('commitKey')
  const half = network.told(pinner.name, event => event.type === 'transfer' && event.bytes > 200_000)
  const sealing = gates.next('seal')
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  await outage(network, await keying)
  await half
  await outage(network)
  await outage(network, await sealing)

  const proving = gates.next('prove')
  const reporting = gates.next('report')
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  await outage(network, await proving)
  await outage(network, await reporting)
  await network.upTo((firstPeriod + 1) * length + grace - 1)
  await outage(network)

  const settled = await settlements(network, copy, 3, firstPeriod - 1)
  assert.deepEqual(
    settled.map(({ period, proved, verdict }) => ({ period, proved, verdict })),
    [0, 1, 2].map(more => ({ period: firstPeriod + more, proved: true, verdict: 'Served' }))
  )
  assert.equal(network.events.filter(is('CopyAssigned')).length, 1)
  const reports = network.events.filter(is('Reported', ({ period }) => period < firstPeriod + 3))
  // A minute away may cost a verifier its report, never two of three.
  assert.ok(reports.length >= scaled(9, 6))
  assertOnce(network.events)
  await assertPaid(network, before)
  for (const { name } of network.providers) {
    const warnings = network.warnings.filter(warning => warning.startsWith(name))
    assert.equal(warnings.filter(warning => warning.includes('the chain is away')).length, OUTAGES)
    assert.ok(warnings.length <= 3 * OUTAGES, 'what waits is told, not again and again')
    assert.ok(warnings.every(warning => warning.includes('CHAIN_UNREACHABLE')))
  }
})
