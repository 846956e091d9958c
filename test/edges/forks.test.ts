import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { CopyId } from '../../src/domain/ids.ts'
import { Stranger } from '../e2e/cli/stranger.ts'
import { setParams } from '../helpers/admin.ts'
import { is } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'
import { openSupporter, pin, servedPeriod } from './job.ts'
import { randomBlocks } from './shapes.ts'

const SIZES = [9_000, 0, 1, 4_000, 3_000, 17]

test('forks - copies of a core that is cut and grows keep their trees, and the newest one is read', {
  timeout: 240_000
}, async t => {
  const network = await Network.start({ signers: 1, pinners: 3, verifiers: 1 })
  t.after(() => network.close())
  await setParams(network.client, { spanTarget: 8_192, verifiers: 1 })
  const author = await Stranger.open(network.bootstrap.addresses)
  t.after(() => author.close())
  const core = author.store.get({ name: 'forked' })
  await core.ready()
  await core.append(randomBlocks(SIZES))
  await author.join(core, { server: true, client: false })
  const key = core.key.toString('hex')
  const supporter = await openSupporter(network, 500n * DAT)
  t.after(() => supporter.close())

  const copies: { copy: CopyId; firstPeriod: number }[] = []
  const pinned = async (count: number) => {
    await pin(supporter, key, count)
    const isNew = is('CopyActive', ({ copy }) => !copies.some(one => one.copy === copy))
    const { copy, firstPeriod } = await network.event(isNew)
    copies.push({ copy, firstPeriod })
    const { fork, length } = (await (await network.client.snapshot()).copy(copy))?.tree ?? assert.fail()
    assert.deepEqual([fork, length], [BigInt(core.fork), core.length])
    return copy
  }

  const old = await pinned(1)
  await core.truncate(2)
  const rest = randomBlocks([5_000, 1, 0, 8_000])
  await core.append(rest)
  await pinned(2)
  const more = randomBlocks([2_000, 3])
  await core.append(more)
  await pinned(3)
  const first = (await core.get(0)) ?? assert.fail()
  const length = core.length
  await author.close()
  for (const signer of network.of('signer')) await signer.stop()

  const now = Math.max(...copies.map(({ firstPeriod }) => firstPeriod))
  for (const { copy } of copies) await servedPeriod(network, copy, now)
  const still = await (await network.client.snapshot()).copy(old)
  assert.deepEqual([still?.state, still?.tree.fork, still?.tree.length], ['Active', 0n, SIZES.length])

  const reader = await Stranger.open(network.bootstrap.addresses)
  t.after(() => reader.close())
  const read = await reader.read(key, seen => seen.fork === 1 && seen.length === length)
  assert.deepEqual(read, [first, Buffer.alloc(0), ...rest, ...more])
})
