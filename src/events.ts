import type { ErrorCode } from './domain/errors.ts'
import type {
  Account,
  CopyId,
  CoreKey,
  Height,
  NoiseKey,
  Period,
  ProviderRole,
  SpanId
} from './domain/ids.ts'
import type { Outcome } from './domain/reports.ts'
import type { CopyState, SpanState } from './domain/states.ts'

/** Bytes done of a long step; `rate` is bytes a second since the step began here, 0 while unknown. */
export interface Progress {
  copy: CopyId
  span: SpanId
  bytes: number
  totalBytes: number
  rate: number
}

/** What a node tells whoever watches it: business facts only, rendered by the CLI, counted by the API. */
export type NodeEvent =
  | { type: 'started'; role: string; account: Account; noiseKey: NoiseKey }
  | { type: 'registered'; roles: ProviderRole[]; capacity: bigint }
  | { type: 'height'; height: Height }
  | { type: 'waiting'; for: string }
  | ({ type: 'download' } & Progress)
  | ({ type: 'encode' } & Progress)
  | ({ type: 'transfer'; direction: 'in' | 'out'; peer: NoiseKey } & Progress)
  | { type: 'span'; copy: CopyId; span: SpanId; state: SpanState }
  | { type: 'copy'; copy: CopyId; core: CoreKey; slot: number; state: CopyState; reason: string | null }
  | { type: 'proof'; copy: CopyId; period: Period; leaves: number; bytes: number }
  | {
      type: 'measured'
      copy: CopyId
      period: Period
      outcome: Outcome
      /** Why it is not Served. */
      reason: string | null
      ttfbMs: number
      kibPerS: number
      blocks: number
    }
  | { type: 'report'; copy: CopyId; period: Period; outcome: Outcome }
  | { type: 'settled'; copy: CopyId; period: Period; minted: bigint; burned: bigint }
  | { type: 'payment'; copy: CopyId; period: Period; role: ProviderRole; amount: bigint }
  | { type: 'cleaned'; copy: CopyId }
  | { type: 'declined'; target: string; reason: string }
  | { type: 'append'; core: CoreKey; blocks: number; bytes: number }
  | { type: 'core'; core: CoreKey; length: number; byteLength: number; serving: boolean }
  | {
      type: 'receive'
      core: CoreKey
      blocks: number
      totalBlocks: number
      bytes: number
      peers: number
      served: Record<NoiseKey, { blocks: number; bytes: number }>
    }
  | { type: 'published'; core: CoreKey; fork: bigint; length: number; byteLength: number }
  | {
      type: 'donated'
      core: CoreKey
      amount: bigint
      shares: bigint
      /** An earlier run of the command has given it. */
      earlier: boolean
    }
  | { type: 'wished'; core: CoreKey; copies: number }
  | { type: 'reclaimed'; core: CoreKey; amount: bigint }
  | { type: 'reaped'; core: CoreKey; deposit: bigint }
  | { type: 'warning'; code: ErrorCode; message: string; help: string }

/** Takes events; never throws. */
export type Emit = (event: NodeEvent) => void

/** Synchronous fan-out of a node's events to its listeners. */
export class NodeEvents {
  readonly #listeners = new Set<Emit>()

  /** Adds a listener and returns what removes it. */
  on(listener: Emit): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly emit: Emit = event => {
    for (const listener of this.#listeners) listener(event)
  }
}
