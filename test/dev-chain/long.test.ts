import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { tempFolder } from '../helpers/folder.ts'
import { isLong, scaled } from '../helpers/long.ts'
import { account, clientOf, DAT, free, startChain, transfer } from './helpers.ts'

const BLOCKS = scaled(2_000, 20_000)
const QUARTER = BLOCKS / 4
/** A transfer every so many blocks. */
const EVERY = 20
const KEPT = BLOCKS / 2
/** Half of what a leak of 10 KB a block would add. */
const MOST_KEPT_PER_BLOCK = 5_000
/** A third of what a block takes that is never pruned. */
const MOST_DISK_PER_BLOCK = 500

/** What the chain costs at the end of a quarter. */
interface Quarter {
  /** Of processor time a block. */
  cpuMs: number
  /** Bytes in use after a collection. */
  memory: number
  rss: number
  disk: number
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

async function diskBytes(folder: string): Promise<number> {
  const files = await readdir(folder)
  // A file may go while others are looked at: the database compacts itself.
  const sizes = await Promise.allSettled(files.map(async name => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + (size.status === 'fulfilled' ? size.value : 0), 0)
}

/** Names all keys and values of the state at the head. */
async function stateHash(chain: DevChain): Promise<string> {
  const provider = chain.provider()
  await provider.connect()
  const pairs = await provider.send('state_getPairs', ['0x', chain.headHash])
  await provider.disconnect()
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex')
}

test(`dev chain - ${BLOCKS} blocks with extrinsics cost the same each, in time, memory and disk`, async context => {
  const storage = await tempFolder(context)
  const first = await startChain(context, { storage, keepBlocks: KEPT })
  const api = await clientOf(context, first)
  const [alice, bob] = [account('Alice'), account('Bob').address]
  const collect = collector()
  const quarters: Quarter[] = []
  let nonce = 0
  while (quarters.length < 4) {
    const began = process.cpuUsage()
    for (let i = 0; i < QUARTER; i++) {
      if (i % EVERY === 0) await (await transfer(api, alice, bob, nonce++)).send()
      await first.mine()
    }
    const { user, system } = process.cpuUsage(began)
    collect()
    const { heapUsed, external, rss } = process.memoryUsage()
    const disk = await diskBytes(storage)
    quarters.push({ cpuMs: (user + system) / 1000 / QUARTER, memory: heapUsed + external, rss, disk })
    context.diagnostic(JSON.stringify(quarters.at(-1)))
  }
  const before = { head: first.headHash, state: await stateHash(first) }
  assert.equal(await free(api, bob), (1_000_000n + BigInt(nonce)) * DAT)
  // The validators' epochs went on too.
  assert.ok((await api.query.session.currentIndex()).toNumber() >= 5)
  await api.disconnect()
  await first.close()
  expectFlat(quarters)

  const start = performance.now()
  const second = await startChain(context, { storage, keepBlocks: KEPT })
  const restartMs = performance.now() - start
  context.diagnostic(`restart: ${restartMs.toFixed(0)} ms`)
  if (isLong) assert.ok(restartMs < 10_000, `a restart takes ${restartMs} ms`)
  assert.equal(second.height, BLOCKS)
  assert.deepEqual({ head: second.headHash, state: await stateHash(second) }, before)
  await second.mine()
  assert.equal(second.height, BLOCKS + 1)
})

// Blocks are pruned from the third quarter on; in the first the runtime is compiled and caches fill.
function expectFlat([, second, , last]: readonly Quarter[]): void {
  if (second === undefined || last === undefined) throw new Error('four quarters were measured')
  const blocks = 2 * QUARTER
  assert.ok(last.cpuMs <= 1.5 * second.cpuMs, `a block takes ${last.cpuMs} ms, ${second.cpuMs} ms before`)
  const kept = (last.memory - second.memory) / blocks
  assert.ok(kept < MOST_KEPT_PER_BLOCK, `${kept} bytes a block stay in memory`)
  // What the system has cached, and what the database has not compacted yet, comes and goes: only many blocks stand out of it.
  if (!isLong) return
  const resident = (last.rss - second.rss) / blocks
  assert.ok(resident < MOST_KEPT_PER_BLOCK, `${resident} bytes a block stay resident`)
  const written = (last.disk - second.disk) / blocks
  assert.ok(written < MOST_DISK_PER_BLOCK, `${written} bytes a block stay on disk`)
}
