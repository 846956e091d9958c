import type { Hex } from './hex.ts'
import type { Validity } from './validity.ts'

/** What a watcher of an extrinsic is told, as in Substrate's `author_extrinsicUpdate`. */
export type ExtrinsicStatus =
  | 'future'
  | 'ready'
  | 'invalid'
  | 'dropped'
  | { broadcast: string[] }
  | { inBlock: Hex }
  | { finalized: Hex }
  | { usurped: Hex }

type Watcher = (status: ExtrinsicStatus) => void

interface Waiting {
  readonly hash: Hex
  readonly extrinsic: Hex
  readonly validity: Validity
  /** Tags it waits for that no block has provided yet. */
  readonly unmet: Set<Hex>
  /** Order of arrival. */
  readonly order: number
  /** The last height at which it may be included. */
  readonly validTill: bigint
  readonly watchers: Set<Watcher>
  ready: boolean
}

/** Why the pool does not take an extrinsic, in Substrate's codes. */
export type PoolRefusal = 'known' | 'priority' | 'full'

/** Most extrinsics that wait at once, and most bytes of them in hex. */
const POOL_LIMIT = { count: 8_192, chars: 128 * 1024 * 1024 }

// An extrinsic may be checked against one head and arrive after the next block; older blocks are in every such head.
const MET_BLOCKS = 64

/**
 * Extrinsics that wait for a block. One whose nonce is not yet due stays until the gap is filled, one that did not fit stays for
 * the next block; only what the runtime refuses, what outlived its era and what was replaced leaves without a block.
 */
export class Pool {
  private readonly waiting = new Map<Hex, Waiting>()
  private readonly byTag = new Map<Hex, Waiting>()
  private readonly met = new Map<Hex, number>()
  /** Those of the block under way: it holds them even if they are replaced meanwhile. */
  private taken: readonly Waiting[] = []
  private arrivals = 0
  private chars = 0

  has(hash: Hex): boolean {
    return this.waiting.has(hash)
  }

  /** Adds a valid extrinsic; a refusal leaves the pool as it was. */
  add(hash: Hex, extrinsic: Hex, validity: Validity, height: number, watcher?: Watcher): PoolRefusal | null {
    if (this.waiting.has(hash)) return 'known'
    const rivals = new Set(validity.provides.flatMap(tag => this.byTag.get(tag) ?? []))
    for (const rival of rivals) if (rival.validity.priority >= validity.priority) return 'priority'
    const freed = [...rivals].reduce((sum, rival) => sum + rival.extrinsic.length, 0)
    const count = this.waiting.size - rivals.size + 1
    const chars = this.chars - freed + extrinsic.length
    if (count > POOL_LIMIT.count || chars > POOL_LIMIT.chars) return 'full'
    for (const rival of rivals) this.remove(rival.hash, { usurped: hash })
    const entry: Waiting = {
      hash,
      extrinsic,
      validity,
      unmet: new Set(validity.requires.filter(tag => !this.met.has(tag))),
      order: this.arrivals++,
      validTill: BigInt(height) + validity.longevity,
      watchers: new Set(watcher ? [watcher] : []),
      ready: false
    }
    this.waiting.set(hash, entry)
    this.chars += extrinsic.length
    for (const tag of validity.provides) this.byTag.set(tag, entry)
    return null
  }

  /** Tells each extrinsic that is or became ready; `future` to a new one that is not. */
  announce(added?: Hex): void {
    const ready = new Set(
      this.select(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY).map(entry => entry.hash)
    )
    for (const entry of this.waiting.values()) {
      if (ready.has(entry.hash) && !entry.ready) {
        entry.ready = true
        tell(entry, 'ready')
        tell(entry, { broadcast: [] })
      } else if (entry.hash === added && !ready.has(entry.hash)) {
        tell(entry, 'future')
      }
    }
  }

  /** The extrinsics of the next block, in order: by priority, then arrival, each after what it requires. */
  take(count: number, chars: number): Hex[] {
    this.taken = this.select(count, chars)
    return this.taken.map(entry => entry.extrinsic)
  }

  /** True if an extrinsic could be in the next block. */
  get hasReady(): boolean {
    return this.select(1, Number.POSITIVE_INFINITY).length > 0
  }

  /** Extrinsics in order of arrival, ready or not. */
  all(): Hex[] {
    return [...this.waiting.values()].map(entry => entry.extrinsic)
  }

  /** True if an extrinsic that waits provides the tag. */
  provides(tag: Hex): boolean {
    return this.byTag.has(tag)
  }

  /** After a block: tells the watchers of what it holds, lets go of what its height made invalid. */
  included(hashes: readonly Hex[], block: Hex, height: number): void {
    const holds = new Set(hashes)
    for (const entry of this.taken.filter(({ hash }) => holds.has(hash))) {
      for (const tag of entry.validity.provides) this.met.set(tag, height)
      if (this.waiting.has(entry.hash)) tell(entry, { inBlock: block })
      this.remove(entry.hash, { finalized: block })
    }
    this.taken = []
    for (const [tag, at] of this.met) if (at <= height - MET_BLOCKS) this.met.delete(tag)
    for (const entry of [...this.waiting.values()]) {
      for (const tag of entry.unmet) if (this.met.has(tag)) entry.unmet.delete(tag)
      if (entry.validTill < BigInt(height + 1)) this.remove(entry.hash, 'invalid')
    }
  }

  remove(hash: Hex, status: ExtrinsicStatus): void {
    const entry = this.waiting.get(hash)
    if (!entry) return
    this.waiting.delete(hash)
    this.chars -= entry.extrinsic.length
    for (const tag of entry.validity.provides) if (this.byTag.get(tag) === entry) this.byTag.delete(tag)
    tell(entry, status)
  }

  unwatch(hash: Hex, watcher: Watcher): void {
    this.waiting.get(hash)?.watchers.delete(watcher)
  }

  // Best first, each after what it waits for.
  private select(count: number, chars: number): Waiting[] {
    const missing = new Map<Waiting, number>()
    const waitingFor = new Map<Hex, Waiting[]>()
    const queue: Waiting[] = []
    for (const entry of this.waiting.values()) {
      missing.set(entry, entry.unmet.size)
      if (entry.unmet.size === 0) queue.push(entry)
      for (const tag of entry.unmet) waitingFor.set(tag, [...(waitingFor.get(tag) ?? []), entry])
    }
    queue.sort(before)
    const out: Waiting[] = []
    let used = 0
    for (let entry = queue.shift(); entry && out.length < count; entry = queue.shift()) {
      used += entry.extrinsic.length
      if (used > chars && out.length > 0) return out
      out.push(entry)
      for (const next of entry.validity.provides.flatMap(tag => waitingFor.get(tag) ?? [])) {
        const left = (missing.get(next) ?? 0) - 1
        missing.set(next, left)
        if (left === 0) insert(queue, next)
      }
    }
    return out
  }
}

function before(a: Waiting, b: Waiting): number {
  if (a.validity.priority !== b.validity.priority) return a.validity.priority > b.validity.priority ? -1 : 1
  return a.order - b.order
}

function insert(queue: Waiting[], entry: Waiting): void {
  const at = queue.findIndex(other => before(entry, other) < 0)
  queue.splice(at < 0 ? queue.length : at, 0, entry)
}

function tell(entry: Waiting, status: ExtrinsicStatus): void {
  for (const watcher of entry.watchers) watcher(status)
}
