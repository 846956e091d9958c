import c, { type Encoding, type State } from 'compact-encoding'
import { WireRefusal } from './errors.ts'

/** u64 below 2^53 as a number, 8 bytes little-endian: block, cell and leaf counts. */
export const count: Encoding<number> = c.uint64

/** u64 as a bigint, 8 bytes little-endian: chain-wide ids. */
export const id: Encoding<bigint> = c.biguint64

/** u32, 4 bytes little-endian. */
export const u32: Encoding<number> = c.uint32

/** u16, 2 bytes little-endian. */
export const u16: Encoding<number> = c.uint16

/** Exactly `length` bytes. */
export function fixed(length: number): Encoding<Uint8Array> {
  return {
    preencode(state) {
      state.end += length
    },
    encode(state, value) {
      if (value.byteLength !== length) throw new RangeError(`${value.byteLength} bytes instead of ${length}`)
      put(state, value)
    },
    decode: state => take(state, length)
  }
}

/** Bytes of a length from `min` to `max`, in multiples of `unit`, after their length as u32. */
export function bytes(min: number, max: number, unit = 1): Encoding<Uint8Array> {
  const fits = (length: number) => length >= min && length <= max && length % unit === 0
  return {
    preencode(state, value) {
      state.end += 4 + value.byteLength
    },
    encode(state, value) {
      if (!fits(value.byteLength)) throw new RangeError(`${value.byteLength} bytes in a message`)
      u32.encode(state, value.byteLength)
      put(state, value)
    },
    decode(state) {
      const length = u32.decode(state)
      if (!fits(length)) throw new WireRefusal('Malformed')
      return take(state, length)
    }
  }
}

/** At most `max` items, at least `min`, after their number as u16. */
export function list<T>(item: Encoding<T>, max: number, min = 0): Encoding<T[]> {
  return {
    preencode(state, values) {
      state.end += 2
      for (const value of values) item.preencode(state, value)
    },
    encode(state, values) {
      if (values.length < min || values.length > max)
        throw new RangeError(`${values.length} items in a message`)
      u16.encode(state, values.length)
      for (const value of values) item.encode(state, value)
    },
    decode(state) {
      const length = u16.decode(state)
      if (length < min || length > max) throw new WireRefusal('Malformed')
      return Array.from({ length }, () => item.decode(state))
    }
  }
}

type Fields<T> = { readonly [K in keyof T]: Encoding<T[K]> }

/** The fields one after another, in the order of their declaration. */
export function struct<T extends object>(fields: Fields<T>): Encoding<T> {
  const names = Object.keys(fields) as (keyof T)[]
  return {
    preencode(state, value) {
      for (const name of names) fields[name].preencode(state, value[name])
    },
    encode(state, value) {
      for (const name of names) fields[name].encode(state, value[name])
    },
    decode: state => Object.fromEntries(names.map(name => [name, fields[name].decode(state)])) as T
  }
}

/** One message from exactly these bytes; throws a WireRefusal and nothing else. */
export function decodeExact<T>(encoding: Encoding<T>, message: Uint8Array): T {
  const buffer = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const state: State = { start: 0, end: buffer.byteLength, buffer }
  let value: T
  try {
    value = encoding.decode(state)
  } catch (error) {
    throw error instanceof WireRefusal ? error : new WireRefusal('Malformed', error)
  }
  if (state.start !== state.end) throw new WireRefusal('Malformed')
  return value
}

function put(state: State, value: Uint8Array): void {
  state.buffer?.set(value, state.start)
  state.start += value.byteLength
}

function take(state: State, length: number): Uint8Array {
  if (state.buffer === null || state.end - state.start < length) throw new WireRefusal('Malformed')
  const value = state.buffer.subarray(state.start, state.start + length)
  state.start += length
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}
