import { type SpanSalt, saltOf, tagOf } from '../src/codec/salt.ts'
import { fromHex } from '../src/domain/bytes.ts'
import { DatdotError } from '../src/domain/errors.ts'
import type { CopyView, SpanView, TreeView } from '../src/domain/view.ts'
import type { Core } from '../src/hyper/core.ts'
import { PATIENCE_MS, withPatience } from './patience.ts'

/** 64 KiB a second, the chain's least rate: a big block may take longer than the patience. */
const SLOW_BYTES_PER_MS = 65_536 / 1_000

/** What roles do with a core that is open. */
export interface CoreHandle extends OpenCore {
  /** Closes the handle and, when nobody else uses the core, deletes all that is stored of it. */
  purge(): Promise<void>
}

type OpenCore = Pick<
  Core,
  | 'length'
  | 'fork'
  | 'waitForLength'
  | 'keepTree'
  | 'isTree'
  | 'download'
  | 'has'
  | 'seek'
  | 'get'
  | 'getLocal'
  | 'byteOffset'
  | 'dropPlain'
  | 'forget'
  | 'close'
>

/** What a salt has of a copy. */
export interface SaltedCopy extends Pick<CopyView, 'id' | 'coreKey'> {
  tree: Pick<TreeView, 'fork' | 'treeHash'>
}

/** What a salt has of a span. */
export type SaltedSpan = Pick<
  SpanView,
  'id' | 'start' | 'end' | 'byteStart' | 'byteLength' | 'e' | 'modulus' | 'beacon'
>

/** Salt and tag of a keyed span, from what stands on the chain; throws INTERNAL before the key is there. */
export function spanSecrets(
  genesis: Uint8Array,
  copy: SaltedCopy,
  span: SaltedSpan
): { inputs: SpanSalt; salt: Uint8Array; tag: Uint8Array } {
  if (span.modulus === null) throw new DatdotError('INTERNAL', `span ${span.id} has no key yet`)
  const inputs: SpanSalt = {
    genesis,
    coreKey: fromHex(copy.coreKey),
    fork: copy.tree.fork,
    treeHash: copy.tree.treeHash,
    copyId: copy.id,
    spanId: span.id,
    start: BigInt(span.start),
    end: BigInt(span.end),
    byteStart: BigInt(span.byteStart),
    byteLength: BigInt(span.byteLength),
    e: span.e,
    N: span.modulus,
    beacon: span.beacon
  }
  const salt = saltOf(inputs)
  return { inputs, salt, tag: tagOf(salt) }
}

/** Downloads a span's plain blocks out of the tree on the chain, which is kept from then on, and checks that they lie where the chain says; `onPart` hears how much of 1 is here. Throws CORE_FORKED, CORE_UNAVAILABLE when no block comes for long, ABORTED. */
export async function fetchSpan(
  core: CoreHandle,
  copy: CopyView,
  span: SpanView,
  options: { signal: AbortSignal; onPart: (part: number) => void; patienceMs?: number }
): Promise<void> {
  const ms = (options.patienceMs ?? PATIENCE_MS) + blockMs(span)
  const stalled = () => new DatdotError('CORE_UNAVAILABLE', `no block of span ${span.id} came for ${ms} ms`)
  await withPatience({ signal: options.signal, ms, stalled }, async (signal, tick) => {
    await core.keepTree(copy.tree, { signal })
    tick()
    await core.download(span.start, span.end, {
      signal,
      onProgress: ({ blocks, totalBlocks }) => {
        tick()
        options.onPart(Math.min(1, blocks / Math.max(1, totalBlocks)))
      }
    })
  })
  if (!(await core.isTree(copy.tree))) throw new DatdotError('CORE_FORKED')
  const begins = (await core.byteOffset(span.start)) === span.byteStart
  const ends = (await core.byteOffset(span.end)) === span.byteStart + span.byteLength
  if (!begins || !ends) throw new DatdotError('CORE_FORKED', `span ${span.id} lies elsewhere in this tree`)
}

/** Milliseconds that a block of average size takes over a slow line. */
export function blockMs({ byteLength, start, end }: SpanView): number {
  return Math.ceil(byteLength / Math.max(1, end - start) / SLOW_BYTES_PER_MS)
}

/** The block that holds a byte of a span, and that byte's place in it. A seek to the first one would find an empty block of the span before. */
export async function blockOf(
  core: Pick<CoreHandle, 'seek'>,
  span: SpanView,
  byte: number,
  options: { signal?: AbortSignal } = {}
): Promise<{ index: number; offset: number }> {
  return byte === 0 ? { index: span.start, offset: 0 } : core.seek(span.byteStart + byte, options)
}

/** Plain bytes of a span from byte `from` of it on, out of blocks that are here; throws DATA_MISMATCH when one is not. */
export async function* plainBytes(core: CoreHandle, span: SpanView, from = 0): AsyncGenerator<Uint8Array> {
  if (from >= span.byteLength) return
  const { index, offset } = await blockOf(core, span, from)
  for (let block = index, skip = offset; block < span.end; block += 1, skip = 0) {
    const bytes = await core.getLocal(block)
    if (bytes === null) throw new DatdotError('DATA_MISMATCH', `block ${block} is no longer here`)
    yield skip === 0 ? bytes : bytes.subarray(skip)
  }
}
/** The spans of a copy by start: the order of its leaves and of its span numbers (protocol.md 9.3). */
export function spansInOrder(copy: CopyView): SpanView[] {
  return [...copy.spans].sort((a, b) => a.number - b.number)
}
