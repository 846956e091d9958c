import type { Account, CopyId, CoreKey, NoiseKey, Period, ProviderRole, SpanId } from './ids.ts'
import type { SpanProof } from './proofs.ts'
import type { TreeFacts } from './publish.ts'
import type { Report } from './reports.ts'
import type { Params } from './view.ts'

/** Why a provider gives a duty back; index = byte on chain. */
export const DECLINE_REASONS = ['Unavailable', 'Policy', 'Resources'] as const
export type DeclineReason = (typeof DECLINE_REASONS)[number]

/** The calls of part 6, by name. */
export type Call =
  | {
      call: 'register'
      roles: ProviderRole[]
      noiseKey: NoiseKey
      /** ed25519 by the noise key over ds"noise" ‖ genesis ‖ account. */
      proof: Uint8Array
      /** Bytes; 0 without the pinner's role. */
      capacity: bigint
    }
  | {
      call: 'updateProvider'
      roles: ProviderRole[]
      capacity: bigint
      paused: boolean
      payout: Account | null
    }
  | { call: 'deregister' }
  | { call: 'publish'; facts: TreeFacts }
  | { call: 'donate'; core: CoreKey; amount: bigint; wish: number }
  | { call: 'reclaim'; core: CoreKey }
  | { call: 'setWish'; core: CoreKey; wish: number }
  | { call: 'assign'; core: CoreKey }
  | { call: 'commitKey'; span: SpanId; e: number; modulus: Uint8Array }
  | { call: 'seal'; span: SpanId; root: Uint8Array; cells: number; signature: Uint8Array }
  | { call: 'prove'; copy: CopyId; period: Period; proofs: SpanProof[] }
  | { call: 'report'; copy: CopyId; period: Period; report: Report }
  /** At most `limit` periods, the oldest first. */
  | { call: 'settle'; copy: CopyId; limit: number }
  | { call: 'expire'; span: SpanId }
  | { call: 'decline'; target: { span: SpanId } | { copy: CopyId }; reason: DeclineReason }
  | { call: 'reap'; core: CoreKey }
  /** Through sudo: the account must be the chain's admin. */
  | { call: 'setParams'; params: Params }
  | { call: 'transfer'; to: Account; amount: bigint }
