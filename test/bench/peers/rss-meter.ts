const INTERVAL_MS = 20

/** Keeps the most memory that this process held at any sample: the system's own mark also counts what forked it. */
export class RssMeter {
  #peak = process.memoryUsage.rss()

  constructor() {
    setInterval(() => this.#sample(), INTERVAL_MS).unref()
  }

  /** Bytes. */
  get peak(): number {
    this.#sample()
    return this.#peak
  }

  #sample(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss())
  }
}
