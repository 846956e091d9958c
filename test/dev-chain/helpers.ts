import type { TestContext } from 'node:test'
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { ISubmittableResult } from '@polkadot/types/types'
import { DevChain, type DevChainOptions } from '../../src/dev-chain/index.ts'

export const DAT = 10n ** 12n

/** A chain that is closed after the test; by default in a temporary folder, without a server, with blocks on demand. */
export async function startChain(
  context: TestContext,
  options: Partial<DevChainOptions> = {}
): Promise<DevChain> {
  const chain = await DevChain.create({ storage: null, port: null, blockTimeMs: 'manual', ...options })
  context.after(() => chain.close())
  return chain
}

/** A client in the same process, or over a socket when a url is given; gone after the test. */
export async function clientOf(context: TestContext, source: DevChain | string): Promise<ApiPromise> {
  const provider = typeof source === 'string' ? new WsProvider(source, false) : source.provider()
  if (provider instanceof WsProvider) await provider.connect()
  const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true })
  context.after(() => api.disconnect())
  return api
}

/** A well-known account, e.g. `Alice`. */
export function account(name: string): KeyringPair {
  return new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(`//${name}`)
}

/** A signed transfer of one DAT. */
export async function transfer(api: ApiPromise, from: KeyringPair, to: string, nonce: number) {
  return api.tx.balances.transferKeepAlive(to, DAT).signAsync(from, { nonce, era: 0 })
}

/** Submits and collects the statuses until the extrinsic is final, refused or replaced. */
export async function watch(
  submit: (callback: (result: ISubmittableResult) => void) => Promise<() => void>
): Promise<string[]> {
  const statuses: string[] = []
  return new Promise((resolve, reject) => {
    submit(({ status }) => {
      statuses.push(status.type)
      if (status.isFinalized || status.isInvalid || status.isUsurped || status.isDropped) resolve(statuses)
    }).catch(reject)
  })
}

/** What an account has and can spend. */
export async function free(api: ApiPromise, address: string): Promise<bigint> {
  const info = await api.query.system.account(address)
  return info.data.free.toBigInt()
}
