import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { isDatdotError } from '../../src/domain/errors.ts'
import { knownBlock, pinnerPlans, pinnerSpans, signerSpans, verifierChecks } from '../../src/node/tables.ts'
import { readState } from '../../src/node/testnet/state.ts'
import { Copies } from '../../src/store/copies.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import {
  createKeyFile,
  isEncrypted,
  keyFilePath,
  readKeyFile,
  readPassphrase
} from '../../src/store/key-file.ts'
import { PartialFile } from '../../src/store/partial-file.ts'
import { Records } from '../../src/store/records.ts'
import type { TableDefinition } from '../../src/store/table.ts'
import { encodeValue } from '../../src/store/value.ts'
import { tempFolder } from '../helpers/folder.ts'
import { scaled } from '../helpers/long.ts'
import { changedAt, hostile, json, places } from './values.ts'

const numRuns = scaled(1_000, 1_000_000)

const TABLES = [knownBlock, signerSpans, pinnerSpans, pinnerPlans, verifierChecks] as TableDefinition<
  unknown,
  unknown
>[]
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'

/** A stored value with the right checksum, whatever it says. */
function sealed(text: string): Buffer {
  const body = Buffer.from(text)
  const header = Buffer.alloc(5)
  header[0] = 1
  header.writeUInt32BE(crc32(body), 1)
  return Buffer.concat([header, body])
}

const record = { height: 5, hash: 'ab'.repeat(32) }
const stored = fc.oneof(
  fc.constant(encodeValue(record)),
  fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
  fc.string().map(sealed),
  json.map(value => sealed(JSON.stringify(value))),
  fc
    .tuple(hostile, fc.boolean())
    .map(([value, isNumber]) => sealed(JSON.stringify(isNumber ? { $n: value } : { $b: value }))),
  fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([at, byte]) => {
    const bytes = encodeValue(record)
    bytes[at % bytes.length] = byte
    return bytes
  })
)
const key = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }).filter(text => text < '~'),
  fc.stringMatching(/^[0-9a-f]{15,17}(:[0-9a-f]{7,9})?$/)
)

async function opened(t: TestContext) {
  const folder = await StorageFolder.open(await tempFolder(t))
  t.after(() => folder.close())
  await (await Records.open(folder)).close()
  return folder
}

test('fuzz records - whatever stands in the database is a valid record or RECORDS_DAMAGED', async t => {
  const records = await Records.open(await opened(t))
  t.after(() => records.close())
  const index = fc.nat({ max: TABLES.length - 1 })
  const ends = { read: 0, damaged: 0 }
  await fc.assert(
    fc.asyncProperty(index, key, stored, async (at, name, value) => {
      const table = TABLES[at] ?? knownBlock
      const stands = `${table.name}/${name}`
      await records.batch([{ type: 'put', key: stands, value }])
      try {
        for await (const [, read] of records.table(table as typeof knownBlock).entries()) {
          table.value.parse(read)
          ends.read += 1
        }
      } catch (error) {
        assert.ok(isDatdotError(error, 'RECORDS_DAMAGED'), String(error))
        assert.ok(error.message.includes(stands), error.message)
        ends.damaged += 1
      }
      await records.batch([{ type: 'del', key: stands }])
    }),
    { numRuns }
  )
  assert.equal(ends.read + ends.damaged, numRuns)
  assert.ok(ends.read > 0, JSON.stringify(ends))
})

test('fuzz records - the plan of a span that is not what was written is CELLS_DAMAGED, and others go on', async t => {
  const folder = await opened(t)
  const path = await folder.folder('copies')
  const plan = JSON.stringify({ version: 1, cells: 3, blocks: 1 })
  await writeFile(join(path, '1.json'), plan)
  const content = fc.oneof(
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
    json.map(value => Buffer.from(JSON.stringify(value))),
    fc
      .tuple(fc.constantFrom('version', 'cells', 'blocks'), hostile)
      .map(([name, value]) => Buffer.from(JSON.stringify({ version: 1, cells: 3, blocks: 1, [name]: value })))
  )
  await fc.assert(
    fc.asyncProperty(content, async written => {
      await writeFile(join(path, '2.json'), written)
      const copies = await Copies.open(folder)
      try {
        const file = await copies.open(2n)
        assert.ok(file !== null && file.count === 0)
      } catch (error) {
        assert.ok(isDatdotError(error, 'CELLS_DAMAGED', 'STORAGE_UNWRITABLE'), String(error))
        assert.ok(error.code === 'CELLS_DAMAGED', error.message)
      }
      assert.equal((await copies.open(1n))?.plan.cells, 3)
      await copies.close()
    }),
    { numRuns }
  )
})

test('fuzz key file - any content is the key it says, or KEY_INVALID without a word of it', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  const whole = StorageFolder.at(await tempFolder(t))
  await createKeyFile(whole, PHRASE, 'p')
  const encrypted = JSON.parse(await readFile(keyFilePath(whole), 'utf8')) as Record<string, unknown>
  // A guess costs half a second with the real parameters.
  const cheap = changedAt(encrypted, ['kdf', 'N'], 2)
  const all = [...places(cheap)]
  const content = fc.oneof(
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
    json.map(value => Buffer.from(JSON.stringify(value))),
    json.map(value => Buffer.from(JSON.stringify({ version: 1, phrase: value }))),
    fc
      .tuple(fc.nat(), hostile, fc.boolean())
      .map(([at, value, drops]) =>
        Buffer.from(JSON.stringify(changedAt(cheap, all[at % all.length] ?? [], value, drops)))
      )
  )
  await mkdir(folder.path, { recursive: true })
  await fc.assert(
    fc.asyncProperty(content, async written => {
      await writeFile(keyFilePath(folder), written)
      for (const work of [() => readKeyFile(folder, 'p'), () => isEncrypted(folder)])
        try {
          const value = await work()
          if (typeof value === 'string') assert.equal(value, JSON.parse(written.toString()).phrase)
        } catch (error) {
          assert.ok(isDatdotError(error, 'KEY_INVALID'), String(error))
          assert.equal(error.message.includes(PHRASE), false)
        }
    }),
    { numRuns }
  )
})

test('key file - one that asks for more memory than a guess may take is damaged', async t => {
  const folder = StorageFolder.at(await tempFolder(t))
  await createKeyFile(folder, PHRASE, 'p')
  const good = JSON.parse(await readFile(keyFilePath(folder), 'utf8')) as Record<string, unknown>
  await writeFile(
    keyFilePath(folder),
    JSON.stringify(changedAt(changedAt(good, ['kdf', 'N'], 2 ** 20), ['kdf', 'r'], 32))
  )
  await assert.rejects(readKeyFile(folder, 'p'), { code: 'KEY_INVALID', message: /damaged/ })
})

test('fuzz key file - any passphrase file is its first line, or KEY_INVALID', async t => {
  const path = join(await tempFolder(t), 'passphrase')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 1_200 }), async written => {
      await writeFile(path, written)
      try {
        const passphrase = await readPassphrase(path)
        assert.ok(passphrase !== '' && !passphrase.includes('\n'))
      } catch (error) {
        assert.ok(isDatdotError(error, 'KEY_INVALID'), String(error))
      }
    }),
    { numRuns }
  )
})

test('fuzz disk - any state of a local network, and of a download, is taken, begun anew or refused', async t => {
  const folder = await tempFolder(t)
  const out = join(folder, 'out')
  const from = { core: 'ab'.repeat(32), encryption: null, fork: 0, start: 0 }
  const end = 1_000
  const state = { ...from, next: 1, bytes: 2 }
  const content = fc.oneof(
    fc.string(),
    json.map(value => JSON.stringify(value)),
    fc
      .tuple(fc.constantFrom(...Object.keys(state)), hostile)
      .map(([name, value]) => JSON.stringify({ ...state, [name]: value }))
  )
  await fc.assert(
    fc.asyncProperty(content, async written => {
      await writeFile(join(folder, 'testnet.json'), written)
      await assert.rejects(readState(folder), { code: 'RECORDS_DAMAGED' })
      await writeFile(`${out}.part`, 'ab')
      await writeFile(`${out}.part.json`, written)
      const file = new PartialFile(out)
      const next = await file.resume({ ...from, end })
      assert.ok(Number.isSafeInteger(next) && next >= 0 && next <= end)
      await file.close()
    }),
    { numRuns }
  )
})
