import type { Discovery } from 'hyperswarm'
import { toHex } from './bytes.ts'

/** Looks for peers of a topic again while somebody waits for one: hyperswarm itself does so every ten minutes. */
export class Lookups {
  readonly #topics = new Map<string, Set<Discovery>>()
  readonly #waiting = new Map<string, number>()
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | null = null

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
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
    this.#timer ??= setInterval(() => this.#lookAll(), this.#intervalMs)
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
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  #lookAll(): void {
    for (const name of this.#waiting.keys()) {
      // A refresh that fails has no network: the next one comes.
      for (const discovery of this.#topics.get(name) ?? []) discovery.refresh().catch(() => false)
    }
  }
}
