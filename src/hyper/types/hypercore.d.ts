declare module 'hypercore' {
  import type { EventEmitter } from 'node:events'
  import type { NoiseStream } from '@hyperswarm/secret-stream'

  /** A node of the signed flat tree. */
  export interface TreeNode {
    index: number
    size: number
    hash: Buffer
  }

  export interface Manifest {
    version: number
    quorum: number
    allowPatch: boolean
    signers: { publicKey: Buffer; namespace: Buffer }[]
    prologue: { hash: Buffer; length: number } | null
  }

  /** One batch of reads; `tryFlush` sends it off. */
  export interface StorageRead {
    getBlock(index: number): Promise<Buffer | null>
    getTreeNode(index: number): Promise<TreeNode | null>
    getUserData(key: string): Promise<Buffer | null>
    tryFlush(): void
  }

  export interface StorageWrite {
    deleteBlockRange(start: number, end: number): void
    deleteTreeNode(index: number): void
    deleteTreeNodeRange(start: number, end: number): void
    flush(): Promise<boolean>
  }

  export interface CompactOptions {
    blobGarbageCollectionPolicy: number
    blobGarbageCollectionAgeCutoff: number
    bottommostLevelCompaction: number
  }

  /** The RocksDB of a store. */
  export interface Database {
    compactRange(options: CompactOptions): Promise<void>
  }

  /** The files of a whole store. */
  export interface StoreFiles {
    close(): Promise<void>
  }

  /** Where a core's records lie in its store. */
  export interface CorePointer {
    corePointer: number
    dataPointer: number
  }

  export interface CoreStorage {
    readonly core: CorePointer
    read(...args: unknown[]): StorageRead
    write(): StorageWrite
    createBlockStream(): AsyncIterable<{ index: number; value: Buffer }>
    createTreeNodeStream(): AsyncIterable<TreeNode>
    readonly db: Database
  }

  export interface Bitfield {
    get(index: number): boolean
    firstSet(position: number): number
    firstUnset(position: number): number
  }

  export interface ReplicatorPeer {
    readonly stream: NoiseStream
    readonly remotePublicKey: Buffer
    readonly remoteFork: number
    readonly remoteLength: number
    /** Asked for nothing while true. */
    paused: boolean
    readonly remoteUploading: boolean
    /** Requests that it has not answered. */
    readonly inflight: number
    readonly stats: { readonly wireData: { readonly rx: number } }
    isActive(): boolean
    _requestUpgrade(upgrade: ReplicatorWant): unknown
    _requestSeek(seek: ReplicatorWant): unknown
    _requestBlock(block: ReplicatorWant): unknown
    _requestForkProof(fork: ReplicatorFork): unknown
    _requestForkRange(fork: ReplicatorFork): unknown
  }

  /** A request to one peer. */
  export interface ReplicatorRequest {
    readonly peer: ReplicatorPeer
  }

  /** What requests are made for. */
  export interface ReplicatorWant {
    readonly inflight: ReplicatorRequest[]
  }

  export interface ReplicatorFork extends ReplicatorWant {
    readonly fork: number
    readonly batch: unknown
  }

  /** What all sessions of one core share: hypercore's internals, touched only in src/hyper. */
  export interface InternalCore {
    readonly opening: Promise<void>
    readonly opened: boolean
    readonly compat: boolean
    readonly key: Buffer
    readonly discoveryKey: Buffer
    readonly storage: CoreStorage
    readonly bitfield: Bitfield
    readonly replicator: {
      readonly peers: ReplicatorPeer[]
      readonly _upgrade: ReplicatorWant | null
      readonly _seeks: ReplicatorWant[]
      readonly _blocks: Iterable<ReplicatorWant>
      readonly _hashes: Iterable<ReplicatorWant>
      readonly _reorgs: ReplicatorFork[]
      onhave(start: number, length: number): void
      _addReorg(fork: number, peer: ReplicatorPeer): unknown
      _updateFork(peer: ReplicatorPeer): unknown
    }
    readonly state: {
      readonly storage: CoreStorage
      readonly fork: number
      readonly length: number
      readonly byteLength: number
      readonly signature: Buffer | null
      readonly roots: TreeNode[]
      byteOffset(index: number): Promise<number>
      clear(start: number, end: number): Promise<void>
    }
    checkConflict(
      proof: { fork: number; upgrade: { length: number; nodes: TreeNode[] } },
      from: unknown
    ): Promise<boolean>
    allSessions(): Hypercore[]
    close(): Promise<void>
  }

  export interface SessionOptions {
    weak?: boolean
    encryptionKey?: Uint8Array
  }

  export default class Hypercore extends EventEmitter {
    constructor(storage: string, key?: Uint8Array | null, options?: Record<string, unknown>)
    static defaultStorage(directory: string, options?: { writeBufferSize?: number }): StoreFiles
    static key(manifest: Buffer | Manifest): Buffer
    static discoveryKey(key: Uint8Array): Buffer
    readonly core: InternalCore
    readonly key: Buffer
    readonly discoveryKey: Buffer
    readonly manifest: Manifest | null
    readonly length: number
    readonly byteLength: number
    readonly contiguousLength: number
    readonly fork: number
    readonly padding: number
    readonly opened: boolean
    readonly closing: Promise<void> | null
    readonly writable: boolean
    readonly peers: ReplicatorPeer[]
    ready(): Promise<void>
    close(): Promise<void>
    session(options?: SessionOptions): Hypercore
    getManifest(options: { raw: true }): Buffer | null
    setUserData(key: string, value: Buffer): Promise<void>
    append(blocks: Uint8Array[]): Promise<{ length: number; byteLength: number }>
    truncate(length: number): Promise<void>
    update(options?: { wait?: boolean }): Promise<boolean>
    get(index: number, options?: { wait?: boolean; timeout?: number; raw?: boolean }): Promise<Buffer | null>
    has(start: number, end?: number): Promise<boolean>
    seek(byteOffset: number, options?: { wait?: boolean }): Promise<[block: number, offset: number] | null>
    treeHash(length?: number): Promise<Buffer>
    download(range: { start: number; end: number }): {
      done(): Promise<unknown>
      destroy(): void
    }
    replicate(stream: NoiseStream | boolean): NoiseStream
    findingPeers(): () => void
  }
}

declare module '@hyperswarm/secret-stream' {
  import type { Duplex } from 'node:stream'

  /** An encrypted stream to one peer; `userData` is the protomux on it. */
  export interface NoiseStream extends Duplex {
    readonly isInitiator: boolean
    readonly publicKey: Buffer
    readonly remotePublicKey: Buffer
    readonly rawBytesRead: number
    readonly rawBytesWritten: number
    readonly opened: Promise<boolean>
    userData: unknown
  }
}
