import type { Clock } from '../clock.ts'
import { JsonView } from './json-view.ts'
import { PlainView } from './plain-view.ts'
import { TtyView } from './tty-view.ts'
import type { ProgressEvent, Sink, View } from './view.ts'

export type { ProgressEvent, Sink } from './view.ts'

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
