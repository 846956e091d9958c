import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BlockDatabase } from '../../src/dev-chain/block-database.ts'
import { Copies } from '../../src/store/copies.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { Records } from '../../src/store/records.ts'
import { tempFolder } from '../helpers/folder.ts'
import { type Filled, values } from './filler.ts'

/** In blocks of 512 bytes: POSIX's unit. */
const LIMIT_BLOCKS = 1_024

test('full disk - what was acknowledged before and after a failed write is there after a restart', async t => {
  const path = await tempFolder(t)
  const program = fileURLToPath(new URL('./filler.js', import.meta.url))
  const shell = [
    '-c',
    'ulimit -S -f "$0" && exec "$@"',
    String(LIMIT_BLOCKS),
    process.execPath,
    program,
    path
  ]
  const { stdout } = await promisify(execFile)('sh', shell)
  const { puts, cells, height, codes } = JSON.parse(stdout) as Filled
  assert.ok(codes.length > 1, 'the records and the cells ran into the limit')
  assert.deepEqual(new Set(codes), new Set(['DISK_FULL']))
  assert.ok(Number(puts.at(-1)) > puts.length, 'puts went on after one that failed')

  const folder = await StorageFolder.open(path)
  t.after(() => folder.close())
  const records = await Records.open(folder)
  t.after(() => records.close())
  const kept = []
  for await (const [key] of records.table(values).entries()) kept.push(key)
  assert.deepEqual(kept, puts)
  const copies = await Copies.open(folder)
  t.after(() => copies.close())
  const file = await copies.open(1n)
  assert.ok(cells > 0 && cells % 100 === 0)
  assert.equal(file?.count, cells)
  assert.equal((await file.read(0, cells)).length, 256 * cells)
  const blocks = await BlockDatabase.open(join(path, 'chain'))
  t.after(() => blocks.close())
  assert.equal((await blocks.chain())?.height, height)
  assert.equal((await blocks.block(height))?.height, height)
})
