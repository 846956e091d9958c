import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import c, { type Encoding } from 'compact-encoding'
import fc from 'fast-check'
import { blake2b256 as hash } from '../../src/codec/hash.ts'
import { verifyEd25519 } from '../../src/codec/signature.ts'
import { concat, u64 } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { parseManifest } from '../../src/domain/manifest.ts'
import type { OffsetStep } from '../../src/domain/publish.ts'
import { byteLengthOf, verifyCuts, verifyOffset, verifyTree } from '../../src/domain/publish.ts'
import { scaled } from '../helpers/long.ts'

const numRuns = scaled(1_000, 1_000_000)
/** hypercore's own encoding of manifests. */
const theirs: Encoding<unknown> = createRequire(import.meta.url)('hypercore/lib/messages').manifest

/** compact-encoding's integer, as short as it can be. */
function minimal(value: bigint): Uint8Array {
  if (value < 0xfdn) return Uint8Array.of(Number(value))
  const [first, width] = value < 2n ** 16n ? [0xfd, 2] : value < 2n ** 32n ? [0xfe, 4] : [0xff, 8]
  return concat(Uint8Array.of(first), u64(value).slice(0, width))
}

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** A compact-encoding integer, also longer than it needs to be, or without its end. */
const uint = fc.oneof(
  fc.nat({ max: 0xfc }).map(value => Uint8Array.of(value)),
  fc
    .tuple(fc.constantFrom(0xfd, 0xfe, 0xff), fc.uint8Array({ maxLength: 8 }))
    .map(([first, rest]) => concat(Uint8Array.of(first), rest)),
  fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }).map(value => minimal(value))
)
const head = fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 31 }))
/** Bytes that look like a manifest, and perhaps are one. */
const manifests = fc
  .record({
    head,
    ns: bytes32,
    pk: bytes32,
    hash: bytes32,
    length: uint,
    links: fc.array(bytes32, { maxLength: 3 }),
    data: fc.uint8Array({ maxLength: 300 })
  })
  .map(({ head: [version, flags], ns, pk, hash: prologue, length, links, data }) =>
    version === 0
      ? concat(Uint8Array.of(0, 0, 1, 0), ns, pk)
      : concat(
          Uint8Array.of(version, flags, 0, 1, 1, 0),
          ns,
          pk,
          ...(flags & 2 ? [prologue, length] : []),
          ...(flags & 4 ? [Uint8Array.of(links.length), ...links] : []),
          ...(flags & 8 ? [minimal(BigInt(data.length)), data] : [])
        )
  )
const harmed = fc
  .tuple(manifests, fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 3 }))
  .map(([given, at, byte, cut]) => {
    const changed = Uint8Array.from(given)
    changed[at % changed.length] = byte
    return changed.subarray(0, changed.length - cut)
  })

const refused = (error: unknown) => isDatdotError(error, 'CORE_UNSUPPORTED', 'TREE_INVALID')

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    assert.ok(refused(error), String(error))
    return null
  }
}

test('fuzz manifest - what is accepted is what hypercore reads and writes, byte for byte; anything else is refused', () => {
  let accepted = 0
  fc.assert(
    fc.property(fc.oneof(manifests, harmed, fc.uint8Array({ maxLength: 1_100 })), given => {
      const manifest = attempt(() => parseManifest(given))
      if (manifest === null) return
      accepted += 1
      const read = theirs.decode({ start: 0, end: given.length, buffer: Buffer.from(given) }) as {
        version: number
        quorum: number
        prologue: { hash: Buffer; length: number } | null
        signers: { namespace: Buffer; publicKey: Buffer }[]
      }
      assert.deepEqual(new Uint8Array(c.encode(theirs, read)), Uint8Array.from(given))
      assert.equal(read.version, manifest.version)
      assert.equal(read.signers.length, 1)
      assert.deepEqual(new Uint8Array(read.signers[0]?.publicKey ?? []), manifest.publicKey)
      assert.deepEqual(new Uint8Array(read.signers[0]?.namespace ?? []), manifest.namespace)
      assert.equal(read.prologue === null, manifest.prologue === null)
      if (read.prologue) assert.equal(BigInt(read.prologue.length), manifest.prologue?.length)
    }),
    { numRuns }
  )
  assert.ok(accepted > numRuns / 20, `${accepted} accepted`)
})

const someBytes = (length: number) =>
  fc.oneof(
    { arbitrary: fc.uint8Array({ minLength: length, maxLength: length }), weight: 4 },
    fc.uint8Array({ maxLength: 70 })
  )
const size = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 20n }),
  fc.constantFrom(-1n, 0n, 1n, 2n ** 50n, 2n ** 63n, 2n ** 64n, 2n ** 70n)
)
const length = fc.oneof(
  fc.nat({ max: 40 }),
  fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40 - 1, 2 ** 40, 2 ** 53, 2 ** 60)
)
const peaks = fc.array(fc.record({ size, hash: someBytes(32) }), { maxLength: 6 })
const step: fc.Arbitrary<OffsetStep> = fc.record({
  leftSize: size,
  left: someBytes(32),
  right: someBytes(32),
  open: fc.option(fc.tuple(someBytes(32), someBytes(32)))
})
const identity = fc.oneof(
  fc.oneof(manifests, fc.uint8Array({ maxLength: 80 })).map(manifest => ({ manifest })),
  someBytes(32).map(key => ({ key }))
)

test('fuzz publish - facts of any shape are refused by a code, never by a crash, unless an author signed them', () => {
  const fork = fc.oneof(fc.bigInt({ min: -2n, max: 3n }), fc.constantFrom(2n ** 53n, 2n ** 64n))
  fc.assert(
    fc.property(fc.record({ identity, fork, length, peaks, signature: someBytes(64) }), facts => {
      assert.equal(
        attempt(() => verifyTree(facts, { hash, verify: verifyEd25519 })),
        null
      )
      const byteLength = attempt(() => byteLengthOf(facts.length, facts.peaks))
      if (byteLength !== null)
        assert.equal(
          BigInt(byteLength),
          facts.peaks.reduce((sum, peak) => sum + peak.size, 0n)
        )
    }),
    { numRuns }
  )
})

test('publish - an offset proof below a peak that no chain can hold is refused', () => {
  const zero = new Uint8Array(32)
  for (const size of [2n ** 70n, 2n ** 50n, -1n]) {
    const peaks = [{ size, hash: zero }]
    const steps = [{ leftSize: size, left: zero, right: zero, open: null }]
    assert.equal(
      attempt(() => verifyOffset(hash, { length: 2 ** 39, peaks }, 2, steps)),
      null
    )
  }
})

test('fuzz publish - offset proofs of any shape are refused by a code, and what is accepted lies inside the tree', () => {
  const cut = fc.oneof(fc.nat({ max: 40 }), length)
  fc.assert(
    fc.property(length, peaks, cut, fc.array(step, { maxLength: 6 }), (given, tops, at, steps) => {
      const tree = { length: given, peaks: tops }
      const offset = attempt(() => {
        byteLengthOf(given, tops)
        return verifyOffset(hash, tree, at, steps)
      })
      if (offset !== null) assert.ok(offset >= 0n && offset <= tops.reduce((sum, top) => sum + top.size, 0n))
      attempt(() => verifyCuts(hash, { ...tree, cuts: [steps] }, [at]))
    }),
    { numRuns }
  )
})
