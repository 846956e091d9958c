import { equalBytes } from '../../src/domain/bytes.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { CoreKey } from '../../src/domain/ids.ts'
import type { Emit } from '../../src/events.ts'
import type { OwnCore, OwnCores } from './cores.ts'

/** Where an input begins in a core. */
export interface AppendNote {
  core: CoreKey
  /** Blocks and bytes of the core before it. */
  length: number
  byteLength: number
}

/** What survives a crash of an append that did not end. */
export interface AppendNotes {
  get(): Promise<AppendNote | null>
  put(note: AppendNote): Promise<void>
  delete(): Promise<void>
}

export interface AppendModules {
  cores: OwnCores
  /** Null when the input cannot be read a second time. */
  notes: AppendNotes | null
  emit: Emit
}

/** An input that is appended once however often its command is run until it ends. */
export class Append {
  readonly #blocks: AsyncIterable<Uint8Array>
  readonly #modules: AppendModules

  constructor(blocks: AsyncIterable<Uint8Array>, modules: AppendModules) {
    this.#blocks = blocks
    this.#modules = modules
  }

  /** Appends what is not appended yet, to a new core when `appendTo` is null; throws APPEND_PARTIAL when the rest cannot follow. */
  async run(appendTo: CoreKey | null, signal: AbortSignal): Promise<OwnCore> {
    const { notes, emit } = this.#modules
    const { core, begun } = await this.#begin(appendTo)
    const kept = appended(core, begun)
    const onProgress = ({ blocks, bytes }: { blocks: number; bytes: number }) =>
      emit({ type: 'append', core: core.key, blocks: kept.blocks + blocks, bytes: kept.bytes + bytes })
    try {
      await core.appendAll(this.#missing(core, begun, signal), { signal, onProgress })
    } catch (cause) {
      const { blocks, bytes } = appended(core, begun)
      if (notes !== null || blocks === 0) throw cause
      const facts = `core ${core.key} has ${blocks} blocks, ${bytes} bytes of the input`
      throw new DatdotError('APPEND_PARTIAL', `${facts}: ${(cause as Error).message}`, { cause })
    }
    await notes?.delete()
    return core
  }

  async #begin(appendTo: CoreKey | null): Promise<{ core: OwnCore; begun: AppendNote }> {
    const { cores, notes } = this.#modules
    const note = (await notes?.get()) ?? null
    if (note !== null) return { core: await cores.open(note.core), begun: note }
    const core = appendTo === null ? await cores.create() : await cores.open(appendTo)
    const begun = { core: core.key, length: core.length, byteLength: core.byteLength }
    await notes?.put(begun)
    return { core, begun }
  }

  /** The blocks behind those that the core has of the input: each of these is compared before any other is given. */
  async *#missing(core: OwnCore, begun: AppendNote, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const end = core.length
    let at = begun.length
    for await (const block of this.#blocks) {
      if (at >= end) yield block
      else {
        signal.throwIfAborted()
        if (!(await isBlock(core, at++, block))) await this.#differs(core, begun)
      }
    }
    if (at < end) await this.#differs(core, begun)
  }

  /** There is nothing to go on with: the next run is another append. */
  async #differs(core: OwnCore, begun: AppendNote): Promise<never> {
    await this.#modules.notes?.delete()
    const { blocks, bytes } = appended(core, begun)
    throw new DatdotError(
      'APPEND_PARTIAL',
      `the last ${blocks} blocks of core ${core.key}, ${bytes} bytes, are not the beginning of the input any more`
    )
  }
}

function appended(core: OwnCore, begun: AppendNote): { blocks: number; bytes: number } {
  return { blocks: core.length - begun.length, bytes: core.byteLength - begun.byteLength }
}

async function isBlock(core: OwnCore, index: number, block: Uint8Array): Promise<boolean> {
  const stored = await core.getLocal(index)
  return stored !== null && equalBytes(stored, block)
}
