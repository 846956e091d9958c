import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { collect } from '../../src/codec/batches.ts'
import {
  CellDecoder,
  cellsOfRange,
  decodeSpan,
  PoolDecoder,
  readBytes,
  readRange,
  type SpanPublic
} from '../../src/codec/decode.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { backend as node } from '../../src/codec/node-backend.ts'
import { concat } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { bytes, flipped, reader, spanKey, withPool } from './fixtures.ts'

const key = spanKey()
const byteLength = 600 * SLICE_BYTES + 100
const data = bytes(byteLength)
const span: SpanPublic = { N: key.N, e: key.e, salt: bytes(32), byteLength }
let cells: Uint8Array

before(async () => {
  cells = await withPool(pool => collect(encodeSpan(pool, { ...span, key }, [data])))
})

const hasCode = (code: 'CELL_INVALID' | 'BAD_RANGE' | 'CELLS_DAMAGED' | 'RSA_INVALID') => (error: unknown) =>
  isDatdotError(error, code)

test('decode - any range of bytes is read from its cells alone', async () => {
  const decoder = new CellDecoder(span)
  const asked: [number, number][] = []
  const readCells = async (first: number, count: number): Promise<Uint8Array> => {
    asked.push([first, count])
    return reader(cells).cells(first, count)
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(byteLength), fc.nat(2000), async (a, length) => {
      asked.length = 0
      const b = Math.min(byteLength, a + length)
      assert.deepEqual(await readBytes(decoder, a, b, readCells), data.slice(a, b))
      const { first, count } = cellsOfRange(a, b)
      assert.equal(
        asked.reduce((sum, [, n]) => sum + n, 0),
        count
      )
      if (b > a)
        assert.deepEqual([first, first + count], [Math.floor(a / SLICE_BYTES), Math.ceil(b / SLICE_BYTES)])
    }),
    { numRuns: 60 }
  )
})

test('decode - a long range comes in parts, in order, from threads as well', async () => {
  await withPool(async pool => {
    const parts: Uint8Array[] = []
    for await (const part of readRange(new PoolDecoder(pool, span), 3, byteLength - 3, reader(cells).cells))
      parts.push(part)
    assert.equal(parts.length, 3)
    assert.deepEqual(concat(...parts), data.slice(3, -3))
  })
})

test('decode - a range outside the span, or cells that are cut off, are refused', async () => {
  const decoder = new CellDecoder(span)
  for (const [a, b] of [
    [-1, 5],
    [5, 4],
    [0, byteLength + 1],
    [Number.NaN, 5]
  ] as const)
    await assert.rejects(readBytes(decoder, a, b, reader(cells).cells), hasCode('BAD_RANGE'))
  await assert.rejects(
    readBytes(decoder, 0, 9, async () => cells.subarray(0, 255)),
    hasCode('CELLS_DAMAGED')
  )
})

test('decode - a cell at or above N, one above 2^2040, and padding that is not zero are refused with their number', async () => {
  const decoder = new CellDecoder(span)
  const refuses = (first: number, bad: Uint8Array, cell: number): void =>
    assert.throws(
      () => decoder.decode(first, bad),
      error => isDatdotError(error, 'CELL_INVALID') && error.details['cell'] === cell
    )
  refuses(3, key.N, 3)
  refuses(3, concat(cells.subarray(0, CELL_BYTES), new Uint8Array(CELL_BYTES).fill(0xff)), 4)
  const high = new Uint8Array(CELL_BYTES)
  node.privateFunction(key.handle)(new Uint8Array(CELL_BYTES).fill(1), high)
  refuses(5, high, 5)
  const shorter = new CellDecoder({ ...span, byteLength: byteLength - 1 })
  assert.throws(() => shorter.decode(600, cells.subarray(600 * CELL_BYTES)), hasCode('CELL_INVALID'))
})

test('decode - cells behind the end, parts of cells and wrong numbers are refused', async () => {
  const decoder = new CellDecoder(span)
  const cell = cells.subarray(0, CELL_BYTES)
  for (const [first, some] of [
    [601, cell],
    [-1, cell],
    [0.5, cell],
    [0, cell.subarray(1)]
  ] as const)
    assert.throws(() => decoder.decode(first, some), hasCode('BAD_RANGE'))
  await withPool(async pool => {
    for (const source of [[cells.subarray(CELL_BYTES)], [cells, cell]])
      await assert.rejects(collect(decodeSpan(pool, span, source)), hasCode('BAD_RANGE'))
    const damaged = flipped(cells, 8 * (300 * CELL_BYTES))
    const plain = await collect(decodeSpan(pool, span, [damaged])).catch(error => {
      assert.ok(hasCode('CELL_INVALID')(error))
      return null
    })
    assert.notDeepEqual(plain, data)
  })
})

test('decode - an invalid public key is refused before any cell', () => {
  assert.throws(() => new CellDecoder({ ...span, e: 3 }), hasCode('RSA_INVALID'))
})
