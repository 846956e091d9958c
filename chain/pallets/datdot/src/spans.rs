//! The set-up of a copy: keys, seals, deadlines, declines (protocol.md 9.6).

use crate::{
    pallet::*,
    requests::UNAVAILABLE,
    rules::{
        draw::{first_period, period_start, seed_of_input, Role},
        messages,
        reputation::Change,
        span::seal_blocks,
        state::{CopyEvent, CopyState, SpanEvent, SpanState},
        tpe::{is_key_allowed, salt, tag, Modulus, SaltInput},
        Hash,
    },
    types::*,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_commit_key(who: &AccountId32, id: u64, e: u32, modulus: &Modulus) -> DispatchResult {
        let mut span = Self::span(id)?;
        ensure!(span.signer.as_ref() == Some(who), Error::<T>::NotTheSigner);
        span.state = span.state.after(SpanEvent::CommitKey).ok_or(Error::<T>::NotAssigned)?;
        Self::ensure_in_time(&span)?;
        ensure!(is_key_allowed(e, modulus), Error::<T>::InvalidKey);
        let copy = Self::copy(span.copy)?;
        let salt = salt(&SaltInput {
            genesis: &Self::genesis(),
            core_key: &copy.core,
            fork: copy.tree.fork,
            tree_hash: &copy.tree.tree_hash,
            copy: span.copy,
            span: id,
            start: span.start,
            end: span.end,
            byte_start: span.byte_start,
            byte_length: span.byte_length,
            e,
            modulus,
            beacon: &span.beacon,
        });
        let tag = tag(&salt);
        let params = Self::params();
        let blocks = seal_blocks(params.seal_base.into(), span.byte_length, params.min_rate);
        span.deadline = Some(Self::now().saturating_add(u32::try_from(blocks).unwrap_or(u32::MAX)));
        span.key = Some(SpanKey { e, modulus: *modulus, tag });
        Spans::<T>::insert(id, span);
        // One signer alone cannot show that the data of the others' spans is there.
        let mut others = copy.spans.iter().filter_map(Spans::<T>::get);
        if !others.any(|other| other.state == SpanState::Assigned) {
            Cores::<T>::mutate(copy.core, |core| {
                if let Some(core) = core {
                    core.unavailable = 0;
                }
            });
        }
        Self::deposit_event(Event::SpanKeyed { span: id, tag });
        Ok(())
    }

    pub(crate) fn do_seal(who: &AccountId32, id: u64, root: Hash, cells: u64, signature: &[u8; 64]) -> DispatchResult {
        let mut span = Self::span(id)?;
        let mut copy = Self::copy(span.copy)?;
        ensure!(copy.pinner == *who, Error::<T>::NotThePinner);
        let (Some(signer), Some(key)) = (&span.signer, &span.key) else { return Err(Error::<T>::NotKeyed.into()) };
        let state = span.state.after(SpanEvent::Seal).ok_or(Error::<T>::NotKeyed)?;
        Self::ensure_in_time(&span)?;
        ensure!(cells == span.cells, Error::<T>::WrongCellCount);
        let message = messages::seal(&Self::genesis(), id, &key.tag, cells, &root);
        ensure!(messages::verify_account(signature, &message, signer.as_ref()), Error::<T>::BadSealSignature);
        // Its signer has nothing more to do; it stays the span's payee and a party of the core.
        Duties::<T>::remove(signer, Duty::Span(id));
        span.state = state;
        span.root = Some(root);
        span.deadline = None;
        let copy_id = span.copy;
        Spans::<T>::insert(id, span);
        Self::deposit_event(Event::SpanSealed { span: id, root, cells });
        copy.sealed = copy.sealed.saturating_add(1);
        if copy.sealed as usize == copy.spans.len() {
            Self::activate(copy_id, copy);
        } else {
            Copies::<T>::insert(copy_id, copy);
        }
        Ok(())
    }

    pub(crate) fn do_expire(id: u64) -> DispatchResult {
        let span = Self::span(id)?;
        let mut copy = Self::copy(span.copy)?;
        ensure!(copy.state == CopyState::Setup, Error::<T>::CopyNotInSetup);
        let deadline = span.deadline.ok_or(Error::<T>::AlreadySealed)?;
        ensure!(Self::now() > deadline, Error::<T>::NotExpired);
        Self::deposit_event(Event::SpanExpired { span: id });
        Self::expire_span(id, span.state, SpanEvent::Expire);
        let period = Self::current_period();
        let key = copy.core;
        if span.state == SpanState::Assigned {
            if let Some(signer) = &span.signer {
                Self::change_reputation(signer, Role::Signer, period, Change::NOT_KEYED);
            }
            Self::count_unavailable(&key);
            Self::burn_fee(&key, Self::params().setup_fee, &mut copy.locked);
        } else {
            if let Some(signer) = &span.signer {
                Self::change_reputation(signer, Role::Signer, period, Change::NOT_SEALED);
            }
            Self::change_reputation(&copy.pinner, Role::Pinner, period, Change::NOT_SEALED);
        }
        Self::end_copy(span.copy, copy, CopyEvent::Expired);
        Self::reconcile_after(&key);
        Ok(())
    }

    pub(crate) fn do_decline(who: &AccountId32, duty: Duty, reason: DeclineReason) -> DispatchResult {
        let mut provider = Self::registered(who)?;
        let id = match duty {
            Duty::Copy(id) => id,
            Duty::Span(id) => {
                let span = Self::span(id)?;
                ensure!(span.signer.as_ref() == Some(who), Error::<T>::NotTheSigner);
                ensure!(span.state != SpanState::Sealed, Error::<T>::AlreadySealed);
                span.copy
            }
        };
        let copy = Self::copy(id)?;
        ensure!(matches!(duty, Duty::Span(_)) || copy.pinner == *who, Error::<T>::NotThePinner);
        ensure!(copy.state == CopyState::Setup, Error::<T>::CopyNotInSetup);
        Self::ensure_declinable(duty, &copy)?;
        let period = Self::current_period();
        if provider.declines.period != period {
            provider.declines = Declines { period, count: 0 };
        }
        ensure!(provider.declines.count < Self::params().declines_per_period, Error::<T>::TooManyDeclines);
        provider.declines.count = provider.declines.count.saturating_add(1);
        Providers::<T>::insert(who, provider);
        Self::deposit_event(Event::Declined { who: who.clone(), duty, reason });
        let key = copy.core;
        if let Duty::Span(span) = duty {
            Self::expire_span(span, Spans::<T>::get(span).map_or(SpanState::Assigned, |span| span.state), SpanEvent::Decline);
        }
        Self::end_copy(id, copy, CopyEvent::Declined);
        Self::reconcile_after(&key);
        Ok(())
    }

    /// The span; UnknownSpan.
    pub(crate) fn span(id: u64) -> Result<Span, DispatchError> {
        Spans::<T>::get(id).ok_or_else(|| Error::<T>::UnknownSpan.into())
    }

    /// The copy; UnknownCopy.
    pub(crate) fn copy(id: u64) -> Result<Copy, DispatchError> {
        Copies::<T>::get(id).ok_or_else(|| Error::<T>::UnknownCopy.into())
    }

    fn ensure_in_time(span: &Span) -> DispatchResult {
        ensure!(span.deadline.is_some_and(|deadline| Self::now() <= deadline), Error::<T>::DeadlinePassed);
        Ok(())
    }

    /// A deadline that has passed is the expiry's: declining would get around what it costs. DeadlinePassed.
    fn ensure_declinable(duty: Duty, copy: &Copy) -> DispatchResult {
        let one = match duty {
            Duty::Span(id) => Some(id),
            Duty::Copy(_) => None,
        };
        let spans = copy.spans.iter().filter(|id| one.is_none_or(|one| one == **id));
        let mut open = spans.filter_map(Spans::<T>::get).filter(|span| span.deadline.is_some());
        open.try_for_each(|span| Self::ensure_in_time(&span))
    }

    fn expire_span(id: u64, state: SpanState, event: SpanEvent) {
        let Some(state) = state.after(event) else { return };
        Spans::<T>::mutate(id, |span| {
            if let Some(span) = span {
                span.state = state;
                span.deadline = None;
            }
        });
    }

    /// Counts a set-up in which a signer let D1 pass (9.6).
    fn count_unavailable(key: &CoreKey) {
        Cores::<T>::mutate(key, |core| {
            let Some(core) = core else { return };
            core.unavailable = core.unavailable.saturating_add(1);
            if core.unavailable == UNAVAILABLE {
                Self::deposit_event(Event::CoreUnavailable { core: *key });
            }
        });
    }

    fn activate(id: u64, mut copy: Copy) {
        let (period, window) = (u64::from(T::Period::get()), u64::from(T::SeedWindow::get()));
        let first = first_period(Self::now().into(), period, window);
        let Some(state) = copy.state.after(CopyEvent::AllSealed) else { return };
        copy.state = state;
        copy.first_period = Some(first);
        copy.earliest_seed = seed_of_input(Self::now().into(), window);
        copy.last_settled = first.saturating_sub(1);
        let settleable = period_start(first, period).saturating_add(period).saturating_add(T::Grace::get().into());
        Self::plan_copy(id, copy, u32::try_from(settleable).unwrap_or(u32::MAX));
        Self::deposit_event(Event::CopyActive { copy: id, first_period: first });
    }
}
