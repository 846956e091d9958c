/** Shortest time between two reports of one meter, in milliseconds. */
const INTERVAL_MS = 250

/** Where a long step stands: bytes, and bytes a second since it began here (0 while unknown). */
export interface Reading {
  bytes: number
  totalBytes: number
  rate: number
}

/** Turns byte counts of a long step into readings, a few a second and one at the end. */
export class Meter {
  readonly #now: () => number
  readonly #totalBytes: number
  readonly #report: (reading: Reading) => void
  #first: { bytes: number; ms: number } | null = null
  #last = Number.NEGATIVE_INFINITY

  /** `now` gives milliseconds that only grow. */
  constructor(now: () => number, totalBytes: number, report: (reading: Reading) => void) {
    this.#now = now
    this.#totalBytes = totalBytes
    this.#report = report
  }

  /** Says that so many bytes are done. */
  at(bytes: number): void {
    const ms = this.#now()
    this.#first ??= { bytes, ms }
    if (ms - this.#last < INTERVAL_MS && bytes < this.#totalBytes) return
    this.#last = ms
    const elapsed = ms - this.#first.ms
    const rate = elapsed > 0 ? ((bytes - this.#first.bytes) * 1000) / elapsed : 0
    this.#report({ bytes, totalBytes: this.#totalBytes, rate })
  }
}
