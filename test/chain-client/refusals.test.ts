import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { ERA_BLOCKS } from '../../src/chain-client/extensions.ts'
import type { RpcProvider } from '../../src/chain-client/types.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { replaced } from '../helpers/replaced.ts'
import { connectFor, keysOf, mined, openChain } from './local-chain.ts'

/** A client of a chain that refuses so many calls, as one does whose finalized block is far behind its newest. */
async function lagging(t: TestContext, times: number, data: string) {
  const chain = await openChain()
  t.after(() => chain.close())
  const node = chain.provider()
  const refused = new EventEmitter()
  let submits = 0
  const send: RpcProvider['send'] = async (method, params) => {
    if (method !== 'author_submitExtrinsic' || ++submits > times) return node.send(method, params)
    refused.emit('call')
    throw Object.assign(new Error('Invalid Transaction'), { code: 1010, data })
  }
  const client = await connectFor(t, { provider: replaced<RpcProvider>(node, { send }) })
  const call = { call: 'transfer', to: (await keysOf(99)).account, amount: DAT } as const
  const sender = client.account(await keysOf(1))
  return { both: { chain, client }, sender, call, refused, count: () => submits }
}

const ANCIENT = 'Transaction has an ancient birth block'

test('refusals - a call that is dead when it is signed is signed again at the next block, with the same nonce', async t => {
  const { both, sender, call, count } = await lagging(t, 1, ANCIENT)
  const { height, hash } = await mined(both, sender.submit(call))
  assert.equal(count(), 2)
  assert.ok(height < ERA_BLOCKS, `block ${height}`)
  assert.equal(await (await both.client.snapshot(hash)).nonce(sender.account), 1)
})

test('refusals - a call that is dead at each block is dropped, and leaves no gap', async t => {
  const { both, sender, call, count } = await lagging(t, 3, 'Transaction has a bad signature')
  await assert.rejects(mined(both, sender.submit(call)), error => {
    assert.match(String(error), /bad signature/)
    return isDatdotError(error, 'CALL_DROPPED')
  })
  assert.equal(count(), 3)
  assert.ok((await mined(both, sender.submit(call))).height < ERA_BLOCKS)
})

test('refusals - a call that waits for a block to be signed at goes with its signal', async t => {
  const { both, sender, call, refused, count } = await lagging(t, 1, ANCIENT)
  const controller = new AbortController()
  const first = once(refused, 'call')
  const stopped = sender.submit(call, controller.signal)
  await first
  controller.abort()
  await assert.rejects(stopped, error => isDatdotError(error, 'ABORTED'))
  await mined(both, sender.submit({ ...call, amount: 2n * DAT }))
  assert.equal(count(), 2)
  const { account } = await keysOf(99)
  assert.equal((await (await both.client.snapshot()).balance(account)).free, 2n * DAT)
})
