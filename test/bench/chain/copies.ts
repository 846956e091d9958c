import { randomBytes } from 'node:crypto'
import { periodProofs } from '../../../roles/pinner/proving.ts'
import { blake2b256 } from '../../../src/codec/hash.ts'
import { SpanTree } from '../../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../../src/codec/tree-store.ts'
import { DAT } from '../../../src/domain/amounts.ts'
import { fromHex } from '../../../src/domain/bytes.ts'
import type { Call } from '../../../src/domain/calls.ts'
import type { Period, ProviderRole, SpanId } from '../../../src/domain/ids.ts'
import {
  CELL_BYTES,
  cellsOf,
  LEAF_BYTES,
  locateLeaf,
  replicaLeaf,
  totalLeaves
} from '../../../src/domain/leaves.ts'
import { noiseMessage, receiptMessage, sealMessage } from '../../../src/domain/messages.ts'
import type { SpanProof } from '../../../src/domain/proofs.ts'
import type { Report } from '../../../src/domain/reports.ts'
import { innerCuts } from '../../../src/domain/spans.ts'
import type { CopyView, SpanView } from '../../../src/domain/view.ts'
import { HyperNode } from '../../../src/hyper/node.ts'
import { identityOf, type NodeIdentity } from '../../../src/node/identity.ts'
import type { ChainLoad, Job } from './load.ts'

/** Blocks in which all copies should have been drawn. */
const MOST_BLOCKS = 200
const BLOCK_BYTES = 65_536
const SIGNERS = 2
const VERIFIERS = 3

/** A supporter, and providers of each role. */
export interface Cast {
  supporter: NodeIdentity
  providers: readonly { role: ProviderRole; identity: NodeIdentity }[]
}

/** Enough providers for so many copies of one core; `cryptoReady()` first. */
export function castFor(copies: number): Cast {
  // A draw takes a newcomer one time in four: with two pinners a copy it finds one in its 64 tries.
  const roles: ProviderRole[] = [
    ...Array<ProviderRole>(SIGNERS).fill('signer'),
    ...Array<ProviderRole>(VERIFIERS).fill('verifier'),
    ...Array<ProviderRole>(2 * copies).fill('pinner')
  ]
  const providers = roles.map(role => ({ role, identity: identityOf(randomBytes(32)) }))
  return { supporter: identityOf(randomBytes(32)), providers }
}

/**
 * Copies on the chain with everybody's part played from here. Their cells are random bytes: the chain checks paths and
 * signatures, and cannot tell.
 */
export class ChainCopies {
  readonly #load: ChainLoad
  readonly #cast: Cast
  readonly #cells: Buffer
  readonly #trees = new Map<SpanId, SpanTree>()
  #copies: CopyView[] = []

  constructor(load: ChainLoad, cast: Cast, spanBytes: number) {
    this.#load = load
    this.#cast = cast
    this.#cells = randomBytes(cellsOf(spanBytes) * CELL_BYTES)
  }

  /** The copies as they were when the last became active. */
  get active(): readonly CopyView[] {
    return this.#copies
  }

  /** Registers all, publishes a core, pays for `count` copies, draws, keys and seals them. */
  async setUp(folder: string, byteLength: number, count: number): Promise<void> {
    await this.#load.run(this.#cast.providers.map(({ role, identity }) => this.#register(role, identity)))
    const key = await this.#publish(folder, byteLength)
    const { supporter } = this.#cast
    const donation = { call: 'donate', core: key, amount: BigInt(50 * count) * DAT, wish: count } as const
    await this.#load.run([[supporter.keys, donation]])
    const drawn = await this.#drawn(key, count)
    await this.#load.run(drawn.flatMap(({ spans }) => spans).map(span => this.#commit(span)))
    const seals: Job[] = []
    for (const copy of await this.#read(drawn))
      for (const span of copy.spans) seals.push(await this.#seal(copy, span))
    await this.#load.run(seals)
    this.#copies = await this.#read(drawn)
    const states = this.#copies.map(({ state }) => state)
    if (states.some(state => state !== 'Active')) throw new Error(`copies are ${states.join(', ')}`)
  }

  /** What each pinner owes for a period. */
  async proves(period: Period): Promise<{ jobs: Job[]; proofs: SpanProof[][] }> {
    const snapshot = await this.#load.client.snapshot()
    const view = await snapshot.periodAt(period)
    if (view === null) throw new Error(`period ${period} has not begun`)
    const proofs = await Promise.all(
      this.#copies.map(copy => periodProofs(copy, view, (span, indexes) => this.#proof(span, indexes)))
    )
    const jobs = this.#copies.map((copy, i): Job => {
      const call: Call = { call: 'prove', copy: copy.id, period, proofs: proofs[i] ?? [] }
      return [this.#identity(copy.pinner).keys, call]
    })
    return { jobs, proofs }
  }

  /** What the drawn verifiers report of a period that all copies were proved in. */
  async reports(period: Period): Promise<Job[]> {
    const snapshot = await this.#load.client.snapshot()
    const seed = (await snapshot.periodAt(period))?.seed ?? new Uint8Array(32)
    const jobs: Job[] = []
    for (const copy of this.#copies) {
      const record = await snapshot.record(copy.id, period)
      for (const { account } of record?.verifiers ?? []) {
        const report = await this.#served(copy, period, seed, account)
        jobs.push([this.#identity(account).keys, { call: 'report', copy: copy.id, period, report }])
      }
    }
    return jobs
  }

  /** One period of each copy, by the supporter: anyone may. */
  settles(): Job[] {
    const { keys } = this.#cast.supporter
    return this.#copies.map(({ id }): Job => [keys, { call: 'settle', copy: id, limit: 1 }])
  }

  #register(role: ProviderRole, { keys, noiseKey, signNoise }: NodeIdentity): Job {
    const { genesis } = this.#load.client.constants
    const proof = signNoise(noiseMessage({ genesis, account: fromHex(keys.account) }))
    const capacity = role === 'pinner' ? 2n ** 30n : 0n
    return [keys, { call: 'register', roles: [role], noiseKey, proof, capacity }]
  }

  async #publish(storage: string, byteLength: number): Promise<string> {
    const { spanTarget } = await this.#load.client.params()
    const hyper = new HyperNode({ storage, seed: randomBytes(32) })
    try {
      await hyper.ready()
      const core = await hyper.createCore('data')
      const count = Math.ceil(byteLength / BLOCK_BYTES)
      await core.append(Array.from({ length: count }, () => randomBytes(BLOCK_BYTES)))
      const facts = await core.treeFacts(tree => innerCuts(tree.byteLength, tree.length, spanTarget))
      await this.#load.run([[this.#cast.supporter.keys, { call: 'publish', facts }]])
      return core.key
    } finally {
      await hyper.close()
    }
  }

  /** The chain draws one copy a block by itself. */
  async #drawn(key: string, count: number): Promise<CopyView[]> {
    for (let i = 0; i < MOST_BLOCKS; i++) {
      const copies = await (await this.#load.client.snapshot()).copiesOf(key)
      if (copies.length === count) return copies
      await this.#load.emptyBlock()
    }
    throw new Error(`${count} copies were not drawn in ${MOST_BLOCKS} blocks`)
  }

  async #read(copies: readonly CopyView[]): Promise<CopyView[]> {
    const snapshot = await this.#load.client.snapshot()
    const found = await Promise.all(copies.map(({ id }) => snapshot.copy(id)))
    return found.filter(copy => copy !== null)
  }

  /** Nobody encodes with it: any odd number of 2048 bits is a key to the chain. */
  #commit(span: SpanView): Job {
    const modulus = new Uint8Array(256).fill(0xc3)
    return [this.#identity(span.signer).keys, { call: 'commitKey', span: span.id, e: 257, modulus }]
  }

  async #seal(copy: CopyView, span: SpanView): Promise<Job> {
    const { genesis } = this.#load.client.constants
    const { tag, id } = span
    if (tag === null) throw new Error(`span ${id} has no tag`)
    const cells = cellsOf(span.byteLength)
    const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
    await tree.write(this.#cells.subarray(0, cells * CELL_BYTES))
    this.#trees.set(id, tree)
    const root = tree.root()
    const signature = this.#identity(span.signer).keys.sign(
      sealMessage({ genesis, spanId: id, tag, cells, root })
    )
    return [this.#identity(copy.pinner).keys, { call: 'seal', span: id, root, cells, signature }]
  }

  async #proof(span: SpanId, indexes: readonly number[]): Promise<SpanProof> {
    const tree = this.#trees.get(span)
    if (tree === undefined) throw new Error(`span ${span} was not sealed here`)
    const last = tree.cells * CELL_BYTES
    const readLeaf = async (index: number) =>
      this.#cells.subarray(LEAF_BYTES * index, Math.min(last, LEAF_BYTES * (index + 1)))
    const leaves = await Promise.all(indexes.map(index => tree.proof(index, readLeaf)))
    return { peaks: tree.peaks(), leaves }
  }

  async #served(copy: CopyView, period: Period, seed: Uint8Array, account: string): Promise<Report> {
    const { genesis } = this.#load.client.constants
    const who = fromHex(account)
    const cells = copy.spans.map(span => span.cells)
    const { span, index } = locateLeaf(cells, replicaLeaf(blake2b256, seed, copy.id, who, totalLeaves(cells)))
    const { peaks, leaves } = await this.#proof(copy.spans[span]?.id ?? -1n, [index])
    const [leaf] = leaves
    if (leaf === undefined) throw new Error('no leaf')
    const message = receiptMessage({ genesis, copyId: copy.id, period, account: who })
    const receipt = this.#identity(copy.pinner).signNoise(message)
    return {
      outcome: 'Served',
      ttfbMs: 5,
      kibPerS: 20_000,
      blocks: 8,
      bytes: 8 * BLOCK_BYTES,
      digest: randomBytes(32),
      evidence: { kind: 'Served', receipt, peaks, leaf }
    }
  }

  #identity(account: string | null): NodeIdentity {
    const found = this.#cast.providers.find(({ identity }) => identity.account === account)
    if (found === undefined) throw new Error(`${account} is none of ours`)
    return found.identity
  }
}
