import { blake2AsU8a } from '@polkadot/util-crypto'
import { z } from 'zod'
import type { Chain, ChainBlock } from '../chain.ts'
import type { StateReader } from '../executor.ts'
import { fromHex, type Hex, toHex } from '../hex.ts'
import { RpcError, SERVER_ERROR } from '../rpc-error.ts'
import { CODE } from '../well-known.ts'
import { findBlock, hash, hex, type Method, parse, stateAt } from './context.ts'

const MAX_PAGE = 1_000
const MAX_KEYS = 10_000
const MAX_QUERY_BLOCKS = 256
const at = hash.nullable()
const metadataOf = new Map<Hex, Hex>()

const getStorage: Method = async (chain, params) => {
  const [key, block] = parse(z.tuple([hex, at]), params)
  return (await (await stateAt(chain, block)).get(key)) ?? null
}

const getStorageHash: Method = async (chain, params) => {
  const [key, block] = parse(z.tuple([hex, at]), params)
  const value = await (await stateAt(chain, block)).get(key)
  return value === undefined ? null : toHex(blake2AsU8a(fromHex(value), 256))
}

const getStorageSize: Method = async (chain, params) => {
  const [key, block] = parse(z.tuple([hex, at]), params)
  const value = await (await stateAt(chain, block)).get(key)
  return value === undefined ? null : fromHex(value).length
}

const getKeys: Method = async (chain, params) => {
  const [prefix, block] = parse(z.tuple([hex, at]), params)
  return (await stateAt(chain, block)).page(prefix, Number.POSITIVE_INFINITY, null)
}

const getPairs: Method = async (chain, params) => {
  const [prefix, block] = parse(z.tuple([hex, at]), params)
  const state = await stateAt(chain, block)
  const keys = await state.page(prefix, Number.POSITIVE_INFINITY, null)
  return Promise.all(keys.map(async key => [key, (await state.get(key)) ?? null]))
}

const getKeysPaged: Method = async (chain, params) => {
  const schema = z.tuple([hex.nullable(), z.number().int().min(1).max(MAX_PAGE), hex.nullable(), at])
  const [prefix, count, after, block] = parse(schema, params)
  return (await stateAt(chain, block)).page(prefix ?? '0x', count, after)
}

const queryStorageAt: Method = async (chain, params) => {
  const [keys, block] = parse(z.tuple([z.array(hex).max(MAX_KEYS), at]), params)
  const state = await stateAt(chain, block)
  const changes = await Promise.all(keys.map(async key => [key, (await state.get(key)) ?? null]))
  return [{ block: block ?? chain.head.hash, changes }]
}

const queryStorage: Method = async (chain, params) => {
  const [keys, from, to] = parse(z.tuple([z.array(hex).max(MAX_KEYS), hash, at]), params)
  const first = await findBlock(chain, from)
  const last = await findBlock(chain, to)
  if (first === null || last === null) throw new RpcError(SERVER_ERROR, 'Client error: UnknownBlock')
  if (last.height - first.height >= MAX_QUERY_BLOCKS) {
    throw new RpcError(SERVER_ERROR, `Cannot resolve a block range of more than ${MAX_QUERY_BLOCKS} blocks`)
  }
  const sets: { block: Hex; changes: [Hex, Hex | null][] }[] = []
  for (let height = first.height; height <= last.height; height++) {
    const block = await chain.database.block(height)
    if (block === null || !chain.hasState(height)) throw new RpcError(4003, 'State already discarded')
    const state = chain.history.at(height)
    const wanted = keys.filter(key => height === first.height || block.changed.includes(key))
    const changes = await Promise.all(
      wanted.map(async (key): Promise<[Hex, Hex | null]> => [key, (await state.get(key)) ?? null])
    )
    if (changes.length > 0) sets.push({ block: block.hash, changes })
  }
  return sets
}

const call: Method = async (chain, params) => {
  const [name, args, block] = parse(z.tuple([z.string().max(200), hex, at]), params)
  const { result } = await chain.call(name, args, await stateAt(chain, block))
  return result
}

// 40 ms and 120 KB for each client that connects, the same until the runtime is another.
const getMetadata: Method = async (chain, params) => {
  const [block] = parse(z.tuple([at]), params)
  const state = await stateAt(chain, block)
  const code = (await state.get(CODE)) ?? chain.code
  const known = metadataOf.get(code)
  if (known !== undefined) return known
  const { result } = await chain.call('Metadata_metadata', '0x', state)
  const bytes = fromHex(result)
  const prefix = (bytes[0] ?? 0) & 3
  const metadata = toHex(bytes.subarray(prefix === 0 ? 1 : prefix === 1 ? 2 : 4))
  if (metadataOf.size >= 4) metadataOf.clear()
  metadataOf.set(code, metadata)
  return metadata
}

async function versionJson(chain: Chain, state: StateReader): Promise<unknown> {
  const version = await chain.version(state)
  return { ...version, systemVersion: version.stateVersion }
}

const getRuntimeVersion: Method = async (chain, params) => {
  const [block] = parse(z.tuple([at]), params)
  return versionJson(chain, await stateAt(chain, block))
}

const subscribeRuntimeVersion: Method = async (chain, _params, client) =>
  client.subscribe('state_runtimeVersion', notify => {
    const send = () => void versionJson(chain, chain.history.at(chain.height)).then(notify, () => undefined)
    const onBlock = (block: ChainBlock) => block.undo.has(CODE) && send()
    chain.on('block', onBlock)
    send()
    return () => chain.off('block', onBlock)
  })

const subscribeStorage: Method = async (chain, params, client) => {
  const [keys] = parse(z.tuple([z.array(hex).max(MAX_KEYS)]), params)
  return client.subscribe('state_storage', notify => {
    const pairs = (wanted: readonly Hex[]) => wanted.map(key => [key, chain.history.head.get(key) ?? null])
    const onBlock = (block: ChainBlock) => {
      const changed = keys.filter(key => block.undo.has(key))
      if (changed.length > 0) notify({ block: block.hash, changes: pairs(changed) })
    }
    chain.on('block', onBlock)
    notify({ block: chain.head.hash, changes: pairs(keys) })
    return () => chain.off('block', onBlock)
  })
}

const unsubscribe: Method = async (_chain, [id], client) => client.unsubscribe(id)

/** Storage, runtime calls and metadata. */
export const stateMethods: Record<string, Method> = {
  state_getStorage: getStorage,
  state_getStorageAt: getStorage,
  state_getStorageHash: getStorageHash,
  state_getStorageHashAt: getStorageHash,
  state_getStorageSize: getStorageSize,
  state_getStorageSizeAt: getStorageSize,
  state_getKeys: getKeys,
  state_getPairs: getPairs,
  state_getKeysPaged: getKeysPaged,
  state_getKeysPagedAt: getKeysPaged,
  state_queryStorage: queryStorage,
  state_queryStorageAt: queryStorageAt,
  state_call: call,
  state_callAt: call,
  state_getMetadata: getMetadata,
  state_getRuntimeVersion: getRuntimeVersion,
  chain_getRuntimeVersion: getRuntimeVersion,
  state_subscribeRuntimeVersion: subscribeRuntimeVersion,
  chain_subscribeRuntimeVersion: subscribeRuntimeVersion,
  state_unsubscribeRuntimeVersion: unsubscribe,
  chain_unsubscribeRuntimeVersion: unsubscribe,
  state_subscribeStorage: subscribeStorage,
  state_unsubscribeStorage: unsubscribe
}
