import assert from 'node:assert/strict'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { is, nextServed, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network, type Provider } from '../helpers/network.ts'

const SIZES = [...Array.from({ length: 20 }, () => 65_536), 1, 0, 40_000, 13]

async function restart(provider: Provider): Promise<void> {
  await provider.stop()
  await provider.start()
}

/** As after a crash in the middle of a sample. */
async function restartWithSample(verifier: Provider): Promise<void> {
  const samples = join(verifier.storage, 'samples')
  await verifier.stop()
  await mkdir(join(samples, 'sample-left'))
  await verifier.start()
  assert.equal((await readdir(samples)).includes('sample-left'), false)
}

test('restart - signer, pinner and verifiers go on where they stopped', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3 })
  t.after(() => network.close())
  const signal = AbortSignal.timeout(240_000)
  const [signer] = network.of('signer')
  const [pinner] = network.of('pinner')
  assert.ok(signer && pinner)
  const keyed = network.told(signer.name, event => event.type === 'encode' && event.bytes > 200_000)
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())

  await keyed
  const received = network.told(pinner.name, event => event.type === 'transfer' && event.bytes > 700_000)
  await restart(signer)
  await received
  await restart(pinner)
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  assert.equal((await (await network.client.snapshot()).copy(copy))?.spans.length, 1)
  await job.author.close()

  await restart(pinner)
  const [settled] = await settlements(network, copy, 1, firstPeriod - 1)
  assert.ok(settled?.proved)
  for (const verifier of network.of('verifier')) await restartWithSample(verifier)
  const served = await nextServed(network, copy, settled.period)
  const later = network.events.filter(
    is('Settled', ({ period }) => period > settled.period && period <= served)
  )
  assert.ok(later.every(({ proved, verdict }) => proved && verdict !== 'Failed'))
  assert.deepEqual(await readAsStranger(network, job.key, job.blocks.length, signal), job.blocks)
})
