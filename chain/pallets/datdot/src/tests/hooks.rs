//! Randomness, periods and the helping hand.

use super::{mock::*, world::*};
use crate::{
    rules::{
        draw::{accumulate, period_seed, seed_value, Role},
        state::{CopyState, EndReason},
    },
    weights::{PlaceholderWeight, WeightInfo},
    *,
};
use frame_support::{assert_ok, traits::Get, traits::Hooks, weights::Weight};

#[test]
fn seeds_mix_the_vrf_output_of_every_block() {
    chain(&[]).execute_with(|| {
        // Block 1 is initialized already.
        let mut acc = accumulate(&[0; 32], &MockVrf::get().expect("an output"));
        for block in 2..=10u32 {
            HasVrf::set(block % 3 != 0);
            skip_to(block);
            let parent = || System::parent_hash().0;
            acc = accumulate(&acc, &MockVrf::get().unwrap_or_else(parent));
        }
        HasVrf::set(true);
        let seed = Seeds::<Test>::get(2).expect("stored");
        assert_eq!(seed.value, seed_value(&acc, 2));
        assert_eq!(seed.vrfs, 3, "blocks 7, 8 and 10");
        assert_eq!(take_events().last(), Some(&Event::SeedStored { s: 2, vrfs: 3 }));
    });
}

#[test]
fn seeds_and_periods_are_pruned() {
    chain(&[]).execute_with(|| {
        skip_to(1000);
        let mut seeds: Vec<u64> = Seeds::<Test>::iter_keys().collect();
        seeds.sort_unstable();
        assert_eq!((seeds.len(), seeds[0], seeds[63]), (64, 137, 200));
        let mut periods: Vec<u32> = Periods::<Test>::iter_keys().collect();
        periods.sort_unstable();
        assert_eq!(periods, vec![47, 48, 49, 50]);
    });
}

#[test]
fn period_uses_the_newest_seed_with_enough_vrf_outputs() {
    let world = World::new(0, 0, 3);
    MinVrf::set(5);
    world.registered().execute_with(|| {
        skip_to(15);
        HasVrf::set(false);
        skip_to(20);
        HasVrf::set(true);
        let good = Seeds::<Test>::get(3).expect("stored");
        assert_eq!((good.vrfs, Seeds::<Test>::get(4).expect("stored").vrfs), (5, 0));
        let period = Periods::<Test>::get(1).expect("stored");
        assert_eq!(period, crate::Period { seed: period_seed(&good.value, 1), verifiers: 3, samples: 20, seed_index: 3 });
    });
    MinVrf::set(0);
}

#[test]
fn seed_counts_candidates_of_its_moment() {
    let world = World::new(2, 1, 0);
    world.registered().execute_with(|| {
        skip_to(5);
        assert_ok!(world.other.register(Role::Verifier.bit(), 0));
        assert_eq!(Seeds::<Test>::get(1).expect("stored").counts, [2, 4, 0]);
        skip_to(10);
        assert_eq!(Seeds::<Test>::get(2).expect("stored").counts, [2, 4, 1]);
    });
}

#[test]
fn helping_hand_does_one_thing_a_block_and_only_with_weight() {
    let world = World::new(5, 4, 0);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 3);
        skip_to(10);
        let copies = || NextCopy::<Test>::get();
        for block in 10..14 {
            skip_to(block);
            let used = Datdot::on_idle(block, Weight::zero());
            assert_eq!((used, copies()), (Weight::zero(), 0));
            // The cursor may move, but a draw does not fit.
            let little = PlaceholderWeight::<Test>::look().saturating_mul(20);
            let used = Datdot::on_idle(block, little);
            assert!(used.all_lte(little));
            assert_eq!(copies(), 0);
        }
        skip_to(14);
        for drawn in 1..=3 {
            let used = Datdot::on_idle(14, Weight::MAX);
            assert!(used.any_gt(Weight::zero()));
            assert_eq!(copies(), drawn, "one draw a block");
        }
        check();
    });
}

#[test]
fn helping_hand_draws_expires_and_settles_alone() {
    let world = World::new(4, 3, 3);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        run_to(11);
        assert_eq!(NextCopy::<Test>::get(), 1);
        run_to(72);
        assert_eq!(Copies::<Test>::get(0).expect("readable").state, CopyState::Ended(EndReason::Expired));
        run_to(90);
        world.set_up_all();
        let id = NextCopy::<Test>::get() - 1;
        let copy = Copies::<Test>::get(id).expect("a copy");
        let first = copy.first_period.expect("active");
        run_to((first + 1) * 20 + 3);
        assert_eq!(Copies::<Test>::get(id).expect("a copy").last_settled, first);
        check();
    });
}

#[test]
fn request_that_the_pot_can_no_longer_pay_is_dropped_by_the_hand() {
    let world = World::new(4, 3, 0);
    world.registered().execute_with(|| {
        let core = small_core();
        world.pin(&core, 10 * DAT, 1);
        Pots::<Test>::mutate(core.key(), |pot| pot.burn(9 * DAT, &mut 0)).expect("enough");
        Datdot::destroy(9 * DAT);
        run_to(11);
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 0);
        check();
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 5 * DAT, 1));
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 1);
        check();
    });
}

#[test]
fn step_that_does_not_fit_lets_those_behind_it_pass() {
    let world = World::new(6, 6, 0);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        run_to(11);
        // The copy's first deadline passes in the block in which the other core's four spans could be drawn.
        skip_to(61);
        world.pin(&large_core(), 100 * DAT, 1);
        skip_to(71);
        Datdot::on_idle(71, PlaceholderWeight::<Test>::look().saturating_mul(20));
        skip_to(72);
        let draw = PlaceholderWeight::<Test>::assign(4) + PlaceholderWeight::<Test>::end_copies(4);
        let expiry = PlaceholderWeight::<Test>::expire() + PlaceholderWeight::<Test>::end_copies(1);
        let weight = expiry + PlaceholderWeight::<Test>::look().saturating_mul(6);
        assert!(draw.any_gt(weight));
        skip_to(76);
        for block in 76..84 {
            skip_to(block);
            assert!(Datdot::on_idle(block, weight).all_lte(weight));
            check();
        }
        assert_eq!(Copies::<Test>::get(0).expect("readable").state, CopyState::Ended(EndReason::Expired));
        assert_eq!(Requests::<Test>::iter_prefix(large_core().key()).count(), 1, "its draw waits for a block with room");
        run_to(100);
        assert_eq!(Requests::<Test>::iter_prefix(large_core().key()).count(), 0);
        check();
    });
}

#[test]
fn task_of_something_gone_is_removed() {
    let world = World::new(4, 4, 0);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        skip_to(10);
        Agenda::<Test>::insert(3, AgendaItem::Copy(77), ());
        Agenda::<Test>::insert(3, AgendaItem::Assign([9; 32]), ());
        // A task of an older plan.
        Agenda::<Test>::insert(4, AgendaItem::Assign(small_core().key()), ());
        run_to(13);
        assert_eq!(NextCopy::<Test>::get(), 1);
        check();
    });
}
