//! Why the pallet refuses.

use frame_support::pallet_macros::pallet_section;

/// The pallet's errors.
#[pallet_section]
mod errors {
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
        /// The provider still has copies, or spans that are not sealed.
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
        /// The span does not exist, or was removed with its copy.
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
        /// The wish is for more copies than a core can have.
        WishTooHigh,
        /// The core's tree is younger than a period and the caller is not its depositor.
        ReapTooEarly,
        /// The core has so many small blocks that their tree nodes outweigh what is paid for: 80 bytes each, over 16 times the bytes.
        TooManyBlocks,
    }
}
