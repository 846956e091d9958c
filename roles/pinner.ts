import type { CodecPool } from '../src/codec/pool.ts'
import { readU64 } from '../src/domain/bytes.ts'
import type { Call } from '../src/domain/calls.ts'
import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Account, CopyId, CoreKey, Height, Period, SpanId } from '../src/domain/ids.ts'
import { isPeriodOfCopy } from '../src/domain/periods.ts'
import type { SpanProof } from '../src/domain/proofs.ts'
import type { CopyView, Params } from '../src/domain/view.ts'
import { CopyBook } from './copies.ts'
import { Declines } from './declines.ts'
import type { CheckReader } from './drawn.ts'
import { type Cursor, follow } from './loop.ts'
import {
  AT_ONCE,
  type PinnerAction,
  type PinnerView,
  type ProofPlan,
  pinnerDue,
  planProof
} from './pinner/due.ts'
import { type CopyFiles, Holdings, type PinnedCoreDoor } from './pinner/holdings.ts'
import { PinnerNotes, type PinnerTables } from './pinner/notes.ts'
import { periodProofs, proofSize } from './pinner/proving.ts'
import { Receipts } from './pinner/receipts.ts'
import { type ReceiverDoor, SpanSetup } from './pinner/setup.ts'
import { ensureRegistered, type ProveNoiseKey, type Registry } from './registration.ts'
import type { CopyReader, Role, RoleContext } from './role.ts'
import { type Duty, warningOf } from './runner.ts'

/** What a pinner answers on `datdot/check/1`; refusals are DatdotErrors. */
export interface CheckAnswers {
  leaves(span: SpanId, indexes: readonly number[]): Promise<SpanProof>
  receipt(copy: CopyId, period: Period, account: Account): Promise<Uint8Array>
}

/** Serves `datdot/check/1` to anyone until what it returns is called. */
export interface CheckDoor {
  serve(answers: CheckAnswers): () => void
}

export interface PinnerModules {
  context: RoleContext
  /** Of the chain that the copies are of, also while it is away. */
  genesis(): Uint8Array
  /** Asked only once the role runs. */
  chain: CopyReader & Registry & CheckReader
  cores: PinnedCoreDoor
  receivers: ReceiverDoor
  checks: CheckDoor
  files: CopyFiles
  pool: CodecPool
  tables: PinnerTables
  cursor: Cursor
  /** Raw sr25519 by the node's account. */
  sign(message: Uint8Array): Uint8Array
  verify(message: Uint8Array, signature: Uint8Array, account: Account): boolean
  signNoise(message: Uint8Array): Uint8Array
  proveNoiseKey: ProveNoiseKey
}

/** `capacity` in bytes: encoded copies with their tree nodes, and plain blocks in set-up. */
export interface PinnerOptions {
  capacity: number
}

/** What a decode fails with when the cells are not what was sealed; everything else is this machine's trouble. */
const DAMAGE = ['CELL_INVALID', 'CELLS_DAMAGED', 'DATA_MISMATCH'] as const

const DECLINED = {
  Resources: 'it does not fit into the capacity',
  Unavailable: 'its data could not be found'
} as const

/** Keeps unique copies, proves them to the chain and serves them as plain blocks to anyone (protocol.md part 7). */
export class Pinner implements Role {
  readonly name = 'pinner'
  readonly #capacity: number
  readonly #modules: PinnerModules
  readonly #notes: PinnerNotes
  readonly #book: CopyBook
  readonly #holdings: Holdings
  readonly #receipts: Receipts
  readonly #setup: SpanSetup
  readonly #declines: Declines
  #height: Height = 0
  #restoring: Promise<void> | null = null
  #stopWatching = () => {}

  constructor(options: PinnerOptions, modules: PinnerModules) {
    this.#capacity = options.capacity
    this.#modules = modules
    const { chain, context, cores, files, tables, signNoise, genesis, pool } = modules
    this.#notes = new PinnerNotes(tables)
    const { account } = context.identity
    this.#book = new CopyBook(
      { copies: () => chain.copiesOfPinner(account), copy: id => chain.copy(id) },
      copy => copy.pinner === account && (copy.state === 'Setup' || copy.state === 'Active')
    )
    this.#holdings = new Holdings({ genesis, cores, files, pool })
    this.#setup = new SpanSetup(modules, this.#notes, this.#holdings)
    this.#declines = new Declines(chain, context)
    this.#receipts = new Receipts({ chain, signNoise })
  }

  /** Serves what a former run has sealed, without the chain: first all can be read, then the cores are announced. */
  restore(): Promise<void> {
    this.#restoring ??= this.#restore()
    return this.#restoring
  }

  async #restore(): Promise<void> {
    await this.#notes.load()
    // Readers may come with the first span, and the chain much later.
    this.#stopWatching = this.#modules.cores.onCorrupt((...found) => void this.#corrupt(...found))
    await this.#setup.restore()
  }

  async run(signal: AbortSignal): Promise<void> {
    const { context, chain, proveNoiseKey, cursor, checks } = this.#modules
    await this.restore()
    const stopChecks = checks.serve(this.#answers())
    try {
      const capacity = ({ spanTarget }: Params) => BigInt(offered(this.#capacity, spanTarget))
      const offer = { role: 'pinner', capacity } as const
      if (!(await ensureRegistered(context, chain, proveNoiseKey, offer, signal))) return
      await follow(
        { context, chain, book: this.#book, cursor, decide: height => this.#decide(height) },
        signal
      )
    } finally {
      this.#stopWatching()
      stopChecks()
      await this.#holdings.close()
    }
  }

  #decide(height: Height): Duty[] {
    this.#height = height
    const { chain, context } = this.#modules
    const { account } = context.identity
    const view: PinnerView = { account, height, constants: chain.constants, copies: this.#book.copies }
    const { spans, plans } = this.#notes
    const records = { spans, plans, serving: this.#holdings.serving }
    return pinnerDue(view, records, this.#capacity).map(action => ({
      key: nameOf(action),
      group: `copy ${action.kind === 'clean' ? action.copyId : action.copy.id}`,
      ...limitOf(action.kind),
      isHelp: action.kind === 'settle' || action.kind === 'expire',
      run: signal => this.#perform(action, signal)
    }))
  }

  async #perform(action: PinnerAction, signal: AbortSignal): Promise<Height | undefined> {
    switch (action.kind) {
      case 'refuse':
        return this.#refuse(action.copy, action.reason, signal)
      case 'fetch':
        return this.#setup.fetch(action.copy, action.span, signal)
      case 'accept':
        return this.#setup.accept(action.copy, action.span, signal)
      case 'seal':
        return this.#setup.seal(action.copy, action.span, signal)
      case 'serve':
        return this.#guard(action.span.id, () => this.#setup.serve(action.copy, action.span))
      case 'plan':
        return this.#plan(action.copy, action.period)
      case 'prove':
        return this.#prove(action.copy, action.period, signal)
      case 'settle':
        return this.#send({ call: 'settle', copy: action.copy.id, limit: action.periods }, signal)
      case 'expire':
        return this.#send({ call: 'expire', span: action.span.id }, signal)
      case 'clean':
        return this.#clean(action.copyId)
    }
  }

  async #send(call: Call, signal: AbortSignal): Promise<Height> {
    return (await this.#modules.chain.submit(call, signal)).height
  }

  #refuse({ id }: CopyView, reason: keyof typeof DECLINED, signal: AbortSignal): Promise<Height> {
    return this.#declines.send({ target: { copy: id }, reason }, DECLINED[reason], this.#height, signal)
  }

  /** The height is secret until then, and kept, so that a restart neither skips nor repeats a proof. */
  async #plan(copy: CopyView, period: Period): Promise<undefined> {
    const { context, chain } = this.#modules
    const random = readU64(context.random(8)) / 2n ** 11n
    const plan = planProof(period, chain.constants.period, this.#height, Number(random) / 2 ** 53)
    await this.#keepPlan(copy.id, period, plan)
  }

  /** What cannot be kept is a warning: until the next start the plan in memory is enough. */
  async #keepPlan(copy: CopyId, period: Period, plan: ProofPlan): Promise<void> {
    try {
      await this.#notes.plan(copy, period, plan)
      await this.#notes.forgetPlans(copy, period - 1)
    } catch (error) {
      this.#modules.context.emit(warningOf(`keeping the plan of copy ${copy} in period ${period}`, error))
    }
  }

  async #prove(copy: CopyView, period: Period, signal: AbortSignal): Promise<Height | undefined> {
    const { chain, context } = this.#modules
    const plan = { at: this.#height, done: true }
    const { period: length, grace } = chain.constants
    const isOver = chain.finalized() >= (period + 1) * length + grace
    if (isOver || (await chain.record(copy.id, period))?.proved) {
      await this.#keepPlan(copy.id, period, plan)
      return undefined
    }
    const facts = await chain.period(period)
    if (facts === null) throw new DatdotError('NOT_FOUND', `the chain has no period ${period}`)
    if (!isPeriodOfCopy(copy, facts)) {
      await this.#keepPlan(copy.id, period, plan)
      return undefined
    }
    const proofs = await periodProofs(copy, facts, (span, indexes) =>
      this.#guard(span, () => this.#holdings.proof(span, indexes))
    )
    const { height } = await chain.submit({ call: 'prove', copy: copy.id, period, proofs }, signal)
    await this.#keepPlan(copy.id, period, plan)
    context.emit({ type: 'proof', copy: copy.id, period, ...proofSize(proofs) })
    return height
  }

  /** Notes go last: with them, what a crash has left is cleaned again. */
  async #clean(copyId: CopyId): Promise<undefined> {
    const { spans } = this.#notes
    const gone = [...spans].filter(([, note]) => note.copyId === copyId)
    const kept = new Set([...spans.values()].filter(note => note.copyId !== copyId).map(note => note.coreKey))
    for (const [id, { coreKey, start, end }] of gone) {
      await this.#setup.drop(id)
      this.#holdings.drop(id)
      await this.#modules.files.remove(id)
      if (kept.has(coreKey)) await (await this.#holdings.core(coreKey)).forget(start, end)
    }
    for (const coreKey of new Set(gone.map(([, note]) => note.coreKey)))
      if (!kept.has(coreKey)) await this.#holdings.purge(coreKey)
    for (const [id] of gone) await this.#notes.forget(id)
    await this.#notes.forgetPlans(copyId, Number.MAX_SAFE_INTEGER)
    this.#modules.context.emit({ type: 'cleaned', copy: copyId })
  }

  #answers(): CheckAnswers {
    return {
      leaves: (span, indexes) => this.#guard(span, () => this.#holdings.proof(span, indexes)),
      receipt: async (copyId, period, account) => {
        const copy = this.#book.copies.find(({ id, state }) => id === copyId && state === 'Active')
        if (copy === undefined) throw new DatdotError('WIRE_REFUSED', `copy ${copyId} is not active here`)
        return this.#receipts.give(copy, period, account, this.#height)
      }
    }
  }

  /** Damage found anywhere is kept: from then on nothing of the span is proved or served. */
  async #guard<T>(span: SpanId, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isDatdotError(error, 'CELLS_DAMAGED')) await this.#setup.damaged(span, error)
      throw error
    }
  }

  async #corrupt(key: CoreKey, index: number, error: Error): Promise<void> {
    const span = this.#holdings.spanAt(key, index)
    if (!isDatdotError(error, ...DAMAGE)) {
      this.#modules.context.emit(warningOf(`reading block ${index} of ${key}`, error))
      return
    }
    try {
      if (span !== null) await this.#setup.damaged(span, error)
    } catch (failure) {
      this.#modules.context.emit(warningOf(`noting the damage of span ${span}`, failure))
    }
  }
}

/** What is left for encoded copies when there is room for the plain blocks of one span in set-up. */
function offered(capacity: number, spanTarget: number): number {
  return capacity - Math.min(spanTarget, Math.floor(capacity / 2))
}

function limitOf(kind: PinnerAction['kind']): Pick<Duty, 'limit'> {
  const most = AT_ONCE[kind]
  return most === undefined ? {} : { limit: { name: kind, most } }
}

function nameOf(action: PinnerAction): string {
  if ('span' in action) return `${action.kind} span ${action.span.id}`
  if (action.kind === 'clean') return `clean copy ${action.copyId}`
  return `${action.kind} copy ${action.copy.id}${'period' in action ? ` in period ${action.period}` : ''}`
}
