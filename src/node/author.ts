import { z } from 'zod'
import type { AppendNotes } from '../../roles/author/append.ts'
import type { OwnCore, OwnCores } from '../../roles/author/cores.ts'
import { Author, type AuthorOptions } from '../../roles/author.ts'
import { blake2b256 } from '../codec/hash.ts'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { CoreKey } from '../domain/ids.ts'
import type { Core } from '../hyper/core.ts'
import { u32, word } from '../store/keys.ts'
import { defineTable } from '../store/table.ts'
import { hex32 } from '../store/value.ts'
import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'

/** The cores that an author made, in order. */
const ownCores = defineTable({
  name: 'own-cores',
  key: u32,
  value: z.strictObject({ core: hex32 })
})

/** Appends that did not end, by a digest of what was asked for. */
const appends = defineTable({
  name: 'appends',
  key: word,
  value: z.strictObject({ core: hex32, length: z.int().min(0), byteLength: z.int().min(0) })
})

/** An author's node; it needs no chain. */
export class AuthorNode extends NodeBase {
  constructor(config: BaseConfig, modules: BaseModules = {}) {
    super(config, { chain: false, hyper: true }, modules)
  }

  /** The author's role over this node; the node is ready. `input` names the sources if they can be read again. */
  role({ input, ...options }: AuthorOptions & { input?: string }): Author {
    const { appendTo, blockSizes } = options
    const notes = input === undefined ? null : this.#notes(JSON.stringify([input, appendTo, blockSizes]))
    return new Author(options, { cores: this.#cores(), notes, emit: this.events.emit })
  }

  #notes(asked: string): AppendNotes {
    const table = this.records.table(appends)
    const name = toHex(blake2b256(Buffer.from(asked)))
    return {
      get: async () => {
        const note = await table.get(name)
        // With a store of cores that was moved away, the core has gone.
        return note !== null && (await this.hyper.openCore(note.core)).writable ? note : null
      },
      put: note => table.put(name, note),
      delete: () => table.delete(name)
    }
  }

  #cores(): OwnCores {
    return {
      create: async () => {
        const count = (await this.#known()).length
        const core = await this.hyper.createCore(`author/${count}`)
        await this.records.table(ownCores).put(count, { core: core.key })
        return this.#own(core)
      },
      open: async key => {
        if (!(await this.#known()).includes(key))
          throw new DatdotError('NOT_FOUND', `the core ${key} was not made in this storage folder`)
        return this.#own(await this.hyper.openCore(key))
      },
      list: () => this.#known()
    }
  }

  /** Cores go by their number: those that the records lost are found by it. */
  async #known(): Promise<CoreKey[]> {
    const table = this.records.table(ownCores)
    const keys: CoreKey[] = []
    for await (const [, { core }] of table.entries()) keys.push(core)
    for (;;) {
      const next = await this.hyper.createCore(`author/${keys.length}`)
      const { key, length } = next
      await next.close()
      if (length === 0) return keys
      await table.put(keys.length, { core: key })
      keys.push(key)
    }
  }

  #own(core: Core): OwnCore {
    return {
      key: core.key,
      get length() {
        return core.length
      },
      get byteLength() {
        return core.byteLength
      },
      appendAll: (blocks, options) => core.appendAll(blocks, options),
      getLocal: index => core.getLocal(index),
      announce: signal => this.hyper.join(core).flushed(signal)
    }
  }
}
