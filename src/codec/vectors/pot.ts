import type { z } from 'zod'
import { burn, donate, EMPTY_POT, type Pot, readShare, type Share, wantedCopies } from '../../domain/pot.ts'
import type { pot as potSchema } from './protocol-schema.ts'
import { expectSame } from './result.ts'

const MAX_COPIES = 16

/** Replays a pot's operations and compares the whole state after each. */
export function verifyPot(operations: z.infer<typeof potSchema>): void {
  if (operations.length === 0) throw new Error('no operations')
  let pot: Pot = EMPTY_POT
  const shares = new Map<string, Share>()
  for (const [i, operation] of operations.entries()) {
    if (operation.op === 'burn') pot = burn(pot, 0n, operation.a).pot
    else {
      const result = donate(pot, shares.get(operation.w) ?? null, operation.a, operation.wish)
      pot = result.pot
      shares.set(operation.w, result.share)
    }
    const after = {
      B: pot.balance,
      T: pot.total,
      W: pot.wished,
      era: pot.era,
      scale: pot.scale,
      wanted: wantedCopies(pot, MAX_COPIES),
      shares: sorted([...shares].map(([who, share]) => [who, readShare(pot, share)]))
    }
    const given = { ...operation.after, shares: sorted(Object.entries(operation.after.shares)) }
    expectSame(`operation ${i}`, after, given)
  }
}

function sorted(entries: [string, bigint][]): [string, bigint][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}
