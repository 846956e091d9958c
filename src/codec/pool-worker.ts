import { Worker } from 'node:worker_threads'
import { DatdotError } from '../domain/errors.ts'
import type { SpanText } from './cell.ts'
import type { PublicKey, SpanKey } from './key.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts'

/** A private key lent to the workers until it is released. */
export interface KeyLease {
  readonly keyId: number
  readonly key: SpanKey
}

/** A batch of work: `bytes` is handed over to the worker. */
export type Task =
  | { kind: 'encode'; lease: KeyLease; salt: Uint8Array; firstCell: number; bytes: Uint8Array }
  | { kind: 'decode'; publicKey: PublicKey; text: SpanText; firstCell: number; bytes: Uint8Array }

/** A task whose answer is open. */
export interface Job {
  readonly task: Task
  resolve(bytes: Uint8Array): void
  reject(error: unknown): void
}

/** One thread, the jobs it was given and the keys it was lent. It holds the process only while it has jobs. */
export class PoolWorker {
  /** Settles when the thread is loaded, or rejects with WORKER_FAILED. */
  readonly ready: Promise<void>
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>
  readonly #thread: Worker
  readonly #jobs = new Map<number, Job>()
  readonly #keys = new Set<number>()
  readonly #onFree: () => void
  #nextJob = 0
  #cause: unknown
  #closing = false

  constructor(options: WorkerOptions, onFree: () => void) {
    this.#onFree = onFree
    this.#thread = new Worker(new URL('./worker.js', import.meta.url), { workerData: options })
    this.#thread.on('error', error => {
      this.#cause = error
    })
    this.ended = new Promise(resolve => this.#thread.once('exit', () => resolve()))
    this.ready = new Promise((resolve, reject) => {
      this.#thread.on('message', (message: FromWorker) => {
        if (message.kind !== 'ready') return this.#settle(message)
        this.#rest()
        resolve()
      })
      this.#thread.once('exit', exitCode => reject(this.#fail(exitCode)))
    })
    this.ready.catch(() => {}) // whoever waits for it gets the error; nobody has to wait
  }

  /** Jobs given and not answered yet. */
  get load(): number {
    return this.#jobs.size
  }

  /** Hands a job over; its bytes are detached here. */
  give(job: Job): void {
    const id = this.#nextJob++
    this.#jobs.set(id, job)
    this.#thread.ref()
    const { task } = job
    if (task.kind === 'decode') this.#post({ ...task, job: id }, task.bytes)
    else {
      const { kind, lease, salt, firstCell, bytes } = task
      this.#lend(lease)
      this.#post({ kind, job: id, keyId: lease.keyId, salt, firstCell, bytes }, bytes)
    }
  }

  /** Makes the thread forget a lent key. */
  drop(keyId: number): void {
    if (this.#keys.delete(keyId)) this.#post({ kind: 'drop', keyId })
  }

  /** Ends the thread at once; open jobs are rejected with POOL_CLOSED. */
  async terminate(): Promise<void> {
    this.#closing = true
    await this.#thread.terminate()
  }

  #lend({ keyId, key }: KeyLease): void {
    if (this.#keys.has(keyId)) return
    this.#keys.add(keyId)
    this.#post({ kind: 'key', keyId, handle: key.handle, publicKey: { N: key.N, e: key.e } })
  }

  #post(message: ToWorker, transferred?: Uint8Array): void {
    this.#thread.postMessage(message, transferred ? [transferred.buffer as ArrayBuffer] : [])
  }

  #settle(message: Exclude<FromWorker, { kind: 'ready' }>): void {
    const job = this.#jobs.get(message.job)
    this.#jobs.delete(message.job)
    this.#rest()
    if (message.kind === 'done') job?.resolve(message.bytes)
    else
      job?.reject(
        new DatdotError(message.code ?? 'WORKER_FAILED', message.message, { details: message.details })
      )
    this.#onFree()
  }

  /** Not while it ends: the process would end before it, and leave who waits for that waiting. */
  #rest(): void {
    if (this.#jobs.size === 0 && !this.#closing) this.#thread.unref()
  }

  #fail(exitCode: number): DatdotError {
    const code = this.#closing ? 'POOL_CLOSED' : 'WORKER_FAILED'
    const error = new DatdotError(code, undefined, { cause: this.#cause, details: { exitCode } })
    for (const job of this.#jobs.values()) job.reject(error)
    this.#jobs.clear()
    return error
  }
}
