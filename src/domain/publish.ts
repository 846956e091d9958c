import { concat, equalBytes, fromHex, isZero, u64 } from './bytes.ts'
import { DatdotError } from './errors.ts'
import type { Hash } from './hashing.ts'
import type { CoreKey } from './ids.ts'
import { peakHeights } from './leaves.ts'
import { parseManifest } from './manifest.ts'
import { hasTooManyBlocks } from './sizes.ts'

/** Hypercore's namespace constants (protocol.md 9.8). */
const TREE = fromHex('9fac70b50ca14efc4e91c833b204e75b8b5aad8b5881bfc0adb5ef38a3275b9c')
const MANIFEST = fromHex('e64b7108eacce47cfc61ac850568f55f8b15b82ec5ed78c4ec597b036e2a1498')
const LENGTH_LIMIT = 2 ** 40
const BYTE_LENGTH_LIMIT = 2n ** 50n
const FORK_LIMIT = 2n ** 53n

/** True when `signature` over `message` is `publicKey`'s, in ed25519. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean

/** Node of the signed tree on the way to a byte offset (protocol.md 9.2, 9.9). */
export interface OffsetStep {
  leftSize: bigint
  left: Uint8Array
  right: Uint8Array
  open: readonly [Uint8Array, Uint8Array] | null
}

/** What `publish` says of a core (protocol.md 9.8). */
export interface TreeFacts {
  key: CoreKey
  identity: { manifest: Uint8Array } | { key: Uint8Array }
  fork: bigint
  length: number
  byteLength: number
  peaks: { size: bigint; hash: Uint8Array }[]
  treeHash: Uint8Array
  /** 64 bytes; zeros when the length equals the prologue's. */
  signature: Uint8Array
  /** One offset proof an inner cut. */
  cuts: OffsetStep[][]
}

export interface Peak {
  size: bigint
  hash: Uint8Array
}

type Signed = Pick<TreeFacts, 'identity' | 'fork' | 'length' | 'peaks' | 'signature'>

/** A core's key: the hash of its manifest, or the compat core's public key itself. */
export function coreKeyOf(hash: Hash, identity: TreeFacts['identity']): Uint8Array {
  return 'manifest' in identity ? hash(MANIFEST, identity.manifest) : identity.key
}

/** Hypercore's hash over the peaks of a tree of `length` blocks. */
export function treeHashOf(hash: Hash, length: number, peaks: readonly Peak[]): Uint8Array {
  const heights = peakHeights(length)
  let offset = 0
  const parts = peaks.flatMap(({ size, hash: peak }, i) => {
    const width = 2 ** (heights[i] ?? 0)
    const index = 2 * offset + width - 1
    offset += width
    return [peak, u64(index), u64(size)]
  })
  return hash(Uint8Array.of(2), ...parts)
}

/** Bytes of a tree from its peaks; throws TREE_INVALID outside 0 < … < 2^50, or when the peaks do not fit the length. */
export function byteLengthOf(length: number, peaks: readonly Peak[]): number {
  if (!isLength(length)) throw invalid(`length ${length}`)
  if (peaks.length !== peakHeights(length).length) throw invalid(`${peaks.length} peaks at length ${length}`)
  if (peaks.some(({ hash }) => hash.length !== 32)) throw invalid('a peak is not 32 bytes')
  const sum = peaks.reduce((bytes, { size }) => bytes + size, 0n)
  if (peaks.some(({ size }) => size < 0n) || sum <= 0n || sum >= BYTE_LENGTH_LIMIT)
    throw invalid(`${sum} bytes`)
  return Number(sum)
}

/**
 * Checks that a core's author signed exactly this tree, as `publish` does on the chain (protocol.md 9.8).
 * Throws CORE_UNSUPPORTED or TREE_INVALID.
 */
export function verifyTree(
  { identity, fork, length, peaks, signature }: Signed,
  { hash, verify }: { hash: Hash; verify: VerifySignature }
): { key: Uint8Array; byteLength: number; treeHash: Uint8Array } {
  const manifest = 'manifest' in identity ? parseManifest(identity.manifest) : null
  const key = coreKeyOf(hash, identity)
  if (key.length !== 32) throw invalid('the key is not 32 bytes')
  if (fork < 0n || fork >= FORK_LIMIT) throw invalid(`fork ${fork}`)
  const byteLength = byteLengthOf(length, peaks)
  const treeHash = treeHashOf(hash, length, peaks)
  const prologue = manifest?.prologue ?? null
  if (prologue !== null && BigInt(length) < prologue.length) throw invalid('shorter than its prologue')
  if (prologue !== null && BigInt(length) === prologue.length) {
    if (!equalBytes(treeHash, prologue.hash)) throw invalid('not the tree of its prologue')
    if (signature.length !== 64 || !isZero(signature)) throw invalid('a prologue has no signature')
    // nothing signs the fork here: any other could be made up and would keep the author's trees out as older
    if (fork !== 0n) throw invalid('a prologue has no fork')
  } else {
    const context = manifest === null ? new Uint8Array(0) : manifest.version === 0 ? manifest.namespace : key
    const message = concat(TREE, context, treeHash, u64(length), u64(fork))
    if (!verify(message, signature, manifest?.publicKey ?? key))
      throw invalid('the signature does not verify')
  }
  if (hasTooManyBlocks({ length, byteLength })) throw tooManyBlocks(length, byteLength)
  return { key, byteLength, treeHash }
}

/** The error of a core that the chain refuses as `TooManyBlocks`. */
export function tooManyBlocks(length: number, byteLength: number): DatdotError {
  return new DatdotError(
    'CORE_UNSUPPORTED',
    `${length} blocks for ${byteLength} bytes are too many: append larger blocks, of at least 5 bytes on average`
  )
}

/**
 * The byte offset of block `cut` by its proof down from the peak that holds it (protocol.md 9.2, 9.9).
 * Throws TREE_INVALID; an odd cut, or one outside the tree, has no proof.
 */
export function verifyOffset(
  hash: Hash,
  tree: { length: number; peaks: readonly Peak[] },
  cut: number,
  steps: readonly OffsetStep[]
): bigint {
  if (!isLength(tree.length)) throw invalid(`length ${tree.length}`)
  if (!Number.isSafeInteger(cut) || cut <= 0 || cut >= tree.length || cut % 2 !== 0)
    throw invalid(`cut ${cut}`)
  let { first, width, size, node, offset } = peakAt(tree, cut)
  if (size < 0n || size >= BYTE_LENGTH_LIMIT) throw invalid(`a peak of ${size} bytes`)
  let used = 0
  while (first !== cut) {
    const step = steps[used++]
    if (step === undefined) throw invalid('an offset proof ends too early')
    openNode(hash, node, size, step)
    width /= 2
    const right = cut >= first + width
    if (right !== (step.open !== null)) throw invalid('an offset proof opens the wrong side')
    if (right) {
      if (step.open !== null && !equalBytes(parentOf(hash, step.leftSize, ...step.open), step.left))
        throw invalid('a left subtree does not have the size it claims')
      offset += step.leftSize
      first += width
    }
    size = right ? size - step.leftSize : step.leftSize
    node = right ? step.right : step.left
  }
  if (used !== steps.length) throw invalid('an offset proof is too long')
  return offset
}

/** Checks one offset proof an inner cut and gives the cuts with their byte offsets; throws TREE_INVALID. */
export function verifyCuts(
  hash: Hash,
  { length, peaks, cuts }: Pick<TreeFacts, 'length' | 'peaks' | 'cuts'>,
  blocks: readonly number[]
): { block: number; byte: number }[] {
  if (cuts.length !== blocks.length) throw invalid(`${cuts.length} offset proofs for ${blocks.length} cuts`)
  return blocks.map((block, i) => ({
    block,
    byte: Number(verifyOffset(hash, { length, peaks }, block, cuts[i] ?? []))
  }))
}

function isLength(length: number): boolean {
  return Number.isSafeInteger(length) && length >= 1 && length < LENGTH_LIMIT
}

function openNode(hash: Hash, node: Uint8Array, size: bigint, step: OffsetStep): void {
  if (step.leftSize < 0n || step.leftSize > size) throw invalid('a left subtree is larger than its parent')
  if ([step.left, step.right, ...(step.open ?? [])].some(part => part.length !== 32))
    throw invalid('a hash is not 32 bytes')
  if (!equalBytes(parentOf(hash, size, step.left, step.right), node))
    throw invalid('an offset proof does not hash to its parent')
}

function parentOf(hash: Hash, size: bigint, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(Uint8Array.of(1), u64(size), left, right)
}

function peakAt(
  { length, peaks }: { length: number; peaks: readonly Peak[] },
  block: number
): { first: number; width: number; size: bigint; node: Uint8Array; offset: bigint } {
  let first = 0
  let offset = 0n
  for (const [i, height] of peakHeights(length).entries()) {
    const peak = peaks[i]
    const width = 2 ** height
    if (peak !== undefined && block < first + width)
      return { first, width, size: peak.size, node: peak.hash, offset }
    first += width
    offset += peak?.size ?? 0n
  }
  throw invalid(`block ${block} is outside the tree`)
}

function invalid(why: string): DatdotError {
  return new DatdotError('TREE_INVALID', `the tree does not verify: ${why}`)
}
