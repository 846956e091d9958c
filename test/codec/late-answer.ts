import { decodeCells } from '../../src/codec/decode.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { CELL_BYTES } from '../../src/domain/leaves.ts'
import { bytes, spanKey } from './fixtures.ts'

// Closes pools whose thread has answered while this one was busy, and has nothing else to do: it must end after them.
const { N, e } = spanKey()
const span = { N, e, salt: bytes(32), byteLength: 1000 }
const busy = new Int32Array(new SharedArrayBuffer(4))
for (let i = 0; i < 10; i++) {
  const pool = new CodecPool({ workers: 1 })
  await pool.ready()
  const work = Promise.allSettled([decodeCells(pool, span, 0, new Uint8Array(CELL_BYTES))])
  Atomics.wait(busy, 0, 0, 20 * i)
  await pool.close()
  await work
}
