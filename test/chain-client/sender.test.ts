import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ERA_BLOCKS } from '../../src/chain-client/extensions.ts'
import type { RpcProvider } from '../../src/chain-client/types.ts'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { adminKeys } from '../helpers/admin.ts'
import { replaced } from '../helpers/replaced.ts'
import {
  connectFor,
  ENDOWMENT,
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

const CORE = 'ab'.repeat(32)

test('sender - 20 calls at once go out in order, each once', async t => {
  const { chain, client } = await openBoth(t)
  const from = client.account(await keysOf(1))
  const { account: to } = await keysOf(99)
  const calls = Array.from({ length: 20 }, (_, i) =>
    from.submit({ call: 'transfer', to, amount: DAT + BigInt(i) })
  )
  const receipts = await mined({ chain, client }, Promise.all(calls))
  const places = receipts.map(({ height, index }) => height * 1000 + index)
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
    'in the order of the calls'
  )
  assert.equal(new Set(places).size, 20)
  const { free } = await (await client.snapshot()).balance(to)
  assert.equal(free, 20n * DAT + 190n)
  assert.equal(await (await client.snapshot()).nonce(from.account), 20)
  assert.equal(from.inFlight, 0)
})

test('sender - the receipt tells the block, the fee and the events of this call alone', async t => {
  const both = await openBoth(t)
  const keys = await keysOf(1)
  const facts = vectorCore('v1 default, one block')
  const estimate = await both.client.account(keys).fee({ call: 'publish', facts })
  const receipt = await sent(both, keys, { call: 'publish', facts })
  const published = receipt.events.filter(({ event }) => event === 'CorePublished')
  assert.deepEqual(published, [
    { event: 'CorePublished', core: facts.key, fork: 0n, length: 1, byteLength: 5 }
  ])
  assert.ok(receipt.feePaid > 0n && receipt.feePaid <= estimate, `${receipt.feePaid} of ${estimate}`)
  const at = await both.client.snapshot(receipt.hash)
  assert.equal(at.height, receipt.height)
  const { free, held } = await at.balance(keys.account)
  assert.equal(free + held, ENDOWMENT - receipt.feePaid)
  assert.equal(held, DAT, "the core's deposit")
})

test('sender - a refused call names the pallet and its error', async t => {
  const both = await openBoth(t)
  const keys = await keysOf(1)
  await assert.rejects(sent(both, keys, { call: 'reclaim', core: CORE }), error => {
    assert.ok(isDatdotError(error, 'CALL_REFUSED'))
    assert.equal(error.details['pallet'], 'datdot')
    assert.equal(error.details['name'], 'UnknownCore')
    assert.match(String(error.details['docs']), /not published/)
    return true
  })
  const refused = sent(both, keys, { call: 'setParams', params: await both.client.params() })
  await assert.rejects(
    refused,
    error => isDatdotError(error, 'CALL_REFUSED') && error.details['pallet'] === 'sudo'
  )
})

test('sender - the admin changes parameters, and a refusal inside sudo is a refusal', async t => {
  const both = await openBoth(t)
  const admin = await adminKeys()
  const params = await both.client.params()
  await sent(both, admin, { call: 'setParams', params: { ...params, samples: 7, y: 5n * DAT } })
  assert.deepEqual(await both.client.params(), { ...params, samples: 7, y: 5n * DAT })
  await assert.rejects(
    sent(both, admin, { call: 'setParams', params: { ...params, samples: 0 } }),
    error => isDatdotError(error, 'CALL_REFUSED') && error.details['name'] === 'InvalidParams'
  )
})

test('sender - an account without money is told so, before and after the fee', async t => {
  const both = await openBoth(t)
  const poor = await keysOf(77)
  const call = { call: 'transfer', to: (await keysOf(2)).account, amount: DAT } as const
  await assert.rejects(sent(both, poor, call), error => isDatdotError(error, 'FUNDS_LOW'))
  const rich = await keysOf(1)
  await assert.rejects(sent(both, rich, { ...call, amount: 2n * ENDOWMENT }), error =>
    isDatdotError(error, 'FUNDS_LOW')
  )
})

test('sender - a value that does not fit the call is refused before it is signed', async t => {
  const { client } = await openBoth(t)
  const sender = client.account(await keysOf(1))
  const calls = [
    { call: 'donate', core: CORE, amount: DAT, wish: 256 },
    { call: 'donate', core: CORE, amount: -1n, wish: 1 },
    { call: 'donate', core: 'ab', amount: DAT, wish: 1 },
    { call: 'expire', span: 2n ** 64n },
    { call: 'commitKey', span: 1n, e: 257, modulus: new Uint8Array(255) },
    { call: 'settle', copy: 1n, limit: 1.5 },
    { call: 'transfer', to: CORE, amount: 2n ** 128n }
  ] as const
  for (const call of calls)
    await assert.rejects(sender.submit(call), error => isDatdotError(error, 'BAD_ARGUMENT'))
  assert.equal(sender.inFlight, 0)
})

test('sender - two processes with one account do not lose or repeat a call', async t => {
  const { chain, client } = await openBoth(t)
  const other = await connectFor(t, { provider: chain.provider() })
  const keys = await keysOf(1)
  const { account: to } = await keysOf(99)
  const transfer = { call: 'transfer', to, amount: DAT } as const
  const calls = Array.from({ length: 12 }, (_, i) => (i % 2 ? client : other).account(keys).submit(transfer))
  const receipts = await mined({ chain, client }, Promise.all(calls))
  assert.equal(new Set(receipts.map(({ hash, index }) => `${hash}/${index}`)).size, 12)
  assert.equal((await (await client.snapshot()).balance(to)).free, 12n * DAT)
})

test('sender - a call whose nonce another process used meanwhile is signed again', async t => {
  const { chain, client } = await openBoth(t)
  const other = await connectFor(t, { provider: chain.provider() })
  const keys = await keysOf(1)
  const { account: to } = await keysOf(99)
  const transfer = { call: 'transfer', to, amount: DAT } as const
  // both clients begin with something in flight, so both go on counting by themselves
  const first = [client.account(keys).submit(transfer), client.account(keys).submit(transfer)]
  const second = [other.account(keys).submit(transfer)]
  await mined({ chain, client }, Promise.all([...first, ...second]))
  await mined(
    { chain, client },
    Promise.all([other.account(keys).submit(transfer), client.account(keys).submit(transfer)])
  )
  assert.equal((await (await client.snapshot()).balance(to)).free, 5n * DAT)
  assert.equal(await (await client.snapshot()).nonce(keys.account), 5)
})

test('sender - a call that the chain lost is sent again, once', async t => {
  const { receipt, at, to } = await losing(t, async () => {})
  assert.ok(receipt.height > 2)
  assert.equal((await at.balance(to)).free, DAT)
  assert.equal(await at.nonce((await keysOf(1)).account), 1)
})

/** A call that is in the pool of a chain which then stops and loses it; `meanwhile` happens behind the client's back. */
async function losing(t: TestContext, meanwhile: (chain: DevChain) => Promise<void>) {
  const storage = await mkdtemp(join(tmpdir(), 'datdot-client-'))
  t.after(() => rm(storage, { recursive: true, force: true }))
  const port = await freePort()
  let chain = await openChain({ storage, port })
  t.after(() => chain.close())
  await chain.mine(2)
  const client = await connectFor(t, { urls: [`ws://127.0.0.1:${port}`] })
  const { account: to } = await keysOf(99)
  const lost = client.account(await keysOf(1)).submit({ call: 'transfer', to, amount: DAT })
  await pooled(chain, 1)
  await chain.close()
  chain = await openChain({ storage })
  await meanwhile(chain)
  await chain.close()
  chain = await openChain({ storage, port })
  const receipt = await mined({ chain, client }, lost)
  return { receipt, at: await client.snapshot(), to }
}

test('sender - a lost call whose nonce was used meanwhile gets another one', async t => {
  const { at, to } = await losing(t, async chain => {
    const other = await connectFor(t, { provider: chain.provider() })
    const call = { call: 'transfer', to: (await keysOf(98)).account, amount: DAT } as const
    await sent({ chain, client: other }, await keysOf(1), call)
    await other.close()
  })
  assert.equal((await at.balance(to)).free, DAT)
  assert.equal(await at.nonce((await keysOf(1)).account), 2)
})

test('sender - a lost call whose era is over is signed again with the same nonce', async t => {
  const { receipt, at, to } = await losing(t, chain => chain.mine(ERA_BLOCKS))
  assert.ok(receipt.height > ERA_BLOCKS)
  assert.equal((await at.balance(to)).free, DAT)
  assert.equal(await at.nonce((await keysOf(1)).account), 1)
})

test('sender - calls without end are dropped instead of piling up, and the others stay', async t => {
  const { client } = await openBoth(t)
  const sender = client.account(await keysOf(1))
  const transfer = { call: 'transfer', to: CORE, amount: DAT } as const
  const calls = Array.from({ length: 1_026 }, () => sender.submit(transfer))
  const ends = calls.map(call =>
    call.then(
      () => 'done',
      error => error.code
    )
  )
  await assert.rejects(Promise.any(calls.slice(1_025)), error => {
    assert.ok(error instanceof AggregateError)
    return isDatdotError(error.errors[0], 'CALL_DROPPED')
  })
  await client.close()
  const dropped = (await Promise.all(ends)).filter(end => end === 'CALL_DROPPED')
  assert.equal(dropped.length, 1)
})

test('sender - waiting ends with the signal, and with the client', async t => {
  const { chain, client } = await openBoth(t)
  const sender = client.account(await keysOf(1))
  const { account: to } = await keysOf(99)
  const controller = new AbortController()
  const stopped = sender.submit({ call: 'transfer', to, amount: DAT }, controller.signal)
  controller.abort()
  await assert.rejects(stopped, error => isDatdotError(error, 'ABORTED'))
  const closed = sender.submit({ call: 'transfer', to, amount: DAT })
  const ended = assert.rejects(closed, error => isDatdotError(error, 'ABORTED'))
  await client.close()
  await ended
  await client.close()
  await assert.rejects(sender.submit({ call: 'deregister' }), error => isDatdotError(error, 'ABORTED'))
  await chain.mine()
})

test('sender - a call outlives errors of its node, and is made once', async t => {
  const chain = await openChain()
  t.after(() => chain.close())
  const inner = chain.provider()
  const busy = { author_submitExtrinsic: 1, state_queryStorageAt: 0 }
  const send: RpcProvider['send'] = async (method, params) => {
    const name = method as keyof typeof busy
    if ((busy[name] ?? 0) <= 0) return inner.send(method, params)
    busy[name] -= 1
    if (name === 'author_submitExtrinsic') busy.state_queryStorageAt = 6
    throw Object.assign(new Error('the node is busy'), { code: -32603 })
  }
  const client = await connectFor(t, { provider: replaced<RpcProvider>(inner, { send }) })
  const { account: to } = await keysOf(99)
  const call = { call: 'transfer', to, amount: DAT } as const
  await mined({ chain, client }, client.account(await keysOf(1)).submit(call))
  assert.deepEqual(busy, { author_submitExtrinsic: 0, state_queryStorageAt: 0 })
  await chain.mine(3)
  await synced(client, chain)
  assert.equal((await (await client.snapshot()).balance(to)).free, DAT)
})
