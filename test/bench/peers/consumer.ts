import { join } from 'node:path'
import type { DhtAddress } from 'hyperdht'
import { ConsumerNode } from '../../../src/node/consumer.ts'
import { PartialFile } from '../../../src/store/partial-file.ts'
import type { MadeCore } from './source.ts'

/** A consumer's node. */
export class ConsumerPeer {
  /** Reads all of a core, as `datdot consumer get` does. */
  async get(storage: string, bootstrap: readonly DhtAddress[], made: MadeCore): Promise<void> {
    const config = { storage, chain: [], passphraseFile: null, bootstrap, host: '127.0.0.1' }
    const node = new ConsumerNode(config)
    const sink = new PartialFile(join(storage, 'core'))
    try {
      await node.ready()
      const role = await node.role(made.key, sink, { start: 0, end: null, encryptionKey: null })
      await role.run(new AbortController().signal)
    } finally {
      await sink.close()
      await node.close()
    }
  }

  close(): void {}
}
