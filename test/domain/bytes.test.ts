import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  bigFromBytes,
  bytesFromBig,
  concat,
  equalBytes,
  fromHex,
  isZero,
  readU64,
  toHex,
  u64
} from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'

test('bytes - hex, integers and u64 come back as they were', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (bytes, number) => {
        assert.deepEqual(fromHex(toHex(bytes)), bytes)
        assert.deepEqual(bytesFromBig(bigFromBytes(bytes), bytes.length), bytes)
        assert.equal(readU64(concat(bytes, u64(number)), bytes.length), number)
        assert.equal(equalBytes(bytes, bytes.slice()), true)
        assert.equal(equalBytes(bytes, concat(bytes, Uint8Array.of(0))), false)
      }
    )
  )
  assert.equal(isZero(new Uint8Array(3)), true)
  assert.equal(isZero(Uint8Array.of(0, 1)), false)
  assert.equal(equalBytes(Uint8Array.of(1), Uint8Array.of(2)), false)
})

test('bytes - what is not hex, or not a u64, is refused', () => {
  for (const text of ['0', 'zz', '0x00', ' 0'])
    assert.throws(
      () => fromHex(text),
      error => isDatdotError(error, 'BAD_ARGUMENT')
    )
  for (const number of [-1n, 2n ** 64n])
    assert.throws(
      () => u64(number),
      error => isDatdotError(error, 'INTERNAL')
    )
  assert.throws(
    () => bytesFromBig(256n, 1),
    error => isDatdotError(error, 'INTERNAL')
  )
})
