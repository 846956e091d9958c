import type { BlockDatabase } from './block-database.ts'
import type { StateReader } from './executor.ts'
import type { Hex } from './hex.ts'
import type { State } from './state.ts'

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
    return {
      height,
      get: key => (this.isHead(height) ? this.head.get(key) : this.get(key, height)),
      nextKey: (prefix, after) =>
        this.isHead(height) ? this.head.nextKey(prefix, after) : this.next(prefix, after, height),
      page: async (prefix, limit, after) => this.page(height, prefix, limit, after)
    }
  }

  private isHead(height: number): boolean {
    return height === this.height()
  }

  private async next(prefix: Hex, after: Hex, height: number): Promise<Hex | undefined> {
    return (await this.page(height, prefix, 1, after))[0]
  }

  // The head may move while the database answers; then what it said is of the past, and the question is put again.
  private async get(key: Hex, height: number): Promise<Hex | undefined> {
    for (;;) {
      const top = this.height()
      if (height === top) return this.head.get(key)
      const replaced = await this.database.replaced(key, height)
      if (replaced !== undefined) return replaced ?? undefined
      if (top === this.height()) return this.head.get(key)
    }
  }

  private async page(height: number, prefix: Hex, limit: number, after: Hex | null): Promise<Hex[]> {
    for (;;) {
      const top = this.height()
      if (height === top) return this.head.page(prefix, limit, after)
      const replaced = await this.database.replacedUnder(prefix, height)
      if (top === this.height()) return this.merged(replaced, prefix, limit, after)
    }
  }

  private merged(replaced: Map<Hex, Hex | null>, prefix: Hex, limit: number, after: Hex | null): Hex[] {
    const keys = new Set(this.head.page(prefix, Number.POSITIVE_INFINITY, after))
    for (const [key, value] of replaced) {
      if (value === null) keys.delete(key)
      else if (after === null || key > after) keys.add(key)
    }
    return [...keys].sort().slice(0, limit)
  }
}
