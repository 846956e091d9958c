import HyperDHT from 'hyperdht'
import { u64 } from '../domain/bytes.ts'
import type { Hex32 } from '../domain/ids.ts'

/** Lower-case hex of 32 bytes. */
export function toHex(bytes: Uint8Array): Hex32 {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Bytes of a hex text. */
export function fromHex(hex: Hex32): Buffer {
  return Buffer.from(hex, 'hex')
}

/** BLAKE2b-256 of the parts joined, as hypercore and the DHT use it. */
export function hash(...parts: Uint8Array[]): Buffer {
  return HyperDHT.hash(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))
}

/** Hypercore's hash of a block: BLAKE2b-256(0x00 ‖ u64 size ‖ data). */
export function blockHash(data: Uint8Array): Buffer {
  return hash(Buffer.from([0]), u64(data.byteLength), data)
}
