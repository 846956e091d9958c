import { DatdotError } from './domain/errors.ts'

/** Time as an argument: whoever needs it takes a clock, so that a test can hand in its own. */
export interface Clock {
  /** Wall clock, milliseconds since 1970; may jump. */
  now(): number
  /** Milliseconds that only grow; for durations and rates. */
  monotonic(): number
  /** Resolves after `ms` milliseconds; rejects with ABORTED when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Longest delay that a timer takes, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new DatdotError('ABORTED', undefined, { cause: signal?.reason }))
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      },
      Math.min(Math.max(ms, 0), MAX_DELAY_MS)
    )
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep
}
