import { EventEmitter } from 'node:events'
import Protomux from 'protomux'
import { toHex } from '../domain/bytes.ts'
import { DatdotError, type ErrorCode } from '../domain/errors.ts'
import type { Account, CopyId, NoiseKey, Period, SpanId } from '../domain/ids.ts'
import type { SpanProof } from '../domain/proofs.ts'
import { canOpen, WireChannel, type WireConnection } from './channel.ts'
import { outOfOrder, REFUSALS, type RefusalName, type Violation, WireRefusal } from './errors.ts'
import { CHECK, type CheckMessages, type Leaves, MAX_LEAVES, type ReceiptRequest } from './messages.ts'
import { TokenBuckets } from './token-bucket.ts'
import { Turns } from './turns.ts'

/** What a pinner answers; it refuses by NOT_FOUND, BAD_RANGE or WIRE_REFUSED. */
export interface CheckAnswers {
  leaves(span: SpanId, indexes: readonly number[]): Promise<SpanProof>
  /** 64 bytes: ed25519 by the noise key (protocol.md 9.7). */
  receipt(copy: CopyId, period: Period, account: Account): Promise<Uint8Array>
}

export interface CheckEvents {
  violation: [Violation]
  /** An answer failed here, for no reason that concerns the peer. */
  failure: [{ peer: NoiseKey; error: DatdotError }]
}

/** Leaves a second for all peers together: noise keys are free, the disk and the processor are not. */
const ALL_LEAVES_PER_SECOND = 1_024
/** Requests of one peer that wait for their turn. */
const MAX_WAITING = 8

const REASONS: Partial<Record<ErrorCode, RefusalName>> = {
  NOT_FOUND: 'NotFound',
  BAD_RANGE: 'NotFound',
  WIRE_REFUSED: 'NotDrawn',
  WIRE_RATE_LIMITED: 'RateLimited'
}

/** The pinner's end of `datdot/check/1`: anyone asks, 64 leaves a second and peer (protocol.md part 8). */
export class CheckServer extends EventEmitter<CheckEvents> {
  readonly #buckets: TokenBuckets
  readonly #turns: Turns
  readonly #connections = new Set<WireConnection>()
  readonly #sessions = new Set<CheckSession>()
  #answers: CheckAnswers | null = null

  constructor(options: { now?: () => number; leavesPerSecond?: number; allLeavesPerSecond?: number } = {}) {
    super()
    const now = options.now ?? (() => performance.now())
    this.#buckets = new TokenBuckets(options.leavesPerSecond ?? MAX_LEAVES, now)
    this.#turns = new Turns(options.allLeavesPerSecond ?? ALL_LEAVES_PER_SECOND, now)
  }

  /** Listens on a connection; call it for each one that the hyper node has. */
  attach(connection: WireConnection): void {
    this.#connections.add(connection)
    connection.stream.once('close', () => this.#connections.delete(connection))
    Protomux.from(connection.stream).pair({ protocol: CHECK.name }, () => this.#onOpen(connection))
  }

  /** Answers from now on until what it returns is called. */
  serve(answers: CheckAnswers): () => void {
    this.#answers = answers
    return () => {
      if (this.#answers !== answers) return
      this.#answers = null
      for (const session of this.#sessions) session.stop()
    }
  }

  /** Ends all channels and listens no longer. */
  async close(): Promise<void> {
    for (const { stream } of this.#connections) Protomux.from(stream).unpair({ protocol: CHECK.name })
    this.#connections.clear()
    this.#answers = null
    const sessions = [...this.#sessions]
    for (const session of sessions) session.stop()
    await Promise.all(sessions.map(session => session.idle))
  }

  #onOpen(connection: WireConnection): void {
    const answers = this.#answers
    // Protomux rejects a channel that nobody makes.
    if (answers === null || !canOpen(connection, CHECK, null)) return
    const session: CheckSession = new CheckSession(connection, {
      answers,
      allow: tokens => this.#buckets.take(connection.remoteKey, tokens),
      turn: leaves => this.#turns.take(connection, leaves),
      onViolation: violation => this.emit('violation', violation),
      onFailure: error => this.emit('failure', { peer: connection.remoteKey, error }),
      onClose: () => {
        this.#turns.leave(connection)
        this.#sessions.delete(session)
      }
    })
    this.#sessions.add(session)
  }
}

interface CheckSessionOptions {
  answers: CheckAnswers
  /** Takes the peer's own tokens. */
  allow: (tokens: number) => boolean
  /** Resolves when so many leaves may be read, of what all peers have together, or when the channel has ended. */
  turn: (leaves: number) => Promise<void>
  onViolation: (violation: Violation) => void
  onFailure: (error: DatdotError) => void
  onClose: () => void
}

type Answer = ['proofs', CheckMessages['proofs']] | ['signature', CheckMessages['signature']]

class CheckSession {
  readonly #options: CheckSessionOptions
  readonly #channel: WireChannel<CheckMessages>
  #waiting = 0
  #work: Promise<void> = Promise.resolve()

  constructor(connection: WireConnection, options: CheckSessionOptions) {
    this.#options = options
    this.#channel = new WireChannel<CheckMessages>(connection, {
      protocol: CHECK,
      id: null,
      handlers: {
        leaves: request => this.#onLeaves(request),
        receipt: request => this.#onReceipt(request),
        refuse: ({ code }) => this.#channel.refusedBy(code),
        proofs: outOfOrder,
        signature: outOfOrder
      },
      onClose: options.onClose,
      onViolation: options.onViolation
    })
  }

  get idle(): Promise<void> {
    return this.#work
  }

  stop(): void {
    this.#channel.refuse('Stopped')
  }

  #onLeaves({ request, span, indexes }: Leaves): void {
    this.#take(request, { tokens: indexes.length, leaves: indexes.length }, async () => {
      const { peaks, leaves } = await this.#options.answers.leaves(span, indexes)
      return ['proofs', { request, peaks, leaves }]
    })
  }

  /** A receipt costs a look at the chain: it counts as one leaf, but reads none; whoever floods must not keep it from verifiers. */
  #onReceipt({ request, copy, period, account }: ReceiptRequest): void {
    this.#take(request, { tokens: 1, leaves: 0 }, async () => {
      const signature = await this.#options.answers.receipt(copy, period, toHex(account))
      return ['signature', { request, signature }]
    })
  }

  #take(request: number, cost: { tokens: number; leaves: number }, work: () => Promise<Answer>): void {
    if (request === 0) throw new WireRefusal('OutOfOrder')
    const busy = this.#waiting >= MAX_WAITING
    const refusal = busy ? 'Busy' : this.#options.allow(cost.tokens) ? null : 'RateLimited'
    if (refusal) this.#enqueue(async () => this.#refuse(request, refusal))
    else this.#enqueue(() => this.#answerInTurn(request, cost.leaves, work))
    if (this.#waiting > 4 * MAX_WAITING) throw new WireRefusal('WindowExceeded')
  }

  #enqueue(work: () => Promise<void>): void {
    this.#waiting += 1
    this.#work = this.#work.then(async () => {
      try {
        if (!this.#channel.closed) await work()
      } catch (error) {
        // A channel that ended meanwhile has told why.
        if (!this.#channel.closed) this.#failed(error)
      }
      this.#waiting -= 1
    })
  }

  async #answerInTurn(request: number, leaves: number, work: () => Promise<Answer>): Promise<void> {
    if (leaves > 0) await this.#options.turn(leaves)
    // The channel may have ended while it waited.
    if (!this.#channel.closed) await this.#answer(request, work)
  }

  async #answer(request: number, work: () => Promise<Answer>): Promise<void> {
    let answer: Answer
    try {
      answer = await work()
    } catch (error) {
      const reason = error instanceof DatdotError ? REASONS[error.code] : undefined
      if (reason === undefined) this.#failed(error)
      await this.#refuse(request, reason ?? 'Failed')
      return
    }
    const [kind, value] = answer
    await this.#channel.send(kind, value)
  }

  async #refuse(request: number, refusal: RefusalName): Promise<void> {
    await this.#channel.send('refuse', { request, code: REFUSALS[refusal].code })
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#options.onFailure(
      error instanceof DatdotError ? error : new DatdotError('INTERNAL', message, { cause: error })
    )
  }
}
