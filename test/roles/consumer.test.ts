import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Sink } from '../../roles/consumer.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'
import type { HyperNode } from '../../src/hyper/node.ts'
import { ConsumerNode } from '../../src/node/consumer.ts'
import { PartialFile } from '../../src/store/partial-file.ts'
import { tempFolder } from '../helpers/folder.ts'
import { bytesOf, LocalNet, seedOf } from '../hyper/helpers.ts'

const SIZE = 1000
const COUNT = 600
const BLOCKS = Array.from({ length: COUNT }, (_, i) => bytesOf(`block ${i}`, i % 7 === 0 ? 0 : SIZE))
const CONTENT = Buffer.concat(BLOCKS)
const WHOLE = { start: 0, end: null, encryptionKey: null }
const forever = new AbortController().signal

interface Served {
  net: LocalNet
  folder: string
  key: string
  author: HyperNode
}

/** A core of many blocks, some of them empty, that its author serves. */
async function serve(t: TestContext): Promise<Served> {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const core = await author.createCore('content')
  await core.append(BLOCKS)
  await author.join(core).flushed()
  return { net, folder, key: core.key, author }
}

async function open(t: TestContext, { net, folder }: Served): Promise<ConsumerNode> {
  const { addresses } = net.bootstrap
  const storage = join(folder, 'consumer')
  const config = { storage, chain: [], passphraseFile: null, bootstrap: addresses, host: '127.0.0.1' }
  const node = new ConsumerNode(config)
  t.after(() => node.close())
  await node.ready()
  return node
}

type Receive = Extract<NodeEvent, { type: 'receive' }>

function receives(node: ConsumerNode): Receive[] {
  const told: Receive[] = []
  node.events.on(event => {
    if (event.type === 'receive') told.push(event)
  })
  return told
}

test('consumer - two peers with a half each make the whole, and each is told what it served', async t => {
  const served = await serve(t)
  const { net, folder, key, author } = served
  const helper = await net.node(join(folder, 'helper'), 'helper')
  const half = await helper.openCore(key)
  await helper.join(half).flushed()
  await half.update()
  await half.download(COUNT / 2, COUNT)
  const all = await author.openCore(key)
  await all.forget(COUNT / 2, COUNT)
  const node = await open(t, served)
  const told = receives(node)
  const sink = new PartialFile(join(folder, 'out'))
  await (await node.role(key, sink, WHOLE)).run(forever)
  assert.deepEqual(await readFile(join(folder, 'out')), CONTENT)
  const last = told.at(-1)
  assert.deepEqual([last?.blocks, last?.totalBlocks, last?.bytes], [COUNT, COUNT, CONTENT.length])
  const shares = last?.served ?? {}
  assert.deepEqual(Object.keys(shares).sort(), [author.noiseKey, helper.noiseKey].sort())
  assert.equal(shares[author.noiseKey]?.blocks, COUNT / 2)
  assert.equal(shares[helper.noiseKey]?.blocks, COUNT / 2)
})

/** The author cuts its core, and appends other blocks up to the length that it had, if any; resolves when the reader has seen it. */
async function cut(served: Served, node: ConsumerNode, length: number, others: Buffer[]): Promise<void> {
  const reader = await node.hyper.openCore(served.key)
  const isSeen = once(reader.events, 'truncate')
  const core = await served.author.openCore(served.key)
  await core.session.truncate(length)
  if (others.length > 0) await core.append(others)
  await isSeen
  await reader.close()
}

/** A file that does something else before it takes a block, or after a checkpoint. */
class Interrupted extends PartialFile {
  onBlock = async (_index: number): Promise<void> => {}
  onCheckpoint = async (_next: number): Promise<void> => {}
  #index = 0

  override async write(block: Uint8Array): Promise<void> {
    await this.onBlock(this.#index++)
    await super.write(block)
  }

  override async checkpoint(next: number): Promise<void> {
    await super.checkpoint(next)
    await this.onCheckpoint(next)
  }
}

const OTHERS = Array.from({ length: COUNT - 100 }, (_, i) => bytesOf(`other block ${i}`, SIZE))

/** Runs a download that the author's cut is to end, then another one: it makes the new content. */
async function readsAnew(served: Served, node: ConsumerNode, sink: Interrupted, out: string) {
  const run = (await node.role(served.key, sink, WHOLE)).run(forever)
  await assert.rejects(run, error => isDatdotError(error, 'CORE_FORKED'))
  await sink.close()
  await (await node.role(served.key, new PartialFile(out), WHOLE)).run(forever)
  assert.deepEqual(await readFile(out), Buffer.concat([...BLOCKS.slice(0, 100), ...OTHERS]))
}

test('consumer - blocks of two forks are never in one file: a cut between windows ends it, the next run begins anew', async t => {
  const served = await serve(t)
  await (await served.author.openCore(served.key)).forget(256, COUNT)
  const node = await open(t, served)
  const out = join(served.folder, 'out')
  const sink = new Interrupted(out)
  sink.onCheckpoint = async next => {
    if (next === 256) await cut(served, node, 100, OTHERS)
  }
  await readsAnew(served, node, sink, out)
})

test('consumer - a cut in the middle of a window leaves nothing of it to go on with', async t => {
  const served = await serve(t)
  const node = await open(t, served)
  const out = join(served.folder, 'out')
  const sink = new Interrupted(out)
  sink.onBlock = async index => {
    if (index === 150) await cut(served, node, 100, OTHERS)
  }
  sink.onCheckpoint = async () => assert.fail('what was written is of no fork that is left')
  await readsAnew(served, node, sink, out)
})

test('consumer - a cut below the wanted end ends the waiting for its blocks', async t => {
  const served = await serve(t)
  await (await served.author.openCore(served.key)).forget(256, COUNT)
  const node = await open(t, served)
  const sink = new Interrupted(join(served.folder, 'out'))
  sink.onCheckpoint = () => cut(served, node, 200, [])
  const run = (await node.role(served.key, sink, { ...WHOLE, end: 300 })).run(AbortSignal.timeout(20_000))
  await assert.rejects(run, error => isDatdotError(error, 'CORE_FORKED'))
  await sink.close()
})

/** A file whose disk is full after some blocks. */
class FullDisk implements Sink {
  readonly file: PartialFile
  #left: number

  constructor(path: string, blocks: number) {
    this.file = new PartialFile(path)
    this.#left = blocks
  }

  resume(wanted: Parameters<Sink['resume']>[0]): Promise<number> {
    return this.file.resume(wanted)
  }

  async write(block: Uint8Array): Promise<void> {
    this.#left -= 1
    if (this.#left < 0) throw new DatdotError('DISK_FULL')
    await this.file.write(block)
  }

  checkpoint(next: number): Promise<void> {
    return this.file.checkpoint(next)
  }

  finish(): Promise<void> {
    return this.file.finish()
  }
}

/** A download whose disk is full after some blocks. */
async function interrupted(node: ConsumerNode, key: string, out: string, blocks: number, range = WHOLE) {
  const full = new FullDisk(out, blocks)
  const run = (await node.role(key, full, range)).run(forever)
  await assert.rejects(run, error => isDatdotError(error, 'DISK_FULL'))
  await full.file.close()
}

test('consumer - after a full disk it goes on from the last checkpoint, other downloads begin again', async t => {
  const served = await serve(t)
  const { folder, key } = served
  const out = join(folder, 'out')
  const node = await open(t, served)
  await interrupted(node, key, out, 300)
  const { next, bytes } = JSON.parse(await readFile(`${out}.part.json`, 'utf8'))
  assert.equal(next, 256)
  assert.equal(bytes, Buffer.concat(BLOCKS.slice(0, 256)).length)

  const told = receives(node)
  await (await node.role(key, new PartialFile(out), WHOLE)).run(forever)
  assert.deepEqual(await readFile(out), CONTENT)
  assert.ok((told[0]?.blocks ?? 0) >= 256)

  const other = { ...WHOLE, start: 100 }
  await interrupted(node, key, out, 10, other)
  await (await node.role(key, new PartialFile(out), other)).run(forever)
  assert.deepEqual(await readFile(out), Buffer.concat(BLOCKS.slice(100)))
})

test('consumer - an encrypted core that was begun without its key begins anew with it', async t => {
  const served = await serve(t)
  const { net, folder } = served
  const encryptionKey = seedOf('encryption')
  const stranger = net.stock(join(folder, 'stranger'))
  const core = stranger.store.get({ name: 'hidden', encryptionKey })
  await core.ready()
  await core.append(BLOCKS)
  await stranger.swarm.join(core.discoveryKey, { server: true, client: false }).flushed()
  const key = core.key.toString('hex')
  const out = join(folder, 'out')
  const node = await open(t, served)
  await interrupted(node, key, out, 300)
  await (await node.role(key, new PartialFile(out), { ...WHOLE, encryptionKey })).run(forever)
  assert.deepEqual(await readFile(out), CONTENT)
})

test('consumer - what an earlier run wrote after the wanted end is not in the file', async t => {
  const served = await serve(t)
  const { folder, key } = served
  const out = join(folder, 'out')
  const node = await open(t, served)
  await interrupted(node, key, out, 300)
  await (await node.role(key, new PartialFile(out), { ...WHOLE, end: 100 })).run(forever)
  assert.deepEqual(await readFile(out), Buffer.concat(BLOCKS.slice(0, 100)))
})

test('consumer - an abort in the middle is ABORTED, and nothing is left under way', async t => {
  const served = await serve(t)
  const node = await open(t, served)
  const abort = new AbortController()
  node.events.on(event => {
    if (event.type === 'receive' && event.blocks > 10) abort.abort(new DatdotError('ABORTED'))
  })
  const sink = new PartialFile(join(served.folder, 'out'))
  const run = (await node.role(served.key, sink, WHOLE)).run(abort.signal)
  await assert.rejects(run, error => isDatdotError(error, 'ABORTED'))
  await sink.close()
  await node.close()
})

test('consumer - a core without blocks is refused', async t => {
  const served = await serve(t)
  const { author, folder } = served
  const empty = await author.createCore('empty')
  await author.join(empty).flushed()
  const node = await open(t, served)
  const sink = new PartialFile(join(folder, 'out'))
  const run = (await node.role(empty.key, sink, WHOLE)).run(forever)
  await assert.rejects(run, error => isDatdotError(error, 'CORE_EMPTY'))
})
