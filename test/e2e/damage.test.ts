import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { is, pinCore, randomBlocks, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [10_000, 65_536, 3, 0, 20_000, 65_536, 1]

test('damage - a changed cell is found on read, reported, and the copy neither served nor proved any more', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3 })
  t.after(() => network.close())
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  const span = (await (await network.client.snapshot()).copy(copy))?.spans[0]
  const [pinner] = network.of('pinner')
  assert.ok(pinner && span)
  await pinner.stop()
  await job.author.close()
  const file = await open(join(pinner.storage, 'copies', `${span.id}.cells`), 'r+')
  for (let at = 100; at < span.cells * 256; at += 1024) await file.write(Uint8Array.of(0xff, 0xfe), 0, 2, at)
  await file.close()

  const told = network.told(pinner.name, event => event.type === 'warning' && event.code === 'CELLS_DAMAGED')
  await pinner.start()
  await told
  const [settled] = await settlements(network, copy, 1, firstPeriod - 1)
  assert.equal(settled?.proved, false)
  assert.notEqual(settled?.verdict, 'Served')
})
