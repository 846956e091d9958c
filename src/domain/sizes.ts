import { CELL_BYTES } from './leaves.ts'

/** Bytes that hypercore keeps a block on a pinner's disk: its tree node. */
const BLOCK_OVERHEAD_BYTES = 80
const MAX_PINNER_SLOTS = 64
const MOST_OVERHEAD = 16
const BILLED_LEAST = 2 ** 20

/** Bytes of a pinner's capacity that a copy takes: its cells and its tree nodes (protocol.md 9.1). */
export function reservedBytes(cells: number, blocks: number): number {
  return CELL_BYTES * cells + BLOCK_OVERHEAD_BYTES * blocks
}

/**
 * True when a core's blocks outweigh what is billed for its bytes 16 times on a pinner's disk, by their tree nodes alone: the chain's
 * `TooManyBlocks`.
 */
export function hasTooManyBlocks({ length, byteLength }: { length: number; byteLength: number }): boolean {
  return BLOCK_OVERHEAD_BYTES * length > MOST_OVERHEAD * Math.max(byteLength, BILLED_LEAST)
}

/** Blocks from `commit_key` to the seal's deadline D2 (protocol.md 9.6); `minRate` in bytes a block. */
export function sealBlocks(base: number, byteLength: number, minRate: number): number {
  return base + Math.floor(byteLength / Math.max(1, minRate))
}

/** Role slots of a pinner with so many bytes of capacity (protocol.md part 2). */
export function pinnerSlots(capacity: number, unit: number): number {
  return Math.min(MAX_PINNER_SLOTS, Math.ceil(capacity / Math.max(1, unit)))
}
