import { u64 } from '../domain/bytes.ts'
import { CELL_BYTES, CELLS_PER_LEAF } from '../domain/leaves.ts'
import { blake2b256, tpe } from './hash.ts'

const LEAF = tpe('leaf')
const NODE = tpe('node')
const ROOT = tpe('root')

/** Hash of leaf `index` of a span (encoding.md, "Merkle commitment"). */
export function leafHash(tag: Uint8Array, index: number, data: Uint8Array): Uint8Array {
  return blake2b256(LEAF, tag, u64(index), u64(data.length), data)
}

/** Hash of a tree node above two others. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return blake2b256(NODE, left, right)
}

/** Root of a span of `cells` cells from its peaks, left to right. */
export function rootHash(tag: Uint8Array, cells: number, peaks: readonly Uint8Array[]): Uint8Array {
  return blake2b256(ROOT, tag, u64(CELL_BYTES * cells), ...peaks)
}

/** Root of a prefix of whole leaves: a checkpoint. */
export function checkpointRoot(tag: Uint8Array, leaves: number, peaks: readonly Uint8Array[]): Uint8Array {
  return rootHash(tag, CELLS_PER_LEAF * leaves, peaks)
}
