import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Height } from '../src/domain/ids.ts'
import type { Emit } from '../src/events.ts'

/** One thing to do, named by `key`; `run` resolves with the height whose view shows it done, when it knows one. */
export interface Duty {
  key: string
  /** A duty begins only after those of its group that are being stopped have stopped. */
  group?: string
  /** Of the duties that share a limit, so many are under way at once; those that wait after a failure do not count. */
  limit?: DutyLimit
  /** What anyone may do: a call that the chain refuses was sent too late or too early, which is no trouble to tell of. */
  isHelp?: boolean
  run(signal: AbortSignal): Promise<Height | undefined>
}

export interface DutyLimit {
  name: string
  most: number
}

/** Heads that a failed duty waits before its first repetition; doubled each time up to MAX_WAIT. */
const FIRST_WAIT = 1
const MAX_WAIT = 16

interface Held {
  until: Height
  /** In a row. */
  failures: number
}

interface Running {
  group: string | undefined
  limit: string | undefined
  abort: AbortController
  done: Promise<void>
}

/** Performs what is due: each key once at a time, what is no longer due is stopped, what failed is tried again later. */
export class Runner {
  readonly #emit: Emit
  readonly #changed: () => void
  readonly #running = new Map<string, Running>()
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
    // What has failed comes last: it must not keep its place from those that were not tried yet.
    const order = [...duties].sort((a, b) => this.#failuresOf(a) - this.#failuresOf(b))
    for (const duty of order) if (this.#mayStart(duty)) this.#start(duty)
  }

  /** Stops everything and waits for it. */
  async close(): Promise<void> {
    this.#closed = true
    const running = [...this.#running.values()]
    for (const { abort } of running) abort.abort(new DatdotError('ABORTED', 'the role is closing'))
    await Promise.all(running.map(({ done }) => done))
  }

  #failuresOf({ key }: Duty): number {
    return this.#held.get(key)?.failures ?? 0
  }

  #mayStart({ key, group, limit }: Duty): boolean {
    const held = this.#held.get(key)
    if (this.#running.has(key) || (held !== undefined && held.until > this.#height)) return false
    const running = [...this.#running.values()]
    if (limit !== undefined && running.filter(one => one.limit === limit.name).length >= limit.most)
      return false
    return group === undefined || !running.some(one => one.group === group && one.abort.signal.aborted)
  }

  #start(duty: Duty): void {
    const abort = new AbortController()
    const done = this.#perform(duty, abort.signal).finally(() => {
      this.#running.delete(duty.key)
      if (!this.#closed) this.#changed()
    })
    this.#running.set(duty.key, { group: duty.group, limit: duty.limit?.name, abort, done })
  }

  async #perform(duty: Duty, signal: AbortSignal): Promise<void> {
    try {
      const shownAt = await duty.run(signal)
      this.#held.set(duty.key, { until: Math.max(this.#height + 1, shownAt ?? 0), failures: 0 })
    } catch (error) {
      const failures = this.#failuresOf(duty)
      const wait = Math.min(FIRST_WAIT * 2 ** failures, MAX_WAIT)
      this.#held.set(duty.key, { until: this.#height + wait, failures: failures + 1 })
      const isTrouble = !duty.isHelp || !isDatdotError(error, 'CALL_REFUSED')
      if (isTrouble && !signal.aborted) this.#emit(warningOf(duty.key, error))
    }
  }
}

/** The event that tells of an error which does not end the role. */
export function warningOf(what: string, cause: unknown) {
  const error = isDatdotError(cause)
    ? cause
    : new DatdotError('INTERNAL', cause instanceof Error ? cause.message : String(cause), { cause })
  return {
    type: 'warning',
    code: error.code,
    message: `${what}: ${error.message}`,
    help: error.help
  } as const
}
