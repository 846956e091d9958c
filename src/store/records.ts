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
/** Entries that are read at once. */
const PAGE = 256
/** Sorts behind every character of a key. */
const LAST = '~'

/** A node's small records on the database: typed tables, atomic batches, each write on the disk before it resolves. */
export class Records extends Resource {
  readonly #path: string
  readonly #active = new Set<Promise<unknown>>()
  #database: Level | undefined
  #writing: Promise<void> = Promise.resolve()
  #reopening: Promise<void> | null = null
  /** A write failed: what the database's log would take behind it would be gone at the next start. */
  #torn = false

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

  /** Writes all of it or nothing, synced, one after another; operations come from tables. */
  async batch(operations: readonly Operation[]): Promise<void> {
    if (operations.length === 0) return
    const written = this.#writing.then(() => this.#write(operations))
    this.#writing = written.catch(() => undefined)
    await written
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
    await this.#writing
    await this.#reopening?.catch(() => undefined)
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
    const { reverse = false, limit = Number.POSITIVE_INFINITY } = rest
    let from = after === undefined ? undefined : prefix + definition.key.write(after)
    for (let left = limit; left > 0; ) {
      const range = reverse
        ? { gt: prefix, lt: from ?? prefix + LAST }
        : { gt: from ?? prefix, lt: prefix + LAST }
      const page = await this.#page({ ...range, reverse, limit: Math.min(left, PAGE) })
      for (const [key, stored] of page)
        yield [this.#readKey(definition, key, prefix), this.#parse(definition, key, stored)]
      from = page.at(-1)?.[0]
      left = page.length < PAGE ? 0 : left - page.length
    }
  }

  /** No iterator stays open while its reader does something else: the database may have to be opened again. */
  #page(range: { gt: string; lt: string; reverse: boolean; limit: number }): Promise<[string, Uint8Array][]> {
    return this.#run(() => this.#level.iterator(range).all())
  }

  #readKey<K, V>(definition: TableDefinition<K, V>, key: string, prefix: string): K {
    try {
      return definition.key.read(key.slice(prefix.length))
    } catch (error) {
      throw this.#damaged(`the record ${key} stands under a key that was not written`, error)
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

  async #write(operations: readonly Operation[]): Promise<void> {
    if (this.#torn) await this.#reopen()
    try {
      await this.#run(() => this.#level.batch([...operations], { sync: true }))
    } catch (error) {
      this.#torn = true
      throw error
    }
  }

  /** Cuts off what the failed write has left, and begins a new log. */
  async #reopen(): Promise<void> {
    this.#reopening ??= this.#beginAnew().finally(() => {
      this.#reopening = null
    })
    await this.#reopening
  }

  async #beginAnew(): Promise<void> {
    await Promise.allSettled(this.#active)
    try {
      await this.#level.close()
      await this.#level.open()
    } catch (error) {
      throw this.#failure(error)
    }
    this.#torn = false
  }

  async #run<T>(step: () => Promise<T>): Promise<T> {
    await this.#reopening
    // A disk that was full while it was opened again has left it closed.
    if (this.#torn && this.#level.status !== 'open') await this.#reopen()
    const running = step()
    this.#active.add(running)
    try {
      return await running
    } catch (error) {
      throw this.#failure(error)
    } finally {
      this.#active.delete(running)
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
