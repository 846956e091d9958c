import type Hypercore from 'hypercore'
import { DatdotError } from '../domain/errors.ts'

const STOPPED = new Set(['SESSION_CLOSED', 'REQUEST_CANCELLED', 'SESSION_MOVED'])

const FULL = /No space left on device|Disk quota exceeded|File too large/i

/** True when the store could not write because the disk, a quota or a limit of this process is full. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const inner = error instanceof AggregateError ? error.errors : []
  return FULL.test(error.message) || [error.cause, ...inner].some(isDiskFull)
}

/** What the database says of files of it that are not what it wrote, or not there. */
const DAMAGED =
  /corrupt|checksum|CRC|mismatch|malformed|magic number|No such file|Invalid device file|wal_dir/i

/** True when the store of the cores is damaged, by the words of its database. */
export function isStoreDamaged(error: unknown): boolean {
  return (
    error instanceof Error && (DAMAGED.test(error.message) || /\bMANIFEST\b|\bCURRENT\b/.test(error.message))
  )
}

/** What hypercore threw, as an error of ours: ABORTED when the signal or a closing core stopped it, DISK_FULL, CORES_DAMAGED. */
export function hyperError(error: unknown, signal?: AbortSignal): DatdotError {
  if (error instanceof DatdotError) return error
  const code = (error as { code?: unknown } | null)?.code
  if (signal?.aborted || (typeof code === 'string' && STOPPED.has(code))) {
    return new DatdotError('ABORTED', undefined, { cause: error })
  }
  if (code === 'BAD_ARGUMENT' || code === 'SESSION_NOT_WRITABLE') {
    return new DatdotError('BAD_ARGUMENT', (error as Error).message, { cause: error })
  }
  if (isDiskFull(error)) return new DatdotError('DISK_FULL', 'no space left for the cores', { cause: error })
  if (isStoreDamaged(error))
    return new DatdotError('CORES_DAMAGED', (error as Error).message, { cause: error })
  if (code === 'REQUEST_TIMEOUT') return new DatdotError('CORE_UNAVAILABLE', undefined, { cause: error })
  return new DatdotError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error })
}

/** Throws ABORTED when the signal has fired. */
export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw new DatdotError('ABORTED', undefined, { cause: signal.reason })
}

/** Resolves when the work is done, which goes on by itself when the signal fires before. */
export async function unlessAborted(work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return void (await work)
  let stop = () => {}
  const aborted = new Promise<void>(resolve => {
    stop = () => resolve()
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Runs `work` on a session of its own, which an abort closes together with its requests. */
export async function withSession<T>(
  core: Hypercore,
  signal: AbortSignal | undefined,
  work: (session: Hypercore) => Promise<T>
): Promise<T> {
  throwIfAborted(signal)
  if (core.closing) throw new DatdotError('ABORTED', 'the core is closed')
  const session = core.session()
  const close = () => void session.close().catch(() => {})
  signal?.addEventListener('abort', close, { once: true })
  try {
    await session.ready()
    // A request made on a session that is closing would never end.
    throwIfAborted(signal)
    return await work(session)
  } catch (error) {
    throw hyperError(error, signal)
  } finally {
    signal?.removeEventListener('abort', close)
    await session.close()
  }
}

/** Resolves when `ready` is true, looking again at each of the session's events; rejects on close. */
export function whenever(session: Hypercore, events: readonly string[], ready: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      for (const event of events) session.removeListener(event, look)
      session.removeListener('close', onClose)
      finish()
    }
    const look = () => {
      if (ready()) settle(resolve)
    }
    const onClose = () => settle(() => reject(new DatdotError('ABORTED', 'the core was closed')))
    for (const event of events) session.on(event, look)
    session.on('close', onClose)
    if (session.closing) onClose()
    else look()
  })
}
