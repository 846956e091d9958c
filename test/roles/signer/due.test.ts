import assert from 'node:assert/strict'
import test from 'node:test'
import { signerDue } from '../../../roles/signer/due.ts'
import type { CopyView } from '../../../src/domain/view.ts'
import { copyView, ME, OTHER, spanView } from '../../helpers/views.ts'

const digest = (modulus: Uint8Array) => Buffer.from(modulus).toString('hex')
const modulus = Uint8Array.of(9)

function due(
  copies: CopyView[],
  height = 20,
  keys = new Map([[10n, { modulus: '09' }]]),
  noted = [] as bigint[]
) {
  return signerDue({ account: ME, height, copies }, keys, noted, digest).map(action => [
    action.kind,
    action.kind === 'destroy' ? action.spanId : action.span.id
  ])
}

test('signer due - prepares a span assigned to it', () => {
  assert.deepEqual(due([copyView()]), [['prepare', 10n]])
})

test('signer due - leaves spans of others alone', () => {
  assert.deepEqual(due([copyView({ spans: [spanView({ signer: OTHER })] })], 20, new Map()), [])
})

test('signer due - declines a span whose data did not come in time', () => {
  assert.deepEqual(due([copyView()], 60), [['prepare', 10n]])
  assert.deepEqual(due([copyView()], 61), [['decline', 10n]])
})

test('signer due - leaves a span past its deadline to its expiry', () => {
  assert.deepEqual(due([copyView()], 69), [['decline', 10n]])
  assert.deepEqual(due([copyView()], 70, new Map()), [])
})

test('signer due - encodes a keyed span whose key it holds', () => {
  assert.deepEqual(due([copyView({ spans: [spanView({ state: 'Keyed', modulus })] })]), [['encode', 10n]])
})

test('signer due - reports a keyed span whose key is not the one it holds', () => {
  const copies = [copyView({ spans: [spanView({ state: 'Keyed', modulus: Uint8Array.of(8) })] })]
  assert.deepEqual(due(copies), [['lost', 10n]])
})

for (const state of ['Sealed', 'Expired', 'Closed'] as const)
  test(`signer due - destroys the key of a span that is ${state}`, () => {
    assert.deepEqual(due([copyView({ spans: [spanView({ state, modulus })] })]), [['destroy', 10n]])
  })

test('signer due - destroys the key of a copy that ended or is unknown', () => {
  assert.deepEqual(due([copyView({ state: 'Ended' })]), [['destroy', 10n]])
  assert.deepEqual(due([]), [['destroy', 10n]])
})

test('signer due - spans being encoded come first, then those with the nearest deadline', () => {
  const spans = [70, 60, 50, 40, 30].map((deadline, number) => spanView({ number, deadline }))
  spans.push(spanView({ number: 5, state: 'Keyed', modulus, deadline: 500 }))
  const actions = due([copyView({ spans })], 20, new Map([[15n, { modulus: '09' }]]))
  assert.deepEqual(actions, [
    ['encode', 15n],
    ['prepare', 14n],
    ['prepare', 13n],
    ['prepare', 12n],
    ['prepare', 11n],
    ['prepare', 10n]
  ])
})

test('signer due - cleans up after a span of which data is here and no key', () => {
  assert.deepEqual(due([], 20, new Map(), [10n]), [['destroy', 10n]])
  assert.deepEqual(due([copyView()], 20, new Map(), [10n]), [['prepare', 10n]])
  assert.deepEqual(due([], 20, undefined, [10n]), [['destroy', 10n]])
})
