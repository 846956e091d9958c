import type Hypercore from 'hypercore'
import type { InternalCore } from 'hypercore'
import { equalBytes } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import { treeHashOf } from '../domain/publish.ts'
import type { TreeView } from '../domain/view.ts'
import { whenever } from './abort.ts'
import { hash } from './bytes.ts'
import { peaksOf } from './tree.ts'

/*
 * Leans on internals of hypercore 11.37.1: the replicator asks for a fork by `_addReorg`, looks at a
 * peer's fork in `_updateFork`; `checkConflict` freezes a core whose author signed two trees.
 * test/hyper/tree-guard.test.ts fails when another version behaves otherwise.
 */

/** Where the highest fork that a core may follow is kept, with the core itself. */
const LIMIT_NAME = 'datdot/most-fork'

/** A tree that was offered and not taken. */
export type RefusedTree = (fork: number, length: number) => void

/** Decides which forks a core follows: all of them, until it is told of a highest one. */
export class TreeGuard {
  readonly #core: InternalCore
  readonly #opened: Promise<void>
  #most: number | null
  #isKnown = false

  /** The core must be open; until its stored limit is read, no other fork is followed, nor told of. */
  constructor(core: InternalCore, onRefused: RefusedTree) {
    checkInternals(core)
    this.#core = core
    this.#most = core.state.fork
    this.#wrap(onRefused)
    this.#opened = this.#load()
    // Whoever sets a limit gets the error.
    this.#opened.catch(() => {})
  }

  /** Follows forks up to this one, also after a restart; nothing above it, and no conflict, takes the tree away. */
  async limit(session: Hypercore, most: number): Promise<void> {
    await this.#opened
    const value = Buffer.alloc(8)
    value.writeBigUInt64LE(BigInt(most))
    this.#most = most
    await session.setUserData(LIMIT_NAME, value)
    this.#look()
  }

  async #load(): Promise<void> {
    const read = this.#core.state.storage.read()
    const limit = read.getUserData(LIMIT_NAME)
    read.tryFlush()
    const stored = await limit
    this.#most = stored === null ? null : Number(stored.readBigUInt64LE())
    this.#isKnown = true
    this.#look()
  }

  /** Peers told their fork before the limit was another. */
  #look(): void {
    const { replicator } = this.#core
    for (const peer of replicator.peers) replicator._updateFork(peer)
  }

  #wrap(onRefused: RefusedTree): void {
    const { replicator } = this.#core
    const follow = replicator._addReorg.bind(replicator)
    replicator._addReorg = (fork, peer) => {
      if (this.#most === null || fork <= this.#most) return follow(fork, peer)
      if (this.#isKnown) onRefused(fork, peer.remoteLength)
      return null
    }
    const freeze = this.#core.checkConflict.bind(this.#core)
    this.#core.checkConflict = (proof, from) =>
      this.#most === null ? freeze(proof, from) : this.#isOther(proof, onRefused)
  }

  /** True when the proof is of another tree than ours: that peer is left alone, and the core goes on. */
  async #isOther(
    { fork, upgrade }: Parameters<InternalCore['checkConflict']>[0],
    onRefused: RefusedTree
  ): Promise<boolean> {
    const { state } = this.#core
    const { length, nodes } = upgrade
    if (state.length < length || fork !== state.fork) return false
    const own = await peakNodes(this.#core, length)
    const same =
      nodes.length === own.length && own.every((node, i) => nodes[i] && node?.hash.equals(nodes[i].hash))
    if (!same) onRefused(fork, length)
    return !same
  }
}

/** True when exactly this tree is here, alone or as the beginning of a longer one; null when nodes of it are not here. */
export async function isTree(core: InternalCore, tree: TreeView): Promise<boolean | null> {
  if (BigInt(core.state.fork) !== tree.fork || core.state.length < tree.length) return false
  const peaks = []
  for (const node of await peakNodes(core, tree.length)) {
    if (node === null) return null
    peaks.push({ size: BigInt(node.size), hash: node.hash })
  }
  return equalBytes(treeHashOf(hash, tree.length, peaks), tree.treeHash)
}

/** Waits for a tree and keeps it: no later fork of its author is followed; throws CORE_FORKED when another one is here. */
export async function keepTree(session: Hypercore, guard: TreeGuard, tree: TreeView): Promise<void> {
  const { core } = session
  await guard.limit(session, Number(tree.fork))
  const isPast = () => BigInt(core.state.fork) > tree.fork
  const isHere = () => BigInt(core.state.fork) === tree.fork && core.state.length >= tree.length
  await whenever(session, ['append', 'truncate'], () => isPast() || isHere())
  if (isPast()) throw new DatdotError('CORE_FORKED')
  // The proof of a tree's last block has all of its peaks, also when the tree is longer now.
  if ((await isTree(core, tree)) === null) await session.get(tree.length - 1, { wait: true })
  if (!(await isTree(core, tree)))
    throw new DatdotError('CORE_FORKED', 'the core has another tree than the one on the chain')
}

async function peakNodes(core: InternalCore, length: number) {
  const read = core.state.storage.read()
  const peaks = peaksOf(length).map(peak => read.getTreeNode(peak.index))
  read.tryFlush()
  return Promise.all(peaks)
}

function checkInternals(core: InternalCore): void {
  const found =
    typeof core.state?.storage?.read === 'function' &&
    typeof core.checkConflict === 'function' &&
    typeof core.replicator?._addReorg === 'function' &&
    typeof core.replicator._updateFork === 'function'
  if (!found) throw new DatdotError('INTERNAL', 'this version of hypercore has other internals than 11.37.1')
}
