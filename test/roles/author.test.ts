import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { AuthorOptions } from '../../roles/author.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'
import { AuthorNode } from '../../src/node/author.ts'
import { tempFolder } from '../helpers/folder.ts'
import { bytesOf, LocalNet } from '../hyper/helpers.ts'

const forever = new AbortController().signal

async function open(t: TestContext, storage: string, net: LocalNet): Promise<AuthorNode> {
  const { addresses } = net.bootstrap
  const config = { storage, chain: [], passphraseFile: null, bootstrap: addresses, host: '127.0.0.1' }
  const node = new AuthorNode(config)
  t.after(() => node.close())
  await node.ready()
  return node
}

async function* stream(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

const publish = (sources: AsyncIterable<Uint8Array>[]): AuthorOptions => ({
  sources,
  appendTo: null,
  blockSizes: [1000],
  serve: false
})

test('author - each source begins a new block, and a core that was closed is appended to', async t => {
  const net = await LocalNet.start(t)
  const storage = join(await tempFolder(t), 'author')
  const parts = [bytesOf('a', 2500), bytesOf('b', 1), bytesOf('c', 1000)]
  const first = await open(t, storage, net)
  const told: NodeEvent[] = []
  first.events.on(event => told.push(event))
  await first.role(publish(parts.map(part => stream(part)))).run(forever)
  const made = told.find(event => event.type === 'core')
  assert.ok(made)
  assert.deepEqual([made.length, made.byteLength, made.serving], [5, 3501, false])
  const last = told.findLast(event => event.type === 'append')
  assert.deepEqual([last?.blocks, last?.bytes], [5, 3501])
  await first.close()

  const second = await open(t, storage, net)
  const more = { ...publish([stream(bytesOf('d', 10))]), appendTo: made.core }
  await second.role(more).run(forever)
  const core = await second.hyper.openCore(made.core)
  const sizes: number[] = []
  for await (const size of core.blockSizes(0, core.length)) sizes.push(size)
  assert.deepEqual(sizes, [1000, 1000, 500, 1, 1000, 10])
  const bytes = await Promise.all(sizes.map((_, index) => core.get(index)))
  assert.deepEqual(Buffer.concat(bytes), Buffer.concat([...parts, bytesOf('d', 10)]))
  await core.close()
})

test('author - sources without a byte make no core', async t => {
  const net = await LocalNet.start(t)
  const node = await open(t, await tempFolder(t), net)
  const nothing = publish([stream(), stream(new Uint8Array(0))])
  await assert.rejects(node.role(nothing).run(forever), error => isDatdotError(error, 'CORE_EMPTY'))
  const serve = { ...publish([]), serve: true }
  await assert.rejects(node.role(serve).run(forever), error => isDatdotError(error, 'NOT_FOUND'))
})

test('author - a source that fails fails the run, and what came before is kept', async t => {
  const net = await LocalNet.start(t)
  const node = await open(t, await tempFolder(t), net)
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytesOf('e', 5 * 2 ** 20)
    throw new Error('the cable was pulled')
  }
  const told: NodeEvent[] = []
  node.events.on(event => told.push(event))
  const run = node.role({ ...publish([broken()]), blockSizes: [65_536] }).run(forever)
  await assert.rejects(run, /the cable was pulled/)
  const kept = told.findLast(event => event.type === 'append')
  assert.ok(kept && kept.bytes >= 4 * 2 ** 20)
  const core = await node.hyper.openCore(kept.core)
  assert.equal(core.byteLength, kept.bytes)
  await core.close()
})

test('author - an abort ends the appending and the serving', async t => {
  const net = await LocalNet.start(t)
  const node = await open(t, await tempFolder(t), net)
  const abort = new AbortController()
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let i = 0; ; i++) {
      if (i === 3) abort.abort()
      yield bytesOf(`f${i}`, 1000)
    }
  }
  const run = node.role(publish([endless()])).run(abort.signal)
  await assert.rejects(run, error => isDatdotError(error, 'ABORTED'))

  const stop = new AbortController()
  node.events.on(event => {
    if (event.type === 'core' && event.serving) stop.abort()
  })
  await node.role({ ...publish([stream(bytesOf('g', 5))]), serve: true }).run(stop.signal)
})

const MIB = 2 ** 20
const CONTENT = bytesOf('content', 5 * MIB + 5)

/** An act on an input that can be read again. */
const named = (content: Uint8Array, appendTo: string | null) => ({
  ...publish([stream(content)]),
  blockSizes: [100_000, 7],
  appendTo,
  input: 'file'
})

type Act = AuthorOptions & { input?: string }

/** Runs an author that is stopped in the third batch; returns the core. */
async function stopped(t: TestContext, storage: string, net: LocalNet, act: Act): Promise<string> {
  const node = await open(t, storage, net)
  const abort = new AbortController()
  let core = ''
  let batches = 0
  node.events.on(event => {
    if (event.type !== 'append') return
    core = event.core
    batches += 1
    if (batches === 2) abort.abort(new DatdotError('ABORTED'))
  })
  await assert.rejects(node.role(act).run(abort.signal))
  await node.close()
  return core
}

/** All bytes of a core. */
async function read(node: AuthorNode, key: string): Promise<Buffer> {
  const core = await node.hyper.openCore(key)
  const blocks: Uint8Array[] = []
  for (let index = 0; index < core.length; index++) blocks.push(await core.get(index))
  await core.close()
  return Buffer.concat(blocks)
}

test('author - an input that was stopped is appended once when it is run again, to the same core', async t => {
  const net = await LocalNet.start(t)
  const storage = join(await tempFolder(t), 'author')
  const key = await stopped(t, storage, net, named(CONTENT, null))
  const node = await open(t, storage, net)
  const before = (await read(node, key)).length
  assert.ok(before > MIB && before < 3 * MIB)
  const told: NodeEvent[] = []
  node.events.on(event => told.push(event))
  await node.role(named(CONTENT, null)).run(forever)
  assert.ok(CONTENT.equals(await read(node, key)))
  const last = told.findLast(event => event.type === 'append')
  assert.deepEqual([last?.core, last?.bytes], [key, CONTENT.length])
  await node.close()

  assert.equal(await stopped(t, storage, net, named(CONTENT, key)), key)
  const again = await open(t, storage, net)
  await again.role(named(CONTENT, key)).run(forever)
  assert.ok(Buffer.concat([CONTENT, CONTENT]).equals(await read(again, key)))
  // It has ended: the same words are another append.
  await again.role(named(CONTENT, key)).run(forever)
  assert.ok(Buffer.concat([CONTENT, CONTENT, CONTENT]).equals(await read(again, key)))
})

for (const [how, other] of [
  ['was changed', Buffer.concat([bytesOf('changed', 1), CONTENT.subarray(1)])],
  ['was cut', CONTENT.subarray(0, 100_007)]
] as const)
  test(`author - an input that ${how} since it was stopped is not gone on with, and the next run says so no more`, async t => {
    const net = await LocalNet.start(t)
    const storage = join(await tempFolder(t), 'author')
    const key = await stopped(t, storage, net, named(CONTENT, null))
    const node = await open(t, storage, net)
    const before = await read(node, key)
    const run = node.role(named(other, null)).run(forever)
    await assert.rejects(run, error => isDatdotError(error, 'APPEND_PARTIAL'))
    assert.ok(before.equals(await read(node, key)))
    let core = ''
    node.events.on(event => {
      if (event.type === 'core') core = event.core
    })
    await node.role(named(other, null)).run(forever)
    assert.notEqual(core, key)
    assert.ok(other.equals(await read(node, core)))
  })

test('author - how much of an input is in the core is said when it cannot be read again', async t => {
  const net = await LocalNet.start(t)
  const node = await open(t, await tempFolder(t), net)
  let key = ''
  node.events.on(event => {
    if (event.type === 'core') key = event.core
  })
  await node.role(publish([stream(bytesOf('first', 10))])).run(forever)
  const abort = new AbortController()
  node.events.on(event => {
    if (event.type === 'append') abort.abort(new DatdotError('ABORTED'))
  })
  const act = { ...publish([stream(CONTENT)]), blockSizes: [MIB], appendTo: key }
  await assert.rejects(node.role(act).run(abort.signal), {
    code: 'APPEND_PARTIAL',
    message: `core ${key} has 1 blocks, ${MIB} bytes of the input: Stopped before it was done.`
  })
  const kept = Buffer.concat([bytesOf('first', 10), CONTENT.subarray(0, MIB)])
  assert.ok(kept.equals(await read(node, key)))
})
