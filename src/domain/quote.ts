import { copyPrice, lockOf } from './prices.ts'
import type { ChainConstants, Params } from './view.ts'

/** What q copies of a core cost at most, in plancks: rewards are multiplied by R ≤ 1 (protocol.md 9.5). */
export interface Quote {
  copies: number
  byteLength: number
  /** X of one copy, paid to its signers in parts. */
  setupPerCopy: bigint
  /** What the pot must have free for one copy to be drawn: X + MinPeriods·(y+z) (protocol.md 9.4). */
  lockPerCopy: bigint
  /** y+z of all copies. */
  perPeriod: bigint
  perDay: bigint
  periodMs: number
  /** The donation with which all copies can be drawn. */
  least: bigint
  /** Whole periods that an amount lasts after set-up; null when it does not reach for the set-up. */
  lasts: { amount: bigint; periods: bigint; ms: number } | null
}

const DAY_MS = 86_400_000n
const MAX_MS = BigInt(Number.MAX_SAFE_INTEGER)

/** The most that `copies` of a core cost, and how long `amount` (plancks) lasts for them (protocol.md 9.4, 9.5). */
export function quote(
  constants: ChainConstants,
  params: Params,
  input: { byteLength: number; copies: number; amount: bigint }
): Quote {
  const { byteLength, copies, amount } = input
  const x = copyPrice(params.x, byteLength)
  const y = copyPrice(params.y, byteLength)
  const q = BigInt(copies)
  const periodMs = constants.period * constants.blockTimeMs
  const perPeriod = q * (y + params.z)
  const lockPerCopy = lockOf({ x, y, z: params.z }, params.minPeriods)
  const rest = amount - q * x
  const periods = perPeriod > 0n ? rest / perPeriod : 0n
  const ms = periods * BigInt(periodMs)
  return {
    copies,
    byteLength,
    setupPerCopy: x,
    lockPerCopy,
    perPeriod,
    perDay: (perPeriod * DAY_MS) / BigInt(periodMs),
    periodMs,
    least: q * lockPerCopy,
    lasts: amount >= q * lockPerCopy ? { amount, periods, ms: Number(ms < MAX_MS ? ms : MAX_MS) } : null
  }
}
