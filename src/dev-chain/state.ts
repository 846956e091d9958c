import type { Changes, StateReader } from './executor.ts'
import type { Hex } from './hex.ts'

/** The chain's storage at its head: every key and value, in memory, with the keys in order. */
export class State implements StateReader {
  private readonly values: Map<Hex, Hex>
  private readonly keys: Hex[]

  constructor(entries: Iterable<readonly [Hex, Hex]>) {
    this.values = new Map(entries)
    this.keys = [...this.values.keys()].sort()
  }

  get size(): number {
    return this.values.size
  }

  get(key: Hex): Hex | undefined {
    return this.values.get(key)
  }

  nextKey(prefix: Hex, after: Hex): Hex | undefined {
    const key = this.keys[firstAbove(this.keys, after)]
    return key?.startsWith(prefix) ? key : undefined
  }

  /** Up to `limit` keys with the prefix, in order, after `after` (null = from the first). */
  page(prefix: Hex, limit: number, after: Hex | null): Hex[] {
    const out: Hex[] = []
    let at = after === null || after < prefix ? firstAtLeast(this.keys, prefix) : firstAbove(this.keys, after)
    for (let key = this.keys[at]; key?.startsWith(prefix) && out.length < limit; key = this.keys[++at])
      out.push(key)
    return out
  }

  /** What these changes replace: the old value of each key, null = there was none; unchanged keys are left out. */
  undo(changes: Changes): Map<Hex, Hex | null> {
    const old = new Map<Hex, Hex | null>()
    for (const [key, value] of changes) {
      const before = this.values.get(key) ?? null
      if (before !== value) old.set(key, before)
    }
    return old
  }

  apply(changes: Changes): void {
    for (const [key, value] of changes) {
      const known = this.values.has(key)
      if (value === null) {
        if (known) this.keys.splice(firstAtLeast(this.keys, key), 1)
        this.values.delete(key)
      } else {
        if (!known) this.keys.splice(firstAtLeast(this.keys, key), 0, key)
        this.values.set(key, value)
      }
    }
  }

  entries(): IterableIterator<[Hex, Hex]> {
    return this.values.entries()
  }
}

function firstAtLeast(keys: readonly Hex[], key: Hex): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as Hex) < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the first key after `key`, among sorted ones. */
export function firstAbove(keys: readonly Hex[], key: Hex): number {
  const at = firstAtLeast(keys, key)
  return keys[at] === key ? at + 1 : at
}
