import type { TreeNode } from 'hypercore'
import { DatdotError } from '../domain/errors.ts'
import { peakHeights } from '../domain/leaves.ts'
import type { OffsetStep } from '../domain/publish.ts'

/** Gives a tree node by flat-tree index, or null when it is not stored here. */
export type NodeReader = (index: number) => Promise<TreeNode | null>

/** A subtree: flat-tree index of its root, its height, its first block. */
export interface Subtree {
  index: number
  height: number
  first: number
}

/** Blocks under a subtree. */
export function span(tree: Subtree): number {
  return 2 ** tree.height
}

/** The full subtrees of a tree of `length` blocks, from left to right (protocol.md 9.8). */
export function peaksOf(length: number): Subtree[] {
  let first = 0
  return peakHeights(length).map(height => {
    const peak = { index: 2 * first + 2 ** height - 1, height, first }
    first += 2 ** height
    return peak
  })
}

/** The two halves of a subtree of at least two blocks. */
function halves(tree: Subtree): [left: Subtree, right: Subtree] {
  const step = 2 ** (tree.height - 1)
  return [
    { index: tree.index - step, height: tree.height - 1, first: tree.first },
    { index: tree.index + step, height: tree.height - 1, first: tree.first + step }
  ]
}

/** A step of the way from a peak down to a block's start: the subtree that is split there, and whether its left half is passed. */
export interface WayStep {
  left: Subtree
  right: Subtree
  passed: boolean
}

/** The way from the peak that holds block `cut` down to that block's start; empty at a peak's start (protocol.md 9.2). */
export function wayTo(length: number, cut: number): { before: Subtree[]; steps: WayStep[] } {
  const peaks = peaksOf(length)
  const at = peaks.findIndex(peak => cut < peak.first + span(peak))
  const peak = peaks[at]
  if (!peak || cut < 0)
    throw new DatdotError('BAD_RANGE', `block ${cut} is outside a tree of ${length} blocks`)
  const steps: WayStep[] = []
  for (let tree = peak; cut !== tree.first; ) {
    const [left, right] = halves(tree)
    const passed = cut >= right.first
    steps.push({ left, right, passed })
    tree = passed ? right : left
  }
  return { before: peaks.slice(0, at), steps }
}

/** Reads a node that must be there; throws TREE_INVALID. */
export async function need(read: NodeReader, index: number): Promise<TreeNode> {
  const node = await read(index)
  if (!node) throw new DatdotError('TREE_INVALID', `tree node ${index} is missing`, { details: { index } })
  return node
}

/** Byte offset of block `cut` in a tree of `length` blocks; throws TREE_INVALID when a node is missing. */
export async function byteOffset(read: NodeReader, length: number, cut: number): Promise<number> {
  const whole = cut === length
  const { before, steps } = whole ? { before: peaksOf(length), steps: [] } : wayTo(length, cut)
  const passed = [...before, ...steps.filter(step => step.passed).map(step => step.left)]
  const nodes = await Promise.all(passed.map(tree => need(read, tree.index)))
  return nodes.reduce((sum, node) => sum + node.size, 0)
}

/** The offset proof of an even `cut`, top down (protocol.md 9.2, 9.9). */
export async function offsetProof(read: NodeReader, length: number, cut: number): Promise<OffsetStep[]> {
  const { steps } = wayTo(length, cut)
  return Promise.all(steps.map(step => proofStep(read, step)))
}

async function proofStep(read: NodeReader, step: WayStep): Promise<OffsetStep> {
  const [left, right] = await Promise.all([need(read, step.left.index), need(read, step.right.index)])
  return {
    leftSize: BigInt(left.size),
    left: new Uint8Array(left.hash),
    right: new Uint8Array(right.hash),
    open: step.passed ? await opened(read, step.left) : null
  }
}

async function opened(read: NodeReader, left: Subtree): Promise<[Uint8Array, Uint8Array]> {
  if (left.height === 0) throw new DatdotError('BAD_ARGUMENT', 'an offset proof needs an even cut')
  const [a, b] = halves(left)
  const [first, second] = await Promise.all([need(read, a.index), need(read, b.index)])
  return [new Uint8Array(first.hash), new Uint8Array(second.hash)]
}
