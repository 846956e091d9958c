import {
  CodecMap,
  CodecSet,
  Compact,
  Enum,
  Int,
  Option,
  Raw,
  Struct,
  Tuple,
  UInt,
  Vec,
  VecFixed
} from '@polkadot/types'
import type { Codec } from '@polkadot/types/types'
import { toHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import type { Hex32 } from '../domain/ids.ts'

/** A chosen variant of an enum of the chain. */
export class Variant {
  readonly name: string
  readonly value: Plain

  constructor(name: string, value: Plain) {
    this.name = name
    this.value = value
  }
}

/** A decoded value without anything of @polkadot: integers are bigint, bytes are fresh arrays. */
export type Plain =
  | null
  | boolean
  | bigint
  | string
  | Uint8Array
  | Variant
  | Plain[]
  | { [field: string]: Plain }

/** Turns a codec into a plain value; throws CHAIN_VERSION for a kind of type that our runtime does not use. */
export function plain(codec: Codec): Plain {
  if (codec instanceof Option) return codec.isNone ? null : plain(codec.unwrap())
  if (codec instanceof Compact || codec instanceof UInt || codec instanceof Int) return codec.toBigInt()
  if (codec instanceof Enum) return new Variant(codec.type, plain(codec.inner))
  if (codec instanceof Raw) return Uint8Array.from(codec)
  if (codec instanceof Struct)
    return Object.fromEntries(
      [...codec.entries()].map(([name, value]) => [String(name), plain(value as Codec)])
    )
  if (codec instanceof Vec || codec instanceof VecFixed || codec instanceof Tuple)
    return [...codec].map(item => plain(item as Codec))
  if (codec instanceof CodecMap) return [...codec.entries()].map(([key, value]) => [plain(key), plain(value)])
  if (codec instanceof CodecSet) return codec.strings
  return plainPrimitive(codec)
}

function plainPrimitive(codec: Codec): Plain {
  const type = codec.toRawType()
  if (type === 'Null') return null
  if (type === 'bool') return codec.toPrimitive() === true
  if (type === 'Text' || type === 'String') return codec.toString()
  throw new DatdotError('CHAIN_VERSION', `the chain uses a type that is not known here: ${type}`)
}

/** Takes a plain value apart, checking each step; a mismatch is CHAIN_VERSION and says where. */
export class Reader {
  readonly value: Plain
  readonly path: string

  constructor(value: Plain, path: string) {
    this.value = value
    this.path = path
  }

  /** A field of a struct, by its camelCase name. */
  field(name: string): Reader {
    const { value } = this
    if (value === null || typeof value !== 'object') throw this.#not('a struct')
    if (Array.isArray(value) || value instanceof Uint8Array || value instanceof Variant)
      throw this.#not('a struct')
    const field = value[name]
    if (field === undefined) throw this.#not(`a struct with ${name}`)
    return new Reader(field, `${this.path}.${name}`)
  }

  bigint(): bigint {
    if (typeof this.value !== 'bigint') throw this.#not('an integer')
    return this.value
  }

  /** An integer that a double holds exactly. */
  number(): number {
    const value = Number(this.bigint())
    if (!Number.isSafeInteger(value)) throw this.#not('an integer below 2^53')
    return value
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.#not('a boolean')
    return this.value
  }

  bytes(length?: number): Uint8Array {
    if (!(this.value instanceof Uint8Array) || (length !== undefined && this.value.length !== length))
      throw this.#not(length === undefined ? 'bytes' : `${length} bytes`)
    return this.value
  }

  hex32(): Hex32 {
    return toHex(this.bytes(32))
  }

  list<T>(read: (item: Reader) => T): T[] {
    if (!Array.isArray(this.value)) throw this.#not('a list')
    return this.value.map((item, index) => read(new Reader(item, `${this.path}[${index}]`)))
  }

  item(index: number): Reader {
    if (!Array.isArray(this.value)) throw this.#not('a list')
    const item = this.value[index]
    if (item === undefined) throw this.#not(`a list of more than ${index}`)
    return new Reader(item, `${this.path}[${index}]`)
  }

  /** Null where the chain has None. */
  maybe<T>(read: (value: Reader) => T): T | null {
    return this.value === null ? null : read(this)
  }

  /** A string that must be one of these. */
  text<T extends string>(known: readonly T[]): T {
    const found = known.find(candidate => candidate === this.value)
    if (found === undefined) throw this.#not(`one of ${known.join(', ')}`)
    return found
  }

  get isVariant(): boolean {
    return this.value instanceof Variant
  }

  /** An enum's variant, and its content. */
  variant(): { name: string; content: Reader } {
    if (!(this.value instanceof Variant)) throw this.#not('an enum')
    return { name: this.value.name, content: new Reader(this.value.value, `${this.path}.${this.value.name}`) }
  }

  /** An enum's variant that must be one of these. */
  oneOf<T extends string>(names: readonly T[]): T {
    return new Reader(this.variant().name, this.path).text(names)
  }

  #not(what: string): DatdotError {
    return new DatdotError('CHAIN_VERSION', `${this.path} is not ${what}`, { details: { path: this.path } })
  }
}
