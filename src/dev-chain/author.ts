import { DEV_PHRASE } from '@polkadot/keyring/defaults'
import { keyExtractPath, keyFromPath, mnemonicToMiniSecret, sr25519PairFromSeed } from '@polkadot/util-crypto'
import { vrfSign } from '@polkadot/wasm-crypto'
import { fromHex, type Hex, toHex } from './hex.ts'
import { lengthed, ScaleReader, uint } from './scale.ts'
import { BABE_AUTHORITIES, BABE_RANDOMNESS, BABE_SLOT, TIMESTAMP_NOW } from './well-known.ts'

const ENGINE = Buffer.from('BABE')
const PRE_RUNTIME = 6
const SECONDARY_VRF = 3
const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']
const CONTEXT = Buffer.from('datdot dev chain')
const NO_EXTRA = new Uint8Array()

/** When and by whom a block is made. */
export interface Claim {
  readonly slot: number
  readonly timestampMs: number
  /** The encoded pre-runtime digest item. */
  readonly digest: Hex
}

/**
 * Claims BABE's secondary slots for the presets' well-known validators, in turn, with a true VRF output each. Their keys are
 * public, so this randomness is for development: whoever cares can compute it beforehand.
 */
export class Author {
  private readonly secrets = new Map<Hex, Uint8Array>()
  private readonly fallback: Uint8Array

  /** Needs @polkadot/util-crypto to be ready. */
  constructor() {
    const root = sr25519PairFromSeed(mnemonicToMiniSecret(DEV_PHRASE))
    const pairOf = (name: string) => keyFromPath(root, keyExtractPath(`//${name}`).path, 'sr25519')
    for (const { publicKey, secretKey } of NAMES.map(pairOf)) this.secrets.set(toHex(publicKey), secretKey)
    this.fallback = pairOf('Alice').secretKey
  }

  /** Claims the slot of `nowMs`, or the one after the parent's if that is later or `nowMs` is null. */
  claim(state: { get(key: Hex): Hex | undefined }, slotMs: number, nowMs: number | null): Claim {
    const parent = Number(readU64(state, BABE_SLOT))
    const wall = nowMs === null ? 0 : Math.floor(nowMs / slotMs)
    const first = parent === 0 && nowMs === null ? Math.floor(Date.now() / slotMs) : 0
    const slot = Math.max(parent + 1, wall, first)
    const parentMs = Number(readU64(state, TIMESTAMP_NOW))
    const inSlot = nowMs !== null && slot === wall ? nowMs : slot * slotMs
    // pallet-timestamp wants half a slot between two blocks; the slot's own bounds leave room for it.
    const timestampMs = Math.min(Math.max(inSlot, parentMs + Math.ceil(slotMs / 2)), (slot + 1) * slotMs - 1)
    return { slot, timestampMs, digest: this.digest(state, slot) }
  }

  private digest(state: { get(key: Hex): Hex | undefined }, slot: number): Hex {
    const authorities = readAuthorities(state)
    const index = authorities.length === 0 ? 0 : slot % authorities.length
    const secret = this.secrets.get(authorities[index] ?? '0x') ?? this.fallback
    const message = Buffer.concat([fromHex(state.get(BABE_RANDOMNESS) ?? '0x'), uint(slot, 8)])
    const vrf = vrfSign(secret, CONTEXT, message, NO_EXTRA)
    const claim = Buffer.concat([Buffer.of(SECONDARY_VRF), uint(index, 4), uint(slot, 8), vrf])
    return toHex(Buffer.concat([Buffer.of(PRE_RUNTIME), ENGINE, lengthed(claim)]))
  }
}

function readU64(state: { get(key: Hex): Hex | undefined }, key: Hex): bigint {
  const value = state.get(key)
  return value === undefined ? 0n : new ScaleReader(fromHex(value)).u64()
}

function readAuthorities(state: { get(key: Hex): Hex | undefined }): Hex[] {
  const value = state.get(BABE_AUTHORITIES)
  if (value === undefined) return []
  const reader = new ScaleReader(fromHex(value))
  return reader.list(() => {
    const key = toHex(reader.take(32))
    reader.u64()
    return key
  })
}
