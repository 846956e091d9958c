import type { Clock } from '../clock.ts'
import { JsonView } from './json-view.ts'
import { PlainView } from './plain-view.ts'
import { TtyView } from './tty-view.ts'

/** What a command shows while it works; ids name a line, so that a later event replaces it. */
export type ProgressEvent =
  /** What the whole job does now. */
  | { type: 'stage'; name: string }
  /** A bar with rate and time left; at `done === total` it is finished. */
  | { type: 'bar'; id: string; label: string; done: number; total: number; unit: 'bytes' | 'count' }
  /** A line of facts. */
  | { type: 'row'; id: string; text: string; fields: Record<string, unknown> }
  /** A bar or row that is no longer of interest. */
  | { type: 'drop'; id: string }
  /** Something that stays on the screen. */
  | { type: 'note'; text: string; fields?: Record<string, unknown> }

/** One way of showing; lines of logs pass through it so that they do not tear a live view. */
export interface View {
  show(event: ProgressEvent): void
  /** A JSON line of its own; nothing for people. */
  line(value: Record<string, unknown>): void
  /** A whole line for stderr. */
  log(line: string): void
  result(value: Record<string, unknown>, text: string): void
  /** Paints what is pending and leaves the cursor below it. */
  end(): void
}

/** A stream of the process, as far as it is needed. */
export interface Sink {
  write(text: string | Uint8Array): boolean
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

export interface OutputOptions {
  stdout: Sink
  stderr: Sink
  json: boolean
  /** stdout carries data, so everything for a person goes to stderr. */
  dataOnStdout?: boolean
  clock: Clock
}

/** Everything a command says: progress, notes and one result. */
export class Output {
  /** True for --json. */
  readonly json: boolean
  /** True on a terminal, where lines update in place. */
  readonly live: boolean
  readonly #view: View

  constructor(options: OutputOptions) {
    this.json = options.json
    const screen = options.dataOnStdout ? options.stderr : options.stdout
    const view = { screen, stderr: options.stderr, clock: options.clock }
    this.live = !options.json && screen.isTTY === true
    this.#view = options.json ? new JsonView(view) : this.live ? new TtyView(view) : new PlainView(view)
  }

  /** With --json a line of its own, such as a node's event with its `type`; nothing otherwise. */
  line(value: { type: string } & Record<string, unknown>): void {
    this.#view.line(value)
  }

  /** Shows progress; cheap, call it as often as there is news. */
  show(event: ProgressEvent): void {
    this.#view.show(event)
  }

  /** A line that stays, with facts for --json. */
  note(text: string, fields?: Record<string, unknown>): void {
    this.#view.show({ type: 'note', text, ...(fields ? { fields } : {}) })
  }

  /** What the command was asked for: `text` for a person, `value` as one JSON line with --json. */
  result(value: Record<string, unknown>, text: string): void {
    this.#view.result(value, text)
  }

  /** A line of the log or of an error, for stderr. */
  log(line: string): void {
    this.#view.log(line)
  }

  end(): void {
    this.#view.end()
  }
}

/** What a view writes to. */
export interface ViewOptions {
  screen: Sink
  stderr: Sink
  clock: Clock
}
