import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Hex } from '../../src/dev-chain/hex.ts'
import { type ExtrinsicStatus, Pool } from '../../src/dev-chain/pool.ts'
import type { Validity } from '../../src/dev-chain/validity.ts'

const tag = (account: number, nonce: number): Hex =>
  `0x${account.toString(16).padStart(4, '0')}${nonce.toString(16).padStart(4, '0')}`
const hashOf = (account: number, nonce: number, variant = 0): Hex =>
  `${tag(account, nonce)}${variant.toString(16).padStart(4, '0')}`

function validity(account: number, nonce: number, onChain = 0, priority = 1n, longevity = 64n): Validity {
  return {
    priority,
    longevity,
    requires: nonce > onChain ? [tag(account, nonce - 1)] : [],
    provides: [tag(account, nonce)]
  }
}

function add(
  pool: Pool,
  account: number,
  nonce: number,
  options: { priority?: bigint; variant?: number } = {}
) {
  const statuses: ExtrinsicStatus[] = []
  const hash = hashOf(account, nonce, options.variant)
  const refusal = pool.add(hash, hash, validity(account, nonce, 0, options.priority), 0, s =>
    statuses.push(s)
  )
  pool.announce(hash)
  return { hash, refusal, statuses }
}

test('pool - a future nonce waits until the gap is filled', () => {
  const pool = new Pool()
  const second = add(pool, 1, 1)
  assert.deepEqual(pool.take(10, 1e6), [])
  assert.equal(pool.hasReady, false)
  assert.deepEqual(second.statuses, ['future'])
  const first = add(pool, 1, 0)
  assert.deepEqual(pool.take(10, 1e6), [first.hash, second.hash])
  assert.deepEqual(second.statuses, ['future', 'ready', { broadcast: [] }])
})

test('pool - a nonce whose predecessor is in a block is ready', () => {
  const pool = new Pool()
  const first = add(pool, 1, 0)
  const second = add(pool, 1, 1)
  assert.deepEqual(pool.take(1, 1e6), [first.hash])
  pool.included([first.hash], '0xb1', 1)
  assert.deepEqual(pool.take(1, 1e6), [second.hash])
  assert.deepEqual(first.statuses.slice(-2), [{ inBlock: '0xb1' }, { finalized: '0xb1' }])
  // Checked against the head before that block, and added after it.
  const late = hashOf(1, 2)
  pool.included([second.hash], '0xb2', 2)
  assert.equal(pool.add(late, late, validity(1, 2), 1), null)
  assert.deepEqual(pool.take(1, 1e6), [late])
})

test('pool - what does not fit stays for the next block', () => {
  const pool = new Pool()
  for (let nonce = 0; nonce < 30; nonce++) add(pool, 1, nonce)
  const first = pool.take(20, 1e6)
  assert.equal(first.length, 20)
  pool.included(first, '0xb1', 1)
  assert.equal(pool.take(20, 1e6).length, 10)
  assert.equal(pool.take(20, 3 * hashOf(1, 0).length).length, 3)
})

test('pool - a higher priority replaces the same nonce, the same does not', () => {
  const pool = new Pool()
  const first = add(pool, 1, 0)
  assert.equal(add(pool, 1, 0, { variant: 1 }).refusal, 'priority')
  assert.equal(add(pool, 1, 0).refusal, 'known')
  const better = add(pool, 1, 0, { variant: 2, priority: 2n })
  assert.equal(better.refusal, null)
  assert.deepEqual(first.statuses.at(-1), { usurped: better.hash })
  assert.deepEqual(pool.take(10, 1e6), [better.hash])
})

test('pool - one that is replaced while its block is made lets the next nonce in all the same', () => {
  const pool = new Pool()
  const first = add(pool, 1, 0)
  const second = add(pool, 1, 1)
  assert.deepEqual(pool.take(1, 1e6), [first.hash])
  const better = add(pool, 1, 0, { variant: 1, priority: 2n })
  pool.included([first.hash], '0xb1', 1)
  assert.deepEqual(first.statuses.at(-1), { usurped: better.hash })
  pool.remove(better.hash, 'invalid')
  assert.deepEqual(pool.take(10, 1e6), [second.hash])
})

test('pool - it holds 128 MiB of hex and no more, replacements counted', () => {
  const pool = new Pool()
  const mebi: Hex = `0x${'0'.repeat(2 ** 20 - 2)}`
  const put = (nonce: number, extrinsic: Hex, priority = 1n, variant = 0) =>
    pool.add(hashOf(1, nonce, variant), extrinsic, validity(1, nonce, 0, priority), 0)
  for (let nonce = 0; nonce < 128; nonce++) assert.equal(put(nonce, mebi), null)
  assert.equal(put(128, '0x00'), 'full')
  assert.equal(put(0, `${mebi}00`, 2n, 1), 'full')
  assert.equal(pool.has(hashOf(1, 0)), true)
  assert.equal(put(0, mebi, 2n, 1), null)
  assert.equal(pool.has(hashOf(1, 0)), false)
})

test('pool - an extrinsic past its era is invalid', () => {
  const pool = new Pool()
  const statuses: ExtrinsicStatus[] = []
  pool.add('0xaa', '0xaa', { ...validity(1, 5), longevity: 3n }, 10, s => statuses.push(s))
  pool.included([], '0xb1', 12)
  assert.equal(pool.has('0xaa'), true)
  pool.included([], '0xb2', 13)
  assert.equal(pool.has('0xaa'), false)
  assert.deepEqual(statuses, ['invalid'])
})

test('pool - in whatever order extrinsics arrive, all are taken once, each account in order of nonce', () => {
  const arrivals = fc.uniqueArray(fc.record({ account: fc.nat(3), nonce: fc.nat(12) }), {
    selector: ({ account, nonce }) => tag(account, nonce)
  })
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 5 }), (extrinsics, size) => {
      const pool = new Pool()
      for (const { account, nonce } of extrinsics) add(pool, account, nonce)
      const taken: Hex[] = []
      for (let height = 1; pool.hasReady; height++) {
        const block = pool.take(size, 1e6)
        pool.included(block, '0xbb', height)
        taken.push(...block)
      }
      const nonces = new Map<number, number[]>([0, 1, 2, 3].map(account => [account, []]))
      for (const hash of taken)
        nonces.get(Number.parseInt(hash.slice(2, 6), 16))?.push(Number.parseInt(hash.slice(6, 10), 16))
      for (const [account, own] of nonces) {
        const offered = new Set(extrinsics.filter(x => x.account === account).map(x => x.nonce))
        const expected: number[] = []
        for (let nonce = 0; offered.has(nonce); nonce++) expected.push(nonce)
        assert.deepEqual(own, expected)
      }
    })
  )
})
