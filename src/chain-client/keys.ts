import { decodeAddress, encodeAddress } from '@polkadot/keyring'
import {
  cryptoWaitReady,
  mnemonicGenerate,
  mnemonicToMiniSecret,
  mnemonicValidate,
  sr25519PairFromSeed,
  sr25519Sign,
  sr25519Verify
} from '@polkadot/util-crypto'
import { fromHex, toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { Account } from '../domain/ids.ts'
import type { AccountKeys } from './types.ts'

/** Substrate's general address format. */
const SS58_PREFIX = 42

/** Waits for the WebAssembly that sr25519 needs; before it the functions below throw. */
export async function cryptoReady(): Promise<void> {
  await cryptoWaitReady()
}

/** The account of a Substrate mini-secret (32 bytes), empty derivation path, as polkadot.js; throws KEY_INVALID. */
export function accountKeys(miniSecret: Uint8Array): AccountKeys {
  if (miniSecret.length !== 32) throw new DatdotError('KEY_INVALID', 'a mini-secret has 32 bytes')
  const pair = sr25519PairFromSeed(miniSecret)
  return { account: toHex(pair.publicKey), sign: message => sr25519Sign(message, pair) }
}

/** Whether an account made this raw sr25519 signature, without wrapping (protocol.md 9.6). */
export function verifySignature(message: Uint8Array, signature: Uint8Array, account: Account): boolean {
  if (signature.length !== 64) return false
  try {
    return sr25519Verify(message, signature, fromHex(account))
  } catch {
    // schnorrkel throws for a public key or signature that is no point: it verifies nothing
    return false
  }
}

/** A fresh BIP-39 phrase of 12 English words. */
export function newPhrase(): string {
  return mnemonicGenerate(12)
}

/** True for a BIP-39 phrase with a right checksum; case and spaces do not matter. */
export function isPhrase(phrase: string): boolean {
  return mnemonicValidate(normalize(phrase))
}

/** The 32-byte Substrate mini-secret of a BIP-39 phrase without password; throws KEY_INVALID. */
export function phraseToMiniSecret(phrase: string): Uint8Array {
  if (!isPhrase(phrase)) throw new DatdotError('KEY_INVALID', 'this is not a BIP-39 phrase')
  return mnemonicToMiniSecret(normalize(phrase))
}

/** An account in SS58, prefix 42, as people write it. */
export function formatAccount(account: Account): string {
  return encodeAddress(fromHex(account), SS58_PREFIX)
}

/** Parses an SS58 address of prefix 42, or 64 hex digits; throws BAD_ARGUMENT. */
export function parseAccount(text: string): Account {
  const bare = text.trim()
  const hex = bare.replace(/^0x/, '')
  if (/^[0-9a-fA-F]{64}$/.test(hex)) return hex.toLowerCase()
  try {
    const bytes = decodeAddress(bare, false, SS58_PREFIX)
    if (bytes.length === 32) return toHex(bytes)
  } catch (cause) {
    throw new DatdotError('BAD_ARGUMENT', `"${text}" is not an account`, { cause })
  }
  throw new DatdotError('BAD_ARGUMENT', `"${text}" is not an account`)
}

function normalize(phrase: string): string {
  return phrase.trim().toLowerCase().split(/\s+/).join(' ')
}
