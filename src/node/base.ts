import { rm } from 'node:fs/promises'
import { connect } from '../chain-client/client.ts'
import type { Chain, RpcProvider, Submitter } from '../chain-client/types.ts'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { Hex32 } from '../domain/ids.ts'
import { NodeEvents } from '../events.ts'
import { HyperNode } from '../hyper/node.ts'
import { Resource } from '../resource.ts'
import type { Address } from '../settings.ts'
import { StorageFolder } from '../store/folder.ts'
import { Records } from '../store/records.ts'
import { type NodeIdentity, openIdentity } from './identity.ts'
import { knownBlock } from './tables.ts'

/** What every node is configured with; `CommonConfig` satisfies it. */
export interface BaseConfig {
  storage: string
  chain: readonly string[]
  passphraseFile: string | null
  bootstrap: readonly Address[] | null
  host: string | null
}

/** What a caller may hand in instead of what the configuration names. */
export interface BaseModules {
  /** Instead of the urls: a transport that is there already. */
  provider?: RpcProvider
  signal?: AbortSignal
}

/** Which doors a node needs besides its folder and keys. */
export interface BaseNeeds {
  /** 'later' = `connectChain` opens it. */
  chain: boolean | 'later'
  hyper: boolean
  /** Cores are read for a check only: what a crash has left of them is deleted. */
  isTemporary?: boolean
}

/** The doors of one node, opened in order and closed in reverse: folder, records, keys, hyper, chain. */
export class NodeBase extends Resource {
  readonly events = new NodeEvents()
  readonly #config: BaseConfig
  readonly #needs: BaseNeeds
  readonly #modules: BaseModules
  #folder: StorageFolder | undefined
  #records: Records | undefined
  #identity: NodeIdentity | undefined
  #hyper: HyperNode | undefined
  #chain: Chain | undefined
  #genesis: Hex32 | null = null

  constructor(config: BaseConfig, needs: BaseNeeds, modules: BaseModules = {}) {
    super()
    this.#config = config
    this.#needs = needs
    this.#modules = modules
  }

  get folder(): StorageFolder {
    return opened(this.#folder)
  }

  get records(): Records {
    return opened(this.#records)
  }

  get identity(): NodeIdentity {
    return opened(this.#identity)
  }

  /** Only when needed. */
  get hyper(): HyperNode {
    return opened(this.#hyper)
  }

  /** Only when needed; 'later' only once it is connected. */
  get chain(): Chain {
    return opened(this.#chain)
  }

  /** Hash of the first block of the chain that this node is or was connected to; null before the first time. */
  get genesis(): Hex32 | null {
    return this.#genesis
  }

  /** Sends calls from the node's account. */
  get submitter(): Submitter {
    return this.chain.account(this.identity.keys)
  }

  protected override async onOpen(): Promise<void> {
    const { storage, passphraseFile, bootstrap, host } = this.#config
    const folder = this.own(await StorageFolder.open(storage))
    this.#folder = folder
    this.#records = this.own(await Records.open(folder))
    this.#genesis = (await this.#records.table(knownBlock).get('genesis'))?.hash ?? null
    this.#identity = await openIdentity(folder, passphraseFile)
    if (this.#needs.isTemporary === true) await rm(folder.resolve('cores'), { recursive: true, force: true })
    if (this.#needs.hyper) {
      const hyper = this.own(
        new HyperNode({
          storage: folder.resolve('cores'),
          seed: this.#identity.noiseSeed,
          ...(bootstrap === null ? {} : { bootstrap }),
          ...(host === null ? {} : { host })
        })
      )
      this.#hyper = hyper
      await hyper.ready()
    }
    if (this.#needs.chain === true) await this.connectChain()
  }

  /** Connects to the chain and remembers its genesis; throws CHAIN_UNREACHABLE, CHAIN_WRONG, CHAIN_VERSION, ABORTED. */
  protected async connectChain(signal?: AbortSignal): Promise<void> {
    const { provider } = this.#modules
    const blocks = this.records.table(knownBlock)
    const known = await blocks.get('finalized')
    const first = await blocks.get('first')
    const either = anyOf(signal, this.#modules.signal)
    const chain = await connect({
      ...(provider === undefined ? { urls: this.#config.chain } : { provider }),
      ...(either && { signal: either }),
      ...(this.#genesis !== null && { genesis: this.#genesis }),
      ...(first && { first: first.hash }),
      ...(known && { known }),
      onAway: ({ code, message, help }) => this.events.emit({ type: 'warning', code, message, help })
    })
    if (this.closing) {
      await chain.close()
      throw new DatdotError('ABORTED', 'the node is closed')
    }
    this.own(chain)
    // Whatever waits for a chain that is away must not hold up the end; the node's close tells of a failure.
    either?.addEventListener('abort', () => void chain.close().catch(() => undefined), { once: true })
    this.#chain = chain
    if (this.#genesis === null) {
      this.#genesis = toHex(chain.constants.genesis)
      await blocks.put('genesis', { height: 0, hash: this.#genesis })
    }
    const isFinal = chain.finalized().height > 0
    if (first === null && chain.first !== null && isFinal)
      await blocks.put('first', { height: 1, hash: chain.first })
  }
}

function anyOf(...signals: (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter(signal => signal !== undefined)
  return given.length > 1 ? AbortSignal.any(given) : given[0]
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new DatdotError('INTERNAL', 'this part of the node is not open')
  return part
}
