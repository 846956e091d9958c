import { readFile, writeFile } from 'node:fs/promises'

/** Changes one bit of a file, at a part of its length: 0 is its first byte, 1 its last. */
export async function flip(path: string, part: number): Promise<void> {
  const bytes = await readFile(path)
  const at = Math.floor(part * (bytes.length - 1))
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
}

/** Overwrites all of a file. */
export async function fill(path: string): Promise<void> {
  await writeFile(path, (await readFile(path)).fill(0x55))
}
