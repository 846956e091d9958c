import { MAX_AMOUNT } from './amounts.ts'

const MIB = 2n ** 20n

const saturated = (amount: bigint): bigint => (amount < MAX_AMOUNT ? amount : MAX_AMOUNT)

/** Bytes that a copy is billed for: at least 1 MiB (protocol.md 9.5). */
function billedBytes(byteLength: number | bigint): bigint {
  const bytes = BigInt(byteLength)
  return bytes > MIB ? bytes : MIB
}

/** Price in plancks of a whole copy at a rate a MiB, rounded up: X of its making, y of a period; saturates at u128. */
export function copyPrice(rate: bigint, byteLength: number | bigint): bigint {
  return saturated((rate * billedBytes(byteLength) + MIB - 1n) / MIB)
}

/** What one span's signer earns in all: its share by bytes of the copy's x, rounded down; 0 of a core without bytes. */
export function spanPrice(x: bigint, spanBytes: number | bigint, byteLength: number | bigint): bigint {
  return BigInt(byteLength) === 0n ? 0n : saturated((x * BigInt(spanBytes)) / BigInt(byteLength))
}

/** What assigning a copy locks: x and MinPeriods times its prices of a period (protocol.md 9.4); saturates at u128. */
export function lockOf({ x, y, z }: { x: bigint; y: bigint; z: bigint }, minPeriods: number): bigint {
  return saturated(x + BigInt(minPeriods) * (y + z))
}
