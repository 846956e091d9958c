import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isDatdotError } from '../../src/domain/errors.ts'
import {
  burn,
  donate,
  EMPTY_POT,
  isLargeDonor,
  lock,
  type Pot,
  readShare,
  reclaim,
  type Share,
  setWish,
  shareValue,
  wantedCopies
} from '../../src/domain/pot.ts'
import { scaled } from '../helpers/long.ts'

const operation = fc.oneof(
  fc.record({
    op: fc.constant('donate' as const),
    who: fc.nat(3),
    amount: fc.bigInt({ min: 1n, max: 2n ** 70n }),
    wish: fc.nat(16)
  }),
  fc.record({
    op: fc.constant('burn' as const),
    who: fc.nat(3),
    amount: fc.bigInt({ min: 0n, max: 1000n }),
    wish: fc.nat(16)
  }),
  fc.record({
    op: fc.constant('reclaim' as const),
    who: fc.nat(3),
    amount: fc.constant(0n),
    wish: fc.nat(16)
  })
)

test('pot - shares never exceed the total, nobody is worth more than the pot, and no planck appears', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), operations => {
      let pot: Pot = EMPTY_POT
      let inside = 0n
      const shares = new Map<number, Share>()
      for (const { op, who, amount, wish } of operations) {
        if (op === 'donate') {
          const given = donate(pot, shares.get(who) ?? null, amount, wish)
          pot = given.pot
          shares.set(who, given.share)
          inside += amount
        } else if (op === 'burn') {
          const burned = (pot.balance * amount) / 1000n
          pot = burn(pot, 0n, burned).pot
          inside -= burned
        } else {
          const back = reclaim(pot, shares.get(who) ?? null)
          pot = back.pot
          shares.delete(who)
          inside -= back.value + back.dust
        }
        assert.equal(pot.balance, inside)
        const held = [...shares.values()].map(share => readShare(pot, share))
        assert.ok(held.reduce((a, b) => a + b, 0n) <= pot.total)
        const values = [...shares.values()].map(share => shareValue(pot, share))
        assert.ok(values.reduce((a, b) => a + b, 0n) <= pot.balance)
      }
    }),
    { numRuns: 200 }
  )
})

test('pot - in any order each donor has its exact part, but for a planck a call, and takes nothing of another’s', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), operations => {
      let pot: Pot = EMPTY_POT
      const shares = new Map<number, Share>()
      // What each gave and did not take back, times what the burns left of it: numerator and denominator.
      const due = new Map<number, [bigint, bigint]>()
      for (const [calls, { op, who, amount, wish }] of operations.entries()) {
        const [n, d] = due.get(who) ?? [0n, 1n]
        if (op === 'donate') {
          const given = donate(pot, shares.get(who) ?? null, amount, wish)
          pot = given.pot
          shares.set(who, given.share)
          due.set(who, [n + amount * d, d])
        } else if (op === 'burn' && pot.balance > 0n) {
          const before = pot.balance
          pot = burn(pot, 0n, (before * amount) / 1000n).pot
          for (const [donor, [of, by]] of due) due.set(donor, [of * pot.balance, by * before])
        } else if (op === 'reclaim') {
          const { value, ...back } = reclaim(pot, shares.get(who) ?? null)
          pot = back.pot
          assert.ok(abs(value * d - n) <= BigInt(calls) * d, `${value} of ${n / d} after ${calls} calls`)
          shares.delete(who)
          due.delete(who)
        }
      }
    }),
    { numRuns: scaled(300, 30_000) }
  )
})

test('pot - who has a minority moves the wanted copies by its part of the shares alone, however often it asks', () => {
  const amounts = fc.bigInt({ min: 1n, max: 2n ** 60n })
  const wishes = fc.array(fc.nat(16), { maxLength: 5 })
  fc.assert(
    fc.property(amounts, amounts, fc.nat(16), wishes, (few, more, modest, changes) => {
      const crowd = donate(EMPTY_POT, null, few + more, modest)
      let loud = donate(crowd.pot, null, few, 16)
      for (const wish of [...changes, 16]) loud = { ...loud, ...setWish(loud.pot, loud.share, wish) }
      const total = loud.pot.total
      const exact = (crowd.share.shares * BigInt(modest) + loud.share.shares * 16n) / total
      assert.equal(wantedCopies(loud.pot, 16), Number(exact))
      const part = (loud.share.shares * BigInt(16 - modest) + total - 1n) / total
      assert.ok(BigInt(wantedCopies(loud.pot, 16)) <= BigInt(modest) + part)
      assert.ok(
        wantedCopies(loud.pot, 16) <= modest + Math.ceil((16 - modest) / 2),
        'less than half of the way'
      )
    }),
    { numRuns: scaled(300, 30_000) }
  )
})

test('pot - a donation never lowers what the others’ shares are worth', () => {
  const amounts = fc.bigInt({ min: 1n, max: 2n ** 60n })
  fc.assert(
    fc.property(amounts, amounts, amounts, fc.nat(1000), (a, b, c, burned) => {
      const first = donate(EMPTY_POT, null, a, 1)
      const second = donate(first.pot, null, b, 1)
      const pot = burn(second.pot, 0n, (second.pot.balance * BigInt(burned)) / 1001n).pot
      fc.pre(pot.balance > 0n && pot.total <= pot.balance << 40n)
      const before = shareValue(pot, first.share)
      assert.ok(shareValue(donate(pot, null, c, 1).pot, first.share) >= before)
    })
  )
})

test('pot - more than a tenth of the shares is a large donor', () => {
  const small = donate(donate(EMPTY_POT, null, 90n, 1).pot, null, 10n, 1)
  assert.equal(isLargeDonor(small.pot, small.share), false)
  const large = donate(donate(EMPTY_POT, null, 89n, 1).pot, null, 11n, 1)
  assert.equal(isLargeDonor(large.pot, large.share), true)
  assert.equal(isLargeDonor(large.pot, null), false)
})

test('pot - a donation of nothing is refused', () => {
  assert.throws(
    () => donate(EMPTY_POT, null, 0n, 1),
    error => isDatdotError(error, 'BAD_AMOUNT')
  )
})

test('pot - no more is locked than is free, and nothing is reclaimed meanwhile', () => {
  const { pot, share } = donate(EMPTY_POT, null, 100n, 1)
  const locked = lock(pot, 60n)
  assert.throws(
    () => lock(locked, 41n),
    error => isDatdotError(error, 'UNDERFUNDED')
  )
  assert.throws(
    () => reclaim(locked, share),
    error => isDatdotError(error, 'UNDERFUNDED')
  )
  assert.equal(lock(locked, 40n).locked, 100n)
})

test('pot - a copy burns its own lock and what is free, never another copy’s lock', () => {
  const { pot } = donate(EMPTY_POT, null, 100n, 1)
  const both = lock(lock(pot, 30n), 50n)
  assert.throws(
    () => burn(both, 30n, 51n),
    error => isDatdotError(error, 'POT_EXHAUSTED')
  )
  assert.deepEqual(burn(both, 30n, 50n), { pot: { ...both, balance: 50n, locked: 50n }, copyLock: 0n })
})

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}
