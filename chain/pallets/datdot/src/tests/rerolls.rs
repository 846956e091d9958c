//! Attempts to draw again until the result pleases, each beside a weaker rule on which it works.

use super::{author::Author, mock::*, world::*};
use crate::{
    draws::{Crew, Lottery},
    requests::SeedState,
    rules::{draw::Role, span::span_ranges},
    *,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::AccountId32;
use std::collections::BTreeSet;

type E = Error<Test>;
/// A copy's pinner and signers.
type Drawn = (AccountId32, Vec<Option<AccountId32>>);

const DUMMIES: u64 = 80;

fn enrol_dummies(from: u64, to: u64) {
    for name in from..to {
        let dummy = Person::new(8000 + name);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), dummy.id(), FUNDS));
        assert_ok!(dummy.register(Role::Pinner.bit() | Role::Signer.bit(), 1 << 30));
    }
}

fn crew_of(id: u64) -> Drawn {
    let copy = Copies::<Test>::get(id).expect("a copy");
    (copy.pinner, copy.spans.iter().map(|span| Spans::<Test>::get(span).expect("a span").signer).collect())
}

/// What the request in slot 0 would draw, with another seed or other counts than the rule's when given.
fn lottery(core: &Author, seed: Option<[u8; 32]>, counts: Option<[u32; 3]>) -> Option<Drawn> {
    let key = core.key();
    let request = Requests::<Test>::get(key, 0).expect("a request");
    let SeedState::Ready(s, value, fixed) = Datdot::seed_state(&request) else { panic!("the seed is not there") };
    let ranges = span_ranges(request.tree.length, request.tree.byte_length, &request.tree.cuts);
    let pot = Pots::<Test>::get(key);
    let (value, counts) = (seed.unwrap_or(value), counts.unwrap_or(fixed));
    let lottery = Lottery { core: &key, request: &request, slot: 0, s, value: &value, counts, pot: &pot };
    let Crew { pinner, signers } = Datdot::draw_crew(&lottery, &ranges, 1).ok()?;
    Some((pinner, signers))
}

#[test]
fn dummies_choose_the_pinner_where_candidates_are_counted_at_the_call_and_not_here() {
    let world = World::new(6, 5, 0);
    let core = large_core();
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        // The seed is known: now the attacker registers one dummy after the other until the draw is as it likes.
        skip_to(10);
        let (mut here, mut weak) = (BTreeSet::new(), BTreeSet::new());
        for dummies in 0..DUMMIES {
            enrol_dummies(dummies, dummies + 1);
            here.insert(lottery(&core, None, None).expect("drawn"));
            let counted_now = Role::ALL.map(RoleCount::<Test>::get);
            weak.extend(lottery(&core, None, Some(counted_now)).map(|(pinner, _)| pinner));
        }
        assert_eq!(weak.len(), world.pinners.len(), "the attack reaches every pinner");
        assert_eq!(here.len(), 1);
        assert_ok!(Datdot::assign(world.other.origin(), core.key()));
        assert_eq!(Some(crew_of(0)), here.pop_first());
        check();
    });
}

#[test]
fn caller_chooses_the_draw_where_the_newest_seed_counts_and_not_here() {
    let world = World::new(6, 5, 0);
    let core = large_core();
    let run = |block: u32, caller: usize| {
        world.registered().execute_with(|| {
            world.pin(&core, 100 * DAT, 1);
            skip_to(block);
            let newest = NewestSeed::<Test>::get().value;
            let weak = lottery(&core, Some(newest), None);
            assert_ok!(Datdot::assign(world.everybody()[caller].origin(), core.key()));
            (crew_of(0), weak)
        })
    };
    let (mut here, mut weak) = (BTreeSet::new(), BTreeSet::new());
    for (caller, block) in (10..80).step_by(7).enumerate() {
        let (drawn, weaker) = run(block, caller);
        here.insert(drawn);
        weak.insert(weaker);
    }
    assert!(weak.len() > 5, "the attack works: {} draws to choose from", weak.len());
    assert_eq!(here.len(), 1);
}

#[test]
fn order_and_repetition_of_calls_change_no_draw() {
    let world = World::new(6, 8, 0);
    let (one, two) = (large_core(), Author::new(3, vec![700_000; 5]));
    let run = |order: [&Author; 2], noise: bool| {
        world.registered().execute_with(|| {
            world.pin(&one, 100 * DAT, 2);
            world.pin(&two, 100 * DAT, 2);
            for block in 2..=10 {
                if noise {
                    // Each of these reconciles, and the last repeats what is there.
                    assert_ok!(Datdot::donate(world.other.origin(), one.key(), DAT, 2));
                    assert_ok!(Datdot::set_wish(world.other.origin(), one.key(), 2));
                    assert_noop!(world.assign(&two), E::SeedNotReady);
                    assert_noop!(world.publish(&one), E::NotNewer);
                }
                skip_to(block);
            }
            for round in 0..2 {
                for (number, core) in order.iter().enumerate() {
                    let caller = &world.pinners[if noise { round + 2 * number } else { 0 }];
                    assert_ok!(Datdot::assign(caller.origin(), core.key()));
                }
            }
            let of = |core: &Author| [0, 1].map(|slot| crew_of(CoreCopies::<Test>::get(core.key(), slot).expect("a copy")));
            check();
            (of(&one), of(&two))
        })
    };
    let plain = run([&one, &two], false);
    assert_eq!(plain, run([&two, &one], false));
    assert_eq!(plain, run([&one, &two], true));
    assert_eq!(plain, run([&two, &one], true));
}

#[test]
fn author_draws_again_where_a_newer_tree_queues_a_request_anew_and_not_here() {
    let world = World::new(6, 5, 0);
    let old = large_core();
    let newer = |more: &[u64]| Author { sizes: [&old.sizes[..], more].concat(), ..old.clone() };
    let rule = |trees: &[&[u64]]| {
        world.registered().execute_with(|| {
            world.pin(&old, 100 * DAT, 1);
            skip_to(10);
            for more in trees {
                assert_ok!(world.publish(&newer(more)));
            }
            assert_ok!(world.assign(&old));
            let copy = Copies::<Test>::get(0).expect("a copy");
            assert_eq!((copy.tree.length, copy.request_id), (77, 0), "its data was on chain before the seed");
            let longest = trees.last().map_or(77, |more| 77 + more.len());
            assert_eq!(Cores::<Test>::get(old.key()).expect("published").tree.length, longest as u64);
            check();
            crew_of(0)
        })
    };
    // Also by a tree that no pot can pay, which nobody has to have.
    let tries: [&[&[u64]]; 4] = [&[], &[&[1000]], &[&[1000], &[1000; 2], &[1000; 3]], &[&[1 << 45], &[1000; 2]]];
    let here: BTreeSet<Drawn> = tries.map(rule).into();
    assert_eq!(here.len(), 1);

    // The weaker rule: whoever dislikes the draw publishes one more block, for a call's fee, and waits for the next seed.
    let weak: BTreeSet<Option<Drawn>> = world.registered().execute_with(|| {
        world.pin(&old, 100 * DAT, 1);
        let draws = (1..10).map(|round| {
            skip_to(10 * round);
            let drawn = lottery(&old, None, None);
            let tree = Requests::<Test>::get(old.key(), 0).expect("a request").tree;
            Datdot::queue_request(&old.key(), 0, &tree);
            drawn
        });
        draws.collect()
    });
    assert!(weak.len() > 5, "the attack works: {} draws to choose from", weak.len());
}

#[test]
fn newer_tree_takes_the_place_of_an_old_one_until_the_seed_is_being_made() {
    let world = World::new(6, 5, 0);
    let old = large_core();
    let new = Author { sizes: [old.sizes.clone(), vec![1000]].concat(), ..old.clone() };
    for (block, drawn) in [(4, 78), (5, 77), (9, 77), (10, 77)] {
        world.registered().execute_with(|| {
            world.pin(&old, 100 * DAT, 1);
            skip_to(block);
            assert_ok!(world.publish(&new));
            run_to(12);
            assert_eq!(Copies::<Test>::get(0).expect("a copy").tree.length, drawn, "published in block {block}");
            check();
        });
    }
}

#[test]
fn dummies_that_left_spoil_draws_where_their_slots_stay_and_not_here() {
    let world = World::new(4, 4, 0);
    let core = small_core();
    let late = Person::new(7000);
    world.registered().execute_with(|| {
        enrol_dummies(0, DUMMIES);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), late.id(), FUNDS));
        // Keeps its slots at the end of both tables.
        assert_ok!(late.register(Role::Pinner.bit() | Role::Signer.bit(), 1 << 30));
        for name in 0..DUMMIES {
            assert_ok!(Datdot::deregister(Person::new(8000 + name).origin()));
        }
        assert_ok!(world.publish(&core));
        let failures = || {
            let (seed, tree) = (u64::from(System::block_number() / 5), Cores::<Test>::get(core.key()).expect("published").tree);
            let drawn = |request_id| {
                Requests::<Test>::insert(core.key(), 0, Request { request_id, seed, attempt: 0, tree: tree.clone() });
                lottery(&core, None, None)
            };
            let failed = (0..100).filter(|id| drawn(*id).is_none()).count();
            Requests::<Test>::remove(core.key(), 0);
            failed
        };
        skip_to(10);
        let weak = failures();
        assert!(weak > 30, "the attack works: {weak} of 100 draws fail");
        // Their slots ended at block 40 and may be used again from 80 on; the last one's own rest ends at 160.
        skip_to(180);
        for (role, all) in [(Role::Pinner, 4 * 4 + 1), (Role::Signer, 4 + 1)] {
            assert_eq!(RoleCount::<Test>::get(role), all);
            assert_eq!(ProviderSlots::<Test>::get(late.id(), role).into_inner(), vec![all - 1]);
        }
        check();
        let here = failures();
        assert!(here < 10, "{here} of 100 draws fail");
    });
}
