import { availableParallelism } from 'node:os'
import { DatdotError } from '../domain/errors.ts'
import type { SpanKey } from './key.ts'
import { type Job, type KeyLease, PoolWorker, type Task } from './pool-worker.ts'

/** One job is being computed while the next already lies in the thread's inbox. */
const JOBS_PER_WORKER = 2

export interface CodecPoolOptions {
  /** Threads; all processors but one when omitted, at least 1. */
  workers?: number
  /** Module that exports `backend: RsaBackend`; node:crypto when omitted. */
  backend?: URL
}

/**
 * Threads that encode and decode batches of cells. Started on first use; a thread that ends unasked fails the jobs
 * it had with WORKER_FAILED and is replaced when there is more to do.
 */
export class CodecPool {
  readonly size: number
  readonly #backend: string | null
  readonly #workers = new Set<PoolWorker>()
  readonly #queue: Job[] = []
  #nextKey = 0
  #closing: Promise<void> | null = null

  constructor(options: CodecPoolOptions = {}) {
    this.size = Math.max(1, options.workers ?? availableParallelism() - 1)
    this.#backend = options.backend?.href ?? null
  }

  /** Starts all threads; throws WORKER_FAILED when one cannot start. */
  async ready(): Promise<void> {
    this.#assertOpen()
    while (this.#workers.size < this.size) this.#start()
    await Promise.all([...this.#workers].map(worker => worker.ready))
  }

  /** Batches to keep in flight so that no thread ever waits. */
  get window(): number {
    return this.size * (JOBS_PER_WORKER + 1)
  }

  /** Lends a private key to the threads for `encode` tasks until `unlend`. */
  lend(key: SpanKey): KeyLease {
    return { keyId: this.#nextKey++, key }
  }

  /** Makes all threads forget a lent key. */
  unlend(lease: KeyLease): void {
    for (const worker of this.#workers) worker.drop(lease.keyId)
  }

  /** Runs one task; its bytes (a whole buffer of their own) are detached. Rejects with the signal's reason when aborted. */
  run(task: Task, signal?: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#assertOpen()
      signal?.throwIfAborted()
      const onAbort = (): void => {
        const at = this.#queue.indexOf(job)
        if (at >= 0) this.#queue.splice(at, 1)
        job.reject(signal?.reason)
      }
      const job: Job = {
        task,
        resolve: bytes => {
          signal?.removeEventListener('abort', onAbort)
          resolve(bytes)
        },
        reject: error => {
          signal?.removeEventListener('abort', onAbort)
          reject(error)
        }
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(job)
      this.#dispatch()
    })
  }

  /** Ends all threads; open and later work rejects with POOL_CLOSED. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const job of this.#queue.splice(0)) job.reject(new DatdotError('POOL_CLOSED'))
    const workers = [...this.#workers]
    this.#workers.clear()
    await Promise.all(workers.map(worker => worker.terminate()))
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw new DatdotError('POOL_CLOSED')
  }

  #start(): PoolWorker {
    const worker = new PoolWorker({ backend: this.#backend }, () => this.#dispatch())
    this.#workers.add(worker)
    void worker.ended.then(() => {
      this.#workers.delete(worker)
      if (this.#closing === null) this.#dispatch()
    })
    return worker
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#freeWorker()
      const job = worker && this.#queue.shift()
      if (!worker || !job) return
      worker.give(job)
    }
  }

  #freeWorker(): PoolWorker | undefined {
    const least = [...this.#workers].sort((a, b) => a.load - b.load)[0]
    if (least?.load === 0) return least
    if (this.#workers.size < this.size) return this.#start()
    return least && least.load < JOBS_PER_WORKER ? least : undefined
  }
}
