//! Proofs and reports.

use super::{author::Author, mock::*, world::*};
use crate::{
    rules::{
        report::{Evidence, Outcome, Report},
        state::{CopyState, FailReason},
        tpe::SpanProofs,
    },
    *,
};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use sp_runtime::DispatchError;

type E = Error<Test>;

/// Copy 0 is active and its second period has just begun.
fn active(core: &Author) -> (World, sp_io::TestExternalities) {
    let world = World::new(5, 3, 5);
    let mut chain = world.registered();
    chain.execute_with(|| {
        assert_eq!(world.active(core, 500 * DAT, 1), 0);
        let first = Copies::<Test>::get(0).expect("a copy").first_period.expect("active");
        skip_to(first * 20 + 20);
        take_events();
    });
    (world, chain)
}

fn period() -> u32 {
    System::block_number() / 20
}

fn pinner(world: &World) -> Person {
    world.find(&Copies::<Test>::get(0).expect("a copy").pinner)
}

fn altered(proofs: &SpanProofs, change: impl FnOnce(&mut Vec<rules::tpe::SpanProof>)) -> SpanProofs {
    let mut proofs = proofs.clone().into_inner();
    change(&mut proofs);
    proofs.try_into().expect("few spans")
}

#[test]
fn proof_opens_the_record_with_its_verifiers() {
    let (world, mut chain) = active(&large_core());
    chain.execute_with(|| {
        let (period, expected) = (period(), drawn(0, period()));
        assert_eq!(expected.len(), 3);
        let result = Datdot::prove(pinner(&world).origin(), 0, period, world.proofs(0, period)).expect("proved");
        assert_eq!(result.pays_fee, Pays::No);
        assert!(take_events().contains(&Event::Proved { copy: 0, period }));
        let record = Records::<Test>::get(0, period).expect("open");
        assert_eq!((record.k, record.pinner_r, record.proved), (3, 250_000, true));
        assert_eq!(record.verifiers.iter().map(|drawn| drawn.account.clone()).collect::<Vec<_>>(), expected);
        check();
    });
}

#[test]
fn prove_refuses_what_it_must() {
    let (world, mut chain) = active(&large_core());
    chain.execute_with(|| {
        let (person, now) = (pinner(&world), period());
        let good = world.proofs(0, now);
        let prove = |period, proofs: &SpanProofs| Datdot::prove(person.origin(), 0, period, proofs.clone());
        assert_noop!(Datdot::prove(RuntimeOrigin::root(), 0, now, good.clone()), DispatchError::BadOrigin);
        assert_noop!(Datdot::prove(person.origin(), 5, now, good.clone()), E::UnknownCopy);
        assert_noop!(Datdot::prove(world.other.origin(), 0, now, good.clone()), E::NotThePinner);
        assert_noop!(prove(0, &good), E::PeriodNotOfCopy);
        assert_noop!(prove(now + 1, &good), E::PeriodClosed);
        assert_noop!(prove(u32::MAX, &good), E::PeriodClosed);
        let wrong = [
            SpanProofs::default(),
            altered(&good, |proofs| drop(proofs.pop())),
            altered(&good, |proofs| proofs.push(proofs[0].clone())),
            altered(&good, |proofs| proofs.reverse()),
            altered(&good, |proofs| proofs[0].peaks[0][31] ^= 1),
            altered(&good, |proofs| proofs[0].leaves = Default::default()),
            altered(&good, |proofs| proofs[1].leaves.iter_mut().for_each(|leaf| leaf.data.truncate(1023))),
            altered(&good, |proofs| proofs[1].leaves.iter_mut().for_each(|leaf| leaf.data.as_mut()[0] ^= 1)),
            altered(&good, |proofs| proofs[1].leaves.iter_mut().for_each(|leaf| leaf.path.truncate(1))),
        ];
        for (index, proofs) in wrong.iter().enumerate() {
            assert_eq!(plain(prove(now, proofs)), Err(E::BadProof.into()), "alteration {index}");
        }
        assert_ok!(prove(now, &good));
        assert_noop!(prove(now, &good), E::AlreadyProved);
        // Until the grace is over the record stays open.
        skip_to(now * 20 + 21);
        assert_noop!(prove(now, &good), E::AlreadyProved);
        skip_to(now * 20 + 22);
        assert_noop!(prove(now, &good), E::PeriodNotOfCopy);
        assert_noop!(prove(now + 2, &good), E::PeriodClosed);
    });
}

#[test]
fn copy_in_set_up_cannot_be_proved_or_reported_on() {
    let world = World::new(4, 3, 3);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        run_to(21);
        let report = plain_report(Outcome::Unreachable);
        assert_noop!(Datdot::prove(pinner(&world).origin(), 0, 1, Default::default()), E::CopyNotActive);
        assert_noop!(Datdot::report(world.verifiers[0].origin(), 0, 1, report), E::CopyNotActive);
        assert_noop!(Datdot::settle(world.other.origin(), 0, 1), E::CopyNotActive);
    });
}

#[test]
fn old_proof_does_not_fit_a_new_period() {
    let (world, mut chain) = active(&large_core());
    chain.execute_with(|| {
        let old = world.proofs(0, period());
        assert_ok!(world.prove(0, period()));
        skip_to((period() + 1) * 20);
        assert_noop!(Datdot::prove(pinner(&world).origin(), 0, period(), old), E::BadProof);
    });
}

#[test]
fn proof_settles_closed_periods_first_and_may_find_the_copy_over() {
    let (world, mut chain) = active(&small_core());
    chain.execute_with(|| {
        // The first period was missed; the proof of the second comes before that can be settled.
        assert_ok!(world.prove(0, period()));
        skip_to((period() + 1) * 20 + 5);
        take_events();
        let proofs = world.proofs(0, period());
        assert_ok!(Datdot::prove(pinner(&world).origin(), 0, period(), proofs));
        let settled = take_events().into_iter().filter(|event| matches!(event, Event::Settled { .. })).count();
        assert_eq!(settled, 2);
        skip_to(System::block_number() + 80);
        let proofs = world.proofs(0, period());
        assert_ok!(Datdot::prove(pinner(&world).origin(), 0, period(), proofs));
        let copy = Copies::<Test>::get(0).expect("readable");
        assert_eq!(copy.state, CopyState::Failed(FailReason::Faults));
        assert_eq!(Records::<Test>::iter().count(), 0);
        check();
    });
}

#[test]
fn report_needs_receipt_and_leaf_to_say_served() {
    let (world, mut chain) = active(&large_core());
    chain.execute_with(|| {
        let (now, verifiers) = (period(), drawn(0, period()));
        let verifier = world.find(&verifiers[0]);
        let good = world.served(&verifier, 0, now, 2048);
        let report = |report: &Report| Datdot::report(verifier.origin(), 0, now, report.clone());
        let bad = |change: &dyn Fn(&mut Evidence)| {
            let mut altered = good.clone();
            change(&mut altered.evidence);
            report(&altered)
        };
        let undrawn = world.verifiers.iter().find(|person| !verifiers.contains(&person.id())).expect("five, three drawn");
        assert_noop!(Datdot::report(RuntimeOrigin::none(), 0, now, good.clone()), DispatchError::BadOrigin);
        assert_noop!(Datdot::report(verifier.origin(), 9, now, good.clone()), E::UnknownCopy);
        assert_noop!(Datdot::report(verifier.origin(), 0, 0, good.clone()), E::PeriodNotOfCopy);
        assert_noop!(Datdot::report(verifier.origin(), 0, now + 1, good.clone()), E::PeriodClosed);
        assert_noop!(Datdot::report(undrawn.origin(), 0, now, good.clone()), E::NotDrawn);
        assert_noop!(Datdot::report(pinner(&world).origin(), 0, now, good.clone()), E::NotDrawn);
        assert_noop!(report(&plain_report(Outcome::Served)), E::WrongEvidence);
        assert_noop!(report(&plain_report(Outcome::WrongReplica)), E::WrongEvidence);
        assert_noop!(report(&Report { outcome: Outcome::TimedOut, ..good.clone() }), E::WrongEvidence);
        let flip_receipt = |evidence: &mut Evidence| {
            if let Evidence::Served { receipt, .. } = evidence {
                receipt[3] ^= 1;
            }
        };
        let flip_leaf = |evidence: &mut Evidence| {
            if let Evidence::Served { leaf, .. } = evidence {
                leaf.data.as_mut()[0] ^= 1;
            }
        };
        let flip_peak = |evidence: &mut Evidence| {
            if let Evidence::Served { peaks, .. } = evidence {
                peaks[0][0] ^= 1;
            }
        };
        assert_noop!(bad(&flip_receipt), E::BadReceipt);
        assert_noop!(bad(&flip_leaf), E::BadProof);
        assert_noop!(bad(&flip_peak), E::BadProof);
        // Another verifier's evidence is about another account and another leaf.
        let copied = world.served(&world.find(&verifiers[1]), 0, now, 2048);
        assert_noop!(report(&copied), E::BadReceipt);
        let result = report(&good).expect("taken");
        assert_eq!(result.pays_fee, Pays::No);
        let event = Event::Reported { copy: 0, period: now, verifier: verifier.id(), outcome: Outcome::Served };
        assert!(take_events().contains(&event));
        assert_noop!(report(&good), E::AlreadyReported);
        check();
    });
}

#[test]
fn wrong_replica_names_a_leaf_under_the_root() {
    let (world, mut chain) = active(&large_core());
    chain.execute_with(|| {
        let (now, verifiers) = (period(), drawn(0, period()));
        let verifier = world.find(&verifiers[0]);
        let copy = Copies::<Test>::get(0).expect("a copy");
        let replica = replica(copy.spans[2]);
        let named = |span, index: u64, at: u64| {
            let evidence = Evidence::WrongReplica { span, index, peaks: replica.peaks(), leaf: replica.leaf(at) };
            Datdot::report(verifier.origin(), 0, now, Report { evidence, ..plain_report(Outcome::WrongReplica) })
        };
        assert_noop!(named(4, 5, 5), E::BadProof);
        assert_noop!(named(1, 5, 5), E::BadProof);
        assert_noop!(named(2, 6, 5), E::BadProof);
        assert_noop!(named(2, u64::MAX, 5), E::BadProof);
        assert_ok!(named(2, 5, 5));
        let record = Records::<Test>::get(0, now).expect("open");
        let facts = record.verifiers[0].report.clone().expect("reported");
        assert_eq!((facts.outcome, facts.wrong), (Outcome::WrongReplica, Some((2, 5))));
        check();
    });
}

#[test]
fn reports_are_taken_until_the_grace_is_over() {
    let (world, mut chain) = active(&small_core());
    chain.execute_with(|| {
        let (now, verifiers) = (period(), drawn(0, period()));
        let reports: Vec<_> = verifiers
            .iter()
            .map(|id| {
                let person = world.find(id);
                let report = world.served(&person, 0, now, 1);
                (person, report)
            })
            .collect();
        skip_to((now + 1) * 20 + 1);
        assert_ok!(Datdot::report(reports[0].0.origin(), 0, now, reports[0].1.clone()));
        skip_to((now + 1) * 20 + 2);
        assert_noop!(Datdot::report(reports[1].0.origin(), 0, now, reports[1].1.clone()), E::PeriodClosed);
    });
}

#[test]
fn verifier_that_leaves_is_drawn_until_its_slot_ends_and_never_after() {
    let (world, mut chain) = active(&small_core());
    chain.execute_with(|| {
        let start = period();
        world.verifiers.iter().for_each(|person| Datdot::deregister(person.origin()).expect("leaves"));
        assert_eq!(drawn(0, start).len(), 3, "their slots end with the period after this one");
        let mut seen = Vec::new();
        for now in start + 1..start + 4 {
            skip_to(now * 20);
            seen.push(drawn(0, now).len());
        }
        assert_eq!(seen, vec![0, 0, 0]);
    });
}
