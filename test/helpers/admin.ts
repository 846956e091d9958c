import { accountKeys, cryptoReady } from '../../src/chain-client/keys.ts'
import type { AccountKeys, Chain } from '../../src/chain-client/types.ts'
import { fromHex } from '../../src/domain/bytes.ts'
import type { Params } from '../../src/domain/view.ts'

/** Alice of the development preset, the chain's admin: `subkey inspect //Alice`. */
export async function adminKeys(): Promise<AccountKeys> {
  await cryptoReady()
  return accountKeys(fromHex('e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a'))
}

/** Changes some of a chain's parameters as its admin. */
export async function setParams(client: Chain, changes: Partial<Params>): Promise<void> {
  const params = { ...(await client.params()), ...changes }
  await client.account(await adminKeys()).submit({ call: 'setParams', params })
}
