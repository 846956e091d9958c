import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { ClassicLevel } from 'classic-level'
import { DatdotError } from '../domain/errors.ts'
import { writeFileAtomically } from '../store/atomic-file.ts'
import { storageFailure, storing } from '../store/failure.ts'
import { makeFolder } from '../store/folder.ts'
import type { Changes } from './executor.ts'
import type { Hex } from './hex.ts'

/** A block as it is stored: header and extrinsics as bytes in hex, and the keys that it changed. */
export interface BlockRecord {
  readonly height: number
  readonly hash: Hex
  readonly header: Hex
  readonly extrinsics: readonly Hex[]
  readonly changed: readonly Hex[]
}

/** Whose chain a database holds, and how far it is. */
export interface ChainRecord {
  readonly format: 1
  readonly genesisId: Hex
  readonly genesisHash: Hex
  readonly height: number
}

/** A block to be stored: what it writes, and the values that this replaces. */
export interface Commit {
  readonly block: BlockRecord
  readonly changes: Changes
  readonly undo: ReadonlyMap<Hex, Hex | null>
}

type Op = { type: 'put'; key: string; value: string } | { type: 'del'; key: string }

const CHAIN = 'chain'
const ABSENT = '-'
/** Says that a chain was begun here: a database that lost its newest files looks like an empty one. */
const BEGUN = 'begun'
const DIGESTS = 2 ** 52

/**
 * The chain on disk, on LevelDB. `s<key>` holds the state at the head, `b<height>` a block, `h<hash>` its height,
 * `u<key>/<height>` the value that the block at that height replaced. A block is one atomic batch, so whatever ends the
 * process, the database holds whole blocks.
 */
export class BlockDatabase {
  private readonly folder: string
  private readonly level: ClassicLevel<string, string>
  private isTorn = false
  /** Of the whole state, kept with the chain: LevelDB passes over a damaged part of its log and of its tables. */
  private digest = 0

  private constructor(folder: string, level: ClassicLevel<string, string>) {
    this.folder = folder
    this.level = level
  }

  /** Opens or creates the database in a folder; throws STORAGE_LOCKED, STORAGE_UNWRITABLE, DISK_FULL, CHAIN_DAMAGED. */
  static async open(folder: string): Promise<BlockDatabase> {
    await storing(folder, () => makeFolder(folder))
    const level = new ClassicLevel<string, string>(folder, { valueEncoding: 'utf8' })
    try {
      await level.open()
    } catch (error) {
      throw failure(error, folder)
    }
    return new BlockDatabase(folder, level)
  }

  async chain(): Promise<ChainRecord | null> {
    const chain = await this.read<ChainRecord & { digest?: number }>(CHAIN)
    const hasBegun = await access(join(this.folder, BEGUN)).then(
      () => true,
      () => false
    )
    if (chain === null && hasBegun) throw damaged(this.folder, 'the chain that was begun in it is gone')
    if (chain !== null && !hasBegun) await this.begin()
    this.digest = chain?.digest ?? Number.NaN
    return chain
  }

  async init(chain: ChainRecord, block: BlockRecord, state: ReadonlyMap<Hex, Hex>): Promise<void> {
    const ops: Op[] = blockOps(block)
    let digest = 0
    for (const [key, value] of state) {
      digest = including(digest, key, value)
      ops.push({ type: 'put', key: `s${key}`, value })
    }
    await this.write([putChain(chain, digest), ...ops])
    this.digest = digest
    await this.begin()
  }

  async commit(chain: ChainRecord, { block, changes, undo }: Commit): Promise<void> {
    const ops: Op[] = blockOps(block)
    let { digest } = this
    for (const [key, old] of undo) {
      const value = changes.get(key) ?? null
      if (old !== null) digest = without(digest, key, old)
      if (value !== null) digest = including(digest, key, value)
      ops.push(value === null ? { type: 'del', key: `s${key}` } : { type: 'put', key: `s${key}`, value })
      ops.push({ type: 'put', key: undoKey(key, block.height), value: old ?? ABSENT })
    }
    await this.write([putChain(chain, digest), ...ops])
    this.digest = digest
  }

  /** Every key and value of the state at the head; throws CHAIN_DAMAGED at its end when it is not what was written. */
  async *state(): AsyncGenerator<[Hex, Hex]> {
    const written = this.digest
    this.digest = 0
    try {
      for await (const [key, value] of this.level.iterator({ gte: 's', lt: 't' })) {
        this.digest = including(this.digest, key.slice(1), value)
        yield [key.slice(1) as Hex, value as Hex]
      }
    } catch (error) {
      throw failure(error, this.folder)
    }
    if (written !== this.digest && !Number.isNaN(written))
      throw damaged(this.folder, 'its state is not what was written')
  }

  async block(height: number): Promise<BlockRecord | null> {
    return this.read<BlockRecord>(`b${pad(height)}`)
  }

  async height(hash: Hex): Promise<number | null> {
    const text = await this.level.get(`h${hash}`)
    return text === undefined ? null : Number(text)
  }

  /** The lowest stored height above `after`. */
  async nextHeight(after: number): Promise<number | null> {
    for await (const key of this.level.keys({ gt: `b${pad(after)}`, lt: 'c', limit: 1 }))
      return Number(key.slice(1))
    return null
  }

  /** Value of a key at a height below the head, if a later block replaced it; undefined = none did. */
  async replaced(key: Hex, height: number): Promise<Hex | null | undefined> {
    const range = { gt: undoKey(key, height), lt: `u${key}0`, limit: 1 }
    for await (const value of this.level.values(range)) return value === ABSENT ? null : (value as Hex)
    return undefined
  }

  /** Keys with a prefix that blocks after `height` replaced, with their value at `height`. */
  async replacedUnder(prefix: Hex, height: number): Promise<Map<Hex, Hex | null>> {
    const found = new Map<Hex, Hex | null>()
    for await (const [at, value] of this.level.iterator({ gte: `u${prefix}`, lt: `u${prefix}~` })) {
      const slash = at.indexOf('/')
      const key = at.slice(1, slash) as Hex
      if (Number(at.slice(slash + 1)) <= height || found.has(key)) continue
      found.set(key, value === ABSENT ? null : (value as Hex))
    }
    return found
  }

  /** Forgets a block's body and the values it replaced; its successors stay readable. */
  async prune(height: number): Promise<void> {
    const block = await this.block(height)
    if (block === null) return
    const ops: Op[] = block.changed.map(key => ({ type: 'del', key: undoKey(key, height) }))
    ops.push({ type: 'del', key: `b${pad(height)}` }, { type: 'del', key: `h${block.hash}` })
    await this.write(ops)
  }

  /** Forgets the values that a block replaced, and keeps the block. */
  async pruneState(height: number): Promise<void> {
    const block = await this.block(height)
    if (block === null) return
    await this.write(block.changed.map(key => ({ type: 'del', key: undoKey(key, height) })))
  }

  async close(): Promise<void> {
    await this.level.close()
  }

  /** What is written behind a write that failed, as on a full disk, would be gone at the next start: a new log first. */
  private async write(ops: Op[]): Promise<void> {
    if (this.isTorn) {
      await this.level.close()
      await this.level.open()
    }
    this.isTorn = true
    await this.level.batch(ops)
    this.isTorn = false
  }

  private begin(): Promise<void> {
    return writeFileAtomically(join(this.folder, BEGUN), '')
  }

  private async read<T>(key: string): Promise<T | null> {
    let text: string | undefined
    try {
      text = await this.level.get(key)
      return text === undefined ? null : JSON.parse(text)
    } catch (error) {
      if (text !== undefined) throw damaged(this.folder, `its record ${key} is not what was written`, error)
      throw failure(error, this.folder)
    }
  }
}

function putChain(chain: ChainRecord, digest: number): Op {
  return { type: 'put', key: CHAIN, value: JSON.stringify({ ...chain, digest }) }
}

function including(digest: number, key: string, value: string): number {
  return (digest + crc32(`${key}=${value}`)) % DIGESTS
}

function without(digest: number, key: string, value: string): number {
  return (digest - crc32(`${key}=${value}`) + DIGESTS) % DIGESTS
}

function damaged(folder: string, why: string, cause?: unknown): DatdotError {
  return new DatdotError('CHAIN_DAMAGED', `the chain's database in ${folder} is damaged: ${why}`, { cause })
}

/** LevelDB's own errors as ours; what the system says of the folder keeps its code. */
function failure(error: unknown, folder: string): unknown {
  const inner = (error instanceof Error && error.cause) || error
  const { code, message = '' } = inner as { code?: string; message?: string }
  if (code === 'LEVEL_LOCKED')
    return new DatdotError('STORAGE_LOCKED', `another process uses ${folder}`, { cause: error })
  if (code === 'LEVEL_CORRUPTION' || /No such file/.test(message)) return damaged(folder, message, error)
  if (code === 'LEVEL_IO_ERROR' && !/No space left/.test(message))
    return new DatdotError(
      'STORAGE_UNWRITABLE',
      `the chain's database in ${folder} does not open: ${message}`,
      {
        cause: error
      }
    )
  return storageFailure(error, folder)
}

function blockOps(block: BlockRecord): Op[] {
  return [
    { type: 'put', key: `b${pad(block.height)}`, value: JSON.stringify(block) },
    { type: 'put', key: `h${block.hash}`, value: String(block.height) }
  ]
}

// '/' sorts below every hex digit, so the heights of a key stand before the keys that continue it.
function undoKey(key: Hex, height: number): string {
  return `u${key}/${pad(height)}`
}

function pad(height: number): string {
  return String(height).padStart(12, '0')
}
