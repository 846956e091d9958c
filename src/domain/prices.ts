const MIB = 2n ** 20n

/** Bytes that a copy is billed for: at least 1 MiB (protocol.md 9.5). */
export function billedBytes(byteLength: number | bigint): bigint {
  const bytes = BigInt(byteLength)
  return bytes > MIB ? bytes : MIB
}

/** Price in plancks of a whole copy at a rate a MiB, rounded up: X of its making, y of a period. */
export function copyPrice(rate: bigint, byteLength: number | bigint): bigint {
  return (rate * billedBytes(byteLength) + MIB - 1n) / MIB
}

/** What one span's signer earns in all: its share by bytes of X, rounded down. */
export function spanPrice(rate: bigint, spanBytes: number | bigint, byteLength: number | bigint): bigint {
  return (copyPrice(rate, byteLength) * BigInt(spanBytes)) / BigInt(byteLength)
}
