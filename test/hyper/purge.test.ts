import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderBytes } from '../../src/hyper/storage.ts'
import { bytesOf, LocalNet, tempFolder } from './helpers.ts'

const LENGTH = 2_000

/** A core of two blocks that its author serves, and a node that has nothing yet. */
async function twoBlocks(t: TestContext) {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.append([bytesOf('a', 100), bytesOf('b', 200)])
  await author.join(source, { client: false }).flushed()
  const reader = await net.node(join(folder, 'reader'), 'reader')
  return { source, reader }
}

test('purge - leaves nothing of a core, which comes again from its peers', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.append(Array.from({ length: LENGTH }, (_, index) => bytesOf(`block ${index}`, 1_000)))
  await author.join(source, { client: false }).flushed()
  const storage = join(folder, 'reader')
  const reader = await net.node(storage, 'reader')
  const core = await reader.openCore(source.key)
  await reader.join(core).flushed()
  await core.waitForLength(LENGTH)
  await core.download(0, LENGTH)
  const second = await reader.openCore(source.key)
  const full = await folderBytes(storage)
  await Promise.all([core.purge(), core.purge()])
  await assert.rejects(second.get(0), { code: 'ABORTED' })
  assert.ok(full - (await folderBytes(storage)) > 1_500_000)
  // Its peers would begin to send it again.
  await author.close()
  const again = await reader.openCore(source.key)
  const { treeNodes, blocks } = await again.storedBytes()
  assert.deepEqual([treeNodes, blocks], [0, 0])
  const back = await net.node(join(folder, 'author'), 'author')
  await back.join(await back.createCore('data'), { client: false }).flushed()
  await again.waitForLength(LENGTH)
  assert.deepEqual(Buffer.from(await again.get(7)), bytesOf('block 7', 1_000))
})

test('purge - a core in which a decoder stood in for the blocks has all of them to load again', async t => {
  const { source, reader } = await twoBlocks(t)
  const core = await reader.openCore(source.key)
  await reader.join(core).flushed()
  await core.download(0, 2)
  await reader.setDecoder(core.key, async () => null)
  await core.dropPlain(0, 2)
  await core.purge()
  const again = await reader.openCore(source.key)
  assert.equal(again.has(0, 2), false)
  await again.download(0, 2)
  assert.deepEqual(Buffer.from((await again.getLocal(1)) ?? ''), bytesOf('b', 200))
})

test('purge - a decoded block of one fork is not given as that of another', async t => {
  const { source, reader } = await twoBlocks(t)
  const pin = async (last: string) => {
    const core = await reader.openCore(source.key)
    await reader.join(core, { server: false }).flushed()
    await core.waitForLength(2)
    await core.download(0, 2)
    await reader.setDecoder(core.key, async index => (index === 0 ? bytesOf('a', 100) : bytesOf(last, 200)))
    await core.dropPlain(0, 2)
    assert.deepEqual(Buffer.from((await core.getLocal(1)) ?? ''), bytesOf(last, 200))
    return core
  }
  await (await pin('b')).purge()
  await source.session.truncate(1)
  await source.append([bytesOf('c', 200)])
  await pin('c')
})
