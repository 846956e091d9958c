//! Role slots: the dense tables that draws choose from (protocol.md 2 and 9.1).

use crate::{
    pallet::*,
    rules::draw::{slot_end, Role},
    types::*,
    Params,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use sp_runtime::{AccountId32, DispatchError};

/// Slots that one look at a table or at its queue takes off, and entries of the queue that are out of date.
const MAX_STEPS: u32 = 16;

impl<T: Config> Pallet<T> {
    /// The block in which a slot that is given up now ends.
    pub(crate) fn end_of_slots() -> u32 {
        u32::try_from(slot_end(Self::now().into(), T::Period::get().into())).unwrap_or(u32::MAX)
    }

    /// Gives an account `live` slots of a role and returns how many it is charged for; TooManySlots.
    pub(crate) fn resize_slots(who: &AccountId32, role: Role, live: u32) -> Result<u32, DispatchError> {
        let mut list = Self::charged_slots(who, role);
        let running: Vec<u32> = list.iter().copied().filter(|index| Self::is_running(role, *index)).collect();
        for index in running.iter().skip(live as usize) {
            Self::end_slot(role, *index);
        }
        for _ in running.len()..live as usize {
            let index = Self::take_slot(role, who)?;
            list.push(index);
        }
        let charged = list.len() as u32;
        let list = SlotList::try_from(list).map_err(|_| Error::<T>::TooManySlots)?;
        match charged {
            0 => ProviderSlots::<T>::remove(who, role),
            _ => ProviderSlots::<T>::insert(who, role, list),
        }
        Ok(charged)
    }

    /// What slots cost, by role byte.
    pub(crate) fn deposit_of(params: &Params, charged: [u32; 3]) -> u128 {
        let price = |role: Role| match role {
            Role::Pinner => params.deposit_pinner_unit,
            Role::Signer | Role::Verifier => params.deposit_other,
        };
        Role::ALL.iter().fold(0u128, |sum, role| {
            sum.saturating_add(price(*role).saturating_mul(charged[usize::from(role.byte())].into()))
        })
    }

    /// The account's slots that nobody else may take yet: a slot that ended stays charged, so that ending slots is not free.
    fn charged_slots(who: &AccountId32, role: Role) -> Vec<u32> {
        let list = ProviderSlots::<T>::get(who, role);
        let is_charged = |index: &u32| {
            RoleSlots::<T>::get(role, index).is_some_and(|slot| slot.account == *who && !Self::is_reusable(&slot))
        };
        list.into_iter().filter(is_charged).collect()
    }

    fn is_running(role: Role, index: u32) -> bool {
        RoleSlots::<T>::get(role, index).is_some_and(|slot| slot.until.is_none())
    }

    /// A slot is taken again only two periods after it ended, so that draws of verifiers stay a pure function.
    pub(crate) fn is_reusable(slot: &RoleSlot) -> bool {
        let rest = T::Period::get().saturating_mul(2);
        slot.until.is_some_and(|until| until.saturating_add(rest) <= Self::now())
    }

    fn end_slot(role: Role, index: u32) {
        RoleSlots::<T>::mutate(role, index, |slot| {
            if let Some(slot) = slot {
                slot.until = Some(Self::end_of_slots());
            }
        });
        FreeSlotRange::<T>::mutate(role, |range| {
            FreeSlots::<T>::insert(role, range.tail, (index, Self::end_of_slots()));
            range.tail = range.tail.saturating_add(1);
        });
    }

    fn take_slot(role: Role, who: &AccountId32) -> Result<u32, DispatchError> {
        let index = match Self::pop_free_slot(role) {
            Some(index) => index,
            None => {
                let count = RoleCount::<T>::get(role);
                RoleCount::<T>::insert(role, count.checked_add(1).ok_or(Error::<T>::Overflow)?);
                count
            }
        };
        RoleSlots::<T>::insert(role, index, RoleSlot { account: who.clone(), since: Self::now(), until: None });
        Ok(index)
    }

    /// The slot that ended first, if its rest is over; entries of slots that left the table since are passed over.
    fn pop_free_slot(role: Role) -> Option<u32> {
        let mut range = FreeSlotRange::<T>::get(role);
        let mut found = None;
        for _ in 0..MAX_STEPS {
            let Some((index, until)) = FreeSlots::<T>::get(role, range.head) else { break };
            let slot = RoleSlots::<T>::get(role, index).filter(|slot| slot.until == Some(until));
            if slot.as_ref().is_some_and(|slot| !Self::is_reusable(slot)) {
                break;
            }
            FreeSlots::<T>::remove(role, range.head);
            range.head = range.head.saturating_add(1);
            if slot.is_some() {
                found = Some(index);
                break;
            }
        }
        FreeSlotRange::<T>::insert(role, range);
        found
    }

    /// Shortens a role's table, since slots that ended fill the draws for nothing: takes off those at its end that may be used again,
    /// and lets the last one that runs begin anew in place of the oldest that may.
    ///
    /// Done when a seed is stored, before its draws and at no caller's choice: which slots may be used again by then was settled two
    /// periods ago.
    pub(crate) fn compact_slots(role: Role) {
        let mut count = RoleCount::<T>::get(role);
        for _ in 0..MAX_STEPS {
            let Some(last) = count.checked_sub(1) else { break };
            if !RoleSlots::<T>::get(role, last).is_some_and(|slot| Self::is_reusable(&slot)) {
                break;
            }
            RoleSlots::<T>::remove(role, last);
            count = last;
        }
        RoleCount::<T>::insert(role, count);
        let Some(last) = count.checked_sub(1) else { return };
        if let Some(slot) = RoleSlots::<T>::get(role, last).filter(|slot| slot.until.is_none()) {
            Self::move_slot(role, last, slot);
        }
    }

    /// Ends a slot and gives its account another in its place, if there is one; the deposit stays as it is.
    fn move_slot(role: Role, from: u32, slot: RoleSlot) {
        let Some(to) = Self::pop_free_slot(role) else { return };
        Self::end_slot(role, from);
        RoleSlots::<T>::insert(role, to, RoleSlot { since: Self::now(), ..slot.clone() });
        ProviderSlots::<T>::mutate(slot.account, role, |list| {
            // It may still name the other one, if it was the account's own before.
            list.retain(|index| *index != to);
            for index in list.iter_mut().filter(|index| **index == from) {
                *index = to;
            }
        });
    }
}
