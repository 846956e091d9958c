import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, type TestContext, test } from 'node:test'
import { ApiPromise, Keyring } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { BlockDatabase } from '../../src/dev-chain/block-database.ts'
import { Chain } from '../../src/dev-chain/chain.ts'
import { Executor, type RuntimeCall, type StateReader } from '../../src/dev-chain/executor.ts'
import { type Hex, toHex } from '../../src/dev-chain/hex.ts'
import { FAST_RUNTIME } from '../../src/dev-chain/index.ts'
import { LocalProvider } from '../../src/dev-chain/rpc/local-provider.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { tempFolder } from '../helpers/folder.ts'
import { closeChopsticks, runElsewhere } from './chopsticks.ts'
import { account, DAT, transfer } from './helpers.ts'

await cryptoWaitReady()
const code = toHex(await readFile(FAST_RUNTIME))
const NO_STATE = { get: () => undefined, nextKey: () => undefined }
after(closeChopsticks)

/** Gives every task to Chopsticks too, and demands the same result and the same writes, also of a task that fails. */
class Compared extends Executor {
  readonly seen = new Map<string, number>()

  override async task(wasm: Hex, calls: readonly RuntimeCall[], reader: StateReader) {
    const ours = await super.task(wasm, calls, reader).catch(() => null)
    const theirs = await runElsewhere(wasm, calls, reader).catch(() => null)
    const name = calls.at(-1)?.[0] ?? ''
    assert.equal(ours?.result, theirs?.result, name)
    assert.deepEqual([...(ours?.changes ?? [])].sort(), [...(theirs?.changes ?? [])].sort(), name)
    this.seen.set(name, 1 + (this.seen.get(name) ?? 0))
    if (ours === null) throw new Error(`both fail in ${name}`)
    return ours
  }
}

async function comparedChain(context: TestContext) {
  const executor = new Compared()
  const database = await BlockDatabase.open(await tempFolder(context))
  const genesis = { code, preset: 'development', endowed: [] }
  const chain = await Chain.open({ executor, database, genesis, slotMs: 600, keepBlocks: 100 })
  const api = await ApiPromise.create({ provider: new LocalProvider(chain), noInitWarn: true })
  context.after(async () => {
    await api.disconnect()
    await chain.close()
    await database.close()
  })
  return { executor, chain, api }
}

test('executor - what the runtime answers and writes is what an independent executor has', async context => {
  const { executor, chain, api } = await comparedChain(context)
  const alice = account('Alice')
  const bob = account('Bob')
  const other = (type: 'ed25519' | 'ecdsa') => new Keyring({ type }).addFromUri('//Other')
  const send = async (call: SubmittableExtrinsic<'promise'>, from = alice, nonce = 0) =>
    (await call.signAsync(from, { nonce, era: 0 })).send()
  for (const [i, type] of (['ed25519', 'ecdsa'] as const).entries())
    await (await transfer(api, alice, other(type).address, i)).send()
  await chain.mine(null)
  // Each kind of signature; a call that fails after it wrote; an account that ends; an account's entry in the pallet.
  for (const type of ['ed25519', 'ecdsa'] as const)
    await send(api.tx.balances.transferAllowDeath(bob.address, DAT / 2n), other(type))
  await send(api.tx.balances.transferAllowDeath(alice.address, 10n ** 30n), bob)
  await send(api.tx.balances.transferAll(alice.address, false), account('Dave'))
  await send(api.tx.datdot.donate(`0x${'22'.repeat(32)}`, DAT, 1), account('Eve'))
  await chain.mine(null)
  await send(api.tx.sudo.sudo(api.tx.system.killPrefix(api.query.system.account.keyPrefix(), 3)), alice, 2)
  await chain.mine(null)
  await assert.rejects(send(api.tx.system.remark('0x00'), bob, 0))
  for (let i = 0; i < 8; i++) await chain.mine(null)
  assert.ok((executor.seen.get('BlockBuilder_finalize_block') ?? 0) >= 11)
  assert.ok((executor.seen.get('TaggedTransactionQueue_validate_transaction') ?? 0) >= 8)
})

test('executor - after a trap calls run as before', async () => {
  const executor = new Executor()
  const version = () => executor.task(code, [['Core_version', '0x']], NO_STATE)
  const before = await version()
  // Finalizing what was never initialized panics.
  await assert.rejects(executor.task(code, [['BlockBuilder_finalize_block', '0x']], NO_STATE), error => {
    assert.ok(isDatdotError(error, 'INTERNAL'))
    assert.match(error.message, /the runtime failed in BlockBuilder_finalize_block/)
    return true
  })
  await assert.rejects(executor.task(code, [['No_such_function', '0x']], NO_STATE), /has no No_such_function/)
  assert.deepEqual(await version(), before)
})

test('executor - a state that has to be looked up gives the same as one in memory', async context => {
  const { chain } = await comparedChain(context)
  await chain.mine(null)
  const head = chain.history.head
  const slow = {
    get: async (key: Hex) => head.get(key),
    nextKey: async (p: Hex, a: Hex) => head.nextKey(p, a)
  }
  const executor = new Executor()
  const call: RuntimeCall[] = [['BabeApi_current_epoch', '0x']]
  assert.deepEqual(await executor.task(code, call, slow), await executor.task(code, call, head))
})

test('executor - what waits when it is closed is refused', async () => {
  const executor = new Executor()
  const calls = Array.from({ length: 3 }, () => executor.task(code, [['Core_version', '0x']], NO_STATE))
  executor.close()
  const outcomes = await Promise.allSettled(calls)
  assert.ok(outcomes.at(-1)?.status === 'rejected')
})
