import { toHex } from '../domain/bytes.ts'
import type { Call } from '../domain/calls.ts'
import type { Height } from '../domain/ids.ts'
import { encodeCall } from './calls.ts'
import { ERA_BLOCKS, signExtrinsic } from './extensions.ts'
import type { Finality } from './finality.ts'
import type { Rpc } from './rpc.ts'
import type { AccountKeys } from './types.ts'

/** A signed extrinsic, mortal from the newest finalized block on. */
export interface Extrinsic {
  nonce: number
  /** 0x hex, as it stands in a block. */
  hex: string
  /** The last block that it can be in. */
  lastHeight: Height
}

/** Signs a call of the account with a nonce; throws BAD_ARGUMENT for a call that does not fit the runtime. */
export function signCall(call: Call, nonce: number, keys: AccountKeys, finality: Finality): Extrinsic {
  const { runtime, genesis, latest: birth } = finality
  const { specVersion, transactionVersion } = runtime
  const facts = { nonce, birth, genesis, specVersion, transactionVersion }
  const bytes = signExtrinsic(encodeCall(call, runtime), runtime.extensions, facts, keys)
  return { nonce, hex: `0x${toHex(bytes)}`, lastHeight: birth.height + ERA_BLOCKS - 1 }
}

/** The fee that the newest finalized block's runtime asks for an extrinsic, plancks. */
export async function queryFee({ hex }: Extrinsic, rpc: Rpc, finality: Finality): Promise<bigint> {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, hex.length / 2 - 1, true)
  const data = `${hex}${toHex(length)}`
  const info = await rpc.runtimeCall('TransactionPaymentApi_query_info', data, finality.latest.hash)
  const bytes = Buffer.from(info.slice(2), 'hex')
  return finality.runtime.named('RuntimeDispatchInfo', bytes).field('partialFee').bigint()
}
