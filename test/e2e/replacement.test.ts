import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { is, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [10_000, 65_536, 3, 0, 20_000, 65_536, 1]

test('replacement - a pinner that disappears is failed and another one takes its place', async t => {
  const network = await Network.start({ signers: 1, pinners: 2, verifiers: 3 })
  t.after(() => network.close())
  const signal = AbortSignal.timeout(240_000)
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  const first = await network.event(is('CopyActive'))
  const old = (await (await network.client.snapshot()).copy(first.copy))?.pinner
  const gone = network.of('pinner').find(pinner => pinner.identity.account === old)
  assert.ok(gone)
  await gone.stop()
  // It is out of the draws, so that the next one does not take it again and wait for it in vain.
  const { capacity } = (await (await network.client.snapshot()).provider(gone.identity.account)) ?? {
    capacity: 0n
  }
  await network.client
    .account(gone.identity.keys)
    .submit({ call: 'updateProvider', roles: ['pinner'], capacity, paused: true, payout: null })

  const ended = await network.event(is('CopyEnded', event => event.copy === first.copy))
  assert.equal(ended.reason, 'Faults')
  const settled = await settlements(network, first.copy, 2, first.firstPeriod - 1)
  assert.deepEqual(
    settled.map(({ proved, verdict }) => [proved, verdict]),
    settled.map(() => [false, 'Failed'])
  )
  const second = await network.event(is('CopyActive', event => event.copy !== first.copy))
  const replaced = (await (await network.client.snapshot()).copy(second.copy))?.pinner
  assert.notEqual(replaced, old)

  const cleaned = network.told(gone.name, event => event.type === 'cleaned' && event.copy === first.copy)
  await gone.start()
  await cleaned
  assert.deepEqual(await readdir(join(gone.storage, 'copies')), [])
  assert.deepEqual(await readAsStranger(network, job.key, job.blocks.length, signal), job.blocks)
})
