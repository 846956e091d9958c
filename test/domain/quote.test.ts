import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { quote } from '../../src/domain/quote.ts'
import { constants, params } from '../helpers/chain-facts.ts'

const DAT = 10n ** 12n

test('quote - a core below one MiB is billed for one MiB', () => {
  const result = quote(constants, params, { byteLength: 1, copies: 2, amount: 0n })
  assert.equal(result.setupPerCopy, DAT)
  assert.equal(result.perPeriod, 2n * (DAT / 10n + DAT / 20n))
  assert.equal(result.lockPerCopy, DAT + 4n * (DAT / 10n + DAT / 20n))
  assert.equal(result.least, 2n * result.lockPerCopy)
  assert.equal(result.lasts, null)
})

test('quote - an amount that covers all locks lasts at least MinPeriods periods, one planck less does not reach', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 40 }),
      fc.integer({ min: 1, max: 16 }),
      (byteLength, copies) => {
        const { least } = quote(constants, params, { byteLength, copies, amount: 0n })
        const enough = quote(constants, params, { byteLength, copies, amount: least })
        assert.ok(enough.lasts && enough.lasts.periods >= BigInt(params.minPeriods))
        assert.equal(quote(constants, params, { byteLength, copies, amount: least - 1n }).lasts, null)
      }
    )
  )
})
