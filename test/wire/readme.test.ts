import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { REFUSALS } from '../../src/wire/errors.ts'
import { CHECK, COPY } from '../../src/wire/messages.ts'

const readme = new URL('../../../src/wire/README.md', import.meta.url)

test('wire readme - it names every message with its number and its most bytes', async () => {
  const text = await readFile(readme, 'utf8')
  for (const protocol of [COPY, CHECK]) {
    const section = text.slice(text.indexOf(`## ${protocol.name}`))
    for (const [name, { number, maxBytes }] of Object.entries(protocol.messages)) {
      const row = new RegExp(`^\\| ${number} \\| ${name} \\|.*${maxBytes.toLocaleString('en')} \\|$`, 'm')
      assert.match(section, row)
    }
  }
})

test('wire readme - it names every refusal with its number and its error', async () => {
  const text = await readFile(readme, 'utf8')
  for (const [name, { code, error, isFault }] of Object.entries(REFUSALS)) {
    assert.ok(text.includes(`| ${code} | ${name} | ${isFault ? 'yes' : 'no'} | ${error} |`), name)
  }
})
