import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import Corestore from 'corestore'
import type Hypercore from 'hypercore'
import HyperDHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import { type Bootstrap, startBootstrap } from '../../src/hyper/bootstrap.ts'
import { HyperNode, type HyperNodeOptions } from '../../src/hyper/node.ts'

/** A temporary folder that is gone after the test. */
export async function tempFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'datdot-hyper-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** 32 bytes that depend on the name only. */
export function seedOf(name: string): Buffer {
  return createHash('sha256').update(name).digest()
}

/** Deterministic bytes that do not compress. */
export function bytesOf(name: string, length: number): Buffer {
  const parts: Buffer[] = []
  for (let i = 0; parts.length * 64 < length; i++)
    parts.push(createHash('sha512').update(`${name}/${i}`).digest())
  return Buffer.concat(parts).subarray(0, length)
}

/** A local DHT and everything that runs on it, closed in reverse order after the test. */
export class LocalNet {
  readonly bootstrap: Bootstrap
  readonly #closing: (() => Promise<unknown>)[] = []

  constructor(bootstrap: Bootstrap) {
    this.bootstrap = bootstrap
  }

  static async start(t: TestContext): Promise<LocalNet> {
    const net = new LocalNet(await startBootstrap())
    t.after(() => net.close())
    return net
  }

  async node(storage: string, name: string, options: Partial<HyperNodeOptions> = {}): Promise<HyperNode> {
    const { addresses } = this.bootstrap
    const node = new HyperNode({
      storage,
      seed: seedOf(name),
      bootstrap: addresses,
      host: '127.0.0.1',
      lookupMs: 250,
      ...options
    })
    this.#closing.push(() => node.close())
    await node.ready()
    return node
  }

  /** A peer with none of our code: corestore and hyperswarm alone. */
  stock(storage: string): StockPeer {
    const peer = new StockPeer(storage, this.bootstrap)
    this.#closing.push(() => peer.close())
    return peer
  }

  /** Ends who came first. */
  async closeFirst(): Promise<void> {
    await this.#closing.shift()?.()
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close()
    await this.bootstrap.close()
  }
}

export class StockPeer {
  readonly store: Corestore
  readonly swarm: Hyperswarm

  constructor(storage: string, bootstrap: Bootstrap) {
    this.store = new Corestore(storage)
    const dht = new HyperDHT({ bootstrap: bootstrap.addresses, host: '127.0.0.1' })
    this.swarm = new Hyperswarm({ dht })
    this.swarm.on('connection', stream => this.store.replicate(stream))
  }

  /** All blocks of a core, downloaded from whoever announces it. */
  async download(key: Uint8Array, length: number): Promise<Hypercore> {
    const core = this.store.get({ key })
    await core.ready()
    this.swarm.join(core.discoveryKey, { server: false, client: true })
    await core.download({ start: 0, end: length }).done()
    return core
  }

  async close(): Promise<void> {
    await this.swarm.destroy()
    await this.store.close()
  }
}

/** Connects two stores, or a store and a core, in this process, without a network. */
export function pipe(a: Corestore, b: Corestore | Hypercore): () => void {
  const one = a.replicate(true)
  const two = b.replicate(false)
  one.pipe(two).pipe(one)
  one.on('error', () => {})
  two.on('error', () => {})
  return () => {
    one.destroy()
    two.destroy()
  }
}
