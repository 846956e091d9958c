//! Random calls, sensible and senseless, with all invariants checked after each batch.

use super::{
    dice::Dice,
    mock::*,
    play::{Play, Sent},
    world::*,
};
use crate::*;
use frame_support::{assert_ok, traits::UnfilteredDispatchable};
use sp_runtime::AccountId32;
use std::collections::BTreeMap;

/// What is in the world: the genesis minus fees; work mints and burns the same.
fn expected_issuance(genesis: u128) -> u128 {
    let sums = Totals::<Test>::get();
    genesis + sums.minted - sums.burned_for_work - sums.fees
}

/// The state after so many calls, how many were taken, and how often each event came.
fn play(seed: u64, calls: u32) -> (Vec<u8>, u32, BTreeMap<String, u32>) {
    let mut play = Play::new(seed);
    let (mut taken, mut seen) = (0, BTreeMap::new());
    play.world.registered().execute_with(|| {
        let genesis = Balances::total_issuance();
        for _ in 0..calls / 100 {
            for _ in 0..100 {
                taken += u32::from(play.next().is_none_or(is_taken));
                play.pass_time();
            }
            for event in take_events() {
                let text = format!("{event:?}");
                let name = text.split(|c: char| !c.is_alphanumeric()).nth(2).unwrap_or_default().to_string();
                *seen.entry(name).or_default() += 1;
            }
            check();
            assert_eq!(Balances::total_issuance(), expected_issuance(genesis));
        }
        (sp_io::storage::root(sp_runtime::StateVersion::V1), taken, seen)
    })
}

fn is_taken((origin, call): Sent) -> bool {
    call.dispatch_bypass_filter(origin).is_ok()
}

#[test]
fn random_calls_break_no_invariant() {
    let (mut taken, mut seen) = (0, BTreeMap::<String, u32>::new());
    for seed in 1..=12 {
        let (_, count, events) = play(seed, 2000);
        for (name, count) in events {
            *seen.entry(name).or_default() += count;
        }
        taken += count;
    }
    assert!(taken > 6000, "most of the calls were refused: {taken} were taken");
    let common = ["CopyActive", "CopyEnded", "CopyEnding", "Settled", "Paid", "ReputationChanged", "SpanSealed", "DrawFailed"];
    let rare = ["PeriodUnfunded", "SpanExpired", "Declined", "Reclaimed", "CoreReaped", "ProviderLeft", "FeeBurned", "RequestDropped"];
    for name in common.iter().chain(&rare) {
        assert!(seen.contains_key(*name), "{name} never happened: {seen:?}");
    }
}

#[test]
fn same_calls_lead_to_the_same_state() {
    assert_eq!(play(77, 500), play(77, 500));
    assert_ne!(play(77, 300).0, play(78, 300).0);
}

#[test]
fn pot_is_refilled_and_drained_hundreds_of_times() {
    let world = World::new(0, 0, 0);
    let core = small_core();
    let donors: Vec<Person> = (0..6).map(|name| Person::new(600 + name)).collect();
    let mut accounts: Vec<AccountId32> = donors.iter().map(Person::id).collect();
    accounts.push(world.other.id());
    chain(&accounts).execute_with(|| {
        assert_ok!(world.publish(&core));
        let genesis = Balances::total_issuance();
        let mut dice = Dice(4);
        let mut drained = 0u128;
        for round in 0..600 {
            for _ in 0..1 + dice.below(4) {
                let donor = dice.pick(&donors).expect("a donor").clone();
                let amount = DAT + u128::from(dice.below(50 * DAT as u64));
                assert_ok!(Datdot::donate(donor.origin(), core.key(), amount, 0));
            }
            let balance = Pots::<Test>::get(core.key()).balance;
            let amount = match dice.below(4) {
                0 => balance,
                1 => balance - 1,
                2 => balance / (1 << dice.below(60)),
                _ => balance / 2,
            };
            Pots::<Test>::mutate(core.key(), |pot| pot.burn(amount, &mut 0)).expect("enough");
            Datdot::destroy(amount);
            drained += amount;
            if dice.chance(20) {
                let donor = dice.pick(&donors).expect("a donor").clone();
                let before = Balances::free_balance(donor.id()) + Pots::<Test>::get(core.key()).balance;
                let _ = Datdot::reclaim(donor.origin(), core.key());
                let fees = Totals::<Test>::get().fees;
                assert!(Balances::free_balance(donor.id()) + Pots::<Test>::get(core.key()).balance + fees >= before);
            }
            if round % 10 == 0 {
                check();
            }
        }
        check();
        assert_eq!(Balances::total_issuance(), genesis - drained - Totals::<Test>::get().fees);
    });
}
