import type Hypercore from 'hypercore'
import type { TreeNode } from 'hypercore'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { OffsetStep, TreeFacts } from '../domain/publish.ts'
import { coreKeyOf, tooManyBlocks, treeHashOf } from '../domain/publish.ts'
import { hasTooManyBlocks } from '../domain/sizes.ts'
import { throwIfAborted } from './abort.ts'
import { hash } from './bytes.ts'
import { type NodeReader, offsetProof, wayTo } from './tree.ts'

const FORK_RETRIES = 3
/** A multisig with one signature of signer 0 and no patch frames it like this (protocol.md 9.8). */
const FRAME_HEAD = Buffer.from([1, 0])
const FRAME_TAIL = Buffer.from([0, 0])

interface Snapshot {
  fork: number
  length: number
  byteLength: number
  signature: Buffer | null
  roots: TreeNode[]
}

/** Says which inner cuts `publish` must prove for a tree of this size (protocol.md 9.2). */
export type CutsOf = (tree: { length: number; byteLength: number }) => readonly number[]

/** Reads tree nodes that are stored here. */
export function nodeReader(core: Hypercore): NodeReader {
  return async index => {
    const read = core.core.state.storage.read()
    const node = read.getTreeNode(index)
    read.tryFlush()
    return node
  }
}

/** Everything that `publish` needs of a replicated core, without its author's help (protocol.md part 7, 9.8). */
export async function treeFacts(
  session: Hypercore,
  cutsOf: CutsOf,
  signal?: AbortSignal
): Promise<TreeFacts> {
  for (let attempt = 0; attempt < FORK_RETRIES; attempt++) {
    const tree = snapshot(session)
    if (tree.length === 0 || tree.byteLength === 0) throw new DatdotError('CORE_EMPTY')
    if (hasTooManyBlocks(tree)) throw tooManyBlocks(tree.length, tree.byteLength)
    const cuts: OffsetStep[][] = []
    for (const cut of cutsOf(tree)) {
      throwIfAborted(signal)
      cuts.push(await cutProof(session, tree.length, cut))
    }
    if (session.core.state.fork !== tree.fork) continue
    return { ...facts(session, tree), cuts }
  }
  throw new DatdotError('CORE_FORKED', 'the core was forked while its tree was read')
}

/** Peaks, signature, length and fork of one moment: no await in between. */
function snapshot(session: Hypercore): Snapshot {
  const { fork, length, byteLength, signature, roots } = session.core.state
  return { fork, length, byteLength, signature, roots: [...roots] }
}

function facts(session: Hypercore, tree: Snapshot): Omit<TreeFacts, 'cuts'> {
  const identity = identityOf(session)
  const peaks = tree.roots.map(root => ({ size: BigInt(root.size), hash: new Uint8Array(root.hash) }))
  return {
    key: toHex(session.key),
    identity,
    fork: BigInt(tree.fork),
    length: tree.length,
    byteLength: tree.byteLength,
    peaks,
    treeHash: treeHashOf(hash, tree.length, peaks),
    signature: signatureOf(session, tree, 'manifest' in identity ? (identity.manifest[0] ?? 0) : null)
  }
}

/** A compat core's key is the public key itself; it has a v1 manifest locally, whose hash is not its key (protocol.md 9.8). */
function identityOf(session: Hypercore): TreeFacts['identity'] {
  const manifest = session.getManifest({ raw: true })
  if (session.core.compat || manifest === null) return { key: new Uint8Array(session.key) }
  const identity = { manifest: new Uint8Array(manifest) }
  if (session.key.equals(coreKeyOf(hash, identity))) return identity
  throw new DatdotError('TREE_INVALID', 'the manifest does not hash to the key')
}

function signatureOf(session: Hypercore, tree: Snapshot, version: number | null): Uint8Array {
  const prologue = version === null ? null : session.manifest?.prologue
  // A tree of exactly the prologue is valid by its hash: the chain wants zeros, whatever was signed here.
  if (prologue?.length === tree.length) return new Uint8Array(64)
  const { signature } = tree
  if (signature === null) throw new DatdotError('TREE_INVALID', 'the tree has no signature')
  if (version === null || version === 0) {
    if (signature.byteLength === 64) return new Uint8Array(signature)
  } else if (
    signature.byteLength === 68 &&
    signature.subarray(0, 2).equals(FRAME_HEAD) &&
    signature.subarray(66).equals(FRAME_TAIL)
  ) {
    return new Uint8Array(signature.subarray(2, 66))
  }
  throw new DatdotError('CORE_UNSUPPORTED', 'the signature is not one plain ed25519 signature')
}

/** Fetches the blocks whose proofs bring the nodes of the way to a cut, where those are not here yet. */
async function cutProof(session: Hypercore, length: number, cut: number): Promise<OffsetStep[]> {
  const read = nodeReader(session)
  const { steps } = wayTo(length, cut)
  const lowest = steps.at(-1)
  if (lowest && !((await read(lowest.left.index)) && (await read(lowest.right.index)))) await session.get(cut)
  for (const step of steps) {
    if (!step.passed || step.left.height === 0) continue
    const lastBlock = step.right.first - 1
    const quarter = 2 ** (step.left.height - 1)
    const known = (await read(step.left.index - quarter)) && (await read(step.left.index + quarter))
    if (!known) await session.get(lastBlock)
  }
  return offsetProof(read, length, cut)
}
