import { setTimeout as delay } from 'node:timers/promises'
import type { DevChain } from '../../src/dev-chain/index.ts'

/** A block waits so many block times at most. */
const MOST = 6
const LOOK_MS = 25
/** A look that takes longer was kept from a processor, by another process too: then nothing that it saw is rest. */
const LATE_MS = 2 * LOOK_MS
/** At rest, this process is on a processor, and has something to do that may wait for a processor, for less than this share of the time. */
const REST = 0.3

/**
 * The block time of a chain whose nodes are in this process: a block is made when it is due and the work that the one before it
 * gave to the nodes is done, so a period holds as many blocks' work on a slow machine as on a fast one.
 */
export class Pace {
  readonly #chain: DevChain
  readonly #blockTimeMs: number
  readonly #abort = new AbortController()
  readonly #running: Promise<void>

  constructor(chain: DevChain, blockTimeMs: number) {
    this.#chain = chain
    this.#blockTimeMs = blockTimeMs
    this.#running = this.#run()
  }

  /** No block is made after this. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    try {
      for (;;) {
        const started = performance.now()
        await delay(this.#blockTimeMs - LOOK_MS, undefined, { signal })
        while (!(await this.#isAtRest()) && performance.now() - started < MOST * this.#blockTimeMs);
        await this.#chain.mine()
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  async #isAtRest(): Promise<boolean> {
    const started = performance.now()
    const before = { cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() }
    await delay(LOOK_MS, undefined, { signal: this.#abort.signal })
    const tookMs = performance.now() - started
    if (tookMs > LATE_MS) return false
    const { user, system } = process.cpuUsage(before.cpu)
    const { utilization } = performance.eventLoopUtilization(before.loop)
    return (user + system) / 1_000 < REST * tookMs && utilization < REST
  }
}
