import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tempFolder } from '../helpers/folder.ts'
import { account, clientOf, DAT, free, startChain, transfer } from './helpers.ts'

const alice = account('Alice')
const bob = account('Bob')
/** The twelve well-known accounts and the one that holds the pots. */
const GENESIS_ACCOUNTS = 13

test('history - every block in the window keeps its own state and events', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  for (let nonce = 0; nonce < 4; nonce++) {
    await (await transfer(api, alice, bob.address, nonce)).send()
    await chain.mine(2)
  }
  for (let height = 0; height <= 8; height++) {
    const at = await api.at(await api.rpc.chain.getBlockHash(height))
    const transfers = BigInt(Math.ceil(height / 2))
    assert.equal(
      (await at.query.system.account(bob.address)).data.free.toBigInt(),
      (1_000_000n + transfers) * DAT
    )
    assert.equal((await at.query.system.number()).toNumber(), height)
    const events = await at.query.system.events()
    assert.equal(events.filter(({ event }) => event.method === 'Transfer').length, height % 2)
    assert.equal((await at.query.system.account.entries()).length, GENESIS_ACCOUNTS)
  }
})

test('history - old blocks go, block 1 and the state stay, over a restart too', async context => {
  const storage = await tempFolder(context)
  const first = await startChain(context, { storage, keepBlocks: 8 })
  const api = await clientOf(context, first)
  await (await transfer(api, alice, bob.address, 0)).send()
  await first.mine(80)
  const block1 = (await api.rpc.chain.getBlockHash(1)).toHex()
  assert.equal((await api.rpc.chain.getBlockHash(50)).isEmpty, true)
  assert.equal((await api.rpc.chain.getBlockHash(73)).isEmpty, false)
  assert.equal(await free(api, bob.address), 1_000_001n * DAT)
  const provider = first.provider()
  await provider.connect()
  const old = await provider.send<{ block: { extrinsics: string[] } }>('chain_getBlock', [block1])
  assert.equal(old.block.extrinsics.length, 2)
  const key = api.query.system.number.key()
  await assert.rejects(provider.send('state_getStorage', [key, block1]), /State already discarded/)
  await api.disconnect()
  await first.close()

  const second = await startChain(context, { storage, keepBlocks: 8 })
  const again = await clientOf(context, second)
  assert.equal(second.height, 80)
  assert.equal((await again.rpc.chain.getBlockHash(1)).toHex(), block1)
  assert.equal(await free(again, bob.address), 1_000_001n * DAT)
  const at = await again.at(await again.rpc.chain.getBlockHash(75))
  assert.equal((await at.query.system.number()).toNumber(), 75)
})
