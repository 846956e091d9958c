import type { Chain } from '../../src/chain-client/types.ts'
import type { Period } from '../../src/domain/ids.ts'
import { periodOf } from '../../src/domain/periods.ts'

/** The period that a chain is in. */
export function currentPeriod({ client }: { client: Chain }): Period {
  return periodOf(client.finalized().height, client.constants.period)
}
