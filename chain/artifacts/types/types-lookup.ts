// Made from the metadata by chain/build.sh; not edited by hand.

// import type lookup before we augment - in some environments
// this is required to allow for ambient/previous definitions
import '@polkadot/types/lookup';

import type { Bytes, Compact, Enum, Null, Option, Result, Struct, Text, U8aFixed, Vec, bool, u128, u16, u32, u64, u8 } from '@polkadot/types-codec';
import type { ITuple } from '@polkadot/types-codec/types';
import type { AccountId32, Call, H256, MultiAddress } from '@polkadot/types/interfaces/runtime';
import type { Event } from '@polkadot/types/interfaces/system';

declare module '@polkadot/types/lookup' {
  /** @name FrameSystemAccountInfo (3) */
  interface FrameSystemAccountInfo extends Struct {
    readonly nonce: u32;
    readonly consumers: u32;
    readonly providers: u32;
    readonly sufficients: u32;
    readonly data: PalletBalancesAccountData;
  }

  /** @name PalletBalancesAccountData (5) */
  interface PalletBalancesAccountData extends Struct {
    readonly free: u128;
    readonly reserved: u128;
    readonly frozen: u128;
    readonly flags: u128;
  }

  /** @name FrameSupportDispatchPerDispatchClassWeight (9) */
  interface FrameSupportDispatchPerDispatchClassWeight extends Struct {
    readonly normal: SpWeightsWeightV2Weight;
    readonly operational: SpWeightsWeightV2Weight;
    readonly mandatory: SpWeightsWeightV2Weight;
  }

  /** @name SpWeightsWeightV2Weight (10) */
  interface SpWeightsWeightV2Weight extends Struct {
    readonly refTime: Compact<u64>;
    readonly proofSize: Compact<u64>;
  }

  /** @name SpRuntimeDigest (15) */
  interface SpRuntimeDigest extends Struct {
    readonly logs: Vec<SpRuntimeDigestDigestItem>;
  }

  /** @name SpRuntimeDigestDigestItem (17) */
  interface SpRuntimeDigestDigestItem extends Enum {
    readonly isOther: boolean;
    readonly asOther: Bytes;
    readonly isConsensus: boolean;
    readonly asConsensus: ITuple<[U8aFixed, Bytes]>;
    readonly isSeal: boolean;
    readonly asSeal: ITuple<[U8aFixed, Bytes]>;
    readonly isPreRuntime: boolean;
    readonly asPreRuntime: ITuple<[U8aFixed, Bytes]>;
    readonly isRuntimeEnvironmentUpdated: boolean;
    readonly type: 'Other' | 'Consensus' | 'Seal' | 'PreRuntime' | 'RuntimeEnvironmentUpdated';
  }

  /** @name FrameSystemEventRecord (20) */
  interface FrameSystemEventRecord extends Struct {
    readonly phase: FrameSystemPhase;
    readonly event: Event;
    readonly topics: Vec<H256>;
  }

  /** @name FrameSystemEvent (22) */
  interface FrameSystemEvent extends Enum {
    readonly isExtrinsicSuccess: boolean;
    readonly asExtrinsicSuccess: {
      readonly dispatchInfo: FrameSystemDispatchEventInfo;
    } & Struct;
    readonly isExtrinsicFailed: boolean;
    readonly asExtrinsicFailed: {
      readonly dispatchError: SpRuntimeDispatchError;
      readonly dispatchInfo: FrameSystemDispatchEventInfo;
    } & Struct;
    readonly isCodeUpdated: boolean;
    readonly asCodeUpdated: {
      readonly hash_: H256;
    } & Struct;
    readonly isNewAccount: boolean;
    readonly asNewAccount: {
      readonly account: AccountId32;
    } & Struct;
    readonly isKilledAccount: boolean;
    readonly asKilledAccount: {
      readonly account: AccountId32;
    } & Struct;
    readonly isRemarked: boolean;
    readonly asRemarked: {
      readonly sender: AccountId32;
      readonly hash_: H256;
    } & Struct;
    readonly isUpgradeAuthorized: boolean;
    readonly asUpgradeAuthorized: {
      readonly codeHash: H256;
      readonly checkVersion: bool;
    } & Struct;
    readonly isRejectedInvalidAuthorizedUpgrade: boolean;
    readonly asRejectedInvalidAuthorizedUpgrade: {
      readonly codeHash: H256;
      readonly error: SpRuntimeDispatchError;
    } & Struct;
    readonly type: 'ExtrinsicSuccess' | 'ExtrinsicFailed' | 'CodeUpdated' | 'NewAccount' | 'KilledAccount' | 'Remarked' | 'UpgradeAuthorized' | 'RejectedInvalidAuthorizedUpgrade';
  }

  /** @name FrameSystemDispatchEventInfo (23) */
  interface FrameSystemDispatchEventInfo extends Struct {
    readonly weight: SpWeightsWeightV2Weight;
    readonly class: FrameSupportDispatchDispatchClass;
    readonly paysFee: FrameSupportDispatchPays;
  }

  /** @name FrameSupportDispatchDispatchClass (24) */
  interface FrameSupportDispatchDispatchClass extends Enum {
    readonly isNormal: boolean;
    readonly isOperational: boolean;
    readonly isMandatory: boolean;
    readonly type: 'Normal' | 'Operational' | 'Mandatory';
  }

  /** @name FrameSupportDispatchPays (25) */
  interface FrameSupportDispatchPays extends Enum {
    readonly isYes: boolean;
    readonly isNo: boolean;
    readonly type: 'Yes' | 'No';
  }

  /** @name SpRuntimeDispatchError (26) */
  interface SpRuntimeDispatchError extends Enum {
    readonly isOther: boolean;
    readonly isCannotLookup: boolean;
    readonly isBadOrigin: boolean;
    readonly isModule: boolean;
    readonly asModule: SpRuntimeModuleError;
    readonly isConsumerRemaining: boolean;
    readonly isNoProviders: boolean;
    readonly isTooManyConsumers: boolean;
    readonly isToken: boolean;
    readonly asToken: SpRuntimeTokenError;
    readonly isArithmetic: boolean;
    readonly asArithmetic: SpArithmeticArithmeticError;
    readonly isTransactional: boolean;
    readonly asTransactional: SpRuntimeTransactionalError;
    readonly isExhausted: boolean;
    readonly isCorruption: boolean;
    readonly isUnavailable: boolean;
    readonly isRootNotAllowed: boolean;
    readonly isTrie: boolean;
    readonly asTrie: SpRuntimeProvingTrieTrieError;
    readonly type: 'Other' | 'CannotLookup' | 'BadOrigin' | 'Module' | 'ConsumerRemaining' | 'NoProviders' | 'TooManyConsumers' | 'Token' | 'Arithmetic' | 'Transactional' | 'Exhausted' | 'Corruption' | 'Unavailable' | 'RootNotAllowed' | 'Trie';
  }

  /** @name SpRuntimeModuleError (27) */
  interface SpRuntimeModuleError extends Struct {
    readonly index: u8;
    readonly error: U8aFixed;
  }

  /** @name SpRuntimeTokenError (28) */
  interface SpRuntimeTokenError extends Enum {
    readonly isFundsUnavailable: boolean;
    readonly isOnlyProvider: boolean;
    readonly isBelowMinimum: boolean;
    readonly isCannotCreate: boolean;
    readonly isUnknownAsset: boolean;
    readonly isFrozen: boolean;
    readonly isUnsupported: boolean;
    readonly isCannotCreateHold: boolean;
    readonly isNotExpendable: boolean;
    readonly isBlocked: boolean;
    readonly type: 'FundsUnavailable' | 'OnlyProvider' | 'BelowMinimum' | 'CannotCreate' | 'UnknownAsset' | 'Frozen' | 'Unsupported' | 'CannotCreateHold' | 'NotExpendable' | 'Blocked';
  }

  /** @name SpArithmeticArithmeticError (29) */
  interface SpArithmeticArithmeticError extends Enum {
    readonly isUnderflow: boolean;
    readonly isOverflow: boolean;
    readonly isDivisionByZero: boolean;
    readonly type: 'Underflow' | 'Overflow' | 'DivisionByZero';
  }

  /** @name SpRuntimeTransactionalError (30) */
  interface SpRuntimeTransactionalError extends Enum {
    readonly isLimitReached: boolean;
    readonly isNoLayer: boolean;
    readonly type: 'LimitReached' | 'NoLayer';
  }

  /** @name SpRuntimeProvingTrieTrieError (31) */
  interface SpRuntimeProvingTrieTrieError extends Enum {
    readonly isInvalidStateRoot: boolean;
    readonly isIncompleteDatabase: boolean;
    readonly isValueAtIncompleteKey: boolean;
    readonly isDecoderError: boolean;
    readonly isInvalidHash: boolean;
    readonly isDuplicateKey: boolean;
    readonly isExtraneousNode: boolean;
    readonly isExtraneousValue: boolean;
    readonly isExtraneousHashReference: boolean;
    readonly isInvalidChildReference: boolean;
    readonly isValueMismatch: boolean;
    readonly isIncompleteProof: boolean;
    readonly isRootMismatch: boolean;
    readonly isDecodeError: boolean;
    readonly type: 'InvalidStateRoot' | 'IncompleteDatabase' | 'ValueAtIncompleteKey' | 'DecoderError' | 'InvalidHash' | 'DuplicateKey' | 'ExtraneousNode' | 'ExtraneousValue' | 'ExtraneousHashReference' | 'InvalidChildReference' | 'ValueMismatch' | 'IncompleteProof' | 'RootMismatch' | 'DecodeError';
  }

  /** @name PalletBalancesEvent (32) */
  interface PalletBalancesEvent extends Enum {
    readonly isEndowed: boolean;
    readonly asEndowed: {
      readonly account: AccountId32;
      readonly freeBalance: u128;
    } & Struct;
    readonly isDustLost: boolean;
    readonly asDustLost: {
      readonly account: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isTransfer: boolean;
    readonly asTransfer: {
      readonly from: AccountId32;
      readonly to: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isBalanceSet: boolean;
    readonly asBalanceSet: {
      readonly who: AccountId32;
      readonly free: u128;
    } & Struct;
    readonly isReserved: boolean;
    readonly asReserved: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isUnreserved: boolean;
    readonly asUnreserved: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isReserveRepatriated: boolean;
    readonly asReserveRepatriated: {
      readonly from: AccountId32;
      readonly to: AccountId32;
      readonly amount: u128;
      readonly destinationStatus: FrameSupportTokensMiscBalanceStatus;
    } & Struct;
    readonly isDeposit: boolean;
    readonly asDeposit: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isWithdraw: boolean;
    readonly asWithdraw: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isSlashed: boolean;
    readonly asSlashed: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isMinted: boolean;
    readonly asMinted: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isMintedCredit: boolean;
    readonly asMintedCredit: {
      readonly amount: u128;
    } & Struct;
    readonly isBurned: boolean;
    readonly asBurned: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isBurnedDebt: boolean;
    readonly asBurnedDebt: {
      readonly amount: u128;
    } & Struct;
    readonly isSuspended: boolean;
    readonly asSuspended: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isRestored: boolean;
    readonly asRestored: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isUpgraded: boolean;
    readonly asUpgraded: {
      readonly who: AccountId32;
    } & Struct;
    readonly isIssued: boolean;
    readonly asIssued: {
      readonly amount: u128;
    } & Struct;
    readonly isRescinded: boolean;
    readonly asRescinded: {
      readonly amount: u128;
    } & Struct;
    readonly isLocked: boolean;
    readonly asLocked: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isUnlocked: boolean;
    readonly asUnlocked: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isFrozen: boolean;
    readonly asFrozen: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isThawed: boolean;
    readonly asThawed: {
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isTotalIssuanceForced: boolean;
    readonly asTotalIssuanceForced: {
      readonly old: u128;
      readonly new_: u128;
    } & Struct;
    readonly isHeld: boolean;
    readonly asHeld: {
      readonly reason: DatdotRuntimeRuntimeHoldReason;
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isBurnedHeld: boolean;
    readonly asBurnedHeld: {
      readonly reason: DatdotRuntimeRuntimeHoldReason;
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isTransferOnHold: boolean;
    readonly asTransferOnHold: {
      readonly reason: DatdotRuntimeRuntimeHoldReason;
      readonly source: AccountId32;
      readonly dest: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isTransferAndHold: boolean;
    readonly asTransferAndHold: {
      readonly reason: DatdotRuntimeRuntimeHoldReason;
      readonly source: AccountId32;
      readonly dest: AccountId32;
      readonly transferred: u128;
    } & Struct;
    readonly isReleased: boolean;
    readonly asReleased: {
      readonly reason: DatdotRuntimeRuntimeHoldReason;
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isUnexpected: boolean;
    readonly asUnexpected: PalletBalancesUnexpectedKind;
    readonly type: 'Endowed' | 'DustLost' | 'Transfer' | 'BalanceSet' | 'Reserved' | 'Unreserved' | 'ReserveRepatriated' | 'Deposit' | 'Withdraw' | 'Slashed' | 'Minted' | 'MintedCredit' | 'Burned' | 'BurnedDebt' | 'Suspended' | 'Restored' | 'Upgraded' | 'Issued' | 'Rescinded' | 'Locked' | 'Unlocked' | 'Frozen' | 'Thawed' | 'TotalIssuanceForced' | 'Held' | 'BurnedHeld' | 'TransferOnHold' | 'TransferAndHold' | 'Released' | 'Unexpected';
  }

  /** @name FrameSupportTokensMiscBalanceStatus (33) */
  interface FrameSupportTokensMiscBalanceStatus extends Enum {
    readonly isFree: boolean;
    readonly isReserved: boolean;
    readonly type: 'Free' | 'Reserved';
  }

  /** @name DatdotRuntimeRuntimeHoldReason (34) */
  interface DatdotRuntimeRuntimeHoldReason extends Enum {
    readonly isSession: boolean;
    readonly asSession: PalletSessionHoldReason;
    readonly isDatdot: boolean;
    readonly asDatdot: PalletDatdotHoldReason;
    readonly type: 'Session' | 'Datdot';
  }

  /** @name PalletSessionHoldReason (35) */
  interface PalletSessionHoldReason extends Enum {
    readonly isKeys: boolean;
    readonly type: 'Keys';
  }

  /** @name PalletDatdotHoldReason (36) */
  interface PalletDatdotHoldReason extends Enum {
    readonly isRegistration: boolean;
    readonly isCore: boolean;
    readonly type: 'Registration' | 'Core';
  }

  /** @name PalletBalancesUnexpectedKind (37) */
  interface PalletBalancesUnexpectedKind extends Enum {
    readonly isBalanceUpdated: boolean;
    readonly isFailedToMutateAccount: boolean;
    readonly type: 'BalanceUpdated' | 'FailedToMutateAccount';
  }

  /** @name PalletTransactionPaymentEvent (38) */
  interface PalletTransactionPaymentEvent extends Enum {
    readonly isTransactionFeePaid: boolean;
    readonly asTransactionFeePaid: {
      readonly who: AccountId32;
      readonly actualFee: u128;
      readonly tip: u128;
    } & Struct;
    readonly type: 'TransactionFeePaid';
  }

  /** @name DatdotRuntimeValidatorsPalletEvent (39) */
  interface DatdotRuntimeValidatorsPalletEvent extends Enum {
    readonly isListSet: boolean;
    readonly asListSet: {
      readonly count: u32;
    } & Struct;
    readonly isRemoved: boolean;
    readonly asRemoved: {
      readonly who: AccountId32;
    } & Struct;
    readonly type: 'ListSet' | 'Removed';
  }

  /** @name PalletSessionEvent (40) */
  interface PalletSessionEvent extends Enum {
    readonly isNewSession: boolean;
    readonly asNewSession: {
      readonly sessionIndex: u32;
    } & Struct;
    readonly isNewQueued: boolean;
    readonly isValidatorDisabled: boolean;
    readonly asValidatorDisabled: {
      readonly validator: AccountId32;
    } & Struct;
    readonly isValidatorReenabled: boolean;
    readonly asValidatorReenabled: {
      readonly validator: AccountId32;
    } & Struct;
    readonly type: 'NewSession' | 'NewQueued' | 'ValidatorDisabled' | 'ValidatorReenabled';
  }

  /** @name PalletSessionHistoricalPalletEvent (41) */
  interface PalletSessionHistoricalPalletEvent extends Enum {
    readonly isRootStored: boolean;
    readonly asRootStored: {
      readonly index: u32;
    } & Struct;
    readonly isRootsPruned: boolean;
    readonly asRootsPruned: {
      readonly upTo: u32;
    } & Struct;
    readonly type: 'RootStored' | 'RootsPruned';
  }

  /** @name PalletOffencesEvent (42) */
  interface PalletOffencesEvent extends Enum {
    readonly isOffence: boolean;
    readonly asOffence: {
      readonly kind: U8aFixed;
      readonly slot: Bytes;
    } & Struct;
    readonly type: 'Offence';
  }

  /** @name PalletGrandpaEvent (44) */
  interface PalletGrandpaEvent extends Enum {
    readonly isNewAuthorities: boolean;
    readonly asNewAuthorities: {
      readonly authoritySet: Vec<ITuple<[SpConsensusGrandpaAppPublic, u64]>>;
    } & Struct;
    readonly isPaused: boolean;
    readonly isResumed: boolean;
    readonly type: 'NewAuthorities' | 'Paused' | 'Resumed';
  }

  /** @name SpConsensusGrandpaAppPublic (47) */
  interface SpConsensusGrandpaAppPublic extends U8aFixed {}

  /** @name PalletSudoEvent (48) */
  interface PalletSudoEvent extends Enum {
    readonly isSudid: boolean;
    readonly asSudid: {
      readonly sudoResult: Result<Null, SpRuntimeDispatchError>;
    } & Struct;
    readonly isKeyChanged: boolean;
    readonly asKeyChanged: {
      readonly old: Option<AccountId32>;
      readonly new_: AccountId32;
    } & Struct;
    readonly isKeyRemoved: boolean;
    readonly isSudoAsDone: boolean;
    readonly asSudoAsDone: {
      readonly sudoResult: Result<Null, SpRuntimeDispatchError>;
    } & Struct;
    readonly type: 'Sudid' | 'KeyChanged' | 'KeyRemoved' | 'SudoAsDone';
  }

  /** @name PalletUtilityEvent (52) */
  interface PalletUtilityEvent extends Enum {
    readonly isBatchInterrupted: boolean;
    readonly asBatchInterrupted: {
      readonly index: u32;
      readonly error: SpRuntimeDispatchError;
    } & Struct;
    readonly isBatchCompleted: boolean;
    readonly isBatchCompletedWithErrors: boolean;
    readonly isItemCompleted: boolean;
    readonly isItemFailed: boolean;
    readonly asItemFailed: {
      readonly error: SpRuntimeDispatchError;
    } & Struct;
    readonly isDispatchedAs: boolean;
    readonly asDispatchedAs: {
      readonly result: Result<Null, SpRuntimeDispatchError>;
    } & Struct;
    readonly isIfElseMainSuccess: boolean;
    readonly isIfElseFallbackCalled: boolean;
    readonly asIfElseFallbackCalled: {
      readonly mainError: SpRuntimeDispatchError;
    } & Struct;
    readonly type: 'BatchInterrupted' | 'BatchCompleted' | 'BatchCompletedWithErrors' | 'ItemCompleted' | 'ItemFailed' | 'DispatchedAs' | 'IfElseMainSuccess' | 'IfElseFallbackCalled';
  }

  /** @name PalletDatdotEvent (53) */
  interface PalletDatdotEvent extends Enum {
    readonly isCorePublished: boolean;
    readonly asCorePublished: {
      readonly core: U8aFixed;
      readonly fork: u64;
      readonly length: u64;
      readonly byteLength: u64;
    } & Struct;
    readonly isDonated: boolean;
    readonly asDonated: {
      readonly core: U8aFixed;
      readonly who: AccountId32;
      readonly amount: u128;
      readonly shares: u128;
    } & Struct;
    readonly isCopyAssigned: boolean;
    readonly asCopyAssigned: {
      readonly copy: u64;
      readonly core: U8aFixed;
      readonly slot: u32;
      readonly request: u64;
      readonly pinner: AccountId32;
      readonly spans: Vec<u64>;
    } & Struct;
    readonly isSpanKeyed: boolean;
    readonly asSpanKeyed: {
      readonly span: u64;
      readonly tag: U8aFixed;
    } & Struct;
    readonly isSpanSealed: boolean;
    readonly asSpanSealed: {
      readonly span: u64;
      readonly root: U8aFixed;
      readonly cells: u64;
    } & Struct;
    readonly isCopyActive: boolean;
    readonly asCopyActive: {
      readonly copy: u64;
      readonly firstPeriod: u32;
    } & Struct;
    readonly isCopyEnded: boolean;
    readonly asCopyEnded: {
      readonly copy: u64;
      readonly reason: PalletDatdotCopyTypesReason;
    } & Struct;
    readonly isProved: boolean;
    readonly asProved: {
      readonly copy: u64;
      readonly period: u32;
    } & Struct;
    readonly isReported: boolean;
    readonly asReported: {
      readonly copy: u64;
      readonly period: u32;
      readonly verifier: AccountId32;
      readonly outcome: DatdotRulesReportOutcome;
    } & Struct;
    readonly isSettled: boolean;
    readonly asSettled: {
      readonly copy: u64;
      readonly period: u32;
      readonly proved: bool;
      readonly verdict: Option<DatdotRulesSettleVerdict>;
      readonly r: u32;
      readonly minted: u128;
      readonly burned: u128;
    } & Struct;
    readonly isPaid: boolean;
    readonly asPaid: {
      readonly copy: u64;
      readonly period: u32;
      readonly who: AccountId32;
      readonly role: DatdotRulesDrawRole;
      readonly amount: u128;
    } & Struct;
    readonly isReputationChanged: boolean;
    readonly asReputationChanged: {
      readonly who: AccountId32;
      readonly role: DatdotRulesDrawRole;
      readonly period: u32;
      readonly alpha: u64;
      readonly beta: u64;
      readonly dAlpha: u64;
      readonly dBeta: u64;
    } & Struct;
    readonly isDrawFailed: boolean;
    readonly asDrawFailed: {
      readonly core: U8aFixed;
      readonly slot: u32;
      readonly missing: PalletDatdotMissing;
    } & Struct;
    readonly isSeedStored: boolean;
    readonly asSeedStored: {
      readonly s: u64;
      readonly vrfs: u32;
    } & Struct;
    readonly isProviderRegistered: boolean;
    readonly asProviderRegistered: {
      readonly who: AccountId32;
      readonly roles: u8;
      readonly noiseKey: U8aFixed;
      readonly capacity: u64;
    } & Struct;
    readonly isProviderUpdated: boolean;
    readonly asProviderUpdated: {
      readonly who: AccountId32;
      readonly roles: u8;
      readonly capacity: u64;
      readonly paused: bool;
      readonly payout: AccountId32;
    } & Struct;
    readonly isProviderLeaving: boolean;
    readonly asProviderLeaving: {
      readonly who: AccountId32;
      readonly until: u32;
    } & Struct;
    readonly isProviderLeft: boolean;
    readonly asProviderLeft: {
      readonly who: AccountId32;
      readonly deposit: u128;
    } & Struct;
    readonly isWishSet: boolean;
    readonly asWishSet: {
      readonly core: U8aFixed;
      readonly who: AccountId32;
      readonly wish: u8;
    } & Struct;
    readonly isReclaimed: boolean;
    readonly asReclaimed: {
      readonly core: U8aFixed;
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isRequested: boolean;
    readonly asRequested: {
      readonly core: U8aFixed;
      readonly slot: u32;
      readonly request: u64;
      readonly seed: u64;
    } & Struct;
    readonly isRequestDropped: boolean;
    readonly asRequestDropped: {
      readonly core: U8aFixed;
      readonly slot: u32;
      readonly request: u64;
    } & Struct;
    readonly isCopyEnding: boolean;
    readonly asCopyEnding: {
      readonly copy: u64;
      readonly lastPeriod: u32;
    } & Struct;
    readonly isSpanExpired: boolean;
    readonly asSpanExpired: {
      readonly span: u64;
    } & Struct;
    readonly isDeclined: boolean;
    readonly asDeclined: {
      readonly who: AccountId32;
      readonly duty: PalletDatdotDuty;
      readonly reason: PalletDatdotDeclineReason;
    } & Struct;
    readonly isCoreUnavailable: boolean;
    readonly asCoreUnavailable: {
      readonly core: U8aFixed;
    } & Struct;
    readonly isPeriodUnfunded: boolean;
    readonly asPeriodUnfunded: {
      readonly copy: u64;
      readonly period: u32;
    } & Struct;
    readonly isPaymentFailed: boolean;
    readonly asPaymentFailed: {
      readonly copy: u64;
      readonly period: u32;
      readonly who: AccountId32;
      readonly amount: u128;
    } & Struct;
    readonly isFeeBurned: boolean;
    readonly asFeeBurned: {
      readonly core: U8aFixed;
      readonly amount: u128;
    } & Struct;
    readonly isCoreReaped: boolean;
    readonly asCoreReaped: {
      readonly core: U8aFixed;
      readonly depositor: AccountId32;
    } & Struct;
    readonly isParamsSet: boolean;
    readonly asParamsSet: {
      readonly params: PalletDatdotParams;
    } & Struct;
    readonly type: 'CorePublished' | 'Donated' | 'CopyAssigned' | 'SpanKeyed' | 'SpanSealed' | 'CopyActive' | 'CopyEnded' | 'Proved' | 'Reported' | 'Settled' | 'Paid' | 'ReputationChanged' | 'DrawFailed' | 'SeedStored' | 'ProviderRegistered' | 'ProviderUpdated' | 'ProviderLeaving' | 'ProviderLeft' | 'WishSet' | 'Reclaimed' | 'Requested' | 'RequestDropped' | 'CopyEnding' | 'SpanExpired' | 'Declined' | 'CoreUnavailable' | 'PeriodUnfunded' | 'PaymentFailed' | 'FeeBurned' | 'CoreReaped' | 'ParamsSet';
  }

  /** @name PalletDatdotCopyTypesReason (56) */
  interface PalletDatdotCopyTypesReason extends Enum {
    readonly isUnwanted: boolean;
    readonly isUnfunded: boolean;
    readonly isExpired: boolean;
    readonly isDeclined: boolean;
    readonly isFaults: boolean;
    readonly isMisses: boolean;
    readonly type: 'Unwanted' | 'Unfunded' | 'Expired' | 'Declined' | 'Faults' | 'Misses';
  }

  /** @name DatdotRulesReportOutcome (57) */
  interface DatdotRulesReportOutcome extends Enum {
    readonly isServed: boolean;
    readonly isUnreachable: boolean;
    readonly isTimedOut: boolean;
    readonly isWrongData: boolean;
    readonly isWrongReplica: boolean;
    readonly type: 'Served' | 'Unreachable' | 'TimedOut' | 'WrongData' | 'WrongReplica';
  }

  /** @name DatdotRulesSettleVerdict (59) */
  interface DatdotRulesSettleVerdict extends Enum {
    readonly isServed: boolean;
    readonly isFailed: boolean;
    readonly type: 'Served' | 'Failed';
  }

  /** @name DatdotRulesDrawRole (60) */
  interface DatdotRulesDrawRole extends Enum {
    readonly isSigner: boolean;
    readonly isPinner: boolean;
    readonly isVerifier: boolean;
    readonly type: 'Signer' | 'Pinner' | 'Verifier';
  }

  /** @name PalletDatdotMissing (61) */
  interface PalletDatdotMissing extends Enum {
    readonly isNoPinners: boolean;
    readonly isNoSigners: boolean;
    readonly isPinner: boolean;
    readonly isSigner: boolean;
    readonly asSigner: {
      readonly span: u32;
    } & Struct;
    readonly type: 'NoPinners' | 'NoSigners' | 'Pinner' | 'Signer';
  }

  /** @name PalletDatdotDuty (62) */
  interface PalletDatdotDuty extends Enum {
    readonly isSpan: boolean;
    readonly asSpan: u64;
    readonly isCopy: boolean;
    readonly asCopy: u64;
    readonly type: 'Span' | 'Copy';
  }

  /** @name PalletDatdotDeclineReason (63) */
  interface PalletDatdotDeclineReason extends Enum {
    readonly isUnavailable: boolean;
    readonly isPolicy: boolean;
    readonly isResources: boolean;
    readonly type: 'Unavailable' | 'Policy' | 'Resources';
  }

  /** @name PalletDatdotParams (64) */
  interface PalletDatdotParams extends Struct {
    readonly samples: u32;
    readonly verifiers: u32;
    readonly parts: u32;
    readonly maxFaults: u32;
    readonly maxMisses: u32;
    readonly unfundedGrace: u32;
    readonly minPeriods: u32;
    readonly spanTarget: u64;
    readonly maxCopies: u32;
    readonly commitDeadline: u32;
    readonly sealBase: u32;
    readonly minRate: u64;
    readonly x: u128;
    readonly y: u128;
    readonly z: u128;
    readonly pinnerUnit: u64;
    readonly depositPinnerUnit: u128;
    readonly depositOther: u128;
    readonly float: u128;
    readonly coreDeposit: u128;
    readonly minDonation: u128;
    readonly setupFee: u128;
    readonly floorPpm: u32;
    readonly declinesPerPeriod: u32;
    readonly throughputTarget: u32;
  }

  /** @name FrameSystemPhase (65) */
  interface FrameSystemPhase extends Enum {
    readonly isApplyExtrinsic: boolean;
    readonly asApplyExtrinsic: u32;
    readonly isFinalization: boolean;
    readonly isInitialization: boolean;
    readonly type: 'ApplyExtrinsic' | 'Finalization' | 'Initialization';
  }

  /** @name FrameSystemLastRuntimeUpgradeInfo (69) */
  interface FrameSystemLastRuntimeUpgradeInfo extends Struct {
    readonly specVersion: Compact<u32>;
    readonly specName: Text;
  }

  /** @name FrameSystemCodeUpgradeAuthorization (73) */
  interface FrameSystemCodeUpgradeAuthorization extends Struct {
    readonly codeHash: H256;
    readonly checkVersion: bool;
  }

  /** @name FrameSystemCall (74) */
  interface FrameSystemCall extends Enum {
    readonly isRemark: boolean;
    readonly asRemark: {
      readonly remark: Bytes;
    } & Struct;
    readonly isSetHeapPages: boolean;
    readonly asSetHeapPages: {
      readonly pages: u64;
    } & Struct;
    readonly isSetCode: boolean;
    readonly asSetCode: {
      readonly code: Bytes;
    } & Struct;
    readonly isSetCodeWithoutChecks: boolean;
    readonly asSetCodeWithoutChecks: {
      readonly code: Bytes;
    } & Struct;
    readonly isSetStorage: boolean;
    readonly asSetStorage: {
      readonly items: Vec<ITuple<[Bytes, Bytes]>>;
    } & Struct;
    readonly isKillStorage: boolean;
    readonly asKillStorage: {
      readonly keys_: Vec<Bytes>;
    } & Struct;
    readonly isKillPrefix: boolean;
    readonly asKillPrefix: {
      readonly prefix: Bytes;
      readonly subkeys: u32;
    } & Struct;
    readonly isRemarkWithEvent: boolean;
    readonly asRemarkWithEvent: {
      readonly remark: Bytes;
    } & Struct;
    readonly isAuthorizeUpgrade: boolean;
    readonly asAuthorizeUpgrade: {
      readonly codeHash: H256;
    } & Struct;
    readonly isAuthorizeUpgradeWithoutChecks: boolean;
    readonly asAuthorizeUpgradeWithoutChecks: {
      readonly codeHash: H256;
    } & Struct;
    readonly isApplyAuthorizedUpgrade: boolean;
    readonly asApplyAuthorizedUpgrade: {
      readonly code: Bytes;
    } & Struct;
    readonly type: 'Remark' | 'SetHeapPages' | 'SetCode' | 'SetCodeWithoutChecks' | 'SetStorage' | 'KillStorage' | 'KillPrefix' | 'RemarkWithEvent' | 'AuthorizeUpgrade' | 'AuthorizeUpgradeWithoutChecks' | 'ApplyAuthorizedUpgrade';
  }

  /** @name FrameSystemLimitsBlockWeights (78) */
  interface FrameSystemLimitsBlockWeights extends Struct {
    readonly baseBlock: SpWeightsWeightV2Weight;
    readonly maxBlock: SpWeightsWeightV2Weight;
    readonly perClass: FrameSupportDispatchPerDispatchClassWeightsPerClass;
  }

  /** @name FrameSupportDispatchPerDispatchClassWeightsPerClass (79) */
  interface FrameSupportDispatchPerDispatchClassWeightsPerClass extends Struct {
    readonly normal: FrameSystemLimitsWeightsPerClass;
    readonly operational: FrameSystemLimitsWeightsPerClass;
    readonly mandatory: FrameSystemLimitsWeightsPerClass;
  }

  /** @name FrameSystemLimitsWeightsPerClass (80) */
  interface FrameSystemLimitsWeightsPerClass extends Struct {
    readonly baseExtrinsic: SpWeightsWeightV2Weight;
    readonly maxExtrinsic: Option<SpWeightsWeightV2Weight>;
    readonly maxTotal: Option<SpWeightsWeightV2Weight>;
    readonly reserved: Option<SpWeightsWeightV2Weight>;
  }

  /** @name FrameSystemLimitsBlockLength (82) */
  interface FrameSystemLimitsBlockLength extends Struct {
    readonly max: FrameSupportDispatchPerDispatchClassU32;
    readonly maxHeaderSize: Option<u32>;
  }

  /** @name FrameSupportDispatchPerDispatchClassU32 (83) */
  interface FrameSupportDispatchPerDispatchClassU32 extends Struct {
    readonly normal: u32;
    readonly operational: u32;
    readonly mandatory: u32;
  }

  /** @name SpWeightsRuntimeDbWeight (85) */
  interface SpWeightsRuntimeDbWeight extends Struct {
    readonly read: u64;
    readonly write: u64;
  }

  /** @name SpVersionRuntimeVersion (86) */
  interface SpVersionRuntimeVersion extends Struct {
    readonly specName: Text;
    readonly implName: Text;
    readonly authoringVersion: u32;
    readonly specVersion: u32;
    readonly implVersion: u32;
    readonly apis: Vec<ITuple<[U8aFixed, u32]>>;
    readonly transactionVersion: u32;
    readonly systemVersion: u8;
  }

  /** @name FrameSystemError (92) */
  interface FrameSystemError extends Enum {
    readonly isInvalidSpecName: boolean;
    readonly isSpecVersionNeedsToIncrease: boolean;
    readonly isFailedToExtractRuntimeVersion: boolean;
    readonly isNonDefaultComposite: boolean;
    readonly isNonZeroRefCount: boolean;
    readonly isCallFiltered: boolean;
    readonly isMultiBlockMigrationsOngoing: boolean;
    readonly isNothingAuthorized: boolean;
    readonly isUnauthorized: boolean;
    readonly type: 'InvalidSpecName' | 'SpecVersionNeedsToIncrease' | 'FailedToExtractRuntimeVersion' | 'NonDefaultComposite' | 'NonZeroRefCount' | 'CallFiltered' | 'MultiBlockMigrationsOngoing' | 'NothingAuthorized' | 'Unauthorized';
  }

  /** @name PalletTimestampCall (93) */
  interface PalletTimestampCall extends Enum {
    readonly isSet: boolean;
    readonly asSet: {
      readonly now: Compact<u64>;
    } & Struct;
    readonly type: 'Set';
  }

  /** @name SpConsensusBabeAppPublic (96) */
  interface SpConsensusBabeAppPublic extends U8aFixed {}

  /** @name SpConsensusBabeDigestsNextConfigDescriptor (99) */
  interface SpConsensusBabeDigestsNextConfigDescriptor extends Enum {
    readonly isV1: boolean;
    readonly asV1: {
      readonly c: ITuple<[u64, u64]>;
      readonly allowedSlots: SpConsensusBabeAllowedSlots;
    } & Struct;
    readonly type: 'V1';
  }

  /** @name SpConsensusBabeAllowedSlots (101) */
  interface SpConsensusBabeAllowedSlots extends Enum {
    readonly isPrimarySlots: boolean;
    readonly isPrimaryAndSecondaryPlainSlots: boolean;
    readonly isPrimaryAndSecondaryVRFSlots: boolean;
    readonly type: 'PrimarySlots' | 'PrimaryAndSecondaryPlainSlots' | 'PrimaryAndSecondaryVRFSlots';
  }

  /** @name SpConsensusBabeDigestsPreDigest (105) */
  interface SpConsensusBabeDigestsPreDigest extends Enum {
    readonly isPrimary: boolean;
    readonly asPrimary: SpConsensusBabeDigestsPrimaryPreDigest;
    readonly isSecondaryPlain: boolean;
    readonly asSecondaryPlain: SpConsensusBabeDigestsSecondaryPlainPreDigest;
    readonly isSecondaryVRF: boolean;
    readonly asSecondaryVRF: SpConsensusBabeDigestsSecondaryVRFPreDigest;
    readonly type: 'Primary' | 'SecondaryPlain' | 'SecondaryVRF';
  }

  /** @name SpConsensusBabeDigestsPrimaryPreDigest (106) */
  interface SpConsensusBabeDigestsPrimaryPreDigest extends Struct {
    readonly authorityIndex: u32;
    readonly slot: u64;
    readonly vrfSignature: SpCoreSr25519VrfVrfSignature;
  }

  /** @name SpCoreSr25519VrfVrfSignature (107) */
  interface SpCoreSr25519VrfVrfSignature extends Struct {
    readonly preOutput: U8aFixed;
    readonly proof: U8aFixed;
  }

  /** @name SpConsensusBabeDigestsSecondaryPlainPreDigest (109) */
  interface SpConsensusBabeDigestsSecondaryPlainPreDigest extends Struct {
    readonly authorityIndex: u32;
    readonly slot: u64;
  }

  /** @name SpConsensusBabeDigestsSecondaryVRFPreDigest (110) */
  interface SpConsensusBabeDigestsSecondaryVRFPreDigest extends Struct {
    readonly authorityIndex: u32;
    readonly slot: u64;
    readonly vrfSignature: SpCoreSr25519VrfVrfSignature;
  }

  /** @name SpConsensusBabeBabeEpochConfiguration (112) */
  interface SpConsensusBabeBabeEpochConfiguration extends Struct {
    readonly c: ITuple<[u64, u64]>;
    readonly allowedSlots: SpConsensusBabeAllowedSlots;
  }

  /** @name PalletBabeCall (116) */
  interface PalletBabeCall extends Enum {
    readonly isReportEquivocation: boolean;
    readonly asReportEquivocation: {
      readonly equivocationProof: SpConsensusSlotsEquivocationProof;
      readonly keyOwnerProof: SpSessionMembershipProof;
    } & Struct;
    readonly isReportEquivocationUnsigned: boolean;
    readonly asReportEquivocationUnsigned: {
      readonly equivocationProof: SpConsensusSlotsEquivocationProof;
      readonly keyOwnerProof: SpSessionMembershipProof;
    } & Struct;
    readonly isPlanConfigChange: boolean;
    readonly asPlanConfigChange: {
      readonly config: SpConsensusBabeDigestsNextConfigDescriptor;
    } & Struct;
    readonly type: 'ReportEquivocation' | 'ReportEquivocationUnsigned' | 'PlanConfigChange';
  }

  /** @name SpConsensusSlotsEquivocationProof (117) */
  interface SpConsensusSlotsEquivocationProof extends Struct {
    readonly offender: SpConsensusBabeAppPublic;
    readonly slot: u64;
    readonly firstHeader: SpRuntimeHeader;
    readonly secondHeader: SpRuntimeHeader;
  }

  /** @name SpRuntimeHeader (118) */
  interface SpRuntimeHeader extends Struct {
    readonly parentHash: H256;
    readonly number: Compact<u32>;
    readonly stateRoot: H256;
    readonly extrinsicsRoot: H256;
    readonly digest: SpRuntimeDigest;
  }

  /** @name SpSessionMembershipProof (119) */
  interface SpSessionMembershipProof extends Struct {
    readonly session: u32;
    readonly trieNodes: Vec<Bytes>;
    readonly validatorCount: u32;
  }

  /** @name PalletBabeError (120) */
  interface PalletBabeError extends Enum {
    readonly isInvalidEquivocationProof: boolean;
    readonly isInvalidKeyOwnershipProof: boolean;
    readonly isDuplicateOffenceReport: boolean;
    readonly isInvalidConfiguration: boolean;
    readonly type: 'InvalidEquivocationProof' | 'InvalidKeyOwnershipProof' | 'DuplicateOffenceReport' | 'InvalidConfiguration';
  }

  /** @name PalletBalancesBalanceLock (122) */
  interface PalletBalancesBalanceLock extends Struct {
    readonly id: U8aFixed;
    readonly amount: u128;
    readonly reasons: PalletBalancesReasons;
  }

  /** @name PalletBalancesReasons (123) */
  interface PalletBalancesReasons extends Enum {
    readonly isFee: boolean;
    readonly isMisc: boolean;
    readonly isAll: boolean;
    readonly type: 'Fee' | 'Misc' | 'All';
  }

  /** @name PalletBalancesReserveData (126) */
  interface PalletBalancesReserveData extends Struct {
    readonly id: U8aFixed;
    readonly amount: u128;
  }

  /** @name FrameSupportTokensMiscIdAmountRuntimeHoldReason (129) */
  interface FrameSupportTokensMiscIdAmountRuntimeHoldReason extends Struct {
    readonly id: DatdotRuntimeRuntimeHoldReason;
    readonly amount: u128;
  }

  /** @name FrameSupportTokensMiscIdAmountRuntimeFreezeReason (132) */
  interface FrameSupportTokensMiscIdAmountRuntimeFreezeReason extends Struct {
    readonly id: DatdotRuntimeRuntimeFreezeReason;
    readonly amount: u128;
  }

  /** @name DatdotRuntimeRuntimeFreezeReason (133) */
  type DatdotRuntimeRuntimeFreezeReason = Null;

  /** @name PalletBalancesCall (135) */
  interface PalletBalancesCall extends Enum {
    readonly isTransferAllowDeath: boolean;
    readonly asTransferAllowDeath: {
      readonly dest: MultiAddress;
      readonly value: Compact<u128>;
    } & Struct;
    readonly isForceTransfer: boolean;
    readonly asForceTransfer: {
      readonly source: MultiAddress;
      readonly dest: MultiAddress;
      readonly value: Compact<u128>;
    } & Struct;
    readonly isTransferKeepAlive: boolean;
    readonly asTransferKeepAlive: {
      readonly dest: MultiAddress;
      readonly value: Compact<u128>;
    } & Struct;
    readonly isTransferAll: boolean;
    readonly asTransferAll: {
      readonly dest: MultiAddress;
      readonly keepAlive: bool;
    } & Struct;
    readonly isForceUnreserve: boolean;
    readonly asForceUnreserve: {
      readonly who: MultiAddress;
      readonly amount: u128;
    } & Struct;
    readonly isUpgradeAccounts: boolean;
    readonly asUpgradeAccounts: {
      readonly who: Vec<AccountId32>;
    } & Struct;
    readonly isForceSetBalance: boolean;
    readonly asForceSetBalance: {
      readonly who: MultiAddress;
      readonly newFree: Compact<u128>;
    } & Struct;
    readonly isForceAdjustTotalIssuance: boolean;
    readonly asForceAdjustTotalIssuance: {
      readonly direction: PalletBalancesAdjustmentDirection;
      readonly delta: Compact<u128>;
    } & Struct;
    readonly isBurn: boolean;
    readonly asBurn: {
      readonly value: Compact<u128>;
      readonly keepAlive: bool;
    } & Struct;
    readonly type: 'TransferAllowDeath' | 'ForceTransfer' | 'TransferKeepAlive' | 'TransferAll' | 'ForceUnreserve' | 'UpgradeAccounts' | 'ForceSetBalance' | 'ForceAdjustTotalIssuance' | 'Burn';
  }

  /** @name PalletBalancesAdjustmentDirection (141) */
  interface PalletBalancesAdjustmentDirection extends Enum {
    readonly isIncrease: boolean;
    readonly isDecrease: boolean;
    readonly type: 'Increase' | 'Decrease';
  }

  /** @name PalletBalancesError (142) */
  interface PalletBalancesError extends Enum {
    readonly isVestingBalance: boolean;
    readonly isLiquidityRestrictions: boolean;
    readonly isInsufficientBalance: boolean;
    readonly isExistentialDeposit: boolean;
    readonly isExpendability: boolean;
    readonly isExistingVestingSchedule: boolean;
    readonly isDeadAccount: boolean;
    readonly isTooManyReserves: boolean;
    readonly isTooManyHolds: boolean;
    readonly isTooManyFreezes: boolean;
    readonly isIssuanceDeactivated: boolean;
    readonly isDeltaZero: boolean;
    readonly type: 'VestingBalance' | 'LiquidityRestrictions' | 'InsufficientBalance' | 'ExistentialDeposit' | 'Expendability' | 'ExistingVestingSchedule' | 'DeadAccount' | 'TooManyReserves' | 'TooManyHolds' | 'TooManyFreezes' | 'IssuanceDeactivated' | 'DeltaZero';
  }

  /** @name PalletTransactionPaymentReleases (144) */
  interface PalletTransactionPaymentReleases extends Enum {
    readonly isV1Ancient: boolean;
    readonly isV2: boolean;
    readonly type: 'V1Ancient' | 'V2';
  }

  /** @name FrameSupportStorageNoDrop (145) */
  interface FrameSupportStorageNoDrop extends FrameSupportTokensFungibleImbalance {}

  /** @name FrameSupportTokensFungibleImbalance (146) */
  interface FrameSupportTokensFungibleImbalance extends Struct {
    readonly amount: u128;
  }

  /** @name DatdotRuntimeValidatorsPalletCall (148) */
  interface DatdotRuntimeValidatorsPalletCall extends Enum {
    readonly isSet: boolean;
    readonly asSet: {
      readonly list: Vec<AccountId32>;
    } & Struct;
    readonly type: 'Set';
  }

  /** @name DatdotRuntimeValidatorsPalletError (149) */
  interface DatdotRuntimeValidatorsPalletError extends Enum {
    readonly isEmpty: boolean;
    readonly isDuplicate: boolean;
    readonly type: 'Empty' | 'Duplicate';
  }

  /** @name DatdotRuntimeSessionKeys (152) */
  interface DatdotRuntimeSessionKeys extends Struct {
    readonly babe: SpConsensusBabeAppPublic;
    readonly grandpa: SpConsensusGrandpaAppPublic;
  }

  /** @name SpCoreCryptoKeyTypeId (158) */
  interface SpCoreCryptoKeyTypeId extends U8aFixed {}

  /** @name PalletSessionCall (159) */
  interface PalletSessionCall extends Enum {
    readonly isSetKeys: boolean;
    readonly asSetKeys: {
      readonly keys_: DatdotRuntimeSessionKeys;
      readonly proof: Bytes;
    } & Struct;
    readonly isPurgeKeys: boolean;
    readonly type: 'SetKeys' | 'PurgeKeys';
  }

  /** @name PalletSessionError (160) */
  interface PalletSessionError extends Enum {
    readonly isInvalidProof: boolean;
    readonly isNoAssociatedValidatorId: boolean;
    readonly isDuplicatedKey: boolean;
    readonly isNoKeys: boolean;
    readonly isNoAccount: boolean;
    readonly type: 'InvalidProof' | 'NoAssociatedValidatorId' | 'DuplicatedKey' | 'NoKeys' | 'NoAccount';
  }

  /** @name SpStakingOffenceOffenceDetails (162) */
  interface SpStakingOffenceOffenceDetails extends Struct {
    readonly offender: ITuple<[AccountId32, Null]>;
    readonly reporters: Vec<AccountId32>;
  }

  /** @name PalletGrandpaStoredState (165) */
  interface PalletGrandpaStoredState extends Enum {
    readonly isLive: boolean;
    readonly isPendingPause: boolean;
    readonly asPendingPause: {
      readonly scheduledAt: u32;
      readonly delay: u32;
    } & Struct;
    readonly isPaused: boolean;
    readonly isPendingResume: boolean;
    readonly asPendingResume: {
      readonly scheduledAt: u32;
      readonly delay: u32;
    } & Struct;
    readonly type: 'Live' | 'PendingPause' | 'Paused' | 'PendingResume';
  }

  /** @name PalletGrandpaStoredPendingChange (166) */
  interface PalletGrandpaStoredPendingChange extends Struct {
    readonly scheduledAt: u32;
    readonly delay: u32;
    readonly nextAuthorities: Vec<ITuple<[SpConsensusGrandpaAppPublic, u64]>>;
    readonly forced: Option<u32>;
  }

  /** @name PalletGrandpaCall (168) */
  interface PalletGrandpaCall extends Enum {
    readonly isReportEquivocation: boolean;
    readonly asReportEquivocation: {
      readonly equivocationProof: SpConsensusGrandpaEquivocationProof;
      readonly keyOwnerProof: SpSessionMembershipProof;
    } & Struct;
    readonly isReportEquivocationUnsigned: boolean;
    readonly asReportEquivocationUnsigned: {
      readonly equivocationProof: SpConsensusGrandpaEquivocationProof;
      readonly keyOwnerProof: SpSessionMembershipProof;
    } & Struct;
    readonly isNoteStalled: boolean;
    readonly asNoteStalled: {
      readonly delay: u32;
      readonly bestFinalizedBlockNumber: u32;
    } & Struct;
    readonly type: 'ReportEquivocation' | 'ReportEquivocationUnsigned' | 'NoteStalled';
  }

  /** @name SpConsensusGrandpaEquivocationProof (169) */
  interface SpConsensusGrandpaEquivocationProof extends Struct {
    readonly setId: u64;
    readonly equivocation: SpConsensusGrandpaEquivocation;
  }

  /** @name SpConsensusGrandpaEquivocation (170) */
  interface SpConsensusGrandpaEquivocation extends Enum {
    readonly isPrevote: boolean;
    readonly asPrevote: FinalityGrandpaEquivocationPrevote;
    readonly isPrecommit: boolean;
    readonly asPrecommit: FinalityGrandpaEquivocationPrecommit;
    readonly type: 'Prevote' | 'Precommit';
  }

  /** @name FinalityGrandpaEquivocationPrevote (171) */
  interface FinalityGrandpaEquivocationPrevote extends Struct {
    readonly roundNumber: u64;
    readonly identity: SpConsensusGrandpaAppPublic;
    readonly first: ITuple<[FinalityGrandpaPrevote, SpConsensusGrandpaAppSignature]>;
    readonly second: ITuple<[FinalityGrandpaPrevote, SpConsensusGrandpaAppSignature]>;
  }

  /** @name FinalityGrandpaPrevote (172) */
  interface FinalityGrandpaPrevote extends Struct {
    readonly targetHash: H256;
    readonly targetNumber: u32;
  }

  /** @name SpConsensusGrandpaAppSignature (173) */
  interface SpConsensusGrandpaAppSignature extends U8aFixed {}

  /** @name FinalityGrandpaEquivocationPrecommit (175) */
  interface FinalityGrandpaEquivocationPrecommit extends Struct {
    readonly roundNumber: u64;
    readonly identity: SpConsensusGrandpaAppPublic;
    readonly first: ITuple<[FinalityGrandpaPrecommit, SpConsensusGrandpaAppSignature]>;
    readonly second: ITuple<[FinalityGrandpaPrecommit, SpConsensusGrandpaAppSignature]>;
  }

  /** @name FinalityGrandpaPrecommit (176) */
  interface FinalityGrandpaPrecommit extends Struct {
    readonly targetHash: H256;
    readonly targetNumber: u32;
  }

  /** @name PalletGrandpaError (178) */
  interface PalletGrandpaError extends Enum {
    readonly isPauseFailed: boolean;
    readonly isResumeFailed: boolean;
    readonly isChangePending: boolean;
    readonly isTooSoon: boolean;
    readonly isInvalidKeyOwnershipProof: boolean;
    readonly isInvalidEquivocationProof: boolean;
    readonly isDuplicateOffenceReport: boolean;
    readonly type: 'PauseFailed' | 'ResumeFailed' | 'ChangePending' | 'TooSoon' | 'InvalidKeyOwnershipProof' | 'InvalidEquivocationProof' | 'DuplicateOffenceReport';
  }

  /** @name PalletSudoCall (179) */
  interface PalletSudoCall extends Enum {
    readonly isSudo: boolean;
    readonly asSudo: {
      readonly call: Call;
    } & Struct;
    readonly isSudoUncheckedWeight: boolean;
    readonly asSudoUncheckedWeight: {
      readonly call: Call;
      readonly weight: SpWeightsWeightV2Weight;
    } & Struct;
    readonly isSetKey: boolean;
    readonly asSetKey: {
      readonly new_: MultiAddress;
    } & Struct;
    readonly isSudoAs: boolean;
    readonly asSudoAs: {
      readonly who: MultiAddress;
      readonly call: Call;
    } & Struct;
    readonly isRemoveKey: boolean;
    readonly type: 'Sudo' | 'SudoUncheckedWeight' | 'SetKey' | 'SudoAs' | 'RemoveKey';
  }

  /** @name PalletUtilityCall (181) */
  interface PalletUtilityCall extends Enum {
    readonly isBatch: boolean;
    readonly asBatch: {
      readonly calls: Vec<Call>;
    } & Struct;
    readonly isAsDerivative: boolean;
    readonly asAsDerivative: {
      readonly index: u16;
      readonly call: Call;
    } & Struct;
    readonly isBatchAll: boolean;
    readonly asBatchAll: {
      readonly calls: Vec<Call>;
    } & Struct;
    readonly isDispatchAs: boolean;
    readonly asDispatchAs: {
      readonly asOrigin: DatdotRuntimeOriginCaller;
      readonly call: Call;
    } & Struct;
    readonly isForceBatch: boolean;
    readonly asForceBatch: {
      readonly calls: Vec<Call>;
    } & Struct;
    readonly isWithWeight: boolean;
    readonly asWithWeight: {
      readonly call: Call;
      readonly weight: SpWeightsWeightV2Weight;
    } & Struct;
    readonly isIfElse: boolean;
    readonly asIfElse: {
      readonly main: Call;
      readonly fallback: Call;
    } & Struct;
    readonly isDispatchAsFallible: boolean;
    readonly asDispatchAsFallible: {
      readonly asOrigin: DatdotRuntimeOriginCaller;
      readonly call: Call;
    } & Struct;
    readonly type: 'Batch' | 'AsDerivative' | 'BatchAll' | 'DispatchAs' | 'ForceBatch' | 'WithWeight' | 'IfElse' | 'DispatchAsFallible';
  }

  /** @name DatdotRuntimeOriginCaller (183) */
  interface DatdotRuntimeOriginCaller extends Enum {
    readonly isSystem: boolean;
    readonly asSystem: FrameSupportDispatchRawOrigin;
    readonly type: 'System';
  }

  /** @name FrameSupportDispatchRawOrigin (184) */
  interface FrameSupportDispatchRawOrigin extends Enum {
    readonly isRoot: boolean;
    readonly isSigned: boolean;
    readonly asSigned: AccountId32;
    readonly isNone: boolean;
    readonly isAuthorized: boolean;
    readonly type: 'Root' | 'Signed' | 'None' | 'Authorized';
  }

  /** @name PalletDatdotCall (185) */
  interface PalletDatdotCall extends Enum {
    readonly isRegister: boolean;
    readonly asRegister: {
      readonly roles: u8;
      readonly noiseKey: U8aFixed;
      readonly proof: U8aFixed;
      readonly capacity: u64;
    } & Struct;
    readonly isUpdateProvider: boolean;
    readonly asUpdateProvider: {
      readonly roles: u8;
      readonly capacity: u64;
      readonly paused: bool;
      readonly payout: Option<AccountId32>;
    } & Struct;
    readonly isDeregister: boolean;
    readonly isPublish: boolean;
    readonly asPublish: {
      readonly identity: DatdotRulesPublishIdentity;
      readonly fork: Compact<u64>;
      readonly length: Compact<u64>;
      readonly peaks: Vec<DatdotRulesOffsetPeak>;
      readonly signature: U8aFixed;
      readonly cuts: Vec<Vec<DatdotRulesOffsetStep>>;
    } & Struct;
    readonly isDonate: boolean;
    readonly asDonate: {
      readonly core: U8aFixed;
      readonly amount: u128;
      readonly wish: u8;
    } & Struct;
    readonly isReclaim: boolean;
    readonly asReclaim: {
      readonly core: U8aFixed;
    } & Struct;
    readonly isSetWish: boolean;
    readonly asSetWish: {
      readonly core: U8aFixed;
      readonly wish: u8;
    } & Struct;
    readonly isAssign: boolean;
    readonly asAssign: {
      readonly core: U8aFixed;
    } & Struct;
    readonly isCommitKey: boolean;
    readonly asCommitKey: {
      readonly span: u64;
      readonly e: u32;
      readonly modulus: U8aFixed;
    } & Struct;
    readonly isSeal: boolean;
    readonly asSeal: {
      readonly span: u64;
      readonly root: U8aFixed;
      readonly cells: u64;
      readonly signerSignature: U8aFixed;
    } & Struct;
    readonly isProve: boolean;
    readonly asProve: {
      readonly copy: u64;
      readonly period: u32;
      readonly proofs: Vec<DatdotRulesTpeSpanProof>;
    } & Struct;
    readonly isReport: boolean;
    readonly asReport: {
      readonly copy: u64;
      readonly period: u32;
      readonly report: DatdotRulesReport;
    } & Struct;
    readonly isSettle: boolean;
    readonly asSettle: {
      readonly copy: u64;
      readonly limit: u32;
    } & Struct;
    readonly isExpire: boolean;
    readonly asExpire: {
      readonly span: u64;
    } & Struct;
    readonly isSetParams: boolean;
    readonly asSetParams: {
      readonly params: PalletDatdotParams;
    } & Struct;
    readonly isDecline: boolean;
    readonly asDecline: {
      readonly duty: PalletDatdotDuty;
      readonly reason: PalletDatdotDeclineReason;
    } & Struct;
    readonly isReap: boolean;
    readonly asReap: {
      readonly core: U8aFixed;
    } & Struct;
    readonly type: 'Register' | 'UpdateProvider' | 'Deregister' | 'Publish' | 'Donate' | 'Reclaim' | 'SetWish' | 'Assign' | 'CommitKey' | 'Seal' | 'Prove' | 'Report' | 'Settle' | 'Expire' | 'SetParams' | 'Decline' | 'Reap';
  }

  /** @name DatdotRulesPublishIdentity (186) */
  interface DatdotRulesPublishIdentity extends Enum {
    readonly isManifest: boolean;
    readonly asManifest: Bytes;
    readonly isCompat: boolean;
    readonly asCompat: U8aFixed;
    readonly type: 'Manifest' | 'Compat';
  }

  /** @name DatdotRulesOffsetPeak (189) */
  interface DatdotRulesOffsetPeak extends Struct {
    readonly size_: Compact<u64>;
    readonly hash_: U8aFixed;
  }

  /** @name DatdotRulesOffsetStep (193) */
  interface DatdotRulesOffsetStep extends Struct {
    readonly leftSize: Compact<u64>;
    readonly left: U8aFixed;
    readonly right: U8aFixed;
    readonly open: Option<ITuple<[U8aFixed, U8aFixed]>>;
  }

  /** @name DatdotRulesTpeSpanProof (200) */
  interface DatdotRulesTpeSpanProof extends Struct {
    readonly peaks: Vec<U8aFixed>;
    readonly leaves: Vec<DatdotRulesTpeLeafProof>;
  }

  /** @name DatdotRulesTpeLeafProof (203) */
  interface DatdotRulesTpeLeafProof extends Struct {
    readonly data: Bytes;
    readonly path: Vec<U8aFixed>;
  }

  /** @name DatdotRulesReport (206) */
  interface DatdotRulesReport extends Struct {
    readonly outcome: DatdotRulesReportOutcome;
    readonly ttfbMs: u32;
    readonly kibPerS: u32;
    readonly blocks: u16;
    readonly bytes: u32;
    readonly digest: U8aFixed;
    readonly evidence: DatdotRulesReportEvidence;
  }

  /** @name DatdotRulesReportEvidence (207) */
  interface DatdotRulesReportEvidence extends Enum {
    readonly isNone: boolean;
    readonly isServed: boolean;
    readonly asServed: {
      readonly receipt: U8aFixed;
      readonly peaks: Vec<U8aFixed>;
      readonly leaf: DatdotRulesTpeLeafProof;
    } & Struct;
    readonly isWrongReplica: boolean;
    readonly asWrongReplica: {
      readonly span: u16;
      readonly index: u64;
      readonly peaks: Vec<U8aFixed>;
      readonly leaf: DatdotRulesTpeLeafProof;
    } & Struct;
    readonly type: 'None' | 'Served' | 'WrongReplica';
  }

  /** @name PalletSudoError (208) */
  interface PalletSudoError extends Enum {
    readonly isRequireSudo: boolean;
    readonly type: 'RequireSudo';
  }

  /** @name PalletUtilityError (209) */
  interface PalletUtilityError extends Enum {
    readonly isTooManyCalls: boolean;
    readonly type: 'TooManyCalls';
  }

  /** @name PalletDatdotProvider (210) */
  interface PalletDatdotProvider extends Struct {
    readonly roles: u8;
    readonly noiseKey: U8aFixed;
    readonly capacity: u64;
    readonly reserved: u64;
    readonly reputation: Vec<DatdotRulesReputation>;
    readonly registeredAt: u32;
    readonly paused: bool;
    readonly payout: AccountId32;
    readonly deposit: u128;
    readonly leaving: Option<u32>;
    readonly declines: PalletDatdotDeclines;
  }

  /** @name DatdotRulesReputation (212) */
  interface DatdotRulesReputation extends Struct {
    readonly alpha: u64;
    readonly beta: u64;
    readonly period: u32;
  }

  /** @name PalletDatdotDeclines (213) */
  interface PalletDatdotDeclines extends Struct {
    readonly period: u32;
    readonly count: u32;
  }

  /** @name PalletDatdotRoleSlot (218) */
  interface PalletDatdotRoleSlot extends Struct {
    readonly account: AccountId32;
    readonly since: u32;
    readonly until: Option<u32>;
  }

  /** @name PalletDatdotFreeRange (219) */
  interface PalletDatdotFreeRange extends Struct {
    readonly head: u32;
    readonly tail: u32;
  }

  /** @name PalletDatdotCore (221) */
  interface PalletDatdotCore extends Struct {
    readonly identity: DatdotRulesPublishIdentity;
    readonly tree: PalletDatdotTree;
    readonly publishedAt: u32;
    readonly unavailable: u32;
    readonly depositor: AccountId32;
    readonly deposit: u128;
    readonly copies: u32;
    readonly requests: u32;
    readonly due: Option<u32>;
  }

  /** @name PalletDatdotTree (222) */
  interface PalletDatdotTree extends Struct {
    readonly fork: u64;
    readonly length: u64;
    readonly byteLength: u64;
    readonly treeHash: U8aFixed;
    readonly cuts: Vec<DatdotRulesSpanCut>;
  }

  /** @name DatdotRulesSpanCut (224) */
  interface DatdotRulesSpanCut extends Struct {
    readonly block: u64;
    readonly byte: u64;
  }

  /** @name DatdotRulesPot (226) */
  interface DatdotRulesPot extends Struct {
    readonly balance: Compact<u128>;
    readonly total: Compact<u128>;
    readonly wishes: Compact<u128>;
    readonly era: u32;
    readonly scale: u32;
    readonly holders: u32;
    readonly locked: Compact<u128>;
  }

  /** @name DatdotRulesPotShare (228) */
  interface DatdotRulesPotShare extends Struct {
    readonly n: Compact<u128>;
    readonly wish: u8;
    readonly era: u32;
    readonly scale: u32;
  }

  /** @name PalletDatdotRequest (230) */
  interface PalletDatdotRequest extends Struct {
    readonly requestId: u64;
    readonly seed: u64;
    readonly attempt: u64;
    readonly tree: PalletDatdotTree;
  }

  /** @name PalletDatdotParty (231) */
  interface PalletDatdotParty extends Struct {
    readonly pinner: u32;
    readonly signer: u32;
  }

  /** @name PalletDatdotCopyTypesCopy (232) */
  interface PalletDatdotCopyTypesCopy extends Struct {
    readonly core: U8aFixed;
    readonly tree: PalletDatdotTree;
    readonly slot: u32;
    readonly requestId: u64;
    readonly seed: u64;
    readonly pinner: AccountId32;
    readonly pinnerNoiseKey: U8aFixed;
    readonly state: DatdotRulesStateCopyState;
    readonly spans: Vec<u64>;
    readonly sealed: u32;
    readonly prices: DatdotRulesSettlePrices;
    readonly parts: u32;
    readonly locked: u128;
    readonly reserved: u64;
    readonly assignedAt: u32;
    readonly firstPeriod: Option<u32>;
    readonly earliestSeed: u64;
    readonly lastSettled: u32;
    readonly endsAfter: Option<u32>;
    readonly faults: u32;
    readonly misses: u32;
    readonly passes: u32;
    readonly unfunded: u32;
    readonly due: u32;
    readonly endedAt: Option<u32>;
  }

  /** @name DatdotRulesStateCopyState (233) */
  interface DatdotRulesStateCopyState extends Enum {
    readonly isSetup: boolean;
    readonly isActive: boolean;
    readonly isEnded: boolean;
    readonly asEnded: DatdotRulesStateEndReason;
    readonly isFailed: boolean;
    readonly asFailed: DatdotRulesStateFailReason;
    readonly type: 'Setup' | 'Active' | 'Ended' | 'Failed';
  }

  /** @name DatdotRulesStateEndReason (234) */
  interface DatdotRulesStateEndReason extends Enum {
    readonly isUnwanted: boolean;
    readonly isUnfunded: boolean;
    readonly isExpired: boolean;
    readonly isDeclined: boolean;
    readonly type: 'Unwanted' | 'Unfunded' | 'Expired' | 'Declined';
  }

  /** @name DatdotRulesStateFailReason (235) */
  interface DatdotRulesStateFailReason extends Enum {
    readonly isFaults: boolean;
    readonly isMisses: boolean;
    readonly type: 'Faults' | 'Misses';
  }

  /** @name DatdotRulesSettlePrices (236) */
  interface DatdotRulesSettlePrices extends Struct {
    readonly x: Compact<u128>;
    readonly y: Compact<u128>;
    readonly z: Compact<u128>;
  }

  /** @name PalletDatdotCopyTypesSpan (237) */
  interface PalletDatdotCopyTypesSpan extends Struct {
    readonly copy: u64;
    readonly number: u32;
    readonly signer: Option<AccountId32>;
    readonly signerNoiseKey: Option<U8aFixed>;
    readonly start: u64;
    readonly end: u64;
    readonly byteStart: u64;
    readonly byteLength: u64;
    readonly beacon: U8aFixed;
    readonly cells: u64;
    readonly x: u128;
    readonly state: DatdotRulesStateSpanState;
    readonly deadline: Option<u32>;
    readonly assignedAt: u32;
    readonly key: Option<PalletDatdotCopyTypesSpanKey>;
    readonly root: Option<U8aFixed>;
  }

  /** @name DatdotRulesStateSpanState (238) */
  interface DatdotRulesStateSpanState extends Enum {
    readonly isAssigned: boolean;
    readonly isKeyed: boolean;
    readonly isSealed: boolean;
    readonly isClosed: boolean;
    readonly isExpired: boolean;
    readonly type: 'Assigned' | 'Keyed' | 'Sealed' | 'Closed' | 'Expired';
  }

  /** @name PalletDatdotCopyTypesSpanKey (240) */
  interface PalletDatdotCopyTypesSpanKey extends Struct {
    readonly e: u32;
    readonly modulus: U8aFixed;
    readonly tag: U8aFixed;
  }

  /** @name PalletDatdotAccumulator (241) */
  interface PalletDatdotAccumulator extends Struct {
    readonly value: U8aFixed;
    readonly vrfs: u32;
  }

  /** @name PalletDatdotSeed (242) */
  interface PalletDatdotSeed extends Struct {
    readonly value: U8aFixed;
    readonly counts: Vec<u32>;
    readonly vrfs: u32;
  }

  /** @name PalletDatdotBestSeed (244) */
  interface PalletDatdotBestSeed extends Struct {
    readonly s: u64;
    readonly value: U8aFixed;
  }

  /** @name PalletDatdotPeriod (245) */
  interface PalletDatdotPeriod extends Struct {
    readonly seed: U8aFixed;
    readonly verifiers: u32;
    readonly samples: u32;
    readonly seedIndex: u64;
  }

  /** @name PalletDatdotCopyTypesRecord (246) */
  interface PalletDatdotCopyTypesRecord extends Struct {
    readonly pinnerR: u32;
    readonly k: u32;
    readonly verifiers: Vec<PalletDatdotCopyTypesDrawnVerifier>;
    readonly proved: bool;
  }

  /** @name PalletDatdotCopyTypesDrawnVerifier (248) */
  interface PalletDatdotCopyTypesDrawnVerifier extends Struct {
    readonly account: AccountId32;
    readonly r: u32;
    readonly report: Option<PalletDatdotCopyTypesReportFacts>;
  }

  /** @name PalletDatdotCopyTypesReportFacts (250) */
  interface PalletDatdotCopyTypesReportFacts extends Struct {
    readonly outcome: DatdotRulesReportOutcome;
    readonly ttfbMs: u32;
    readonly kibPerS: u32;
    readonly blocks: u16;
    readonly bytes: u32;
    readonly digest: U8aFixed;
    readonly wrong: Option<ITuple<[u16, u64]>>;
  }

  /** @name PalletDatdotSums (254) */
  interface PalletDatdotSums extends Struct {
    readonly minted: u128;
    readonly burnedForWork: u128;
    readonly fees: u128;
  }

  /** @name PalletDatdotAgendaItem (256) */
  interface PalletDatdotAgendaItem extends Enum {
    readonly isAssign: boolean;
    readonly asAssign: U8aFixed;
    readonly isCopy: boolean;
    readonly asCopy: u64;
    readonly type: 'Assign' | 'Copy';
  }

  /** @name PalletDatdotError (257) */
  interface PalletDatdotError extends Enum {
    readonly isAlreadyRegistered: boolean;
    readonly isNotRegistered: boolean;
    readonly isInvalidRoles: boolean;
    readonly isInvalidCapacity: boolean;
    readonly isTooManySlots: boolean;
    readonly isCapacityInUse: boolean;
    readonly isNoiseKeyTaken: boolean;
    readonly isBadNoiseProof: boolean;
    readonly isFloatTooLow: boolean;
    readonly isLeaving: boolean;
    readonly isDepositLocked: boolean;
    readonly isHasDuties: boolean;
    readonly isUnsupportedManifest: boolean;
    readonly isBadManifest: boolean;
    readonly isBadFork: boolean;
    readonly isBadLength: boolean;
    readonly isBadPeaks: boolean;
    readonly isBadByteLength: boolean;
    readonly isBadPrologue: boolean;
    readonly isBadTreeSignature: boolean;
    readonly isBadCutCount: boolean;
    readonly isBadOffsetProof: boolean;
    readonly isNotNewer: boolean;
    readonly isUnknownCore: boolean;
    readonly isDonationTooSmall: boolean;
    readonly isPotFull: boolean;
    readonly isNoShare: boolean;
    readonly isCoreInUse: boolean;
    readonly isPotNotEmpty: boolean;
    readonly isNoRequest: boolean;
    readonly isSeedNotReady: boolean;
    readonly isOutOfOrder: boolean;
    readonly isUnderfunded: boolean;
    readonly isUnknownSpan: boolean;
    readonly isUnknownCopy: boolean;
    readonly isNotTheSigner: boolean;
    readonly isNotThePinner: boolean;
    readonly isNotAssigned: boolean;
    readonly isNotKeyed: boolean;
    readonly isInvalidKey: boolean;
    readonly isDeadlinePassed: boolean;
    readonly isWrongCellCount: boolean;
    readonly isBadSealSignature: boolean;
    readonly isCopyNotActive: boolean;
    readonly isPeriodNotOfCopy: boolean;
    readonly isPeriodClosed: boolean;
    readonly isAlreadyProved: boolean;
    readonly isBadProof: boolean;
    readonly isNotDrawn: boolean;
    readonly isAlreadyReported: boolean;
    readonly isWrongEvidence: boolean;
    readonly isBadReceipt: boolean;
    readonly isNothingToSettle: boolean;
    readonly isAlreadySealed: boolean;
    readonly isNotExpired: boolean;
    readonly isInvalidParams: boolean;
    readonly isCopyNotInSetup: boolean;
    readonly isTooManyDeclines: boolean;
    readonly isOverflow: boolean;
    readonly isInsufficientBalance: boolean;
    readonly isWishTooHigh: boolean;
    readonly isReapTooEarly: boolean;
    readonly isTooManyBlocks: boolean;
    readonly type: 'AlreadyRegistered' | 'NotRegistered' | 'InvalidRoles' | 'InvalidCapacity' | 'TooManySlots' | 'CapacityInUse' | 'NoiseKeyTaken' | 'BadNoiseProof' | 'FloatTooLow' | 'Leaving' | 'DepositLocked' | 'HasDuties' | 'UnsupportedManifest' | 'BadManifest' | 'BadFork' | 'BadLength' | 'BadPeaks' | 'BadByteLength' | 'BadPrologue' | 'BadTreeSignature' | 'BadCutCount' | 'BadOffsetProof' | 'NotNewer' | 'UnknownCore' | 'DonationTooSmall' | 'PotFull' | 'NoShare' | 'CoreInUse' | 'PotNotEmpty' | 'NoRequest' | 'SeedNotReady' | 'OutOfOrder' | 'Underfunded' | 'UnknownSpan' | 'UnknownCopy' | 'NotTheSigner' | 'NotThePinner' | 'NotAssigned' | 'NotKeyed' | 'InvalidKey' | 'DeadlinePassed' | 'WrongCellCount' | 'BadSealSignature' | 'CopyNotActive' | 'PeriodNotOfCopy' | 'PeriodClosed' | 'AlreadyProved' | 'BadProof' | 'NotDrawn' | 'AlreadyReported' | 'WrongEvidence' | 'BadReceipt' | 'NothingToSettle' | 'AlreadySealed' | 'NotExpired' | 'InvalidParams' | 'CopyNotInSetup' | 'TooManyDeclines' | 'Overflow' | 'InsufficientBalance' | 'WishTooHigh' | 'ReapTooEarly' | 'TooManyBlocks';
  }

  /** @name SpRuntimeMultiSignature (259) */
  interface SpRuntimeMultiSignature extends Enum {
    readonly isEd25519: boolean;
    readonly asEd25519: U8aFixed;
    readonly isSr25519: boolean;
    readonly asSr25519: U8aFixed;
    readonly isEcdsa: boolean;
    readonly asEcdsa: U8aFixed;
    readonly isEth: boolean;
    readonly asEth: U8aFixed;
    readonly type: 'Ed25519' | 'Sr25519' | 'Ecdsa' | 'Eth';
  }

  /** @name FrameSystemExtensionsAuthorizeCall (262) */
  type FrameSystemExtensionsAuthorizeCall = Null;

  /** @name FrameSystemExtensionsCheckNonZeroSender (263) */
  type FrameSystemExtensionsCheckNonZeroSender = Null;

  /** @name FrameSystemExtensionsCheckSpecVersion (264) */
  type FrameSystemExtensionsCheckSpecVersion = Null;

  /** @name FrameSystemExtensionsCheckTxVersion (265) */
  type FrameSystemExtensionsCheckTxVersion = Null;

  /** @name FrameSystemExtensionsCheckGenesis (266) */
  type FrameSystemExtensionsCheckGenesis = Null;

  /** @name FrameSystemExtensionsCheckNonce (269) */
  interface FrameSystemExtensionsCheckNonce extends Compact<u32> {}

  /** @name FrameSystemExtensionsCheckWeight (270) */
  type FrameSystemExtensionsCheckWeight = Null;

  /** @name PalletTransactionPaymentChargeTransactionPayment (271) */
  interface PalletTransactionPaymentChargeTransactionPayment extends Compact<u128> {}

  /** @name FrameMetadataHashExtensionCheckMetadataHash (272) */
  interface FrameMetadataHashExtensionCheckMetadataHash extends Struct {
    readonly mode: FrameMetadataHashExtensionMode;
  }

  /** @name FrameMetadataHashExtensionMode (273) */
  interface FrameMetadataHashExtensionMode extends Enum {
    readonly isDisabled: boolean;
    readonly isEnabled: boolean;
    readonly type: 'Disabled' | 'Enabled';
  }

  /** @name FrameSystemExtensionsWeightReclaim (274) */
  type FrameSystemExtensionsWeightReclaim = Null;

  /** @name DatdotRuntimeRuntime (275) */
  type DatdotRuntimeRuntime = Null;

} // declare module
