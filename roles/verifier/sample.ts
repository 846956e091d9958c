import { blake2b256 } from '../../src/codec/hash.ts'
import { readU64, u64 } from '../../src/domain/bytes.ts'
import { PATIENCE_MS } from '../patience.ts'

/** Blocks of a sample at most. */
const MOST_BLOCKS = 16
/** Bytes that a sample is about, so that big blocks are sampled less. */
const SAMPLE_BYTES = 4 * 2 ** 20

/** How many blocks to sample of a tree. */
export function sampleSize(tree: { length: number; byteLength: number }): number {
  const average = Math.max(1, tree.byteLength / tree.length)
  const affordable = Math.max(1, Math.floor(SAMPLE_BYTES / average))
  return Math.min(MOST_BLOCKS, affordable, tree.length)
}

/** First byte of what is hashed: who knows the sampled blocks must not know the leaves that come later. */
const USES = { blocks: 0, leaves: 1 } as const

/** `count` different numbers below `limit`, ascending, that only the holder of the secret can tell beforehand. */
export function secretIndexes(
  use: keyof typeof USES,
  secret: Uint8Array,
  limit: number,
  count: number
): number[] {
  const domain = Uint8Array.of(USES[use])
  const drawn = new Set<number>()
  for (let i = 0; drawn.size < Math.min(count, limit); i++)
    drawn.add(Number(readU64(blake2b256(domain, secret, u64(i))) % BigInt(limit)))
  return [...drawn].sort((a, b) => a - b)
}

/** How long each step of a check may take, in milliseconds. */
export interface CheckBudget {
  connectMs: number
  sampleMs: number
  replicaMs: number
  /** Without anything of the plain core: one that nobody serves must not keep its place for the whole of a short period. */
  patienceMs: number
}

/** Longest steps, for long periods. */
const MOST: CheckBudget = {
  connectMs: 30_000,
  sampleMs: 120_000,
  replicaMs: 120_000,
  patienceMs: PATIENCE_MS
}
/** Blocks kept for the report to get into the chain. */
const REPORT_BLOCKS = 3

/** Divides the time until the period's record closes. */
export function checkBudget(blocksLeft: number, blockTimeMs: number): CheckBudget {
  const ms = Math.max(1, blocksLeft - REPORT_BLOCKS) * blockTimeMs
  return {
    connectMs: Math.min(MOST.connectMs, Math.floor(ms * 0.25)),
    sampleMs: Math.min(MOST.sampleMs, Math.floor(ms * 0.35)),
    replicaMs: Math.min(MOST.replicaMs, Math.floor(ms * 0.4)),
    patienceMs: Math.min(MOST.patienceMs, Math.floor(ms * 0.4))
  }
}
