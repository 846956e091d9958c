import type { CodecPool } from '../../src/codec/pool.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { Account, Height, NoiseKey, SpanId } from '../../src/domain/ids.ts'
import { CELL_BYTES, cellsOf } from '../../src/domain/leaves.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { Meter } from '../meter.ts'
import { isRefusedFor } from '../refusals.ts'
import type { CopyReader, RoleContext, Submitter } from '../role.ts'
import { fetchSpan } from '../span.ts'
import type { CopyFiles, Holdings } from './holdings.ts'
import type { PinnerNote, PinnerNotes, ServedFacts } from './notes.ts'
import { CopyReceiver, encodedBytes } from './receiver.ts'

/** What stays free on the disk: the cores’ database, once it ran into its end, does not write again before so much is free. */
const SPARE_BYTES = 64 * 2 ** 20

/** What takes the cells of a span. */
export type CellTaker = Pick<CopyReceiver, 'held' | 'cells' | 'checkpoint' | 'seal'>

/** Lets exactly the span's signer deliver its cells (`datdot/copy/1`); resolves when the seal is taken, rejects when aborted. */
export interface ReceiverDoor {
  receive(span: SpanId, signer: NoiseKey, receiver: CellTaker, signal: AbortSignal): Promise<void>
}

export interface SetupModules {
  context: RoleContext
  chain: CopyReader & Submitter
  receivers: ReceiverDoor
  files: CopyFiles
  pool: CodecPool
  sign(message: Uint8Array): Uint8Array
  verify(message: Uint8Array, signature: Uint8Array, account: Account): boolean
}

/** Brings a span from nothing to encoded, sealed and served: plain blocks, checked cells, seal, plain blocks gone. */
export class SpanSetup {
  readonly #modules: SetupModules
  readonly #notes: PinnerNotes
  readonly #holdings: Holdings
  readonly #receivers = new Map<SpanId, CopyReceiver>()
  readonly #damaged = new Set<SpanId>()

  constructor(modules: SetupModules, notes: PinnerNotes, holdings: Holdings) {
    this.#modules = modules
    this.#notes = notes
    this.#holdings = holdings
  }

  /** Downloads the plain blocks from whoever has them: nothing is accepted that cannot be compared with them. */
  async fetch(copy: CopyView, span: SpanView, signal: AbortSignal): Promise<undefined> {
    const { context, files } = this.#modules
    // For a while the disk holds the span twice.
    await files.checkDisk(span.byteLength + encodedBytes(span) + SPARE_BYTES)
    const core = await this.#holdings.core(copy.coreKey)
    const meter = new Meter(context.now, span.byteLength, reading =>
      context.emit({ type: 'download', copy: copy.id, span: span.id, ...reading })
    )
    try {
      await fetchSpan(core, copy, span, {
        signal,
        onPart: part => meter.at(Math.round(part * span.byteLength))
      })
    } catch (error) {
      // The next try begins with nothing: another peer may have the tree on the chain.
      if (isDatdotError(error, 'CORE_FORKED') && !this.#notes.hasCore(copy.coreKey))
        await this.#holdings.purge(copy.coreKey)
      throw error
    }
    await this.#notes.begin(copy, span)
  }

  /** Takes the signer's cells until it has sealed them, then seals on the chain. */
  async accept(copy: CopyView, span: SpanView, signal: AbortSignal): Promise<Height | undefined> {
    const { receivers } = this.#modules
    if (span.signerNoiseKey === null) throw new DatdotError('INTERNAL', `span ${span.id} has no signer`)
    const receiver = await this.#receiver(copy, span, signal).catch(async (error: unknown) => {
      if (isDatdotError(error, 'DATA_MISMATCH')) await this.#begin(copy, span)
      throw error
    })
    const lost = new AbortController()
    const watched = lossTold(receiver, error => lost.abort(error))
    try {
      const either = AbortSignal.any([signal, lost.signal])
      await receivers.receive(span.id, span.signerNoiseKey, watched, either)
    } catch (error) {
      if (!lost.signal.aborted) throw error
      await this.#begin(copy, span)
      throw lost.signal.reason
    }
    return undefined
  }

  /** Tells the chain that the copy of this span is here (protocol.md 9.6). */
  async seal(copy: CopyView, span: SpanView, signal: AbortSignal): Promise<Height | undefined> {
    const { chain, context } = this.#modules
    const seal = this.#notes.spans.get(span.id)?.seal
    if (seal === null || seal === undefined) throw new DatdotError('INTERNAL', `span ${span.id} has no seal`)
    try {
      const { height } = await chain.submit({ call: 'seal', span: span.id, ...seal }, signal)
      context.emit({ type: 'span', copy: copy.id, span: span.id, state: 'Sealed' })
      return height
    } catch (error) {
      if (isRefusedFor(error, 'AlreadySealed')) return undefined
      throw error
    }
  }

  /** Serves the span from its cells and gives the plain blocks' space back. */
  async serve(copy: CopyView, span: SpanView): Promise<undefined> {
    // Its damage is being noted.
    if (this.#damaged.has(span.id)) return
    await this.drop(span.id)
    await this.#holdings.serve(copy, span)
    if (this.#notes.spans.get(span.id)?.stage === 'served') return
    const core = await this.#holdings.core(copy.coreKey)
    await core.dropPlain(span.start, span.end)
    await this.#notes.change(span.id, { stage: 'served', facts: factsOf(copy, span) })
  }

  /** Serves what a former run has served: no core is announced before all of its spans can be read. */
  async restore(): Promise<void> {
    const broken: [SpanId, DatdotError][] = []
    for (const [id, note] of this.#notes.spans) {
      try {
        if (!note.damaged) await this.#hold(id, note)
      } catch (error) {
        if (!isDatdotError(error, 'CELLS_DAMAGED')) throw error
        broken.push([id, error])
      }
    }
    for (const [id, note] of this.#notes.spans) {
      const core = await this.#holdings.core(note.coreKey)
      // The store of the cores was lost: they are fetched again, and proofs are made from the cells meanwhile.
      if (note.stage === 'served' && !note.damaged && !core.has(note.start, note.end))
        await this.#notes.forget(id)
    }
    for (const [id, error] of broken) await this.damaged(id, error)
  }

  /** Ends a transfer's state. */
  async drop(id: SpanId): Promise<void> {
    const receiver = this.#receivers.get(id)
    this.#receivers.delete(id)
    await receiver?.close()
  }

  /** Marks a span whose cells are no longer what was sealed, and stops serving it. */
  async damaged(id: SpanId, cause: Error): Promise<void> {
    const note = this.#notes.spans.get(id)
    if (note === undefined || note.damaged || this.#damaged.has(id)) return
    this.#damaged.add(id)
    this.#holdings.drop(id)
    try {
      await this.#notes.change(id, { damaged: true })
    } catch (error) {
      this.#damaged.delete(id)
      throw error
    }
    const core = await this.#holdings.core(note.coreKey)
    await core.forget(note.start, note.end)
    const error = new DatdotError('CELLS_DAMAGED', `span ${id}: ${cause.message}`, { cause })
    this.#modules.context.emit({
      type: 'warning',
      code: error.code,
      message: error.message,
      help: error.help
    })
  }

  async #hold(id: SpanId, { coreKey, copyId, start, end, byteLength, facts }: PinnerNote): Promise<void> {
    if (facts === null) return
    const copy = { id: copyId, coreKey, tree: facts }
    await this.#holdings.hold(copy, { id, start, end, byteLength, ...facts })
  }

  /** Plain blocks that are no longer here are fetched again. */
  async #begin(copy: CopyView, span: SpanView): Promise<void> {
    await this.drop(span.id)
    const core = await this.#holdings.core(copy.coreKey)
    await core.forget(span.start, span.end)
    await this.#notes.forget(span.id)
  }

  async #receiver(copy: CopyView, span: SpanView, signal: AbortSignal): Promise<CopyReceiver> {
    const open = this.#receivers.get(span.id)
    if (open !== undefined) return open
    const { chain, context, files, pool, sign, verify } = this.#modules
    const core = await this.#holdings.core(copy.coreKey)
    const cells = cellsOf(span.byteLength)
    const file = await files.create(span.id, { cells, blocks: span.end - span.start })
    const meter = new Meter(context.now, encodedBytes(span), reading => {
      const peer = span.signerNoiseKey ?? ''
      context.emit({ type: 'transfer', direction: 'in', peer, copy: copy.id, span: span.id, ...reading })
    })
    const parts = {
      genesis: chain.constants.genesis,
      pool,
      sign,
      verify,
      saveCheckpoint: (checkpoint: Parameters<CopyReceiver['checkpoint']>[0]) =>
        this.#notes.change(span.id, { checkpoint }),
      saveSeal: (seal: Parameters<CopyReceiver['seal']>[0]) =>
        this.#notes.change(span.id, { stage: 'agreed', seal }),
      onCells: (count: number) => meter.at(count * CELL_BYTES)
    }
    const receiver = await CopyReceiver.open(parts, copy, span, core, file, signal)
    this.#receivers.set(span.id, receiver)
    return receiver
  }
}

/** A receiver that also tells when the plain blocks that it compares with are gone. */
function lossTold(receiver: CopyReceiver, onLost: (error: DatdotError) => void): CellTaker {
  return {
    get held() {
      return receiver.held
    },
    cells: async (first, cells) => {
      try {
        return await receiver.cells(first, cells)
      } catch (error) {
        if (isDatdotError(error, 'DATA_MISMATCH')) onLost(error)
        throw error
      }
    },
    checkpoint: checkpoint => receiver.checkpoint(checkpoint),
    seal: seal => receiver.seal(seal)
  }
}

function factsOf({ tree }: CopyView, { byteStart, e, modulus, beacon, cells, root }: SpanView): ServedFacts {
  if (modulus === null || root === null) throw new DatdotError('INTERNAL', 'the span is not sealed')
  return { fork: tree.fork, treeHash: tree.treeHash, byteStart, e, modulus, beacon, cells, root }
}
