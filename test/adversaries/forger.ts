import { periodProofs } from '../../roles/pinner/proving.ts'
import type { SpanFile } from '../../roles/pinner/receiver.ts'
import type { PinnerModules, PinnerOptions } from '../../roles/pinner.ts'
import { plainBytes, spanSecrets } from '../../roles/span.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { generateSpanKey, type PublicKey } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../src/codec/tree-store.ts'
import { concat } from '../../src/domain/bytes.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { CopyId, Period, SpanId } from '../../src/domain/ids.ts'
import { LEAF_BYTES, leavesOf } from '../../src/domain/leaves.ts'
import { isPeriodOfCopy, periodOf } from '../../src/domain/periods.ts'
import type { SpanProof } from '../../src/domain/proofs.ts'
import type { CopyView, PeriodView, SpanView } from '../../src/domain/view.ts'
import { connectOnce } from '../../src/hyper/one-time.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { CheckClient } from '../../src/wire/check-client.ts'
import { replaced } from '../helpers/replaced.ts'
import { DroppingPinner } from './dropper.ts'

/** What a forger knows of a span besides the chain: all hashes of its tree, which cost 6 % of the cells. */
export interface KnownTree {
  peaks: Uint8Array[]
  paths: Uint8Array[][]
}

/** Makes leaves with paths for a challenge without the cells; null when that cannot be done now. */
export type Forge = (copy: CopyView, span: SpanView, indexes: readonly number[]) => Promise<SpanProof | null>

/** What another pinner does not answer with. */
const UNANSWERED = [
  'NOT_FOUND',
  'PEER_UNREACHABLE',
  'WIRE_CLOSED',
  'WIRE_RATE_LIMITED',
  'WIRE_REFUSED'
] as const

/** What a forger answers to the leaves that are asked of one span. */
export interface Answer {
  indexes: readonly number[]
  proof: SpanProof
}

/** One `prove` of a forger, and how the chain refused it: null when it was taken. */
export interface Attempt {
  copy: CopyId
  period: Period
  how: string
  answers: Answer[]
  refusal: string | null
}

/** A pinner that keeps no cell after the seal but all hashes and the plain blocks, and answers challenges with forged leaves. */
export abstract class ForgingPinner extends DroppingPinner {
  readonly attempts: Attempt[] = []
  readonly #trees = new Map<SpanId, KnownTree>()

  constructor(config: BaseConfig, modules: BaseModules) {
    super(config, modules, () => false)
  }

  /** Ways to forge, by name; each is tried once a period. */
  protected abstract readonly ways: Readonly<Record<string, Forge>>

  protected override makeRole(options: PinnerOptions, modules: PinnerModules) {
    const role = super.makeRole(options, modules)
    return replaced(role, {
      run: async signal => {
        await Promise.all([role.run(signal), this.#attack(signal)])
      }
    })
  }

  protected tree(span: SpanId): KnownTree {
    const tree = this.#trees.get(span)
    if (tree === undefined) throw new DatdotError('NOT_FOUND', `span ${span} was not sealed here`)
    return tree
  }

  protected override async beforeDrop(id: SpanId, file: SpanFile): Promise<void> {
    const copies = await (await this.chain.snapshot()).copiesOfPinner(this.identity.account)
    const copy = copies.find(({ spans }) => spans.some(span => span.id === id))
    const span = copy?.spans.find(one => one.id === id)
    if (copy === undefined || span === undefined) throw new DatdotError('NOT_FOUND', `span ${id} is not mine`)
    const { tag } = spanSecrets(this.chain.constants.genesis, copy, span)
    const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
    const readLeaf = (index: number) => file.readLeaf(index)
    for (let leaf = 0; leaf < leavesOf(file.count); leaf++) await tree.write(await readLeaf(leaf))
    const paths: Uint8Array[][] = []
    for (let leaf = 0; leaf < tree.leaves; leaf++) paths.push((await tree.proof(leaf, readLeaf)).path)
    this.#trees.set(id, { peaks: tree.peaks(), paths })
  }

  /** In the first half of each period, as honest pinners do. */
  async #attack(signal: AbortSignal): Promise<void> {
    const { constants } = this.chain
    for await (const { height } of this.chain.heads(signal)) {
      const period = periodOf(height, constants.period)
      if (2 * (height % constants.period) > constants.period) continue
      const snapshot = await this.chain.snapshot()
      const facts = await snapshot.periodAt(period)
      if (facts === null) continue
      for (const copy of await snapshot.copiesOfPinner(this.identity.account))
        if (isChallenged(copy, facts))
          for (const how of Object.keys(this.ways)) await this.#try(copy, facts, how, signal)
    }
  }

  async #try(copy: CopyView, facts: PeriodView, how: string, signal: AbortSignal): Promise<void> {
    const { index: period } = facts
    const isTried = (one: Attempt) => one.copy === copy.id && one.period === period && one.how === how
    if (this.attempts.some(isTried)) return
    const answers = await this.#forge(copy, facts, how)
    if (answers === null) return
    const attempt: Attempt = { copy: copy.id, period, how, answers, refusal: null }
    try {
      const proofs = answers.map(({ proof }) => proof)
      await this.submitter.submit({ call: 'prove', copy: copy.id, period, proofs }, signal)
    } catch (error) {
      if (!isDatdotError(error, 'CALL_REFUSED')) throw error
      attempt.refusal = String(error.details['name'])
    }
    this.attempts.push(attempt)
  }

  async #forge(copy: CopyView, facts: PeriodView, how: string): Promise<Answer[] | null> {
    const answers: Answer[] = []
    const proofs = await periodProofs(copy, facts, async (id, indexes) => {
      const span = copy.spans.find(one => one.id === id)
      const proof = (span && (await this.ways[how]?.(copy, span, indexes))) ?? null
      if (proof !== null) answers.push({ indexes, proof })
      return proof ?? { peaks: [], leaves: [] }
    })
    return answers.length === proofs.length ? answers : null
  }
}

/** Encodes the plain blocks again when it is asked, with a key of its own: the signer's is destroyed. */
export class ReencodingPinner extends ForgingPinner {
  readonly #pool = this.own(new CodecPool({ workers: 1 }))
  readonly #made = new Map<SpanId, Promise<OwnCells>>()

  protected readonly ways: Record<string, Forge> = {
    'own cells under the true hashes': async (copy, span, indexes) => {
      const { readLeaf } = await this.cells(copy, span)
      const { peaks, paths } = this.tree(span.id)
      return { peaks, leaves: indexes.map(i => ({ data: readLeaf(i), path: paths[i] ?? [] })) }
    },
    'own cells in a tree of their own': async (copy, span, indexes) => {
      const { tree, readLeaf } = await this.cells(copy, span)
      const leaves = await Promise.all(indexes.map(i => tree.proof(i, async at => readLeaf(at))))
      return { peaks: tree.peaks(), leaves }
    }
  }

  /** All cells of a span under a key of this pinner, with the salt of the true ones. */
  cells(copy: CopyView, span: SpanView): Promise<OwnCells> {
    const made = this.#made.get(span.id) ?? this.#make(copy, span)
    this.#made.set(span.id, made)
    return made
  }

  async #make(copy: CopyView, span: SpanView): Promise<OwnCells> {
    const key = await generateSpanKey()
    const { salt, tag } = spanSecrets(this.chain.constants.genesis, copy, span)
    const plain = plainBytes(this.core(copy.coreKey), span)
    const batches: Uint8Array[] = []
    const { byteLength } = span
    for await (const batch of encodeSpan(this.#pool, { key, salt, byteLength }, plain)) batches.push(batch)
    const all = concat(...batches)
    const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
    await tree.write(all)
    const readLeaf = (index: number) => all.slice(index * LEAF_BYTES, (index + 1) * LEAF_BYTES)
    return { key, tree, readLeaf }
  }
}

export interface OwnCells {
  key: PublicKey
  tree: SpanTree
  readLeaf(index: number): Uint8Array
}

/** Asks the other pinners of the same core for the leaves, as anyone may. */
export class CopyingPinner extends ForgingPinner {
  protected readonly ways: Record<string, Forge> = {
    'cells of another copy under the true hashes': async (copy, span, indexes) => {
      const proof = await this.#ask(copy, span, indexes)
      if (proof === null) return null
      const { peaks, paths } = this.tree(span.id)
      const leaves = proof.leaves.map(({ data }, i) => ({ data, path: paths[indexes[i] ?? 0] ?? [] }))
      return { peaks, leaves }
    },
    'proof of another copy': (copy, span, indexes) => this.#ask(copy, span, indexes)
  }

  /** From the first that answers. */
  async #ask(copy: CopyView, { number }: SpanView, indexes: readonly number[]): Promise<SpanProof | null> {
    for (const other of await (await this.chain.snapshot()).copiesOf(copy.coreKey)) {
      const span = other.spans.find(one => one.number === number)
      if (other.id === copy.id || span === undefined || other.state !== 'Active') continue
      try {
        return await this.#leavesOf(other, span, indexes)
      } catch (error) {
        if (!isDatdotError(error, ...UNANSWERED)) throw error
      }
    }
    return null
  }

  async #leavesOf({ pinnerNoiseKey }: CopyView, { id }: SpanView, indexes: readonly number[]) {
    const connection = await connectOnce(this.hyper, pinnerNoiseKey)
    const client = new CheckClient(connection)
    try {
      return await client.leaves(id, indexes)
    } finally {
      client.close()
      connection.close()
    }
  }
}

function isChallenged(copy: CopyView, facts: PeriodView): boolean {
  // All periods before are settled, so that the call can do nothing but prove.
  const isNext = copy.firstPeriod !== null && facts.index === copy.lastSettled + 1
  return copy.state === 'Active' && isNext && isPeriodOfCopy(copy, facts)
}
