import { open } from 'node:fs/promises'
import type { PinnedCoreDoor } from '../../roles/pinner/holdings.ts'
import type { SpanFile } from '../../roles/pinner/receiver.ts'
import type { PinnerModules, PinnerOptions } from '../../roles/pinner.ts'
import type { CoreHandle } from '../../roles/span.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { CoreKey, SpanId } from '../../src/domain/ids.ts'
import { CELLS_PER_LEAF, LEAF_BYTES, leavesOf } from '../../src/domain/leaves.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { PinnerNode } from '../../src/node/pinner.ts'
import { replaced } from '../helpers/replaced.ts'

/**
 * A pinner that overwrites leaves of each span as soon as it is sealed. It keeps the plain blocks, so that readers miss
 * nothing, proves whenever it still has all leaves that were drawn, and is silent otherwise.
 */
export class DroppingPinner extends PinnerNode {
  readonly #isKept: (leaf: number) => boolean
  readonly #dropped = new Set<SpanId>()
  readonly #cores = new Map<CoreKey, CoreHandle>()

  constructor(config: BaseConfig, modules: BaseModules, isKept: (leaf: number) => boolean) {
    super(config, { capacity: 2 ** 30 }, modules)
    this.#isKept = isKept
  }

  /** The core that a copy of this pinner is of. */
  protected core(key: CoreKey): CoreHandle {
    const core = this.#cores.get(key)
    if (core === undefined) throw new DatdotError('NOT_FOUND', `${key} is not open here`)
    return core
  }

  /** Sees a sealed span once more before its leaves are gone. */
  protected async beforeDrop(_id: SpanId, _file: SpanFile): Promise<void> {}

  protected override makeRole(options: PinnerOptions, modules: PinnerModules) {
    const { files, chain } = modules
    return super.makeRole(options, {
      ...modules,
      cores: this.#keepingPlain(modules.cores),
      files: replaced(files, {
        create: async (id, plan) => this.#withGaps(id, await files.create(id, plan)),
        open: async id => {
          const file = await files.open(id)
          return file && this.#withGaps(id, file)
        }
      }),
      chain: replaced(chain, {
        submit: async (call, signal) => {
          const receipt = await chain.submit(call, signal)
          if (call.call === 'seal') await this.#drop(call.span, await files.open(call.span))
          return receipt
        }
      })
    })
  }

  #keepingPlain(cores: PinnedCoreDoor): PinnedCoreDoor {
    return replaced(cores, {
      open: async key => {
        const keeping = replaced(await cores.open(key), { dropPlain: async () => undefined })
        this.#cores.set(key, keeping)
        return keeping
      }
    })
  }

  async #drop(id: SpanId, file: SpanFile | null): Promise<void> {
    if (file === null) throw new DatdotError('NOT_FOUND', `span ${id} has no cells here`)
    await this.beforeDrop(id, file)
    const handle = await open(file.path, 'r+')
    for (let leaf = 0; leaf < leavesOf(file.count); leaf++)
      if (!this.#isKept(leaf))
        await handle.write(new Uint8Array(LEAF_BYTES), 0, LEAF_BYTES, leaf * LEAF_BYTES)
    await handle.close()
    this.#dropped.add(id)
  }

  /** Reads of what was dropped fail, but are no damage to this pinner: it goes on with the rest. */
  #withGaps(id: SpanId, file: SpanFile): SpanFile {
    const assertKept = (first: number, count: number) => {
      if (!this.#dropped.has(id)) return
      for (let leaf = Math.floor(first / CELLS_PER_LEAF); leaf * CELLS_PER_LEAF < first + count; leaf++)
        if (!this.#isKept(leaf)) throw new DatdotError('NOT_FOUND', `leaf ${leaf} of span ${id} was dropped`)
    }
    return replaced(file, {
      read: async (first, count, signal) => {
        assertKept(first, count)
        return file.read(first, count, signal)
      },
      readLeaf: async index => {
        assertKept(index * CELLS_PER_LEAF, CELLS_PER_LEAF)
        return file.readLeaf(index)
      }
    })
  }
}
