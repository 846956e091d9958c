import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { blake2b256 as hash } from '../../src/codec/hash.ts'
import { verifyEd25519 } from '../../src/codec/signature.ts'
import { concat, fromHex, u64 } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { OffsetStep, TreeFacts } from '../../src/domain/publish.ts'
import { coreKeyOf, treeHashOf, verifyCuts, verifyOffset, verifyTree } from '../../src/domain/publish.ts'
import { vectors } from './fixtures.ts'

interface Case {
  name: string
  identity: { manifest: string } | { compat: string }
  key: string
  fork: number
  length: number
  byteLength: number
  peaks: { size: number; hash: string }[]
  signature: string
  offsets: {
    cut: number
    offset: number
    steps: { leftSize: number; left: string; right: string; open: [string, string] | null }[]
  }[]
}

type Signed = Pick<TreeFacts, 'identity' | 'fork' | 'length' | 'peaks' | 'signature'>
const rules = { hash, verify: verifyEd25519 }
const cases = vectors<{ cases: Case[] }>('publish.json').cases.filter(
  ({ name }) => !name.startsWith('refused')
)
const unproven = (error: unknown): boolean => isDatdotError(error, 'TREE_INVALID')
/** Also as a manifest that no chain takes. */
const refused = (error: unknown): boolean => unproven(error) || isDatdotError(error, 'CORE_UNSUPPORTED')

function signedOf({ identity, fork, length, peaks, signature }: Case): Signed {
  return {
    identity:
      'compat' in identity ? { key: fromHex(identity.compat) } : { manifest: fromHex(identity.manifest) },
    fork: BigInt(fork),
    length,
    peaks: peaks.map(peak => ({ size: BigInt(peak.size), hash: fromHex(peak.hash) })),
    signature: fromHex(signature)
  }
}

function stepsOf(steps: Case['offsets'][number]['steps']): OffsetStep[] {
  return steps.map(({ leftSize, left, right, open }) => ({
    leftSize: BigInt(leftSize),
    left: fromHex(left),
    right: fromHex(right),
    open: open && ([fromHex(open[0]), fromHex(open[1])] as const)
  }))
}

/** Every way to have one byte of these bytes different. */
function* corrupted(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.with(i, (bytes[i] ?? 0) ^ (1 << (i % 8)))
}

for (const given of cases) {
  const valid = signedOf(given)
  const manifest = 'manifest' in valid.identity ? valid.identity.manifest : null

  test(`publish - ${given.name}: accepted, and refused with any byte of it changed`, () => {
    const { byteLength, key } = verifyTree(valid, rules)
    assert.deepEqual([byteLength, key], [given.byteLength, fromHex(given.key)])
    const refuses = (changed: Partial<Signed>): void =>
      assert.throws(() => verifyTree({ ...valid, ...changed }, rules), refused)
    if (manifest === null)
      for (const other of corrupted(fromHex(given.key))) refuses({ identity: { key: other } })
    else {
      for (const other of corrupted(manifest)) refuses({ identity: { manifest: other } })
      refuses({ identity: { manifest: manifest.slice(0, -1) } })
      refuses({ identity: { manifest: concat(manifest, Uint8Array.of(0)) } })
    }
    const disproves = (changed: Partial<Signed>): void =>
      assert.throws(() => verifyTree({ ...valid, ...changed }, rules), unproven)
    for (const other of corrupted(valid.signature)) disproves({ signature: other })
    disproves({ signature: valid.signature.slice(1) })
    for (const [i, peak] of valid.peaks.entries()) {
      for (const other of corrupted(peak.hash))
        disproves({ peaks: valid.peaks.with(i, { ...peak, hash: other }) })
      disproves({ peaks: valid.peaks.with(i, { ...peak, size: peak.size + 1n }) })
      disproves({ peaks: valid.peaks.toSpliced(i, 1) })
    }
    disproves({ peaks: [...valid.peaks, { size: 1n, hash: new Uint8Array(32) }] })
    for (const fork of [valid.fork + 1n, -1n, 2n ** 53n]) disproves({ fork })
    for (const length of [valid.length + 1, valid.length - 1, 0, 2 ** 40, 0.5]) disproves({ length })
  })

  test(`publish - ${given.name}: offsets of cuts are proven, and refused with anything changed`, () => {
    for (const { cut, offset, steps } of given.offsets) {
      const proof = stepsOf(steps)
      assert.equal(verifyOffset(hash, valid, cut, proof), BigInt(offset))
      assert.deepEqual(verifyCuts(hash, { ...valid, cuts: [proof] }, [cut]), [{ block: cut, byte: offset }])
      const refuses = (changed: OffsetStep[], at = cut): void =>
        assert.throws(() => verifyOffset(hash, valid, at, changed), unproven)
      for (const at of [cut + 1, cut - 1, 0, valid.length, -2, 0.5]) refuses(proof, at)
      if (proof.length > 0) refuses(proof.slice(0, -1))
      refuses([...proof, { leftSize: 1n, left: new Uint8Array(32), right: new Uint8Array(32), open: null }])
      for (const [i, step] of proof.entries()) {
        const changed = (other: Partial<OffsetStep>): void => refuses(proof.with(i, { ...step, ...other }))
        for (const leftSize of [step.leftSize + 1n, step.leftSize - 1n, -1n, 2n ** 64n]) changed({ leftSize })
        for (const left of corrupted(step.left)) changed({ left })
        for (const right of corrupted(step.right)) changed({ right })
        changed({ open: step.open === null ? [step.left, step.right] : null })
        if (step.open === null) continue
        const [a, b] = step.open
        for (const other of corrupted(a)) changed({ open: [other, b] })
        for (const other of corrupted(b)) changed({ open: [a, other] })
        changed({ open: [a.slice(1), b] })
      }
    }
    assert.throws(() => verifyCuts(hash, { ...valid, cuts: [] }, [2]), unproven)
  })
}

/** A core of `length` equal blocks whose manifest has a prologue, signed by its author where a signature is due. */
function withPrologue(length: number, prologue: { length: number; hash?: Uint8Array }) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
  const peaks = [{ size: BigInt(length), hash: new Uint8Array(32).fill(7) }]
  const treeHash = treeHashOf(hash, length, peaks)
  const head = [1, 2, 0, 1, 1, 0]
  const manifest = concat(
    Uint8Array.from(head),
    new Uint8Array(32).fill(9),
    raw,
    prologue.hash ?? treeHash,
    Uint8Array.of(prologue.length)
  )
  const key = coreKeyOf(hash, { manifest })
  const signature = (fork: bigint): Uint8Array => {
    const tree = fromHex('9fac70b50ca14efc4e91c833b204e75b8b5aad8b5881bfc0adb5ef38a3275b9c')
    return new Uint8Array(sign(null, concat(tree, key, treeHash, u64(length), u64(fork)), privateKey))
  }
  return { identity: { manifest }, length, peaks, signature }
}

test('publish - a tree at its prologue’s length needs its hash, no signature and fork 0', () => {
  const unsigned = new Uint8Array(64)
  const { signature, ...core } = withPrologue(4, { length: 4 })
  assert.equal(verifyTree({ ...core, fork: 0n, signature: unsigned }, rules).byteLength, 4)
  const refuses = (changed: Signed): void => assert.throws(() => verifyTree(changed, rules), refused)
  refuses({ ...core, fork: 0n, signature: signature(0n) })
  refuses({ ...core, fork: 1n, signature: unsigned })
  const other = withPrologue(4, { length: 4, hash: new Uint8Array(32) })
  refuses({ ...other, fork: 0n, signature: unsigned })
})

test('publish - a tree beyond its prologue needs its author’s signature, one before it is refused', () => {
  const { signature, ...core } = withPrologue(8, { length: 4, hash: new Uint8Array(32) })
  assert.equal(verifyTree({ ...core, fork: 3n, signature: signature(3n) }, rules).byteLength, 8)
  assert.throws(() => verifyTree({ ...core, fork: 3n, signature: signature(2n) }, rules), refused)
  assert.throws(() => verifyTree({ ...core, fork: 0n, signature: new Uint8Array(64) }, rules), refused)
  const early = withPrologue(2, { length: 4 })
  assert.throws(() => verifyTree({ ...early, fork: 0n, signature: early.signature(0n) }, rules), refused)
})

test('publish - a tree of too many empty blocks is refused though its author signed it', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const signed = (length: number): Signed => {
    const peaks = Array.from({ length: length.toString(2).replaceAll('0', '').length }, () => ({
      size: 1n,
      hash: new Uint8Array(32)
    }))
    const namespace = fromHex('9fac70b50ca14efc4e91c833b204e75b8b5aad8b5881bfc0adb5ef38a3275b9c')
    const message = concat(namespace, treeHashOf(hash, length, peaks), u64(length), u64(0))
    const signature = new Uint8Array(sign(null, message, privateKey))
    return { identity: { key }, fork: 0n, length, peaks, signature }
  }
  assert.equal(verifyTree(signed(209_715), rules).byteLength, 10)
  assert.throws(
    () => verifyTree(signed(209_716), rules),
    (error: unknown) => isDatdotError(error, 'CORE_UNSUPPORTED') && /too many/.test(error.message)
  )
})
