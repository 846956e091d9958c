import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Command } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { COMMON, loadConfig } from '../../src/config.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { Settings } from '../../src/settings.ts'
import { tempFolder } from '../helpers/folder.ts'
import { scaled } from '../helpers/long.ts'
import { hostile } from './values.ts'

const numRuns = scaled(1_000, 1_000_000)
const UNKNOWN = [
  'capcity',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'LOGLEVEL',
  'reveal',
  '0',
  'log-level',
  'config '
]

const pinner = COMMANDS.find(({ name }) => name === 'pinner') as Command

const load = ({ name, settings }: Command, flags: Record<string, unknown>) =>
  loadConfig(settings ?? {}, { role: name, env: {}, flags })

/** Those that need nothing but a file. */
async function commands(): Promise<Command[]> {
  const needNothing = await Promise.all(
    COMMANDS.map(command => load(command, { storage: '/nowhere' }).then(Boolean, () => false))
  )
  return COMMANDS.filter((_, index) => needNothing[index])
}

/** What may stand in a file for a command. */
function knownTo({ settings = {} }: Command): string[] {
  const all: Settings = { ...COMMON, ...settings }
  return Object.keys(all).filter(key => all[key]?.flagOnly !== true)
}

test('fuzz config - any object in the file is taken as what it says, or refused with the name of a key of it', async t => {
  const config = join(await tempFolder(t), 'c.json')
  const chosen = await commands()
  assert.ok(chosen.length > 10)
  const file = fc.constantFrom(...chosen).chain(command => {
    const known = fc.constantFrom(...knownTo(command))
    const key = fc.oneof({ arbitrary: known, weight: 8 }, fc.constantFrom(...UNKNOWN))
    return fc.tuple(fc.constant(command), fc.array(fc.tuple(key, hostile), { maxLength: 4 }))
  })
  const ends = { taken: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(file, async ([command, entries]) => {
      // as text, since a name like __proto__ must stand in the file itself
      await writeFile(
        config,
        `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`
      )
      try {
        const values = await load(command, { config })
        assert.ok(entries.every(([key]) => knownTo(command).includes(key)))
        assert.ok(Array.isArray(values.chain))
        if (command === pinner) assert.ok(Number.isSafeInteger(values['capacity']))
        const plain = await load(command, { storage: '/nowhere' })
        assert.deepEqual(Object.keys(values).sort(), Object.keys(plain).sort())
        ends.taken += 1
      } catch (error) {
        assert.ok(isDatdotError(error, 'BAD_CONFIG'), String(error))
        const key = String(error.details['key'])
        assert.ok(
          entries.some(([name]) => name === key),
          `${key} of ${entries.map(([name]) => name)}`
        )
        assert.ok(error.message.includes(key) && error.message.includes(config), error.message)
        ends.refused += 1
      }
    }),
    { numRuns }
  )
  assert.ok(ends.taken > numRuns / 20 && ends.refused > numRuns / 20, JSON.stringify(ends))
})

test('fuzz config - any text in the file is JSON or refused with the name of the file', async t => {
  const config = join(await tempFolder(t), 'c.json')
  const content = fc.oneof(
    fc.string(),
    fc.json(),
    fc.uint8Array().map(bytes => Buffer.from(bytes).toString('latin1'))
  )
  await fc.assert(
    fc.asyncProperty(content, async written => {
      await writeFile(config, written)
      try {
        await load(pinner, { config })
      } catch (error) {
        assert.ok(isDatdotError(error, 'BAD_CONFIG') && error.message.includes(config), String(error))
      }
    }),
    { numRuns }
  )
})

test('config - a deep or huge file is refused like any other', async t => {
  const config = join(await tempFolder(t), 'c.json')
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i])))
  const cases = [
    deep,
    `{"capacity":${deep}}`,
    `{"chain":${deep}}`,
    `{"chain":"${'x,'.repeat(1e6)}"}`,
    many,
    `{"host":"${'h'.repeat(1e7)}`,
    `{"capacity":${'9'.repeat(1e6)}}`
  ]
  for (const content of cases) {
    await writeFile(config, content)
    await assert.rejects(load(pinner, { config }), error => {
      assert.ok(isDatdotError(error, 'BAD_CONFIG'), content.slice(0, 20))
      assert.ok(error.message.length < 5_000, `${error.message.length} letters`)
      return true
    })
  }
})
