// Made from the metadata by chain/build.sh; not edited by hand.

// import type lookup before we augment - in some environments
// this is required to allow for ambient/previous definitions
import '@polkadot/api-base/types/submittable';

import type { ApiTypes, AugmentedSubmittable, SubmittableExtrinsic, SubmittableExtrinsicFunction } from '@polkadot/api-base/types';
import type { Bytes, Compact, Option, U8aFixed, Vec, bool, u128, u16, u32, u64, u8 } from '@polkadot/types-codec';
import type { AnyNumber, IMethod, ITuple } from '@polkadot/types-codec/types';
import type { AccountId32, Call, H256, MultiAddress } from '@polkadot/types/interfaces/runtime';
import type { DatdotRulesOffsetPeak, DatdotRulesOffsetStep, DatdotRulesPublishIdentity, DatdotRulesReport, DatdotRulesTpeSpanProof, DatdotRuntimeOriginCaller, DatdotRuntimeSessionKeys, PalletBalancesAdjustmentDirection, PalletDatdotDeclineReason, PalletDatdotDuty, PalletDatdotParams, SpConsensusBabeDigestsNextConfigDescriptor, SpConsensusGrandpaEquivocationProof, SpConsensusSlotsEquivocationProof, SpSessionMembershipProof, SpWeightsWeightV2Weight } from '@polkadot/types/lookup';

export type __AugmentedSubmittable = AugmentedSubmittable<() => unknown>;
export type __SubmittableExtrinsic<ApiType extends ApiTypes> = SubmittableExtrinsic<ApiType>;
export type __SubmittableExtrinsicFunction<ApiType extends ApiTypes> = SubmittableExtrinsicFunction<ApiType>;

declare module '@polkadot/api-base/types/submittable' {
  interface AugmentedSubmittables<ApiType extends ApiTypes> {
    babe: {
      /**
       * Plan an epoch config change. The epoch config change is recorded and will be enacted on
       * the next call to `enact_epoch_change`. The config will be activated one epoch after.
       * Multiple calls to this method will replace any existing planned config change that had
       * not been enacted yet.
       **/
      planConfigChange: AugmentedSubmittable<(config: SpConsensusBabeDigestsNextConfigDescriptor | { V1: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [SpConsensusBabeDigestsNextConfigDescriptor]>;
      /**
       * Report authority equivocation/misbehavior. This method will verify
       * the equivocation proof and validate the given key ownership proof
       * against the extracted offender. If both are valid, the offence will
       * be reported.
       **/
      reportEquivocation: AugmentedSubmittable<(equivocationProof: SpConsensusSlotsEquivocationProof | { offender?: any; slot?: any; firstHeader?: any; secondHeader?: any } | string | Uint8Array, keyOwnerProof: SpSessionMembershipProof | { session?: any; trieNodes?: any; validatorCount?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [SpConsensusSlotsEquivocationProof, SpSessionMembershipProof]>;
      /**
       * Report authority equivocation/misbehavior. This method will verify
       * the equivocation proof and validate the given key ownership proof
       * against the extracted offender. If both are valid, the offence will
       * be reported.
       * This extrinsic must be called unsigned and it is expected that only
       * block authors will call it (validated in `ValidateUnsigned`), as such
       * if the block author is defined it will be defined as the equivocation
       * reporter.
       **/
      reportEquivocationUnsigned: AugmentedSubmittable<(equivocationProof: SpConsensusSlotsEquivocationProof | { offender?: any; slot?: any; firstHeader?: any; secondHeader?: any } | string | Uint8Array, keyOwnerProof: SpSessionMembershipProof | { session?: any; trieNodes?: any; validatorCount?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [SpConsensusSlotsEquivocationProof, SpSessionMembershipProof]>;
    };
    balances: {
      /**
       * Burn the specified liquid free balance from the origin account.
       *
       * If the origin's account ends up below the existential deposit as a result
       * of the burn and `keep_alive` is false, the account will be reaped.
       *
       * Unlike sending funds to a _burn_ address, which merely makes the funds inaccessible,
       * this `burn` operation will reduce total issuance by the amount _burned_.
       **/
      burn: AugmentedSubmittable<(value: Compact<u128> | AnyNumber | Uint8Array, keepAlive: bool | boolean | Uint8Array) => SubmittableExtrinsic<ApiType>, [Compact<u128>, bool]>;
      /**
       * Adjust the total issuance in a saturating way.
       *
       * Can only be called by root and always needs a positive `delta`.
       *
       * # Example
       **/
      forceAdjustTotalIssuance: AugmentedSubmittable<(direction: PalletBalancesAdjustmentDirection | 'Increase' | 'Decrease' | number | Uint8Array, delta: Compact<u128> | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [PalletBalancesAdjustmentDirection, Compact<u128>]>;
      /**
       * Set the regular balance of a given account.
       *
       * The dispatch origin for this call is `root`.
       **/
      forceSetBalance: AugmentedSubmittable<(who: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, newFree: Compact<u128> | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, Compact<u128>]>;
      /**
       * Exactly as `transfer_allow_death`, except the origin must be root and the source account
       * may be specified.
       **/
      forceTransfer: AugmentedSubmittable<(source: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, dest: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, value: Compact<u128> | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, MultiAddress, Compact<u128>]>;
      /**
       * Unreserve some balance from a user by force.
       *
       * Can only be called by ROOT.
       **/
      forceUnreserve: AugmentedSubmittable<(who: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, amount: u128 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, u128]>;
      /**
       * Transfer the entire transferable balance from the caller account.
       *
       * NOTE: This function only attempts to transfer _transferable_ balances. This means that
       * any locked, reserved, or existential deposits (when `keep_alive` is `true`), will not be
       * transferred by this function. To ensure that this function results in a killed account,
       * you might need to prepare the account by removing any reference counters, storage
       * deposits, etc...
       *
       * The dispatch origin of this call must be Signed.
       *
       * - `dest`: The recipient of the transfer.
       * - `keep_alive`: A boolean to determine if the `transfer_all` operation should send all
       * of the funds the account has, causing the sender account to be killed (false), or
       * transfer everything except at least the existential deposit, which will guarantee to
       * keep the sender account alive (true).
       **/
      transferAll: AugmentedSubmittable<(dest: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, keepAlive: bool | boolean | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, bool]>;
      /**
       * Transfer some liquid free balance to another account.
       *
       * `transfer_allow_death` will set the `FreeBalance` of the sender and receiver.
       * If the sender's account is below the existential deposit as a result
       * of the transfer, the account will be reaped.
       *
       * The dispatch origin for this call must be `Signed` by the transactor.
       **/
      transferAllowDeath: AugmentedSubmittable<(dest: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, value: Compact<u128> | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, Compact<u128>]>;
      /**
       * Same as the [`transfer_allow_death`] call, but with a check that the transfer will not
       * kill the origin account.
       *
       * 99% of the time you want [`transfer_allow_death`] instead.
       *
       * [`transfer_allow_death`]: struct.Pallet.html#method.transfer
       **/
      transferKeepAlive: AugmentedSubmittable<(dest: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, value: Compact<u128> | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, Compact<u128>]>;
      /**
       * Upgrade a specified account.
       *
       * - `origin`: Must be `Signed`.
       * - `who`: The account to be upgraded.
       *
       * This will waive the transaction fee if at least all but 10% of the accounts needed to
       * be upgraded. (We let some not have to be upgraded just in order to allow for the
       * possibility of churn).
       **/
      upgradeAccounts: AugmentedSubmittable<(who: Vec<AccountId32> | (AccountId32 | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [Vec<AccountId32>]>;
    };
    datdot: {
      /**
       * Draws the pinner and the signers of a core's oldest request.
       *
       * - *Origin*: signed, anyone.
       * - *Details*: 9.1; all of it is fixed by the request and its seed. When the draw finds nobody, the call succeeds, says what
       * is missing and the request waits for a later seed.
       * - *Errors*: UnknownCore, NoRequest, SeedNotReady, OutOfOrder, Underfunded.
       * - *Events*: CopyAssigned, DrawFailed, or Requested when the seed is no longer stored.
       **/
      assign: AugmentedSubmittable<(core: U8aFixed | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [U8aFixed]>;
      /**
       * Says that a span's signer holds its data, and fixes its key.
       *
       * - *Origin*: signed, the span's signer. Free of fees when it succeeds.
       * - *Details*: `e` is 257 or 65537, the modulus odd and of exactly 2048 bits. The tag is computed and stored.
       * - *Errors*: UnknownSpan, NotTheSigner, NotAssigned, DeadlinePassed, InvalidKey.
       * - *Events*: SpanKeyed.
       **/
      commitKey: AugmentedSubmittable<(span: u64 | AnyNumber | Uint8Array, e: u32 | AnyNumber | Uint8Array, modulus: U8aFixed | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [u64, u32, U8aFixed]>;
      /**
       * Gives a span or a copy back during its set-up.
       *
       * - *Origin*: signed, the span's signer before the seal, or the copy's pinner. Free of fees when it succeeds.
       * - *Details*: no penalty, but only so often in a period and not after the deadline: a signer by its own span's, a pinner by
       * every span's. The copy that was being set up ends, and a new one is asked for.
       * - *Errors*: NotRegistered, UnknownSpan, UnknownCopy, NotTheSigner, NotThePinner, AlreadySealed, CopyNotInSetup,
       * DeadlinePassed, TooManyDeclines.
       * - *Events*: Declined, CopyEnded, Requested.
       **/
      decline: AugmentedSubmittable<(duty: PalletDatdotDuty | { Span: any } | { Copy: any } | string | Uint8Array, reason: PalletDatdotDeclineReason | 'Unavailable' | 'Policy' | 'Resources' | number | Uint8Array) => SubmittableExtrinsic<ApiType>, [PalletDatdotDuty, PalletDatdotDeclineReason]>;
      /**
       * Leaves: the first time the slots end two periods later, the second time the deposit comes back.
       *
       * - *Origin*: signed, a provider.
       * - *Details*: the second call is possible 14 periods after the slots ended, without copies and without spans that are not
       * sealed. The reputation stays, and so does the payout account, which later parts of X go to.
       * - *Errors*: NotRegistered, DepositLocked, HasDuties.
       * - *Events*: ProviderLeaving, ProviderLeft.
       **/
      deregister: AugmentedSubmittable<() => SubmittableExtrinsic<ApiType>, []>;
      /**
       * Gives to a core's pot, and says how many copies the donor wants.
       *
       * - *Origin*: signed, anyone.
       * - *Details*: 9.4. The wish counts by shares and replaces the donor's earlier one; one that stops something costs what it does
       * in `set_wish`.
       * - *Errors*: UnknownCore, WishTooHigh, DonationTooSmall, PotFull, InsufficientBalance.
       * - *Events*: Donated, Requested, RequestDropped, FeeBurned, CopyEnding, CopyEnded.
       **/
      donate: AugmentedSubmittable<(core: U8aFixed | string | Uint8Array, amount: u128 | AnyNumber | Uint8Array, wish: u8 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [U8aFixed, u128, u8]>;
      /**
       * Ends a set-up of which a span was not keyed or sealed in time.
       *
       * - *Origin*: signed, anyone.
       * - *Details*: 9.6. The copy that was being set up ends, and a new one is asked for.
       * - *Errors*: UnknownSpan, AlreadySealed, NotExpired, CopyNotInSetup.
       * - *Events*: SpanExpired, ReputationChanged, FeeBurned, CoreUnavailable, CopyEnded, Requested.
       **/
      expire: AugmentedSubmittable<(span: u64 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [u64]>;
      /**
       * Proves that a copy's pinner holds the leaves that a period asks for.
       *
       * - *Origin*: signed, the copy's pinner. Free of fees when it succeeds.
       * - *Details*: 9.3. First settles closed periods of the copy, at most 4; if that ends the copy, the call succeeds without a
       * proof.
       * - *Errors*: UnknownCopy, NotThePinner, CopyNotActive, PeriodNotOfCopy, PeriodClosed, AlreadyProved, BadProof.
       * - *Events*: those of `settle`, Proved.
       **/
      prove: AugmentedSubmittable<(copy: u64 | AnyNumber | Uint8Array, period: u32 | AnyNumber | Uint8Array, proofs: Vec<DatdotRulesTpeSpanProof> | (DatdotRulesTpeSpanProof | { peaks?: any; leaves?: any } | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [u64, u32, Vec<DatdotRulesTpeSpanProof>]>;
      /**
       * Publishes a hypercore's tree that its author signed.
       *
       * - *Origin*: signed, anyone; for a new core its deposit is held.
       * - *Details*: 9.8; one offset proof for each inner cut of 9.2. A newer tree replaces the stored one and queues the core's
       * requests again whose seed is not yet being made; the others and copies keep the tree they have.
       * - *Errors*: UnsupportedManifest, BadManifest, BadFork, BadLength, BadPeaks, BadByteLength, BadPrologue, BadTreeSignature,
       * TooManyBlocks, BadCutCount, BadOffsetProof, NotNewer, InsufficientBalance.
       * - *Events*: CorePublished, Requested.
       **/
      publish: AugmentedSubmittable<(identity: DatdotRulesPublishIdentity | { Manifest: any } | { Compat: any } | string | Uint8Array, fork: Compact<u64> | AnyNumber | Uint8Array, length: Compact<u64> | AnyNumber | Uint8Array, peaks: Vec<DatdotRulesOffsetPeak> | (DatdotRulesOffsetPeak | { size_?: any; hash_?: any } | string | Uint8Array)[], signature: U8aFixed | string | Uint8Array, cuts: Vec<Vec<DatdotRulesOffsetStep>>) => SubmittableExtrinsic<ApiType>, [DatdotRulesPublishIdentity, Compact<u64>, Compact<u64>, Vec<DatdotRulesOffsetPeak>, U8aFixed, Vec<Vec<DatdotRulesOffsetStep>>]>;
      /**
       * Removes a core that has no copies, no requests and no pot, and gives its deposit back.
       *
       * - *Origin*: signed, anyone.
       * - *Details*: the deposit goes to who held it, not to the caller. Within a period of the newest tree only the depositor may.
       * - *Errors*: UnknownCore, CoreInUse, PotNotEmpty, ReapTooEarly.
       * - *Events*: CoreReaped.
       **/
      reap: AugmentedSubmittable<(core: U8aFixed | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [U8aFixed]>;
      /**
       * Takes the donor's part of a pot back.
       *
       * - *Origin*: signed, a donor.
       * - *Details*: only while the core has neither copies nor requests. The last donor's dust is burned as a fee. A share of a pot
       * that was emptied since, or of a core that was reaped, is removed at any time and gives nothing.
       * - *Errors*: UnknownCore, CoreInUse, NoShare, what the transfer refuses (an account that would stay below the existential deposit).
       * - *Events*: Reclaimed, FeeBurned.
       **/
      reclaim: AugmentedSubmittable<(core: U8aFixed | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [U8aFixed]>;
      /**
       * Offers the account's service as signer, pinner or verifier.
       *
       * - *Origin*: signed, not registered or left.
       * - *Details*: `roles` has bits 1 signer, 2 pinner, 4 verifier; `proof` is the noise key's ed25519 signature of the account
       * (9.9); `capacity` in bytes, 0 without the pinner's role. Holds the deposit of all slots and demands the float beside it.
       * Reputation starts at alpha 1, beta 3, or where it was when the account left.
       * - *Errors*: AlreadyRegistered, InvalidRoles, InvalidCapacity, TooManySlots, NoiseKeyTaken, BadNoiseProof, FloatTooLow,
       * InsufficientBalance.
       * - *Events*: ProviderRegistered.
       **/
      register: AugmentedSubmittable<(roles: u8 | AnyNumber | Uint8Array, noiseKey: U8aFixed | string | Uint8Array, proof: U8aFixed | string | Uint8Array, capacity: u64 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [u8, U8aFixed, U8aFixed, u64]>;
      /**
       * Says what a verifier measured.
       *
       * - *Origin*: signed, a verifier drawn for the copy and period. Free of fees when it succeeds.
       * - *Details*: 9.7; Served needs the pinner's receipt and the drawn leaf, WrongReplica the leaf that it names.
       * - *Errors*: UnknownCopy, CopyNotActive, PeriodNotOfCopy, PeriodClosed, NotDrawn, AlreadyReported, WrongEvidence, BadReceipt,
       * BadProof.
       * - *Events*: Reported.
       **/
      report: AugmentedSubmittable<(copy: u64 | AnyNumber | Uint8Array, period: u32 | AnyNumber | Uint8Array, report: DatdotRulesReport | { outcome?: any; ttfbMs?: any; kibPerS?: any; blocks?: any; bytes?: any; digest?: any; evidence?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [u64, u32, DatdotRulesReport]>;
      /**
       * Says that a copy's pinner holds an encoded span.
       *
       * - *Origin*: signed, the copy's pinner. Free of fees when it succeeds.
       * - *Details*: `signer_signature` is the signer's raw sr25519 signature of the seal (9.6). The last seal makes the copy active.
       * - *Errors*: UnknownSpan, NotThePinner, NotKeyed, DeadlinePassed, WrongCellCount, BadSealSignature.
       * - *Events*: SpanSealed, CopyActive.
       **/
      seal: AugmentedSubmittable<(span: u64 | AnyNumber | Uint8Array, root: U8aFixed | string | Uint8Array, cells: u64 | AnyNumber | Uint8Array, signerSignature: U8aFixed | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [u64, U8aFixed, u64, U8aFixed]>;
      /**
       * Changes the parameters.
       *
       * - *Origin*: the admin.
       * - *Details*: copies keep their prices, spans their deadlines, records their number of verifiers.
       * - *Errors*: InvalidParams.
       * - *Events*: ParamsSet.
       **/
      setParams: AugmentedSubmittable<(params: PalletDatdotParams | { samples?: any; verifiers?: any; parts?: any; maxFaults?: any; maxMisses?: any; unfundedGrace?: any; minPeriods?: any; spanTarget?: any; maxCopies?: any; commitDeadline?: any; sealBase?: any; minRate?: any; x?: any; y?: any; z?: any; pinnerUnit?: any; depositPinnerUnit?: any; depositOther?: any; float?: any; coreDeposit?: any; minDonation?: any; setupFee?: any; floorPpm?: any; declinesPerPeriod?: any; throughputTarget?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [PalletDatdotParams]>;
      /**
       * Settles closed periods of a copy: pays, burns, moves reputations.
       *
       * - *Origin*: signed, anyone. Free of fees when it succeeds.
       * - *Details*: 9.5, at most `limit` periods and at most 4, the oldest first.
       * - *Errors*: UnknownCopy, CopyNotActive, NothingToSettle.
       * - *Events*: Settled, Paid, PaymentFailed, PeriodUnfunded, ReputationChanged, CopyEnded, Requested.
       **/
      settle: AugmentedSubmittable<(copy: u64 | AnyNumber | Uint8Array, limit: u32 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [u64, u32]>;
      /**
       * Changes how many copies a donor wants.
       *
       * - *Origin*: signed, a donor.
       * - *Details*: when more copies are wanted for it, a core that was unavailable is drawn again. Who lowers it pays the set-up fee
       * for each request whose seed is being made or made, and for each copy that ends before a period of it was settled.
       * - *Errors*: UnknownCore, WishTooHigh, NoShare, InsufficientBalance.
       * - *Events*: WishSet, Requested, RequestDropped, FeeBurned, CopyEnding, CopyEnded.
       **/
      setWish: AugmentedSubmittable<(core: U8aFixed | string | Uint8Array, wish: u8 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [U8aFixed, u8]>;
      /**
       * Changes what a provider offers.
       *
       * - *Origin*: signed, a provider; one that is leaving may change only its pause and its payout.
       * - *Details*: new slots begin now, those given up end at the beginning of the period after the next. The deposit grows with
       * the slots; it comes back in one piece when the provider leaves. A paused provider is not drawn as signer or pinner.
       * `payout` None pays the provider itself.
       * - *Errors*: NotRegistered, Leaving, InvalidRoles, InvalidCapacity, CapacityInUse, TooManySlots, InsufficientBalance.
       * - *Events*: ProviderUpdated.
       **/
      updateProvider: AugmentedSubmittable<(roles: u8 | AnyNumber | Uint8Array, capacity: u64 | AnyNumber | Uint8Array, paused: bool | boolean | Uint8Array, payout: Option<AccountId32> | null | Uint8Array | AccountId32 | string) => SubmittableExtrinsic<ApiType>, [u8, u64, bool, Option<AccountId32>]>;
    };
    grandpa: {
      /**
       * Note that the current authority set of the GRANDPA finality gadget has stalled.
       *
       * This will trigger a forced authority set change at the beginning of the next session, to
       * be enacted `delay` blocks after that. The `delay` should be high enough to safely assume
       * that the block signalling the forced change will not be re-orged e.g. 1000 blocks.
       * The block production rate (which may be slowed down because of finality lagging) should
       * be taken into account when choosing the `delay`. The GRANDPA voters based on the new
       * authority will start voting on top of `best_finalized_block_number` for new finalized
       * blocks. `best_finalized_block_number` should be the highest of the latest finalized
       * block of all validators of the new authority set.
       *
       * Only callable by root.
       **/
      noteStalled: AugmentedSubmittable<(delay: u32 | AnyNumber | Uint8Array, bestFinalizedBlockNumber: u32 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [u32, u32]>;
      /**
       * Report voter equivocation/misbehavior. This method will verify the
       * equivocation proof and validate the given key ownership proof
       * against the extracted offender. If both are valid, the offence
       * will be reported.
       **/
      reportEquivocation: AugmentedSubmittable<(equivocationProof: SpConsensusGrandpaEquivocationProof | { setId?: any; equivocation?: any } | string | Uint8Array, keyOwnerProof: SpSessionMembershipProof | { session?: any; trieNodes?: any; validatorCount?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [SpConsensusGrandpaEquivocationProof, SpSessionMembershipProof]>;
      /**
       * Report voter equivocation/misbehavior. This method will verify the
       * equivocation proof and validate the given key ownership proof
       * against the extracted offender. If both are valid, the offence
       * will be reported.
       *
       * This extrinsic must be called unsigned and it is expected that only
       * block authors will call it (validated in `ValidateUnsigned`), as such
       * if the block author is defined it will be defined as the equivocation
       * reporter.
       **/
      reportEquivocationUnsigned: AugmentedSubmittable<(equivocationProof: SpConsensusGrandpaEquivocationProof | { setId?: any; equivocation?: any } | string | Uint8Array, keyOwnerProof: SpSessionMembershipProof | { session?: any; trieNodes?: any; validatorCount?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [SpConsensusGrandpaEquivocationProof, SpSessionMembershipProof]>;
    };
    session: {
      /**
       * Removes any session key(s) of the function caller.
       *
       * This doesn't take effect until the next session.
       *
       * The dispatch origin of this function must be Signed and the account must be either be
       * convertible to a validator ID using the chain's typical addressing system (this usually
       * means being a controller account) or directly convertible into a validator ID (which
       * usually means being a stash account).
       **/
      purgeKeys: AugmentedSubmittable<() => SubmittableExtrinsic<ApiType>, []>;
      /**
       * Sets the session key(s) of the function caller to `keys`.
       *
       * Allows an account to set its session key prior to becoming a validator.
       * This doesn't take effect until the next session.
       *
       * - `origin`: The dispatch origin of this function must be signed.
       * - `keys`: The new session keys to set. These are the public keys of all sessions keys
       * setup in the runtime.
       * - `proof`: The proof that `origin` has access to the private keys of `keys`. See
       * [`impl_opaque_keys`](sp_runtime::impl_opaque_keys) for more information about the
       * proof format.
       **/
      setKeys: AugmentedSubmittable<(keys: DatdotRuntimeSessionKeys | { babe?: any; grandpa?: any } | string | Uint8Array, proof: Bytes | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [DatdotRuntimeSessionKeys, Bytes]>;
    };
    sudo: {
      /**
       * Permanently removes the sudo key.
       *
       * **This cannot be un-done.**
       **/
      removeKey: AugmentedSubmittable<() => SubmittableExtrinsic<ApiType>, []>;
      /**
       * Authenticates the current sudo key and sets the given AccountId (`new`) as the new sudo
       * key.
       **/
      setKey: AugmentedSubmittable<(updated: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress]>;
      /**
       * Authenticates the sudo key and dispatches a function call with `Root` origin.
       **/
      sudo: AugmentedSubmittable<(call: Call | IMethod | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Call]>;
      /**
       * Authenticates the sudo key and dispatches a function call with `Signed` origin from
       * a given account.
       *
       * The dispatch origin for this call must be _Signed_.
       **/
      sudoAs: AugmentedSubmittable<(who: MultiAddress | { Id: any } | { Index: any } | { Raw: any } | { Address32: any } | { Address20: any } | string | Uint8Array, call: Call | IMethod | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [MultiAddress, Call]>;
      /**
       * Authenticates the sudo key and dispatches a function call with `Root` origin.
       * This function does not check the weight of the call, and instead allows the
       * Sudo user to specify the weight of the call.
       *
       * The dispatch origin for this call must be _Signed_.
       **/
      sudoUncheckedWeight: AugmentedSubmittable<(call: Call | IMethod | string | Uint8Array, weight: SpWeightsWeightV2Weight | { refTime?: any; proofSize?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Call, SpWeightsWeightV2Weight]>;
    };
    system: {
      /**
       * Provide the preimage (runtime binary) `code` for an upgrade that has been authorized.
       *
       * If the authorization required a version check, this call will ensure the spec name
       * remains unchanged and that the spec version has increased.
       *
       * Depending on the runtime's `OnSetCode` configuration, this function may directly apply
       * the new `code` in the same block or attempt to schedule the upgrade.
       *
       * All origins are allowed.
       **/
      applyAuthorizedUpgrade: AugmentedSubmittable<(code: Bytes | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Bytes]>;
      /**
       * Authorize an upgrade to a given `code_hash` for the runtime. The runtime can be supplied
       * later.
       *
       * This call requires Root origin.
       **/
      authorizeUpgrade: AugmentedSubmittable<(codeHash: H256 | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [H256]>;
      /**
       * Authorize an upgrade to a given `code_hash` for the runtime. The runtime can be supplied
       * later.
       *
       * WARNING: This authorizes an upgrade that will take place without any safety checks, for
       * example that the spec name remains the same and that the version number increases. Not
       * recommended for normal use. Use `authorize_upgrade` instead.
       *
       * This call requires Root origin.
       **/
      authorizeUpgradeWithoutChecks: AugmentedSubmittable<(codeHash: H256 | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [H256]>;
      /**
       * Kill all storage items with a key that starts with the given prefix.
       *
       * **NOTE:** We rely on the Root origin to provide us the number of subkeys under
       * the prefix we are removing to accurately calculate the weight of this function.
       **/
      killPrefix: AugmentedSubmittable<(prefix: Bytes | string | Uint8Array, subkeys: u32 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [Bytes, u32]>;
      /**
       * Kill some items from storage.
       **/
      killStorage: AugmentedSubmittable<(keys: Vec<Bytes> | (Bytes | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [Vec<Bytes>]>;
      /**
       * Make some on-chain remark.
       *
       * Can be executed by every `origin`.
       **/
      remark: AugmentedSubmittable<(remark: Bytes | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Bytes]>;
      /**
       * Make some on-chain remark and emit event.
       **/
      remarkWithEvent: AugmentedSubmittable<(remark: Bytes | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Bytes]>;
      /**
       * Set the new runtime code.
       **/
      setCode: AugmentedSubmittable<(code: Bytes | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Bytes]>;
      /**
       * Set the new runtime code without doing any checks of the given `code`.
       *
       * Note that runtime upgrades will not run if this is called with a not-increasing spec
       * version!
       **/
      setCodeWithoutChecks: AugmentedSubmittable<(code: Bytes | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Bytes]>;
      /**
       * Set the number of pages in the WebAssembly environment's heap.
       **/
      setHeapPages: AugmentedSubmittable<(pages: u64 | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [u64]>;
      /**
       * Set some items of storage.
       **/
      setStorage: AugmentedSubmittable<(items: Vec<ITuple<[Bytes, Bytes]>> | ([Bytes | string | Uint8Array, Bytes | string | Uint8Array])[]) => SubmittableExtrinsic<ApiType>, [Vec<ITuple<[Bytes, Bytes]>>]>;
    };
    timestamp: {
      /**
       * Set the current time.
       *
       * This call should be invoked exactly once per block. It will panic at the finalization
       * phase, if this call hasn't been invoked by that time.
       *
       * The timestamp should be greater than the previous one by the amount specified by
       * [`Config::MinimumPeriod`].
       *
       * The dispatch origin for this call must be _None_.
       *
       * This dispatch class is _Mandatory_ to ensure it gets executed in the block. Be aware
       * that changing the complexity of this call could result exhausting the resources in a
       * block to execute any other calls.
       *
       * ## Complexity
       * - `O(1)` (Note that implementations of `OnTimestampSet` must also be `O(1)`)
       * - 1 storage read and 1 storage mutation (codec `O(1)` because of `DidUpdate::take` in
       * `on_finalize`)
       * - 1 event handler `on_timestamp_set`. Must be `O(1)`.
       **/
      set: AugmentedSubmittable<(now: Compact<u64> | AnyNumber | Uint8Array) => SubmittableExtrinsic<ApiType>, [Compact<u64>]>;
    };
    utility: {
      /**
       * Send a call through an indexed pseudonym of the sender.
       *
       * Filter from origin are passed along. The call will be dispatched with an origin which
       * use the same filter as the origin of this call.
       *
       * NOTE: If you need to ensure that any account-based filtering is not honored (i.e.
       * because you expect `proxy` to have been used prior in the call stack and you do not want
       * the call restrictions to apply to any sub-accounts), then use `as_multi_threshold_1`
       * in the Multisig pallet instead.
       *
       * NOTE: Prior to version *12, this was called `as_limited_sub`.
       *
       * The dispatch origin for this call must be _Signed_.
       **/
      asDerivative: AugmentedSubmittable<(index: u16 | AnyNumber | Uint8Array, call: Call | IMethod | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [u16, Call]>;
      /**
       * Send a batch of dispatch calls.
       *
       * May be called from any origin except `None`.
       *
       * - `calls`: The calls to be dispatched from the same origin. The number of call must not
       * exceed the constant: `batched_calls_limit` (available in constant metadata).
       *
       * If origin is root then the calls are dispatched without checking origin filter. (This
       * includes bypassing `frame_system::Config::BaseCallFilter`).
       *
       * ## Complexity
       * - O(C) where C is the number of calls to be batched.
       *
       * This will return `Ok` in all circumstances. To determine the success of the batch, an
       * event is deposited. If a call failed and the batch was interrupted, then the
       * `BatchInterrupted` event is deposited, along with the number of successful calls made
       * and the error of the failed call. If all were successful, then the `BatchCompleted`
       * event is deposited.
       **/
      batch: AugmentedSubmittable<(calls: Vec<Call> | (Call | IMethod | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [Vec<Call>]>;
      /**
       * Send a batch of dispatch calls and atomically execute them.
       * The whole transaction will rollback and fail if any of the calls failed.
       *
       * May be called from any origin except `None`.
       *
       * - `calls`: The calls to be dispatched from the same origin. The number of call must not
       * exceed the constant: `batched_calls_limit` (available in constant metadata).
       *
       * If origin is root then the calls are dispatched without checking origin filter. (This
       * includes bypassing `frame_system::Config::BaseCallFilter`).
       *
       * ## Complexity
       * - O(C) where C is the number of calls to be batched.
       **/
      batchAll: AugmentedSubmittable<(calls: Vec<Call> | (Call | IMethod | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [Vec<Call>]>;
      /**
       * Dispatches a function call with a provided origin.
       *
       * The dispatch origin for this call must be _Root_.
       *
       * ## Complexity
       * - O(1).
       **/
      dispatchAs: AugmentedSubmittable<(asOrigin: DatdotRuntimeOriginCaller | { system: any } | string | Uint8Array, call: Call | IMethod | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [DatdotRuntimeOriginCaller, Call]>;
      /**
       * Dispatches a function call with a provided origin.
       *
       * Almost the same as [`Pallet::dispatch_as`] but forwards any error of the inner call.
       *
       * The dispatch origin for this call must be _Root_.
       **/
      dispatchAsFallible: AugmentedSubmittable<(asOrigin: DatdotRuntimeOriginCaller | { system: any } | string | Uint8Array, call: Call | IMethod | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [DatdotRuntimeOriginCaller, Call]>;
      /**
       * Send a batch of dispatch calls.
       * Unlike `batch`, it allows errors and won't interrupt.
       *
       * May be called from any origin except `None`.
       *
       * - `calls`: The calls to be dispatched from the same origin. The number of call must not
       * exceed the constant: `batched_calls_limit` (available in constant metadata).
       *
       * If origin is root then the calls are dispatch without checking origin filter. (This
       * includes bypassing `frame_system::Config::BaseCallFilter`).
       *
       * ## Complexity
       * - O(C) where C is the number of calls to be batched.
       **/
      forceBatch: AugmentedSubmittable<(calls: Vec<Call> | (Call | IMethod | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [Vec<Call>]>;
      /**
       * Dispatch a fallback call in the event the main call fails to execute.
       * May be called from any origin except `None`.
       *
       * This function first attempts to dispatch the `main` call.
       * If the `main` call fails, the `fallback` is attemted.
       * if the fallback is successfully dispatched, the weights of both calls
       * are accumulated and an event containing the main call error is deposited.
       *
       * In the event of a fallback failure the whole call fails
       * with the weights returned.
       *
       * - `main`: The main call to be dispatched. This is the primary action to execute.
       * - `fallback`: The fallback call to be dispatched in case the `main` call fails.
       *
       * ## Dispatch Logic
       * - If the origin is `root`, both the main and fallback calls are executed without
       * applying any origin filters.
       * - If the origin is not `root`, the origin filter is applied to both the `main` and
       * `fallback` calls.
       *
       * ## Use Case
       * - Some use cases might involve submitting a `batch` type call in either main, fallback
       * or both.
       **/
      ifElse: AugmentedSubmittable<(main: Call | IMethod | string | Uint8Array, fallback: Call | IMethod | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Call, Call]>;
      /**
       * Dispatch a function call with a specified weight.
       *
       * This function does not check the weight of the call, and instead allows the
       * Root origin to specify the weight of the call.
       *
       * The dispatch origin for this call must be _Root_.
       **/
      withWeight: AugmentedSubmittable<(call: Call | IMethod | string | Uint8Array, weight: SpWeightsWeightV2Weight | { refTime?: any; proofSize?: any } | string | Uint8Array) => SubmittableExtrinsic<ApiType>, [Call, SpWeightsWeightV2Weight]>;
    };
    validators: {
      /**
       * Replaces the list; it takes effect two sessions later for accounts whose session keys are set.
       *
       * - origin: root
       * - errors: `Empty`, `Duplicate`
       * - events: `ListSet`
       **/
      set: AugmentedSubmittable<(list: Vec<AccountId32> | (AccountId32 | string | Uint8Array)[]) => SubmittableExtrinsic<ApiType>, [Vec<AccountId32>]>;
    };
  } // AugmentedSubmittables
} // declare module
