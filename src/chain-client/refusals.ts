import { DatdotError } from '../domain/errors.ts'
import type { Reader } from './plain.ts'
import type { RawEvent, Runtime } from './runtime.ts'
import { RpcFailure } from './socket.ts'

/** What a node's pool says of an extrinsic that it does not take (Substrate's author_submitExtrinsic). */
export type PoolAnswer =
  /** It has it, or had it lately. */
  | 'known'
  /** Its nonce is used, or another extrinsic of the account holds it. */
  | 'nonce'
  /** The account cannot pay the fee. */
  | 'payment'
  /** Not now: banned for a while, the pool is full, a nonce before it is missing. */
  | 'later'
  /** Its era is over, or began at a block that is not the node's: the signature, which is over that block's hash, is bad then. */
  | 'dead'
  /** Never. */
  | 'refused'

const CODES: Record<number, PoolAnswer> = {
  1012: 'later',
  1013: 'known',
  1014: 'nonce',
  1016: 'later',
  1018: 'later'
}
const WORDS: readonly (readonly [RegExp, PoolAnswer])[] = [
  [/already imported/i, 'known'],
  [/outdated|stale/i, 'nonce'],
  [/priority is too low/i, 'nonce'],
  [/inability to pay|payment/i, 'payment'],
  [/ancient birth block|bad (signature|proof)/i, 'dead'],
  [/future|exhaust the block|banned|immediately dropped|could not lookup/i, 'later']
]

/** JSON-RPC's own codes of a request that could not even be read; the other negative ones are the server's trouble. */
const UNREAD = new Set([-32700, -32600, -32601, -32602])

/** Reads a refusal of the pool; null when the pool gave no answer, so that the extrinsic may be there. */
export function readPoolAnswer(error: unknown): PoolAnswer | null {
  if (!(error instanceof RpcFailure)) return null
  const { rpcCode, message } = error
  const answer = CODES[rpcCode] ?? WORDS.find(([words]) => words.test(message))?.[1]
  return answer ?? (rpcCode < 0 && !UNREAD.has(rpcCode) ? null : 'refused')
}

/** The error of a call that the pool will never take. */
export function refusedByPool(error: unknown): DatdotError {
  const message = error instanceof Error ? error.message : String(error)
  return new DatdotError('CALL_REFUSED', `the chain does not take the call: ${message}`, {
    cause: error,
    details: { pallet: 'pool', name: message, docs: '' }
  })
}

/** The error of a call that was dead at each block at which it was signed. */
export function bornDead(cause: unknown): DatdotError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `the chain takes no call that is signed at its newest finalized block: ${why}`
  return new DatdotError('CALL_DROPPED', message, { cause })
}

/** The error of a call that was sent and never included. */
export function outlived(blocks: number): DatdotError {
  return new DatdotError('CALL_DROPPED', `the call did not get into ${blocks} blocks`)
}

/** The error of a call whose fee the account cannot pay. */
export function fundsLow(cause: unknown): DatdotError {
  return new DatdotError('FUNDS_LOW', 'the account cannot pay the fee of the call', { cause })
}

/** How a call that is in a block failed, by the events it caused; null when it succeeded. */
export function readFailure(events: readonly RawEvent[], runtime: Runtime): DatdotError | null {
  for (const { pallet, name, data } of events) {
    if (pallet === 'system' && name === 'ExtrinsicFailed')
      return refusedByCall(runtime, data.field('dispatchError'))
    if (pallet !== 'sudo' || name !== 'Sudid') continue
    const result = data.field('sudoResult').variant()
    if (result.name === 'Err') return refusedByCall(runtime, result.content)
  }
  return null
}

const POOR = /^(Token\.(FundsUnavailable|OnlyProvider|BelowMinimum|NotExpendable))$/

function refusedByCall(runtime: Runtime, error: Reader): DatdotError {
  const { pallet, name, docs } = runtime.failure(error)
  const details = { pallet, name, docs }
  if ((pallet === 'system' && POOR.test(name)) || (pallet === 'balances' && name === 'InsufficientBalance'))
    return new DatdotError('FUNDS_LOW', `the account has too little: ${pallet}.${name}`, { details })
  const message = `the chain refused the call: ${pallet}.${name}${docs ? ` (${docs})` : ''}`
  return new DatdotError('CALL_REFUSED', message, { details })
}

/** What a pool's answer to a resent extrinsic means for its caller, should it die: a reason better than "dropped". */
export function reasonOf(error: unknown): DatdotError | null {
  const answer = readPoolAnswer(error)
  if (answer === 'payment') return fundsLow(error)
  return answer === 'refused' ? refusedByPool(error) : null
}
