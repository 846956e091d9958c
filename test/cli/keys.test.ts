import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { StorageFolder } from '../../src/store/folder.ts'
import { tempFolder } from '../helpers/folder.ts'
import { jsonLines, run } from './run.ts'

/** Substrate's development phrase: its account is known everywhere. */
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'
const ACCOUNT = '46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a'
const ADDRESS = '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV'

test('keys - new shows its phrase once, show only when asked to, and nothing is overwritten', async t => {
  const storage = join(await tempFolder(t), 'node')
  const made = await run(['keys', 'new', '--storage', storage, '--json'])
  assert.equal(made.code, 0)
  const [key] = jsonLines(made.stdout)
  const phrase = String(key?.['phrase'])
  assert.equal(phrase.split(' ').length, 12)
  assert.equal((await stat(storage)).mode & 0o777, 0o700)
  assert.equal((await stat(join(storage, 'key.json'))).mode & 0o777, 0o600)
  const shown = await run(['keys', 'show', '--storage', storage])
  assert.match(shown.stdout, new RegExp(`account +${key?.['address']}`))
  assert.equal((shown.stdout + shown.stderr).includes(phrase), false)
  const revealed = await run(['keys', 'show', '--storage', storage, '--reveal'])
  assert.ok(revealed.stdout.includes(phrase))
  const again = await run(['keys', 'new', '--storage', storage])
  assert.equal(again.code, 1)
  assert.match(again.stderr, /^error KEY_EXISTS/)
  assert.deepEqual(
    jsonLines((await run(['keys', 'show', '--storage', storage, '--reveal', '--json'])).stdout)[0],
    key
  )
})

test('keys - import takes 12 words from stdin or a file and makes the account that others make', async t => {
  const folder = await tempFolder(t)
  const words = join(folder, 'words')
  await writeFile(words, `  ${PHRASE.toUpperCase().replaceAll(' ', '\n')}\n`)
  const one = await run(['keys', 'import', '--storage', join(folder, 'a'), '--json'], { input: PHRASE })
  const two = await run(['keys', 'import', words, '--storage', join(folder, 'b'), '--json'])
  for (const { code, stdout } of [one, two]) {
    assert.equal(code, 0)
    const [key] = jsonLines(stdout)
    assert.equal(key?.['account'], ACCOUNT)
    assert.equal(key?.['address'], ADDRESS)
    assert.match(String(key?.['noiseKey']), /^[0-9a-f]{64}$/)
    assert.equal('phrase' in (key ?? {}), false)
  }
})

test('keys - what is no phrase is refused without repeating it', async t => {
  const storage = join(await tempFolder(t), 'a')
  for (const input of ['', 'a b c', PHRASE.replace('walk', 'bottom'), 'x'.repeat(100_000)]) {
    const { code, stdout, stderr } = await run(['keys', 'import', '--storage', storage], { input })
    assert.equal(code, 1)
    assert.match(stderr, /^error (KEY_INVALID|BAD_ARGUMENT)/)
    assert.equal((stdout + stderr).includes('curtain'), false)
  }
})

test('keys - with a passphrase the file holds no word of the phrase and needs it to be read', async t => {
  const folder = await tempFolder(t)
  const storage = join(folder, 'a')
  await writeFile(join(folder, 'p'), 'open sesame\n')
  await writeFile(join(folder, 'q'), 'open barley\n')
  const args = (file: string) => ['--storage', storage, '--passphrase-file', join(folder, file)]
  await run(['keys', 'import', ...args('p')], { input: PHRASE })
  assert.equal((await readFile(join(storage, 'key.json'), 'utf8')).includes('curtain'), false)
  assert.match((await run(['keys', 'show', ...args('p'), '--reveal'])).stdout, /bottom drive/)
  assert.match((await run(['keys', 'show', ...args('q')])).stderr, /^error KEY_INVALID/)
  assert.match((await run(['keys', 'show', '--storage', storage])).stderr, /--passphrase-file/)
})

test('keys - show makes nothing and works beside a running node; new does not', async t => {
  const folder = await tempFolder(t)
  const storage = join(folder, 'a')
  assert.match((await run(['keys', 'show', '--storage', storage])).stderr, /^error KEY_MISSING/)
  await assert.rejects(stat(storage), { code: 'ENOENT' })
  await run(['keys', 'new', '--storage', storage])
  const node = await StorageFolder.open(storage)
  t.after(() => node.close())
  assert.equal((await run(['keys', 'show', '--storage', storage])).code, 0)
  const other = await run(['keys', 'new', '--storage', storage])
  assert.match(other.stderr, new RegExp(`^error STORAGE_LOCKED[\\s\\S]*process ${process.pid}`))
})

test('keys - a storage that cannot be written exits with 1 and STORAGE_UNWRITABLE', async t => {
  const file = join(await tempFolder(t), 'file')
  await writeFile(file, '')
  const { code, stderr } = await run(['keys', 'new', '--storage', join(file, 'below')])
  assert.equal(code, 1)
  assert.match(stderr, /^error STORAGE_UNWRITABLE/)
})

test('keys - the default folder is the role’s under the platform’s data folder', async t => {
  const env = { HOME: await tempFolder(t), XDG_DATA_HOME: '' }
  const { stdout } = await run(['keys', 'new', '--role', 'pinner', '--json'], { env })
  const file = String(jsonLines(stdout)[0]?.['keyFile'])
  assert.ok(file.startsWith(env.HOME) && file.endsWith(join('datdot', 'pinner', 'key.json')), file)
})
