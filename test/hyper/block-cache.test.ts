import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BlockCache } from '../../src/hyper/block-cache.ts'

test('block cache - the least recently read block goes first', () => {
  const cache = new BlockCache(300)
  cache.set('a', Buffer.alloc(100))
  cache.set('b', Buffer.alloc(100))
  cache.set('c', Buffer.alloc(100))
  cache.get('a')
  cache.set('d', Buffer.alloc(100))
  assert.equal(cache.get('b'), undefined)
  assert.equal(cache.get('a')?.byteLength, 100)
})

test('block cache - bytes are counted exactly and never above the limit', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const step = fc.record({ name: names, size: fc.integer({ min: 0, max: 700 }), drop: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step), steps => {
      const cache = new BlockCache(1_000)
      for (const { name, size, drop } of steps) {
        if (drop) cache.delete(name)
        else cache.set(name, Buffer.alloc(size))
        const kept = ['a', 'b', 'c', 'd', 'e'].map(key => cache.get(key)?.byteLength ?? 0)
        assert.equal(
          cache.bytes,
          kept.reduce((sum, bytes) => sum + bytes, 0)
        )
        assert.ok(cache.bytes <= 1_000)
      }
    })
  )
})
