import { Consumer, type ConsumerOptions, type Sink } from '../../roles/consumer.ts'
import type { CoreKey } from '../domain/ids.ts'
import { type BaseConfig, type BaseModules, NodeBase } from './base.ts'

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
    this.hyper.join(opened, { server: false, client: true })
    return new Consumer(options, { core: opened, sink, emit: this.events.emit })
  }
}
