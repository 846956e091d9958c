import { decodeAddress } from '@polkadot/util-crypto'
import { z } from 'zod'
import type { Chain } from '../chain.ts'
import { fromHex, type Hex, toHex } from '../hex.ts'
import type { ExtrinsicStatus } from '../pool.ts'
import { INVALID_PARAMS, RpcError } from '../rpc-error.ts'
import { ScaleReader, uint } from '../scale.ts'
import { accountKey } from '../well-known.ts'
import { hash, hex, type Method, parse, stateAt } from './context.ts'

const MAX_EXTRINSIC_CHARS = 2 * 4 * 1024 * 1024
// Here a block is final as soon as it is made, and @polkadot/api leaves out a status that another follows at once.
const LAST_STATUS_DELAY_MS = 50
const extrinsic = hex.refine(value => value.length <= MAX_EXTRINSIC_CHARS, 'at most 4 MiB')

const submit: Method = async (chain, params) => {
  const [bytes] = parse(z.tuple([extrinsic]), params)
  return chain.submit(bytes)
}

const submitAndWatch: Method = async (chain, params, client) => {
  const [bytes] = parse(z.tuple([extrinsic]), params)
  // The client learns the subscription's id first, then what happened meanwhile.
  const early: ExtrinsicStatus[] = []
  let tell = (status: ExtrinsicStatus): void => void early.push(status)
  const watcher = (status: ExtrinsicStatus) => tell(status)
  const submitted = await chain.submit(bytes, watcher)
  return client.subscribe('author_extrinsicUpdate', (send, end) => {
    let last: NodeJS.Timeout | undefined
    tell = status => {
      if (!isLast(status)) return send(status)
      last = setTimeout(() => {
        send(status)
        end()
      }, LAST_STATUS_DELAY_MS)
    }
    for (const status of early) tell(status)
    return () => {
      clearTimeout(last)
      chain.pool.unwatch(submitted, watcher)
    }
  })
}

const pending: Method = async chain => chain.pool.all()
const unwatch: Method = async (_chain, [id], client) => client.unsubscribe(id)

const accountNextIndex: Method = async (chain, params) => {
  const [address] = parse(z.tuple([z.string().max(100)]), params)
  const account = accountOf(address)
  let nonce = nonceOf(chain, account)
  // An extrinsic of an account provides the tag (account, nonce); a contiguous run of them will all be included.
  while (chain.pool.provides(toHex(Buffer.concat([account, uint(nonce, 4)])))) nonce += 1
  return nonce
}

const dryRun: Method = async (chain, params) => {
  const [bytes, at] = parse(z.tuple([extrinsic, hash.nullable()]), params)
  const { result } = await chain.call('BlockBuilder_apply_extrinsic', bytes, await stateAt(chain, at))
  return result
}

const queryInfo: Method = async (chain, params) => {
  const [bytes, at] = parse(z.tuple([extrinsic, hash.nullable()]), params)
  const args = toHex(Buffer.concat([fromHex(bytes), uint(fromHex(bytes).length, 4)]))
  const { result } = await chain.call('TransactionPaymentApi_query_info', args, await stateAt(chain, at))
  const reader = new ScaleReader(fromHex(result))
  const weight = { ref_time: reader.compact().toString(), proof_size: reader.compact().toString() }
  const kind = ['normal', 'operational', 'mandatory'][reader.u8()]
  return { weight, class: kind, partialFee: readU128(reader).toString() }
}

const queryFeeDetails: Method = async (chain, params) => {
  const [bytes, at] = parse(z.tuple([extrinsic, hash.nullable()]), params)
  const args = toHex(Buffer.concat([fromHex(bytes), uint(fromHex(bytes).length, 4)]))
  const { result } = await chain.call(
    'TransactionPaymentApi_query_fee_details',
    args,
    await stateAt(chain, at)
  )
  const reader = new ScaleReader(fromHex(result))
  if (reader.u8() === 0) return { inclusionFee: null }
  const fee = () => `0x${readU128(reader).toString(16)}`
  return { inclusionFee: { baseFee: fee(), lenFee: fee(), adjustedWeightFee: fee() } }
}

function isLast(status: ExtrinsicStatus): boolean {
  if (typeof status === 'string') return status === 'invalid' || status === 'dropped'
  return 'finalized' in status || 'usurped' in status
}

function accountOf(address: string): Uint8Array {
  try {
    return decodeAddress(address)
  } catch (error) {
    throw new RpcError(INVALID_PARAMS, 'Invalid params', `not an account: ${String(error)}`)
  }
}

function nonceOf(chain: Chain, account: Uint8Array): number {
  const info: Hex | undefined = chain.history.head.get(accountKey(account))
  return info === undefined ? 0 : new ScaleReader(fromHex(info)).u32()
}

function readU128(reader: ScaleReader): bigint {
  return reader.u64() + (reader.u64() << 64n)
}

/** Extrinsics on their way into a block, nonces and fees. */
export const authorMethods: Record<string, Method> = {
  author_submitExtrinsic: submit,
  author_submitAndWatchExtrinsic: submitAndWatch,
  author_unwatchExtrinsic: unwatch,
  author_pendingExtrinsics: pending,
  account_nextIndex: accountNextIndex,
  system_accountNextIndex: accountNextIndex,
  system_dryRun: dryRun,
  payment_queryInfo: queryInfo,
  payment_queryFeeDetails: queryFeeDetails
}
