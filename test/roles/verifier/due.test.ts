import assert from 'node:assert/strict'
import test from 'node:test'
import { type CheckProgress, closesAt, planCheck, verifierDue } from '../../../roles/verifier/due.ts'
import { copyView } from '../../helpers/views.ts'

const constants = { period: 20, grace: 2 }
const copy = copyView({ state: 'Active', firstPeriod: 3, lastSettled: 2 })

function due(
  height: number,
  checks: Record<string, Partial<CheckProgress>> = {},
  copies = [copy],
  undrawn = new Map<number, Set<bigint>>()
): string[] {
  const known = new Map(
    Object.entries(checks).map(([key, check]) => [
      key,
      { period: 3, at: 65, stage: 'planned', ...check } as const
    ])
  )
  return verifierDue({ height, constants, copies }, { checks: known, undrawn }).map(action => {
    if (action.kind === 'forget') return `forget ${action.key}`
    const ids = action.kind === 'draw' ? action.copies.map(({ id }) => id).join(',') : action.copy.id
    return `${action.kind} ${ids}/${action.period}`
  })
}

test('verifier due - draws once a period of a copy is open', () => {
  assert.deepEqual(due(59), [])
  assert.deepEqual(due(60), ['draw 1/3'])
  assert.deepEqual(due(60, {}, [copyView()]), [])
})

test('verifier due - does nothing when it was not drawn', () => {
  assert.deepEqual(due(70, {}, [copy], new Map([[3, new Set([1n])]])), [])
})

test('verifier due - draws for all copies of a period at once', () => {
  const copies = [1n, 2n, 3n, 4n].map(id => copyView({ ...copy, id }))
  const undrawn = new Map([[3, new Set([2n])]])
  assert.deepEqual(due(66, { '1/3': { stage: 'checked' } }, copies, undrawn), ['report 1/3', 'draw 3,4/3'])
})

test('verifier due - checks from the planned height on', () => {
  assert.deepEqual(due(64, { '1/3': {} }), [])
  assert.deepEqual(due(65, { '1/3': {} }), ['check 1/3'])
})

test('verifier due - does not begin a check that could only be hurried', () => {
  assert.deepEqual(due(75, { '1/3': {} }), ['check 1/3'])
  assert.deepEqual(due(76, { '1/3': {} }), [])
})

test('verifier due - reports what it checked, once', () => {
  assert.deepEqual(due(66, { '1/3': { stage: 'checked' } }), ['report 1/3'])
  assert.deepEqual(due(66, { '1/3': { stage: 'reported' } }), [])
})

test('verifier due - reports the last period while its grace runs, then forgets it', () => {
  assert.deepEqual(due(81, { '1/3': { stage: 'checked' } }), ['report 1/3', 'draw 1/4'])
  assert.deepEqual(due(82, { '1/3': { stage: 'checked' } }), ['draw 1/4', 'forget 1/3'])
})

test('verifier due - does not check a period that is settled', () => {
  const settled = copyView({ state: 'Active', firstPeriod: 3, lastSettled: 3 })
  assert.deepEqual(due(70, { '1/3': {} }, [settled]), [])
})

test('planCheck - lies in the first 60 % of the period and not in the past', () => {
  assert.equal(planCheck(3, 20, 60, 0), 60)
  assert.equal(planCheck(3, 20, 60, 0.999999), 71)
  assert.equal(planCheck(3, 20, 78, 0.1), 78)
})

test('closesAt - is the end of the period and its grace', () => {
  assert.equal(closesAt(constants, 3), 82)
})
