import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blake2b256 as hash } from '../../src/codec/hash.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import {
  CELL_BYTES,
  leafLength,
  leavesOf,
  locateLeaf,
  peakHeights,
  peakOf,
  periodLeaves,
  totalLeaves
} from '../../src/domain/leaves.ts'
import { innerCuts, spanBounds, spanRanges } from '../../src/domain/spans.ts'

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('leaves - of a period are distinct, ascending, inside the copy, and as many as asked or all', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.nat(300), { maxLength: 6 }), fc.nat(40), (seed, cells, samples) => {
      const leaves = periodLeaves(hash, seed, 5n, cells, samples)
      assert.equal(leaves.length, Math.min(samples, totalLeaves(cells)))
      for (const [i, { span, index }] of leaves.entries()) {
        assert.ok(leafLength(cells[span] ?? 0, index) > 0)
        const before = leaves[i - 1]
        if (before) assert.ok(before.span < span || (before.span === span && before.index < index))
      }
    })
  )
})

test('leaves - their lengths add up to the cells, and each has its peak', () => {
  fc.assert(
    fc.property(fc.nat(3000), cells => {
      const leaves = leavesOf(cells)
      let bytes = 0
      for (let i = 0; i < leaves; i++) {
        bytes += leafLength(cells, i)
        const place = peakOf(leaves, i)
        assert.ok(place && i >= place.first && i < place.first + 2 ** place.height)
        assert.equal(peakHeights(leaves)[place.peak], place.height)
      }
      assert.equal(bytes, CELL_BYTES * cells)
      assert.equal(leafLength(cells, leaves), 0)
      assert.equal(peakOf(leaves, leaves), null)
    }),
    { numRuns: 30 }
  )
})

test('leaves - a global index behind the copy is refused', () => {
  assert.deepEqual(locateLeaf([4, 0, 5], 1), { span: 2, index: 0 })
  assert.throws(
    () => locateLeaf([4, 0, 5], 3),
    error => isDatdotError(error, 'BAD_RANGE')
  )
})

test('spans - have even inner cuts, ascend from 0 to the length, and are at most 64', () => {
  const sizes = fc.integer({ min: 1, max: 2 ** 50 - 1 })
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 2 ** 40 - 1 }),
      fc.constantFrom(1_572_864, 67_108_864),
      (byteLength, length, target) => {
        const bounds = spanBounds(byteLength, length, target)
        assert.ok(bounds.length >= 2 && bounds.length <= 65)
        assert.deepEqual([bounds[0], bounds.at(-1)], [0, length])
        for (const [i, bound] of bounds.slice(1).entries()) assert.ok(bound > (bounds[i] ?? 0))
        for (const cut of innerCuts(byteLength, length, target)) assert.equal(cut % 2, 0)
      }
    )
  )
})

test('spans - ranges follow from the cuts', () => {
  const cuts = [
    { block: 2, byte: 10 },
    { block: 4, byte: 10 }
  ]
  assert.deepEqual(spanRanges({ length: 7, byteLength: 30 }, cuts), [
    { start: 0, end: 2, byteStart: 0, byteLength: 10 },
    { start: 2, end: 4, byteStart: 10, byteLength: 0 },
    { start: 4, end: 7, byteStart: 10, byteLength: 20 }
  ])
})
