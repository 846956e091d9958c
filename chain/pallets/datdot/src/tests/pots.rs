//! Donations, wishes, reclaims.

use super::{author, mock::*, world::*};
use crate::*;
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::DispatchError;

type E = Error<Test>;

fn published() -> (World, author::Author, sp_io::TestExternalities) {
    let world = World::new(0, 0, 0);
    let core = small_core();
    let mut chain = world.chain();
    chain.execute_with(|| world.publish(&core).expect("published"));
    (world, core, chain)
}



#[test]
fn donation_makes_shares_and_asks_for_copies() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        take_events();
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 20 * DAT, 2));
        let request = |slot: u32| Event::Requested { core: core.key(), slot, request: slot.into(), seed: 2 };
        let donated = Event::Donated { core: core.key(), who: world.donor.id(), amount: 20 * DAT, shares: 20 * DAT };
        assert_eq!(take_events(), vec![donated, request(0), request(1)]);
        assert_eq!(Balances::balance(&Datdot::account()), 20 * DAT + LEAST);
        assert_eq!(Balances::balance(&world.donor.id()), FUNDS - 20 * DAT);
        check();
    });
}

#[test]
fn requests_are_only_as_many_as_the_pot_can_pay() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        // One copy locks X + 4·(Y + Z) = 1.6 for one MiB.
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 4 * DAT, 9));
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 2);
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 4 * DAT, 16));
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 5);
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 400 * DAT, 16));
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 16, "MaxCopies");
        check();
    });
}

#[test]
fn donate_refuses_what_it_must() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        let donate = |amount| Datdot::donate(world.donor.origin(), core.key(), amount, 1);
        assert_noop!(Datdot::donate(RuntimeOrigin::root(), core.key(), DAT, 1), DispatchError::BadOrigin);
        assert_noop!(Datdot::donate(world.donor.origin(), [9; 32], DAT, 1), E::UnknownCore);
        assert_noop!(Datdot::donate(world.donor.origin(), core.key(), DAT, 17), E::WishTooHigh);
        assert_noop!(donate(0), E::DonationTooSmall);
        assert_noop!(donate(DAT - 1), E::DonationTooSmall);
        assert_noop!(donate(FUNDS + 1), E::InsufficientBalance);
        assert_noop!(donate(u128::MAX), E::InsufficientBalance);
        assert_ok!(donate(DAT));
        assert_noop!(donate(u128::MAX), E::PotFull);
    });
}

#[test]
fn set_wish_changes_the_queue_from_its_highest_slot() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 100 * DAT, 4));
        take_events();
        assert_ok!(Datdot::set_wish(world.donor.origin(), core.key(), 2));
        let wish = Event::WishSet { core: core.key(), who: world.donor.id(), wish: 2 };
        let dropped = |slot: u32| Event::RequestDropped { core: core.key(), slot, request: slot.into() };
        assert_eq!(take_events(), vec![wish, dropped(3), dropped(2)]);
        check();
        assert_ok!(Datdot::set_wish(world.donor.origin(), core.key(), 3));
        let ids: Vec<u64> = [0, 1, 2].map(|slot| Requests::<Test>::get(core.key(), slot).expect("queued").request_id).into();
        assert_eq!(ids, vec![0, 1, 4], "a request that was dropped is a new one when it comes back");
        check();
    });
}

#[test]
fn set_wish_refuses_what_it_must() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_noop!(Datdot::set_wish(RuntimeOrigin::root(), core.key(), 1), DispatchError::BadOrigin);
        assert_noop!(Datdot::set_wish(world.donor.origin(), [9; 32], 1), E::UnknownCore);
        assert_noop!(Datdot::set_wish(world.donor.origin(), core.key(), 1), E::NoShare);
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), DAT, 1));
        assert_noop!(Datdot::set_wish(world.other.origin(), core.key(), 1), E::NoShare);
        assert_noop!(Datdot::set_wish(world.donor.origin(), core.key(), 17), E::WishTooHigh);
    });
}

#[test]
fn wishes_count_by_shares() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 60 * DAT, 1));
        assert_ok!(Datdot::donate(world.other.origin(), core.key(), 40 * DAT, 16));
        // (60·1 + 40·16) / 100: the wish of a minority counts by its money, not by its number.
        assert_eq!(Pots::<Test>::get(core.key()).wanted(16), 7);
        assert_ok!(Datdot::set_wish(world.other.origin(), core.key(), 2));
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 1);
        check();
    });
}

#[test]
fn reclaim_gives_each_donor_its_part_and_nothing_more() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 60 * DAT, 0));
        assert_ok!(Datdot::donate(world.other.origin(), core.key(), 40 * DAT, 0));
        // A tenth of the pot is burned by work.
        Pots::<Test>::mutate(core.key(), |pot| pot.burn(10 * DAT, &mut 0)).expect("enough");
        Datdot::destroy(10 * DAT);
        take_events();
        assert_ok!(Datdot::reclaim(world.donor.origin(), core.key()));
        let reclaimed = |person: &Person, amount| Event::Reclaimed { core: core.key(), who: person.id(), amount };
        assert_eq!(take_events(), vec![reclaimed(&world.donor, 54 * DAT)]);
        assert_noop!(Datdot::reclaim(world.donor.origin(), core.key()), E::NoShare);
        assert_ok!(Datdot::reclaim(world.other.origin(), core.key()));
        assert_eq!(take_events(), vec![reclaimed(&world.other, 36 * DAT)]);
        assert_eq!(Balances::balance(&Datdot::account()), LEAST);
        check();
    });
}

#[test]
fn dust_of_the_last_donor_is_burned_as_a_fee() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 3 * DAT, 0));
        // Shares of which a rescale left nothing.
        Shares::<Test>::mutate(core.key(), world.donor.id(), |share| share.as_mut().expect("a share").n = 0);
        take_events();
        assert_ok!(Datdot::reclaim(world.donor.origin(), core.key()));
        let burned = Event::FeeBurned { core: core.key(), amount: 3 * DAT };
        assert!(take_events().contains(&burned));
        assert_eq!(Totals::<Test>::get().fees, 3 * DAT);
        assert_ok!(Datdot::reap(world.other.origin(), core.key()));
        check();
    });
}

#[test]
fn reclaim_refuses_what_it_must() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_noop!(Datdot::reclaim(RuntimeOrigin::root(), core.key()), DispatchError::BadOrigin);
        assert_noop!(Datdot::reclaim(world.donor.origin(), [9; 32]), E::UnknownCore);
        assert_noop!(Datdot::reclaim(world.donor.origin(), core.key()), E::NoShare);
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 10 * DAT, 1));
        assert_noop!(Datdot::reclaim(world.donor.origin(), core.key()), E::CoreInUse);
        assert_ok!(Datdot::set_wish(world.donor.origin(), core.key(), 0));
        assert_ok!(Datdot::reclaim(world.donor.origin(), core.key()));
    });
}

#[test]
fn old_shares_stay_worthless_after_a_pot_was_emptied_and_its_core_reaped() {
    let (world, core, mut chain) = published();
    chain.execute_with(|| {
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 5 * DAT, 0));
        Pots::<Test>::mutate(core.key(), |pot| pot.burn(5 * DAT, &mut 0)).expect("enough");
        Datdot::destroy(5 * DAT);
        assert_ok!(Datdot::reap(world.other.origin(), core.key()));
        assert_ok!(world.publish(&core));
        assert_ok!(Datdot::donate(world.other.origin(), core.key(), 7 * DAT, 0));
        take_events();
        assert_ok!(Datdot::reclaim(world.donor.origin(), core.key()));
        assert_eq!(take_events(), vec![Event::Reclaimed { core: core.key(), who: world.donor.id(), amount: 0 }]);
        assert_ok!(Datdot::reclaim(world.other.origin(), core.key()));
        assert_eq!(Balances::balance(&world.donor.id()), FUNDS - 5 * DAT);
        check();
    });
}
