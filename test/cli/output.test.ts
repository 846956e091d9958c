import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeBar, formatSeconds, Meter } from '../../src/cli/meter.ts'
import { Output, type Sink } from '../../src/cli/output.ts'
import type { Clock } from '../../src/clock.ts'

const ESC = String.fromCharCode(27)

/** A clock that stands until it is moved. */
class HandClock implements Clock {
  ms = 0
  now(): number {
    return this.ms
  }
  monotonic(): number {
    return this.ms
  }
  async sleep(): Promise<void> {}
}

/** What a terminal would show after everything that was written. */
class Screen implements Sink {
  readonly isTTY: boolean
  readonly columns = 60
  readonly rows = 6
  written = ''

  constructor(isTTY: boolean) {
    this.isTTY = isTTY
  }

  write(text: string | Uint8Array): boolean {
    this.written += text
    return true
  }

  get lines(): string[] {
    let lines = ['']
    const up = new RegExp(`^${ESC}\\[(\\d+)A\\r${ESC}\\[0J`)
    for (let rest = this.written; rest !== ''; ) {
      const match = up.exec(rest)
      if (match) {
        lines = [...lines.slice(0, lines.length - 1 - Number(match[1])), '']
        rest = rest.slice(match[0].length)
      } else {
        if (rest[0] === '\n') lines.push('')
        else lines.push(`${lines.pop()}${rest[0]}`)
        rest = rest.slice(1)
      }
    }
    return lines.slice(0, -1)
  }
}

function make(options: { tty?: boolean; json?: boolean; dataOnStdout?: boolean }) {
  const clock = new HandClock()
  const [stdout, stderr] = [new Screen(options.tty ?? false), new Screen(options.tty ?? false)]
  const { json = false, dataOnStdout = false } = options
  return { clock, stdout, stderr, output: new Output({ stdout, stderr, json, dataOnStdout, clock }) }
}

const bar = (done: number, total = 100) =>
  ({ type: 'bar', id: 'b', label: 'encode span 1', done, total, unit: 'count' }) as const

test('output - on a terminal bars and rows update in place, notes stay above', () => {
  const { clock, stdout, output } = make({ tty: true })
  output.show({ type: 'stage', name: 'Encoding' })
  for (let done = 0; done <= 50; done++) {
    clock.ms += 200
    output.show(bar(done))
    output.show({ type: 'row', id: 'c', text: `copy 1 at ${done}`, fields: {} })
  }
  output.note('span 1 keyed')
  output.end()
  assert.deepEqual(stdout.lines, [
    'span 1 keyed',
    'Encoding',
    'encode span 1            [##########..........]  50%  50 o…',
    'copy 1 at 50'
  ])
})

test('output - a terminal never gets more lines than it has, nor control characters', () => {
  const { clock, stdout, output } = make({ tty: true })
  for (let id = 0; id < 50; id++) {
    clock.ms += 200
    output.show({ type: 'row', id: String(id), text: `row ${id}${ESC}[2J\n`, fields: {} })
  }
  output.show({ type: 'drop', id: '0' })
  output.end()
  assert.equal(stdout.lines.length, 5)
  assert.match(stdout.lines[0] ?? '', /^row 1 \[2J/)
  assert.equal(stdout.lines.at(-1), '… 45 more')
})

test('output - a line of the log does not tear the live lines', () => {
  const { clock, stdout, output } = make({ tty: true })
  clock.ms += 200
  output.show({ type: 'row', id: 'a', text: 'alive', fields: {} })
  output.log('warn something\n')
  output.result({}, 'done')
  assert.deepEqual(stdout.lines, ['alive', 'done'])
})

test('output - to a pipe a bar gets a line each tenth, a row each change', () => {
  const { stdout, output } = make({})
  output.show({ type: 'stage', name: 'Encoding' })
  output.show({ type: 'stage', name: 'Encoding' })
  for (let done = 0; done <= 100; done++) output.show(bar(done))
  for (const text of ['a', 'a', 'b']) output.show({ type: 'row', id: 'r', text, fields: {} })
  output.result({ n: 1 }, 'done')
  const lines = stdout.lines
  assert.equal(lines[0], '== Encoding')
  assert.equal(lines.filter(line => line.startsWith('encode')).length, 11)
  assert.deepEqual(lines.slice(-3), ['a', 'b', 'done'])
})

test('output - with --json each line is an object with a type, bigint and bytes as text', () => {
  const { clock, stdout, stderr, output } = make({ json: true, tty: true })
  output.show(bar(1))
  output.show(bar(2))
  clock.ms += 1000
  output.show(bar(21))
  output.line({ type: 'paid', amount: 10n ** 30n, key: Uint8Array.of(255) })
  output.note('words', { facts: 1 })
  output.log('a log line\n')
  output.result({ copies: [1n] }, 'for people')
  const lines = stdout.lines.map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(line => line.type),
    ['bar', 'bar', 'paid', 'note', 'result']
  )
  assert.equal(lines[1].perSecond, 20)
  assert.equal(lines[1].etaSeconds, 4)
  assert.equal(lines[2].amount, '1000000000000000000000000000000')
  assert.equal(lines[2].key, 'ff')
  assert.deepEqual(lines[4].copies, ['1'])
  assert.equal(stderr.written, 'a log line\n')
})

test('output - data on stdout keeps everything else on stderr', () => {
  const { stdout, stderr, output } = make({ dataOnStdout: true })
  output.note('words')
  output.result({}, 'done')
  assert.equal(stdout.written, '')
  assert.equal(stderr.written, 'words\ndone\n')
})

test('meter - the pace is of the last ten seconds and begins anew when a bar goes back', () => {
  const meter = new Meter()
  assert.deepEqual(meter.note(bar(0, 1000), 0), { perSecond: null, etaSeconds: null })
  for (let s = 1; s <= 60; s++) meter.note(bar(s, 1000), s * 1000)
  for (let s = 61; s <= 75; s++) meter.note(bar(60 + (s - 60) * 10, 1000), s * 1000)
  const pace = meter.note(bar(220, 1000), 76_000)
  assert.ok(pace.perSecond !== null && Math.abs(pace.perSecond - 10) < 0.5, String(pace.perSecond))
  assert.deepEqual(meter.note(bar(0, 1000), 77_000), { perSecond: null, etaSeconds: null })
  const bytes = { ...bar(2 ** 20, 2 ** 22), unit: 'bytes' } as const
  const text = describeBar(bytes, { perSecond: 2 ** 20, etaSeconds: 3 })
  assert.equal(text, ' 25%  1.0 MiB of 4.0 MiB  1.0 MiB/s  eta 3s')
  assert.deepEqual([59, 60, 3599, 3600, 90_000].map(formatSeconds), [
    '59s',
    '1m 00s',
    '59m 59s',
    '1h 00m',
    '25h 00m'
  ])
})
