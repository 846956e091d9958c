import { DatdotError } from '../src/domain/errors.ts'
import type { CoreKey, NoiseKey } from '../src/domain/ids.ts'
import type { Emit } from '../src/events.ts'
import { unserved, withPatience } from './patience.ts'
import type { Role } from './role.ts'

/** What one peer has served. */
export interface Share {
  blocks: number
  bytes: number
}

/** A hypercore as a reader sees it; every block is verified against the author's signature before it is returned. */
export interface ReadableCore {
  readonly key: CoreKey
  /** Digest of the key that its blocks are decrypted with, null for none. */
  readonly encryption: string | null
  readonly length: number
  readonly fork: number
  readonly peers: number
  update(options: { signal: AbortSignal }): Promise<void>
  download(
    start: number,
    end: number,
    options: {
      signal: AbortSignal
      /** The blocks of another one are not waited for: CORE_FORKED. */
      fork: number
      onProgress: (progress: { blocks: number; served: ReadonlyMap<NoiseKey, Share> }) => void
    }
  ): Promise<unknown>
  getLocal(index: number): Promise<Uint8Array | null>
  forget(start: number, end: number): Promise<void>
}

/** Where the blocks go, in order. */
export interface Sink {
  /** The block to go on with, from `start` to `end`; what was written of later blocks is cut off. */
  resume(wanted: {
    core: CoreKey
    encryption: string | null
    fork: number
    start: number
    end: number
  }): Promise<number>
  write(block: Uint8Array): Promise<void>
  /** All blocks before `next` are safe. */
  checkpoint(next: number): Promise<void>
  finish(): Promise<void>
}

export interface ConsumerOptions {
  /** First block; 0 unless given. */
  start: number
  /** One after the last block; null for the newest length that peers have. */
  end: number | null
  /** How long a peer, or the next block, is waited for; null, the default, for as long as it takes. */
  patienceMs?: number | null
}

/** What is read: blocks [start, end) of one fork. */
interface Wanted {
  fork: number
  start: number
  end: number
}

/** Blocks that are downloaded ahead of what is being written. */
const WINDOW = 256

/** Reads a core, or a range of its blocks, from whoever serves it (protocol.md part 7). */
export class Consumer implements Role {
  readonly name = 'consumer'
  readonly #options: ConsumerOptions
  readonly #core: ReadableCore
  readonly #sink: Sink
  readonly #emit: Emit
  readonly #served = new Map<NoiseKey, Share>()
  #bytes = 0

  constructor(options: ConsumerOptions, modules: { core: ReadableCore; sink: Sink; emit: Emit }) {
    this.#options = options
    this.#core = modules.core
    this.#sink = modules.sink
    this.#emit = modules.emit
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#emit({ type: 'waiting', for: 'a peer that serves the core' })
    await this.#patiently(signal, either => this.#core.update({ signal: either }))
    const { start } = this.#options
    const end = this.#options.end ?? this.#core.length
    if (this.#core.length === 0) throw new DatdotError('CORE_EMPTY', 'the core has no blocks')
    if (start >= end || end > this.#core.length)
      throw new DatdotError(
        'BAD_RANGE',
        `blocks ${start} to ${end} are not in the core: it has ${this.#core.length}`
      )
    const { key: core, encryption, fork } = this.#core
    const from = await this.#sink.resume({ core, encryption, fork, start, end })
    await this.#copy({ fork, start, end }, from, signal)
    await this.#sink.finish()
  }

  #patiently<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal, tick: () => void) => Promise<T>
  ): Promise<T> {
    return withPatience({ signal, ms: this.#options.patienceMs ?? null, stalled: unserved }, work)
  }

  /** Writes a window while the next one is being downloaded; what is written is not kept a second time. */
  async #copy(wanted: Wanted, from: number, signal: AbortSignal): Promise<void> {
    const { start, end } = wanted
    const stop = new AbortController()
    const both = AbortSignal.any([signal, stop.signal])
    const fetch = (at: number) => {
      const fetching = this.#fetch(wanted, at, Math.min(at + WINDOW, end), both)
      // Awaited in the next turn: until then a failure waits for it instead of being unhandled.
      fetching.catch(() => undefined)
      return fetching
    }
    let ahead = fetch(from)
    try {
      for (let at = from; at < end; at += WINDOW) {
        const next = Math.min(at + WINDOW, end)
        await ahead
        ahead = fetch(next)
        await this.#write(wanted.fork, at, next, signal)
      }
    } finally {
      stop.abort(signal.reason)
      await Promise.allSettled([ahead])
    }
    this.#tell(end - start, end - start)
  }

  async #write(fork: number, at: number, next: number, signal: AbortSignal): Promise<void> {
    for (let index = at; index < next; index++) {
      signal.throwIfAborted()
      const block = await this.#core.getLocal(index)
      // Looked at after the reading: what was read before it is of the old fork.
      if (this.#core.fork !== fork) throw new DatdotError('CORE_FORKED')
      if (!block)
        throw new DatdotError('CORE_UNAVAILABLE', `block ${index} was dropped before it was written`)
      await this.#sink.write(block)
    }
    await this.#sink.checkpoint(next)
    await this.#core.forget(at, next)
  }

  async #fetch(wanted: Wanted, from: number, to: number, signal: AbortSignal): Promise<void> {
    const { fork, start, end } = wanted
    if (from >= to) return
    let seen = new Map<NoiseKey, Share>()
    await this.#patiently(signal, (either, tick) =>
      this.#core.download(from, to, {
        signal: either,
        fork,
        onProgress: progress => {
          tick()
          for (const [peer, share] of progress.served) this.#add(peer, share, seen.get(peer))
          seen = new Map([...progress.served].map(([peer, share]) => [peer, { ...share }]))
          // A block that two peers sent is told twice.
          this.#tell(Math.min(from - start + progress.blocks, to - start), end - start)
        }
      })
    )
  }

  #add(peer: NoiseKey, share: Share, before: Share = { blocks: 0, bytes: 0 }): void {
    const total = this.#served.get(peer) ?? { blocks: 0, bytes: 0 }
    total.blocks += share.blocks - before.blocks
    total.bytes += share.bytes - before.bytes
    this.#bytes += share.bytes - before.bytes
    this.#served.set(peer, total)
  }

  #tell(blocks: number, totalBlocks: number): void {
    this.#emit({
      type: 'receive',
      core: this.#core.key,
      blocks,
      totalBlocks,
      bytes: this.#bytes,
      peers: this.#core.peers,
      served: Object.fromEntries([...this.#served].map(([peer, share]) => [peer, { ...share }]))
    })
  }
}
