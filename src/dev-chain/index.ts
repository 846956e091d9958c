export { DevChain, FAST_RUNTIME } from './dev-chain.ts'
export type { BlockTime, DevChainEvent, DevChainOptions, Endowment } from './options.ts'
