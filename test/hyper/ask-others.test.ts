import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import Corestore from 'corestore'
import type Hypercore from 'hypercore'
import type { ReplicatorPeer } from 'hypercore'
import { Patience } from '../../src/hyper/ask-others.ts'
import { bytesOf, pipe, tempFolder } from './helpers.ts'

interface Reader extends ReplicatorPeer {
  onrequest(message: unknown): Promise<void>
}

const BLOCKS = 40
const SILENT = 5
/** Whoever has not answered for so long is late, even with a block. */
const LONG_MS = 60_000

class Stores {
  readonly #t: TestContext
  readonly #folder: string

  constructor(t: TestContext, folder: string) {
    this.#t = t
    this.#folder = folder
  }

  async open(name: string): Promise<Corestore> {
    const store = new Corestore(join(this.#folder, name))
    await store.ready()
    this.#t.after(() => store.close())
    return store
  }

  /** A store that has all of a core. */
  async copy(name: string, from: Corestore, key: Uint8Array): Promise<{ store: Corestore; core: Hypercore }> {
    const store = await this.open(name)
    const core = store.get({ key })
    await core.ready()
    const disconnect = pipe(store, from)
    await core.download({ start: 0, end: BLOCKS }).done()
    disconnect()
    return { store, core }
  }
}

/** Takes requests and does not answer them until it is told to. */
function mute(core: Hypercore): { asked: Promise<unknown>; answer: () => Promise<unknown> } {
  const held: (() => Promise<void>)[] = []
  let first: (value: unknown) => void = () => {}
  const asked = new Promise(resolve => {
    first = resolve
  })
  core.on('peer-add', (reader: Reader) => {
    const answer = reader.onrequest.bind(reader)
    reader.onrequest = async message => {
      held.push(() => answer(message))
      first(true)
    }
  })
  return { asked, answer: () => Promise.all(held.map(answer => answer())) }
}

/** A reader that has asked silent peers, and then met one that answers. */
async function stuck(t: TestContext, isForked = false) {
  const stores = new Stores(t, await tempFolder(t))
  const author = await stores.open('author')
  const written = author.get({ name: 'core' })
  await written.ready()
  if (isForked) {
    await written.append([bytesOf('old', 10)])
    await written.truncate(0)
  }
  await written.append(Array.from({ length: BLOCKS }, (_, index) => bytesOf(`block ${index}`, 100 + index)))
  const silent = await Promise.all(
    Array.from({ length: SILENT }, (_, i) => stores.copy(`silent-${i}`, author, written.key))
  )
  const muted = silent.map(({ core }) => mute(core))
  const reader = await stores.open('reader')
  const core = reader.get({ key: written.key })
  await core.ready()
  for (const { store } of silent) pipe(store, reader)
  const reading = core.get(BLOCKS - 1, { wait: true })
  await Promise.race(muted.map(({ asked }) => asked))
  const isMet = once(core, 'peer-add')
  pipe(author, reader)
  await isMet
  return { core, reading, muted }
}

/** Lets a minute pass each time that the event loop has nothing else to do, until the work is done. */
async function whileLate<T>(core: Hypercore, work: Promise<T>): Promise<T> {
  const patience = new Patience(core.core)
  let now = performance.now()
  const timer = setInterval(() => {
    now += LONG_MS
    patience.look(now)
  }, 1)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}

test('ask others - a tree, blocks and seeks come though five peers keep silent, and late answers do no harm', async t => {
  const { core, reading, muted } = await stuck(t)
  assert.equal(core.length, 0)
  core.on('verification-error', (error: unknown) => assert.fail(String(error)))
  assert.deepEqual(await whileLate(core, reading), bytesOf(`block ${BLOCKS - 1}`, 100 + BLOCKS - 1))
  assert.deepEqual(await whileLate(core, core.seek(250)), [2, 49])
  await whileLate(core, core.download({ start: 0, end: BLOCKS }).done())
  for (let index = 0; index < BLOCKS; index++)
    assert.deepEqual(await core.get(index, { wait: false }), bytesOf(`block ${index}`, 100 + index))
  const { peers } = core.core.replicator
  const owed = () => peers.reduce((sum, peer) => sum + peer.inflight, 0)
  assert.ok(owed() > 0)
  await Promise.all(muted.map(({ answer }) => answer()))
  while (owed() > 0) await setImmediate()
  assert.equal(peers.length, SILENT + 1)
  assert.ok(peers.every(peer => peer.isActive()))
})

test('ask others - a core that was cut once comes though five peers keep silent', async t => {
  const { core, reading } = await stuck(t, true)
  assert.deepEqual(await whileLate(core, reading), bytesOf(`block ${BLOCKS - 1}`, 100 + BLOCKS - 1))
  assert.equal(core.fork, 1)
})

test('ask others - nobody else is asked for a block while its peer brings bytes, or its time is not over', async t => {
  const { core, reading } = await stuck(t)
  const [block] = core.core.replicator._blocks
  assert.ok(block)
  const asked = () => block.inflight.length
  const before = asked()
  const patience = new Patience(core.core)
  const now = performance.now()
  patience.look(now)
  patience.look(now + 299)
  assert.equal(asked(), before)
  for (const { peer } of block.inflight)
    Object.assign(peer.stream, { rawBytesRead: peer.stream.rawBytesRead + 1024 })
  patience.look(now + 300)
  assert.equal(asked(), before)
  patience.look(now + 600)
  assert.equal(asked(), 2 * before)
  await whileLate(core, reading)
})
