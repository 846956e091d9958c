import type { Submitter } from '../../roles/role.ts'
import type { Call } from '../../src/domain/calls.ts'
import { withDoors } from '../helpers/changed-nodes.ts'
import { replaced } from '../helpers/replaced.ts'

/** Honest nodes whose calls a test can hold back just before they are sent, to do something meanwhile. */
export class Gates {
  readonly #gates = new Map<Call['call'], () => Promise<void>>()

  readonly makeNode = withDoors({
    signer: modules => ({ ...modules, chain: this.#held(modules.chain) }),
    pinner: modules => ({ ...modules, chain: this.#held(modules.chain) }),
    verifier: modules => ({ ...modules, chain: this.#held(modules.chain) })
  })

  /** Holds the next call of this kind back: resolves, when a node is about to send it, with what lets it go on. */
  next(kind: Call['call']): Promise<() => void> {
    return new Promise(reached => {
      this.#gates.set(kind, () => new Promise(open => reached(open)))
    })
  }

  #held<C extends Submitter & object>(chain: C): C {
    const submit: Submitter['submit'] = async (call, signal) => {
      const gate = this.#gates.get(call.call)
      this.#gates.delete(call.call)
      await gate?.()
      return chain.submit(call, signal)
    }
    return replaced<Submitter & object>(chain, { submit }) as C
  }
}
