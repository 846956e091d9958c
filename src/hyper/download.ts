import type Hypercore from 'hypercore'
import type { ReplicatorPeer } from 'hypercore'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { hyperError, isDiskFull, withSession } from './abort.ts'

/** Blocks [start, end). */
export type Range = [start: number, end: number]

const PAGE_BLOCKS = 8_192

/** What one peer has served in a download. */
export interface PeerShare {
  blocks: number
  bytes: number
}

/** Where a download stands. */
export interface DownloadProgress {
  /** Blocks of the range that are here. */
  blocks: number
  totalBlocks: number
  /** Bytes that came over the network in this download. */
  bytes: number
  /** Peers that this core is replicated with now. */
  peers: number
  /** What each peer has served in this download. */
  served: ReadonlyMap<NoiseKey, PeerShare>
}

export interface DownloadOptions {
  signal?: AbortSignal
  /** The fork that the blocks are to be of; any when not given. */
  fork?: number
  onProgress?: (progress: DownloadProgress) => void
}

/** Half-open ranges of [start, end) whose blocks are not here. */
export function missingRanges(core: Hypercore, start: number, end: number): Range[] {
  const { bitfield } = core.core
  const ranges: Range[] = []
  for (let at = start; at < end; ) {
    const from = bitfield.firstUnset(at)
    if (from < 0 || from >= end) break
    const next = bitfield.firstSet(from)
    const to = next < 0 ? end : Math.min(next, end)
    ranges.push([from, to])
    at = to
  }
  return ranges
}

/** Downloads blocks [start, end) and resolves when all are stored here; throws ABORTED, BAD_RANGE, CORE_FORKED, DISK_FULL. */
export async function downloadRange(
  core: Hypercore,
  start: number,
  end: number,
  options: DownloadOptions = {}
): Promise<DownloadProgress> {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end)) {
    throw new DatdotError('BAD_RANGE', `blocks ${start} to ${end} are no range`)
  }
  return withSession(core, options.signal, async session => {
    const tally = new Tally(end - start, missingRanges(session, start, end))
    const progress = () => tally.progress(session.peers.length)
    const onDownload = (index: number, bytes: number, { remotePublicKey }: ReplicatorPeer) => {
      if (index < start || index >= end) return
      tally.add(index, bytes, toHex(remotePublicKey))
      options.onProgress?.(progress())
    }
    const vain = endWhenVain(session, options.fork)
    session.on('download', onDownload)
    try {
      if (vain.error) throw vain.error
      options.onProgress?.(progress())
      if (start < end) await session.download({ start, end }).done()
    } catch (error) {
      throw vain.error ?? error
    } finally {
      session.removeListener('download', onDownload)
    }
    // A session that was closed meanwhile may end its downloads as if they were done.
    if (missingRanges(core, start, end).length > 0)
      throw vain.error ?? new DatdotError('ABORTED', 'the download ended before its blocks were here')
    return progress()
  })
}

/** Closes the session when its blocks cannot come: hypercore would go on asking for them, in vain. */
function endWhenVain(session: Hypercore, fork?: number): { error: DatdotError | null } {
  const state: { error: DatdotError | null } = { error: null }
  const end = (error: DatdotError) => {
    state.error ??= error
    session.close().catch(() => {})
  }
  const look = () => {
    if (fork !== undefined && session.core.state.fork !== fork) end(new DatdotError('CORE_FORKED'))
  }
  session.on('truncate', look)
  look()
  session.on(
    'verification-error',
    (error: unknown, _request: unknown, _data: unknown, from: ReplicatorPeer) => {
      if (!isDiskFull(error)) return
      // The peer is not to blame: hypercore would ask it for nothing more, also when there is space again.
      from.paused = false
      end(hyperError(error))
    }
  )
  return state
}

/** What came of `total` blocks, of which these ranges were missing; after a broken connection one may come twice. */
export class Tally {
  readonly #total: number
  readonly #missing: readonly Range[]
  /** A bit for each block that came, by pages: a core may say that it is longer than what it has. */
  readonly #came = new Map<number, Uint8Array>()
  readonly #served = new Map<NoiseKey, PeerShare>()
  #blocks: number
  #bytes = 0

  /** The ranges are half-open, in order and apart. */
  constructor(total: number, missing: readonly Range[]) {
    this.#total = total
    this.#missing = missing
    this.#blocks = total - missing.reduce((sum, [from, to]) => sum + to - from, 0)
  }

  add(index: number, bytes: number, peer: NoiseKey): void {
    if (this.#wasMissing(index) && this.#isFirst(index)) this.#blocks += 1
    this.#bytes += bytes
    const share = this.#served.get(peer) ?? { blocks: 0, bytes: 0 }
    share.blocks += 1
    share.bytes += bytes
    this.#served.set(peer, share)
  }

  progress(peers: number): DownloadProgress {
    const [blocks, totalBlocks, bytes, served] = [this.#blocks, this.#total, this.#bytes, this.#served]
    return { blocks, totalBlocks, bytes, peers, served }
  }

  #wasMissing(index: number): boolean {
    let low = 0
    let high = this.#missing.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#missing[middle]?.[1] ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return (this.#missing[low]?.[0] ?? Number.POSITIVE_INFINITY) <= index
  }

  #isFirst(index: number): boolean {
    const number = Math.floor(index / PAGE_BLOCKS)
    const page = this.#came.get(number) ?? new Uint8Array(PAGE_BLOCKS / 8)
    this.#came.set(number, page)
    const [at, bit] = [(index % PAGE_BLOCKS) >>> 3, 1 << (index & 7)]
    const before = page[at] ?? 0
    page[at] = before | bit
    return (before & bit) === 0
  }
}
