import { createCipheriv } from 'node:crypto'
import sodium from 'sodium-native'
import { u64 } from '../domain/bytes.ts'

const BLOCK_BYTES = 64
const NONCE = new Uint8Array(8)
/** sodium-native passes the counter as a u32; above it the same stream comes from node:crypto. */
const SODIUM_COUNTERS = 2 ** 32

/** XORs `bytes` in place with KS(salt) from byte `offset` on (encoding.md; ChaCha20, nonce 0, 64-bit counter). */
export function xorKeystream(bytes: Uint8Array, salt: Uint8Array, offset: number): void {
  const lead = offset % BLOCK_BYTES
  const head = Math.min(bytes.length, lead === 0 ? 0 : BLOCK_BYTES - lead)
  const counter = (offset - lead) / BLOCK_BYTES
  if (head > 0) {
    const block = new Uint8Array(BLOCK_BYTES)
    block.set(bytes.subarray(0, head), lead)
    xorBlocks(block, salt, counter)
    bytes.set(block.subarray(lead, lead + head))
  }
  if (bytes.length > head) xorBlocks(bytes.subarray(head), salt, head > 0 ? counter + 1 : counter)
}

function xorBlocks(bytes: Uint8Array, salt: Uint8Array, counter: number): void {
  if (counter < SODIUM_COUNTERS) {
    sodium.crypto_stream_chacha20_xor_ic(bytes, bytes, NONCE, counter, salt)
    return
  }
  const cipher = createCipheriv('chacha20', salt, Buffer.concat([u64(counter), NONCE]))
  bytes.set(cipher.update(bytes))
}
