import { DatdotError } from '../src/domain/errors.ts'
import type { CoreKey } from '../src/domain/ids.ts'
import type { Emit } from '../src/events.ts'
import { cutBlocks } from './author/blocks.ts'
import type { Role } from './role.ts'

/** A hypercore that this node may append to. */
export interface OwnCore {
  readonly key: CoreKey
  readonly length: number
  readonly byteLength: number
  appendAll(
    blocks: AsyncIterable<Uint8Array>,
    options: { signal: AbortSignal; onProgress: (progress: { blocks: number; bytes: number }) => void }
  ): Promise<unknown>
  /** Resolves when the swarm knows that the core is served here, or when the signal fires. */
  announce(signal: AbortSignal): Promise<void>
}

/** The hypercores of this node's author. */
export interface OwnCores {
  create(): Promise<OwnCore>
  /** Throws NOT_FOUND when the core is not one of ours. */
  open(key: CoreKey): Promise<OwnCore>
  list(): Promise<CoreKey[]>
}

/** What an author is asked to do; it serves all its cores after that unless told not to. */
export interface AuthorOptions {
  /** Bytes to append, one stream after another; each begins a new block. */
  sources: readonly AsyncIterable<Uint8Array>[]
  /** The core to append to, or null for a new one. */
  appendTo: CoreKey | null
  /** Sizes of the blocks in bytes, over and over. */
  blockSizes: readonly number[]
  serve: boolean
}

/** Makes hypercores and serves them over the swarm: plain hypercore, nothing of ours (protocol.md part 1). */
export class Author implements Role {
  readonly name = 'author'
  readonly #options: AuthorOptions
  readonly #cores: OwnCores
  readonly #emit: Emit

  constructor(options: AuthorOptions, modules: { cores: OwnCores; emit: Emit }) {
    this.#options = options
    this.#cores = modules.cores
    this.#emit = modules.emit
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#options.sources.length > 0) await this.#append(signal)
    if (!this.#options.serve) return
    const keys = await this.#cores.list()
    if (keys.length === 0)
      throw new DatdotError('NOT_FOUND', 'there is no core to serve: publish a file first')
    for (const key of keys) {
      const core = await this.#cores.open(key)
      await core.announce(signal)
      if (signal.aborted) return
      this.#tell(core, true)
    }
    await new Promise<void>(resolve => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  async #append(signal: AbortSignal): Promise<void> {
    const blocks = this.#blocks()
    // Looked at before a core is made: an empty input leaves none behind.
    const first = await blocks.next()
    if (first.done) throw new DatdotError('CORE_EMPTY', 'there was nothing to append: the input is empty')
    const { appendTo, serve } = this.#options
    const core = appendTo === null ? await this.#cores.create() : await this.#cores.open(appendTo)
    const onProgress = (progress: { blocks: number; bytes: number }) =>
      this.#emit({ type: 'append', core: core.key, ...progress })
    await core.appendAll(chain(first.value, blocks), { signal, onProgress })
    if (!serve) this.#tell(core, false)
  }

  /** The blocks of all sources in order; each source begins a new block. */
  async *#blocks(): AsyncGenerator<Uint8Array> {
    for (const source of this.#options.sources) yield* cutBlocks(source, this.#options.blockSizes)
  }

  #tell(core: OwnCore, serving: boolean): void {
    this.#emit({ type: 'core', core: core.key, length: core.length, byteLength: core.byteLength, serving })
  }
}

async function* chain(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}
