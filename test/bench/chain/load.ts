import { ChainClient } from '../../../src/chain-client/client.ts'
import type { AccountKeys, RpcProvider } from '../../../src/chain-client/types.ts'
import { DevChain, type DevChainOptions } from '../../../src/dev-chain/index.ts'
import type { Call } from '../../../src/domain/calls.ts'
import { synced } from '../../chain-client/local-chain.ts'
import { median, timed } from '../row.ts'

/** A call and who sends it. */
export type Job = readonly [AccountKeys, Call]

/** What some calls, sent at once, took in milliseconds in all. */
export interface LoadFigure {
  calls: number
  /** Signing, and checking by the chain's pool. */
  checkMs: number
  /** Making the blocks that hold them. */
  blockMs: number
  blocks: number
  /** An empty block shortly before them. */
  emptyMs: number
}

/** Empty blocks that a load is measured beside. */
const EMPTY_BLOCKS = 5
/** Blocks after which calls that are in none are given up. */
const MOST_BLOCKS = 30

/** An embedded chain with blocks on demand, and a client that counts what the pool took. */
export class ChainLoad {
  readonly chain: DevChain
  readonly client: ChainClient
  readonly #counter: PoolCounter
  /** Extrinsics of the newest block. */
  readonly #newest: { extrinsics: number }
  /** Extrinsics that every block has. */
  #inherents = 0
  #empty: number[] = []

  private constructor(parts: {
    chain: DevChain
    client: ChainClient
    counter: PoolCounter
    newest: { extrinsics: number }
  }) {
    this.chain = parts.chain
    this.client = parts.client
    this.#counter = parts.counter
    this.#newest = parts.newest
  }

  static async open(options: Pick<DevChainOptions, 'storage' | 'endowed'>): Promise<ChainLoad> {
    const newest = { extrinsics: 0 }
    const chain = await DevChain.create({
      ...options,
      port: null,
      blockTimeMs: 'manual',
      log: event => {
        if (event.type === 'block') newest.extrinsics = event.extrinsics
      }
    })
    const counter = new PoolCounter(chain.provider())
    const client = await ChainClient.connect({ provider: counter.provider })
    return new ChainLoad({ chain, client, counter, newest })
  }

  /** Milliseconds of a block with nothing but inherents. */
  async emptyBlock(): Promise<number> {
    const ms = await timed(() => this.chain.mine())
    this.#inherents = this.#newest.extrinsics
    this.#empty = [...this.#empty, ms].slice(-EMPTY_BLOCKS)
    await synced(this.client, this.chain)
    return ms
  }

  /** Makes empty blocks up to a height. */
  async mineTo(height: number): Promise<void> {
    while (this.chain.height < height) await this.emptyBlock()
  }

  /** Makes an empty block, sends all calls at once and makes blocks until all are in one; throws when one is refused. */
  async run(jobs: readonly Job[]): Promise<LoadFigure> {
    await this.emptyBlock()
    const emptyMs = median(this.#empty)
    const taken = this.#counter.next(jobs.length)
    const start = performance.now()
    const done = Promise.all(jobs.map(([keys, call]) => this.client.account(keys).submit(call)))
    await Promise.race([taken, done])
    const checkMs = performance.now() - start
    let blockMs = 0
    let blocks = 0
    for (let left = jobs.length; left > 0; left -= this.#newest.extrinsics - this.#inherents) {
      if (blocks++ === MOST_BLOCKS) throw new Error(`${left} calls are in no block`)
      blockMs += await timed(() => this.chain.mine())
    }
    await done
    await synced(this.client, this.chain)
    return { calls: jobs.length, checkMs, blockMs, blocks, emptyMs }
  }

  async close(): Promise<void> {
    await this.client.close()
    await this.chain.close()
  }
}

/** Stands between client and chain and hears when the pool has taken extrinsics. */
class PoolCounter {
  readonly provider: RpcProvider
  #left = 0
  #resolve: () => void = () => undefined

  constructor(inner: RpcProvider) {
    this.provider = {
      get isConnected() {
        return inner.isConnected
      },
      connect: () => inner.connect(),
      disconnect: () => inner.disconnect(),
      on: (type, listener) => inner.on(type, listener),
      subscribe: (...args) => inner.subscribe(...args),
      unsubscribe: (...args) => inner.unsubscribe(...args),
      send: async (method, params) => {
        const answer = await inner.send(method, params)
        if (method === 'author_submitExtrinsic' && --this.#left === 0) this.#resolve()
        return answer
      }
    }
  }

  /** Resolves when so many more were taken. */
  next(count: number): Promise<void> {
    this.#left = count
    return new Promise(resolve => {
      this.#resolve = resolve
    })
  }
}
