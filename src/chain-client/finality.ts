import { setTimeout as delay } from 'node:timers/promises'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { Height, Hex32 } from '../domain/ids.ts'
import { type Rpc, readHeader } from './rpc.ts'
import { checkVersion, Runtime } from './runtime.ts'
import { Disconnected, SocketProvider } from './socket.ts'
import type { BlockRef, ConnectOptions } from './types.ts'

const RETRY_MS = 1_000
/** How long a new connection may take to tell its finalized block; shorter than connecting may take, so that another url has its turn. */
const TRIAL_MS = 15_000

interface Waiter {
  height: Height
  resolve(): void
  reject(error: unknown): void
}

/** What a chain must be: the options' expectations first, what was seen at the first connection later. */
interface Expectation {
  genesis: Hex32 | undefined
  first: Hex32 | undefined
  known: BlockRef | undefined
}

const isFatal = (error: unknown): error is DatdotError => isDatdotError(error, 'CHAIN_WRONG', 'CHAIN_VERSION')

/**
 * Follows the newest finalized block over any number of connections, and checks at each one that it is still the
 * same chain with a runtime that is known. Another chain on every url ends it with CHAIN_WRONG or CHAIN_VERSION.
 */
export class Finality {
  readonly #rpc: Rpc
  readonly #closed: AbortSignal
  readonly #expected: Expectation
  readonly #tellAway: ConnectOptions['onAway']
  readonly #wrong = new Set<string>()
  readonly #waiters = new Set<Waiter>()
  readonly #off: (() => void)[] = []
  readonly #trialMs: number
  #trial: NodeJS.Timeout | undefined
  #generation = 0
  /** Connections that were lost or not to be had since the last that was of use. */
  #losses = 0
  /** Of the node that is connected now; another one may be behind. */
  #nodeHeight = -1
  #target = -1
  #advancing = false
  /** The generation in which a block that was seen before was found again. */
  #passedKnown = -1
  #latest: BlockRef | null = null
  #genesis: Hex32 | null = null
  #first: Hex32 | null = null
  #runtime: Runtime | null = null
  #failure: DatdotError | null = null
  /** Why the last connection was of no use. */
  lastError: unknown = null

  constructor(rpc: Rpc, closed: AbortSignal, expected: Expectation, tellAway?: ConnectOptions['onAway']) {
    this.#rpc = rpc
    this.#trialMs = Math.min(TRIAL_MS, rpc.timeoutMs)
    this.#closed = closed
    this.#expected = { ...expected }
    this.#first = expected.first ?? null
    this.#tellAway = tellAway
  }

  /** Begins; `reached(0)` tells when the first connection proved right. */
  start(): void {
    const { provider } = this.#rpc
    const connected = () => void this.#follow(++this.#generation)
    this.#off.push(
      provider.on('connected', connected),
      provider.on('disconnected', () => this.#lose()),
      provider.on('error', error => {
        this.lastError = error
      })
    )
    this.#closed.addEventListener('abort', () => this.#end(closedError()), { once: true })
    if (provider.isConnected) connected()
  }

  get latest(): BlockRef {
    if (!this.#latest) throw new DatdotError('CHAIN_UNREACHABLE', 'there is no finalized block yet')
    return this.#latest
  }

  get genesis(): Hex32 {
    if (!this.#genesis) throw new DatdotError('CHAIN_UNREACHABLE', 'the genesis is not known yet')
    return this.#genesis
  }

  /** Block 1, once a node that was connected has told of it. */
  get first(): Hex32 | null {
    return this.#first
  }

  get runtime(): Runtime {
    if (!this.#runtime) throw new DatdotError('CHAIN_UNREACHABLE', 'the runtime is not known yet')
    return this.#runtime
  }

  /** Resolves when a connected node has finalized this height; rejects when aborted, closed or on a wrong chain. */
  reached(height: Height, signal?: AbortSignal): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    if (signal?.aborted) return Promise.reject(abortError(signal))
    if (this.#nodeHeight >= height) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const abort = () => settle(() => reject(signal ? abortError(signal) : undefined))
      const settle = (then: () => void) => {
        this.#waiters.delete(waiter)
        signal?.removeEventListener('abort', abort)
        then()
      }
      const waiter: Waiter = {
        height,
        resolve: () => settle(resolve),
        reject: error => settle(() => reject(error))
      }
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** What one node answers; null when it was not the same one all the time, so that the answers may not belong together. */
  async ofOneNode<T>(read: () => Promise<T>): Promise<T | null> {
    const generation = this.#generation
    try {
      const answer = await read()
      return generation === this.#generation ? answer : null
    } catch (error) {
      if (generation === this.#generation) throw error
      return null
    }
  }

  /** The connected node contradicts itself or fails: another url, or the same one after a while. */
  distrust(error: unknown): void {
    this.lastError = error
    const { provider } = this.#rpc
    if (provider instanceof SocketProvider) provider.skip()
  }

  #lose(): void {
    clearTimeout(this.#trial)
    this.#generation++
    this.#nodeHeight = -1
    this.#target = -1
    this.#noteLoss()
  }

  /** A connection that comes back at once, or at another url, is no outage; one that does not is told once. */
  #noteLoss(): void {
    const { provider } = this.#rpc
    if (!this.#latest || this.#closed.aborted || !(provider instanceof SocketProvider)) return
    if (++this.#losses !== provider.urlCount + 1) return
    const cause = this.lastError
    const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : ''
    const message = `the chain is away, waiting for it since block ${this.#latest.height}${why}`
    this.#tellAway?.(new DatdotError('CHAIN_UNREACHABLE', message, { cause }))
  }

  #end(error: DatdotError): void {
    clearTimeout(this.#trial)
    this.#failure ??= error
    for (const off of this.#off.splice(0)) off()
    for (const waiter of [...this.#waiters]) waiter.reject(this.#failure)
  }

  async #follow(generation: number): Promise<void> {
    const { provider } = this.#rpc
    this.#beginTrial(generation)
    try {
      await this.#check(generation)
      const head = await this.#rpc.finalizedHead()
      const { height } = await this.#rpc.header(head)
      if (generation !== this.#generation) return
      const method = 'chain_subscribeFinalizedHeads'
      await provider.subscribe('chain_finalizedHead', method, [], (error, header) => {
        if (!error) this.#hear(generation, header)
      })
      this.#push(generation, height)
    } catch (error) {
      await this.#refuse(generation, error)
    }
  }

  /** Ends with the first block that arrives: whichever answer a node owes until then, it is not waited for longer. */
  #beginTrial(generation: number): void {
    clearTimeout(this.#trial)
    const late = new Disconnected(`the node tells no finalized block within ${this.#trialMs} ms`)
    this.#trial = setTimeout(() => void this.#refuse(generation, late), this.#trialMs)
  }

  #hear(generation: number, header: unknown): void {
    try {
      this.#push(generation, readHeader('chain_subscribeFinalizedHeads', header).height)
    } catch (error) {
      this.distrust(error)
    }
  }

  /** The chain's identity: its genesis, and its first block, since embedded chains share one genesis hash. */
  async #check(generation: number): Promise<void> {
    const genesis = await this.#rpc.blockHash(0)
    if (!genesis) throw new DatdotError('CHAIN_WRONG', 'the chain has no genesis')
    const expected = this.#expected.genesis ?? this.#genesis
    if (expected && expected !== genesis)
      throw new DatdotError('CHAIN_WRONG', `the chain's genesis is ${genesis}, not ${expected}`)
    const first = await this.#rpc.blockHash(1)
    if (this.#first && first && this.#first !== first)
      throw new DatdotError('CHAIN_WRONG', 'the chain began anew since it was used')
    checkVersion(await this.#rpc.runtimeVersion(await this.#rpc.finalizedHead()))
    // the answers of two nodes say nothing of a chain
    if (generation !== this.#generation) return
    this.#genesis = genesis
    this.#first ??= first
  }

  #push(generation: number, height: Height): void {
    if (generation !== this.#generation) return
    this.#target = Math.max(this.#target, height)
    if (!this.#advancing) void this.#advance()
  }

  async #advance(): Promise<void> {
    this.#advancing = true
    let generation = this.#generation
    try {
      while (!this.#closed.aborted && this.#target > this.#nodeHeight) {
        generation = this.#generation
        const height = this.#target
        const hash = await this.#rpc.blockHash(height)
        if (generation !== this.#generation) continue
        if (!hash) throw new DatdotError('NOT_FOUND', `the node does not have its finalized block ${height}`)
        await this.#checkKnown(generation, height)
        await this.#useRuntimeAt(hash)
        if (generation === this.#generation) this.#arrive({ height, hash })
      }
      this.#advancing = false
    } catch (error) {
      this.#advancing = false
      if (generation === this.#generation) await this.#refuse(generation, error)
      else if (this.#target > this.#nodeHeight) void this.#advance()
    }
  }

  #arrive(block: BlockRef): void {
    const { provider } = this.#rpc
    clearTimeout(this.#trial)
    this.#nodeHeight = block.height
    this.#losses = 0
    if (!this.#latest || block.height > this.#latest.height) this.#latest = block
    this.#wrong.clear()
    if (provider instanceof SocketProvider) provider.settle()
    for (const waiter of [...this.#waiters]) if (waiter.height <= block.height) waiter.resolve()
  }

  /** Once a connection: a block that was seen before must still be there. */
  async #checkKnown(generation: number, height: Height): Promise<void> {
    const known = this.#latest ?? this.#expected.known
    if (this.#passedKnown === generation || !known || known.height > height) return
    const hash = await this.#rpc.blockHash(known.height)
    if (hash && hash !== known.hash)
      throw new DatdotError('CHAIN_WRONG', `the chain has another block ${known.height} than before`)
    this.#passedKnown = generation
  }

  async #useRuntimeAt(hash: Hex32): Promise<void> {
    const version = await this.#rpc.runtimeVersion(hash)
    if (this.#runtime?.specVersion === version.specVersion) return
    this.#runtime = new Runtime(await this.#rpc.metadata(hash), version)
  }

  async #refuse(generation: number, error: unknown): Promise<void> {
    const { provider } = this.#rpc
    if (this.#failure || generation !== this.#generation) return
    // a connection that is gone ends by itself
    if (error instanceof Disconnected && !provider.isConnected) return
    if (isFatal(error)) {
      if (!(provider instanceof SocketProvider)) return this.#end(error)
      this.#wrong.add(provider.url)
      if (this.#wrong.size >= provider.urlCount) return this.#end(error)
    }
    this.distrust(error)
    if (provider instanceof SocketProvider) return
    await delay(RETRY_MS, undefined, { ref: false })
    if (!this.#failure && generation === this.#generation) await this.#follow(++this.#generation)
  }
}

/** What waits on a closed client ends with. */
export function closedError(): DatdotError {
  return new DatdotError('ABORTED', 'the chain client is closed')
}

/** What stops when its signal fires ends with. */
export function abortError(signal: AbortSignal): DatdotError {
  return new DatdotError('ABORTED', 'stopped waiting for the chain', { cause: signal.reason })
}
