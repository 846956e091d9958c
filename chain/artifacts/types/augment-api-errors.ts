// Made from the metadata by chain/build.sh; not edited by hand.

// import type lookup before we augment - in some environments
// this is required to allow for ambient/previous definitions
import '@polkadot/api-base/types/errors';

import type { ApiTypes, AugmentedError } from '@polkadot/api-base/types';

export type __AugmentedError<ApiType extends ApiTypes> = AugmentedError<ApiType>;

declare module '@polkadot/api-base/types/errors' {
  interface AugmentedErrors<ApiType extends ApiTypes> {
    babe: {
      /**
       * A given equivocation report is valid but already previously reported.
       **/
      DuplicateOffenceReport: AugmentedError<ApiType>;
      /**
       * Submitted configuration is invalid.
       **/
      InvalidConfiguration: AugmentedError<ApiType>;
      /**
       * An equivocation proof provided as part of an equivocation report is invalid.
       **/
      InvalidEquivocationProof: AugmentedError<ApiType>;
      /**
       * A key ownership proof provided as part of an equivocation report is invalid.
       **/
      InvalidKeyOwnershipProof: AugmentedError<ApiType>;
    };
    balances: {
      /**
       * Beneficiary account must pre-exist.
       **/
      DeadAccount: AugmentedError<ApiType>;
      /**
       * The delta cannot be zero.
       **/
      DeltaZero: AugmentedError<ApiType>;
      /**
       * Value too low to create account due to existential deposit.
       **/
      ExistentialDeposit: AugmentedError<ApiType>;
      /**
       * A vesting schedule already exists for this account.
       **/
      ExistingVestingSchedule: AugmentedError<ApiType>;
      /**
       * Transfer/payment would kill account.
       **/
      Expendability: AugmentedError<ApiType>;
      /**
       * Balance too low to send value.
       **/
      InsufficientBalance: AugmentedError<ApiType>;
      /**
       * The issuance cannot be modified since it is already deactivated.
       **/
      IssuanceDeactivated: AugmentedError<ApiType>;
      /**
       * Account liquidity restrictions prevent withdrawal.
       **/
      LiquidityRestrictions: AugmentedError<ApiType>;
      /**
       * Number of freezes exceed `MaxFreezes`.
       **/
      TooManyFreezes: AugmentedError<ApiType>;
      /**
       * Number of holds exceed `VariantCountOf<T::RuntimeHoldReason>`.
       **/
      TooManyHolds: AugmentedError<ApiType>;
      /**
       * Number of named reserves exceed `MaxReserves`.
       **/
      TooManyReserves: AugmentedError<ApiType>;
      /**
       * Vesting balance too high to send value.
       **/
      VestingBalance: AugmentedError<ApiType>;
    };
    datdot: {
      /**
       * The copy was proved in this period.
       **/
      AlreadyProved: AugmentedError<ApiType>;
      /**
       * The account is registered already.
       **/
      AlreadyRegistered: AugmentedError<ApiType>;
      /**
       * The verifier reported already.
       **/
      AlreadyReported: AugmentedError<ApiType>;
      /**
       * The span is sealed.
       **/
      AlreadySealed: AugmentedError<ApiType>;
      /**
       * The byte length is 0, or 2^50 or more.
       **/
      BadByteLength: AugmentedError<ApiType>;
      /**
       * Not one offset proof for each inner cut.
       **/
      BadCutCount: AugmentedError<ApiType>;
      /**
       * The fork is 2^53 or more.
       **/
      BadFork: AugmentedError<ApiType>;
      /**
       * The length is 0, or 2^40 or more.
       **/
      BadLength: AugmentedError<ApiType>;
      /**
       * The manifest's bytes are malformed.
       **/
      BadManifest: AugmentedError<ApiType>;
      /**
       * The noise key did not sign the account.
       **/
      BadNoiseProof: AugmentedError<ApiType>;
      /**
       * An offset proof does not show the offset.
       **/
      BadOffsetProof: AugmentedError<ApiType>;
      /**
       * Not one peak for each set bit of the length.
       **/
      BadPeaks: AugmentedError<ApiType>;
      /**
       * The tree is shorter than the core's prologue, or is not the prologue.
       **/
      BadPrologue: AugmentedError<ApiType>;
      /**
       * A leaf proof is missing, superfluous or wrong.
       **/
      BadProof: AugmentedError<ApiType>;
      /**
       * The pinner did not sign this receipt.
       **/
      BadReceipt: AugmentedError<ApiType>;
      /**
       * The signer did not sign this seal.
       **/
      BadSealSignature: AugmentedError<ApiType>;
      /**
       * The core's author did not sign this tree.
       **/
      BadTreeSignature: AugmentedError<ApiType>;
      /**
       * The capacity is less than the copies take.
       **/
      CapacityInUse: AugmentedError<ApiType>;
      /**
       * The copy is not active.
       **/
      CopyNotActive: AugmentedError<ApiType>;
      /**
       * The copy is not in set-up.
       **/
      CopyNotInSetup: AugmentedError<ApiType>;
      /**
       * The core has copies or requests.
       **/
      CoreInUse: AugmentedError<ApiType>;
      /**
       * The deadline has passed.
       **/
      DeadlinePassed: AugmentedError<ApiType>;
      /**
       * The deposit stays until 14 periods after the slots ended.
       **/
      DepositLocked: AugmentedError<ApiType>;
      /**
       * The donation is below the least.
       **/
      DonationTooSmall: AugmentedError<ApiType>;
      /**
       * Too little is left free after the deposit to put up fees that are refunded.
       **/
      FloatTooLow: AugmentedError<ApiType>;
      /**
       * The provider still has copies, or spans that are not sealed.
       **/
      HasDuties: AugmentedError<ApiType>;
      /**
       * The account has too little for the deposit or the donation.
       **/
      InsufficientBalance: AugmentedError<ApiType>;
      /**
       * A pinner needs a capacity, others must have none.
       **/
      InvalidCapacity: AugmentedError<ApiType>;
      /**
       * The exponent or the modulus is not allowed.
       **/
      InvalidKey: AugmentedError<ApiType>;
      /**
       * The parameters are out of their bounds.
       **/
      InvalidParams: AugmentedError<ApiType>;
      /**
       * No role, or a role that does not exist.
       **/
      InvalidRoles: AugmentedError<ApiType>;
      /**
       * The provider is leaving.
       **/
      Leaving: AugmentedError<ApiType>;
      /**
       * Another account has this noise key.
       **/
      NoiseKeyTaken: AugmentedError<ApiType>;
      /**
       * The core has no request.
       **/
      NoRequest: AugmentedError<ApiType>;
      /**
       * The account has no share of the pot.
       **/
      NoShare: AugmentedError<ApiType>;
      /**
       * The span does not wait for a key.
       **/
      NotAssigned: AugmentedError<ApiType>;
      /**
       * The account was not drawn to verify this.
       **/
      NotDrawn: AugmentedError<ApiType>;
      /**
       * The deadline has not passed.
       **/
      NotExpired: AugmentedError<ApiType>;
      /**
       * No period of the copy can be settled yet.
       **/
      NothingToSettle: AugmentedError<ApiType>;
      /**
       * The span does not wait for a seal.
       **/
      NotKeyed: AugmentedError<ApiType>;
      /**
       * The stored tree has the same or a greater fork and length.
       **/
      NotNewer: AugmentedError<ApiType>;
      /**
       * The account is not registered.
       **/
      NotRegistered: AugmentedError<ApiType>;
      /**
       * The copy has another pinner.
       **/
      NotThePinner: AugmentedError<ApiType>;
      /**
       * The span has another signer.
       **/
      NotTheSigner: AugmentedError<ApiType>;
      /**
       * A younger request's seed is there, but the oldest request goes first.
       **/
      OutOfOrder: AugmentedError<ApiType>;
      /**
       * A counter or an amount is at its limit.
       **/
      Overflow: AugmentedError<ApiType>;
      /**
       * The period has not begun, or its grace is over.
       **/
      PeriodClosed: AugmentedError<ApiType>;
      /**
       * The period is not one of this copy, or was settled.
       **/
      PeriodNotOfCopy: AugmentedError<ApiType>;
      /**
       * The pot is too large for this donation to make a share.
       **/
      PotFull: AugmentedError<ApiType>;
      /**
       * The core has a pot.
       **/
      PotNotEmpty: AugmentedError<ApiType>;
      /**
       * The core's tree is younger than a period and the caller is not its depositor.
       **/
      ReapTooEarly: AugmentedError<ApiType>;
      /**
       * The seed of the core's request is not there yet.
       **/
      SeedNotReady: AugmentedError<ApiType>;
      /**
       * The core has so many small blocks that their tree nodes outweigh what is paid for: 80 bytes each, over 16 times the bytes.
       **/
      TooManyBlocks: AugmentedError<ApiType>;
      /**
       * The provider declined too often in this period.
       **/
      TooManyDeclines: AugmentedError<ApiType>;
      /**
       * More capacity than 64 slots hold, or too many slots that did not end long enough ago.
       **/
      TooManySlots: AugmentedError<ApiType>;
      /**
       * The pot cannot lock what the copy will cost.
       **/
      Underfunded: AugmentedError<ApiType>;
      /**
       * The copy does not exist.
       **/
      UnknownCopy: AugmentedError<ApiType>;
      /**
       * The core is not published.
       **/
      UnknownCore: AugmentedError<ApiType>;
      /**
       * The span does not exist, or was removed with its copy.
       **/
      UnknownSpan: AugmentedError<ApiType>;
      /**
       * The manifest is of a kind that the chain does not know.
       **/
      UnsupportedManifest: AugmentedError<ApiType>;
      /**
       * The wish is for more copies than a core can have.
       **/
      WishTooHigh: AugmentedError<ApiType>;
      /**
       * The number of cells is not the span's.
       **/
      WrongCellCount: AugmentedError<ApiType>;
      /**
       * The evidence is not of the kind that the outcome needs.
       **/
      WrongEvidence: AugmentedError<ApiType>;
    };
    grandpa: {
      /**
       * Attempt to signal GRANDPA change with one already pending.
       **/
      ChangePending: AugmentedError<ApiType>;
      /**
       * A given equivocation report is valid but already previously reported.
       **/
      DuplicateOffenceReport: AugmentedError<ApiType>;
      /**
       * An equivocation proof provided as part of an equivocation report is invalid.
       **/
      InvalidEquivocationProof: AugmentedError<ApiType>;
      /**
       * A key ownership proof provided as part of an equivocation report is invalid.
       **/
      InvalidKeyOwnershipProof: AugmentedError<ApiType>;
      /**
       * Attempt to signal GRANDPA pause when the authority set isn't live
       * (either paused or already pending pause).
       **/
      PauseFailed: AugmentedError<ApiType>;
      /**
       * Attempt to signal GRANDPA resume when the authority set isn't paused
       * (either live or already pending resume).
       **/
      ResumeFailed: AugmentedError<ApiType>;
      /**
       * Cannot signal forced change so soon after last.
       **/
      TooSoon: AugmentedError<ApiType>;
    };
    session: {
      /**
       * Registered duplicate key.
       **/
      DuplicatedKey: AugmentedError<ApiType>;
      /**
       * Invalid ownership proof.
       **/
      InvalidProof: AugmentedError<ApiType>;
      /**
       * Key setting account is not live, so it's impossible to associate keys.
       **/
      NoAccount: AugmentedError<ApiType>;
      /**
       * No associated validator ID for account.
       **/
      NoAssociatedValidatorId: AugmentedError<ApiType>;
      /**
       * No keys are associated with this account.
       **/
      NoKeys: AugmentedError<ApiType>;
    };
    sudo: {
      /**
       * Sender must be the Sudo account.
       **/
      RequireSudo: AugmentedError<ApiType>;
    };
    system: {
      /**
       * The origin filter prevent the call to be dispatched.
       **/
      CallFiltered: AugmentedError<ApiType>;
      /**
       * Failed to extract the runtime version from the new runtime.
       *
       * Either calling `Core_version` or decoding `RuntimeVersion` failed.
       **/
      FailedToExtractRuntimeVersion: AugmentedError<ApiType>;
      /**
       * The name of specification does not match between the current runtime
       * and the new runtime.
       **/
      InvalidSpecName: AugmentedError<ApiType>;
      /**
       * A multi-block migration is ongoing and prevents the current code from being replaced.
       **/
      MultiBlockMigrationsOngoing: AugmentedError<ApiType>;
      /**
       * Suicide called when the account has non-default composite data.
       **/
      NonDefaultComposite: AugmentedError<ApiType>;
      /**
       * There is a non-zero reference count preventing the account from being purged.
       **/
      NonZeroRefCount: AugmentedError<ApiType>;
      /**
       * No upgrade authorized.
       **/
      NothingAuthorized: AugmentedError<ApiType>;
      /**
       * The specification version is not allowed to decrease between the current runtime
       * and the new runtime.
       **/
      SpecVersionNeedsToIncrease: AugmentedError<ApiType>;
      /**
       * The submitted code is not authorized.
       **/
      Unauthorized: AugmentedError<ApiType>;
    };
    utility: {
      /**
       * Too many calls batched.
       **/
      TooManyCalls: AugmentedError<ApiType>;
    };
    validators: {
      /**
       * An account is named twice.
       **/
      Duplicate: AugmentedError<ApiType>;
      /**
       * A chain without validators cannot go on.
       **/
      Empty: AugmentedError<ApiType>;
    };
  } // AugmentedErrors
} // declare module
