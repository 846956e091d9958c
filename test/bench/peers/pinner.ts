import { join } from 'node:path'
import type { DhtAddress } from 'hyperdht'
import { Holdings } from '../../../roles/pinner/holdings.ts'
import { CopyReceiver } from '../../../roles/pinner/receiver.ts'
import { fetchSpan } from '../../../roles/span.ts'
import { cryptoReady, verifySignature } from '../../../src/chain-client/keys.ts'
import { CodecPool } from '../../../src/codec/pool.ts'
import { cellsOf } from '../../../src/domain/leaves.ts'
import type { CopyView, SpanView } from '../../../src/domain/view.ts'
import { HyperNode } from '../../../src/hyper/node.ts'
import { CoreShelf } from '../../../src/node/core-shelf.ts'
import { identityOf } from '../../../src/node/identity.ts'
import { Copies } from '../../../src/store/copies.ts'
import { StorageFolder } from '../../../src/store/folder.ts'
import { CopyReceivers } from '../../../src/wire/copy-receiver.ts'
import { GENESIS } from './span-job.ts'

interface Open {
  folder: StorageFolder
  files: Copies
  hyper: HyperNode
  shelf: CoreShelf
  receivers: CopyReceivers
  pool: CodecPool
  holdings: Holdings
  sign(message: Uint8Array): Uint8Array
}

/** What a pinner takes of its machine. */
export interface PinnerSize {
  /** Decoded blocks that stay in memory. */
  cacheBytes?: number
  /** Threads that check and decode. */
  workers?: number
}

/** A pinner's node without the chain: the same store, swarm, files, checks and decode on read. */
export class PinnerPeer {
  #open: Open | null = null
  #received: Promise<SpanView | null> = Promise.resolve(null)
  #corrupt = 0

  /** With a cache and threads as a node has when they are not given. */
  async open(storage: string, bootstrap: readonly DhtAddress[], secret: Uint8Array, how: PinnerSize = {}) {
    const { cacheBytes, workers = 1 } = how
    await cryptoReady()
    const { account, noiseKey, noiseSeed, keys } = identityOf(secret)
    const folder = await StorageFolder.open(storage)
    const files = await Copies.open(folder)
    const options = { seed: noiseSeed, bootstrap, host: '127.0.0.1', lookupMs: 250 }
    const hyper = new HyperNode({ storage: join(storage, 'cores'), ...options, cacheBytes })
    hyper.on('corrupt-block', () => {
      this.#corrupt += 1
    })
    await hyper.ready()
    const shelf = new CoreShelf(hyper, { server: true, idle: 0 })
    const receivers = new CopyReceivers()
    hyper.onConnection(connection => receivers.attach(connection))
    const doors = {
      open: (key: string) => shelf.open(key),
      setDecoder: (...args: Parameters<HyperNode['setDecoder']>) => hyper.setDecoder(...args),
      onCorrupt: () => () => undefined
    }
    const pool = new CodecPool({ workers })
    const holdings = new Holdings({ genesis: () => GENESIS, cores: doors, files, pool })
    const sign = (message: Uint8Array) => keys.sign(message)
    this.#open = { folder, files, hyper, shelf, receivers, pool, holdings, sign }
    return { account, noiseKey }
  }

  /** Lets others dial it and downloads the plain blocks. */
  async fetch(copy: CopyView, span: SpanView): Promise<void> {
    const { hyper, holdings } = this.#opened()
    await hyper.listen()
    const { signal } = new AbortController()
    await fetchSpan(await holdings.core(copy.coreKey), copy, span, { signal, onPart: () => undefined })
  }

  /** From now on the signer may deliver the span. */
  async expect(copy: CopyView, span: SpanView): Promise<void> {
    const { files, pool, sign, holdings, receivers } = this.#opened()
    const { signal } = new AbortController()
    const cells = cellsOf(span.byteLength)
    const core = await holdings.core(copy.coreKey)
    const file = await files.create(span.id, { cells, blocks: span.end - span.start })
    let root: Uint8Array | null = null
    const parts = {
      genesis: GENESIS,
      pool,
      sign,
      verify: verifySignature,
      saveCheckpoint: async () => undefined,
      saveSeal: async (seal: { root: Uint8Array }) => {
        root = seal.root
      },
      onCells: () => undefined
    }
    const receiver = await CopyReceiver.open(parts, copy, span, core, file, signal)
    this.#received = receivers
      .receive(span.id, span.signerNoiseKey ?? '', receiver, signal)
      .then(async () => {
        await receiver.close()
        return { ...span, state: 'Sealed', cells, root }
      })
    // Whoever waits for the seal gets the error.
    this.#received.catch(() => undefined)
  }

  /** Waits for the seal, each cell checked; then serves from the cells, and the plain blocks are gone. */
  async receive(copy: CopyView): Promise<SpanView> {
    const { holdings } = this.#opened()
    const sealed = await this.#received
    if (sealed === null) throw new Error('nothing is expected')
    await holdings.serve(copy, sealed)
    const core = await holdings.core(copy.coreKey)
    await core.dropPlain(sealed.start, sealed.end)
    return sealed
  }

  /** Serves a sealed span that is here from its cells, and is found by its topic. */
  async serve(copy: CopyView, sealed: SpanView): Promise<void> {
    const { hyper, holdings } = this.#opened()
    await holdings.serve(copy, sealed)
    const core = await hyper.openCore(copy.coreKey)
    await hyper.join(core, { server: true, client: false }).flushed()
  }

  /** Plain blocks that are stored, and blocks that could not be decoded: none of either while it serves. */
  async faults(copy: CopyView): Promise<{ plain: number; corrupt: number }> {
    const core = await this.#opened().hyper.openCore(copy.coreKey)
    const { blocks } = await core.storedBytes()
    await core.close()
    return { plain: blocks, corrupt: this.#corrupt }
  }

  async close(): Promise<void> {
    if (this.#open === null) return
    const { folder, files, hyper, shelf, receivers, pool, holdings } = this.#open
    await receivers.close()
    await holdings.close()
    await shelf.close()
    await pool.close()
    await hyper.close()
    await files.close()
    await folder.close()
  }

  #opened(): Open {
    if (this.#open === null) throw new Error('not open')
    return this.#open
  }
}
