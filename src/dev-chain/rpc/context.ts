import { z } from 'zod'
import type { BlockRecord } from '../block-database.ts'
import type { Chain } from '../chain.ts'
import { decodeHeader } from '../header.ts'
import { fromHex, type Hex, isHex } from '../hex.ts'
import type { StateView } from '../history.ts'
import { INVALID_PARAMS, RpcError, SERVER_ERROR } from '../rpc-error.ts'

/** A client's connection, as a method sees it. */
export interface Subscriber {
  /** Starts a subscription whose notifications carry this method name; `start` returns what stops it. */
  subscribe(name: string, start: (notify: (result: unknown) => void, end: () => void) => () => void): string
  unsubscribe(id: unknown): boolean
}

/** A JSON-RPC method over a chain. */
export type Method = (chain: Chain, params: readonly unknown[], client: Subscriber) => Promise<unknown>

export const hex = z
  .custom<Hex>(isHex, 'bytes as 0x and hex digits')
  .transform(value => value.toLowerCase() as Hex)
export const hash = hex.refine(value => value.length === 66, 'a hash of 32 bytes')

/** Checks positional parameters; missing ones at the end are null. */
export function parse<T extends z.ZodTuple>(schema: T, params: readonly unknown[]): z.infer<T> {
  const padded = schema.def.items.map((_, i) => params[i] ?? null)
  const result = schema.safeParse(padded)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new RpcError(
    INVALID_PARAMS,
    'Invalid params',
    `parameter ${issue?.path.join('.')}: ${issue?.message}`
  )
}

/** The block with a hash, null = the head. */
export async function findBlock(chain: Chain, at: Hex | null): Promise<BlockRecord | null> {
  const height = at === null ? chain.height : await chain.database.height(at)
  return height === null ? null : chain.database.block(height)
}

/** The state after the block with a hash, null = the head. */
export async function stateAt(chain: Chain, at: Hex | null): Promise<StateView> {
  const height = at === null ? chain.height : await chain.database.height(at)
  if (height === null) throw new RpcError(SERVER_ERROR, `Client error: UnknownBlock: no block ${at}`)
  if (!chain.hasState(height)) {
    throw new RpcError(4003, 'Client error: UnknownBlock: State already discarded for this block')
  }
  return chain.history.at(height)
}

/** A header as Substrate's JSON has it. */
export function headerJson(encoded: Hex): unknown {
  const { parentHash, number, stateRoot, extrinsicsRoot, logs } = decodeHeader(fromHex(encoded))
  return { parentHash, number: `0x${number.toString(16)}`, stateRoot, extrinsicsRoot, digest: { logs } }
}
