import { blake2AsU8a } from '@polkadot/util-crypto'
import { concat, fromHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { Height, Hex32 } from '../domain/ids.ts'
import type { AccountKeys, BlockRef } from './types.ts'

/** What an extrinsic is signed with, beside its call. */
export interface SigningFacts {
  nonce: number
  /** The finalized block from which the extrinsic lives. */
  birth: BlockRef
  genesis: Hex32
  specVersion: number
  transactionVersion: number
}

/** An extension of the chain's extrinsics as the metadata names it. */
export interface ExtensionType {
  name: string
  /** Bytes of neither kind: the extension needs nothing from us. */
  empty: boolean
}

/**
 * Blocks that a signed extrinsic lives. Mortal, so that a call that did not get in is known to be dead after
 * this and may be signed again; a power of two (Substrate's era).
 */
export const ERA_BLOCKS = 64

type Parts = { extra: Uint8Array; additional: Uint8Array }
const NONE = new Uint8Array(0)

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/** SCALE's compact form of an integer below 2^32. */
export function compact(value: number): Uint8Array {
  if (value < 2 ** 6) return Uint8Array.of(value << 2)
  if (value < 2 ** 14) return u32(((value << 2) | 1) >>> 0).subarray(0, 2)
  if (value < 2 ** 30) return u32(value * 4 + 2)
  return concat(Uint8Array.of(3), u32(value))
}

function era(birth: Height): Uint8Array {
  const phase = birth % ERA_BLOCKS
  const encoded = (Math.log2(ERA_BLOCKS) - 1) | (phase << 4)
  return Uint8Array.of(encoded & 0xff, encoded >> 8)
}

const KNOWN: Record<string, (facts: SigningFacts) => Parts> = {
  CheckSpecVersion: facts => ({ extra: NONE, additional: u32(facts.specVersion) }),
  CheckTxVersion: facts => ({ extra: NONE, additional: u32(facts.transactionVersion) }),
  CheckGenesis: facts => ({ extra: NONE, additional: fromHex(facts.genesis) }),
  CheckMortality: facts => ({ extra: era(facts.birth.height), additional: fromHex(facts.birth.hash) }),
  CheckNonce: facts => ({ extra: compact(facts.nonce), additional: NONE }),
  ChargeTransactionPayment: () => ({ extra: compact(0), additional: NONE }),
  CheckMetadataHash: () => ({ extra: Uint8Array.of(0), additional: Uint8Array.of(0) })
}

/** Extensions that need bytes which we do not know how to make. */
export function unknownExtensions(extensions: readonly ExtensionType[]): string[] {
  return extensions
    .filter(extension => !extension.empty && !(extension.name in KNOWN))
    .map(({ name }) => name)
}

/** The signed extrinsic's bytes, length prefix included: version 4, sr25519, account id (Substrate's extrinsic format). */
export function signExtrinsic(
  call: Uint8Array,
  extensions: readonly ExtensionType[],
  facts: SigningFacts,
  keys: AccountKeys
): Uint8Array {
  const parts = extensions.map(({ name, empty }) => {
    const make = KNOWN[name]
    if (make) return make(facts)
    if (empty) return { extra: NONE, additional: NONE }
    throw new DatdotError('CHAIN_VERSION', `extrinsics of this chain need ${name}`)
  })
  const extra = concat(...parts.map(part => part.extra))
  const payload = concat(call, extra, ...parts.map(part => part.additional))
  const signature = keys.sign(payload.length > 256 ? blake2AsU8a(payload, 256) : payload)
  const body = concat(
    Uint8Array.of(0x84, 0x00),
    fromHex(keys.account),
    Uint8Array.of(0x01),
    signature,
    extra,
    call
  )
  return concat(compact(body.length), body)
}
