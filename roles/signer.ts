import type { CodecPool } from '../src/codec/pool.ts'
import { equalBytes } from '../src/domain/bytes.ts'
import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { CoreKey, Height, NoiseKey, SpanId } from '../src/domain/ids.ts'
import { cellsOf, SLICE_BYTES } from '../src/domain/leaves.ts'
import type { CopyView, SpanView } from '../src/domain/view.ts'
import { CopyBook } from './copies.ts'
import { Declines } from './declines.ts'
import { type Cursor, follow } from './loop.ts'
import { Meter } from './meter.ts'
import { withPatience } from './patience.ts'
import { ensureRegistered, type ProveNoiseKey, type Registry } from './registration.ts'
import type { CopyReader, Role, RoleContext } from './role.ts'
import { type Duty, warningOf } from './runner.ts'
import { type SignerAction, signerDue } from './signer/due.ts'
import { type Computed, type CopySender, SpanEncoding } from './signer/encoding.ts'
import { modulusDigest, type Secrets, SpanKeys } from './signer/keys.ts'
import { type CoreHandle, fetchSpan } from './span.ts'

/** Opens cores and looks for their peers until the handle is closed. */
export interface CoreDoor {
  open(key: CoreKey): Promise<CoreHandle>
}

/** Dials the pinner of a span and opens `datdot/copy/1` with it. */
export interface SenderDoor {
  dial(pinner: NoiseKey, span: SpanId, signal: AbortSignal): Promise<CopySender>
}

/** What a signer remembers of a span besides the key. */
export interface SignerNote extends Computed {
  coreKey: CoreKey
  start: number
  end: number
}

export interface SignerNotes {
  entries(): AsyncIterable<[SpanId, SignerNote]>
  put(span: SpanId, note: SignerNote): Promise<void>
  delete(span: SpanId): Promise<void>
}

export interface SignerModules {
  context: RoleContext
  chain: CopyReader & Registry
  cores: CoreDoor
  senders: SenderDoor
  pool: CodecPool
  secrets: Secrets
  notes: SignerNotes
  cursor: Cursor
  /** Raw sr25519 by the node's account (protocol.md 9.6). */
  sign(message: Uint8Array): Uint8Array
  proveNoiseKey: ProveNoiseKey
}

const SPANS_AT_ONCE = 8
/** Blocks that the chain gets to take a seal before the pinner is dialled again. */
const SEAL_PATIENCE = 4

/** Makes unique copies of other people's cores: replicates, keys, encodes, streams, co-signs, forgets (protocol.md part 7). */
export class Signer implements Role {
  readonly name = 'signer'
  readonly #modules: SignerModules
  readonly #spans: number
  readonly #keys: SpanKeys
  readonly #book: CopyBook
  readonly #declines: Declines
  readonly #encodings = new Map<SpanId, SpanEncoding>()
  /** As in the records: spans of which plain data may be here. */
  readonly #noted = new Map<SpanId, SignerNote>()
  #height: Height = 0

  constructor(options: { spans?: number }, modules: SignerModules) {
    this.#modules = modules
    this.#spans = options.spans ?? SPANS_AT_ONCE
    this.#keys = new SpanKeys(modules.secrets)
    this.#declines = new Declines(modules.chain, modules.context)
    const { account } = modules.context.identity
    this.#book = new CopyBook(
      { copies: () => modules.chain.copiesOfSigner(account), copy: id => modules.chain.copy(id) },
      copy => copy.state === 'Setup' && copy.spans.some(span => span.signer === account)
    )
  }

  async run(signal: AbortSignal): Promise<void> {
    const { context, chain, proveNoiseKey, cursor, notes } = this.#modules
    for await (const [span, note] of notes.entries()) this.#noted.set(span, note)
    for (const span of await this.#keys.load()) context.emit(warningOf('reading the keys', damagedKey(span)))
    const offer = { role: 'signer', capacity: 0n } as const
    if (!(await ensureRegistered(context, chain, proveNoiseKey, offer, signal))) return
    await follow({ context, chain, book: this.#book, cursor, decide: height => this.#decide(height) }, signal)
  }

  #decide(height: Height): Duty[] {
    this.#height = height
    const { account } = this.#modules.context.identity
    const view = { account, height, copies: this.#book.copies }
    return signerDue(view, this.#keys.notes, this.#noted.keys(), modulusDigest).map(action => {
      const group = `span ${action.kind === 'destroy' ? action.spanId : action.span.id}`
      const isWork = action.kind === 'prepare' || action.kind === 'encode'
      return {
        key: `${action.kind} ${group}`,
        group,
        ...(isWork && { limit: { name: 'spans', most: this.#spans } }),
        run: signal => this.#perform(action, signal)
      }
    })
  }

  async #perform(action: SignerAction, signal: AbortSignal): Promise<Height | undefined> {
    switch (action.kind) {
      case 'prepare':
        return this.#prepare(action.copy, action.span, signal)
      case 'decline':
        return this.#decline(action.span, signal)
      case 'encode':
        return (await this.#encode(action.copy, action.span, signal))
          ? this.#height + SEAL_PATIENCE
          : undefined
      case 'lost':
        throw new DatdotError('KEY_MISSING', `the key of span ${action.span.id} is gone: it will expire`)
      case 'destroy':
        return this.#destroy(action.spanId)
    }
  }

  /** `commit_key` says "I hold the data": so the data comes first (protocol.md part 7). */
  async #prepare(copy: CopyView, span: SpanView, signal: AbortSignal): Promise<Height> {
    const { chain, cores, context } = this.#modules
    this.#assertFree(copy)
    const { coreKey } = copy
    // Before any data comes: what is not noted would never be forgotten.
    if (!this.#noted.has(span.id))
      await this.#note(span.id, { coreKey, start: span.start, end: span.end, cells: 0, peaks: [] })
    const core = await cores.open(coreKey)
    try {
      const meter = new Meter(context.now, span.byteLength, reading =>
        context.emit({ type: 'download', copy: copy.id, span: span.id, ...reading })
      )
      await fetchSpan(core, copy, span, {
        signal,
        onPart: part => meter.at(Math.round(part * span.byteLength))
      })
      const { e, N: modulus } = await this.#keys.getOrMake(span.id)
      const { height } = await chain.submit({ call: 'commitKey', span: span.id, e, modulus }, signal)
      context.emit({ type: 'span', copy: copy.id, span: span.id, state: 'Keyed' })
      return height
    } catch (error) {
      // The next try begins with nothing: another peer may have the tree on the chain.
      if (isDatdotError(error, 'CORE_FORKED')) await core.purge()
      throw error
    } finally {
      await core.close()
    }
  }

  /** A core has one tree here: a span of another tree waits until those that have a key are sealed. */
  #assertFree({ coreKey, tree }: CopyView): void {
    const other = this.#openSpans(coreKey).find(
      ({ copy, span }) => this.#keys.notes.has(span.id) && !equalBytes(copy.tree.treeHash, tree.treeHash)
    )
    if (other !== undefined)
      throw new DatdotError('CORE_FORKED', `span ${other.span.id} is of another tree of this core`)
  }

  #openSpans(coreKey: CoreKey): { copy: CopyView; span: SpanView }[] {
    const { account } = this.#modules.context.identity
    return this.#book.copies
      .filter(copy => copy.coreKey === coreKey && copy.state === 'Setup')
      .flatMap(copy => copy.spans.map(span => ({ copy, span })))
      .filter(({ span }) => span.signer === account && (span.state === 'Assigned' || span.state === 'Keyed'))
  }

  #decline({ id }: SpanView, signal: AbortSignal): Promise<Height> {
    const call = { target: { span: id }, reason: 'Unavailable' } as const
    return this.#declines.send(call, 'its data could not be found', this.#height, signal)
  }

  /** Resolves with false when the pinner is not ready for the cells yet: it downloads the plain blocks first. */
  async #encode(copy: CopyView, span: SpanView, signal: AbortSignal): Promise<boolean> {
    const { cores, senders, context } = this.#modules
    const core = await cores.open(copy.coreKey)
    try {
      await fetchSpan(core, copy, span, { signal, onPart: () => undefined })
      const stalled = () =>
        new DatdotError('PEER_UNREACHABLE', `the pinner of span ${span.id} does not answer`)
      const link = await withPatience({ signal, stalled }, limited =>
        senders.dial(copy.pinnerNoiseKey, span.id, limited)
      )
      const stop = () => void link.close()
      signal.addEventListener('abort', stop, { once: true })
      try {
        const encoding = await this.#encoding(copy, span)
        await encoding.run(core, link, signal)
        context.emit({ type: 'span', copy: copy.id, span: span.id, state: 'Sealed' })
        return true
      } finally {
        signal.removeEventListener('abort', stop)
        await link.close()
      }
    } catch (error) {
      if (!isDatdotError(error, 'WIRE_REFUSED') || error.details['refusal'] !== 'NotExpected') throw error
      context.emit({ type: 'waiting', for: `the pinner of span ${span.id} to have its blocks` })
      return false
    } finally {
      await core.close()
    }
  }

  async #encoding(copy: CopyView, span: SpanView): Promise<SpanEncoding> {
    const open = this.#encodings.get(span.id)
    if (open !== undefined) return open
    const { chain, pool, context, sign } = this.#modules
    const key = this.#keys.get(span.id)
    if (key === null) throw new DatdotError('KEY_MISSING', `the key of span ${span.id} is gone`)
    const { coreKey } = copy
    const { start, end } = span
    const meter = new Meter(context.now, span.byteLength, reading =>
      context.emit({ type: 'encode', copy: copy.id, span: span.id, ...reading })
    )
    const parts = {
      genesis: chain.constants.genesis,
      pool,
      sign,
      save: (computed: Computed) => this.#note(span.id, { coreKey, start, end, ...computed }),
      onCells: (cells: number) =>
        meter.at(cells === cellsOf(span.byteLength) ? span.byteLength : cells * SLICE_BYTES)
    }
    const encoding = await SpanEncoding.open(parts, copy, span, key, this.#noted.get(span.id) ?? null)
    this.#encodings.set(span.id, encoding)
    return encoding
  }

  async #note(span: SpanId, note: SignerNote): Promise<void> {
    await this.#modules.notes.put(span, note)
    this.#noted.set(span, note)
  }

  /** Key first: from then on nobody can encode this copy again. The note comes last: with it this is tried again. */
  async #destroy(spanId: SpanId): Promise<undefined> {
    const { notes, cores } = this.#modules
    this.#encodings.delete(spanId)
    await this.#keys.destroy(spanId)
    const note = this.#noted.get(spanId)
    if (note === undefined) return
    const core = await cores.open(note.coreKey)
    try {
      await this.#forgetPlain(core, spanId, note)
    } finally {
      await core.close()
    }
    await notes.delete(spanId)
    this.#noted.delete(spanId)
  }

  /** Another span of this signer may need the same blocks: copies of one core share them. */
  async #forgetPlain(core: CoreHandle, spanId: SpanId, note: SignerNote): Promise<void> {
    const needed = this.#openSpans(note.coreKey).filter(({ span }) => span.id !== spanId)
    if (needed.length === 0) return core.purge()
    const overlaps = needed.some(({ span }) => span.start < note.end && note.start < span.end)
    if (!overlaps) await core.forget(note.start, note.end)
  }
}

function damagedKey(span: SpanId): DatdotError {
  return new DatdotError('RSA_INVALID', `the key of span ${span} was damaged and is destroyed`)
}
