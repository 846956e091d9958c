import { randomBytes } from 'node:crypto'
import { brotliCompressSync } from 'node:zlib'
import { collect } from '../../src/codec/batches.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { blake2b256 } from '../../src/codec/hash.ts'
import type { SpanKey } from '../../src/codec/key.ts'
import { xorKeystream } from '../../src/codec/keystream.ts'
import { backend } from '../../src/codec/node-backend.ts'
import type { CodecPool } from '../../src/codec/pool.ts'
import { saltOf } from '../../src/codec/salt.ts'
import { concat, u64 } from '../../src/domain/bytes.ts'
import { CELL_BYTES, cellsOf, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { treeHashOf } from '../../src/domain/publish.ts'
import { blockHash, hash } from '../../src/hyper/bytes.ts'

/** Plain bytes of a chunk of the schemes that work on chunks. */
export const CHUNK_BYTES = CELL_BYTES * SLICE_BYTES
/** Bytes of a chunk's encoded form. */
const CODED_BYTES = CHUNK_BYTES + CELL_BYTES

/** What is public about a copy: who has it can decode. */
export interface Facts {
  N: Uint8Array
  e: number
  salt: Uint8Array
}

/** What of a salt's inputs a publisher knows before it fixes its data. */
export interface Foreknown {
  key?: Pick<SpanKey, 'N' | 'e'>
  beacon?: Uint8Array
}

/** A way to make a copy that a pinner is to store. It works on units: each is made of some plain bytes, one after another. */
export interface Scheme {
  /** Plain bytes of a unit. */
  readonly plainBytes: number
  /** Encoded bytes of a unit. */
  readonly unitBytes: number
  /** What the signer does, once the data is fixed. */
  encode(data: Uint8Array): Promise<{ copy: Uint8Array; facts: Facts }>
  /** What of a unit came out of the trapdoor; anyone who has the plain bytes can make the rest of it. */
  secretOf(unit: Uint8Array): Uint8Array
  /** A unit from its secret part and its plain bytes. */
  unitOf(secret: Uint8Array, plain: Uint8Array, index: number, facts: Facts): Uint8Array
}

/** Every stored byte comes out of the trapdoor. */
const ALL_SECRET = {
  plainBytes: SLICE_BYTES,
  unitBytes: CELL_BYTES,
  secretOf: (unit: Uint8Array) => unit,
  unitOf: (secret: Uint8Array) => secret
}

/** The protocol's own scheme: real key, real salt of the beacon, the modulus and the data's tree, real codec. */
export function tpe1(pool: CodecPool, key: SpanKey, beacon = newBeacon()): Scheme {
  return masked(pool, key, beacon, treeHash)
}

/** The same with a salt that does not depend on the data: whether it is known before is all that counts. */
export function unboundMask(pool: CodecPool, key: SpanKey, beacon = newBeacon()): Scheme {
  return masked(pool, key, beacon, () => NO_TREE)
}

function masked(
  pool: CodecPool,
  key: SpanKey,
  beacon: Uint8Array,
  treeOf: (data: Uint8Array) => Uint8Array
): Scheme {
  return {
    ...ALL_SECRET,
    encode: async data => {
      const byteLength = data.length
      const salt = saltFor({ key, beacon, treeHash: treeOf(data), byteLength })
      const copy = await collect(encodeSpan(pool, { key, salt, byteLength }, [data]))
      return { copy, facts: { N: key.N, e: key.e, salt } }
    }
  }
}

/** m^d without a mask. */
export function rawRsa(key: SpanKey): Scheme {
  const sign = backend.privateFunction(key.handle)
  return {
    ...ALL_SECRET,
    encode: async data => {
      const padded = new Uint8Array(cellsOf(data.length) * CELL_BYTES)
      for (const [index, slice] of units(data, SLICE_BYTES).entries())
        padded.set(slice, index * CELL_BYTES + 1)
      const copy = new Uint8Array(padded.length)
      sign(padded, copy)
      return { copy, facts: { N: key.N, e: key.e, salt: new Uint8Array(32) } }
    }
  }
}

/** Each chunk is compressed with a number of the copy before it, so that each copy is another one. */
export function compression(): Scheme {
  const salt = new Uint8Array(randomBytes(32))
  const unitOf = (_: Uint8Array, plain: Uint8Array, index: number, facts: Facts) => {
    const coded = brotliCompressSync(concat(facts.salt, u64(index), plain))
    const unit = new Uint8Array(CODED_BYTES)
    unit.set(concat(u64(coded.length), coded))
    return unit
  }
  const facts = { N: new Uint8Array(CELL_BYTES), e: 257, salt }
  return {
    plainBytes: CHUNK_BYTES,
    unitBytes: CODED_BYTES,
    encode: async data => ({
      copy: concat(
        ...units(data, CHUNK_BYTES).map((plain, index) => unitOf(new Uint8Array(0), plain, index, facts))
      ),
      facts
    }),
    secretOf: () => new Uint8Array(0),
    unitOf
  }
}

/** Each chunk is encrypted with a secret key of its own, which stands before it, encrypted by the trapdoor. */
export function chunkKeys(key: SpanKey): Scheme {
  const sign = backend.privateFunction(key.handle)
  const verify = backend.publicFunction(key)
  const unitOf = (sealed: Uint8Array, plain: Uint8Array) => {
    const opened = new Uint8Array(CELL_BYTES)
    verify(sealed, opened)
    const text = plain.slice()
    xorKeystream(text, opened.subarray(CELL_BYTES - 32), 0)
    return concat(sealed, text)
  }
  const encodeChunk = (plain: Uint8Array) => {
    const secret = new Uint8Array(randomBytes(CELL_BYTES))
    secret[0] = 0
    const sealed = new Uint8Array(CELL_BYTES)
    sign(secret, sealed)
    return unitOf(sealed, plain)
  }
  return {
    plainBytes: CHUNK_BYTES,
    unitBytes: CODED_BYTES,
    encode: async data => ({
      copy: concat(...units(data, CHUNK_BYTES).map(encodeChunk)),
      facts: { N: key.N, e: key.e, salt: new Uint8Array(32) }
    }),
    secretOf: unit => unit.slice(0, CELL_BYTES),
    unitOf
  }
}

/** Consecutive pieces of this many bytes. */
export function units(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
}

/** A seed that the chain drew. */
export function newBeacon(): Uint8Array {
  return new Uint8Array(randomBytes(32))
}

/** What stands for the tree of data that is not there yet. */
export const NO_TREE = new Uint8Array(32)

/** The salt of a span that is a whole core of one block (encoding.md). */
export function saltFor(parts: {
  key: Pick<SpanKey, 'N' | 'e'>
  beacon: Uint8Array
  treeHash: Uint8Array
  byteLength: number
}): Uint8Array {
  const { key, beacon, treeHash, byteLength } = parts
  return saltOf({
    genesis: blake2b256(u64(0)),
    coreKey: blake2b256(u64(1)),
    fork: 0n,
    treeHash,
    copyId: 1n,
    spanId: 1n,
    start: 0n,
    end: 1n,
    byteStart: 0n,
    byteLength: BigInt(byteLength),
    e: key.e,
    N: key.N,
    beacon
  })
}

function treeHash(data: Uint8Array): Uint8Array {
  return treeHashOf(hash, 1, [{ size: BigInt(data.length), hash: blockHash(data) }])
}
