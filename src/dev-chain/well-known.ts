import { blake2AsU8a, xxhashAsU8a } from '@polkadot/util-crypto'
import { type Hex, toHex } from './hex.ts'

function item(pallet: string, name: string): Hex {
  return toHex(Buffer.concat([xxhashAsU8a(pallet, 128), xxhashAsU8a(name, 128)]))
}

/** `:code`, the runtime. */
export const CODE: Hex = '0x3a636f6465'
/** `:extrinsic_index`, u32: how many extrinsics of the block were applied. */
export const EXTRINSIC_INDEX: Hex = '0x3a65787472696e7369635f696e646578'
export const BABE_AUTHORITIES = item('Babe', 'Authorities')
export const BABE_RANDOMNESS = item('Babe', 'Randomness')
export const BABE_SLOT = item('Babe', 'CurrentSlot')
export const TIMESTAMP_NOW = item('Timestamp', 'Now')

const SYSTEM_ACCOUNT = item('System', 'Account')

/** Storage key of an account's nonce and balance. */
export function accountKey(account: Uint8Array): Hex {
  const hash = toHex(Buffer.concat([blake2AsU8a(account, 128), account]))
  return `${SYSTEM_ACCOUNT}${hash.slice(2)}`
}
