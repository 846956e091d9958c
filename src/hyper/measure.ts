import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { NoiseStream } from '@hyperswarm/secret-stream'
import Corestore from 'corestore'
import type Hypercore from 'hypercore'
import { equalBytes } from '../domain/bytes.ts'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { CoreKey, NoiseKey } from '../domain/ids.ts'
import { treeHashOf } from '../domain/publish.ts'
import type { TreeView } from '../domain/view.ts'
import { hyperError, isDiskFull, throwIfAborted, whenever } from './abort.ts'
import { bufferOf, hash } from './bytes.ts'
import { assertInNetwork, connectOnce, type Dialler, type OneTimeConnection } from './one-time.ts'
import { TreeGuard } from './tree-guard.ts'

export interface SampleRequest {
  coreKey: CoreKey
  /** The pinner's noise key. */
  peer: NoiseKey
  /** The tree that the copy has a snapshot of. */
  tree: TreeView
  /** Secret random blocks of it, each once. */
  indexes: readonly number[]
  /** Until a connection is open. */
  connectTimeoutMs: number
  /** From then on, for the whole sample. */
  timeoutMs: number
  /** Where the temporary store is made; hypercore 11 keeps none in memory. */
  tempFolder: string
  /** Milliseconds that only grow. */
  now?: () => number
  signal?: AbortSignal
}

/** What a consumer with a one-time key got from one peer (protocol.md part 7, 9.7). */
export interface SampleResult {
  outcome: 'Served' | 'Unreachable' | 'TimedOut' | 'WrongData'
  /** From the open connection to the first block of the sample; null when none came. */
  ttfbMs: number | null
  /** From the open connection to the last block that came. */
  elapsedMs: number
  blocks: number
  bytes: number
  kibPerS: number
  /** The sampled blocks by index, ascending: all of them when served. */
  data: ReadonlyMap<number, Uint8Array>
  /** Why it is not Served, for the log. */
  reason: string | null
}

/** Replicates sampled blocks from exactly one peer, as an ordinary consumer with a one-time key; throws ABORTED, and what is this node's own trouble: DHT_UNREACHABLE, DISK_FULL. */
export async function measureSample(node: Dialler, request: SampleRequest): Promise<SampleResult> {
  const { peer, connectTimeoutMs: timeoutMs, signal } = request
  let connection: OneTimeConnection
  try {
    connection = await connectOnce(node, peer, signal, { timeoutMs })
  } catch (error) {
    if (!isDatdotError(error, 'PEER_UNREACHABLE')) throw error
    return new Sample(request).result('Unreachable', 'no connection')
  }
  const gone = new AbortController()
  connection.stream.on('close', () => gone.abort())
  let folder: string | undefined
  try {
    folder = await mkdtemp(join(request.tempFolder, 'sample-'))
    const result = await sampleOver(connection.stream, gone.signal, request, folder)
    if (result.outcome === 'TimedOut') await assertInNetwork(node, signal)
    return result
  } catch (error) {
    throw isDiskFull(error) ? hyperError(error) : error
  } finally {
    connection.stream.destroy()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function sampleOver(
  stream: NoiseStream,
  gone: AbortSignal,
  request: SampleRequest,
  folder: string
): Promise<SampleResult> {
  const store = new Corestore(folder)
  const sample = new Sample(request)
  const stop = new AbortController()
  try {
    const core = store.get({ key: bufferOf(request.coreKey) })
    await core.ready()
    await new TreeGuard(core.core, () => {}).limit(core, Number(request.tree.fork))
    let full: unknown = null
    core.on('verification-error', (error: unknown) => {
      if (isDiskFull(error)) full = error
      else sample.wrong(`the peer sent blocks or proofs that do not verify: ${String(error)}`)
      stop.abort()
    })
    store.replicate(stream)
    const signals = [gone, stop.signal, request.signal]
    const done = await until(signals, request.timeoutMs, takeAll(core, request, sample))
    throwIfAborted(request.signal)
    if (full !== null) throw full
    if (sample.wrongReason !== null) return sample.result('WrongData', sample.wrongReason)
    if (done === null) return sample.result('TimedOut', gone.aborted ? 'the peer hung up' : 'too slow')
    return sample.result('Served', null)
  } finally {
    stream.destroy()
    await store.close()
  }
}

async function takeAll(core: Hypercore, request: SampleRequest, sample: Sample): Promise<true> {
  const { tree } = request
  const isHere = () => BigInt(core.fork) === tree.fork && core.length >= tree.length
  await whenever(core, ['append', 'truncate'], isHere)
  const same = core.length === tree.length
  if (same && !equalBytes(rootsHash(core), tree.treeHash)) sample.wrong('the peer has another tree')
  if (sample.wrongReason !== null) return true
  await Promise.all(
    request.indexes.map(async index => {
      const block = await core.get(index, { wait: true })
      if (!block) throw new DatdotError('CORE_UNAVAILABLE', `block ${index} did not come`)
      sample.take(index, block)
    })
  )
  // After the sample, as it may cost one more block.
  if (!same && !equalBytes(await core.treeHash(tree.length), tree.treeHash))
    sample.wrong('the peer has another tree')
  return true
}

function rootsHash(core: Hypercore): Uint8Array {
  const { length, roots } = core.core.state
  return treeHashOf(
    hash,
    length,
    roots.map(root => ({ size: BigInt(root.size), hash: root.hash }))
  )
}

/** What `work` gives, or null when time is over, a signal fires, or the stopped work fails. */
async function until<T>(
  signals: (AbortSignal | undefined)[],
  timeoutMs: number,
  work: Promise<T>
): Promise<T | null> {
  const fired = signals.filter(signal => signal !== undefined)
  if (fired.some(signal => signal.aborted)) {
    work.catch(() => {})
    return null
  }
  return new Promise((resolve, reject) => {
    const stop = () => settle(() => resolve(null))
    const timer = setTimeout(stop, timeoutMs)
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      for (const signal of fired) signal.removeEventListener('abort', stop)
      finish()
    }
    for (const signal of fired) signal.addEventListener('abort', stop, { once: true })
    work.then(
      value => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error))
    )
  })
}

class Sample {
  readonly #now: () => number
  readonly #began: number
  readonly #data = new Map<number, Uint8Array>()
  #first: number | null = null
  #last: number
  #bytes = 0
  wrongReason: string | null = null

  constructor(request: SampleRequest) {
    this.#now = request.now ?? (() => performance.now())
    this.#began = this.#now()
    this.#last = this.#began
  }

  take(index: number, block: Uint8Array): void {
    this.#last = this.#now()
    this.#first ??= this.#last
    this.#bytes += block.byteLength
    this.#data.set(index, block)
  }

  wrong(reason: string): void {
    this.wrongReason ??= reason
  }

  result(outcome: SampleResult['outcome'], reason: string | null): SampleResult {
    const elapsedMs = this.#last - this.#began
    return {
      outcome,
      ttfbMs: this.#first === null ? null : this.#first - this.#began,
      elapsedMs,
      blocks: this.#data.size,
      bytes: this.#bytes,
      kibPerS: this.#bytes / 1024 / (Math.max(elapsedMs, 1) / 1000),
      data: new Map([...this.#data].sort(([a], [b]) => a - b)),
      reason
    }
  }
}
