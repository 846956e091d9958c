import assert from 'node:assert/strict'
import type { Network, Provider } from '../helpers/network.ts'

/** A provider takes part in no draw any more; what it has it keeps. */
export async function pause(network: Network, { kind, node, identity }: Provider): Promise<void> {
  const known = await (await network.client.snapshot()).provider(identity.account)
  assert.ok(node && known)
  const { capacity } = known
  await node.submitter.submit({ call: 'updateProvider', roles: [kind], capacity, paused: true, payout: null })
}
