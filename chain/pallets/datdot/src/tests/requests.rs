//! The queue, its seeds and the draw of a copy.

use super::{author::Author, mock::*, world::*};
use crate::{
    weights::{PlaceholderWeight, WeightInfo},
    rules::{draw::salt_beacon, settle::lock_of, state::{CopyState, EndReason, FailReason, SpanState}},
    *,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

type E = Error<Test>;

fn request(core: &Author, slot: u32) -> Request {
    Requests::<Test>::get(core.key(), slot).expect("queued")
}

#[test]
fn assign_draws_locks_and_reserves() {
    let world = World::new(5, 3, 0);
    let core = large_core();
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        skip_to(10);
        take_events();
        assert_ok!(Datdot::assign(world.other.origin(), core.key()));
        let copy = Copies::<Test>::get(0).expect("a copy");
        let event = Event::CopyAssigned {
            copy: 0,
            core: core.key(),
            slot: 0,
            request: 0,
            pinner: copy.pinner.clone(),
            spans: vec![0, 1, 2, 3].try_into().expect("four"),
        };
        assert_eq!(take_events(), vec![event]);
        let pot = Pots::<Test>::get(core.key());
        assert_eq!((pot.balance, pot.locked), (100 * DAT, copy.locked));
        assert_eq!(copy.locked, copy.prices.x + 4 * (copy.prices.y + copy.prices.z));
        let seed = Seeds::<Test>::get(2).expect("stored").value;
        let spans: Vec<Span> = copy.spans.iter().map(|id| Spans::<Test>::get(id).expect("a span")).collect();
        assert_eq!((spans[0].start, spans[3].end, spans[0].byte_start), (0, 77, 0));
        assert_eq!(spans.iter().map(|span| span.byte_length).sum::<u64>(), core.byte_length());
        let signers: std::collections::BTreeSet<_> = spans.iter().map(|span| span.signer.clone()).collect();
        assert_eq!(signers.len(), 4, "enough signers: one a span");
        for (number, span) in spans.iter().enumerate() {
            assert_eq!(span.beacon, salt_beacon(&seed, &core.key(), 0, 0, number as u64));
            assert_eq!((span.state, span.deadline), (SpanState::Assigned, Some(70)));
            let signer = span.signer.clone().expect("a signer");
            assert_eq!(span.signer_noise_key, Some(world.find(&signer).noise_key()));
            assert!(Duties::<Test>::contains_key(&signer, Duty::Span(copy.spans[number])));
        }
        let cells: u64 = spans.iter().map(|span| span.byte_length.div_ceil(255)).sum();
        let provider = Providers::<Test>::get(&copy.pinner).expect("registered");
        assert_eq!(provider.reserved, 256 * cells + 80 * 77);
        check();
    });
}

#[test]
fn assign_refuses_what_it_must() {
    let world = World::new(5, 3, 0);
    let core = small_core();
    world.registered().execute_with(|| {
        let assign = || world.assign(&core);
        assert_noop!(Datdot::assign(RuntimeOrigin::root(), core.key()), DispatchError::BadOrigin);
        assert_noop!(assign(), E::UnknownCore);
        assert_ok!(world.publish(&core));
        assert_noop!(assign(), E::NoRequest);
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 20 * DAT, 2));
        assert_noop!(assign(), E::SeedNotReady);
        skip_to(9);
        assert_noop!(assign(), E::SeedNotReady);
        skip_to(10);
        // The oldest request waits longer than the other.
        Requests::<Test>::mutate(core.key(), 0, |request| request.as_mut().expect("queued").seed = 3);
        assert_noop!(assign(), E::OutOfOrder);
        Requests::<Test>::mutate(core.key(), 0, |request| request.as_mut().expect("queued").seed = 2);
        Pots::<Test>::mutate(core.key(), |pot| pot.burn(19 * DAT, &mut 0)).expect("enough");
        Datdot::destroy(19 * DAT);
        assert_noop!(assign(), E::Underfunded);
        // A refusal comes before the draw, and costs no more than that.
        let refused = Datdot::assign(world.other.origin(), core.key()).expect_err("too poor").post_info.actual_weight;
        let declared = PlaceholderWeight::<Test>::assign(64);
        assert!(refused.is_some_and(|weight| weight.ref_time() > 0 && weight.ref_time() < declared.ref_time() / 10));
    });
}

#[test]
fn request_that_the_pot_can_no_longer_pay_gives_way_to_those_of_a_smaller_tree() {
    let world = World::new(5, 3, 0);
    let old = large_core();
    let new = Author { fork: 1, sizes: vec![1000], ..old.clone() };
    world.registered().execute_with(|| {
        world.pin(&old, 100 * DAT, 1);
        skip_to(6);
        assert_ok!(world.publish(&new));
        assert_ok!(Datdot::set_wish(world.donor.origin(), old.key(), 3));
        let lengths = [0, 1, 2].map(|slot| request(&old, slot).tree.length);
        assert_eq!(lengths, [77, 1, 1], "the first one's seed is being made");
        let cost = lock_of(&Datdot::prices_of(&Datdot::params(), &request(&old, 1).tree), Datdot::params().min_periods);
        let rest = Pots::<Test>::get(old.key()).free() - 2 * cost;
        Pots::<Test>::mutate(old.key(), |pot| pot.burn(rest, &mut 0)).expect("enough");
        Datdot::destroy(rest);
        skip_to(10);
        take_events();
        assert_noop!(world.assign(&old), E::Underfunded);
        next_block(true);
        let dropped = Event::RequestDropped { core: old.key(), slot: 0, request: 0 };
        assert!(take_events().contains(&dropped));
        let is_drawn = || Copies::<Test>::iter_values().any(|copy| copy.tree.length == 1);
        let draw = (12..60).find(|block| {
            run_to(*block);
            is_drawn()
        });
        assert!(draw.is_some(), "the others are drawn");
        check();
    });
}

#[test]
fn failed_draw_says_what_is_missing_and_waits_for_later_seeds() {
    let missing = |world: &World, core: &Author| {
        world.registered().execute_with(|| {
            world.pin(core, 100_000 * DAT, 1);
            skip_to(10);
            take_events();
            assert_ok!(Datdot::assign(world.other.origin(), core.key()));
            check();
            assert_eq!((request(core, 0).attempt, request(core, 0).seed), (1, 4));
            match &take_events()[..] {
                [Event::DrawFailed { missing, slot: 0, .. }] => *missing,
                other => panic!("{other:?}"),
            }
        })
    };
    assert_eq!(missing(&World::new(3, 0, 0), &small_core()), Missing::NoPinners);
    assert_eq!(missing(&World::new(0, 3, 0), &small_core()), Missing::NoSigners);
    // Too large for any pinner.
    let huge = Author::new(8, vec![1 << 33]);
    assert_eq!(missing(&World::new(3, 3, 0), &huge), Missing::Pinner);
}

#[test]
fn signer_that_is_missing_is_named_by_its_span_and_found_later() {
    let world = World::new(1, 1, 0);
    let core = large_core();
    world.chain().execute_with(|| {
        assert_ok!(world.pinners[0].register(2, 4 << 30));
        // The only signer is the pinner itself.
        assert_ok!(Datdot::update_provider(world.pinners[0].origin(), 3, 4 << 30, false, None));
        world.pin(&core, 100 * DAT, 1);
        run_to(11);
        let failed = |event: &Event<Test>| matches!(event, Event::DrawFailed { missing: Missing::Signer { span: 0 }, .. });
        assert!(take_events().iter().any(failed));
        assert_ok!(world.signers[0].register(1, 0));
        run_to(60);
        assert_eq!(Copies::<Test>::iter().count(), 1, "one signer takes all spans when there is no other");
        check();
    });
}

#[test]
fn provider_that_came_after_the_request_s_window_is_not_drawn() {
    let world = World::new(4, 2, 0);
    let core = small_core();
    world.chain().execute_with(|| {
        world.signers.iter().for_each(|person| person.register(1, 0).expect("registered"));
        world.pin(&core, 100 * DAT, 1);
        skip_to(4);
        assert_ok!(world.pinners[0].register(2, 1 << 30));
        skip_to(5);
        // Block 5 begins the window between the request's and the seed's.
        assert_ok!(world.pinners[1].register(2, 1 << 30));
        skip_to(10);
        assert_eq!(Seeds::<Test>::get(1).expect("stored").counts, [4, 1, 0]);
        for slot in 0..8 {
            VrfSalt::set(slot);
            assert_ok!(Datdot::assign(world.other.origin(), core.key()));
            if let Some(copy) = Copies::<Test>::get(0) {
                assert_eq!(copy.pinner, world.pinners[0].id());
                return;
            }
            skip_to(System::block_number() + 10);
        }
        panic!("nobody was drawn");
    });
}

#[test]
fn draw_does_not_depend_on_its_caller_or_its_block() {
    let world = World::new(6, 6, 0);
    let core = large_core();
    let crew = |late: u32, caller: &Person| {
        world.registered().execute_with(|| {
            world.pin(&core, 100 * DAT, 1);
            skip_to(late);
            assert_ok!(Datdot::assign(caller.origin(), core.key()));
            let copy = Copies::<Test>::get(0).expect("a copy");
            let signers: Vec<_> = copy.spans.iter().map(|id| Spans::<Test>::get(id).expect("a span").signer).collect();
            (copy.pinner, signers)
        })
    };
    let first = crew(10, &world.other);
    assert_eq!(first, crew(10, &world.donor));
    assert_eq!(first, crew(48, &world.pinners[3]));
}

#[test]
fn window_without_enough_vrf_outputs_is_skipped() {
    let world = World::new(5, 3, 0);
    let core = small_core();
    MinVrf::set(3);
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        skip_to(5);
        HasVrf::set(false);
        skip_to(10);
        assert_eq!(Seeds::<Test>::get(2).expect("stored").vrfs, 0);
        assert_noop!(world.assign(&core), E::SeedNotReady);
        HasVrf::set(true);
        skip_to(15);
        assert_eq!(Seeds::<Test>::get(3).expect("stored").vrfs, 5);
        assert_ok!(Datdot::assign(world.other.origin(), core.key()));
        assert!(Copies::<Test>::get(0).is_none_or(|copy| copy.seed == 3));
        check();
    });
    MinVrf::set(0);
}

#[test]
fn request_whose_seed_is_no_longer_stored_gets_another() {
    let world = World::new(5, 3, 0);
    let core = small_core();
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        skip_to(66 * 5);
        take_events();
        // Seed 2 is pruned with seed 66, seed 1 with seed 65.
        assert_ok!(Datdot::assign(world.other.origin(), core.key()));
        assert_eq!(take_events(), vec![Event::Requested { core: core.key(), slot: 0, request: 0, seed: 68 }]);
        assert_eq!(request(&core, 0).attempt, 1);
        skip_to(68 * 5);
        assert_ok!(Datdot::assign(world.other.origin(), core.key()));
        check();
    });
}

#[test]
fn span_of_empty_blocks_is_sealed_at_assignment() {
    let world = World::new(3, 3, 0);
    // Three spans, the middle one of empty blocks.
    let mut sizes = vec![1_500_000, 0];
    sizes.extend([0; 2]);
    sizes.extend([1_500_000, 1_000_000]);
    let core = Author::new(6, sizes);
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        run_to(11);
        let copy = Copies::<Test>::get(0).expect("a copy");
        let empty = Spans::<Test>::get(copy.spans[1]).expect("a span");
        assert_eq!((empty.signer, empty.state, empty.cells, empty.deadline), (None, SpanState::Sealed, 0, None));
        assert_eq!(copy.sealed, 1);
        world.set_up_all();
        assert!(Copies::<Test>::get(0).expect("a copy").first_period.is_some());
        check();
    });
}

#[test]
fn surplus_copies_in_set_up_end_at_once_and_active_ones_after_their_period() {
    let world = World::new(4, 7, 3);
    let core = small_core();
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 6);
        run_to(30);
        assert_eq!(CoreCopies::<Test>::iter_prefix(core.key()).count(), 6);
        for id in [0, 1] {
            let copy = Copies::<Test>::get(id).expect("a copy");
            world.set_up(id, &copy);
        }
        run_to(62);
        take_events();
        assert_ok!(Datdot::set_wish(world.donor.origin(), core.key(), 0));
        let events = take_events();
        let ended = events.iter().filter(|event| matches!(event, Event::CopyEnded { reason: Reason::Unwanted, .. })).count();
        assert_eq!(ended, 4, "one call ends four copies in set-up");
        next_block(true);
        let ending: Vec<u64> = [0, 1].into_iter().filter(|id| Copies::<Test>::get(id).expect("a copy").ends_after == Some(3)).collect();
        assert_eq!(ending, vec![0, 1]);
        assert_eq!(CoreCopies::<Test>::iter_prefix(core.key()).count(), 0);
        check();
        assert_noop!(Datdot::reclaim(world.donor.origin(), core.key()), E::CoreInUse);
        assert_ok!(world.prove(0, 3));
        world.report_served(0, 3);
        let before = Totals::<Test>::get().minted;
        run_to(86);
        check();
        assert!(Totals::<Test>::get().minted > before, "the last period is paid");
        let state = |id| Copies::<Test>::get(id).expect("readable").state;
        // Copy 1 proved neither period 2 nor period 3.
        assert_eq!(state(0), CopyState::Ended(EndReason::Unwanted));
        assert_eq!(state(1), CopyState::Failed(FailReason::Faults));
        assert_ok!(Datdot::reclaim(world.donor.origin(), core.key()));
        check();
    });
}

#[test]
fn copies_that_ended_are_forgotten_some_periods_later() {
    let world = World::new(3, 3, 0);
    let core = small_core();
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        run_to(900);
        // Nobody sets anything up: every attempt expires, three make the core unavailable.
        assert!(Cores::<Test>::get(core.key()).expect("published").unavailable >= 3);
        for _ in 0..6 {
            assert_ok!(Datdot::donate(world.donor.origin(), core.key(), DAT, 1));
            run_to(System::block_number() + 300);
            check();
        }
        assert!(NextCopy::<Test>::get() >= 12);
        assert!(Copies::<Test>::iter().count() <= 4, "{}", Copies::<Test>::iter().count());
        assert_eq!(Spans::<Test>::iter().count(), Copies::<Test>::iter().count());
    });
}
