import type { CopyId, Height, Period } from '../../src/domain/ids.ts'
import { isSettleable, periodOf, periodStart } from '../../src/domain/periods.ts'
import type { ChainConstants, CopyView } from '../../src/domain/view.ts'

/** What the verifier must do: draws for all copies of a period at once, checks of one; every one of them may be done twice. */
export type VerifierAction =
  | { kind: 'draw'; copies: readonly CopyView[]; period: Period }
  | { kind: 'check'; copy: CopyView; period: Period }
  | { kind: 'report'; copy: CopyView; period: Period }
  | { kind: 'forget'; key: string }

/** What the verifier sees of the chain. */
export interface VerifierView {
  height: Height
  constants: Pick<ChainConstants, 'period' | 'grace'>
  copies: readonly CopyView[]
}

/** What the verifier knows of itself: its checks by {@link checkKey}, and for which copies of a period it was not drawn. */
export interface VerifierRecords {
  checks: ReadonlyMap<string, CheckProgress>
  undrawn: ReadonlyMap<Period, ReadonlySet<CopyId>>
}

/** How far a check is that this verifier was drawn for; `at` is the secret random height from which it is made. */
export interface CheckProgress {
  period: Period
  at: Height
  stage: 'planned' | 'checked' | 'reported'
}

/** Blocks that a check must have before its record closes: a hurried one would blame the pinner for our lateness. */
const LEAST_BLOCKS = 7
/** How many of a kind are under way at once. */
export const AT_ONCE: Partial<Record<VerifierAction['kind'], number>> = { check: 4 }

/** Share of the period in which checks begin, in per cent (protocol.md part 7). */
const CHECK_PERCENT = 60

/** Name of a copy's check in a period. */
export function checkKey(copy: CopyId, period: Period): string {
  return `${copy}/${period}`
}

/** Name of an action, the same for as long as it is due. */
export function nameOf(action: VerifierAction): string {
  if (action.kind === 'forget') return `forget ${action.key}`
  if (action.kind === 'draw') return `draw for period ${action.period}`
  return `${action.kind} copy ${action.copy.id} in period ${action.period}`
}

/** Decides what a verifier has to do now (protocol.md part 7); pure. */
export function verifierDue(view: VerifierView, records: VerifierRecords): VerifierAction[] {
  const current = periodOf(view.height, view.constants.period)
  const work = [current - 1, current].flatMap(period => periodDue(view, period, records))
  const reports = work.filter(action => action.kind === 'report')
  const others = work.filter(action => action.kind !== 'report')
  const stale = [...records.checks].filter(([, check]) => isClosed(view, check.period))
  return [...reports, ...others, ...stale.map(([key]) => ({ kind: 'forget', key }) as const)]
}

function periodDue(
  view: VerifierView,
  period: Period,
  { checks, undrawn }: VerifierRecords
): VerifierAction[] {
  if (isClosed(view, period)) return []
  const work: VerifierAction[] = []
  const copies: CopyView[] = []
  const others = undrawn.get(period)
  for (const copy of view.copies) {
    if (others?.has(copy.id) || !isOpen(copy, period)) continue
    const check = checks.get(checkKey(copy.id, period))
    if (check === undefined) copies.push(copy)
    else work.push(...checkDue(view, copy, period, check))
  }
  return copies.length === 0 ? work : [{ kind: 'draw', copies, period }, ...work]
}

/** A random height in the first 60 % of a period, not before `height`. */
export function planCheck(period: Period, length: number, height: Height, random: number): Height {
  const first = Math.max(1, Math.floor((length * CHECK_PERCENT) / 100))
  return Math.max(height, periodStart(period, length) + Math.floor(random * first))
}

/** From this height on a record of the period takes no report. */
export function closesAt(constants: Pick<ChainConstants, 'period' | 'grace'>, period: Period): Height {
  return periodStart(period + 1, constants.period) + constants.grace
}

function checkDue(
  view: VerifierView,
  copy: CopyView,
  period: Period,
  check: CheckProgress
): VerifierAction[] {
  if (check.stage === 'reported') return []
  if (check.stage === 'checked') return [{ kind: 'report', copy, period }]
  const isInTime = view.height + LEAST_BLOCKS <= closesAt(view.constants, period)
  return check.at <= view.height && isInTime ? [{ kind: 'check', copy, period }] : []
}

function isOpen(copy: CopyView, period: Period): boolean {
  const isOfCopy = copy.firstPeriod !== null && period >= copy.firstPeriod && period > copy.lastSettled
  const isLast = copy.endsAfter !== null && period > copy.endsAfter
  return copy.state === 'Active' && isOfCopy && !isLast
}

function isClosed({ height, constants }: VerifierView, period: Period): boolean {
  return isSettleable(period, height, constants.period, constants.grace)
}
