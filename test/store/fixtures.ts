import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { SpanTree } from '../../src/codec/tree.ts'
import type { CellsFile } from '../../src/store/cells-file.ts'
import { Copies } from '../../src/store/copies.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { tempFolder } from '../helpers/folder.ts'

export const CELL = 256
export const tag = new Uint8Array(32).fill(7)

/** A folder and its copies, closed after the test. */
export async function openCopies(t: TestContext, options: Parameters<typeof Copies.open>[1] = {}) {
  const folder = await StorageFolder.open(await tempFolder(t))
  t.after(() => folder.close())
  const copies = await Copies.open(folder, options)
  t.after(() => copies.close())
  return { folder, copies }
}

/** The span's tree, kept in the file's own store. */
export function hasher(file: CellsFile, keepDepth = 0): SpanTree {
  return new SpanTree({ tag, store: file.tree, keepDepth })
}

/** A whole file of random cells and its root. */
export async function filled(copies: Copies, spanId: bigint, cells: number) {
  const file = await copies.create(spanId, { cells, blocks: 2 })
  const data = randomBytes(cells * CELL)
  const tree = hasher(file)
  await tree.write(data)
  await file.append(data)
  await file.checkpoint()
  return { file, data, root: tree.root() }
}
