import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DatdotError } from '../../src/domain/errors.ts'
import { runProgram, testFiles } from './test-files.ts'

const USAGE = `Usage: npm run test:stability -- [options] [part of a file's path ...]

Runs tests again and again, and prints which of them failed and which are slow. Without a part it takes all files.
The exit code is 1 when one failed once. Ctrl-C prints what was found so far.

  --times <n>            how often; 10 by default
  --alone files|tests    each file, or each test by its name, in a process of its own, two at a time; else all together, as
                         npm test does
  --help                 this text
`

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** As many files at once as npm test runs on two processors. */
const AT_ONCE = 2
const SLOWEST = 20
/** As long as npm test gives a test. */
const LONGEST_MS = 600_000
/** Ends the files that run; each listens. */
const stop = new AbortController()
setMaxListeners(0, stop.signal)

/** All runs of one test. */
interface Tally {
  file: string
  name: string
  runs: number
  longestMs: number
  errors: string[]
}

/** One run of a test. */
interface Outcome {
  file: string
  name: string
  ms: number
  /** Null = passed. */
  error: string | null
  /** A test inside of another has no run of its own. */
  isInner: boolean
}

type Take = (found: readonly Outcome[]) => void

interface TestEvent {
  name: string
  /** 0 for a test, 1 for one inside of it. */
  nesting: number
  file?: string
  skip?: string | boolean
  details: { duration_ms: number }
}

/** Runs files, or of them only the tests of a name, and tells how each test went. */
async function outcomes(files: readonly string[], name?: string): Promise<Outcome[]> {
  const found: Outcome[] = []
  const keep = (event: TestEvent, error: string | null) => {
    // What another name leaves out counts as skipped.
    if (event.skip !== undefined) return
    const file = (event.file ?? '').replace(ROOT, '') || (files[0] ?? '')
    const isInner = event.nesting > 0
    found.push({ file, name: event.name, ms: event.details.duration_ms, error, isInner })
  }
  const only = name === undefined ? {} : { testNamePatterns: [`^${escaped(name)}$`] }
  const stream = run({
    files: files.map(file => join(ROOT, file)),
    concurrency: AT_ONCE,
    timeout: LONGEST_MS,
    signal: stop.signal,
    ...only
  })
  stream.on('test:pass', event => keep(event, null))
  stream.on('test:fail', event => keep(event, String(event.details.error.cause ?? event.details.error)))
  for await (const _ of stream);
  return found
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** Runs everything once in the wanted way, and hands over what each part of it came to. */
async function eachPart(files: readonly string[], alone: string | undefined, take: Take): Promise<void> {
  if (alone === undefined) return take(await outcomes(files))
  const waiting = files.values()
  const lane = async () => {
    for (const file of waiting) await fileAlone(file, alone === 'tests', take)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane)).catch((error: unknown) => {
    stop.abort()
    throw error
  })
}

async function fileAlone(file: string, areTestsAlone: boolean, take: Take): Promise<void> {
  const found = await outcomes([file])
  take(found)
  const tests = found.filter(one => !one.isInner)
  // The only test of a file has just run by itself.
  if (!areTestsAlone || tests.length === 1) return
  for (const { name } of tests) {
    const own = await outcomes([file], name)
    if (!own.some(one => one.name === name)) throw new Error(`${name} does not run alone`)
    take(own)
  }
}

class Tallies {
  readonly #of = new Map<string, Tally>()

  get all(): Tally[] {
    return [...this.#of.values()]
  }

  add({ file, name, ms, error }: Outcome): void {
    const key = `${file}\n${name}`
    const tally = this.#of.get(key) ?? { file, name, runs: 0, longestMs: 0, errors: [] }
    this.#of.set(key, tally)
    tally.runs += 1
    tally.longestMs = Math.max(tally.longestMs, ms)
    if (error !== null) tally.errors.push(error)
  }

  print(): void {
    const failed = this.all.filter(({ errors }) => errors.length > 0)
    const slowest = this.all.sort((a, b) => b.longestMs - a.longestMs).slice(0, SLOWEST)
    print('slowest', slowest)
    print('failed', failed)
    for (const { name, errors } of failed)
      process.stdout.write(`\n${name}\n${[...new Set(errors)].join('\n')}\n`)
    process.stdout.write(`\n${this.all.length} tests, ${failed.length} failed\n`)
  }
}

function print(title: string, tallies: readonly Tally[]): void {
  if (tallies.length === 0) return
  process.stdout.write(`\n${title}\n    runs  failed  longest s  test\n`)
  for (const { runs, errors, longestMs, file, name } of tallies) {
    const numbers = [
      String(runs).padStart(8),
      String(errors.length).padStart(6),
      (longestMs / 1000).toFixed(1).padStart(9)
    ]
    process.stdout.write(`${numbers.join('  ')}  ${name} (${file})\n`)
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      times: { type: 'string', default: '10' },
      alone: { type: 'string' },
      help: { type: 'boolean', short: 'h' }
    }
  })
  const { times, alone, help } = values
  if (help) return void process.stdout.write(USAGE)
  if (!/^[1-9]\d*$/.test(times)) throw new DatdotError('BAD_ARGUMENT', `"${times}" is not a number of times`)
  if (!['files', 'tests', undefined].includes(alone))
    throw new DatdotError('BAD_ARGUMENT', `"${alone}" can not be alone: files, or tests`)
  const files = testFiles(positionals)
  const tallies = new Tallies()
  process.once('SIGINT', () => {
    stop.abort()
    tallies.print()
    process.exit(130)
  })
  for (let i = 1; i <= Number(times); i++) {
    const started = performance.now()
    const run = `run ${i} of ${times}`
    process.stderr.write(`${run}\n`)
    let count = 0
    await eachPart(files, alone, found => {
      for (const outcome of found) {
        tallies.add(outcome)
        count += 1
        if (outcome.error !== null) process.stderr.write(`${run}: ${outcome.name}: ${outcome.error}\n`)
      }
    })
    const seconds = Math.round((performance.now() - started) / 1000)
    process.stderr.write(`${run}: ${count} tests in ${seconds} s\n`)
  }
  tallies.print()
  process.exitCode = tallies.all.some(({ errors }) => errors.length > 0) ? 1 : 0
}

await runProgram(USAGE, main)
