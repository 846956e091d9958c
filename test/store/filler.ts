import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { BlockDatabase } from '../../src/dev-chain/block-database.ts'
import type { Hex } from '../../src/dev-chain/hex.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { Copies } from '../../src/store/copies.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { u32 } from '../../src/store/keys.ts'
import { Records } from '../../src/store/records.ts'
import { defineTable } from '../../src/store/table.ts'
import { bytes } from '../../src/store/value.ts'

/** Runs into the limit on the size of its files, goes on, and says at the end what was kept and how the rest failed. */
export interface Filled {
  puts: number[]
  cells: number
  /** Of the newest block that the embedded chain's database took. */
  height: number
  codes: string[]
}

const PUTS = 400
const VALUE_BYTES = 3_000
const CELLS = { cells: 4_096, blocks: 1 }

export const values = defineTable({
  name: 'values',
  key: u32,
  value: z.strictObject({ of: bytes(VALUE_BYTES) })
})

async function fill(path: string): Promise<Filled> {
  const folder = await StorageFolder.open(path)
  const records = await Records.open(folder)
  const copies = await Copies.open(folder)
  const filled: Filled = { puts: [], cells: 0, height: 0, codes: [] }
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
      return true
    } catch (error) {
      filled.codes.push(isDatdotError(error) ? error.code : String(error))
      return false
    }
  }
  // They compress well: what the database makes of its log when it is opened again fits under the limit.
  const table = records.table(values)
  for (let n = 0; n < PUTS; n++)
    if (await attempt(() => table.put(n, { of: new Uint8Array(VALUE_BYTES).fill(n) }))) filled.puts.push(n)
  const file = await copies.create(1n, CELLS)
  while (await attempt(() => file.append(randomBytes(100 * 256))));
  filled.cells = file.count
  await file.checkpoint()
  filled.height = await makeBlocks(join(path, 'chain'))
  await copies.close()
  await records.close()
  await folder.close()
  return filled
}

/** Blocks of an embedded chain until some failed and some came after those; the height of the last. */
async function makeBlocks(path: string): Promise<number> {
  const database = await BlockDatabase.open(path)
  const chain = { format: 1, genesisId: '0x', genesisHash: '0x00', height: 0 } as const
  const block = { hash: '0x00', header: '0x', extrinsics: [], changed: [] } as const
  await database.init(chain, { ...block, height: 0 }, new Map())
  let height = 0
  let failures = 0
  let isKept = false
  for (let n = 0; n < PUTS; n++) {
    const key: Hex = `0x${n}`
    const changes = new Map<Hex, Hex>([[key, `0x${'00'.repeat(VALUE_BYTES)}`]])
    const undo = new Map<Hex, null>([[key, null]])
    const next = { ...block, height: height + 1 }
    await database.commit({ ...chain, height: height + 1 }, { block: next, changes, undo }).then(
      () => {
        height += 1
        isKept = true
      },
      () => {
        failures += 1
        isKept = false
      }
    )
  }
  await database.close()
  if (failures === 0 || !isKept)
    throw new Error(`${failures} blocks failed, the last ${isKept ? 'did not' : 'too'}`)
  return height
}

if (process.argv[2] !== undefined) process.stdout.write(JSON.stringify(await fill(process.argv[2])))
