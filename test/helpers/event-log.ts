import type { Chain, Head } from '../../src/chain-client/types.ts'
import type { ChainEvent } from '../../src/domain/chain-events.ts'
import type { Height } from '../../src/domain/ids.ts'

/** Every event of a chain from its first block on, and those to come; it outlives the chain's absence. */
export class EventLog {
  readonly client: Chain
  readonly #heads: Head[] = []
  readonly #abort = new AbortController()
  readonly #following: Promise<void>
  #wake: (() => void)[] = []
  #failure: unknown = null

  constructor(client: Chain) {
    this.client = client
    this.#following = this.#follow()
  }

  /** Every event so far. */
  get events(): ChainEvent[] {
    return this.#heads.flatMap(head => head.events)
  }

  /** All events so far, and those to come, until one is accepted. */
  async event<E extends ChainEvent>(accept: (event: ChainEvent) => event is E): Promise<E>
  async event(accept: (event: ChainEvent) => boolean): Promise<ChainEvent>
  async event(accept: (event: ChainEvent) => boolean): Promise<ChainEvent> {
    for (let at = 0; ; at++) {
      while (at >= this.#heads.length) await this.#next()
      const found = this.#heads[at]?.events.find(accept)
      if (found !== undefined) return found
    }
  }

  /** All events of the blocks up to that height, once they are read. */
  async upTo(height: Height): Promise<ChainEvent[]> {
    while ((this.#heads.at(-1)?.height ?? 0) < height) await this.#next()
    return this.#heads.filter(head => head.height <= height).flatMap(head => head.events)
  }

  /** Stops following; the client stays open. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#following
  }

  async #follow(): Promise<void> {
    try {
      for await (const head of this.client.heads(this.#abort.signal, { from: 1 })) {
        this.#heads.push(head)
        this.#notify()
      }
    } catch (error) {
      this.#failure = error
      this.#notify()
    }
  }

  #notify(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }

  async #next(): Promise<void> {
    if (this.#failure === null) await new Promise<void>(resolve => this.#wake.push(resolve))
    if (this.#failure !== null) throw this.#failure
  }
}
