import { DatdotError, type ErrorCode } from '../domain/errors.ts'

/** Numbers of `refuse`, fixed for ever: what they mean, the error they become, and whether the peer broke the protocol. */
export const REFUSALS = {
  Malformed: { code: 1, error: 'WIRE_BAD_MESSAGE', isFault: true, sentence: 'a message that cannot be read' },
  OutOfOrder: { code: 2, error: 'WIRE_OUT_OF_ORDER', isFault: true, sentence: 'a message out of order' },
  TooLarge: { code: 3, error: 'WIRE_BAD_MESSAGE', isFault: true, sentence: 'a message that is too large' },
  Unknown: { code: 4, error: 'WIRE_BAD_MESSAGE', isFault: true, sentence: 'a message of an unknown kind' },
  WrongPeer: {
    code: 5,
    error: 'PEER_WRONG',
    isFault: true,
    sentence: 'not the peer on the chain for this span'
  },
  NotExpected: { code: 6, error: 'WIRE_REFUSED', isFault: false, sentence: 'the span is not expected now' },
  WindowExceeded: {
    code: 7,
    error: 'WIRE_BAD_MESSAGE',
    isFault: true,
    sentence: 'more than the window is on the way'
  },
  CellInvalid: {
    code: 8,
    error: 'CELL_INVALID',
    isFault: true,
    sentence: 'a cell that does not decode to its block'
  },
  SignedWrong: {
    code: 9,
    error: 'WIRE_BAD_MESSAGE',
    isFault: true,
    sentence: 'a checkpoint or seal that is not of these cells'
  },
  RateLimited: { code: 10, error: 'WIRE_RATE_LIMITED', isFault: false, sentence: 'too many leaves a second' },
  NotFound: { code: 11, error: 'NOT_FOUND', isFault: false, sentence: 'what was asked for is not here' },
  NotDrawn: { code: 12, error: 'WIRE_REFUSED', isFault: false, sentence: 'the account was not drawn' },
  Busy: { code: 13, error: 'WIRE_RATE_LIMITED', isFault: false, sentence: 'too many requests at once' },
  Failed: { code: 14, error: 'WIRE_REFUSED', isFault: false, sentence: 'the other side failed' },
  Stopped: { code: 15, error: 'WIRE_CLOSED', isFault: false, sentence: 'the other side stopped' }
} as const satisfies Record<string, { code: number; error: ErrorCode; isFault: boolean; sentence: string }>

export type RefusalName = keyof typeof REFUSALS

const NAMES = new Map<number, RefusalName>(
  (Object.keys(REFUSALS) as RefusalName[]).map(name => [REFUSALS[name].code, name])
)

/** The name of a refusal's number, or null for a number that is not ours. */
export function refusalName(code: number): RefusalName | null {
  return NAMES.get(code) ?? null
}

/** Thrown while a message is read or handled: the channel is closed with this refusal. */
export class WireRefusal extends Error {
  readonly refusal: RefusalName

  constructor(refusal: RefusalName, cause?: unknown) {
    super(REFUSALS[refusal].sentence, cause === undefined ? undefined : { cause })
    this.name = 'WireRefusal'
    this.refusal = refusal
  }
}

/** The handler of a message that this side of a channel never gets. */
export function outOfOrder(): never {
  throw new WireRefusal('OutOfOrder')
}

/** What the other side's `refuse` means for whoever waits here. */
export function refusedBy(code: number): DatdotError {
  const name = refusalName(code)
  if (name === null)
    return new DatdotError('WIRE_REFUSED', `the peer refused with code ${code}`, { details: { code } })
  const { error, sentence } = REFUSALS[name]
  return new DatdotError(error, `the peer refused: ${sentence}`, { details: { refusal: name, code } })
}

/** What a peer did wrong, when it did: told to whoever scores peers. */
export interface Violation {
  peer: string
  protocol: string
  refusal: RefusalName
  /** The facts, for the log. */
  message: string
}
