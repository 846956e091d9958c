import type { BlockDatabase } from './block-database.ts'
import type { StateReader } from './executor.ts'
import type { Hex } from './hex.ts'
import { firstAbove, type State } from './state.ts'

/** A state that can be listed. */
export interface StateView extends StateReader {
  readonly height: number
  page(prefix: Hex, limit: number, after: Hex | null): Promise<Hex[]>
}

/** The states of the head and of the blocks below it, each read as the head's with what later blocks replaced. */
export class History {
  readonly head: State
  private readonly database: BlockDatabase
  private readonly height: () => number

  constructor(database: BlockDatabase, head: State, height: () => number) {
    this.database = database
    this.head = head
    this.height = height
  }

  /** The state after the block at a height; it stays the same while the head moves on. */
  at(height: number): StateView {
    const listings = new Map<Hex, Promise<Hex[]>>()
    const listing = (prefix: Hex) => {
      const known = listings.get(prefix) ?? this.list(prefix, height)
      listings.set(prefix, known)
      return known
    }
    return {
      height,
      get: key => (this.isHead(height) ? this.head.get(key) : this.get(key, height)),
      nextKey: (prefix, after) =>
        this.isHead(height)
          ? this.head.nextKey(prefix, after)
          : listing(prefix).then(keys => pageOf(keys, 1, after)[0]),
      page: async (prefix, limit, after) =>
        this.isHead(height)
          ? this.head.page(prefix, limit, after)
          : pageOf(await listing(prefix), limit, after)
    }
  }

  private isHead(height: number): boolean {
    return height === this.height()
  }

  // The head's value first: a block that comes while the database answers has stored what it replaces.
  private async get(key: Hex, height: number): Promise<Hex | undefined> {
    const current = this.head.get(key)
    const replaced = await this.database.replaced(key, height)
    return replaced === undefined ? current : (replaced ?? undefined)
  }

  /** All keys with a prefix, in order. */
  private async list(prefix: Hex, height: number): Promise<Hex[]> {
    const keys = new Set(this.head.page(prefix, Number.POSITIVE_INFINITY, null))
    for (const [key, value] of await this.database.replacedUnder(prefix, height)) {
      if (value === null) keys.delete(key)
      else keys.add(key)
    }
    return [...keys].sort()
  }
}

function pageOf(keys: readonly Hex[], limit: number, after: Hex | null): Hex[] {
  const start = after === null ? 0 : firstAbove(keys, after)
  return keys.slice(start, start + limit)
}
