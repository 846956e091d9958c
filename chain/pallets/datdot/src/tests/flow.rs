//! The main job from end to end.

use super::{mock::*, world::*};
use crate::{rules::settle::Verdict, *};
use frame_support::assert_ok;

#[test]
fn main_job_pays_everybody_and_burns_as_much() {
    let world = World::new(5, 4, 4);
    let core = large_core();
    world.registered().execute_with(|| {
        world.pin(&core, 500 * DAT, 3);
        assert_eq!(Requests::<Test>::iter_prefix(core.key()).count(), 3);
        run_to(16);
        assert_eq!(Copies::<Test>::iter().count(), 3, "the helping hand draws all three");
        check();
        world.set_up_all();
        check();
        let first = Copies::<Test>::get(0).expect("a copy").first_period.expect("active");
        let issued = Balances::total_issuance();
        for period in first..first + 9 {
            run_to(period * 20);
            for id in 0..3 {
                assert_ok!(world.prove(id, period));
                world.report_served(id, period);
            }
            check();
        }
        run_to((first + 9) * 20 + 10);
        take_events();
        check();
        let copy = Copies::<Test>::get(0).expect("a copy");
        assert_eq!((copy.passes, copy.last_settled, copy.faults, copy.misses), (8, first + 8, 0, 0));
        let sums = Totals::<Test>::get();
        assert!(sums.minted > 0);
        assert_eq!(sums.minted, sums.burned_for_work);
        assert_eq!(Balances::total_issuance(), issued, "what is minted is burned");
    });
}

#[test]
fn settlement_tells_what_was_paid() {
    let world = World::new(5, 2, 4);
    world.registered().execute_with(|| {
        let id = world.active(&small_core(), 100 * DAT, 1);
        let period = Copies::<Test>::get(id).expect("a copy").first_period.expect("active");
        assert_ok!(world.prove(id, period));
        world.report_served(id, period);
        skip_to((period + 1) * 20 + 2);
        take_events();
        assert_ok!(Datdot::settle(world.other.origin(), id, 1));
        let events = take_events();
        let settled = events.iter().find_map(|event| match event {
            Event::Settled { proved, verdict, r, minted, burned, .. } => Some((*proved, *verdict, *r, *minted, *burned)),
            _ => None,
        });
        let (proved, verdict, r, minted, burned) = settled.expect("settled");
        assert!(proved);
        assert_eq!((verdict, r), (Some(Verdict::Served), 250_000));
        // Y a period for one MiB at R = 1/4, three verifiers at 1/4 of Z, and an eighth of X for the signer.
        let y = DAT / 10 / 4;
        let z = 3 * (DAT / 20 / 4 / 3);
        let x = DAT / 8;
        assert!(minted.abs_diff(y + z + x) <= 3, "{minted}");
        assert_eq!(minted, burned);
        check();
    });
}
