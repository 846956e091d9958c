import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { z } from 'zod'
import { DatdotError } from '../domain/errors.ts'
import { Resource } from '../resource.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { storing } from './failure.ts'

const State = z.strictObject({
  core: z.string(),
  fork: z.int().nonnegative(),
  start: z.int().nonnegative(),
  next: z.int().nonnegative(),
  bytes: z.int().nonnegative()
})
type State = z.output<typeof State>

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
  async resume({
    end,
    ...from
  }: {
    core: string
    fork: number
    start: number
    end: number
  }): Promise<number> {
    const state = await this.#read()
    const isSame = state?.core === from.core && state.fork === from.fork && state.start === from.start
    const same = isSame && state.next <= end ? state : null
    const file = await this.#open(same ? 'r+' : 'w')
    const fits = same && (await file.stat()).size >= same.bytes
    this.#state = fits ? same : { ...from, next: from.start, bytes: 0 }
    this.#bytes = this.#state.bytes
    await storing(this.#part, () => file.truncate(this.#bytes))
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
      await rm(`${this.#part}.json`, { force: true })
    })
  }

  protected override async onClose(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  async #open(flags: 'r+' | 'w'): Promise<FileHandle> {
    this.#file = await storing(this.#part, () =>
      open(this.#part, flags, 0o644).catch(error => {
        if (error.code !== 'ENOENT' || flags === 'w') throw error
        return open(this.#part, 'w', 0o644)
      })
    )
    return this.#file
  }

  /** A state that cannot be read is no state: the download begins again. */
  async #read(): Promise<State | null> {
    try {
      return State.parse(JSON.parse(await readFile(`${this.#part}.json`, 'utf8')))
    } catch {
      return null
    }
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
