import HyperDHT from 'hyperdht'
import { fromHex, u64 } from '../domain/bytes.ts'
import type { Hex32 } from '../domain/ids.ts'

/** Bytes of a hex text as Holepunch's libraries take them; throws BAD_ARGUMENT. */
export function bufferOf(hex: Hex32): Buffer {
  return Buffer.from(fromHex(hex).buffer)
}

/** BLAKE2b-256 of the parts joined, as hypercore and the DHT use it. */
export function hash(...parts: Uint8Array[]): Buffer {
  return HyperDHT.hash(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))
}

/** Hypercore's hash of a block: BLAKE2b-256(0x00 ‖ u64 size ‖ data). */
export function blockHash(data: Uint8Array): Buffer {
  return hash(Buffer.from([0]), u64(data.byteLength), data)
}
