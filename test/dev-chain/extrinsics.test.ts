import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Keyring } from '@polkadot/api'
import { account, clientOf, DAT, free, startChain, transfer, watch } from './helpers.ts'

const alice = account('Alice')
const bob = account('Bob')

test('extrinsics - nonces that arrive in reverse all get in, in one block where they fit', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  for (let nonce = 5; nonce >= 0; nonce--) await (await transfer(api, alice, bob.address, nonce)).send()
  assert.equal((await api.rpc.system.accountNextIndex(alice.address)).toNumber(), 6)
  await chain.mine()
  assert.equal(await free(api, bob.address), 1_000_006n * DAT)
  assert.equal((await api.rpc.author.pendingExtrinsics()).length, 0)
})

test('extrinsics - more than a block takes wait for the next, and none is lost', async context => {
  const chain = await startChain(context, { blockTimeMs: 'manual' })
  const api = await clientOf(context, chain)
  const count = 120
  const signed = await Promise.all(
    Array.from({ length: count }, (_, nonce) => transfer(api, alice, bob.address, nonce))
  )
  await Promise.all(signed.map(extrinsic => extrinsic.send()))
  await chain.mine()
  assert.ok((await api.rpc.author.pendingExtrinsics()).length > 0)
  while ((await api.rpc.author.pendingExtrinsics()).length > 0) await chain.mine()
  assert.equal(await free(api, bob.address), (1_000_000n + BigInt(count)) * DAT)
})

test('extrinsics - what does not fit by its size waits, and so does what comes after it', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  const big = `0x${'00'.repeat(1_500_000)}`
  const refused: unknown[] = []
  for (const nonce of [0, 1, 2])
    await (await api.tx.system.remark(big).signAsync(alice, { nonce, era: 0 })).send()
  await (await transfer(api, alice, bob.address, 3)).send(({ status }) => void refused.push(status.isInvalid))
  await chain.mine()
  assert.equal((await api.rpc.author.pendingExtrinsics()).length, 2)
  await chain.mine()
  assert.equal(await free(api, bob.address), 1_000_001n * DAT)
  assert.ok(!refused.includes(true))
})

test('extrinsics - ECDSA signatures are read as Substrate reads them, and bad ones harm nobody', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  const signer = new Keyring({ type: 'ecdsa', ss58Format: 42 }).addFromUri('//Ecdsa')
  for (const nonce of [0, 1, 2]) await (await transfer(api, alice, signer.address, nonce)).send()
  await chain.mine()
  const bytes = (await transfer(api, signer, bob.address, 0)).toU8a()
  // Length, version and signer's address come before the signature, the recovery id is its last byte.
  const at = 2 + 1 + 33 + 1 + 64
  const recovery = bytes[at] ?? 0
  assert.ok(recovery < 4)
  const withRecovery = (value: number) => {
    const changed = Uint8Array.from(bytes)
    changed[at] = value
    return api.rpc.author.submitExtrinsic(`0x${Buffer.from(changed).toString('hex')}`)
  }
  for (let i = 0; i < 100; i++) await assert.rejects(withRecovery(255), /bad signature/)
  await withRecovery(27 + recovery)
  await chain.mine()
  assert.equal(await free(api, bob.address), 1_000_001n * DAT)
})

test('extrinsics - one that the block refuses does not take the others with it', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  const dave = account('Dave')
  // Both are valid alone; the first ends the account, and with it its nonce.
  const all = await api.tx.balances.transferAll(bob.address, false).signAsync(dave, { nonce: 0 })
  const more = await transfer(api, dave, bob.address, 1)
  const refused = watch(callback => more.send(callback))
  await all.send()
  await (await transfer(api, alice, bob.address, 0)).send()
  while ((await api.rpc.author.pendingExtrinsics()).length < 3) await new Promise(setImmediate)
  await chain.mine()
  assert.deepEqual((await refused).at(-1), 'Invalid')
  assert.ok((await free(api, bob.address)) > 1_999_999n * DAT)
  const block = await api.rpc.chain.getBlock(chain.headHash)
  assert.equal(block.block.extrinsics.length, 3)
})

test('extrinsics - the watcher hears of every step', async context => {
  const chain = await startChain(context, { blockTimeMs: 'instant' })
  const api = await clientOf(context, chain)
  const extrinsic = (await transfer(api, alice, bob.address, 0)).toHex()
  // Below @polkadot/api, which leaves out a status when the next one comes while it looks at the block.
  const provider = chain.provider()
  await provider.connect()
  const steps: unknown[] = []
  await new Promise<void>((resolve, reject) => {
    const hear = (error: Error | null, status: object | string) => {
      steps.push(typeof status === 'string' ? status : Object.keys(status)[0])
      if (error !== null) reject(error)
      else if (steps.at(-1) === 'finalized') resolve()
    }
    const names = ['author_extrinsicUpdate', 'author_submitAndWatchExtrinsic'] as const
    provider.subscribe(...names, [extrinsic], hear).catch(reject)
  })
  await provider.disconnect()
  assert.deepEqual(steps, ['ready', 'broadcast', 'inBlock', 'finalized'])
})

test('extrinsics - a block is made when one waits', async context => {
  const chain = await startChain(context, { blockTimeMs: 'instant' })
  const api = await clientOf(context, chain)
  const second = await transfer(api, alice, bob.address, 1)
  const done = watch(callback => second.send(callback))
  await (await transfer(api, alice, bob.address, 0)).send()
  assert.equal((await done).at(-1), 'Finalized')
  assert.equal(await free(api, bob.address), 1_000_002n * DAT)
})

test('extrinsics - each is checked at the head of its turn, not at the one it was submitted at', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  const others = await Promise.all(
    Array.from({ length: 40 }, (_, nonce) => transfer(api, bob, alice.address, nonce))
  )
  const first = await transfer(api, alice, bob.address, 0)
  const second = await transfer(api, alice, account('Charlie').address, 0)
  await first.send()
  const mined = chain.mine()
  const sent = others.map(extrinsic => extrinsic.send())
  await assert.rejects(second.send(), /Transaction is outdated/)
  await Promise.all([mined, ...sent])
})

test('extrinsics - what the runtime refuses is refused with its reason', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  const first = await transfer(api, alice, bob.address, 0)
  await first.send()
  await assert.rejects(first.send(), /1013: Transaction is Already Imported/)
  await chain.mine()
  await assert.rejects(first.send(), /1010: Invalid Transaction: Transaction is outdated/)
  const broke = await transfer(api, account('Alice//nothing'), bob.address, 0)
  await assert.rejects(broke.send(), /1010: Invalid Transaction: Inability to pay some fees/)
  const forged = (await transfer(api, alice, bob.address, 1)).toU8a()
  forged[80] = (forged[80] ?? 0) ^ 1
  await assert.rejects(
    api.rpc.author.submitExtrinsic(forged),
    /1010: Invalid Transaction: Transaction has a bad signature/
  )
})

test('extrinsics - a large one fits', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  const remark = api.tx.system.remarkWithEvent(`0x${'ab'.repeat(41_000)}`)
  const statuses = watch(async callback => (await remark.signAsync(alice, { nonce: 0 })).send(callback))
  while ((await api.rpc.author.pendingExtrinsics()).length === 0) await new Promise(setImmediate)
  await chain.mine()
  assert.equal((await statuses).at(-1), 'Finalized')
})
