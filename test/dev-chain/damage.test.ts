import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { DevChain } from '../../src/dev-chain/index.ts'
import { tempFolder } from '../helpers/folder.ts'
import { fill, flip } from '../helpers/harm.ts'

const open = (storage: string) => DevChain.create({ storage, port: null, blockTimeMs: 'manual' })

/** What happens to which file of the database. */
const HARMS: Record<string, [file: RegExp, harm: (path: string) => Promise<void>]> = {
  'its log is empty': [/\.log$/, path => truncate(path, 0)],
  'half of its log is gone': [
    /\.log$/,
    async path => truncate(path, Math.floor((await readFile(path)).length / 2))
  ],
  'its log is missing': [/\.log$/, path => rm(path)],
  'its log is noise': [/\.log$/, fill],
  'the first byte of its log is another': [/\.log$/, path => flip(path, 0)],
  'a byte of its log is another': [/\.log$/, path => flip(path, 0.5)],
  'CURRENT is noise': [/^CURRENT$/, fill],
  'the manifest is noise': [/^MANIFEST/, fill],
  'the manifest is missing': [/^MANIFEST/, path => rm(path)]
}

test('dev chain - a damaged database is refused before a block is made, and begins anew once it is moved away', async t => {
  const folder = await tempFolder(t)
  const whole = join(folder, 'whole')
  const chain = await open(whole)
  await chain.mine(2)
  await chain.close()
  for (const [name, [file, harm]] of Object.entries(HARMS)) {
    const storage = join(folder, name)
    await cp(whole, storage, { recursive: true })
    const found = (await readdir(storage)).find(one => file.test(one))
    assert.ok(found, name)
    await harm(join(storage, found))
    await assert.rejects(open(storage), { code: 'CHAIN_DAMAGED' }, name)
  }
  const [name = ''] = Object.keys(HARMS)
  await assert.rejects(open(join(folder, name)), { code: 'CHAIN_DAMAGED' }, 'once more')
  await rm(join(folder, name), { recursive: true })
  const anew = await open(join(folder, name))
  t.after(() => anew.close())
  await anew.mine()
  assert.equal(anew.height, 1)
  const same = await open(whole)
  t.after(() => same.close())
  assert.equal(same.height, 2)
})

test('dev chain - a database from before its state was counted is taken, and counted from then on', async t => {
  const folder = await tempFolder(t)
  const storage = join(folder, 'chain')
  const chain = await open(storage)
  await chain.mine()
  await chain.close()
  const { ClassicLevel } = await import('classic-level')
  const level = new ClassicLevel<string, string>(storage, { valueEncoding: 'utf8' })
  const { digest, ...record } = JSON.parse((await level.get('chain')) ?? '{}')
  assert.equal(typeof digest, 'number')
  await level.put('chain', JSON.stringify(record))
  await level.close()
  await rm(join(storage, 'begun'))
  const again = await open(storage)
  await again.mine()
  await again.close()
  const last = new ClassicLevel<string, string>(storage, { valueEncoding: 'utf8' })
  assert.equal(typeof JSON.parse((await last.get('chain')) ?? '{}').digest, 'number')
  for await (const key of last.keys({ gte: 's', lt: 't', limit: 1 })) await last.put(key, '0x00')
  await last.close()
  await assert.rejects(open(storage), { code: 'CHAIN_DAMAGED' })
})
