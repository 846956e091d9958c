import type { EventEmitter } from 'node:events'
import type Hypercore from 'hypercore'
import type { InternalCore } from 'hypercore'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { CoreKey } from '../domain/ids.ts'
import type { TreeFacts } from '../domain/publish.ts'
import type { TreeView } from '../domain/view.ts'
import { hyperError, throwIfAborted, whenever, withSession } from './abort.ts'
import { askingOthers } from './ask-others.ts'
import { dropPlainBlocks, forgetBlocks } from './decode-on-read.ts'
import {
  type DownloadOptions,
  type DownloadProgress,
  downloadRange,
  missingRanges,
  type Range
} from './download.ts'
import { type StoredBytes, storedBytes } from './storage.ts'
import { byteOffset, need } from './tree.ts'
import { type CutsOf, nodeReader, treeFacts } from './tree-facts.ts'
import { isTree, keepTree, type TreeGuard } from './tree-guard.ts'

/** What a core needs of its node. */
export interface CoreHost {
  guardOf(core: InternalCore): TreeGuard
  purge(key: CoreKey): Promise<void>
  /** Looks for peers while something is awaited. */
  whileLooking<T>(discoveryKey: Uint8Array, work: () => Promise<T>): Promise<T>
}

export interface AppendProgress {
  blocks: number
  bytes: number
}

const APPEND_BATCH_BYTES = 1024 * 1024

/** One hypercore in the node's store; close it when it is no longer used. */
export class Core {
  readonly key: CoreKey
  readonly discoveryKey: Uint8Array
  /** For this folder only: roles use the methods. */
  readonly session: Hypercore
  readonly #host: CoreHost

  /** The session must be ready. */
  constructor(session: Hypercore, host: CoreHost) {
    this.session = session
    this.key = toHex(session.key)
    this.discoveryKey = session.discoveryKey
    this.#host = host
  }

  /** Blocks of the signed tree that is known here; 0 before any peer told. */
  get length(): number {
    return this.session.core.state.length
  }

  get byteLength(): number {
    return this.session.core.state.byteLength
  }

  get fork(): number {
    return this.session.core.state.fork
  }

  /** The highest fork that a peer has now: above ours, its author has cut the tree that is here. */
  get remoteFork(): number {
    return this.session.peers.reduce((highest, peer) => Math.max(highest, peer.remoteFork), 0)
  }

  get writable(): boolean {
    return this.session.writable
  }

  /** Peers that this core is replicated with now. */
  get peers(): number {
    return this.session.peers.length
  }

  /** 'append' (), 'truncate' (length, fork), 'peer-add', 'peer-remove', 'upload' (index, bytes), 'download' (index, bytes). */
  get events(): EventEmitter {
    return this.session
  }

  /** Appends blocks at once; throws when the core is not ours. */
  async append(blocks: Uint8Array[]): Promise<void> {
    try {
      await this.session.append(blocks)
    } catch (error) {
      throw hyperError(error)
    }
  }

  /** Appends blocks as they come, in batches of about 1 MiB. */
  async appendAll(
    blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: { signal?: AbortSignal; onProgress?: (progress: AppendProgress) => void } = {}
  ): Promise<AppendProgress> {
    const progress = { blocks: 0, bytes: 0 }
    let batch: Uint8Array[] = []
    let bytes = 0
    const flush = async () => {
      if (batch.length > 0) await this.append(batch)
      progress.blocks += batch.length
      progress.bytes += bytes
      batch = []
      bytes = 0
      options.onProgress?.({ ...progress })
    }
    for await (const block of blocks) {
      throwIfAborted(options.signal)
      batch.push(block)
      bytes += block.byteLength
      if (bytes >= APPEND_BATCH_BYTES) await flush()
    }
    await flush()
    return progress
  }

  /** Asks all connected peers for their newest tree, waiting for a first peer when there is none. */
  async update(options: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.writable) return
    await this.#looking(() =>
      withSession(this.session, options.signal, async session => {
        await whenever(session, ['peer-add', 'append'], () => session.peers.length > 0)
        await session.update({ wait: true })
      })
    )
  }

  /** Resolves when the signed tree has at least `length` blocks. */
  async waitForLength(length: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.length >= length) return
    await this.#looking(() =>
      withSession(this.session, options.signal, session =>
        whenever(session, ['append', 'truncate'], () => this.length >= length)
      )
    )
  }

  /** Waits for exactly this tree and keeps it, also after a restart, whatever its author signs later; throws CORE_FORKED when another one is here. */
  async keepTree(tree: TreeView, options: { signal?: AbortSignal } = {}): Promise<void> {
    const guard = this.#host.guardOf(this.session.core)
    await this.#looking(() =>
      withSession(this.session, options.signal, session => keepTree(session, guard, tree))
    )
  }

  /** True when this tree, or a longer one that begins with it, is here. */
  async isTree(tree: TreeView): Promise<boolean> {
    return (await isTree(this.session.core, tree)) === true
  }

  /** One block, from here or from a peer; decrypted when the core was opened with its encryption key. */
  async get(index: number, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const local = await this.getLocal(index)
    if (local) return local
    return this.#looking(() =>
      withSession(this.session, options.signal, async session => {
        const block = await session.get(index, { wait: true })
        if (block) return block
        throw new DatdotError('CORE_UNAVAILABLE', `block ${index} cannot be read`)
      })
    )
  }

  /** One block when it is stored here (plain or encoded), else null. */
  async getLocal(index: number): Promise<Uint8Array | null> {
    try {
      return await this.session.get(index, { wait: false })
    } catch (error) {
      throw hyperError(error)
    }
  }

  /** True when all blocks of [start, end) are here. */
  has(start: number, end = start + 1): boolean {
    return missingRanges(this.session, start, end).length === 0
  }

  /** Half-open ranges of [start, end) that are not here. */
  missing(start: number, end: number): Range[] {
    return missingRanges(this.session, start, end)
  }

  /** Downloads blocks [start, end) and resolves when all are here. */
  download(start: number, end: number, options: DownloadOptions = {}): Promise<DownloadProgress> {
    return this.#looking(() => downloadRange(this.session, start, end, options))
  }

  /** Block that holds a byte of the core, and that byte's place in it. */
  async seek(
    byte: number,
    options: { signal?: AbortSignal } = {}
  ): Promise<{ index: number; offset: number }> {
    const found = await this.#looking(() =>
      withSession(this.session, options.signal, session => session.seek(byte, { wait: true }))
    )
    if (!found) throw new DatdotError('BAD_RANGE', `byte ${byte} is outside the core`)
    return { index: found[0], offset: found[1] }
  }

  /** Byte offset at which a block begins, from tree nodes that are here; throws TREE_INVALID, BAD_RANGE. */
  byteOffset(index: number): Promise<number> {
    return byteOffset(nodeReader(this.session), this.length, index)
  }

  /** Sizes in bytes of the blocks [start, end), from tree nodes that are here; throws TREE_INVALID. */
  async *blockSizes(start: number, end: number): AsyncGenerator<number> {
    const read = nodeReader(this.session)
    for (let index = start; index < end; index++) yield (await need(read, 2 * index)).size
  }

  /** Everything that `publish` needs (protocol.md 9.8), fetched from any peer. */
  treeFacts(cutsOf: CutsOf, options: { signal?: AbortSignal } = {}): Promise<TreeFacts> {
    return this.#looking(() =>
      withSession(this.session, options.signal, session => treeFacts(session, cutsOf, options.signal))
    )
  }

  /** Deletes the plain bytes of [start, end) once a decoder stands in for them; tree and bitfield stay (protocol.md part 7). */
  dropPlain(start: number, end: number): Promise<void> {
    return writing(dropPlainBlocks(this.session.core, start, end))
  }

  /** Forgets blocks [start, end): peers are no longer told that they are here. */
  forget(start: number, end: number): Promise<void> {
    return writing(forgetBlocks(this.session.core, start, end))
  }

  /** Deletes all that is stored of this core; every handle of it is closed then. */
  purge(): Promise<void> {
    return this.#host.purge(this.key)
  }

  /** What this core takes of the store now; reads all of it. */
  storedBytes(): Promise<StoredBytes> {
    return storedBytes(this.session)
  }

  /** Closes this handle; the core itself stays open while others use it. */
  async close(): Promise<void> {
    await this.session.close()
  }

  #looking<T>(work: () => Promise<T>): Promise<T> {
    return this.#host.whileLooking(this.discoveryKey, () => askingOthers(this.session.core, work))
  }
}

async function writing(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw hyperError(error)
  }
}
