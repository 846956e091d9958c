import assert from 'node:assert/strict'
import { test } from 'node:test'
import c from 'compact-encoding'
import fc from 'fast-check'
import { decodeMessage } from '../../src/wire/channel.ts'
import { REFUSALS, refusalName, refusedBy, WireRefusal } from '../../src/wire/errors.ts'
import { CHECK, COPY, type Declaration, MAX_CELLS } from '../../src/wire/messages.ts'

const span = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const u32 = fc.nat({ max: 0xffff_ffff })
const u16 = fc.nat({ max: 0xffff })
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 })
const cells = fc.integer({ min: 1, max: MAX_CELLS }).map(n => new Uint8Array(256 * n).fill(n))
const leaf = fc.record({
  data: fc.integer({ min: 1, max: 4 }).map(n => new Uint8Array(256 * n).fill(n)),
  path: fc.array(hash, { maxLength: 53 })
})

/** Each message: its declaration and all its values. */
const MESSAGES: Record<string, [Declaration<unknown>, fc.Arbitrary<unknown>]> = {
  'copy open': [declared(COPY.messages.open), fc.record({ span, cells: count })],
  'copy cells': [declared(COPY.messages.cells), fc.record({ first: count, cells })],
  'copy ack': [declared(COPY.messages.ack), fc.record({ cells: count })],
  'copy checkpoint': [
    declared(COPY.messages.checkpoint),
    fc.record({ leaves: count, root: hash, signature })
  ],
  'copy seal': [declared(COPY.messages.seal), fc.record({ cells: count, root: hash, signature })],
  'copy refuse': [declared(COPY.messages.refuse), fc.record({ code: u16 })],
  'check leaves': [
    declared(CHECK.messages.leaves),
    fc.record({ request: u32, span, indexes: fc.array(count, { minLength: 1, maxLength: 64 }) })
  ],
  'check proofs': [
    declared(CHECK.messages.proofs),
    fc.record({
      request: u32,
      peaks: fc.array(hash, { maxLength: 53 }),
      leaves: fc.array(leaf, { maxLength: 64 })
    })
  ],
  'check receipt': [
    declared(CHECK.messages.receipt),
    fc.record({ request: u32, copy: span, period: u32, account: hash })
  ],
  'check signature': [declared(CHECK.messages.signature), fc.record({ request: u32, signature })],
  'check refuse': [declared(CHECK.messages.refuse), fc.record({ request: u32, code: u16 })]
}

function declared<T>(declaration: Declaration<T>): Declaration<unknown> {
  return declaration as Declaration<unknown>
}

function decodeOrRefusal(declaration: Declaration<unknown>, bytes: Uint8Array): unknown {
  try {
    return decodeMessage(declaration, bytes)
  } catch (error) {
    assert.ok(error instanceof WireRefusal, String(error))
    return error
  }
}

test('messages - the table above holds every declared message', () => {
  const all = [...Object.values(COPY.messages), ...Object.values(CHECK.messages)]
  assert.deepEqual(new Set(Object.values(MESSAGES).map(([declaration]) => declaration)), new Set(all))
})

for (const [name, [declaration, values]] of Object.entries(MESSAGES)) {
  test(`messages - ${name}: decode(encode(m)) = m, within its bytes`, () => {
    fc.assert(
      fc.property(values, value => {
        const bytes = c.encode(declaration.encoding, value)
        assert.ok(bytes.byteLength <= declaration.maxBytes)
        assert.deepEqual(plain(decodeMessage(declaration, bytes)), plain(value))
      }),
      { numRuns: 100 }
    )
  })

  test(`messages - ${name}: any bytes give the message of exactly these bytes, or a refusal`, () => {
    const mutated = fc
      .record({ value: values, at: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.nat({ max: 3 }) })
      .map(({ value, at, byte, cut }) => {
        const bytes = new Uint8Array(c.encode(declaration.encoding, value))
        bytes[at % bytes.length] = byte
        return bytes.subarray(0, bytes.length - cut)
      })
    const random = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(fc.oneof(mutated, random), bytes => {
        const value = decodeOrRefusal(declaration, bytes)
        if (value instanceof WireRefusal) return
        assert.deepEqual(new Uint8Array(c.encode(declaration.encoding, value)), new Uint8Array(bytes))
      }),
      { numRuns: 1_000 }
    )
  })

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

/** Buffers and typed arrays alike as arrays of numbers, to compare values. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
  }
  return value
}
