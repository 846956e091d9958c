import type { z } from 'zod'
import type { KeyFormat } from './keys.ts'

/** A kind of record as data. */
export interface TableDefinition<K, V> {
  readonly name: string
  readonly key: KeyFormat<K>
  readonly value: z.ZodType<V>
}

/** Types a definition; the name is part of every stored key and stays for ever. */
export function defineTable<K, V>(definition: TableDefinition<K, V>): TableDefinition<K, V> {
  return definition
}

/** One write of a batch, made by a table. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: string }

export interface EntriesOptions<K> {
  /** Begin behind this key (before it, when reversed). */
  after?: K
  reverse?: boolean
  limit?: number
}

/** Typed records by key, in key order; a write is on the disk when its promise resolves. */
export interface Table<K, V> {
  /** null when absent; throws RECORDS_DAMAGED. */
  get(key: K): Promise<V | null>
  put(key: K, value: V): Promise<void>
  delete(key: K): Promise<void>
  entries(options?: EntriesOptions<K>): AsyncGenerator<[K, V]>
  /** A put for `Records.batch`. */
  putting(key: K, value: V): Operation
  /** A delete for `Records.batch`. */
  deleting(key: K): Operation
}
