import { createPublicKey } from 'node:crypto'
import sodium from 'sodium-native'

// Written from encoding.md alone: nothing of src is used here, so that a fault there is not a fault here too.

/** One span as `pinner copies --json` lists it. */
export interface ListedSpan {
  genesisHash: string
  coreKey: string
  fork: number
  treeHash: string
  copyId: number
  spanId: number
  start: number
  end: number
  byteStart: number
  byteLength: number
  e: number
  N: string
  beacon: string
  salt: string
  tag: string
  root: string
  state: string
  cells: number
  path: string
}

const CELL = 256
const SLICE = 255
const LEAF = 1024

function H(...parts: Uint8Array[]): Buffer {
  const hash = Buffer.alloc(32)
  sodium.crypto_generichash_batch(hash, parts)
  return hash
}

function ds(name: string): Buffer {
  const text = Buffer.from(`tpe1/${name}`, 'ascii')
  return Buffer.concat([Buffer.of(text.length), text])
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const hex = (text: string) => Buffer.from(text, 'hex')

/** The salt from the listed inputs. */
export function saltOf(span: ListedSpan): Buffer {
  return H(
    ds('salt'),
    hex(span.genesisHash),
    hex(span.coreKey),
    u64(span.fork),
    hex(span.treeHash),
    ...[span.copyId, span.spanId, span.start, span.end, span.byteStart, span.byteLength, span.e].map(u64),
    hex(span.N),
    hex(span.beacon)
  )
}

export function tagOf(salt: Uint8Array): Buffer {
  return H(ds('span'), salt)
}

/** The root of a file of cells. */
export function rootOf(cells: Buffer, tag: Uint8Array): Buffer {
  const count = Math.ceil(cells.length / LEAF)
  const leaf = (i: number) => {
    const data = cells.subarray(LEAF * i, LEAF * (i + 1))
    return H(ds('leaf'), tag, u64(i), u64(data.length), data)
  }
  const subtree = (first: number, leaves: number): Buffer =>
    leaves === 1
      ? leaf(first)
      : H(ds('node'), subtree(first, leaves / 2), subtree(first + leaves / 2, leaves / 2))
  const peaks: Buffer[] = []
  for (let first = 0; first < count; ) {
    const leaves = 2 ** Math.floor(Math.log2(count - first))
    peaks.push(subtree(first, leaves))
    first += leaves
  }
  return H(ds('root'), tag, u64(cells.length), ...peaks)
}

function power(base: bigint, exponent: number, modulus: bigint): bigint {
  let result = 1n
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** The plaintext of a file of cells: every cell decoded by its public key, every rule of the format checked. */
export function decode(cells: Buffer, span: ListedSpan, salt: Uint8Array): Buffer {
  const N = BigInt(`0x${span.N}`)
  const count = Math.ceil(span.byteLength / SLICE)
  if (cells.length !== CELL * count) throw new Error(`${cells.length} bytes are not ${count} cells`)
  const masked = Buffer.alloc(SLICE * count)
  for (let j = 0; j < count; j++) {
    const c = BigInt(`0x${cells.toString('hex', CELL * j, CELL * (j + 1))}`)
    if (c >= N) throw new Error(`cell ${j} is not below N`)
    const y = power(c, span.e, N)
    if (y >= 1n << 2040n) throw new Error(`cell ${j} decodes to more than a slice`)
    masked.write(y.toString(16).padStart(2 * SLICE, '0'), SLICE * j, 'hex')
  }
  const plain = Buffer.alloc(masked.length)
  sodium.crypto_stream_chacha20_xor_ic(plain, masked, Buffer.alloc(8), 0, salt)
  if (plain.subarray(span.byteLength).some(byte => byte !== 0)) throw new Error('the padding is not zero')
  return plain.subarray(0, span.byteLength)
}

/** Throws unless N is a modulus that node:crypto takes as a 2048-bit RSA key. */
export function assertModulus(span: ListedSpan): void {
  const exponent = Buffer.from(span.e.toString(16).padStart(6, '0'), 'hex')
  const jwk = { kty: 'RSA', n: hex(span.N).toString('base64url'), e: exponent.toString('base64url') }
  const { modulusLength } = createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails ?? {}
  if (modulusLength !== 2048) throw new Error(`N has ${modulusLength} bits`)
}
