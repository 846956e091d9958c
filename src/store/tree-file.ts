import { type FilePool, readAt, type UseOptions, writeAt } from './file-pool.ts'

const NODE_BYTES = 32

/** A node of a span's tree at its flat-tree index. */
export interface StoredNode {
  index: number
  hash: Uint8Array
}

/** Tree nodes in a file, node i at byte 32 · i; a cache of what the cells give, so a missing node is no damage. */
export class TreeFile {
  readonly path: string
  readonly #pool: FilePool
  /** A cache may be made again at any time, but not after its span was closed. */
  readonly #options: UseOptions

  constructor(path: string, pool: FilePool, closed: AbortSignal) {
    this.path = path
    this.#pool = pool
    this.#options = { create: true, signal: closed }
  }

  /** The node's 32 bytes, or null when it was not written. */
  async read(index: number): Promise<Uint8Array | null> {
    const hash = Buffer.alloc(NODE_BYTES)
    const length = await this.#pool.use(
      this.path,
      file => readAt(file, hash, index * NODE_BYTES),
      this.#options
    )
    return length === NODE_BYTES && hash.some(byte => byte !== 0) ? hash : null
  }

  /** Writes nodes, neighbours in one go; durable after `sync`. */
  async write(nodes: readonly StoredNode[]): Promise<void> {
    const sorted = [...nodes].sort((a, b) => a.index - b.index)
    await this.#pool.use(
      this.path,
      async file => {
        for (let from = 0; from < sorted.length; ) {
          const first = sorted[from]?.index ?? 0
          let to = from + 1
          while (sorted[to]?.index === first + to - from) to += 1
          const run = sorted.slice(from, to).map(node => node.hash)
          await writeAt(file, Buffer.concat(run), first * NODE_BYTES)
          from = to
        }
      },
      this.#options
    )
  }

  /** Forgets all nodes. */
  async clear(): Promise<void> {
    await this.#pool.use(this.path, file => file.truncate(0), this.#options)
  }

  async sync(): Promise<void> {
    await this.#pool.use(this.path, file => file.datasync(), this.#options)
  }
}
