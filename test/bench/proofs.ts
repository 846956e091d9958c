import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { KEEP_DEPTH, type SpanFile } from '../../roles/pinner/receiver.ts'
import { type Commitment, verifyLeaf, verifySpanProof } from '../../src/codec/proof.ts'
import { SpanTree, type SpanTreeOptions } from '../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../src/codec/tree-store.ts'
import { CELL_BYTES, cellsOf, LEAF_BYTES, leavesOf } from '../../src/domain/leaves.ts'
import type { LeafProof } from '../../src/domain/proofs.ts'
import { Copies } from '../../src/store/copies.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { type BenchOptions, type Row, timed } from './row.ts'

const MIB = 2 ** 20
/** Cells written at once: 1 MiB. */
const STEP = 4096
/** Leaves of a copy in a period (protocol.md 9.9). */
const SAMPLES = 20

const rowOf = (what: string, value: number, unit: string): Row => ({ subject: 'proofs', what, value, unit })

/** Any bytes do: the tree does not care whether cells decode. */
async function fill(file: SpanFile, tree: SpanTree, cells: number): Promise<void> {
  const bytes = randomBytes(STEP * CELL_BYTES)
  for (let done = 0; done < cells; done += STEP) {
    const part = bytes.subarray(0, CELL_BYTES * Math.min(STEP, cells - done))
    await file.append(part)
    await tree.write(part)
  }
  await file.checkpoint()
}

/** Milliseconds a proof of leaves that are spread over the whole tree, one after another. */
async function proveAll(tree: SpanTree, file: SpanFile, indexes: readonly number[]) {
  const proofs: LeafProof[] = []
  const ms = await timed(async () => {
    for (const index of indexes) proofs.push(await tree.proof(index, leaf => file.readLeaf(leaf)))
  })
  return { proofs, ms: ms / indexes.length }
}

async function measureTree(options: SpanTreeOptions, file: SpanFile, cells: number, runs: number) {
  const tree = await SpanTree.open(options, cells, index => file.readLeaf(index))
  const commitment: Commitment = { tag: options.tag, cells, root: tree.root() }
  const peaks = tree.peaks()
  const step = leavesOf(cells) / runs
  const indexes = Array.from({ length: runs }, (_, i) => Math.floor(i * step))
  const { proofs, ms } = await proveAll(tree, file, indexes)
  const checkMs = await timed(async () => {
    for (const [i, proof] of proofs.entries())
      if (!verifyLeaf(commitment, peaks, indexes[i] ?? -1, proof)) throw new Error(`leaf proof ${i} is wrong`)
  })
  const period = { peaks, leaves: proofs.slice(0, SAMPLES) }
  if (!verifySpanProof(commitment, indexes.slice(0, SAMPLES), period)) throw new Error('span proof is wrong')
  const path = proofs[0]?.path.length ?? 0
  return {
    bytes: LEAF_BYTES + 32 * (path + peaks.length),
    periodBytes: period.leaves.reduce(
      (sum, leaf) => sum + leaf.data.length + 32 * leaf.path.length,
      32 * peaks.length
    ),
    makeMs: ms,
    verifyMs: checkMs / runs
  }
}

/** Size and times of leaf proofs of a 64 MiB span, from the pinner's files and from nodes in memory. */
export async function benchProofs({ quick, folder: path, say }: BenchOptions): Promise<Row[]> {
  const mib = quick ? 16 : 64
  const runs = quick ? 200 : 1000
  const cells = cellsOf(mib * MIB)
  const tag = randomBytes(32)
  const folder = await StorageFolder.open(join(path, 'pinner'))
  const copies = await Copies.open(folder)
  try {
    say(`tree of a span of ${mib} MiB`)
    const file = await copies.create(1n, { cells, blocks: 1 })
    const kept = { tag, store: file.tree, keepDepth: KEEP_DEPTH }
    const buildMs = await timed(() => fill(file, new SpanTree(kept), cells))
    const memory = { tag, store: new MemoryTreeStore() }
    const tree = new SpanTree(memory)
    for (let at = 0; at < cells; at += STEP) await tree.write(await file.read(at, Math.min(STEP, cells - at)))
    say(`${runs} leaf proofs`)
    const onDisk = await measureTree(kept, file, cells, runs)
    const inMemory = await measureTree(memory, file, cells, runs)
    return [
      rowOf(`leaves of a ${mib} MiB span`, leavesOf(cells), 'leaves'),
      rowOf('one leaf with path and peaks', onDisk.bytes, 'bytes'),
      rowOf(`${SAMPLES} leaves with paths and peaks`, onDisk.periodBytes, 'bytes'),
      rowOf('write cells and tree to disk', (mib * MIB) / 1000 / buildMs, 'MB/s'),
      rowOf('make a leaf proof, nodes on disk from level 4 up', onDisk.makeMs, 'ms'),
      rowOf('make a leaf proof, all nodes in memory', inMemory.makeMs, 'ms'),
      rowOf('verify a leaf proof', onDisk.verifyMs, 'ms')
    ]
  } finally {
    await copies.close()
    await folder.close()
  }
}
