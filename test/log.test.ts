import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatdotError } from '../src/domain/errors.ts'
import { createLog, type LogLevel } from '../src/log.ts'

function collect(level: LogLevel, json: boolean) {
  const lines: string[] = []
  return { lines, log: createLog({ level, json, write: line => lines.push(line) }) }
}

test('log - a JSON line has level, time, message and plain facts', () => {
  const { lines, log } = collect('info', true)
  log.info('hello', { amount: 12n, key: Uint8Array.of(1, 255), many: [1n] })
  log.debug('not at this level')
  assert.equal(lines.length, 1)
  const { time, ...rest } = JSON.parse(lines[0] ?? '')
  assert.ok(Number.isFinite(Date.parse(time)))
  assert.deepEqual(rest, { level: 'info', msg: 'hello', amount: '12', key: '01ff', many: ['1'] })
})

test('log - secrets are hidden by name at every depth and in children', () => {
  const { lines, log } = collect('debug', true)
  const secrets = { phrase: 'abandon', deep: { rsaSecret: 'abandon', list: [{ privateKey: 'abandon' }] } }
  log.child({ passphrase: 'abandon' }).warn('careful', secrets)
  log.error('failed', { error: new DatdotError('KEY_INVALID', 'no', { details: { mnemonic: 'abandon' } }) })
  assert.equal(lines.join('').includes('abandon'), false)
  assert.equal(lines.join('').split('[hidden]').length, 6)
})

test('log - a readable line is one line', () => {
  const { lines, log } = collect('warn', false)
  log.child({ role: 'pinner' }).warn('two\nlines', { path: 'a b', n: 1 })
  assert.match(lines[0] ?? '', /^\S+ warn {2}two\\nlines role=pinner path="a b" n=1\n$/)
})

test('log - an error carries its code, its cause and its details', () => {
  const { lines, log } = collect('error', true)
  const cause = new Error('inner')
  log.error('failed', { error: new DatdotError('DISK_FULL', 'outer', { cause, details: { path: '/x' } }) })
  const { error } = JSON.parse(lines[0] ?? '')
  assert.equal(error.code, 'DISK_FULL')
  assert.equal(error.path, '/x')
  assert.equal(error.cause.message, 'inner')
})

test('log - huge and circular facts are cut', () => {
  const { lines, log } = collect('error', true)
  const circle: Record<string, unknown> = { big: new Uint8Array(10_000) }
  circle['self'] = circle
  log.error('cut', { circle, long: Array.from({ length: 1000 }, () => 'item') })
  assert.ok((lines[0] ?? '').length < 2000)
})
