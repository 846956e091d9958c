import assert from 'node:assert/strict'
import test from 'node:test'
import { CopyBook } from '../../roles/copies.ts'
import { follow } from '../../roles/loop.ts'
import type { Head, RoleContext } from '../../roles/role.ts'
import type { RpcProvider } from '../../src/chain-client/types.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { DatdotError, type ErrorCode } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'
import { connectFor } from '../chain-client/local-chain.ts'
import { CORE, FACTS, World } from '../chain-client/world.ts'
import { replaced } from '../helpers/replaced.ts'
import { copyView, ME } from '../helpers/views.ts'

function context(events: NodeEvent[]): RoleContext {
  return {
    identity: { account: ME, noiseKey: ME },
    emit: event => events.push(event),
    random: count => new Uint8Array(count),
    now: () => 0
  }
}

/** Gives these heights, then waits for the signal as a chain does. */
async function* heads(heights: number[], abort: AbortController): AsyncGenerator<Head> {
  for (const height of heights) yield { height, events: [], pruned: false }
  abort.abort()
}

async function run(
  heights: number[],
  options: { seen?: number; failures?: number; code?: ErrorCode; finalized?: number } = {}
) {
  const abort = new AbortController()
  const events: NodeEvent[] = []
  const [decided, noted]: [number[], number[]] = [[], []]
  let failures = options.failures ?? 0
  const reader = {
    copies: async function* () {
      failures -= 1
      if (failures >= 0) throw new DatdotError(options.code ?? 'CHAIN_UNREACHABLE')
      yield copyView()
    },
    copy: async () => null
  }
  const decide = (height: number) => {
    decided.push(height)
    return []
  }
  await follow(
    {
      context: context(events),
      chain: { heads: () => heads(heights, abort), finalized: () => options.finalized ?? 0 },
      book: new CopyBook(reader, () => true),
      cursor: {
        get: async () => options.seen ?? null,
        put: async height => {
          noted.push(height)
        }
      },
      decide
    },
    abort.signal
  )
  return { events, decided, noted }
}

test('follow - decides at each head and keeps its height', async () => {
  const { decided, noted } = await run([5, 6, 7])
  assert.deepEqual(decided, [5, 6, 7])
  assert.deepEqual(noted, [5, 6, 7])
})

test('follow - does nothing while the chain is behind what it has seen before', async () => {
  const { decided, events } = await run([5, 6, 7], { seen: 7 })
  assert.deepEqual(decided, [7])
  assert.equal(events.filter(event => event.type === 'waiting').length, 2)
})

test('follow - decides nothing on a chain that it could not read, and goes on when it can', async () => {
  const { decided, events } = await run([5, 6, 7], { failures: 2 })
  assert.deepEqual(decided, [7])
  const warnings = events.filter(event => event.type === 'warning')
  assert.deepEqual(
    warnings.map(event => event.code),
    ['CHAIN_UNREACHABLE', 'CHAIN_UNREACHABLE']
  )
})

test('follow - a node of the chain that fails to answer ends no role', async () => {
  const { decided } = await run([5, 6], { failures: 1, code: 'CHAIN_FAILED' })
  assert.deepEqual(decided, [6])
})

test('follow - decides nothing at heights that are over, and applies them all the same', async () => {
  const { decided, noted, events } = await run([5, 6, 7, 8, 9], { finalized: 9 })
  assert.deepEqual(decided, [7, 8, 9])
  assert.deepEqual(noted, [5, 6, 7, 8, 9])
  assert.equal(events.filter(event => event.type === 'height').length, 5)
})

test('follow - reads all copies again once for blocks whose events nobody keeps', async () => {
  const abort = new AbortController()
  let finalized = 5
  let loads = 0
  let copies = [copyView({ id: 1n })]
  const reader = {
    copies: async function* () {
      loads += 1
      yield* copies
    },
    copy: async () => null
  }
  async function* losing(): AsyncGenerator<Head> {
    yield { height: 5, events: [], pruned: false }
    copies = [copyView({ id: 2n })]
    finalized = 8
    for (const height of [6, 7]) yield { height, events: [], pruned: true }
    yield { height: 8, events: [], pruned: false }
    copies = [copyView({ id: 3n })]
    finalized = 9
    yield { height: 9, events: [], pruned: true }
    abort.abort()
  }
  const book = new CopyBook(reader, () => true)
  const decided: [height: number, copies: bigint[]][] = []
  await follow(
    {
      context: context([]),
      chain: { heads: losing, finalized: () => finalized },
      book,
      cursor: { get: async () => null, put: async () => undefined },
      decide: height => {
        decided.push([height, book.copies.map(({ id }) => id)])
        return []
      }
    },
    abort.signal
  )
  assert.deepEqual(decided, [
    [5, [1n]],
    [6, [2n]],
    [7, [2n]],
    [8, [2n]],
    [9, [3n]]
  ])
  assert.equal(loads, 3)
})

test('follow - learns of a copy that was drawn in a block whose state the node has discarded', async t => {
  const world = await World.open()
  t.after(() => world.close())
  await world.register()
  await world.submit(world.supporter, { call: 'publish', facts: FACTS })
  const discarded = new Set<unknown>()
  const node = world.chain.provider()
  const send: RpcProvider['send'] = async (method, params) => {
    if (!discarded.has(params[1])) return node.send(method, params)
    throw Object.assign(new Error('Client error'), { code: -32000, data: 'UnknownBlock: State discarded' })
  }
  const client = await connectFor(t, { provider: replaced<RpcProvider>(node, { send }) })
  const away = async () => {
    const { height: from } = client.finalized()
    await world.submit(world.supporter, { call: 'donate', core: CORE, amount: 100n * DAT, wish: 1 })
    await world.mineUntil(async () => (await (await world.now()).copiesOf(CORE))[0] ?? null)
    await world.chain.mine()
    for await (const { height, hash } of world.client.heads(t.signal, { from: from + 1 })) {
      if (height === world.chain.height) break
      discarded.add(`0x${hash}`)
    }
  }
  const abort = new AbortController()
  const book = new CopyBook(
    {
      copies: async function* () {
        yield* (await client.snapshot()).copies()
      },
      copy: async id => (await client.snapshot()).copy(id)
    },
    () => true
  )
  await follow(
    {
      context: context([]),
      chain: { heads: signal => client.heads(signal), finalized: () => client.finalized().height },
      book,
      cursor: { get: async () => null, put: () => (discarded.size === 0 ? away() : Promise.resolve()) },
      decide: height => {
        if (discarded.size > 0 && height === world.chain.height) abort.abort()
        return []
      }
    },
    abort.signal
  )
  assert.deepEqual(
    book.copies.map(({ coreKey }) => coreKey),
    [CORE]
  )
})

test('follow - tells of what the account was paid', async () => {
  const abort = new AbortController()
  const events: NodeEvent[] = []
  const paid = { event: 'Paid', copy: 1n, period: 3, role: 'pinner', amount: 7n } as const
  async function* paying(): AsyncGenerator<Head> {
    yield {
      height: 1,
      events: [
        { ...paid, who: 'bb'.repeat(32) },
        { ...paid, who: ME, amount: 9n }
      ],
      pruned: false
    }
    abort.abort()
  }
  await follow(
    {
      context: context(events),
      chain: { heads: paying, finalized: () => 0 },
      book: new CopyBook({ copies: async function* () {}, copy: async () => null }, () => true),
      cursor: { get: async () => null, put: async () => undefined },
      decide: () => []
    },
    abort.signal
  )
  const payments = events.filter(event => event.type === 'payment')
  assert.deepEqual(
    payments.map(event => event.amount),
    [9n]
  )
})

test('follow - ends with the error of a decision, also of one that a duty led to', async () => {
  const events: NodeEvent[] = []
  let asked = 0
  const decide = () => {
    asked += 1
    if (asked > 1) throw new DatdotError('INTERNAL', 'a decision that fails')
    return [{ key: 'one', run: async () => undefined }]
  }
  async function* waiting(signal: AbortSignal): AsyncGenerator<Head> {
    yield { height: 1, events: [], pruned: false }
    if (!signal.aborted)
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  }
  const run = follow(
    {
      context: context(events),
      chain: { heads: waiting, finalized: () => 0 },
      book: new CopyBook({ copies: async function* () {}, copy: async () => null }, () => true),
      cursor: { get: async () => null, put: async () => undefined },
      decide
    },
    new AbortController().signal
  )
  await assert.rejects(run, { message: 'a decision that fails' })
})

test('follow - goes on when the disk is too full to note its height', async () => {
  const abort = new AbortController()
  const events: NodeEvent[] = []
  const decided: number[] = []
  await follow(
    {
      context: context(events),
      chain: { heads: () => heads([1, 2], abort), finalized: () => 0 },
      book: new CopyBook({ copies: async function* () {}, copy: async () => null }, () => true),
      cursor: { get: async () => null, put: () => Promise.reject(new DatdotError('DISK_FULL')) },
      decide: height => {
        decided.push(height)
        return []
      }
    },
    abort.signal
  )
  assert.deepEqual(decided, [1, 2])
  assert.equal(events.filter(event => event.type === 'warning').length, 2)
})
