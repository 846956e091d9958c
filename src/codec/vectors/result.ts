/** One checked case of a vector file. */
export interface VectorResult {
  /** The file's `format`. */
  format: string
  /** Section and case. */
  name: string
  ok: boolean
  /** What differed or was not understood; empty when ok. */
  detail: string
}

/** Throws when what we computed is not what the file says. */
export function expectSame(what: string, computed: unknown, given: unknown): void {
  const [ours, theirs] = [plain(computed), plain(given)]
  if (ours !== theirs) throw new Error(`${what}: computed ${shorten(ours)}, the file says ${shorten(theirs)}`)
}

/** Runs one check and reports it instead of throwing. */
export async function checked(
  format: string,
  name: string,
  check: () => void | Promise<void>
): Promise<VectorResult> {
  try {
    await check()
    return { format, name, ok: true, detail: '' }
  } catch (error) {
    return { format, name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

function plain(value: unknown): string {
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('hex')}"`
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return part.toString()
    return part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part
  })
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
