import assert from 'node:assert/strict'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { currentPeriod } from '../helpers/current-period.ts'
import { flip } from '../helpers/harm.ts'
import { is, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [20_000, 0, 65_536, 1]

/** A pinner with the only copy of a core, while it and its chain are stopped. */
async function stopped(t: TestContext) {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 0, socket: true })
  t.after(() => network.close())
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  const span = (await (await network.client.snapshot()).copy(copy))?.spans[0]
  await job.author.close()
  const [pinner] = network.of('pinner')
  assert.ok(pinner && span)
  await pinner.stop()
  await network.chain.stop()
  return { network, job, copy, firstPeriod, span, pinner }
}

test('pinner - started while its chain is away, it serves readers and goes on when the chain is back', async t => {
  const { network, job, copy, pinner } = await stopped(t)
  const signal = AbortSignal.timeout(240_000)
  const started = network.told(pinner.name, event => event.type === 'started')
  await pinner.start()
  await started
  assert.deepEqual(await readAsStranger(network, job.key, SIZES.length, signal), job.blocks)
  assert.throws(() => pinner.node?.chain, { code: 'INTERNAL' })

  const proved = network.told(pinner.name, event => event.type === 'proof' && event.copy === copy)
  await network.chain.resume()
  await proved
})

test('pinner - damage that a reader finds while the chain is away is noted: the copy is proved no more', {
  timeout: 120_000
}, async t => {
  const { network, job, copy, firstPeriod, span, pinner } = await stopped(t)
  await flip(join(pinner.storage, 'copies', `${span.id}.cells`), 0.5)
  const period = Math.max(firstPeriod, currentPeriod(network) + 1)
  const found = new AbortController()
  const read = pinner
    .start()
    .then(() => readAsStranger(network, job.key, SIZES.length, AbortSignal.any([found.signal, t.signal])))
  await network.told(pinner.name, event => event.type === 'warning' && event.code === 'CELLS_DAMAGED')
  found.abort()
  await assert.rejects(read, { code: 'ABORTED' })

  await network.chain.resume()
  const [settled] = await settlements(network, copy, 1, period - 1)
  assert.equal(settled?.proved, false)
})
