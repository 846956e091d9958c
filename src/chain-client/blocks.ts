import { setTimeout as delay } from 'node:timers/promises'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { Height, Hex32 } from '../domain/ids.ts'
import type { Finality } from './finality.ts'
import { isPruned, type Rpc } from './rpc.ts'
import type { RawEvent } from './runtime.ts'

/** A finalized block as it was read. */
export interface BlockFacts {
  height: Height
  hash: Hex32
  parent: Hex32
  timestampMs: number
  events: RawEvent[]
  pruned: boolean
}

const RETRY_MS = 500
const ATTEMPTS_FOR_MISSING = 3
/** Blocks kept for the next reader: heads and the accounts' senders read the same ones. */
const CACHED = 32

/** Reads finalized blocks by number, each once for all who ask, and again through any number of reconnects. */
export class BlockReader {
  readonly #rpc: Rpc
  readonly #finality: Finality
  readonly #facts = new Map<Height, Promise<BlockFacts | null>>()
  readonly #bodies = new Map<Height, Promise<string[] | null>>()
  readonly #closed: AbortSignal

  constructor(rpc: Rpc, finality: Finality, closed: AbortSignal) {
    this.#rpc = rpc
    this.#finality = finality
    this.#closed = closed
  }

  /** Waits until the height is final, then reads it; NOT_FOUND when the node no longer has the block. */
  facts(height: Height, signal: AbortSignal): Promise<BlockFacts> {
    return this.#persist(height, signal, this.#facts, () => this.#readFacts(height))
  }

  /** The extrinsics of a finalized block, 0x hex. */
  body(height: Height, signal: AbortSignal): Promise<string[]> {
    return this.#persist(height, signal, this.#bodies, async () => this.#rpc.body(await this.#hash(height)))
  }

  async #readFacts(height: Height): Promise<BlockFacts> {
    const hash = await this.#hash(height)
    const { parent } = await this.#rpc.header(hash)
    const { runtime } = this.#finality
    const keys = [runtime.key('system', 'events'), runtime.key('timestamp', 'now')] as const
    try {
      const [events, now] = await this.#rpc.storage(
        keys.map(key => key.hex),
        hash
      )
      const timestampMs = runtime.decode(keys[1], now ?? null).number()
      return { height, hash, parent, timestampMs, events: runtime.events(events ?? null), pruned: false }
    } catch (error) {
      if (!isPruned(error) && !isDatdotError(error, 'NOT_FOUND')) throw error
      return { height, hash, parent, timestampMs: 0, events: [], pruned: true }
    }
  }

  async #hash(height: Height): Promise<Hex32> {
    const hash = await this.#rpc.blockHash(height)
    if (!hash) throw new DatdotError('NOT_FOUND', `the node has no block ${height}`)
    return hash
  }

  async #persist<T>(
    height: Height,
    signal: AbortSignal,
    cache: Map<Height, Promise<T | null>>,
    read: () => Promise<T>
  ): Promise<T> {
    for (let missing = 0; ; ) {
      await this.#finality.reached(height, signal)
      try {
        const found = await this.#once(height, cache, read)
        // another node need not have finalized the height: it is waited for again
        if (found !== null) return found
      } catch (error) {
        if (this.#closed.aborted || isDatdotError(error, 'CHAIN_WRONG', 'CHAIN_VERSION')) throw error
        if (!isDatdotError(error, 'NOT_FOUND')) this.#finality.distrust(error)
        else if (++missing >= ATTEMPTS_FOR_MISSING) throw error
        // an abort ends the pause early, and `reached` then says so
        await delay(RETRY_MS, undefined, { signal: AbortSignal.any([signal, this.#closed]) }).catch(() => {})
      }
    }
  }

  /** Null for all who wait for the read when it began with one node and ended with another. */
  #once<T>(height: Height, cache: Map<Height, Promise<T | null>>, read: () => Promise<T>): Promise<T | null> {
    const cached = cache.get(height)
    if (cached) return cached
    const reading = this.#finality.ofOneNode(read)
    cache.set(height, reading)
    const forget = () => cache.delete(height)
    reading.then(found => found ?? forget(), forget)
    const oldest = cache.keys().next()
    if (cache.size > CACHED && !oldest.done) cache.delete(oldest.value)
    return reading
  }
}
