import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { blake2b256 } from '../../src/codec/hash.ts'
import { generateSpanKey } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { type Commitment, verifySpanProof } from '../../src/codec/proof.ts'
import { tagOf } from '../../src/codec/salt.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../src/codec/tree-store.ts'
import { bigFromBytes, bytesFromBig, concat, equalBytes } from '../../src/domain/bytes.ts'
import { CELL_BYTES, CELLS_PER_LEAF, LEAF_BYTES, periodLeaves, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { Outsourcer } from './outsourcer.ts'
import {
  CHUNK_BYTES,
  chunkKeys,
  compression,
  newBeacon,
  rawRsa,
  type Scheme,
  tpe1,
  unboundMask,
  units
} from './schemes.ts'

const DATA_BYTES = 4 * CHUNK_BYTES
const LEAVES = DATA_BYTES / SLICE_BYTES / CELLS_PER_LEAF
/** Of the copy: what the attacker may store. */
const SHARE = 0.02
const SAMPLES = 20
const PERIODS = 10

const key = await generateSpanKey()
const attacker = new Outsourcer(await generateSpanKey())
const beacon = newBeacon()
const random = new Uint8Array(randomBytes(DATA_BYTES))
const pool = new CodecPool({ workers: 1 })
test.after(() => pool.close())

interface Result {
  /** Leaves that the attacker can show, of all. */
  leaves: number
  /** Periods that it passes. */
  passed: number
  /** Bytes that it stores. */
  stored: number
  /** What it would have to store to show all, as a part of the copy. */
  needed: number
}

/**
 * A copy is made and committed to; the attacker keeps a little of it, then proves leaves of the root as a pinner must.
 * The tree's nodes are given to it, beside what it may store.
 */
async function play(scheme: Scheme, data: Uint8Array): Promise<Result> {
  const { copy, facts } = await scheme.encode(data)
  const cells = copy.length / CELL_BYTES
  const tree = new SpanTree({ tag: tagOf(facts.salt), store: new MemoryTreeStore() })
  await tree.write(copy)
  const commitment: Commitment = { tag: tree.tag, cells, root: tree.root() }

  const kept = attacker.keep(scheme, copy, copy.length * SHARE)
  assert.ok(kept.length <= copy.length * SHARE)
  const rebuilt = attacker.rebuild(scheme, kept, data, facts)

  const leafOf = (bytes: Uint8Array, index: number) =>
    bytes.slice(index * LEAF_BYTES, (index + 1) * LEAF_BYTES)
  const prove = async (indexes: number[]) => {
    const leaves = await Promise.all(
      indexes.map(async index => {
        const { path } = await tree.proof(index, async at => leafOf(copy, at))
        return { data: leafOf(rebuilt, index), path }
      })
    )
    return verifySpanProof(commitment, indexes, { peaks: tree.peaks(), leaves })
  }
  const all = await Promise.all(Array.from({ length: tree.leaves }, (_, index) => prove([index])))
  let passed = 0
  for (let period = 0; period < PERIODS; period++) {
    const drawn = periodLeaves(blake2b256, randomBytes(32), 1n, [cells], SAMPLES)
    if (await prove(drawn.map(({ index }) => index))) passed += 1
  }
  return {
    leaves: all.filter(Boolean).length,
    passed,
    stored: kept.length,
    needed: attacker.needed(scheme, copy).length / copy.length
  }
}

function assertFalls({ leaves, passed, needed }: Result): void {
  assert.equal(leaves, LEAVES)
  assert.equal(passed, PERIODS)
  assert.ok(needed < SHARE)
}

/** It can show what it kept, and nothing else. */
function assertHolds({ leaves, passed, stored, needed }: Result): void {
  assert.ok(leaves > 0)
  assert.equal(leaves, Math.floor(stored / LEAF_BYTES))
  assert.equal(passed, 0)
  assert.ok(needed > 0.99)
}

test('outsourcer - shows every leaf of a copy whose mask was known before its data, from a few bytes', async () => {
  const foreknown = { key, beacon }
  const { decoded } = attacker.choose(DATA_BYTES, foreknown)
  assertFalls(await play(unboundMask(pool, key, beacon), decoded))
})

test('outsourcer - shows no more than it kept when modulus or beacon came after its data', async () => {
  for (const foreknown of [{ key }, { beacon }]) {
    const { decoded } = attacker.choose(DATA_BYTES, foreknown)
    assertHolds(await play(unboundMask(pool, key, beacon), decoded))
  }
})

test('outsourcer - shows every leaf of a copy that is only compressed, from nothing', async () => {
  assertFalls(await play(compression(), random))
})

test('outsourcer - shows every leaf of a copy whose chunks have keys of their own, from the keys', async () => {
  assertFalls(await play(chunkKeys(key), random))
})

test('outsourcer - shows every leaf of a copy without a mask when all slices are equal', async () => {
  assertFalls(await play(rawRsa(key), attacker.choose(DATA_BYTES, {}).repeated))
})

test('outsourcer - shows no more of a copy of ours than it kept, whatever the data', async () => {
  const foreknown = { key, beacon }
  const { repeated, decoded } = attacker.choose(DATA_BYTES, foreknown)
  for (const data of [random, repeated]) assertHolds(await play(tpe1(pool, key), data))
  // Even with both known before: the tree of the data is in the salt too.
  assertHolds(await play(tpe1(pool, key, beacon), decoded))
})

/** How many different cells there are. */
const distinct = (cells: Uint8Array) =>
  new Set(units(cells, CELL_BYTES).map(cell => Buffer.from(cell).toString('latin1'))).size
const product = (a: Uint8Array, b: Uint8Array, N: Uint8Array) =>
  bytesFromBig((bigFromBytes(a) * bigFromBytes(b)) % bigFromBytes(N), CELL_BYTES)

test('outsourcer - equal slices are one cell and products are products without a mask, and neither with ours', async () => {
  const slice = (value: number) => bytesFromBig(BigInt(value), SLICE_BYTES)
  const data = concat(slice(6), slice(7), slice(42), slice(6))
  for (const [scheme, isWeak] of [
    [rawRsa(key), true],
    [tpe1(pool, key), false]
  ] as const) {
    const { copy } = await scheme.encode(data)
    const [six, seven, both] = units(copy, CELL_BYTES)
    assert.ok(six && seven && both)
    assert.equal(distinct(copy), isWeak ? 3 : 4)
    assert.equal(equalBytes(product(six, seven, key.N), both), isWeak)
  }
})
