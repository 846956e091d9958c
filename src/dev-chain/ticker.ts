/**
 * Calls `tick` at the multiples of an interval of the wall clock, one call at a time. A tick that is late does not move the ones
 * after it, and ticks that were missed are left out, so there are never bursts.
 */
export class Ticker {
  private readonly intervalMs: number
  private readonly tick: () => Promise<unknown>
  private timer: NodeJS.Timeout | null = null
  private running: Promise<unknown> = Promise.resolve()
  private stopped = false

  constructor(intervalMs: number, tick: () => Promise<unknown>) {
    this.intervalMs = intervalMs
    this.tick = tick
    this.schedule()
  }

  /** No tick begins after this; the one under way ends first. */
  async stop(): Promise<void> {
    this.stopped = true
    if (this.timer) clearTimeout(this.timer)
    await this.running
  }

  private schedule(): void {
    if (this.stopped) return
    const now = Date.now()
    const next = (Math.floor(now / this.intervalMs) + 1) * this.intervalMs
    this.timer = setTimeout(() => {
      this.running = this.tick().finally(() => this.schedule())
    }, next - now)
  }
}
