import type { Call } from '../domain/calls.ts'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { Account, Height } from '../domain/ids.ts'
import type { BlockFacts, BlockReader } from './blocks.ts'
import { encodeCall } from './calls.ts'
import { ERA_BLOCKS } from './extensions.ts'
import { type Extrinsic, queryFee, signCall } from './extrinsic.ts'
import { abortError, closedError, type Finality } from './finality.ts'
import { formatAccount } from './keys.ts'
import { readReceipt } from './receipt.ts'
import { bornDead, fundsLow, outlived, readPoolAnswer, reasonOf, refusedByPool } from './refusals.ts'
import type { Rpc } from './rpc.ts'
import { BlockSnapshot } from './snapshot.ts'
import type { AccountKeys, Receipt, Submitter } from './types.ts'

/** Calls of one account in the pool at once; the others wait. */
const MAX_IN_FLIGHT = 64
const MAX_WAITING = 1024
/** Finalized blocks without the extrinsic after which it is sent again. */
const RESEND_AFTER = 4
/** Eras that a call may live through before it is given up. */
const MAX_LIVES = 3
/** Times that a nonce is chosen anew when the pool says that it is taken. */
const MAX_NONCES = 8

/** A call that somebody waits for. */
interface Job {
  call: Call
  /** Fires when nobody waits any more. */
  over: AbortSignal
  resolve(receipt: Receipt): void
  reject(error: unknown): void
}

/** A signed extrinsic that may be in a pool or in a block that is not final. */
interface Live extends Extrinsic {
  job: Job
  /** Newest finalized block when it was last handed over; -1 when the answer was lost. */
  sentAt: Height
  lives: number
  /** What the pool said of it last, for the caller, should it die. */
  reason: DatdotError | null
}

/** What the senders share. */
export interface SenderParts {
  rpc: Rpc
  finality: Finality
  blocks: BlockReader
  closed: AbortSignal
}

/**
 * Sends one account's calls. One loop signs, sends and reads each finalized block while something is in flight, so
 * nothing races. A nonce is given to another extrinsic only when the first can never be included any more: its era
 * is over, or the finalized nonce has passed it and no block held it.
 */
export class AccountSender implements Submitter {
  readonly account: Account
  readonly #keys: AccountKeys
  readonly #parts: SenderParts
  readonly #waiting: Job[] = []
  #live: Live[] = []
  /** Nonces below are used, or held by another process. */
  #base = 0
  /** Next finalized block to read. */
  #cursor = 0
  #running = false
  #wake = () => {}

  constructor(keys: AccountKeys, parts: SenderParts) {
    this.account = keys.account
    this.#keys = keys
    this.#parts = parts
  }

  get inFlight(): number {
    return this.#live.length + this.#waiting.length
  }

  async submit(call: Call, signal?: AbortSignal): Promise<Receipt> {
    if (signal?.aborted) throw abortError(signal)
    if (this.#parts.closed.aborted) throw closedError()
    encodeCall(call, this.#parts.finality.runtime)
    if (this.#waiting.length >= MAX_WAITING)
      throw new DatdotError('CALL_DROPPED', `${MAX_WAITING} calls of this account wait already`)
    return new Promise<Receipt>((resolve, reject) => {
      const { closed } = this.#parts
      const over = signal ? AbortSignal.any([signal, closed]) : closed
      const job: Job = { call, over, resolve, reject }
      const abort = () => {
        const index = this.#waiting.indexOf(job)
        if (index >= 0) this.#waiting.splice(index, 1)
        if (signal) reject(abortError(signal))
      }
      const settle = (then: () => void) => {
        signal?.removeEventListener('abort', abort)
        then()
      }
      job.resolve = receipt => settle(() => resolve(receipt))
      job.reject = error => settle(() => reject(error))
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.push(job)
      this.#start()
    })
  }

  async fee(call: Call): Promise<bigint> {
    const { rpc, finality } = this.#parts
    const nonce = await this.#at().nonce(this.account)
    return queryFee(signCall(call, nonce, this.#keys, finality), rpc, finality)
  }

  #start(): void {
    this.#wake()
    if (this.#running) return
    this.#running = true
    void this.#run()
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0 || this.#live.length > 0) {
        await this.#sendWaiting()
        if (this.#live.length > 0) await this.#followBlocks()
      }
    } catch (error) {
      this.#failAll(error)
    } finally {
      this.#running = false
      if (this.#waiting.length > 0) this.#start()
    }
  }

  #failAll(error: unknown): void {
    const jobs = [...this.#live.map(live => live.job), ...this.#waiting]
    this.#live = []
    this.#waiting.length = 0
    for (const job of jobs) job.reject(error)
  }

  async #sendWaiting(): Promise<void> {
    while (this.#live.length < MAX_IN_FLIGHT) {
      const job = this.#waiting.shift()
      if (!job) return
      try {
        if (this.#live.length === 0) await this.#beginAnew()
        await this.#launch(job, 0)
      } catch (error) {
        job.reject(error)
        if (this.#parts.closed.aborted) throw error
      }
    }
  }

  /** With nothing in flight the chain and the node's pool say where the nonces go on. */
  async #beginAnew(): Promise<void> {
    const { finality, rpc } = this.#parts
    this.#cursor = finality.latest.height + 1
    const final = await this.#at().nonce(this.account)
    this.#base = Math.max(final, await rpc.nextNonce(formatAccount(this.account)))
  }

  /** Signs with the lowest nonce that is free and hands over; a nonce that the pool calls taken is chosen anew, a block that it calls too old too. */
  async #launch(job: Job, livesBefore: number): Promise<void> {
    const { finality } = this.#parts
    let lives = livesBefore
    for (let attempt = 0; attempt < MAX_NONCES; attempt++) {
      const extrinsic = signCall(job.call, this.#freeNonce(), this.#keys, finality)
      const live: Live = { ...extrinsic, job, lives, sentAt: -1, reason: null }
      this.#live.push(live)
      const refusal = await this.#handOver(live)
      const answer = readPoolAnswer(refusal)
      if (answer === null || answer === 'known' || answer === 'later') return
      // the pool did not take these bytes and they were never sent before: the nonce is free again
      this.#live = this.#live.filter(other => other !== live)
      if (answer === 'payment') throw fundsLow(refusal)
      if (answer === 'refused') throw refusedByPool(refusal)
      if (answer === 'nonce') await this.#skipTaken(live.nonce)
      else if (++lives >= MAX_LIVES) throw bornDead(refusal)
      else await finality.reached(finality.latest.height + 1, job.over)
    }
    throw new DatdotError(
      'CALL_DROPPED',
      'another process uses this account faster than nonces can be chosen'
    )
  }

  async #skipTaken(nonce: number): Promise<void> {
    const { rpc } = this.#parts
    const next = await rpc.nextNonce(formatAccount(this.account))
    const lowest = Math.max(next, this.#base)
    this.#base = lowest === nonce ? nonce + 1 : lowest
  }

  #freeNonce(): number {
    const taken = new Set(this.#live.map(live => live.nonce))
    let nonce = this.#base
    while (taken.has(nonce)) nonce++
    return nonce
  }

  /** Gives the extrinsic to the node's pool; the refusal, or null when it was taken or the answer was lost. */
  async #handOver(live: Live): Promise<unknown> {
    const { rpc, finality, closed } = this.#parts
    try {
      await rpc.submit(live.hex)
      live.sentAt = finality.latest.height
      return null
    } catch (error) {
      if (closed.aborted) throw error
      const answer = readPoolAnswer(error)
      live.sentAt = answer === null ? -1 : finality.latest.height
      return answer === null ? null : error
    }
  }

  /** Reads blocks until nothing is in flight or something new waits. */
  async #followBlocks(): Promise<void> {
    const { finality, closed } = this.#parts
    const woken = new Promise<'woken'>(resolve => {
      this.#wake = () => resolve('woken')
    })
    while (this.#live.length > 0) {
      const canSend = this.#waiting.length > 0 && this.#live.length < MAX_IN_FLIGHT
      if (canSend) return
      const reached = finality.reached(this.#cursor, closed).then(() => 'reached' as const)
      if ((await Promise.race([reached, woken])) === 'woken') {
        // the block is waited for again after the new call was sent; its failure shows then
        reached.catch(() => {})
        return
      }
      await this.#readBlock()
    }
  }

  async #readBlock(): Promise<void> {
    const { finality, blocks, closed } = this.#parts
    const body = await blocks.body(this.#cursor, closed)
    const included = this.#live.filter(live => body.includes(live.hex))
    if (included.length > 0) {
      const facts = await blocks.facts(this.#cursor, closed)
      for (const live of included) this.#finish(live, body.indexOf(live.hex), facts)
    }
    const height = this.#cursor++
    if (this.#live.length > 0 && height === finality.latest.height) await this.#tend(height)
  }

  #finish(live: Live, index: number, facts: BlockFacts): void {
    this.#live = this.#live.filter(other => other !== live)
    this.#base = Math.max(this.#base, live.nonce + 1)
    try {
      live.job.resolve(readReceipt(facts, index, this.#parts.finality.runtime))
    } catch (error) {
      live.job.reject(error)
    }
  }

  /** At the newest finalized block, all before it read: what is dead is signed again, what may be lost is sent again. */
  async #tend(height: Height): Promise<void> {
    const finalNonce = await this.#finalNonce()
    if (finalNonce === null) return
    this.#base = Math.max(this.#base, finalNonce)
    const dead = this.#live.filter(live => live.nonce < finalNonce || live.lastHeight <= height)
    this.#live = this.#live.filter(live => !dead.includes(live))
    // a nonce that another process seemed to hold may have been lost with its extrinsic
    if (dead.length > 0) this.#base = finalNonce
    for (const live of dead) await this.#revive(live)
    const silent = this.#live.filter(live => height - live.sentAt >= RESEND_AFTER)
    for (const live of silent.sort((a, b) => a.nonce - b.nonce))
      live.reason = reasonOf(await this.#handOver(live)) ?? live.reason
  }

  /** Null when the chain cannot say it now: what is in flight may be in a block all the same, and the next block asks again. */
  async #finalNonce(): Promise<number | null> {
    try {
      return await this.#at().nonce(this.account)
    } catch (error) {
      const isAway = isDatdotError(error, 'CHAIN_UNREACHABLE', 'CHAIN_FAILED', 'NOT_FOUND')
      if (this.#parts.closed.aborted || !isAway) throw error
      return null
    }
  }

  async #revive(live: Live): Promise<void> {
    try {
      if (live.lives + 1 >= MAX_LIVES) throw live.reason ?? outlived(MAX_LIVES * ERA_BLOCKS)
      await this.#launch(live.job, live.lives + 1)
    } catch (error) {
      live.job.reject(error)
      if (this.#parts.closed.aborted) throw error
    }
  }

  #at(): BlockSnapshot {
    const { finality, rpc } = this.#parts
    return new BlockSnapshot(finality.latest, rpc, finality.runtime)
  }
}
