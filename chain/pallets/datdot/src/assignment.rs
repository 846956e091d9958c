//! The creation of a drawn copy: lock, reservation, spans (protocol.md 9.1 and 9.2).

use crate::{
    draws::{Crew, Lottery},
    pallet::*,
    rules::{
        draw::salt_beacon,
        settle::{lock_of, span_price, Prices},
        span::{cells_of, reserved_bytes, span_ranges, SpanRange},
        state::{CopyState, SpanState},
        Hash,
    },
    types::*,
    Params,
};
use frame_support::ensure;
use sp_runtime::{AccountId32, DispatchError};

impl<T: Config> Pallet<T> {
    /// Draws a copy for a request whose seed is `(index, value, counts before it)`, or says what is missing; Underfunded.
    pub(crate) fn run_request(
        key: &CoreKey,
        slot: u32,
        mut request: Request,
        seed: (u64, Hash, [u32; 3]),
    ) -> Result<(), DispatchError> {
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
        Self::occupy(id, &terms, &crew.pinner);
        let copy = Copy {
            core: *terms.key,
            slot: terms.slot,
            request_id: request.request_id,
            seed: terms.s,
            pinner: crew.pinner,
            pinner_noise_key: provider.noise_key,
            state: CopyState::Setup,
            spans,
            sealed: ranges.iter().filter(|range| range.byte_length == 0).count() as u32,
            prices: terms.prices,
            parts: params.parts,
            locked: terms.lock,
            reserved: terms.bytes,
            assigned_at: Self::now(),
            first_period: None,
            earliest_seed: 0,
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
        Self::begin_setup(id, copy, params.commit_deadline);
        Ok(())
    }

    /// Stores a new copy, to be looked at when its keys are due.
    fn begin_setup(id: u64, copy: Copy, commit_deadline: u32) {
        let (core, slot, request) = (copy.core, copy.slot, copy.request_id);
        let (pinner, spans) = (copy.pinner.clone(), copy.spans.clone());
        let due = Self::now().saturating_add(commit_deadline).saturating_add(1);
        Self::plan_copy(id, copy, due);
        Self::deposit_event(Event::CopyAssigned { copy: id, core, slot, request, pinner, spans });
    }

    /// Takes the pinner's capacity and the core's slot for a new copy.
    fn occupy(id: u64, terms: &Terms, pinner: &AccountId32) {
        Providers::<T>::mutate(pinner, |provider| {
            if let Some(provider) = provider {
                provider.reserved = provider.reserved.saturating_add(terms.bytes);
            }
        });
        CoreParties::<T>::mutate(terms.key, pinner, |party| party.pinner = party.pinner.saturating_add(1));
        Duties::<T>::insert(pinner, Duty::Copy(id), ());
        CoreCopies::<T>::insert(terms.key, terms.slot, id);
        Cores::<T>::mutate(terms.key, |core| {
            if let Some(core) = core {
                core.requests = core.requests.saturating_sub(1);
                core.copies = core.copies.saturating_add(1);
            }
        });
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
