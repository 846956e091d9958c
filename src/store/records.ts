import { readdir } from 'node:fs/promises'
import { ClassicLevel } from 'classic-level'
import { DatdotError } from '../domain/errors.ts'
import { Resource } from '../resource.ts'
import { storageFailure } from './failure.ts'
import type { StorageFolder } from './folder.ts'
import type { EntriesOptions, Operation, Table, TableDefinition } from './table.ts'
import { decodeValue, encodeValue } from './value.ts'

type Level = ClassicLevel<string, Uint8Array>

const FOLDER = 'records'
const FORMAT_KEY = '!format'
const FORMAT = 1
/** Sorts behind every character of a key. */
const LAST = '~'

/** A node's small records on the database: typed tables, atomic batches, each write on the disk before it resolves. */
export class Records extends Resource {
  readonly #path: string
  #database: Level | undefined

  private constructor(path: string) {
    super()
    this.#path = path
  }

  /** Opens `<storage>/records`; throws RECORDS_DAMAGED, STORAGE_UNWRITABLE or DISK_FULL. The folder's lock keeps others out. */
  static async open(folder: StorageFolder): Promise<Records> {
    const records = new Records(await folder.folder(FOLDER))
    await records.ready()
    return records
  }

  /** The records of one kind. */
  table<K, V>(definition: TableDefinition<K, V>): Table<K, V> {
    const prefix = `${definition.name}/`
    const full = (key: K) => prefix + definition.key.write(key)
    const putting = (key: K, value: V): Operation => ({
      type: 'put',
      key: full(key),
      value: encodeValue(definition.value.parse(value))
    })
    const deleting = (key: K): Operation => ({ type: 'del', key: full(key) })
    return {
      get: async key => {
        const stored = await this.#run(() => this.#level.get(full(key)))
        return stored === undefined ? null : this.#parse(definition, full(key), stored)
      },
      put: (key, value) => this.batch([putting(key, value)]),
      delete: key => this.batch([deleting(key)]),
      entries: options => this.#entries(definition, prefix, options),
      putting,
      deleting
    }
  }

  /** Writes all of it or nothing, synced; operations come from tables. */
  async batch(operations: readonly Operation[]): Promise<void> {
    if (operations.length > 0) await this.#run(() => this.#level.batch([...operations], { sync: true }))
  }

  protected override async onOpen(): Promise<void> {
    const names = await readdir(this.#path)
    if (!names.includes('CURRENT') && names.some(name => /^MANIFEST|\.(ldb|log)$/.test(name))) {
      throw this.#damaged('the file CURRENT is missing')
    }
    this.#database = new ClassicLevel(this.#path, { keyEncoding: 'utf8', valueEncoding: 'view' })
    await this.#run(() => this.#level.open())
    const stored = await this.#run(() => this.#level.get(FORMAT_KEY))
    if (stored === undefined) {
      await this.batch([{ type: 'put', key: FORMAT_KEY, value: encodeValue(FORMAT) }])
    } else if (this.#formatOf(stored) !== FORMAT) {
      throw this.#damaged('another version of this program wrote them')
    }
  }

  protected override async onClose(): Promise<void> {
    await this.#database?.close()
  }

  get #level(): Level {
    if (!this.#database || this.closing) throw new DatdotError('ABORTED', 'the records are closed')
    return this.#database
  }

  async *#entries<K, V>(
    definition: TableDefinition<K, V>,
    prefix: string,
    { after, ...rest }: EntriesOptions<K> = {}
  ): AsyncGenerator<[K, V]> {
    const from = after === undefined ? undefined : prefix + definition.key.write(after)
    const iterator = this.#level.iterator({
      gt: rest.reverse ? prefix : (from ?? prefix),
      lt: rest.reverse ? (from ?? prefix + LAST) : prefix + LAST,
      ...rest
    })
    const next = () => this.#run(() => iterator.next())
    try {
      for (let entry = await next(); entry !== undefined; entry = await next()) {
        const [key, stored] = entry
        yield [definition.key.read(key.slice(prefix.length)), this.#parse(definition, key, stored)]
      }
    } finally {
      await iterator.close()
    }
  }

  #parse<K, V>(definition: TableDefinition<K, V>, key: string, stored: Uint8Array): V {
    try {
      return definition.value.parse(decodeValue(stored))
    } catch (error) {
      throw this.#damaged(`the record ${key} is not what was written`, error)
    }
  }

  #formatOf(stored: Uint8Array): unknown {
    try {
      return decodeValue(stored)
    } catch (error) {
      throw this.#damaged('their format cannot be read', error)
    }
  }

  #damaged(reason: string, cause?: unknown): DatdotError {
    return new DatdotError('RECORDS_DAMAGED', `${this.#path}: ${reason}`, {
      cause,
      details: { path: this.#path }
    })
  }

  async #run<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step()
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #failure(error: unknown): unknown {
    const inner = (error as { cause?: unknown }).cause ?? error
    const { code, message } = inner as { code?: string; message?: string }
    const closed = ['LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN'].includes(code ?? '') && this.closing
    if (closed) return new DatdotError('ABORTED', 'the records are closed', { cause: error })
    if (code === 'LEVEL_LOCKED') {
      return new DatdotError('STORAGE_LOCKED', `${this.#path} is used already`, { cause: error })
    }
    if (
      code === 'LEVEL_CORRUPTION' ||
      /corruption|bad (magic|block|record)|missing files|CURRENT/i.test(message ?? '')
    ) {
      return this.#damaged(message ?? 'corruption', error)
    }
    return storageFailure(error, this.#path)
  }
}
