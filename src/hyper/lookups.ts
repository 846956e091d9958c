import type { Discovery } from 'hyperswarm'
import { toHex } from '../domain/bytes.ts'

const FIRST_MS = 250

/** Looks for peers of a topic again while somebody waits for one: hyperswarm itself does so every ten minutes. */
export class Lookups {
  readonly #topics = new Map<string, Set<Discovery>>()
  readonly #waiting = new Map<string, number>()
  readonly #longestMs: number
  #delayMs = FIRST_MS
  #timer: NodeJS.Timeout | null = null

  /** Looks again after 0.25 s, then each time after twice as long, up to `longestMs`. */
  constructor(longestMs: number) {
    this.#longestMs = longestMs
  }

  add(topic: Uint8Array, discovery: Discovery): void {
    const name = toHex(topic)
    const known = this.#topics.get(name) ?? new Set()
    known.add(discovery)
    this.#topics.set(name, known)
  }

  remove(topic: Uint8Array, discovery: Discovery): void {
    const name = toHex(topic)
    const known = this.#topics.get(name)
    known?.delete(discovery)
    if (known?.size === 0) this.#topics.delete(name)
  }

  /** Runs `work` and looks for peers of the topic at intervals until it is done. */
  async during<T>(topic: Uint8Array, work: () => Promise<T>): Promise<T> {
    const name = toHex(topic)
    this.#waiting.set(name, (this.#waiting.get(name) ?? 0) + 1)
    this.#delayMs = FIRST_MS
    this.#lookLater()
    try {
      return await work()
    } finally {
      const left = (this.#waiting.get(name) ?? 1) - 1
      if (left > 0) this.#waiting.set(name, left)
      else this.#waiting.delete(name)
      if (this.#waiting.size === 0) this.close()
    }
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #lookLater(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = null
        this.#lookAll()
        this.#delayMs *= 2
        this.#lookLater()
      },
      Math.min(this.#delayMs, this.#longestMs)
    )
  }

  #lookAll(): void {
    for (const name of this.#waiting.keys()) {
      // A refresh that fails has no network: the next one comes.
      for (const discovery of this.#topics.get(name) ?? []) discovery.refresh().catch(() => false)
    }
  }
}
