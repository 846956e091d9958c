import type { DatdotError } from '../src/domain/errors.ts'

/** Milliseconds without any progress after which work with a peer is given up, so that it leaves its place to others. */
export const PATIENCE_MS = 60_000

/** Ends work that makes no progress for `ms` milliseconds, with the error that `stalled` makes; each `tick` is progress. */
export async function withPatience<T>(
  options: { signal: AbortSignal; ms?: number; stalled: () => DatdotError },
  work: (signal: AbortSignal, tick: () => void) => Promise<T>
): Promise<T> {
  const stall = new AbortController()
  const begin = () => setTimeout(() => stall.abort(options.stalled()), options.ms ?? PATIENCE_MS)
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
