import { authorMethods } from './author-methods.ts'
import { chainMethods } from './chain-methods.ts'
import type { Method } from './context.ts'
import { stateMethods } from './state-methods.ts'

const system: Record<string, Method> = {
  system_name: async () => 'datdot embedded chain',
  system_version: async () => '1',
  system_chain: async () => 'datdot Development',
  system_chainType: async () => 'Development',
  system_properties: async () => ({ ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'DAT' }),
  system_health: async () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
  system_peers: async () => [],
  system_nodeRoles: async () => ['Authority'],
  system_localListenAddresses: async () => [],
  system_syncState: async chain => ({
    startingBlock: 0,
    currentBlock: chain.height,
    highestBlock: chain.height
  }),
  rpc_methods: async () => ({ methods: Object.keys(methods).sort() })
}

/** Every JSON-RPC method of the embedded chain, by name. */
export const methods: Readonly<Record<string, Method>> = {
  ...chainMethods,
  ...stateMethods,
  ...authorMethods,
  ...system
}
