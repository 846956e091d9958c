import sodium from 'sodium-native'

/** True when `signature` (64 bytes) over `message` is `publicKey`'s (32 bytes) in ed25519 by libsodium's rules. */
export function verifyEd25519(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  return sodium.crypto_sign_verify_detached(signature, message, publicKey)
}
