import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Range, Tally } from '../../src/hyper/download.ts'

/** Across a power of two that 32 bits do not hold. */
const START = 2 ** 33 - 20
const TOTAL = 40

test('download - a block is here once however often it comes, and every byte that came is a peer’s', () => {
  const here = fc.uniqueArray(fc.nat({ max: TOTAL - 1 }))
  const came = fc.array(fc.tuple(fc.nat({ max: TOTAL - 1 }), fc.nat({ max: 9 }), fc.constantFrom('a', 'b')))
  fc.assert(
    fc.property(here, came, (before, arrivals) => {
      const whole = new Set(before)
      const missing = Array.from({ length: TOTAL }, (_, at) => at).filter(at => !whole.has(at))
      const ranges: Range[] = missing.map(at => [START + at, START + at + 1])
      const tally = new Tally(TOTAL, ranges)
      assert.equal(tally.progress(0).blocks, whole.size)
      for (const [at, bytes, peer] of arrivals) {
        tally.add(START + at, bytes, peer)
        whole.add(at)
      }
      const { blocks, totalBlocks, bytes, peers, served } = tally.progress(2)
      assert.deepEqual([blocks, totalBlocks, peers], [whole.size, TOTAL, 2])
      assert.equal(
        bytes,
        arrivals.reduce((sum, [, size]) => sum + size, 0)
      )
      const shares = [...served.values()]
      assert.deepEqual(
        [
          shares.reduce((sum, share) => sum + share.blocks, 0),
          shares.reduce((sum, share) => sum + share.bytes, 0)
        ],
        [arrivals.length, bytes]
      )
    })
  )
})
