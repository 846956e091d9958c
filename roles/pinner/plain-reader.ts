import { DatdotError } from '../../src/domain/errors.ts'

/** Cuts a stream of chunks of any size into pieces of the size that is asked for. */
export class PlainReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** The next `length` bytes; throws DATA_MISMATCH when the stream ends before. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next()
        if (done === true) throw new DatdotError('DATA_MISMATCH', 'the plain blocks end too early')
        this.#rest = value
      }
      const part = this.#rest.subarray(0, length - at)
      bytes.set(part, at)
      at += part.length
      this.#rest = this.#rest.subarray(part.length)
    }
    return bytes
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
