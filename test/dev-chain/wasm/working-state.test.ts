import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Hex } from '../../../src/dev-chain/hex.ts'
import { State } from '../../../src/dev-chain/state.ts'
import { WorkingState } from '../../../src/dev-chain/wasm/working-state.ts'

const key = fc.integer({ min: 0, max: 0xff }).map((n): Hex => `0x${n.toString(16).padStart(4, '0')}`)
const entries = fc.array(fc.tuple(key, fc.constant<Hex>('0x00')), { maxLength: 20 })
const step = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    key,
    value: fc.constantFrom<Hex | null>('0x01', '0x02', null)
  }),
  fc.record({
    kind: fc.constant('clear' as const),
    prefix: fc.constantFrom<Hex>('0x000', '0x001', '0x00a1')
  }),
  fc.record({ kind: fc.constantFrom('begin' as const, 'commit' as const, 'rollback' as const) })
)

test('working state - reads as a map of which copies are set aside and brought back', () => {
  fc.assert(
    fc.property(entries, fc.array(step, { maxLength: 40 }), key, (first, steps, after) => {
      const state = new WorkingState(new State(first))
      let model = new Map(first)
      const aside: Map<Hex, Hex>[] = []
      for (const made of steps) {
        if (made.kind === 'set' && made.value === null) model.delete(made.key)
        else if (made.kind === 'set') model.set(made.key, made.value as Hex)
        else if (made.kind === 'clear')
          for (const name of [...model.keys()]) if (name.startsWith(made.prefix)) model.delete(name)
        if (made.kind === 'set') state.set(made.key, made.value)
        else if (made.kind === 'clear') state.clearPrefix(made.prefix, Number.POSITIVE_INFINITY)
        else state[made.kind]()
        if (made.kind === 'begin') aside.push(new Map(model))
        else if (made.kind === 'commit') aside.pop()
        else if (made.kind === 'rollback') model = aside.pop() ?? model
      }
      for (const name of new Set([...first.map(([known]) => known), ...model.keys()]))
        assert.equal(state.get(name), model.get(name))
      const following = [...model.keys()].sort().filter(name => name > after)
      const under = after.slice(0, 5) as Hex
      assert.equal(state.nextKey('0x', after), following[0])
      assert.equal(
        state.nextKey(under, after),
        following.find(name => name.startsWith(under))
      )
    })
  )
})

test('working state - items go to the end of a vector, and what is none becomes one', () => {
  const state = new WorkingState(new State([['0x01', '0x']]))
  for (let i = 0; i < 70; i++) state.append('0x01', '0xabcd')
  // 70 as a compact number of two bytes.
  assert.equal(state.get('0x01'), `0x1901${'abcd'.repeat(70)}`)
})

test('working state - a limit counts the keys that were there before, and says whether some are left', () => {
  const state = new WorkingState(new State(['0x0001', '0x0002', '0x0003'].map(name => [name as Hex, '0x00'])))
  state.set('0x0004', '0x00')
  assert.deepEqual(state.clearPrefix('0x00', 2), { removed: 2, all: false })
  assert.deepEqual(
    [state.get('0x0002'), state.get('0x0003'), state.get('0x0004')],
    [undefined, '0x00', undefined]
  )
})
