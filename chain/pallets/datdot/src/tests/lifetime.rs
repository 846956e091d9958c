//! What is stored goes away again, and what a period asks for stays as it began.

use super::{mock::*, world::*};
use crate::{
    rules::state::CopyState,
    weights::{PlaceholderWeight, WeightInfo},
    *,
};
use frame_support::{assert_noop, assert_ok, dispatch::Pays, traits::fungible::Inspect};

type E = Error<Test>;

fn drain(core: CoreKey) {
    let rest = Pots::<Test>::get(core).balance;
    Pots::<Test>::mutate(core, |pot| pot.burn(rest, &mut 0)).expect("nothing is locked");
    Datdot::destroy(rest);
}

#[test]
fn worthless_shares_are_removed_whatever_the_core_does() {
    let world = World::new(4, 3, 0);
    let core = small_core().key();
    world.registered().execute_with(|| {
        assert_ok!(world.publish(&small_core()));
        assert_ok!(Datdot::donate(world.donor.origin(), core, 5 * DAT, 0));
        assert_ok!(Datdot::donate(world.pinners[0].origin(), core, 5 * DAT, 0));
        drain(core);
        assert_ok!(Datdot::donate(world.other.origin(), core, 50 * DAT, 2));
        // The core is in use, but this share is of the era before.
        assert_noop!(Datdot::reclaim(world.other.origin(), core), E::CoreInUse);
        assert_ok!(Datdot::reclaim(world.donor.origin(), core));
        assert_eq!(Shares::<Test>::get(core, world.donor.id()), None);
        check();
        assert_ok!(Datdot::set_wish(world.other.origin(), core, 0));
        assert_ok!(Datdot::reclaim(world.other.origin(), core));
        assert_ok!(Datdot::reap(world.other.origin(), core));
        assert_noop!(Datdot::reclaim(world.donor.origin(), core), E::UnknownCore);
        assert_ok!(Datdot::reclaim(world.pinners[0].origin(), core));
        assert_eq!(Shares::<Test>::iter().count(), 0);
        check();
    });
}

#[test]
fn shares_of_the_last_era_of_a_reaped_core_are_removed() {
    let world = World::new(0, 0, 0);
    let core = small_core().key();
    world.chain().execute_with(|| {
        assert_ok!(world.publish(&small_core()));
        assert_ok!(Datdot::donate(world.donor.origin(), core, 5 * DAT, 0));
        drain(core);
        assert_ok!(Datdot::reap(world.other.origin(), core));
        assert_ok!(Datdot::reclaim(world.donor.origin(), core));
        assert_eq!((Shares::<Test>::iter().count(), Pots::<Test>::get(core).holders), (0, 0));
        check();
    });
}

#[test]
fn queue_of_copies_that_ended_shrinks_by_two_an_end() {
    let world = World::new(6, 10, 0);
    let core = small_core().key();
    world.registered().execute_with(|| {
        world.pin(&small_core(), 500 * DAT, 8);
        run_to(30);
        assert_eq!(NextCopy::<Test>::get(), 8);
        assert_ok!(Datdot::set_wish(world.donor.origin(), core, 0));
        next_block(true);
        next_block(true);
        assert_eq!(Copies::<Test>::iter().count(), 8);
        skip_to(200);
        for (ends, left) in [(1, 7), (2, 6), (3, 5)] {
            assert_ok!(Datdot::set_wish(world.donor.origin(), core, 1));
            run_to(System::block_number() + 20);
            assert_ok!(Datdot::set_wish(world.donor.origin(), core, 0));
            assert_eq!(Copies::<Test>::iter().count(), left, "after {ends} ends");
            check();
        }
    });
}

#[test]
fn params_do_not_change_the_leaves_of_a_period_that_began() {
    let world = World::new(5, 3, 3);
    world.registered().execute_with(|| {
        let id = world.active(&large_core(), 500 * DAT, 1);
        let now = Datdot::current_period();
        assert_ok!(Datdot::set_params(RuntimeOrigin::root(), Params { samples: 3, ..Params::DEVELOPMENT }));
        let leaves = |period| world.proofs(id, period).iter().map(|proof| proof.leaves.len()).sum::<usize>();
        assert_eq!(leaves(now), 20);
        assert_ok!(world.prove(id, now));
        run_to((now + 1) * 20);
        assert_eq!(leaves(now + 1), 3);
        assert_ok!(world.prove(id, now + 1));
        check();
    });
}

#[test]
fn pots_account_lives_from_genesis_and_nothing_is_minted_for_it() {
    let world = World::new(0, 0, 0);
    world.chain().execute_with(|| {
        assert_eq!(Balances::balance(&Datdot::account()), LEAST);
        let issued = Balances::total_issuance();
        assert_ok!(world.publish(&small_core()));
        assert_ok!(Datdot::donate(world.donor.origin(), small_core().key(), DAT, 0));
        assert_ok!(Datdot::reclaim(world.donor.origin(), small_core().key()));
        assert_eq!(Balances::total_issuance(), issued);
    });
}

/// Runs a test in block 40, in period 2, whose seed was there before the copy that would have had it as its first one was sealed.
fn with_a_copy_younger_than_its_seed(test: impl FnOnce(&World)) {
    let world = World::new(3, 2, 5);
    MinVrf::set(5);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        run_to(17);
        HasVrf::set(false);
        world.set_up_all();
        let copy = Copies::<Test>::get(0).expect("a copy");
        assert_eq!((copy.first_period, copy.earliest_seed), (Some(2), 5));
        run_to(40);
        HasVrf::set(true);
        assert_eq!(Periods::<Test>::get(2).expect("begun").seed_index, 3);
        test(&world);
        check();
    });
    MinVrf::set(0);
}

#[test]
fn first_period_waits_for_a_seed_that_is_younger_than_the_copy() {
    with_a_copy_younger_than_its_seed(|world| {
        let copy = || Copies::<Test>::get(0).expect("a copy");
        let pinner = world.find(&copy().pinner);
        assert_noop!(Datdot::prove(pinner.origin(), 0, 2, world.proofs(0, 2)), E::PeriodNotOfCopy);
        run_to(60);
        assert_ok!(world.prove(0, 3));
        assert_eq!(copy().first_period, Some(3));
        run_to(90);
        assert_eq!((copy().state, copy().faults, copy().last_settled), (CopyState::Active, 0, 3));
    });
}

#[test]
fn settle_weighs_a_period_when_it_only_moves_the_first_one() {
    with_a_copy_younger_than_its_seed(|world| {
        let done = Datdot::settle(world.other.origin(), 0, 1).expect("the first period moves");
        assert_eq!(Copies::<Test>::get(0).expect("a copy").first_period, Some(3));
        let least = PlaceholderWeight::<Test>::settle(1) + PlaceholderWeight::<Test>::end_copies(0);
        assert_eq!((done.actual_weight, done.pays_fee), (Some(least), Pays::No));
        assert_noop!(Datdot::settle(world.other.origin(), 0, 1), E::NothingToSettle);
    });
}
