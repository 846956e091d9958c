import { rm } from 'node:fs/promises'
import type { Role } from '../../roles/role.ts'
import { Verifier, type VerifierDoor, type VerifierModules } from '../../roles/verifier.ts'
import { measureSample } from '../hyper/measure.ts'
import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'
import { openCheck } from './check-session.ts'
import { CoreShelf } from './core-shelf.ts'
import { proofOfNoiseKey } from './identity.ts'
import { announce, chainCursor, providerChain, roleContext, runRole } from './provider.ts'
import { verifierChecks } from './tables.ts'
import { tellTroubles } from './troubles.ts'

/** A verifier's node. */
export class VerifierNode extends NodeBase {
  #role: Role | undefined

  constructor(config: BaseConfig, modules: BaseModules = {}) {
    super(config, { chain: true, hyper: true, isTemporary: true }, modules)
  }

  /** Does the role's work until the signal aborts; the node is ready. */
  async run(signal: AbortSignal): Promise<void> {
    announce(this, 'verifier')
    await runRole(this, this.#role, signal)
  }

  protected override async onOpen(): Promise<void> {
    await super.onOpen()
    tellTroubles({ hyper: this.hyper }, this.events.emit, () => performance.now())
    const shelf = this.own(new CoreShelf(this.hyper, { server: false, idle: 4, isTemporary: true }))
    // What a crash has left of samples.
    await rm(this.folder.resolve('samples'), { recursive: true, force: true })
    const tempFolder = await this.folder.folder('samples')
    const peers: VerifierDoor = {
      open: key => shelf.open(key),
      measure: query => measureSample(this.hyper, { ...query, tempFolder }),
      check: (pinner, signal) => openCheck(this.hyper, pinner, signal)
    }
    this.#role = this.makeRole({
      context: roleContext(this),
      chain: providerChain(this),
      peers,
      notes: this.records.table(verifierChecks),
      cursor: chainCursor(this),
      proveNoiseKey: proofOfNoiseKey(this.identity)
    })
  }

  /** The role over this node's doors; a test puts a dishonest one in its place. */
  protected makeRole(modules: VerifierModules): Role {
    return new Verifier(modules)
  }
}
