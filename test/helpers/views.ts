import type { CopyView, SpanView } from '../../src/domain/view.ts'

export const ME = 'aa'.repeat(32)
export const OTHER = 'bb'.repeat(32)
export const CORE = 'cc'.repeat(32)

/** A span of 100 blocks of 2,550 bytes, assigned to ME. */
export function spanView(changes: Partial<SpanView> = {}): SpanView {
  const number = changes.number ?? 0
  return {
    id: BigInt(10 + number),
    copyId: 1n,
    number,
    signer: ME,
    signerNoiseKey: '11'.repeat(32),
    start: 100 * number,
    end: 100 * (number + 1),
    byteStart: 255_000 * number,
    byteLength: 255_000,
    e: 257,
    modulus: null,
    beacon: new Uint8Array(32),
    tag: null,
    cells: 0,
    root: null,
    state: 'Assigned',
    x: 1n,
    assignedAt: 10,
    deadline: 70,
    ...changes
  }
}

/** A copy in set-up with one assigned span, held by OTHER. */
export function copyView(changes: Partial<CopyView> = {}): CopyView {
  const spans = changes.spans ?? [spanView()]
  return {
    id: 1n,
    coreKey: CORE,
    tree: {
      fork: 0n,
      length: 100 * spans.length,
      byteLength: 255_000 * spans.length,
      treeHash: new Uint8Array(32)
    },
    slot: 0,
    requestId: 1n,
    pinner: OTHER,
    pinnerNoiseKey: '22'.repeat(32),
    state: 'Setup',
    reason: null,
    spans,
    prices: { x: 1n, y: 1n, z: 1n, parts: 8 },
    locked: 0n,
    seed: 2,
    assignedAt: 10,
    endsAfter: null,
    endedAt: null,
    firstPeriod: null,
    earliestSeed: 0,
    lastSettled: 0,
    faults: 0,
    misses: 0,
    passes: 0,
    unfunded: 0,
    ...changes
  }
}
