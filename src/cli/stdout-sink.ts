import { once } from 'node:events'

/** Writes blocks to a stream in order, no faster than it takes them. */
export class StdoutSink {
  readonly #stream: NodeJS.WritableStream
  readonly #signal: AbortSignal

  /** The signal fires when nobody reads the stream any more. */
  constructor(stream: NodeJS.WritableStream, signal: AbortSignal) {
    this.#stream = stream
    this.#signal = signal
  }

  async resume(from: { start: number }): Promise<number> {
    return from.start
  }

  async write(block: Uint8Array): Promise<void> {
    if (!this.#stream.write(block)) await once(this.#stream, 'drain', { signal: this.#signal })
  }

  async checkpoint(): Promise<void> {}

  async finish(): Promise<void> {}

  async close(): Promise<void> {}
}
