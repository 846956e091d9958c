import assert from 'node:assert/strict'
import test from 'node:test'
import type { ProofPlan } from '../../../roles/pinner/due.ts'
import { type PinnerNote, PinnerNotes } from '../../../roles/pinner/notes.ts'
import { DatdotError } from '../../../src/domain/errors.ts'
import type { CopyId, Period, SpanId } from '../../../src/domain/ids.ts'

const refuse = () => Promise.reject(new DatdotError('DISK_FULL'))
const full = <K, V>() => ({
  put: refuse,
  delete: refuse,
  entries: async function* (): AsyncGenerator<[K, V]> {}
})

test('pinner notes - a plan that cannot be kept holds all the same', async () => {
  const tables = { spans: full<SpanId, PinnerNote>(), plans: full<readonly [CopyId, Period], ProofPlan>() }
  const notes = new PinnerNotes(tables)
  await assert.rejects(notes.plan(1n, 3, { at: 65, done: false }), { code: 'DISK_FULL' })
  assert.deepEqual([...notes.plans], [['1/3', { at: 65, done: false }]])
  await assert.rejects(notes.forgetPlans(1n, 4), { code: 'DISK_FULL' })
  assert.deepEqual([...notes.plans], [])
})
