import { mkdir } from 'node:fs/promises'
import { ClassicLevel } from 'classic-level'
import { DatdotError } from '../domain/errors.ts'
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

/**
 * The chain on disk, on LevelDB. `s<key>` holds the state at the head, `b<height>` a block, `h<hash>` its height,
 * `u<key>/<height>` the value that the block at that height replaced. A block is one atomic batch, so whatever ends the
 * process, the database holds whole blocks.
 */
export class BlockDatabase {
  private readonly level: ClassicLevel<string, string>
  private isTorn = false

  private constructor(level: ClassicLevel<string, string>) {
    this.level = level
  }

  /** Opens or creates the database in a folder; STORAGE_LOCKED if another process has it. */
  static async open(folder: string): Promise<BlockDatabase> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const level = new ClassicLevel<string, string>(folder, { valueEncoding: 'utf8' })
    try {
      await level.open()
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined
      const locked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
      if (locked) throw new DatdotError('STORAGE_LOCKED', `another process uses ${folder}`, { cause: error })
      throw new DatdotError('STORAGE_UNWRITABLE', `the chain's database in ${folder} does not open`, {
        cause: error
      })
    }
    return new BlockDatabase(level)
  }

  async chain(): Promise<ChainRecord | null> {
    const text = await this.level.get(CHAIN)
    return text === undefined ? null : JSON.parse(text)
  }

  async init(chain: ChainRecord, block: BlockRecord, state: ReadonlyMap<Hex, Hex>): Promise<void> {
    const ops: Op[] = [{ type: 'put', key: CHAIN, value: JSON.stringify(chain) }, ...blockOps(block)]
    for (const [key, value] of state) ops.push({ type: 'put', key: `s${key}`, value })
    await this.write(ops)
  }

  async commit(chain: ChainRecord, { block, changes, undo }: Commit): Promise<void> {
    const ops: Op[] = [{ type: 'put', key: CHAIN, value: JSON.stringify(chain) }, ...blockOps(block)]
    for (const key of undo.keys()) {
      const value = changes.get(key) ?? null
      ops.push(value === null ? { type: 'del', key: `s${key}` } : { type: 'put', key: `s${key}`, value })
      ops.push({ type: 'put', key: undoKey(key, block.height), value: undo.get(key) ?? ABSENT })
    }
    await this.write(ops)
  }

  /** Every key and value of the state at the head. */
  async *state(): AsyncGenerator<[Hex, Hex]> {
    for await (const [key, value] of this.level.iterator({ gte: 's', lt: 't' })) {
      yield [key.slice(1) as Hex, value as Hex]
    }
  }

  async block(height: number): Promise<BlockRecord | null> {
    const text = await this.level.get(`b${pad(height)}`)
    return text === undefined ? null : JSON.parse(text)
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
