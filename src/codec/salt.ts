import { u64 } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import { blake2b256, tpe } from './hash.ts'

/** What the salt of a span is made of, under encoding.md's names: hashes 32 bytes, N 256 bytes big-endian. */
export interface SpanSalt {
  genesis: Uint8Array
  coreKey: Uint8Array
  fork: bigint
  treeHash: Uint8Array
  copyId: bigint
  spanId: bigint
  start: bigint
  end: bigint
  byteStart: bigint
  byteLength: bigint
  e: number
  N: Uint8Array
  beacon: Uint8Array
}

/** The 32-byte salt of a span (encoding.md); throws INTERNAL when a part has another length than it must. */
export function saltOf(inputs: SpanSalt): Uint8Array {
  const {
    genesis,
    coreKey,
    fork,
    treeHash,
    copyId,
    spanId,
    start,
    end,
    byteStart,
    byteLength,
    e,
    N,
    beacon
  } = inputs
  for (const [name, part] of Object.entries({ genesis, coreKey, treeHash, beacon }))
    if (part.length !== 32) throw new DatdotError('INTERNAL', `${name} of a salt is not 32 bytes`)
  if (N.length !== 256) throw new DatdotError('INTERNAL', 'N of a salt is not 256 bytes')
  const numbers = [copyId, spanId, start, end, byteStart, byteLength, e].map(u64)
  return blake2b256(tpe('salt'), genesis, coreKey, u64(fork), treeHash, ...numbers, N, beacon)
}

/** The 32-byte tag of a span, which binds every leaf and root to it (encoding.md). */
export function tagOf(salt: Uint8Array): Uint8Array {
  return blake2b256(tpe('span'), salt)
}
