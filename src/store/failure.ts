import { DatdotError } from '../domain/errors.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
/** What libraries say instead of the code. */
const SAID: [text: string, code: string][] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['File too large', 'EFBIG']
]
const UNWRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENOENT',
  'ELOOP',
  'ENAMETOOLONG'
])

/** The system's error code, also when a library wrapped it; undefined when there is none. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown }
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return code
  const said = typeof message === 'string' && SAID.find(([text]) => message.includes(text))
  if (said) return said[1]
  return cause === undefined || cause === error ? undefined : systemCode(cause)
}

/** Maps what the system says about a path to DISK_FULL or STORAGE_UNWRITABLE; any other error is returned as it is. */
export function storageFailure(error: unknown, path: string): unknown {
  if (error instanceof DatdotError) return error
  const code = systemCode(error)
  const details = { path, system: code }
  if (code && FULL.has(code)) {
    return new DatdotError('DISK_FULL', `no space left for ${path}`, { cause: error, details })
  }
  if (code && UNWRITABLE.has(code)) {
    return new DatdotError('STORAGE_UNWRITABLE', `${path} cannot be written (${code})`, {
      cause: error,
      details
    })
  }
  return error
}

/** Runs a step on a path and maps its failure. */
export async function storing<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw storageFailure(error, path)
  }
}
