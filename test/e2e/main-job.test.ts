import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { is, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

/** Two spans of odd and even blocks. */
const SIZES = [
  1,
  4096,
  0,
  65_536,
  255,
  ...Array.from({ length: 24 }, () => 65_536),
  30_000,
  7,
  1020,
  50_000,
  3
]

test('main job - a core is encoded, sealed, proved, checked, paid for and read from pinners alone', async t => {
  const network = await Network.start({ signers: 2, pinners: 3, verifiers: 3 })
  t.after(() => network.close())
  const signal = AbortSignal.timeout(240_000)
  const job = await pinCore(network, randomBlocks(SIZES), 2)
  t.after(() => job.author.close())
  const first = await network.event(is('CopyActive'))
  const second = await network.event(is('CopyActive', active => active.copy !== first.copy))
  await job.author.close()

  for (const { copy } of [first, second])
    for (const { period, proved, verdict, minted, burned } of await settlements(network, copy, 2)) {
      assert.equal(proved, true)
      assert.equal(verdict, 'Served')
      assert.ok(minted > 0n)
      assert.equal(minted, burned)
      const shares = network.events.filter(
        is('Paid', event => event.copy === copy && event.period === period)
      )
      assert.equal(
        shares.reduce((sum, { amount }) => sum + amount, 0n),
        minted
      )
    }
  const paid = network.events.filter(is('Paid'))
  assert.deepEqual([...new Set(paid.map(event => event.role))].sort(), ['pinner', 'signer', 'verifier'])

  const snapshot = await network.client.snapshot()
  const roots = await Promise.all(
    [first, second].map(async ({ copy }) => (await snapshot.copy(copy))?.spans[1]?.root)
  )
  assert.ok(roots[0] && roots[1])
  assert.notDeepEqual(roots[0], roots[1])

  assert.deepEqual(await readAsStranger(network, job.key, job.blocks.length, signal), job.blocks)
  assert.deepEqual(network.warnings, [])
  for (const signer of network.of('signer')) assert.deepEqual(await readdir(join(signer.storage, 'keys')), [])
})
