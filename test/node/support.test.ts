import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { CoreView, PotView } from '../../src/domain/view.ts'
import { supportOf } from '../../src/node/testnet/support.ts'
import { CORE } from '../helpers/views.ts'

const pot = (balance: bigint, totalShares: bigint): PotView => ({
  ...{ balance, totalShares },
  ...{ locked: 0n, holders: 1, wanted: 3 }
})
const core = (copies: number, requests: number) => ({ copies, requests }) as CoreView
const words = (...given: [CoreView | null, PotView | null]) =>
  supportOf(CORE, { donation: 2n * DAT + 5n, copies: 3 }, ...given).map(args => args.join(' '))

const WATCH = `supporter status ${CORE} --watch`

test('support - a core is pinned once, and watched while it is pinned or drawn', () => {
  const pin = [`supporter pin ${CORE} --copies 3 --donate 2.000000000005 --watch`]
  assert.deepEqual(words(null, null), pin)
  assert.deepEqual(words(core(0, 0), pot(0n, 0n)), pin)
  for (const held of [core(1, 0), core(0, 2)]) assert.deepEqual(words(held, pot(5n, 7n)), [WATCH])
})

test('support - a pot that is spent to its last planck, or to its dust, is given to anew', () => {
  for (const left of [0n, 1n])
    assert.deepEqual(words(core(0, 0), pot(left, 7n)), [
      `supporter donate ${CORE} --copies 3 --amount 2.000000000005`,
      WATCH
    ])
})
