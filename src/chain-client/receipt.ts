import { DatdotError } from '../domain/errors.ts'
import type { BlockFacts } from './blocks.ts'
import { readEvents } from './events.ts'
import { readFailure } from './refusals.ts'
import type { Runtime } from './runtime.ts'
import type { Receipt } from './types.ts'

/** What came of the extrinsic at a position of a block; throws CALL_REFUSED or FUNDS_LOW when its call failed. */
export function readReceipt(facts: BlockFacts, index: number, runtime: Runtime): Receipt {
  const { height, hash, pruned } = facts
  if (pruned)
    throw new DatdotError(
      'NOT_FOUND',
      `the call is in block ${height}, whose events the node no longer keeps`
    )
  const events = facts.events.filter(event => event.extrinsic === index)
  const failure = readFailure(events, runtime)
  if (failure) throw failure
  const paid = events.find(
    ({ pallet, name }) => pallet === 'transactionPayment' && name === 'TransactionFeePaid'
  )
  const feePaid = paid?.data.field('actualFee').bigint() ?? 0n
  return { height, hash, index, events: readEvents(events, runtime), feePaid }
}
