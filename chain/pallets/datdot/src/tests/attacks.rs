//! What each attack on the rules alone meets (protocol.md part 10).

use super::{author::Author, mock::*, world::*};
use crate::{
    rules::{draw::Role, report::Outcome},
    *,
};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};

type E = Error<Test>;

fn r(person: &Person, role: Role) -> u32 {
    Datdot::reputation_ppm(&person.id(), role)
}

#[test]
fn dummies_registered_after_a_request_do_not_change_its_draw() {
    let world = World::new(6, 5, 0);
    let core = large_core();
    let crew = |dummies: u64| {
        world.registered().execute_with(|| {
            world.pin(&core, 100 * DAT, 2);
            skip_to(5);
            for name in 0..dummies {
                let dummy = Person::new(8000 + name);
                assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), dummy.id(), FUNDS));
                assert_ok!(dummy.register(Role::Pinner.bit() | Role::Signer.bit(), 5 << 30));
            }
            skip_to(12);
            let mut copies = Vec::new();
            for _ in 0..2 {
                assert_ok!(Datdot::assign(world.other.origin(), core.key()));
            }
            for id in 0..2 {
                let copy = Copies::<Test>::get(id).expect("a copy");
                let signers: Vec<_> = copy.spans.iter().filter_map(|id| Spans::<Test>::get(id)?.signer).collect();
                copies.push((copy.pinner, signers));
            }
            copies
        })
    };
    assert_eq!(crew(0), crew(40));
}

#[test]
fn repeating_and_ordering_calls_does_not_draw_again() {
    let world = World::new(6, 5, 0);
    let core = large_core();
    let run = |tries: u32| {
        world.registered().execute_with(|| {
            world.pin(&core, 100 * DAT, 2);
            skip_to(9);
            for _ in 0..tries {
                assert_noop!(world.assign(&core), E::SeedNotReady);
            }
            // The last request is not run before the first, whoever calls in whatever block.
            skip_to(10 + tries);
            assert_ok!(Datdot::assign(world.pinners[0].origin(), core.key()));
            Copies::<Test>::get(0).map(|copy| (copy.slot, copy.request_id, copy.pinner))
        })
    };
    assert_eq!(run(0), run(7));
}

#[test]
fn minority_of_shares_cannot_raise_what_others_pay_by_more_than_its_part() {
    let world = World::new(6, 8, 0);
    let core = small_core();
    world.registered().execute_with(|| {
        assert_ok!(world.publish(&core));
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 99 * DAT, 1));
        assert_ok!(Datdot::donate(world.other.origin(), core.key(), DAT, 16));
        assert_eq!(Pots::<Test>::get(core.key()).wanted(16), 1, "one percent of the shares moves the mean by a sixth");
    });
}

#[test]
fn donations_and_reclaims_in_any_order_take_nothing_from_others() {
    let world = World::new(0, 0, 0);
    let core = small_core();
    let victim = &world.donor;
    world.chain().execute_with(|| {
        assert_ok!(world.publish(&core));
        assert_ok!(Datdot::donate(victim.origin(), core.key(), 1000 * DAT, 0));
        let start = Balances::free_balance(world.other.id());
        for round in 1..40u128 {
            assert_ok!(Datdot::donate(world.other.origin(), core.key(), DAT + round * 7_777_777, 0));
            if round % 3 == 0 {
                assert_ok!(Datdot::reclaim(world.other.origin(), core.key()));
            }
        }
        let _ = Datdot::reclaim(world.other.origin(), core.key());
        assert!(Balances::free_balance(world.other.id()) <= start, "the attacker gained");
        let before = Balances::free_balance(victim.id());
        assert_ok!(Datdot::reclaim(victim.origin(), core.key()));
        assert!(Balances::free_balance(victim.id()) - before >= 1000 * DAT);
        check();
    });
}

#[test]
fn tree_that_nobody_serves_costs_its_signers_next_to_nothing() {
    let world = World::new(5, 3, 0);
    let core = small_core();
    world.registered().execute_with(|| {
        world.pin(&core, 100 * DAT, 1);
        run_to(800);
        assert_eq!(NextCopy::<Test>::get(), 3, "three set-ups, then the core is left alone");
        for signer in &world.signers {
            assert!(r(signer, Role::Signer) > 225_000, "{}", r(signer, Role::Signer));
        }
        for pinner in &world.pinners {
            assert_eq!(r(pinner, Role::Pinner), 250_000);
        }
        // Its publisher's pot pays for each.
        assert_eq!(Pots::<Test>::get(core.key()).balance, 100 * DAT - 3 * DAT / 10);
        check();
    });
}

#[test]
fn old_tree_cannot_squat_a_core() {
    let world = World::new(0, 0, 0);
    let old = Author::new(30, vec![10; 4]);
    let new = Author { sizes: vec![10; 9], ..old.clone() };
    world.chain().execute_with(|| {
        let target = Datdot::params().span_target;
        assert_ok!(send_publication(&world.other, old.publication(target)));
        assert_ok!(send_publication(&world.donor, new.publication(target)));
        assert_noop!(send_publication(&world.other, old.publication(target)), E::NotNewer);
        assert_eq!(Cores::<Test>::get(old.key()).expect("published").tree.length, 9);
    });
}

#[test]
fn every_free_call_pays_when_it_fails() {
    let world = World::new(2, 2, 2);
    world.registered().execute_with(|| {
        let origin = || world.other.origin();
        let results = [
            Datdot::commit_key(origin(), 9, 257, modulus(0)),
            Datdot::seal(origin(), 9, [0; 32], 1, [0; 64]),
            Datdot::prove(origin(), 9, 0, Default::default()),
            Datdot::report(origin(), 9, 0, plain_report(Outcome::Unreachable)),
            Datdot::settle(origin(), 9, 1),
            Datdot::decline(origin(), Duty::Copy(9), DeclineReason::Policy),
        ];
        for result in results {
            assert_eq!(result.expect_err("refused").post_info.pays_fee, Pays::Yes);
        }
    });
}

#[test]
fn copies_without_money_are_never_assigned() {
    let world = World::new(4, 6, 0);
    let core = small_core();
    world.registered().execute_with(|| {
        // Three locks of 1.6 fit into 5.
        assert_ok!(world.publish(&core));
        assert_ok!(Datdot::donate(world.donor.origin(), core.key(), 5 * DAT, 6));
        run_to(60);
        assert_eq!(NextCopy::<Test>::get(), 3);
        let pot = Pots::<Test>::get(core.key());
        assert!(pot.locked <= pot.balance && pot.free() < 8 * DAT / 5);
        check();
    });
}

#[test]
fn self_pinning_burns_what_it_mints() {
    // One person plays every part and pays itself.
    let world = World::new(3, 2, 4);
    world.registered().execute_with(|| {
        let id = world.active(&small_core(), 200 * DAT, 1);
        let (issued, first) = (Balances::total_issuance(), System::block_number() / 20);
        for period in first..first + 6 {
            skip_to(period * 20);
            assert_ok!(world.prove(id, period));
            world.report_served(id, period);
            skip_to((period + 1) * 20 + 2);
            assert_ok!(Datdot::settle(world.other.origin(), id, 1));
        }
        assert!(Totals::<Test>::get().minted > 0);
        assert_eq!(Balances::total_issuance(), issued);
    });
}
