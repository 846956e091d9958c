import { randomBytes } from 'node:crypto'
import { z } from 'zod'
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
  const filled: Filled = { puts: [], cells: 0, codes: [] }
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
  await copies.close()
  await records.close()
  await folder.close()
  return filled
}

if (process.argv[2] !== undefined) process.stdout.write(JSON.stringify(await fill(process.argv[2])))
