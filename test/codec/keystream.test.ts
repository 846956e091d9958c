import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { xorKeystream } from '../../src/codec/keystream.ts'
import { bytes } from './fixtures.ts'

/** OpenSSL's ChaCha20, whose first 8 bytes of IV are a 64-bit counter when the nonce is 0. */
function reference(data: Uint8Array, salt: Uint8Array, offset: number): Uint8Array {
  const iv = Buffer.alloc(16)
  iv.writeBigUInt64LE(BigInt(Math.floor(offset / 64)))
  const cipher = createCipheriv('chacha20', salt, iv)
  cipher.update(Buffer.alloc(offset % 64))
  return new Uint8Array(cipher.update(data))
}

test('keystream - equals ChaCha20 with a 64-bit counter at every byte offset', () => {
  const offsets = fc.oneof(
    fc.nat(2000),
    fc.integer({ min: 0, max: 2 ** 44 }),
    fc.nat(400).map(n => 2 ** 38 - 200 + n)
  )
  fc.assert(
    fc.property(offsets, fc.uint8Array({ maxLength: 400 }), (offset, data) => {
      const salt = bytes(32)
      const xored = data.slice()
      xorKeystream(xored, salt, offset)
      assert.deepEqual(xored, reference(data, salt, offset))
    })
  )
})

test('keystream - twice is the identity, whole or in two parts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(10_000), fc.nat(600), (data, offset, at) => {
      const salt = bytes(32)
      const cut = Math.min(at, data.length)
      const xored = data.slice()
      xorKeystream(xored, salt, offset)
      xorKeystream(xored.subarray(0, cut), salt, offset)
      xorKeystream(xored.subarray(cut), salt, offset + cut)
      assert.deepEqual(xored, data)
    })
  )
})
