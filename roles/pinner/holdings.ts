import { CellDecoder, cellsOfRange, PoolDecoder, readBytes } from '../../src/codec/decode.ts'
import type { CodecPool } from '../../src/codec/pool.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { CoreKey, SpanId } from '../../src/domain/ids.ts'
import type { SpanProof } from '../../src/domain/proofs.ts'
import type { SpanView } from '../../src/domain/view.ts'
import { type CoreHandle, type SaltedCopy, type SaltedSpan, spanSecrets } from '../span.ts'
import { ProofTree } from './proof-tree.ts'
import type { SpanFile } from './receiver.ts'

/** Turns an encoded block of so many bytes back, or gives null when it is not one of ours. */
export type BlockDecoder = (index: number, byteLength: number) => Promise<Uint8Array | null>

/** Cores that are announced, looked for and kept as they are; the handle ends that when it is closed. */
export interface PinnedCoreDoor {
  open(key: CoreKey): Promise<CoreHandle>
  setDecoder(key: CoreKey, decoder: BlockDecoder | null): Promise<void>
  /** Calls back for each block that could not be decoded to what its tree says; returns how to stop. */
  onCorrupt(listener: (key: CoreKey, index: number, error: Error) => void): () => void
}

/** Files of encoded cells by span, as `Copies` of the store is. */
export interface CopyFiles {
  create(span: SpanId, plan: { cells: number; blocks: number }): Promise<SpanFile>
  open(span: SpanId): Promise<SpanFile | null>
  remove(span: SpanId): Promise<void>
  /** Throws DISK_FULL when so many bytes do not fit on the disk. */
  checkDisk(bytes: number): Promise<void>
}

/** What a sealed span is served with. */
export type ServedSpan = SaltedSpan & Pick<SpanView, 'cells' | 'root'>

/** Cells that this thread decodes itself, about as quickly as it hands them over; a longer read would hold up everything else. */
const CELLS_AT_ONCE = 8

interface HeldSpan {
  copy: SaltedCopy
  span: ServedSpan
  decoder: CellDecoder
  /** In another thread, for long reads. */
  apart: PoolDecoder
  file: SpanFile
  tree: ProofTree
}

export interface HoldingsParts {
  genesis(): Uint8Array
  cores: PinnedCoreDoor
  files: CopyFiles
  pool: CodecPool
}

/** The sealed spans that this pinner holds: read by stock peers as plain blocks, proved as encoded leaves. */
export class Holdings {
  readonly #genesis: () => Uint8Array
  readonly #cores: PinnedCoreDoor
  readonly #files: CopyFiles
  readonly #pool: CodecPool
  readonly #open = new Map<CoreKey, Promise<CoreHandle>>()
  readonly #spans = new Map<SpanId, HeldSpan>()
  readonly #decoding = new Map<CoreKey, Promise<void>>()

  constructor(parts: HoldingsParts) {
    this.#genesis = parts.genesis
    this.#cores = parts.cores
    this.#files = parts.files
    this.#pool = parts.pool
  }

  /** The core, announced on its topic from now on. */
  core(key: CoreKey): Promise<CoreHandle> {
    const open = this.#open.get(key)
    if (open !== undefined) return open
    const opening = this.#cores.open(key)
    this.#open.set(key, opening)
    opening.catch(() => this.#open.delete(key))
    return opening
  }

  /** Serves a sealed span from its cells; throws CELLS_DAMAGED when they are not the ones of the chain's root. */
  async serve(copy: SaltedCopy, span: ServedSpan): Promise<void> {
    await this.hold(copy, span)
    await this.core(copy.coreKey)
  }

  /** Reads a sealed span from its cells from now on, without announcing its core yet; throws CELLS_DAMAGED. */
  async hold(copy: SaltedCopy, span: ServedSpan): Promise<void> {
    if (this.#spans.has(span.id)) return
    const file = await this.#files.open(span.id)
    if (
      file === null ||
      file.damage !== null ||
      file.count < span.cells ||
      span.modulus === null ||
      span.root === null
    )
      throw new DatdotError('CELLS_DAMAGED', `the cells of span ${span.id} are not all there`)
    const { salt, tag } = spanSecrets(this.#genesis(), copy, span)
    const open = { N: span.modulus, e: span.e, salt, byteLength: span.byteLength }
    const decoder = new CellDecoder(open)
    const apart = new PoolDecoder(this.#pool, open)
    const tree = new ProofTree({ id: span.id, tag, cells: span.cells, root: span.root, file })
    this.#spans.set(span.id, { copy, span, decoder, apart, file, tree })
    await this.#readFrom(copy.coreKey)
  }

  /** The spans that are read from their cells. */
  get serving(): ReadonlySet<SpanId> {
    return new Set(this.#spans.keys())
  }

  /** Leaves of one span with its peaks; throws NOT_FOUND, BAD_RANGE, CELLS_DAMAGED. */
  async proof(spanId: SpanId, indexes: readonly number[]): Promise<SpanProof> {
    const held = this.#spans.get(spanId)
    if (held === undefined) throw new DatdotError('NOT_FOUND', `span ${spanId} is not held here`)
    return held.tree.proof(indexes)
  }

  /** Stops serving a span. */
  drop(spanId: SpanId): void {
    this.#spans.delete(spanId)
  }

  /** The sealed span that holds a block, or null. */
  spanAt(key: CoreKey, index: number): SpanId | null {
    return this.#find(key, index)?.span.id ?? null
  }

  /** Leaves a core's topic and deletes all that is stored of it: its next user begins with nothing. */
  async purge(key: CoreKey): Promise<void> {
    const handle = await this.core(key)
    this.#open.delete(key)
    this.#decoding.delete(key)
    await this.#cores.setDecoder(key, null)
    await handle.purge()
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    this.#spans.clear()
    const handles = await Promise.allSettled(open)
    await Promise.all(handles.map(one => (one.status === 'fulfilled' ? one.value.close() : undefined)))
  }

  /** Once a core: setting a decoder again would leave readers without one meanwhile. */
  #readFrom(key: CoreKey): Promise<void> {
    const known = this.#decoding.get(key)
    if (known !== undefined) return known
    const setting = this.#cores.setDecoder(key, (index, byteLength) => this.#decode(key, index, byteLength))
    this.#decoding.set(key, setting)
    setting.catch(() => this.#decoding.delete(key))
    return setting
  }

  async #decode(key: CoreKey, index: number, byteLength: number): Promise<Uint8Array | null> {
    const held = this.#find(key, index)
    if (held === undefined) return null
    const core = await this.core(key)
    const begin = (await core.byteOffset(index)) - held.span.byteStart
    const end = begin + byteLength
    const decoder = cellsOfRange(begin, end).count > CELLS_AT_ONCE ? held.apart : held.decoder
    return readBytes(decoder, begin, end, (first, count) => held.file.read(first, count))
  }

  #find(key: CoreKey, index: number): HeldSpan | undefined {
    for (const held of this.#spans.values()) {
      const { copy, span } = held
      if (copy.coreKey === key && index >= span.start && index < span.end) return held
    }
    return undefined
  }
}
