/** A node of a span's tree at its flat-tree index. */
export interface TreeNode {
  index: number
  hash: Uint8Array
}

/**
 * Where tree nodes are kept: 32 bytes each, node i at byte 32 * i of a file, say.
 * Written once each, children before parents; read of a node that is not there (or was torn) gives null.
 */
export interface TreeStore {
  read(index: number): Promise<Uint8Array | null>
  write(nodes: readonly TreeNode[]): Promise<void>
}

/** Keeps nodes in memory: 64 bytes and a map entry a leaf at keepDepth 0. */
export class MemoryTreeStore implements TreeStore {
  readonly #nodes = new Map<number, Uint8Array>()

  async read(index: number): Promise<Uint8Array | null> {
    return this.#nodes.get(index) ?? null
  }

  async write(nodes: readonly TreeNode[]): Promise<void> {
    for (const { index, hash } of nodes) this.#nodes.set(index, hash)
  }
}

/** Flat-tree index of node `offset` of level `depth`. */
export function flatIndex(depth: number, offset: number): number {
  return (1 + 2 * offset) * 2 ** depth - 1
}

/** Level and place of a flat-tree index. */
export function flatPlace(index: number): { depth: number; offset: number } {
  let depth = 0
  let rest = index
  while (rest % 2 === 1) {
    rest = (rest - 1) / 2
    depth += 1
  }
  return { depth, offset: rest / 2 }
}
