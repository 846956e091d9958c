import { open, rename, rm, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { storing, systemCode } from './failure.ts'
import { FILE_MODE } from './folder.ts'

/** Makes a folder's entries durable; systems that cannot open folders need no such thing. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EBADF'].includes(systemCode(error) ?? '')) throw error
  }
}

/** Replaces a file as a whole, 0600: after a crash there is the old one or the new one. Throws DISK_FULL, STORAGE_UNWRITABLE. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const next = `${path}.new`
  await storing(path, async () => {
    try {
      await rm(next, { force: true })
      const file = await open(next, 'wx', FILE_MODE)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(next, path)
      await syncFolder(dirname(path))
    } catch (error) {
      await unlink(next).catch(() => undefined)
      throw error
    }
  })
}
