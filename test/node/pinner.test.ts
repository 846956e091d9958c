import assert from 'node:assert/strict'
import test from 'node:test'
import { is, pinCore, randomBlocks, readAsStranger } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [20_000, 0, 65_536, 1]

test('pinner - started while its chain is away, it serves readers and goes on when the chain is back', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 0, socket: true })
  t.after(() => network.close())
  const signal = AbortSignal.timeout(240_000)
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  const { copy } = await network.event(is('CopyActive'))
  await job.author.close()
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  await pinner.stop()
  await network.chain.stop()

  const started = network.told(pinner.name, event => event.type === 'started')
  await pinner.start()
  await started
  assert.deepEqual(await readAsStranger(network, job.key, SIZES.length, signal), job.blocks)
  assert.throws(() => pinner.node?.chain, { code: 'INTERNAL' })

  const proved = network.told(pinner.name, event => event.type === 'proof' && event.copy === copy)
  await network.chain.resume()
  await proved
})
