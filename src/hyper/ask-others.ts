import type { InternalCore, ReplicatorPeer, ReplicatorRequest } from 'hypercore'
import { DatdotError } from '../domain/errors.ts'

/*
 * Leans on internals of hypercore 11.37.1: the replicator asks one peer for a longer tree, a seek or a fork, and three at
 * most for a block, and waits for their answer as long as they are connected: whoever keeps silent would keep a core from all.
 * test/hyper/ask-others.test.ts fails when another version behaves otherwise.
 */

/** Milliseconds between two looks. */
const LOOK_MS = 100
/** Milliseconds that a peer has to itself before others are asked the same; what is not a block is small. */
const ALONE_MS = 250
/** So many others at once at least, for what is small. */
const AT_ONCE = 4
/** A block may take long: others are asked for it when its peer brings less than so many bytes … */
const LEAST_BYTES = 1024
/** … in so many milliseconds, or … */
const SILENT_MS = 300
/** … no block at all in so many. */
const BLOCK_MS = 10_000

/** Something that is awaited of peers: the requests for it that are under way, and how to ask one more. */
interface Want {
  inflight: ReplicatorRequest[]
  isBlock: boolean
  ask(peer: ReplicatorPeer): void
}

/** Runs `work`, and asks other peers too for whatever one does not answer meanwhile. */
export async function askingOthers<T>(core: InternalCore, work: () => Promise<T>): Promise<T> {
  checkInternals(core)
  const patience = patiences.get(core) ?? new Patience(core)
  patiences.set(core, patience)
  return patience.during(work)
}

/** Watches what peers bring of a core, and asks others where they bring nothing. */
export class Patience {
  readonly #core: InternalCore
  readonly #pulses = new WeakMap<ReplicatorPeer, Pulse>()
  /** When a request was seen first: its own time is the wall clock's, which may jump. */
  readonly #seen = new WeakMap<ReplicatorRequest, number>()
  #waiting = 0
  #timer: NodeJS.Timeout | undefined

  constructor(core: InternalCore) {
    this.#core = core
  }

  /** Looks again and again while `work` runs, however many wait for the core. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#timer = setInterval(() => this.look(performance.now()), LOOK_MS)
    try {
      return await work()
    } finally {
      if (--this.#waiting === 0) clearInterval(this.#timer)
    }
  }

  /** Asks as many peers again as were asked so far, where these had their time; `now` in ms by any clock that does not jump. */
  look(now: number): void {
    const { replicator } = this.#core
    for (const peer of replicator.peers) this.#feel(peer, now)
    if (replicator.peers.length < 2) return
    const wants = wantsOf(replicator)
    for (const { inflight } of wants)
      for (const request of inflight) if (!this.#seen.has(request)) this.#seen.set(request, now)
    const late = wants.filter(
      want => want.inflight.length > 0 && want.inflight.every(request => this.#isLate(want, request, now))
    )
    // A request that is under way keeps the replicator from making another: they are put back afterwards.
    const asked = late.map(({ inflight }) => inflight.splice(0))
    const isSilent = (peer: ReplicatorPeer) => Number(this.#pulses.get(peer)?.isSilent ?? false)
    const peers = [...replicator.peers].sort((a, b) => isSilent(a) - isSilent(b))
    for (const [i, want] of late.entries()) askMore(peers, want, asked[i] ?? [])
    for (const [i, { inflight }] of late.entries()) inflight.unshift(...(asked[i] ?? []))
  }

  #isLate({ isBlock }: Want, request: ReplicatorRequest, now: number): boolean {
    const pulse = this.#pulses.get(request.peer)
    const asked = this.#seen.get(request)
    if (pulse === undefined || asked === undefined) return false
    const isOver = (since: number, ms: number) => Math.max(since, asked) + ms <= now
    // Whoever brings nothing is not waited for again until it does.
    pulse.isSilent ||= isOver(pulse.bytesAt, isBlock ? SILENT_MS : ALONE_MS)
    return pulse.isSilent || (isBlock ? isOver(pulse.dataAt, BLOCK_MS) : isOver(asked, ALONE_MS))
  }

  #feel(peer: ReplicatorPeer, now: number): void {
    const data = peer.stats.wireData.rx
    const bytes = peer.stream.rawBytesRead
    const pulse = this.#pulses.get(peer)
    if (pulse === undefined || data > pulse.data)
      this.#pulses.set(peer, { data, bytes, dataAt: now, bytesAt: now, isSilent: false })
    else if (bytes >= pulse.bytes + LEAST_BYTES)
      this.#pulses.set(peer, { ...pulse, bytes, bytesAt: now, isSilent: false })
  }
}

/** One for each core: what it knows of its peers holds for the next who waits. */
const patiences = new WeakMap<InternalCore, Patience>()

/** Answers and bytes of a peer, and when there were more of them last. */
interface Pulse {
  data: number
  bytes: number
  dataAt: number
  bytesAt: number
  /** It has let a request wait and brought nothing since. */
  isSilent: boolean
}

function askMore(
  peers: readonly ReplicatorPeer[],
  { inflight, isBlock, ask }: Want,
  asked: ReplicatorRequest[]
): void {
  const known = new Set(asked.map(({ peer }) => peer))
  let left = isBlock ? asked.length : Math.max(asked.length, AT_ONCE)
  for (const peer of peers) {
    if (left === 0) return
    if (known.has(peer) || !peer.remoteUploading || !peer.isActive()) continue
    ask(peer)
    const made = inflight.splice(0)
    asked.push(...made)
    left -= made.length > 0 ? 1 : 0
  }
}

function wantsOf(replicator: InternalCore['replicator']): Want[] {
  const { _upgrade: upgrade, _seeks, _blocks, _hashes, _reorgs } = replicator
  const wants: Want[] = [
    ..._seeks.map(seek => ({
      inflight: seek.inflight,
      isBlock: false,
      ask: (peer: ReplicatorPeer) => peer._requestSeek(seek)
    })),
    ...[..._blocks].map(block => ({
      inflight: block.inflight,
      isBlock: true,
      ask: (peer: ReplicatorPeer) => peer._requestBlock(block)
    })),
    // Only seeks ask for them.
    ...[..._hashes].map(({ inflight }) => ({ inflight, isBlock: false, ask: () => {} })),
    ..._reorgs.map(fork => ({
      inflight: fork.inflight,
      isBlock: false,
      ask: (peer: ReplicatorPeer) => {
        if (peer.remoteFork !== fork.fork) return
        if (fork.batch === null) peer._requestForkProof(fork)
        else peer._requestForkRange(fork)
      }
    }))
  ]
  if (upgrade !== null)
    wants.push({ inflight: upgrade.inflight, isBlock: false, ask: peer => peer._requestUpgrade(upgrade) })
  return wants
}

function checkInternals({ replicator }: InternalCore): void {
  const found =
    Array.isArray(replicator?.peers) &&
    replicator._upgrade !== undefined &&
    Array.isArray(replicator._seeks) &&
    Array.isArray(replicator._reorgs) &&
    typeof replicator._blocks?.[Symbol.iterator] === 'function' &&
    typeof replicator._hashes?.[Symbol.iterator] === 'function'
  if (!found) throw new DatdotError('INTERNAL', 'this version of hypercore has other internals than 11.37.1')
}
