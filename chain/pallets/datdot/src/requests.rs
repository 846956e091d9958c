//! The queue of copies that wait for their draw, and what keeps it in step with the wishes (protocol.md 2 and 9.1).

use crate::{
    draws::{Crew, Lottery},
    pallet::*,
    rules::{
        draw::{salt_beacon, seed_of_input},
        settle::{lock_of, prices, span_price, Prices},
        span::{cells_of, reserved_bytes, span_ranges, SpanRange},
        state::{CopyEvent, CopyState, SpanState},
        Hash,
    },
    types::*,
    Params,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use sp_runtime::{AccountId32, DispatchError};

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
        let Some(core) = Cores::<T>::get(key) else { return 0 };
        let params = Self::params();
        let wanted = Pots::<T>::get(key).wanted(params.max_copies);
        let copies: Vec<u64> = (0..MAX_SLOTS).filter_map(|slot| CoreCopies::<T>::get(key, slot)).collect();
        let mut ended = 0;
        let is_left = copies.iter().skip(wanted as usize).rev().any(|id| !Self::end_unwanted(*id, &mut ended));
        let requests: Vec<u32> = (0..MAX_SLOTS).filter(|slot| Requests::<T>::contains_key(key, slot)).collect();
        let cost = lock_of(&Self::prices_of(&params, &core.tree), params.min_periods).max(1);
        let payable = u32::try_from(Pots::<T>::get(key).free() / cost).unwrap_or(u32::MAX);
        let allowed = match core.unavailable < UNAVAILABLE {
            true => wanted.saturating_sub(copies.len() as u32).min(payable),
            false => 0,
        };
        for slot in requests.iter().skip(allowed as usize).rev() {
            Self::drop_request(key, *slot);
        }
        let free = (0..MAX_SLOTS).filter(|slot| !requests.contains(slot) && !CoreCopies::<T>::contains_key(key, slot));
        for slot in free.take(allowed.saturating_sub(requests.len() as u32) as usize) {
            Self::queue_request(key, slot, &core.tree);
        }
        match is_left {
            true => Self::plan_reconcile(key),
            false => Self::plan_core(key),
        }
        ended
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

    /// Puts a core on the agenda of the next block, which finds no request and reconciles.
    fn plan_reconcile(key: &CoreKey) {
        let Some(mut core) = Cores::<T>::get(key) else { return };
        core.due = Self::reschedule(AgendaItem::Assign(*key), core.due, Some(Self::now().saturating_add(1)));
        Cores::<T>::insert(key, core);
    }

    /// The prices of a copy of a tree.
    pub(crate) fn prices_of(params: &Params, tree: &Tree) -> Prices {
        prices(params.x, params.y, params.z, tree.byte_length)
    }

    fn drop_request(key: &CoreKey, slot: u32) {
        let Some(request) = Requests::<T>::take(key, slot) else { return };
        Cores::<T>::mutate(key, |core| {
            if let Some(core) = core {
                core.requests = core.requests.saturating_sub(1);
            }
        });
        Self::deposit_event(Event::RequestDropped { core: *key, slot, request: request.request_id });
    }

    /// Ends a copy in set-up at once, an active one after the current period: what was done in it is still paid.
    ///
    /// False if this block ended its share of copies already.
    fn end_unwanted(id: u64, ended: &mut u32) -> bool {
        let Some(mut copy) = Copies::<T>::get(id) else { return true };
        let current = Self::current_period();
        if copy.state == CopyState::Active && copy.last_settled < current {
            CoreCopies::<T>::remove(copy.core, copy.slot);
            copy.ends_after = Some(current);
            Copies::<T>::insert(id, copy);
            Self::deposit_event(Event::CopyEnding { copy: id, last_period: current });
            return true;
        }
        if *ended >= MAX_ENDS {
            return false;
        }
        *ended += 1;
        Self::end_copy(id, copy, CopyEvent::Unwanted);
        true
    }

    fn run_request(key: &CoreKey, slot: u32, mut request: Request, seed: (u64, Hash, [u32; 3])) -> Result<(), DispatchError> {
        let (s, value, counts) = seed;
        let params = Self::params();
        let mut pot = Pots::<T>::get(key);
        let prices = Self::prices_of(&params, &request.tree);
        let lock = lock_of(&prices, params.min_periods);
        ensure!(pot.free() >= lock, Error::<T>::Underfunded);
        let ranges = span_ranges(request.tree.length, request.tree.byte_length, &request.tree.cuts);
        let bytes = ranges.iter().fold(0u64, |sum, range| {
            sum.saturating_add(reserved_bytes(cells_of(range.byte_length), range.end.saturating_sub(range.start)))
        });
        let lottery = Lottery { core: key, request: &request, slot, s, value: &value, counts, pot: &pot };
        match Self::draw_crew(&lottery, &ranges, bytes) {
            Err(missing) => {
                request.attempt = request.attempt.saturating_add(1);
                request.seed = s.saturating_add(2);
                Requests::<T>::insert(key, slot, request);
                Self::deposit_event(Event::DrawFailed { core: *key, slot, missing });
            }
            Ok(crew) => {
                pot.lock(lock).map_err(|_| Error::<T>::Underfunded)?;
                Pots::<T>::insert(key, pot);
                Requests::<T>::remove(key, slot);
                let terms = Terms { key, slot, s, value: &value, prices, lock, bytes };
                Self::create_copy(terms, request, &ranges, crew)?;
            }
        }
        Ok(())
    }

    fn create_copy(terms: Terms, request: Request, ranges: &[SpanRange], crew: Crew) -> Result<(), DispatchError> {
        let id = NextCopy::<T>::mutate(|next| core::mem::replace(next, next.saturating_add(1)));
        let params = Self::params();
        let spans = Self::create_spans(id, &terms, &request, ranges, &crew.signers, &params);
        let provider = Self::registered(&crew.pinner)?;
        let copy = Copy {
            core: *terms.key,
            slot: terms.slot,
            request_id: request.request_id,
            seed: terms.s,
            pinner: crew.pinner.clone(),
            pinner_noise_key: provider.noise_key,
            state: CopyState::Setup,
            spans: spans.clone(),
            sealed: ranges.iter().filter(|range| range.byte_length == 0).count() as u32,
            prices: terms.prices,
            parts: params.parts,
            locked: terms.lock,
            reserved: terms.bytes,
            assigned_at: Self::now(),
            first_period: None,
            last_settled: 0,
            ends_after: None,
            faults: 0,
            misses: 0,
            passes: 0,
            unfunded: 0,
            due: 0,
            ended_at: None,
            tree: request.tree,
        };
        Providers::<T>::mutate(&crew.pinner, |provider| {
            if let Some(provider) = provider {
                provider.reserved = provider.reserved.saturating_add(terms.bytes);
            }
        });
        CoreParties::<T>::mutate(terms.key, &crew.pinner, |party| party.pinner = party.pinner.saturating_add(1));
        Duties::<T>::insert(&crew.pinner, Duty::Copy(id), ());
        CoreCopies::<T>::insert(terms.key, terms.slot, id);
        Cores::<T>::mutate(terms.key, |core| {
            if let Some(core) = core {
                core.requests = core.requests.saturating_sub(1);
                core.copies = core.copies.saturating_add(1);
            }
        });
        let due = Self::now().saturating_add(params.commit_deadline).saturating_add(1);
        Self::plan_copy(id, copy, due);
        Self::deposit_event(Event::CopyAssigned {
            copy: id,
            core: *terms.key,
            slot: terms.slot,
            request: request.request_id,
            pinner: crew.pinner,
            spans,
        });
        Ok(())
    }

    fn create_spans(
        copy: u64,
        terms: &Terms,
        request: &Request,
        ranges: &[SpanRange],
        signers: &[Option<AccountId32>],
        params: &Params,
    ) -> SpanIds {
        let first = NextSpan::<T>::mutate(|next| core::mem::replace(next, next.saturating_add(ranges.len() as u64)));
        let deadline = Self::now().saturating_add(params.commit_deadline);
        for ((number, range), signer) in ranges.iter().enumerate().zip(signers) {
            let id = first.saturating_add(number as u64);
            if let Some(signer) = signer {
                CoreParties::<T>::mutate(terms.key, signer, |party| party.signer = party.signer.saturating_add(1));
                Duties::<T>::insert(signer, Duty::Span(id), ());
            }
            let span = Span {
                copy,
                number: number as u32,
                signer: signer.clone(),
                signer_noise_key: signer.as_ref().and_then(Providers::<T>::get).map(|provider| provider.noise_key),
                start: range.start,
                end: range.end,
                byte_start: range.byte_start,
                byte_length: range.byte_length,
                beacon: salt_beacon(terms.value, terms.key, request.request_id, terms.slot, number as u64),
                cells: cells_of(range.byte_length),
                x: span_price(terms.prices.x, range.byte_length, request.tree.byte_length),
                state: if signer.is_some() { SpanState::Assigned } else { SpanState::Sealed },
                deadline: signer.is_some().then_some(deadline),
                assigned_at: Self::now(),
                key: None,
                root: None,
            };
            Spans::<T>::insert(id, span);
        }
        SpanIds::truncate_from((0..ranges.len() as u64).map(|number| first.saturating_add(number)).collect())
    }
}

/// What a new copy is made from.
struct Terms<'a> {
    key: &'a CoreKey,
    slot: u32,
    s: u64,
    value: &'a Hash,
    prices: Prices,
    lock: u128,
    bytes: u64,
}
