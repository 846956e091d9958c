import { EventEmitter } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { NoiseStream } from '@hyperswarm/secret-stream'
import Corestore from 'corestore'
import type { InternalCore } from 'hypercore'
import Hypercore from 'hypercore'
import HyperDHT, { type DhtAddress, type KeyPair } from 'hyperdht'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { CoreKey, NoiseKey } from '../domain/ids.ts'
import { isDiskFull, isStoreDamaged } from './abort.ts'
import { BlockCache } from './block-cache.ts'
import { bufferOf } from './bytes.ts'
import { Core, type CoreHost } from './core.ts'
import { type BlockDecoder, type CorruptBlock, type DecodeContext, DecodedReads } from './decode-on-read.ts'
import { limiter } from './limiter.ts'
import { Purges } from './purge.ts'
import { type Joined, type PeerConnection, Swarm } from './swarm.ts'
import { TreeGuard } from './tree-guard.ts'

export type { Joined, PeerConnection } from './swarm.ts'

/** What the store gathers before it writes it out; with its own default of 64 MiB a node's memory grows for long with what it downloads. */
const WRITE_BUFFER_BYTES = 8 * 1024 * 1024

/** Bytes of blocks that are decoded at once, or one block alone. */
const MAX_DECODING = 8 * 1024 * 1024

export interface HyperNodeOptions {
  /** Folder of the corestore. */
  storage: string
  /** 32 bytes from which the noise key pair is made (protocol.md part 7). */
  seed: Uint8Array
  /** DHT nodes to begin with; the public ones by default. */
  bootstrap?: readonly DhtAddress[]
  /** Address to bind: 127.0.0.1 for a local network. */
  host?: string
  /** UDP port; any free one by default. */
  port?: number
  /** Bytes of decoded blocks that stay in memory; 16 MiB by default. */
  cacheBytes?: number
  /** Longest time between two lookups while something is awaited; 5,000 by default. */
  lookupMs?: number
}

export interface HyperEvents {
  connection: [PeerConnection]
  disconnection: [PeerConnection]
  'network-lost': []
  'corrupt-block': [CorruptBlock]
  /** A peer offered another tree than the one that is kept here. */
  'fork-refused': [{ coreKey: CoreKey; fork: number; length: number }]
}

/** Cores, swarm and DHT of one noise key: the only door to the hyper stack. */
export class HyperNode extends EventEmitter<HyperEvents> implements CoreHost {
  readonly noiseKey: NoiseKey
  readonly #options: HyperNodeOptions
  readonly #keyPair: KeyPair
  readonly #decoders = new Map<CoreKey, BlockDecoder>()
  readonly #reads = new Map<InternalCore, DecodedReads>()
  readonly #context: DecodeContext
  readonly #guards = new WeakMap<InternalCore, TreeGuard>()
  #store: Corestore | null = null
  #purges: Purges | null = null
  #swarm: Swarm | null = null
  #opening: Promise<void> | null = null
  #closing: Promise<void> | null = null

  constructor(options: HyperNodeOptions) {
    super()
    this.setMaxListeners(0)
    this.#options = options
    this.#keyPair = HyperDHT.keyPair(options.seed)
    this.noiseKey = toHex(this.#keyPair.publicKey)
    this.#context = {
      cache: new BlockCache(options.cacheBytes ?? 16 * 1024 * 1024),
      limit: limiter(MAX_DECODING),
      onCorrupt: event => this.emit('corrupt-block', event)
    }
  }

  /** Opens the store; throws STORAGE_LOCKED, STORAGE_UNWRITABLE, DISK_FULL, CORES_DAMAGED. The network begins with the first join, listen or connect. */
  ready(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** Closes connections, cores and files, in this order. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The noise key pair, for signatures by it (receipts, proof of possession: protocol.md 9.7, 9.9). */
  get keyPair(): { publicKey: Uint8Array; secretKey: Uint8Array } {
    return this.#keyPair
  }

  /** The DHT, for connections with one-time keys; throws when the node is not open. */
  get dht(): HyperDHT {
    return this.#network().dht
  }

  get connections(): PeerConnection[] {
    return this.#swarm?.connections ?? []
  }

  /** A core of our own by name; made at the first call, the same after a restart. */
  createCore(name: string): Promise<Core> {
    return this.#core(this.#cores().get({ name }))
  }

  /** Someone's core by key; with `encryptionKey` its blocks are decrypted on read. */
  async openCore(key: CoreKey, options: { encryptionKey?: Uint8Array } = {}): Promise<Core> {
    const { encryptionKey } = options
    await this.#purges?.idle(discoveryKeyOf(key))
    return this.#core(this.#cores().get({ key: bufferOf(key), encryptionKey }))
  }

  /** Deletes all that is stored of a core; handles of it that are open are closed. */
  async purge(key: CoreKey): Promise<void> {
    const { session } = await this.openCore(key)
    this.#detach(key)
    this.#decoders.delete(key)
    await this.#purges?.run(session)
  }

  /** Decides which forks of an open core are followed. */
  guardOf(core: InternalCore): TreeGuard {
    const guard = this.#guards.get(core)
    if (guard === undefined) throw new DatdotError('INTERNAL', 'the core is not open')
    return guard
  }

  /** Announces a core (server) and looks for its peers (client); both by default. */
  join(core: Core, roles: { server?: boolean; client?: boolean } = {}): Joined {
    return this.#network().join(core.discoveryKey, roles)
  }

  /** Lets others dial our noise key; resolves when the DHT knows, or when the signal fires. */
  listen(signal?: AbortSignal): Promise<void> {
    return this.#network().listen(signal)
  }

  /** An open connection to that noise key, dialled until there is one; throws PEER_UNREACHABLE when the signal fires, ABORTED when the node is closed. */
  connect(key: NoiseKey, options: { signal?: AbortSignal } = {}): Promise<PeerConnection> {
    return this.#network().connect(key, options.signal)
  }

  /** No longer dials that noise key by itself; an open connection stays. */
  leavePeer(key: NoiseKey): void {
    this.#swarm?.leavePeer(key)
  }

  /** Calls back for each connection that is open now and each that comes; returns how to stop. */
  onConnection(callback: (connection: PeerConnection) => void): () => void {
    this.on('connection', callback)
    for (const connection of this.connections) callback(connection)
    return () => this.removeListener('connection', callback)
  }

  /** From now on the core's blocks that are not stored as plain bytes come from the decoder; null takes it away. */
  async setDecoder(key: CoreKey, decoder: BlockDecoder | null): Promise<void> {
    if (decoder) this.#decoders.set(key, decoder)
    else this.#decoders.delete(key)
    this.#detach(key)
    if (!decoder) return
    const handle = await this.openCore(key)
    this.#attach(handle.session.core)
    await handle.close()
  }

  /** Looks for peers of a topic at intervals while `work` runs. */
  whileLooking<T>(discoveryKey: Uint8Array, work: () => Promise<T>): Promise<T> {
    return this.#swarm ? this.#swarm.lookups.during(discoveryKey, work) : work()
  }

  async #open(): Promise<void> {
    const { storage } = this.#options
    try {
      await mkdir(storage, { recursive: true, mode: 0o700 })
      const files = Hypercore.defaultStorage(storage, { writeBufferSize: WRITE_BUFFER_BYTES })
      this.#store = new Corestore(files)
      // Also cores that a connecting peer opens come this way, before they are replicated.
      this.#store.watch(core => this.#onCore(core))
      await this.#store.ready()
      this.#purges = new Purges(this.#store)
    } catch (error) {
      throw storageError(error, storage)
    }
  }

  async #close(): Promise<void> {
    await this.#opening?.catch(() => {})
    await this.#swarm?.close()
    await this.#store?.close()
  }

  #cores(): Corestore {
    if (!this.#store || this.#closing) throw new DatdotError('ABORTED', 'the hyper node is not open')
    return this.#store
  }

  #network(): Swarm {
    const store = this.#cores()
    if (this.#swarm) return this.#swarm
    const { bootstrap, host, port, lookupMs = 5_000 } = this.#options
    const options = { keyPair: this.#keyPair, bootstrap, host, port, lookupMs }
    const swarm = new Swarm(options, (stream: NoiseStream) => void store.replicate(stream))
    swarm.on('connection', connection => this.emit('connection', connection))
    swarm.on('disconnection', connection => this.emit('disconnection', connection))
    swarm.on('network-lost', () => this.emit('network-lost'))
    this.#swarm = swarm
    return swarm
  }

  async #core(session: Hypercore): Promise<Core> {
    await session.ready()
    return new Core(session, this)
  }

  #onCore(core: InternalCore): void {
    core.opening.then(
      () => this.#prepare(core),
      // Whoever opened the core gets the error.
      () => {}
    )
  }

  #prepare(core: InternalCore): void {
    const coreKey = toHex(core.key)
    const refused = (fork: number, length: number) => this.emit('fork-refused', { coreKey, fork, length })
    this.#guards.set(core, new TreeGuard(core, refused))
    this.#attach(core)
  }

  #detach(key: CoreKey): void {
    for (const [core, reads] of this.#reads) {
      if (toHex(core.key) !== key) continue
      reads.detach()
      this.#reads.delete(core)
    }
  }

  #attach(core: InternalCore): void {
    const decoder = this.#decoders.get(toHex(core.key))
    if (!decoder || this.#reads.has(core)) return
    this.#reads.set(core, new DecodedReads(core, decoder, this.#context))
  }
}

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])

function discoveryKeyOf(key: CoreKey): Uint8Array {
  return Hypercore.discoveryKey(bufferOf(key))
}

function storageError(error: unknown, folder: string): DatdotError {
  const message = error instanceof Error ? error.message : String(error)
  const code = (error as { code?: unknown } | null)?.code
  const cause = { cause: error }
  if (/could not be locked|lock file/i.test(message))
    return new DatdotError('STORAGE_LOCKED', `another process uses ${folder}`, cause)
  if (isDiskFull(error)) return new DatdotError('DISK_FULL', `no space left for ${folder}`, cause)
  if (UNWRITABLE.has(String(code)) || /permission|denied/i.test(message))
    return new DatdotError('STORAGE_UNWRITABLE', `${folder} cannot be written`, cause)
  const reason = `the core store in ${folder} cannot be opened: ${message}`
  return new DatdotError(isStoreDamaged(error) ? 'CORES_DAMAGED' : 'INTERNAL', reason, cause)
}
