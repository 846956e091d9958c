import type { Call } from '../domain/calls.ts'
import type { ChainEvent } from '../domain/chain-events.ts'
import type { DatdotError } from '../domain/errors.ts'
import type { Account, CopyId, CoreKey, Height, Hex32, Period, ProviderRole, SpanId } from '../domain/ids.ts'
import type {
  ChainConstants,
  CopyView,
  CoreView,
  Params,
  PartiesView,
  PeriodView,
  PotView,
  ProviderView,
  RecordView,
  RequestView,
  RoleSlotView,
  SeedView,
  ShareView,
  SpanView,
  TotalsView
} from '../domain/view.ts'

/** What a JSON-RPC transport must do; `WsProvider`, the embedded chain's provider and our own socket do. */
export interface RpcProvider {
  readonly isConnected: boolean
  connect(): Promise<void>
  disconnect(): Promise<void>
  on(type: 'connected' | 'disconnected' | 'error', listener: (value?: unknown) => void): () => void
  send(method: string, params: unknown[]): Promise<unknown>
  subscribe(
    type: string,
    method: string,
    params: unknown[],
    callback: (error: Error | null, result: unknown) => void
  ): Promise<number | string>
  unsubscribe(type: string, method: string, id: number | string): Promise<boolean>
}

/** A place in the finalized chain. */
export interface BlockRef {
  height: Height
  hash: Hex32
}

/** How to reach a chain, and what it must be. */
export interface ConnectOptions {
  /** Tried in turn (ws:// or wss://); the connection moves on to the next when one fails. */
  urls?: readonly string[]
  /** Instead of urls: a transport that is there already, as the embedded chain's; the client disconnects it. */
  provider?: RpcProvider
  /** Ends connecting with ABORTED. */
  signal?: AbortSignal
  /** The genesis hash that is expected; another is CHAIN_WRONG. */
  genesis?: Hex32
  /** Hash of block 1 as it was seen before, since embedded chains share one genesis; another is CHAIN_WRONG. */
  first?: Hex32
  /** A finalized block seen before: when the chain has another there, it is CHAIN_WRONG. */
  known?: BlockRef
  /** How long the first connection may take before CHAIN_UNREACHABLE; 20 s unless given. */
  connectTimeoutMs?: number
  /** How long a read waits for an answer, reconnects included, before CHAIN_UNREACHABLE; 60 s unless given. */
  requestTimeoutMs?: number
  /** Hears once an outage, when no url leads to the chain any more; the connection is tried for ever all the same. */
  onAway?: (error: DatdotError) => void
}

/** One finalized block with what the pallet said in it. */
export interface Head extends BlockRef {
  parent: Hex32
  /** The chain's clock, which in the embedded chain is not the wall's. */
  timestampMs: number
  events: ChainEvent[]
  /**
   * True when something before its end is not known: the chain's node no longer keeps this block's state, so that `events` is
   * empty and `timestampMs` 0, or it no longer has the blocks before it, which are passed over.
   */
  pruned: boolean
}

/** An account's money in plancks. */
export interface BalanceView {
  free: bigint
  /** Held by the chain: deposits. */
  held: bigint
  /** What may be spent on a fee or a donation while the account stays alive. */
  spendable: bigint
}

/** Reads of one finalized block: all answers belong to the same state. Absent things are null. */
export interface Snapshot extends BlockRef {
  params(): Promise<Params>
  timestampMs(): Promise<number>
  provider(account: Account): Promise<ProviderView | null>
  /** Who may be drawn for the role, by index, ended slots too. */
  roleSlots(role: ProviderRole): Promise<RoleSlotView[]>
  core(key: CoreKey): Promise<CoreView | null>
  pot(key: CoreKey): Promise<PotView | null>
  shares(key: CoreKey, account: Account): Promise<ShareView | null>
  /** The copies that wait to be drawn for a core, lowest slot first. */
  requests(key: CoreKey): Promise<RequestView[]>
  /** Every waiting request, oldest first. */
  requestQueue(): Promise<RequestView[]>
  /** A copy with all its spans. */
  copy(id: CopyId): Promise<CopyView | null>
  span(id: SpanId): Promise<SpanView | null>
  /** A core's copies in set-up and active, lowest slot first. */
  copiesOf(key: CoreKey): Promise<CopyView[]>
  /** Reads the account's duties: for a start, not for each head. */
  copiesOfPinner(account: Account): Promise<CopyView[]>
  /** Reads the account's duties: for a start, not for each head. */
  spansOfSigner(account: Account): Promise<SpanView[]>
  /** Scans all copies in pages, yielding each that still lives. */
  copies(): AsyncIterable<CopyView>
  /** Scans all published cores in pages. */
  cores(): AsyncIterable<CoreView>
  /** Seed s, kept for the last 64 windows. */
  seed(s: number): Promise<SeedView | null>
  /** Period p, kept for the last 4; null for one before the chain's first. */
  periodAt(p: Period): Promise<PeriodView | null>
  /** What was proved and reported of a copy in a period that is not settled. */
  record(copy: CopyId, p: Period): Promise<RecordView | null>
  totals(): Promise<TotalsView>
  /** Of how many copies and spans of a core the account is pinner or signer. */
  coreParties(key: CoreKey, account: Account): Promise<PartiesView>
  balance(account: Account): Promise<BalanceView>
  nonce(account: Account): Promise<number>
}

/** What came of a call that is in a finalized block and succeeded. */
export interface Receipt extends BlockRef {
  /** Position of the extrinsic in its block. */
  index: number
  /** The pallet's events of this call alone. */
  events: ChainEvent[]
  /** Plancks that the fee cost after refunds. */
  feePaid: bigint
}

/** Sends one account's calls; each call is included at most once, whatever is sent again. */
export interface Submitter {
  readonly account: Account
  /** Calls sent and not yet final. */
  readonly inFlight: number
  /**
   * Signs, sends, and waits until the call is in a finalized block; calls made at once go out in order.
   * Throws CALL_REFUSED with details { pallet, name, docs }, FUNDS_LOW, CALL_DROPPED, BAD_ARGUMENT, CHAIN_*.
   * ABORTED (by the signal) stops waiting only: a call that was sent may still be included.
   */
  submit(call: Call, signal?: AbortSignal): Promise<Receipt>
  /** The fee in plancks that must be there when the call is sent; the free calls refund it. */
  fee(call: Call): Promise<bigint>
}

/** An sr25519 key pair as chain account; the secret stays inside. */
export interface AccountKeys {
  readonly account: Account
  /** Raw sr25519 over the bytes as they are, 64 bytes (protocol.md 9.6). */
  sign(message: Uint8Array): Uint8Array
}

/** The door to the chain, as the program's other parts see it. */
export interface Chain {
  readonly constants: ChainConstants
  /** The url in use, or null while there is none or a provider was given. */
  readonly url: string | null
  readonly connected: boolean
  /** `Params` at the newest finalized block. */
  params(): Promise<Params>
  /** The newest finalized block known. */
  finalized(): BlockRef
  /** Hash of block 1: embedded chains share one genesis. Null while there is none, or the node kept none of it when it was connected. */
  readonly first: Hex32 | null
  /** Reads at a finalized block: the newest, or the given height or hash. NOT_FOUND when it is not there. */
  snapshot(at?: Height | Hex32): Promise<Snapshot>
  /**
   * Finalized heads one by one without a gap, across reconnects, from the given height or the newest.
   * Ends when the signal fires or the client closes; throws CHAIN_WRONG or CHAIN_VERSION.
   */
  heads(signal: AbortSignal, options?: { from?: Height }): AsyncIterable<Head>
  /** The one sender of this account: the same object for the same account. */
  account(keys: AccountKeys): Submitter
  /** Bytes of a call as it stands in an extrinsic, bounds checked; throws BAD_ARGUMENT. */
  encode(call: Call): Uint8Array
  close(): Promise<void>
}
