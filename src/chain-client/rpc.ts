import { DatdotError } from '../domain/errors.ts'
import type { Height, Hex32 } from '../domain/ids.ts'
import { Disconnected, RpcFailure } from './socket.ts'
import type { RpcProvider } from './types.ts'

/** A header as nodes send it, checked. */
export interface HeaderFacts {
  height: Height
  parent: Hex32
  /** SCALE bytes of the digest's items, 0x hex. */
  logs: string[]
}

/** What a node says of its runtime. */
export interface RuntimeVersionFacts {
  specName: string
  specVersion: number
  transactionVersion: number
}

const HEX = /^0x(?:[0-9a-f]{2})*$/i

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function bad(method: string, value: unknown): DatdotError {
  return new DatdotError('CHAIN_WRONG', `the chain answered ${method} with something else`, {
    details: { method, answer: JSON.stringify(value)?.slice(0, 200) }
  })
}

function hex(method: string, value: unknown): string {
  if (typeof value !== 'string' || !HEX.test(value)) throw bad(method, value)
  return value.toLowerCase()
}

function hash(method: string, value: unknown): Hex32 {
  const text = hex(method, value)
  if (text.length !== 66) throw bad(method, value)
  return text.slice(2)
}

/** A number, or a text that is one, as in 0x hex; NaN for anything else. */
function numberOf(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN
}

/** Reads a header; numbers come as 0x hex. */
export function readHeader(method: string, value: unknown): HeaderFacts {
  if (!isRecord(value) || !isRecord(value['digest'])) throw bad(method, value)
  const height = numberOf(value['number'])
  const logs = value['digest']['logs']
  if (!Number.isSafeInteger(height) || height < 0 || !Array.isArray(logs)) throw bad(method, value)
  return {
    height,
    parent: hash(method, value['parentHash']),
    logs: logs.map(log => hex(method, log))
  }
}

/** JSON-RPC's code of a node that lacks the method, whatever its words. */
const METHOD_MISSING = -32601

/** True when the answer says that the node does not keep the state asked for. */
export function isPruned(error: unknown): boolean {
  if (!(error instanceof RpcFailure) || error.rpcCode === METHOD_MISSING) return false
  return /discarded|pruned|UnknownBlock|not found/i.test(error.message)
}

/**
 * The node's methods that we use, each answer checked. A read waits through reconnects up to `timeoutMs`, then
 * throws CHAIN_UNREACHABLE; what the node itself refuses is an RpcFailure.
 */
export class Rpc {
  readonly provider: RpcProvider
  readonly timeoutMs: number
  readonly #closed: AbortSignal

  constructor(provider: RpcProvider, timeoutMs: number, closed: AbortSignal) {
    this.provider = provider
    this.timeoutMs = timeoutMs
    this.#closed = closed
  }

  async blockHash(height: Height): Promise<Hex32 | null> {
    const value = await this.read('chain_getBlockHash', [height])
    return value === null || value === undefined ? null : hash('chain_getBlockHash', value)
  }

  async finalizedHead(): Promise<Hex32> {
    return hash('chain_getFinalizedHead', await this.read('chain_getFinalizedHead', []))
  }

  /** NOT_FOUND when the node has no such block. */
  async header(at: Hex32): Promise<HeaderFacts> {
    return readHeader('chain_getHeader', await this.#ofBlock('chain_getHeader', at))
  }

  /** The extrinsics of a block, 0x hex; NOT_FOUND when the node does not have them. */
  async body(at: Hex32): Promise<string[]> {
    const value = await this.#ofBlock('chain_getBlock', at)
    const block = isRecord(value) ? value['block'] : null
    const list = isRecord(block) ? block['extrinsics'] : null
    if (!Array.isArray(list)) throw bad('chain_getBlock', value)
    return list.map(item => hex('chain_getBlock', item))
  }

  /** Values of keys in one state, null where nothing is stored; NOT_FOUND when the node has no such block. */
  async storage(keys: readonly string[], at: Hex32): Promise<(string | null)[]> {
    const value = await this.read('state_queryStorageAt', [keys, `0x${at}`])
    const set = Array.isArray(value) ? value[0] : undefined
    if (set === undefined) throw new DatdotError('NOT_FOUND', `the node has no block ${at}`)
    const changes = isRecord(set) ? set['changes'] : null
    if (!Array.isArray(changes)) throw bad('state_queryStorageAt', value)
    const found = new Map<string, string>()
    for (const change of changes)
      if (Array.isArray(change) && typeof change[0] === 'string' && typeof change[1] === 'string')
        found.set(change[0].toLowerCase(), hex('state_queryStorageAt', change[1]))
    return keys.map(key => found.get(key) ?? null)
  }

  /** Up to `count` stored keys under a prefix, after `from`, in order. */
  async keys(prefix: string, count: number, from: string | null, at: Hex32): Promise<string[]> {
    const value = await this.read('state_getKeysPaged', [prefix, count, from ?? prefix, `0x${at}`])
    if (!Array.isArray(value)) throw bad('state_getKeysPaged', value)
    return value.map(key => hex('state_getKeysPaged', key))
  }

  async metadata(at: Hex32): Promise<string> {
    return hex('state_getMetadata', await this.read('state_getMetadata', [`0x${at}`]))
  }

  async runtimeVersion(at: Hex32): Promise<RuntimeVersionFacts> {
    const value = await this.read('state_getRuntimeVersion', [`0x${at}`])
    if (!isRecord(value)) throw bad('state_getRuntimeVersion', value)
    const { specName, specVersion, transactionVersion } = value
    if (typeof specName !== 'string') throw bad('state_getRuntimeVersion', value)
    return {
      specName,
      specVersion: numberOf(specVersion),
      transactionVersion: numberOf(transactionVersion)
    }
  }

  /** Result of a runtime API, 0x hex. */
  async runtimeCall(method: string, data: string, at: Hex32): Promise<string> {
    return hex('state_call', await this.read('state_call', [method, data, `0x${at}`]))
  }

  /** The nonce after those that the node's pool holds. */
  async nextNonce(address: string): Promise<number> {
    const answer = await this.read('system_accountNextIndex', [address])
    const nonce = numberOf(answer)
    if (!Number.isSafeInteger(nonce) || nonce < 0) throw bad('system_accountNextIndex', answer)
    return nonce
  }

  /** Hands an extrinsic to the node's pool, once; the answer may be lost with the connection. */
  async submit(extrinsic: string): Promise<void> {
    await this.#once('author_submitExtrinsic', [extrinsic], this.timeoutMs)
  }

  /** A request that may be asked again: waits for a connection and repeats after a broken one. */
  async read(method: string, params: unknown[]): Promise<unknown> {
    const deadline = performance.now() + this.timeoutMs
    for (;;) {
      const left = deadline - performance.now()
      try {
        await this.#connected(left)
        return await this.#once(method, params, left)
      } catch (error) {
        if (!(error instanceof Disconnected) || this.#closed.aborted || deadline <= performance.now())
          throw error
      }
    }
  }

  async #ofBlock(method: string, at: Hex32): Promise<unknown> {
    const value = await this.read(method, [`0x${at}`])
    if (value === null || value === undefined)
      throw new DatdotError('NOT_FOUND', `the node has no block ${at}`)
    return value
  }

  async #once(method: string, params: unknown[], timeoutMs: number): Promise<unknown> {
    try {
      return await this.#within(timeoutMs, this.provider.send(method, params))
    } catch (error) {
      throw error instanceof Error && !(error instanceof DatdotError) ? this.#classify(error) : error
    }
  }

  /** Errors of a transport that is not ours. */
  #classify(error: Error): DatdotError {
    if ('code' in error && typeof error.code === 'number') {
      const data = 'data' in error && error.data !== undefined ? `: ${String(error.data)}` : ''
      return new RpcFailure(error.code, `${error.message}${data}`, error)
    }
    return this.provider.isConnected
      ? new RpcFailure(-1, error.message, error)
      : new Disconnected(error.message, error)
  }

  #connected(timeoutMs: number): Promise<void> {
    if (this.provider.isConnected) return Promise.resolve()
    let off = () => {}
    const connected = new Promise<void>(resolve => {
      off = this.provider.on('connected', () => resolve())
    })
    return this.#within(timeoutMs, connected).finally(() => off())
  }

  /** The promise's value, unless the time is over or the client closes first. */
  #within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer)
        this.#closed.removeEventListener('abort', closed)
        then()
      }
      const late = () => settle(() => reject(new Disconnected('the chain did not answer in time')))
      const closed = () => settle(() => reject(new DatdotError('ABORTED', 'the chain client is closed')))
      const timer = setTimeout(late, Math.max(0, timeoutMs))
      this.#closed.addEventListener('abort', closed, { once: true })
      if (this.#closed.aborted) closed()
      promise.then(
        value => settle(() => resolve(value)),
        error => settle(() => reject(error))
      )
    })
  }
}
