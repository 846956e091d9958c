import { isDatdotError } from '../src/domain/errors.ts'

/** True when the chain refused a call with one of these errors of the pallet: somebody was faster, or it is done. */
export function isRefusedFor(error: unknown, ...names: string[]): boolean {
  return isDatdotError(error, 'CALL_REFUSED') && names.includes(String(error.details['name']))
}
