import { u64 } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { SpanId } from '../domain/ids.ts'
import { CELL_BYTES } from '../domain/leaves.ts'
import { WireChannel, type WireConnection } from './channel.ts'
import { outOfOrder, type Violation, WireRefusal } from './errors.ts'
import { type Checkpoint, COPY, type CopyMessages, MAX_CELLS, type Seal, WINDOW_CELLS } from './messages.ts'

export interface CopySenderOptions {
  span: SpanId
  signal?: AbortSignal
  /** Milliseconds without any message of the pinner after which what waits for it ends with WIRE_CLOSED; 60 s unless given. */
  patienceMs?: number
  onViolation?: (violation: Violation) => void
}

const PATIENCE_MS = 60_000

interface Waiter {
  ready: () => boolean
  resolve: () => void
  reject: (reason: DatdotError) => void
}

/** The signer's end of `datdot/copy/1`: never more than the window on the way (protocol.md part 8). */
export class CopySender {
  readonly #span: SpanId
  readonly #channel: WireChannel<CopyMessages>
  readonly #patienceMs: number
  readonly #waiting = new Set<Waiter>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #held: number | null = null
  #next = 0
  #acked = 0
  #asked: Checkpoint | null = null
  #answer: Uint8Array | null = null
  #seal: 'none' | 'sent' | 'taken' = 'none'
  #ended: DatdotError | null = null

  private constructor(connection: WireConnection, options: CopySenderOptions) {
    this.#span = options.span
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS
    this.#channel = new WireChannel<CopyMessages>(connection, {
      protocol: COPY,
      id: u64(options.span),
      handlers: {
        open: ({ span, cells }) => this.#onOpen(span, cells),
        ack: ({ cells }) => this.#onAck(cells),
        checkpoint: checkpoint => this.#onCheckpoint(checkpoint),
        refuse: ({ code }) => this.#channel.refusedBy(code),
        cells: outOfOrder,
        seal: outOfOrder
      },
      onClose: reason => this.#onClose(reason),
      onViolation: options.onViolation
    })
  }

  /** Opens the span's channel and hears what the pinner holds; throws WIRE_REFUSED, PEER_WRONG, WIRE_CLOSED, ABORTED. */
  static async open(connection: WireConnection, options: CopySenderOptions): Promise<CopySender> {
    if (options.signal?.aborted) throw new DatdotError('ABORTED', undefined, { cause: options.signal.reason })
    const sender = new CopySender(connection, options)
    const stop = () => sender.#abort(options.signal?.reason)
    options.signal?.addEventListener('abort', stop, { once: true })
    try {
      await sender.#patiently(async () => {
        // Cells are encoded as the pinner takes them: none is here before.
        await sender.#channel.send('open', { span: options.span, cells: 0 })
        await sender.#until(() => sender.#held !== null)
      })
      return sender
    } finally {
      options.signal?.removeEventListener('abort', stop)
    }
  }

  /** Cells that the pinner held when the channel opened: sending goes on there. */
  get held(): number {
    return this.#held ?? 0
  }

  /** Cells that are sent or were held: the next one to send. */
  get sent(): number {
    return this.#next
  }

  /** Cells that the pinner has checked and kept. */
  get acked(): number {
    return this.#acked
  }

  /** Sends whole cells in order; resolves when all are on the way, which is when the window has room for them. */
  async sendCells(first: number, cells: Uint8Array): Promise<void> {
    if (first !== this.#next || cells.byteLength % CELL_BYTES !== 0) {
      throw new DatdotError('INTERNAL', `cells from ${first} on instead of ${this.#next}`)
    }
    for (let at = 0; at < cells.byteLength; at += MAX_CELLS * CELL_BYTES) {
      const part = cells.subarray(at, at + MAX_CELLS * CELL_BYTES)
      const count = part.byteLength / CELL_BYTES
      await this.#patiently(async () => {
        await this.#until(() => this.#next + count - this.#acked <= WINDOW_CELLS)
        const sent = this.#channel.send('cells', { first: this.#next, cells: part })
        this.#next += count
        await sent
      })
    }
  }

  /** Offers a signed prefix; resolves with the pinner's signature over the same one. */
  async checkpoint(checkpoint: Checkpoint): Promise<Uint8Array> {
    if (this.#asked) throw new DatdotError('INTERNAL', 'a checkpoint is waited for already')
    this.#asked = checkpoint
    this.#answer = null
    try {
      await this.#patiently(async () => {
        await this.#channel.send('checkpoint', checkpoint)
        await this.#until(() => this.#answer !== null)
      })
      return this.#answer ?? new Uint8Array()
    } finally {
      this.#asked = null
    }
  }

  /** Offers the signed root of the whole span after everything is acknowledged; resolves when the pinner has taken it. */
  async seal(seal: Seal): Promise<void> {
    await this.#patiently(async () => {
      await this.#until(() => this.#acked >= this.#next)
      this.#seal = 'sent'
      await this.#channel.send('seal', seal)
      await this.#until(() => this.#seal === 'taken')
    })
  }

  /** Ends the transfer; may be called twice. */
  close(): void {
    this.#channel.close()
  }

  #onOpen(span: SpanId, cells: number): void {
    if (this.#held !== null || span !== this.#span) throw new WireRefusal('OutOfOrder')
    this.#held = cells
    this.#next = cells
    this.#acked = cells
    this.#wake()
  }

  #onAck(cells: number): void {
    if (this.#seal === 'sent' && cells === this.#acked) this.#seal = 'taken'
    else if (this.#held === null || cells <= this.#acked || cells > this.#next)
      throw new WireRefusal('OutOfOrder')
    this.#acked = cells
    this.#wake()
  }

  #onCheckpoint({ leaves, root, signature }: Checkpoint): void {
    const asked = this.#asked
    if (asked === null || this.#answer !== null) throw new WireRefusal('OutOfOrder')
    if (leaves !== asked.leaves || Buffer.compare(root, asked.root) !== 0)
      throw new WireRefusal('SignedWrong')
    this.#answer = signature
    this.#wake()
  }

  #onClose(reason: DatdotError): void {
    this.#ended ??= reason
    this.#wake()
  }

  #abort(cause: unknown): void {
    this.#ended ??= new DatdotError('ABORTED', undefined, { cause })
    this.#channel.close()
    this.#wake()
  }

  /** Waits as long as messages come: a pinner that is silent must not hold the signer's place. */
  async #patiently(work: () => Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.#stall(), this.#patienceMs)
    this.#timers.add(timer)
    try {
      await work()
    } finally {
      clearTimeout(timer)
      this.#timers.delete(timer)
    }
  }

  #stall(): void {
    this.#ended ??= new DatdotError('WIRE_CLOSED', `the pinner was silent for ${this.#patienceMs} ms`)
    this.#channel.close()
    this.#wake()
  }

  #until(ready: () => boolean): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended)
    if (ready()) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.add({ ready, resolve, reject }))
  }

  #wake(): void {
    for (const timer of this.#timers) timer.refresh()
    for (const waiter of [...this.#waiting]) {
      if (this.#ended === null && !waiter.ready()) continue
      this.#waiting.delete(waiter)
      if (this.#ended) waiter.reject(this.#ended)
      else waiter.resolve()
    }
  }
}
