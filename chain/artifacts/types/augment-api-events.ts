// Made from the metadata by chain/build.sh; not edited by hand.

// import type lookup before we augment - in some environments
// this is required to allow for ambient/previous definitions
import '@polkadot/api-base/types/events';

import type { ApiTypes, AugmentedEvent } from '@polkadot/api-base/types';
import type { Bytes, Null, Option, Result, U8aFixed, Vec, bool, u128, u32, u64, u8 } from '@polkadot/types-codec';
import type { ITuple } from '@polkadot/types-codec/types';
import type { AccountId32, H256 } from '@polkadot/types/interfaces/runtime';
import type { DatdotRulesDrawRole, DatdotRulesReportOutcome, DatdotRulesSettleVerdict, DatdotRuntimeRuntimeHoldReason, FrameSupportTokensMiscBalanceStatus, FrameSystemDispatchEventInfo, PalletBalancesUnexpectedKind, PalletDatdotCopyTypesReason, PalletDatdotDeclineReason, PalletDatdotDuty, PalletDatdotMissing, PalletDatdotParams, SpConsensusGrandpaAppPublic, SpRuntimeDispatchError } from '@polkadot/types/lookup';

export type __AugmentedEvent<ApiType extends ApiTypes> = AugmentedEvent<ApiType>;

declare module '@polkadot/api-base/types/events' {
  interface AugmentedEvents<ApiType extends ApiTypes> {
    balances: {
      /**
       * A balance was set by root.
       **/
      BalanceSet: AugmentedEvent<ApiType, [who: AccountId32, free: u128], { who: AccountId32, free: u128 }>;
      /**
       * Some amount was burned from an account.
       **/
      Burned: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some debt has been dropped from the Total Issuance.
       **/
      BurnedDebt: AugmentedEvent<ApiType, [amount: u128], { amount: u128 }>;
      /**
       * Held balance was burned from an account.
       **/
      BurnedHeld: AugmentedEvent<ApiType, [reason: DatdotRuntimeRuntimeHoldReason, who: AccountId32, amount: u128], { reason: DatdotRuntimeRuntimeHoldReason, who: AccountId32, amount: u128 }>;
      /**
       * Some amount was deposited (e.g. for transaction fees).
       **/
      Deposit: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * An account was removed whose balance was non-zero but below ExistentialDeposit,
       * resulting in an outright loss.
       **/
      DustLost: AugmentedEvent<ApiType, [account: AccountId32, amount: u128], { account: AccountId32, amount: u128 }>;
      /**
       * An account was created with some free balance.
       **/
      Endowed: AugmentedEvent<ApiType, [account: AccountId32, freeBalance: u128], { account: AccountId32, freeBalance: u128 }>;
      /**
       * Some balance was frozen.
       **/
      Frozen: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some balance was placed on hold.
       **/
      Held: AugmentedEvent<ApiType, [reason: DatdotRuntimeRuntimeHoldReason, who: AccountId32, amount: u128], { reason: DatdotRuntimeRuntimeHoldReason, who: AccountId32, amount: u128 }>;
      /**
       * Total issuance was increased by `amount`, creating a credit to be balanced.
       **/
      Issued: AugmentedEvent<ApiType, [amount: u128], { amount: u128 }>;
      /**
       * Some balance was locked.
       **/
      Locked: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some amount was minted into an account.
       **/
      Minted: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some credit was balanced and added to the TotalIssuance.
       **/
      MintedCredit: AugmentedEvent<ApiType, [amount: u128], { amount: u128 }>;
      /**
       * Some balance was released from hold.
       **/
      Released: AugmentedEvent<ApiType, [reason: DatdotRuntimeRuntimeHoldReason, who: AccountId32, amount: u128], { reason: DatdotRuntimeRuntimeHoldReason, who: AccountId32, amount: u128 }>;
      /**
       * Total issuance was decreased by `amount`, creating a debt to be balanced.
       **/
      Rescinded: AugmentedEvent<ApiType, [amount: u128], { amount: u128 }>;
      /**
       * Some balance was reserved (moved from free to reserved).
       **/
      Reserved: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some balance was moved from the reserve of the first account to the second account.
       * Final argument indicates the destination balance type.
       **/
      ReserveRepatriated: AugmentedEvent<ApiType, [from: AccountId32, to: AccountId32, amount: u128, destinationStatus: FrameSupportTokensMiscBalanceStatus], { from: AccountId32, to: AccountId32, amount: u128, destinationStatus: FrameSupportTokensMiscBalanceStatus }>;
      /**
       * Some amount was restored into an account.
       **/
      Restored: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some amount was removed from the account (e.g. for misbehavior).
       **/
      Slashed: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some amount was suspended from an account (it can be restored later).
       **/
      Suspended: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some balance was thawed.
       **/
      Thawed: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * The `TotalIssuance` was forcefully changed.
       **/
      TotalIssuanceForced: AugmentedEvent<ApiType, [old: u128, new_: u128], { old: u128, new_: u128 }>;
      /**
       * Transfer succeeded.
       **/
      Transfer: AugmentedEvent<ApiType, [from: AccountId32, to: AccountId32, amount: u128], { from: AccountId32, to: AccountId32, amount: u128 }>;
      /**
       * The `transferred` balance is placed on hold at the `dest` account.
       **/
      TransferAndHold: AugmentedEvent<ApiType, [reason: DatdotRuntimeRuntimeHoldReason, source: AccountId32, dest: AccountId32, transferred: u128], { reason: DatdotRuntimeRuntimeHoldReason, source: AccountId32, dest: AccountId32, transferred: u128 }>;
      /**
       * A transfer of `amount` on hold from `source` to `dest` was initiated.
       **/
      TransferOnHold: AugmentedEvent<ApiType, [reason: DatdotRuntimeRuntimeHoldReason, source: AccountId32, dest: AccountId32, amount: u128], { reason: DatdotRuntimeRuntimeHoldReason, source: AccountId32, dest: AccountId32, amount: u128 }>;
      /**
       * An unexpected/defensive event was triggered.
       **/
      Unexpected: AugmentedEvent<ApiType, [PalletBalancesUnexpectedKind]>;
      /**
       * Some balance was unlocked.
       **/
      Unlocked: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * Some balance was unreserved (moved from reserved to free).
       **/
      Unreserved: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
      /**
       * An account was upgraded.
       **/
      Upgraded: AugmentedEvent<ApiType, [who: AccountId32], { who: AccountId32 }>;
      /**
       * Some amount was withdrawn from the account (e.g. for transaction fees).
       **/
      Withdraw: AugmentedEvent<ApiType, [who: AccountId32, amount: u128], { who: AccountId32, amount: u128 }>;
    };
    datdot: {
      /**
       * All spans of a copy are sealed; again when its first period moves on, as the one it had began with too old a seed.
       **/
      CopyActive: AugmentedEvent<ApiType, [copy: u64, firstPeriod: u32], { copy: u64, firstPeriod: u32 }>;
      /**
       * A copy was drawn.
       **/
      CopyAssigned: AugmentedEvent<ApiType, [copy: u64, core: U8aFixed, slot: u32, request: u64, pinner: AccountId32, spans: Vec<u64>], { copy: u64, core: U8aFixed, slot: u32, request: u64, pinner: AccountId32, spans: Vec<u64> }>;
      /**
       * A copy ended or failed.
       **/
      CopyEnded: AugmentedEvent<ApiType, [copy: u64, reason: PalletDatdotCopyTypesReason], { copy: u64, reason: PalletDatdotCopyTypesReason }>;
      /**
       * A copy is not wanted any more and ends after a period.
       **/
      CopyEnding: AugmentedEvent<ApiType, [copy: u64, lastPeriod: u32], { copy: u64, lastPeriod: u32 }>;
      /**
       * A core's tree was published.
       **/
      CorePublished: AugmentedEvent<ApiType, [core: U8aFixed, fork: u64, length: u64, byteLength: u64], { core: U8aFixed, fork: u64, length: u64, byteLength: u64 }>;
      /**
       * A core was removed and its deposit given back.
       **/
      CoreReaped: AugmentedEvent<ApiType, [core: U8aFixed, depositor: AccountId32], { core: U8aFixed, depositor: AccountId32 }>;
      /**
       * Three set-ups in a row did not get the data; the core is drawn again after a raised wish or a donation.
       **/
      CoreUnavailable: AugmentedEvent<ApiType, [core: U8aFixed], { core: U8aFixed }>;
      /**
       * A signer or pinner declined.
       **/
      Declined: AugmentedEvent<ApiType, [who: AccountId32, duty: PalletDatdotDuty, reason: PalletDatdotDeclineReason], { who: AccountId32, duty: PalletDatdotDuty, reason: PalletDatdotDeclineReason }>;
      /**
       * A pot got a donation.
       **/
      Donated: AugmentedEvent<ApiType, [core: U8aFixed, who: AccountId32, amount: u128, shares: u128], { core: U8aFixed, who: AccountId32, amount: u128, shares: u128 }>;
      /**
       * A draw found nobody and is tried again with a later seed.
       **/
      DrawFailed: AugmentedEvent<ApiType, [core: U8aFixed, slot: u32, missing: PalletDatdotMissing], { core: U8aFixed, slot: u32, missing: PalletDatdotMissing }>;
      /**
       * A pot, or whose wish it was, was charged for a draw or a set-up that came to nothing; or a pot for dust.
       **/
      FeeBurned: AugmentedEvent<ApiType, [core: U8aFixed, amount: u128], { core: U8aFixed, amount: u128 }>;
      /**
       * Somebody was paid.
       **/
      Paid: AugmentedEvent<ApiType, [copy: u64, period: u32, who: AccountId32, role: DatdotRulesDrawRole, amount: u128], { copy: u64, period: u32, who: AccountId32, role: DatdotRulesDrawRole, amount: u128 }>;
      /**
       * The parameters changed.
       **/
      ParamsSet: AugmentedEvent<ApiType, [params: PalletDatdotParams], { params: PalletDatdotParams }>;
      /**
       * A payment failed (say, below the existential deposit); nothing was burned for it.
       **/
      PaymentFailed: AugmentedEvent<ApiType, [copy: u64, period: u32, who: AccountId32, amount: u128], { copy: u64, period: u32, who: AccountId32, amount: u128 }>;
      /**
       * The period could not be paid by the pot; nobody was paid or blamed.
       **/
      PeriodUnfunded: AugmentedEvent<ApiType, [copy: u64, period: u32], { copy: u64, period: u32 }>;
      /**
       * A pinner proved a copy.
       **/
      Proved: AugmentedEvent<ApiType, [copy: u64, period: u32], { copy: u64, period: u32 }>;
      /**
       * A provider's slots end.
       **/
      ProviderLeaving: AugmentedEvent<ApiType, [who: AccountId32, until: u32], { who: AccountId32, until: u32 }>;
      /**
       * A provider got its deposit back.
       **/
      ProviderLeft: AugmentedEvent<ApiType, [who: AccountId32, deposit: u128], { who: AccountId32, deposit: u128 }>;
      /**
       * A provider registered, perhaps again.
       **/
      ProviderRegistered: AugmentedEvent<ApiType, [who: AccountId32, roles: u8, noiseKey: U8aFixed, capacity: u64], { who: AccountId32, roles: u8, noiseKey: U8aFixed, capacity: u64 }>;
      /**
       * A provider changed what it offers.
       **/
      ProviderUpdated: AugmentedEvent<ApiType, [who: AccountId32, roles: u8, capacity: u64, paused: bool, payout: AccountId32], { who: AccountId32, roles: u8, capacity: u64, paused: bool, payout: AccountId32 }>;
      /**
       * A donor took its part of a pot back.
       **/
      Reclaimed: AugmentedEvent<ApiType, [core: U8aFixed, who: AccountId32, amount: u128], { core: U8aFixed, who: AccountId32, amount: u128 }>;
      /**
       * A verifier reported.
       **/
      Reported: AugmentedEvent<ApiType, [copy: u64, period: u32, verifier: AccountId32, outcome: DatdotRulesReportOutcome], { copy: u64, period: u32, verifier: AccountId32, outcome: DatdotRulesReportOutcome }>;
      /**
       * A provider's reputation changed.
       **/
      ReputationChanged: AugmentedEvent<ApiType, [who: AccountId32, role: DatdotRulesDrawRole, period: u32, alpha: u64, beta: u64, dAlpha: u64, dBeta: u64], { who: AccountId32, role: DatdotRulesDrawRole, period: u32, alpha: u64, beta: u64, dAlpha: u64, dBeta: u64 }>;
      /**
       * A request is no longer wanted or cannot be paid.
       **/
      RequestDropped: AugmentedEvent<ApiType, [core: U8aFixed, slot: u32, request: u64], { core: U8aFixed, slot: u32, request: u64 }>;
      /**
       * A copy waits for its draw.
       **/
      Requested: AugmentedEvent<ApiType, [core: U8aFixed, slot: u32, request: u64, seed: u64], { core: U8aFixed, slot: u32, request: u64, seed: u64 }>;
      /**
       * A window's randomness was stored.
       **/
      SeedStored: AugmentedEvent<ApiType, [s: u64, vrfs: u32], { s: u64, vrfs: u32 }>;
      /**
       * A period of a copy was settled.
       **/
      Settled: AugmentedEvent<ApiType, [copy: u64, period: u32, proved: bool, verdict: Option<DatdotRulesSettleVerdict>, r: u32, minted: u128, burned: u128], { copy: u64, period: u32, proved: bool, verdict: Option<DatdotRulesSettleVerdict>, r: u32, minted: u128, burned: u128 }>;
      /**
       * A signer or pinner did not do its part of a set-up in time.
       **/
      SpanExpired: AugmentedEvent<ApiType, [span: u64], { span: u64 }>;
      /**
       * A signer holds the data of a span and made its key.
       **/
      SpanKeyed: AugmentedEvent<ApiType, [span: u64, tag: U8aFixed], { span: u64, tag: U8aFixed }>;
      /**
       * A pinner holds the encoded span.
       **/
      SpanSealed: AugmentedEvent<ApiType, [span: u64, root: U8aFixed, cells: u64], { span: u64, root: U8aFixed, cells: u64 }>;
      /**
       * A donor changed its wish.
       **/
      WishSet: AugmentedEvent<ApiType, [core: U8aFixed, who: AccountId32, wish: u8], { core: U8aFixed, who: AccountId32, wish: u8 }>;
    };
    grandpa: {
      /**
       * New authority set has been applied.
       **/
      NewAuthorities: AugmentedEvent<ApiType, [authoritySet: Vec<ITuple<[SpConsensusGrandpaAppPublic, u64]>>], { authoritySet: Vec<ITuple<[SpConsensusGrandpaAppPublic, u64]>> }>;
      /**
       * Current authority set has been paused.
       **/
      Paused: AugmentedEvent<ApiType, []>;
      /**
       * Current authority set has been resumed.
       **/
      Resumed: AugmentedEvent<ApiType, []>;
    };
    historical: {
      /**
       * The merkle roots of up to this session index were pruned
       **/
      RootsPruned: AugmentedEvent<ApiType, [upTo: u32], { upTo: u32 }>;
      /**
       * The merkle root of the validators of the said session were stored
       **/
      RootStored: AugmentedEvent<ApiType, [index: u32], { index: u32 }>;
    };
    offences: {
      /**
       * There is an offence reported of the given `kind` happened at the `session_index` and
       * (kind-specific) time slot. This event is not deposited for duplicate slashes.
       * \[kind, slot\].
       **/
      Offence: AugmentedEvent<ApiType, [kind: U8aFixed, slot: Bytes], { kind: U8aFixed, slot: Bytes }>;
    };
    session: {
      /**
       * The `NewSession` event in the current block also implies a new validator set to be
       * queued.
       **/
      NewQueued: AugmentedEvent<ApiType, []>;
      /**
       * New session has happened. Note that the argument is the session index, not the
       * block number as the type might suggest.
       **/
      NewSession: AugmentedEvent<ApiType, [sessionIndex: u32], { sessionIndex: u32 }>;
      /**
       * Validator has been disabled.
       **/
      ValidatorDisabled: AugmentedEvent<ApiType, [validator: AccountId32], { validator: AccountId32 }>;
      /**
       * Validator has been re-enabled.
       **/
      ValidatorReenabled: AugmentedEvent<ApiType, [validator: AccountId32], { validator: AccountId32 }>;
    };
    sudo: {
      /**
       * The sudo key has been updated.
       **/
      KeyChanged: AugmentedEvent<ApiType, [old: Option<AccountId32>, new_: AccountId32], { old: Option<AccountId32>, new_: AccountId32 }>;
      /**
       * The key was permanently removed.
       **/
      KeyRemoved: AugmentedEvent<ApiType, []>;
      /**
       * A sudo call just took place.
       **/
      Sudid: AugmentedEvent<ApiType, [sudoResult: Result<Null, SpRuntimeDispatchError>], { sudoResult: Result<Null, SpRuntimeDispatchError> }>;
      /**
       * A [sudo_as](Pallet::sudo_as) call just took place.
       **/
      SudoAsDone: AugmentedEvent<ApiType, [sudoResult: Result<Null, SpRuntimeDispatchError>], { sudoResult: Result<Null, SpRuntimeDispatchError> }>;
    };
    system: {
      /**
       * `:code` was updated to the code with the given hash.
       **/
      CodeUpdated: AugmentedEvent<ApiType, [hash_: H256], { hash_: H256 }>;
      /**
       * An extrinsic failed.
       **/
      ExtrinsicFailed: AugmentedEvent<ApiType, [dispatchError: SpRuntimeDispatchError, dispatchInfo: FrameSystemDispatchEventInfo], { dispatchError: SpRuntimeDispatchError, dispatchInfo: FrameSystemDispatchEventInfo }>;
      /**
       * An extrinsic completed successfully.
       **/
      ExtrinsicSuccess: AugmentedEvent<ApiType, [dispatchInfo: FrameSystemDispatchEventInfo], { dispatchInfo: FrameSystemDispatchEventInfo }>;
      /**
       * An account was reaped.
       **/
      KilledAccount: AugmentedEvent<ApiType, [account: AccountId32], { account: AccountId32 }>;
      /**
       * A new account was created.
       **/
      NewAccount: AugmentedEvent<ApiType, [account: AccountId32], { account: AccountId32 }>;
      /**
       * An invalid authorized upgrade was rejected while trying to apply it.
       **/
      RejectedInvalidAuthorizedUpgrade: AugmentedEvent<ApiType, [codeHash: H256, error: SpRuntimeDispatchError], { codeHash: H256, error: SpRuntimeDispatchError }>;
      /**
       * On on-chain remark happened.
       **/
      Remarked: AugmentedEvent<ApiType, [sender: AccountId32, hash_: H256], { sender: AccountId32, hash_: H256 }>;
      /**
       * An upgrade was authorized.
       **/
      UpgradeAuthorized: AugmentedEvent<ApiType, [codeHash: H256, checkVersion: bool], { codeHash: H256, checkVersion: bool }>;
    };
    transactionPayment: {
      /**
       * A transaction fee `actual_fee`, of which `tip` was added to the minimum inclusion fee,
       * has been paid by `who`.
       **/
      TransactionFeePaid: AugmentedEvent<ApiType, [who: AccountId32, actualFee: u128, tip: u128], { who: AccountId32, actualFee: u128, tip: u128 }>;
    };
    utility: {
      /**
       * Batch of dispatches completed fully with no error.
       **/
      BatchCompleted: AugmentedEvent<ApiType, []>;
      /**
       * Batch of dispatches completed but has errors.
       **/
      BatchCompletedWithErrors: AugmentedEvent<ApiType, []>;
      /**
       * Batch of dispatches did not complete fully. Index of first failing dispatch given, as
       * well as the error.
       **/
      BatchInterrupted: AugmentedEvent<ApiType, [index: u32, error: SpRuntimeDispatchError], { index: u32, error: SpRuntimeDispatchError }>;
      /**
       * A call was dispatched.
       **/
      DispatchedAs: AugmentedEvent<ApiType, [result: Result<Null, SpRuntimeDispatchError>], { result: Result<Null, SpRuntimeDispatchError> }>;
      /**
       * The fallback call was dispatched.
       **/
      IfElseFallbackCalled: AugmentedEvent<ApiType, [mainError: SpRuntimeDispatchError], { mainError: SpRuntimeDispatchError }>;
      /**
       * Main call was dispatched.
       **/
      IfElseMainSuccess: AugmentedEvent<ApiType, []>;
      /**
       * A single item within a Batch of dispatches has completed with no error.
       **/
      ItemCompleted: AugmentedEvent<ApiType, []>;
      /**
       * A single item within a Batch of dispatches has completed with error.
       **/
      ItemFailed: AugmentedEvent<ApiType, [error: SpRuntimeDispatchError], { error: SpRuntimeDispatchError }>;
    };
    validators: {
      /**
       * The root origin replaced the list.
       **/
      ListSet: AugmentedEvent<ApiType, [count: u32], { count: u32 }>;
      /**
       * A validator was taken off the list for an equivocation.
       **/
      Removed: AugmentedEvent<ApiType, [who: AccountId32], { who: AccountId32 }>;
    };
  } // AugmentedEvents
} // declare module
