import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { DatdotError } from '../domain/errors.ts'
import { Resource } from '../resource.ts'
import { storing } from './failure.ts'
import { FILE_MODE } from './folder.ts'
import { Limiter } from './limiter.ts'

interface Entry {
  handle: Promise<FileHandle>
  users: number
  /** Set while it waits for its last user to be closed. */
  idle?: () => void
}

export interface UseOptions {
  /** Makes the file (0600) when it is not there; else that is STORAGE_UNWRITABLE. */
  create?: boolean
  signal?: AbortSignal | undefined
}

/** Files kept open for positional reads and writes: a bounded number of them, and of operations at once. */
export class FilePool extends Resource {
  readonly #maxOpen: number
  readonly #limiter: Limiter
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>()

  constructor({ maxOpen = 128, maxConcurrent = 32 }: { maxOpen?: number; maxConcurrent?: number } = {}) {
    super()
    this.#maxOpen = Math.max(maxOpen, maxConcurrent)
    this.#limiter = new Limiter(maxConcurrent)
  }

  /** Runs a step on a file; maps DISK_FULL and STORAGE_UNWRITABLE; ABORTED after close, and when the signal fires before its turn. */
  use<T>(path: string, step: (file: FileHandle) => Promise<T>, options: UseOptions = {}): Promise<T> {
    const { create = false, signal } = options
    return this.#limiter.run(async () => {
      if (this.closing || signal?.aborted) throw new DatdotError('ABORTED', 'the files are closed')
      const entry = this.#take(path, create)
      try {
        return await storing(path, async () => {
          await this.#evict()
          return step(await entry.handle)
        })
      } finally {
        entry.users -= 1
        if (entry.users === 0) entry.idle?.()
      }
    }, signal)
  }

  /** Closes a file after its last use; the next `use` opens it again. */
  async forget(path: string): Promise<void> {
    const entry = this.#entries.get(path)
    if (!entry) return
    this.#entries.delete(path)
    if (entry.users > 0) {
      await new Promise<void>(resolve => {
        entry.idle = resolve
      })
    }
    const handle = await entry.handle.catch(() => undefined)
    await handle?.close()
  }

  protected override async onClose(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map(path => this.forget(path)))
  }

  #take(path: string, create: boolean): Entry {
    const known = this.#entries.get(path)
    const flags = create ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR
    const entry = known ?? { handle: open(path, flags, FILE_MODE), users: 0 }
    this.#entries.delete(path)
    this.#entries.set(path, entry)
    entry.users += 1
    if (!known) {
      entry.handle.catch(() => {
        if (this.#entries.get(path) === entry) this.#entries.delete(path)
      })
    }
    return entry
  }

  async #evict(): Promise<void> {
    if (this.#entries.size <= this.#maxOpen) return
    const oldest = [...this.#entries].find(([, entry]) => entry.users === 0)
    if (oldest) await this.forget(oldest[0])
  }
}

/** Writes all bytes at a position. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Reads at a position until the buffer is full or the file ends; gives the number of bytes. */
export async function readAt(file: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  let done = 0
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}
