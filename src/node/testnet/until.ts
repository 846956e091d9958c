import { DatdotError } from '../../domain/errors.ts'

/** Waits for what `listen` hears, not before it has returned what stops it; rejects with ABORTED when the signal fires. */
export function until<T>(
  signal: AbortSignal,
  listen: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      off()
      signal.removeEventListener('abort', abort)
      finish()
    }
    const abort = () => settle(() => reject(new DatdotError('ABORTED', undefined, { cause: signal.reason })))
    const off = listen(
      value => settle(() => resolve(value)),
      error => settle(() => reject(error))
    )
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
