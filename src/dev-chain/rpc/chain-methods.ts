import { z } from 'zod'
import type { Chain } from '../chain.ts'
import { encodeHeader } from '../header.ts'
import { type Hex, toHex } from '../hex.ts'
import { findBlock, hash, headerJson, type Method, parse } from './context.ts'

const height = z.union([z.number().int().nonnegative(), z.string().regex(/^0x[0-9a-fA-F]+$/)])

const MAX_HEIGHTS = 1_000

const getBlockHash: Method = async (chain, params) => {
  const [asked] = parse(z.tuple([z.union([height, z.array(height).max(MAX_HEIGHTS)]).nullable()]), params)
  if (asked === null) return chain.head.hash
  if (!Array.isArray(asked)) return hashOf(chain, Number(asked))
  return Promise.all(asked.map(one => hashOf(chain, Number(one))))
}

const getHeader: Method = async (chain, params) => {
  const [at] = parse(z.tuple([hash.nullable()]), params)
  const block = await findBlock(chain, at)
  return block && headerJson(block.header)
}

const getBlock: Method = async (chain, params) => {
  const [at] = parse(z.tuple([hash.nullable()]), params)
  const block = await findBlock(chain, at)
  if (block === null) return null
  return { block: { header: headerJson(block.header), extrinsics: block.extrinsics }, justifications: null }
}

const getFinalizedHead: Method = async chain => chain.head.hash

// Every block is final at once, so all three head subscriptions say the same.
function heads(name: string): Method {
  return async (chain, _params, client) =>
    client.subscribe(name, notify => {
      const send = () => notify(headerJson(toHex(encodeHeader(chain.head.header))))
      chain.on('block', send)
      send()
      return () => chain.off('block', send)
    })
}

const unsubscribe: Method = async (_chain, [id], client) => client.unsubscribe(id)

async function hashOf(chain: Chain, number: number): Promise<Hex | null> {
  const block = await chain.database.block(number)
  return block?.hash ?? null
}

/** Blocks and heads. */
export const chainMethods: Record<string, Method> = {
  chain_getBlockHash: getBlockHash,
  chain_getHead: getBlockHash,
  chain_getHeader: getHeader,
  chain_getBlock: getBlock,
  chain_getFinalizedHead: getFinalizedHead,
  chain_getFinalisedHead: getFinalizedHead,
  chain_subscribeAllHeads: heads('chain_allHead'),
  chain_subscribeNewHeads: heads('chain_newHead'),
  chain_subscribeNewHead: heads('chain_newHead'),
  chain_subscribeFinalizedHeads: heads('chain_finalizedHead'),
  chain_subscribeFinalisedHeads: heads('chain_finalizedHead'),
  chain_unsubscribeAllHeads: unsubscribe,
  chain_unsubscribeNewHeads: unsubscribe,
  chain_unsubscribeNewHead: unsubscribe,
  chain_unsubscribeFinalizedHeads: unsubscribe,
  chain_unsubscribeFinalisedHeads: unsubscribe
}
