import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type Hypercore from 'hypercore'

/** What one core takes of the store, before the database's own overhead. */
export interface StoredBytes {
  /** Blocks that are stored as plain bytes. */
  blocks: number
  blockBytes: number
  treeNodes: number
  treeBytes: number
}

/** A tree node on disk: 32 bytes of hash, index, size and key. */
const TREE_NODE_BYTES = 40

/** Counts a core's plain blocks and tree nodes on disk; reads all of them. */
export async function storedBytes(core: Hypercore): Promise<StoredBytes> {
  const { storage } = core.core.state
  const sum: StoredBytes = { blocks: 0, blockBytes: 0, treeNodes: 0, treeBytes: 0 }
  for await (const { value } of storage.createBlockStream()) {
    sum.blocks += 1
    sum.blockBytes += value.byteLength
  }
  for await (const _ of storage.createTreeNodeStream()) sum.treeNodes += 1
  sum.treeBytes = sum.treeNodes * TREE_NODE_BYTES
  return sum
}

/** Bytes of all files under a folder; 0 when it does not exist. */
export async function folderBytes(folder: string): Promise<number> {
  let sum = 0
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += await folderBytes(path)
    else if (entry.isFile()) sum += await sizeOf(path)
  }
  return sum
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** The database removes its files while we count. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}

function isGone(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ENOENT'
}
