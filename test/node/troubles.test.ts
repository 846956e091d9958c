import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import test from 'node:test'
import { DatdotError } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'
import type { HyperEvents } from '../../src/hyper/node.ts'
import { tellTroubles } from '../../src/node/troubles.ts'
import { CheckServer } from '../../src/wire/check-server.ts'
import { CopyReceivers } from '../../src/wire/copy-receiver.ts'

function scene() {
  const told: string[] = []
  let time = 0
  const sources = {
    hyper: new EventEmitter<HyperEvents>(),
    receivers: new CopyReceivers(),
    checks: new CheckServer()
  }
  const emit = (event: NodeEvent) => told.push(event.type === 'warning' ? event.code : event.type)
  tellTroubles(sources, emit, () => time)
  return { ...sources, told, wait: (ms: number) => (time += ms) }
}

const violation = {
  peer: 'ab',
  protocol: 'datdot/copy/1',
  refusal: 'CellInvalid',
  message: 'cell 3'
} as const

test('troubles - what peers do wrong, what fails here and what forks is warned of, what closing cut off is not', () => {
  const { hyper, receivers, checks, told } = scene()
  receivers.emit('violation', violation)
  checks.emit('violation', { ...violation, refusal: 'Malformed' })
  checks.emit('failure', { peer: 'ab', error: new DatdotError('ABORTED') })
  checks.emit('failure', { peer: 'ab', error: new DatdotError('DISK_FULL') })
  hyper.emit('fork-refused', { coreKey: 'cd', fork: 2, length: 5 })
  assert.deepEqual(told, ['CELL_INVALID', 'WIRE_BAD_MESSAGE', 'DISK_FULL', 'CORE_FORKED'])
})

test('troubles - the same one is told once a minute, and a flood of peers is cut', () => {
  const { receivers, told, wait } = scene()
  receivers.emit('violation', violation)
  wait(59_999)
  receivers.emit('violation', violation)
  assert.equal(told.length, 1)
  wait(1)
  receivers.emit('violation', violation)
  assert.equal(told.length, 2)
  for (let i = 0; i < 1_000; i++) receivers.emit('violation', { ...violation, peer: String(i) })
  assert.ok(told.length <= 258)
})
