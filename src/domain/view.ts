import type { Account, CopyId, CoreKey, Height, NoiseKey, Period, ProviderRole, SpanId } from './ids.ts'
import type { Outcome } from './reports.ts'
import type { CopyState, SpanState } from './states.ts'

/** What is fixed by the chain's build (protocol.md 9.9, first row), in blocks unless named. */
export interface ChainConstants {
  genesis: Uint8Array
  specVersion: number
  blockTimeMs: number
  seedWindow: number
  minVrf: number
  period: number
  grace: number
  existentialDeposit: bigint
}

/** The chain's `Params` (protocol.md 9.9): amounts in plancks, times in blocks, rates a MiB. */
export interface Params {
  samples: number
  verifiers: number
  parts: number
  maxFaults: number
  maxMisses: number
  unfundedGrace: number
  minPeriods: number
  spanTarget: number
  maxCopies: number
  commitDeadline: number
  sealBase: number
  minRate: number
  x: bigint
  y: bigint
  z: bigint
  pinnerUnit: bigint
  depositPinnerUnit: bigint
  depositOther: bigint
  float: bigint
  coreDeposit: bigint
  minDonation: bigint
  setupFee: bigint
  floorPpm: number
  declinesPerPeriod: number
  throughputTarget: number
}

/** alpha and beta in millionths (protocol.md part 5). */
export interface Reputation {
  alpha: bigint
  beta: bigint
}

export interface ProviderView {
  account: Account
  roles: ProviderRole[]
  noiseKey: NoiseKey
  /** Bytes. */
  capacity: bigint
  /** Bytes. */
  reserved: bigint
  reputation: Record<ProviderRole, Reputation>
  registeredAt: Height
  paused: boolean
  payout: Account
  /** Held for its slots, plancks. */
  deposit: bigint
  /** Block in which its slots end, once it called `deregister`. */
  leavingAt: Height | null
}

/** The signed tree that a request or copy took a snapshot of. */
export interface TreeView {
  fork: bigint
  length: number
  byteLength: number
  treeHash: Uint8Array
}

export interface CoreView extends TreeView {
  key: CoreKey
  publishedAt: Height
  /** Set-ups in a row in which a signer let D1 pass; 3 = not drawn before more copies are wanted or SetupFee is donated. */
  unavailable: number
  depositor: Account
  /** Copies that did not end, and requests that wait. */
  copies: number
  requests: number
}

export interface PotView {
  balance: bigint
  totalShares: bigint
  locked: bigint
  holders: number
  /** Copies wanted: min(MaxCopies, floor(W / T)). */
  wanted: number
}

export interface ShareView {
  shares: bigint
  wish: number
  /** What these shares are worth now, plancks. */
  value: bigint
}

export interface RequestView {
  coreKey: CoreKey
  slot: number
  requestId: bigint
  /** Index of the seed that the draw uses. */
  seed: number
  attempt: number
  tree: TreeView
}

/** Everything the salt of a span needs stands here or in its copy (encoding.md, "Span, salt, tag"). */
export interface SpanView {
  id: SpanId
  copyId: CopyId
  /** Position in the copy, from 0. */
  number: number
  signer: Account | null
  signerNoiseKey: NoiseKey | null
  start: number
  end: number
  byteStart: number
  byteLength: number
  /** 0 until keyed. */
  e: number
  /** 256 bytes big-endian; null until keyed. */
  modulus: Uint8Array | null
  beacon: Uint8Array
  tag: Uint8Array | null
  cells: number
  root: Uint8Array | null
  state: SpanState
  assignedAt: Height
  /** What its signer is paid in all, plancks. */
  x: bigint
  /** D1 or D2 as a height after which anyone may expire it; null when sealed. */
  deadline: Height | null
}

export interface CopyView {
  id: CopyId
  coreKey: CoreKey
  tree: TreeView
  slot: number
  requestId: bigint
  pinner: Account
  pinnerNoiseKey: NoiseKey
  state: CopyState
  /** Why it ended or failed; null while it lives. */
  reason: string | null
  spans: SpanView[]
  /** x: all signers together; y and z: a period at R = 1; parts: in how many x is paid. */
  prices: { x: bigint; y: bigint; z: bigint; parts: number }
  locked: bigint
  /** Index of the seed that drew it. */
  seed: number
  assignedAt: Height
  /** The period after whose settlement it ends, once nobody wants it. */
  endsAfter: Period | null
  endedAt: Height | null
  firstPeriod: Period | null
  /** Index of the oldest seed that may draw its leaves: a period of an older one is not the copy's. */
  earliestSeed: number
  lastSettled: Period
  faults: number
  misses: number
  passes: number
  unfunded: number
}

export interface PeriodView {
  index: Period
  seed: Uint8Array
  /** Candidates for the verifiers' draw of the next period. */
  verifierCount: number
  /** Leaves that it asks for, fixed at its first block. */
  samples: number
  /** Index of the seed that its own was made of. */
  seedIndex: number
}

export interface RoleSlotView {
  account: Account
  since: Height
  until: Height | null
}

export interface RecordView {
  copyId: CopyId
  period: Period
  pinnerPpm: number
  /** Verifiers that the check asks for; fewer may have been found. */
  k: number
  verifiers: {
    account: Account
    ppm: number
    outcome: Outcome | null
    /** The leaf that its WrongReplica report names: position of the span in the copy, index in it. */
    wrong: { span: number; index: number } | null
  }[]
  proved: boolean
}

/** Seed s and the candidates of that moment (protocol.md 9.1). */
export interface SeedView {
  index: number
  value: Uint8Array
  counts: Record<ProviderRole, number>
  /** VRF outputs that entered. */
  vrfs: number
}

/** Of how much of a core an account is pinner or signer. */
export interface PartiesView {
  pinner: number
  signer: number
}

/** Plancks minted and burned since genesis (protocol.md part 4: the first two are equal). */
export interface TotalsView {
  minted: bigint
  burnedForWork: bigint
  fees: bigint
}
