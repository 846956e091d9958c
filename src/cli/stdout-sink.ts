import { once } from 'node:events'

/** Writes blocks to a stream in order, no faster than it takes them. */
export class StdoutSink {
  readonly #stream: NodeJS.WritableStream

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream
  }

  async resume(from: { start: number }): Promise<number> {
    return from.start
  }

  async write(block: Uint8Array): Promise<void> {
    if (!this.#stream.write(block)) await once(this.#stream, 'drain')
  }

  async checkpoint(): Promise<void> {}

  async finish(): Promise<void> {}

  async close(): Promise<void> {}
}
