//! What the pallet tells.

use frame_support::pallet_macros::pallet_section;

/// The pallet's events.
#[pallet_section]
mod events {
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
        /// All spans of a copy are sealed; again when its first period moves on, as the one it had began with too old a seed.
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
        /// Three set-ups in a row did not get the data; the core is drawn again after a raised wish or a donation.
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
        /// A pot, or whose wish it was, was charged for a draw or a set-up that came to nothing; or a pot for dust.
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
}
