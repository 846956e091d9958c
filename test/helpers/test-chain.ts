import { DevChain, type DevChainOptions } from '../../src/dev-chain/index.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'

/** An embedded chain that nodes reach without a socket, or over one that can be taken away from them. */
export class TestChain {
  readonly #options: DevChainOptions
  readonly #isSocket: boolean
  #chain: DevChain

  private constructor(options: DevChainOptions, isSocket: boolean, chain: DevChain) {
    this.#options = options
    this.#isSocket = isSocket
    this.#chain = chain
  }

  static async start(options: DevChainOptions, isSocket: boolean): Promise<TestChain> {
    const all = { ...options, port: isSocket ? 0 : null }
    const chain = await DevChain.create(all)
    const port = isSocket ? Number(new URL(chain.url).port) : null
    return new TestChain({ ...options, port }, isSocket, chain)
  }

  /** How a node reaches it. */
  get access(): { config: Pick<BaseConfig, 'chain'>; modules: BaseModules } {
    if (this.#isSocket) return { config: { chain: [this.#chain.url] }, modules: {} }
    return { config: { chain: [] }, modules: { provider: this.#chain.provider() } }
  }

  /** Takes the chain away; with a socket only. */
  async stop(): Promise<void> {
    await this.#chain.close()
  }

  /** Brings it back at the same address, where it stopped. */
  async resume(): Promise<void> {
    this.#chain = await DevChain.create(this.#options)
  }
}
