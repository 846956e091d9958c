import type { Account, CopyId, CoreKey, Height, Period, SpanId } from '../../src/domain/ids.ts'
import { cellsOf } from '../../src/domain/leaves.ts'
import { isRecordOpen, periodOf, periodStart } from '../../src/domain/periods.ts'
import { reservedBytes } from '../../src/domain/sizes.ts'
import type { ChainConstants, CopyView, SpanView } from '../../src/domain/view.ts'

/** What the pinner must do; every one of them may be done twice. */
export type PinnerAction =
  | { kind: 'refuse'; copy: CopyView; reason: 'Resources' | 'Unavailable' }
  | { kind: 'fetch'; copy: CopyView; span: SpanView }
  | { kind: 'accept'; copy: CopyView; span: SpanView }
  | { kind: 'seal'; copy: CopyView; span: SpanView }
  | { kind: 'serve'; copy: CopyView; span: SpanView }
  | { kind: 'expire'; copy: CopyView; span: SpanView }
  | { kind: 'plan'; copy: CopyView; period: Period }
  | { kind: 'prove'; copy: CopyView; period: Period }
  | { kind: 'settle'; copy: CopyView; periods: number }
  | { kind: 'clean'; copyId: CopyId }

/** What the pinner sees of the chain. */
export interface PinnerView {
  account: Account
  height: Height
  constants: Pick<ChainConstants, 'period' | 'grace'>
  copies: readonly CopyView[]
}

/** How far a span is on this machine; a span without an entry has nothing yet. */
export interface SpanProgress {
  copyId: CopyId
  coreKey: CoreKey
  /** plain: blocks are here · agreed: all cells here and the signer's seal held · served: plain blocks gone, read from cells */
  stage: 'plain' | 'agreed' | 'served'
  /** Found damaged: nothing of it is proved or served. */
  damaged: boolean
}

/** When a copy is proved in a period, drawn once; `done` after the chain took it. */
export interface ProofPlan {
  at: Height
  done: boolean
}

/** What the pinner knows of itself. */
export interface PinnerRecords {
  spans: ReadonlyMap<SpanId, SpanProgress>
  /** By {@link planKey}. */
  plans: ReadonlyMap<string, ProofPlan>
  /** Spans that are read from their cells in this run. */
  serving: ReadonlySet<SpanId>
}

/** Blocks after which anyone helps with what `on_idle` should have done (protocol.md part 7). */
const HELP_AFTER = 2

/** Part of the time to a seal after which plain blocks that are not here are declined: before the deadline would cost reputation. */
const DECLINE_AFTER = 5 / 6

/** How many of a kind that takes disk, network or processor are under way at once; cells only come, so all may. */
export const AT_ONCE: Partial<Record<PinnerAction['kind'], number>> = {
  fetch: 4,
  serve: 4,
  plan: 16,
  prove: 8,
  settle: 4
}

/** Name of a copy's plan in a period. */
export function planKey(copy: CopyId, period: Period): string {
  return `${copy}/${period}`
}

/** Encoded bytes of a copy with its tree nodes: what the chain reserves for it. */
export function copyBytes(copy: CopyView): number {
  const cells = copy.spans.reduce((sum, span) => sum + cellsOf(span.byteLength), 0)
  return reservedBytes(cells, copy.tree.length)
}

/** Decides what a pinner has to do now (protocol.md parts 7, 9.5 and 9.6); pure. `quota` in bytes. */
export function pinnerDue(view: PinnerView, records: PinnerRecords, quota: number): PinnerAction[] {
  const mine = view.copies.filter(copy => copy.pinner === view.account && isAlive(copy))
  const held = new Set(mine.map(copy => copy.id))
  const stale = [...records.spans.values()].filter(span => !held.has(span.copyId))
  const room = roomOf(mine, records, quota)
  for (const { coreKey } of stale) room.cleaning.add(coreKey)
  return [
    ...[...new Set(stale.map(span => span.copyId))].map(copyId => ({ kind: 'clean', copyId }) as const),
    ...mine.flatMap(copy => sealedDue(copy, records)),
    ...mine.flatMap(copy => unknownDue(copy, records, room)),
    ...mine.flatMap(copy => (copy.state === 'Setup' ? setupDue(view, copy, records, room) : [])),
    ...mine.flatMap(copy => (copy.state === 'Active' ? activeDue(view, copy, records) : []))
  ]
}

/** A random height in the first half of a period, not before `height` (protocol.md part 7). */
export function planProof(period: Period, length: number, height: Height, random: number): ProofPlan {
  const at = periodStart(period, length) + Math.floor(random * Math.max(1, Math.floor(length / 2)))
  return { at: Math.max(at, height), done: false }
}

interface Room {
  /** Bytes that plain blocks may still take. */
  left: number
  refused: Set<CopyId>
  /** Cores of which older copies are being cleaned away: what came of them now would go with those. */
  cleaning: Set<CoreKey>
}

function roomOf(mine: readonly CopyView[], records: PinnerRecords, quota: number): Room {
  let left = quota
  const refused = new Set<CopyId>()
  for (const copy of [...mine].sort((a, b) => Number(a.id - b.id))) {
    const needed = copyBytes(copy) + Math.max(0, ...copy.spans.map(span => span.byteLength))
    if (copy.state === 'Setup' && !isBegun(copy, records) && needed > left) refused.add(copy.id)
    else left -= copyBytes(copy)
  }
  for (const copy of mine)
    for (const span of copy.spans) if (isPlainHere(records.spans.get(span.id))) left -= span.byteLength
  return { left, refused, cleaning: new Set() }
}

function setupDue(view: PinnerView, copy: CopyView, records: PinnerRecords, room: Room): PinnerAction[] {
  // Past a deadline the chain takes no decline any more.
  const isPast = copy.spans.some(span => span.deadline !== null && view.height >= span.deadline)
  if (room.refused.has(copy.id) && !isPast) return [{ kind: 'refuse', copy, reason: 'Resources' }]
  const isMissing = copy.spans.some(span => !records.spans.has(span.id) && isLate(view.height, span))
  if (isMissing && !isPast) return [{ kind: 'refuse', copy, reason: 'Unavailable' }]
  const actions: PinnerAction[] = []
  for (const span of copy.spans) {
    if (span.state !== 'Assigned' && span.state !== 'Keyed') continue
    if (span.deadline !== null && view.height > span.deadline + HELP_AFTER) {
      actions.push({ kind: 'expire', copy, span })
      continue
    }
    if (room.refused.has(copy.id) || room.cleaning.has(copy.coreKey)) continue
    const progress = records.spans.get(span.id)
    if (progress === undefined) {
      if (span.byteLength > room.left) continue
      room.left -= span.byteLength
      actions.push({ kind: 'fetch', copy, span })
    } else if (span.state === 'Keyed') {
      actions.push({ kind: progress.stage === 'agreed' ? 'seal' : 'accept', copy, span })
    }
  }
  return actions
}

/**
 * Sealed spans that nothing is noted of: those without bytes, which the chain seals at once, and those whose records or
 * whose core was lost. Their blocks, or what is left of them, come first; then they are served from their cells.
 */
function unknownDue(copy: CopyView, records: PinnerRecords, room: Room): PinnerAction[] {
  if (room.refused.has(copy.id) || room.cleaning.has(copy.coreKey)) return []
  const actions: PinnerAction[] = []
  for (const span of copy.spans) {
    if (span.state !== 'Sealed' || records.spans.has(span.id) || span.byteLength > room.left) continue
    room.left -= span.byteLength
    actions.push({ kind: 'fetch', copy, span })
  }
  return actions
}

function isLate(height: Height, { state, assignedAt, deadline }: SpanView): boolean {
  return (
    state === 'Keyed' && deadline !== null && height > assignedAt + (deadline - assignedAt) * DECLINE_AFTER
  )
}

function sealedDue(copy: CopyView, records: PinnerRecords): PinnerAction[] {
  return copy.spans
    .filter(span => span.state === 'Sealed' && span.byteLength > 0)
    .filter(span => {
      const progress = records.spans.get(span.id)
      if (progress === undefined || progress.damaged) return false
      return progress.stage !== 'served' || !records.serving.has(span.id)
    })
    .map(span => ({ kind: 'serve', copy, span }))
}

function activeDue(view: PinnerView, copy: CopyView, records: PinnerRecords): PinnerAction[] {
  const actions: PinnerAction[] = []
  const periods = isDamaged(copy, records) ? [] : openPeriods(view, copy)
  for (const period of periods) {
    const plan = records.plans.get(planKey(copy.id, period))
    if (plan === undefined) actions.push({ kind: 'plan', copy, period })
    else if (!plan.done && plan.at <= view.height) actions.push({ kind: 'prove', copy, period })
  }
  const { period: length, grace } = view.constants
  const closed = periodOf(view.height - grace - HELP_AFTER, length) - 1
  if (copy.firstPeriod !== null && closed >= copy.firstPeriod && copy.lastSettled < closed)
    actions.push({ kind: 'settle', copy, periods: closed - copy.lastSettled })
  return actions
}

/** The periods of the copy that take a proof now: this one, and the last while its grace runs. */
function openPeriods({ height, constants: { period: length, grace } }: PinnerView, copy: CopyView): Period[] {
  const current = periodOf(height, length)
  const first = Math.max(copy.firstPeriod ?? Number.POSITIVE_INFINITY, copy.lastSettled + 1)
  const last = copy.endsAfter ?? Number.POSITIVE_INFINITY
  return [current - 1, current].filter(p => p >= first && p <= last && isRecordOpen(p, height, length, grace))
}

function isAlive(copy: CopyView): boolean {
  return copy.state === 'Setup' || copy.state === 'Active'
}

function isBegun(copy: CopyView, records: PinnerRecords): boolean {
  return copy.spans.some(span => records.spans.has(span.id))
}

function isPlainHere(progress: SpanProgress | undefined): boolean {
  return progress !== undefined && progress.stage !== 'served'
}

/** A copy with a damaged span is not proved: it fails soon and its slot is drawn again. */
function isDamaged(copy: CopyView, records: PinnerRecords): boolean {
  return copy.spans.some(span => records.spans.get(span.id)?.damaged === true)
}
