import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { CellDecoder } from '../../src/codec/decode.ts'
import type { SpanKey } from '../../src/codec/key.ts'
import { concat } from '../../src/domain/bytes.ts'
import { CELL_BYTES, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { type Facts, type Foreknown, NO_TREE, type Scheme, saltFor, units } from './schemes.ts'

/** Small numbers have small powers: c^257 < 2^2040 for each of them, so each is a valid cell. */
const SMALL_CELLS = 97

/**
 * A pinner that wants to be paid for a copy without storing it. The plain data is public, so it fetches that again when it
 * is asked; it may also be the one who chose the data.
 */
export class Outsourcer {
  readonly #own: Pick<SpanKey, 'N' | 'e'>

  /** `own`: a key of its own, for what it must guess. */
  constructor(own: Pick<SpanKey, 'N' | 'e'>) {
    this.#own = own
  }

  /** Data whose copy it hopes to keep as something small: what is not known yet is guessed. */
  choose(length: number, foreknown: Foreknown): { repeated: Uint8Array; decoded: Uint8Array } {
    const repeated = Uint8Array.from({ length }, (_, at) => at % SLICE_BYTES)
    const key = foreknown.key ?? this.#own
    const beacon = foreknown.beacon ?? new Uint8Array(32)
    const salt = saltFor({ key, beacon, treeHash: NO_TREE, byteLength: length })
    const cells = smallCells(length / SLICE_BYTES)
    const decoded = new CellDecoder({ N: key.N, e: key.e, salt, byteLength: length }).decode(0, cells)
    return { repeated, decoded }
  }

  /** At most `limit` bytes: what came out of the trapdoor, compressed; as many whole units of it as there is room for. */
  keep(scheme: Scheme, copy: Uint8Array, limit: number): Uint8Array {
    const all = this.needed(scheme, copy)
    if (all.length <= limit) return all
    const secrets = units(copy, scheme.unitBytes).map(scheme.secretOf)
    const room = Math.floor((limit - FRAME_BYTES) / (secrets[0]?.length ?? 1))
    return deflateRawSync(concat(...secrets.slice(0, room)), { level: 0 })
  }

  /** What it would have to keep in order to answer everything. */
  needed(scheme: Scheme, copy: Uint8Array): Uint8Array {
    return deflateRawSync(concat(...units(copy, scheme.unitBytes).map(scheme.secretOf)), { level: 9 })
  }

  /** The copy again, from what it kept and the public data; zeros where it has nothing. */
  rebuild(scheme: Scheme, kept: Uint8Array, data: Uint8Array, facts: Facts): Uint8Array {
    const secrets = inflateRawSync(kept)
    const plain = units(data, scheme.plainBytes)
    const copy = new Uint8Array(plain.length * scheme.unitBytes)
    const size = scheme.secretOf(copy.subarray(0, scheme.unitBytes)).length
    for (const [index, bytes] of plain.entries()) {
      const secret = secrets.subarray(index * size, (index + 1) * size)
      if (secret.length < size) break
      copy.set(scheme.unitOf(secret, bytes, index, facts), index * scheme.unitBytes)
    }
    return copy
  }
}

/** What deflate adds to bytes that it only stores, for less than 64 KiB. */
const FRAME_BYTES = 16

function smallCells(count: number): Uint8Array {
  const cells = new Uint8Array(count * CELL_BYTES)
  for (let j = 0; j < count; j++) cells[(j + 1) * CELL_BYTES - 1] = 2 + (j % SMALL_CELLS)
  return cells
}
