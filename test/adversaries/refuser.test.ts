import assert from 'node:assert/strict'
import test from 'node:test'
import type { CopyView } from '../../src/domain/view.ts'
import { AuthorNode } from '../../src/node/author.ts'
import { CheckClient } from '../../src/wire/check-client.ts'
import { setParams } from '../helpers/admin.ts'
import { is, type Job, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { scaled } from '../helpers/long.ts'
import { Network, type Provider } from '../helpers/network.ts'
import { balanced, ONE, paid, ppmOf, Reputations } from './ledger.ts'
import { CheckFirst, Refuser } from './refuser.ts'

const SIZES = [10_000, 40_000, 3, 0, 20_000, 1]
/** Failed verdicts in a row that end a copy: in the long form as many as the protocol says. */
const MISSES = scaled(2, 7)
const CAPACITY = { capacity: 2 ** 30 }

function startNetwork(): Promise<Network> {
  return Network.start({
    signers: 1,
    pinners: 3,
    verifiers: 3,
    // Verifiers wait for silent pinners as long as blocks of 600 ms allow: the report must still come in time.
    blockTimeMs: 400,
    makeNode: (name, config, modules) => {
      if (name === 'pinner-2') return new Refuser(config, CAPACITY, modules)
      return name === 'pinner-3' ? new CheckFirst(config, CAPACITY, modules) : null
    }
  })
}

/** The three copies, each with its pinner and its first period. */
async function activeCopies(network: Network) {
  const copies = new Map<string, { pinner: Provider; copy: CopyView; firstPeriod: number }>()
  while (copies.size < 3) {
    const seen = new Set([...copies.values()].map(({ copy }) => copy.id))
    const active = await network.event(is('CopyActive', event => !seen.has(event.copy)))
    const copy = await (await network.client.snapshot()).copy(active.copy)
    const pinner = network.of('pinner').find(({ identity }) => identity.account === copy?.pinner)
    assert.ok(copy && pinner)
    copies.set(pinner.name, { pinner, copy, firstPeriod: active.firstPeriod })
  }
  return copies
}

/** What a reader gets of a pinner that takes it for a verifier. */
async function readAsVerifier(network: Network, job: Job, pinner: Provider, copy: CopyView) {
  const signal = AbortSignal.timeout(60_000)
  const stranger = new AuthorNode(network.config('stranger'))
  try {
    await stranger.ready()
    const core = await stranger.hyper.openCore(job.key)
    const connection = await stranger.hyper.connect(pinner.identity.noiseKey, { signal })
    await new CheckClient(connection).leaves(copy.spans[0]?.id ?? 0n, [0], { signal })
    return await Promise.all(
      job.blocks.map(async (_, index) => new Uint8Array(await core.get(index, { signal })))
    )
  } finally {
    await stranger.close()
  }
}

test('refuser - a pinner that proves but refuses readers, or serves only verifiers, is paid nothing, loses reputation and its copy', async t => {
  const network = await startNetwork()
  t.after(() => network.close())
  await setParams(network.client, { maxMisses: MISSES })
  const job = await pinCore(network, randomBlocks(SIZES), 3)
  t.after(() => job.author.close())
  const copies = await activeCopies(network)
  const honest = copies.get('pinner-1')
  const picky = copies.get('pinner-3')
  assert.ok(honest && picky)
  // Whoever takes part in the check gets all of it: it is no pinner that has lost its copy.
  assert.deepEqual(await readAsVerifier(network, job, picky.pinner, picky.copy), job.blocks)
  await job.author.close()

  const reputations = new Reputations()
  for (const { pinner, copy, firstPeriod } of copies.values()) {
    const isHonest: boolean = pinner === honest.pinner
    const { account } = pinner.identity
    for (const { period, proved, verdict, r, minted, burned } of await settlements(
      network,
      copy.id,
      MISSES,
      firstPeriod - 1
    )) {
      assert.equal(proved, true, pinner.name)
      assert.equal(verdict, isHonest ? 'Served' : 'Failed', pinner.name)
      assert.equal(minted, burned)
      const y = (copy.prices.y * BigInt(r)) / ONE
      assert.deepEqual(
        paid(network, copy.id, period, 'pinner'),
        isHonest ? [{ who: account, amount: y }] : []
      )
      assert.ok(paid(network, copy.id, period, 'verifier').length >= 2)
      reputations.assertRecorded(account, BigInt(r))
      const change = network.events.find(
        is('ReputationChanged', event => event.who === account && event.period === period)
      )
      assert.ok(change)
      const { alpha, beta } = reputations.of(account)
      const rBefore = ppmOf({ alpha, beta })
      // How fast it served is measured: at least half of a period's one goes to alpha.
      if (isHonest) assert.ok(change.dAlpha >= ONE / 2n && change.dAlpha + change.dBeta === ONE)
      reputations.add(account, isHonest ? change.dAlpha : 0n, isHonest ? change.dBeta : ONE)
      assert.deepEqual({ alpha: change.alpha, beta: change.beta }, reputations.of(account))
      assert.equal(ppmOf(change) > rBefore, isHonest)
    }
    if (isHonest) continue
    const ended = await network.event(is('CopyEnded', event => event.copy === copy.id))
    assert.equal(ended.reason, 'Misses')
  }
  const sheets = await balanced(network, network.of('pinner'))
  for (const [name, { income }] of sheets) assert.equal(income > 0n, name === honest.pinner.name, name)
  const signal = AbortSignal.timeout(60_000)
  assert.deepEqual(await readAsStranger(network, job.key, job.blocks.length, signal), job.blocks)
})
