import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Corestore from 'corestore'
import type Hypercore from 'hypercore'
import HyperDHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'

interface Address {
  host: string
  port: number
}

/** A stock peer: hypercore and hyperswarm, and none of our code. */
export class Stranger {
  readonly store: Corestore
  readonly swarm: Hyperswarm
  readonly #folder: string

  private constructor(folder: string, bootstrap: readonly Address[]) {
    this.#folder = folder
    this.store = new Corestore(folder)
    const dht = new HyperDHT({ bootstrap, host: '127.0.0.1', firewalled: false })
    this.swarm = new Hyperswarm({ dht })
    this.swarm.on('connection', stream => {
      stream.on('error', () => {})
      this.store.replicate(stream)
    })
  }

  static async open(bootstrap: readonly Address[]): Promise<Stranger> {
    return new Stranger(await mkdtemp(join(tmpdir(), 'datdot-stranger-')), bootstrap)
  }

  /** Announces a core, or looks for its peers. */
  async join(core: Hypercore, roles: { server: boolean; client: boolean }): Promise<void> {
    await this.swarm.join(core.discoveryKey, roles).flushed()
  }

  /** All blocks of a core, looked for until somebody serves it, and until its tree is the one that is wanted. */
  async read(
    key: string,
    isWanted: (core: Hypercore) => boolean = core => core.length > 0
  ): Promise<Buffer[]> {
    const core = this.store.get({ key: Buffer.from(key, 'hex') })
    await core.ready()
    const wanted = new Promise<void>((resolve, reject) => {
      const look = async () => {
        await core.update({ wait: true })
        if (isWanted(core)) resolve()
      }
      for (const event of ['peer-add', 'append', 'truncate']) core.on(event, () => void look().catch(reject))
    })
    await this.join(core, { server: false, client: true })
    await wanted
    await core.download({ start: 0, end: core.length }).done()
    const blocks: Buffer[] = []
    for (let i = 0; i < core.length; i++) {
      const block = await core.get(i, { wait: false })
      if (!block) throw new Error(`block ${i} is not there`)
      blocks.push(Buffer.from(block))
    }
    return blocks
  }

  async close(): Promise<void> {
    await this.swarm.destroy()
    await this.store.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** All blocks of a core, read by a stock peer that looks for it until somebody serves it. */
export async function readCore(bootstrap: readonly Address[], key: string): Promise<Buffer[]> {
  const stranger = await Stranger.open(bootstrap)
  try {
    return await stranger.read(key)
  } finally {
    await stranger.close()
  }
}
