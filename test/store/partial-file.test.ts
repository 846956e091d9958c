import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { PartialFile } from '../../src/store/partial-file.ts'
import { tempFolder } from '../helpers/folder.ts'

type Wanted = Parameters<PartialFile['resume']>[0]

const DOWNLOAD: Wanted = { core: 'ab'.repeat(32), encryption: null, fork: 0, start: 0, end: 10 }
const OTHERS: Record<string, Wanted> = {
  'another core': { ...DOWNLOAD, core: 'cd'.repeat(32) },
  'another key': { ...DOWNLOAD, encryption: 'ef'.repeat(32) },
  'another fork': { ...DOWNLOAD, fork: 1 },
  'another start': { ...DOWNLOAD, start: 1 }
}

/** Writes some blocks of a download and stops, with or without a checkpoint; gives where it began. */
async function begin(path: string, wanted: Wanted, blocks: string[], next?: number): Promise<number> {
  const file = new PartialFile(path)
  const from = await file.resume(wanted)
  for (const block of blocks) await file.write(Buffer.from(block))
  if (next !== undefined) await file.checkpoint(next)
  await file.close()
  return from
}

for (const [name, other] of Object.entries(OTHERS))
  test(`partial file - bytes of ${name} are never taken for those of the first`, async t => {
    const path = join(await tempFolder(t), 'out')
    await begin(path, DOWNLOAD, ['first', 'bytes'], 2)
    assert.equal(await begin(path, other, ['other', 'bytes', 'and more']), other.start)
    const file = new PartialFile(path)
    t.after(() => file.close())
    assert.equal(await file.resume(DOWNLOAD), 0)
    await file.write(Buffer.from('whole'))
    await file.finish()
    assert.equal(await readFile(path, 'utf8'), 'whole')
  })

test('partial file - it goes on after its checkpoint, not with less than was noted nor from another format', async t => {
  const path = join(await tempFolder(t), 'out')
  const resumed = async () => {
    const file = new PartialFile(path)
    t.after(() => file.close())
    return file.resume(DOWNLOAD)
  }
  await begin(path, DOWNLOAD, ['first', 'bytes'], 2)
  assert.equal(await resumed(), 2)
  await writeFile(`${path}.part`, 'less')
  assert.equal(await resumed(), 0)
  await begin(path, DOWNLOAD, ['first', 'bytes'], 2)
  const { encryption, ...earlier } = JSON.parse(await readFile(`${path}.part.json`, 'utf8'))
  assert.equal(encryption, null)
  await writeFile(`${path}.part.json`, JSON.stringify(earlier))
  assert.equal(await resumed(), 0)
})
