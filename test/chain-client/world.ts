import { ChainClient } from '../../src/chain-client/client.ts'
import type { AccountKeys, Receipt, Snapshot } from '../../src/chain-client/types.ts'
import type { DevChain } from '../../src/dev-chain/index.ts'
import type { Call } from '../../src/domain/calls.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { ProviderRole } from '../../src/domain/ids.ts'
import { keysOf, mineUntil, noiseKeys, openChain, sent, synced, vectorCore } from './local-chain.ts'

export const FACTS = vectorCore('v1 default')
export const CORE = FACTS.key
export const GIB = 2n ** 30n

/** Roles of the accounts 2, 3 …; account 1 is the supporter. */
const ROLES: ProviderRole[] = ['signer', 'signer', 'pinner', 'pinner', 'verifier', 'verifier', 'verifier']

/** A chain with blocks on demand, a client that reads it, and the accounts that call it. */
export class World {
  readonly chain: DevChain
  readonly client: ChainClient
  readonly supporter: AccountKeys
  /** Role and noise key of each account that {@link register} made a provider. */
  readonly providers = new Map<string, ProviderRole>()
  readonly noise = new Map<string, string>()

  private constructor(chain: DevChain, client: ChainClient, supporter: AccountKeys) {
    this.chain = chain
    this.client = client
    this.supporter = supporter
  }

  static async open(): Promise<World> {
    const chain = await openChain()
    const client = await ChainClient.connect({ provider: chain.provider() })
    return new World(chain, client, await keysOf(1))
  }

  async close(): Promise<void> {
    await this.client.close()
    await this.chain.close()
  }

  /** Registers two signers, two pinners of 2 GiB and three verifiers. */
  async register(): Promise<void> {
    for (const [index, role] of ROLES.entries()) {
      const keys = await keysOf(index + 2)
      const { noiseKey, proof } = noiseKeys(this.client.constants.genesis, keys.account)
      const capacity = role === 'pinner' ? 2n * GIB : 0n
      await this.submit(keys, { call: 'register', roles: [role], noiseKey, proof, capacity })
      this.providers.set(keys.account, role)
      this.noise.set(keys.account, noiseKey)
    }
  }

  /** What stands in the chain's newest block. */
  async now(): Promise<Snapshot> {
    await synced(this.client, this.chain)
    return this.client.snapshot()
  }

  submit(keys: AccountKeys, call: Call): Promise<Receipt> {
    return sent(this, keys, call)
  }

  /** Name of the pallet's error for a call, or 'none'. */
  async refusal(keys: AccountKeys, call: Call): Promise<string> {
    try {
      await this.submit(keys, call)
    } catch (error) {
      if (isDatdotError(error, 'CALL_REFUSED')) return String(error.details['name'])
      throw error
    }
    return 'none'
  }

  /** Makes blocks until the question has an answer. */
  mineUntil<T>(ask: () => Promise<T | null>): Promise<T> {
    return mineUntil(this, ask)
  }
}
