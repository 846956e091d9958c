import { fromHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { Account, CopyId, Period, SpanId } from '../domain/ids.ts'
import type { SpanProof } from '../domain/proofs.ts'
import { WireChannel, type WireConnection } from './channel.ts'
import { outOfOrder, refusedBy, type Violation, WireRefusal } from './errors.ts'
import { CHECK, type CheckMessages, MAX_LEAVES, type Proofs, type Receipt } from './messages.ts'

export interface RequestOptions {
  signal?: AbortSignal
}

type Pending =
  | {
      kind: 'proofs'
      leaves: number
      resolve: (proofs: Proofs) => void
      reject: (error: DatdotError) => void
    }
  | { kind: 'signature'; resolve: (receipt: Receipt) => void; reject: (error: DatdotError) => void }

/** Anyone's end of `datdot/check/1` with one pinner (protocol.md part 8). */
export class CheckClient {
  readonly #channel: WireChannel<CheckMessages>
  readonly #pending = new Map<number, Pending>()
  #lastRequest = 0
  #ended: DatdotError | null = null

  /** Opens the channel; throws WIRE_CLOSED when it is open already. A peer that does not answer closes it. */
  constructor(connection: WireConnection, options: { onViolation?: (violation: Violation) => void } = {}) {
    this.#channel = new WireChannel<CheckMessages>(connection, {
      protocol: CHECK,
      id: null,
      handlers: {
        proofs: proofs => this.#onProofs(proofs),
        signature: receipt => this.#onReceipt(receipt),
        refuse: ({ request, code }) => this.#onRefuse(request, code),
        leaves: outOfOrder,
        receipt: outOfOrder
      },
      onClose: reason => this.#onClose(reason),
      onViolation: options.onViolation
    })
  }

  /** Leaves of a sealed span with their paths, unchecked; throws NOT_FOUND, WIRE_RATE_LIMITED, WIRE_REFUSED, WIRE_CLOSED, ABORTED. */
  async leaves(span: SpanId, indexes: readonly number[], options: RequestOptions = {}): Promise<SpanProof> {
    if (indexes.length === 0 || indexes.length > MAX_LEAVES) {
      throw new DatdotError('BAD_ARGUMENT', `${indexes.length} leaves in one request`)
    }
    const { peaks, leaves } = await this.#ask<Proofs>(
      options.signal,
      (resolve, reject) => ({ kind: 'proofs', leaves: indexes.length, resolve, reject }),
      request => this.#channel.send('leaves', { request, span, indexes: [...indexes] })
    )
    return { peaks, leaves }
  }

  /** The pinner's receipt for a verifier that was drawn, 64 bytes, unchecked; throws as {@link leaves} does. */
  async receipt(
    copy: CopyId,
    period: Period,
    account: Account,
    options: RequestOptions = {}
  ): Promise<Uint8Array> {
    const { signature } = await this.#ask<Receipt>(
      options.signal,
      (resolve, reject) => ({ kind: 'signature', resolve, reject }),
      request => this.#channel.send('receipt', { request, copy, period, account: fromHex(account) })
    )
    return signature
  }

  /** Ends the channel; may be called twice. */
  close(): void {
    this.#channel.close()
  }

  async #ask<T>(
    signal: AbortSignal | undefined,
    pending: (resolve: (value: T) => void, reject: (error: DatdotError) => void) => Pending,
    send: (request: number) => Promise<void>
  ): Promise<T> {
    if (signal?.aborted) throw new DatdotError('ABORTED', undefined, { cause: signal.reason })
    if (this.#ended) throw this.#ended
    this.#lastRequest += 1
    const request = this.#lastRequest
    let stop: (() => void) | undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        // What is aborted stays in the table: its answer may still come, and is then no violation.
        stop = () => reject(new DatdotError('ABORTED', undefined, { cause: signal?.reason }))
        signal?.addEventListener('abort', stop, { once: true })
        this.#pending.set(request, pending(resolve, reject))
        send(request).catch(reject)
      })
    } finally {
      if (stop) signal?.removeEventListener('abort', stop)
    }
  }

  #onProofs(proofs: Proofs): void {
    const pending = this.#pending.get(proofs.request)
    if (pending?.kind !== 'proofs') throw new WireRefusal('OutOfOrder')
    if (proofs.leaves.length !== pending.leaves) throw new WireRefusal('Malformed')
    this.#pending.delete(proofs.request)
    pending.resolve(proofs)
  }

  #onReceipt(receipt: Receipt): void {
    const pending = this.#pending.get(receipt.request)
    if (pending?.kind !== 'signature') throw new WireRefusal('OutOfOrder')
    this.#pending.delete(receipt.request)
    pending.resolve(receipt)
  }

  #onRefuse(request: number, code: number): void {
    if (request === 0) {
      this.#channel.refusedBy(code)
      return
    }
    const pending = this.#pending.get(request)
    if (!pending) throw new WireRefusal('OutOfOrder')
    this.#pending.delete(request)
    pending.reject(refusedBy(code))
  }

  #onClose(reason: DatdotError): void {
    this.#ended = reason
    for (const { reject } of this.#pending.values()) reject(reason)
    this.#pending.clear()
  }
}
