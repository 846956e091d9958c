//! Registration, deposits and reputation of providers (protocol.md 2, 5 and 9.5).

use crate::{
    pallet::*,
    rules::{
        draw::{period_of, Role},
        messages,
        reputation::{Change, Reputation},
        span::pinner_slots,
        Balance, Hash,
    },
    types::*,
    Params,
};
use frame_support::{
    ensure,
    traits::{
        fungible::{Inspect, MutateHold},
        tokens::{Fortitude, Precision, Preservation},
        Get,
    },
};
use sp_runtime::{traits::Zero, AccountId32, DispatchError, DispatchResult, SaturatedConversion};

/// Periods between the end of a provider's slots and the release of its deposit.
const DEPOSIT_PERIODS: u32 = 14;

/// All role bits.
const ALL_ROLES: u8 = 7;

impl<T: Config> Pallet<T> {
    /// The parameters in force.
    pub fn params() -> Params {
        crate::pallet::Params::<T>::get()
    }

    /// The block that is being executed.
    pub(crate) fn now() -> u32 {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// The period that this block is in.
    pub(crate) fn current_period() -> u32 {
        period_of(Self::now().into(), T::Period::get().into())
    }

    /// `block_hash(0)`: what binds signatures to this chain.
    pub(crate) fn genesis() -> Hash {
        bytes_of(&frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::zero()))
    }

    pub(crate) fn do_register(
        who: AccountId32,
        roles: u8,
        noise_key: Hash,
        proof: &[u8; 64],
        capacity: u64,
    ) -> DispatchResult {
        let former = Providers::<T>::get(&who);
        ensure!(former.as_ref().is_none_or(|provider| provider.roles == 0), Error::<T>::AlreadyRegistered);
        Self::ensure_owns_noise_key(&who, &noise_key, proof)?;
        let params = Self::params();
        let deposit = Self::take_roles(&who, &params, roles, capacity)?;
        Self::hold_registration(&who, deposit)?;
        let free = T::Currency::reducible_balance(&who, Preservation::Preserve, Fortitude::Polite);
        ensure!(free >= params.float, Error::<T>::FloatTooLow);

        if let Some(former) = former.as_ref().filter(|former| former.noise_key != noise_key) {
            NoiseKeys::<T>::remove(former.noise_key);
        }
        NoiseKeys::<T>::insert(noise_key, &who);
        let newcomer = Reputation::new(Self::current_period());
        let provider = Provider {
            roles,
            noise_key,
            capacity,
            reserved: 0,
            reputation: former.as_ref().map_or([newcomer; 3], |former| former.reputation),
            registered_at: Self::now(),
            paused: false,
            payout: former.as_ref().map_or_else(|| who.clone(), |former| former.payout.clone()),
            deposit,
            leaving: None,
            declines: former.map_or_else(Declines::default, |former| former.declines),
        };
        Providers::<T>::insert(&who, provider);
        Self::deposit_event(Event::ProviderRegistered { who, roles, noise_key, capacity });
        Ok(())
    }

    /// The noise key is nobody else's, and the proof shows that the account has its secret; NoiseKeyTaken, BadNoiseProof.
    fn ensure_owns_noise_key(who: &AccountId32, noise_key: &Hash, proof: &[u8; 64]) -> DispatchResult {
        let owner = NoiseKeys::<T>::get(noise_key);
        ensure!(owner.is_none_or(|owner| owner == *who), Error::<T>::NoiseKeyTaken);
        let message = messages::noise(&Self::genesis(), who.as_ref());
        ensure!(messages::verify_noise(proof, &message, noise_key), Error::<T>::BadNoiseProof);
        Ok(())
    }

    pub(crate) fn do_update_provider(
        who: AccountId32,
        roles: u8,
        capacity: u64,
        paused: bool,
        payout: Option<AccountId32>,
    ) -> DispatchResult {
        let mut provider = Self::registered(&who)?;
        // Without a change of slots neither raised parameters nor having left stand in the way of a pause or of another payout.
        if (roles, capacity) != (provider.roles, provider.capacity) {
            ensure!(provider.leaving.is_none(), Error::<T>::Leaving);
            ensure!(capacity >= provider.reserved, Error::<T>::CapacityInUse);
            let needed = Self::take_roles(&who, &Self::params(), roles, capacity)?;
            if needed > provider.deposit {
                Self::hold_registration(&who, needed - provider.deposit)?;
                provider.deposit = needed;
            }
            provider.roles = roles;
            provider.capacity = capacity;
        }
        provider.paused = paused;
        provider.payout = payout.unwrap_or_else(|| who.clone());
        Providers::<T>::insert(&who, &provider);
        let payout = provider.payout;
        Self::deposit_event(Event::ProviderUpdated { who, roles, capacity, paused, payout });
        Ok(())
    }

    pub(crate) fn do_deregister(who: AccountId32) -> DispatchResult {
        let mut provider = Self::registered(&who)?;
        let Some(until) = provider.leaving else {
            for role in Role::ALL {
                Self::resize_slots(&who, role, 0)?;
            }
            let until = Self::end_of_slots();
            provider.leaving = Some(until);
            Providers::<T>::insert(&who, provider);
            Self::deposit_event(Event::ProviderLeaving { who, until });
            return Ok(());
        };
        let wait = T::Period::get().saturating_mul(DEPOSIT_PERIODS);
        ensure!(Self::now() >= until.saturating_add(wait), Error::<T>::DepositLocked);
        ensure!(Duties::<T>::iter_key_prefix(&who).next().is_none(), Error::<T>::HasDuties);
        let deposit = provider.deposit;
        T::Currency::release(&HoldReason::Registration.into(), &who, deposit, Precision::BestEffort)?;
        for role in Role::ALL {
            ProviderSlots::<T>::remove(&who, role);
        }
        let left = Provider { roles: 0, capacity: 0, deposit: 0, leaving: None, paused: false, ..provider };
        Providers::<T>::insert(&who, left);
        Self::deposit_event(Event::ProviderLeft { who, deposit });
        Ok(())
    }

    /// The provider, if it did not leave; NotRegistered.
    pub(crate) fn registered(who: &AccountId32) -> Result<Provider, DispatchError> {
        let provider = Providers::<T>::get(who).filter(|provider| provider.roles != 0);
        provider.ok_or_else(|| Error::<T>::NotRegistered.into())
    }

    /// Changes a provider's reputation for a period and tells it; no change leaves it untouched, forgetting too.
    pub(crate) fn change_reputation(who: &AccountId32, role: Role, period: u32, change: Change) {
        if change == Change::NONE {
            return;
        }
        Providers::<T>::mutate(who, |provider| {
            let Some(provider) = provider else { return };
            let reputation = &mut provider.reputation[usize::from(role.byte())];
            reputation.apply(period, change);
            Self::deposit_event(Event::ReputationChanged {
                who: who.clone(),
                role,
                period,
                alpha: reputation.alpha,
                beta: reputation.beta,
                d_alpha: change.alpha,
                d_beta: change.beta,
            });
        });
    }

    /// R of a provider in a role, in ppm.
    pub(crate) fn reputation_ppm(who: &AccountId32, role: Role) -> u32 {
        Providers::<T>::get(who).map_or(0, |provider| provider.reputation[usize::from(role.byte())].r_ppm())
    }

    fn hold_registration(who: &AccountId32, amount: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Registration.into(), who, amount).map_err(|_| Error::<T>::InsufficientBalance.into())
    }

    /// Fits an account's slots to its roles and capacity, and returns the deposit that they need.
    fn take_roles(who: &AccountId32, params: &Params, roles: u8, capacity: u64) -> Result<Balance, DispatchError> {
        ensure!(roles != 0 && roles & !ALL_ROLES == 0, Error::<T>::InvalidRoles);
        let pins = roles & Role::Pinner.bit() != 0;
        ensure!(pins == (capacity > 0), Error::<T>::InvalidCapacity);
        ensure!(capacity.div_ceil(params.pinner_unit) <= MAX_ROLE_SLOTS.into(), Error::<T>::TooManySlots);
        let mut charged = [0u32; 3];
        for role in Role::ALL {
            let live = match role {
                _ if roles & role.bit() == 0 => 0,
                Role::Pinner => pinner_slots(capacity, params.pinner_unit),
                Role::Signer | Role::Verifier => 1,
            };
            charged[usize::from(role.byte())] = Self::resize_slots(who, role, live)?;
        }
        Ok(Self::deposit_of(params, charged))
    }
}
