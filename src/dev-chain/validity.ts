import { fromHex, type Hex, toHex } from './hex.ts'
import { ScaleReader } from './scale.ts'

/** Why a runtime refuses an extrinsic, in Substrate's words. */
export interface Refusal {
  readonly kind: 'invalid' | 'unknown'
  readonly reason: string
  /** A later block may take it: it did not fit, or comes after one that did not. */
  readonly later: boolean
}

/** What the runtime says of an extrinsic that it would take: tags order it among others. */
export interface Validity {
  readonly priority: bigint
  readonly requires: readonly Hex[]
  readonly provides: readonly Hex[]
  /** Blocks it stays valid for. */
  readonly longevity: bigint
}

const INVALID = [
  'Transaction call is not expected',
  'Inability to pay some fees (e.g. account balance too low)',
  'Transaction will be valid in the future',
  'Transaction is outdated',
  'Transaction has a bad signature',
  'Transaction has an ancient birth block',
  'Transaction would exhaust the block limits',
  'Custom error',
  'A call was labelled as mandatory, but resulted in an Error.',
  'Transaction dispatch is mandatory; transactions must not be validated.',
  'Invalid signing address',
  'The implicit data was unable to be calculated',
  'The transaction extension did not authorize any origin'
]
const UNKNOWN = [
  'Could not lookup information required to validate the transaction',
  'Could not find an unsigned validator for the unsigned transaction',
  'Custom error'
]
const FUTURE = 2
const EXHAUSTS_RESOURCES = 6

/** Reads a `TransactionValidity`. */
export function decodeValidity(bytes: Hex): Validity | Refusal {
  const reader = new ScaleReader(fromHex(bytes))
  if (reader.u8() !== 0) return decodeRefusal(reader)
  const tags = () => reader.list(() => toHex(reader.lengthed()))
  return { priority: reader.u64(), requires: tags(), provides: tags(), longevity: reader.u64() }
}

/** Reads an `ApplyExtrinsicResult`; null = it is in the block, whether its call succeeded or not. */
export function decodeApplied(bytes: Hex): Refusal | null {
  const reader = new ScaleReader(fromHex(bytes))
  return reader.u8() === 0 ? null : decodeRefusal(reader)
}

/** Tells the two apart. */
export function isRefusal(answer: Validity | Refusal): answer is Refusal {
  return 'reason' in answer
}

function decodeRefusal(reader: ScaleReader): Refusal {
  const invalid = reader.u8() === 0
  const variant = reader.u8()
  const text = (invalid ? INVALID : UNKNOWN)[variant] ?? `Refused with code ${variant}`
  const reason = text === 'Custom error' ? `Custom error: ${reader.u8()}` : text
  return {
    kind: invalid ? 'invalid' : 'unknown',
    reason,
    later: invalid && (variant === FUTURE || variant === EXHAUSTS_RESOURCES)
  }
}
