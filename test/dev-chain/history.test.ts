import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockDatabase } from '../../src/dev-chain/block-database.ts'
import type { Hex } from '../../src/dev-chain/hex.ts'
import { History } from '../../src/dev-chain/history.ts'
import { State } from '../../src/dev-chain/state.ts'
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

test('history - an old block answers the same while a block comes with each answer', async context => {
  const database = await BlockDatabase.open(await tempFolder(context))
  context.after(() => database.close())
  const genesis: [Hex, Hex][] = [
    ['0xaa01', '0x01'],
    ['0xaa02', '0x02'],
    ['0xbb01', '0x03']
  ]
  const state = new State(genesis)
  const chain = { format: 1, genesisId: '0x00', genesisHash: '0x00' } as const
  const block = (height: number) => ({
    height,
    hash: `0x${height}` as Hex,
    header: '0x' as Hex,
    extrinsics: [],
    changed: []
  })
  await database.init({ ...chain, height: 0 }, block(0), new Map(genesis))
  let height = 0
  const next = async () => {
    const changes = new Map<Hex, Hex | null>([
      ['0xaa01', `0x${(16 + height).toString(16)}`],
      ['0xaa02', null],
      [`0xaa1${height}`, '0x07']
    ])
    const undo = state.undo(changes)
    await database.commit({ ...chain, height: height + 1 }, { block: block(height + 1), changes, undo })
    state.apply(changes)
    height += 1
  }
  const old = new History(database, state, () => height).at(0)
  for (let i = 0; i < 4; i++) {
    const [value, gone, keys, after] = await Promise.all([
      old.get('0xaa01'),
      old.get('0xaa02'),
      old.page('0xaa', 10, null),
      old.nextKey('0xaa', '0xaa01'),
      next()
    ])
    assert.deepEqual(
      { value, gone, keys, after },
      { value: '0x01', gone: '0x02', keys: ['0xaa01', '0xaa02'], after: '0xaa02' }
    )
  }
})
