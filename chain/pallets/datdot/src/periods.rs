//! The record of a copy and period: verifiers, the proof, the reports (protocol.md 9.1, 9.3 and 9.7).

use crate::{
    pallet::*,
    rules::{
        draw::{is_record_open, Role},
        leaves::{period_leaves, replica_leaf, LeafPosition},
        messages,
        report::{Evidence, Report},
        span::{cells_of, span_ranges},
        state::CopyState,
        tpe::{verify_leaf, verify_span_proof, Commitment, LeafProof, SpanProof},
        Hash,
    },
    types::*,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get, BoundedVec};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};

/// Closed periods that a proof settles first.
pub(crate) const SETTLED_BY_PROOF: u32 = 4;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_prove(who: &AccountId32, id: u64, period: u32, proofs: &[SpanProof]) -> Result<Option<u32>, DispatchError> {
        let copy = Self::copy(id)?;
        ensure!(copy.pinner == *who, Error::<T>::NotThePinner);
        ensure!(copy.state == CopyState::Active, Error::<T>::CopyNotActive);
        let settled = Self::settle_closed(id, SETTLED_BY_PROOF)?;
        let mut copy = Self::copy(id)?;
        if copy.state != CopyState::Active {
            return Ok(settled);
        }
        Self::postpone_first(&mut copy);
        let drawn = Self::open_period(&copy, period)?;
        let mut record = Self::open_record(id, &copy, period, &drawn.seed);
        ensure!(!record.proved, Error::<T>::AlreadyProved);
        Self::verify_proofs(id, &copy, &drawn, proofs)?;
        record.proved = true;
        Records::<T>::insert(id, period, record);
        Self::deposit_event(Event::Proved { copy: id, period });
        Ok(settled)
    }

    pub(crate) fn do_report(who: &AccountId32, id: u64, period: u32, report: &Report) -> DispatchResult {
        let mut copy = Self::copy(id)?;
        ensure!(copy.state == CopyState::Active, Error::<T>::CopyNotActive);
        Self::postpone_first(&mut copy);
        let seed = Self::open_period(&copy, period)?.seed;
        let mut record = Self::open_record(id, &copy, period, &seed);
        let drawn = record.verifiers.iter_mut().find(|verifier| verifier.account == *who).ok_or(Error::<T>::NotDrawn)?;
        ensure!(drawn.report.is_none(), Error::<T>::AlreadyReported);
        ensure!(report.evidence.fits(report.outcome), Error::<T>::WrongEvidence);
        let wrong = Self::verify_evidence(who, id, &copy, period, &seed, &report.evidence)?;
        drawn.report = Some(ReportFacts {
            outcome: report.outcome,
            ttfb_ms: report.ttfb_ms,
            kib_per_s: report.kib_per_s,
            blocks: report.blocks,
            bytes: report.bytes,
            digest: report.digest,
            wrong,
        });
        Records::<T>::insert(id, period, record);
        Self::deposit_event(Event::Reported { copy: id, period, verifier: who.clone(), outcome: report.outcome });
        Ok(())
    }

    /// Moves a copy's first period on while that began with a seed which was known before the copy's last seal could be (9.1); whether
    /// it did. Nothing is stored.
    pub(crate) fn postpone_first(copy: &mut Copy) -> bool {
        let mut is_moved = false;
        while let Some(first) = copy.first_period.filter(|first| copy.last_settled.saturating_add(1) == *first) {
            if Periods::<T>::get(first).is_none_or(|period| period.seed_index >= copy.earliest_seed) {
                break;
            }
            copy.first_period = Some(first.saturating_add(1));
            copy.last_settled = first;
            is_moved = true;
        }
        is_moved
    }

    /// A period whose record may be open for this copy; PeriodNotOfCopy, PeriodClosed.
    fn open_period(copy: &Copy, period: u32) -> Result<Period, DispatchError> {
        let is_of_copy = copy.first_period.is_some_and(|first| period >= first)
            && period > copy.last_settled
            && copy.ends_after.is_none_or(|last| period <= last);
        ensure!(is_of_copy, Error::<T>::PeriodNotOfCopy);
        let is_open = is_record_open(period, Self::now().into(), T::Period::get().into(), T::Grace::get().into());
        ensure!(is_open, Error::<T>::PeriodClosed);
        Periods::<T>::get(period).ok_or_else(|| Error::<T>::PeriodClosed.into())
    }

    /// The record of a copy and period, drawn now if nothing was proved or reported before; not stored.
    fn open_record(id: u64, copy: &Copy, period: u32, seed: &Hash) -> Record {
        if let Some(record) = Records::<T>::get(id, period) {
            return record;
        }
        let k = Self::params().verifiers;
        let drawn = Self::draw_verifiers(id, copy, period, seed, k).into_iter().map(|account| {
            let r = Self::reputation_ppm(&account, Role::Verifier);
            DrawnVerifier { account, r, report: None }
        });
        Record {
            pinner_r: Self::reputation_ppm(&copy.pinner, Role::Pinner),
            k,
            verifiers: BoundedVec::truncate_from(drawn.collect()),
            proved: false,
        }
    }

    fn verify_proofs(id: u64, copy: &Copy, period: &Period, proofs: &[SpanProof]) -> DispatchResult {
        let leaves = period_leaves(&period.seed, id, &Self::cells(copy), period.samples);
        let groups: Vec<&[LeafPosition]> = leaves.chunk_by(|a, b| a.span == b.span).collect();
        ensure!(groups.len() == proofs.len(), Error::<T>::BadProof);
        for (group, proof) in groups.into_iter().zip(proofs) {
            let indexes: Vec<u64> = group.iter().map(|leaf| leaf.index).collect();
            let number = group.first().map_or(u32::MAX, |leaf| leaf.span);
            Self::with_commitment(copy, number, |span| verify_span_proof(span, &indexes, proof).is_ok())?;
        }
        Ok(())
    }

    /// Checks a report's evidence and returns the leaf that it says is wrong; BadReceipt, BadProof.
    fn verify_evidence(
        who: &AccountId32,
        id: u64,
        copy: &Copy,
        period: u32,
        seed: &Hash,
        evidence: &Evidence,
    ) -> Result<Option<(u16, u64)>, DispatchError> {
        match evidence {
            Evidence::None => Ok(None),
            Evidence::Served { receipt, peaks, leaf } => {
                let message = messages::receipt(&Self::genesis(), id, period, who.as_ref());
                ensure!(messages::verify_noise(receipt, &message, &copy.pinner_noise_key), Error::<T>::BadReceipt);
                let drawn = replica_leaf(seed, id, who.as_ref(), &Self::cells(copy)).ok_or(Error::<T>::BadProof)?;
                Self::verify_one(copy, drawn.span, drawn.index, peaks, leaf)?;
                Ok(None)
            }
            Evidence::WrongReplica { span, index, peaks, leaf } => {
                Self::verify_one(copy, (*span).into(), *index, peaks, leaf)?;
                Ok(Some((*span, *index)))
            }
        }
    }

    fn verify_one(copy: &Copy, span: u32, index: u64, peaks: &[Hash], leaf: &LeafProof) -> DispatchResult {
        Self::with_commitment(copy, span, |span| verify_leaf(span, peaks, index, leaf).is_ok())
    }

    /// Runs a check against the commitment of a copy's span; BadProof if it fails or there is none.
    fn with_commitment(copy: &Copy, number: u32, check: impl FnOnce(&Commitment) -> bool) -> DispatchResult {
        let id = copy.spans.get(number as usize).ok_or(Error::<T>::BadProof)?;
        let span = Self::span(*id)?;
        let (Some(key), Some(root)) = (&span.key, &span.root) else { return Err(Error::<T>::BadProof.into()) };
        ensure!(check(&Commitment { tag: &key.tag, cells: span.cells, root }), Error::<T>::BadProof);
        Ok(())
    }

    /// Cells of a copy's spans by start.
    fn cells(copy: &Copy) -> Vec<u64> {
        let ranges = span_ranges(copy.tree.length, copy.tree.byte_length, &copy.tree.cuts);
        ranges.iter().map(|range| cells_of(range.byte_length)).collect()
    }
}
