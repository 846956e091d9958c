import type { NoiseStream } from '@hyperswarm/secret-stream'
import c from 'compact-encoding'
import Protomux, { type Channel, type Message } from 'protomux'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { decodeExact } from './encoding.ts'
import { REFUSALS, type RefusalName, refusedBy, type Violation, WireRefusal } from './errors.ts'
import type { Declaration, Protocol } from './messages.ts'

/** An encrypted stream to one peer, as the hyper node gives it. */
export interface WireConnection {
  readonly stream: NoiseStream
  /** The noise key that the peer has proved to have. */
  readonly remoteKey: NoiseKey
}

/** What is done with each kind of message; a WireRefusal thrown here closes the channel. */
export type Handlers<M extends object> = { readonly [K in keyof M]: (value: M[K]) => void }

export interface WireChannelOptions<M extends object> {
  protocol: Protocol<M>
  id: Uint8Array | null
  handlers: Handlers<M>
  /** Once: why the channel ended. */
  onClose: (reason: DatdotError) => void
  /** The peer broke the protocol; the channel is closing. */
  onViolation?: (violation: Violation) => void
}

/** Kinds that protomux hands to us so that an unknown one closes the channel instead of being passed over. */
const KINDS = 64

/**
 * One channel of one protocol on a peer's stream. Whatever the peer sends, nothing but this channel ends:
 * messages are taken as raw bytes, since protomux destroys the whole stream when an encoding throws.
 */
export class WireChannel<M extends object> {
  readonly #connection: WireConnection
  readonly #options: WireChannelOptions<M>
  readonly #channel: Channel
  readonly #messages: Message<Uint8Array>[] = []
  #reason: DatdotError | null = null
  #closed = false
  #onDrain: (() => void)[] = []

  /** Throws WIRE_CLOSED when the stream is gone or such a channel is open already. */
  constructor(connection: WireConnection, options: WireChannelOptions<M>) {
    this.#connection = connection
    this.#options = options
    const channel = Protomux.from(connection.stream).createChannel({
      protocol: options.protocol.name,
      id: options.id,
      onclose: () => this.#ended(),
      ondrain: () => this.#drained()
    })
    if (channel === null) throw new DatdotError('WIRE_CLOSED', 'the channel cannot be opened')
    this.#channel = channel
    for (let kind = 0; kind < KINDS; kind++) {
      const onmessage = (bytes: Uint8Array) => this.#receive(kind, bytes)
      this.#messages.push(channel.addMessage({ encoding: c.raw, autoBatch: false, onmessage }))
    }
    channel.open()
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Sends a message; resolves when the stream's buffer has room again. Throws WIRE_CLOSED or why the channel ended. */
  async send<K extends keyof M>(kind: K, value: M[K]): Promise<void> {
    if (this.#closed) throw this.#reason ?? closedError()
    if (this.#write(kind, value)) return
    await new Promise<void>(resolve => this.#onDrain.push(resolve))
    if (this.#closed) throw this.#reason ?? closedError()
  }

  /** Ends the channel for a reason that the peer is told. */
  refuse(refusal: RefusalName, cause?: unknown): void {
    if (this.#closed) return
    const { code, error, sentence } = REFUSALS[refusal]
    this.#reason ??= new DatdotError(error, sentence, { cause, details: { refusal, code } })
    const [kind, value] = this.#options.protocol.refusal(code)
    this.#write(kind, value)
    this.#channel.close()
  }

  /** Ends the channel; the peer sees it closed. */
  close(): void {
    if (!this.#closed) this.#channel.close()
  }

  /** For the handler of `refuse`: the peer ended the channel for this reason. */
  refusedBy(code: number): void {
    this.#reason ??= refusedBy(code)
    this.close()
  }

  #write<K extends keyof M>(kind: K, value: M[K]): boolean {
    const { number, encoding } = this.#options.protocol.messages[kind]
    return this.#messages[number]?.send(c.encode(encoding, value)) ?? true
  }

  /** Never throws: protomux would destroy the stream. */
  #receive(number: number, bytes: Uint8Array): void {
    if (this.#closed) return
    try {
      this.#dispatch(number, bytes)
    } catch (error) {
      const refusal = error instanceof WireRefusal ? error.refusal : 'Failed'
      this.#violated(refusal, error)
      this.refuse(refusal, error)
    }
  }

  #dispatch(number: number, bytes: Uint8Array): void {
    const { protocol, handlers } = this.#options
    for (const kind of Object.keys(protocol.messages) as (keyof M)[]) {
      const declaration = protocol.messages[kind]
      if (declaration.number === number) {
        handlers[kind](decodeMessage(declaration, bytes))
        return
      }
    }
    throw new WireRefusal('Unknown')
  }

  #violated(refusal: RefusalName, error: unknown): void {
    if (!REFUSALS[refusal].isFault) return
    const message = error instanceof Error ? error.message : String(error)
    const peer = this.#connection.remoteKey
    this.#options.onViolation?.({ peer, protocol: this.#options.protocol.name, refusal, message })
  }

  #ended(): void {
    if (this.#closed) return
    this.#closed = true
    this.#drained()
    this.#options.onClose(this.#reason ?? closedError())
  }

  #drained(): void {
    const waiting = this.#onDrain
    this.#onDrain = []
    for (const resolve of waiting) resolve()
  }
}

/** Whether a peer's open can be answered: a second one of a channel that is open is left to protomux, which rejects it. */
export function canOpen<M extends object>(
  { stream }: WireConnection,
  protocol: Protocol<M>,
  id: Uint8Array | null
): boolean {
  return !stream.destroyed && !Protomux.from(stream).opened({ protocol: protocol.name, id })
}

/** Reads one message of a declared kind; throws a WireRefusal and nothing else. */
export function decodeMessage<T>(declaration: Declaration<T>, bytes: Uint8Array): T {
  if (bytes.byteLength > declaration.maxBytes) throw new WireRefusal('TooLarge')
  return decodeExact(declaration.encoding, bytes)
}

function closedError(): DatdotError {
  return new DatdotError('WIRE_CLOSED')
}
