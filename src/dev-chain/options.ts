import type { Hex } from './hex.ts'

/** An account that the genesis gives an amount to, in units of 10^-12 DAT. */
export interface Endowment {
  readonly account: Hex
  readonly amount: bigint
}

/** What the chain tells its owner; it prints nothing itself. */
export type DevChainEvent =
  | { type: 'block'; height: number; hash: Hex; extrinsics: number; durationMs: number }
  | { type: 'block-failed'; height: number; error: unknown }
  | { type: 'extrinsic-dropped'; hash: Hex; reason: string }

/**
 * When blocks are made: every so many milliseconds on a steady grid, only on `mine()` (`'manual'`), or on `mine()` and
 * whenever an extrinsic waits (`'instant'`).
 */
export type BlockTime = number | 'manual' | 'instant'

/** How to start an embedded chain; what is omitted has the default named here. */
export interface DevChainOptions {
  /** Folder of the chain's database; null = a temporary folder that is removed at close. */
  readonly storage: string | null
  /** Path of the runtime; default: the committed fast build. */
  readonly wasm?: string
  /** Default `development`. */
  readonly preset?: 'development' | 'local_testnet'
  /** Default 600. */
  readonly blockTimeMs?: BlockTime
  /** Port of the JSON-RPC server, 0 = any, null = no server; default 9944. */
  readonly port?: number | null
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Accounts endowed at genesis besides the preset's. */
  readonly endowed?: readonly Endowment[]
  /** Blocks whose bodies and states stay readable; default 14,400. Genesis and block 1 stay for ever. */
  readonly keepBlocks?: number
  readonly log?: (event: DevChainEvent) => void
}
