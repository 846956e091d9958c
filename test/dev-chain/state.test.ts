import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Hex } from '../../src/dev-chain/hex.ts'
import { State } from '../../src/dev-chain/state.ts'

const key = fc.integer({ min: 0, max: 0xfff }).map((n): Hex => `0x${n.toString(16).padStart(4, '0')}`)
const prefix = fc.constantFrom<Hex>('0x', '0x0', '0x00', '0x05', '0x0a1')
const value = fc.option(fc.constantFrom<Hex>('0x01', '0x02'), { nil: null })
const changes = fc.array(fc.tuple(key, value), { maxLength: 40 }).map(list => new Map(list))
const entries = fc.array(fc.tuple(key, fc.constant<Hex>('0x00')), { maxLength: 40 })

function present(model: ReadonlyMap<Hex, Hex | null>): Hex[] {
  return [...model]
    .filter(([, held]) => held !== null)
    .map(([name]) => name)
    .sort()
}

test('state - after changes it lists what a map of them holds, and undo brings the old one back', () => {
  fc.assert(
    fc.property(entries, changes, prefix, key, (first, made, under, after) => {
      const state = new State(first)
      const before = [...state.entries()].sort()
      const undo = state.undo(made)
      state.apply(made)
      const expected = present(new Map<Hex, Hex | null>([...first, ...made]))
      assert.deepEqual(state.page('0x', 1_000, null), expected)
      const below = expected.filter(name => name.startsWith(under))
      assert.deepEqual(state.page(under, 3, null), below.slice(0, 3))
      assert.deepEqual(state.page(under, 3, after), below.filter(name => name > after).slice(0, 3))
      const next = expected.find(name => name > after)
      assert.equal(state.nextKey(under, after), next?.startsWith(under) ? next : undefined)
      state.apply(undo)
      assert.deepEqual([...state.entries()].sort(), before)
    })
  )
})
