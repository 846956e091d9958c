import { cp } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { periodProofs } from '../../roles/pinner/proving.ts'
import { ChainClient } from '../../src/chain-client/client.ts'
import { cryptoReady } from '../../src/chain-client/keys.ts'
import type { AccountKeys, Receipt, Snapshot } from '../../src/chain-client/types.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../src/codec/tree-store.ts'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { DAT } from '../../src/domain/amounts.ts'
import type { Call } from '../../src/domain/calls.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { Account, CoreKey, Period, ProviderRole, SpanId } from '../../src/domain/ids.ts'
import { CELL_BYTES, LEAF_BYTES } from '../../src/domain/leaves.ts'
import { sealMessage } from '../../src/domain/messages.ts'
import type { SpanProof } from '../../src/domain/proofs.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { identityOf, type NodeIdentity, proofOfNoiseKey } from '../../src/node/identity.ts'
import { mineUntil, openChain, synced } from '../chain-client/local-chain.ts'

/** What each account of the stage begins with. */
export const FUNDS = 1_000n * DAT
/** Capacity of a pinner: two slots. */
export const CAPACITY = 2n * 2n ** 30n

/** How many accounts take part; the same numbers give the same accounts in every run. */
export interface Roster {
  signer: number
  pinner: number
  verifier: number
  /** Accounts without a role: supporters and whoever else calls. */
  other: number
}

interface StageParts {
  chain: DevChain
  client: ChainClient
  people: Record<ProviderRole | 'other', NodeIdentity[]>
}

/**
 * The real runtime with blocks on demand, and every account's keys here: who does what, and when, is the test's choice. The
 * cells of copies are bytes that nobody encoded: the chain checks paths and signatures, and cannot tell.
 */
export class Stage {
  readonly chain: DevChain
  readonly client: ChainClient
  readonly people: Record<ProviderRole | 'other', NodeIdentity[]>
  readonly #trees = new Map<SpanId, { tree: SpanTree; cells: Uint8Array }>()

  private constructor({ chain, client, people }: StageParts) {
    this.chain = chain
    this.client = client
    this.people = people
  }

  /** Opens a chain in the folder, or in one of its own; closed after the test. */
  static async open(t: TestContext, roster: Roster, storage: string | null = null): Promise<Stage> {
    await cryptoReady()
    let name = 0
    const group = (count: number) =>
      Array.from({ length: count }, () => identityOf(new Uint8Array(32).fill(++name)))
    const { signer, pinner, verifier, other } = roster
    const people = {
      signer: group(signer),
      pinner: group(pinner),
      verifier: group(verifier),
      other: group(other)
    }
    const endowed = Object.values(people)
      .flat()
      .map(({ account }) => ({ account: `0x${account}` as const, amount: FUNDS }))
    // A block for each call, and none besides: who mines decides when the rest happens.
    const chain = await openChain({ storage, endowed, blockTimeMs: 'instant' })
    const client = await ChainClient.connect({ provider: chain.provider() })
    t.after(async () => {
      await client.close()
      await chain.close()
    })
    return new Stage({ chain, client, people })
  }

  /** Another stage that goes on from a copy of a closed one's folder. */
  static async fork(t: TestContext, roster: Roster, from: string, to: string): Promise<Stage> {
    await cp(from, to, { recursive: true })
    return Stage.open(t, roster, to)
  }

  /** Sends a call and waits until it is in a block: in the next one, if nobody mines. */
  submit({ keys }: { keys: AccountKeys }, call: Call): Promise<Receipt> {
    return this.client.account(keys).submit(call)
  }

  /** The name of the chain's refusal; throws when the call is taken. */
  async refusal(who: { keys: AccountKeys }, call: Call): Promise<string> {
    try {
      await this.submit(who, call)
    } catch (error) {
      if (!isDatdotError(error, 'CALL_REFUSED')) throw error
      return String(error.details['name'])
    }
    throw new DatdotError('INTERNAL', `${call.call} was taken`)
  }

  /** All of an account's money, what is held of it too. */
  async money(account: Account): Promise<bigint> {
    const { free, held } = await (await this.now()).balance(account)
    return free + held
  }

  async now(): Promise<Snapshot> {
    await synced(this.client, this.chain)
    return this.client.snapshot()
  }

  async mineTo(height: number): Promise<void> {
    if (height > this.chain.height) await this.chain.mine(height - this.chain.height)
    await synced(this.client, this.chain)
  }

  /** All providers register, each for its role. */
  async registerAll(): Promise<void> {
    for (const role of ['signer', 'pinner', 'verifier'] as const)
      for (const who of this.people[role]) await this.register(who, role)
  }

  register(who: NodeIdentity, role: ProviderRole): Promise<Receipt> {
    const proof = proofOfNoiseKey(who)(this.client.constants.genesis, who.account)
    const capacity = role === 'pinner' ? CAPACITY : 0n
    return this.submit(who, { call: 'register', roles: [role], noiseKey: who.noiseKey, proof, capacity })
  }

  /** Makes blocks until the core has so many copies; the chain draws one a block by itself. */
  drawn(core: CoreKey, count: number): Promise<CopyView[]> {
    return mineUntil(this, async () => {
      const copies = await (await this.now()).copiesOf(core)
      return copies.length >= count ? copies : null
    })
  }

  who(account: Account | null): NodeIdentity {
    const found = Object.values(this.people)
      .flat()
      .find(identity => identity.account === account)
    if (found === undefined) throw new DatdotError('NOT_FOUND', `${account} is not on the stage`)
    return found
  }

  /** The call that keys a span; nobody encodes with this modulus. */
  keyCall(span: SpanId): Call {
    return { call: 'commitKey', span, e: 257, modulus: new Uint8Array(256).fill(0xc3) }
  }

  /** The call that seals a keyed span, with its signer's signature. */
  async sealCall(id: SpanId): Promise<Extract<Call, { call: 'seal' }>> {
    const span = await (await this.now()).span(id)
    if (span === null || span.tag === null) throw new DatdotError('NOT_FOUND', `span ${id} has no key`)
    const { tag, cells } = span
    const bytes = new Uint8Array(cells * CELL_BYTES).fill(Number(id % 251n) + 1)
    const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
    await tree.write(bytes)
    this.#trees.set(id, { tree, cells: bytes })
    const root = tree.root()
    const message = sealMessage({ genesis: this.client.constants.genesis, spanId: id, tag, cells, root })
    return { call: 'seal', span: id, root, cells, signature: this.who(span.signer).keys.sign(message) }
  }

  /** Keys and seals all spans of a copy: it is active then. */
  async setUp(copy: CopyView): Promise<CopyView> {
    for (const { id, signer } of copy.spans) {
      await this.submit(this.who(signer), this.keyCall(id))
      await this.submit(this.who(copy.pinner), await this.sealCall(id))
    }
    const active = await (await this.now()).copy(copy.id)
    if (active?.state !== 'Active') throw new DatdotError('INTERNAL', `copy ${copy.id} is not active`)
    return active
  }

  /** The call that proves a period, in whose blocks the chain is. */
  async proveCall(copy: CopyView, period: Period): Promise<Call> {
    const view = await (await this.now()).periodAt(period)
    if (view === null) throw new DatdotError('NOT_FOUND', `period ${period} has not begun`)
    const proofs = await periodProofs(copy, view, (span, indexes) => this.#proof(span, indexes))
    return { call: 'prove', copy: copy.id, period, proofs }
  }

  async #proof(id: SpanView['id'], indexes: readonly number[]): Promise<SpanProof> {
    const sealed = this.#trees.get(id)
    if (sealed === undefined) throw new DatdotError('NOT_FOUND', `span ${id} was not sealed here`)
    const { tree, cells } = sealed
    const readLeaf = async (index: number) => cells.slice(LEAF_BYTES * index, LEAF_BYTES * (index + 1))
    const leaves = await Promise.all(indexes.map(index => tree.proof(index, readLeaf)))
    return { peaks: tree.peaks(), leaves }
  }
}
