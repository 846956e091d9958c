import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leafHash, nodeHash, rootHash } from '../../src/codec/commitment.ts'
import { blake2b256 as hash } from '../../src/codec/hash.ts'
import { tagOf } from '../../src/codec/salt.ts'
import { fromHex, toHex } from '../../src/domain/bytes.ts'
import {
  accumulate,
  checkTry,
  type DrawInput,
  drawTry,
  isAccepted,
  periodSeed,
  saltBeacon,
  seedValue
} from '../../src/domain/draws.ts'
import { noiseSeed } from '../../src/domain/hashing.ts'
import {
  CELL_BYTES,
  cellsOf,
  leafLength,
  leavesOf,
  locateLeaf,
  peakHeights,
  periodLeaves,
  replicaLeaf,
  totalLeaves
} from '../../src/domain/leaves.ts'
import { checkpointMessage, noiseMessage, receiptMessage, sealMessage } from '../../src/domain/messages.ts'
import * as periods from '../../src/domain/periods.ts'
import { sampleDigest } from '../../src/domain/reports.ts'
import { hasTooManyBlocks, pinnerSlots, reservedBytes, sealBlocks } from '../../src/domain/sizes.ts'
import { spanBounds, spanCount } from '../../src/domain/spans.ts'
import { vectors } from './fixtures.ts'

type Row = Record<string, never>
const rules = vectors<Record<string, Row[]>>('rules.json')

/** Rows of a section: all of its fields are used, whatever their type. */
function rows<T>(name: string): T[] {
  const section = rules[name]
  assert.ok(section && section.length > 0, `no ${name}`)
  return section as unknown as T[]
}

test('rules - there is no section of rules.json that is not read', () => {
  const known =
    'beacon draws format leaves messages pot prices reputations saltBeacons settlements sizes spans trees'
  assert.deepEqual(Object.keys(rules).sort(), [...known.split(' '), 'verifierDraws', 'windows'].sort())
  assert.equal(rules['format'], 'datdot-rules-vectors-1')
})

test('rules - seeds and period seeds', () => {
  let acc: Uint8Array = new Uint8Array(32)
  for (const row of rows<{
    input: string
    acc: string
    s: number
    value: string
    p: number
    periodSeed: string
  }>('beacon')) {
    acc = accumulate(hash, acc, fromHex(row.input))
    const value = seedValue(hash, acc, row.s)
    assert.deepEqual(
      [toHex(acc), toHex(value), toHex(periodSeed(hash, value, row.p))],
      [row.acc, row.value, row.periodSeed]
    )
  }
})

interface WindowRow {
  window: number
  period: number
  block: number
  seed: number
  limit: number
  periodOf: number
  start: number
  seedIndex: number
  firstPeriod: number
  slotEnd: number
  grace: number
  previousOpen: boolean
  since: number
  verifierSlot: boolean
}

test('rules - windows and periods', () => {
  for (const { window, period, block, grace, since, ...given } of rows<WindowRow>('windows')) {
    const seed = periods.seedOfInput(block, window)
    const p = periods.periodOf(block, period)
    assert.deepEqual(
      {
        seed,
        limit: periods.registrationLimit(seed, window),
        periodOf: p,
        start: periods.periodStart(p, period),
        seedIndex: periods.periodSeedIndex(p, period, window),
        firstPeriod: periods.firstPeriod(block, period, window),
        slotEnd: periods.slotEnd(block, period),
        previousOpen: p > 0 && periods.isRecordOpen(p - 1, block, period, grace),
        verifierSlot: periods.isVerifierSlot(p, { since, until: null }, period)
      },
      given
    )
  }
})

interface DrawRow extends Omit<DrawInput, 'value' | 'coreKey' | 'span' | 'requestId'> {
  value: string
  coreKey: string
  span: string
  requestId: number
  C: number
  R: number
  floor: number
  tries: { try: number; index: number; accept: number; accepted: boolean }[]
}

test('rules - draws of providers and verifiers', () => {
  for (const { C, R, floor, tries, ...row } of rows<DrawRow>('draws')) {
    const input = {
      ...row,
      value: fromHex(row.value),
      coreKey: fromHex(row.coreKey),
      span: BigInt(row.span),
      requestId: BigInt(row.requestId)
    }
    for (const { try: number, accepted, ...drawn } of tries) {
      assert.deepEqual(drawTry(hash, input, C, number), drawn)
      assert.equal(isAccepted(drawn.accept, R, floor), accepted)
    }
  }
  type CheckRow = { seed: string; copy: number; j: number; try: number; C: number; index: number }
  for (const row of rows<CheckRow>('verifierDraws'))
    assert.equal(checkTry(hash, fromHex(row.seed), BigInt(row.copy), row.j, row.try, row.C), row.index)
})

test('rules - salt beacons', () => {
  type BeaconRow = {
    value: string
    coreKey: string
    requestId: number
    slot: number
    spanNumber: number
    beacon: string
  }
  for (const { value, coreKey, requestId, beacon, ...row } of rows<BeaconRow>('saltBeacons')) {
    const input = { ...row, value: fromHex(value), coreKey: fromHex(coreKey), requestId: BigInt(requestId) }
    assert.equal(toHex(saltBeacon(hash, input)), beacon)
  }
})

test('rules - spans and sizes', () => {
  for (const row of rows<{ length: number; byteLength: number; target: number; n: number; bounds: number[] }>(
    'spans'
  )) {
    assert.equal(spanCount(row.byteLength, row.length, row.target), row.n)
    assert.deepEqual(spanBounds(row.byteLength, row.length, row.target), row.bounds)
  }
  for (const row of rows<Record<string, number> & { tooManyBlocks: boolean }>('sizes')) {
    const { byteLength = 0, blocks = 0, unit = 0, billed, lastLeaf, tooManyBlocks, ...given } = row
    assert.equal(hasTooManyBlocks({ length: blocks, byteLength }), tooManyBlocks)
    const cells = cellsOf(byteLength)
    const leaves = leavesOf(cells)
    assert.equal(leafLength(cells, leaves - 1), lastLeaf ?? 0)
    assert.equal(Math.max(byteLength, 2 ** 20), billed)
    const reserved = reservedBytes(cells, blocks)
    const computed = { cells, leaves, reserved, sealBlocks: sealBlocks(100, byteLength, 65_536) }
    assert.deepEqual({ ...computed, pinnerSlots: pinnerSlots(byteLength, unit) }, given)
  }
})

test('rules - leaves of a period and of a report', () => {
  type LeafRow = {
    seed: string
    copy: number
    account: string
    cells: number[]
    samples: number
    total: number
    leaves: number[][]
    replica: number[] | null
  }
  for (const { cells, samples, total, leaves, replica, ...row } of rows<LeafRow>('leaves')) {
    const [seed, account, copy] = [fromHex(row.seed), fromHex(row.account), BigInt(row.copy)]
    assert.equal(totalLeaves(cells), total)
    const drawn = periodLeaves(hash, seed, copy, cells, samples)
    assert.deepEqual(
      drawn.map(({ span, index }) => [span, index]),
      leaves
    )
    if (replica === null) assert.throws(() => replicaLeaf(hash, seed, copy, account, total))
    else {
      const { span, index } = locateLeaf(cells, replicaLeaf(hash, seed, copy, account, total))
      assert.deepEqual([span, index], replica)
    }
  }
})

test('rules - signed messages', () => {
  type MessageRow = Record<string, string> & {
    span: number
    cells: number
    copy: number
    period: number
    blocks: { index: number; data: string }[]
  }
  for (const row of rows<MessageRow>('messages')) {
    const read = (name: string): Uint8Array => fromHex(row[name] ?? '')
    const [genesis, tag, root, account] = ['genesis', 'tag', 'root', 'account'].map(read) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array
    ]
    const { span, cells, copy, period } = row
    const ofSpan = { genesis, spanId: BigInt(span), tag, root }
    const blocks = row.blocks.map(({ index, data }) => ({ index, data: fromHex(data) }))
    const copyId = BigInt(copy)
    const computed = {
      seal: sealMessage({ ...ofSpan, cells }),
      checkpoint: checkpointMessage({ ...ofSpan, leaves: cells }),
      receipt: receiptMessage({ genesis, copyId, period, account }),
      noise: noiseMessage({ genesis, account }),
      noiseSeed: noiseSeed(hash, root),
      digest: sampleDigest(hash, { account, copyId, period, blocks })
    }
    for (const [name, bytes] of Object.entries(computed)) assert.equal(toHex(bytes), row[name], name)
  }
})

test('rules - commitments', () => {
  type TreeRow = {
    tag: string
    data: string[]
    hashes: string[]
    peaks: string[]
    byteLength: number
    root: string
    emptyRoot: string
    salt: string
    tagOfSalt: string
  }
  for (const row of rows<TreeRow>('trees')) {
    const tag = fromHex(row.tag)
    const hashes = row.data.map((data, i) => leafHash(tag, i, fromHex(data)))
    let first = 0
    const peaks = peakHeights(hashes.length).map(height => {
      let level = hashes.slice(first, first + 2 ** height)
      first += 2 ** height
      while (level.length > 1)
        level = level.flatMap((left, i) => (i % 2 === 0 ? [nodeHash(left, level[i + 1] ?? left)] : []))
      return level[0] ?? tag
    })
    assert.deepEqual(hashes.map(toHex), row.hashes)
    assert.deepEqual(peaks.map(toHex), row.peaks)
    assert.equal(toHex(rootHash(tag, row.byteLength / CELL_BYTES, peaks)), row.root)
    assert.equal(toHex(rootHash(tag, 0, [])), row.emptyRoot)
    assert.equal(toHex(tagOf(fromHex(row.salt))), row.tagOfSalt)
  }
})
