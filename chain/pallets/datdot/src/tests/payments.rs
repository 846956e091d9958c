//! Who is paid, out of what, and what happens when that cannot be.

use super::{
    mock::*,
    settlement::{active, copy, paid, period, reputation, settle},
    world::*,
};
use crate::{
    rules::{
        draw::Role,
        state::{CopyState, EndReason},
    },
    *,
};
use frame_support::assert_ok;
use sp_runtime::AccountId32;

#[test]
fn signers_get_all_of_x_in_eight_passes_and_reputation_once() {
    let (world, mut chain) = active(400 * DAT);
    chain.execute_with(|| {
        let signer = Spans::<Test>::get(copy().spans[0]).expect("a span").signer.expect("a signer");
        let mut total = 0;
        for round in 0..10 {
            assert_ok!(world.prove(0, period()));
            world.report_served(0, period());
            let events = settle(&world);
            total += paid(&events, Role::Signer).iter().sum::<u128>();
            let alpha = reputation(&signer, Role::Signer).0;
            assert_eq!(alpha > 1_000_000, round >= 7, "round {round}");
        }
        assert_eq!(total, copy().prices.x);
        assert_eq!(copy().passes, 8);
    });
}

#[test]
fn pot_that_cannot_pay_blames_nobody_and_ends_the_copy_after_the_grace() {
    // Enough for one lock and not for many periods.
    let (world, mut chain) = active(2 * DAT);
    chain.execute_with(|| {
        let core = copy().core;
        let rest = Pots::<Test>::get(core).balance;
        Pots::<Test>::mutate(core, |pot| {
            let mut lock = pot.locked;
            pot.burn(rest, &mut lock)
        })
        .expect("enough");
        Copies::<Test>::mutate(0, |copy| copy.as_mut().expect("a copy").locked = 0);
        Datdot::destroy(rest);
        let before = reputation(&copy().pinner, Role::Pinner);
        for unfunded in 1..=2 {
            assert_ok!(world.prove(0, period()));
            world.report_served(0, period());
            let now = period();
            let events = settle(&world);
            assert_eq!(events[0], Event::PeriodUnfunded { copy: 0, period: now });
            assert!(matches!(events[1], Event::Settled { copy: 0, period, minted: 0, burned: 0, .. } if period == now));
            assert_eq!((copy().unfunded, copy().faults, copy().passes), (unfunded, 0, 0));
        }
        assert_eq!(copy().state, CopyState::Active);
        // A donation that comes in time pays again.
        assert_ok!(Datdot::donate(world.donor.origin(), core, DAT, 1));
        assert_ok!(world.prove(0, period()));
        settle(&world);
        assert_eq!(copy().unfunded, 0);
        let rest = Pots::<Test>::get(core).balance;
        Pots::<Test>::mutate(core, |pot| pot.burn(rest, &mut 0)).expect("nothing is locked");
        Datdot::destroy(rest);
        for _ in 0..3 {
            assert_ok!(world.prove(0, period()));
            settle(&world);
        }
        assert_eq!(copy().state, CopyState::Ended(EndReason::Unfunded));
        assert_eq!(reputation(&copy().pinner, Role::Pinner), before);
        assert_eq!(Requests::<Test>::iter_prefix(core).count(), 0, "nothing pays for another");
    });
}

#[test]
fn payee_that_cannot_be_paid_does_not_block_the_others() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        // One part of the pinner's pay is below the existential deposit of a fresh payout account.
        Copies::<Test>::mutate(0, |copy| copy.as_mut().expect("a copy").prices.y = LEAST);
        let fresh: AccountId32 = [9; 32].into();
        Providers::<Test>::mutate(copy().pinner, |provider| provider.as_mut().expect("registered").payout = fresh.clone());
        assert_ok!(world.prove(0, period()));
        world.report_served(0, period());
        let (now, issued) = (period(), Balances::total_issuance());
        let events = settle(&world);
        let failed = Event::PaymentFailed { copy: 0, period: now, who: copy().pinner, amount: LEAST / 4 };
        assert!(events.contains(&failed));
        assert_eq!(paid(&events, Role::Verifier).len(), 3);
        assert_eq!(Balances::total_issuance(), issued);
        assert_eq!(copy().faults, 0);
    });
}

#[test]
fn payments_go_to_the_payout_account() {
    let (world, mut chain) = active(100 * DAT);
    chain.execute_with(|| {
        let pinner = world.find(&copy().pinner);
        let (own, payout) = (Balances::free_balance(pinner.id()), Person::new(88).id());
        let capacity = Providers::<Test>::get(pinner.id()).expect("registered").capacity;
        assert_ok!(Datdot::update_provider(pinner.origin(), 2, capacity, false, Some(payout.clone())));
        assert_ok!(world.prove(0, period()));
        let events = settle(&world);
        assert_eq!(paid(&events, Role::Pinner), vec![Balances::free_balance(&payout)]);
        assert_eq!(Balances::free_balance(pinner.id()), own);
    });
}
