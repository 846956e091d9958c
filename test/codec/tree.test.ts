import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import MerkleGenerator from 'merkle-tree-stream/generator.js'
import { leafHash, nodeHash, rootHash } from '../../src/codec/commitment.ts'
import { verifyLeaf, verifyPeaks, verifySpanProof } from '../../src/codec/proof.ts'
import { type ReadLeaf, SpanTree } from '../../src/codec/tree.ts'
import { flatIndex, flatPlace, MemoryTreeStore } from '../../src/codec/tree-store.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES, LEAF_BYTES, leavesOf } from '../../src/domain/leaves.ts'
import { bytes, flipped, reader } from './fixtures.ts'

const tag = bytes(32)
const counts = fc.oneof(fc.constantFrom(0, 1, 3, 4, 5, 8, 15, 16, 17, 32, 63, 64, 65), fc.nat(140))
const unread: ReadLeaf = async () => assert.fail('the cells were read')

async function treeOf(cells: Uint8Array, options: { store?: MemoryTreeStore; keepDepth?: number } = {}) {
  const tree = new SpanTree({ tag, ...options })
  await tree.write(cells)
  return tree
}

/** The root by merkle-tree-stream over all leaves at once. */
function plainRoot(cells: Uint8Array): Uint8Array {
  const generator = new MerkleGenerator({
    leaf: node => leafHash(tag, node.index / 2, node.data ?? new Uint8Array(0)),
    parent: (left, right) => nodeHash(left.hash, right.hash)
  })
  for (let at = 0; at < cells.length; at += LEAF_BYTES)
    generator.next(Buffer.from(cells.subarray(at, at + LEAF_BYTES)))
  return rootHash(
    tag,
    cells.length / CELL_BYTES,
    generator.roots.map(node => node.hash)
  )
}

test('tree - its root does not depend on how the cells arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      counts,
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      async (count, pieces) => {
        const cells = bytes(count * CELL_BYTES)
        const tree = new SpanTree({ tag })
        for (let at = 0, i = 0; at < count; i++) {
          const take = pieces[i % pieces.length] ?? 1
          await tree.write(cells.subarray(at * CELL_BYTES, (at + take) * CELL_BYTES))
          at += take
          assert.deepEqual(tree.root(), plainRoot(cells.subarray(0, at * CELL_BYTES)))
        }
        assert.deepEqual([tree.cells, tree.leaves], [count, leavesOf(count)])
        assert.deepEqual(tree.root(), plainRoot(cells))
      }
    ),
    { numRuns: 50 }
  )
})

test('tree - every leaf proof verifies', async () => {
  await fc.assert(
    fc.asyncProperty(counts, async count => {
      const cells = bytes(count * CELL_BYTES)
      const tree = await treeOf(cells, { store: new MemoryTreeStore() })
      const commitment = { tag, cells: count, root: tree.root() }
      const peaks = tree.peaks()
      assert.equal(verifyPeaks(commitment, peaks), true)
      const indexes = Array.from({ length: leavesOf(count) }, (_, i) => i)
      const leaves = await Promise.all(indexes.map(i => tree.proof(i, reader(cells).leaf)))
      assert.equal(verifySpanProof(commitment, indexes, { peaks, leaves }), true)
    }),
    { numRuns: 40 }
  )
})

test('tree - no altered leaf proof verifies', async () => {
  const count = 4 * 11 + 2
  const cells = bytes(count * CELL_BYTES)
  const tree = await treeOf(cells, { store: new MemoryTreeStore() })
  const commitment = { tag, cells: count, root: tree.root() }
  const peaks = tree.peaks()
  await fc.assert(
    fc.asyncProperty(fc.nat(11), fc.nat(), fc.nat(11), async (index, bit, other) => {
      const leaf = await tree.proof(index, reader(cells).leaf)
      const check = (changed: Partial<typeof leaf>, at = index, top = peaks): boolean =>
        verifyPeaks(commitment, top) && verifyLeaf(commitment, top, at, { ...leaf, ...changed })
      assert.equal(check({}), true)
      assert.equal(check({ data: flipped(leaf.data, bit % (8 * leaf.data.length)) }), false)
      assert.equal(check({ data: leaf.data.subarray(1) }), false)
      assert.equal(check({ path: [...leaf.path, bytes(32)] }), false)
      for (const [i, sibling] of leaf.path.entries()) {
        assert.equal(check({ path: leaf.path.with(i, flipped(sibling, bit % 256)) }), false)
        assert.equal(check({ path: leaf.path.toSpliced(i, 1) }), false)
        assert.equal(check({ path: leaf.path.with(i, sibling.subarray(1)) }), false)
      }
      for (const [i, peak] of peaks.entries())
        assert.equal(check({}, index, peaks.with(i, flipped(peak, bit % 256))), false)
      assert.equal(check({}, index, [...peaks, bytes(32)]), false)
      assert.equal(check({}, index, peaks.slice(1)), false)
      if (other !== index) assert.equal(check({}, other), false)
    }),
    { numRuns: 60 }
  )
  for (const index of [-1, 12, 0.5]) {
    const leaf = await tree.proof(0, reader(cells).leaf)
    assert.equal(verifyLeaf(commitment, peaks, index, leaf), false)
    await assert.rejects(tree.proof(index, reader(cells).leaf), error => isDatdotError(error, 'BAD_RANGE'))
  }
})

test('tree - a proof is bound to its tag, its root and its number of cells', async () => {
  const cells = bytes(4 * CELL_BYTES)
  const tree = await treeOf(cells)
  const commitment = { tag, cells: 4, root: tree.root() }
  const proof = { peaks: tree.peaks(), leaves: [await tree.proof(0, reader(cells).leaf)] }
  assert.equal(verifySpanProof(commitment, [0], proof), true)
  assert.equal(verifySpanProof({ ...commitment, tag: bytes(32) }, [0], proof), false)
  assert.equal(verifySpanProof({ ...commitment, root: bytes(32) }, [0], proof), false)
  assert.equal(verifySpanProof({ ...commitment, cells: 3 }, [0], proof), false)
  assert.equal(verifySpanProof(commitment, [], proof), false)
  assert.equal(verifySpanProof(commitment, [0, 0], proof), false)
})

test('tree - a checkpoint is the root of that prefix, from the peaks of its time or later', async () => {
  const count = 4 * 37 + 3
  const cells = bytes(count * CELL_BYTES)
  const growing = new SpanTree({ tag })
  const whole = await treeOf(cells, { store: new MemoryTreeStore() })
  for (let leaves = 0; leaves <= 37; leaves++) {
    const prefix = cells.subarray(0, leaves * LEAF_BYTES)
    assert.deepEqual(growing.checkpoint(), { leaves, root: plainRoot(prefix) })
    assert.deepEqual(await whole.rootAt(leaves, unread), plainRoot(prefix))
    await growing.write(cells.subarray(leaves * LEAF_BYTES, (leaves + 1) * LEAF_BYTES))
  }
  assert.equal(growing.checkpoint().leaves, 37)
  await assert.rejects(whole.rootAt(38, unread), error => isDatdotError(error, 'BAD_RANGE'))
})

test('tree - opened from its store it is the same tree and goes on growing', async () => {
  await fc.assert(
    fc.asyncProperty(counts, fc.nat(60), fc.nat(3), async (count, more, keepDepth) => {
      const cells = bytes((count + more) * CELL_BYTES)
      const store = new MemoryTreeStore()
      await treeOf(cells.subarray(0, count * CELL_BYTES), { store, keepDepth })
      const opened = await SpanTree.open(
        { tag, store, keepDepth },
        count,
        reader(cells.slice(0, count * CELL_BYTES)).leaf
      )
      assert.deepEqual(opened.root(), plainRoot(cells.subarray(0, count * CELL_BYTES)))
      await opened.write(cells.subarray(count * CELL_BYTES))
      assert.deepEqual(opened.root(), plainRoot(cells))
      const commitment = { tag, cells: count + more, root: opened.root() }
      for (let i = 0; i < opened.leaves; i++)
        assert.equal(
          verifyLeaf(commitment, opened.peaks(), i, await opened.proof(i, reader(cells).leaf)),
          true
        )
    }),
    { numRuns: 40 }
  )
})

test('tree - a store of upper levels reads 2^keepDepth leaves a proof, and is that much smaller', async () => {
  const cells = bytes(64 * LEAF_BYTES)
  const written: number[] = []
  const store = new MemoryTreeStore()
  const counting = {
    read: (index: number) => store.read(index),
    write: async (nodes: readonly { index: number; hash: Uint8Array }[]) => {
      written.push(...nodes.map(node => node.index))
      await store.write(nodes)
    }
  }
  const tree = new SpanTree({ tag, store: counting, keepDepth: 3 })
  await tree.write(cells)
  assert.deepEqual(
    written.toSorted((a, b) => a - b),
    Array.from({ length: 15 }, (_, i) => i)
  )
  const read: number[] = []
  await tree.proof(20, async index => {
    read.push(index)
    return reader(cells).leaf(index)
  })
  assert.deepEqual(
    read.toSorted((a, b) => a - b),
    [16, 17, 18, 19, 20, 21, 22, 23]
  )
})

test('tree - damage of the cells or of a stored node is reported, never proven', async () => {
  const cells = bytes(9 * LEAF_BYTES)
  const store = new MemoryTreeStore()
  const tree = await treeOf(cells, { store })
  const damaged = (error: unknown): boolean => isDatdotError(error, 'CELLS_DAMAGED')
  await assert.rejects(tree.proof(5, reader(flipped(cells, 8 * 5 * LEAF_BYTES)).leaf), damaged)
  await store.write([{ index: flatIndex(0, 4), hash: bytes(32) }])
  await assert.rejects(tree.proof(5, reader(cells).leaf), damaged)
  await assert.rejects(
    SpanTree.open({ tag, store }, 35, reader(cells.subarray(0, 8 * LEAF_BYTES)).leaf),
    damaged
  )
})

test('tree - parts of cells are refused', async () => {
  await assert.rejects(new SpanTree({ tag }).write(bytes(255)), error => isDatdotError(error, 'BAD_RANGE'))
})

test('tree - flat indexes and places are inverse, also above 2^32', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.integer({ min: 0, max: 2 ** 31 - 1 }), (depth, offset) => {
      assert.deepEqual(flatPlace(flatIndex(depth, offset)), { depth, offset })
    })
  )
})
