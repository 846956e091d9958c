import { EventEmitter } from 'node:events'
import type {
  ProviderInterface,
  ProviderInterfaceCallback,
  ProviderInterfaceEmitCb,
  ProviderInterfaceEmitted
} from '@polkadot/rpc-provider/types'
import type { Chain } from '../chain.ts'
import { INTERNAL_ERROR, RpcError } from '../rpc-error.ts'
import { Session } from './session.ts'

/** A provider for @polkadot/api that talks to a chain in the same process, without a socket. */
export class LocalProvider implements ProviderInterface {
  readonly hasSubscriptions = true
  readonly isClonable = true
  private readonly chain: Chain
  private readonly events = new EventEmitter()
  private readonly callbacks = new Map<string, ProviderInterfaceCallback>()
  private readonly onClose = () => void this.disconnect()
  private session: Session | null = null

  constructor(chain: Chain) {
    this.chain = chain
    queueMicrotask(() => void this.connect())
  }

  get isConnected(): boolean {
    return this.session !== null
  }

  clone(): LocalProvider {
    return new LocalProvider(this.chain)
  }

  async connect(): Promise<void> {
    if (this.session) return
    this.session = new Session(this.chain, ({ subscription, result }) => {
      this.callbacks.get(subscription)?.(null, result)
    })
    this.chain.once('close', this.onClose)
    this.events.emit('connected')
  }

  async disconnect(): Promise<void> {
    this.chain.off('close', this.onClose)
    this.session?.close()
    this.session = null
    this.callbacks.clear()
    this.events.emit('disconnected')
  }

  on(type: ProviderInterfaceEmitted, listener: ProviderInterfaceEmitCb): () => void {
    this.events.on(type, listener)
    return () => this.events.off(type, listener)
  }

  async send<T = unknown>(method: string, params: unknown[]): Promise<T> {
    return this.request<T>(method, params, () => undefined)
  }

  async subscribe(
    _type: string,
    method: string,
    params: unknown[],
    callback: ProviderInterfaceCallback
  ): Promise<number | string> {
    return this.request<string>(method, params, id => this.callbacks.set(String(id), callback))
  }

  async unsubscribe(_type: string, method: string, id: number | string): Promise<boolean> {
    this.callbacks.delete(String(id))
    return this.session === null ? false : this.send<boolean>(method, [id])
  }

  private async request<T>(method: string, params: unknown[], accept: (result: unknown) => void): Promise<T> {
    if (!this.session) throw new Error('the provider is not connected')
    const answers: unknown[] = []
    try {
      await this.session.call(method, params, result => {
        answers.push(result)
        accept(result)
      })
    } catch (error) {
      throw coded(error)
    }
    return answers[0] as T
  }
}

// The words in which @polkadot/api reports the same refusal when it came through a socket.
function coded(error: unknown): Error {
  const code = error instanceof RpcError ? error.code : INTERNAL_ERROR
  const data = error instanceof RpcError ? error.data : undefined
  const text = error instanceof Error ? error.message : String(error)
  const out = new Error(`${code}: ${text}${data === undefined ? '' : `: ${data}`}`, { cause: error })
  return Object.assign(out, { name: 'RpcError', code, data })
}
