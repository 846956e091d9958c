import { addAbortSignal, type Readable } from 'node:stream'
import { DatdotError } from '../domain/errors.ts'

/** Characters that are read at most. */
const LIMIT = 4096

/** All of a short text stream; throws BAD_ARGUMENT when it is too long, ABORTED when stopped. */
export async function readAll(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  let content = ''
  addAbortSignal(signal, stream as Readable)
  try {
    for await (const chunk of stream) {
      content += chunk.toString()
      if (content.length > LIMIT)
        throw new DatdotError('BAD_ARGUMENT', `more than ${LIMIT} characters on stdin`)
    }
  } catch (error) {
    if (signal.aborted) throw new DatdotError('ABORTED', undefined, { cause: error })
    throw error
  }
  return content
}
