import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject
} from 'node:crypto'
import { promisify } from 'node:util'
import sodium from 'sodium-native'
import { bigFromBytes, bytesFromBig } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'

const MODULUS_BYTES = 256
const EXPONENTS: readonly number[] = [257, 65537]
const generate = promisify(generateKeyPair)

/** What anyone needs to decode a span: N 256 bytes big-endian, e 257 or 65537 (encoding.md). */
export interface PublicKey {
  N: Uint8Array
  e: number
}

/** A span's RSA key with its private part, held by OpenSSL (encoding.md, "Keys"). */
export class SpanKey implements PublicKey {
  readonly N: Uint8Array
  readonly e: number
  /** Private key; it may be posted to a worker, which then shares it without a copy. */
  readonly handle: KeyObject

  constructor(handle: KeyObject) {
    const { N, e } = publicPart(handle)
    checkPublicKey({ N, e })
    this.N = N
    this.e = e
    this.handle = handle
  }

  /** The private key as PKCS#1 DER for the signer's record: the caller wipes it after use. */
  exportSecret(): Buffer {
    return this.handle.export({ type: 'pkcs1', format: 'der' })
  }
}

/** Makes a fresh 2048-bit key off the main thread; takes some tenths of a second. */
export async function generateSpanKey(options: { e?: number } = {}): Promise<SpanKey> {
  const pair = await generate('rsa', { modulusLength: 2048, publicExponent: options.e ?? 257 })
  return new SpanKey(pair.privateKey)
}

/** Reads what exportSecret wrote; throws RSA_INVALID. */
export function importSpanKey(secret: Uint8Array): SpanKey {
  const key = Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
  return new SpanKey(imported(() => createPrivateKey({ key, format: 'der', type: 'pkcs1' })))
}

/** Builds a key from its two primes, as the vectors give them; throws RSA_INVALID. */
export function spanKeyFromPrimes(p: bigint, q: bigint, e: number): SpanKey {
  const exponent = BigInt(e)
  const order = ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n)
  const d = inverse(exponent, order)
  const numbers = { n: p * q, e: exponent, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const encoded = Object.entries(numbers).map(([name, value]) => [name, base64url(value)])
  const key: JsonWebKey = { kty: 'RSA', ...Object.fromEntries(encoded) }
  return new SpanKey(imported(() => createPrivateKey({ key, format: 'jwk' })))
}

/** Throws RSA_INVALID unless e is allowed, N odd and 2^2047 <= N < 2^2048 (encoding.md, protocol.md 9.6). */
export function checkPublicKey({ N, e }: PublicKey): void {
  if (!EXPONENTS.includes(e)) throw new DatdotError('RSA_INVALID', `exponent ${e} is not 257 or 65537`)
  if (N.length !== MODULUS_BYTES) throw new DatdotError('RSA_INVALID', `modulus of ${N.length} bytes`)
  if ((N[0] ?? 0) < 0x80) throw new DatdotError('RSA_INVALID', 'modulus below 2^2047')
  if (((N[MODULUS_BYTES - 1] ?? 0) & 1) === 0) throw new DatdotError('RSA_INVALID', 'modulus is even')
}

/** OpenSSL's handle of a public key; throws RSA_INVALID. */
export function publicHandle({ N, e }: PublicKey): KeyObject {
  checkPublicKey({ N, e })
  const key = { kty: 'RSA', n: Buffer.from(N).toString('base64url'), e: base64url(BigInt(e)) }
  return imported(() => createPublicKey({ key, format: 'jwk' }))
}

/** Overwrites a secret with zeros in a way that no optimiser removes. */
export function wipe(secret: Uint8Array): void {
  sodium.sodium_memzero(secret)
}

function publicPart(handle: KeyObject): PublicKey {
  const { n, e } = createPublicKey(handle).export({ format: 'jwk' })
  if (n === undefined || e === undefined) throw new DatdotError('RSA_INVALID', 'not an RSA key')
  return {
    N: new Uint8Array(Buffer.from(n, 'base64url')),
    e: Number(bigFromBytes(Buffer.from(e, 'base64url')))
  }
}

function imported(create: () => KeyObject): KeyObject {
  try {
    return create()
  } catch (cause) {
    throw new DatdotError('RSA_INVALID', 'the RSA key cannot be read', { cause })
  }
}

function base64url(value: bigint): string {
  const length = Math.ceil(value.toString(16).length / 2)
  return Buffer.from(bytesFromBig(value, length)).toString('base64url')
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, ((value % modulus) + modulus) % modulus]
  let [previousFactor, factor] = [0n, 1n]
  while (current !== 0n) {
    const quotient = previous / current
    ;[previous, current] = [current, previous - quotient * current]
    ;[previousFactor, factor] = [factor, previousFactor - quotient * factor]
  }
  if (previous !== 1n) throw new DatdotError('RSA_INVALID', 'the exponent has no inverse')
  return ((previousFactor % modulus) + modulus) % modulus
}
