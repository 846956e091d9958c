import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ChainClient } from '../../src/chain-client/client.ts'
import { Rpc } from '../../src/chain-client/rpc.ts'
import { SocketProvider } from '../../src/chain-client/socket.ts'
import { type DatdotError, type ErrorCode, isDatdotError } from '../../src/domain/errors.ts'
import { answeringNode, chainOf } from '../helpers/strange-node.ts'
import { frontOf } from './front.ts'
import { connectFor, freePort, openBoth, openChain, synced } from './local-chain.ts'

async function refuses(code: ErrorCode, options: Parameters<typeof ChainClient.connect>[0]): Promise<void> {
  await assert.rejects(ChainClient.connect(options), error => isDatdotError(error, code))
}

test('connect - constants are those of the fast build', async t => {
  const { chain, client } = await openBoth(t)
  const { genesis, ...rest } = client.constants
  assert.equal(`0x${Buffer.from(genesis).toString('hex')}`, chain.genesisHash)
  assert.deepEqual(rest, {
    specVersion: 1,
    blockTimeMs: 600,
    seedWindow: 5,
    minVrf: 0,
    period: 20,
    grace: 2,
    existentialDeposit: 10n ** 10n
  })
})

test('connect - nobody at any url is CHAIN_UNREACHABLE after the time given', async () => {
  const urls = [`ws://127.0.0.1:${await freePort()}`, `ws://127.0.0.1:${await freePort()}`]
  await refuses('CHAIN_UNREACHABLE', { urls, connectTimeoutMs: 600 })
})

test('connect - a server that is silent, or speaks something else, is CHAIN_UNREACHABLE', async t => {
  await refuses('CHAIN_UNREACHABLE', {
    urls: [await answeringNode(t, () => undefined)],
    connectTimeoutMs: 300
  })
  const babble = await answeringNode(t, (_, socket) => void socket.send('hello'))
  await refuses('CHAIN_UNREACHABLE', { urls: [babble], connectTimeoutMs: 300 })
})

test('connect - what a node itself refuses is CHAIN_FAILED, with its words', async t => {
  const url = await answeringNode(t, (_, socket, id) => {
    const error = { code: -32000, message: 'Client error', data: 'disk on fire' }
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, error }))
  })
  const provider = new SocketProvider([url])
  t.after(() => provider.disconnect())
  await provider.connect()
  const rpc = new Rpc(provider, 10_000, new AbortController().signal)
  await assert.rejects(rpc.blockHash(0), error => {
    assert.ok(isDatdotError(error, 'CHAIN_FAILED'))
    assert.equal(error.message, 'Client error: disk on fire')
    assert.equal(error.details['rpcCode'], -32000)
    return true
  })
})

test('connect - another chain is CHAIN_WRONG, an unknown runtime CHAIN_VERSION', async t => {
  await refuses('CHAIN_WRONG', { urls: [await answeringNode(t, chainOf('westend', 1))] })
  await refuses('CHAIN_VERSION', { urls: [await answeringNode(t, chainOf('datdot', 4_000_000))] })
})

test('connect - another genesis or another known block than expected is CHAIN_WRONG', async t => {
  const { chain, client } = await openBoth(t)
  await chain.mine(2)
  await synced(client, chain)
  const genesis = Buffer.from(client.constants.genesis).toString('hex')
  const known = client.finalized()
  await refuses('CHAIN_WRONG', { provider: chain.provider(), genesis: 'ab'.repeat(32) })
  await refuses('CHAIN_WRONG', { provider: chain.provider(), known: { height: 1, hash: known.hash } })
  await connectFor(t, { provider: chain.provider(), genesis, known })
})

test('connect - a url that is none is BAD_ARGUMENT, and so is no url', async () => {
  await refuses('BAD_ARGUMENT', { urls: [] })
  await refuses('BAD_ARGUMENT', { urls: ['http://127.0.0.1:9944'] })
  await refuses('BAD_ARGUMENT', { urls: ['ws://'] })
})

test('connect - stops with the signal', async t => {
  await refuses('ABORTED', { urls: ['ws://127.0.0.1:1'], signal: AbortSignal.abort() })
  const controller = new AbortController()
  const url = await answeringNode(t, () => void controller.abort())
  await refuses('ABORTED', { urls: [url], signal: controller.signal })
})

test('connect - goes past a dead url and a wrong chain to the right one, and on when that one goes', async t => {
  const storage = await mkdtemp(join(tmpdir(), 'datdot-client-'))
  t.after(() => rm(storage, { recursive: true, force: true }))
  const wrong = await answeringNode(t, chainOf('westend', 1))
  const [first, second, dead] = [await freePort(), await freePort(), await freePort()]
  const urls = [`ws://127.0.0.1:${dead}`, wrong, `ws://127.0.0.1:${first}`, `ws://127.0.0.1:${second}`]
  let chain = await openChain({ storage, port: first })
  t.after(() => chain.close())
  await chain.mine()
  const client = await connectFor(t, { urls })
  assert.equal(client.url, urls[2])
  assert.equal(client.finalized().height, 1)
  await chain.close()
  chain = await openChain({ storage, port: second })
  await chain.mine()
  await synced(client, chain)
  assert.equal(client.url, urls[3])
})

test('connect - a node that is connected and owes an answer is left, whichever answer it is', async t => {
  const chain = await openChain({ port: 0 })
  t.after(() => chain.close())
  await chain.mine()
  const good = chain.url ?? ''
  for (const silent of ['chain_getBlockHash', 'chain_subscribeFinalizedHeads', 'state_getMetadata']) {
    const front = await frontOf(t, chain, ({ method, ask }) => (method === silent ? undefined : ask()))
    const client = await connectFor(t, { urls: [front, good], requestTimeoutMs: 2_000 })
    assert.equal(client.url, good, silent)
  }
})

test('connect - a node that answers nothing is left also when the chain was lost before', async t => {
  const storage = await mkdtemp(join(tmpdir(), 'datdot-client-'))
  t.after(() => rm(storage, { recursive: true, force: true }))
  const [first, second] = [await freePort(), await freePort()]
  const silent = await answeringNode(t, () => undefined)
  const urls = [`ws://127.0.0.1:${first}`, silent, `ws://127.0.0.1:${second}`]
  let chain = await openChain({ storage, port: first })
  t.after(() => chain.close())
  const client = await connectFor(t, { urls, requestTimeoutMs: 2_000 })
  await chain.close()
  chain = await openChain({ storage, port: second })
  await chain.mine()
  await synced(client, chain)
  assert.equal(client.url, urls[2])
})

test('connect - a chain that is away is told once, and again when it goes again', async t => {
  const storage = await mkdtemp(join(tmpdir(), 'datdot-client-'))
  t.after(() => rm(storage, { recursive: true, force: true }))
  const port = await freePort()
  let chain = await openChain({ storage, port })
  t.after(() => chain.close())
  const told = new EventEmitter<{ away: [DatdotError] }>()
  const errors: DatdotError[] = []
  const onAway = (error: DatdotError) => {
    errors.push(error)
    told.emit('away', error)
  }
  const client = await connectFor(t, { urls: [`ws://127.0.0.1:${port}`], onAway })
  for (let outages = 1; outages <= 2; outages++) {
    const away = once(told, 'away')
    await chain.close()
    await away
    await assert.rejects(ChainClient.connect({ urls: [`ws://127.0.0.1:${port}`], connectTimeoutMs: 1_000 }))
    chain = await openChain({ storage, port })
    await chain.mine()
    await synced(client, chain)
    assert.deepEqual(
      errors.map(({ code }) => code),
      Array.from({ length: outages }, () => 'CHAIN_UNREACHABLE')
    )
    assert.match(errors.at(-1)?.message ?? '', /since block \d+: .*ECONNREFUSED/)
  }
})

test('connect - nothing of @polkadot is printed', async t => {
  const printed: unknown[][] = []
  for (const method of ['log', 'warn', 'error', 'info'] as const)
    t.mock.method(console, method, (...line: unknown[]) => void printed.push(line))
  const { chain, client } = await openBoth(t)
  await chain.mine()
  await synced(client, chain)
  await client.params()
  await client.close()
  assert.deepEqual(printed, [])
})
