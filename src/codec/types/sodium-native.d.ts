declare module 'sodium-native' {
  interface Sodium {
    readonly crypto_generichash_STATEBYTES: number
    crypto_generichash_batch(output: Uint8Array, parts: readonly Uint8Array[]): void
    crypto_generichash_init(state: Uint8Array, key: Uint8Array | null, outputBytes: number): void
    crypto_generichash_update(state: Uint8Array, input: Uint8Array): void
    crypto_generichash_final(state: Uint8Array, output: Uint8Array): void
    crypto_stream_chacha20_xor_ic(
      output: Uint8Array,
      input: Uint8Array,
      nonce: Uint8Array,
      counter: number,
      key: Uint8Array
    ): void
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void
    sodium_memzero(buffer: Uint8Array): void
  }
  const sodium: Sodium
  export default sodium
}
