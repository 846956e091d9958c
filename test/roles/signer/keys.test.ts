import assert from 'node:assert/strict'
import test from 'node:test'
import { SpanKeys } from '../../../roles/signer/keys.ts'
import { StorageFolder } from '../../../src/store/folder.ts'
import { SecretFiles } from '../../../src/store/secret-files.ts'
import { tempFolder } from '../../helpers/folder.ts'

test('span keys - a file that is no key or not of a span stops nothing, and the others are there', async t => {
  const folder = await StorageFolder.open(await tempFolder(t))
  t.after(() => folder.close())
  const secrets = await SecretFiles.open(folder)
  const { N } = await new SpanKeys(secrets).getOrMake(7n)
  await secrets.put('8', Buffer.alloc(1_200, 3))
  await secrets.put('note', Buffer.from('what is this'))
  const keys = new SpanKeys(secrets)
  assert.deepEqual(await keys.load(), [8n])
  assert.deepEqual([...keys.notes.keys()], [7n])
  assert.deepEqual(keys.get(7n)?.N, N)
  assert.deepEqual(await secrets.names(), ['7', 'note'])
})
