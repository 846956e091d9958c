import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setInterval } from 'node:timers/promises'
import type { ProofPlan } from '../../../roles/pinner/due.ts'
import type { NoteTable, PinnerNote } from '../../../roles/pinner/notes.ts'
import type { ReceiverDoor } from '../../../roles/pinner/setup.ts'
import { Pinner, type PinnerModules } from '../../../roles/pinner.ts'
import { spanSecrets } from '../../../roles/span.ts'
import {
  cryptoReady,
  newPhrase,
  phraseToMiniSecret,
  verifySignature
} from '../../../src/chain-client/keys.ts'
import { generateSpanKey } from '../../../src/codec/key.ts'
import { CodecPool } from '../../../src/codec/pool.ts'
import type { Call } from '../../../src/domain/calls.ts'
import type { CopyId, Period, SpanId } from '../../../src/domain/ids.ts'
import { CELL_BYTES } from '../../../src/domain/leaves.ts'
import { sealMessage } from '../../../src/domain/messages.ts'
import type { CopyView } from '../../../src/domain/view.ts'
import type { NodeEvent } from '../../../src/events.ts'
import type { HyperNode } from '../../../src/hyper/node.ts'
import { CoreShelf } from '../../../src/node/core-shelf.ts'
import { identityOf } from '../../../src/node/identity.ts'
import { Copies } from '../../../src/store/copies.ts'
import { StorageFolder } from '../../../src/store/folder.ts'
import { constants, params } from '../../helpers/chain-facts.ts'
import { encodeAll } from '../../helpers/encoded-span.ts'
import { copyView, spanView } from '../../helpers/views.ts'
import { bytesOf, LocalNet, tempFolder } from '../../hyper/helpers.ts'

export const BLOCKS = [100, 40_000, 0, 3_000, 70_000].map((size, index) => bytesOf(`block ${index}`, size))
const PLAIN = Buffer.concat(BLOCKS)
const CAPACITY = 10_000_000
/** A quick chain's. */
const BLOCK_MS = 20

class Table<K, V> implements NoteTable<K, V> {
  readonly rows = new Map<string, [K, V]>()

  readonly changes = new EventEmitter()

  async put(key: K, value: V): Promise<void> {
    this.rows.set(String(key), [key, value])
    this.changes.emit('change')
  }

  async delete(key: K): Promise<void> {
    this.rows.delete(String(key))
    this.changes.emit('change')
  }

  /** Resolves when what is kept under a key is as asked. */
  async until(key: K, isSo: (value: V | undefined) => boolean): Promise<void> {
    while (!isSo(this.rows.get(String(key))?.[1])) await once(this.changes, 'change')
  }

  async *entries(): AsyncGenerator<[K, V]> {
    yield* [...this.rows.values()]
  }
}

/** A pinner's machine beside an author's, and the chain's view of one copy. */
export async function world(t: TestContext) {
  await cryptoReady()
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = async () => {
    const node = await net.node(join(folder, 'author'), 'author')
    const core = await node.createCore('data')
    if (core.length === 0) await core.append(BLOCKS)
    await node.join(core).flushed()
    return { node, core }
  }
  const source = await author()
  const { fork, length, byteLength, treeHash } = await source.core.treeFacts(() => [])
  const tree = { fork, length, byteLength, treeHash }
  const pool = new CodecPool({ workers: 1 })
  const storage = await StorageFolder.open(join(folder, 'pinner'))
  const files = await Copies.open(storage)
  t.after(async () => {
    await pool.close()
    await files.close()
    await storage.close()
  })
  const [me, signer] = [
    identityOf(phraseToMiniSecret(newPhrase())),
    identityOf(phraseToMiniSecret(newPhrase()))
  ]
  const key = await generateSpanKey()
  const span = spanView({ ...inputsOf(signer.account), state: 'Keyed', modulus: key.N })
  const { key: coreKey } = source.core
  const copy = copyView({ coreKey, tree, pinner: me.account, spans: [span] })
  const encoded = await encodeAll({ pool, key, copy, span }, PLAIN)
  const spans = new Table<SpanId, PinnerNote>()
  const plans = new Table<readonly [CopyId, Period], ProofPlan>()
  return { folder, net, author, source, pool, files, me, signer, copy, span, encoded, spans, plans }
}

type World = Awaited<ReturnType<typeof world>>

function inputsOf(signer: string) {
  return { signer, start: 0, end: BLOCKS.length, byteStart: 0, byteLength: PLAIN.length }
}

/** The chain gives what the test says: a head each time, and the copies as they are then. */
function chainOf(copies: readonly CopyView[], refuse: (call: Call) => void) {
  return {
    constants,
    params: async () => params,
    provider: async () => ({ roles: ['pinner'], capacity: BigInt(CAPACITY - params.spanTarget) }),
    heads: async function* (signal: AbortSignal) {
      yield { height: 20, events: [] }
      let height = 20
      try {
        for await (const _ of setInterval(BLOCK_MS, null, { signal })) {
          height += 1
          yield {
            height,
            events: copies.map(({ id }) => ({ event: 'CopyActive', copy: id, firstPeriod: 9 }))
          }
        }
      } catch (error) {
        if (!signal.aborted) throw error
      }
    },
    finalized: () => 0,
    record: async () => ({ proved: true }),
    copiesOfPinner: async function* () {
      yield* copies
    },
    copy: async (id: CopyId) => copies.find(copy => copy.id === id) ?? null,
    submit: async (call: Call) => {
      refuse(call)
      return { height: 21 }
    }
  }
}

/** A signer that delivers all cells at once and seals. */
function signerOf(w: World, beforeCells: () => Promise<void>): ReceiverDoor {
  return {
    receive: async (_span, _signer, receiver) => {
      await beforeCells()
      let at = receiver.held
      for (const batch of w.encoded.cells) {
        at = await receiver.cells(at, batch)
        assert.equal(batch.length % CELL_BYTES, 0)
      }
      const root = w.encoded.tree.root()
      const { tag } = spanSecrets(constants.genesis, w.copy, w.span)
      const seal = { genesis: constants.genesis, spanId: w.span.id, tag, cells: at, root }
      await receiver.seal({ cells: at, root, signature: w.signer.keys.sign(sealMessage(seal)) })
    }
  }
}

/** One run of a pinner on its folder; the chain gives what the test says. */
export async function start(
  w: World,
  copies: CopyView[],
  onReceive: (hyper: HyperNode) => Promise<void> = async () => {},
  refuse: (call: Call) => void = () => {}
) {
  const hyper = await w.net.node(join(w.folder, 'pinner', 'cores'), 'pinner')
  const shelf = new CoreShelf(hyper, { server: true, idle: 0 })
  const events: NodeEvent[] = []
  const corrupt = new EventEmitter<{ block: [string, number, Error] }>()
  const told = new EventEmitter()
  const emit = (event: NodeEvent) => {
    events.push(event)
    told.emit(event.type)
  }
  const modules = {
    context: {
      identity: { account: w.me.account, noiseKey: w.me.noiseKey },
      emit,
      random: (count: number) => new Uint8Array(count),
      now: () => 0
    },
    chain: chainOf(copies, refuse),
    cores: {
      open: (key: string) => shelf.open(key),
      setDecoder: (...args: Parameters<typeof hyper.setDecoder>) => hyper.setDecoder(...args),
      onCorrupt: (listener: (key: string, index: number, error: Error) => void) => {
        corrupt.on('block', listener)
        return () => corrupt.removeListener('block', listener)
      }
    },
    receivers: signerOf(w, () => onReceive(hyper)),
    checks: { serve: () => () => undefined },
    files: w.files,
    pool: w.pool,
    tables: { spans: w.spans, plans: w.plans },
    cursor: { get: async () => null, put: async () => undefined },
    sign: (message: Uint8Array) => w.me.keys.sign(message),
    verify: verifySignature,
    signNoise: w.me.signNoise,
    genesis: () => constants.genesis,
    proveNoiseKey: () => new Uint8Array(64)
  }
  const pinner = new Pinner({ capacity: CAPACITY }, modules as unknown as PinnerModules)
  const stop = new AbortController()
  let running: Promise<void> | null = null
  return {
    hyper,
    pinner,
    events,
    told,
    corrupt,
    run: () => {
      running = pinner.run(stop.signal)
    },
    close: async () => {
      stop.abort()
      await running
      await shelf.close()
      await hyper.close()
    }
  }
}

/** The copy as the chain has it when all is sealed. */
export function sealed({ copy, span, encoded }: World): CopyView {
  const { cells } = encoded.tree
  const done = { ...span, state: 'Sealed' as const, cells, root: encoded.tree.root(), deadline: null }
  return { ...copy, state: 'Active', spans: [done] }
}

/** A first run that brings the copy from nothing to served. */
export async function served(w: World, onReceive?: (hyper: HyperNode) => Promise<void>) {
  const copies = [w.copy]
  const run = await start(w, copies, onReceive)
  run.run()
  await w.spans.until(w.span.id, note => note?.stage === 'agreed')
  copies[0] = sealed(w)
  await w.spans.until(w.span.id, note => note?.stage === 'served')
  return run
}
