//! # Datdot
//!
//! Supporters pay to keep hypercores alive: the chain draws who encodes, stores and checks copies, pays them by minting and burns
//! the same amount from the core's pot. `protocol.md` part 9 gives every rule; `datdot_rules` holds them as pure functions and this
//! pallet the state, the calls and the events. Amounts are in 10^-12 DAT, times in blocks, reputations in ppm.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;

mod assignment;
mod copies;
mod copy_types;
mod cores;
mod draws;
mod errors;
mod events;
mod hooks;
mod params;
mod periods;
mod pots;
mod providers;
mod requests;
mod settlement;
mod slots;
mod spans;
#[cfg(any(test, feature = "try-runtime"))]
mod state_check;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

use frame_support::pallet_macros::import_section;

pub use datdot_rules as rules;
pub use pallet::*;
pub use params::{Params, DAT, MAX_AMOUNT};
pub use types::*;
pub use weights::WeightInfo;

/// The pallet.
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::{
        params::Params as ParamSet,
        periods::SETTLED_BY_PROOF,
        requests::MAX_ENDS,
        rules::{
            draw::Role,
            offset::{OffsetProofs, Peaks},
            pot::{Pot, Share},
            publish::Identity,
            report::{Outcome, Report},
            settle::Verdict,
            tpe::{Modulus, SpanProofs},
            Balance, Hash,
        },
        *,
    };
    use frame_support::{
        dispatch::WithPostDispatchInfo,
        pallet_prelude::*,
        traits::fungible::{Inspect, InspectHold, Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::AccountId32;

    /// The in-code storage version.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet's handle.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the runtime gives the pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId32, RuntimeEvent: From<Event<Self>>> {
        /// The chain's token.
        type Currency: Inspect<AccountId32, Balance = Balance>
            + Mutate<AccountId32>
            + InspectHold<AccountId32>
            + MutateHold<AccountId32, Reason = Self::RuntimeHoldReason>;
        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;
        /// Who may change the parameters.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The VRF output of the parent block, if it had one.
        type ParentVrf: Get<Option<Hash>>;
        /// Blocks between two seeds.
        #[pallet::constant]
        type SeedWindow: Get<u32>;
        /// VRF outputs that a window needs for its seed to be used.
        #[pallet::constant]
        type MinVrf: Get<u32>;
        /// Blocks of a challenge period, a multiple of the window.
        #[pallet::constant]
        type Period: Get<u32>;
        /// Blocks after a period in which its proofs and reports are still taken.
        #[pallet::constant]
        type Grace: Get<u32>;
        /// The parameters before any `set_params`.
        #[pallet::constant]
        type DefaultParams: Get<ParamSet>;
        /// The weights of calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// Why the pallet holds an account's balance.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For a provider's slots.
        #[codec(index = 0)]
        Registration,
        /// For a published core's storage.
        #[codec(index = 1)]
        Core,
    }

    /// Providers by account; those that left keep their reputation.
    #[pallet::storage]
    pub type Providers<T> = StorageMap<_, Blake2_128Concat, AccountId32, Provider>;

    /// Whose noise key it is.
    #[pallet::storage]
    pub type NoiseKeys<T> = StorageMap<_, Blake2_128Concat, Hash, AccountId32>;

    /// The slots that an account has in a role, by index into `RoleSlots`.
    #[pallet::storage]
    pub type ProviderSlots<T> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId32, Twox64Concat, Role, SlotList, ValueQuery>;

    /// Candidates of a role, dense from 0 to `RoleCount`.
    #[pallet::storage]
    pub type RoleSlots<T> = StorageDoubleMap<_, Twox64Concat, Role, Twox64Concat, u32, RoleSlot>;

    /// Slots of a role, those that ended counted too.
    #[pallet::storage]
    pub type RoleCount<T> = StorageMap<_, Twox64Concat, Role, u32, ValueQuery>;

    /// Queue of slots that ended, by role and position: index, and the end that it was queued for.
    #[pallet::storage]
    pub type FreeSlots<T> = StorageDoubleMap<_, Twox64Concat, Role, Twox64Concat, u32, (u32, u32)>;

    /// Ends of that queue.
    #[pallet::storage]
    pub type FreeSlotRange<T> = StorageMap<_, Twox64Concat, Role, FreeRange, ValueQuery>;

    /// What an account was drawn for and still has to do (a signer until the seal, a pinner until the copy's end): a role node
    /// finds its work here.
    #[pallet::storage]
    pub type Duties<T> = StorageDoubleMap<_, Blake2_128Concat, AccountId32, Twox64Concat, Duty, ()>;

    /// Published hypercores.
    #[pallet::storage]
    pub type Cores<T> = StorageMap<_, Blake2_128Concat, CoreKey, Core>;

    /// Donations of a core; the entry outlives the core, so that old shares stay worthless.
    #[pallet::storage]
    pub type Pots<T> = StorageMap<_, Blake2_128Concat, CoreKey, Pot, ValueQuery>;

    /// Parts of a pot by donor.
    #[pallet::storage]
    pub type Shares<T> = StorageDoubleMap<_, Blake2_128Concat, CoreKey, Blake2_128Concat, AccountId32, Share>;

    /// Copies that wait for their draw, by core and slot.
    #[pallet::storage]
    pub type Requests<T> = StorageDoubleMap<_, Blake2_128Concat, CoreKey, Twox64Concat, u32, Request>;

    /// The copy that fills a slot of a core; a copy that only settles its last period is no longer here.
    #[pallet::storage]
    pub type CoreCopies<T> = StorageDoubleMap<_, Blake2_128Concat, CoreKey, Twox64Concat, u32, u64>;

    /// Who is pinner or signer of a core's copies.
    #[pallet::storage]
    pub type CoreParties<T> =
        StorageDoubleMap<_, Blake2_128Concat, CoreKey, Blake2_128Concat, AccountId32, Party, ValueQuery>;

    /// Copies; those that ended stay readable for some periods.
    #[pallet::storage]
    pub type Copies<T> = StorageMap<_, Twox64Concat, u64, Copy>;

    /// Copies that ended, oldest first, by position.
    #[pallet::storage]
    pub type EndedCopies<T> = StorageMap<_, Twox64Concat, u32, u64>;

    /// Ends of that queue.
    #[pallet::storage]
    pub type EndedRange<T> = StorageValue<_, FreeRange, ValueQuery>;

    /// Spans, as long as their copy is readable.
    #[pallet::storage]
    pub type Spans<T> = StorageMap<_, Twox64Concat, u64, Span>;

    /// Where the randomness of the current window is gathered.
    #[pallet::storage]
    pub type Entropy<T> = StorageValue<_, Accumulator, ValueQuery>;

    /// The last 64 seeds.
    #[pallet::storage]
    pub type Seeds<T> = StorageMap<_, Twox64Concat, u64, Seed>;

    /// The newest seed with enough VRF outputs.
    #[pallet::storage]
    pub type NewestSeed<T> = StorageValue<_, BestSeed, ValueQuery>;

    /// The last 4 periods.
    #[pallet::storage]
    pub type Periods<T> = StorageMap<_, Twox64Concat, u32, Period>;

    /// Proofs and reports of a copy and period, until it is settled.
    #[pallet::storage]
    pub type Records<T> = StorageDoubleMap<_, Twox64Concat, u64, Twox64Concat, u32, Record>;

    /// What was minted and burned.
    #[pallet::storage]
    pub type Totals<T> = StorageValue<_, Sums, ValueQuery>;

    /// The parameters in force; none set means the build's own.
    #[pallet::storage]
    pub type Params<T: Config> = StorageValue<_, ParamSet, ValueQuery, T::DefaultParams>;

    /// Counter of requests.
    #[pallet::storage]
    pub type NextRequest<T> = StorageValue<_, u64, ValueQuery>;

    /// Counter of copies.
    #[pallet::storage]
    pub type NextCopy<T> = StorageValue<_, u64, ValueQuery>;

    /// Counter of spans.
    #[pallet::storage]
    pub type NextSpan<T> = StorageValue<_, u64, ValueQuery>;

    /// What `on_idle` looks at, by block.
    #[pallet::storage]
    pub type Agenda<T> = StorageDoubleMap<_, Twox64Concat, u32, Blake2_128Concat, AgendaItem, ()>;

    /// First block whose agenda may hold tasks.
    #[pallet::storage]
    pub type AgendaCursor<T> = StorageValue<_, u32, ValueQuery>;

    /// Nothing is configured: the genesis endows the account of the pots with the existential deposit.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::endow_account();
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::gather_randomness()
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::lend_a_hand(remaining)
        }

        fn integrity_test() {
            Self::check_config();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Offers the account's service as signer, pinner or verifier.
        ///
        /// - *Origin*: signed, not registered or left.
        /// - *Details*: `roles` has bits 1 signer, 2 pinner, 4 verifier; `proof` is the noise key's ed25519 signature of the account
        ///   (9.9); `capacity` in bytes, 0 without the pinner's role. Holds the deposit of all slots and demands the float beside it.
        ///   Reputation starts at alpha 1, beta 3, or where it was when the account left.
        /// - *Errors*: AlreadyRegistered, InvalidRoles, InvalidCapacity, TooManySlots, NoiseKeyTaken, BadNoiseProof, FloatTooLow,
        ///   InsufficientBalance.
        /// - *Events*: ProviderRegistered.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(origin: OriginFor<T>, roles: u8, noise_key: Hash, proof: [u8; 64], capacity: u64) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register(who, roles, noise_key, &proof, capacity)
        }

        /// Changes what a provider offers.
        ///
        /// - *Origin*: signed, a provider; one that is leaving may change only its pause and its payout.
        /// - *Details*: new slots begin now, those given up end at the beginning of the period after the next. The deposit grows with
        ///   the slots; it comes back in one piece when the provider leaves. A paused provider is not drawn as signer or pinner.
        ///   `payout` None pays the provider itself.
        /// - *Errors*: NotRegistered, Leaving, InvalidRoles, InvalidCapacity, CapacityInUse, TooManySlots, InsufficientBalance.
        /// - *Events*: ProviderUpdated.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::update_provider())]
        pub fn update_provider(
            origin: OriginFor<T>,
            roles: u8,
            capacity: u64,
            paused: bool,
            payout: Option<AccountId32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_update_provider(who, roles, capacity, paused, payout)
        }

        /// Leaves: the first time the slots end two periods later, the second time the deposit comes back.
        ///
        /// - *Origin*: signed, a provider.
        /// - *Details*: the second call is possible 14 periods after the slots ended, without copies and without spans that are not
        ///   sealed. The reputation stays, and so does the payout account, which later parts of X go to.
        /// - *Errors*: NotRegistered, DepositLocked, HasDuties.
        /// - *Events*: ProviderLeaving, ProviderLeft.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::deregister())]
        pub fn deregister(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_deregister(who)
        }

        /// Publishes a hypercore's tree that its author signed.
        ///
        /// - *Origin*: signed, anyone; for a new core its deposit is held.
        /// - *Details*: 9.8; one offset proof for each inner cut of 9.2. A newer tree replaces the stored one and queues the core's
        ///   requests again whose seed is not yet being made; the others and copies keep the tree they have.
        /// - *Errors*: UnsupportedManifest, BadManifest, BadFork, BadLength, BadPeaks, BadByteLength, BadPrologue, BadTreeSignature,
        ///   TooManyBlocks, BadCutCount, BadOffsetProof, NotNewer, InsufficientBalance.
        /// - *Events*: CorePublished, Requested.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::publish(cuts.len() as u32).saturating_add(T::WeightInfo::end_copies(MAX_ENDS)))]
        pub fn publish(
            origin: OriginFor<T>,
            identity: Identity,
            #[pallet::compact] fork: u64,
            #[pallet::compact] length: u64,
            peaks: Peaks,
            signature: [u8; 64],
            cuts: OffsetProofs,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let ended = Self::do_publish(who, identity, fork, length, &peaks, &signature, &cuts)?;
            Ok(Some(T::WeightInfo::publish(cuts.len() as u32).saturating_add(T::WeightInfo::end_copies(ended))).into())
        }

        /// Gives to a core's pot, and says how many copies the donor wants.
        ///
        /// - *Origin*: signed, anyone.
        /// - *Details*: 9.4. The wish counts by shares and replaces the donor's earlier one; one that stops something costs what it does
        ///   in `set_wish`.
        /// - *Errors*: UnknownCore, WishTooHigh, DonationTooSmall, PotFull, InsufficientBalance.
        /// - *Events*: Donated, Requested, RequestDropped, FeeBurned, CopyEnding, CopyEnded.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::donate().saturating_add(T::WeightInfo::end_copies(MAX_ENDS)))]
        pub fn donate(origin: OriginFor<T>, core: CoreKey, amount: Balance, wish: u8) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let ended = Self::do_donate(who, core, amount, wish)?;
            Ok(Some(T::WeightInfo::donate().saturating_add(T::WeightInfo::end_copies(ended))).into())
        }

        /// Takes the donor's part of a pot back.
        ///
        /// - *Origin*: signed, a donor.
        /// - *Details*: only while the core has neither copies nor requests. The last donor's dust is burned as a fee. A share of a pot
        ///   that was emptied since, or of a core that was reaped, is removed at any time and gives nothing.
        /// - *Errors*: UnknownCore, CoreInUse, NoShare, what the transfer refuses (an account that would stay below the existential deposit).
        /// - *Events*: Reclaimed, FeeBurned.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::reclaim().saturating_add(T::WeightInfo::end_copies(MAX_ENDS)))]
        pub fn reclaim(origin: OriginFor<T>, core: CoreKey) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let ended = Self::do_reclaim(who, core)?;
            Ok(Some(T::WeightInfo::reclaim().saturating_add(T::WeightInfo::end_copies(ended))).into())
        }

        /// Changes how many copies a donor wants.
        ///
        /// - *Origin*: signed, a donor.
        /// - *Details*: when more copies are wanted for it, a core that was unavailable is drawn again. Who lowers it pays the set-up fee
        ///   for each request whose seed is being made or made, and for each copy that ends before a period of it was settled.
        /// - *Errors*: UnknownCore, WishTooHigh, NoShare, InsufficientBalance.
        /// - *Events*: WishSet, Requested, RequestDropped, FeeBurned, CopyEnding, CopyEnded.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_wish().saturating_add(T::WeightInfo::end_copies(MAX_ENDS)))]
        pub fn set_wish(origin: OriginFor<T>, core: CoreKey, wish: u8) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let ended = Self::do_set_wish(who, core, wish)?;
            Ok(Some(T::WeightInfo::set_wish().saturating_add(T::WeightInfo::end_copies(ended))).into())
        }

        /// Draws the pinner and the signers of a core's oldest request.
        ///
        /// - *Origin*: signed, anyone.
        /// - *Details*: 9.1; all of it is fixed by the request and its seed. When the draw finds nobody, the call succeeds, says what
        ///   is missing and the request waits for a later seed.
        /// - *Errors*: UnknownCore, NoRequest, SeedNotReady, OutOfOrder, Underfunded.
        /// - *Events*: CopyAssigned, DrawFailed, or Requested when the seed is no longer stored.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::assign(rules::span::MAX_SPANS as u32))]
        pub fn assign(origin: OriginFor<T>, core: CoreKey) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            // What refuses it stands before the draw.
            let spans = Self::do_assign(&core).map_err(|error| error.with_weight(T::WeightInfo::assign(0)))?;
            Ok(Some(T::WeightInfo::assign(spans)).into())
        }

        /// Says that a span's signer holds its data, and fixes its key.
        ///
        /// - *Origin*: signed, the span's signer. Free of fees when it succeeds.
        /// - *Details*: `e` is 257 or 65537, the modulus odd and of exactly 2048 bits. The tag is computed and stored.
        /// - *Errors*: UnknownSpan, NotTheSigner, NotAssigned, DeadlinePassed, InvalidKey.
        /// - *Events*: SpanKeyed.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::commit_key())]
        pub fn commit_key(origin: OriginFor<T>, span: u64, e: u32, modulus: Modulus) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_commit_key(&who, span, e, &modulus)?;
            Ok(Pays::No.into())
        }

        /// Says that a copy's pinner holds an encoded span.
        ///
        /// - *Origin*: signed, the copy's pinner. Free of fees when it succeeds.
        /// - *Details*: `signer_signature` is the signer's raw sr25519 signature of the seal (9.6). The last seal makes the copy active.
        /// - *Errors*: UnknownSpan, NotThePinner, NotKeyed, DeadlinePassed, WrongCellCount, BadSealSignature.
        /// - *Events*: SpanSealed, CopyActive.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::seal())]
        pub fn seal(
            origin: OriginFor<T>,
            span: u64,
            root: Hash,
            cells: u64,
            signer_signature: [u8; 64],
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_seal(&who, span, root, cells, &signer_signature)?;
            Ok(Pays::No.into())
        }

        /// Proves that a copy's pinner holds the leaves that a period asks for.
        ///
        /// - *Origin*: signed, the copy's pinner. Free of fees when it succeeds.
        /// - *Details*: 9.3. First settles closed periods of the copy, at most 4; if that ends the copy, the call succeeds without a
        ///   proof.
        /// - *Errors*: UnknownCopy, NotThePinner, CopyNotActive, PeriodNotOfCopy, PeriodClosed, AlreadyProved, BadProof.
        /// - *Events*: those of `settle`, Proved.
        #[pallet::call_index(10)]
        #[pallet::weight(
            T::WeightInfo::prove(proofs.iter().map(|proof| proof.leaves.len() as u32).sum())
                .saturating_add(T::WeightInfo::settle(SETTLED_BY_PROOF))
                .saturating_add(T::WeightInfo::end_copies(1))
        )]
        pub fn prove(origin: OriginFor<T>, copy: u64, period: u32, proofs: SpanProofs) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let settled = Self::do_prove(&who, copy, period, &proofs)?;
            let leaves = proofs.iter().map(|proof| proof.leaves.len() as u32).sum();
            let weight = T::WeightInfo::prove(leaves).saturating_add(Self::weight_of_settled(copy, settled));
            Ok((Some(weight), Pays::No).into())
        }

        /// Says what a verifier measured.
        ///
        /// - *Origin*: signed, a verifier drawn for the copy and period. Free of fees when it succeeds.
        /// - *Details*: 9.7; Served needs the pinner's receipt and the drawn leaf, WrongReplica the leaf that it names.
        /// - *Errors*: UnknownCopy, CopyNotActive, PeriodNotOfCopy, PeriodClosed, NotDrawn, AlreadyReported, WrongEvidence, BadReceipt,
        ///   BadProof.
        /// - *Events*: Reported.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::report())]
        pub fn report(origin: OriginFor<T>, copy: u64, period: u32, report: Report) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_report(&who, copy, period, &report)?;
            Ok(Pays::No.into())
        }

        /// Settles closed periods of a copy: pays, burns, moves reputations.
        ///
        /// - *Origin*: signed, anyone. Free of fees when it succeeds.
        /// - *Details*: 9.5, at most `limit` periods and at most 4, the oldest first.
        /// - *Errors*: UnknownCopy, CopyNotActive, NothingToSettle.
        /// - *Events*: Settled, Paid, PaymentFailed, PeriodUnfunded, ReputationChanged, CopyEnded, Requested.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::settle((*limit).min(MAX_SETTLE)).saturating_add(T::WeightInfo::end_copies(1)))]
        pub fn settle(origin: OriginFor<T>, copy: u64, limit: u32) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let settled = Self::do_settle(copy, limit)?;
            Ok((Some(Self::weight_of_settled(copy, Some(settled))), Pays::No).into())
        }

        /// Ends a set-up of which a span was not keyed or sealed in time.
        ///
        /// - *Origin*: signed, anyone.
        /// - *Details*: 9.6. The copy that was being set up ends, and a new one is asked for.
        /// - *Errors*: UnknownSpan, AlreadySealed, NotExpired, CopyNotInSetup.
        /// - *Events*: SpanExpired, ReputationChanged, FeeBurned, CoreUnavailable, CopyEnded, Requested.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::expire().saturating_add(T::WeightInfo::end_copies(1)))]
        pub fn expire(origin: OriginFor<T>, span: u64) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_expire(span)?;
            Ok(().into())
        }

        /// Changes the parameters.
        ///
        /// - *Origin*: the admin.
        /// - *Details*: copies keep their prices, spans their deadlines, records their number of verifiers.
        /// - *Errors*: InvalidParams.
        /// - *Events*: ParamsSet.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::set_params())]
        pub fn set_params(origin: OriginFor<T>, params: ParamSet) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(params.is_valid(), Error::<T>::InvalidParams);
            Params::<T>::put(&params);
            Self::deposit_event(Event::ParamsSet { params });
            Ok(())
        }

        /// Gives a span or a copy back during its set-up.
        ///
        /// - *Origin*: signed, the span's signer before the seal, or the copy's pinner. Free of fees when it succeeds.
        /// - *Details*: no penalty, but only so often in a period and not after the deadline: a signer by its own span's, a pinner by
        ///   every span's. The copy that was being set up ends, and a new one is asked for.
        /// - *Errors*: NotRegistered, UnknownSpan, UnknownCopy, NotTheSigner, NotThePinner, AlreadySealed, CopyNotInSetup,
        ///   DeadlinePassed, TooManyDeclines.
        /// - *Events*: Declined, CopyEnded, Requested.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::decline().saturating_add(T::WeightInfo::end_copies(1)))]
        pub fn decline(origin: OriginFor<T>, duty: Duty, reason: DeclineReason) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_decline(&who, duty, reason)?;
            Ok(Pays::No.into())
        }

        /// Removes a core that has no copies, no requests and no pot, and gives its deposit back.
        ///
        /// - *Origin*: signed, anyone.
        /// - *Details*: the deposit goes to who held it, not to the caller. Within a period of the newest tree only the depositor may.
        /// - *Errors*: UnknownCore, CoreInUse, PotNotEmpty, ReapTooEarly.
        /// - *Events*: CoreReaped.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::reap())]
        pub fn reap(origin: OriginFor<T>, core: CoreKey) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_reap(&who, &core)
        }
    }
}
