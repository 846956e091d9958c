import { DevChain, type DevChainOptions } from '../../src/dev-chain/index.ts'
import type { Height } from '../../src/domain/ids.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { Pace } from './pace.ts'

const DAY_MS = 86_400_000

export interface TestChainOptions extends Required<Pick<DevChainOptions, 'storage' | 'endowed'>> {
  blockTimeMs: number
}

/** An embedded chain that nodes reach without a socket, or over one that can be taken away from them. */
export class TestChain {
  readonly #options: TestChainOptions
  /** Of its server; null without one. */
  readonly #port: number | null
  #chain: DevChain
  #pace: Pace

  private constructor(options: TestChainOptions, port: number | null, chain: DevChain) {
    this.#options = options
    this.#port = port
    this.#chain = chain
    this.#pace = new Pace(chain, options.blockTimeMs)
  }

  static async start(options: TestChainOptions, isSocket: boolean): Promise<TestChain> {
    const chain = await open(options, isSocket ? 0 : null)
    const port = isSocket ? Number(new URL(chain.url).port) : null
    return new TestChain(options, port, chain)
  }

  /** How a node reaches it. */
  get access(): { config: Pick<BaseConfig, 'chain'>; modules: BaseModules } {
    if (this.#port !== null) return { config: { chain: [this.#chain.url] }, modules: {} }
    return { config: { chain: [] }, modules: { provider: this.#chain.provider() } }
  }

  /** Makes blocks without waiting until there are so many. */
  async mineTo(height: Height): Promise<void> {
    while (this.#chain.height < height) await this.#chain.mine()
  }

  /** Takes the chain away; with a socket only. */
  async stop(): Promise<void> {
    await this.#pace.stop()
    await this.#chain.close()
  }

  /** Brings it back at the same address, where it stopped. */
  async resume(): Promise<void> {
    this.#chain = await open(this.#options, this.#port)
    this.#pace = new Pace(this.#chain, this.#options.blockTimeMs)
  }
}

/** A chain whose blocks have the time of the wall clock and come when its pace says so. */
function open({ storage, endowed }: TestChainOptions, port: number | null): Promise<DevChain> {
  return DevChain.create({ storage, endowed, port, blockTimeMs: DAY_MS })
}
