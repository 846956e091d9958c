import type { NoiseStream } from '@hyperswarm/secret-stream'
import type { ReplicatorPeer } from 'hypercore'
import Protomux from 'protomux'
import type { Pinner, PinnerModules, PinnerOptions } from '../../roles/pinner.ts'
import type { Role } from '../../roles/role.ts'
import { toHex } from '../../src/domain/bytes.ts'
import type { CoreKey, NoiseKey } from '../../src/domain/ids.ts'
import { PinnerNode } from '../../src/node/pinner.ts'
import { CHECK } from '../../src/wire/messages.ts'

/** A peer of a core: each request of it comes in here. */
interface Reader extends ReplicatorPeer {
  onrequest(message: unknown): Promise<void>
}

/** Proves each period and answers verifiers on `datdot/check/1`, but no reader. */
export class Refuser extends PinnerNode {
  readonly #watched = new Set<CoreKey>()

  protected override makeRole(
    options: PinnerOptions,
    modules: PinnerModules
  ): Role & Pick<Pinner, 'restore'> {
    const open = async (key: CoreKey) => {
      await this.#watch(key)
      return modules.cores.open(key)
    }
    return super.makeRole(options, { ...modules, cores: { ...modules.cores, open } })
  }

  /** Whether a reader is answered. */
  protected serves(_reader: ReplicatorPeer): boolean {
    return false
  }

  async #watch(key: CoreKey): Promise<void> {
    if (this.#watched.has(key)) return
    this.#watched.add(key)
    const core = await this.hyper.openCore(key)
    core.events.on('peer-add', (reader: Reader) => {
      const answer = reader.onrequest.bind(reader)
      reader.onrequest = async message => {
        if (this.serves(reader)) await answer(message)
      }
    })
  }
}

/** Serves only whom it takes for a verifier: who has `datdot/check/1` open on the connection, or had so before. */
export class CheckFirst extends Refuser {
  readonly #verifiers = new Set<NoiseKey>()

  protected override makeRole(
    options: PinnerOptions,
    modules: PinnerModules
  ): Role & Pick<Pinner, 'restore'> {
    const checks: PinnerModules['checks'] = {
      serve: ({ leaves, receipt }) =>
        modules.checks.serve({
          leaves: (span, indexes) => {
            this.#look()
            return leaves(span, indexes)
          },
          receipt: (copy, period, account) => {
            this.#look()
            return receipt(copy, period, account)
          }
        })
    }
    return super.makeRole(options, { ...modules, checks })
  }

  protected override serves({ stream, remotePublicKey }: ReplicatorPeer): boolean {
    this.#note(stream, toHex(remotePublicKey))
    return this.#verifiers.has(toHex(remotePublicKey))
  }

  #look(): void {
    for (const { stream, remoteKey } of this.hyper.connections) this.#note(stream, remoteKey)
  }

  #note(stream: NoiseStream, key: NoiseKey): void {
    if (Protomux.from(stream).opened({ protocol: CHECK.name, id: null })) this.#verifiers.add(key)
  }
}
