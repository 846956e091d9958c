import assert from 'node:assert/strict'
import { test } from 'node:test'
import c from 'compact-encoding'
import fc from 'fast-check'
import { decodeMessage } from '../../src/wire/channel.ts'
import { WireRefusal } from '../../src/wire/errors.ts'
import type { Declaration } from '../../src/wire/messages.ts'
import { scaled } from '../helpers/long.ts'
import { MESSAGES, plain } from '../wire/values.ts'

const numRuns = scaled(1_000, 1_000_000)

/** Ways to harm a message: bytes replaced, its end cut off, bytes added, lengths and counts turned up to their most. */
const harm = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat({ max: 64 }), byte: fc.constant(0) }),
  fc.record({ kind: fc.constant('add' as const), at: fc.nat({ max: 8 }), byte: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('most' as const), at: fc.nat(), byte: fc.constantFrom(2, 4, 8) })
)
type Harm = typeof harm extends fc.Arbitrary<infer T> ? T : never

function harmed(message: Uint8Array, harms: readonly Harm[]): Uint8Array {
  let bytes = new Uint8Array(message)
  for (const { kind, at, byte } of harms) {
    if (kind === 'set' && bytes.length > 0) bytes[at % bytes.length] = byte
    if (kind === 'cut') bytes = bytes.slice(0, Math.max(0, bytes.length - at))
    if (kind === 'add') bytes = Uint8Array.from([...bytes, ...new Uint8Array(at).fill(byte)])
    if (kind === 'most' && bytes.length > 0) bytes.fill(255, at % bytes.length, (at % bytes.length) + byte)
  }
  return bytes
}

function decoded(declaration: Declaration<unknown>, bytes: Uint8Array): unknown {
  try {
    return decodeMessage(declaration, bytes)
  } catch (error) {
    assert.ok(error instanceof WireRefusal, String(error))
    return error
  }
}

/** All bytes in a value, and how many items its lists have. */
function parts(value: unknown): { bytes: Uint8Array[]; items: number } {
  if (value instanceof Uint8Array) return { bytes: [value], items: 1 }
  if (typeof value !== 'object' || value === null) return { bytes: [], items: 1 }
  const inner = Object.values(value).map(parts)
  return {
    bytes: inner.flatMap(one => one.bytes),
    items: inner.reduce((sum, one) => sum + one.items, 0)
  }
}

for (const [name, [declaration, values]] of Object.entries(MESSAGES)) {
  test(`fuzz wire - ${name}: decode(encode(m)) = m, within its bytes`, () => {
    fc.assert(
      fc.property(values, value => {
        const bytes = c.encode(declaration.encoding, value)
        assert.ok(bytes.byteLength <= declaration.maxBytes)
        assert.deepEqual(plain(decodeMessage(declaration, bytes)), plain(value))
      }),
      { numRuns }
    )
  })

  test(`fuzz wire - ${name}: any bytes are a message of exactly these bytes, or refused; nothing is copied or made up`, () => {
    const mutated = fc
      .tuple(values, fc.array(harm, { minLength: 1, maxLength: 4 }))
      .map(([value, harms]) => harmed(c.encode(declaration.encoding, value), harms))
    const random = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(fc.oneof({ arbitrary: mutated, weight: 3 }, random), bytes => {
        const value = decoded(declaration, bytes)
        if (value instanceof WireRefusal) return
        assert.deepEqual(new Uint8Array(c.encode(declaration.encoding, value)), bytes)
        const { bytes: views, items } = parts(value)
        for (const view of views) assert.equal(view.buffer, bytes.buffer)
        assert.ok(items <= bytes.length)
      }),
      { numRuns }
    )
  })

  test(`fuzz wire - ${name}: what a message claims beyond its bytes takes no memory`, () => {
    const claims: Uint8Array[] = []
    const [sample] = fc.sample(values, { numRuns: 1, seed: 1 })
    const message = c.encode(declaration.encoding, sample).subarray(0, 200)
    for (let at = 0; at < message.length; at++)
      for (const width of [1, 2, 4, 8])
        for (const most of [0x1f, 0x7f, 0xff]) {
          const bytes = Uint8Array.from(message).fill(0xff, at, at + width)
          bytes[Math.min(at + width, bytes.length) - 1] = most
          claims.push(bytes)
        }
    for (const bytes of claims) {
      const before = process.memoryUsage().arrayBuffers
      decoded(declaration, bytes)
      assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20)
    }
  })
}
