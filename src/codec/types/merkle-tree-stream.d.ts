declare module 'merkle-tree-stream/generator.js' {
  export interface GeneratorNode {
    index: number
    parent: number
    hash: Uint8Array
    size: number
    data: Uint8Array | null
  }
  export interface GeneratorHashes {
    leaf(node: GeneratorNode, roots: readonly GeneratorNode[]): Uint8Array
    parent(left: GeneratorNode, right: GeneratorNode): Uint8Array
  }
  export default class MerkleGenerator {
    roots: GeneratorNode[]
    blocks: number
    constructor(hashes: GeneratorHashes, roots?: GeneratorNode[])
    next(data: Uint8Array, nodes?: GeneratorNode[]): GeneratorNode[]
  }
}
