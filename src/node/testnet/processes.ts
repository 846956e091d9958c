import { join } from 'node:path'
import { Child, type ChildLine } from './child.ts'

export interface ProcessesOptions {
  /** Path of the program whose commands the processes are. */
  program: string
  env: NodeJS.ProcessEnv
  /** Folder for a log of each. */
  logs: string
}

/** The processes of a local network, by name. */
export class Processes {
  readonly #options: ProcessesOptions
  readonly #children = new Map<string, Child>()

  constructor(options: ProcessesOptions) {
    this.#options = options
  }

  start(name: string, args: readonly string[]): Child {
    const { program, env, logs } = this.#options
    const child = Child.start({ name, program, args, env, log: join(logs, `${name}.log`) })
    this.#children.set(name, child)
    return child
  }

  /** Runs a command to its end and returns its JSON lines; `error` is its last word. */
  async run(
    name: string,
    args: readonly string[],
    signal: AbortSignal
  ): Promise<{ code: number | null; lines: ChildLine[]; error: string }> {
    const lines: ChildLine[] = []
    const child = this.start(name, args)
    child.on(line => lines.push(line))
    const stop = () => void child.stop()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    const code = await child.exited
    signal.removeEventListener('abort', stop)
    this.#children.delete(name)
    return { code, lines, error: child.reason }
  }

  /** Process id; null while it does not run. */
  pidOf(name: string): number | null {
    const child = this.#children.get(name)
    return child?.running ? child.pid : null
  }

  async stop(name: string): Promise<void> {
    await this.#children.get(name)?.stop()
  }

  /** Stops all at once, but those of `last` after the others and one after another. */
  async stopAll(last: readonly string[]): Promise<void> {
    const first = [...this.#children.values()].filter(child => !last.includes(child.name))
    await Promise.all(first.map(child => child.stop()))
    for (const name of last) await this.stop(name)
  }
}
