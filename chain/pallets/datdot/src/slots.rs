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
            FreeSlots::<T>::insert(role, range.tail, index);
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

    /// The slot that ended first, if its rest is over.
    fn pop_free_slot(role: Role) -> Option<u32> {
        let mut range = FreeSlotRange::<T>::get(role);
        let index = FreeSlots::<T>::get(role, range.head)?;
        let slot = RoleSlots::<T>::get(role, index)?;
        if !Self::is_reusable(&slot) {
            return None;
        }
        FreeSlots::<T>::remove(role, range.head);
        range.head = range.head.saturating_add(1);
        FreeSlotRange::<T>::insert(role, range);
        Some(index)
    }
}
