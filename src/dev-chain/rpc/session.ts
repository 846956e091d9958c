import { randomBytes } from 'node:crypto'
import type { Chain } from '../chain.ts'
import { METHOD_NOT_FOUND, RpcError, SERVER_ERROR } from '../rpc-error.ts'
import type { Subscriber } from './context.ts'
import { methods } from './methods.ts'

/** A notification of a subscription. */
export interface Notification {
  readonly method: string
  readonly subscription: string
  readonly result: unknown
}

const MAX_SUBSCRIPTIONS = 1_024

/** One client of the chain: calls methods, holds subscriptions, and hands their notifications on in order. */
export class Session {
  private readonly chain: Chain
  private readonly notify: (notification: Notification) => void
  private closed = false
  private readonly stops = new Map<string, () => void>()
  /** Notifications of subscriptions whose id the client does not know yet. */
  private readonly held = new Map<string, Notification[]>()

  constructor(chain: Chain, notify: (notification: Notification) => void) {
    this.chain = chain
    this.notify = notify
  }

  /**
   * Calls a method and passes its result to `answer` before any notification of a subscription that it began; throws
   * RpcError.
   */
  async call(name: string, params: readonly unknown[], answer: (result: unknown) => void): Promise<void> {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (!method) throw new RpcError(METHOD_NOT_FOUND, `Method not found: ${name}`)
    const begun: string[] = []
    const client: Subscriber = {
      subscribe: (event, start) => this.begin(event, start, begun),
      unsubscribe: id => this.unsubscribe(id)
    }
    const result = await method(this.chain, params, client)
    answer(result)
    for (const id of begun) {
      for (const notification of this.held.get(id) ?? []) this.notify(notification)
      this.held.delete(id)
    }
  }

  unsubscribe(id: unknown): boolean {
    const stop = typeof id === 'string' ? this.stops.get(id) : undefined
    if (!stop) return false
    this.stops.delete(String(id))
    stop()
    return true
  }

  close(): void {
    this.closed = true
    for (const stop of this.stops.values()) stop()
    this.stops.clear()
  }

  private begin(event: string, start: Parameters<Subscriber['subscribe']>[1], begun: string[]): string {
    if (this.closed) throw new RpcError(SERVER_ERROR, 'the connection is closed')
    if (this.stops.size >= MAX_SUBSCRIPTIONS)
      throw new RpcError(-32006, 'Too many subscriptions on the connection')
    const id = randomBytes(8).toString('hex')
    begun.push(id)
    this.held.set(id, [])
    let ended = false
    this.stops.set(id, () => undefined)
    const stop = start(
      result => this.send({ method: event, subscription: id, result }),
      () => {
        ended = true
        this.unsubscribe(id)
      }
    )
    if (ended) stop()
    else this.stops.set(id, stop)
    return id
  }

  private send(notification: Notification): void {
    const held = this.held.get(notification.subscription)
    if (held) held.push(notification)
    else this.notify(notification)
  }
}
