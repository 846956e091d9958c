import assert from 'node:assert/strict'
import test from 'node:test'
import { is, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [...Array.from({ length: 12 }, () => 65_536), 1, 0, 40_000, 13]

test('fork - a core that was cut before it was published is pinned, and one that is cut afterwards stays served', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3 })
  t.after(() => network.close())
  const signal = AbortSignal.timeout(240_000)
  const job = await pinCore(network, randomBlocks(SIZES), 1, { isForked: true })
  t.after(() => job.author.close())
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  assert.equal((await (await network.client.snapshot()).copy(copy))?.tree.fork, 1n)

  const core = await job.author.hyper.createCore('test')
  await core.session.truncate(2)
  await core.append(randomBlocks(SIZES))
  for (const { proved, verdict } of await settlements(network, copy, 2, firstPeriod - 1)) {
    assert.equal(proved, true)
    assert.equal(verdict, 'Served')
  }
  await job.author.close()
  assert.deepEqual(await readAsStranger(network, job.key, job.blocks.length, signal), job.blocks)
})
