//! What the pallet does in each block: randomness at its start, a bounded helping hand at its end (protocol.md 2, 3 and 9.1).

use crate::{
    pallet::*,
    requests::{SeedState, MAX_ENDS},
    rules::{
        draw::{accumulate, period_seed, seed_value, Role},
        state::CopyState,
        Hash,
    },
    types::*,
    weights::WeightInfo,
};
use frame_support::{storage::with_storage_layer, traits::Get, weights::Weight};
use sp_runtime::DispatchResult;

/// Seeds that stay stored.
pub(crate) const KEPT_SEEDS: u64 = 64;

/// Periods that stay stored.
pub(crate) const KEPT_PERIODS: u32 = 4;

/// Blocks of the agenda, and tasks that turn out not to be due, that one block looks at.
const LOOKS: u32 = 16;

/// What a task on the agenda needs.
enum Step {
    Assign(CoreKey),
    Reconcile(CoreKey),
    Settle(u64),
    Expire(u64),
}

impl<T: Config> Pallet<T> {
    /// Mixes the parent block's VRF output into the accumulator; stores the seed and the period that begin here.
    pub(crate) fn gather_randomness() -> Weight {
        let block = Self::now();
        let mut entropy = Entropy::<T>::get();
        let output = T::ParentVrf::get();
        entropy.vrfs = entropy.vrfs.saturating_add(output.is_some().into());
        entropy.value = accumulate(&entropy.value, &output.unwrap_or_else(Self::parent_hash));
        if block % T::SeedWindow::get().max(1) == 0 {
            Self::store_seed(u64::from(block / T::SeedWindow::get().max(1)), &mut entropy);
        }
        Entropy::<T>::put(entropy);
        if block % T::Period::get().max(1) == 0 {
            Self::begin_period(block / T::Period::get().max(1));
        }
        T::WeightInfo::on_initialize()
    }

    /// Does one due draw, settlement or expiry, if its worst case fits in the weight that is left.
    pub(crate) fn lend_a_hand(remaining: Weight) -> Weight {
        let mut used = Weight::zero();
        for _ in 0..LOOKS {
            if !used.saturating_add(T::WeightInfo::look()).all_lte(remaining) {
                return used;
            }
            used.saturating_accrue(T::WeightInfo::look());
            let Some((block, task)) = Self::next_task() else {
                if Self::is_agenda_done() {
                    return used;
                }
                continue;
            };
            let Some(step) = Self::step_of(block, task) else { continue };
            let cost = Self::cost_of(&step);
            if used.saturating_add(cost).all_lte(remaining) {
                Self::run(step);
                used.saturating_accrue(cost);
                return used;
            }
            Self::postpone(task);
        }
        used
    }

    /// Panics at the build's tests when the constants do not fit together.
    pub(crate) fn check_config() {
        let (window, period, grace) = (T::SeedWindow::get(), T::Period::get(), T::Grace::get());
        assert!(window > 0, "SeedWindow must not be 0");
        assert!(period > 0 && period % window == 0, "Period must be a multiple of SeedWindow");
        assert!(grace < period, "Grace must be shorter than a period: records of at most two periods are open");
        assert!(T::MinVrf::get() <= window, "no window can have MinVrf outputs");
        assert!(T::DefaultParams::get().is_valid(), "the default parameters must be valid");
        assert!(core::mem::size_of::<T::Hash>() == 32, "the chain's hashes must have 32 bytes");
    }

    fn parent_hash() -> Hash {
        bytes_of(&frame_system::Pallet::<T>::parent_hash())
    }

    fn store_seed(s: u64, entropy: &mut Accumulator) {
        Role::ALL.into_iter().for_each(Self::compact_slots);
        let vrfs = core::mem::take(&mut entropy.vrfs);
        let value = seed_value(&entropy.value, s);
        Seeds::<T>::insert(s, Seed { value, counts: Role::ALL.map(RoleCount::<T>::get), vrfs });
        if let Some(old) = s.checked_sub(KEPT_SEEDS) {
            Seeds::<T>::remove(old);
        }
        if vrfs >= T::MinVrf::get() {
            NewestSeed::<T>::put(BestSeed { s, value });
        }
        Self::deposit_event(Event::SeedStored { s, vrfs });
    }

    fn begin_period(index: u32) {
        let best = NewestSeed::<T>::get();
        let period = Period {
            seed: period_seed(&best.value, index),
            verifiers: RoleCount::<T>::get(Role::Verifier),
            samples: Self::params().samples,
            seed_index: best.s,
        };
        Periods::<T>::insert(index, period);
        if let Some(old) = index.checked_sub(KEPT_PERIODS) {
            Periods::<T>::remove(old);
        }
    }

    /// The first task of the cursor's block; without one the cursor moves on, not past the present.
    fn next_task() -> Option<(u32, AgendaItem)> {
        let cursor = AgendaCursor::<T>::get();
        if cursor > Self::now() {
            return None;
        }
        let task = Agenda::<T>::iter_key_prefix(cursor).next();
        if task.is_none() {
            AgendaCursor::<T>::put(cursor.saturating_add(1));
        }
        task.map(|task| (cursor, task))
    }

    /// Moves a task that does not fit into this block to the next one, out of the way of those behind it.
    fn postpone(task: AgendaItem) {
        let next = Self::now().saturating_add(1);
        match task {
            AgendaItem::Assign(key) => Self::plan_core_at(&key, next),
            AgendaItem::Copy(id) => {
                if let Some(copy) = Copies::<T>::get(id) {
                    Self::plan_copy(id, copy, next);
                }
            }
        }
    }

    fn is_agenda_done() -> bool {
        AgendaCursor::<T>::get() > Self::now()
    }

    /// What a task needs now; one that needs nothing is moved to the block in which it will, one of something gone is removed.
    fn step_of(block: u32, task: AgendaItem) -> Option<Step> {
        let is_there = match task {
            AgendaItem::Assign(key) => Cores::<T>::get(key).is_some_and(|core| core.due == Some(block)),
            AgendaItem::Copy(id) => Copies::<T>::get(id).is_some_and(|copy| copy.due == block && !copy.state.is_over()),
        };
        if !is_there {
            Agenda::<T>::remove(block, task);
            return None;
        }
        match task {
            AgendaItem::Assign(key) => Self::step_of_core(key),
            AgendaItem::Copy(id) => Self::step_of_copy(id),
        }
    }

    fn step_of_core(key: CoreKey) -> Option<Step> {
        match Self::oldest_request(&key).map(|(_, request)| Self::seed_state(&request)) {
            Some(SeedState::Ready(..) | SeedState::Pruned) => Some(Step::Assign(key)),
            Some(SeedState::Awaited(_)) => {
                Self::plan_core(&key);
                None
            }
            None => Some(Step::Reconcile(key)),
        }
    }

    fn step_of_copy(id: u64) -> Option<Step> {
        let copy = Copies::<T>::get(id)?;
        if Self::is_due(&copy) {
            return Some(Step::Settle(id));
        }
        let deadlines = copy.spans.iter().filter_map(|span| Spans::<T>::get(span)?.deadline.map(|deadline| (deadline, *span)));
        let block = match deadlines.min() {
            Some((deadline, span)) if copy.state == CopyState::Setup && deadline < Self::now() => return Some(Step::Expire(span)),
            Some((deadline, _)) if copy.state == CopyState::Setup => deadline.saturating_add(1),
            _ => Self::next_settlement(&copy),
        };
        Self::plan_copy(id, copy, block);
        None
    }

    fn cost_of(step: &Step) -> Weight {
        match step {
            Step::Assign(key) => {
                let spans = Self::oldest_request(key).map_or(1, |(_, request)| request.tree.cuts.len() as u32 + 1);
                T::WeightInfo::assign(spans).saturating_add(T::WeightInfo::end_copies(MAX_ENDS))
            }
            Step::Reconcile(_) => T::WeightInfo::set_wish().saturating_add(T::WeightInfo::end_copies(MAX_ENDS)),
            Step::Settle(_) => T::WeightInfo::settle(1).saturating_add(T::WeightInfo::end_copies(1)),
            Step::Expire(_) => T::WeightInfo::expire().saturating_add(T::WeightInfo::end_copies(1)),
        }
    }

    fn run(step: Step) {
        match step {
            Step::Reconcile(key) => {
                Self::reconcile(&key);
            }
            Step::Assign(key) => {
                // A pot that was emptied meanwhile cannot pay for the request: it is dropped, and asked for again after a donation.
                if with_storage_layer(|| Self::do_assign(&key)).is_err() {
                    Self::reconcile(&key);
                }
            }
            Step::Settle(id) => {
                let _ = with_storage_layer(|| Self::settle_closed(id, 1));
            }
            Step::Expire(id) => {
                let _: DispatchResult = with_storage_layer(|| Self::do_expire(id));
            }
        }
    }
}
