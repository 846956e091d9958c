import assert from 'node:assert/strict'
import { readdir, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { HyperNode } from '../../src/hyper/node.ts'
import { fill, flip } from '../helpers/harm.ts'
import { seedOf, tempFolder } from './helpers.ts'

const make = (storage: string) => new HyperNode({ storage, seed: seedOf('damage'), host: '127.0.0.1' })

async function opened(storage: string): Promise<HyperNode> {
  const node = make(storage)
  await node.ready()
  return node
}

/** A store with a core of two blocks, whose database has written files of each kind. */
async function filled(storage: string): Promise<string> {
  let key = ''
  for (let i = 0; i < 2; i++) {
    const node = await opened(storage)
    const core = await node.createCore('own')
    await core.append([Buffer.alloc(70_000, i + 1)])
    key = core.key
    await node.close()
  }
  return key
}

const flipMiddle = (path: string) => flip(path, 0.5)

const HARMS: [file: RegExp, harm: (path: string) => Promise<void>][] = [
  [/^CORESTORE$/, fill],
  [/^CORESTORE$/, path => truncate(path, 0)],
  [/^CURRENT$/, path => rm(path)],
  [/^CURRENT$/, path => truncate(path, 0)],
  [/^MANIFEST/, flipMiddle],
  [/^MANIFEST/, path => rm(path)],
  [/\.sst$/, flipMiddle],
  [/\.sst$/, path => truncate(path, 10)],
  [/\.sst$/, path => rm(path)]
]

test('hyper node - a damaged store is CORES_DAMAGED whatever is harmed, and moving it away helps', async t => {
  const folder = await tempFolder(t)
  for (const [index, [file, harm]] of HARMS.entries()) {
    const storage = join(folder, String(index))
    const key = await filled(storage)
    const names = [
      ...(await readdir(storage)),
      ...(await readdir(join(storage, 'db'))).map(name => join('db', name))
    ]
    const found = names.find(name => file.test(name.replace(/^db./, '')))
    assert.ok(found, String(file))
    await harm(join(storage, found))
    const node = make(storage)
    await assert.rejects(node.ready(), { code: 'CORES_DAMAGED' }, `${index}: ${found}`)
    await node.close()
    await rename(storage, `${storage}.away`)
    const again = await opened(storage)
    assert.equal((await again.openCore(key)).length, 0)
    await again.close()
  }
})

test('hyper node - a damaged block of the store is CORES_DAMAGED when it is read, never other bytes', async t => {
  const storage = await tempFolder(t)
  const key = await filled(storage)
  for (const name of await readdir(join(storage, 'db')))
    if (name.endsWith('.blob')) await flipMiddle(join(storage, 'db', name))
  const node = await opened(storage)
  t.after(() => node.close())
  const core = await node.openCore(key)
  assert.equal(core.length, 2)
  await assert.rejects(core.getLocal(0), { code: 'CORES_DAMAGED' })
})
