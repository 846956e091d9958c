import fc from 'fast-check'
import { CHECK, COPY, type Declaration, MAX_CELLS } from '../../src/wire/messages.ts'

const span = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const u32 = fc.nat({ max: 0xffff_ffff })
const u16 = fc.nat({ max: 0xffff })
const hash = filled(32)
const signature = filled(64)
const cells = fc.integer({ min: 1, max: MAX_CELLS }).map(n => new Uint8Array(256 * n).fill(n))
const leaf = fc.record({
  data: fc.integer({ min: 1, max: 4 }).map(n => new Uint8Array(256 * n).fill(n)),
  path: fc.array(hash, { maxLength: 53 })
})

/** Each message: its declaration and all its values. */
export const MESSAGES: Record<string, [Declaration<unknown>, fc.Arbitrary<unknown>]> = {
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

export function declared<T>(declaration: Declaration<T>): Declaration<unknown> {
  return declaration as Declaration<unknown>
}

/** Bytes of one value: messages hold thousands of hashes, and random ones take fast-check seconds. */
function filled(length: number): fc.Arbitrary<Uint8Array> {
  return fc.nat({ max: 255 }).map(byte => new Uint8Array(length).fill(byte))
}

/** Buffers and typed arrays alike as hex digits, to compare values. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
  }
  return value
}
