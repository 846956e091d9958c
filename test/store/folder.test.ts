import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { storageFailure } from '../../src/store/failure.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { tempFolder } from '../helpers/folder.ts'

const HOLDER = fileURLToPath(new URL('./holder.js', import.meta.url))

/** Another process that opened the folder. */
async function holder(t: TestContext, path: string) {
  const child = spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test('folder - it is made for its owner only, parents too', async t => {
  const path = join(await tempFolder(t), 'a', 'b')
  const folder = await StorageFolder.open(path)
  assert.equal((await stat(path)).mode & 0o777, 0o700)
  assert.equal((await stat(folder.resolve('lock'))).mode & 0o777, 0o600)
  assert.equal((await stat(await folder.folder('copies'))).mode & 0o777, 0o700)
  await folder.close()
  await folder.close()
})

test('folder - one of ours that others could look into is closed to them, a stranger’s is left alone', async t => {
  const path = await tempFolder(t)
  await (await StorageFolder.open(path)).close()
  await chmod(path, 0o755)
  await (await StorageFolder.open(path)).close()
  assert.equal((await stat(path)).mode & 0o777, 0o700)
  const other = await tempFolder(t)
  await writeFile(join(other, 'letter.txt'), '')
  await chmod(other, 0o755)
  await (await StorageFolder.open(other)).close()
  assert.equal((await stat(other)).mode & 0o777, 0o755)
})

test('folder - a second opening is refused while the first lasts, in this process and in another', async t => {
  const path = await tempFolder(t)
  const first = await StorageFolder.open(path)
  await assert.rejects(StorageFolder.open(path), { code: 'STORAGE_LOCKED' })
  await first.close()
  const child = await holder(t, path)
  await assert.rejects(StorageFolder.open(path), {
    code: 'STORAGE_LOCKED',
    message: `${path} is used by process ${child.pid}`
  })
})

test('folder - the lock of a killed process is gone with it', async t => {
  const path = await tempFolder(t)
  const child = await holder(t, path)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(await readFile(join(path, 'lock'), 'utf8'), `${child.pid}\n`)
  const folder = await StorageFolder.open(path)
  assert.equal(await readFile(join(path, 'lock'), 'utf8'), `${process.pid}\n`)
  await folder.close()
})

test('folder - of many that open at once exactly one gets it', async t => {
  const path = await tempFolder(t)
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => StorageFolder.open(path)))
  const opened = outcomes.filter(one => one.status === 'fulfilled')
  assert.equal(opened.length, 1)
  for (const one of outcomes) if (one.status === 'rejected') assert.equal(one.reason.code, 'STORAGE_LOCKED')
  await opened[0]?.value.close()
})

test('folder - a place that cannot be written is STORAGE_UNWRITABLE', async t => {
  const path = await tempFolder(t)
  await writeFile(join(path, 'file'), '')
  for (const place of [join(path, 'file'), join(path, 'file', 'below'), '/proc/datdot']) {
    await assert.rejects(StorageFolder.open(place), { code: 'STORAGE_UNWRITABLE' }, place)
  }
})

test('folder - a name that leads out of it is refused', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  for (const name of ['..', '../x', '/etc', 'a/../../b', '']) {
    assert.throws(() => folder.resolve(name), { code: 'BAD_ARGUMENT' }, name)
  }
})

test('failure - a full disk is DISK_FULL, what is not about storage stays as it is', async () => {
  const full = await writeFile('/dev/full', 'x').catch(error => error)
  const mapped = storageFailure(full, '/dev/full') as { code: string; cause: unknown }
  assert.equal(mapped.code, 'DISK_FULL')
  assert.equal(mapped.cause, full)
  const wrapped = new Error('outer', { cause: full })
  assert.equal((storageFailure(wrapped, '/x') as { code: string }).code, 'DISK_FULL')
  const bug = new TypeError('bug')
  assert.equal(storageFailure(bug, '/x'), bug)
  const busy = await mkdir('/proc/self/x').catch(error => error)
  assert.equal((storageFailure(busy, '/x') as { code: string }).code, 'STORAGE_UNWRITABLE')
})
