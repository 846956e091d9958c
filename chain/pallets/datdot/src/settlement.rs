//! Settlement of closed periods: payments, burns, faults and reputations (protocol.md 9.5).

use crate::{
    pallet::*,
    rules::{
        draw::{is_settleable, period_start, Role},
        report::Outcome,
        reputation::{median, pinner_change, quality, verifier_change, Change},
        settle::{faults_after, misses_after, payments, verdict, Payments, PeriodInput, Reporter, Verdict},
        state::{CopyEvent, CopyState},
        Balance,
    },
    types::*,
    weights::WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{fungible::Mutate, Get},
    weights::Weight,
    BoundedVec,
};
use sp_runtime::{AccountId32, DispatchError};

/// What one period leads to.
struct Outlook<'a> {
    id: u64,
    period: u32,
    record: &'a Record,
    payments: &'a Payments,
    /// The spans' signers, if they are paid.
    signers: &'a [Option<AccountId32>],
}

impl Outlook<'_> {
    /// Says that the period was settled, and what it came to.
    fn tell<T: Config>(&self, minted: Balance) {
        let Self { id, period, record, payments, .. } = *self;
        let (proved, verdict, r) = (record.proved, payments.verdict, record.pinner_r);
        Pallet::<T>::deposit_event(Event::Settled { copy: id, period, proved, verdict, r, minted, burned: minted });
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_settle(id: u64, limit: u32) -> Result<u32, DispatchError> {
        ensure!(Self::copy(id)?.state == CopyState::Active, Error::<T>::CopyNotActive);
        Self::settle_closed(id, limit.min(MAX_SETTLE))?.ok_or_else(|| Error::<T>::NothingToSettle.into())
    }

    /// Settles closed periods of an active copy, the oldest first; how many, 0 when only the first period was moved, `None` when nothing
    /// was to do.
    pub(crate) fn settle_closed(id: u64, limit: u32) -> Result<Option<u32>, DispatchError> {
        let mut copy = Self::copy(id)?;
        let mut settled = 0;
        let is_moved = Self::postpone_first(&mut copy);
        if let (true, Some(first_period)) = (is_moved, copy.first_period) {
            if copy.ends_after.is_some_and(|last| last < first_period) {
                let key = copy.core;
                Self::end_copy(id, copy, CopyEvent::Unwanted);
                Self::reconcile_after(&key);
                return Ok(Some(0));
            }
            Self::deposit_event(Event::CopyActive { copy: id, first_period });
        }
        while settled < limit && Self::is_due(&copy) {
            let end = Self::settle_next(id, &mut copy);
            settled += 1;
            if let Some(event) = end {
                let key = copy.core;
                Self::end_copy(id, copy, event);
                Self::reconcile_after(&key);
                return Ok(Some(settled));
            }
        }
        if settled == 0 && !is_moved {
            return Ok(None);
        }
        let block = Self::next_settlement(&copy);
        Self::plan_copy(id, copy, block);
        Ok(Some(settled))
    }

    /// What `settle_closed` weighed by its result, the copy's end included; at least as much as one period once anything was written.
    pub(crate) fn weight_of_settled(id: u64, settled: Option<u32>) -> Weight {
        let Some(settled) = settled else { return Weight::zero() };
        let is_over = Copies::<T>::get(id).is_none_or(|copy| copy.state.is_over());
        T::WeightInfo::settle(settled.max(1)).saturating_add(T::WeightInfo::end_copies(is_over.into()))
    }

    /// Whether an active copy has a closed period.
    pub(crate) fn is_due(copy: &Copy) -> bool {
        copy.state == CopyState::Active
            && is_settleable(
                copy.last_settled.saturating_add(1),
                Self::now().into(),
                T::Period::get().into(),
                T::Grace::get().into(),
            )
    }

    /// The block from which the copy's next period can be settled.
    pub(crate) fn next_settlement(copy: &Copy) -> u32 {
        let start = period_start(copy.last_settled.saturating_add(2), T::Period::get().into());
        u32::try_from(start.saturating_add(T::Grace::get().into())).unwrap_or(u32::MAX)
    }

    /// Settles one period; the event that ends the copy, if it does.
    fn settle_next(id: u64, copy: &mut Copy) -> Option<CopyEvent> {
        let period = copy.last_settled.saturating_add(1);
        let none = Record { pinner_r: 0, k: 0, verifiers: BoundedVec::new(), proved: false };
        let record = Records::<T>::take(id, period).unwrap_or(none);
        let (signers, x_spans) = Self::payable_signers(copy, &record);
        let reports: Vec<Reporter> = record.verifiers.iter().filter_map(reporter).collect();
        let payments = payments(&PeriodInput {
            y: copy.prices.y,
            z: copy.prices.z,
            r_ppm: record.pinner_r,
            k: record.k,
            parts: copy.parts,
            proved: record.proved,
            reports: &reports,
            x_spans: &x_spans,
            passes: copy.passes,
        });
        copy.last_settled = period;
        let outlook = Outlook { id, period, record: &record, payments: &payments, signers: &signers };
        if !Pots::<T>::get(copy.core).can_burn(payments.total(), copy.locked) {
            copy.unfunded = copy.unfunded.saturating_add(1);
            Self::deposit_event(Event::PeriodUnfunded { copy: id, period });
            outlook.tell::<T>(0);
            return Self::ending(copy);
        }
        let minted = Self::pay_all(copy, &outlook);
        Self::change_reputations(copy, &outlook);
        // A period that costs nothing does not show that the pot can pay.
        if payments.total() > 0 {
            copy.unfunded = 0;
        }
        copy.passes = payments.passes;
        copy.faults = faults_after(copy.faults, record.proved);
        copy.misses = misses_after(copy.misses, payments.verdict);
        outlook.tell::<T>(minted);
        Self::ending(copy)
    }

    /// What ends a copy after a period was settled, if anything does.
    fn ending(copy: &Copy) -> Option<CopyEvent> {
        let params = Self::params();
        if copy.unfunded > params.unfunded_grace {
            return Some(CopyEvent::Unfunded);
        }
        if copy.faults >= params.max_faults {
            return Some(CopyEvent::Faulted);
        }
        if copy.misses >= params.max_misses {
            return Some(CopyEvent::Missed);
        }
        copy.ends_after.is_some_and(|last| copy.last_settled >= last).then_some(CopyEvent::Unwanted)
    }

    /// The spans' signers and what they get in all, if this period pays them; else nothing is read.
    fn payable_signers(copy: &Copy, record: &Record) -> (Vec<Option<AccountId32>>, Vec<Balance>) {
        let outcomes = record.verifiers.iter().filter_map(|drawn| drawn.report.as_ref().map(|report| report.outcome));
        let is_pass = record.proved && copy.passes < copy.parts && verdict(outcomes, record.k) == Some(Verdict::Served);
        if !is_pass {
            return (Vec::new(), Vec::new());
        }
        let spans = copy.spans.iter().filter_map(Spans::<T>::get);
        spans.map(|span| (span.signer.clone(), if span.signer.is_some() { span.x } else { 0 })).unzip()
    }

    /// Pays everybody, and burns as much from the pot; what was paid.
    fn pay_all(copy: &mut Copy, outlook: &Outlook) -> Balance {
        let reporters = outlook.record.verifiers.iter().filter(|drawn| drawn.report.is_some()).map(|drawn| &drawn.account);
        let verifiers = reporters.zip(&outlook.payments.verifiers).map(|(who, amount)| (Role::Verifier, who, *amount));
        let signers = outlook.signers.iter().zip(&outlook.payments.signers);
        let signers = signers.filter_map(|(who, amount)| who.as_ref().map(|who| (Role::Signer, who, *amount)));
        let pinner = copy.pinner.clone();
        let payees: Vec<_> =
            core::iter::once((Role::Pinner, &pinner, outlook.payments.pinner)).chain(verifiers).chain(signers).collect();
        let mut minted: Balance = 0;
        for (role, who, amount) in payees.into_iter().filter(|(_, _, amount)| *amount > 0) {
            let (id, period, who) = (outlook.id, outlook.period, who.clone());
            // An account below the existential deposit must not block the others.
            if Self::mint_to(&who, amount) && Self::burn_for_work(copy, amount) {
                minted = minted.saturating_add(amount);
                Self::deposit_event(Event::Paid { copy: id, period, who, role, amount });
            } else {
                Self::deposit_event(Event::PaymentFailed { copy: id, period, who, amount });
            }
        }
        Self::destroy(minted);
        Totals::<T>::mutate(|sums| {
            sums.minted = sums.minted.saturating_add(minted);
            sums.burned_for_work = sums.burned_for_work.saturating_add(minted);
        });
        minted
    }

    fn mint_to(who: &AccountId32, amount: Balance) -> bool {
        let payout = Providers::<T>::get(who).map_or_else(|| who.clone(), |provider| provider.payout);
        T::Currency::mint_into(&payout, amount).is_ok()
    }

    /// Takes a payment from the pot; cannot fail, as all payments together were checked before.
    fn burn_for_work(copy: &mut Copy, amount: Balance) -> bool {
        let burned = Pots::<T>::mutate(copy.core, |pot| pot.burn(amount, &mut copy.locked));
        debug_assert!(burned.is_ok(), "the pot was checked");
        burned.is_ok()
    }

    fn change_reputations(copy: &Copy, outlook: &Outlook) {
        let Outlook { period, record, payments, .. } = *outlook;
        let mut rates: Vec<u32> = record.verifiers.iter().filter_map(|drawn| drawn.report.as_ref()).filter_map(rate).collect();
        let target = Self::params().throughput_target;
        let quality = quality(median(&mut rates).unwrap_or(0), target);
        Self::change_reputation(&copy.pinner, Role::Pinner, period, pinner_change(record.proved, payments.verdict, quality));
        for drawn in &record.verifiers {
            let agrees = drawn.report.as_ref().map(|report| payments.verdict.is_some_and(|side| side.agrees(report.outcome)));
            Self::change_reputation(&drawn.account, Role::Verifier, period, verifier_change(payments.verdict, agrees));
        }
        if payments.passes == copy.parts && copy.passes < copy.parts {
            let mut signers: Vec<&AccountId32> = outlook.signers.iter().flatten().collect();
            signers.sort_unstable();
            signers.dedup();
            for signer in signers {
                Self::change_reputation(signer, Role::Signer, period, Change::PAID_OFF);
            }
        }
    }
}

fn reporter(drawn: &DrawnVerifier) -> Option<Reporter> {
    drawn.report.as_ref().map(|report| Reporter { outcome: report.outcome, r_ppm: drawn.r })
}

fn rate(report: &ReportFacts) -> Option<u32> {
    (report.outcome == Outcome::Served).then_some(report.kib_per_s)
}
