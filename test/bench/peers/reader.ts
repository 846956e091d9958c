import { rm } from 'node:fs/promises'
import Corestore from 'corestore'
import type Hypercore from 'hypercore'
import HyperDHT, { type DhtAddress } from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import type { MadeCore } from './source.ts'

/** A consumer with none of our code: corestore and hyperswarm alone, a new store each time. */
export class ReaderPeer {
  /** Milliseconds from the first request to the last block; finding the peer and its tree comes before. */
  async read(storage: string, bootstrap: readonly DhtAddress[], made: MadeCore): Promise<number> {
    const store = new Corestore(storage)
    const dht = new HyperDHT({ bootstrap, host: '127.0.0.1', firewalled: false })
    const swarm = new Hyperswarm({ dht })
    swarm.on('connection', stream => store.replicate(stream))
    try {
      const core = store.get({ key: Buffer.from(made.key, 'hex') })
      await core.ready()
      swarm.join(core.discoveryKey, { server: false, client: true })
      await treeOf(core, made.length)
      const start = performance.now()
      await core.download({ start: 0, end: made.length }).done()
      const ms = performance.now() - start
      if (!(await core.has(0, made.length)) || core.byteLength !== made.byteLength)
        throw new Error('the core did not arrive whole')
      return ms
    } finally {
      await swarm.destroy()
      await store.close()
      await rm(storage, { recursive: true, force: true })
    }
  }

  close(): void {}
}

async function treeOf(core: Hypercore, length: number): Promise<void> {
  while (core.length < length) {
    const appended = new Promise(resolve => core.once('append', resolve))
    if (core.length < length) await appended
  }
}
