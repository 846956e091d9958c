const MAX_SPANS = 64

/** Number of spans of a copy (protocol.md 9.2); `target` is SpanTarget in bytes. */
export function spanCount(byteLength: number, length: number, target: number): number {
  const most = Math.min(MAX_SPANS, Math.max(1, Math.floor(length / 2)))
  return Math.min(most, Math.max(1, Math.ceil(byteLength / target)))
}

/** Block bounds of a copy's spans: n + 1 numbers from 0 to length, the inner ones even. */
export function spanBounds(byteLength: number, length: number, target: number): number[] {
  const n = spanCount(byteLength, length, target)
  const bounds = Array.from({ length: n }, (_, i) => 2 * Math.floor((i * length) / (2 * n)))
  return [...bounds, length]
}

/** Blocks at which a copy is cut: `publish` carries an offset proof for each. */
export function innerCuts(byteLength: number, length: number, target: number): number[] {
  return spanBounds(byteLength, length, target).slice(1, -1)
}

/** Block ranges and byte ranges of a copy's spans from its inner cuts and their byte offsets. */
export function spanRanges(
  tree: { length: number; byteLength: number },
  cuts: readonly { block: number; byte: number }[]
): { start: number; end: number; byteStart: number; byteLength: number }[] {
  const bounds = [{ block: 0, byte: 0 }, ...cuts, { block: tree.length, byte: tree.byteLength }]
  return bounds.slice(1).map(({ block, byte }, i) => {
    const from = bounds[i] ?? { block: 0, byte: 0 }
    return { start: from.block, end: block, byteStart: from.byte, byteLength: byte - from.byte }
  })
}
