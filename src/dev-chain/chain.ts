import { EventEmitter } from 'node:events'
import { blake2AsU8a } from '@polkadot/util-crypto'
import { DatdotError } from '../domain/errors.ts'
import { Author } from './author.ts'
import { BlockBuilder, type BuiltBlock } from './block-builder.ts'
import type { BlockDatabase, BlockRecord, ChainRecord } from './block-database.ts'
import type { Executor, StateReader, TaskResult } from './executor.ts'
import { buildGenesis, type GenesisInput, genesisId } from './genesis.ts'
import { decodeHeader, encodeHeader, type Header, hashHeader } from './header.ts'
import { fromHex, type Hex, toHex } from './hex.ts'
import { History } from './history.ts'
import { Mutex } from './mutex.ts'
import { type ExtrinsicStatus, Pool } from './pool.ts'
import { RpcError } from './rpc-error.ts'
import type { RuntimeVersionInfo } from './runtime-version.ts'
import { State } from './state.ts'
import { decodeValidity, isRefusal, type Validity } from './validity.ts'
import { CODE } from './well-known.ts'

/** A block of the chain as readers see it. */
export interface ChainBlock {
  readonly hash: Hex
  readonly header: Header
  readonly extrinsics: readonly Hex[]
  /** Keys that it changed, with what they held before. */
  readonly undo: ReadonlyMap<Hex, Hex | null>
}

interface ChainEvents {
  block: [ChainBlock]
  refused: [{ hash: Hex; reason: string }]
  ready: []
  close: []
}

/** How a chain is opened. */
export interface ChainParts {
  readonly executor: Executor
  readonly database: BlockDatabase
  readonly genesis: GenesisInput
  readonly slotMs: number
  readonly keepBlocks: number
}

const EXTERNAL = Buffer.of(2)
// Substrate's own limits of a pool, so that a flood is refused at the door.
const MAX_CHECKS_WAITING = 2_048
// What the normal extrinsics of a block may hold: three quarters of 5 MiB, in hex characters.
const BLOCK_CHARS = 2 * 3_900_000
// A block is filled up to half of the time until the next one, at the cost that extrinsics had lately.
const BUDGET_SHARE = 0.5
const MIN_EXTRINSICS = 8
const PRUNE_BATCH = 4

/** The chain: its head in memory, its blocks on disk, extrinsics waiting for the next one. Each block is final at once. */
export class Chain extends EventEmitter<ChainEvents> {
  readonly executor: Executor
  readonly database: BlockDatabase
  readonly pool = new Pool()
  readonly history: History
  readonly genesisHash: Hex
  readonly slotMs: number
  private readonly builder: BlockBuilder
  private readonly author = new Author()
  private readonly building = new Mutex()
  private readonly checking = new Mutex()
  private readonly checks = new Map<Hex, Promise<void>>()
  private readonly record: ChainRecord
  private readonly keepBlocks: number
  private current: { header: Header; hash: Hex }
  private emptyMs = 50
  private extrinsicMs = 10

  private constructor(parts: ChainParts, record: ChainRecord, head: BlockRecord, state: State) {
    super()
    this.executor = parts.executor
    this.database = parts.database
    this.slotMs = parts.slotMs
    this.keepBlocks = parts.keepBlocks
    this.record = record
    this.genesisHash = record.genesisHash
    this.builder = new BlockBuilder(parts.executor)
    this.current = { header: decodeHeader(fromHex(head.header)), hash: head.hash }
    this.history = new History(parts.database, state, () => this.current.header.number)
    this.setMaxListeners(0)
  }

  /** Opens the chain in the database, or begins it there; RUNTIME_MISMATCH if the database holds another one. */
  static async open(parts: ChainParts): Promise<Chain> {
    const id = genesisId(parts.genesis)
    let record = await parts.database.chain()
    if (record === null) record = await Chain.begin(parts, id)
    if (record.format !== 1 || record.genesisId !== id) {
      throw new DatdotError(
        'RUNTIME_MISMATCH',
        'the chain in this folder began with another runtime or genesis',
        {
          details: { genesis: record.genesisHash }
        }
      )
    }
    const head = await parts.database.block(record.height)
    if (head === null) throw new DatdotError('CHAIN_DAMAGED', `the chain lacks its block ${record.height}`)
    const entries: [Hex, Hex][] = []
    for await (const entry of parts.database.state()) entries.push(entry)
    return new Chain(parts, record, head, new State(entries))
  }

  private static async begin(parts: ChainParts, id: Hex): Promise<ChainRecord> {
    const { state, header } = await buildGenesis(parts.executor, parts.genesis)
    const hash = hashHeader(header)
    const record: ChainRecord = { format: 1, genesisId: id, genesisHash: hash, height: 0 }
    const block = { height: 0, hash, header: toHex(encodeHeader(header)), extrinsics: [], changed: [] }
    await parts.database.init(record, block, state)
    return record
  }

  get head(): { readonly header: Header; readonly hash: Hex } {
    return this.current
  }

  get height(): number {
    return this.current.header.number
  }

  /** True if the state after the block at a height can still be read. */
  hasState(height: number): boolean {
    return height >= this.height - this.keepBlocks
  }

  get code(): Hex {
    return this.history.head.get(CODE) ?? '0x'
  }

  /** Makes the next block in the slot of `nowMs`, or in the one after its parent's (null). */
  async mine(nowMs: number | null, budgetMs = 2_000): Promise<ChainBlock> {
    return this.building.run(async () => {
      const state = this.history.head
      const count = Math.max(
        MIN_EXTRINSICS,
        Math.floor((budgetMs * BUDGET_SHARE - this.emptyMs) / this.extrinsicMs)
      )
      const extrinsics = this.pool.take(count, BLOCK_CHARS)
      const started = performance.now()
      const claim = this.author.claim(state, this.slotMs, nowMs)
      const built = await this.builder.build({ parent: this.current.header, state, claim, extrinsics })
      this.measure(performance.now() - started, extrinsics.length)
      return this.import(built)
    })
  }

  /** Checks an extrinsic against the head and puts it into the pool; throws RpcError with Substrate's codes. */
  async submit(extrinsic: Hex, watcher?: (status: ExtrinsicStatus) => void): Promise<Hex> {
    const hash = toHex(blake2AsU8a(fromHex(extrinsic), 256))
    if (this.pool.has(hash) || this.checks.has(hash))
      throw new RpcError(1013, 'Transaction is Already Imported')
    if (this.checks.size >= MAX_CHECKS_WAITING) throw poolFull()
    const admission = this.admit(hash, extrinsic, watcher)
    this.checks.set(hash, admission)
    try {
      await admission
    } finally {
      this.checks.delete(hash)
    }
    queueMicrotask(() => {
      this.pool.announce(hash)
      if (this.pool.hasReady) this.emit('ready')
    })
    return hash
  }

  /** Waits for the checks of all extrinsics that were submitted so far. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.checks.values())
  }

  /** Calls the runtime over the state of a block. */
  async call(name: string, args: Hex, reader: StateReader): Promise<TaskResult> {
    const code = (await reader.get(CODE)) ?? this.code
    return this.executor.task(code, [[name, args]], reader)
  }

  async version(reader: StateReader): Promise<RuntimeVersionInfo> {
    return this.executor.version((await reader.get(CODE)) ?? this.code)
  }

  /** Waits for a block under way. */
  async close(): Promise<void> {
    await this.building.run(async () => undefined)
    this.emit('close')
    this.removeAllListeners()
  }

  // One after the other: each is checked at the head of its turn, and calls of readers come between them.
  private async admit(hash: Hex, extrinsic: Hex, watcher?: (status: ExtrinsicStatus) => void): Promise<void> {
    const { height, validity } = await this.checking.run(async () => ({
      height: this.height,
      validity: await this.validate(extrinsic)
    }))
    const refusal = this.pool.add(hash, extrinsic, validity, height, watcher)
    if (refusal === 'known') throw new RpcError(1013, 'Transaction is Already Imported')
    if (refusal === 'full') throw poolFull()
    if (refusal === 'priority') {
      throw new RpcError(
        1014,
        'Priority is too low',
        'a waiting transaction with this nonce has the same or more'
      )
    }
  }

  private async validate(extrinsic: Hex): Promise<Validity> {
    const args = toHex(Buffer.concat([EXTERNAL, fromHex(extrinsic), fromHex(this.current.hash)]))
    const reader = this.history.at(this.height)
    const { result } = await this.call('TaggedTransactionQueue_validate_transaction', args, reader).catch(
      error => {
        throw new RpcError(1002, 'Verification Error', String(error?.message ?? error))
      }
    )
    const answer = decodeValidity(result)
    if (!isRefusal(answer)) return answer
    if (answer.kind === 'invalid') throw new RpcError(1010, 'Invalid Transaction', answer.reason)
    throw new RpcError(1011, 'Unknown Transaction Validity', answer.reason)
  }

  // Disk first: readers of the parent's state find its values in the database as soon as the head moves.
  private async import(built: BuiltBlock): Promise<ChainBlock> {
    const { header, hash, extrinsics, changes, refused } = built
    const undo = this.history.head.undo(changes)
    const height = header.number
    const block = { height, hash, header: toHex(encodeHeader(header)), extrinsics, changed: [...undo.keys()] }
    await this.database.commit({ ...this.record, height }, { block, changes, undo })
    this.history.head.apply(changes)
    this.current = { header, hash }
    const done: ChainBlock = { hash, header, extrinsics, undo }
    for (const { extrinsic, reason } of refused) {
      const refusedHash = toHex(blake2AsU8a(fromHex(extrinsic), 256))
      this.pool.remove(refusedHash, 'invalid')
      this.emit('refused', { hash: refusedHash, reason })
    }
    this.pool.included(
      extrinsics.map(x => toHex(blake2AsU8a(fromHex(x), 256))),
      hash,
      height
    )
    this.emit('block', done)
    this.pool.announce()
    await this.prune(height - this.keepBlocks)
    return done
  }

  // Genesis and block 1 keep their bodies: a client tells chains apart by them.
  private async prune(limit: number): Promise<void> {
    if (limit === 1) await this.database.pruneState(1)
    for (let i = 0; i < PRUNE_BATCH; i++) {
      const oldest = await this.database.nextHeight(1)
      if (oldest === null || oldest > limit) return
      await this.database.prune(oldest)
    }
  }

  private measure(ms: number, extrinsics: number): void {
    if (extrinsics === 0) this.emptyMs += (ms - this.emptyMs) / 4
    else this.extrinsicMs += (Math.max(1, (ms - this.emptyMs) / extrinsics) - this.extrinsicMs) / 4
  }
}

function poolFull(): RpcError {
  return new RpcError(1016, 'Immediately Dropped', 'the pool is full: try again after the next block')
}
