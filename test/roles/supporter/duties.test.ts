import assert from 'node:assert/strict'
import { test } from 'node:test'
import { due, PATIENCE } from '../../../roles/supporter/duties.ts'
import type { CopyState, SpanState } from '../../../src/domain/states.ts'
import type { CopyView, RequestView, SpanView } from '../../../src/domain/view.ts'

const hash = new Uint8Array(32)
const tree = { fork: 0n, length: 1, byteLength: 1, treeHash: hash }

const request = (requestId: bigint, seed: number): RequestView => ({
  coreKey: 'aa',
  slot: Number(requestId),
  requestId,
  seed,
  attempt: 0,
  tree
})

const span = (id: bigint, state: SpanState, deadline: number | null): SpanView => ({
  id,
  copyId: 1n,
  number: 0,
  signer: null,
  signerNoiseKey: null,
  start: 0,
  end: 1,
  byteStart: 0,
  byteLength: 1,
  e: 0,
  modulus: null,
  beacon: hash,
  tag: null,
  cells: 0,
  root: null,
  state,
  x: 0n,
  assignedAt: 0,
  deadline
})

const copy = (state: CopyState, spans: SpanView[]): CopyView => ({
  id: 1n,
  coreKey: 'aa',
  tree,
  slot: 0,
  requestId: 0n,
  seed: 0,
  assignedAt: 0,
  endsAfter: null,
  endedAt: null,
  pinner: 'bb',
  pinnerNoiseKey: 'cc',
  state,
  reason: null,
  spans,
  prices: { x: 0n, y: 0n, z: 0n, parts: 8 },
  locked: 0n,
  firstPeriod: null,
  earliestSeed: 0,
  lastSettled: 0,
  faults: 0,
  misses: 0,
  passes: 0,
  unfunded: 0
})

test('supporter duties - the oldest request is assigned, PATIENCE blocks after its seed', () => {
  const requests = [request(2n, 3), request(1n, 7)]
  assert.deepEqual(due(7 * 5 + PATIENCE - 1, 5, requests, []), [])
  assert.deepEqual(due(7 * 5 + PATIENCE, 5, requests, []), [{ do: 'assign' }])
})

test('supporter duties - a span is expired PATIENCE blocks after its deadline, one a copy', () => {
  const copies = [copy('Setup', [span(1n, 'Sealed', null), span(2n, 'Keyed', 50), span(3n, 'Assigned', 50)])]
  assert.deepEqual(due(50 + PATIENCE, 5, [], copies), [])
  assert.deepEqual(due(51 + PATIENCE, 5, [], copies), [{ do: 'expire', span: 2n }])
})

for (const state of ['Active', 'Ended', 'Failed'] as const)
  test(`supporter duties - a copy that is ${state} has nothing to expire`, () => {
    assert.deepEqual(due(1_000, 5, [], [copy(state, [span(1n, 'Assigned', 1)])]), [])
  })

test('supporter duties - nothing is due without requests and copies', () => {
  assert.deepEqual(due(1_000_000, 5, [], []), [])
})
