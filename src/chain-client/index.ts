export { ChainClient, connect } from './client.ts'
export {
  accountKeys,
  cryptoReady,
  formatAccount,
  isPhrase,
  newPhrase,
  parseAccount,
  phraseToMiniSecret,
  verifySignature
} from './keys.ts'
export { SPEC_NAME, SPEC_VERSIONS } from './runtime.ts'
export type {
  AccountKeys,
  BalanceView,
  BlockRef,
  Chain,
  ConnectOptions,
  Head,
  Receipt,
  RpcProvider,
  Snapshot,
  Submitter
} from './types.ts'
