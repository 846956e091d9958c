import { DatdotError } from '../src/domain/errors.ts'

/** Milliseconds without any progress after which work with a peer is given up, so that it leaves its place to others. */
export const PATIENCE_MS = 60_000

/** What waiting for a core's peers in vain ends with. */
export function unserved(ms: number): DatdotError {
  return new DatdotError('CORE_UNAVAILABLE', `nobody served the core for ${ms / 1000} s`)
}

/** Ends work that makes no progress for `ms` milliseconds, with the error that `stalled` makes; each `tick` is progress. Null waits for ever. */
export async function withPatience<T>(
  options: { signal: AbortSignal; ms?: number | null; stalled: (ms: number) => DatdotError },
  work: (signal: AbortSignal, tick: () => void) => Promise<T>
): Promise<T> {
  const { ms = PATIENCE_MS } = options
  if (ms === null) return work(options.signal, () => undefined)
  const stall = new AbortController()
  const begin = () => setTimeout(() => stall.abort(options.stalled(ms)), ms)
  let timer = begin()
  const tick = () => {
    clearTimeout(timer)
    timer = begin()
  }
  try {
    return await work(AbortSignal.any([options.signal, stall.signal]), tick)
  } catch (error) {
    throw stall.signal.aborted && !options.signal.aborted ? stall.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}
