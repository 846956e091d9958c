import { readU64 } from './bytes.ts'
import { DatdotError } from './errors.ts'

/** The longest manifest that `publish` takes, in bytes (protocol.md 9.8). */
const MAX_MANIFEST_BYTES = 1024
const V0_BYTES = 68
const PROLOGUE = 2
const LINKED = 4
const USER_DATA = 8
/** The largest length that hypercore reads. */
const MAX_LENGTH = BigInt(Number.MAX_SAFE_INTEGER)

/** What a hypercore's manifest says, as far as it can be pinned: one ed25519 signer, quorum 1. */
export interface Manifest {
  version: 0 | 1 | 2 | 3
  namespace: Uint8Array
  publicKey: Uint8Array
  /** Length and tree hash of a prefix that is valid without a signature. */
  prologue: { hash: Uint8Array; length: bigint } | null
}

/** Parses a manifest byte for byte (protocol.md 9.8); throws CORE_UNSUPPORTED for all others. */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) throw unsupported(`${bytes.length} bytes`)
  const reader = new Reader(bytes)
  const version = reader.byte()
  const manifest = version === 0 ? readV0(reader, bytes) : readLater(reader, version)
  reader.end()
  return manifest
}

function readV0(reader: Reader, bytes: Uint8Array): Manifest {
  if (bytes.length !== V0_BYTES) throw unsupported('version 0 of another length')
  reader.expect(0, 1, 0)
  return { version: 0, namespace: reader.take(32), publicKey: reader.take(32), prologue: null }
}

function readLater(reader: Reader, version: number): Manifest {
  if (version !== 1 && version !== 2 && version !== 3) throw unsupported(`version ${version}`)
  const flags = reader.byte()
  const allowed = PROLOGUE | (version >= 2 ? LINKED | USER_DATA : 0)
  if ((flags & ~allowed) !== 0) throw unsupported(`flags ${flags} in version ${version}`)
  reader.expect(0, 1, 1, 0)
  const namespace = reader.take(32)
  const publicKey = reader.take(32)
  const prologue = (flags & PROLOGUE) === 0 ? null : { hash: reader.take(32), length: reader.uint() }
  if (prologue !== null && prologue.length > MAX_LENGTH) throw unsupported('a prologue longer than any core')
  if ((flags & LINKED) !== 0) reader.take(32n * reader.uint())
  if ((flags & USER_DATA) !== 0) reader.take(reader.uint())
  return { version, namespace, publicKey, prologue }
}

/** Reads compact-encoding's fields, minimal integers only. */
class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    return this.take(1)[0] ?? 0
  }

  take(length: number | bigint): Uint8Array {
    if (BigInt(length) > BigInt(this.#bytes.length - this.#at)) throw unsupported('cut off')
    this.#at += Number(length)
    return this.#bytes.slice(this.#at - Number(length), this.#at)
  }

  expect(...values: number[]): void {
    for (const value of values)
      if (this.byte() !== value) throw unsupported('not one ed25519 signer with quorum 1')
  }

  uint(): bigint {
    const first = this.byte()
    if (first < 0xfd) return BigInt(first)
    const width = 2 ** (first - 0xfc)
    const padded = new Uint8Array(8)
    padded.set(this.take(width))
    const value = readU64(padded)
    const least = first === 0xfd ? 0xfdn : 2n ** BigInt(4 * width)
    if (value < least) throw unsupported('an integer longer than it needs to be')
    return value
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw unsupported('bytes left over')
  }
}

function unsupported(why: string): DatdotError {
  return new DatdotError('CORE_UNSUPPORTED', `unsupported manifest: ${why}`)
}
