import assert from 'node:assert/strict'
import test from 'node:test'
import { periodDraw } from '../../../roles/drawn.ts'
import { readStatus } from '../../../roles/supporter/status.ts'
import { openBoth } from '../../chain-client/local-chain.ts'
import { CORE } from '../../helpers/views.ts'

test('status - in the first period of a chain there is none before it', async t => {
  const { client } = await openBoth(t)
  const snapshot = await client.snapshot()
  const status = await readStatus(snapshot, client.constants.period, CORE, null)
  assert.equal(status.period, 0)
  assert.deepEqual(status.notes, ['the core is not published on this chain: pin it first'])
  const reader = {
    constants: client.constants,
    params: () => snapshot.params(),
    period: (index: number) => snapshot.periodAt(index),
    record: async () => null,
    verifierSlots: async () => [],
    accused: async () => []
  }
  assert.equal(await periodDraw(reader, 0), null)
})
