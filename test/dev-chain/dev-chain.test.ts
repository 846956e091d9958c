import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Executor } from '../../src/dev-chain/executor.ts'
import { DevChain, FAST_RUNTIME } from '../../src/dev-chain/index.ts'
import { NO_STATE } from '../../src/dev-chain/wasm/working-state.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { tempFolder } from '../helpers/folder.ts'
import { account, clientOf, DAT, free, startChain, transfer } from './helpers.ts'

const bob = account('Bob').address

test('dev chain - a restart keeps block 1, the head and the state', async context => {
  const storage = await tempFolder(context)
  const first = await startChain(context, { storage })
  const api = await clientOf(context, first)
  await (await transfer(api, account('Alice'), bob, 0)).send()
  await first.mine(3)
  const before = {
    genesis: first.genesisHash,
    head: first.headHash,
    block1: (await api.rpc.chain.getBlockHash(1)).toHex(),
    bob: await free(api, bob)
  }
  await api.disconnect()
  await first.close()

  const second = await startChain(context, { storage })
  const again = await clientOf(context, second)
  assert.equal(second.height, 3)
  assert.deepEqual(
    {
      genesis: second.genesisHash,
      head: second.headHash,
      block1: (await again.rpc.chain.getBlockHash(1)).toHex(),
      bob: await free(again, bob)
    },
    before
  )
  await second.mine()
  assert.equal(second.height, 4)
  assert.equal((await again.query.system.account(account('Alice').address)).nonce.toNumber(), 1)
})

test('dev chain - the genesis hash is the one that the runtime and every client see', async context => {
  const chain = await startChain(context)
  const api = await clientOf(context, chain)
  await chain.mine()
  assert.equal(api.genesisHash.toHex(), chain.genesisHash)
  assert.equal((await api.rpc.chain.getBlockHash(0)).toHex(), chain.genesisHash)
  assert.equal((await api.query.system.blockHash(0)).toHex(), chain.genesisHash)
  const header = await api.rpc.chain.getHeader()
  assert.equal(header.parentHash.toHex(), chain.genesisHash)
  // @polkadot/api hashes the header itself.
  assert.equal(header.hash.toHex(), chain.headHash)
})

test('dev chain - each block has an author and a VRF output of its own', async context => {
  const chain = await startChain(context, { preset: 'local_testnet' })
  const api = await clientOf(context, chain)
  const outputs = new Set<string>()
  const authors = new Set<string>()
  for (let i = 0; i < 8; i++) {
    await chain.mine()
    outputs.add((await api.query.babe.authorVrfRandomness()).unwrap().toHex())
    authors.add(String((await api.derive.chain.getHeader(chain.headHash)).author))
  }
  assert.equal(outputs.size, 8)
  assert.equal(authors.size, 4)
  const seed = await api.query.datdot.seeds(1)
  assert.equal(seed.unwrap().vrfs.toNumber(), 4)
})

test('dev chain - endowments keep every digit', async context => {
  const amount = 123_456_789_012_345_678_901n
  const chain = await startChain(context, { endowed: [{ account: `0x${'11'.repeat(32)}`, amount }] })
  const api = await clientOf(context, chain)
  assert.equal((await api.query.system.account(`0x${'11'.repeat(32)}`)).data.free.toBigInt(), amount)
  assert.equal(await free(api, bob), 1_000_000n * DAT)
})

test('dev chain - a folder with a chain of another genesis or runtime is refused', async context => {
  const storage = await tempFolder(context)
  await (await startChain(context, { storage })).close()
  const options = { storage, port: null, blockTimeMs: 'manual' as const }
  const mismatch = (error: unknown) => isDatdotError(error, 'RUNTIME_MISMATCH')
  await assert.rejects(DevChain.create({ ...options, preset: 'local_testnet' }), mismatch)
  // The same code with an empty custom section is another wasm.
  const wasm = join(await tempFolder(context), 'other.wasm')
  await writeFile(wasm, Buffer.concat([await readFile(FAST_RUNTIME), Buffer.of(0, 2, 1, 0x61)]))
  await assert.rejects(DevChain.create({ ...options, wasm }), mismatch)
  await startChain(context, { storage })
})

test('dev chain - a folder in use is refused', async context => {
  const storage = await tempFolder(context)
  await startChain(context, { storage })
  await assert.rejects(DevChain.create({ storage, port: null, blockTimeMs: 'manual' }), error =>
    isDatdotError(error, 'STORAGE_LOCKED')
  )
})

test('dev chain - a port in use is refused and leaves nothing open', async context => {
  const chain = await startChain(context, { port: 0 })
  const port = Number(new URL(chain.url).port)
  const storage = await tempFolder(context)
  await assert.rejects(DevChain.create({ storage, port, blockTimeMs: 'manual' }), error =>
    isDatdotError(error, 'PORT_IN_USE')
  )
  await startChain(context, { storage })
})

test('dev chain - a runtime that is none is refused, and so is what comes after it', async context => {
  const wasm = join(await tempFolder(context), 'no.wasm')
  await writeFile(wasm, 'not wasm')
  await assert.rejects(DevChain.create({ storage: null, port: null, wasm }), { code: 'BAD_CONFIG' })
  const executor = new Executor()
  for (let i = 0; i < 2; i++)
    await assert.rejects(executor.task('0x00', [], NO_STATE), { code: 'BAD_CONFIG' })
})

test('dev chain - a close in the middle of a block leaves whole blocks', async context => {
  const storage = await tempFolder(context)
  const first = await startChain(context, { storage })
  await first.mine()
  const mining = first.mine()
  await new Promise(setImmediate)
  await Promise.all([first.close(), mining])
  const again = await startChain(context, { storage })
  assert.equal(again.height, 2)
  await expectWhole(again, context)
})

test('dev chain - a killed process leaves whole blocks', async context => {
  const storage = await tempFolder(context)
  const child = spawn(process.execPath, [fileURLToPath(new URL('miner.js', import.meta.url)), storage], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const exit = new Promise(resolve => child.once('exit', resolve))
  for await (const line of createInterface(child.stdout)) if (Number(line) >= 5) break
  child.kill('SIGKILL')
  await exit
  const chain = await startChain(context, { storage })
  assert.ok(chain.height >= 5)
  await expectWhole(chain, context)
})

test('dev chain - blocks come by themselves at a block time', async context => {
  const heights: number[] = []
  const { promise, resolve } = signal()
  const chain = await startChain(context, {
    blockTimeMs: 100,
    log: event => {
      if (event.type === 'block') heights.push(event.height)
      if (heights.length === 5) resolve()
    }
  })
  await promise
  await chain.close()
  assert.deepEqual(heights.slice(0, 5), [1, 2, 3, 4, 5])
})

test('dev chain - another one works after one that was closed in the middle of a call', {
  timeout: 60_000
}, async context => {
  const first = await startChain(context)
  const provider = first.provider()
  await provider.connect()
  const calls = Promise.allSettled(
    Array.from({ length: 4 }, () => provider.send('state_call', ['Metadata_metadata', '0x']))
  )
  await first.close()
  await calls
  const second = await startChain(context)
  await second.mine()
  assert.equal(second.height, 1)
})

async function expectWhole(chain: DevChain, context: Parameters<typeof clientOf>[0]): Promise<void> {
  const api = await clientOf(context, chain)
  assert.equal((await api.query.system.number()).toNumber(), chain.height)
  await (await transfer(api, account('Alice'), bob, 0)).send()
  await chain.mine()
  assert.equal(await free(api, bob), 1_000_001n * DAT)
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  const resolvers: (() => void)[] = []
  const promise = new Promise<void>(done => resolvers.push(done))
  return { promise, resolve: () => resolvers[0]?.() }
}
