import type { CopyId, CoreKey, Period, SpanId } from '../../src/domain/ids.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { type PinnerRecords, type ProofPlan, planKey, type SpanProgress } from './due.ts'

/** What the pinner agreed with the signer: enough for `seal`. */
export interface AgreedSeal {
  cells: number
  root: Uint8Array
  signature: Uint8Array
}

/** A prefix of whole leaves that the signer signed; the highest is kept (protocol.md 9.6). */
export interface SignedCheckpoint {
  leaves: number
  root: Uint8Array
  signature: Uint8Array
}

/** All besides its note that a span is served with: after a restart it must not wait for the chain. */
export interface ServedFacts {
  fork: bigint
  treeHash: Uint8Array
  byteStart: number
  e: number
  modulus: Uint8Array
  beacon: Uint8Array
  cells: number
  root: Uint8Array
}

/** What a pinner remembers of a span. */
export interface PinnerNote extends SpanProgress {
  start: number
  end: number
  byteLength: number
  seal: AgreedSeal | null
  checkpoint: SignedCheckpoint | null
  /** Null until it is served. */
  facts: ServedFacts | null
}

/** A table of durable records. */
export interface NoteTable<K, V> {
  put(key: K, value: V): Promise<void>
  delete(key: K): Promise<void>
  entries(): AsyncIterable<[K, V]>
}

export interface PinnerTables {
  spans: NoteTable<SpanId, PinnerNote>
  plans: NoteTable<readonly [CopyId, Period], ProofPlan>
}

/** The pinner's records, in memory for the decisions and on the disk before anything is done upon them. */
export class PinnerNotes implements Omit<PinnerRecords, 'serving'> {
  readonly spans = new Map<SpanId, PinnerNote>()
  readonly plans = new Map<string, ProofPlan>()
  readonly #tables: PinnerTables

  constructor(tables: PinnerTables) {
    this.#tables = tables
  }

  /** Reads what a former run left. */
  async load(): Promise<void> {
    for await (const [id, note] of this.#tables.spans.entries()) this.spans.set(id, note)
    for await (const [[copy, period], plan] of this.#tables.plans.entries())
      this.plans.set(planKey(copy, period), plan)
  }

  /** Notes that a span's plain blocks are here; of a span without bytes that is all. */
  async begin(copy: CopyView, span: SpanView): Promise<void> {
    const { coreKey, id: copyId } = copy
    const { start, end, byteLength } = span
    const stage = byteLength === 0 ? 'served' : 'plain'
    const fresh = { stage, damaged: false, seal: null, checkpoint: null, facts: null } as const
    await this.#put(span.id, { copyId, coreKey, start, end, byteLength, ...fresh })
  }

  /** True when something of this core is noted. */
  hasCore(coreKey: CoreKey): boolean {
    return [...this.spans.values()].some(note => note.coreKey === coreKey)
  }

  /** Changes a span's note; nothing happens when it is gone. */
  async change(id: SpanId, changes: Partial<PinnerNote>): Promise<void> {
    const note = this.spans.get(id)
    if (note !== undefined) await this.#put(id, { ...note, ...changes })
  }

  async forget(id: SpanId): Promise<void> {
    await this.#tables.spans.delete(id)
    this.spans.delete(id)
  }

  /** Holds from now on, also when it cannot be kept: a full disk must not cost a proof. */
  async plan(copy: CopyId, period: Period, plan: ProofPlan): Promise<void> {
    this.plans.set(planKey(copy, period), plan)
    await this.#tables.plans.put([copy, period], plan)
  }

  /** Drops a copy's plans before a period. */
  async forgetPlans(copy: CopyId, before: Period): Promise<void> {
    for (const key of [...this.plans.keys()]) {
      const [id, period] = key.split('/')
      if (id !== String(copy) || Number(period) >= before) continue
      this.plans.delete(key)
      await this.#tables.plans.delete([copy, Number(period)])
    }
  }

  async #put(id: SpanId, note: PinnerNote): Promise<void> {
    await this.#tables.spans.put(id, note)
    this.spans.set(id, note)
  }
}
