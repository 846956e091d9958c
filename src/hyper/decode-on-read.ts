import type { CoreStorage, InternalCore, StorageRead, TreeNode } from 'hypercore'
import { toHex } from '../domain/bytes.ts'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import type { BlockCache } from './block-cache.ts'
import { blockHash } from './bytes.ts'
import { compact } from './compaction.ts'

/*
 * Everything here leans on internals of hypercore 11.37.1 (protocol.md part 7, pinner):
 * `core.state.storage.read()` gives a batch whose `getBlock` is wrapped, `deleteBlockRange` removes
 * blocks while tree and bitfield stay; of all that deletes tree nodes one by one, only a truncation deletes a range first.
 * test/hyper/decode-on-read.test.ts fails when another version behaves otherwise.
 */

/** Gives a block of so many bytes that is stored encoded, or null when it is not stored at all; throws when it cannot be decoded. */
export type BlockDecoder = (index: number, byteLength: number) => Promise<Uint8Array | null>

/** A block that was asked for and could not be decoded to what the core's signed tree says. */
export interface CorruptBlock {
  coreKey: string
  index: number
  error: Error
}

export interface DecodeContext {
  cache: BlockCache
  /** Lets decodes run at once whose blocks come to a bounded number of bytes. */
  limit: <T>(bytes: number, work: () => Promise<T>) => Promise<T>
  onCorrupt: (event: CorruptBlock) => void
}

const DAMAGE = ['CELL_INVALID', 'CELLS_DAMAGED', 'DATA_MISMATCH'] as const

/** Serves blocks that the core has by its bitfield, but not as plain bytes, from a decoder. */
export class DecodedReads {
  readonly #core: InternalCore
  readonly #decoder: BlockDecoder
  readonly #context: DecodeContext
  readonly #storage: CoreStorage
  readonly #read: CoreStorage['read']
  readonly #running = new Map<number, Promise<Buffer | null>>()

  /** The core must be open. */
  constructor(core: InternalCore, decoder: BlockDecoder, context: DecodeContext) {
    checkInternals(core)
    this.#core = core
    this.#decoder = decoder
    this.#context = context
    this.#storage = core.state.storage
    const original = this.#storage.read
    this.#read = original.bind(this.#storage)
    this.#storage.read = (...args) => this.#wrap(this.#read(...args))
  }

  /** Reads go to the plain blocks alone again. */
  detach(): void {
    this.#storage.read = this.#read
  }

  #wrap(batch: StorageRead): StorageRead {
    const plain = batch.getBlock.bind(batch)
    batch.getBlock = async index => (await plain(index)) ?? this.#decoded(index)
    return batch
  }

  async #decoded(index: number): Promise<Buffer | null> {
    if (!this.#core.bitfield.get(index)) return null
    const name = `${toHex(this.#core.key)}:${this.#core.state.fork}:${index}`
    const cached = this.#context.cache.get(name)
    if (cached) return cached
    const running = this.#running.get(index)
    if (running) return running
    const decode = this.#decode(index)
    this.#running.set(index, decode)
    try {
      const block = await decode
      if (block) this.#context.cache.set(name, block)
      return block
    } finally {
      this.#running.delete(index)
    }
  }

  /** Null instead of an error: an error in a read would end the whole connection of the peer that asks. */
  async #decode(index: number): Promise<Buffer | null> {
    try {
      const leaf = await this.#leaf(index)
      const block = await this.#context.limit(leaf.size, () => this.#decoder(index, leaf.size))
      if (block === null) return null
      verify(index, block, leaf)
      return Buffer.from(block.buffer, block.byteOffset, block.byteLength)
    } catch (error) {
      await this.#report(index, error)
      return null
    }
  }

  async #leaf(index: number): Promise<TreeNode> {
    const read = this.#read()
    const reading = read.getTreeNode(2 * index)
    read.tryFlush()
    const leaf = await reading
    if (leaf) return leaf
    throw new DatdotError('DATA_MISMATCH', `block ${index} is not in the tree here`, { details: { index } })
  }

  /** Peers are told that a damaged block is gone before they are answered, or they ask for it until they give us up. */
  async #report(index: number, cause: unknown): Promise<void> {
    const coreKey = toHex(this.#core.key)
    const error = cause instanceof Error ? cause : new DatdotError('INTERNAL', String(cause))
    this.#context.onCorrupt({ coreKey, index, error })
    if (!isDatdotError(error, ...DAMAGE)) return
    try {
      await forgetBlocks(this.#core, index, index + 1)
    } catch (failure) {
      const reason = new DatdotError('INTERNAL', 'a damaged block could not be cleared', { cause: failure })
      this.#context.onCorrupt({ coreKey, index, error: reason })
    }
  }
}

/** Cells are checked against the signed tree: a damaged one decodes to garbage about once in 256 times. */
function verify(index: number, block: Uint8Array, leaf: TreeNode): void {
  if (leaf.size === block.byteLength && leaf.hash.equals(blockHash(block))) return
  throw new DatdotError('DATA_MISMATCH', `block ${index} was decoded to other bytes`, {
    details: { index }
  })
}

/** Deletes the plain bytes of blocks [start, end) while the core still has them by tree and bitfield; gives the disk space back. */
export async function dropPlainBlocks(core: InternalCore, start: number, end: number): Promise<void> {
  checkInternals(core)
  const write = core.state.storage.write()
  write.deleteBlockRange(start, end)
  await write.flush()
  await compact(core.state.storage.db)
}

/** Forgets blocks [start, end); peers are told that they are gone, and that those after them are not. */
export async function forgetBlocks(core: InternalCore, start: number, end: number): Promise<void> {
  checkInternals(core)
  keepTree(core.state.storage)
  await core.state.clear(start, end)
  const gap = core.bitfield.firstUnset(end)
  const until = gap < 0 ? core.state.length : Math.min(gap, core.state.length)
  // A peer that knew one contiguous range takes a dropped block as the end of it.
  if (until > end) core.replicator.onhave(end, until - end)
}

/** Stores whose writes keep the tree. */
const keeping = new WeakSet<CoreStorage>()

/** hypercore's `clear` deletes tree nodes that the blocks before the range need to be served: they stay, until a truncation. */
function keepTree(storage: CoreStorage): void {
  if (keeping.has(storage)) return
  keeping.add(storage)
  const write = storage.write.bind(storage)
  storage.write = () => {
    const batch = write()
    const one = batch.deleteTreeNode.bind(batch)
    const range = batch.deleteTreeNodeRange.bind(batch)
    let isTruncation = false
    batch.deleteTreeNodeRange = (start, end) => {
      isTruncation = true
      range(start, end)
    }
    batch.deleteTreeNode = index => {
      if (isTruncation) one(index)
    }
    return batch
  }
}

function checkInternals(core: InternalCore): void {
  const storage = core.state?.storage
  const found =
    storage !== undefined &&
    core.storage === storage &&
    typeof storage.read === 'function' &&
    typeof storage.write === 'function' &&
    typeof storage.db?.compactRange === 'function' &&
    typeof core.bitfield?.get === 'function' &&
    typeof core.replicator?.onhave === 'function'
  if (!found) throw new DatdotError('INTERNAL', 'this version of hypercore has other internals than 11.37.1')
}
