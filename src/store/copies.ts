import { readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DatdotError } from '../domain/errors.ts'
import type { SpanId } from '../domain/ids.ts'
import { CELL_BYTES } from '../domain/leaves.ts'
import { reservedBytes } from '../domain/sizes.ts'
import { Resource } from '../resource.ts'
import { syncFolder, writeFileAtomically } from './atomic-file.ts'
import { CellsFile, type CellsPlan } from './cells-file.ts'
import { storing, systemCode } from './failure.ts'
import { FilePool } from './file-pool.ts'
import type { StorageFolder } from './folder.ts'
import { Quota } from './quota.ts'

const FOLDER = 'copies'

const Plan = z.strictObject({
  version: z.literal(1),
  cells: z
    .int()
    .min(0)
    .max(2 ** 42),
  blocks: z
    .int()
    .min(0)
    .max(2 ** 40)
})

/** Path of a span's cells, relative to the storage folder. */
export function spanFile(spanId: SpanId): string {
  return join(FOLDER, `${spanId}.cells`)
}

/** The files of all encoded spans of a node, `<storage>/copies/<spanId>.cells`, within a quota made from them at start. */
export class Copies extends Resource {
  readonly quota: Quota
  readonly #path: string
  readonly #pool: FilePool
  readonly #plans = new Map<SpanId, CellsPlan | null>()
  readonly #files = new Map<SpanId, CellsFile>()
  readonly #removing = new Map<SpanId, Promise<void>>()

  private constructor(path: string, quota: Quota, maxOpenFiles?: number) {
    super()
    this.#path = path
    this.quota = quota
    this.#pool = this.own(new FilePool(maxOpenFiles === undefined ? {} : { maxOpen: maxOpenFiles }))
  }

  /** Reads what is there and reserves it, also past the capacity; throws STORAGE_UNWRITABLE. */
  static async open(
    folder: StorageFolder,
    {
      quota = new Quota(Number.MAX_SAFE_INTEGER),
      maxOpenFiles
    }: { quota?: Quota; maxOpenFiles?: number } = {}
  ): Promise<Copies> {
    const copies = new Copies(await folder.folder(FOLDER), quota, maxOpenFiles)
    await copies.ready()
    return copies
  }

  /** Ids of all spans with a file, ascending. */
  get spans(): SpanId[] {
    return [...this.#plans.keys()].sort((a, b) => (a < b ? -1 : 1))
  }

  /** Name of a span's reservation in the quota. */
  static reservation(spanId: SpanId): string {
    return `span ${spanId}`
  }

  /**
   * Reserves a span's bytes and opens its file; goes on with the one that is there when the plan is the same.
   * Throws CAPACITY_FULL, DISK_FULL, BAD_ARGUMENT for another plan.
   */
  async create(spanId: SpanId, plan: CellsPlan): Promise<CellsFile> {
    const known = await this.open(spanId)
    if (known) {
      if (known.plan.cells === plan.cells && known.plan.blocks === plan.blocks) return known
      throw new DatdotError('BAD_ARGUMENT', `span ${spanId} has ${known.plan.cells} cells, not ${plan.cells}`)
    }
    this.quota.reserve(Copies.reservation(spanId), reservedBytes(plan.cells, plan.blocks))
    try {
      await this.checkDisk(CELL_BYTES * plan.cells)
      await writeFileAtomically(this.#base(spanId, '.json'), JSON.stringify({ version: 1, ...plan }))
    } catch (error) {
      this.quota.release(Copies.reservation(spanId))
      throw error
    }
    this.#plans.set(spanId, plan)
    const file = await this.#file(spanId, plan)
    // The file's name must be as durable as its cells, before anybody is told that they are here.
    await syncFolder(this.#path)
    return file
  }

  /** A span's file, the same object while it is open; null when there is none; throws CELLS_DAMAGED when its plan is. */
  async open(spanId: SpanId): Promise<CellsFile | null> {
    await this.#removing.get(spanId)?.catch(() => undefined)
    const plan = this.#plans.get(spanId)
    if (plan === undefined) return null
    if (plan !== null) return this.#file(spanId, plan)
    const path = this.#base(spanId, '.json')
    throw new DatdotError('CELLS_DAMAGED', `${path} is not what was written`, {
      details: { span: spanId, path }
    })
  }

  /** Deletes a span's files and gives its reservation back; nothing happens when there are none. */
  remove(spanId: SpanId): Promise<void> {
    const known = this.#removing.get(spanId)
    if (known !== undefined) return known
    const removing = this.#remove(spanId).finally(() => this.#removing.delete(spanId))
    this.#removing.set(spanId, removing)
    return removing
  }

  /** Says at once what would otherwise end a download or a transfer in its middle; throws DISK_FULL. */
  async checkDisk(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#path, { bigint: true })
    if (bavail * bsize < BigInt(bytes)) {
      const details = { path: this.#path, bytes, free: bavail * bsize }
      throw new DatdotError('DISK_FULL', `${bytes} bytes do not fit on the disk of ${this.#path}`, {
        details
      })
    }
  }

  protected override async onOpen(): Promise<void> {
    for (const name of await storing(this.#path, () => readdir(this.#path))) {
      const id = /^(\d{1,20})\.json$/.exec(name)?.[1]
      if (id === undefined) continue
      const spanId = BigInt(id)
      const plan = await this.#readPlan(spanId)
      this.#plans.set(spanId, plan)
      this.quota.restore(
        Copies.reservation(spanId),
        plan ? reservedBytes(plan.cells, plan.blocks) : await this.#size(spanId)
      )
    }
  }

  protected override async onClose(): Promise<void> {
    await Promise.all([...this.#files.values()].map(file => file.close()))
  }

  /** Whoever wants the span meanwhile waits: its files must not be made again while they are deleted. */
  async #remove(spanId: SpanId): Promise<void> {
    await this.#files.get(spanId)?.close()
    this.#files.delete(spanId)
    await storing(this.#path, async () => {
      for (const suffix of ['.cells', '.tree', '.json']) await rm(this.#base(spanId, suffix), { force: true })
      await syncFolder(this.#path)
    })
    this.#plans.delete(spanId)
    this.quota.release(Copies.reservation(spanId))
  }

  #base(spanId: SpanId, suffix = ''): string {
    return join(this.#path, `${spanId}${suffix}`)
  }

  async #file(spanId: SpanId, plan: CellsPlan): Promise<CellsFile> {
    const known = this.#files.get(spanId)
    if (known && !known.closing) {
      await known.ready()
      return known
    }
    const file = new CellsFile({ spanId, path: this.#base(spanId), plan, pool: this.#pool })
    this.#files.set(spanId, file)
    await known?.close()
    await file.ready()
    return file
  }

  async #readPlan(spanId: SpanId): Promise<CellsPlan | null> {
    try {
      const { cells, blocks } = Plan.parse(JSON.parse(await readFile(this.#base(spanId, '.json'), 'utf8')))
      return { cells, blocks }
    } catch (error) {
      if (systemCode(error)) throw error
      return null
    }
  }

  async #size(spanId: SpanId): Promise<number> {
    try {
      return (await stat(this.#base(spanId, '.cells'))).size
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return 0
      throw error
    }
  }
}
