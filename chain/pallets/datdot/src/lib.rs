//! # Datdot
//!
//! Supporters pay to keep hypercores alive: the chain draws who encodes, stores and checks copies, pays them by minting and burns
//! the same amount from the core's pot. `protocol.md` part 9 gives every rule; `datdot_rules` holds them as pure functions and this
//! pallet the state, the calls and the events. Amounts are in 10^-12 DAT, times in blocks, reputations in ppm.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;

mod copies;
mod copy_types;
mod cores;
mod draws;
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

pub use datdot_rules as rules;
pub use pallet::*;
pub use params::{Params, DAT, MAX_AMOUNT};
pub use types::*;
pub use weights::WeightInfo;

/// The pallet.
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

    /// Queue of slots that ended, by role and position.
    #[pallet::storage]
    pub type FreeSlots<T> = StorageDoubleMap<_, Twox64Concat, Role, Twox64Concat, u32, u32>;

    /// Ends of that queue.
    #[pallet::storage]
    pub type FreeSlotRange<T> = StorageMap<_, Twox64Concat, Role, FreeRange, ValueQuery>;

    /// What an account was drawn for and that did not end: a role node finds its work here.
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

    /// Value of the newest seed with enough VRF outputs.
    #[pallet::storage]
    pub type BestSeed<T> = StorageValue<_, Hash, ValueQuery>;

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

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A core's tree was published.
        CorePublished {
            /// The core's key.
            core: CoreKey,
            /// Fork of the tree.
            fork: u64,
            /// Blocks.
            length: u64,
            /// Bytes.
            byte_length: u64,
        },
        /// A pot got a donation.
        Donated {
            /// The core's key.
            core: CoreKey,
            /// The donor.
            who: AccountId32,
            /// The donation.
            amount: Balance,
            /// The shares that it made.
            shares: u128,
        },
        /// A copy was drawn.
        CopyAssigned {
            /// The copy.
            copy: u64,
            /// The core's key.
            core: CoreKey,
            /// The core's slot.
            slot: u32,
            /// The request.
            request: u64,
            /// Who stores it.
            pinner: AccountId32,
            /// Its spans by start.
            spans: SpanIds,
        },
        /// A signer holds the data of a span and made its key.
        SpanKeyed {
            /// The span.
            span: u64,
            /// Its tag.
            tag: Hash,
        },
        /// A pinner holds the encoded span.
        SpanSealed {
            /// The span.
            span: u64,
            /// Root of its commitment.
            root: Hash,
            /// Its cells.
            cells: u64,
        },
        /// All spans of a copy are sealed.
        CopyActive {
            /// The copy.
            copy: u64,
            /// First period that counts.
            first_period: u32,
        },
        /// A copy ended or failed.
        CopyEnded {
            /// The copy.
            copy: u64,
            /// Why.
            reason: Reason,
        },
        /// A pinner proved a copy.
        Proved {
            /// The copy.
            copy: u64,
            /// The period.
            period: u32,
        },
        /// A verifier reported.
        Reported {
            /// The copy.
            copy: u64,
            /// The period.
            period: u32,
            /// The verifier.
            verifier: AccountId32,
            /// What it found.
            outcome: Outcome,
        },
        /// A period of a copy was settled.
        Settled {
            /// The copy.
            copy: u64,
            /// The period.
            period: u32,
            /// Whether the pinner proved.
            proved: bool,
            /// What the verifiers' majority says.
            verdict: Option<Verdict>,
            /// R of the pinner that paid, in ppm.
            r: u32,
            /// Minted to all payees.
            minted: Balance,
            /// Burned from the pot.
            burned: Balance,
        },
        /// Somebody was paid.
        Paid {
            /// The copy.
            copy: u64,
            /// The period.
            period: u32,
            /// The provider (its payout account has the money).
            who: AccountId32,
            /// For what.
            role: Role,
            /// How much.
            amount: Balance,
        },
        /// A provider's reputation changed.
        ReputationChanged {
            /// The provider.
            who: AccountId32,
            /// In which role.
            role: Role,
            /// For which period.
            period: u32,
            /// Alpha after, in millionths.
            alpha: u64,
            /// Beta after, in millionths.
            beta: u64,
            /// Added to alpha.
            d_alpha: u64,
            /// Added to beta.
            d_beta: u64,
        },
        /// A draw found nobody and is tried again with a later seed.
        DrawFailed {
            /// The core's key.
            core: CoreKey,
            /// The core's slot.
            slot: u32,
            /// What is missing.
            missing: Missing,
        },
        /// A window's randomness was stored.
        SeedStored {
            /// Index of the seed.
            s: u64,
            /// VRF outputs in it.
            vrfs: u32,
        },
        /// A provider registered, perhaps again.
        ProviderRegistered {
            /// The provider.
            who: AccountId32,
            /// Its roles.
            roles: u8,
            /// Its noise key.
            noise_key: Hash,
            /// Its capacity in bytes.
            capacity: u64,
        },
        /// A provider changed what it offers.
        ProviderUpdated {
            /// The provider.
            who: AccountId32,
            /// Its roles.
            roles: u8,
            /// Its capacity in bytes.
            capacity: u64,
            /// Whether it takes no new work.
            paused: bool,
            /// Where its payments go.
            payout: AccountId32,
        },
        /// A provider's slots end.
        ProviderLeaving {
            /// The provider.
            who: AccountId32,
            /// Block in which they end.
            until: u32,
        },
        /// A provider got its deposit back.
        ProviderLeft {
            /// The provider.
            who: AccountId32,
            /// The deposit.
            deposit: Balance,
        },
        /// A donor changed its wish.
        WishSet {
            /// The core's key.
            core: CoreKey,
            /// The donor.
            who: AccountId32,
            /// Copies wished for.
            wish: u8,
        },
        /// A donor took its part of a pot back.
        Reclaimed {
            /// The core's key.
            core: CoreKey,
            /// The donor.
            who: AccountId32,
            /// What it got.
            amount: Balance,
        },
        /// A copy waits for its draw.
        Requested {
            /// The core's key.
            core: CoreKey,
            /// The core's slot.
            slot: u32,
            /// The request.
            request: u64,
            /// The seed that its draw uses.
            seed: u64,
        },
        /// A request is no longer wanted or cannot be paid.
        RequestDropped {
            /// The core's key.
            core: CoreKey,
            /// The core's slot.
            slot: u32,
            /// The request.
            request: u64,
        },
        /// A copy is not wanted any more and ends after a period.
        CopyEnding {
            /// The copy.
            copy: u64,
            /// Its last period.
            last_period: u32,
        },
        /// A signer or pinner did not do its part of a set-up in time.
        SpanExpired {
            /// The span.
            span: u64,
        },
        /// A signer or pinner declined.
        Declined {
            /// The provider.
            who: AccountId32,
            /// What it declined.
            duty: Duty,
            /// Why.
            reason: DeclineReason,
        },
        /// Three set-ups in a row did not get the data; the core is drawn again after a new wish.
        CoreUnavailable {
            /// The core's key.
            core: CoreKey,
        },
        /// The period could not be paid by the pot; nobody was paid or blamed.
        PeriodUnfunded {
            /// The copy.
            copy: u64,
            /// The period.
            period: u32,
        },
        /// A payment failed (say, below the existential deposit); nothing was burned for it.
        PaymentFailed {
            /// The copy.
            copy: u64,
            /// The period.
            period: u32,
            /// The provider.
            who: AccountId32,
            /// How much.
            amount: Balance,
        },
        /// A pot was charged for a set-up that came to nothing, or for dust.
        FeeBurned {
            /// The core's key.
            core: CoreKey,
            /// How much.
            amount: Balance,
        },
        /// A core was removed and its deposit given back.
        CoreReaped {
            /// The core's key.
            core: CoreKey,
            /// Who got the deposit.
            depositor: AccountId32,
        },
        /// The parameters changed.
        ParamsSet {
            /// The new parameters.
            params: ParamSet,
        },
    }

    /// Why a call is refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account is registered already.
        AlreadyRegistered,
        /// The account is not registered.
        NotRegistered,
        /// No role, or a role that does not exist.
        InvalidRoles,
        /// A pinner needs a capacity, others must have none.
        InvalidCapacity,
        /// More capacity than 64 slots hold, or too many slots that did not end long enough ago.
        TooManySlots,
        /// The capacity is less than the copies take.
        CapacityInUse,
        /// Another account has this noise key.
        NoiseKeyTaken,
        /// The noise key did not sign the account.
        BadNoiseProof,
        /// Too little is left free after the deposit to put up fees that are refunded.
        FloatTooLow,
        /// The provider is leaving.
        Leaving,
        /// The deposit stays until 14 periods after the slots ended.
        DepositLocked,
        /// The provider still has copies or spans.
        HasDuties,
        /// The manifest is of a kind that the chain does not know.
        UnsupportedManifest,
        /// The manifest's bytes are malformed.
        BadManifest,
        /// The fork is 2^53 or more.
        BadFork,
        /// The length is 0, or 2^40 or more.
        BadLength,
        /// Not one peak for each set bit of the length.
        BadPeaks,
        /// The byte length is 0, or 2^50 or more.
        BadByteLength,
        /// The tree is shorter than the core's prologue, or is not the prologue.
        BadPrologue,
        /// The core's author did not sign this tree.
        BadTreeSignature,
        /// Not one offset proof for each inner cut.
        BadCutCount,
        /// An offset proof does not show the offset.
        BadOffsetProof,
        /// The stored tree has the same or a greater fork and length.
        NotNewer,
        /// The core is not published.
        UnknownCore,
        /// The donation is below the least.
        DonationTooSmall,
        /// The pot is too large for this donation to make a share.
        PotFull,
        /// The account has no share of the pot.
        NoShare,
        /// The core has copies or requests.
        CoreInUse,
        /// The core has a pot.
        PotNotEmpty,
        /// The core has no request.
        NoRequest,
        /// The seed of the core's request is not there yet.
        SeedNotReady,
        /// A younger request's seed is there, but the oldest request goes first.
        OutOfOrder,
        /// The pot cannot lock what the copy will cost.
        Underfunded,
        /// The span does not exist, or its copy ended.
        UnknownSpan,
        /// The copy does not exist.
        UnknownCopy,
        /// The span has another signer.
        NotTheSigner,
        /// The copy has another pinner.
        NotThePinner,
        /// The span does not wait for a key.
        NotAssigned,
        /// The span does not wait for a seal.
        NotKeyed,
        /// The exponent or the modulus is not allowed.
        InvalidKey,
        /// The deadline has passed.
        DeadlinePassed,
        /// The number of cells is not the span's.
        WrongCellCount,
        /// The signer did not sign this seal.
        BadSealSignature,
        /// The copy is not active.
        CopyNotActive,
        /// The period is not one of this copy, or was settled.
        PeriodNotOfCopy,
        /// The period has not begun, or its grace is over.
        PeriodClosed,
        /// The copy was proved in this period.
        AlreadyProved,
        /// A leaf proof is missing, superfluous or wrong.
        BadProof,
        /// The account was not drawn to verify this.
        NotDrawn,
        /// The verifier reported already.
        AlreadyReported,
        /// The evidence is not of the kind that the outcome needs.
        WrongEvidence,
        /// The pinner did not sign this receipt.
        BadReceipt,
        /// No period of the copy can be settled yet.
        NothingToSettle,
        /// The span is sealed.
        AlreadySealed,
        /// The deadline has not passed.
        NotExpired,
        /// The parameters are out of their bounds.
        InvalidParams,
        /// The copy is not in set-up.
        CopyNotInSetup,
        /// The provider declined too often in this period.
        TooManyDeclines,
        /// A counter or an amount is at its limit.
        Overflow,
        /// The account has too little for the deposit or the donation.
        InsufficientBalance,
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
        /// - *Origin*: signed, a provider that is not leaving.
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
        /// - *Details*: the second call is possible 14 periods after the slots ended and without copies or spans. The reputation stays.
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
        ///   requests again; copies keep the tree they were made of.
        /// - *Errors*: UnsupportedManifest, BadManifest, BadFork, BadLength, BadPeaks, BadByteLength, BadPrologue, BadTreeSignature,
        ///   BadCutCount, BadOffsetProof, NotNewer, InsufficientBalance.
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
        /// - *Details*: 9.4. The wish counts by shares and replaces the donor's earlier one.
        /// - *Errors*: UnknownCore, DonationTooSmall, PotFull, InsufficientBalance.
        /// - *Events*: Donated, Requested.
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
        /// - *Details*: only while the core has neither copies nor requests. The last donor's dust is burned as a fee.
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
        /// - *Details*: also lets a core that was unavailable be drawn again.
        /// - *Errors*: UnknownCore, NoShare.
        /// - *Events*: WishSet, Requested, RequestDropped, CopyEnding, CopyEnded.
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
            let spans = Self::do_assign(&core)?;
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
                .saturating_add(T::WeightInfo::end_copies(1 + MAX_ENDS))
        )]
        pub fn prove(origin: OriginFor<T>, copy: u64, period: u32, proofs: SpanProofs) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let settled = Self::do_prove(&who, copy, period, &proofs)?;
            let leaves = proofs.iter().map(|proof| proof.leaves.len() as u32).sum();
            let weight = match settled {
                0 => Some(T::WeightInfo::prove(leaves)),
                _ => None,
            };
            Ok((weight, Pays::No).into())
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
        /// - *Origin*: signed, anyone. Free of fees when it settles at least one period.
        /// - *Details*: 9.5, at most `limit` periods and at most 16, the oldest first.
        /// - *Errors*: UnknownCopy, CopyNotActive, NothingToSettle.
        /// - *Events*: Settled, Paid, PaymentFailed, PeriodUnfunded, ReputationChanged, CopyEnded, Requested.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::settle((*limit).min(MAX_SETTLE)).saturating_add(T::WeightInfo::end_copies(1 + MAX_ENDS)))]
        pub fn settle(origin: OriginFor<T>, copy: u64, limit: u32) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let settled = Self::do_settle(copy, limit)?;
            let is_over = Copies::<T>::get(copy).map_or(true, |copy| copy.state.is_over());
            let ends = if is_over { 1 + MAX_ENDS } else { 0 };
            let weight = T::WeightInfo::settle(settled).saturating_add(T::WeightInfo::end_copies(ends));
            Ok((Some(weight), Pays::No).into())
        }

        /// Ends a set-up of which a span was not keyed or sealed in time.
        ///
        /// - *Origin*: signed, anyone.
        /// - *Details*: 9.6. The copy that was being set up ends, and a new one is asked for.
        /// - *Errors*: UnknownSpan, AlreadySealed, NotExpired, CopyNotInSetup.
        /// - *Events*: SpanExpired, ReputationChanged, FeeBurned, CoreUnavailable, CopyEnded, Requested.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::expire().saturating_add(T::WeightInfo::end_copies(1 + MAX_ENDS)))]
        pub fn expire(origin: OriginFor<T>, span: u64) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let ended = Self::do_expire(span)?;
            Ok(Some(T::WeightInfo::expire().saturating_add(T::WeightInfo::end_copies(1 + ended))).into())
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
        /// - *Details*: no penalty, but only so often in a period. The copy that was being set up ends, and a new one is asked for. A
        ///   signer that finds the data unavailable counts towards the core being Unavailable.
        /// - *Errors*: NotRegistered, UnknownSpan, UnknownCopy, NotTheSigner, NotThePinner, AlreadySealed, CopyNotInSetup,
        ///   TooManyDeclines.
        /// - *Events*: Declined, CoreUnavailable, CopyEnded, Requested.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::decline().saturating_add(T::WeightInfo::end_copies(1 + MAX_ENDS)))]
        pub fn decline(origin: OriginFor<T>, duty: Duty, reason: DeclineReason) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let ended = Self::do_decline(&who, duty, reason)?;
            let weight = T::WeightInfo::decline().saturating_add(T::WeightInfo::end_copies(1 + ended));
            Ok((Some(weight), Pays::No).into())
        }

        /// Removes a core that has no copies, no requests and no pot, and gives its deposit back.
        ///
        /// - *Origin*: signed, anyone.
        /// - *Details*: the deposit goes to who held it, not to the caller.
        /// - *Errors*: UnknownCore, CoreInUse, PotNotEmpty.
        /// - *Events*: CoreReaped.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::reap())]
        pub fn reap(origin: OriginFor<T>, core: CoreKey) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_reap(&core)
        }
    }
}
