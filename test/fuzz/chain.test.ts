import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readEvents } from '../../src/chain-client/events.ts'
import { Reader } from '../../src/chain-client/plain.ts'
import { Rpc, readHeader } from '../../src/chain-client/rpc.ts'
import { Runtime } from '../../src/chain-client/runtime.ts'
import type { RpcProvider, Snapshot } from '../../src/chain-client/types.ts'
import { readShare } from '../../src/chain-client/views.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { connectFor, keysOf, noiseKeys, openBoth, sent, vectorCore } from '../chain-client/local-chain.ts'
import { scaled } from '../helpers/long.ts'
import { answered } from './answers.ts'
import { changedAt, hostile, json, places } from './values.ts'

const numRuns = scaled(1_000, 1_000_000)
const HASH = 'ab'.repeat(32)

const flip = fc.record({
  at: fc.nat(),
  byte: fc.nat({ max: 255 }),
  cut: fc.nat({ max: 6 }),
  more: fc.uint8Array({ maxLength: 6 })
})
type Flip = typeof flip extends fc.Arbitrary<infer T> ? T : never

/** Hex digits with one byte replaced, some cut off, some added. */
function flipped(hex: string, { at, byte, cut, more }: Flip): string {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  if (bytes.length > 0) bytes[at % bytes.length] = byte
  return `0x${Buffer.concat([bytes.subarray(0, Math.max(0, bytes.length - cut)), more]).toString('hex')}`
}

/** An answer with one of its values replaced, or one of its hex strings changed. */
function changed(answer: unknown, { at, ...rest }: Flip, value: unknown, isFlip: boolean): unknown {
  const all = [...places([answer])]
  const path = all[at % all.length] ?? [0]
  const old = path.reduce<unknown>((holder, key) => (holder as Record<string, unknown>)[key], [answer])
  const isHex = typeof old === 'string' && old.startsWith('0x')
  return changedAt([answer], path, isFlip && isHex ? flipped(old, { at, ...rest }) : value)[0]
}

/** A node that answers truly until it is told to change what it says to some methods. */
class LyingProvider implements RpcProvider {
  lie: ((answer: unknown) => unknown) | null = null
  readonly #node: RpcProvider

  constructor(node: RpcProvider) {
    this.#node = node
  }

  get isConnected(): boolean {
    return this.#node.isConnected
  }

  connect = () => this.#node.connect()
  disconnect = () => this.#node.disconnect()
  on: RpcProvider['on'] = (type, listener) => this.#node.on(type, listener)
  subscribe: RpcProvider['subscribe'] = (...args) => this.#node.subscribe(...args)
  unsubscribe: RpcProvider['unsubscribe'] = (...args) => this.#node.unsubscribe(...args)

  async send(method: string, params: unknown[]): Promise<unknown> {
    const answer = await this.#node.send(method, params)
    return this.lie === null ? answer : this.lie(answer)
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const facts = vectorCore('v1 default, one block')

/** Every read of a snapshot. */
function readsOf(account: string): ((snapshot: Snapshot) => Promise<unknown>)[] {
  const { key } = facts
  return [
    s => s.params(),
    s => s.timestampMs(),
    s => s.provider(account),
    s => s.roleSlots('pinner'),
    s => s.core(key),
    s => s.pot(key),
    s => s.shares(key, account),
    s => s.requests(key),
    s => s.requestQueue(),
    s => s.copy(0n),
    s => s.span(0n),
    s => s.copiesOf(key),
    s => s.copiesOfPinner(account),
    s => s.spansOfSigner(account),
    s => collect(s.copies()),
    s => collect(s.cores()),
    s => s.seed(1),
    s => s.periodAt(0),
    s => s.record(0n, 0),
    s => s.totals(),
    s => s.coreParties(key, account),
    s => s.balance(account),
    s => s.nonce(account)
  ]
}

test('fuzz chain - whatever a node says of its state is a view or an error of ours, and ends', async t => {
  const { chain, client } = await openBoth(t)
  const keys = await keysOf(1)
  const { noiseKey, proof } = noiseKeys(client.constants.genesis, keys.account)
  await sent({ chain, client }, keys, {
    call: 'register',
    roles: ['signer', 'pinner'],
    noiseKey,
    proof,
    capacity: 2n ** 30n
  })
  await sent({ chain, client }, keys, { call: 'publish', facts })
  await sent({ chain, client }, keys, { call: 'donate', core: facts.key, amount: 50n * DAT, wish: 2 })
  await chain.mine(20)
  const provider = new LyingProvider(chain.provider())
  const deceived = await connectFor(t, { provider })
  const reads = readsOf(keys.account)
  const snapshot = await deceived.snapshot()
  for (const read of reads) await read(snapshot)
  const lie = fc.tuple(flip, hostile, fc.boolean(), fc.integer({ min: 0, max: 9 }))
  const codes = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: reads.length - 1 }), lie, async (at, [how, value, isFlip, whole]) => {
      provider.lie = answer => (whole === 0 ? value : changed(answer, how, value, isFlip))
      const error = await answered(() => reads[at]?.(snapshot))
      provider.lie = null
      if (error) codes.add(error.code)
    }),
    { numRuns }
  )
  assert.ok(codes.has('CHAIN_FAILED') && codes.has('CHAIN_WRONG'), [...codes].join())
})

test('chain - a node that gives the same keys for ever, or counts slots without end, is found out', async t => {
  const { chain } = await openBoth(t)
  const provider = new LyingProvider(chain.provider())
  const client = await connectFor(t, { provider })
  const snapshot = await client.snapshot()
  const page = Array.from({ length: 256 }, (_, i) => `0x${i.toString(16).padStart(64, '0')}`)
  provider.lie = () => page
  await assert.rejects(collect(snapshot.cores()), { code: 'CHAIN_FAILED' })
  provider.lie = answer =>
    (answer as { changes: [string, string][] }[]).map(set => ({
      ...set,
      changes: set.changes.map(([key]) => [key, '0xffffffff'])
    }))
  await assert.rejects(snapshot.roleSlots('verifier'), { code: 'CHAIN_FAILED' })
})

test('chain - a share of a scale that its pot has not reached is an answer that cannot be true', () => {
  const share = (scale: bigint) => new Reader({ era: 1n, scale, n: 8n, wish: 1n }, 'share')
  const pot = new Reader({ era: 1n, scale: 1n, total: 8n, balance: 5n }, 'pot')
  assert.deepEqual(readShare(share(1n), pot), { shares: 8n, wish: 1, value: 5n })
  assert.throws(
    () => readShare(share(2n ** 32n - 1n), pot),
    error => isDatdotError(error, 'CHAIN_FAILED')
  )
})

test('fuzz chain - any bytes are events, stored values, keys and metadata, or an error of ours', async t => {
  const { chain } = await openBoth(t)
  const rpcProvider = chain.provider()
  await rpcProvider.connect()
  const rpc = new Rpc(rpcProvider, 10_000, new AbortController().signal)
  const head = await rpc.finalizedHead()
  const [metadata, version] = [await rpc.metadata(head), await rpc.runtimeVersion(head)]
  const runtime = new Runtime(metadata, version)
  const [whole] = await rpc.storage([runtime.key('system', 'events').hex], head)
  await rpcProvider.disconnect()
  const bytes = fc.uint8Array({ maxLength: 200 }).map(given => `0x${Buffer.from(given).toString('hex')}`)
  const events = fc.oneof(
    bytes,
    flip.map(how => flipped(whole ?? '0x', how))
  )
  const items = fc.constantFrom(
    ...[
      'providers',
      'cores',
      'pots',
      'shares',
      'requests',
      'copies',
      'spans',
      'records',
      'seeds',
      'params',
      'roleSlots'
    ]
  )
  await fc.assert(
    fc.asyncProperty(events, bytes, items, async (log, value, item) => {
      await answered(() => readEvents(runtime.events(log), runtime))
      await answered(() => runtime.decode({ pallet: 'datdot', item }, value))
      await answered(() => runtime.arguments('datdot', item, value))
      await answered(() => runtime.named('DispatchError', Buffer.from(value.slice(2), 'hex')))
    }),
    { numRuns }
  )
  // @polkadot tells the console of each type that it cannot make sense of
  for (const method of ['log', 'warn', 'error', 'info'] as const) t.mock.method(console, method, () => {})
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat({ max: 400 }), async (noise, at) => {
      const cut = `${metadata.slice(0, 2 + 2 * at)}${noise.slice(2)}`
      assert.notEqual(await answered(() => new Runtime(cut, version)), null)
    }),
    { numRuns: numRuns / 10 }
  )
})

test('fuzz chain - any JSON is a header, a version, a nonce or a list of hex, or an error of ours', async () => {
  let answer: unknown
  const node = { isConnected: true, send: async () => answer } as unknown as RpcProvider
  const rpc = new Rpc(node, 10_000, new AbortController().signal)
  const header = { number: '0x1', parentHash: `0x${HASH}`, digest: { logs: ['0x00'] } }
  const block = { block: { extrinsics: ['0x00'] } }
  const set = [{ block: `0x${HASH}`, changes: [['0x00', '0x01']] }]
  const version = { specName: 'datdot', specVersion: 1, transactionVersion: 1 }
  const given = fc
    .tuple(
      fc.constantFrom(header, block, set, version, ['0x00'], '0x00', 5),
      flip,
      hostile,
      fc.nat({ max: 3 })
    )
    .map(([real, how, value, whole]) => (whole === 0 ? value : changed(real, how, value, whole === 1)))
  await fc.assert(
    fc.asyncProperty(fc.oneof(given, json), async value => {
      answer = value
      const asked = [
        () => rpc.blockHash(1),
        () => rpc.finalizedHead(),
        () => rpc.header(HASH),
        () => rpc.body(HASH),
        () => rpc.storage(['0x00'], HASH),
        () => rpc.keys('0x', 5, null, HASH),
        () => rpc.metadata(HASH),
        () => rpc.runtimeVersion(HASH),
        () => rpc.runtimeCall('x', '0x', HASH),
        () => rpc.nextNonce('x'),
        () => readHeader('x', value)
      ]
      for (const ask of asked) await answered(ask)
    }),
    { numRuns }
  )
})
