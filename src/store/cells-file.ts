import { setMaxListeners } from 'node:events'
import { DatdotError } from '../domain/errors.ts'
import type { SpanId } from '../domain/ids.ts'
import { CELL_BYTES, CELLS_PER_LEAF, leavesOf } from '../domain/leaves.ts'
import { Resource } from '../resource.ts'
import { systemCode } from './failure.ts'
import { type FilePool, readAt, writeAt } from './file-pool.ts'
import { TreeFile } from './tree-file.ts'

/** Cells in one read at most: 4 MiB. */
const MAX_READ = 16_384
/** Cells in one step of `verify`: 1 MiB. */
const VERIFY_STEP = 4096

/** What a span's file will hold when it is whole. */
export interface CellsPlan {
  cells: number
  /** Blocks of the span: 80 bytes each count for their tree nodes. */
  blocks: number
}

/** Hashes cells in order to the root of encoding.md's tree; codec's `SpanTree` is one. */
export interface CellsHasher {
  write(cells: Uint8Array): Promise<void> | void
  root(): Uint8Array
}

export interface VerifyOptions {
  signal?: AbortSignal
  onProgress?: (progress: { cells: number; totalCells: number }) => void
}

/** One span's encoded cells in a flat file: appended in order, read by position, never served once found damaged. */
export class CellsFile extends Resource {
  readonly spanId: SpanId
  readonly path: string
  readonly plan: CellsPlan
  /** For codec's `SpanTree`. */
  readonly tree: TreeFile
  readonly #pool: FilePool
  #count = 0
  #damage: string | null = null
  #appending: Promise<void> = Promise.resolve()
  /** Fires when what was appended is written: nothing is read or made any more. */
  readonly #closed = new AbortController()

  constructor(options: { spanId: SpanId; path: string; plan: CellsPlan; pool: FilePool }) {
    super()
    this.spanId = options.spanId
    this.path = `${options.path}.cells`
    this.plan = options.plan
    this.#pool = options.pool
    // Each read that waits for its turn listens.
    setMaxListeners(0, this.#closed.signal)
    this.tree = new TreeFile(`${options.path}.tree`, options.pool, this.#closed.signal)
  }

  /** Whole cells here. */
  get count(): number {
    return this.#count
  }

  /** True when every cell of the span is here. */
  get complete(): boolean {
    return this.#count === this.plan.cells
  }

  /** Why nothing of it is served, or null. */
  get damage(): string | null {
    return this.#damage
  }

  /** `count` cells from `first` on, at most 4 MiB; throws BAD_RANGE, CELLS_DAMAGED, ABORTED. */
  async read(first: number, count: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#damage !== null) throw this.#damaged(this.#damage)
    return this.#read(first, count, signal)
  }

  /** Leaf `index`: 1024 bytes, or fewer at the end; throws as `read`. */
  async readLeaf(index: number): Promise<Uint8Array> {
    if (!(Number.isInteger(index) && index >= 0 && index < leavesOf(this.#count))) {
      throw new DatdotError('BAD_RANGE', `leaf ${index} of ${leavesOf(this.#count)}`)
    }
    const first = index * CELLS_PER_LEAF
    return this.read(first, Math.min(CELLS_PER_LEAF, this.#count - first))
  }

  /** Appends whole cells; calls are done one after another; a write that fails leaves what was there before. */
  append(cells: Uint8Array): Promise<void> {
    const done = this.#appending.then(() => this.#append(cells))
    this.#appending = done.catch(() => undefined)
    return done
  }

  /** Resolves when all that was appended, and its tree nodes, are on the disk. */
  async checkpoint(): Promise<void> {
    await this.#appending
    await this.#pool.use(this.path, file => file.datasync())
    await this.tree.sync()
  }

  /** Cuts to the first `cells` cells and forgets the tree nodes. */
  async truncate(cells: number): Promise<void> {
    await this.#appending
    if (!(Number.isInteger(cells) && cells >= 0 && cells <= this.#count))
      throw new DatdotError('BAD_RANGE', `${cells} of ${this.#count} cells`)
    await this.#cut(cells)
    this.#damage = null
  }

  /**
   * Hashes the first `cells` cells again (all of the plan unless given) and compares with a root that others know;
   * throws CELLS_DAMAGED, after which nothing is served until `truncate` or a `verify` that passes.
   */
  async verify(
    expected: { root: Uint8Array; cells?: number },
    hasher: CellsHasher,
    { signal, onProgress }: VerifyOptions = {}
  ): Promise<void> {
    const totalCells = expected.cells ?? this.plan.cells
    if (this.#count < totalCells) throw this.#markDamaged(`it has ${this.#count} of ${totalCells} cells`)
    for (let cells = 0; cells < totalCells; ) {
      const step = Math.min(VERIFY_STEP, totalCells - cells)
      await hasher.write(await this.#read(cells, step, signal))
      cells += step
      onProgress?.({ cells, totalCells })
    }
    if (!Buffer.from(hasher.root()).equals(expected.root))
      throw this.#markDamaged('its root is not the one agreed')
    this.#damage = null
  }

  protected override async onOpen(): Promise<void> {
    const size = await this.#pool.use(this.path, async file => (await file.stat()).size, { create: true })
    this.#count = Math.min(Math.floor(size / CELL_BYTES), this.plan.cells)
    if (size !== this.#count * CELL_BYTES) await this.#cut(this.#count)
  }

  protected override async onClose(): Promise<void> {
    await this.#appending
    this.#closed.abort()
    await this.#pool.forget(this.path)
    await this.#pool.forget(this.tree.path)
  }

  async #append(cells: Uint8Array): Promise<void> {
    const added = cells.length / CELL_BYTES
    if (!Number.isInteger(added) || this.#count + added > this.plan.cells) {
      const message = `${cells.length} bytes behind cell ${this.#count} of ${this.plan.cells}`
      throw new DatdotError('BAD_RANGE', message)
    }
    const at = this.#count * CELL_BYTES
    await this.#pool.use(this.path, async file => {
      try {
        await writeAt(file, cells, at)
      } catch (error) {
        await file.truncate(at).catch(() => undefined)
        throw error
      }
    })
    this.#count += added
  }

  async #read(first: number, count: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.closing) throw new DatdotError('ABORTED', `${this.path} is closed`)
    const whole = Number.isInteger(first) && Number.isInteger(count)
    if (!(whole && first >= 0 && count >= 0 && count <= MAX_READ && first + count <= this.#count)) {
      throw new DatdotError('BAD_RANGE', `cells ${first} to ${first + count} of ${this.#count}`)
    }
    const cells = new Uint8Array(count * CELL_BYTES)
    const { signal: closed } = this.#closed
    const length = await this.#pool.use(this.path, file => this.#fill(file, cells, first), {
      signal: signal === undefined ? closed : AbortSignal.any([signal, closed])
    })
    if (length < cells.length) {
      throw this.#markDamaged(`it ends at byte ${first * CELL_BYTES + length} of ${this.#count * CELL_BYTES}`)
    }
    return cells
  }

  async #fill(file: Parameters<typeof readAt>[0], cells: Uint8Array, first: number): Promise<number> {
    try {
      return await readAt(file, cells, first * CELL_BYTES)
    } catch (error) {
      if (systemCode(error) === 'EIO') throw this.#markDamaged('the disk cannot read it', error)
      throw error
    }
  }

  async #cut(cells: number): Promise<void> {
    await this.tree.clear()
    await this.#pool.use(this.path, file => file.truncate(cells * CELL_BYTES))
    this.#count = cells
  }

  #markDamaged(reason: string, cause?: unknown): DatdotError {
    this.#damage = reason
    return this.#damaged(reason, cause)
  }

  #damaged(reason: string, cause?: unknown): DatdotError {
    const details = { span: this.spanId, path: this.path }
    return new DatdotError('CELLS_DAMAGED', `${this.path}: ${reason}`, { cause, details })
  }
}
