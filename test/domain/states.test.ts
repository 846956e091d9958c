import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COPY_MACHINE, SPAN_MACHINE, transition } from '../../src/domain/states.ts'
import { vectors } from './fixtures.ts'

test('states - the tables are the chain’s', () => {
  assert.deepEqual({ copy: COPY_MACHINE, span: SPAN_MACHINE }, vectors('states.json'))
})

test('states - an event that is not in the table leads nowhere', () => {
  assert.equal(transition(COPY_MACHINE, 'Setup', 'AllSealed'), 'Active')
  for (const state of ['Ended', 'Failed'] as const)
    for (const event of COPY_MACHINE.events) assert.equal(transition(COPY_MACHINE, state, event), null)
})
