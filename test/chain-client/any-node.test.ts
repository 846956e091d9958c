import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { ChainClient } from '../../src/chain-client/client.ts'
import { accountKeys } from '../../src/chain-client/keys.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { adminKeys } from '../helpers/admin.ts'
import { connectFor, openChain } from './local-chain.ts'

/** A client of the development chain at DATDOT_TEST_CHAIN, else of an embedded one that makes blocks by the clock. */
async function anyNode(t: TestContext): Promise<ChainClient> {
  const given = process.env['DATDOT_TEST_CHAIN']
  if (given) return connectFor(t, { urls: [given] })
  const chain = await openChain({ port: 0, blockTimeMs: 150 })
  t.after(() => chain.close())
  return connectFor(t, { urls: [chain.url ?? ''] })
}

test('any node - a transfer is final, and heads lead to it without a gap', async t => {
  const client = await anyNode(t)
  const from = client.finalized().height
  const alice = client.account(await adminKeys())
  const { account } = accountKeys(randomBytes(32))
  const [first, second] = await Promise.all([
    alice.submit({ call: 'transfer', to: account, amount: DAT }),
    alice.submit({ call: 'transfer', to: account, amount: 2n * DAT })
  ])
  assert.ok(first.height <= second.height)
  let last = from
  for await (const head of client.heads(t.signal, { from: from + 1 })) {
    assert.equal(head.height, last + 1)
    last = head.height
    if (head.height === second.height) break
  }
  const after = await client.snapshot(second.hash)
  assert.equal((await after.balance(account)).free, 3n * DAT)
})

test('any node - a call of the pallet that it refuses is told by its name, and costs', async t => {
  const client = await anyNode(t)
  const keys = accountKeys(randomBytes(32))
  const { hash } = await client
    .account(await adminKeys())
    .submit({ call: 'transfer', to: keys.account, amount: 5n * DAT })
  const core = randomBytes(32).toString('hex')
  await assert.rejects(
    client.account(keys).submit({ call: 'setWish', core, wish: 1 }),
    error => isDatdotError(error, 'CALL_REFUSED') && error.details['name'] === 'UnknownCore'
  )
  const before = (await (await client.snapshot(hash)).balance(keys.account)).free
  const now = (await (await client.snapshot()).balance(keys.account)).free
  assert.ok(before === 5n * DAT && now < before)
})

test('any node - constants and params are those of a datdot chain', async t => {
  const client = await anyNode(t)
  assert.equal(client.constants.period % client.constants.seedWindow, 0)
  const { samples, verifiers } = await client.params()
  assert.ok(samples > 0 && verifiers > 0)
})
