import { randomBytes } from 'node:crypto'
import Corestore from 'corestore'
import HyperDHT, { type DhtAddress } from 'hyperdht'
import Hyperswarm from 'hyperswarm'

/** A core that somebody made, as chain and peers know it. */
export interface MadeCore {
  key: string
  fork: number
  length: number
  byteLength: number
  treeHash: Uint8Array
}

/** 64 KiB, as Hyperdrive and most tools cut files. */
const BLOCK_BYTES = 65_536
const BATCH = 64

/** An author with none of our code: corestore and hyperswarm alone. */
export class SourcePeer {
  #store: Corestore | null = null
  #swarm: Hyperswarm | null = null

  /** Writes a core of random bytes and announces it. */
  async make(storage: string, bootstrap: readonly DhtAddress[], byteLength: number): Promise<MadeCore> {
    const store = new Corestore(storage)
    this.#store = store
    const core = store.get({ name: 'data' })
    await core.ready()
    for (let done = 0; done < byteLength; ) {
      const count = Math.min(BATCH, Math.ceil((byteLength - done) / BLOCK_BYTES))
      const blocks = Array.from({ length: count }, (_, i) =>
        randomBytes(Math.min(BLOCK_BYTES, byteLength - done - i * BLOCK_BYTES))
      )
      await core.append(blocks)
      done += count * BLOCK_BYTES
    }
    const dht = new HyperDHT({ bootstrap, host: '127.0.0.1', firewalled: false })
    this.#swarm = new Hyperswarm({ dht })
    this.#swarm.on('connection', stream => store.replicate(stream))
    await this.#swarm.join(core.discoveryKey, { server: true, client: false }).flushed()
    const { fork, length } = core
    const key = core.key.toString('hex')
    return { key, fork, length, byteLength: core.byteLength, treeHash: await core.treeHash() }
  }

  async close(): Promise<void> {
    await this.#swarm?.destroy()
    await this.#store?.close()
  }
}
