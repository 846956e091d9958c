import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { programEnv } from '../../helpers/program-env.ts'

export const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))

/** One JSON line of a program. */
export type Line = Record<string, unknown> & { type: string }

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: Buffer
  stderr: string
}

export interface ProgramOptions {
  /** What it reads on stdin. */
  input?: string | Uint8Array
  env?: NodeJS.ProcessEnv
  /** A command and its words, through which the program is started. */
  through?: readonly string[]
}

/** What no process may say, whatever happens to it and around it: nobody foresaw it. */
const UNFORESEEN = /\bINTERNAL\b|unforeseen failure|UnhandledPromiseRejection|MaxListenersExceededWarning/

/** A real process of the program: its JSON lines as they come, and its end. */
export class Program {
  readonly child: ChildProcess
  readonly lines: Line[] = []
  /** The words of a failure that nobody foresaw, from stdout and stderr. */
  readonly unforeseen: string[] = []
  readonly ended: Promise<Ended>
  #wake: (() => void)[] = []
  #over = false
  readonly #json: boolean
  #stderr = ''

  /** Started processes end with this one, whatever happens to it: their channel breaks. */
  constructor(args: readonly string[], options: ProgramOptions = {}) {
    this.#json = args.includes('--json')
    const line = [...(options.through ?? []), process.execPath, MAIN, ...args]
    const [command = process.execPath, ...words] = line
    this.child = spawn(command, words, {
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      env: programEnv(options.env)
    })
    this.child.stdin?.on('error', () => {})
    this.child.stdin?.end(options.input ?? '')
    this.ended = this.#follow()
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** The first line, said already or to come, that is accepted; rejects when the program ends without it. */
  async line(accept: (line: Line) => boolean, from = 0): Promise<Line> {
    for (let at = from; ; at++) {
      while (at >= this.lines.length) {
        if (this.#over) throw new Error(`it ended without saying that: ${this.#stderr.slice(-2000)}`)
        await new Promise<void>(resolve => this.#wake.push(resolve))
      }
      const line = this.lines[at]
      if (line && accept(line)) return line
    }
  }

  /** The first line of that type. */
  says(type: string): Promise<Line> {
    return this.line(line => line.type === type)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }

  async #follow(): Promise<Ended> {
    const { stdout, stderr } = this.child
    assert.ok(stdout && stderr)
    const chunks: Buffer[] = []
    stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk
    })
    let torn: string | null = null
    if (this.#json)
      createInterface({ input: stdout }).on('line', text => {
        torn = this.#read(text) ? torn : text
      })
    const [code, signal] = await once(this.child, 'close')
    this.#over = true
    this.#notify()
    this.unforeseen.push(...this.#stderr.split('\n').filter(text => UNFORESEEN.test(text)))
    // A kill may come in the middle of a line.
    if (torn !== null && signal !== 'SIGKILL') this.unforeseen.push(`no JSON: ${torn}`)
    return { code, signal, stdout: Buffer.concat(chunks), stderr: this.#stderr }
  }

  /** False for a line that is not whole. */
  #read(text: string): boolean {
    try {
      this.lines.push(JSON.parse(text))
    } catch {
      return false
    }
    if (UNFORESEEN.test(text)) this.unforeseen.push(text)
    this.#notify()
    return true
  }

  #notify(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}

/** Starts a program that ends with the test. */
export function start(t: TestContext, args: readonly string[], options: ProgramOptions = {}): Program {
  const program = new Program(args, options)
  t.after(async () => {
    await program.stop('SIGKILL')
    assertForeseen([program])
  })
  return program
}

/** Fails when what processes wrote into the logs of this folder tells of something that nobody foresaw. */
export async function assertLogsForeseen(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n')
    assert.deepEqual(
      lines.filter(line => UNFORESEEN.test(line)),
      [],
      name
    )
  }
}

/** Fails when one of these programs, all ended by now, said something that nobody foresaw. */
export function assertForeseen(programs: readonly Program[]): void {
  assert.deepEqual(
    programs.flatMap(({ unforeseen }) => unforeseen),
    []
  )
}

/** Runs a command to its end, which must be a success, and returns its result line. */
export async function result(args: readonly string[], options: ProgramOptions = {}): Promise<Line> {
  const program = new Program([...args, '--json'], options)
  const { code, stderr } = await program.ended
  assert.equal(code, 0, `${args.slice(0, 2).join(' ')}: ${stderr}`)
  assertForeseen([program])
  const found = program.lines.findLast(line => line.type === 'result')
  assert.ok(found, 'no result')
  return found
}

/** Runs a command to its end, which must be a failure with one error line, and returns that. */
export async function failure(args: readonly string[], options: ProgramOptions = {}): Promise<Line> {
  const program = new Program([...args, '--json'], options)
  const { code, stderr } = await program.ended
  assertForeseen([program])
  const errors = stderr
    .split('\n')
    .flatMap(text => (text.startsWith('{"type":"error"') ? [JSON.parse(text)] : []))
  assert.equal(errors.length, 1, `${args.slice(0, 2).join(' ')} ended with ${code}: ${stderr}`)
  assert.equal(code, 1)
  return errors[0]
}
