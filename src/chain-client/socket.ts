import { WebSocket } from 'ws'
import { DatdotError } from '../domain/errors.ts'
import type { RpcProvider } from './types.ts'

/** Answer of a node that is an error of JSON-RPC, as opposed to a broken connection. */
export class RpcFailure extends DatdotError {
  readonly rpcCode: number

  constructor(rpcCode: number, message: string, cause?: unknown) {
    super('CHAIN_FAILED', message, { cause, details: { rpcCode } })
    this.name = 'RpcFailure'
    this.rpcCode = rpcCode
  }
}

/** The request got no answer because the connection is not there; it may or may not have arrived. */
export class Disconnected extends DatdotError {
  constructor(message: string, cause?: unknown) {
    super('CHAIN_UNREACHABLE', message, { cause })
    this.name = 'Disconnected'
  }
}

type Listener = (value?: unknown) => void
type Callback = (error: Error | null, result: unknown) => void
interface Pending {
  resolve(value: unknown): void
  reject(error: Error): void
  subscribe: Callback | null
}

const OPEN_TIMEOUT_MS = 10_000
const PING_MS = 20_000
const FIRST_DELAY_MS = 250
const LAST_DELAY_MS = 10_000
const MAX_MESSAGE_BYTES = 64 * 2 ** 20
/** Notifications that may wait for the answer which names their subscription. */
const MAX_EARLY = 64

/**
 * JSON-RPC over a web socket that goes through its urls for ever, with back-off, until `disconnect()`.
 * Requests fail with {@link Disconnected} at once while there is no connection; subscriptions end with theirs.
 */
export class SocketProvider implements RpcProvider {
  readonly #urls: readonly string[]
  readonly #listeners = {
    connected: new Set<Listener>(),
    disconnected: new Set<Listener>(),
    error: new Set<Listener>()
  }
  readonly #pending = new Map<number, Pending>()
  readonly #subscriptions = new Map<string, Callback>()
  #early: { id: string; result: unknown }[] = []
  #socket: WebSocket | null = null
  #timer: NodeJS.Timeout | undefined
  #ping: NodeJS.Timeout | undefined
  #attempt = 0
  #index = 0
  #nextId = 1
  #running = false

  constructor(urls: readonly string[]) {
    this.#urls = urls
  }

  get isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** The url in use or tried now. */
  get url(): string {
    return this.#urls[this.#index % this.#urls.length] ?? ''
  }

  get urlCount(): number {
    return this.#urls.length
  }

  /** Begins to connect; resolves at once, `connected` tells of success. */
  async connect(): Promise<void> {
    if (this.#running) return
    this.#running = true
    this.#dial()
  }

  /** Closes the connection for good. */
  async disconnect(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    const socket = this.#socket
    if (!socket) return
    await new Promise<void>(resolve => {
      socket.once('close', () => resolve())
      socket.terminate()
    })
  }

  /** Gives this url up for now and goes on with the next one. */
  skip(): void {
    this.#socket?.terminate()
  }

  /** Says that the connection proved useful: the next back-off begins anew. */
  settle(): void {
    this.#attempt = 0
  }

  on(type: 'connected' | 'disconnected' | 'error', listener: Listener): () => void {
    this.#listeners[type].add(listener)
    return () => this.#listeners[type].delete(listener)
  }

  async send(method: string, params: unknown[]): Promise<unknown> {
    return this.#request(method, params, null)
  }

  async subscribe(_type: string, method: string, params: unknown[], callback: Callback): Promise<string> {
    const id = nameOf(await this.#request(method, params, callback))
    if (id === null) throw new RpcFailure(Number.NaN, `the node answers ${method} without a subscription`)
    return id
  }

  async unsubscribe(_type: string, method: string, id: number | string): Promise<boolean> {
    this.#subscriptions.delete(String(id))
    return this.isConnected ? Boolean(await this.#request(method, [id], null)) : true
  }

  #request(method: string, params: unknown[], subscribe: Callback | null): Promise<unknown> {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN)
      return Promise.reject(new Disconnected(`no connection to ${this.url}`))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, subscribe })
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }), error => {
        if (error && this.#pending.delete(id)) reject(new Disconnected(error.message))
      })
    })
  }

  #emit(type: 'connected' | 'disconnected' | 'error', value?: unknown): void {
    for (const listener of [...this.#listeners[type]]) listener(value)
  }

  #dial(): void {
    const socket = new WebSocket(this.url, {
      handshakeTimeout: OPEN_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES
    })
    this.#socket = socket
    socket.on('open', () => {
      this.#watch(socket)
      this.#emit('connected')
    })
    socket.on('message', data => this.#receive(String(data)))
    socket.on('error', error => this.#emit('error', error))
    socket.on('close', () => this.#lost(socket))
  }

  /** Ends a connection whose other end has gone without a word. */
  #watch(socket: WebSocket): void {
    let alive = true
    socket.on('pong', () => {
      alive = true
    })
    this.#ping = setInterval(() => {
      if (alive) socket.ping()
      else socket.terminate()
      alive = false
    }, PING_MS)
  }

  #lost(socket: WebSocket): void {
    clearInterval(this.#ping)
    if (this.#socket !== socket) return
    this.#socket = null
    const error = new Disconnected(`the connection to ${this.url} was lost`)
    for (const pending of this.#pending.values()) pending.reject(error)
    this.#pending.clear()
    this.#subscriptions.clear()
    this.#early = []
    this.#emit('disconnected')
    if (!this.#running) return
    this.#index = (this.#index + 1) % this.#urls.length
    this.#timer = setTimeout(() => this.#dial(), this.#delayMs())
  }

  /** Each url is tried once before the delay doubles; half of it is random, so that a crowd does not come back at once. */
  #delayMs(): number {
    const round = Math.floor(this.#attempt++ / this.#urls.length)
    const delay = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(round, 16))
    return delay / 2 + (Math.random() * delay) / 2
  }

  #receive(text: string): void {
    const message = parseMessage(text)
    if (!message) this.skip()
    else if (message.subscription !== null) this.#notify(message.subscription, message.result)
    else if (message.id !== null) this.#answer(message.id, message)
  }

  #answer(id: number, { error, result }: Message): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    this.#pending.delete(id)
    if (error) {
      pending.reject(error)
      return
    }
    const subscription = pending.subscribe ? nameOf(result) : null
    if (pending.subscribe && subscription !== null) this.#follow(subscription, pending.subscribe)
    pending.resolve(result)
  }

  #follow(id: string, callback: Callback): void {
    this.#subscriptions.set(id, callback)
    const early = this.#early.filter(entry => entry.id === id)
    this.#early = this.#early.filter(entry => entry.id !== id)
    for (const entry of early) callback(null, entry.result)
  }

  #notify(id: string, result: unknown): void {
    const callback = this.#subscriptions.get(id)
    if (callback) callback(null, result)
    else if (this.#early.length < MAX_EARLY) this.#early.push({ id, result })
  }
}

interface Message {
  id: number | null
  subscription: string | null
  result: unknown
  error: RpcFailure | null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One JSON-RPC message, or null when it is none. */
function parseMessage(text: string): Message | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(json)) return null
  const params = json['params']
  if (typeof json['method'] === 'string' && isRecord(params)) {
    const subscription = nameOf(params['subscription'])
    return subscription === null ? null : { id: null, subscription, result: params['result'], error: null }
  }
  const { id, error } = json
  return {
    id: typeof id === 'number' ? id : null,
    subscription: null,
    result: json['result'],
    error: isRecord(error) ? readFailure(error) : null
  }
}

/** The name of a subscription; null for what is none. */
function nameOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function readFailure({ code, message, data }: Record<string, unknown>): RpcFailure {
  const text = typeof message === 'string' ? message : 'the node gives no reason'
  const more = data === undefined ? '' : `: ${typeof data === 'string' ? data : JSON.stringify(data)}`
  return new RpcFailure(typeof code === 'number' ? code : Number.NaN, `${text}${more}`)
}
