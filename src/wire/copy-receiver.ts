import { EventEmitter } from 'node:events'
import Protomux from 'protomux'
import { readU64 } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey, SpanId } from '../domain/ids.ts'
import { canOpen, type WireConnection } from './channel.ts'
import { type CopyHandler, CopySession, refuseCopy } from './copy-session.ts'
import type { Violation } from './errors.ts'
import { COPY } from './messages.ts'

export type { CopyHandler } from './copy-session.ts'

export interface WireEvents {
  /** A peer broke the protocol; its channel was closed. */
  violation: [Violation]
}

interface Offer {
  signer: NoiseKey
  handler: CopyHandler
  session: CopySession | null
  /** Settled when nothing of any session of this span is being handled. */
  idle: Promise<void>
  resolve: () => void
  reject: (error: DatdotError) => void
}

/** The pinner's end of `datdot/copy/1` for all spans that are expected (protocol.md part 8). */
export class CopyReceivers extends EventEmitter<WireEvents> {
  readonly #offers = new Map<SpanId, Offer>()
  readonly #connections = new Set<WireConnection>()

  /** Listens on a connection; call it for each one that the hyper node has. */
  attach(connection: WireConnection): void {
    this.#connections.add(connection)
    connection.stream.once('close', () => this.#connections.delete(connection))
    Protomux.from(connection.stream).pair({ protocol: COPY.name }, id => this.#onOpen(connection, id))
  }

  /** Lets exactly this signer deliver the span, over as many connections as it takes; rejects with ABORTED or what the handler failed with. */
  async receive(span: SpanId, signer: NoiseKey, handler: CopyHandler, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw new DatdotError('ABORTED', undefined, { cause: signal.reason })
    if (this.#offers.has(span)) throw new DatdotError('INTERNAL', `span ${span} is received already`)
    let offer: Offer | undefined
    const stop = () => {
      offer?.reject(new DatdotError('ABORTED', undefined, { cause: signal?.reason }))
      offer?.session?.refuse('Stopped')
    }
    signal?.addEventListener('abort', stop, { once: true })
    try {
      await new Promise<void>((resolve, reject) => {
        offer = { signer, handler, session: null, idle: Promise.resolve(), resolve, reject }
        this.#offers.set(span, offer)
      })
    } finally {
      this.#offers.delete(span)
      // The seal's ack waits for a signer that reads it: an abort still ends that.
      await (offer?.session?.idle ?? offer?.idle)
      signal?.removeEventListener('abort', stop)
    }
  }

  /** Ends all transfers and listens no longer. */
  async close(): Promise<void> {
    for (const { stream } of this.#connections) Protomux.from(stream).unpair({ protocol: COPY.name })
    this.#connections.clear()
    const offers = [...this.#offers.values()]
    for (const offer of offers) {
      offer.session?.refuse('Stopped')
      offer.reject(new DatdotError('ABORTED', 'the receiver is closed'))
    }
    await Promise.all(offers.map(offer => offer.session?.idle ?? offer.idle))
  }

  #onOpen(connection: WireConnection, id: Uint8Array | null): void {
    // Protomux rejects a channel that nobody makes: an id of ours has 8 bytes.
    if (id?.byteLength !== 8) return
    const span = readU64(id)
    const offer = this.#offers.get(span)
    const isSigner = offer?.signer === connection.remoteKey
    // A signer that comes again has lost its old connection.
    if (isSigner) offer.session?.refuse('Stopped')
    if (!canOpen(connection, COPY, id)) return
    if (isSigner) {
      this.#begin(connection, span, offer)
      return
    }
    const reason = offer ? 'WrongPeer' : 'NotExpected'
    const violation = refuseCopy(connection, span, reason, `span ${span} is not this peer's`)
    if (violation) this.emit('violation', violation)
  }

  /** Cells of an old connection that are on their way to the disk get there first. */
  #begin(connection: WireConnection, span: SpanId, offer: Offer): void {
    const session: CopySession = new CopySession(
      connection,
      {
        span,
        handler: offer.handler,
        onSealed: offer.resolve,
        onFailure: offer.reject,
        onViolation: violation => this.emit('violation', violation),
        onClose: () => {
          if (offer.session !== session) return
          offer.session = null
          offer.idle = session.idle
        }
      },
      offer.idle
    )
    offer.session = session
  }
}
