//! Verdicts, faults, reputations and ends.

use super::{mock::*, world::*};
use crate::{
    rules::{
        draw::Role,
        report::Outcome,
        settle::Verdict,
        state::{CopyState, FailReason},
    },
    *,
};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use sp_runtime::{AccountId32, DispatchError};

type E = Error<Test>;

/// Copy 0 of a small core is active; its second period has begun and nothing is unsettled.
pub(super) fn active(donation: u128) -> (World, sp_io::TestExternalities) {
    let world = World::new(3, 2, 5);
    let mut chain = world.registered();
    chain.execute_with(|| {
        assert_eq!(world.active(&small_core(), donation, 1), 0);
        // Sealed in window 3, so the first period is 2, whose seed is number 8.
        assert_eq!(copy().first_period, Some(2));
        assert_ok!(world.prove(0, 2));
        run_to(64);
        assert_eq!((period(), copy().last_settled), (3, 2));
        take_events();
    });
    (world, chain)
}

pub(super) fn copy() -> Copy {
    Copies::<Test>::get(0).expect("readable")
}

pub(super) fn period() -> u32 {
    System::block_number() / 20
}

/// Goes to where the current period can be settled, and settles it.
pub(super) fn settle(world: &World) -> Vec<Event<Test>> {
    skip_to((period() + 1) * 20 + 2);
    take_events();
    let result = Datdot::settle(world.other.origin(), 0, 1).expect("settled");
    assert_eq!(result.pays_fee, Pays::No);
    check();
    take_events()
}

fn report_all(world: &World, outcome: Outcome) {
    for verifier in drawn(0, period()) {
        assert_ok!(Datdot::report(world.find(&verifier).origin(), 0, period(), plain_report(outcome)));
    }
}

pub(super) fn paid(events: &[Event<Test>], wanted: Role) -> Vec<u128> {
    let amounts = events.iter().filter_map(|event| match event {
        Event::Paid { role, amount, .. } if *role == wanted => Some(*amount),
        _ => None,
    });
    amounts.collect()
}

pub(super) fn reputation(who: &AccountId32, role: Role) -> (u64, u64) {
    let reputation = Providers::<Test>::get(who).expect("registered").reputation[usize::from(role.byte())];
    (reputation.alpha, reputation.beta)
}

#[test]
fn settle_refuses_what_it_must() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        assert_noop!(Datdot::settle(RuntimeOrigin::root(), 0, 1), DispatchError::BadOrigin);
        assert_noop!(Datdot::settle(world.other.origin(), 3, 1), E::UnknownCopy);
        assert_noop!(Datdot::settle(world.other.origin(), 0, 1), E::NothingToSettle);
        skip_to(81);
        assert_noop!(Datdot::settle(world.other.origin(), 0, 1), E::NothingToSettle);
        skip_to(82);
        assert_noop!(Datdot::settle(world.other.origin(), 0, 0), E::NothingToSettle);
        assert_ok!(Datdot::settle(world.other.origin(), 0, 1));
        assert_noop!(Datdot::settle(world.other.origin(), 0, 1), E::NothingToSettle);
    });
}

#[test]
fn served_period_raises_reputations_by_quality() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        let before = reputation(&copy().pinner, Role::Pinner);
        assert_ok!(world.prove(0, period()));
        let verifiers = drawn(0, period());
        let verifiers_before: Vec<_> = verifiers.iter().map(|verifier| reputation(verifier, Role::Verifier)).collect();
        for (verifier, rate) in verifiers.iter().zip([512, 512, 4096]) {
            let person = world.find(verifier);
            let report = world.served(&person, 0, period(), rate);
            assert_ok!(Datdot::report(person.origin(), 0, period(), report));
        }
        let events = settle(&world);
        // The median is half of the target: quality 0.75.
        let forgotten = |value: u64| value * 97 / 100;
        let after = reputation(&copy().pinner, Role::Pinner);
        assert_eq!(after, (forgotten(before.0) + 750_000, forgotten(before.1) + 250_000));
        for (verifier, before) in verifiers.iter().zip(verifiers_before) {
            let after = reputation(verifier, Role::Verifier);
            assert_eq!(after, (forgotten(before.0) + 1_000_000, forgotten(before.1)));
        }
        assert_eq!((copy().passes, copy().faults, copy().misses), (1, 0, 0));
        assert_eq!(paid(&events, Role::Signer), vec![DAT / 8]);
    });
}

#[test]
fn failed_verdict_pays_the_verifiers_and_not_the_pinner() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        assert_ok!(world.prove(0, period()));
        report_all(&world, Outcome::TimedOut);
        let record = Records::<Test>::get(0, period()).expect("open");
        let expected: Vec<u128> = record.verifiers.iter().map(|drawn| DAT / 20 * u128::from(drawn.r) / 3_000_000).collect();
        let before = reputation(&copy().pinner, Role::Pinner);
        let events = settle(&world);
        assert!(paid(&events, Role::Pinner).is_empty() && paid(&events, Role::Signer).is_empty());
        assert_eq!(paid(&events, Role::Verifier), expected);
        assert_eq!((copy().misses, copy().faults, copy().passes), (1, 0, 0));
        let after = reputation(&copy().pinner, Role::Pinner);
        assert_eq!(after.1, before.1 * 97 / 100 + 1_000_000);
    });
}

#[test]
fn seven_failed_verdicts_end_the_copy_and_one_served_starts_the_count_again() {
    let (world, mut chain) = active(400 * DAT);
    chain.execute_with(|| {
        for round in 0..10 {
            assert_ok!(world.prove(0, period()));
            match round {
                2 => world.report_served(0, period()),
                _ => report_all(&world, Outcome::Unreachable),
            }
            settle(&world);
        }
        let over = copy();
        assert_eq!((over.state, over.misses), (CopyState::Failed(FailReason::Misses), 7));
        assert_eq!(Requests::<Test>::iter_prefix(over.core).count(), 1, "another copy is asked for");
    });
}

#[test]
fn two_periods_without_a_proof_fail_the_copy() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        let (pinner, before) = (copy().pinner, reputation(&copy().pinner, Role::Pinner));
        let events = settle(&world);
        assert!(events.iter().any(|event| matches!(event, Event::Settled { proved: false, verdict: None, minted: 0, .. })));
        assert_eq!((copy().faults, copy().state), (1, CopyState::Active));
        assert_eq!(reputation(&pinner, Role::Pinner).1, before.1 * 97 / 100 + 2_000_000);
        let events = settle(&world);
        assert!(events.contains(&Event::CopyEnded { copy: 0, reason: Reason::Faults }));
        assert_eq!(copy().state, CopyState::Failed(FailReason::Faults));
        let provider = Providers::<Test>::get(&pinner).expect("registered");
        assert_eq!(provider.reserved, 0);
        assert_eq!(CoreParties::<Test>::iter().count(), 0);
    });
}

#[test]
fn silence_is_no_verdict_and_costs_the_silent_alone() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        assert_ok!(world.prove(0, period()));
        let verifiers = drawn(0, period());
        let person = world.find(&verifiers[0]);
        let (before, silent) = (reputation(&verifiers[0], Role::Verifier), reputation(&verifiers[1], Role::Verifier));
        let pinner_before = reputation(&copy().pinner, Role::Pinner);
        assert_ok!(Datdot::report(person.origin(), 0, period(), world.served(&person, 0, period(), 99)));
        let events = settle(&world);
        assert_eq!(paid(&events, Role::Pinner).len(), 1, "a proof alone pays the pinner");
        assert!(paid(&events, Role::Verifier).is_empty() && paid(&events, Role::Signer).is_empty());
        assert_eq!(reputation(&verifiers[0], Role::Verifier), before);
        assert_eq!(reputation(&verifiers[1], Role::Verifier).1, silent.1 * 97 / 100 + 1_000_000);
        assert_eq!(reputation(&copy().pinner, Role::Pinner), pinner_before);
        assert_eq!((copy().passes, copy().misses, copy().faults), (0, 0, 0));
    });
}

#[test]
fn several_periods_are_settled_in_one_call_oldest_first() {
    let (world, mut chain) = active(400 * DAT);
    chain.execute_with(|| {
        assert_ok!(world.prove(0, period()));
        let first = period();
        skip_to((first + 1) * 20);
        // Proving the next period cannot settle this one before its grace is over.
        assert_ok!(world.prove(0, first + 1));
        skip_to((first + 2) * 20 + 2);
        take_events();
        assert_ok!(Datdot::settle(world.other.origin(), 0, 9));
        let settled: Vec<u32> = take_events()
            .iter()
            .filter_map(|event| match event {
                Event::Settled { period, .. } => Some(*period),
                _ => None,
            })
            .collect();
        assert_eq!(settled, vec![first, first + 1]);
        check();
    });
}

#[test]
fn reports_against_the_majority_cost_reputation() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        assert_ok!(world.prove(0, period()));
        let verifiers = drawn(0, period());
        for (index, verifier) in verifiers.iter().enumerate() {
            let person = world.find(verifier);
            let report = match index {
                0 => plain_report(Outcome::WrongData),
                _ => world.served(&person, 0, period(), 2000),
            };
            assert_ok!(Datdot::report(person.origin(), 0, period(), report));
        }
        let before = reputation(&verifiers[0], Role::Verifier);
        let events = settle(&world);
        assert!(events.iter().any(|event| matches!(event, Event::Settled { verdict: Some(Verdict::Served), .. })));
        assert_eq!(paid(&events, Role::Verifier).len(), 2);
        assert_eq!(reputation(&verifiers[0], Role::Verifier).1, before.1 * 97 / 100 + 1_000_000);
    });
}
