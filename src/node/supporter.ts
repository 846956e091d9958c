import type { DonationNotes } from '../../roles/supporter/donation.ts'
import { Supporter, type TreeFinder } from '../../roles/supporter.ts'
import { ERA_BLOCKS } from '../chain-client/extensions.ts'
import type { Call } from '../domain/calls.ts'
import type { CoreKey } from '../domain/ids.ts'
import { innerCuts } from '../domain/spans.ts'

export { type CopyStatus, type CoreStatus, readStatus } from '../../roles/supporter/status.ts'

import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'
import { updateFromAll } from './newest.ts'
import { donations } from './tables.ts'

/** The commands that give. */
const ORDERS = ['pin', 'donate'] as const
type Order = (typeof ORDERS)[number]

/** A supporter's node: the chain, and the swarm to read a core's tree from. */
export class SupporterNode extends NodeBase {
  constructor(config: BaseConfig, modules: BaseModules = {}) {
    super(config, { chain: true, hyper: true }, modules)
  }

  /** The supporter's role for one core; the node is ready. A pin and a donation with the same words are different gifts. */
  role(
    core: CoreKey,
    { order = 'donate', ...options }: { patienceMs?: number | null; order?: Order } = {}
  ): Supporter {
    const table = this.records.table(donations)
    const nameOf = (one: Order) => `${core}.${one}`
    const modules = {
      chain: this.chain,
      trees: this.#trees(),
      submit: (call: Call, signal?: AbortSignal) => this.submitter.submit(call, signal),
      notes: this.#donationNotes(nameOf(order)),
      forgetDonations: () => this.records.batch(ORDERS.map(one => table.deleting(nameOf(one)))),
      callLife: ERA_BLOCKS,
      account: this.identity.account,
      emit: this.events.emit
    }
    return new Supporter(core, modules, options)
  }

  #donationNotes(name: string): DonationNotes {
    const table = this.records.table(donations)
    return {
      get: () => table.get(name),
      put: note => table.put(name, note),
      delete: () => table.delete(name)
    }
  }

  #trees(): TreeFinder {
    return {
      find: async (key, spanTarget, signal) => {
        const core = await this.hyper.openCore(key)
        const topic = this.hyper.join(core, { server: false, client: true })
        try {
          await updateFromAll(core, topic, signal)
          const cutsOf = (tree: { length: number; byteLength: number }) =>
            innerCuts(tree.byteLength, tree.length, spanTarget)
          return await core.treeFacts(cutsOf, { signal })
        } finally {
          await topic.leave()
          await core.close()
        }
      }
    }
  }
}
