import assert from 'node:assert/strict'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { is, nextServed, pinCore, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SIZES = [10_000, 65_536, 3, 0, 20_000, 65_536, 1]

test('way out - a pinner whose cores, then whose records are moved away as the help says keeps its copy', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3 })
  t.after(() => network.close())
  const blocks = randomBlocks(SIZES)
  const job = await pinCore(network, blocks, 1)
  t.after(() => job.author.close())
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  const [first] = await settlements(network, copy, 1, firstPeriod - 1)
  assert.ok(first)

  const restart = async (folder: string, file: string, code: string) => {
    await pinner.stop()
    await writeFile(join(pinner.storage, folder, file), 'not what was written')
    await assert.rejects(pinner.start(), { code })
    await pinner.stop()
    await rename(join(pinner.storage, folder), join(pinner.storage, `${folder}.away`))
    await pinner.start()
  }

  const fetched = network.told(
    pinner.name,
    event => event.type === 'download' && event.bytes === event.totalBytes
  )
  await restart('cores', join('db', 'CURRENT'), 'CORES_DAMAGED')
  await fetched
  await job.author.close()
  await nextServed(network, copy)

  await restart('records', 'CURRENT', 'RECORDS_DAMAGED')
  await nextServed(network, copy)
  const read = await readAsStranger(network, job.key, blocks.length, AbortSignal.timeout(30_000))
  assert.deepEqual(
    read.map(block => Buffer.from(block)),
    blocks.map(block => Buffer.from(block))
  )
  assert.equal(network.events.filter(({ event }) => event === 'CopyEnded').length, 0)
})
