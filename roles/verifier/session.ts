import { setTimeout as delay } from 'node:timers/promises'
import { type ErrorCode, isDatdotError } from '../../src/domain/errors.ts'
import type { Outcome } from '../../src/domain/reports.ts'

/** The pinner did not do what it must: the outcome of a check. Every other error of a check is this node's own trouble. */
export class PinnerFault extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome, cause: Error) {
    super(cause.message, { cause })
    this.name = 'PinnerFault'
    this.outcome = outcome
  }
}

/** When a step of a check ends: by its own limit, which is the pinner's fault, or with the role. */
export interface StepLimits {
  limit: AbortSignal
  signal: AbortSignal
  /** Milliseconds before a refused request is made again. */
  retryMs?: number
}

const RETRY_MS = 1_000

/** What a session throws because of its peer: refusals, a broken protocol, a lost connection, an answer that came too late. */
const OF_PEER: readonly ErrorCode[] = [
  'ABORTED',
  'CELL_INVALID',
  'NOT_FOUND',
  'PEER_UNREACHABLE',
  'PEER_WRONG',
  'WIRE_BAD_MESSAGE',
  'WIRE_CLOSED',
  'WIRE_OUT_OF_ORDER',
  'WIRE_RATE_LIMITED',
  'WIRE_REFUSED'
]

/** Asks the pinner, again after each refusal until the limit: it may be behind the chain or busy. Throws PinnerFault. */
export async function askPinner<T>(limits: StepLimits, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      limits.signal.throwIfAborted()
      if (!isDatdotError(error, ...OF_PEER)) throw error
      const isRefusal = isDatdotError(error, 'WIRE_REFUSED', 'WIRE_RATE_LIMITED', 'NOT_FOUND')
      if (isRefusal && (await isInTime(limits))) continue
      const isBroken = isDatdotError(error, 'WIRE_BAD_MESSAGE', 'WIRE_OUT_OF_ORDER')
      throw new PinnerFault(isBroken ? 'WrongData' : 'TimedOut', error)
    }
  }
}

/** Waits for the next try; false when the limit comes first. */
async function isInTime({ limit, signal, retryMs = RETRY_MS }: StepLimits): Promise<boolean> {
  try {
    await delay(retryMs, undefined, { signal: AbortSignal.any([limit, signal]) })
    return true
  } catch {
    signal.throwIfAborted()
    return false
  }
}
