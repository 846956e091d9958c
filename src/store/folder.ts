import { chmod, type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { tryLock } from 'fs-native-extensions'
import { DatdotError } from '../domain/errors.ts'
import { Resource } from '../resource.ts'
import { storing, systemCode } from './failure.ts'

const LOCK = 'lock'
const FOLDER_MODE = 0o700
export const FILE_MODE = 0o600

/** Where things stand in a data folder. */
export type FolderPaths = Pick<StorageFolder, 'path' | 'resolve'>

/** A node's data folder, held by one process: the system drops the lock with the process, however it ends. */
export class StorageFolder extends Resource {
  /** Absolute. */
  readonly path: string
  #lock: FileHandle | undefined

  private constructor(path: string) {
    super()
    this.path = resolve(path)
  }

  /** Makes the folder (0700) if need be and locks it; throws STORAGE_LOCKED, STORAGE_UNWRITABLE or DISK_FULL. */
  static async open(path: string): Promise<StorageFolder> {
    const folder = new StorageFolder(path)
    await folder.ready()
    return folder
  }

  /** The paths of a folder without opening it: for reading a key while a node runs on it. */
  static at(path: string): FolderPaths {
    return new StorageFolder(path)
  }

  /** A path inside the folder; throws BAD_ARGUMENT for one that leads out of it. */
  resolve(...names: string[]): string {
    if (names.some(name => name === '' || isAbsolute(name) || name.split(/[\\/]/).includes('..'))) {
      throw new DatdotError('BAD_ARGUMENT', `"${names.join('/')}" is not a name inside the storage folder`)
    }
    return join(this.path, ...names)
  }

  /** Makes a folder inside, 0700, and returns its path. */
  async folder(name: string): Promise<string> {
    const path = this.resolve(name)
    await storing(path, () => makeFolder(path))
    return path
  }

  protected override async onOpen(): Promise<void> {
    await storing(this.path, async () => {
      await makeFolder(this.path)
      await this.#tighten()
      this.#lock = await open(this.resolve(LOCK), 'a+', FILE_MODE)
      await this.#takeLock(this.#lock)
    })
  }

  protected override async onClose(): Promise<void> {
    await this.#lock?.close()
    this.#lock = undefined
  }

  /** A folder of ours, or a fresh one, is closed to others; one with other things in it keeps its rights. */
  async #tighten(): Promise<void> {
    const names = await readdir(this.path)
    const mode = (await stat(this.path)).mode & 0o777
    if (mode !== FOLDER_MODE && (names.length === 0 || names.includes(LOCK)))
      await chmod(this.path, FOLDER_MODE)
  }

  async #takeLock(lock: FileHandle): Promise<void> {
    if (!tryLock(lock.fd)) {
      const pid = await holderOf(lock)
      const holder = pid === null ? 'another process' : `process ${pid}`
      throw new DatdotError('STORAGE_LOCKED', `${this.path} is used by ${holder}`, {
        details: { path: this.path, pid }
      })
    }
    await lock.truncate(0)
    await lock.write(`${process.pid}\n`)
  }
}

/** Makes a folder and its parents, 0700. Not by `recursive: true`, which never ends below /proc. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    // the parent is there when another process made it just now, and below /proc: once more tells which
    if (!(await isFolder(dirname(path)))) await makeFolder(dirname(path))
    await makeOne(path)
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODE })
  } catch (error) {
    if (systemCode(error) !== 'EEXIST' || !(await isFolder(path))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    entry => entry.isDirectory(),
    () => false
  )
}

/** The process that wrote its id into the lock; null where the system forbids reading a locked file. */
async function holderOf(lock: FileHandle): Promise<number | null> {
  try {
    const { buffer, bytesRead } = await lock.read(Buffer.alloc(16), 0, 16, 0)
    const pid = Number.parseInt(buffer.toString('latin1', 0, bytesRead), 10)
    return Number.isInteger(pid) ? pid : null
  } catch (error) {
    if (systemCode(error)) return null
    throw error
  }
}
