import { blake2AsU8a, encodeAddress } from '@polkadot/util-crypto'
import { DatdotError } from '../domain/errors.ts'
import type { Executor } from './executor.ts'
import { EMPTY_ROOT, type Header, ZERO_HASH } from './header.ts'
import { fromHex, type Hex, toHex } from './hex.ts'
import type { Endowment } from './options.ts'
import { lengthed, ScaleReader } from './scale.ts'
import { trieRoot } from './trie.ts'
import { NO_STATE } from './wasm/working-state.ts'
import { CODE } from './well-known.ts'

/** What decides a chain's genesis. */
export interface GenesisInput {
  readonly code: Hex
  readonly preset: string
  readonly endowed: readonly Endowment[]
}

/** A chain's first state and its header. */
export interface Genesis {
  readonly state: Map<Hex, Hex>
  readonly header: Header
}

type Json = null | boolean | string | bigint | number | Json[] | { [key: string]: Json }

/** Names a genesis without building it: the same inputs, the same chain. */
export function genesisId(input: GenesisInput): Hex {
  const endowed = input.endowed.map(({ account, amount }) => `${account}=${amount}`)
  const text = JSON.stringify([input.code, input.preset, endowed])
  return toHex(blake2AsU8a(text, 256))
}

/** Builds the first state with the runtime's own GenesisBuilder API; no chain specification is needed. */
export async function buildGenesis(executor: Executor, input: GenesisInput): Promise<Genesis> {
  const config = merge(
    await preset(executor, input.code, null),
    await preset(executor, input.code, input.preset)
  )
  endow(config, input.endowed)
  const { result, changes } = await executor.task(
    input.code,
    [['GenesisBuilder_build_state', toHex(lengthed(Buffer.from(printJson(config))))]],
    NO_STATE
  )
  if (result !== '0x00') {
    const reason = fromHex(result).subarray(2).toString()
    throw new DatdotError('BAD_CONFIG', `the runtime refused its genesis: ${reason}`)
  }
  const state = new Map<Hex, Hex>([[CODE, input.code]])
  for (const [key, value] of changes) if (value !== null) state.set(key, value)
  const entries = [...state].map(([key, value]) => [fromHex(key), fromHex(value)] as const)
  const stateRoot = toHex(trieRoot(entries, 1))
  return {
    state,
    header: { parentHash: ZERO_HASH, number: 0, stateRoot, extrinsicsRoot: EMPTY_ROOT, logs: [] }
  }
}

async function preset(executor: Executor, code: Hex, name: string | null): Promise<Json> {
  const arg = name === null ? Buffer.of(0) : Buffer.concat([Buffer.of(1), lengthed(Buffer.from(name))])
  const { result } = await executor.task(code, [['GenesisBuilder_get_preset', toHex(arg)]], NO_STATE)
  const bytes = fromHex(result)
  if (bytes[0] !== 1) throw new DatdotError('BAD_CONFIG', `the runtime has no genesis preset '${name}'`)
  return parseJson(Buffer.from(new ScaleReader(bytes.subarray(1)).lengthed()).toString())
}

function endow(config: Json, endowed: readonly Endowment[]): void {
  if (endowed.length === 0) return
  const list = balances(config)
  for (const { account, amount } of endowed) {
    const address = encodeAddress(fromHex(account), 42)
    const known = list.find(entry => Array.isArray(entry) && entry[0] === address)
    if (Array.isArray(known)) known[1] = amount
    else list.push([address, amount])
  }
}

function balances(config: Json): Json[] {
  const pallet = isRecord(config) ? config['balances'] : undefined
  const list = pallet !== undefined && isRecord(pallet) ? pallet['balances'] : undefined
  if (!Array.isArray(list))
    throw new DatdotError('BAD_CONFIG', 'the genesis of this runtime has no list of balances')
  return list
}

function isRecord(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// A preset is a patch over the default: objects are merged, everything else is replaced.
function merge(base: Json, patch: Json): Json {
  if (!isRecord(base) || !isRecord(patch)) return patch
  const out = { ...base }
  for (const [key, value] of Object.entries(patch)) out[key] = merge(out[key] ?? null, value)
  return out
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const MARK = 'integer:'

// Balances have more digits than a JavaScript number keeps, so integers travel through JSON.parse as marked strings.
function parseJson(text: string): Json {
  const marked = text.replace(TOKEN, token => (/^-?\d+$/.test(token) ? `"${MARK}${token}"` : token))
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value
  )
}

function printJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const fields = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${printJson(inner)}`)
  return `{${fields.join(',')}}`
}
