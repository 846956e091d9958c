import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import {
  accountKeys,
  cryptoReady,
  formatAccount,
  isPhrase,
  newPhrase,
  parseAccount,
  phraseToMiniSecret,
  verifySignature
} from '../../src/chain-client/keys.ts'
import { toHex } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'

// Substrate's public development phrase and what `subkey inspect` says of it.
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'
const MINI_SECRET = 'fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e'
const ACCOUNT = '46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a'
const ADDRESS = '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV'

before(() => cryptoReady())

test('keys - a phrase gives the account that Substrate tools give', () => {
  const secret = phraseToMiniSecret(PHRASE)
  assert.equal(toHex(secret), MINI_SECRET)
  assert.equal(accountKeys(secret).account, ACCOUNT)
  assert.equal(formatAccount(ACCOUNT), ADDRESS)
})

test('keys - case and spaces of a phrase do not matter', () => {
  const loose = `  ${PHRASE.toUpperCase().replaceAll(' ', '  ')}\n`
  assert.ok(isPhrase(loose))
  assert.equal(toHex(phraseToMiniSecret(loose)), MINI_SECRET)
})

test('keys - a new phrase has 12 words and is valid, and no two are the same', () => {
  const phrases = Array.from({ length: 4 }, newPhrase)
  for (const phrase of phrases) {
    assert.equal(phrase.split(' ').length, 12)
    assert.ok(isPhrase(phrase))
  }
  assert.equal(new Set(phrases).size, phrases.length)
})

test('keys - a phrase with a wrong word or checksum is KEY_INVALID', () => {
  for (const phrase of ['', 'datdot', PHRASE.replace('walk', 'bottom'), PHRASE.replace('walk', 'walkx')])
    assert.throws(
      () => phraseToMiniSecret(phrase),
      error => isDatdotError(error, 'KEY_INVALID')
    )
  assert.throws(
    () => accountKeys(new Uint8Array(31)),
    error => isDatdotError(error, 'KEY_INVALID')
  )
})

test('keys - every account survives its SS58 form and its hex form', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
      const account = toHex(bytes)
      return (
        parseAccount(formatAccount(account)) === account &&
        parseAccount(`0x${account.toUpperCase()}`) === account
      )
    })
  )
})

test('keys - an address with a flipped character, of another network or length is refused', () => {
  // the same account on Polkadot (prefix 0)
  const foreign = '12bzRJfh7arnnfPPUZHeJUaE62QLEwhK48QnH9LXeK2m1iZU'
  for (const text of ['', 'alice', ADDRESS.replace('D', 'E'), ADDRESS.slice(1), foreign, ACCOUNT.slice(2)])
    assert.throws(
      () => parseAccount(text),
      error => isDatdotError(error, 'BAD_ARGUMENT')
    )
})

test('keys - a signature is raw: it verifies over the same bytes only, wrapped bytes included', () => {
  const keys = accountKeys(phraseToMiniSecret(PHRASE))
  const message = new TextEncoder().encode('seal')
  const signature = keys.sign(message)
  assert.equal(signature.length, 64)
  assert.ok(verifySignature(message, signature, keys.account))
  const wrapped = new TextEncoder().encode('<Bytes>seal</Bytes>')
  assert.equal(verifySignature(wrapped, signature, keys.account), false)
  assert.equal(verifySignature(message, keys.sign(wrapped), keys.account), false)
})

test('keys - another account, a flipped bit and odd lengths verify nothing', () => {
  const keys = accountKeys(phraseToMiniSecret(PHRASE))
  const other = accountKeys(new Uint8Array(32).fill(7))
  const message = Uint8Array.of(1, 2, 3)
  const signature = keys.sign(message)
  assert.equal(verifySignature(message, signature, other.account), false)
  assert.equal(verifySignature(message, signature.subarray(0, 63), keys.account), false)
  assert.equal(verifySignature(message, new Uint8Array(64), keys.account), false)
  assert.equal(verifySignature(message, signature, 'ff'.repeat(32)), false)
  fc.assert(
    fc.property(fc.nat({ max: 511 }), bit => {
      const flipped = Uint8Array.from(signature)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return !verifySignature(message, flipped, keys.account)
    }),
    { numRuns: 64 }
  )
})
