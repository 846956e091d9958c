/** Lets each peer have `perSecond` tokens a second, and as many at once. */
export class TokenBuckets {
  readonly #perSecond: number
  readonly #now: () => number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  /** `now` in milliseconds that only grow. */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond
    this.#now = now
  }

  /** Peers that are remembered: those that took something within the last second. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes the tokens, or none at all when there are too few. */
  take(peer: string, tokens: number): boolean {
    const now = this.#now()
    this.#forget(now)
    const bucket = this.#buckets.get(peer)
    const left = bucket === undefined ? this.#perSecond : this.#refilled(bucket, now)
    if (tokens > left) return false
    this.#buckets.delete(peer)
    this.#buckets.set(peer, { tokens: left - tokens, at: now })
    return true
  }

  #refilled({ tokens, at }: { tokens: number; at: number }, now: number): number {
    return Math.min(this.#perSecond, tokens + ((now - at) / 1_000) * this.#perSecond)
  }

  /** A bucket that was not touched for a second is full again; the map is in the order of touching. */
  #forget(now: number): void {
    for (const [peer, { at }] of this.#buckets) {
      if (now - at < 1_000) return
      this.#buckets.delete(peer)
    }
  }
}
