import { blake2AsU8a } from '@polkadot/util-crypto'
import { fromHex, type Hex, toHex } from './hex.ts'
import { compact, ScaleReader } from './scale.ts'

/** A block's header; `logs` are encoded digest items. */
export interface Header {
  readonly parentHash: Hex
  readonly number: number
  readonly stateRoot: Hex
  readonly extrinsicsRoot: Hex
  readonly logs: readonly Hex[]
}

export const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`

/** Root of a trie without entries: the extrinsics root of a genesis header. */
export const EMPTY_ROOT: Hex = '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314'

/** SCALE bytes of a header; their hash is the block's. */
export function encodeHeader(header: Header): Buffer {
  return Buffer.concat([
    fromHex(header.parentHash),
    compact(header.number),
    fromHex(header.stateRoot),
    fromHex(header.extrinsicsRoot),
    compact(header.logs.length),
    ...header.logs.map(fromHex)
  ])
}

/** The header in these bytes; throws RangeError where they are not one. */
export function decodeHeader(bytes: Buffer): Header {
  const reader = new ScaleReader(bytes)
  const parentHash = toHex(reader.take(32))
  const number = Number(reader.compact())
  const stateRoot = toHex(reader.take(32))
  const extrinsicsRoot = toHex(reader.take(32))
  const logs = reader.list(() => digestItem(reader, bytes))
  return { parentHash, number, stateRoot, extrinsicsRoot, logs }
}

/** Hash of a block: BLAKE2b-256 of its encoded header. */
export function hashHeader(header: Header): Hex {
  return toHex(blake2AsU8a(encodeHeader(header), 256))
}

// sp_runtime::DigestItem: 0 Other(bytes), 4 Consensus, 5 Seal, 6 PreRuntime (engine, bytes), 8 RuntimeEnvironmentUpdated.
function digestItem(reader: ScaleReader, bytes: Buffer): Hex {
  const start = reader.offset
  const kind = reader.u8()
  if (kind >= 4 && kind <= 6) reader.take(4)
  if (kind !== 8) reader.lengthed()
  return toHex(bytes.subarray(start, reader.offset))
}
