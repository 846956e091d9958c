const U128_MAX = 2n ** 128n - 1n

/** A core's donations (protocol.md 9.4): B plancks, T shares, W = sum of shares times wishes, all u128. */
export interface Pot {
  balance: bigint
  total: bigint
  wished: bigint
  era: number
  scale: number
}

/** One supporter's part of a pot, in the era and scale it was last written. */
export interface Share {
  shares: bigint
  wish: number
  era: number
  scale: number
}

/** A core's pot before the first donation. */
export const EMPTY_POT: Pot = { balance: 0n, total: 0n, wished: 0n, era: 0, scale: 0 }

/** Shares of a supporter as they count now; 0 for one who never gave, or whose era is over. */
export function readShare(pot: Pot, share: Share | null): bigint {
  if (share === null || share.era !== pot.era) return 0n
  return share.shares >> BigInt(32 * (pot.scale - share.scale))
}

/** A donation of `amount` plancks with a wish: the pot and share after it, and the shares it brought. */
export function donate(
  pot: Pot,
  share: Share | null,
  amount: bigint,
  wish: number
): { pot: Pot; share: Share; minted: bigint } {
  const scaled = rescaled(pot.balance === 0n ? { ...EMPTY_POT, era: pot.era + 1 } : pot)
  const minted = scaled.total === 0n ? amount : (amount * scaled.total) / scaled.balance
  const grown = { ...scaled, balance: scaled.balance + amount, total: scaled.total + minted }
  const shares = readShare(scaled, share) + minted
  return { ...rewish(grown, readShare(scaled, share), share?.wish ?? 0, shares, wish), minted }
}

/** A supporter changes its mind about the number of copies. */
export function setWish(pot: Pot, share: Share, wish: number): { pot: Pot; share: Share } {
  const shares = readShare(pot, share)
  return rewish(pot, shares, share.wish, shares, wish)
}

/** The pot after `amount` plancks were burned for work; the caller has checked that they are there. */
export function burn(pot: Pot, amount: bigint): Pot {
  return { ...pot, balance: pot.balance - amount }
}

/** Copies the supporters want: the share-weighted mean of their wishes, at most `maxCopies`. */
export function wantedCopies(pot: Pot, maxCopies: number): number {
  if (pot.total === 0n) return 0
  const mean = pot.wished / pot.total
  return mean < BigInt(maxCopies) ? Number(mean) : maxCopies
}

/** What a supporter's shares are worth in plancks, rounded down; all of the pot for the only one. */
export function shareValue(pot: Pot, share: Share | null): bigint {
  const shares = readShare(pot, share)
  if (shares === 0n) return 0n
  return shares === pot.total ? pot.balance : (pot.balance * shares) / pot.total
}

/** Where a burn for a copy comes from: its lock first, then what no copy has locked; null when that is not enough. */
export function splitBurn(
  pot: { balance: bigint; locked: bigint },
  copyLocked: bigint,
  amount: bigint
): { fromLock: bigint; fromFree: bigint } | null {
  const fromLock = amount < copyLocked ? amount : copyLocked
  const fromFree = amount - fromLock
  return fromFree <= pot.balance - pot.locked ? { fromLock, fromFree } : null
}

/** What assigning a copy locks: X and MinPeriods times its prices of a period. */
export function lockOf({ x, y, z }: { x: bigint; y: bigint; z: bigint }, minPeriods: number): bigint {
  return x + BigInt(minPeriods) * (y + z)
}

function rescaled(pot: Pot): Pot {
  const shifted = pot.balance << 40n
  const limit = shifted < U128_MAX ? shifted : U128_MAX
  let { total, wished, scale } = pot
  while (total > limit) {
    total >>= 32n
    wished >>= 32n
    scale += 1
  }
  return { ...pot, total, wished, scale }
}

function rewish(
  pot: Pot,
  sharesBefore: bigint,
  wishBefore: number,
  shares: bigint,
  wish: number
): { pot: Pot; share: Share } {
  const without = pot.wished - weight(sharesBefore, wishBefore)
  const wished = (without > 0n ? without : 0n) + weight(shares, wish)
  return {
    pot: { ...pot, wished: wished < U128_MAX ? wished : U128_MAX },
    share: { shares, wish, era: pot.era, scale: pot.scale }
  }
}

function weight(shares: bigint, wish: number): bigint {
  const product = shares * BigInt(wish)
  return product < U128_MAX ? product : U128_MAX
}
