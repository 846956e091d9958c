import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { type Bootstrap, startBootstrap } from '../../src/hyper/bootstrap.ts'
import type { PeerName } from './peers/messages.ts'
import type { PinnerSize } from './peers/pinner.ts'
import { PeerProcess } from './peers/process.ts'
import type { MadeCore } from './peers/source.ts'
import { spanJob } from './peers/span-job.ts'

export interface LabOptions {
  folder: string
  /** Bytes of the core. */
  byteLength: number
  /** Threads that encode. */
  workers: number
  say(what: string): void
}

/** A copy that a pinner process holds on its disk. */
export interface MadeCopy {
  made: MadeCore
  copy: CopyView
  sealed: SpanView
  /** Most memory of the processes that made it, in bytes. */
  signerPeak: number
  pinnerPeak: number
}

/** Author, signer, pinner and reader as processes, on two loopback DHTs: the plain core is found on one, the pinned one on the other. */
export class Lab {
  readonly plain: Bootstrap
  readonly pinned: Bootstrap
  readonly #options: LabOptions
  readonly #secret = randomBytes(32)
  readonly #processes: { close(): Promise<void> }[] = []
  #readings = 0

  private constructor(options: LabOptions, plain: Bootstrap, pinned: Bootstrap) {
    this.#options = options
    this.plain = plain
    this.pinned = pinned
  }

  static async start(options: LabOptions): Promise<Lab> {
    return new Lab(options, await startBootstrap(), await startBootstrap())
  }

  spawn<N extends PeerName>(name: N): PeerProcess<N> {
    const child = new PeerProcess(name)
    this.#processes.push(child)
    return child
  }

  /** Makes a core, encodes it and delivers the cells; its author goes on serving it, signer and pinner are gone. */
  async makeCopy(): Promise<MadeCopy> {
    const { byteLength, workers, say } = this.#options
    const { addresses } = this.plain
    say(`a core of ${byteLength / 2 ** 20} MiB`)
    const made = await this.spawn('source').call('make', this.#path('source'), addresses, byteLength)
    const [signer, pinner] = [this.spawn('signer'), this.spawn('pinner')]
    const keeper = await pinner.call('open', this.#path('pinner'), addresses, this.#secret)
    const maker = await signer.call('open', this.#path('signer'), addresses, randomBytes(32), workers)
    const { copy, span } = spanJob(made, { signer: maker, pinner: keeper }, maker)
    say('downloading, encoding and delivering it')
    await pinner.call('fetch', copy, span)
    await pinner.call('expect', copy, span)
    await signer.call('encode', copy, span)
    const sealed = await pinner.call('receive', copy)
    const [signerPeak, pinnerPeak] = [await signer.peakBytes(), await pinner.peakBytes()]
    await signer.close()
    await pinner.close()
    return { made, copy, sealed, signerPeak, pinnerPeak }
  }

  /** The pinner again, in a new process on its folder, with the encoded copy alone. */
  async serve({ copy, sealed }: MadeCopy, how: PinnerSize = {}): Promise<PeerProcess<'pinner'>> {
    const pinner = this.spawn('pinner')
    await pinner.call('open', this.#path('pinner'), this.pinned.addresses, this.#secret, how)
    await pinner.call('serve', copy, sealed)
    return pinner
  }

  /** Milliseconds that a stock peer needs for all blocks, from whoever announces them on that DHT. */
  read(reader: PeerProcess<'reader'>, from: Bootstrap, made: MadeCore): Promise<number> {
    const folder = this.#path(`reading-${this.#readings++}`)
    return reader.call('read', folder, from.addresses, made)
  }

  async close(): Promise<void> {
    for (const child of this.#processes.toReversed()) await child.close()
    await this.pinned.close()
    await this.plain.close()
  }

  #path(name: string): string {
    return join(this.#options.folder, name)
  }
}
