import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Corestore, { type GetOptions } from 'corestore'
import Hypercore, { type Manifest } from 'hypercore'
import HyperDHT from 'hyperdht'
import { verifyEd25519 } from '../../src/codec/signature.ts'
import { toHex } from '../../src/domain/bytes.ts'
import { verifyCuts, verifyTree } from '../../src/domain/publish.ts'
import { innerCuts } from '../../src/domain/spans.ts'
import { hash } from '../../src/hyper/bytes.ts'
import { byteOffset } from '../../src/hyper/tree.ts'
import { nodeReader, treeFacts } from '../../src/hyper/tree-facts.ts'
import { bytesOf, LocalNet, pipe, seedOf, tempFolder } from './helpers.ts'

const keyPair = HyperDHT.keyPair(seedOf('author of all cores'))
const namespace = seedOf('a namespace')
const signers = [{ publicKey: keyPair.publicKey, namespace }]
const SIZES = Array.from({ length: 21 }, (_, index) => [65_536, 1, 0, 255, 11_000][index % 5] ?? 0)

/** The kinds of cores of test/vectors/publish.json. */
const KINDS: Record<string, { options: GetOptions | 'compat'; identity: 'manifest' | 'key' }> = {
  'v1 default': { options: { keyPair }, identity: 'manifest' },
  'v1 with its own namespace': { options: { keyPair, manifest: manifest(1) }, identity: 'manifest' },
  compat: { options: 'compat', identity: 'key' },
  v0: { options: { keyPair, manifest: manifest(0) }, identity: 'manifest' },
  'v2 with user data': {
    options: { keyPair, manifest: manifest(2, { userData: Buffer.from('anything') }) },
    identity: 'manifest'
  },
  'v2 linked': {
    options: { keyPair, manifest: manifest(2, { linked: [seedOf('a'), seedOf('b')] }) },
    identity: 'manifest'
  },
  v3: { options: { keyPair, manifest: manifest(3) }, identity: 'manifest' }
}

function manifest(version: number, more: object = {}): Partial<Manifest> {
  return { version, quorum: 1, signers, ...more }
}

async function stores(t: TestContext): Promise<[author: Corestore, mirror: Corestore, supporter: Corestore]> {
  const folder = await tempFolder(t)
  const open = ['author', 'mirror', 'supporter'].map(name => new Corestore(join(folder, name)))
  t.after(() => Promise.all(open.map(store => store.close())))
  return open as [Corestore, Corestore, Corestore]
}

async function authored(
  t: TestContext,
  store: Corestore,
  options: GetOptions | 'compat'
): Promise<Hypercore> {
  if (options !== 'compat') return store.get(options)
  const core = new Hypercore(await tempFolder(t), null, { keyPair, compat: true })
  t.after(() => core.close())
  return core
}

/** Copies the core to a mirror, then its tree to a supporter that never meets the author. */
async function byReplication(t: TestContext, source: Hypercore, mirror: Corestore, supporter: Corestore) {
  const copy = mirror.get({ key: source.key })
  await copy.ready()
  const one = source.replicate(true)
  const two = mirror.replicate(false)
  one.pipe(two).pipe(one)
  await copy.download({ start: 0, end: source.length }).done()
  one.destroy()
  const seen = supporter.get({ key: source.key })
  await seen.ready()
  t.after(pipe(mirror, supporter))
  await seen.get(0)
  await seen.update({ wait: true })
  return seen
}

function assertVerifies(
  facts: Awaited<ReturnType<typeof treeFacts>>,
  cuts: readonly number[],
  sizes: number[]
) {
  const tree = verifyTree(facts, { hash, verify: verifyEd25519 })
  assert.equal(toHex(tree.key), facts.key)
  assert.deepEqual(tree.treeHash, facts.treeHash)
  assert.equal(tree.byteLength, facts.byteLength)
  for (const { block, byte } of verifyCuts(hash, facts, cuts)) {
    assert.equal(
      byte,
      sizes.slice(0, block).reduce((sum, size) => sum + size, 0)
    )
  }
}

for (const [kind, { options, identity }] of Object.entries(KINDS)) {
  test(`tree facts - a supporter proves a ${kind} core without its author`, async t => {
    const [author, mirror, supporter] = await stores(t)
    const source = await authored(t, author, options)
    await source.ready()
    await source.append(SIZES.map((size, index) => bytesOf(`${kind} ${index}`, size)))
    const seen = await byReplication(t, source, mirror, supporter)
    const cuts = innerCuts(source.byteLength, source.length, 20_000)
    assert.equal(cuts.length, 9)
    const facts = await treeFacts(seen, () => cuts)
    assert.ok(identity in facts.identity)
    assert.equal(facts.length, 21)
    assertVerifies(facts, cuts, SIZES)
  })
}

test('tree facts - a core of exactly its prologue has a zero signature, a longer one its own', async t => {
  const [author, mirror, supporter] = await stores(t)
  const blocks = SIZES.slice(0, 6).map((size, index) => bytesOf(`prologue ${index}`, size))
  const first = author.get({ keyPair })
  await first.ready()
  await first.append(blocks)
  const prologue = { hash: await first.treeHash(), length: first.length }
  const source = author.get({ keyPair, manifest: { ...manifest(1), prologue } })
  await source.ready()
  await source.append(blocks)
  const seen = await byReplication(t, source, mirror, supporter)
  const facts = await treeFacts(seen, () => [2, 4])
  assert.deepEqual(facts.signature, new Uint8Array(64))
  assertVerifies(facts, [2, 4], SIZES)

  await source.append([bytesOf('one more', 9)])
  const longer = await treeFacts(source, () => [2, 4])
  assert.notDeepEqual(longer.signature, new Uint8Array(64))
  assertVerifies(longer, [2, 4], [...SIZES.slice(0, 6), 9])
})

test('tree facts - lengths around powers of two, each even cut', async t => {
  const [author] = await stores(t)
  const source = author.get({ keyPair })
  await source.ready()
  const sizes: number[] = []
  for (const length of [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33]) {
    while (sizes.length < length) {
      const size = (sizes.length * 37) % 100
      sizes.push(size + (sizes.length === 0 ? 1 : 0))
      await source.append([bytesOf(`power ${sizes.length}`, sizes.at(-1) ?? 0)])
    }
    const cuts = sizes.map((_, index) => index).filter(index => index > 0 && index % 2 === 0)
    assertVerifies(await treeFacts(source, () => cuts), cuts, sizes)
    for (let block = 0; block <= length; block++) {
      const before = sizes.slice(0, block).reduce((sum, size) => sum + size, 0)
      assert.equal(await byteOffset(nodeReader(source), length, block), before)
    }
  }
})

test('tree facts - several signers are refused, an empty core too', async t => {
  const [author] = await stores(t)
  const empty = author.get({ keyPair })
  await empty.ready()
  await assert.rejects(
    treeFacts(empty, () => []),
    { code: 'CORE_EMPTY' }
  )
  const other = HyperDHT.keyPair(seedOf('another signer'))
  const two = [...signers, { publicKey: other.publicKey, namespace }]
  const source = author.get({ keyPair, manifest: { version: 1, quorum: 1, signers: two } })
  await source.ready()
  await source.append([Buffer.from('block')])
  const facts = treeFacts(source, () => []).then(found => verifyTree(found, { hash, verify: verifyEd25519 }))
  await assert.rejects(facts, { code: 'CORE_UNSUPPORTED' })
})

test('tree facts - a core of too many empty blocks is refused before it is published', async t => {
  const [author] = await stores(t)
  const source = author.get({ keyPair, manifest: manifest(1) })
  await source.ready()
  await source.append([Buffer.from('x'), ...Array.from({ length: 209_715 }, () => Buffer.alloc(0))])
  await assert.rejects(
    treeFacts(source, () => []),
    { code: 'CORE_UNSUPPORTED', message: /too many/ }
  )
})

test('tree facts - over the swarm, from a mirror that announces the core', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.appendAll(SIZES.map((size, index) => bytesOf(`swarm ${index}`, size)))
  await author.join(source, { client: false }).flushed()
  const supporter = await net.node(join(folder, 'supporter'), 'supporter')
  const seen = await supporter.openCore(source.key)
  supporter.join(seen, { server: false })
  await seen.update()
  const cutsOf = (tree: { length: number; byteLength: number }) =>
    innerCuts(tree.byteLength, tree.length, 20_000)
  const facts = await seen.treeFacts(cutsOf)
  assertVerifies(facts, cutsOf(facts), SIZES)
  assert.equal(seen.has(0, SIZES.length), false)
})
