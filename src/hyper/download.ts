import type Hypercore from 'hypercore'
import type { ReplicatorPeer } from 'hypercore'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { hyperError, isDiskFull, withSession } from './abort.ts'

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
  onProgress?: (progress: DownloadProgress) => void
  /** In order instead of rarest and fastest first. */
  linear?: boolean
}

/** Half-open ranges of [start, end) whose blocks are not here. */
export function missingRanges(core: Hypercore, start: number, end: number): [start: number, end: number][] {
  const { bitfield } = core.core
  const ranges: [number, number][] = []
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

/** Downloads blocks [start, end) and resolves when all are stored here; throws ABORTED, BAD_RANGE, DISK_FULL. */
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
    const tally = new Tally(session, start, end)
    const onDownload = (index: number, bytes: number, peer: ReplicatorPeer) => {
      if (index < start || index >= end) return
      tally.add(bytes, peer)
      options.onProgress?.(tally.progress())
    }
    const full = endWhenFull(session)
    session.on('download', onDownload)
    try {
      options.onProgress?.(tally.progress())
      if (start < end) await session.download({ start, end, linear: options.linear ?? false }).done()
    } catch (error) {
      throw full.error ?? error
    } finally {
      session.removeListener('download', onDownload)
    }
    // A session that was closed meanwhile may end its downloads as if they were done.
    if (missingRanges(core, start, end).length > 0)
      throw full.error ?? new DatdotError('ABORTED', 'the download ended before its blocks were here')
    return tally.progress()
  })
}

/** Closes the session when a block cannot be written: hypercore would go on asking others for it, in vain. */
function endWhenFull(session: Hypercore): { error: DatdotError | null } {
  const state: { error: DatdotError | null } = { error: null }
  session.on(
    'verification-error',
    (error: unknown, _request: unknown, _data: unknown, from: ReplicatorPeer) => {
      if (!isDiskFull(error)) return
      // The peer is not to blame: hypercore would ask it for nothing more, also when there is space again.
      from.paused = false
      state.error ??= hyperError(error)
      session.close().catch(() => {})
    }
  )
  return state
}

class Tally {
  readonly #session: Hypercore
  readonly #total: number
  readonly #served = new Map<NoiseKey, PeerShare>()
  #blocks: number
  #bytes = 0

  constructor(session: Hypercore, start: number, end: number) {
    this.#session = session
    this.#total = end - start
    const missing = missingRanges(session, start, end)
    this.#blocks = this.#total - missing.reduce((sum, [from, to]) => sum + to - from, 0)
  }

  add(bytes: number, peer: ReplicatorPeer): void {
    this.#blocks += 1
    this.#bytes += bytes
    const key = toHex(peer.remotePublicKey)
    const share = this.#served.get(key) ?? { blocks: 0, bytes: 0 }
    share.blocks += 1
    share.bytes += bytes
    this.#served.set(key, share)
  }

  progress(): DownloadProgress {
    return {
      blocks: this.#blocks,
      totalBlocks: this.#total,
      bytes: this.#bytes,
      peers: this.#session.peers.length,
      served: this.#served
    }
  }
}
