import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkPublicKey,
  generateSpanKey,
  importSpanKey,
  publicHandle,
  spanKeyFromPrimes,
  wipe
} from '../../src/codec/key.ts'
import { isZero } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { bytes, spanKey } from './fixtures.ts'

const refused = (error: unknown): boolean => isDatdotError(error, 'RSA_INVALID')

test('key - a fresh one has exponent 257 and 2^2047 <= N < 2^2048, and survives export and import', async () => {
  const key = await generateSpanKey()
  assert.equal(key.e, 257)
  checkPublicKey(key)
  const secret = key.exportSecret()
  const again = importSpanKey(secret)
  assert.deepEqual(again.N, key.N)
  assert.equal(again.handle.equals(key.handle), true)
  wipe(secret)
  assert.equal(isZero(secret), true)
  assert.throws(() => importSpanKey(secret), refused)
})

test('key - a public key outside the rules is refused before OpenSSL sees it', () => {
  const { N, e } = spanKey()
  const low = N.slice()
  low[0] = 0x7f
  const even = N.slice()
  even[255] = (even[255] ?? 0) & 0xfe
  for (const bad of [
    { N, e: 3 },
    { N, e: 256 },
    { N: low, e },
    { N: even, e },
    { N: N.slice(1), e },
    { N: bytes(257), e }
  ])
    assert.throws(() => publicHandle(bad), refused)
})

test('key - primes that make no valid key are refused', () => {
  assert.throws(() => spanKeyFromPrimes(7n, 11n, 257), refused)
  assert.throws(() => spanKeyFromPrimes(257n * 2n + 1n, 11n, 257), refused)
})
