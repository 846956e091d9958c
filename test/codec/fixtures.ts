import { randomFillSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { importSpanKey, type SpanKey, spanKeyFromPrimes } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { CELL_BYTES, LEAF_BYTES } from '../../src/domain/leaves.ts'

const ROOT = new URL('../../../', import.meta.url)

/** Text of a file under test/vectors. */
export function vectorFile(name: string): string {
  return readFileSync(new URL(`test/vectors/${name}`, ROOT), 'utf8')
}

interface Primes {
  p: string
  q: string
  e: number
}

let key: SpanKey | undefined

/** A span key of the vectors: making fresh ones takes long. */
export function spanKey(): SpanKey {
  const cases = (JSON.parse(vectorFile('tpe1.json')) as { cases: Primes[] }).cases
  const { p, q, e } = cases[0] ?? { p: '', q: '', e: 0 }
  key ??= spanKeyFromPrimes(BigInt(`0x${p}`), BigInt(`0x${q}`), e)
  return importSpanKey(key.exportSecret())
}

/** A module of test/codec/backends. */
export function backend(name: 'faulty' | 'crashing' | 'stuck' | 'unloadable'): URL {
  return new URL(`./backends/${name}.js`, import.meta.url)
}

/** Runs with a pool that is closed at the end. */
export async function withPool<T>(
  run: (pool: CodecPool) => Promise<T>,
  options: ConstructorParameters<typeof CodecPool>[0] = { workers: 2 }
): Promise<T> {
  const pool = new CodecPool(options)
  try {
    return await run(pool)
  } finally {
    await pool.close()
  }
}

/** Random bytes in a buffer of their own. */
export function bytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length))
}

/** Cuts bytes into consecutive pieces of the given lengths, over and over. */
export function* chunked(data: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < data.length; i++) {
    const length = Math.max(1, lengths[i % lengths.length] ?? data.length)
    yield data.subarray(at, at + length)
    at += length
  }
}

/** Reads cells out of an array as a file would. */
export function reader(cells: Uint8Array): {
  leaf: (index: number) => Promise<Uint8Array>
  cells: (first: number, count: number) => Promise<Uint8Array>
} {
  return {
    leaf: async index => cells.slice(index * LEAF_BYTES, (index + 1) * LEAF_BYTES),
    cells: async (first, count) => cells.slice(first * CELL_BYTES, (first + count) * CELL_BYTES)
  }
}

/** The bytes with one bit flipped. */
export function flipped(data: Uint8Array, bit: number): Uint8Array {
  const copy = data.slice()
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}
