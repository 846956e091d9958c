//! The invariants of the whole state, for `try_state` and the tests (protocol.md 4).

use crate::{
    hooks::{KEPT_PERIODS, KEPT_SEEDS},
    pallet::*,
    rules::{
        draw::Role,
        state::{CopyState, SpanState},
    },
    types::*,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{
    ensure,
    traits::fungible::{Inspect, InspectHold},
};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};

/// Every copy that did not end.
type Live = Vec<(u64, Copy)>;

impl<T: Config> Pallet<T> {
    /// Checks every invariant; the error says which one is broken.
    pub(crate) fn check_state() -> Result<(), DispatchError> {
        let live: Live = Copies::<T>::iter().filter(|(_, copy)| !copy.state.is_over()).collect();
        Self::check_money(&live)?;
        Self::check_providers(&live)?;
        Self::check_slots()?;
        Self::check_cores(&live)?;
        Self::check_copies(&live)?;
        Self::check_parties(&live)?;
        Self::check_agenda(&live)?;
        Self::check_history()
    }

    fn check_money(live: &Live) -> DispatchResult {
        let sums = Totals::<T>::get();
        ensure!(sums.minted == sums.burned_for_work, "minted is not what was burned for work");
        let mut pots = 0u128;
        for (key, pot) in Pots::<T>::iter() {
            pots = pots.checked_add(pot.balance).ok_or("pots overflow")?;
            let shares: Vec<_> = Shares::<T>::iter_prefix_values(key).filter(|share| share.era == pot.era).collect();
            let total = shares.iter().try_fold(0u128, |sum, share| sum.checked_add(pot.read(share))).ok_or("shares overflow")?;
            ensure!(total <= pot.total, "shares are more than their total");
            ensure!(shares.len() as u32 == pot.holders, "holders are not counted");
            let wishes = shares.iter().fold(0u128, |sum, share| {
                sum.saturating_add(pot.read(share).saturating_mul(share.wish.into()))
            });
            ensure!(wishes <= pot.wishes, "wishes are more than their sum");
            let locked: u128 = live.iter().filter(|(_, copy)| copy.core == key).map(|(_, copy)| copy.locked).sum();
            ensure!(locked == pot.locked, "locks of copies are not the pot's");
            ensure!(pot.locked <= pot.balance, "obligations are more than the pot");
        }
        ensure!(pots <= T::Currency::balance(&Self::account()), "pots are more than the account");
        let copies_without_pot = live.iter().any(|(_, copy)| !Pots::<T>::contains_key(copy.core));
        ensure!(!copies_without_pot, "a copy has no pot");
        Ok(())
    }

    fn check_providers(live: &Live) -> DispatchResult {
        let mut cores: BTreeMap<AccountId32, u128> = BTreeMap::new();
        for core in Cores::<T>::iter_values() {
            *cores.entry(core.depositor).or_default() += core.deposit;
        }
        for (who, deposit) in cores {
            ensure!(T::Currency::balance_on_hold(&HoldReason::Core.into(), &who) == deposit, "a core's deposit is not held");
        }
        for (who, provider) in Providers::<T>::iter() {
            let reserved: u64 = live.iter().filter(|(_, copy)| copy.pinner == who).map(|(_, copy)| copy.reserved).sum();
            ensure!(reserved == provider.reserved, "reserved capacity does not add up");
            ensure!(provider.reserved <= provider.capacity, "more is reserved than there is");
            let held = T::Currency::balance_on_hold(&HoldReason::Registration.into(), &who);
            ensure!(held == provider.deposit, "a provider's deposit is not held");
            ensure!(NoiseKeys::<T>::get(provider.noise_key) == Some(who.clone()), "a noise key is not indexed");
            for role in Role::ALL {
                let slots = ProviderSlots::<T>::get(&who, role);
                // The list may still name slots that others took again after they ended.
                let runs = |index: &&u32| {
                    RoleSlots::<T>::get(role, *index).is_some_and(|slot| slot.account == who && slot.until.is_none())
                };
                let running = slots.iter().filter(runs).count();
                let offers = provider.roles & role.bit() != 0 && provider.leaving.is_none();
                ensure!(offers == (running > 0), "slots do not follow roles");
                ensure!(role == Role::Pinner || running <= 1, "more than one slot");
            }
        }
        ensure!(NoiseKeys::<T>::iter().count() == Providers::<T>::iter().count(), "a noise key is left over");
        Ok(())
    }

    fn check_slots() -> DispatchResult {
        for role in Role::ALL {
            let count = RoleCount::<T>::get(role);
            ensure!(RoleSlots::<T>::iter_prefix(role).count() as u32 == count, "slots are not dense");
            let range = FreeSlotRange::<T>::get(role);
            let entries: Vec<(u32, u32)> = (range.head..range.tail).filter_map(|at| FreeSlots::<T>::get(role, at)).collect();
            ensure!(FreeSlots::<T>::iter_prefix(role).count() == entries.len(), "free slots out of range");
            ensure!(entries.len() as u32 == range.tail - range.head, "a free slot is missing");
            let is_of_slot = |(index, until): &&(u32, u32)| {
                RoleSlots::<T>::get(role, index).is_some_and(|slot| slot.until == Some(*until))
            };
            let mut queue: Vec<u32> = entries.iter().filter(is_of_slot).map(|(index, _)| *index).collect();
            queue.sort_unstable();
            for index in 0..count {
                let slot = RoleSlots::<T>::get(role, index).ok_or("slots are not dense")?;
                ensure!(slot.until.is_some() == queue.binary_search(&index).is_ok(), "slots that ended are not queued");
                let is_listed = ProviderSlots::<T>::get(&slot.account, role).contains(&index);
                ensure!(slot.until.is_some() || is_listed, "a running slot is not its provider's");
            }
            ensure!(queue.windows(2).all(|pair| pair[0] != pair[1]), "a slot is queued twice");
        }
        Ok(())
    }

    fn check_cores(live: &Live) -> DispatchResult {
        for (key, core) in Cores::<T>::iter() {
            let copies = live.iter().filter(|(_, copy)| copy.core == key).count();
            ensure!(copies as u32 == core.copies, "copies of a core are not counted");
            let requests: Vec<u32> = Requests::<T>::iter_key_prefix(key).collect();
            ensure!(requests.len() as u32 == core.requests, "requests of a core are not counted");
            ensure!(core.requests == 0 || core.due.is_some(), "a request is not on the agenda");
            ensure!(core.tree.cuts.len() < 64, "too many cuts");
            for slot in requests {
                ensure!(slot < MAX_SLOTS, "a request's slot is out of range");
                ensure!(!CoreCopies::<T>::contains_key(key, slot), "a slot has a request and a copy");
            }
        }
        for (key, slot, request) in Requests::<T>::iter() {
            ensure!(Cores::<T>::contains_key(key), "a request has no core");
            ensure!(slot < MAX_SLOTS && request.request_id < NextRequest::<T>::get(), "a request is out of range");
        }
        for (key, slot, id) in CoreCopies::<T>::iter() {
            let copy = Copies::<T>::get(id).ok_or("a slot's copy does not exist")?;
            ensure!(copy.core == key && copy.slot == slot && !copy.state.is_over(), "a slot has another copy");
            ensure!(copy.ends_after.is_none(), "a copy that ends fills a slot");
        }
        Ok(())
    }

    fn check_copies(live: &Live) -> DispatchResult {
        for (id, copy) in live {
            let fills = CoreCopies::<T>::get(copy.core, copy.slot) == Some(*id);
            ensure!(fills != copy.ends_after.is_some(), "a copy neither fills its slot nor ends");
            ensure!(Cores::<T>::contains_key(copy.core), "a copy has no core");
            ensure!(*id < NextCopy::<T>::get(), "a copy's id was not given");
            let spans: Vec<Span> = copy.spans.iter().filter_map(Spans::<T>::get).collect();
            ensure!(spans.len() == copy.spans.len() && spans.len() == copy.tree.cuts.len() + 1, "spans are missing");
            ensure!(spans.iter().all(|span| span.copy == *id), "a span belongs to another copy");
            let sealed = spans.iter().filter(|span| span.state == SpanState::Sealed).count();
            ensure!(sealed as u32 == copy.sealed, "sealed spans are not counted");
            ensure!((copy.state == CopyState::Active) == (sealed == spans.len()), "a copy is active before its last seal");
            ensure!(copy.first_period.is_some() == (copy.state == CopyState::Active), "an active copy has no first period");
            ensure!(copy.passes <= copy.parts, "signers were paid too often");
            for span in &spans {
                let waits = matches!(span.state, SpanState::Assigned | SpanState::Keyed);
                ensure!(waits == span.deadline.is_some(), "a deadline does not follow the state");
                ensure!(span.signer.is_some() == (span.byte_length > 0), "a signer does not follow the bytes");
                let is_keyed = matches!(span.state, SpanState::Keyed) || span.root.is_some();
                ensure!(is_keyed == span.key.is_some(), "a key does not follow the state");
            }
        }
        for (id, copy) in Copies::<T>::iter().filter(|(_, copy)| copy.state.is_over()) {
            ensure!(copy.locked == 0 && copy.ended_at.is_some(), "a copy that ended still locks");
            let range = EndedRange::<T>::get();
            let is_queued = (range.head..range.tail).any(|at| EndedCopies::<T>::get(at) == Some(id));
            ensure!(is_queued, "a copy that ended is never removed");
        }
        let orphan = Spans::<T>::iter_values().any(|span| !Copies::<T>::contains_key(span.copy));
        ensure!(!orphan, "a span has no copy");
        Ok(())
    }

    fn check_parties(live: &Live) -> DispatchResult {
        let mut parties: BTreeMap<(CoreKey, AccountId32), Party> = BTreeMap::new();
        let mut duties = 0usize;
        for (id, copy) in live {
            parties.entry((copy.core, copy.pinner.clone())).or_default().pinner += 1;
            ensure!(Duties::<T>::contains_key(&copy.pinner, Duty::Copy(*id)), "a pinner's duty is not indexed");
            duties += 1;
            for span in &copy.spans {
                let Some(stored) = Spans::<T>::get(span) else { continue };
                let Some(signer) = stored.signer else { continue };
                let waits = stored.deadline.is_some();
                ensure!(Duties::<T>::contains_key(&signer, Duty::Span(*span)) == waits, "a signer's duty does not follow its span");
                ensure!(signer != copy.pinner, "a pinner signs its own copy");
                parties.entry((copy.core, signer)).or_default().signer += 1;
                duties += usize::from(waits);
            }
        }
        ensure!(Duties::<T>::iter().count() == duties, "a duty is left over");
        ensure!(CoreParties::<T>::iter().count() == parties.len(), "a party is left over");
        for ((core, who), party) in parties {
            ensure!(CoreParties::<T>::get(core, &who) == party, "parties are not counted");
            ensure!(party.pinner <= 1, "an account pins a core twice");
        }
        Ok(())
    }

    fn check_agenda(live: &Live) -> DispatchResult {
        let cores: Vec<(CoreKey, u32)> = Cores::<T>::iter().filter_map(|(key, core)| Some((key, core.due?))).collect();
        ensure!(Agenda::<T>::iter().count() == live.len() + cores.len(), "the agenda has a task too many or too few");
        for (key, block) in cores {
            ensure!(Agenda::<T>::contains_key(block, AgendaItem::Assign(key)), "a core is not on the agenda");
        }
        for (id, copy) in live {
            ensure!(Agenda::<T>::contains_key(copy.due, AgendaItem::Copy(*id)), "a copy is not on the agenda");
        }
        let cursor = AgendaCursor::<T>::get();
        ensure!(Agenda::<T>::iter().all(|(block, _, ())| block >= cursor), "the agenda has passed a task");
        Ok(())
    }

    fn check_history() -> DispatchResult {
        ensure!(Seeds::<T>::iter().count() as u64 <= KEPT_SEEDS, "too many seeds are stored");
        ensure!(Periods::<T>::iter().count() as u32 <= KEPT_PERIODS, "too many periods are stored");
        for (id, period, record) in Records::<T>::iter() {
            let copy = Copies::<T>::get(id).ok_or("a record has no copy")?;
            ensure!(copy.state == CopyState::Active && period > copy.last_settled, "a record outlived its settlement");
            ensure!(period <= Self::current_period(), "a record is ahead of its period");
            ensure!(record.verifiers.len() as u32 <= record.k, "too many verifiers were drawn");
        }
        Ok(())
    }
}
