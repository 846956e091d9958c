import type { Account, CopyId, CoreKey, Period, ProviderRole, SpanId } from './ids.ts'
import type { Outcome } from './reports.ts'

/** Events of part 9.9 as the roles and views use them. */
export type ChainEvent =
  | { event: 'CorePublished'; core: CoreKey; fork: bigint; length: number; byteLength: number }
  | { event: 'Donated'; core: CoreKey; who: Account; amount: bigint; shares: bigint }
  | { event: 'Reclaimed'; core: CoreKey; who: Account; amount: bigint }
  | {
      event: 'CopyAssigned'
      copy: CopyId
      core: CoreKey
      slot: number
      request: bigint
      pinner: Account
      spans: SpanId[]
    }
  | { event: 'SpanKeyed'; span: SpanId; tag: Uint8Array }
  | { event: 'SpanSealed'; span: SpanId; root: Uint8Array; cells: number }
  | { event: 'CopyActive'; copy: CopyId; firstPeriod: Period }
  | { event: 'CopyEnded'; copy: CopyId; reason: string }
  | { event: 'Proved'; copy: CopyId; period: Period }
  | { event: 'Reported'; copy: CopyId; period: Period; verifier: Account; outcome: Outcome }
  | {
      event: 'Settled'
      copy: CopyId
      period: Period
      proved: boolean
      verdict: 'Served' | 'Failed' | null
      r: number
      minted: bigint
      burned: bigint
    }
  | { event: 'Paid'; copy: CopyId; period: Period; who: Account; role: ProviderRole; amount: bigint }
  | {
      event: 'ReputationChanged'
      who: Account
      role: ProviderRole
      period: Period
      alpha: bigint
      beta: bigint
      dAlpha: bigint
      dBeta: bigint
    }
  | { event: 'DrawFailed'; core: CoreKey; slot: number; missing: string }
  | { event: 'SeedStored'; s: number; vrfs: number }
  | { event: 'CallFailed'; extrinsic: number; pallet: string; name: string }
  | { event: 'Other'; name: string; data: Record<string, unknown> }
