import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { MAX_BLOCK } from '../../roles/author/blocks.ts'
import { startBootstrap } from '../../src/hyper/bootstrap.ts'
import type { DownloadProgress } from '../../src/hyper/download.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { folderBytes } from '../../src/hyper/storage.ts'
import { bytesOf, LocalNet, seedOf, tempFolder } from './helpers.ts'

test('hyper node - the noise key comes from the seed alone', async t => {
  const folder = await tempFolder(t)
  const one = new HyperNode({ storage: join(folder, 'a'), seed: seedOf('same') })
  const two = new HyperNode({ storage: join(folder, 'b'), seed: seedOf('same') })
  assert.equal(one.noiseKey, two.noiseKey)
  assert.match(one.noiseKey, /^[0-9a-f]{64}$/)
  await Promise.all([one.close(), two.close()])
})

test('hyper node - ready and close may be called twice, and close without ready', async t => {
  const folder = await tempFolder(t)
  const node = new HyperNode({ storage: folder, seed: seedOf('x') })
  await Promise.all([node.ready(), node.ready()])
  await Promise.all([node.close(), node.close()])
  await node.close()
  await assert.rejects(async () => node.createCore('late'), { code: 'ABORTED' })
})

test('hyper node - two nodes on one folder: the second is told', async t => {
  const folder = await tempFolder(t)
  const first = new HyperNode({ storage: folder, seed: seedOf('first') })
  const second = new HyperNode({ storage: folder, seed: seedOf('second') })
  await first.ready()
  await assert.rejects(second.ready(), { code: 'STORAGE_LOCKED' })
  await second.close()
  await first.close()
})

test('hyper node - a core made by name is there again after a restart', async t => {
  const folder = await tempFolder(t)
  const options = { storage: folder, seed: seedOf('author') }
  const before = new HyperNode(options)
  await before.ready()
  const made = await before.createCore('data')
  const progress = await made.appendAll([bytesOf('one', 10), bytesOf('two', 0), bytesOf('three', 30)])
  assert.deepEqual(progress, { blocks: 3, bytes: 40 })
  await before.close()
  const after = new HyperNode(options)
  await after.ready()
  const found = await after.createCore('data')
  assert.equal(found.key, made.key)
  assert.equal(found.length, 3)
  assert.ok(found.writable)
  assert.deepEqual(Buffer.from(await found.get(2)), bytesOf('three', 30))
  await after.close()
})

test('hyper node - the largest block goes over the network, a larger one is not appended', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await assert.rejects(source.append([new Uint8Array(MAX_BLOCK + 1)]), { code: 'BAD_ARGUMENT' })
  const block = Buffer.alloc(MAX_BLOCK, 'largest')
  await source.append([block])
  await author.join(source, { client: false }).flushed()
  const reader = await net.node(join(folder, 'reader'), 'reader')
  const core = await reader.openCore(source.key)
  reader.join(core, { server: false })
  assert.ok(block.equals(await core.get(0)))
})

test('hyper node - a range is downloaded with progress, and the peers that served it are named', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.append(Array.from({ length: 50 }, (_, index) => bytesOf(`ranged ${index}`, 1_000)))
  await author.join(source, { client: false }).flushed()
  const reader = await net.node(join(folder, 'reader'), 'reader')
  const core = await reader.openCore(source.key)
  reader.join(core, { server: false })
  await core.waitForLength(50)
  assert.deepEqual(core.missing(10, 40), [[10, 40]])
  await core.get(20)
  assert.deepEqual(core.missing(10, 40), [
    [10, 20],
    [21, 40]
  ])
  const seen: DownloadProgress[] = []
  const done = await core.download(10, 40, { onProgress: progress => seen.push({ ...progress }) })
  assert.equal(seen[0]?.blocks, 1)
  assert.equal(done.blocks, 30)
  assert.equal(done.totalBlocks, 30)
  assert.equal(done.bytes, 29_000)
  assert.deepEqual([...done.served], [[author.noiseKey, { blocks: 29, bytes: 29_000 }]])
  assert.ok(core.has(10, 40))
  assert.equal(core.has(0, 50), false)
  assert.deepEqual(await core.seek(15_500), { index: 15, offset: 500 })
  assert.equal(await core.byteOffset(20), 20_000)
  assert.equal((await core.storedBytes()).blockBytes, 30_000)
  assert.ok((await folderBytes(join(folder, 'reader'))) > 0)
})

test('hyper node - a download that nobody serves stops at the signal and goes on when somebody does', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.append([bytesOf('late', 5)])
  const reader = await net.node(join(folder, 'reader'), 'reader')
  const core = await reader.openCore(source.key)
  await reader.join(core, { server: false }).flushed()
  const stop = new AbortController()
  const stopped = core.download(0, 1, { signal: stop.signal })
  stop.abort()
  await assert.rejects(stopped, { code: 'ABORTED' })
  const found = core.download(0, 1)
  await author.join(source, { client: false }).flushed()
  assert.equal((await found).blocks, 1)
})

test('hyper node - a noise key is dialled until it listens; a signal gives it up', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const one = await net.node(join(folder, 'one'), 'one')
  const two = await net.node(join(folder, 'two'), 'two')
  const stop = new AbortController()
  const never = one.connect(seedOf('nobody').toString('hex'), { signal: stop.signal })
  stop.abort()
  await assert.rejects(never, { code: 'PEER_UNREACHABLE' })
  await two.listen()
  const heard = once(two, 'connection')
  const connection = await one.connect(two.noiseKey)
  assert.equal(connection.remoteKey, two.noiseKey)
  assert.equal(connection.isInitiator, true)
  const [other] = await heard
  assert.equal(other.remoteKey, one.noiseKey)
  assert.equal(await one.connect(two.noiseKey), connection)
  const seen: string[] = []
  two.onConnection(peer => seen.push(peer.remoteKey))
  assert.deepEqual(seen, [one.noiseKey])
  const lost = once(one, 'disconnection')
  other.stream.destroy()
  await lost
  assert.deepEqual(one.connections, [])
})

test('hyper node - closing ends a dial that waits', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const node = await net.node(join(folder, 'one'), 'one')
  const waiting = node.connect(seedOf('nobody').toString('hex'))
  const closed = node.close()
  await assert.rejects(waiting, { code: 'ABORTED' })
  await closed
})

test('hyper node - a block above what hypercore takes, and an append to a core of others, are refused', async t => {
  const folder = await tempFolder(t)
  const node = new HyperNode({ storage: folder, seed: seedOf('author') })
  await node.ready()
  t.after(() => node.close())
  const core = await node.createCore('data')
  await assert.rejects(core.append([Buffer.alloc(16 * 1024 * 1024)]), { code: 'BAD_ARGUMENT' })
  const foreign = await node.openCore('ab'.repeat(32))
  await assert.rejects(foreign.append([Buffer.from('x')]), { code: 'BAD_ARGUMENT' })
  await assert.rejects(core.download(3, 1), { code: 'BAD_RANGE' })
})

test('hyper node - is found again, by key and by topic, when the DHT was away and has forgotten it', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const [address] = net.bootstrap.addresses
  const server = await net.node(join(folder, 'server'), 'server')
  const core = await server.createCore('data')
  await core.append([bytesOf('a block', 1_000)])
  await server.join(core).flushed()
  const lost = once(server, 'network-lost')
  await net.bootstrap.close()
  await lost
  const again = await startBootstrap(address ?? {})
  t.after(() => again.close())
  const signal = AbortSignal.timeout(100_000)
  const client = await net.node(join(folder, 'client'), 'client')
  await client.connect(server.noiseKey, { signal })
  const reader = await net.node(join(folder, 'reader'), 'reader')
  const copy = await reader.openCore(core.key)
  reader.join(copy, { server: false, client: true })
  assert.equal((await copy.get(0, { signal })).length, 1_000)
})
