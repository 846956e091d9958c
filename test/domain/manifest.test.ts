import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { parseManifest } from '../../src/domain/manifest.ts'

const refused = (error: unknown): boolean => isDatdotError(error, 'CORE_UNSUPPORTED')
const ns = new Uint8Array(32).fill(1)
const pk = new Uint8Array(32).fill(2)
const head = (version: number, flags: number): Uint8Array => Uint8Array.of(version, flags, 0, 1, 1, 0)
const of = (version: number, flags: number, ...rest: Uint8Array[]): Uint8Array =>
  concat(head(version, flags), ns, pk, ...rest)

test('manifest - every supported shape is read', () => {
  const v0 = concat(Uint8Array.of(0, 0, 1, 0), ns, pk)
  assert.deepEqual(parseManifest(v0), { version: 0, namespace: ns, publicKey: pk, prologue: null })
  for (const version of [1, 2, 3] as const)
    assert.deepEqual(parseManifest(of(version, 0)), { version, namespace: ns, publicKey: pk, prologue: null })
  const hash = new Uint8Array(32).fill(3)
  const long = parseManifest(
    of(3, 14, hash, Uint8Array.of(0xfd, 0, 1), Uint8Array.of(1), hash, Uint8Array.of(2, 8, 9))
  )
  assert.deepEqual(long.prologue, { hash, length: 256n })
})

test('manifest - integers may not be longer than they need to be', () => {
  const withLength = (...uint: number[]): Uint8Array => of(1, 2, ns, Uint8Array.from(uint))
  const lengths: [number[], bigint][] = [
    [[0xfc], 0xfcn],
    [[0xfd, 0xfd, 0], 0xfdn],
    [[0xfe, 0, 0, 1, 0], 2n ** 16n],
    [[0xff, 0, 0, 0, 0, 1, 0, 0, 0], 2n ** 32n],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0], 2n ** 53n - 1n]
  ]
  for (const [uint, length] of lengths)
    assert.equal(parseManifest(withLength(...uint)).prologue?.length, length)
  for (const uint of [
    [0xfd, 0xfc, 0],
    [0xfe, 0xff, 0xff, 0, 0],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    [0xfd, 1],
    []
  ])
    assert.throws(() => parseManifest(withLength(...uint)), refused)
})

test('manifest - a prologue longer than hypercore reads is refused', () => {
  const bytes = of(1, 2, ns, Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0x20, 0))
  assert.throws(() => parseManifest(bytes), refused)
})

test('manifest - other versions, flags, signers and lengths are refused', () => {
  const bad = [
    new Uint8Array(0),
    of(4, 0),
    of(1, 1),
    of(1, 4, Uint8Array.of(0)),
    of(1, 8, Uint8Array.of(0)),
    of(2, 16),
    of(1, 0, Uint8Array.of(0)),
    of(1, 0).slice(0, -1),
    concat(Uint8Array.of(0, 0, 1, 0), ns, pk, ns),
    concat(Uint8Array.of(0, 0, 2, 0), ns, pk),
    concat(Uint8Array.of(1, 0, 1, 1, 1, 0), ns, pk),
    concat(Uint8Array.of(1, 0, 0, 1, 2, 0), ns, pk),
    concat(Uint8Array.of(1, 0, 0, 2, 1, 0), ns, pk),
    concat(Uint8Array.of(1, 0, 0, 1, 1, 1), ns, pk),
    of(2, 4, Uint8Array.of(2), ns),
    of(2, 4, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
    of(2, 8, Uint8Array.of(0xfd, 0xe8, 3), new Uint8Array(1000))
  ]
  for (const bytes of bad) assert.throws(() => parseManifest(bytes), refused)
})
