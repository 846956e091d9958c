import { u64 } from '../domain/bytes.ts'
import { DatdotError, type ErrorCode } from '../domain/errors.ts'
import type { SpanId } from '../domain/ids.ts'
import { CELL_BYTES } from '../domain/leaves.ts'
import { WireChannel, type WireConnection } from './channel.ts'
import { outOfOrder, REFUSALS, type RefusalName, type Violation, WireRefusal } from './errors.ts'
import { type Checkpoint, COPY, type CopyMessages, type Seal, WINDOW_CELLS } from './messages.ts'

/** What takes a span's cells; what it throws of the signer's making is CELL_INVALID, WIRE_BAD_MESSAGE or WIRE_OUT_OF_ORDER. */
export interface CopyHandler {
  /** Cells that are checked and kept. */
  readonly held: number
  /** Checks and keeps cells; resolves with what is held then. The ack waits for it: that is the back-pressure. */
  cells(first: number, cells: Uint8Array): Promise<number>
  /** Resolves with our signature over the same checkpoint. */
  checkpoint(checkpoint: Checkpoint): Promise<Uint8Array>
  /** Resolves when the seal is agreed and kept. */
  seal(seal: Seal): Promise<void>
}

export interface CopySessionOptions {
  span: SpanId
  handler: CopyHandler
  onSealed: () => void
  /** The handler failed, and not because of what the signer sent. */
  onFailure: (error: DatdotError) => void
  onViolation: (violation: Violation) => void
  onClose: () => void
}

type Answer = { [K in keyof CopyMessages]: [kind: K, value: CopyMessages[K]] }[keyof CopyMessages]

const FAULTS: Partial<Record<ErrorCode, RefusalName>> = {
  CELL_INVALID: 'CellInvalid',
  WIRE_BAD_MESSAGE: 'SignedWrong',
  WIRE_OUT_OF_ORDER: 'OutOfOrder'
}

/** The pinner's end of one channel of `datdot/copy/1`. */
export class CopySession {
  readonly #connection: WireConnection
  readonly #options: CopySessionOptions
  readonly #channel: WireChannel<CopyMessages>
  #begun = false
  /** From then on the signer knows where to begin: what comes before would be counted from nowhere. */
  #answered = false
  #sealing = false
  /** Cells that came and those that are handled, from the span's first on. */
  #received = 0
  #handled = 0
  #checkpoints = 0
  #work: Promise<void>

  /** `before` ends first: cells of an older connection may still be on their way to the disk. */
  constructor(connection: WireConnection, options: CopySessionOptions, before: Promise<void>) {
    this.#connection = connection
    this.#options = options
    this.#work = before
    this.#channel = new WireChannel<CopyMessages>(connection, {
      protocol: COPY,
      id: u64(options.span),
      handlers: {
        open: ({ span }) => this.#onOpen(span),
        cells: ({ first, cells }) => this.#onCells(first, cells),
        checkpoint: checkpoint => this.#onCheckpoint(checkpoint),
        seal: seal => this.#onSeal(seal),
        refuse: ({ code }) => this.#channel.refusedBy(code),
        ack: outOfOrder
      },
      onClose: options.onClose,
      onViolation: options.onViolation
    })
  }

  /** Resolves when nothing of this session is being handled any more. */
  get idle(): Promise<void> {
    return this.#work
  }

  refuse(refusal: RefusalName): void {
    this.#channel.refuse(refusal)
  }

  #onOpen(span: SpanId): void {
    if (this.#begun || span !== this.#options.span) throw new WireRefusal('OutOfOrder')
    this.#begun = true
    this.#enqueue(async () => {
      const cells = this.#options.handler.held
      this.#received = cells
      this.#handled = cells
      this.#answered = true
      return ['open', { span, cells }]
    })
  }

  #onCells(first: number, cells: Uint8Array): void {
    const count = cells.byteLength / CELL_BYTES
    if (!this.#answered || this.#sealing || first !== this.#received) throw new WireRefusal('OutOfOrder')
    if (first + count - this.#handled > WINDOW_CELLS) throw new WireRefusal('WindowExceeded')
    this.#received += count
    this.#enqueue(async () => {
      this.#handled = await this.#options.handler.cells(first, cells)
      return ['ack', { cells: this.#handled }]
    })
  }

  #onCheckpoint(checkpoint: Checkpoint): void {
    if (!this.#answered || this.#sealing || this.#checkpoints > 0) throw new WireRefusal('OutOfOrder')
    this.#checkpoints += 1
    this.#enqueue(async () => {
      const signature = await this.#options.handler.checkpoint(checkpoint)
      this.#checkpoints -= 1
      return ['checkpoint', { ...checkpoint, signature }]
    })
  }

  #onSeal(seal: Seal): void {
    if (!this.#answered || this.#sealing) throw new WireRefusal('OutOfOrder')
    this.#sealing = true
    this.#enqueue(async () => {
      await this.#options.handler.seal(seal)
      this.#options.onSealed()
      return ['ack', { cells: this.#handled }]
    })
  }

  /** One after another, in the order of the messages; what is left is dropped when the channel ends. */
  #enqueue(work: () => Promise<Answer>): void {
    this.#work = this.#work.then(async () => {
      if (this.#channel.closed) return
      try {
        const [kind, value] = await work()
        if (!this.#channel.closed) await this.#channel.send(kind, value).catch(error => this.#unsent(error))
      } catch (error) {
        this.#failed(error)
      }
    })
  }

  /** A channel that ended meanwhile has told why; anything else is a fault of ours. */
  #unsent(error: unknown): void {
    if (!this.#channel.closed) throw error
  }

  #failed(error: unknown): void {
    const fault = error instanceof DatdotError ? FAULTS[error.code] : undefined
    const message = error instanceof Error ? error.message : String(error)
    if (fault) {
      const peer = this.#connection.remoteKey
      this.#options.onViolation({ peer, protocol: COPY.name, refusal: fault, message })
    } else {
      const cause = { cause: error }
      this.#options.onFailure(
        error instanceof DatdotError ? error : new DatdotError('INTERNAL', message, cause)
      )
    }
    this.#channel.refuse(fault ?? 'Failed', error)
  }
}

/** Answers an open that nobody waits for, and is gone. */
export function refuseCopy(
  connection: WireConnection,
  span: SpanId,
  refusal: RefusalName,
  message: string
): Violation | null {
  const channel = new WireChannel<CopyMessages>(connection, {
    protocol: COPY,
    id: u64(span),
    handlers: {
      open: ignore,
      cells: ignore,
      ack: ignore,
      checkpoint: ignore,
      seal: ignore,
      refuse: ignore
    },
    onClose: ignore
  })
  channel.refuse(refusal)
  return REFUSALS[refusal].isFault
    ? { peer: connection.remoteKey, protocol: COPY.name, refusal, message }
    : null
}

function ignore(): void {}
