import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { DatdotError, ERROR_TABLE, type ErrorCode } from '../../domain/errors.ts'
import { until } from './until.ts'

/** One JSON line that a child printed. */
export type ChildLine = Record<string, unknown> & { type: string }

export interface ChildOptions {
  name: string
  /** Path of the program's main module. */
  program: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** File for what the child says on stderr. */
  log: string
}

/** How long a child may take to close after SIGTERM before it is told again. */
const PATIENCE_MS = 5_000

/** What a process said of its failure. */
interface ChildFailure {
  code: ErrorCode | null
  message: string
}

const LONGEST = 500

/** The error line of a command, a line of its log, or what the runtime itself says; null for a line of a stack. */
function readFailure(text: string): ChildFailure | null {
  if (/^\s+at /.test(text)) return null
  try {
    const { type, code, message, msg } = JSON.parse(text)
    const known = type === 'error' && typeof code === 'string' && Object.hasOwn(ERROR_TABLE, code)
    return { code: known ? (code as ErrorCode) : null, message: String(message ?? msg).slice(0, LONGEST) }
  } catch {
    return { code: null, message: text.slice(0, LONGEST) }
  }
}

/** A process of the local network: its JSON lines, its end, and a clean stop. */
export class Child {
  readonly name: string
  readonly pid: number
  /** Resolves with the exit code (null after a signal) once the process is gone and its lines are read. */
  readonly exited: Promise<number | null>
  readonly #process: ChildProcess
  readonly #listeners = new Set<(line: ChildLine) => void>()
  #stopping = false
  #gone = false
  #failure: ChildFailure | null = null

  private constructor(options: ChildOptions, child: ChildProcess, log: WriteStream) {
    this.name = options.name
    this.pid = child.pid ?? 0
    this.#process = child
    this.exited = this.#follow(child, log)
  }

  static start(options: ChildOptions): Child {
    const child = spawn(process.execPath, [options.program, ...options.args], {
      env: options.env,
      // The channel carries nothing: a child ends when it breaks, so that none outlives its parent.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A Ctrl-C goes to the whole group of a terminal: the parent alone decides the order of closing.
      detached: true
    })
    return new Child(options, child, createWriteStream(options.log, { flags: 'a', mode: 0o600 }))
  }

  get running(): boolean {
    return !this.#gone
  }

  get stopping(): boolean {
    return this.#stopping
  }

  /** Why it ended, from the last thing it said on stderr. */
  get reason(): string {
    const { code, message } = this.#failure ?? { code: null, message: 'no reason given' }
    return code === null ? message : `${code}: ${message}`
  }

  on(listener: (line: ChildLine) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The first line from now on that is accepted; rejects when the process ends before or the signal fires. */
  once(accept: (line: ChildLine) => boolean, signal: AbortSignal): Promise<ChildLine> {
    return until(signal, (resolve, reject) => {
      void this.exited.then(code => reject(this.ended(code)))
      return this.on(line => {
        if (accept(line)) resolve(line)
      })
    })
  }

  /** The error that an unexpected end is. */
  ended(code: number | null): DatdotError {
    const { message } = this.#failure ?? { message: 'no reason given' }
    return new DatdotError(
      this.#failure?.code ?? 'PROCESS_ENDED',
      `${this.name} ended with ${code === null ? 'a signal' : `exit code ${code}`}: ${message}`
    )
  }

  /** SIGTERM, again after five seconds (which forces), and waits for the end. */
  async stop(): Promise<void> {
    if (!this.#gone) {
      this.#stopping = true
      this.#process.kill('SIGTERM')
      const again = setTimeout(() => this.#process.kill('SIGTERM'), PATIENCE_MS)
      const force = setTimeout(() => this.#process.kill('SIGKILL'), 2 * PATIENCE_MS)
      await this.exited
      clearTimeout(again)
      clearTimeout(force)
    }
    await this.exited
  }

  async #follow(child: ChildProcess, log: WriteStream): Promise<number | null> {
    const { stdout, stderr } = child
    if (!stdout || !stderr) throw new DatdotError('INTERNAL', `${this.name} has no output`)
    // A log that cannot be written must not end the whole network: its process says why it ends, if it does.
    log.on('error', ({ message }) => {
      this.#failure ??= { code: null, message }
    })
    createInterface({ input: stdout }).on('line', text => this.#tell(text))
    createInterface({ input: stderr }).on('line', text => {
      if (text.trim() !== '') this.#failure = readFailure(text) ?? this.#failure
      log.write(`${text}\n`)
    })
    const code = await new Promise<number | null>(resolve => {
      child.once('error', error => {
        this.#failure = { code: null, message: error.message }
        resolve(null)
      })
      child.once('close', resolve)
    })
    this.#gone = true
    log.end()
    await finished(log).catch(() => undefined)
    return code
  }

  #tell(text: string): void {
    let line: unknown
    try {
      line = JSON.parse(text)
    } catch {
      this.#failure = { code: null, message: text.slice(0, LONGEST) }
      return
    }
    if (typeof line !== 'object' || line === null || typeof (line as ChildLine).type !== 'string') return
    for (const listener of this.#listeners) listener(line as ChildLine)
  }
}
