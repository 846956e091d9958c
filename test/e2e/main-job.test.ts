import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { is, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [1, 4096, 0, 65_536, 255, 30_000, 7, 65_536, 1020, 50_000, 3, 64_000]

test('main job - a core is encoded, sealed, proved, checked, paid for and read from pinners alone', async t => {
  const network = await Network.start({ signers: 2, pinners: 3, verifiers: 3 })
  t.after(() => network.close())
  const signal = AbortSignal.timeout(240_000)
  const job = await pinCore(network, randomBlocks(SIZES), 2)
  t.after(() => job.author.close())
  const [first, second] = [
    await network.event(is('CopyActive')),
    await network.event(is('CopyActive', active => active.copy !== 0n))
  ]
  assert.notEqual(first.copy, second.copy)
  await job.author.close()

  for (const { copy } of [first, second])
    for (const { proved, verdict, minted, burned } of await settlements(network, copy, 2)) {
      assert.equal(proved, true)
      assert.equal(verdict, 'Served')
      assert.ok(minted > 0n)
      assert.equal(minted, burned)
    }
  const paid = network.events.filter(event => event.event === 'Paid')
  assert.deepEqual([...new Set(paid.map(event => event.role))].sort(), ['pinner', 'signer', 'verifier'])

  const snapshot = await network.client.snapshot()
  const roots = await Promise.all(
    [first, second].map(async ({ copy }) => (await snapshot.copy(copy))?.spans[0]?.root)
  )
  assert.ok(roots[0] && roots[1])
  assert.notDeepEqual(roots[0], roots[1])

  assert.deepEqual(await readAsStranger(network, job.key, job.blocks.length, signal), job.blocks)
  assert.deepEqual(network.warnings, [])
  for (const signer of network.of('signer')) assert.deepEqual(await readdir(join(signer.storage, 'keys')), [])
})
