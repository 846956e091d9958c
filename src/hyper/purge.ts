import type Corestore from 'corestore'
import type Hypercore from 'hypercore'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import { compact } from './compaction.ts'

/*
 * hypercore 11.37.1 has `purge()` on a session, but not what it calls. So this closes a core and deletes
 * its records by corestore's own storage; meanwhile no peer that announces it may open it again.
 * test/hyper/purge.test.ts fails when another version behaves otherwise.
 */

/** Deletes all that a store keeps of cores: blocks, tree, bitfield, the core itself. */
export class Purges {
  readonly #store: Corestore
  readonly #running = new Map<string, Promise<void>>()

  constructor(store: Corestore) {
    checkInternals(store)
    this.#store = store
    const attach = store._attachMaybe.bind(store)
    store._attachMaybe = async (muxer, discoveryKey) => {
      if (!this.#running.has(toHex(discoveryKey))) await attach(muxer, discoveryKey)
    }
  }

  /** Resolves when no purge of this core is under way. */
  async idle(discoveryKey: Uint8Array): Promise<void> {
    await this.#running.get(toHex(discoveryKey))
  }

  /** Closes every session of the core and deletes it; the session must be ready. */
  run(session: Hypercore): Promise<void> {
    const name = toHex(session.discoveryKey)
    const running = this.#running.get(name)
    if (running !== undefined) return running
    const purge = this.#purge(session, name).finally(() => this.#running.delete(name))
    this.#running.set(name, purge)
    return purge
  }

  async #purge({ core }: Hypercore, name: string): Promise<void> {
    const { storage } = core.state
    await Promise.all(core.allSessions().map(session => session.close()))
    await core.close()
    if (this.#store.cores.map.get(name) === core) this.#store.cores.map.delete(name)
    await this.#store.storage.deleteCore(storage.core)
    await compact(storage.db)
  }
}

function checkInternals(store: Corestore): void {
  const found =
    typeof store._attachMaybe === 'function' &&
    store.cores?.map instanceof Map &&
    typeof store.storage?.deleteCore === 'function'
  if (!found) throw new DatdotError('INTERNAL', 'this version of corestore has other internals than 7')
}
