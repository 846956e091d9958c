//! Publishing and removing hypercores (protocol.md 9.8).

use crate::{
    pallet::*,
    rules::{
        offset::{OffsetProof, Peak},
        publish::{is_newer, verify_publish, Identity, PublishError},
        Balance,
    },
    types::*,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_publish(
        who: AccountId32,
        identity: Identity,
        fork: u64,
        length: u64,
        peaks: &[Peak],
        signature: &[u8; 64],
        cuts: &[OffsetProof],
    ) -> Result<u32, DispatchError> {
        let params = Self::params();
        let verified = verify_publish(&identity, fork, length, peaks, signature, cuts, params.span_target)
            .map_err(Self::publish_error)?;
        let key = verified.key;
        let byte_length = verified.byte_length;
        let tree = Tree { fork, length, byte_length, tree_hash: verified.tree_hash, cuts: verified.cuts };
        match Cores::<T>::get(key) {
            Some(core) => {
                ensure!(is_newer((core.tree.fork, core.tree.length), (fork, length)), Error::<T>::NotNewer);
                Cores::<T>::insert(key, Core { identity, tree: tree.clone(), published_at: Self::now(), ..core });
            }
            None => Self::insert_core(who, key, identity, tree.clone(), params.core_deposit)?,
        }
        Self::deposit_event(Event::CorePublished { core: key, fork, length, byte_length });
        // One whose seed is being made keeps its tree: else the author would draw again until it likes the result.
        let is_open = |slot: &u32| Requests::<T>::get(key, slot).is_some_and(|request| !Self::is_seed_begun(&request));
        for slot in (0..MAX_SLOTS).filter(is_open) {
            Self::queue_request(&key, slot, &tree);
        }
        Ok(Self::reconcile(&key))
    }

    /// Holds the deposit for a core that is published for the first time.
    fn insert_core(depositor: AccountId32, key: CoreKey, identity: Identity, tree: Tree, deposit: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Core.into(), &depositor, deposit).map_err(|_| Error::<T>::InsufficientBalance)?;
        let published_at = Self::now();
        let core = Core { identity, tree, published_at, unavailable: 0, depositor, deposit, copies: 0, requests: 0, due: None };
        Cores::<T>::insert(key, core);
        Ok(())
    }

    pub(crate) fn do_reap(who: &AccountId32, key: &CoreKey) -> DispatchResult {
        let core = Cores::<T>::get(key).ok_or(Error::<T>::UnknownCore)?;
        ensure!(core.copies == 0 && core.requests == 0, Error::<T>::CoreInUse);
        ensure!(Pots::<T>::get(key).balance == 0, Error::<T>::PotNotEmpty);
        // Else a core could be taken away between its publication and the donation to it.
        let is_old = Self::now() >= core.published_at.saturating_add(T::Period::get());
        ensure!(is_old || core.depositor == *who, Error::<T>::ReapTooEarly);
        T::Currency::release(&HoldReason::Core.into(), &core.depositor, core.deposit, Precision::BestEffort)?;
        Cores::<T>::remove(key);
        Self::deposit_event(Event::CoreReaped { core: *key, depositor: core.depositor });
        Ok(())
    }

    fn publish_error(error: PublishError) -> DispatchError {
        match error {
            PublishError::UnsupportedManifest => Error::<T>::UnsupportedManifest,
            PublishError::BadManifest => Error::<T>::BadManifest,
            PublishError::BadFork => Error::<T>::BadFork,
            PublishError::BadLength => Error::<T>::BadLength,
            PublishError::BadPeaks => Error::<T>::BadPeaks,
            PublishError::BadByteLength => Error::<T>::BadByteLength,
            PublishError::BadPrologue => Error::<T>::BadPrologue,
            PublishError::BadSignature => Error::<T>::BadTreeSignature,
            PublishError::BadCutCount => Error::<T>::BadCutCount,
            PublishError::BadOffsetProof => Error::<T>::BadOffsetProof,
            PublishError::TooManyBlocks => Error::<T>::TooManyBlocks,
        }
        .into()
    }
}
