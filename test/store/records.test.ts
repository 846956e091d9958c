import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ClassicLevel } from 'classic-level'
import fc from 'fast-check'
import { z } from 'zod'
import { StorageFolder } from '../../src/store/folder.ts'
import { pair, u32, u64, word } from '../../src/store/keys.ts'
import { Records } from '../../src/store/records.ts'
import { defineTable } from '../../src/store/table.ts'
import { bytes, decodeValue, encodeValue } from '../../src/store/value.ts'
import { tempFolder } from '../helpers/folder.ts'

const spans = defineTable({
  name: 'spans',
  key: u64,
  value: z.strictObject({ copy: z.bigint(), sent: z.int().min(0), signature: bytes(4).nullable() })
})
const checks = defineTable({ name: 'checks', key: pair(u64, u32), value: z.string() })
const words = defineTable({ name: 'words', key: word, value: z.int() })

const span = (sent: number) => ({ copy: 2n ** 63n, sent, signature: Uint8Array.of(1, 2, 3, sent % 256) })

async function open(t: TestContext, path: string): Promise<{ records: Records; folder: StorageFolder }> {
  const folder = await StorageFolder.open(path)
  t.after(() => folder.close())
  const records = await Records.open(folder)
  t.after(() => records.close())
  return { records, folder }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

test('records - what was put is there after a restart, as it was', async t => {
  const path = await tempFolder(t)
  const { records, folder } = await open(t, path)
  const table = records.table(spans)
  assert.equal(await table.get(7n), null)
  await table.put(7n, span(3))
  await table.put(8n, { ...span(4), signature: null })
  await table.delete(8n)
  await records.close()
  await folder.close()
  const again = await open(t, path)
  assert.deepEqual(await again.records.table(spans).get(7n), span(3))
  assert.equal(await again.records.table(spans).get(8n), null)
})

test('records - entries come in key order, by pages, forwards and backwards, tables apart', async t => {
  const { records } = await open(t, await tempFolder(t))
  const table = records.table(spans)
  const ids = [2n ** 64n - 1n, 0n, 255n, 256n, 2n ** 63n]
  for (const id of ids) await table.put(id, span(1))
  await records.table(words).put('a', 1)
  await records.table(checks).put([1n, 2], 'x')
  const keys = async (options?: Parameters<typeof table.entries>[0]) =>
    (await collect(table.entries(options))).map(([key]) => key)
  assert.deepEqual(await keys(), [0n, 255n, 256n, 2n ** 63n, 2n ** 64n - 1n])
  assert.deepEqual(await keys({ after: 255n, limit: 2 }), [256n, 2n ** 63n])
  assert.deepEqual(await keys({ after: 256n, reverse: true }), [255n, 0n])
  assert.deepEqual(await collect(records.table(checks).entries()), [[[1n, 2], 'x']])
  for await (const [key] of table.entries()) {
    assert.equal(key, 0n)
    break
  }
})

test('records - a batch over two tables is all or nothing', async t => {
  const { records } = await open(t, await tempFolder(t))
  const [one, other] = [records.table(spans), records.table(words)]
  await one.put(1n, span(1))
  await records.batch([one.deleting(1n), one.putting(2n, span(2)), other.putting('n', 5)])
  assert.equal(await one.get(1n), null)
  assert.equal(await other.get('n'), 5)
  assert.throws(() => one.putting(3n, { ...span(1), sent: -1 }))
  await assert.rejects(async () => records.batch([other.putting('n', 6), one.putting(2n ** 64n, span(1))]), {
    code: 'BAD_ARGUMENT'
  })
  assert.equal(await other.get('n'), 5)
})

test('records - a write that resolved survives SIGKILL', async t => {
  const path = await tempFolder(t)
  const child = spawn(process.execPath, [fileURLToPath(new URL('./writer.js', import.meta.url)), path], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.after(() => child.kill('SIGKILL'))
  let written = -1
  let rest = ''
  for await (const chunk of child.stdout) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    written = Number(lines.at(-1) ?? written)
    if (written >= 50) break
  }
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const { records } = await open(t, path)
  assert.ok(Number(await records.table(words).get('count')) >= written)
})

test('records - a changed byte in a value is RECORDS_DAMAGED, never a wrong value', async t => {
  const path = await tempFolder(t)
  const first = await open(t, path)
  await first.records.table(spans).put(7n, span(3))
  await first.records.close()
  const level = new ClassicLevel<string, Uint8Array>(join(path, 'records'), { valueEncoding: 'view' })
  const key = 'spans/0000000000000007'
  const stored = Buffer.from((await level.get(key)) ?? [])
  for (let at = 0; at < stored.length; at++) {
    const bad = Buffer.from(stored)
    bad[at] = (bad[at] ?? 0) ^ 0x20
    await level.put(`spans/${(1000 + at).toString(16).padStart(16, '0')}`, bad)
  }
  await level.close()
  const records = await Records.open(first.folder)
  t.after(() => records.close())
  const table = records.table(spans)
  for (let at = 0; at < stored.length; at++) {
    await assert.rejects(table.get(BigInt(1000 + at)), { code: 'RECORDS_DAMAGED' }, `byte ${at}`)
  }
  assert.deepEqual(await table.get(7n), span(3))
  await assert.rejects(collect(table.entries()), { code: 'RECORDS_DAMAGED' })
})

test('records - a value of another shape is RECORDS_DAMAGED', async t => {
  const path = await tempFolder(t)
  const { records } = await open(t, path)
  const older = defineTable({ name: 'spans', key: u64, value: z.strictObject({ old: z.boolean() }) })
  await records.table(older).put(1n, { old: true })
  await assert.rejects(records.table(spans).get(1n), { code: 'RECORDS_DAMAGED', message: /spans\/0+1/ })
})

test('records - a damaged or missing file of the database is RECORDS_DAMAGED, and moving it away helps', async t => {
  for (const harm of ['CURRENT', 'MANIFEST', 'missing'] as const) {
    const path = await tempFolder(t)
    const first = await open(t, path)
    await first.records.table(words).put('n', 1)
    await first.records.close()
    const names = await readdir(join(path, 'records'))
    const file = join(path, 'records', names.find(name => name.startsWith(harm)) ?? 'CURRENT')
    if (harm === 'missing') await rm(file)
    else await writeFile(file, (await readFile(file)).fill(0x55))
    await assert.rejects(Records.open(first.folder), { code: 'RECORDS_DAMAGED' }, harm)
    await rm(join(path, 'records'), { recursive: true })
    const records = await Records.open(first.folder)
    assert.equal(await records.table(words).get('n'), null)
    await records.close()
  }
})

test('records - after close every use is ABORTED', async t => {
  const { records } = await open(t, await tempFolder(t))
  const table = records.table(words)
  await records.close()
  await records.close()
  await assert.rejects(table.get('n'), { code: 'ABORTED' })
  await assert.rejects(table.put('n', 1), { code: 'ABORTED' })
  await assert.rejects(collect(table.entries()), { code: 'ABORTED' })
})

test('value - decode(encode(v)) = v', () => {
  const leaf = fc.oneof(
    fc.bigInt(),
    fc.uint8Array(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => n + 0),
    fc.boolean(),
    fc.constant(null)
  )
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      leaf,
      fc.array(tie('any')),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter(k => !k.startsWith('$') && k !== '__proto__'),
        tie('any'),
        { noNullPrototype: true }
      )
    )
  })).any
  fc.assert(
    fc.property(value, given => {
      assert.deepEqual(decodeValue(encodeValue(given)), given)
    })
  )
})

test('keys - order of the text is the order of the keys, and they come back', () => {
  const key = pair(u64, u32)
  const ids = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      assert.deepEqual(key.read(key.write(a)), a)
      const less = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
      assert.equal(key.write(a) < key.write(b), less)
    })
  )
  for (const bad of [-1, 2 ** 32, 0.5, Number.NaN])
    assert.throws(() => u32.write(bad), { code: 'BAD_ARGUMENT' })
  for (const bad of ['', 'a/b', 'a:b', '~']) assert.throws(() => word.write(bad), { code: 'BAD_ARGUMENT' })
})
