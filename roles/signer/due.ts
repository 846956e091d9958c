import type { Account, Height, Hex32, SpanId } from '../../src/domain/ids.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'

/** What the signer must do for a span; every one of them may be done twice. */
export type SignerAction =
  | { kind: 'prepare'; copy: CopyView; span: SpanView }
  | { kind: 'decline'; copy: CopyView; span: SpanView }
  | { kind: 'encode'; copy: CopyView; span: SpanView }
  | { kind: 'lost'; copy: CopyView; span: SpanView }
  | { kind: 'destroy'; spanId: SpanId }

/** What the signer sees of the chain. */
export interface SignerView {
  account: Account
  height: Height
  copies: readonly CopyView[]
}

/** What is remembered of a span with a key: a digest of its modulus. */
export interface KeyNote {
  modulus: Hex32
}

/** Part of the time to commit a key after which missing data is declined: before the deadline would cost reputation. */
const DECLINE_AFTER = 5 / 6

/** Decides what a signer has to do now, the most urgent first (protocol.md parts 7 and 9.6); pure. `noted` are the spans of which data may be here. */
export function signerDue(
  view: SignerView,
  keys: ReadonlyMap<SpanId, KeyNote>,
  noted: Iterable<SpanId>,
  digest: (modulus: Uint8Array) => Hex32
): SignerAction[] {
  const open = view.copies
    .filter(copy => copy.state === 'Setup')
    .flatMap(copy => copy.spans.map(span => ({ copy, span })))
    .filter(({ span }) => span.signer === view.account && isOpen(span) && !isPast(view.height, span))
  const work = open
    .map(({ copy, span }) => decide(view.height, copy, span, keys.get(span.id), digest))
    .sort((a, b) => rank(a) - rank(b) || urgency(a.span) - urgency(b.span) || Number(a.span.id - b.span.id))
  const mine = new Set(open.map(({ span }) => span.id))
  const stale = [...new Set([...keys.keys(), ...noted])].filter(id => !mine.has(id))
  return [...work, ...stale.map(spanId => ({ kind: 'destroy', spanId }) as const)]
}

function decide(
  height: Height,
  copy: CopyView,
  span: SpanView,
  key: KeyNote | undefined,
  digest: (modulus: Uint8Array) => Hex32
): Exclude<SignerAction, { kind: 'destroy' }> {
  if (span.state === 'Assigned') {
    return { kind: isLate(height, span) ? 'decline' : 'prepare', copy, span }
  }
  const same = span.modulus !== null && key?.modulus === digest(span.modulus)
  return { kind: same ? 'encode' : 'lost', copy, span }
}

function isLate(height: Height, { assignedAt, deadline }: SpanView): boolean {
  return deadline !== null && height > assignedAt + (deadline - assignedAt) * DECLINE_AFTER
}

/** The chain takes neither a key nor a decline any more: the span waits for its expiry. */
function isPast(height: Height, { state, deadline }: SpanView): boolean {
  return state === 'Assigned' && deadline !== null && height >= deadline
}

function isOpen(span: SpanView): boolean {
  return span.state === 'Assigned' || span.state === 'Keyed'
}

/** What is under way keeps its place: a new assignment with a nearer deadline must not stop an encoding. */
function rank(action: { kind: string }): number {
  return action.kind === 'encode' ? 0 : 1
}

function urgency(span: SpanView): number {
  return span.deadline ?? Number.MAX_SAFE_INTEGER
}
