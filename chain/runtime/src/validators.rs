//! The list of validators: set by the root origin, shortened by proven equivocation, read at each session change.
pub use pallet::*;

use alloc::vec::Vec;
use sp_runtime::Perbill;
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Most validators that the list can hold.
        #[pallet::constant]
        type MaxValidators: Get<u32>;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Accounts whose session keys are the authorities from the session after next.
    #[pallet::storage]
    pub type Validators<T: Config> = StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The root origin replaced the list.
        ListSet { count: u32 },
        /// A validator was taken off the list for an equivocation.
        Removed { who: T::AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A chain without validators cannot go on.
        Empty,
        /// An account is named twice.
        Duplicate,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        pub list: Vec<T::AccountId>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let list = BoundedVec::try_from(self.list.clone()).expect("genesis has at most MaxValidators validators");
            Validators::<T>::put(list);
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Replaces the list; it takes effect two sessions later for accounts whose session keys are set.
        ///
        /// - origin: root
        /// - errors: `Empty`, `Duplicate`
        /// - events: `ListSet`
        #[pallet::call_index(0)]
        #[pallet::weight(T::DbWeight::get().writes(1))]
        pub fn set(origin: OriginFor<T>, list: BoundedVec<T::AccountId, T::MaxValidators>) -> DispatchResult {
            ensure_root(origin)?;
            ensure!(!list.is_empty(), Error::<T>::Empty);
            let distinct = list.iter().collect::<alloc::collections::BTreeSet<_>>();
            ensure!(distinct.len() == list.len(), Error::<T>::Duplicate);
            Self::deposit_event(Event::ListSet { count: list.len() as u32 });
            Validators::<T>::put(list);
            Ok(())
        }
    }
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
    fn new_session(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        let list = Validators::<T>::get().into_inner();
        (!list.is_empty()).then_some(list)
    }
    fn start_session(_: SessionIndex) {}
    fn end_session(_: SessionIndex) {}
}

impl<T: Config> pallet_session::historical::SessionManager<T::AccountId, ()> for Pallet<T> {
    fn new_session(index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        let list = <Self as pallet_session::SessionManager<_>>::new_session(index)?;
        Some(list.into_iter().map(|who| (who, ())).collect())
    }
    fn start_session(_: SessionIndex) {}
    fn end_session(_: SessionIndex) {}
}

impl<T: Config, Reporter, Res: Default> OnOffenceHandler<Reporter, (T::AccountId, ()), Res> for Pallet<T> {
    fn on_offence(offenders: &[OffenceDetails<Reporter, (T::AccountId, ())>], _: &[Perbill], _: SessionIndex) -> Res {
        Validators::<T>::mutate(|list| {
            for OffenceDetails { offender: (who, ()), .. } in offenders {
                // The last validator stays: an empty list would freeze the session at its old keys anyway.
                if let Some(at) = list.iter().position(|v| v == who).filter(|_| list.len() > 1) {
                    list.remove(at);
                    Self::deposit_event(Event::Removed { who: who.clone() });
                }
            }
        });
        Res::default()
    }
}
