import { expandMetadata, Metadata, TypeRegistry, type Vec } from '@polkadot/types'
import type { EventRecord } from '@polkadot/types/interfaces'
import type { StorageEntry } from '@polkadot/types/primitive/types'
import type { Codec } from '@polkadot/types/types'
import { compactStripLength, u8aToHex } from '@polkadot/util'
import { fromHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import { type ExtensionType, unknownExtensions } from './extensions.ts'
import { type Plain, plain, Reader, Variant } from './plain.ts'
import type { RuntimeVersionFacts } from './rpc.ts'

/** The chain's name in its runtime version. */
const SPEC_NAME = 'datdot'
/** Runtimes whose calls, events and storage this program reads. */
const SPEC_VERSIONS: readonly number[] = [1]

/** An event as it stands in a block. */
export interface RawEvent {
  /** The extrinsic that caused it; null for the block's own. */
  extrinsic: number | null
  pallet: string
  name: string
  data: Reader
}

/** Why a call failed: an error of a pallet, or of the dispatcher (pallet "system"). */
export interface DispatchFailure {
  pallet: string
  name: string
  docs: string
}

/** A key of a map in storage, and what it stands for. */
export interface StorageKey {
  hex: string
  pallet: string
  item: string
}

const hexOf = (bytes: Uint8Array): string => u8aToHex(bytes)

/** Encodes and decodes for one runtime, by its metadata; nothing of @polkadot leaves it. */
export class Runtime {
  readonly specVersion: number
  readonly transactionVersion: number
  readonly extensions: ExtensionType[]
  readonly #registry: TypeRegistry
  readonly #decorated: ReturnType<typeof expandMetadata>

  /** Throws CHAIN_WRONG when the runtime is not datdot's, CHAIN_VERSION when it is one that is not known. */
  constructor(metadataHex: string, version: RuntimeVersionFacts) {
    checkVersion(version)
    this.specVersion = version.specVersion
    this.transactionVersion = version.transactionVersion
    this.#registry = new TypeRegistry()
    const metadata = reading('the metadata', () => {
      const read = new Metadata(this.#registry, metadataHex as `0x${string}`)
      this.#registry.setMetadata(read, undefined, undefined, true)
      return read
    })
    this.#decorated = reading('the metadata', () => expandMetadata(this.#registry, metadata))
    if (!this.#decorated.tx['datdot'] || !this.#decorated.query['datdot'])
      throw new DatdotError('CHAIN_WRONG', 'the chain has no pallet datdot')
    // the latest form loses the type of what is signed besides when it is made from version 14
    this.extensions = metadata.asV14.extrinsic.signedExtensions.map(extension => ({
      name: extension.identifier.toString(),
      empty: this.#isEmpty(extension.type.toNumber()) && this.#isEmpty(extension.additionalSigned.toNumber())
    }))
    const unknown = unknownExtensions(this.extensions)
    if (unknown.length > 0)
      throw new DatdotError('CHAIN_VERSION', `extrinsics of this chain need ${unknown.join(', ')}`)
  }

  /** The key of a stored value; all arguments of the map are given. */
  key(pallet: string, item: string, ...args: unknown[]): StorageKey {
    const [, raw] = compactStripLength(this.#entry(pallet, item)(...args))
    return { hex: hexOf(raw), pallet, item }
  }

  /** The common beginning of a map's keys, of those with the first arguments when given. */
  prefix(pallet: string, item: string, ...args: unknown[]): string {
    return hexOf(this.#entry(pallet, item).keyPrefix(...args))
  }

  /** A stored value, or what stands for an absent one: the default, or null for an optional one; throws CHAIN_FAILED. */
  decode(key: Omit<StorageKey, 'hex'>, value: string | null): Reader {
    const { meta } = this.#entry(key.pallet, key.item)
    const path = `${key.pallet}.${key.item}`
    if (value === null && meta.modifier.isOptional) return new Reader(null, path)
    const type = meta.type.isPlain ? meta.type.asPlain : meta.type.asMap.value
    return reading(path, () =>
      this.#read(type.toNumber(), value === null ? meta.fallback.toU8a(true) : fromHex(value.slice(2)), path)
    )
  }

  /** The arguments of a map that stand in a key, where their hasher keeps them. */
  arguments(pallet: string, item: string, keyHex: string): Reader[] {
    const entry = this.#entry(pallet, item)
    return reading(`a key of ${pallet}.${item}`, () => {
      const key = this.#registry.createType('StorageKey', keyHex, {
        method: entry.method,
        section: entry.section
      })
      key.setMeta(entry.meta)
      return key.args.map((arg, index) => new Reader(plain(arg), `${pallet}.${item}[${index}]`))
    })
  }

  /** A constant of a pallet. */
  constant(pallet: string, name: string): Reader {
    const constant = this.#decorated.consts[pallet]?.[name]
    if (!constant) throw new DatdotError('CHAIN_VERSION', `the chain has no constant ${pallet}.${name}`)
    return new Reader(plain(constant), `${pallet}.${name}`)
  }

  /** SCALE bytes of a call; the arguments go by the names that the metadata gives them. */
  call(pallet: string, name: string, args: Record<string, unknown>): Uint8Array {
    const make = this.#decorated.tx[pallet]?.[name]
    if (!make) throw new DatdotError('CHAIN_VERSION', `the chain has no call ${pallet}.${name}`)
    const names = make.meta.args.map(arg => arg.name.toString())
    const unknown = Object.keys(args).filter(arg => !names.includes(arg))
    const missing = names.filter(arg => !Object.hasOwn(args, arg))
    if (unknown.length > 0 || missing.length > 0)
      throw new DatdotError('CHAIN_VERSION', `${pallet}.${name} takes ${names.join(', ')} on this chain`)
    return make(...names.map(arg => args[arg])).toU8a()
  }

  /** All events of a block. */
  events(value: string | null): RawEvent[] {
    if (value === null) return []
    return reading('the events', () => {
      const records = this.#registry.createTypeUnsafe<Vec<EventRecord>>('Vec<EventRecord>', [
        fromHex(value.slice(2))
      ])
      return records.map(({ phase, event }) => ({
        extrinsic: phase.isApplyExtrinsic ? phase.asApplyExtrinsic.toNumber() : null,
        pallet: event.section,
        name: event.method,
        data: new Reader(eventData(event.data), `${event.section}.${event.method}`)
      }))
    })
  }

  /** Names a `DispatchError`. */
  failure(error: Reader): DispatchFailure {
    const { name, content } = error.variant()
    if (name !== 'Module') {
      const inner = content.value instanceof Variant ? `.${content.value.name}` : ''
      return { pallet: 'system', name: `${name}${inner}`, docs: '' }
    }
    const index = content.field('index').number()
    const id = Uint8Array.of(index, content.field('error').bytes(4)[0] ?? 0)
    const found = reading('an error', () => this.#registry.findMetaError(id))
    return { pallet: found.section, name: found.name, docs: found.docs.join(' ').trim() }
  }

  /** Decodes bytes of a type that every Substrate registry names. */
  named(type: string, bytes: Uint8Array): Reader {
    return reading(type, () => new Reader(plain(this.#registry.createTypeUnsafe<Codec>(type, [bytes])), type))
  }

  #entry(pallet: string, item: string): StorageEntry {
    const entry = this.#decorated.query[pallet]?.[item]
    if (!entry) throw new DatdotError('CHAIN_VERSION', `the chain stores no ${pallet}.${item}`)
    return entry
  }

  #read(type: number, bytes: Uint8Array, path: string): Reader {
    const codec = this.#registry.createTypeUnsafe<Codec>(this.#registry.createLookupType(type), [bytes])
    return new Reader(plain(codec) as Plain, path)
  }

  /** True for a type that takes no bytes. */
  #isEmpty(type: number): boolean {
    return (
      this.#registry.createTypeUnsafe<Codec>(this.#registry.createLookupType(type), []).encodedLength === 0
    )
  }
}

/** What a node sends may be anything: bytes that are not what they should be are its failure, not ours. */
function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof DatdotError) throw cause
    throw new DatdotError('CHAIN_FAILED', `the node's answer for ${what} cannot be read`, { cause })
  }
}

type EventData = EventRecord['event']['data']

/** An event's fields by name, or as a list when they have none. */
function eventData(data: EventData): Plain {
  const values = [...data].map(value => plain(value))
  if (!data.names) return values
  return Object.fromEntries(data.names.map((name, index) => [name, values[index] ?? null]))
}

/** Throws CHAIN_WRONG for another chain's runtime and CHAIN_VERSION for one that is not known. */
export function checkVersion({ specName, specVersion }: RuntimeVersionFacts): void {
  if (specName !== SPEC_NAME)
    throw new DatdotError('CHAIN_WRONG', `this is a chain of ${specName}, not of ${SPEC_NAME}`)
  if (!SPEC_VERSIONS.includes(specVersion))
    throw new DatdotError(
      'CHAIN_VERSION',
      `the chain runs version ${specVersion} of its runtime, this program knows ${SPEC_VERSIONS.join(', ')}`
    )
}
