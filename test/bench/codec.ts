import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { collect } from '../../src/codec/batches.ts'
import { CellDecoder, decodeSpan } from '../../src/codec/decode.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { generateSpanKey, type SpanKey } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { SLICE_BYTES } from '../../src/domain/leaves.ts'
import type { RawRequest } from './raw-rsa.ts'
import { type BenchOptions, inTurns, type Row, timed } from './row.ts'

const RAW_MS = 500
const ENCODE_BYTES = 2048 * SLICE_BYTES
const DECODE_PASSES = 20
const SYNC_BYTES = 256 * SLICE_BYTES
const SYNC_PASSES = 200
const ENCODE_TARGET = '>= 0.85'
const DECODE_TARGET = '>= 0.7'

/** RSA operations of several threads at once, nothing else, as MB of slices a second. */
class RawRsa {
  readonly #threads: Worker[]

  constructor(key: SpanKey, workers: number) {
    const workerData = { secret: key.exportSecret() }
    const url = new URL('./raw-rsa.js', import.meta.url)
    this.#threads = Array.from({ length: workers }, () => new Worker(url, { workerData }))
  }

  async rate(operation: RawRequest['operation']): Promise<number> {
    const rates = this.#threads.map(async thread => {
      thread.postMessage({ operation, ms: RAW_MS } satisfies RawRequest)
      const [rate] = (await once(thread, 'message')) as [number]
      return rate
    })
    const operations = (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0)
    return (operations * SLICE_BYTES) / 1e6
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.terminate()))
  }
}

interface Pair {
  what: string
  target: string
  rounds: number
  raw: () => Promise<number>
  /** MB a second. */
  real: () => Promise<number>
}

async function besideRaw({ what, target, rounds, raw, real }: Pair): Promise<Row[]> {
  const { value, beside, ratio } = await inTurns(rounds, real, raw)
  const row = { subject: 'codec', unit: 'MB/s' }
  return [
    { ...row, what: `${what}: bare RSA`, value: beside },
    { ...row, what, value, ratio, target }
  ]
}

async function megabytesPerSecond(bytes: number, run: () => Promise<void>): Promise<number> {
  return bytes / 1000 / (await timed(run))
}

/** Encoding and decoding in so many threads, beside the bare operation in as many. */
async function benchWorkers(key: SpanKey, workers: number, rounds: number): Promise<Row[]> {
  const byteLength = ENCODE_BYTES * workers
  const data = new Uint8Array(byteLength).map((_, i) => i)
  const salt = new Uint8Array(32).fill(workers)
  const open = { N: key.N, e: key.e, salt, byteLength }
  const pool = new CodecPool({ workers })
  const raw = new RawRsa(key, workers)
  const threads = workers === 1 ? '1 worker' : `${workers} workers`
  try {
    await pool.ready()
    const encode = () => collect(encodeSpan(pool, { key, salt, byteLength }, [data]))
    const cells = await encode()
    const decode = async (): Promise<void> => {
      for (let pass = 0; pass < DECODE_PASSES; pass++)
        for await (const plain of decodeSpan(pool, open, [cells]))
          if (plain.length === 0) throw new Error('no bytes')
    }
    const encoded = await besideRaw({
      what: `encode, ${threads}`,
      target: ENCODE_TARGET,
      rounds,
      raw: () => raw.rate('private'),
      real: () => megabytesPerSecond(byteLength, async () => void (await encode()))
    })
    const decoded = await besideRaw({
      what: `decode, ${threads}`,
      target: DECODE_TARGET,
      rounds,
      raw: () => raw.rate('public'),
      real: () => megabytesPerSecond(DECODE_PASSES * byteLength, decode)
    })
    return [...encoded, ...decoded]
  } finally {
    await Promise.all([pool.close(), raw.close()])
  }
}

/** As blocks are decoded when a peer reads them: on the calling thread. */
async function benchCalling(key: SpanKey, rounds: number): Promise<Row[]> {
  const raw = new RawRsa(key, 1)
  const pool = new CodecPool({ workers: 1 })
  const span = { salt: new Uint8Array(32), byteLength: SYNC_BYTES }
  try {
    const cells = await collect(encodeSpan(pool, { key, ...span }, [new Uint8Array(SYNC_BYTES)]))
    const decoder = new CellDecoder({ N: key.N, e: key.e, ...span })
    const decode = async (): Promise<void> => {
      for (let pass = 0; pass < SYNC_PASSES; pass++) decoder.decode(0, cells)
    }
    return await besideRaw({
      what: 'decode, calling thread',
      target: DECODE_TARGET,
      rounds,
      raw: () => raw.rate('public'),
      real: () => megabytesPerSecond(SYNC_PASSES * SYNC_BYTES, decode)
    })
  } finally {
    await Promise.all([pool.close(), raw.close()])
  }
}

/** Plain MB a second of encoding and decoding, beside the same RSA operation alone in the same run. */
export async function benchCodec({ quick, say }: BenchOptions): Promise<Row[]> {
  const rounds = quick ? 3 : 7
  const key = await generateSpanKey()
  const rows: Row[] = []
  for (const workers of [1, 2]) {
    say(`${workers} in ${rounds} rounds`)
    rows.push(...(await benchWorkers(key, workers, rounds)))
  }
  say('calling thread')
  return [...rows, ...(await benchCalling(key, rounds))]
}
