import type { Call } from '../src/domain/calls.ts'
import type { ChainEvent } from '../src/domain/chain-events.ts'
import type { Account, CopyId, Height, NoiseKey } from '../src/domain/ids.ts'
import type { ChainConstants, CopyView, Params } from '../src/domain/view.ts'
import type { Emit } from '../src/events.ts'

/** What every role is: it runs until the signal aborts, and every call of it may run twice. */
export interface Role {
  readonly name: RoleName
  /** Resolves after the signal aborted and everything it began has stopped; rejects on a failure it cannot work around. */
  run(signal: AbortSignal): Promise<void>
}

export type RoleName = 'author' | 'supporter' | 'signer' | 'pinner' | 'verifier' | 'consumer'

/** Who a node is on the chain and on the DHT. */
export interface Identity {
  readonly account: Account
  readonly noiseKey: NoiseKey
}

/** A finalized chain block and what happened in it. */
export interface Head {
  height: Height
  events: readonly ChainEvent[]
  /** True when nobody can say any more what happened in it, or in blocks before it that are left out. */
  pruned: boolean
}

/** Reads and follows copies; heads come in order, the first is the newest finalized one. */
export interface CopyReader {
  readonly constants: ChainConstants
  params(): Promise<Params>
  heads(signal: AbortSignal): AsyncIterable<Head>
  /** Height of the newest finalized block known. */
  finalized(): Height
  copies(): AsyncIterable<CopyView>
  /** Those of one pinner alone: what they cost to read does not grow with the chain. */
  copiesOfPinner(account: Account): AsyncIterable<CopyView>
  /** Those with a span of one signer. */
  copiesOfSigner(account: Account): AsyncIterable<CopyView>
  copy(id: CopyId): Promise<CopyView | null>
}

/** Sends a call from the node's account; resolves with its finalized block, rejects with CALL_REFUSED and the chain's reason. */
export interface Submitter {
  submit(call: Call, signal?: AbortSignal): Promise<{ height: Height }>
}

/** What every provider role gets besides its own doors. */
export interface RoleContext {
  readonly identity: Identity
  readonly emit: Emit
  /** Cryptographic randomness: this many bytes. */
  random(bytes: number): Uint8Array
  /** Milliseconds on a steady clock, for rates and times to first byte. */
  now(): number
}
