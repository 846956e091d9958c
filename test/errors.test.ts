import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { describeFailure } from '../src/cli/failure.ts'
import { DatdotError, ERROR_TABLE, type ErrorCode, isDatdotError } from '../src/domain/errors.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CODES = Object.keys(ERROR_TABLE) as ErrorCode[]

const NOT_LOOKED_AT = new Set(['src/domain/errors.ts', 'test/errors.test.ts'])

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return sources(path)
    return path.endsWith('.ts') && !NOT_LOOKED_AT.has(path) ? [readFileSync(join(ROOT, path), 'utf8')] : []
  })
}

/** How a test demands that a failure has this code; a code that is only made, or listed, is not demanded. */
function demands(code: ErrorCode): RegExp {
  const forms = [
    // assert.rejects(…, { code: 'X' })
    `assert\\.(?:rejects|throws)\\((?:(?!assert\\.|new DatdotError)[\\s\\S]){0,400}?\\bcode: '${code}'`,
    `isDatdotError\\([^(),]+, '${code}'\\)`,
    // assert.equal(error.code, 'X'), assert.equal(error['code'], 'X')
    `assert\\.equal\\((?:(?!assert\\.|new DatdotError)[\\s\\S]){0,200}?\\bcode(?:'\\])?, '${code}'`,
    // what a real process says on stderr
    `\\^error ${code}\\b`,
    `\\b(?:refuses|hasCode)\\('${code}'`
  ]
  return new RegExp(forms.join('|'))
}

const TEXT = [...sources('src'), ...sources('roles')].join('\n')

test('errors - every code is thrown somewhere', () => {
  assert.deepEqual(
    CODES.filter(code => !new RegExp(`['"]${code}['"]`).test(TEXT)),
    []
  )
})

test('errors - every code is provoked and demanded by a test', () => {
  const tests = sources('test').join('\n')
  assert.deepEqual(
    CODES.filter(code => !demands(code).test(tests)),
    []
  )
  // A code that is only made, listed or given to a fixture does not count.
  const idle = [`new DatdotError('KEY_EXISTS')`, `['KEY_EXISTS']`, `{ type: 'warning', code: 'KEY_EXISTS' }`]
  assert.equal(demands('KEY_EXISTS').test(idle.join('\n')), false)
})

test('errors - the README of the command line tells of every code, in order and in the same words', () => {
  const readme = readFileSync(join(ROOT, 'src/cli/README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| ([A-Z]+(?:_[A-Z]+)*) \| (.+) \| (.+) \|$/gm)].map(row => row.slice(1))
  assert.deepEqual(
    rows,
    CODES.map(code => [code, ...ERROR_TABLE[code]])
  )
})

test('errors - every code has a sentence and says what helps', () => {
  for (const code of CODES) {
    const [sentence, help] = ERROR_TABLE[code]
    assert.match(code, /^[A-Z]+(_[A-Z]+)*$/)
    for (const text of [sentence, help]) assert.match(text, /^[A-Z0-9].{8,}\.$/, code)
    assert.notEqual(sentence, help, code)
  }
})

test('errors - commands and flags that a help names exist', async () => {
  const { COMMANDS } = await import('../src/cli/commands/index.ts')
  const { COMMON, flagOf } = await import('../src/config.ts')
  const names = COMMANDS.map(({ name }) => name)
  const settings = [COMMON, ...COMMANDS.map(command => command.settings)].flatMap(table => Object.keys(table))
  const flags = new Set([...settings.map(flagOf), '--help', '--config'])
  for (const code of CODES) {
    const help = ERROR_TABLE[code][1]
    for (const [, name = ''] of help.matchAll(/`datdot ([^`]+)`/g))
      assert.ok(names.includes(name), `${code}: ${name}`)
    for (const [flag] of help.matchAll(/--[a-z-]+/g)) assert.ok(flags.has(flag), `${code}: ${flag}`)
  }
})

test('errors - code, facts, help and cause stay with the error', () => {
  const cause = new Error('inner')
  for (const code of CODES) {
    const error = new DatdotError(code, 'facts', { cause, details: { a: 1n } })
    assert.equal(error.cause, cause)
    assert.equal(isDatdotError(error, code), true)
    assert.equal(isDatdotError(new Error(code), code), false)
    const failure = describeFailure(error)
    assert.deepEqual(failure, {
      code,
      sentence: ERROR_TABLE[code][0],
      message: 'facts',
      help: ERROR_TABLE[code][1],
      details: { a: '1' }
    })
    assert.equal(new DatdotError(code).message, ERROR_TABLE[code][0])
  }
})
