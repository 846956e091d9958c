import { CellDecoder } from '../../src/codec/decode.ts'
import { blake2b256 } from '../../src/codec/hash.ts'
import { verifySpanProof } from '../../src/codec/proof.ts'
import { verifyEd25519 } from '../../src/codec/signature.ts'
import { equalBytes, fromHex } from '../../src/domain/bytes.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { Account, CopyId, Period, SpanId } from '../../src/domain/ids.ts'
import {
  CELLS_PER_LEAF,
  type CopyLeaf,
  locateLeaf,
  replicaLeaf,
  SLICE_BYTES,
  totalLeaves
} from '../../src/domain/leaves.ts'
import { receiptMessage } from '../../src/domain/messages.ts'
import type { LeafProof, SpanProof } from '../../src/domain/proofs.ts'
import type { Evidence, Outcome } from '../../src/domain/reports.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { blockOf, type CoreHandle, spanSecrets, spansInOrder } from '../span.ts'
import type { Reading } from './plain.ts'
import { secretIndexes } from './sample.ts'
import { askPinner, PinnerFault, type StepLimits } from './session.ts'

/** A verifier's connection to a pinner on `datdot/check/1`, made with a one-time key. */
export interface CheckSession {
  leaves(span: SpanId, indexes: readonly number[]): Promise<SpanProof>
  receipt(copy: CopyId, period: Period, account: Account): Promise<Uint8Array>
  close(): Promise<void> | void
}

/** What is checked: the copy as on the chain, and for whom. */
export interface ReplicaCheck {
  genesis: Uint8Array
  copy: CopyView
  period: Period
  seed: Uint8Array
  account: Account
  secret: Uint8Array
  /** Leaves that other verifiers say are wrong. */
  accused: readonly CopyLeaf[]
}

export interface ReplicaResult {
  outcome: Outcome
  evidence: Evidence
  reason: string | null
}

/** Leaves that are checked besides the drawn one. */
const MORE_LEAVES = 3

const NONE: Evidence = { kind: 'None' }

/** What the pinner said: leaves by the span's position, and its receipt or how it failed to give one. */
export interface ReplicaAnswers {
  drawn: CopyLeaf
  proofs: Map<number, { indexes: number[]; proof: SpanProof }>
  receipt: Uint8Array | PinnerFault
}

/** Asks for the drawn leaf, a few secret ones and the receipt, all that takes the pinner's time (protocol.md 9.7). Throws PinnerFault. */
export async function askReplica(
  { copy, period, seed, account, secret, accused }: ReplicaCheck,
  session: CheckSession,
  limits: StepLimits
): Promise<ReplicaAnswers> {
  const spans = spansInOrder(copy)
  const cells = spans.map(span => span.cells)
  const total = totalLeaves(cells)
  const drawn = locateLeaf(cells, replicaLeaf(blake2b256, seed, copy.id, fromHex(account), total))
  const more = secretIndexes('leaves', secret, total, MORE_LEAVES).map(index => locateLeaf(cells, index))
  const proofs: ReplicaAnswers['proofs'] = new Map()
  for (const [position, indexes] of grouped([drawn, ...more, ...accused])) {
    const span = spans[position]
    if (span === undefined) continue
    proofs.set(position, {
      indexes,
      proof: await askPinner(limits, () => session.leaves(span.id, indexes))
    })
  }
  const receipt = await askPinner(limits, () => session.receipt(copy.id, period, account)).catch(
    // A wrong leaf weighs more than a receipt that is not given.
    (error: unknown) => {
      if (error instanceof PinnerFault) return error
      throw error
    }
  )
  return { drawn, proofs, receipt }
}

/** Decodes what the pinner said against the plain core; nothing that happens here but a wrong answer is its fault. Throws PinnerFault. */
export async function judgeReplica(
  { genesis, copy, period, account }: ReplicaCheck,
  { drawn, proofs, receipt }: ReplicaAnswers,
  core: CoreHandle,
  reading: Reading
): Promise<ReplicaResult> {
  const spans = spansInOrder(copy)
  let served: Evidence = NONE
  for (const [position, { indexes, proof }] of proofs) {
    const span = spans[position]
    if (span === undefined) continue
    if (!isProven(genesis, copy, span, indexes, proof))
      return { outcome: 'WrongData', evidence: NONE, reason: `leaf proofs of span ${span.id} do not verify` }
    for (const [i, index] of indexes.entries()) {
      const leaf = proof.leaves[i] as LeafProof
      const { peaks } = proof
      if (!(await isReplica(genesis, copy, span, index, leaf.data, core, reading))) {
        const evidence = { kind: 'WrongReplica', span: position, index: BigInt(index), peaks, leaf } as const
        return { outcome: 'WrongReplica', evidence, reason: `leaf ${index} of span ${span.id}` }
      }
      if (position === drawn.span && index === drawn.index)
        served = { kind: 'Served', receipt: new Uint8Array(64), peaks, leaf }
    }
  }
  if (receipt instanceof PinnerFault) throw receipt
  const message = receiptMessage({ genesis, copyId: copy.id, period, account: fromHex(account) })
  if (!verifyEd25519(message, receipt, fromHex(copy.pinnerNoiseKey)))
    return { outcome: 'WrongData', evidence: NONE, reason: 'the receipt does not verify' }
  if (served.kind !== 'Served') throw new DatdotError('INTERNAL', 'the drawn leaf was not checked')
  return { outcome: 'Served', evidence: { ...served, receipt }, reason: null }
}

/** Indexes by span, each once, ascending. */
function grouped(leaves: readonly CopyLeaf[]): Map<number, number[]> {
  const groups = new Map<number, Set<number>>()
  for (const { span, index } of leaves) groups.set(span, (groups.get(span) ?? new Set()).add(index))
  return new Map([...groups].map(([span, indexes]) => [span, [...indexes].sort((a, b) => a - b)]))
}

function isProven(
  genesis: Uint8Array,
  copy: CopyView,
  span: SpanView,
  indexes: readonly number[],
  proof: SpanProof
): boolean {
  if (span.root === null) return false
  const { tag } = spanSecrets(genesis, copy, span)
  return verifySpanProof({ tag, cells: span.cells, root: span.root }, [...indexes], proof)
}

/** True when a leaf decodes to the core's own bytes. */
async function isReplica(
  genesis: Uint8Array,
  copy: CopyView,
  span: SpanView,
  index: number,
  data: Uint8Array,
  core: CoreHandle,
  reading: Reading
): Promise<boolean> {
  if (span.modulus === null) throw new DatdotError('INTERNAL', `span ${span.id} has no key`)
  const { salt } = spanSecrets(genesis, copy, span)
  const decoder = new CellDecoder({ N: span.modulus, e: span.e, salt, byteLength: span.byteLength })
  const firstCell = index * CELLS_PER_LEAF
  try {
    const plain = decoder.decode(firstCell, data)
    if (equalBytes(plain, await readCore(core, span, firstCell * SLICE_BYTES, plain.length, reading)))
      return true
    // Another check of this core may have let its tree go.
    if (!(await core.isTree(copy.tree))) throw new DatdotError('CORE_FORKED')
    return false
  } catch (error) {
    if (isDatdotError(error, 'CELL_INVALID')) return false
    throw error
  }
}

/** Bytes of a span out of the core's blocks, from whoever serves them: the signed tree vouches for them. */
async function readCore(
  core: CoreHandle,
  span: SpanView,
  from: number,
  length: number,
  { signal, tick }: Reading
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  const { index, offset } = await blockOf(core, span, from, { signal })
  const last = await blockOf(core, span, from + length - 1, { signal })
  // All at once: a leaf may hold a thousand blocks.
  await core.download(index, last.index + 1, { signal, onProgress: tick })
  for (let block = index, skip = offset, at = 0; at < length; block += 1, skip = 0) {
    const data = await core.get(block, { signal })
    const part = data.subarray(skip, skip + length - at)
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
