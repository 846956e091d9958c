import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { collect } from '../../src/codec/batches.ts'
import { CellDecoder, decodeSpan } from '../../src/codec/decode.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { generateSpanKey, type SpanKey } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { verifyLeaf } from '../../src/codec/proof.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../src/codec/tree-store.ts'
import { CELL_BYTES, LEAF_BYTES, SLICE_BYTES } from '../../src/domain/leaves.ts'
import type { RawRequest } from './raw-rsa.ts'

/** One measured figure: plain MB a second, the same for the bare RSA calls in as many threads, and their ratio. */
export interface CodecFigure {
  name: string
  workers: number
  mbPerS: number
  rawMbPerS: number
  ratio: number
  /** What the ratio should at least be. */
  target: number
}

/** Size and times of leaf proofs in a tree of `leaves` leaves. */
export interface ProofFigure {
  leaves: number
  bytes: number
  proveMicros: number
  verifyMicros: number
}

const ROUNDS = 7
const RAW_MS = 500
const ENCODE_BYTES = 2048 * SLICE_BYTES
const DECODE_PASSES = 20

async function megabytesPerSecond(bytes: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return bytes / 1000 / (performance.now() - start)
}

/** RSA operations of several threads at once as MB of slices a second. */
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

/** Short rounds of the bare calls and the real thing in turn, so that other load meets both; medians. */
async function compare(
  name: string,
  workers: number,
  target: number,
  raw: () => Promise<number>,
  real: () => Promise<number>
): Promise<CodecFigure> {
  const raws: number[] = []
  const reals: number[] = []
  await raw()
  await real()
  for (let round = 0; round < ROUNDS; round++) {
    raws.push(await raw())
    reals.push(await real())
  }
  const ratio = median(reals.map((rate, round) => rate / (raws[round] ?? rate)))
  return { name, workers, mbPerS: median(reals), rawMbPerS: median(raws), ratio, target }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0
}

async function benchWorkers(key: SpanKey, workers: number): Promise<CodecFigure[]> {
  const byteLength = ENCODE_BYTES * workers
  const data = new Uint8Array(byteLength).map((_, i) => i)
  const salt = new Uint8Array(32).fill(workers)
  const open = { N: key.N, e: key.e, salt, byteLength }
  const pool = new CodecPool({ workers })
  const raw = new RawRsa(key, workers)
  try {
    await pool.ready()
    const encode = () => collect(encodeSpan(pool, { key, salt, byteLength }, [data]))
    const cells = await encode()
    const decode = async (): Promise<void> => {
      for (let pass = 0; pass < DECODE_PASSES; pass++)
        for await (const plain of decodeSpan(pool, open, [cells]))
          if (plain.length === 0) throw new Error('no bytes')
    }
    return [
      await compare(
        'encode',
        workers,
        0.85,
        () => raw.rate('private'),
        () => megabytesPerSecond(byteLength, async () => void (await encode()))
      ),
      await compare(
        'decode',
        workers,
        0.7,
        () => raw.rate('public'),
        () => megabytesPerSecond(DECODE_PASSES * byteLength, decode)
      )
    ]
  } finally {
    await Promise.all([pool.close(), raw.close()])
  }
}

async function benchSync(key: SpanKey): Promise<CodecFigure> {
  const raw = new RawRsa(key, 1)
  const pool = new CodecPool({ workers: 1 })
  const byteLength = 256 * SLICE_BYTES
  const salt = new Uint8Array(32)
  try {
    const cells = await collect(encodeSpan(pool, { key, salt, byteLength }, [new Uint8Array(byteLength)]))
    const decoder = new CellDecoder({ N: key.N, e: key.e, salt, byteLength })
    const real = () =>
      megabytesPerSecond(200 * byteLength, async () => {
        for (let pass = 0; pass < 200; pass++) decoder.decode(0, cells)
      })
    return await compare('decode on the calling thread', 1, 0.7, () => raw.rate('public'), real)
  } finally {
    await Promise.all([pool.close(), raw.close()])
  }
}

async function benchProofs(leaves: number): Promise<ProofFigure> {
  const tag = new Uint8Array(32)
  const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
  const leaf = new Uint8Array(LEAF_BYTES)
  const many = new Uint8Array(256 * LEAF_BYTES)
  for (let done = 0; done < leaves; done += 256) await tree.write(many)
  const commitment = { tag, cells: (leaves * LEAF_BYTES) / CELL_BYTES, root: tree.root() }
  const peaks = tree.peaks()
  const [runs, step] = [500, Math.floor(leaves / 500)]
  const start = performance.now()
  const proofs = await Promise.all(
    Array.from({ length: runs }, (_, i) => tree.proof(i * step, async () => leaf))
  )
  const proven = performance.now()
  for (const [i, proof] of proofs.entries())
    if (!verifyLeaf(commitment, peaks, i * step, proof)) throw new Error(`proof ${i} does not verify`)
  const verified = performance.now()
  const bytes = LEAF_BYTES + 32 * ((proofs[0]?.path.length ?? 0) + peaks.length)
  const micros = (from: number, to: number): number => (1000 * (to - from)) / runs
  return { leaves, bytes, proveMicros: micros(start, proven), verifyMicros: micros(proven, verified) }
}

/** Measures the codec with 1 and 2 workers, and its leaf proofs; takes about a minute. */
export async function benchCodec(): Promise<{ figures: CodecFigure[]; proofs: ProofFigure[] }> {
  const key = await generateSpanKey()
  const figures = [...(await benchWorkers(key, 1)), ...(await benchWorkers(key, 2)), await benchSync(key)]
  return { figures, proofs: [await benchProofs(65_536)] }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { figures, proofs } = await benchCodec()
  console.table(figures)
  console.table(proofs)
}
