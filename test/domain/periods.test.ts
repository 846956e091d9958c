import assert from 'node:assert/strict'
import test from 'node:test'
import { isPeriodOfCopy } from '../../src/domain/periods.ts'

test('periods - a period belongs to a copy when its seed came two windows after the last seal', () => {
  assert.equal(isPeriodOfCopy({ earliestSeed: 5 }, { seedIndex: 4 }), false)
  assert.equal(isPeriodOfCopy({ earliestSeed: 5 }, { seedIndex: 5 }), true)
})
