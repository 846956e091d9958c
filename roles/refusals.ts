import { isDatdotError } from '../src/domain/errors.ts'

/** True when the chain refused a call with one of these errors of the pallet: somebody was faster, or it is done. */
export function isRefusedFor(error: unknown, ...names: string[]): boolean {
  return isDatdotError(error, 'CALL_REFUSED') && names.includes(String(error.details['name']))
}

/** True when a chain could not be read for now: it is away, its node failed, or it does not have the block yet. */
export function isChainAway(error: unknown): boolean {
  return isDatdotError(error, 'CHAIN_UNREACHABLE', 'CHAIN_FAILED', 'NOT_FOUND')
}
