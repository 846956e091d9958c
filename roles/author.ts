import { DatdotError } from '../src/domain/errors.ts'
import type { CoreKey } from '../src/domain/ids.ts'
import { Append, type AppendModules } from './author/append.ts'
import { cutBlocks } from './author/blocks.ts'
import type { OwnCore } from './author/cores.ts'
import type { Role } from './role.ts'

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
  readonly #modules: AppendModules

  constructor(options: AuthorOptions, modules: AppendModules) {
    this.#options = options
    this.#modules = modules
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#options.sources.length > 0) await this.#append(signal)
    if (!this.#options.serve) return
    const { cores } = this.#modules
    const keys = await cores.list()
    if (keys.length === 0)
      throw new DatdotError('NOT_FOUND', 'there is no core to serve: publish a file first')
    for (const key of keys) {
      const core = await cores.open(key)
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
    const core = await new Append(chain(first.value, blocks), this.#modules).run(appendTo, signal)
    if (!serve) this.#tell(core, false)
  }

  /** The blocks of all sources in order; each source begins a new block. */
  async *#blocks(): AsyncGenerator<Uint8Array> {
    for (const source of this.#options.sources) yield* cutBlocks(source, this.#options.blockSizes)
  }

  #tell(core: OwnCore, serving: boolean): void {
    const { key, length, byteLength } = core
    this.#modules.emit({ type: 'core', core: key, length, byteLength, serving })
  }
}

async function* chain(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}
