import { MAX_AMOUNT } from './amounts.ts'
import { DatdotError, type ErrorCode } from './errors.ts'

/** A core's donations (protocol.md 9.4): B plancks, T shares, W = sum of shares times wishes, all u128. */
export interface Pot {
  balance: bigint
  total: bigint
  wished: bigint
  era: number
  scale: number
  /** Stored shares of this era. */
  holders: number
  /** Sum of all copies' locks, plancks. */
  locked: bigint
}

/** One supporter's part of a pot, in the era and scale it was last written. */
export interface Share {
  shares: bigint
  wish: number
  era: number
  scale: number
}

/** A core's pot before the first donation. */
export const EMPTY_POT: Pot = { balance: 0n, total: 0n, wished: 0n, era: 0, scale: 0, holders: 0, locked: 0n }

/** Shares of a supporter as they count now; 0 for one who never gave, or whose era is over. */
export function readShare(pot: Pot, share: Share | null): bigint {
  if (share === null || share.era !== pot.era) return 0n
  return share.shares >> BigInt(32 * (pot.scale - share.scale))
}

/** A donation of `amount` plancks with a wish: the pot and share after it, and the shares it brought. Throws BAD_AMOUNT. */
export function donate(
  pot: Pot,
  share: Share | null,
  amount: bigint,
  wish: number,
  minimum = 1n
): { pot: Pot; share: Share; minted: bigint } {
  if (amount < minimum) throw refusal('BAD_AMOUNT', 'BelowMinimum')
  const scaled = rescaled(pot.balance === 0n ? { ...EMPTY_POT, era: pot.era + 1, locked: pot.locked } : pot)
  const minted = scaled.total === 0n ? amount : (amount * scaled.total) / scaled.balance
  const before = readShare(scaled, share)
  const holders = scaled.holders + (share?.era === scaled.era ? 0 : 1)
  const grown = { ...scaled, balance: scaled.balance + amount, total: scaled.total + minted, holders }
  if (grown.balance > MAX_AMOUNT || grown.total > MAX_AMOUNT) throw refusal('BAD_AMOUNT', 'Overflow')
  return { ...rewish(grown, before, share?.wish ?? 0, before + minted, wish), minted }
}

/** A supporter changes its mind about the number of copies; throws NOT_FOUND when its shares count nothing. */
export function setWish(pot: Pot, share: Share | null, wish: number): { pot: Pot; share: Share } {
  const shares = readShare(pot, share)
  if (share === null || shares === 0n) throw refusal('NOT_FOUND', 'NoShare')
  return rewish(pot, shares, share.wish, shares, wish)
}

/** Locks what an assigned copy will cost; throws UNDERFUNDED. */
export function lock(pot: Pot, amount: bigint): Pot {
  if (amount > freeBalance(pot)) throw refusal('UNDERFUNDED', 'Underfunded')
  return { ...pot, locked: pot.locked + amount }
}

/** Frees what is left of an ended copy's lock. */
export function release(pot: Pot, copyLock: bigint): Pot {
  return { ...pot, locked: pot.locked - copyLock }
}

/** Burns `amount` plancks for a copy: from its lock first, then from what is free. Throws POT_EXHAUSTED. */
export function burn(pot: Pot, copyLock: bigint, amount: bigint): { pot: Pot; copyLock: bigint } {
  const fromLock = amount < copyLock ? amount : copyLock
  if (amount - fromLock > freeBalance(pot)) throw refusal('POT_EXHAUSTED', 'PotExhausted')
  const burned = { ...pot, balance: pot.balance - amount, locked: pot.locked - fromLock }
  return { pot: burned, copyLock: copyLock - fromLock }
}

/**
 * Gives a share back, when the core has no copies and no requests: its value, and the dust that the last holder leaves.
 * Throws UNDERFUNDED while anything is locked.
 */
export function reclaim(pot: Pot, share: Share | null): { pot: Pot; value: bigint; dust: bigint } {
  if (pot.locked > 0n) throw refusal('UNDERFUNDED', 'InUse')
  if (share === null || share.era !== pot.era) return { pot, value: 0n, dust: 0n }
  const shares = readShare(pot, share)
  const value = shareValue(pot, share)
  const left = rewish(pot, shares, share.wish, 0n, 0).pot
  const after = { ...left, total: pot.total - shares, balance: pot.balance - value, holders: pot.holders - 1 }
  if (after.holders > 0) return { pot: after, value, dust: 0n }
  return { pot: { ...EMPTY_POT, era: pot.era, scale: pot.scale }, value, dust: after.balance }
}

/** What no copy has locked, plancks. */
function freeBalance(pot: Pot): bigint {
  return pot.balance - pot.locked
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
  if (shares === pot.total) return share?.era === pot.era ? pot.balance : 0n
  return (pot.balance * shares) / pot.total
}

/** True for a supporter with more than a tenth of the shares: it is not drawn to work for this core (protocol.md 9.1). */
export function isLargeDonor(pot: Pot, share: Share | null): boolean {
  return readShare(pot, share) * 10n > pot.total
}

function rescaled(pot: Pot): Pot {
  const shifted = pot.balance << 40n
  const limit = shifted < MAX_AMOUNT ? shifted : MAX_AMOUNT
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
    pot: { ...pot, wished: wished < MAX_AMOUNT ? wished : MAX_AMOUNT },
    share: { shares, wish, era: pot.era, scale: pot.scale }
  }
}

function weight(shares: bigint, wish: number): bigint {
  const product = shares * BigInt(wish)
  return product < MAX_AMOUNT ? product : MAX_AMOUNT
}

/** The chain's own name of the refusal stands in the details. */
function refusal(code: ErrorCode, name: string): DatdotError {
  return new DatdotError(code, undefined, { details: { refusal: name } })
}
