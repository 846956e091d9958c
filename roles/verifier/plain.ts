import { isDatdotError } from '../../src/domain/errors.ts'
import type { CoreKey } from '../../src/domain/ids.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { unserved, withPatience } from '../patience.ts'
import { blockMs, type CoreHandle } from '../span.ts'
import { ForkTurns } from './turns.ts'

/** How a plain core is read: until the signal fires, with a tick for all that comes. */
export interface Reading {
  signal: AbortSignal
  tick(): void
}

/** The plain cores that copies are compared with, from whoever serves them; what was read of them is not kept. */
export class PlainCores {
  readonly #open: (key: CoreKey) => Promise<CoreHandle>
  /** Copies of one core may be of different forks. */
  readonly #turns = new ForkTurns()

  constructor(open: (key: CoreKey) => Promise<CoreHandle>) {
    this.#open = open
  }

  /** Lends the tree that a copy is of; throws CORE_UNAVAILABLE when nothing comes for `patienceMs` and the time that a block takes. */
  read<T>(
    copy: CopyView,
    options: { signal: AbortSignal; patienceMs: number },
    work: (core: CoreHandle, reading: Reading) => Promise<T>
  ): Promise<T> {
    const ms = options.patienceMs + Math.max(...copy.spans.map(blockMs))
    return withPatience({ signal: options.signal, ms, stalled: unserved }, async (signal, tick) => {
      const giveBack = await this.#turns.take(copy.coreKey, copy.tree.fork, signal)
      try {
        const core = await this.#openTree(copy, signal)
        try {
          tick()
          return await work(core, { signal, tick })
        } finally {
          await core.forget(0, copy.tree.length).finally(() => core.close())
        }
      } finally {
        giveBack()
      }
    })
  }

  /** A copy is compared with the tree that it is of, whatever the author has signed since: whoever still has it gives it. */
  async #openTree({ coreKey, tree }: CopyView, signal: AbortSignal): Promise<CoreHandle> {
    for (let isSecond = false; ; isSecond = true) {
      const core = await this.#open(coreKey)
      try {
        await core.keepTree(tree, { signal })
        return core
      } catch (error) {
        if (!isDatdotError(error, 'CORE_FORKED')) await core.close()
        else await core.purge()
        if (isSecond || !isDatdotError(error, 'CORE_FORKED')) throw error
      }
    }
  }
}
