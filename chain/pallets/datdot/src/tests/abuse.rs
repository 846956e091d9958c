//! What calls cannot be used for (README, "Beyond the protocol's text").

use super::{mock::*, world::*};
use crate::{
    rules::{draw::Role, state::SpanState},
    weights::{PlaceholderWeight, WeightInfo},
    *,
};
use frame_support::{assert_noop, assert_ok};

type E = Error<Test>;
type Weigh = PlaceholderWeight<Test>;

/// A chain with copy 0 of a core of four spans in set-up since block 10.
fn assigned() -> (World, sp_io::TestExternalities) {
    let world = World::new(5, 3, 0);
    let mut chain = world.registered();
    chain.execute_with(|| {
        world.pin(&large_core(), 500 * DAT, 1);
        run_to(11);
        assert_eq!(copy().spans.len(), 4);
    });
    (world, chain)
}

fn copy() -> Copy {
    Copies::<Test>::get(0).expect("a copy")
}

fn signer(world: &World, span: u64) -> Person {
    world.find(&Spans::<Test>::get(span).expect("a span").signer.expect("a signer"))
}

fn unavailable() -> u32 {
    Cores::<Test>::get(large_core().key()).expect("published").unavailable
}

#[test]
fn decline_after_the_deadline_does_not_get_around_the_penalty() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let pinner = world.find(&copy().pinner);
        let spans = copy().spans;
        world.key_span(spans[1]);
        skip_to(70);
        world.key_span(spans[2]);
        skip_to(71);
        // Spans 0 and 3 are past D1, the others keyed.
        let decline = |who: &Person, duty| Datdot::decline(who.origin(), duty, DeclineReason::Policy);
        assert_noop!(decline(&signer(&world, spans[0]), Duty::Span(spans[0])), E::DeadlinePassed);
        assert_noop!(decline(&pinner, Duty::Copy(0)), E::DeadlinePassed);
        let late = signer(&world, spans[0]);
        let before = Providers::<Test>::get(late.id()).expect("registered").reputation[0].beta;
        assert_ok!(Datdot::expire(world.other.origin(), spans[0]));
        let after = Providers::<Test>::get(late.id()).expect("registered").reputation[0].beta;
        assert_eq!(after, before * 97 / 100 + 100_000);
        check();
    });
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let spans = copy().spans;
        world.key_span(spans[1]);
        skip_to(111);
        // D2 of span 1 is 100 blocks and one for each 64 KiB: its signer is still in time, the pinner is not.
        let deadline = Spans::<Test>::get(spans[1]).and_then(|span| span.deadline).expect("keyed");
        assert!(deadline > 111);
        let pinner = world.find(&copy().pinner);
        assert_noop!(Datdot::decline(pinner.origin(), Duty::Copy(0), DeclineReason::Policy), E::DeadlinePassed);
        assert_ok!(Datdot::decline(signer(&world, spans[1]).origin(), Duty::Span(spans[1]), DeclineReason::Policy));
        check();
    });
}

#[test]
fn signer_that_declines_does_not_make_a_core_unavailable() {
    let world = World::new(4, 3, 0);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        for id in 0..4 {
            while !Copies::<Test>::contains_key(id) {
                next_block(true);
            }
            let span = Copies::<Test>::get(id).expect("a copy").spans[0];
            let person = signer(&world, span);
            assert_ok!(Datdot::decline(person.origin(), Duty::Span(span), DeclineReason::Unavailable));
        }
        let core = Cores::<Test>::get(small_core().key()).expect("published");
        assert_eq!((core.unavailable, core.requests), (0, 1), "the core is drawn again");
        check();
    });
}

#[test]
fn one_key_does_not_hide_that_the_other_signers_got_no_data() {
    let (world, mut chain) = assigned();
    chain.execute_with(|| {
        let key = large_core().key();
        Cores::<Test>::mutate(key, |core| core.as_mut().expect("published").unavailable = 2);
        for (number, span) in copy().spans.iter().enumerate() {
            assert_eq!(unavailable(), 2, "{number} keys");
            world.key_span(*span);
        }
        assert_eq!(unavailable(), 0, "all signers have the data");
    });
}

#[test]
fn signer_of_a_sealed_span_may_leave_and_is_still_paid() {
    let world = World::new(3, 3, 4);
    world.registered().execute_with(|| {
        let id = world.active(&small_core(), 5000 * DAT, 1);
        let span = Copies::<Test>::get(id).expect("a copy").spans[0];
        let person = signer(&world, span);
        assert_eq!(Spans::<Test>::get(span).expect("a span").state, SpanState::Sealed);
        assert_eq!(Duties::<Test>::iter_key_prefix(person.id()).count(), 0);
        assert_eq!(CoreParties::<Test>::get(small_core().key(), person.id()).signer, 1, "it may not pin what it signed");
        assert_ok!(Datdot::deregister(person.origin()));
        let mut paid = 0;
        for period in 2..30 {
            skip_to(period * 20);
            if period == 20 {
                assert_ok!(Datdot::deregister(person.origin()));
                assert_eq!(Providers::<Test>::get(person.id()).expect("kept").roles, 0);
            }
            assert_ok!(world.prove(id, period));
            // Verdicts come late, so that parts are left when the signer is gone.
            if period > 21 {
                world.report_served(id, period);
            }
            let to_signer = |event: &Event<Test>| matches!(event, Event::Paid { who, role: Role::Signer, .. } if *who == person.id());
            paid += take_events().iter().filter(|event| to_signer(event)).count();
            check();
        }
        assert!(paid >= 5, "{paid} parts");
    });
}

#[test]
fn stranger_cannot_reap_a_core_before_its_first_donation() {
    let world = World::new(0, 0, 0);
    let core = small_core();
    world.chain().execute_with(|| {
        assert_ok!(world.publish(&core));
        assert_noop!(Datdot::reap(world.donor.origin(), core.key()), E::ReapTooEarly);
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), DAT, 1));
    });
    world.chain().execute_with(|| {
        assert_ok!(world.publish(&core));
        assert_ok!(Datdot::reap(world.other.origin(), core.key()), ());
        check();
    });
}

#[test]
fn free_period_does_not_start_the_unfunded_count_again() {
    let world = World::new(3, 2, 5);
    world.registered().execute_with(|| {
        let id = world.active(&small_core(), 2 * DAT, 1);
        let key = small_core().key();
        let rest = Pots::<Test>::get(key).balance;
        Pots::<Test>::mutate(key, |pot| {
            let mut lock = pot.locked;
            pot.burn(rest, &mut lock)
        })
        .expect("enough");
        Copies::<Test>::mutate(id, |copy| copy.as_mut().expect("a copy").locked = 0);
        Datdot::destroy(rest);
        let unfunded = || Copies::<Test>::get(id).expect("a copy").unfunded;
        let first = Datdot::current_period();
        assert_ok!(world.prove(id, first));
        skip_to((first + 1) * 20 + 2);
        assert_ok!(Datdot::settle(world.other.origin(), id, 1));
        assert_eq!(unfunded(), 1);
        // Nothing is proved in the next period, so nothing is to be paid.
        skip_to((first + 2) * 20 + 2);
        assert_ok!(Datdot::settle(world.other.origin(), id, 1));
        assert_eq!(unfunded(), 1);
        check();
    });
}

#[test]
fn call_that_settles_weighs_what_it_settled() {
    let world = World::new(3, 2, 5);
    world.registered().execute_with(|| {
        let id = world.active(&small_core(), 100 * DAT, 1);
        let pinner = world.find(&Copies::<Test>::get(id).expect("a copy").pinner);
        let first = Datdot::current_period();
        let prove = |period| {
            let proofs = world.proofs(id, period);
            let leaves = proofs.iter().map(|proof| proof.leaves.len() as u32).sum();
            let info = Datdot::prove(pinner.origin(), id, period, proofs).expect("taken");
            (info.actual_weight.expect("told"), Weigh::prove(leaves))
        };
        let (actual, proof) = prove(first);
        assert_eq!(actual, proof);
        skip_to((first + 1) * 20 + 2);
        let (actual, proof) = prove(first + 1);
        assert_eq!(actual, proof + Weigh::settle(1));
        skip_to((first + 5) * 20 + 2);
        let (actual, proof) = prove(first + 5);
        assert_eq!(actual, proof + Weigh::settle(3) + Weigh::end_copies(1), "two faults end the copy");
        check();
    });
}

#[test]
fn provider_that_leaves_may_change_where_it_is_paid() {
    let world = World::new(0, 1, 0);
    world.registered().execute_with(|| {
        let person = &world.pinners[0];
        assert_ok!(Datdot::deregister(person.origin()));
        let payout = world.other.id();
        assert_ok!(Datdot::update_provider(person.origin(), 2, 4 << 30, false, Some(payout.clone())));
        assert_eq!(Providers::<Test>::get(person.id()).expect("registered").payout, payout);
        assert_noop!(Datdot::update_provider(person.origin(), 2, 5 << 30, false, None), E::Leaving);
        check();
    });
}

#[test]
fn raised_deposits_do_not_keep_a_provider_from_pausing() {
    let world = World::new(0, 1, 0);
    world.registered().execute_with(|| {
        let person = &world.pinners[0];
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), person.id(), DAT));
        let params = Params { deposit_pinner_unit: 1000 * DAT, pinner_unit: 1 << 20, ..Params::DEVELOPMENT };
        assert_ok!(Datdot::set_params(RuntimeOrigin::root(), params));
        assert_ok!(Datdot::update_provider(person.origin(), 2, 4 << 30, true, None));
        let provider = Providers::<Test>::get(person.id()).expect("registered");
        assert_eq!((provider.paused, provider.deposit), (true, 40 * DAT));
        assert_noop!(Datdot::update_provider(person.origin(), 2, (4 << 30) - 1, true, None), E::TooManySlots);
        check();
    });
}

fn fees() -> u128 {
    Totals::<Test>::get().fees
}

#[test]
fn donor_pays_for_dropping_a_request_whose_draw_it_may_know() {
    let world = World::new(4, 3, 0);
    let core = small_core().key();
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 2);
        skip_to(4);
        assert_ok!(Datdot::set_wish(world.donor.origin(), core, 1));
        assert_eq!(fees(), 0, "the window of seed 2 begins in block 5");
        skip_to(5);
        assert_ok!(Datdot::set_wish(world.donor.origin(), core, 0));
        assert_eq!(fees(), DAT / 10);
        assert_eq!(Pots::<Test>::get(core).balance, 100 * DAT, "the pot is everybody's");
        assert_eq!(Balances::free_balance(world.donor.id()), FUNDS - 100 * DAT - DAT / 10);
        check();
    });
}

#[test]
fn donor_pays_for_ending_a_copy_before_anybody_was_paid_for_it() {
    let world = World::new(4, 3, 4);
    let core = small_core().key();
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 2);
        run_to(13);
        assert_eq!(NextCopy::<Test>::get(), 2);
        let copy = Copies::<Test>::get(0).expect("a copy");
        world.set_up(0, &copy);
        take_events();
        assert_ok!(Datdot::set_wish(world.donor.origin(), core, 0));
        let burned = Event::FeeBurned { core, amount: DAT / 10 };
        assert_eq!(take_events().iter().filter(|event| **event == burned).count(), 2, "one encoded, one in set-up");
        check();
    });
    world.registered().execute_with(|| {
        let id = world.active(&small_core(), 100 * DAT, 1);
        let first = Datdot::current_period();
        assert_ok!(world.prove(id, first));
        run_to((first + 1) * 20 + 4);
        assert_ok!(Datdot::set_wish(world.donor.origin(), core, 0));
        run_to((first + 2) * 20 + 4);
        assert!(Copies::<Test>::get(id).expect("readable").state.is_over());
        assert_eq!(fees(), 0, "a period of it was settled");
    });
}

#[test]
fn small_share_pays_itself_for_what_its_wish_stops_or_is_refused() {
    let world = World::new(4, 3, 0);
    let (core, other) = (small_core().key(), &world.other);
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        skip_to(6);
        let before = Balances::free_balance(other.id());
        // A hundredth of the shares brings the mean of the wishes below 1.
        assert_ok!(Datdot::donate(other.origin(), core, DAT, 0));
        assert_eq!(Cores::<Test>::get(core).expect("published").requests, 0);
        assert_eq!(Balances::free_balance(other.id()), before - DAT - DAT / 10);
        assert_eq!((fees(), Pots::<Test>::get(core).balance), (DAT / 10, 101 * DAT));
        assert_ok!(Datdot::set_wish(other.origin(), core, 1));
        skip_to(16);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), other.id(), DAT / 10));
        assert_noop!(Datdot::set_wish(other.origin(), core, 0), E::InsufficientBalance);
        check();
    });
}

#[test]
fn fee_takes_no_more_from_a_pot_than_what_is_free() {
    let world = World::new(4, 3, 0);
    let core = small_core().key();
    world.registered().execute_with(|| {
        world.pin(&small_core(), 2 * DAT, 1);
        Datdot::burn_fee(&core, 50 * DAT, &mut 0);
        assert_eq!((fees(), Pots::<Test>::get(core).balance), (2 * DAT, 0));
        check();
    });
}

#[test]
fn unavailable_core_is_drawn_again_for_more_copies_and_not_for_a_wish_that_moves_nothing() {
    let world = World::new(5, 3, 0);
    let key = large_core().key();
    world.registered().execute_with(|| {
        world.pin(&large_core(), 500 * DAT, 1);
        assert_ok!(Datdot::donate(world.other.origin(), key, 100 * DAT, 2));
        Cores::<Test>::mutate(key, |core| core.as_mut().expect("published").unavailable = 3);
        for wish in [3, 2, 4] {
            assert_ok!(Datdot::set_wish(world.other.origin(), key, wish));
            assert_eq!(unavailable(), 3, "a minority wishes for {wish}");
        }
        assert_ok!(Datdot::set_wish(world.donor.origin(), key, 2));
        assert_eq!(unavailable(), 0);
        check();
    });
}
