//! The draws of pinners, signers and verifiers over the stored tables (protocol.md 9.1).

use crate::{
    pallet::*,
    rules::{
        draw::{
            is_verifier_slot, provider_draw, registration_limit, verifier_draw, DrawInput, Role, DISTINCT_TRIES, PINNER_SPAN,
            TRIES,
        },
        pot::Pot,
        span::SpanRange,
        Hash,
    },
    types::*,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use sp_runtime::AccountId32;

/// What all draws of one request share.
pub(crate) struct Lottery<'a> {
    /// The core.
    pub core: &'a CoreKey,
    /// Its request.
    pub request: &'a Request,
    /// The request's slot.
    pub slot: u32,
    /// The seed's index, after windows without enough VRF outputs were skipped.
    pub s: u64,
    /// `Seeds[s].value`.
    pub value: &'a Hash,
    /// `Seeds[s - 1].counts`.
    pub counts: [u32; 3],
    /// The core's pot, for the donors' part.
    pub pot: &'a Pot,
}

/// Who was drawn for a copy: its pinner, and a signer for each span that has bytes.
pub(crate) struct Crew {
    pub pinner: AccountId32,
    pub signers: Vec<Option<AccountId32>>,
}

impl<T: Config> Pallet<T> {
    /// Draws a copy's pinner, for `bytes` of capacity, and then a signer for each span; nothing is stored.
    pub(crate) fn draw_crew(lottery: &Lottery, ranges: &[SpanRange], bytes: u64) -> Result<Crew, Missing> {
        let pinner = Self::draw_provider(lottery, Role::Pinner, PINNER_SPAN, |who, provider, _| {
            provider.capacity.saturating_sub(provider.reserved) >= bytes
                && CoreParties::<T>::get(lottery.core, who) == Party::default()
        });
        let none_counted = |role: Role| lottery.counts[usize::from(role.byte())] == 0;
        let pinner = pinner.ok_or(if none_counted(Role::Pinner) { Missing::NoPinners } else { Missing::Pinner })?;
        let mut signers: Vec<Option<AccountId32>> = Vec::with_capacity(ranges.len());
        for (number, range) in ranges.iter().enumerate() {
            if range.byte_length == 0 {
                signers.push(None);
                continue;
            }
            let signer = Self::draw_provider(lottery, Role::Signer, number as u64, |who, _, attempt_try| {
                let is_new = attempt_try >= DISTINCT_TRIES || !signers.iter().flatten().any(|signer| signer == who);
                is_new && *who != pinner && CoreParties::<T>::get(lottery.core, who).pinner == 0
            });
            let missing = if none_counted(Role::Signer) { Missing::NoSigners } else { Missing::Signer { span: number as u32 } };
            signers.push(Some(signer.ok_or(missing)?));
        }
        Ok(Crew { pinner, signers })
    }

    /// One draw: the first try whose candidate is registered early enough, runs, is no large donor, passes `allows` and its own chance.
    fn draw_provider(
        lottery: &Lottery,
        role: Role,
        span: u64,
        allows: impl Fn(&AccountId32, &Provider, u64) -> bool,
    ) -> Option<AccountId32> {
        let floor = Self::params().floor_ppm;
        let limit = registration_limit(lottery.s, T::SeedWindow::get().into());
        let count = u64::from(lottery.counts[usize::from(role.byte())]);
        let input = DrawInput {
            value: lottery.value,
            role,
            core_key: lottery.core,
            request_id: lottery.request.request_id,
            slot: lottery.slot,
            attempt: lottery.request.attempt,
            span,
        };
        for attempt_try in 0..TRIES {
            let draw = provider_draw(&input, attempt_try);
            let Some(slot) = RoleSlots::<T>::get(role, draw.index(count)? as u32) else { continue };
            if u64::from(slot.since) >= limit || slot.until.is_some() {
                continue;
            }
            let Some(provider) = Providers::<T>::get(&slot.account).filter(|provider| !provider.paused) else { continue };
            let is_accepted = draw.accepts(provider.reputation[usize::from(role.byte())].r_ppm(), floor);
            if is_accepted && allows(&slot.account, &provider, attempt_try) && !Self::is_large_donor(lottery, &slot.account) {
                return Some(slot.account);
            }
        }
        None
    }

    fn is_large_donor(lottery: &Lottery, who: &AccountId32) -> bool {
        Shares::<T>::get(lottery.core, who).is_some_and(|share| lottery.pot.is_large(&share))
    }

    /// The verifiers of a copy and period: a pure function of tables that no longer change for this period.
    pub(crate) fn draw_verifiers(id: u64, copy: &Copy, period: u32, seed: &Hash, k: u32) -> Vec<AccountId32> {
        let Some(before) = period.checked_sub(1).and_then(Periods::<T>::get) else { return Vec::new() };
        let mut excluded: Vec<AccountId32> = copy.spans.iter().filter_map(Spans::<T>::get).filter_map(|span| span.signer).collect();
        excluded.push(copy.pinner.clone());
        let parties = excluded.len();
        for j in 0..u64::from(k.min(MAX_VERIFIERS)) {
            let candidates = (0..TRIES).filter_map(|attempt_try| {
                let index = verifier_draw(seed, id, j, attempt_try).index(before.verifiers.into())?;
                let slot = RoleSlots::<T>::get(Role::Verifier, index as u32)?;
                let is_eligible =
                    is_verifier_slot(period, slot.since.into(), slot.until.map(u64::from), T::Period::get().into());
                (is_eligible && !excluded.contains(&slot.account)).then_some(slot.account)
            });
            if let Some(verifier) = { candidates }.next() {
                excluded.push(verifier);
            }
        }
        excluded.split_off(parties)
    }
}
