import { join } from 'node:path'
import type { DhtAddress } from 'hyperdht'
import { SpanEncoding } from '../../../roles/signer/encoding.ts'
import { fetchSpan } from '../../../roles/span.ts'
import { cryptoReady } from '../../../src/chain-client/keys.ts'
import { generateSpanKey, type SpanKey } from '../../../src/codec/key.ts'
import { CodecPool } from '../../../src/codec/pool.ts'
import type { CopyView, SpanView } from '../../../src/domain/view.ts'
import { HyperNode } from '../../../src/hyper/node.ts'
import { CoreShelf } from '../../../src/node/core-shelf.ts'
import { Dialler } from '../../../src/node/dialler.ts'
import { identityOf } from '../../../src/node/identity.ts'
import { GENESIS } from './span-job.ts'

interface Open {
  hyper: HyperNode
  shelf: CoreShelf
  pool: CodecPool
  key: SpanKey
  sign(message: Uint8Array): Uint8Array
}

/** A signer's node without the chain: the same store, swarm, threads, encoding and wire. */
export class SignerPeer {
  #open: Open | null = null

  /** Makes the span's key. */
  async open(storage: string, bootstrap: readonly DhtAddress[], secret: Uint8Array, workers: number) {
    await cryptoReady()
    const { account, noiseKey, noiseSeed, keys } = identityOf(secret)
    const options = { seed: noiseSeed, bootstrap, host: '127.0.0.1', lookupMs: 250 }
    const hyper = new HyperNode({ storage: join(storage, 'cores'), ...options })
    await hyper.ready()
    const shelf = new CoreShelf(hyper, { server: true, idle: 16 })
    const pool = new CodecPool({ workers })
    const key = await generateSpanKey()
    this.#open = { hyper, shelf, pool, key, sign: message => keys.sign(message) }
    return { account, noiseKey, N: key.N, e: key.e }
  }

  /** Downloads the plain blocks, encodes them and delivers them until the pinner has taken the seal. */
  async encode(copy: CopyView, span: SpanView): Promise<void> {
    if (this.#open === null) throw new Error('not open')
    const { hyper, shelf, pool, key, sign } = this.#open
    const { signal } = new AbortController()
    const core = await shelf.open(copy.coreKey)
    await fetchSpan(core, copy, span, { signal, onPart: () => undefined })
    const link = await new Dialler(hyper).dial(copy.pinnerNoiseKey, span.id, signal)
    const parts = { genesis: GENESIS, pool, sign, save: async () => undefined, onCells: () => undefined }
    const encoding = await SpanEncoding.open(parts, copy, span, key, null)
    await encoding.run(core, link, signal)
    link.close()
    await core.close()
  }

  async close(): Promise<void> {
    await this.#open?.pool.close()
    await this.#open?.shelf.close()
    await this.#open?.hyper.close()
  }
}
