import { setImmediate } from 'node:timers/promises'
import { blake2b256 } from '../src/codec/hash.ts'
import { fromHex, readU64 } from '../src/domain/bytes.ts'
import { DatdotError } from '../src/domain/errors.ts'
import type { CopyId, CoreKey, Height, NoiseKey, Period } from '../src/domain/ids.ts'
import { type Evidence, type Outcome, type Report, sampleDigest } from '../src/domain/reports.ts'
import type { CopyView, TreeView } from '../src/domain/view.ts'
import { CopyBook } from './copies.ts'
import { type CheckReader, periodDraw } from './drawn.ts'
import { type Cursor, follow } from './loop.ts'
import { isRefusedFor } from './refusals.ts'
import { ensureRegistered, type ProveNoiseKey, type Registry } from './registration.ts'
import type { CopyReader, Role, RoleContext } from './role.ts'
import type { Duty } from './runner.ts'
import type { CoreHandle } from './span.ts'
import {
  AT_ONCE,
  type CheckProgress,
  checkKey,
  closesAt,
  nameOf,
  planCheck,
  type VerifierAction,
  verifierDue
} from './verifier/due.ts'
import { PlainCores } from './verifier/plain.ts'
import { askReplica, type CheckSession, judgeReplica, type ReplicaCheck } from './verifier/replica.ts'
import { type CheckBudget, checkBudget, sampleSize, secretIndexes } from './verifier/sample.ts'
import { askPinner, PinnerFault, type StepLimits } from './verifier/session.ts'

/** What a consumer with a one-time key got from one pinner, as `SampleResult` of hyper is. */
export interface Sample {
  outcome: Outcome
  ttfbMs: number | null
  kibPerS: number
  blocks: number
  bytes: number
  data: ReadonlyMap<number, Uint8Array>
  reason: string | null
}

export interface SampleQuery {
  coreKey: CoreKey
  peer: NoiseKey
  tree: TreeView
  indexes: readonly number[]
  connectTimeoutMs: number
  timeoutMs: number
  signal: AbortSignal
}

/** Reads pinners as a stranger would, each time with a fresh key; and opens cores and check sessions. */
export interface VerifierDoor {
  measure(query: SampleQuery): Promise<Sample>
  /** Dials with a one-time key and opens `datdot/check/1`. */
  check(pinner: NoiseKey, signal: AbortSignal): Promise<CheckSession>
  open(key: CoreKey): Promise<CoreHandle>
}

/** What a verifier remembers of a check: who restarts neither repeats nor skips it. */
export interface CheckNote extends CheckProgress {
  /** 32 bytes from which the sampled blocks and leaves follow. */
  secret: Uint8Array
  report: Report | null
}

export interface CheckNotes {
  put(key: readonly [CopyId, Period], note: CheckNote): Promise<void>
  delete(key: readonly [CopyId, Period]): Promise<void>
  entries(): AsyncIterable<[readonly [CopyId, Period], CheckNote]>
}

export interface VerifierModules {
  context: RoleContext
  chain: CopyReader & Registry & CheckReader
  peers: VerifierDoor
  notes: CheckNotes
  cursor: Cursor
  proveNoiseKey: ProveNoiseKey
}

interface Finding {
  outcome: Outcome
  evidence: Evidence
  reason: string | null
  sample: Sample
}

/** Draws after which other work of this thread gets its turn. */
const DRAWS_IN_A_ROW = 256
const MAX_U16 = 2 ** 16 - 1
const MAX_U32 = 2 ** 32 - 1

/** Measures pinners it was drawn for as an anonymous reader, checks encoded leaves, and reports (protocol.md part 7). */
export class Verifier implements Role {
  readonly name = 'verifier'
  readonly #modules: VerifierModules
  readonly #book: CopyBook
  readonly #checks = new Map<string, CheckNote>()
  readonly #undrawn = new Map<Period, Set<CopyId>>()
  readonly #plain: PlainCores
  #height: Height = 0

  constructor(modules: VerifierModules) {
    this.#modules = modules
    this.#book = new CopyBook(modules.chain, copy => copy.state === 'Active')
    this.#plain = new PlainCores(key => modules.peers.open(key))
  }

  async run(signal: AbortSignal): Promise<void> {
    const { context, chain, proveNoiseKey, cursor, notes } = this.#modules
    for await (const [[copy, period], note] of notes.entries()) this.#checks.set(checkKey(copy, period), note)
    const offer = { role: 'verifier', capacity: 0n } as const
    if (!(await ensureRegistered(context, chain, proveNoiseKey, offer, signal))) return
    await follow({ context, chain, book: this.#book, cursor, decide: height => this.#decide(height) }, signal)
  }

  #decide(height: Height): Duty[] {
    this.#height = height
    const { constants } = this.#modules.chain
    for (const period of this.#undrawn.keys())
      if (closesAt(constants, period) <= height) this.#undrawn.delete(period)
    const view = { height, constants, copies: this.#book.copies }
    return verifierDue(view, { checks: this.#checks, undrawn: this.#undrawn }).map(action => {
      const most = AT_ONCE[action.kind]
      return {
        key: nameOf(action),
        ...(most !== undefined && { limit: { name: action.kind, most } }),
        run: signal => this.#perform(action, signal)
      }
    })
  }

  async #perform(action: VerifierAction, signal: AbortSignal): Promise<Height | undefined> {
    switch (action.kind) {
      case 'draw':
        return this.#draw(action.copies, action.period, signal)
      case 'check':
        return this.#check(action.copy, action.period, signal)
      case 'report':
        return this.#report(action.copy, action.period, signal)
      case 'forget':
        return this.#forget(action.key)
    }
  }

  /** For all copies at once: what the draws are made of is read once, and only what this account was drawn for is kept. */
  async #draw(copies: readonly CopyView[], period: Period, signal: AbortSignal): Promise<undefined> {
    const { chain, context } = this.#modules
    const draw = await periodDraw(chain, period)
    if (draw === null) return
    const undrawn = this.#undrawn.get(period) ?? new Set()
    this.#undrawn.set(period, undrawn)
    for (const [position, copy] of copies.entries()) {
      if (position % DRAWS_IN_A_ROW === 0) await setImmediate(undefined, { signal })
      if (draw(copy).includes(context.identity.account)) await this.#plan(copy.id, period)
      else undrawn.add(copy.id)
    }
  }

  async #plan(copy: CopyId, period: Period): Promise<void> {
    const { chain, context } = this.#modules
    const random = Number(readU64(context.random(8)) >> 11n) / 2 ** 53
    const at = planCheck(period, chain.constants.period, this.#height, random)
    const secret = context.random(32)
    await this.#note(copy, period, { period, at, stage: 'planned', secret, report: null })
  }

  async #check(copy: CopyView, period: Period, signal: AbortSignal): Promise<undefined> {
    const { constants } = this.#modules.chain
    const { account } = this.#modules.context.identity
    const note = this.#checks.get(checkKey(copy.id, period))
    if (note === undefined) return
    const budget = checkBudget(closesAt(constants, period) - this.#height, constants.blockTimeMs)
    const { outcome, evidence, reason, sample } = await this.#find(copy, period, note, budget, signal)
    const blocks = [...sample.data].map(([index, data]) => ({ index, data }))
    const report: Report = {
      outcome,
      ttfbMs: clamp(sample.ttfbMs ?? 0, MAX_U32),
      kibPerS: clamp(sample.kibPerS, MAX_U32),
      blocks: clamp(sample.blocks, MAX_U16),
      bytes: clamp(sample.bytes, MAX_U32),
      digest: sampleDigest(blake2b256, { account: fromHex(account), copyId: copy.id, period, blocks }),
      evidence
    }
    await this.#note(copy.id, period, { ...note, stage: 'checked', report })
    const { ttfbMs, kibPerS } = report
    const measured = { copy: copy.id, period, outcome, reason, ttfbMs, kibPerS, blocks: report.blocks }
    this.#modules.context.emit({ type: 'measured', ...measured })
  }

  /** The receipt comes after the measurement: else a pinner would serve only those who ask for one. */
  async #find(
    copy: CopyView,
    period: Period,
    note: CheckNote,
    budget: CheckBudget,
    signal: AbortSignal
  ): Promise<Finding> {
    const { coreKey, tree, pinnerNoiseKey: peer } = copy
    const facts = await this.#facts(copy, period)
    const indexes = secretIndexes('blocks', note.secret, tree.length, sampleSize(tree))
    const times = { connectTimeoutMs: budget.connectMs, timeoutMs: budget.sampleMs }
    const sample = await this.#modules.peers.measure({ coreKey, peer, tree, indexes, signal, ...times })
    if (sample.outcome !== 'Served')
      return { outcome: sample.outcome, evidence: { kind: 'None' }, reason: sample.reason, sample }
    const limits = { signal, limit: AbortSignal.timeout(budget.replicaMs) }
    try {
      const check = { ...facts, copy, period, secret: note.secret }
      return { ...(await this.#replica(check, limits, budget)), sample }
    } catch (error) {
      // Whatever is not the pinner's fault is tried again: it must not become a verdict.
      if (!(error instanceof PinnerFault)) throw error
      return { outcome: error.outcome, evidence: { kind: 'None' }, reason: error.message, sample }
    }
  }

  async #facts(copy: CopyView, period: Period) {
    const { chain } = this.#modules
    const facts = await chain.period(period)
    if (facts === null) throw new DatdotError('NOT_FOUND', `the chain has no period ${period}`)
    return { seed: facts.seed, accused: await chain.accused(copy.id, period) }
  }

  /** The pinner is asked first: what reading the core takes after that is no fault of its. */
  async #replica(
    facts: Omit<ReplicaCheck, 'genesis' | 'account'>,
    limits: StepLimits,
    { patienceMs }: CheckBudget
  ) {
    const { chain, context, peers } = this.#modules
    const check = { ...facts, genesis: chain.constants.genesis, account: context.identity.account }
    const { copy } = facts
    const asking = AbortSignal.any([limits.signal, limits.limit])
    const session = await askPinner(limits, () => peers.check(copy.pinnerNoiseKey, asking))
    const answers = await askReplica(check, session, limits).finally(() => session.close())
    return this.#plain.read(copy, { signal: limits.signal, patienceMs }, (core, reading) =>
      judgeReplica(check, answers, core, reading)
    )
  }

  async #report(copy: CopyView, period: Period, signal: AbortSignal): Promise<Height | undefined> {
    const { chain, context } = this.#modules
    const note = this.#checks.get(checkKey(copy.id, period))
    if (note?.report === null || note === undefined) return
    const { report } = note
    let height: Height | undefined
    try {
      height = (await chain.submit({ call: 'report', copy: copy.id, period, report }, signal)).height
    } catch (error) {
      // A run before this one has sent it and could not note it.
      if (!isRefusedFor(error, 'AlreadyReported')) throw error
    }
    await this.#note(copy.id, period, { ...note, stage: 'reported' })
    context.emit({ type: 'report', copy: copy.id, period, outcome: report.outcome })
    return height
  }

  async #forget(key: string): Promise<undefined> {
    const [copy = '', period = ''] = key.split('/')
    await this.#modules.notes.delete([BigInt(copy), Number(period)])
    this.#checks.delete(key)
  }

  async #note(copy: CopyId, period: Period, note: CheckNote): Promise<void> {
    // In memory first: a full disk must not cost a report.
    this.#checks.set(checkKey(copy, period), note)
    await this.#modules.notes.put([copy, period], note)
  }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, Math.round(value)))
}
