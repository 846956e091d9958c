import assert from 'node:assert/strict'
import test from 'node:test'
import { Declines } from '../../roles/declines.ts'
import type { Call } from '../../src/domain/calls.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'
import { constants } from '../helpers/chain-facts.ts'

const { signal } = new AbortController()

function declines(refusal: string | null) {
  const calls: Call[] = []
  const events: NodeEvent[] = []
  const chain = {
    constants,
    submit: async (call: Call) => {
      calls.push(call)
      if (refusal !== null) throw new DatdotError('CALL_REFUSED', refusal, { details: { name: refusal } })
      return { height: 47 }
    }
  }
  const sent = new Declines(chain, { emit: event => void events.push(event) })
  const send = (height: number, span = 10n) =>
    sent.send({ target: { span }, reason: 'Unavailable' }, 'why', height, signal)
  return { send, calls, events: () => events.map(event => event.type) }
}

test('declines - are sent and told of', async () => {
  const { send, calls, events } = declines(null)
  assert.equal(await send(45), 47)
  assert.deepEqual(calls, [{ call: 'decline', target: { span: 10n }, reason: 'Unavailable' }])
  assert.deepEqual(events(), ['declined'])
})

test('declines - none is sent until the next period once there were too many', async () => {
  const { send, calls, events } = declines('TooManyDeclines')
  assert.equal(await send(45), 60)
  assert.equal(await send(46), 60)
  assert.equal(await send(59, 11n), 60)
  assert.equal(calls.length, 1)
  assert.deepEqual(events(), ['warning'])
  assert.equal(await send(60), 80)
  assert.equal(calls.length, 2)
})

test('declines - any other refusal is a failure', async () => {
  const { send } = declines('NotYours')
  await assert.rejects(send(45), { code: 'CALL_REFUSED' })
})
