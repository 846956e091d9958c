import assert from 'node:assert/strict'
import test from 'node:test'
import { is, pinCore, randomBlocks, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [...Array.from({ length: 8 }, () => 65_536), 1, 0, 13]

test('outage - the job goes on when the chain comes back', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3, socket: true })
  t.after(() => network.close())
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  const half = network.told(pinner.name, event => event.type === 'transfer' && event.bytes > 200_000)
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  await half
  await network.chain.stop()
  await network.chain.resume()

  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  const first = await settlements(network, copy, 1, firstPeriod - 1)
  await network.chain.stop()
  await network.chain.resume()
  const second = await settlements(network, copy, 1, firstPeriod)
  for (const { proved, minted, burned } of [...first, ...second]) {
    assert.equal(proved, true)
    assert.equal(minted, burned)
  }
})
