import HyperDHT from 'hyperdht'
import type { Hex32 } from '../domain/ids.ts'

/** Lower-case hex of 32 bytes. */
export function toHex(bytes: Uint8Array): Hex32 {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Bytes of a hex text. */
export function fromHex(hex: Hex32): Buffer {
  return Buffer.from(hex, 'hex')
}

/** 8 bytes little-endian of a block count or byte count below 2^53. */
export function u64(value: number): Buffer {
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(BigInt(value))
  return out
}

/** BLAKE2b-256 of the parts joined, as hypercore and the DHT use it. */
export function hash(...parts: Uint8Array[]): Buffer {
  return HyperDHT.hash(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))
}

/** Hypercore's hash of a block: BLAKE2b-256(0x00 ‖ u64 size ‖ data). */
export function blockHash(data: Uint8Array): Buffer {
  return hash(Buffer.from([0]), u64(data.byteLength), data)
}

/** Hypercore's hash of a tree: BLAKE2b-256(0x02 ‖ each peak's hash ‖ u64 index ‖ u64 size) (protocol.md 9.8). */
export function treeHash(peaks: readonly { index: number; size: number; hash: Uint8Array }[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from([2])]
  for (const peak of peaks) parts.push(peak.hash, u64(peak.index), u64(peak.size))
  return hash(...parts)
}
