/** A state machine as data: which event leads from which state to which (protocol.md part 2). */
export interface Machine<S extends string, E extends string> {
  readonly states: readonly S[]
  readonly events: readonly E[]
  readonly transitions: readonly (readonly [from: S, event: E, to: S])[]
}

/** Copy: Setup → Active → Ended | Failed (protocol.md parts 2, 9.5, 9.6); test/vectors/states.json holds the chain to it. */
export const COPY_MACHINE = {
  states: ['Setup', 'Active', 'Ended', 'Failed'],
  events: ['AllSealed', 'Expired', 'Declined', 'Unwanted', 'Unfunded', 'Faulted', 'Missed'],
  transitions: [
    ['Setup', 'AllSealed', 'Active'],
    ['Setup', 'Expired', 'Ended'],
    ['Setup', 'Declined', 'Ended'],
    ['Setup', 'Unwanted', 'Ended'],
    ['Active', 'Unwanted', 'Ended'],
    ['Active', 'Unfunded', 'Ended'],
    ['Active', 'Faulted', 'Failed'],
    ['Active', 'Missed', 'Failed']
  ]
} as const satisfies Machine<string, string>

/** Span: Assigned → Keyed → Sealed → Closed, or Expired (protocol.md parts 2, 9.2, 9.6); held likewise. */
export const SPAN_MACHINE = {
  states: ['Assigned', 'Keyed', 'Sealed', 'Closed', 'Expired'],
  events: ['Empty', 'CommitKey', 'Seal', 'Expire', 'Decline', 'CopyOver'],
  transitions: [
    ['Assigned', 'Empty', 'Sealed'],
    ['Assigned', 'CommitKey', 'Keyed'],
    ['Assigned', 'Expire', 'Expired'],
    ['Assigned', 'Decline', 'Expired'],
    ['Assigned', 'CopyOver', 'Expired'],
    ['Keyed', 'Seal', 'Sealed'],
    ['Keyed', 'Expire', 'Expired'],
    ['Keyed', 'Decline', 'Expired'],
    ['Keyed', 'CopyOver', 'Expired'],
    ['Sealed', 'CopyOver', 'Closed']
  ]
} as const satisfies Machine<string, string>

export type CopyState = (typeof COPY_MACHINE.states)[number]
export type SpanState = (typeof SPAN_MACHINE.states)[number]

/** The state after an event, or null when the event is not allowed there. */
export function transition<S extends string, E extends string>(
  machine: Machine<S, E>,
  state: S,
  event: E
): S | null {
  return machine.transitions.find(([from, name]) => from === state && name === event)?.[2] ?? null
}
