import type { Role } from '../../roles/role.ts'
import { Signer, type SignerModules } from '../../roles/signer.ts'
import { CodecPool } from '../codec/pool.ts'
import { SecretFiles } from '../store/secret-files.ts'
import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'
import { CoreShelf } from './core-shelf.ts'
import { Dialler } from './dialler.ts'
import { proofOfNoiseKey } from './identity.ts'
import { announce, chainCursor, providerChain, roleContext, runRole } from './provider.ts'
import { signerSpans } from './tables.ts'
import { tellTroubles } from './troubles.ts'

/** What a signer is configured with besides its base. */
export interface SignerOptions {
  /** Threads that encode. */
  workers: number
  /** Spans made at once. */
  spans?: number
}

/** A signer's node. */
export class SignerNode extends NodeBase {
  readonly #options: SignerOptions
  #role: Role | undefined

  constructor(config: BaseConfig, options: SignerOptions, modules: BaseModules = {}) {
    super(config, { chain: true, hyper: true }, modules)
    this.#options = options
  }

  /** Does the role's work until the signal aborts; the node is ready. */
  async run(signal: AbortSignal): Promise<void> {
    announce(this, 'signer')
    await runRole(this, this.#role, signal)
  }

  protected override async onOpen(): Promise<void> {
    await super.onOpen()
    tellTroubles({ hyper: this.hyper }, this.events.emit, () => performance.now())
    const pool = this.own(new CodecPool({ workers: this.#options.workers }))
    const shelf = this.own(new CoreShelf(this.hyper, { server: true, idle: 16 }))
    const modules = {
      context: roleContext(this),
      chain: providerChain(this),
      cores: shelf,
      senders: new Dialler(this.hyper),
      pool,
      secrets: await SecretFiles.open(this.folder),
      notes: this.records.table(signerSpans),
      cursor: chainCursor(this),
      sign: (message: Uint8Array) => this.identity.keys.sign(message),
      proveNoiseKey: proofOfNoiseKey(this.identity)
    }
    const { spans } = this.#options
    this.#role = this.makeRole(spans === undefined ? {} : { spans }, modules)
  }

  /** The role over this node's doors; a test puts a dishonest one in its place. */
  protected makeRole(options: { spans?: number }, modules: SignerModules): Role {
    return new Signer(options, modules)
  }
}
