import sodium from 'sodium-native'
import { accountKeys, cryptoReady, newPhrase, phraseToMiniSecret } from '../chain-client/keys.ts'
import type { AccountKeys } from '../chain-client/types.ts'
import { blake2b256 } from '../codec/hash.ts'
import { fromHex, toHex } from '../domain/bytes.ts'
import { noiseSeed } from '../domain/hashing.ts'
import type { Account, NoiseKey } from '../domain/ids.ts'
import { noiseMessage } from '../domain/messages.ts'
import type { StorageFolder } from '../store/folder.ts'
import { createKeyFile, hasKeyFile, readKeyFile, readPassphrase } from '../store/key-file.ts'

/** Account and noise key pair of a node, both from one seed phrase (protocol.md part 7). */
export interface NodeIdentity {
  readonly account: Account
  readonly noiseKey: NoiseKey
  readonly keys: AccountKeys
  /** 32 bytes from which the noise key pair is made. */
  readonly noiseSeed: Uint8Array
  /** ed25519 by the noise key, 64 bytes. */
  signNoise(message: Uint8Array): Uint8Array
}

/** Reads the folder's key file, or makes one with a new phrase; throws KEY_INVALID, STORAGE_UNWRITABLE. */
export async function openIdentity(
  folder: StorageFolder,
  passphraseFile: string | null = null
): Promise<NodeIdentity> {
  await cryptoReady()
  const passphrase = passphraseFile === null ? undefined : await readPassphrase(passphraseFile)
  if (!(await hasKeyFile(folder))) await createKeyFile(folder, newPhrase(), passphrase)
  return identityOf(phraseToMiniSecret(await readKeyFile(folder, passphrase)))
}

/** The identity of a 32-byte mini-secret; `cryptoReady()` first. */
export function identityOf(miniSecret: Uint8Array): NodeIdentity {
  const keys = accountKeys(miniSecret)
  const seed = noiseSeed(blake2b256, miniSecret)
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return {
    account: keys.account,
    noiseKey: toHex(publicKey),
    keys,
    noiseSeed: seed,
    signNoise: message => {
      const signature = new Uint8Array(64)
      sodium.crypto_sign_detached(signature, message, secretKey)
      return signature
    }
  }
}

/** The noise key's proof of possession that `register` carries (protocol.md 9.9). */
export function proofOfNoiseKey(
  identity: NodeIdentity
): (genesis: Uint8Array, account: Account) => Uint8Array {
  return (genesis, account) => identity.signNoise(noiseMessage({ genesis, account: fromHex(account) }))
}
