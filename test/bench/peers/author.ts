import { randomBytes } from 'node:crypto'
import type { DhtAddress } from 'hyperdht'
import { AuthorNode } from '../../../src/node/author.ts'

const CHUNK_BYTES = 65_536

async function* noise(byteLength: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < byteLength; done += CHUNK_BYTES)
    yield randomBytes(Math.min(CHUNK_BYTES, byteLength - done))
}

/** An author's node. */
export class AuthorPeer {
  /** Makes a core of random bytes, as `datdot author publish` does of a file. */
  async publish(storage: string, bootstrap: readonly DhtAddress[], byteLength: number): Promise<void> {
    const config = { storage, chain: [], passphraseFile: null, bootstrap, host: '127.0.0.1' }
    const node = new AuthorNode(config)
    try {
      await node.ready()
      const sources = [noise(byteLength)]
      const options = { sources, appendTo: null, blockSizes: [CHUNK_BYTES], serve: false }
      await node.role(options).run(new AbortController().signal)
    } finally {
      await node.close()
    }
  }

  close(): void {}
}
