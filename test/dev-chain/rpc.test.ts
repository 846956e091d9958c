import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { type TestContext, test } from 'node:test'
import WebSocket from 'ws'
import { account, clientOf, DAT, free, startChain, transfer, watch } from './helpers.ts'

interface Answer {
  id: number | null
  result?: unknown
  error?: { code: number; message: string; data?: string }
}

/** A bare client: sends text, gets the next message. */
async function socketOf(context: TestContext, url: string) {
  const socket = new WebSocket(url)
  context.after(() => socket.terminate())
  await once(socket, 'open')
  return async (message: unknown): Promise<unknown> => {
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    const [data] = await once(socket, 'message')
    return JSON.parse(String(data))
  }
}

test('rpc - @polkadot/api works over a socket: queries, subscriptions, extrinsics', async context => {
  const chain = await startChain(context, { port: 0 })
  const api = await clientOf(context, chain.url)
  const alice = account('Alice')
  const bob = account('Bob').address
  const heights: number[] = []
  const balances: bigint[] = []
  const stopHeads = await api.rpc.chain.subscribeFinalizedHeads(head => {
    heights.push(head.number.toNumber())
  })
  const stopBalance = await api.query.system.account(bob, info => {
    balances.push(info.data.free.toBigInt())
  })
  const extrinsic = await transfer(api, alice, bob, 0)
  const statuses = watch(callback => extrinsic.send(callback))
  while ((await api.rpc.author.pendingExtrinsics()).length === 0) await new Promise(setImmediate)
  await chain.mine(2)
  assert.equal((await statuses).at(-1), 'Finalized')
  assert.equal(await free(api, bob), 1_000_001n * DAT)
  assert.deepEqual(heights, [0, 1, 2])
  assert.deepEqual(balances, [1_000_000n * DAT, 1_000_001n * DAT])
  stopHeads()
  stopBalance()
  const info = await api.tx.balances.transferKeepAlive(bob, DAT).paymentInfo(alice)
  assert.ok(info.partialFee.toBigInt() > 0n)
})

test('rpc - the local provider and the socket answer alike', async context => {
  const chain = await startChain(context, { port: 0 })
  await chain.mine(2)
  const local = chain.provider()
  await local.connect()
  const send = await socketOf(context, chain.url)
  const head = chain.headHash
  const calls: [string, unknown[]][] = [
    ['chain_getBlockHash', [[0, 1, 2, 3]]],
    ['chain_getBlock', [head]],
    ['chain_getFinalizedHead', []],
    ['state_getKeysPaged', ['0x26aa394eea5630e07c48ae0c9558cef7', 3, null, head]],
    ['state_getStorageSize', ['0x3a636f6465', head]],
    ['state_getRuntimeVersion', []],
    ['system_properties', []],
    ['rpc_methods', []]
  ]
  for (const [id, [method, params]] of calls.entries()) {
    const answer = (await send({ jsonrpc: '2.0', id, method, params })) as Answer
    assert.equal(answer.id, id)
    assert.notEqual(answer.result, undefined, method)
    assert.deepEqual(answer.result, await local.send(method, params), method)
  }
  await local.disconnect()
})

test('rpc - what is not a call is refused, and the connection goes on', async context => {
  const chain = await startChain(context, { port: 0 })
  const send = await socketOf(context, chain.url)
  const code = async (message: unknown) => ((await send(message)) as Answer).error?.code
  assert.equal(await code('no json'), -32600)
  assert.equal(await code({ id: 1 }), -32600)
  assert.equal(await code({ id: 1, method: 'state_unheardOf' }), -32601)
  assert.equal(await code({ id: 1, method: 'constructor' }), -32601)
  assert.equal(await code({ id: 1, method: 'state_getStorage', params: ['0xzz'] }), -32602)
  assert.equal(
    await code({ id: 1, method: 'state_getStorage', params: ['0x00', `0x${'00'.repeat(32)}`] }),
    -32000
  )
  assert.equal(await code({ id: 1, method: 'author_submitExtrinsic', params: ['0x1234'] }), 1002)
  const batch = (await send([
    { id: 1, method: 'system_name' },
    { id: 2, method: 'nothing' }
  ])) as Answer[]
  assert.deepEqual(
    batch.map(({ id, error }) => [id, error?.code]),
    [
      [1, undefined],
      [2, -32601]
    ]
  )
})

test('rpc - a request that cannot be read is answered under its id, and hex of either case is the same key', async context => {
  const chain = await startChain(context, { port: 0 })
  const send = await socketOf(context, chain.url)
  const { id, error } = (await send({ id: 7, method: 'system_name', params: {} })) as Answer
  assert.deepEqual([id, error?.code], [7, -32600])
  const code = '0x3a636f6465'
  const lower = (await send({ id: 8, method: 'state_getStorageSize', params: [code] })) as Answer
  const upper = (await send({
    id: 9,
    method: 'state_getStorageSize',
    params: [`0x${code.slice(2).toUpperCase()}`]
  })) as Answer
  assert.ok(Number(lower.result) > 0)
  assert.equal(upper.result, lower.result)
})

test('rpc - what would take all memory is refused, and the next request answered', async context => {
  const chain = await startChain(context, { port: 0 })
  const send = await socketOf(context, chain.url)
  const code = async (message: unknown) => ((await send(message)) as Answer).error?.code
  assert.equal(await code(Array(101).fill({ id: 1, method: 'system_name' })), -32010)
  assert.equal(
    await code(Array(100).fill({ id: 1, method: 'state_getStorage', params: ['0x3a636f6465'] })),
    -32011
  )
  assert.equal(await code({ id: 1, method: 'chain_getBlockHash', params: [Array(1_001).fill(0)] }), -32602)
  assert.equal(
    await code({ id: 1, method: 'state_queryStorageAt', params: [Array(10_001).fill('0x')] }),
    -32602
  )
  assert.equal(await code({ id: 1, method: 'system_name' }), undefined)
})

test('rpc - a connection that asks for nothing does not hold up the end', async context => {
  const chain = await startChain(context, { port: 0 })
  const { hostname, port } = new URL(chain.url)
  const socket = createConnection(Number(port), hostname)
  context.after(() => socket.destroy())
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await chain.close()
  await closed
})

test('rpc - a chain that closes says so to its local clients', async context => {
  const chain = await startChain(context)
  const provider = chain.provider()
  await provider.connect()
  const gone = new Promise<void>(resolve => provider.on('disconnected', () => resolve()))
  await chain.close()
  await gone
  assert.equal(provider.isConnected, false)
  await assert.rejects(provider.send('system_name', []))
})
