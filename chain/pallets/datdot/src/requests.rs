//! The queue of copies that wait for their draw, and what keeps it in step with the wishes (protocol.md 2 and 9.1).

use crate::{
    pallet::*,
    rules::{
        draw::seed_of_input,
        settle::{lock_of, prices, Prices},
        state::{CopyEvent, CopyState},
        Hash,
    },
    types::*,
    Params,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};

/// Set-ups in a row without the data after which a core is no longer drawn.
pub(crate) const UNAVAILABLE: u32 = 3;

/// Most copies that one `reconcile` ends.
pub(crate) const MAX_ENDS: u32 = 4;

/// What a request's seed looks like now.
pub(crate) enum SeedState {
    /// Stored with enough VRF outputs: its index, value and the counts of the seed before it.
    Ready(u64, Hash, [u32; 3]),
    /// Comes with this index.
    Awaited(u64),
    /// No longer stored.
    Pruned,
}

impl<T: Config> Pallet<T> {
    /// Queues a request for each wanted copy that is neither there nor in set-up and that the pot can pay; ends the surplus.
    ///
    /// Returns how many copies it ended, at most [`MAX_ENDS`]: a larger surplus is left to the next block's helping hand.
    pub(crate) fn reconcile(key: &CoreKey) -> u32 {
        // What the pot pays cannot fail.
        Self::reconcile_up_to(key, MAX_ENDS, None).unwrap_or_default()
    }

    /// The same after a wish of this account, which pays for what it stops: a small share would burn the others' money. InsufficientBalance.
    pub(crate) fn reconcile_for(who: &AccountId32, key: &CoreKey) -> Result<u32, DispatchError> {
        Self::reconcile_up_to(key, MAX_ENDS, Some(who))
    }

    /// The same after a copy's end in a call that is free: a surplus of copies is left to the helping hand, so that the fee to put up
    /// stays small.
    pub(crate) fn reconcile_after(key: &CoreKey) {
        let _ = Self::reconcile_up_to(key, 0, None);
    }

    fn reconcile_up_to(key: &CoreKey, most: u32, payer: Option<&AccountId32>) -> Result<u32, DispatchError> {
        let Some(core) = Cores::<T>::get(key) else { return Ok(0) };
        let params = Self::params();
        let wanted = Pots::<T>::get(key).wanted(params.max_copies);
        let copies: Vec<u64> = (0..MAX_SLOTS).filter_map(|slot| CoreCopies::<T>::get(key, slot)).collect();
        let mut ended = 0;
        let mut is_left = false;
        for id in copies.iter().skip(wanted as usize).rev() {
            if !Self::end_unwanted(*id, &mut ended, most, payer)? {
                is_left = true;
                break;
            }
        }
        let mut requests: Vec<u32> = (0..MAX_SLOTS).filter(|slot| Requests::<T>::contains_key(key, slot)).collect();
        let missing = wanted.saturating_sub(copies.len() as u32);
        while requests.len() > missing as usize {
            if let Some(slot) = requests.pop() {
                Self::drop_request(key, slot, payer)?;
            }
        }
        let is_available = core.unavailable < UNAVAILABLE;
        let mut free_funds = if is_available { Pots::<T>::get(key).free() } else { 0 };
        Self::drop_unpayable(key, &mut requests, &mut free_funds, &params);
        let payable = u32::try_from(free_funds / Self::cost_of_copy(&params, &core.tree)).unwrap_or(u32::MAX);
        let free = (0..MAX_SLOTS).filter(|slot| !requests.contains(slot) && !CoreCopies::<T>::contains_key(key, slot));
        for slot in free.take(missing.saturating_sub(requests.len() as u32).min(payable) as usize) {
            Self::queue_request(key, slot, &core.tree);
        }
        match is_left {
            // The next block's hand finds no request and reconciles.
            true => Self::plan_core_at(key, Self::now().saturating_add(1)),
            false => Self::plan_core(key),
        }
        Ok(ended)
    }

    /// Drops each request that the funds cannot pay after those before it; each costs what its own tree costs, whatever was published
    /// since: else an author could drop a draw that it dislikes by a tree that nobody can pay.
    fn drop_unpayable(key: &CoreKey, slots: &mut Vec<u32>, funds: &mut u128, params: &Params) {
        let mut requests: Vec<(u32, Request)> =
            slots.iter().filter_map(|slot| Some((*slot, Requests::<T>::get(key, slot)?))).collect();
        requests.sort_by_key(|(_, request)| request.request_id);
        for (slot, request) in requests {
            match funds.checked_sub(Self::cost_of_copy(params, &request.tree)) {
                Some(left) => *funds = left,
                None => {
                    Self::remove_request(key, slot);
                    slots.retain(|other| *other != slot);
                }
            }
        }
    }

    /// What a copy of a tree locks, at least 1.
    fn cost_of_copy(params: &Params, tree: &Tree) -> u128 {
        lock_of(&Self::prices_of(params, tree), params.min_periods).max(1)
    }

    /// Queues a request; one that is in that slot already is replaced.
    pub(crate) fn queue_request(key: &CoreKey, slot: u32, tree: &Tree) {
        let request_id = NextRequest::<T>::mutate(|next| core::mem::replace(next, next.saturating_add(1)));
        let seed = seed_of_input(Self::now().into(), T::SeedWindow::get().into());
        let is_new = !Requests::<T>::contains_key(key, slot);
        Requests::<T>::insert(key, slot, Request { request_id, seed, attempt: 0, tree: tree.clone() });
        Cores::<T>::mutate(key, |core| {
            if let Some(core) = core {
                core.requests = core.requests.saturating_add(is_new.into());
            }
        });
        Self::deposit_event(Event::Requested { core: *key, slot, request: request_id, seed });
    }

    /// Draws a core's oldest request; returns how many spans the draw was for.
    pub(crate) fn do_assign(key: &CoreKey) -> Result<u32, DispatchError> {
        ensure!(Cores::<T>::contains_key(key), Error::<T>::UnknownCore);
        let (slot, mut request) = Self::oldest_request(key).ok_or(Error::<T>::NoRequest)?;
        let spans = request.tree.cuts.len() as u32 + 1;
        match Self::seed_state(&request) {
            SeedState::Awaited(_) => {
                let is_other_ready = Requests::<T>::iter_prefix_values(key)
                    .any(|other| matches!(Self::seed_state(&other), SeedState::Ready(..)));
                return Err(if is_other_ready { Error::<T>::OutOfOrder } else { Error::<T>::SeedNotReady }.into());
            }
            SeedState::Pruned => {
                request.attempt = request.attempt.saturating_add(1);
                request.seed = seed_of_input(Self::now().into(), T::SeedWindow::get().into());
                let (id, seed) = (request.request_id, request.seed);
                Requests::<T>::insert(key, slot, request);
                Self::deposit_event(Event::Requested { core: *key, slot, request: id, seed });
            }
            SeedState::Ready(s, value, counts) => Self::run_request(key, slot, request, (s, value, counts))?,
        }
        Self::plan_core(key);
        Ok(spans)
    }

    /// What a request waits for; windows without enough VRF outputs are skipped.
    pub(crate) fn seed_state(request: &Request) -> SeedState {
        let window = u64::from(T::SeedWindow::get());
        let mut s = request.seed;
        loop {
            let Some(seed) = Seeds::<T>::get(s) else {
                let is_past = s.saturating_mul(window) <= Self::now().into();
                return if is_past { SeedState::Pruned } else { SeedState::Awaited(s) };
            };
            if seed.vrfs >= T::MinVrf::get() {
                return match s.checked_sub(1).and_then(Seeds::<T>::get) {
                    Some(before) => SeedState::Ready(s, seed.value, before.counts),
                    None => SeedState::Pruned,
                };
            }
            s = s.saturating_add(1);
        }
    }

    /// The core's request with the lowest id.
    pub(crate) fn oldest_request(key: &CoreKey) -> Option<(u32, Request)> {
        Requests::<T>::iter_prefix(key).min_by_key(|(_, request)| request.request_id)
    }

    /// Puts the core's oldest request on the agenda, or takes the core off it.
    pub(crate) fn plan_core(key: &CoreKey) {
        let Some(mut core) = Cores::<T>::get(key) else { return };
        let window = u64::from(T::SeedWindow::get());
        let block = Self::oldest_request(key).map(|(_, request)| match Self::seed_state(&request) {
            SeedState::Awaited(s) => u32::try_from(s.saturating_mul(window)).unwrap_or(u32::MAX),
            SeedState::Ready(..) | SeedState::Pruned => Self::now(),
        });
        core.due = Self::reschedule(AgendaItem::Assign(*key), core.due, block);
        Cores::<T>::insert(key, core);
    }

    /// Puts a core on the agenda of a block.
    pub(crate) fn plan_core_at(key: &CoreKey, block: u32) {
        let Some(mut core) = Cores::<T>::get(key) else { return };
        core.due = Self::reschedule(AgendaItem::Assign(*key), core.due, Some(block));
        Cores::<T>::insert(key, core);
    }

    /// The prices of a copy of a tree.
    pub(crate) fn prices_of(params: &Params, tree: &Tree) -> Prices {
        prices(params.x, params.y, params.z, tree.byte_length)
    }

    /// Whether the window in which a request's seed is made has begun.
    pub(crate) fn is_seed_begun(request: &Request) -> bool {
        request.seed.saturating_sub(1).saturating_mul(T::SeedWindow::get().into()) <= Self::now().into()
    }

    /// Drops a request that nobody wants any more; once the window of its seed has begun, trying for another draw costs the fee.
    fn drop_request(key: &CoreKey, slot: u32, payer: Option<&AccountId32>) -> DispatchResult {
        match Self::remove_request(key, slot) {
            Some(request) if Self::is_seed_begun(&request) => Self::charge(payer, key, &mut 0),
            _ => Ok(()),
        }
    }

    fn remove_request(key: &CoreKey, slot: u32) -> Option<Request> {
        let request = Requests::<T>::take(key, slot)?;
        Cores::<T>::mutate(key, |core| {
            if let Some(core) = core {
                core.requests = core.requests.saturating_sub(1);
            }
        });
        Self::deposit_event(Event::RequestDropped { core: *key, slot, request: request.request_id });
        Some(request)
    }

    /// Ends a copy in set-up at once, an active one after the current period: what was done in it is still paid.
    ///
    /// False if this block ended its share of copies already.
    fn end_unwanted(id: u64, ended: &mut u32, most: u32, payer: Option<&AccountId32>) -> Result<bool, DispatchError> {
        let Some(mut copy) = Copies::<T>::get(id) else { return Ok(true) };
        let current = Self::current_period();
        if copy.state == CopyState::Active && copy.last_settled < current {
            CoreCopies::<T>::remove(copy.core, copy.slot);
            copy.ends_after = Some(current);
            Copies::<T>::insert(id, copy);
            Self::deposit_event(Event::CopyEnding { copy: id, last_period: current });
            return Ok(true);
        }
        if *ended >= most {
            return Ok(false);
        }
        *ended += 1;
        if copy.first_period.is_none_or(|first| copy.last_settled < first) {
            // Work was asked for that nobody is paid for: a set-up, or an encoded copy.
            Self::charge(payer, &copy.core, &mut copy.locked)?;
        }
        Self::end_copy(id, copy, CopyEvent::Unwanted);
        Ok(true)
    }
}
