//! Donations, wishes and what leaves a pot (protocol.md 9.4).

use crate::{
    pallet::*,
    rules::{
        pot::{Pot, PotError},
        Balance,
    },
    types::*,
};
use frame_support::{
    ensure,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Precision, Preservation},
    },
    PalletId,
};
use sp_runtime::{traits::AccountIdConversion, AccountId32, DispatchError, DispatchResult};

/// Derives the account that holds all pots.
const PALLET_ID: PalletId = PalletId(*b"dat/pots");

impl<T: Config> Pallet<T> {
    /// The account that holds all pots.
    pub fn account() -> AccountId32 {
        PALLET_ID.into_account_truncating()
    }

    pub(crate) fn do_donate(who: AccountId32, key: CoreKey, amount: Balance, wish: u8) -> Result<u32, DispatchError> {
        ensure!(Cores::<T>::contains_key(key), Error::<T>::UnknownCore);
        let params = Self::params();
        ensure!(u32::from(wish) <= params.max_copies, Error::<T>::WishTooHigh);
        let mut pot = Pots::<T>::get(key);
        let stored = Shares::<T>::get(key, &who);
        let donated = pot.donate(stored.as_ref(), amount, wish, params.min_donation).map_err(Self::pot_error)?;
        T::Currency::transfer(&who, &Self::account(), amount, Preservation::Preserve)
            .map_err(|_| Error::<T>::InsufficientBalance)?;
        Pots::<T>::insert(key, pot);
        Shares::<T>::insert(key, &who, donated.share);
        Self::deposit_event(Event::Donated { core: key, who: who.clone(), amount, shares: donated.shares });
        if amount >= params.setup_fee {
            Self::try_again(&key);
        }
        Self::reconcile_for(&who, &key)
    }

    pub(crate) fn do_set_wish(who: AccountId32, key: CoreKey, wish: u8) -> Result<u32, DispatchError> {
        ensure!(Cores::<T>::contains_key(key), Error::<T>::UnknownCore);
        ensure!(u32::from(wish) <= Self::params().max_copies, Error::<T>::WishTooHigh);
        let mut pot = Pots::<T>::get(key);
        let share = Shares::<T>::get(key, &who).ok_or(Error::<T>::NoShare)?;
        let max = Self::params().max_copies;
        let before = pot.wanted(max);
        let share = pot.set_wish(&share, wish).map_err(Self::pot_error)?;
        Pots::<T>::insert(key, pot);
        Shares::<T>::insert(key, &who, share);
        Self::deposit_event(Event::WishSet { core: key, who: who.clone(), wish });
        if pot.wanted(max) > before {
            Self::try_again(&key);
        }
        Self::reconcile_for(&who, &key)
    }

    pub(crate) fn do_reclaim(who: AccountId32, key: CoreKey) -> Result<u32, DispatchError> {
        let core = Cores::<T>::get(key);
        let share = Shares::<T>::get(key, &who);
        let share = share.ok_or(if core.is_some() { Error::<T>::NoShare } else { Error::<T>::UnknownCore })?;
        let mut pot = Pots::<T>::get(key);
        // A share of an era that is over, or of a core that was reaped, is worth nothing and goes at any time.
        let is_idle = core.is_none_or(|core| core.copies == 0 && core.requests == 0);
        ensure!(is_idle || share.era != pot.era, Error::<T>::CoreInUse);
        Shares::<T>::remove(key, &who);
        let reclaimed = pot.reclaim(&share).map_err(Self::pot_error)?;
        Pots::<T>::insert(key, pot);
        if reclaimed.value > 0 {
            T::Currency::transfer(&Self::account(), &who, reclaimed.value, Preservation::Preserve)?;
        }
        Self::deposit_event(Event::Reclaimed { core: key, who, amount: reclaimed.value });
        Self::destroy_fee(&key, reclaimed.dust);
        Ok(Self::reconcile(&key))
    }

    /// Takes the set-up fee for what was asked for in vain: from whoever stopped it, all of it, else from the pot; InsufficientBalance.
    pub(crate) fn charge(payer: Option<&AccountId32>, key: &CoreKey, lock: &mut Balance) -> DispatchResult {
        let fee = Self::params().setup_fee;
        match payer {
            None => Self::burn_fee(key, fee, lock),
            Some(who) => {
                T::Currency::burn_from(who, fee, Preservation::Preserve, Precision::Exact, Fortitude::Polite)
                    .map_err(|_| Error::<T>::InsufficientBalance)?;
                Self::count_fee(key, fee);
            }
        }
        Ok(())
    }

    /// Takes a fee from a pot, a copy's lock first, as far as there is something to take.
    pub(crate) fn burn_fee(key: &CoreKey, fee: Balance, lock: &mut Balance) {
        let burned = Pots::<T>::mutate(key, |pot: &mut Pot| {
            let fee = fee.min(lock.saturating_add(pot.free()));
            pot.burn(fee, lock).map_or(0, |()| fee)
        });
        Self::destroy_fee(key, burned);
    }

    /// Burns from the account that holds the pots; the pots are already lower.
    pub(crate) fn destroy(amount: Balance) {
        let burned =
            T::Currency::burn_from(&Self::account(), amount, Preservation::Preserve, Precision::BestEffort, Fortitude::Force);
        debug_assert_eq!(burned, Ok(amount), "the account holds all pots");
    }

    fn destroy_fee(key: &CoreKey, amount: Balance) {
        if amount == 0 {
            return;
        }
        Self::destroy(amount);
        Self::count_fee(key, amount);
    }

    fn count_fee(key: &CoreKey, amount: Balance) {
        Totals::<T>::mutate(|sums| sums.fees = sums.fees.saturating_add(amount));
        Self::deposit_event(Event::FeeBurned { core: *key, amount });
    }

    /// A wish for more copies, or a donation that pays for the next failure, lets an unavailable core be drawn again.
    fn try_again(key: &CoreKey) {
        Cores::<T>::mutate(key, |core| {
            if let Some(core) = core {
                core.unavailable = 0;
            }
        });
    }

    /// Part of the genesis: the existential deposit keeps the account alive when all pots are empty, and so small burns possible.
    pub(crate) fn endow_account() {
        let missing = T::Currency::minimum_balance().saturating_sub(T::Currency::total_balance(&Self::account()));
        if missing > 0 {
            let endowed = T::Currency::mint_into(&Self::account(), T::Currency::minimum_balance());
            assert!(endowed.is_ok(), "the pots' account can be endowed at genesis");
        }
    }

    fn pot_error(error: PotError) -> DispatchError {
        match error {
            PotError::BelowMinimum => Error::<T>::DonationTooSmall,
            PotError::Overflow => Error::<T>::PotFull,
            PotError::Underfunded | PotError::PotExhausted => Error::<T>::Underfunded,
            PotError::NoShare => Error::<T>::NoShare,
            PotError::InUse => Error::<T>::CoreInUse,
        }
        .into()
    }
}
