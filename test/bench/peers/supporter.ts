import type { DhtAddress } from 'hyperdht'
import { connect } from '../../../src/chain-client/client.ts'
import { DAT } from '../../../src/domain/amounts.ts'
import { SupporterNode } from '../../../src/node/supporter.ts'
import { adminKeys } from '../../helpers/admin.ts'

/** A supporter's node. */
export class SupporterPeer {
  /** Publishes a core that peers have, as `datdot supporter publish` does. */
  async publish(
    storage: string,
    bootstrap: readonly DhtAddress[],
    { chain, key }: { chain: string; key: string }
  ): Promise<void> {
    const config = { storage, chain: [chain], passphraseFile: null, bootstrap, host: '127.0.0.1' }
    const node = new SupporterNode(config)
    const client = await connect({ urls: [chain] })
    try {
      await node.ready()
      const alice = client.account(await adminKeys())
      await alice.submit({ call: 'transfer', to: node.identity.account, amount: 100n * DAT })
      await node.role(key).publish(new AbortController().signal)
    } finally {
      await client.close()
      await node.close()
    }
  }

  close(): void {}
}
