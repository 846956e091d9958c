import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Core } from '../../src/hyper/core.ts'
import { measureSample, type SampleRequest } from '../../src/hyper/measure.ts'
import type { HyperNode } from '../../src/hyper/node.ts'
import { connectOnce } from '../../src/hyper/one-time.ts'
import { bytesOf, LocalNet, tempFolder } from './helpers.ts'

const SIZES = Array.from({ length: 20 }, (_, index) => [65_536, 0, 17, 30_000][index % 4] ?? 0)

interface Scene {
  net: LocalNet
  folder: string
  pinner: HyperNode
  core: Core
  verifier: HyperNode
  request: SampleRequest
}

/** A pinner that listens, and a verifier that knows the tree from the chain. */
async function scene(t: TestContext): Promise<Scene> {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  const core = await pinner.createCore('data')
  await core.append(SIZES.map((size, index) => bytesOf(`sampled ${index}`, size)))
  await pinner.listen()
  const { fork, length, byteLength, treeHash } = await core.treeFacts(() => [])
  const verifier = await net.node(join(folder, 'verifier'), 'verifier')
  const request: SampleRequest = {
    coreKey: core.key,
    peer: pinner.noiseKey,
    tree: { fork, length, byteLength, treeHash },
    indexes: [3, 19, 0, 8],
    connectTimeoutMs: 10_000,
    timeoutMs: 10_000,
    tempFolder: folder
  }
  return { net, folder, pinner, core, verifier, request }
}

async function samplesLeft(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(name => name.startsWith('sample-'))
}

test('measure - a sample comes from the one peer, by a key that nobody knows, and leaves nothing behind', async t => {
  const { verifier, pinner, request, folder } = await scene(t)
  const met = once(pinner, 'connection')
  const result = await measureSample(verifier, request)
  assert.equal(result.outcome, 'Served')
  assert.deepEqual([...result.data.keys()], [0, 3, 8, 19])
  for (const [index, block] of result.data) {
    assert.deepEqual(Buffer.from(block), bytesOf(`sampled ${index}`, SIZES[index] ?? 0))
  }
  assert.equal(result.blocks, 4)
  assert.equal(result.bytes, 65_536 + 30_000 + 65_536 + 30_000)
  assert.ok(result.ttfbMs !== null && result.ttfbMs > 0 && result.ttfbMs <= result.elapsedMs)
  assert.ok(result.kibPerS > 0)
  const [connection] = await met
  assert.notEqual(connection.remoteKey, verifier.noiseKey)
  assert.deepEqual(await samplesLeft(folder), [])
})

test('measure - a longer tree of the same core is as good as the pinned one', async t => {
  const { verifier, core, request } = await scene(t)
  await core.append([bytesOf('appended', 500)])
  assert.equal((await measureSample(verifier, request)).outcome, 'Served')
})

test('measure - nobody at that key is Unreachable', async t => {
  const { net, folder, verifier, request } = await scene(t)
  const absent = await net.node(join(folder, 'absent'), 'absent')
  const result = await measureSample(verifier, { ...request, peer: absent.noiseKey })
  assert.equal(result.outcome, 'Unreachable')
  assert.equal(result.ttfbMs, null)
  await assert.rejects(connectOnce(verifier, absent.noiseKey), { code: 'PEER_UNREACHABLE' })
})

test('measure - a node that is cut off itself blames nobody', async t => {
  const { net, verifier, pinner, request } = await scene(t)
  await verifier.dht.fullyBootstrapped()
  await net.bootstrap.close()
  await pinner.close()
  await assert.rejects(measureSample(verifier, { ...request, connectTimeoutMs: 300 }), {
    code: 'DHT_UNREACHABLE'
  })
  await assert.rejects(connectOnce(verifier, request.peer, AbortSignal.timeout(300)), {
    code: 'DHT_UNREACHABLE'
  })
  await assert.rejects(connectOnce(verifier, request.peer, AbortSignal.abort()), { code: 'ABORTED' })
})

test('measure - a peer without a sampled block is TimedOut', async t => {
  const { verifier, core, request, folder } = await scene(t)
  await core.forget(8, 9)
  const result = await measureSample(verifier, { ...request, timeoutMs: 400 })
  assert.equal(result.outcome, 'TimedOut')
  assert.equal(result.blocks, 3)
  assert.deepEqual(await samplesLeft(folder), [])
})

test('measure - a peer that hangs up is TimedOut, unless this node is cut off itself', async t => {
  for (const isCutOff of [false, true]) {
    const { net, verifier, pinner, core, request } = await scene(t)
    await core.forget(8, 9)
    let asked = 0
    let came = () => {}
    const first = new Promise<void>(resolve => {
      came = resolve
    })
    // The clock is read when the connection is open, and then for each block.
    const now = () => {
      asked += 1
      if (asked === 2) came()
      return asked
    }
    const measured = measureSample(verifier, { ...request, now })
    measured.catch(() => undefined)
    await first
    if (isCutOff) await net.bootstrap.close()
    await pinner.close()
    if (isCutOff) await assert.rejects(measured, { code: 'DHT_UNREACHABLE' })
    else assert.equal((await measured).outcome, 'TimedOut')
  }
})

test('measure - another tree than the one on the chain is WrongData', async t => {
  const { verifier, request } = await scene(t)
  const tree = { ...request.tree, treeHash: new Uint8Array(32) }
  const result = await measureSample(verifier, { ...request, tree })
  assert.equal(result.outcome, 'WrongData')
})

test('measure - a peer that sends other bytes than it signed is WrongData', async t => {
  const { verifier, core, request } = await scene(t)
  const { storage } = core.session.core.state
  const read = storage.read.bind(storage)
  storage.read = (...args) => {
    const batch = read(...args)
    const plain = batch.getBlock.bind(batch)
    batch.getBlock = async index => (index === 8 ? bytesOf('forged', 65_536) : plain(index))
    return batch
  }
  const result = await measureSample(verifier, request)
  assert.equal(result.outcome, 'WrongData')
  assert.equal(result.data.has(8), false)
})

test('measure - an abort stops it and leaves nothing behind', async t => {
  const { verifier, core, request, folder, pinner } = await scene(t)
  await core.forget(8, 9)
  const stop = new AbortController()
  const met = once(pinner, 'connection')
  const measured = measureSample(verifier, { ...request, signal: stop.signal })
  await met
  stop.abort()
  await assert.rejects(measured, { code: 'ABORTED' })
  assert.deepEqual(await samplesLeft(folder), [])
})

test('measure - a core that its author cut before it was published is Served', async t => {
  const { verifier, core, request } = await scene(t)
  await core.session.truncate(2)
  await core.append([1, 2, 3].map(index => bytesOf(`second ${index}`, 300)))
  const { fork, length, byteLength, treeHash } = await core.treeFacts(() => [])
  assert.equal(fork, 1n)
  const tree = { fork, length, byteLength, treeHash }
  const result = await measureSample(verifier, { ...request, tree, indexes: [4, 0] })
  assert.equal(result.outcome, 'Served')
  assert.deepEqual(Buffer.from(result.data.get(4) ?? ''), bytesOf('second 3', 300))
})
