import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tempFolder } from '../helpers/folder.ts'
import { jsonLines, run } from './run.ts'

const vectors = (name: string) =>
  fileURLToPath(new URL(`../../../test/vectors/${name}.json`, import.meta.url))

test('vectors - all three files pass, and the counts are printed', async () => {
  const files = ['tpe1', 'protocol', 'publish'].map(vectors)
  const { code, stdout } = await run(['vectors', 'verify', ...files])
  assert.equal(code, 0)
  assert.match(stdout, /\n(\d{2,}) passed, 0 failed\n$/)
  const json = await run(['vectors', 'verify', ...files, '--json'])
  const lines = jsonLines(json.stdout)
  const result = lines.at(-1)
  assert.equal(result?.['type'], 'result')
  assert.equal(
    result?.['passed'],
    lines.filter(line => line['type'] === 'case' && line['ok'] === true).length
  )
})

test('vectors - one wrong case exits with 1 and is named', async t => {
  const path = join(await tempFolder(t), 'wrong.json')
  const text = await readFile(vectors('tpe1'), 'utf8')
  await writeFile(
    path,
    text.replace(/"root":\s*"./, match => match.slice(0, -1) + (match.endsWith('0') ? '1' : '0'))
  )
  const { code, stdout } = await run(['vectors', 'verify', vectors('publish'), path])
  assert.equal(code, 1)
  assert.match(stdout, /\nfailed {2}tpe1-vectors-1 /)
  assert.match(stdout, /[1-9]\d* passed, [1-9]\d* failed\n$/)
})

test('vectors - what is no vector file fails, a file that is not there is NOT_FOUND', async t => {
  const folder = await tempFolder(t)
  for (const content of ['', '[]', '{}', '{"format":"other-1"}', '{"format":"tpe1-vectors-1"}']) {
    await writeFile(join(folder, 'x.json'), content)
    const { code, stdout, stderr } = await run(['vectors', 'verify', join(folder, 'x.json')])
    assert.equal(code, 1, content)
    assert.match(stdout, /0 passed, 1 failed/, content)
    assert.equal(/^error VECTORS_INVALID: /.test(stderr), !content.includes('tpe1'), content)
  }
  const missing = await run(['vectors', 'verify', join(folder, 'no.json')])
  assert.equal(missing.code, 1)
  assert.match(missing.stderr, /^error NOT_FOUND/)
})
