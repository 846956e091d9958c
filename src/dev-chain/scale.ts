import { compactFromU8a, compactToU8a } from '@polkadot/util'

/** Little-endian bytes of an unsigned integer. */
export function uint(value: number | bigint, bytes: 4 | 8): Buffer {
  const out = Buffer.alloc(bytes)
  if (bytes === 4) out.writeUInt32LE(Number(value))
  else out.writeBigUInt64LE(BigInt(value))
  return out
}

/** A SCALE compact integer. */
export function compact(value: number | bigint): Uint8Array {
  return compactToU8a(value)
}

/** Bytes after their compact length. */
export function lengthed(bytes: Uint8Array): Buffer {
  return Buffer.concat([compact(bytes.length), bytes])
}

/** Reads SCALE from the front of a buffer; a read past the end throws RangeError. */
export class ScaleReader {
  private readonly bytes: Buffer
  private at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  take(count: number): Buffer {
    if (this.at + count > this.bytes.length) throw new RangeError('SCALE bytes end too early')
    this.at += count
    return this.bytes.subarray(this.at - count, this.at)
  }

  compact(): bigint {
    if (this.at >= this.bytes.length) throw new RangeError('SCALE bytes end too early')
    const [used, value] = compactFromU8a(this.bytes.subarray(this.at))
    this.take(used)
    return BigInt(value.toString())
  }

  u8(): number {
    return this.take(1).readUInt8()
  }

  u32(): number {
    return this.take(4).readUInt32LE()
  }

  u64(): bigint {
    return this.take(8).readBigUInt64LE()
  }

  /** A byte vector. */
  lengthed(): Buffer {
    return this.take(Number(this.compact()))
  }

  /** A vector of what `item` reads. */
  list<T>(item: () => T): T[] {
    const count = Number(this.compact())
    const out: T[] = []
    for (let i = 0; i < count; i++) out.push(item())
    return out
  }

  get offset(): number {
    return this.at
  }
}
