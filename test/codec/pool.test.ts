import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { collect } from '../../src/codec/batches.ts'
import { decodeCells } from '../../src/codec/decode.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES } from '../../src/domain/leaves.ts'
import { backend, bytes, spanKey, withPool } from './fixtures.ts'

const key = spanKey()
const salt = bytes(32)
const span = { key, salt, byteLength: 1000 }
const open = { N: key.N, e: key.e, salt, byteLength: 1000 }
const zeroCell = new Uint8Array(CELL_BYTES)

test('pool - ready and close may be called again, and closed it refuses work', async () => {
  const pool = new CodecPool({ workers: 2 })
  await Promise.all([pool.ready(), pool.ready()])
  await pool.ready()
  await Promise.all([pool.close(), pool.close()])
  await pool.close()
  await assert.rejects(pool.ready(), error => isDatdotError(error, 'POOL_CLOSED'))
  await assert.rejects(decodeCells(pool, open, 0, zeroCell), error => isDatdotError(error, 'POOL_CLOSED'))
})

test('pool - closing rejects what is open and what is queued', async () => {
  const pool = new CodecPool({ workers: 1, backend: backend('stuck') })
  const work = [0, 1, 2, 3].map(() => decodeCells(pool, open, 0, zeroCell))
  const settled = Promise.allSettled(work)
  await pool.close()
  for (const result of await settled)
    assert.ok(result.status === 'rejected' && isDatdotError(result.reason, 'POOL_CLOSED'))
})

test('pool - a process that closes it ends after it, though a thread answers meanwhile', async () => {
  // 13 is what Node ends with when something is waited for that cannot come any more.
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('./late-answer.js', import.meta.url))])
})

test('pool - a thread that ends fails its work and is replaced for the next', async () => {
  await withPool(
    async pool => {
      for (let i = 0; i < 2; i++)
        await assert.rejects(
          collect(encodeSpan(pool, span, [bytes(1000)])),
          error => isDatdotError(error, 'WORKER_FAILED') && error.details['exitCode'] === 7
        )
      await assert.rejects(decodeCells(pool, open, 0, key.N), error => isDatdotError(error, 'CELL_INVALID'))
    },
    { workers: 2, backend: backend('crashing') }
  )
})

test('pool - a backend that cannot be loaded is an error, not a hang', async () => {
  await withPool(
    async pool => {
      await assert.rejects(
        pool.ready(),
        error => isDatdotError(error, 'WORKER_FAILED') && error.cause instanceof Error
      )
      await assert.rejects(decodeCells(pool, open, 0, zeroCell), error =>
        isDatdotError(error, 'WORKER_FAILED')
      )
    },
    { workers: 1, backend: backend('unloadable') }
  )
})

test('pool - aborted work is rejected whether a thread has it or not', async () => {
  await withPool(
    async pool => {
      const stop = new AbortController()
      const work = [0, 1, 2, 3].map(() => decodeCells(pool, open, 0, zeroCell, { signal: stop.signal }))
      const settled = Promise.allSettled(work)
      stop.abort(new Error('enough'))
      for (const result of await settled)
        assert.ok(result.status === 'rejected' && /enough/.test(String(result.reason)))
      await assert.rejects(decodeCells(pool, open, 0, zeroCell, { signal: stop.signal }), /enough/)
    },
    { workers: 1, backend: backend('stuck') }
  )
})

test('pool - several spans share it, each with its own key', async () => {
  await withPool(async pool => {
    const encodings = await Promise.all(
      [1, 2, 3].map(async () => {
        const own = { ...span, salt: bytes(32), cellsPerBatch: 1 }
        const data = bytes(1000)
        const cells = await collect(encodeSpan(pool, own, [data]))
        return { data, plain: await decodeCells(pool, { ...open, salt: own.salt }, 0, cells) }
      })
    )
    for (const { data, plain } of encodings) assert.deepEqual(plain, data)
  })
})
