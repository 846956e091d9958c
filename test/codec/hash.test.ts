import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blake2b256, createHasher } from '../../src/codec/hash.ts'
import { concat, toHex } from '../../src/domain/bytes.ts'

test('hash - is BLAKE2b-256 of the empty string', () => {
  assert.equal(toHex(blake2b256()), '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8')
})

test('hash - of parts equals hash of their concatenation, at once or piece by piece', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), parts => {
      const whole = blake2b256(concat(...parts))
      const hasher = createHasher()
      for (const part of parts) hasher.update(part)
      assert.deepEqual(blake2b256(...parts), whole)
      assert.deepEqual(hasher.digest(), whole)
    })
  )
})
