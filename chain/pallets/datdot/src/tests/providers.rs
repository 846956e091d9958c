//! Registration, slots and deposits.

use super::{mock::*, world::*};
use crate::{rules::draw::Role, rules::reputation::Change, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use sp_runtime::DispatchError;

const SIGNER: u8 = 1;
const PINNER: u8 = 2;
const VERIFIER: u8 = 4;
const UNIT: u64 = 1 << 30;

type E = Error<Test>;

fn world() -> (World, sp_io::TestExternalities) {
    let world = World::new(2, 2, 2);
    let chain = world.chain();
    (world, chain)
}

fn held(person: &Person) -> u128 {
    Balances::balance_on_hold(&HoldReason::Registration.into(), &person.id())
}

#[test]
fn register_holds_the_deposit_and_takes_the_slots() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.pinners[0];
        assert_ok!(person.register(SIGNER | PINNER | VERIFIER, 2 * UNIT + 1));
        assert_eq!(held(person), 50 * DAT, "three pinner units and two other roles");
        assert_eq!(Role::ALL.map(RoleCount::<Test>::get), [1, 3, 1]);
        assert_eq!(ProviderSlots::<Test>::get(person.id(), Role::Pinner).into_inner(), vec![0, 1, 2]);
        let provider = Providers::<Test>::get(person.id()).expect("registered");
        assert_eq!(provider.reputation.map(|reputation| reputation.r_ppm()), [250_000; 3]);
        assert_eq!(provider.payout, person.id());
        let event = Event::ProviderRegistered {
            who: person.id(),
            roles: 7,
            noise_key: person.noise_key(),
            capacity: 2 * UNIT + 1,
        };
        assert_eq!(take_events(), vec![event]);
        check();
    });
}

#[test]
fn register_refuses_what_it_must() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.pinners[0];
        let call = |roles, capacity| Datdot::register(person.origin(), roles, person.noise_key(), person.noise_proof(), capacity);
        assert_noop!(
            Datdot::register(RuntimeOrigin::root(), PINNER, person.noise_key(), person.noise_proof(), UNIT),
            DispatchError::BadOrigin
        );
        assert_noop!(call(0, 0), E::InvalidRoles);
        assert_noop!(call(8 | SIGNER, 0), E::InvalidRoles);
        assert_noop!(call(PINNER, 0), E::InvalidCapacity);
        assert_noop!(call(SIGNER, 1), E::InvalidCapacity);
        assert_noop!(call(PINNER, 64 * UNIT + 1), E::TooManySlots);
        assert_noop!(call(PINNER, u64::MAX), E::TooManySlots);
        let other = &world.pinners[1];
        let stolen = Datdot::register(person.origin(), SIGNER, other.noise_key(), person.noise_proof(), 0);
        assert_noop!(stolen, E::BadNoiseProof);
        let replayed = Datdot::register(person.origin(), SIGNER, other.noise_key(), other.noise_proof(), 0);
        assert_noop!(replayed, E::BadNoiseProof);
        assert_ok!(call(PINNER, UNIT));
        assert_noop!(call(SIGNER, 0), E::AlreadyRegistered);
        let taken = Datdot::register(other.origin(), SIGNER, person.noise_key(), other.noise_proof(), 0);
        assert_noop!(taken, E::NoiseKeyTaken);
        let poor = Person::new(9);
        assert_noop!(poor.register(SIGNER, 0), E::InsufficientBalance);
        RoleCount::<Test>::insert(Role::Verifier, u32::MAX);
        assert_noop!(other.register(VERIFIER, 0), E::Overflow);
    });
}

#[test]
fn register_demands_the_float_beside_the_deposit() {
    let poor = Person::new(9);
    let funds = |amount| {
        let mut chain = chain(&[]);
        chain.execute_with(|| {
            assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), poor.id(), amount));
            poor.register(SIGNER, 0)
        })
    };
    // The held deposit does not count towards the existential deposit of what is free.
    assert_eq!(funds(11 * DAT), Err(E::FloatTooLow.into()));
    assert_eq!(funds(11 * DAT + LEAST), Ok(()));
}

#[test]
fn update_provider_grows_and_shrinks() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.pinners[0];
        assert_ok!(person.register(PINNER, 2 * UNIT));
        let update = |roles, capacity| Datdot::update_provider(person.origin(), roles, capacity, false, None);
        assert_ok!(update(PINNER | SIGNER, 4 * UNIT));
        assert_eq!(held(person), 50 * DAT);
        check();
        assert_ok!(update(PINNER, UNIT));
        check();
        assert_eq!(held(person), 50 * DAT, "a deposit comes back only when the provider leaves");
        let until = |index| RoleSlots::<Test>::get(Role::Pinner, index).expect("a slot").until;
        assert_eq!([0, 1, 2, 3].map(until), [None, Some(40), Some(40), Some(40)]);
        take_events();
        let other = world.other.id();
        assert_ok!(Datdot::update_provider(person.origin(), PINNER, UNIT, true, Some(other.clone())));
        let event = Event::ProviderUpdated { who: person.id(), roles: PINNER, capacity: UNIT, paused: true, payout: other };
        assert_eq!(take_events(), vec![event]);
        check();
    });
}

#[test]
fn slots_that_ended_stay_charged_until_they_are_free_again() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.pinners[0];
        assert_ok!(person.register(PINNER, 60 * UNIT));
        let update = |capacity| Datdot::update_provider(person.origin(), PINNER, capacity, false, None);
        assert_ok!(update(UNIT));
        assert_noop!(update(6 * UNIT), E::TooManySlots);
        assert_ok!(update(5 * UNIT));
        assert_eq!(held(person), 640 * DAT);
        // They ended at block 40 and may be taken again two periods later.
        skip_to(79);
        assert_noop!(update(6 * UNIT), E::TooManySlots);
        skip_to(80);
        assert_ok!(update(60 * UNIT));
        check();
        assert_eq!(RoleCount::<Test>::get(Role::Pinner), 64, "slots are used again");
        assert_eq!(held(person), 640 * DAT);
    });
}

#[test]
fn update_provider_refuses_what_it_must() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.pinners[0];
        let update = |roles, capacity| Datdot::update_provider(person.origin(), roles, capacity, false, None);
        assert_noop!(update(PINNER, UNIT), E::NotRegistered);
        assert_noop!(Datdot::update_provider(RuntimeOrigin::none(), 1, 0, false, None), DispatchError::BadOrigin);
        assert_ok!(person.register(PINNER, UNIT));
        assert_noop!(update(0, 0), E::InvalidRoles);
        assert_noop!(update(16, 0), E::InvalidRoles);
        assert_noop!(update(PINNER, 0), E::InvalidCapacity);
        assert_noop!(update(PINNER, 65 * UNIT), E::TooManySlots);
        Providers::<Test>::mutate(person.id(), |provider| provider.as_mut().expect("registered").reserved = UNIT);
        assert_noop!(update(PINNER, UNIT - 1), E::CapacityInUse);
        assert_noop!(update(SIGNER, 0), E::CapacityInUse);
        Providers::<Test>::mutate(person.id(), |provider| provider.as_mut().expect("registered").reserved = 0);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), person.id(), LEAST));
        assert_noop!(update(PINNER, 2 * UNIT), E::InsufficientBalance);
        assert_ok!(Datdot::deregister(person.origin()));
        assert_noop!(update(PINNER, 2 * UNIT), E::Leaving);
    });
}

#[test]
fn leaving_takes_two_calls_and_sixteen_periods() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.verifiers[0];
        assert_noop!(Datdot::deregister(person.origin()), E::NotRegistered);
        assert_noop!(Datdot::deregister(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_ok!(person.register(VERIFIER | SIGNER, 0));
        skip_to(25);
        take_events();
        assert_ok!(Datdot::deregister(person.origin()));
        assert_eq!(take_events(), vec![Event::ProviderLeaving { who: person.id(), until: 60 }]);
        check();
        skip_to(60 + 14 * 20 - 1);
        assert_noop!(Datdot::deregister(person.origin()), E::DepositLocked);
        skip_to(60 + 14 * 20);
        Duties::<Test>::insert(person.id(), Duty::Span(9), ());
        assert_noop!(Datdot::deregister(person.origin()), E::HasDuties);
        Duties::<Test>::remove(person.id(), Duty::Span(9));
        take_events();
        assert_ok!(Datdot::deregister(person.origin()));
        assert_eq!(take_events(), vec![Event::ProviderLeft { who: person.id(), deposit: 20 * DAT }]);
        assert_eq!(held(person), 0);
        assert_eq!(Balances::total_balance(&person.id()), FUNDS);
        assert_noop!(Datdot::deregister(person.origin()), E::NotRegistered);
        check();
    });
}

#[test]
fn coming_back_keeps_a_bad_reputation_and_the_noise_key() {
    let (world, mut chain) = world();
    chain.execute_with(|| {
        let person = &world.verifiers[0];
        assert_ok!(person.register(VERIFIER, 0));
        Datdot::change_reputation(&person.id(), Role::Verifier, 0, Change { alpha: 0, beta: 6_000_000 });
        assert_eq!(Datdot::reputation_ppm(&person.id(), Role::Verifier), 100_000);
        assert_ok!(Datdot::deregister(person.origin()));
        skip_to(40 + 14 * 20);
        assert_ok!(Datdot::deregister(person.origin()));
        let other = &world.verifiers[1];
        let taken = Datdot::register(other.origin(), SIGNER, person.noise_key(), other.noise_proof(), 0);
        assert_noop!(taken, E::NoiseKeyTaken);
        assert_ok!(person.register(VERIFIER, 0));
        assert_eq!(Datdot::reputation_ppm(&person.id(), Role::Verifier), 100_000);
        check();
        // A new noise key frees the old one.
        assert_ok!(Datdot::deregister(person.origin()));
        skip_to(System::block_number() + 17 * 20);
        assert_ok!(Datdot::deregister(person.origin()));
        let fresh = Person { noise: Person::new(77).noise, ..person.clone() };
        assert_ok!(fresh.register(VERIFIER, 0));
        assert_eq!(NoiseKeys::<Test>::get(person.noise_key()), None);
        check();
    });
}
