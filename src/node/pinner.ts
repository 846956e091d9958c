import type { BlockDecoder, PinnedCoreDoor } from '../../roles/pinner/holdings.ts'
import { Pinner, type PinnerModules, type PinnerOptions } from '../../roles/pinner.ts'
import type { Role } from '../../roles/role.ts'
import { warningOf } from '../../roles/runner.ts'
import { verifySignature } from '../chain-client/keys.ts'
import { CodecPool } from '../codec/pool.ts'
import { fromHex } from '../domain/bytes.ts'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { CoreKey } from '../domain/ids.ts'
import type { CorruptBlock } from '../hyper/decode-on-read.ts'
import { Copies } from '../store/copies.ts'
import { Quota } from '../store/quota.ts'
import { CheckServer } from '../wire/check-server.ts'
import { CopyReceivers } from '../wire/copy-receiver.ts'
import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'
import { CoreShelf } from './core-shelf.ts'
import { proofOfNoiseKey } from './identity.ts'
import { announce, chainCursor, providerChain, roleContext, runRole } from './provider.ts'
import { pinnerPlans, pinnerSpans } from './tables.ts'
import { tellTroubles } from './troubles.ts'

/** What a pinner is configured with besides its base. */
export interface PinnerNodeOptions {
  /** Bytes, encoded copies with their tree nodes and plain blocks in set-up. */
  capacity: number
  /** Threads that check what signers send and decode what readers ask for; 1 by default. */
  workers?: number
}

/** A pinner's node. */
export class PinnerNode extends NodeBase {
  readonly #options: PinnerNodeOptions
  #role: (Role & Pick<Pinner, 'restore'>) | undefined

  constructor(config: BaseConfig, options: PinnerNodeOptions, modules: BaseModules = {}) {
    super(config, { chain: 'later', hyper: true }, modules)
    this.#options = options
  }

  /** Does the role's work until the signal aborts; the node is ready. */
  async run(signal: AbortSignal): Promise<void> {
    const wasConnected = this.genesis !== null
    if (!wasConnected) await this.connectChain(signal)
    // Peers that come before the decoders are there would be told that nothing is here.
    await this.#role?.restore()
    await this.hyper.listen(signal)
    announce(this, 'pinner')
    if (wasConnected && !(await this.#comeBack(signal))) return
    await runRole(this, this.#role, signal)
  }

  /** Readers are served meanwhile, so the chain may stay away for as long as it takes; false when the signal aborted before. */
  async #comeBack(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted)
      try {
        await this.connectChain(signal)
        return true
      } catch (error) {
        if (signal.aborted) break
        if (!isDatdotError(error, 'CHAIN_UNREACHABLE')) throw error
        this.events.emit(warningOf('coming back to the chain', error))
      }
    return false
  }

  protected override async onOpen(): Promise<void> {
    await super.onOpen()
    const { capacity, workers } = this.#options
    const pool = this.own(new CodecPool({ workers: workers ?? 1 }))
    const files = this.own(await Copies.open(this.folder, { quota: new Quota(capacity) }))
    const shelf = this.own(new CoreShelf(this.hyper, { server: true, idle: 0 }))
    const receivers = this.own(new CopyReceivers())
    const checks = this.own(new CheckServer())
    this.hyper.onConnection(connection => {
      receivers.attach(connection)
      checks.attach(connection)
    })
    tellTroubles({ hyper: this.hyper, receivers, checks }, this.events.emit, () => performance.now())
    const { keys, signNoise } = this.identity
    const modules = {
      context: roleContext(this),
      genesis: () => this.#genesis(),
      chain: providerChain(this),
      cores: this.#cores(shelf),
      receivers,
      checks,
      files,
      pool,
      tables: { spans: this.records.table(pinnerSpans), plans: this.records.table(pinnerPlans) },
      cursor: chainCursor(this),
      sign: (message: Uint8Array) => keys.sign(message),
      verify: verifySignature,
      signNoise,
      proveNoiseKey: proofOfNoiseKey(this.identity)
    }
    this.#role = this.makeRole({ capacity }, modules)
  }

  /** The role over this node's doors; a test puts a dishonest one in its place. */
  protected makeRole(options: PinnerOptions, modules: PinnerModules): Role & Pick<Pinner, 'restore'> {
    return new Pinner(options, modules)
  }

  #genesis(): Uint8Array {
    if (this.genesis === null) throw new DatdotError('INTERNAL', 'no chain is known yet')
    return fromHex(this.genesis)
  }

  #cores(shelf: CoreShelf): PinnedCoreDoor {
    return {
      open: key => shelf.open(key),
      setDecoder: (key: CoreKey, decoder: BlockDecoder | null) => this.hyper.setDecoder(key, decoder),
      onCorrupt: listener => {
        const tell = ({ coreKey, index, error }: CorruptBlock) => listener(coreKey, index, error)
        this.hyper.on('corrupt-block', tell)
        return () => this.hyper.removeListener('corrupt-block', tell)
      }
    }
  }
}
