//! Set-up: keys, seals, deadlines and declines.

use super::{mock::*, world::*};
use crate::{
    rules::{
        draw::Role,
        state::{CopyState, EndReason, SpanState},
        tpe::{salt, tag, SaltInput},
    },
    *,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

type E = Error<Test>;

/// A chain with one copy in set-up since block 10: copy 0 with span 0.
fn assigned() -> (World, sp_io::TestExternalities) {
    let world = World::new(4, 3, 0);
    let mut chain = world.registered();
    chain.execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        run_to(11);
        assert!(Copies::<Test>::contains_key(0));
        take_events();
    });
    (world, chain)
}

fn signer(world: &World) -> Person {
    world.find(&Spans::<Test>::get(0).expect("a span").signer.expect("a signer"))
}

fn pinner(world: &World) -> Person {
    world.find(&Copies::<Test>::get(0).expect("a copy").pinner)
}

fn state() -> SpanState {
    Spans::<Test>::get(0).expect("a span").state
}

fn beta(person: &Person, role: Role) -> u64 {
    Providers::<Test>::get(person.id()).expect("registered").reputation[usize::from(role.byte())].beta
}

#[test]
fn commit_key_stores_the_tag_and_starts_the_second_deadline() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let key = modulus(0);
        let result = Datdot::commit_key(signer(&world).origin(), 0, 65537, key).expect("taken");
        assert_eq!(result.pays_fee, frame_support::dispatch::Pays::No);
        let (span, copy) = (Spans::<Test>::get(0).expect("a span"), Copies::<Test>::get(0).expect("a copy"));
        let salt = salt(&SaltInput {
            genesis: &genesis(),
            core_key: &copy.core,
            fork: 0,
            tree_hash: &copy.tree.tree_hash,
            copy: 0,
            span: 0,
            start: 0,
            end: 4,
            byte_start: 0,
            byte_length: 10_000,
            e: 65537,
            modulus: &key,
            beacon: &span.beacon,
        });
        assert_eq!(span.key, Some(SpanKey { e: 65537, modulus: key, tag: tag(&salt) }));
        assert_eq!((span.state, span.deadline), (SpanState::Keyed, Some(11 + 100)));
        assert_eq!(take_events(), vec![Event::SpanKeyed { span: 0, tag: tag(&salt) }]);
        check();
    });
}

#[test]
fn commit_key_refuses_what_it_must() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let person = signer(&world);
        let commit = |e, modulus| Datdot::commit_key(person.origin(), 0, e, modulus);
        assert_noop!(Datdot::commit_key(RuntimeOrigin::root(), 0, 257, modulus(0)), DispatchError::BadOrigin);
        assert_noop!(Datdot::commit_key(person.origin(), 1, 257, modulus(0)), E::UnknownSpan);
        assert_noop!(Datdot::commit_key(pinner(&world).origin(), 0, 257, modulus(0)), E::NotTheSigner);
        assert_noop!(commit(3, modulus(0)), E::InvalidKey);
        let mut short = modulus(0);
        short[0] &= 0x7f;
        assert_noop!(commit(257, short), E::InvalidKey);
        let mut even = modulus(0);
        even[255] &= 0xfe;
        assert_noop!(commit(257, even), E::InvalidKey);
        assert_noop!(commit(257, [0; 256]), E::InvalidKey);
        skip_to(71);
        assert_noop!(commit(257, modulus(0)), E::DeadlinePassed);
        System::set_block_number(70);
        assert_ok!(commit(257, modulus(0)));
        assert_noop!(commit(257, modulus(1)), E::NotAssigned);
    });
}

#[test]
fn last_seal_makes_the_copy_active() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        world.key_span(0);
        let replica = replica(0);
        let signature = world.seal_signature(0);
        take_events();
        let result = Datdot::seal(pinner(&world).origin(), 0, replica.root(), replica.cells, signature).expect("taken");
        assert_eq!(result.pays_fee, frame_support::dispatch::Pays::No);
        // Activation in window 2: the first period whose seed index is at least 4 is period 1.
        let sealed = Event::SpanSealed { span: 0, root: replica.root(), cells: 40 };
        assert_eq!(take_events(), vec![sealed, Event::CopyActive { copy: 0, first_period: 1 }]);
        let copy = Copies::<Test>::get(0).expect("a copy");
        assert_eq!((copy.state, copy.last_settled, state()), (CopyState::Active, 0, SpanState::Sealed));
        check();
    });
}

#[test]
fn first_period_s_seed_is_two_windows_younger_than_the_activation() {
    // Seed index 4·p at the first block of period p, window = block / 5.
    for (block, first) in [(11, 1), (14, 1), (15, 2), (29, 2), (34, 2), (35, 3)] {
        let (world, mut chain) = assigned();
        chain.execute_with(|| {
            world.key_span(0);
            skip_to(block);
            world.seal_span(0);
            assert_eq!(Copies::<Test>::get(0).expect("a copy").first_period, Some(first), "{block}");
        });
    }
}

#[test]
fn seal_refuses_what_it_must() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let person = pinner(&world);
        assert_noop!(Datdot::seal(person.origin(), 0, [0; 32], 40, [0; 64]), E::NotKeyed);
        world.key_span(0);
        let replica = replica(0);
        let good = world.seal_signature(0);
        let seal = |root, cells, signature| Datdot::seal(person.origin(), 0, root, cells, signature);
        assert_noop!(Datdot::seal(RuntimeOrigin::none(), 0, replica.root(), 40, good), DispatchError::BadOrigin);
        assert_noop!(Datdot::seal(person.origin(), 7, replica.root(), 40, good), E::UnknownSpan);
        assert_noop!(Datdot::seal(signer(&world).origin(), 0, replica.root(), 40, good), E::NotThePinner);
        assert_noop!(seal(replica.root(), 41, good), E::WrongCellCount);
        assert_noop!(seal([1; 32], 40, good), E::BadSealSignature);
        let mut bad = good;
        bad[7] ^= 1;
        assert_noop!(seal(replica.root(), 40, bad), E::BadSealSignature);
        skip_to(112);
        assert_noop!(seal(replica.root(), 40, good), E::DeadlinePassed);
        System::set_block_number(111);
        assert_ok!(seal(replica.root(), 40, good));
        assert_noop!(seal(replica.root(), 40, good), E::NotKeyed);
    });
}

#[test]
fn unkeyed_span_expires_and_costs_its_signer_little() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let (signer, pinner) = (signer(&world), pinner(&world));
        let core = small_core().key();
        skip_to(70);
        assert_noop!(Datdot::expire(world.other.origin(), 0), E::NotExpired);
        assert_noop!(Datdot::expire(RuntimeOrigin::root(), 0), DispatchError::BadOrigin);
        assert_noop!(Datdot::expire(world.other.origin(), 9), E::UnknownSpan);
        skip_to(71);
        take_events();
        assert_ok!(Datdot::expire(world.other.origin(), 0));
        let events = take_events();
        assert_eq!(events[0], Event::SpanExpired { span: 0 });
        assert!(events.contains(&Event::FeeBurned { core, amount: DAT / 10 }));
        assert!(events.contains(&Event::CopyEnded { copy: 0, reason: Reason::Expired }));
        assert!(events.contains(&Event::Requested { core, slot: 0, request: 1, seed: 16 }));
        // One step of forgetting, then a tenth.
        assert_eq!(beta(&signer, Role::Signer), 2_910_000 + 100_000);
        assert_eq!(beta(&pinner, Role::Pinner), 3_000_000);
        assert_eq!(Cores::<Test>::get(core).expect("published").unavailable, 1);
        let copy = Copies::<Test>::get(0).expect("readable");
        assert_eq!((copy.state, copy.locked, state()), (CopyState::Ended(EndReason::Expired), 0, SpanState::Expired));
        assert_eq!(Pots::<Test>::get(core).balance, 100 * DAT - DAT / 10);
        assert_noop!(Datdot::expire(world.other.origin(), 0), E::CopyNotInSetup);
        check();
    });
}

#[test]
fn unsealed_span_expires_at_the_cost_of_both() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let (signer, pinner) = (signer(&world), pinner(&world));
        world.key_span(0);
        skip_to(112);
        assert_ok!(Datdot::expire(world.other.origin(), 0));
        assert_eq!(beta(&signer, Role::Signer), 2_910_000 + 500_000);
        assert_eq!(beta(&pinner, Role::Pinner), 2_910_000 + 500_000);
        assert_eq!(Cores::<Test>::get(small_core().key()).expect("published").unavailable, 0);
        assert_eq!(Totals::<Test>::get().fees, 0);
        check();
    });
}

#[test]
fn sealed_span_does_not_expire() {
    let world = World::new(5, 3, 0);
    world.registered().execute_with(|| {
        world.pin(&large_core(), 100 * DAT, 1);
        run_to(11);
        world.key_span(0);
        world.seal_span(0);
        assert_eq!(Copies::<Test>::get(0).expect("a copy").sealed, 1);
        assert_noop!(Datdot::expire(world.other.origin(), 0), E::AlreadySealed);
        check();
    });
}

#[test]
fn core_without_its_data_three_times_waits_for_a_new_wish() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let core = small_core().key();
        run_to(600);
        assert!(take_events().contains(&Event::CoreUnavailable { core }));
        assert_eq!((Requests::<Test>::iter_prefix(core).count(), NextCopy::<Test>::get()), (0, 3));
        assert_eq!(Totals::<Test>::get().fees, 3 * DAT / 10);
        check();
        assert_ok!(Datdot::set_wish(world.donor.origin(), core, 1));
        assert_eq!(Requests::<Test>::iter_prefix(core).count(), 0, "the same wish again is no new wish");
        assert_ok!(Datdot::donate(world.donor.origin(), core, DAT, 1));
        assert_eq!(Requests::<Test>::iter_prefix(core).count(), 1);
        run_to(612);
        assert_eq!(NextCopy::<Test>::get(), 4);
        let span = Copies::<Test>::get(3).expect("a copy").spans[0];
        world.key_span(span);
        assert_eq!(Cores::<Test>::get(core).expect("published").unavailable, 0);
        check();
    });
}

#[test]
fn decline_costs_nothing_but_only_so_often() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let (signer, pinner, core) = (signer(&world), pinner(&world), small_core().key());
        let policy = DeclineReason::Policy;
        assert_noop!(Datdot::decline(RuntimeOrigin::root(), Duty::Span(0), policy), DispatchError::BadOrigin);
        assert_noop!(Datdot::decline(world.donor.origin(), Duty::Span(0), policy), E::NotRegistered);
        assert_noop!(Datdot::decline(signer.origin(), Duty::Span(5), policy), E::UnknownSpan);
        assert_noop!(Datdot::decline(signer.origin(), Duty::Copy(5), policy), E::UnknownCopy);
        assert_noop!(Datdot::decline(pinner.origin(), Duty::Span(0), policy), E::NotTheSigner);
        assert_noop!(Datdot::decline(signer.origin(), Duty::Copy(0), policy), E::NotThePinner);
        Providers::<Test>::mutate(signer.id(), |provider| {
            provider.as_mut().expect("registered").declines = Declines { period: 0, count: 8 };
        });
        assert_noop!(Datdot::decline(signer.origin(), Duty::Span(0), policy), E::TooManyDeclines);
        skip_to(20);
        take_events();
        let before = beta(&signer, Role::Signer);
        let result = Datdot::decline(signer.origin(), Duty::Span(0), DeclineReason::Unavailable).expect("taken");
        assert_eq!(result.pays_fee, frame_support::dispatch::Pays::No);
        assert_eq!(beta(&signer, Role::Signer), before);
        let events = take_events();
        assert_eq!(events[0], Event::Declined { who: signer.id(), duty: Duty::Span(0), reason: DeclineReason::Unavailable });
        assert!(events.contains(&Event::CopyEnded { copy: 0, reason: Reason::Declined }));
        assert!(events.contains(&Event::Requested { core, slot: 0, request: 1, seed: 6 }));
        assert_eq!(Cores::<Test>::get(core).expect("published").unavailable, 0, "anybody could say so");
        assert_eq!(Totals::<Test>::get().fees, 0);
        let declines = Providers::<Test>::get(signer.id()).expect("registered").declines;
        assert_eq!(declines, Declines { period: 1, count: 1 });
        assert_noop!(Datdot::decline(signer.origin(), Duty::Span(0), policy), E::CopyNotInSetup);
        check();
    });
}

#[test]
fn pinner_declines_a_copy_in_set_up_only() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let (signer, pinner) = (signer(&world), pinner(&world));
        let other = world.pinners.iter().find(|person| person.id() != pinner.id()).expect("another");
        assert_noop!(Datdot::decline(other.origin(), Duty::Copy(0), DeclineReason::Resources), E::NotThePinner);
        world.set_up_all();
        assert_noop!(Datdot::decline(pinner.origin(), Duty::Copy(0), DeclineReason::Resources), E::CopyNotInSetup);
        assert_noop!(Datdot::decline(signer.origin(), Duty::Span(0), DeclineReason::Resources), E::AlreadySealed);
        check();
    });
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        assert_ok!(Datdot::decline(pinner(&world).origin(), Duty::Copy(0), DeclineReason::Resources));
        assert_eq!(Cores::<Test>::get(small_core().key()).expect("published").unavailable, 0);
        check();
    });
}
