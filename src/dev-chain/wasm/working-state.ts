import { fromHex, type Hex, toHex } from '../hex.ts'
import { compact, ScaleReader } from '../scale.ts'

/** What a runtime reads under its own writes. */
export interface BaseState {
  get(key: Hex): Hex | undefined
  nextKey(prefix: Hex, after: Hex): Hex | undefined
}

/** For calls that need no state. */
export const NO_STATE: BaseState = { get: () => undefined, nextKey: () => undefined }

/** Keys written, null = removed. */
export type Changes = Map<Hex, Hex | null>

/** A state with what runtime calls write over it, in layers that can be given up. */
export class WorkingState implements BaseState {
  private readonly base: BaseState
  private layers: [Changes, ...Changes[]] = [new Map()]

  constructor(base: BaseState) {
    this.base = base
  }

  /** What was written and not given up. */
  get changes(): Changes {
    return this.layers[0]
  }

  get(key: Hex): Hex | undefined {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const value = this.layers[i]?.get(key)
      if (value !== undefined) return value ?? undefined
    }
    return this.base.get(key)
  }

  set(key: Hex, value: Hex | null): void {
    this.layers[this.layers.length - 1]?.set(key, value)
  }

  /** Adds an encoded item to a vector; what is no vector becomes one of this item. */
  append(key: Hex, item: Hex): void {
    const before = this.get(key) ?? '0x00'
    const [count, rest] = split(before)
    this.set(key, `${toHex(compact(count + 1n))}${rest}${item.slice(2)}`)
  }

  /** Writes of calls that ran elsewhere. */
  write(changes: Changes): void {
    for (const [key, value] of changes) this.set(key, value)
  }

  /** The key after `after`, which has the prefix too, in order, of all with the prefix that are there now. */
  nextKey(prefix: Hex, after: Hex): Hex | undefined {
    const written = new Map(this.layers.flatMap(layer => [...layer]))
    let next = this.base.nextKey(prefix, after)
    while (next !== undefined && written.get(next) === null) next = this.base.nextKey(prefix, next)
    for (const [key, value] of written)
      if (value !== null && key > after && key.startsWith(prefix) && (next === undefined || key < next))
        next = key
    return next
  }

  /** Removes the keys that begin with the prefix: those written here, and up to `limit` of the others. */
  clearPrefix(prefix: Hex, limit: number): { removed: number; all: boolean } {
    const written = new Map(this.layers.flatMap(layer => [...layer]))
    for (const [key, value] of written) if (value !== null && key.startsWith(prefix)) this.set(key, null)
    let removed = 0
    let key = this.base.get(prefix) === undefined ? this.base.nextKey(prefix, prefix) : prefix
    for (; key !== undefined && removed < limit; removed++) {
      this.set(key, null)
      key = this.base.nextKey(prefix, key)
    }
    return { removed, all: key === undefined }
  }

  begin(): void {
    this.layers.push(new Map())
  }

  rollback(): void {
    if (this.layers.length > 1) this.layers.pop()
  }

  commit(): void {
    if (this.layers.length === 1) return
    const top = this.layers.pop()
    if (top) this.write(top)
  }
}

// The count of a SCALE vector, and the items as they are.
function split(value: Hex): [count: bigint, rest: string] {
  const prefix = new ScaleReader(fromHex(value.slice(0, 14)))
  try {
    return [prefix.compact(), value.slice(2 + 2 * prefix.offset)]
  } catch (error) {
    if (error instanceof RangeError) return [0n, '']
    throw error
  }
}
