import assert from 'node:assert/strict'
import { test } from 'node:test'
import c from 'compact-encoding'
import { decodeMessage } from '../../src/wire/channel.ts'
import { REFUSALS, refusalName, refusedBy, WireRefusal } from '../../src/wire/errors.ts'
import { CHECK, COPY, type Declaration } from '../../src/wire/messages.ts'
import { declared, MESSAGES } from './values.ts'

function decodeOrRefusal(declaration: Declaration<unknown>, bytes: Uint8Array): unknown {
  try {
    return decodeMessage(declaration, bytes)
  } catch (error) {
    assert.ok(error instanceof WireRefusal, String(error))
    return error
  }
}

test('messages - the table of values holds every declared message', () => {
  const all = [...Object.values(COPY.messages), ...Object.values(CHECK.messages)]
  assert.deepEqual(new Set(Object.values(MESSAGES).map(([declaration]) => declaration)), new Set(all))
})

for (const [name, [declaration]] of Object.entries(MESSAGES)) {
  test(`messages - ${name}: a message above its bytes is TooLarge before it is read`, () => {
    const refusal = decodeOrRefusal(declaration, new Uint8Array(declaration.maxBytes + 1))
    assert.ok(refusal instanceof WireRefusal)
    assert.equal(refusal.refusal, 'TooLarge')
  })
}

test('messages - cells: half a cell, no cell and 257 cells are Malformed', () => {
  const { encoding } = COPY.messages.cells
  const whole = c.encode(encoding, { first: 0, cells: new Uint8Array(256) })
  for (const length of [0, 128, 300, 257 * 256]) {
    const bytes = Buffer.alloc(12 + Math.min(length, 256 * 256))
    whole.copy(bytes, 0, 0, 8)
    bytes.writeUInt32LE(length, 8)
    const refusal = decodeOrRefusal(declared(COPY.messages.cells), bytes)
    assert.ok(refusal instanceof WireRefusal)
    assert.equal(refusal.refusal, 'Malformed')
  }
})

test('messages - a u64 above 2^53 where a count stands is Malformed', () => {
  const refusal = decodeOrRefusal(declared(COPY.messages.ack), Buffer.from('ffffffffffffffff', 'hex'))
  assert.ok(refusal instanceof WireRefusal)
  assert.equal(refusal.refusal, 'Malformed')
})

test('messages - the numbers of refusals are each used once and have a name and an error', () => {
  const codes = Object.values(REFUSALS).map(({ code }) => code)
  assert.equal(new Set(codes).size, codes.length)
  for (const [name, { code, error }] of Object.entries(REFUSALS)) {
    assert.equal(refusalName(code), name)
    assert.equal(refusedBy(code).code, error)
  }
  assert.equal(refusalName(999), null)
  assert.equal(refusedBy(999).code, 'WIRE_REFUSED')
})
