import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { DatdotError } from '../../domain/errors.ts'

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
  #lastError = ''

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
  get lastError(): string {
    return this.#lastError
  }

  on(listener: (line: ChildLine) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The first line from now on that is accepted; rejects when the process ends before or the signal fires. */
  async once(accept: (line: ChildLine) => boolean, signal: AbortSignal): Promise<ChildLine> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        off()
        signal.removeEventListener('abort', onAbort)
        finish()
      }
      const onAbort = () =>
        settle(() => reject(new DatdotError('ABORTED', undefined, { cause: signal.reason })))
      const off = this.on(line => {
        if (accept(line)) settle(() => resolve(line))
      })
      signal.addEventListener('abort', onAbort, { once: true })
      void this.exited.then(code => settle(() => reject(this.ended(code))))
    })
  }

  /** The error that an unexpected end is. */
  ended(code: number | null): DatdotError {
    return new DatdotError(
      'INTERNAL',
      `${this.name} ended with ${code ?? 'a signal'}: ${this.#lastError || 'no reason given'}`
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
    createInterface({ input: stdout }).on('line', text => this.#tell(text))
    createInterface({ input: stderr }).on('line', text => {
      if (text.trim() !== '') this.#lastError = text.slice(0, 500)
      log.write(`${text}\n`)
    })
    const code = await new Promise<number | null>(resolve => {
      child.once('error', error => {
        this.#lastError = error.message
        resolve(null)
      })
      child.once('close', resolve)
    })
    this.#gone = true
    log.end()
    await finished(log)
    return code
  }

  #tell(text: string): void {
    let line: unknown
    try {
      line = JSON.parse(text)
    } catch {
      this.#lastError = text.slice(0, 500)
      return
    }
    if (typeof line !== 'object' || line === null || typeof (line as ChildLine).type !== 'string') return
    for (const listener of this.#listeners) listener(line as ChildLine)
  }
}
