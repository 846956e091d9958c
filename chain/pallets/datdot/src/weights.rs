//! Weights. **Placeholder numbers**: set by hand from above, functions of the size of the input, not measured on a reference machine.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of the pallet's calls and hooks; each is the worst case for its arguments.
pub trait WeightInfo {
    /// `register`, with all slots.
    fn register() -> Weight;
    /// `update_provider`, with all slots.
    fn update_provider() -> Weight;
    /// `deregister`, with all slots.
    fn deregister() -> Weight;
    /// `publish` with offset proofs of `cuts` cuts.
    fn publish(cuts: u32) -> Weight;
    /// `donate`.
    fn donate() -> Weight;
    /// `reclaim`.
    fn reclaim() -> Weight;
    /// `set_wish`.
    fn set_wish() -> Weight;
    /// `assign` of a copy with `spans` spans.
    fn assign(spans: u32) -> Weight;
    /// `commit_key`.
    fn commit_key() -> Weight;
    /// `seal`.
    fn seal() -> Weight;
    /// `prove` with `leaves` leaf proofs, closed periods not counted.
    fn prove(leaves: u32) -> Weight;
    /// `report`.
    fn report() -> Weight;
    /// `settle` of `periods` periods, an end of the copy not counted.
    fn settle(periods: u32) -> Weight;
    /// `expire`, the end of the copy not counted.
    fn expire() -> Weight;
    /// `set_params`.
    fn set_params() -> Weight;
    /// `decline`, the end of the copy not counted.
    fn decline() -> Weight;
    /// `reap`.
    fn reap() -> Weight;
    /// The end of `copies` copies with 64 spans each.
    fn end_copies(copies: u32) -> Weight;
    /// `on_initialize` of a block that stores a seed and a period.
    fn on_initialize() -> Weight;
    /// One look at the agenda, without what it leads to.
    fn look() -> Weight;
}

/// Microseconds of a BLAKE2b hash of up to a kilobyte, in wasm.
const HASH: u64 = 4;

/// Microseconds of a signature's check.
const SIGNATURE: u64 = 120;

/// Bytes of proof that a storage access may add.
const ACCESS_BYTES: u64 = 4_096;

/// Placeholder weights over the runtime's database weights.
pub struct PlaceholderWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> PlaceholderWeight<T> {
    fn of(micros: u64, reads: u64, writes: u64) -> Weight {
        Weight::from_parts(micros.saturating_mul(1_000_000), reads.saturating_mul(ACCESS_BYTES))
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }

    /// A provider's slots in all roles, each from the queue of those that ended.
    fn slots() -> Weight {
        Self::of(200, 280, 280)
    }

    /// `reconcile` without the copies that it ends: 16 slots with copies or requests, all of them changed, each with a fee, and
    /// the seeds that the oldest request may wait for.
    fn reconcile() -> Weight {
        Self::of(1_200, 200, 100)
    }

    /// All requests of a core, each with a tree of 63 cuts.
    fn queue_requests() -> Weight {
        Self::of(200, 50, 36)
    }
}

impl<T: frame_system::Config> WeightInfo for PlaceholderWeight<T> {
    fn register() -> Weight {
        Self::of(SIGNATURE + 100, 8, 6).saturating_add(Self::slots())
    }

    fn update_provider() -> Weight {
        Self::of(100, 6, 4).saturating_add(Self::slots())
    }

    fn deregister() -> Weight {
        Self::of(100, 6, 4).saturating_add(Self::slots())
    }

    fn publish(cuts: u32) -> Weight {
        Self::of(SIGNATURE + 60 * HASH + u64::from(cuts) * 80 * HASH, 10, 8)
            .saturating_add(Self::queue_requests())
            .saturating_add(Self::reconcile())
    }

    fn donate() -> Weight {
        Self::of(150, 8, 6).saturating_add(Self::reconcile())
    }

    fn reclaim() -> Weight {
        Self::of(150, 8, 6).saturating_add(Self::reconcile())
    }

    fn set_wish() -> Weight {
        Self::of(100, 4, 3).saturating_add(Self::reconcile())
    }

    fn assign(spans: u32) -> Weight {
        let spans = u64::from(spans);
        let tries = (1 + spans) * 64;
        Self::of(200 + tries * (HASH + 4), 20 + spans * 3, 20 + spans * 6)
            .saturating_add(T::DbWeight::get().reads(tries * 4))
            .saturating_add(Self::reconcile())
    }

    fn commit_key() -> Weight {
        // The copy's other spans tell whether it is the last key.
        Self::of(100 + 2 * HASH, 4 + 64, 2)
    }

    fn seal() -> Weight {
        Self::of(SIGNATURE + 100, 5, 6)
    }

    fn prove(leaves: u32) -> Weight {
        // Up to 53 hashes lead from a leaf to its peak; verifiers are drawn when this opens the record.
        Self::of(300 + u64::from(leaves) * 56 * HASH + 15 * 64 * HASH, 70 + u64::from(leaves) + 15 * 64, 2)
    }

    fn report() -> Weight {
        Self::of(300 + SIGNATURE + 60 * HASH + 15 * 64 * HASH, 70 + 15 * 64, 2)
    }

    fn settle(periods: u32) -> Weight {
        // Up to 80 payees: accounts, payout accounts and reputations.
        Self::of(100, 4, 4)
            .saturating_add(Self::of(80 * 60, 64 + 80 * 2, 80 * 2).saturating_mul(periods.max(1).into()))
            .saturating_add(Self::reconcile())
    }

    fn expire() -> Weight {
        Self::of(150, 8, 8).saturating_add(Self::reconcile())
    }

    fn set_params() -> Weight {
        Self::of(50, 0, 1)
    }

    fn decline() -> Weight {
        // A pinner's answer is in time only if every span's deadline is ahead.
        Self::of(150, 8 + 64, 8).saturating_add(Self::reconcile())
    }

    fn reap() -> Weight {
        Self::of(100, 4, 4)
    }

    fn end_copies(copies: u32) -> Weight {
        // Spans, parties and duties of 64 signers, and the spans of two older copies that are removed.
        Self::of(600, 280, 400).saturating_mul(copies.into())
    }

    fn on_initialize() -> Weight {
        // With what shortens the tables of three roles.
        Self::of(100, 8 + 3 * 40, 8 + 3 * 40)
    }

    fn look() -> Weight {
        // A copy with 64 spans, or 16 requests and the seeds of the oldest; the move to another block.
        Self::of(40, 180, 6)
    }
}

impl WeightInfo for () {
    fn register() -> Weight {
        Weight::zero()
    }
    fn update_provider() -> Weight {
        Weight::zero()
    }
    fn deregister() -> Weight {
        Weight::zero()
    }
    fn publish(_: u32) -> Weight {
        Weight::zero()
    }
    fn donate() -> Weight {
        Weight::zero()
    }
    fn reclaim() -> Weight {
        Weight::zero()
    }
    fn set_wish() -> Weight {
        Weight::zero()
    }
    fn assign(_: u32) -> Weight {
        Weight::zero()
    }
    fn commit_key() -> Weight {
        Weight::zero()
    }
    fn seal() -> Weight {
        Weight::zero()
    }
    fn prove(_: u32) -> Weight {
        Weight::zero()
    }
    fn report() -> Weight {
        Weight::zero()
    }
    fn settle(_: u32) -> Weight {
        Weight::zero()
    }
    fn expire() -> Weight {
        Weight::zero()
    }
    fn set_params() -> Weight {
        Weight::zero()
    }
    fn decline() -> Weight {
        Weight::zero()
    }
    fn reap() -> Weight {
        Weight::zero()
    }
    fn end_copies(_: u32) -> Weight {
        Weight::zero()
    }
    fn on_initialize() -> Weight {
        Weight::zero()
    }
    fn look() -> Weight {
        Weight::zero()
    }
}
