import { DevChain } from '../../../src/dev-chain/index.ts'

/** The embedded chain, as `datdot chain` runs it. */
export class ChainPeer {
  #chain: DevChain | null = null

  /** Starts it in a folder; returns its url. */
  async open(storage: string): Promise<string> {
    this.#chain = await DevChain.create({ storage, port: 0, blockTimeMs: 200 })
    return this.#chain.url
  }

  async close(): Promise<void> {
    await this.#chain?.close()
  }
}
