import type { Snapshot } from '../../chain-client/types.ts'
import { DAT } from '../../domain/amounts.ts'
import type { Account } from '../../domain/ids.ts'
import type { Member } from './members.ts'

/** What an account of the network is given; plancks. */
export interface Gift {
  to: Account
  amount: bigint
}

/** Plancks for deposits, float and fees. */
const PROVIDER_GIFT = 100n * DAT
/** What a supporter has besides its donation: deposit for publishing, fees, and some to play with. */
const SUPPORTER_EXTRA = 100n * DAT

/** What the members lack that have too little to begin with; `donation` is what the supporter gives, in plancks. */
export async function giftsFor(
  members: readonly Member[],
  snapshot: Snapshot,
  donation: bigint
): Promise<Gift[]> {
  const gifts: Gift[] = []
  for (const { account, role } of members) {
    const { free, held } = await snapshot.balance(account)
    const needed = role === 'supporter' ? donation + SUPPORTER_EXTRA : PROVIDER_GIFT
    const poor = role === 'supporter' ? free < donation + SUPPORTER_EXTRA / 2n : free + held === 0n
    if (role !== 'author' && poor) gifts.push({ to: account, amount: needed })
  }
  return gifts
}
