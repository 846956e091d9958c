import { blake2b256 } from '../../src/codec/hash.ts'
import { generateSpanKey, importSpanKey, type SpanKey, wipe } from '../../src/codec/key.ts'
import { toHex } from '../../src/domain/bytes.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { Hex32, SpanId } from '../../src/domain/ids.ts'
import type { KeyNote } from './due.ts'

/** Where secrets survive a restart: 0600, overwritten before they are deleted. */
export interface Secrets {
  put(name: string, bytes: Uint8Array): Promise<void>
  get(name: string): Promise<Uint8Array | null>
  destroy(name: string): Promise<void>
  names(): Promise<string[]>
}

/** The RSA keys of the spans that this signer makes (encoding.md, "Keys"). */
export class SpanKeys {
  readonly #secrets: Secrets
  readonly #keys = new Map<SpanId, SpanKey>()
  readonly #notes = new Map<SpanId, KeyNote>()

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** What is held, for the decision what is due. */
  get notes(): ReadonlyMap<SpanId, KeyNote> {
    return this.#notes
  }

  /** Reads the keys that a former run left; resolves with the spans whose key is none any more, and destroys those. */
  async load(): Promise<SpanId[]> {
    const damaged: SpanId[] = []
    for (const name of await this.#secrets.names()) {
      if (!/^\d{1,20}$/.test(name)) continue
      const span = BigInt(name)
      const secret = await this.#secrets.get(name)
      if (secret === null) continue
      try {
        this.#keep(span, importSpanKey(secret))
      } catch (error) {
        if (!isDatdotError(error, 'RSA_INVALID')) throw error
        await this.#secrets.destroy(name)
        damaged.push(span)
      } finally {
        wipe(secret)
      }
    }
    return damaged
  }

  /** The span's key; made and put on the disk before it is given out. */
  async getOrMake(span: SpanId): Promise<SpanKey> {
    const held = this.#keys.get(span)
    if (held !== undefined) return held
    const key = await generateSpanKey()
    const secret = key.exportSecret()
    await this.#secrets.put(String(span), secret)
    wipe(secret)
    this.#keep(span, key)
    return key
  }

  get(span: SpanId): SpanKey | null {
    return this.#keys.get(span) ?? null
  }

  /** Destroys a key for ever. */
  async destroy(span: SpanId): Promise<void> {
    await this.#secrets.destroy(String(span))
    this.#keys.delete(span)
    this.#notes.delete(span)
  }

  #keep(span: SpanId, key: SpanKey): void {
    this.#keys.set(span, key)
    this.#notes.set(span, { modulus: modulusDigest(key.N) })
  }
}

/** Short name of a modulus. */
export function modulusDigest(modulus: Uint8Array): Hex32 {
  return toHex(blake2b256(modulus))
}
