import { DAT } from '../../domain/amounts.ts'
import type { CoreKey } from '../../domain/ids.ts'
import type { CoreView, PotView } from '../../domain/view.ts'

/** What a network's supporter gives, plancks, and wishes for. */
export interface Support {
  donation: bigint
  copies: number
}

/** What the supporter is told to do for a core, one command after another; the last one runs as long as the network. */
export function supportOf(
  key: CoreKey,
  { donation, copies }: Support,
  core: CoreView | null,
  pot: PotView | null
): string[][] {
  const amount = `${donation / DAT}.${(donation % DAT).toString().padStart(12, '0')}`
  const wish = ['--copies', String(copies)]
  if (pot === null || pot.totalShares === 0n)
    return [['supporter', 'pin', key, ...wish, '--donate', amount, '--watch']]
  // Nothing is pinned or drawn any more: what is left in the pot pays for no copy.
  const isSpent = core?.copies === 0 && core.requests === 0
  const more = isSpent ? [['supporter', 'donate', key, ...wish, '--amount', amount]] : []
  return [...more, ['supporter', 'status', key, '--watch']]
}
