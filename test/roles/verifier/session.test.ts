import assert from 'node:assert/strict'
import test from 'node:test'
import { askPinner, PinnerFault } from '../../../roles/verifier/session.ts'
import { DatdotError, type ErrorCode } from '../../../src/domain/errors.ts'

function steps() {
  const [role, limit] = [new AbortController(), new AbortController()]
  return { role, limit, limits: { signal: role.signal, limit: limit.signal, retryMs: 0 } }
}

const failing = (code: ErrorCode) => async () => Promise.reject(new DatdotError(code))

test('askPinner - asks again after a refusal', async () => {
  const { limits } = steps()
  const errors: ErrorCode[] = ['WIRE_REFUSED', 'WIRE_RATE_LIMITED', 'NOT_FOUND']
  const ask = async () => {
    const code = errors.shift()
    if (code !== undefined) throw new DatdotError(code)
    return 5
  }
  assert.equal(await askPinner(limits, ask), 5)
})

test('askPinner - a refusal until the limit is the pinner’s fault', async () => {
  const { limits, limit } = steps()
  let asked = 0
  const ask = async () => {
    asked += 1
    if (asked === 3) limit.abort()
    throw new DatdotError('WIRE_REFUSED', 'not drawn')
  }
  await assert.rejects(askPinner(limits, ask), {
    name: 'PinnerFault',
    outcome: 'TimedOut',
    message: 'not drawn'
  })
  assert.equal(asked, 3)
})

test('askPinner - broken messages are wrong data, a lost or late pinner has timed out', async () => {
  const { limits } = steps()
  for (const [code, outcome] of [
    ['WIRE_BAD_MESSAGE', 'WrongData'],
    ['WIRE_OUT_OF_ORDER', 'WrongData'],
    ['WIRE_CLOSED', 'TimedOut'],
    ['PEER_UNREACHABLE', 'TimedOut'],
    ['ABORTED', 'TimedOut']
  ] as const)
    await assert.rejects(askPinner(limits, failing(code)), { name: 'PinnerFault', outcome })
})

test('askPinner - trouble of this node is no fault of the pinner', async () => {
  const { limits, role } = steps()
  for (const code of ['DISK_FULL', 'DHT_UNREACHABLE'] as const)
    await assert.rejects(askPinner(limits, failing(code)), { code })
  await assert.rejects(
    askPinner(limits, async () => Promise.reject(new Error('x'))),
    { message: 'x' }
  )
  role.abort(new DatdotError('ABORTED', 'the role is closing'))
  await assert.rejects(askPinner(limits, failing('WIRE_CLOSED')), error => {
    return !(error instanceof PinnerFault) && error === role.signal.reason
  })
})
