import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatdotError } from '../../src/domain/errors.ts'
import type { HyperNode } from '../../src/hyper/node.ts'
import { folderBytes } from '../../src/hyper/storage.ts'
import { bytesOf, LocalNet, tempFolder } from './helpers.ts'

const SIZES = [0, 1, 255, 256, 65_536, 0, 1_048_576, 100_003, 65_536, 254, 0]

/** A stored form of the blocks that is not the blocks: each byte flipped. */
class FlippedStore {
  readonly blocks = new Map<number, Buffer>()
  reads = 0

  keep(index: number, block: Uint8Array): void {
    this.blocks.set(index, Buffer.from(block.map(byte => byte ^ 0xff)))
  }

  decoder = async (index: number): Promise<Uint8Array | null> => {
    const kept = this.blocks.get(index)
    if (!kept) return null
    this.reads += 1
    return kept.map(byte => byte ^ 0xff)
  }
}

async function authored(node: HyperNode, sizes: readonly number[]) {
  const core = await node.createCore('data')
  await core.append(sizes.map((size, index) => bytesOf(`block ${index}`, size)))
  await node.join(core, { client: false }).flushed()
  return core
}

/** A pinner that has everything, but only encoded. */
async function pin(pinner: HyperNode, key: string, length: number, store: FlippedStore) {
  const core = await pinner.openCore(key)
  await pinner.join(core, { server: false }).flushed()
  await core.waitForLength(length)
  await core.download(0, length)
  for (let index = 0; index < length; index++) store.keep(index, await core.get(index))
  await pinner.setDecoder(key, store.decoder)
  await core.dropPlain(0, length)
  return core
}

test('decode on read - a stock peer downloads all from a pinner without one plain block, also after a restart', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await authored(author, SIZES)
  const store = new FlippedStore()
  const first = await net.node(join(folder, 'pinner'), 'pinner')
  const pinned = await pin(first, source.key, SIZES.length, store)
  assert.deepEqual((await pinned.storedBytes()).blockBytes, 0)
  assert.ok((await folderBytes(join(folder, 'pinner'))) < 400_000)
  await author.close()
  await first.close()

  const again = await net.node(join(folder, 'pinner'), 'pinner')
  await again.setDecoder(source.key, store.decoder)
  const core = await again.openCore(source.key)
  assert.equal(core.length, SIZES.length)
  await again.join(core, { client: false }).flushed()
  const stock = net.stock(join(folder, 'stock'))
  const copy = await stock.download(Buffer.from(source.key, 'hex'), SIZES.length)
  for (const [index, size] of SIZES.entries()) {
    assert.deepEqual(Buffer.from((await copy.get(index)) ?? 'missing'), bytesOf(`block ${index}`, size))
  }
  assert.equal((await core.storedBytes()).blocks, 0)
})

test('decode on read - a small block is decoded once and then comes from memory', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await authored(author, [100, 200, 300])
  const store = new FlippedStore()
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  const core = await pin(pinner, source.key, 3, store)
  store.reads = 0
  const reads = await Promise.all([core.getLocal(1), core.getLocal(1), core.getLocal(1)])
  for (const block of reads) assert.deepEqual(Buffer.from(block ?? ''), bytesOf('block 1', 200))
  await core.getLocal(1)
  assert.equal(store.reads, 1)
})

test('decode on read - a block that decodes to other bytes is reported, never served, and healed by a download', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await authored(author, [1_000, 2_000, 3_000])
  const store = new FlippedStore()
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  const core = await pin(pinner, source.key, 3, store)
  const kept = store.blocks.get(1)
  assert.ok(kept)
  kept[77] = (kept[77] ?? 0) ^ 1
  const reported = once(pinner, 'corrupt-block')
  assert.equal(await core.getLocal(1), null)
  const [event] = await reported
  assert.equal(event.coreKey, source.key)
  assert.equal(event.index, 1)
  assert.equal(event.error.code, 'DATA_MISMATCH')
  await core.download(0, 3)
  assert.deepEqual(Buffer.from(await core.get(1)), bytesOf('block 1', 2_000))
  assert.deepEqual(Buffer.from(await core.get(2)), bytesOf('block 2', 3_000))
})

test('decode on read - forgotten blocks leave all others as they were, before and after them', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await authored(author, Array(13).fill(100))
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  const store = new FlippedStore()
  const core = await pin(pinner, source.key, 13, store)
  await author.close()
  const gone = [3, 7, 8, 9, 12]
  for (const [start, end] of [
    [3, 4],
    [7, 10],
    [12, 13]
  ] as const)
    await core.forget(start, end)
  await pinner.join(core, { client: false }).flushed()
  const reader = await net.node(join(folder, 'reader'), 'reader')
  const copy = await reader.openCore(source.key)
  reader.join(copy, { server: false })
  const signal = AbortSignal.timeout(20_000)
  for (let index = 0; index < 13; index++) {
    assert.equal(await core.byteOffset(index), 100 * index)
    if (gone.includes(index)) assert.equal(await core.getLocal(index), null, `block ${index}`)
    else assert.equal((await copy.get(index, { signal })).length, 100)
  }
})

test('decode on read - a core with forgotten blocks can be cut and go on with others', async t => {
  const net = await LocalNet.start(t)
  const node = await net.node(await tempFolder(t), 'author')
  const core = await authored(node, Array(13).fill(100))
  await core.forget(3, 4)
  await core.forget(9, 11)
  await core.session.truncate(6)
  await core.append(Array.from({ length: 5 }, (_, index) => bytesOf(`new ${index}`, 10 * index)))
  const sizes: number[] = []
  for await (const size of core.blockSizes(0, 11)) sizes.push(size)
  assert.deepEqual(sizes, [100, 100, 100, 100, 100, 100, 0, 10, 20, 30, 40])
  assert.equal(await core.getLocal(3), null)
  for (const index of [9, 10])
    assert.deepEqual(await core.getLocal(index), bytesOf(`new ${index - 6}`, 10 * (index - 6)))
})

test('decode on read - a decoder that throws costs the asking peer no more than that block', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await authored(author, [10, 20, 30, 40])
  const store = new FlippedStore()
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  const core = await pin(pinner, source.key, 4, store)
  await pinner.setDecoder(source.key, async index => {
    if (index === 2) throw new DatdotError('CELL_INVALID')
    return store.decoder(index)
  })
  await author.close()
  await pinner.join(core, { client: false }).flushed()
  const reader = await net.node(join(folder, 'reader'), 'reader')
  const copy = await reader.openCore(source.key)
  reader.join(copy, { server: false })
  const reported = once(pinner, 'corrupt-block')
  const stop = new AbortController()
  const third = copy.get(2, { signal: stop.signal })
  const [event] = await reported
  assert.equal(event.index, 2)
  for (const index of [0, 1, 3]) {
    assert.deepEqual(Buffer.from(await copy.get(index)), bytesOf(`block ${index}`, 10 * (index + 1)))
  }
  stop.abort()
  await assert.rejects(third, { code: 'ABORTED' })
})
