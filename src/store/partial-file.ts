import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { DatdotError } from '../domain/errors.ts'
import { Resource } from '../resource.ts'
import { syncFolder, writeFileAtomically } from './atomic-file.ts'
import { storing } from './failure.ts'

const State = z.strictObject({
  core: z.string(),
  /** Digest of the key that the blocks are decrypted with. */
  encryption: z.string().nullable(),
  fork: z.int().nonnegative(),
  start: z.int().nonnegative(),
  next: z.int().nonnegative(),
  bytes: z.int().nonnegative()
})
type State = z.output<typeof State>

/** Downloads that differ in any of these have other bytes. */
type Identity = Omit<State, 'next' | 'bytes'>

/** A file that blocks are written to in order: `<path>.part` until it is whole, with what is safe beside it. */
export class PartialFile extends Resource {
  readonly #path: string
  readonly #part: string
  #file: FileHandle | undefined
  #state: State | undefined
  #bytes = 0

  constructor(path: string) {
    super()
    this.#path = path
    this.#part = `${path}.part`
  }

  /** The block to go on with: where an earlier run of the same download stopped, if not after `end`; else `start`. */
  async resume({ end, ...wanted }: Identity & { end: number }): Promise<number> {
    const earlier = await this.#earlier(wanted, end)
    this.#state = earlier ?? { ...wanted, next: wanted.start, bytes: 0 }
    this.#bytes = this.#state.bytes
    await storing(this.#part, async () => {
      if (earlier === null) await this.#forget()
      this.#file = await open(this.#part, earlier === null ? 'w' : 'r+', 0o644)
      await this.#file.truncate(this.#bytes)
    })
    return this.#state.next
  }

  async write(block: Uint8Array): Promise<void> {
    const file = this.#opened()
    await storing(this.#part, async () => {
      for (let written = 0; written < block.byteLength; ) {
        const at = this.#bytes + written
        written += (await file.write(block, written, block.byteLength - written, at)).bytesWritten
      }
    })
    this.#bytes += block.byteLength
  }

  /** All blocks before `next` are on the disk when this resolves. */
  async checkpoint(next: number): Promise<void> {
    const file = this.#opened()
    await storing(this.#part, () => file.datasync())
    this.#state = { ...this.#known(), next, bytes: this.#bytes }
    await writeFileAtomically(`${this.#part}.json`, `${JSON.stringify(this.#state)}\n`)
  }

  /** Gives the whole file its name. */
  async finish(): Promise<void> {
    await storing(this.#path, async () => {
      await this.#opened().sync()
      await this.#file?.close()
      this.#file = undefined
      await rename(this.#part, this.#path)
      await this.#forget()
    })
  }

  protected override async onClose(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  /** What an earlier run of the same download noted, while its bytes are here; a state that cannot be read is none. */
  async #earlier(wanted: Identity, end: number): Promise<State | null> {
    try {
      const state = State.parse(JSON.parse(await readFile(`${this.#part}.json`, 'utf8')))
      const { next, bytes, ...identity } = state
      const isHere = next <= end && (await stat(this.#part)).size >= bytes
      return isHere && isDeepStrictEqual(identity, wanted) ? state : null
    } catch {
      return null
    }
  }

  /** Before other bytes come: a state that outlived its own would vouch for them. */
  async #forget(): Promise<void> {
    await rm(`${this.#part}.json`, { force: true })
    await syncFolder(dirname(this.#part))
  }

  #opened(): FileHandle {
    if (!this.#file) throw new DatdotError('INTERNAL', 'resume the file before writing to it')
    return this.#file
  }

  #known(): State {
    if (!this.#state) throw new DatdotError('INTERNAL', 'resume the file before writing to it')
    return this.#state
  }
}
