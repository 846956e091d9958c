import assert from 'node:assert/strict'
import test from 'node:test'
import { startBootstrap } from '../../src/hyper/bootstrap.ts'
import { withDoors } from '../helpers/changed-nodes.ts'
import { currentPeriod } from '../helpers/current-period.ts'
import { is, nextServed, pinCore, randomBlocks } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'
import { assertOnce, assertPaid, balances } from './books.ts'
import { ChainProxy, type Fate } from './chain-proxy.ts'

const SIZES = [...Array.from({ length: 5 }, () => 65_536), 1, 0, 13]
const PARTS = { signers: 1, pinners: 1, verifiers: 3, blockTimeMs: 350, socket: true }
/** Of the nodes' requests together: each so many-th is refused, and the answer to each so many-th is lost. */
const BUSY_EVERY = 41
const LOST_EVERY = 149
/** Of the extrinsics that nodes hand over: each third is refused, the answer to each other third is lost. */
const SUBMIT: Fate[] = ['lost', 'busy', 'answered']

/** Lets requests come to grief as a counter says, so that every run meets all kinds. */
function griefs() {
  const counts = { busy: 0, lost: 0 }
  let requests = 0
  let submits = 0
  const fateOf = (method: string): Fate => {
    if (method === 'author_submitExtrinsic') return SUBMIT[submits++ % SUBMIT.length] ?? 'answered'
    requests += 1
    if (requests % LOST_EVERY === 0) return 'lost'
    return requests % BUSY_EVERY === 0 ? 'busy' : 'answered'
  }
  const decide = (method: string): Fate => {
    const fate = fateOf(method)
    if (fate !== 'answered') counts[fate] += 1
    return fate
  }
  return { counts, decide }
}

test('replies - errors, lost answers and a DHT that is away for a while end nothing', {
  timeout: 300_000
}, async t => {
  const { counts, decide } = griefs()
  const proxy = await ChainProxy.start(decide)
  const honest = withDoors({})
  const network = await Network.start({
    ...PARTS,
    makeNode: (name, config, modules) => {
      proxy.leadTo(config.chain[0] ?? '')
      return honest(name, { ...config, chain: [proxy.url] }, modules)
    }
  })
  t.after(async () => {
    await network.close()
    await proxy.close()
  })
  const before = await balances(network)
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  await job.author.close()

  await t.test('whatever the chain fails to answer, each call is made once', async () => {
    const first = await nextServed(network, copy, firstPeriod - 1)
    await nextServed(network, copy, first)
    assert.equal(network.events.filter(is('CopyAssigned')).length, 1)
    assertOnce(network.events)
    await assertPaid(network, before)
    t.diagnostic(`${counts.busy} requests refused, ${counts.lost} answers lost`)
  })

  await t.test('without a DHT verifiers blame nobody, and when it is back all find each other', async () => {
    const [address] = network.bootstrap.addresses
    assert.ok(address)
    const lost = network.told('pinner-1', event => event.type === 'warning' && /DHT/.test(event.message))
    await network.bootstrap.close()
    // Who knows the pinner goes on without a DHT: who comes back does not.
    for (const verifier of network.of('verifier')) {
      await verifier.stop()
      await verifier.start()
    }
    const away = currentPeriod(network)
    await network.event(is('Settled', one => one.period > away && one.verdict === null))
    await lost
    const again = await startBootstrap(address)
    t.after(() => again.close())
    const back = currentPeriod(network)
    await network.event(is('Settled', one => one.period > back && one.verdict === 'Served'))
    // A proof or a report whose answers are lost may come too late for its period; nobody is failed for it.
    const failed = is('Settled', ({ period, verdict }) => period < back && verdict === 'Failed')
    assert.deepEqual(network.events.filter(failed), [])
  })
})
