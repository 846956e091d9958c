import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { collect } from '../../src/codec/batches.ts'
import { CellDecoder, decodeCells, decodeSpan } from '../../src/codec/decode.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES, cellsOf, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { backend, bytes, chunked, flipped, spanKey, withPool } from './fixtures.ts'

const key = spanKey()
const salt = bytes(32)
const lengths = fc.oneof(fc.constantFrom(0, 1, 254, 255, 256, 510, 1019, 1020, 1021, 4080), fc.nat(6000))
const pieces = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 })

test('encode - decode(encode(S)) = S for every length and every way to cut the bytes', async () => {
  await withPool(async pool => {
    await fc.assert(
      fc.asyncProperty(
        lengths,
        pieces,
        pieces,
        fc.integer({ min: 1, max: 9 }),
        async (byteLength, ins, outs, perBatch) => {
          const data = bytes(byteLength)
          const span = { key, salt, byteLength, cellsPerBatch: perBatch }
          const cells = await collect(encodeSpan(pool, span, chunked(data, ins)))
          assert.equal(cells.length, cellsOf(byteLength) * CELL_BYTES)
          const open = { N: key.N, e: key.e, salt, byteLength }
          assert.deepEqual(await collect(decodeSpan(pool, open, chunked(cells, outs))), data)
          assert.deepEqual(new CellDecoder(open).decode(0, cells), data)
        }
      ),
      { numRuns: 40 }
    )
  })
})

test('encode - is the same from any cell on', async () => {
  const byteLength = 20 * SLICE_BYTES + 17
  const data = bytes(byteLength)
  await withPool(async pool => {
    const all = await collect(encodeSpan(pool, { key, salt, byteLength }, [data]))
    for (const fromCell of [0, 1, 7, 20, 21]) {
      const rest = encodeSpan(pool, { key, salt, byteLength, fromCell }, [
        data.subarray(fromCell * SLICE_BYTES)
      ])
      assert.deepEqual(await collect(rest), all.slice(fromCell * CELL_BYTES))
      const open = { N: key.N, e: key.e, salt, byteLength }
      const plain = decodeSpan(pool, open, [all.subarray(fromCell * CELL_BYTES)], { fromCell })
      assert.deepEqual(await collect(plain), data.slice(fromCell * SLICE_BYTES))
    }
  })
})

test('encode - any flipped bit of a cell is found by its decoder or by comparing the bytes', async () => {
  const byteLength = 3 * SLICE_BYTES + 40
  const data = bytes(byteLength)
  const open = { N: key.N, e: key.e, salt, byteLength }
  const decoder = new CellDecoder(open)
  const cells = await withPool(pool => collect(encodeSpan(pool, { key, salt, byteLength }, [data])))
  fc.assert(
    fc.property(fc.nat(cells.length * 8 - 1), bit => {
      const cell = Math.floor(bit / 8 / CELL_BYTES)
      try {
        assert.notDeepEqual(decoder.decode(0, flipped(cells, bit)), data)
      } catch (error) {
        assert.ok(isDatdotError(error, 'CELL_INVALID'))
        assert.equal(error.details['cell'], cell)
      }
    }),
    { numRuns: 400 }
  )
})

test('encode - equal slices give different cells, and another salt gives another copy', async () => {
  const data = new Uint8Array(2 * SLICE_BYTES)
  await withPool(async pool => {
    const one = await collect(encodeSpan(pool, { key, salt, byteLength: data.length }, [data]))
    const other = await collect(encodeSpan(pool, { key, salt: bytes(32), byteLength: data.length }, [data]))
    assert.notDeepEqual(one.slice(0, CELL_BYTES), one.slice(CELL_BYTES))
    assert.notDeepEqual(one, other)
  })
})

test('encode - a wrong cell of the backend never leaves the process', async () => {
  const received: Uint8Array[] = []
  const encodeAll = async (pool: Parameters<typeof encodeSpan>[0]): Promise<void> => {
    for await (const cells of encodeSpan(pool, { key, salt, byteLength: 5000 }, [bytes(5000)]))
      received.push(cells)
  }
  const faulty = { workers: 1, backend: backend('faulty') }
  await withPool(async pool => {
    await assert.rejects(encodeAll(pool), error => isDatdotError(error, 'CODEC_FAULT'))
  }, faulty)
  assert.deepEqual(received, [])
})

test('encode - a source with more or fewer bytes than the span is refused', async () => {
  await withPool(async pool => {
    for (const length of [0, 999, 1001, 5000])
      await assert.rejects(
        collect(encodeSpan(pool, { key, salt, byteLength: 1000 }, [bytes(length)])),
        error => isDatdotError(error, 'BAD_RANGE')
      )
    for (const fromCell of [-1, 0.5, 5])
      await assert.rejects(collect(encodeSpan(pool, { key, salt, byteLength: 1000, fromCell }, [])), error =>
        isDatdotError(error, 'BAD_RANGE')
      )
  })
})

test('encode - reads only a bounded window ahead of its reader', async () => {
  const perBatch = 2
  let read = 0
  async function* source(batches: number): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < batches; i++) {
      read += 1
      yield bytes(perBatch * SLICE_BYTES)
    }
  }
  await withPool(async pool => {
    const total = 40
    const span = { key, salt, byteLength: total * perBatch * SLICE_BYTES, cellsPerBatch: perBatch }
    let yielded = 0
    for await (const cells of encodeSpan(pool, span, source(total))) {
      yielded += cells.length / CELL_BYTES / perBatch
      assert.ok(read <= yielded + pool.window + 1, `${read} read at ${yielded}`)
    }
    assert.equal(yielded, total)
  })
})

test('encode - reports how many cells are done', async () => {
  const seen: number[] = []
  await withPool(async pool => {
    const span = { key, salt, byteLength: 5 * SLICE_BYTES, fromCell: 1, cellsPerBatch: 2 }
    const onProgress = ({ cells, totalCells }: { cells: number; totalCells: number }): void => {
      assert.equal(totalCells, 5)
      seen.push(cells)
    }
    await collect(encodeSpan(pool, span, [bytes(4 * SLICE_BYTES)], { onProgress }))
  })
  assert.deepEqual(seen, [3, 5])
})

test('encode - stops at once when aborted, even while its source hangs', async () => {
  const stop = new AbortController()
  async function* hanging(): AsyncGenerator<Uint8Array> {
    yield bytes(SLICE_BYTES)
    await new Promise(() => {})
  }
  await withPool(async pool => {
    const span = { key, salt, byteLength: 9 * SLICE_BYTES, cellsPerBatch: 1 }
    const cells = encodeSpan(pool, span, hanging(), { signal: stop.signal })
    assert.equal((await cells.next()).done, false)
    const next = cells.next()
    stop.abort(new Error('enough'))
    await assert.rejects(next, /enough/)
  })
})

test('encode - leaves the pool usable when its reader goes away early', async () => {
  await withPool(
    async pool => {
      const data = bytes(30 * SLICE_BYTES)
      const span = { key, salt, byteLength: data.length, cellsPerBatch: 1 }
      for await (const cells of encodeSpan(pool, span, [data])) {
        assert.equal(cells.length, CELL_BYTES)
        break
      }
      assert.equal((await collect(encodeSpan(pool, span, [data]))).length, 30 * CELL_BYTES)
    },
    { workers: 1 }
  )
})

test('encode - an error of the source reaches the reader', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytes(10)
    throw new Error('the disk is gone')
  }
  await withPool(async pool => {
    await assert.rejects(
      collect(encodeSpan(pool, { key, salt, byteLength: 1000 }, broken())),
      /the disk is gone/
    )
  })
})

test('encode - decoding in a thread leaves the cells with the caller', async () => {
  const data = bytes(1000)
  await withPool(async pool => {
    const cells = await collect(encodeSpan(pool, { key, salt, byteLength: 1000 }, [data]))
    const before = cells.slice()
    const open = { N: key.N, e: key.e, salt, byteLength: 1000 }
    assert.deepEqual(await decodeCells(pool, open, 1, cells.subarray(CELL_BYTES)), data.slice(SLICE_BYTES))
    assert.deepEqual(cells, before)
  })
})
