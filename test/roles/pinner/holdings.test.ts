import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { type BlockDecoder, Holdings } from '../../../roles/pinner/holdings.ts'
import { CodecPool } from '../../../src/codec/pool.ts'
import { Copies } from '../../../src/store/copies.ts'
import { StorageFolder } from '../../../src/store/folder.ts'
import { encodeAll, genesis, SIZES, world } from '../../helpers/encoded-span.ts'

/** The biggest block of the world, of 515 cells, and a small one. */
const BIG = 7
const SMALL = 4

test('holdings - long reads are decoded in the pool, short ones here', async t => {
  const w = await world(t)
  const { cells, tree } = await encodeAll(w, w.plain)
  const folder = await StorageFolder.open(join(w.folder, 'pinner'))
  const files = await Copies.open(folder)
  const pool = new CodecPool({ workers: 1 })
  t.after(async () => {
    await pool.close()
    await files.close()
    await folder.close()
  })
  const file = await files.create(w.span.id, { cells: tree.cells, blocks: SIZES.length - 1 })
  for (const batch of cells) await file.append(batch)
  let decoder: BlockDecoder = async () => null
  const cores = {
    open: async () => w.core,
    setDecoder: async (_key: string, given: BlockDecoder | null) => {
      if (given !== null) decoder = given
    },
    onCorrupt: () => () => undefined
  }
  const holdings = new Holdings({ genesis: () => genesis, cores, files, pool })
  await holdings.serve(w.copy, { ...w.span, cells: tree.cells, root: tree.root() })
  assert.deepEqual(
    Buffer.from((await decoder(BIG, SIZES[BIG] ?? 0)) ?? ''),
    Buffer.from(await w.core.get(BIG))
  )
  await pool.close()
  await assert.rejects(decoder(BIG, SIZES[BIG] ?? 0))
  assert.deepEqual(
    Buffer.from((await decoder(SMALL, SIZES[SMALL] ?? 0)) ?? 'none'),
    Buffer.from(await w.core.get(SMALL))
  )
})
