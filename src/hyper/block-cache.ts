/** The most recently read decoded blocks, bounded in bytes. */
export class BlockCache {
  readonly #limit: number
  readonly #blocks = new Map<string, Buffer>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get(name: string): Buffer | undefined {
    const block = this.#blocks.get(name)
    if (block) {
      this.#blocks.delete(name)
      this.#blocks.set(name, block)
    }
    return block
  }

  /** Keeps a block unless it alone is more than half of the limit. */
  set(name: string, block: Buffer): void {
    this.delete(name)
    if (block.byteLength * 2 > this.#limit) return
    this.#blocks.set(name, block)
    this.#bytes += block.byteLength
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.#limit) break
      this.delete(oldest)
    }
  }

  delete(name: string): void {
    const block = this.#blocks.get(name)
    if (!block) return
    this.#blocks.delete(name)
    this.#bytes -= block.byteLength
  }
}
