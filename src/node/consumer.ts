import { Consumer, type ConsumerOptions, type ReadableCore, type Sink } from '../../roles/consumer.ts'
import { blake2b256 } from '../codec/hash.ts'
import { toHex } from '../domain/bytes.ts'
import { ds } from '../domain/hashing.ts'
import type { CoreKey } from '../domain/ids.ts'
import type { Core } from '../hyper/core.ts'
import type { Joined } from '../hyper/node.ts'
import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'
import { updateFromAll } from './newest.ts'

/** A consumer's node: an ordinary peer, without a chain. */
export class ConsumerNode extends NodeBase {
  constructor(config: BaseConfig, modules: BaseModules = {}) {
    super(config, { chain: false, hyper: true }, modules)
  }

  /** The consumer's role for one core; the node is ready. */
  async role(
    core: CoreKey,
    sink: Sink,
    options: ConsumerOptions & { encryptionKey: Uint8Array | null }
  ): Promise<Consumer> {
    const { encryptionKey } = options
    const opened = await this.hyper.openCore(core, encryptionKey === null ? {} : { encryptionKey })
    const topic = this.hyper.join(opened, { server: false, client: true })
    const read = readable(opened, encryptionKey, topic)
    return new Consumer(options, { core: read, sink, emit: this.events.emit })
  }
}

function readable(core: Core, encryptionKey: Uint8Array | null, topic: Joined): ReadableCore {
  return {
    key: core.key,
    encryption: encryptionKey === null ? null : toHex(blake2b256(ds('encryption'), encryptionKey)),
    get length() {
      return core.length
    },
    get fork() {
      return core.fork
    },
    get peers() {
      return core.peers
    },
    update: ({ signal }) => updateFromAll(core, topic, signal),
    download: (start, end, options) => core.download(start, end, options),
    getLocal: index => core.getLocal(index),
    forget: (start, end) => core.forget(start, end)
  }
}
