import { setMaxListeners } from 'node:events'
import { fromHex } from '../domain/bytes.ts'
import type { Call } from '../domain/calls.ts'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { Account, Height, Hex32 } from '../domain/ids.ts'
import type { ChainConstants, Params } from '../domain/view.ts'
import { BlockReader } from './blocks.ts'
import { encodeCall } from './calls.ts'
import { readEvents } from './events.ts'
import { abortError, Finality } from './finality.ts'
import { cryptoReady } from './keys.ts'
import { Rpc } from './rpc.ts'
import type { Runtime } from './runtime.ts'
import { AccountSender } from './sender.ts'
import { BlockSnapshot } from './snapshot.ts'
import { RpcFailure, SocketProvider } from './socket.ts'
import type {
  AccountKeys,
  BlockRef,
  Chain,
  ConnectOptions,
  Head,
  RpcProvider,
  Snapshot,
  Submitter
} from './types.ts'

const CONNECT_TIMEOUT_MS = 20_000
const REQUEST_TIMEOUT_MS = 60_000

/** The door to one chain: reads, finalized heads and senders, over a connection that is kept up until `close()`. */
export class ChainClient implements Chain {
  readonly constants: ChainConstants
  readonly #provider: RpcProvider
  readonly #rpc: Rpc
  readonly #finality: Finality
  readonly #blocks: BlockReader
  readonly #closing: AbortController
  readonly #requestTimeoutMs: number
  readonly #accounts = new Map<Account, AccountSender>()

  private constructor(parts: Parts) {
    this.#provider = parts.provider
    this.#rpc = parts.rpc
    this.#finality = parts.finality
    this.#closing = parts.closing
    this.#requestTimeoutMs = parts.requestTimeoutMs
    this.#blocks = new BlockReader(parts.rpc, parts.finality, parts.closing.signal)
    this.constants = readConstants(parts.finality.runtime, parts.finality.genesis)
  }

  /**
   * Connects and checks that this is a datdot chain whose runtime is known.
   * Throws CHAIN_UNREACHABLE after `connectTimeoutMs`, CHAIN_WRONG, CHAIN_VERSION, ABORTED, BAD_ARGUMENT for a url.
   */
  static async connect(options: ConnectOptions): Promise<ChainClient> {
    if (options.signal?.aborted) throw abortError(options.signal)
    const provider = options.provider ?? new SocketProvider(checkUrls(options.urls ?? []))
    await cryptoReady()
    const closing = new AbortController()
    // Each account that waits for a block listens: how many there are is the caller's business.
    setMaxListeners(0, closing.signal)
    const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
    const rpc = new Rpc(provider, requestTimeoutMs, closing.signal)
    const { genesis, first, known } = options
    const expected = { genesis, first, known }
    const finality = new Finality(rpc, closing.signal, expected, options.onAway)
    try {
      finality.start()
      if (!provider.isConnected) await provider.connect()
      await reachedWithin(finality, 0, options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, options.signal)
      return new ChainClient({ provider, rpc, finality, closing, requestTimeoutMs })
    } catch (error) {
      closing.abort()
      await provider.disconnect()
      throw error
    }
  }

  get url(): string | null {
    return this.#provider instanceof SocketProvider && this.connected ? this.#provider.url : null
  }

  get connected(): boolean {
    return this.#provider.isConnected && !this.#closing.signal.aborted
  }

  finalized(): BlockRef {
    return this.#finality.latest
  }

  get first(): Hex32 | null {
    return this.#finality.first
  }

  async params(): Promise<Params> {
    return (await this.snapshot()).params()
  }

  async snapshot(at?: Height | Hex32): Promise<Snapshot> {
    const block = at === undefined ? this.#finality.latest : await this.#locate(at)
    return new BlockSnapshot(block, this.#rpc, this.#finality.runtime)
  }

  async *heads(signal: AbortSignal, options: { from?: Height } = {}): AsyncGenerator<Head> {
    const { signal: closed } = this.#closing
    const either = AbortSignal.any([signal, closed])
    let [isBegun, isAfterGap] = [false, false]
    for (let height = options.from ?? this.#finality.latest.height; !either.aborted; height++) {
      try {
        const { events, ...facts } = await this.#blocks.facts(height, either)
        const pruned = facts.pruned || isAfterGap
        isBegun = true
        isAfterGap = false
        yield { ...facts, events: readEvents(events, this.#finality.runtime), pruned }
      } catch (error) {
        if (either.aborted) return
        const newest = this.#finality.latest.height
        if (!isDatdotError(error, 'NOT_FOUND') || !isBegun || height >= newest) throw error
        // Who follows was away for longer than the node keeps blocks: those up to the newest are passed over.
        isAfterGap = true
        height = newest - 1
      }
    }
  }

  account(keys: AccountKeys): Submitter {
    const known = this.#accounts.get(keys.account)
    if (known) return known
    const parts = {
      rpc: this.#rpc,
      finality: this.#finality,
      blocks: this.#blocks,
      closed: this.#closing.signal
    }
    const sender = new AccountSender(keys, parts)
    this.#accounts.set(keys.account, sender)
    return sender
  }

  encode(call: Call): Uint8Array {
    return encodeCall(call, this.#finality.runtime)
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    await this.#provider.disconnect()
  }

  async #locate(at: Height | Hex32): Promise<BlockRef> {
    const missing = () => new DatdotError('NOT_FOUND', `there is no finalized block ${at}`)
    const height = typeof at === 'number' ? at : await this.#heightOf(at)
    if (
      height === null ||
      !Number.isSafeInteger(height) ||
      height < 0 ||
      height > this.#finality.latest.height
    )
      throw missing()
    const hash = await this.#hashOf(height)
    if (!hash || (typeof at === 'string' && hash !== at)) throw missing()
    return { height, hash }
  }

  /** Of a finalized block; only the node that has finalized the height is believed. */
  async #hashOf(height: Height): Promise<Hex32 | null> {
    for (;;) {
      await reachedWithin(this.#finality, height, this.#requestTimeoutMs)
      const found = await this.#finality.ofOneNode(async () => ({ hash: await this.#rpc.blockHash(height) }))
      if (found) return found.hash
    }
  }

  async #heightOf(hash: Hex32): Promise<Height | null> {
    try {
      return (await this.#rpc.header(hash)).height
    } catch (error) {
      if (error instanceof RpcFailure || isDatdotError(error, 'NOT_FOUND')) return null
      throw error
    }
  }
}

/** {@link ChainClient.connect} as a function, for who needs only the {@link Chain}. */
export function connect(options: ConnectOptions): Promise<Chain> {
  return ChainClient.connect(options)
}

interface Parts {
  provider: RpcProvider
  rpc: Rpc
  finality: Finality
  closing: AbortController
  requestTimeoutMs: number
}

function checkUrls(urls: readonly string[]): readonly string[] {
  if (urls.length === 0) throw new DatdotError('BAD_ARGUMENT', 'no url of a chain is given')
  for (const url of urls)
    if (!/^wss?:\/\/./.test(url) || !URL.canParse(url))
      throw new DatdotError(
        'BAD_ARGUMENT',
        `"${url}" is not a url of a chain: it begins with ws:// or wss://`
      )
  return urls
}

/** Waits for a finalized height; CHAIN_UNREACHABLE when the time is over, ABORTED by the signal. */
async function reachedWithin(
  finality: Finality,
  height: Height,
  timeoutMs: number,
  signal?: AbortSignal
): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    await finality.reached(height, signal ? AbortSignal.any([signal, timeout]) : timeout)
  } catch (error) {
    if (!timeout.aborted || signal?.aborted || isDatdotError(error, 'CHAIN_WRONG', 'CHAIN_VERSION'))
      throw error
    const cause = finality.lastError ?? error
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DatdotError('CHAIN_UNREACHABLE', `the chain cannot be reached: ${why}`, { cause })
  }
}

function readConstants(runtime: Runtime, genesis: Hex32): ChainConstants {
  const number = (pallet: string, name: string) => runtime.constant(pallet, name).number()
  return {
    genesis: fromHex(genesis),
    specVersion: runtime.specVersion,
    blockTimeMs: number('babe', 'expectedBlockTime'),
    seedWindow: number('datdot', 'seedWindow'),
    minVrf: number('datdot', 'minVrf'),
    period: number('datdot', 'period'),
    grace: number('datdot', 'grace'),
    existentialDeposit: runtime.constant('balances', 'existentialDeposit').bigint()
  }
}
