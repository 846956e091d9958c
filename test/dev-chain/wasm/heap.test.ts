import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Heap } from '../../../src/dev-chain/wasm/heap.ts'

test('heap - pieces in use never share a byte, and a reset heap is as it was', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 70_000 }), fc.boolean()), { maxLength: 60 }),
      sizes => {
        const heap = new Heap()
        const before = Buffer.from(new Uint8Array(heap.memory.buffer, 0, 2_000))
        heap.begin(1_000)
        const used: { at: number; size: number }[] = []
        for (const [size, free] of sizes) {
          const at = heap.allocate(size)
          assert.ok(at >= 1_000 && at + size <= heap.memory.buffer.byteLength)
          assert.ok(used.every(other => at + size <= other.at || other.at + other.size <= at))
          new Uint8Array(heap.memory.buffer).fill(1, at, at + size)
          if (free) heap.release(at)
          else used.push({ at, size })
        }
        new Uint8Array(heap.memory.buffer).fill(2, 0, 1_000)
        heap.reset()
        assert.ok(before.equals(new Uint8Array(heap.memory.buffer, 0, 2_000)))
        assert.ok(new Uint8Array(heap.memory.buffer).every(byte => byte === 0))
      }
    ),
    { numRuns: 20 }
  )
})
