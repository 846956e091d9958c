import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Height } from '../src/domain/ids.ts'
import type { Emit } from '../src/events.ts'

/** One thing to do, named by `key`; `run` resolves with the height whose view shows it done, when it knows one. */
export interface Duty {
  key: string
  run(signal: AbortSignal): Promise<Height | undefined>
}

/** Heads that a failed duty waits before its first repetition; doubled each time up to MAX_WAIT. */
const FIRST_WAIT = 1
const MAX_WAIT = 16

interface Held {
  until: Height
  wait: number
}

/** Performs what is due: each key once at a time, what is no longer due is stopped, what failed is tried again later. */
export class Runner {
  readonly #emit: Emit
  readonly #changed: () => void
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>()
  readonly #held = new Map<string, Held>()
  #height: Height = 0
  #closed = false

  /** `changed` is called after each duty that ended, so that the caller decides again. */
  constructor(emit: Emit, changed: () => void) {
    this.#emit = emit
    this.#changed = changed
  }

  /** Starts what is due and not yet under way, stops what is under way and no longer due. */
  update(height: Height, duties: readonly Duty[]): void {
    if (this.#closed) return
    this.#height = height
    const due = new Set(duties.map(duty => duty.key))
    for (const [key, { abort }] of this.#running)
      if (!due.has(key)) abort.abort(new DatdotError('ABORTED', `${key} is no longer due`))
    for (const key of this.#held.keys()) if (!due.has(key)) this.#held.delete(key)
    for (const duty of duties) {
      const held = this.#held.get(duty.key)
      if (!this.#running.has(duty.key) && (held === undefined || held.until <= height)) this.#start(duty)
    }
  }

  /** Stops everything and waits for it. */
  async close(): Promise<void> {
    this.#closed = true
    const running = [...this.#running.values()]
    for (const { abort } of running) abort.abort(new DatdotError('ABORTED', 'the role is closing'))
    await Promise.all(running.map(({ done }) => done))
  }

  #start(duty: Duty): void {
    const abort = new AbortController()
    const done = this.#perform(duty, abort.signal).finally(() => {
      this.#running.delete(duty.key)
      if (!this.#closed) this.#changed()
    })
    this.#running.set(duty.key, { abort, done })
  }

  async #perform(duty: Duty, signal: AbortSignal): Promise<void> {
    try {
      const shownAt = await duty.run(signal)
      this.#held.set(duty.key, { until: Math.max(this.#height + 1, shownAt ?? 0), wait: FIRST_WAIT })
    } catch (error) {
      const wait = this.#held.get(duty.key)?.wait ?? FIRST_WAIT
      this.#held.set(duty.key, { until: this.#height + wait, wait: Math.min(2 * wait, MAX_WAIT) })
      if (!signal.aborted) this.#warn(duty.key, error)
    }
  }

  #warn(key: string, cause: unknown): void {
    const error = isDatdotError(cause)
      ? cause
      : new DatdotError('INTERNAL', cause instanceof Error ? cause.message : String(cause), { cause })
    this.#emit({ type: 'warning', code: error.code, message: `${key}: ${error.message}`, help: error.help })
  }
}
