import type { Clock } from '../clock.ts'

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

/** What a view writes to. */
export interface ViewOptions {
  screen: Sink
  stderr: Sink
  clock: Clock
}
