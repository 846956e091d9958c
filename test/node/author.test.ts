import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { AuthorNode } from '../../src/node/author.ts'
import { tempFolder } from '../helpers/folder.ts'

/** Runs an author over one source and returns the core that it tells of. */
async function publish(storage: string, text: string, appendTo: string | null): Promise<string> {
  const node = new AuthorNode({ storage, chain: [], passphraseFile: null, bootstrap: [], host: '127.0.0.1' })
  let core = ''
  node.events.on(event => {
    if (event.type === 'core') core = event.core
  })
  async function* source() {
    yield Buffer.from(text)
  }
  try {
    await node.ready()
    const act = { sources: [source()], appendTo, blockSizes: [4], serve: false }
    await node.role(act).run(new AbortController().signal)
    return `${core} ${(await node.hyper.openCore(core)).byteLength}`
  } finally {
    await node.close()
  }
}

test('author node - records that were moved away cost no core: the old ones are known, a new one is another', async t => {
  const storage = await tempFolder(t)
  const [first = ''] = (await publish(storage, 'one', null)).split(' ')
  const [second = ''] = (await publish(storage, 'two', null)).split(' ')
  assert.notEqual(first, second)
  await writeFile(join(storage, 'records', 'CURRENT'), 'not what was written')
  await assert.rejects(publish(storage, 'three', null), { code: 'RECORDS_DAMAGED' })
  await rm(join(storage, 'records'), { recursive: true })
  const [third, bytes] = (await publish(storage, 'three', null)).split(' ')
  assert.ok(third !== first && third !== second)
  assert.equal(bytes, '5')
  assert.equal(await publish(storage, ' more', first), `${first} 8`)
  await assert.rejects(publish(storage, 'x', 'ab'.repeat(32)), { code: 'NOT_FOUND' })
})
