import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Corestore from 'corestore'
import HyperDHT from 'hyperdht'
import type { TreeView } from '../../src/domain/view.ts'
import type { Core } from '../../src/hyper/core.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { bytesOf, LocalNet, pipe, seedOf, tempFolder } from './helpers.ts'

const within = () => ({ signal: AbortSignal.timeout(20_000) })

async function treeOf(core: Core): Promise<TreeView> {
  const { fork, length, byteLength, treeHash } = await core.treeFacts(() => [])
  return { fork, length, byteLength, treeHash }
}

async function authored(net: LocalNet, folder: string) {
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.append([bytesOf('a', 500), bytesOf('b', 600), bytesOf('c', 700)])
  await author.join(source, { client: false }).flushed()
  return source
}

async function forked(source: Core, name: string): Promise<TreeView> {
  await source.session.truncate(1)
  await source.append([1, 2, 3].map(index => bytesOf(`${name} ${index}`, 50)))
  return treeOf(source)
}

async function opened(net: LocalNet, folder: string, name: string, key: string) {
  const node = await net.node(join(folder, name), name)
  const core = await node.openCore(key)
  await node.join(core).flushed()
  return { node, core }
}

async function world(t: TestContext) {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  return { folder, net, source: await authored(net, folder) }
}

test('tree guard - a tree that its author cut before it was published is kept', async t => {
  const { folder, net, source } = await world(t)
  const tree = await forked(source, 'second')
  assert.equal(tree.fork, 1n)
  const { core } = await opened(net, folder, 'pinner', source.key)
  await core.keepTree(tree, within())
  await core.download(0, tree.length, within())
  assert.deepEqual(Buffer.from((await core.getLocal(3)) ?? ''), bytesOf('second 3', 50))
})

test('tree guard - who has an older fork goes on to the one on the chain and no further', async t => {
  const { folder, net, source } = await world(t)
  const { node, core } = await opened(net, folder, 'pinner', source.key)
  await core.keepTree(await treeOf(source), within())
  await core.download(0, 3, within())
  const refused = once(node, 'fork-refused')
  const tree = await forked(source, 'second')
  await refused
  assert.equal(core.fork, 0)
  await core.keepTree(tree, within())
  await core.download(0, tree.length, within())
  const again = once(node, 'fork-refused')
  await forked(source, 'third')
  await again
  assert.equal(core.fork, 1)
  assert.equal(await core.isTree(tree), true)
})

test('tree guard - a fork signed by the author does not take the kept tree away, also after a restart', async t => {
  const { folder, net, source } = await world(t)
  const first = await opened(net, folder, 'pinner', source.key)
  const tree = await treeOf(source)
  await first.core.keepTree(tree, within())
  await first.core.download(0, 3, within())
  const follower = await opened(net, folder, 'follower', source.key)
  await follower.core.waitForLength(3, within())
  const cut = once(follower.core.events, 'truncate')
  await first.node.close()
  await forked(source, 'second')
  await cut
  const { node, core } = await opened(net, folder, 'pinner', source.key)
  if (core.remoteFork === 0) await once(node, 'fork-refused')
  assert.equal(follower.core.fork, 1)
  assert.equal(core.fork, 0)
  assert.equal(await core.isTree(tree), true)
  assert.deepEqual(Buffer.from((await core.getLocal(2)) ?? ''), bytesOf('c', 700))
})

test('tree guard - another tree of the same fork and size is told from the one on the chain before its blocks are loaded', async t => {
  const { folder, net, source } = await world(t)
  const tree = { ...(await treeOf(source)), treeHash: new Uint8Array(32) }
  const { core } = await opened(net, folder, 'pinner', source.key)
  await assert.rejects(core.keepTree(tree, within()), { code: 'CORE_FORKED' })
  assert.equal(core.has(0), false)
})

test('tree guard - a tree is known as the beginning of a longer one', async t => {
  const { folder, net, source } = await world(t)
  const tree = await treeOf(source)
  await source.append([bytesOf('d', 10), bytesOf('e', 20)])
  const { core } = await opened(net, folder, 'pinner', source.key)
  await core.keepTree(tree, within())
  assert.equal(core.length, 5)
  assert.equal(await core.isTree({ ...tree, length: 2 }), false)
})

test('tree guard - a fork that has passed the tree on the chain is an error, and a fresh start finds that tree at who kept it', async t => {
  const { folder, net, source } = await world(t)
  const tree = await treeOf(source)
  const pinner = await opened(net, folder, 'pinner', source.key)
  await pinner.core.keepTree(tree, within())
  await pinner.core.download(0, 3, within())
  await forked(source, 'second')
  const { node, core } = await opened(net, folder, 'late', source.key)
  if (core.fork === 0) await once(core.events, 'truncate')
  await assert.rejects(core.keepTree(tree, within()), { code: 'CORE_FORKED' })
  await core.purge()
  const fresh = await node.openCore(source.key)
  await fresh.keepTree(tree, within())
  assert.deepEqual(Buffer.from(await fresh.get(2, within())), bytesOf('c', 700))
})

test('tree guard - another tree of the same length and fork is refused, and the core goes on', async t => {
  const folder = await tempFolder(t)
  const keyPair = HyperDHT.keyPair(seedOf('an author that signs twice'))
  const [one, two] = [new Corestore(join(folder, 'one')), new Corestore(join(folder, 'two'))]
  t.after(() => Promise.all([one.close(), two.close()]))
  const [real, other] = [one.get({ keyPair }), two.get({ keyPair })]
  await Promise.all([real.ready(), other.ready()])
  await real.append([bytesOf('a', 10), bytesOf('b', 20), bytesOf('c', 30)])
  await other.append([bytesOf('x', 10), bytesOf('y', 20), bytesOf('z', 30)])
  const pinner = new HyperNode({ storage: join(folder, 'pinner'), seed: seedOf('pinner') })
  await pinner.ready()
  t.after(() => pinner.close())
  const core = await pinner.openCore(real.key.toString('hex'))
  const disconnect = pipe(one, core.session)
  const treeHash = await real.treeHash()
  await core.keepTree({ fork: 0n, length: 3, byteLength: 60, treeHash }, within())
  await core.get(0)
  const alone = once(core.events, 'peer-remove')
  disconnect()
  await alone
  const refused = once(pinner, 'fork-refused')
  const stop = new AbortController()
  t.after(pipe(two, core.session))
  const missing = core.get(1, { signal: stop.signal })
  assert.deepEqual(await refused, [{ coreKey: core.key, fork: 0, length: 3 }])
  stop.abort()
  await assert.rejects(missing, { code: 'ABORTED' })
  t.after(pipe(one, core.session))
  assert.deepEqual(Buffer.from(await core.get(1)), bytesOf('b', 20))
})

test('tree guard - who has an older fork goes on to a newer one that only a reader of it has', async t => {
  const { folder, net, source } = await world(t)
  const first = await opened(net, folder, 'first', source.key)
  const old = await treeOf(source)
  await first.core.keepTree(old, within())
  await first.core.download(0, 3, within())
  const tree = await forked(source, 'second')
  const second = await opened(net, folder, 'second', source.key)
  await second.core.keepTree(tree, within())
  await second.core.download(0, tree.length, within())
  await net.closeFirst()
  const third = await opened(net, folder, 'third', source.key)
  await third.core.keepTree(old, within())
  await third.core.keepTree(tree, within())
  assert.deepEqual(Buffer.from(await third.core.get(3, within())), bytesOf('second 3', 50))
})
