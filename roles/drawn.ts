import { blake2b256 } from '../src/codec/hash.ts'
import { drawVerifiers } from '../src/domain/draws.ts'
import type { Account, CopyId, Period } from '../src/domain/ids.ts'
import type { CopyLeaf } from '../src/domain/leaves.ts'
import { isPeriodOfCopy } from '../src/domain/periods.ts'
import type {
  ChainConstants,
  CopyView,
  Params,
  PeriodView,
  RecordView,
  RoleSlotView
} from '../src/domain/view.ts'

/** What the draw of a check is made from. */
export interface CheckReader {
  readonly constants: Pick<ChainConstants, 'period'>
  params(): Promise<Params>
  period(index: Period): Promise<PeriodView | null>
  record(copy: CopyId, period: Period): Promise<RecordView | null>
  verifierSlots(): Promise<readonly RoleSlotView[]>
  /** Leaves of the copy that verifiers reported as wrong in this period. */
  accused(copy: CopyId, period: Period): Promise<readonly CopyLeaf[]>
}

/**
 * The verifiers of a copy in a period: from the record when it is open, else drawn as the chain will (protocol.md 9.1).
 * Null while the chain does not have the period; nobody where the copy's first period moves on.
 */
export async function verifiersOf(
  chain: CheckReader,
  copy: CopyView,
  period: Period
): Promise<readonly Account[] | null> {
  const record = await chain.record(copy.id, period)
  if (record !== null) return record.verifiers.map(verifier => verifier.account)
  const draw = await periodDraw(chain, period)
  return draw === null ? null : draw(copy)
}

/** Draws the verifiers of any copy in a period, from facts that are read once; null while the chain does not have the period and the one before. */
export async function periodDraw(
  chain: CheckReader,
  period: Period
): Promise<((copy: CopyView) => readonly Account[]) | null> {
  const [current, before] = await Promise.all([chain.period(period), chain.period(period - 1)])
  if (current === null || before === null) return null
  const [{ verifiers }, slots] = await Promise.all([chain.params(), chain.verifierSlots()])
  return copy => {
    if (!isPeriodOfCopy(copy, current)) return []
    const input = {
      seed: current.seed,
      copyId: copy.id,
      period,
      periodLength: chain.constants.period,
      verifiers,
      candidates: before.verifierCount,
      excluded: partiesOf(copy)
    }
    return drawVerifiers(blake2b256, input, index => slots[index] ?? null)
  }
}

/** A copy's pinner and signers: none of them verifies it. */
function partiesOf(copy: CopyView): ReadonlySet<Account> {
  const signers = copy.spans.flatMap(span => (span.signer === null ? [] : [span.signer]))
  return new Set([copy.pinner, ...signers])
}
