import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Head, RpcProvider } from '../../src/chain-client/types.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { replaced } from '../helpers/replaced.ts'
import {
  connectFor,
  freePort,
  keysOf,
  mined,
  openBoth,
  openChain,
  pooled,
  sent,
  synced,
  vectorCore
} from './local-chain.ts'

const SIGNAL = AbortSignal.timeout(120_000)

async function take(heads: AsyncIterator<Head>, count: number): Promise<Head[]> {
  const taken: Head[] = []
  while (taken.length < count) {
    const { value, done } = await heads.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

async function storageFor(t: TestContext): Promise<string> {
  const storage = await mkdtemp(join(tmpdir(), 'datdot-client-'))
  t.after(() => rm(storage, { recursive: true, force: true }))
  return storage
}

/** Every head is the child of the one before. */
function assertGapless(heads: readonly Head[]): void {
  for (const [index, head] of heads.entries()) {
    const before = heads[index - 1]
    if (!before) continue
    assert.equal(head.height, before.height + 1)
    assert.equal(head.parent, before.hash)
    assert.ok(head.timestampMs > before.timestampMs)
  }
}

test('heads - come in order from the height asked for, with their events and time', async t => {
  const { chain, client } = await openBoth(t)
  const facts = vectorCore('v1 default, one block')
  const { height } = await sent({ chain, client }, await keysOf(1), { call: 'publish', facts })
  await chain.mine(6)
  const heads = await take(client.heads(SIGNAL, { from: 1 })[Symbol.asyncIterator](), chain.height)
  assert.deepEqual(
    heads.map(head => head.height),
    Array.from({ length: chain.height }, (_, index) => index + 1)
  )
  assertGapless(heads)
  const published = heads.filter(({ events }) => events.some(({ event }) => event === 'CorePublished'))
  assert.deepEqual(
    published.map(head => head.height),
    [height]
  )
  const seeds = heads.filter(({ events }) => events.some(({ event }) => event === 'SeedStored'))
  assert.ok(seeds.length > 0)
  assert.ok(seeds.every(head => head.height % client.constants.seedWindow === 0))
})

test('heads - without a height begin with the newest', async t => {
  const { chain, client } = await openBoth(t)
  await chain.mine(3)
  await synced(client, chain)
  const [first] = await take(client.heads(SIGNAL)[Symbol.asyncIterator](), 1)
  assert.equal(first?.height, 3)
  assert.equal(first?.hash, client.finalized().hash)
})

test('heads - a failed call is told with its error', async t => {
  const { chain, client } = await openBoth(t)
  const refused = client.account(await keysOf(1)).submit({ call: 'expire', span: 9n })
  await assert.rejects(mined({ chain, client }, refused))
  const heads = await take(client.heads(SIGNAL, { from: 1 })[Symbol.asyncIterator](), chain.height)
  const failed = heads.flatMap(({ events }) => events.filter(({ event }) => event === 'CallFailed'))
  assert.equal(failed.length, 1)
  const [event] = failed
  assert.ok(event?.event === 'CallFailed' && event.pallet === 'datdot' && event.name === 'UnknownSpan')
})

test('heads - end with their signal and with the client, without an error', async t => {
  const { chain, client } = await openBoth(t)
  await chain.mine()
  await synced(client, chain)
  const controller = new AbortController()
  const heads = client.heads(controller.signal)[Symbol.asyncIterator]()
  await take(heads, 1)
  const waiting = heads.next()
  controller.abort()
  assert.equal((await waiting).done, true)
  const others = client.heads(SIGNAL)[Symbol.asyncIterator]()
  await take(others, 1)
  const last = others.next()
  await client.close()
  assert.equal((await last).done, true)
})

test('heads - go on without a gap after the chain was away and made blocks meanwhile', async t => {
  const storage = await storageFor(t)
  const port = await freePort()
  let chain = await openChain({ storage, port })
  t.after(() => chain.close())
  await chain.mine(2)
  const client = await connectFor(t, { urls: [`ws://127.0.0.1:${port}`] })
  const heads = client.heads(SIGNAL, { from: 1 })[Symbol.asyncIterator]()
  const before = await take(heads, 2)
  await chain.close()
  chain = await openChain({ storage })
  const meanwhile = await connectFor(t, { provider: chain.provider() })
  const facts = vectorCore('v1 default, one block')
  const { height } = await sent({ chain, client: meanwhile }, await keysOf(1), { call: 'publish', facts })
  await meanwhile.close()
  await chain.close()
  chain = await openChain({ storage, port })
  await chain.mine(3)
  const all = [...before, ...(await take(heads, chain.height - 2))]
  assertGapless(all)
  assert.equal(all.at(-1)?.height, chain.height)
  const published = all.filter(({ events }) => events.some(({ event }) => event === 'CorePublished'))
  assert.deepEqual(
    published.map(head => head.height),
    [height]
  )
})

test('heads - a chain that began anew behind the same url ends them with CHAIN_WRONG', async t => {
  const port = await freePort()
  let chain = await openChain({ port })
  t.after(() => chain.close())
  await chain.mine(2)
  const client = await connectFor(t, { urls: [`ws://127.0.0.1:${port}`] })
  const heads = client.heads(SIGNAL)[Symbol.asyncIterator]()
  await take(heads, 1)
  const lost = client.account(await keysOf(1)).submit({
    call: 'transfer',
    to: (await keysOf(2)).account,
    amount: DAT
  })
  await pooled(chain, 1)
  const wrong = assert.rejects(heads.next(), error => isDatdotError(error, 'CHAIN_WRONG'))
  const gone = assert.rejects(lost, error => isDatdotError(error, 'CHAIN_WRONG'))
  await chain.close()
  chain = await openChain({ port })
  await chain.mine(2)
  await wrong
  await gone
})

test('heads - a block that the chain does not have is NOT_FOUND for a snapshot', async t => {
  const { chain, client } = await openBoth(t)
  await chain.mine(2)
  await synced(client, chain)
  assert.equal((await client.snapshot(1)).height, 1)
  for (const at of [-1, 99, 1.5, 'ab'.repeat(32)])
    await assert.rejects(client.snapshot(at), error => isDatdotError(error, 'NOT_FOUND'))
})

test('heads - a block that the chain no longer keeps is NOT_FOUND, not a gap', async t => {
  const chain = await openChain({ keepBlocks: 4 })
  t.after(() => chain.close())
  const client = await connectFor(t, { provider: chain.provider() })
  await chain.mine(12)
  await synced(client, chain)
  const gone = (error: unknown) => isDatdotError(error, 'NOT_FOUND')
  await assert.rejects(client.snapshot(3), gone)
  await assert.rejects(client.heads(SIGNAL, { from: 3 })[Symbol.asyncIterator]().next(), gone)
  const kept = await take(client.heads(SIGNAL, { from: 9 })[Symbol.asyncIterator](), 4)
  assertGapless(kept)
  assert.equal(kept.at(-1)?.height, 12)
})

test('heads - who follows and was away for longer than blocks are kept goes on with the newest, and is told of the gap', async t => {
  const chain = await openChain({ keepBlocks: 4 })
  t.after(() => chain.close())
  const client = await connectFor(t, { provider: chain.provider() })
  const heads = client.heads(SIGNAL)[Symbol.asyncIterator]()
  await chain.mine(1)
  await synced(client, chain)
  assert.equal((await take(heads, 1))[0]?.height, 1)
  await chain.mine(12)
  await synced(client, chain)
  const [first] = await take(heads, 1)
  await chain.mine(1)
  const [second] = await take(heads, 1)
  const told = [first, second].map(head => [head?.height, head?.pruned])
  assert.deepEqual(told, [
    [13, true],
    [14, false]
  ])
})

test('heads - only a block whose state the node has discarded is pruned, not one that it fails to read once', async t => {
  const chain = await openChain()
  t.after(() => chain.close())
  await chain.mine(2)
  const node = chain.provider()
  const refusals = [
    Object.assign(new Error('Client error'), { code: -32000, data: 'UnknownBlock: State discarded' }),
    Object.assign(new Error('Method not found'), { code: -32601 })
  ]
  const send: RpcProvider['send'] = async (method, params) => {
    const refusal = method === 'state_queryStorageAt' ? refusals.shift() : undefined
    if (refusal) throw refusal
    return node.send(method, params)
  }
  const client = await connectFor(t, { provider: replaced<RpcProvider>(node, { send }) })
  const [discarded, kept] = await take(client.heads(SIGNAL, { from: 1 })[Symbol.asyncIterator](), 2)
  assert.deepEqual([discarded?.pruned, discarded?.timestampMs, discarded?.events], [true, 0, []])
  assert.deepEqual([kept?.pruned, refusals.length], [false, 0])
  assert.equal(kept?.parent, discarded?.hash)
})
