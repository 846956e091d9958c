import { EventEmitter } from 'node:events'
import type { NoiseStream } from '@hyperswarm/secret-stream'
import HyperDHT, { type DhtAddress, type KeyPair } from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { throwIfAborted, unlessAborted } from './abort.ts'
import { bufferOf } from './bytes.ts'
import { Lookups } from './lookups.ts'
import { isInNetwork } from './reach.ts'

/** Between two signs of life that the DHT is asked for. */
const WATCH_MS = 10_000

export interface SwarmOptions {
  keyPair: KeyPair
  bootstrap?: readonly DhtAddress[]
  host?: string
  port?: number
  lookupMs: number
}

/** One swarm connection; `stream` carries the protomux on which all cores are replicated. */
export interface PeerConnection {
  readonly stream: NoiseStream
  readonly remoteKey: NoiseKey
  readonly isInitiator: boolean
}

/** A topic this node is on. */
export interface Joined {
  /** Resolves when the announcement and the first lookup are done, or when the signal fires: a silent DHT takes its time. */
  flushed(signal?: AbortSignal): Promise<void>
  leave(): Promise<void>
}

interface SwarmEvents {
  connection: [PeerConnection]
  disconnection: [PeerConnection]
  /** No node of the DHT answers any more. */
  'network-lost': []
  closing: []
}

const BACKOFFS_MS = [1_000, 3_000, 10_000, 60_000]
const REDIAL_MS = 3_000
/** Signs of life in a row without which the DHT is away. */
const MOST_MISSED = 2
/** Times that a node is announced again when the DHT is back. */
const CALLS = 3
/** How long closing waits for the DHT to take the announcements back. */
const GOODBYE_MS = 2_000

/** DHT and swarm of one noise key. */
export class Swarm extends EventEmitter<SwarmEvents> {
  readonly dht: HyperDHT
  readonly lookups: Lookups
  readonly #swarm: Hyperswarm
  readonly #connections = new Map<NoiseStream, PeerConnection>()
  #watching: NodeJS.Timeout
  /** Signs of life in a row that did not come. */
  #missed = 0
  /** Times that this node is still to be announced again. */
  #calls = 0
  #isClosing = false
  /** The DHT did not take the last goodbye in time: closing does not wait for it again. */
  #isSilent = false

  /** `attach` runs on each connection before anyone hears of it. */
  constructor(options: SwarmOptions, attach: (stream: NoiseStream) => void) {
    super()
    this.setMaxListeners(0)
    const { bootstrap, host, port, keyPair } = options
    // On the loopback nothing stands between the nodes: without this the first connections wait for hole punching.
    this.dht = new HyperDHT({ bootstrap, host, port, ...(isLoopback(host) ? { firewalled: false } : {}) })
    this.#swarm = new Hyperswarm({ dht: this.dht, keyPair, backoffs: BACKOFFS_MS })
    this.lookups = new Lookups(options.lookupMs)
    this.#watching = setTimeout(() => void this.#watch(), WATCH_MS)
    this.#swarm.on('connection', (stream: NoiseStream) => this.#onStream(stream, attach))
  }

  get connections(): PeerConnection[] {
    return [...this.#connections.values()]
  }

  /** Lets others dial our noise key; resolves when the DHT knows, or when the signal fires. */
  listen(signal?: AbortSignal): Promise<void> {
    return unlessAborted(this.#swarm.listen(), signal)
  }

  join(topic: Uint8Array, roles: { server?: boolean; client?: boolean } = {}): Joined {
    const server = roles.server ?? true
    const client = roles.client ?? true
    const discovery = this.#swarm.join(topic, { server, client })
    if (client) this.lookups.add(topic, discovery)
    return {
      flushed: signal => unlessAborted(discovery.flushed(), signal),
      leave: async () => {
        this.lookups.remove(topic, discovery)
        this.#isSilent = !(await isDoneWithin(GOODBYE_MS, discovery.destroy()))
      }
    }
  }

  /** Resolves with an open connection to that noise key, dialling it until there is one; throws PEER_UNREACHABLE, ABORTED. */
  async connect(key: NoiseKey, signal?: AbortSignal): Promise<PeerConnection> {
    throwIfAborted(signal)
    const open = this.connections.find(({ remoteKey, stream }) => remoteKey === key && !stream.destroyed)
    if (open) return open
    const timer = setInterval(() => this.#dialAgain(bufferOf(key)), REDIAL_MS)
    try {
      return await this.#nextConnection(key, signal)
    } finally {
      clearInterval(timer)
    }
  }

  /** No longer dials that noise key by itself; an open connection stays. */
  leavePeer(key: NoiseKey): void {
    this.#swarm.leavePeer(bufferOf(key))
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.lookups.close()
    clearTimeout(this.#watching)
    this.emit('closing')
    // Goodbyes to DHT nodes that are gone would each wait for their answer: what is pending then fails at once.
    const patienceMs = this.#isSilent ? 0 : GOODBYE_MS
    let isForced = false
    const force = setTimeout(() => {
      isForced = true
      this.dht.destroy({ force: true }).catch(() => {})
    }, patienceMs)
    try {
      await this.#swarm.destroy()
    } catch (error) {
      if (!isForced) throw error
    } finally {
      clearTimeout(force)
    }
  }

  /** hyperdht takes minutes to notice that the nodes which knew this one are gone and that others are there now. */
  async #watch(): Promise<void> {
    const isHere = await isInNetwork(this.dht)
    if (this.#isClosing) return
    if (isHere && this.#missed > 0) this.#calls = CALLS
    // More than once: hyperdht forgets it while it is about to announce this node to those that are gone.
    if (isHere && this.#calls > 0) {
      this.#calls -= 1
      this.dht.emit('network-change')
    }
    this.#missed = isHere ? 0 : this.#missed + 1
    if (this.#missed === MOST_MISSED) this.emit('network-lost')
    this.#watching = setTimeout(() => void this.#watch(), WATCH_MS)
  }

  #nextConnection(key: NoiseKey, signal?: AbortSignal): Promise<PeerConnection> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.removeListener('connection', onConnection)
        this.removeListener('closing', onClosing)
        signal?.removeEventListener('abort', onAbort)
        finish()
      }
      const onConnection = (connection: PeerConnection) => {
        if (connection.remoteKey === key) settle(() => resolve(connection))
      }
      const fail = (code: 'PEER_UNREACHABLE' | 'ABORTED') => {
        this.leavePeer(key)
        reject(new DatdotError(code, undefined, { cause: signal?.reason, details: { key } }))
      }
      const onAbort = () => settle(() => fail('PEER_UNREACHABLE'))
      const onClosing = () => settle(() => fail('ABORTED'))
      this.on('connection', onConnection)
      this.on('closing', onClosing)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#swarm.joinPeer(bufferOf(key))
    })
  }

  /** Hyperswarm gives an explicit peer up after a few attempts: a fresh entry begins again. */
  #dialAgain(publicKey: Buffer): void {
    this.#swarm.leavePeer(publicKey)
    this.#swarm.joinPeer(publicKey)
  }

  #onStream(stream: NoiseStream, attach: (stream: NoiseStream) => void): void {
    const { isInitiator, remotePublicKey } = stream
    const connection: PeerConnection = { stream, remoteKey: toHex(remotePublicKey), isInitiator }
    // A broken connection is told by 'close'.
    stream.on('error', () => {})
    this.#connections.set(stream, connection)
    stream.on('close', () => {
      this.#connections.delete(stream)
      this.emit('disconnection', connection)
    })
    attach(stream)
    this.emit('connection', connection)
  }
}

/** Waits for work, which goes on by itself when it takes longer; what it fails with after that is of no interest. */
async function isDoneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), ms)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && (host === '::1' || host.startsWith('127.'))
}
