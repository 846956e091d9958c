import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../src/clock.ts'

test('clock - sleep lasts at least its time on the steady clock', async () => {
  const before = systemClock.monotonic()
  await systemClock.sleep(20)
  assert.ok(systemClock.monotonic() - before >= 19)
})

test('clock - sleep ends with ABORTED when the signal fires, before and during', async () => {
  const aborting = new AbortController()
  const sleeping = systemClock.sleep(2 ** 40, aborting.signal)
  aborting.abort()
  await assert.rejects(sleeping, { code: 'ABORTED' })
  await assert.rejects(systemClock.sleep(0, aborting.signal), { code: 'ABORTED' })
})
