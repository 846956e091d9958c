import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeFileAtomically } from './atomic-file.ts'
import { storing, systemCode } from './failure.ts'
import type { StorageFolder } from './folder.ts'
import { word } from './keys.ts'

const FOLDER = 'keys'
const LEFTOVER = '.new'

/** Short-lived secrets, a 0600 file each: a signer's RSA keys until their spans are sealed (encoding.md, "Keys"). */
export class SecretFiles {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Opens `<storage>/keys` and destroys what a crash left half written. */
  static async open(folder: StorageFolder): Promise<SecretFiles> {
    const files = new SecretFiles(await folder.folder(FOLDER))
    for (const name of await readdir(files.#path)) if (name.endsWith(LEFTOVER)) await files.destroy(name)
    return files
  }

  /** Keeps a secret durably; the caller wipes its own copy. */
  async put(name: string, secret: Uint8Array): Promise<void> {
    await writeFileAtomically(this.#file(name), secret)
  }

  /** The secret in a buffer that the caller wipes; null when there is none. */
  async get(name: string): Promise<Buffer | null> {
    const path = this.#file(name)
    try {
      return await readFile(path)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null
      throw error
    }
  }

  /** Overwrites and deletes a secret; nothing happens when there is none. */
  async destroy(name: string): Promise<void> {
    const path = this.#file(name)
    // Under a name that is never read: a crash from here on leaves nothing that looks like a secret.
    const leftover = name.endsWith(LEFTOVER) ? path : `${path}${LEFTOVER}`
    await storing(path, async () => {
      try {
        if (leftover !== path) await rename(path, leftover)
        await syncFolder(this.#path)
        await overwrite(leftover)
        await unlink(leftover)
        await syncFolder(this.#path)
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error
      }
    })
  }

  /** Names of all secrets. */
  async names(): Promise<string[]> {
    return (await readdir(this.#path)).filter(name => !name.endsWith(LEFTOVER)).sort()
  }

  #file(name: string): string {
    return join(this.#path, word.write(name))
  }
}

async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    await file.write(randomBytes(size), 0, size, 0)
    await file.sync()
  } finally {
    await file.close()
  }
}
