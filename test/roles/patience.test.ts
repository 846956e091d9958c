import assert from 'node:assert/strict'
import test from 'node:test'
import { withPatience } from '../../roles/patience.ts'
import { DatdotError } from '../../src/domain/errors.ts'

const stalled = () => new DatdotError('CORE_UNAVAILABLE')

/** Ends only when it is stopped. */
const hanging = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new DatdotError('ABORTED')), { once: true })
  })

test('patience - ends work without progress with the error given', async () => {
  const { signal } = new AbortController()
  await assert.rejects(withPatience({ signal, ms: 1, stalled }, hanging), { code: 'CORE_UNAVAILABLE' })
})

test('patience - progress puts the end off', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { signal } = new AbortController()
  let [progress, isOver] = [() => {}, false]
  const work = withPatience({ signal, ms: 100, stalled }, (limited, tick) => {
    progress = tick
    limited.addEventListener('abort', () => {
      isOver = true
    })
    return hanging(limited)
  })
  const ended = assert.rejects(work, { code: 'CORE_UNAVAILABLE' })
  for (let i = 0; i < 3; i++) {
    t.mock.timers.tick(99)
    progress()
    assert.equal(isOver, false)
  }
  t.mock.timers.tick(100)
  await ended
})

test('patience - an abort is an abort, and what work gives or throws is passed on', async () => {
  const role = new AbortController()
  const waiting = withPatience({ signal: role.signal, stalled }, hanging)
  role.abort()
  await assert.rejects(waiting, { code: 'ABORTED' })
  const { signal } = new AbortController()
  assert.equal(await withPatience({ signal, stalled }, async () => 5), 5)
  await assert.rejects(
    withPatience({ signal, stalled }, async () => Promise.reject(new DatdotError('CORE_FORKED'))),
    { code: 'CORE_FORKED' }
  )
})
