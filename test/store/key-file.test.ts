import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { StorageFolder } from '../../src/store/folder.ts'
import {
  createKeyFile,
  hasKeyFile,
  isEncrypted,
  keyFilePath,
  readKeyFile,
  readPassphrase
} from '../../src/store/key-file.ts'
import { SecretFiles } from '../../src/store/secret-files.ts'
import { tempFolder } from '../helpers/folder.ts'

const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'

test('key file - it is read back, 0600, and never overwritten', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  assert.equal(await hasKeyFile(folder), false)
  await assert.rejects(readKeyFile(folder), { code: 'KEY_MISSING', message: /datdot keys new --storage/ })
  await createKeyFile(folder, PHRASE)
  assert.equal(await readKeyFile(folder), PHRASE)
  assert.equal(await isEncrypted(folder), false)
  assert.equal((await stat(keyFilePath(folder))).mode & 0o777, 0o600)
  await assert.rejects(createKeyFile(folder, 'other'), { code: 'KEY_EXISTS' })
  assert.equal(await readKeyFile(folder), PHRASE)
  assert.deepEqual(await readdir(folder.path), ['key.json'])
})

test('key file - one that others could read is closed to them', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  await createKeyFile(folder, PHRASE)
  await chmod(keyFilePath(folder), 0o644)
  await readKeyFile(folder)
  assert.equal((await stat(keyFilePath(folder))).mode & 0o777, 0o600)
})

test('key file - encrypted, it needs its passphrase and tells nothing without', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  await createKeyFile(folder, PHRASE, 'open sesame')
  const content = await readFile(keyFilePath(folder), 'utf8')
  for (const word of PHRASE.split(' ')) assert.equal(content.includes(word), false)
  assert.equal(await isEncrypted(folder), true)
  assert.equal(await readKeyFile(folder, 'open sesame'), PHRASE)
  await assert.rejects(readKeyFile(folder), { code: 'KEY_INVALID', message: /--passphrase-file/ })
  await assert.rejects(readKeyFile(folder, 'open sesam'), {
    code: 'KEY_INVALID',
    message: /passphrase is wrong/
  })
})

test('key file - a changed file is KEY_INVALID and its words are in no message', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  const sealed = StorageFolder.at(await tempFolder(t))
  await createKeyFile(sealed, PHRASE, 'p')
  const good = JSON.parse(await readFile(keyFilePath(sealed), 'utf8'))
  const flipped = (hex: string) => `${hex.startsWith('0') ? '1' : '0'}${hex.slice(1)}`
  const cases = [
    '',
    `{"version":1,"phrase":"${PHRASE}"`,
    `{"version":2,"phrase":"${PHRASE}"}`,
    `{"version":1,"phrase":"${PHRASE}","more":1}`,
    JSON.stringify({ ...good, data: flipped(good.data) }),
    JSON.stringify({ ...good, cipher: { ...good.cipher, tag: flipped(good.cipher.tag) } }),
    JSON.stringify({ ...good, kdf: { ...good.kdf, salt: flipped(good.kdf.salt) } }),
    JSON.stringify({ ...good, kdf: { ...good.kdf, N: 2 ** 30 } }),
    JSON.stringify({ ...good, kdf: { ...good.kdf, N: 3 } })
  ]
  for (const content of cases) {
    await writeFile(keyFilePath(folder), content)
    await assert.rejects(readKeyFile(folder, 'p'), (error: Error & { code: string }) => {
      assert.equal(error.code, 'KEY_INVALID', content)
      assert.equal(`${error.message} ${String(error.cause)}`.includes('curtain'), false)
      return true
    })
  }
})

test('key file - the passphrase is the first line of its file', async t => {
  const path = join(await tempFolder(t), 'passphrase')
  await writeFile(path, 'two words\r\nignored\n')
  assert.equal(await readPassphrase(path), 'two words')
  await writeFile(path, '\n')
  await assert.rejects(readPassphrase(path), { code: 'KEY_INVALID' })
  await assert.rejects(readPassphrase(`${path}.no`), { code: 'KEY_INVALID' })
})

test('secret files - kept 0600, listed, destroyed', async t => {
  const folder = await StorageFolder.open(await tempFolder(t))
  t.after(() => folder.close())
  const files = await SecretFiles.open(folder)
  assert.equal(await files.get('12'), null)
  await files.put('12', Buffer.from('secret one'))
  await files.put('7', Buffer.from('secret two'))
  await files.put('7', Buffer.from('secret three'))
  assert.deepEqual(await files.names(), ['12', '7'])
  assert.equal((await stat(folder.resolve('keys', '7'))).mode & 0o777, 0o600)
  assert.equal((await files.get('7'))?.toString(), 'secret three')
  const { open } = await import('node:fs/promises')
  const held = await open(folder.resolve('keys', '7'))
  t.after(() => held.close())
  await files.destroy('7')
  await files.destroy('7')
  assert.equal(await files.get('7'), null)
  const left = await held.read(Buffer.alloc(64), 0, 64, 0)
  assert.equal(left.buffer.toString('latin1').includes('secret three'), false)
  assert.equal(left.bytesRead, 'secret three'.length)
  await assert.rejects(files.put('../x', Buffer.alloc(1)), { code: 'BAD_ARGUMENT' })
})

test('secret files - what a crash left half written is destroyed at the next opening', async t => {
  const folder = await StorageFolder.open(await tempFolder(t))
  t.after(() => folder.close())
  await SecretFiles.open(folder)
  await writeFile(folder.resolve('keys', '9.new'), 'half a secr')
  const files = await SecretFiles.open(folder)
  assert.deepEqual(await files.names(), [])
  assert.deepEqual(await readdir(folder.resolve('keys')), [])
})

test('secret files - a process killed while it destroys a secret leaves none behind', async t => {
  const path = await tempFolder(t)
  const script = fileURLToPath(new URL('./destroyer.js', import.meta.url))
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'ignore', 'inherit'] })
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'])
  const folder = await StorageFolder.open(path)
  t.after(() => folder.close())
  assert.equal((await readdir(folder.resolve('keys'))).length, 1)
  const files = await SecretFiles.open(folder)
  assert.deepEqual(await files.names(), [])
  assert.deepEqual(await readdir(folder.resolve('keys')), [])
})
