//! What supporters can do to each other with donations, wishes and reclaims: nothing beyond their own part.

use super::{dice::Dice, mock::*, world::*};
use crate::*;
use frame_support::assert_ok;
use sp_core::{U256, U512};

const DONORS: usize = 5;
/// Parts of a donor's money are counted in 2^-64 of a planck.
const FRACTION: u32 = 64;

/// Each donor's money in the pot by exact division, beside what the chain says.
struct Books {
    donors: Vec<Person>,
    core: CoreKey,
    /// What is left of its donations after its part of each burn, in 2^-64 plancks.
    due: Vec<U256>,
    /// Paid in and taken out.
    given: Vec<u128>,
    back: Vec<u128>,
    burned: u128,
    /// Each call moves less than a planck from one to another by rounding.
    calls: u128,
}

impl Books {
    fn pot(&self) -> rules::pot::Pot {
        Pots::<Test>::get(self.core)
    }

    fn donate(&mut self, who: usize, amount: u128, wish: u8) {
        assert_ok!(Datdot::donate(self.donors[who].origin(), self.core, amount, wish));
        self.due[who] += U256::from(amount) << FRACTION;
        self.given[who] += amount;
    }

    /// A part of the pot is burned, as a fee is.
    fn burn(&mut self, amount: u128) {
        let before = self.pot().balance;
        let fees = Totals::<Test>::get().fees;
        Datdot::burn_fee(&self.core, amount, &mut 0);
        let burned = Totals::<Test>::get().fees - fees;
        assert_eq!(burned, amount);
        self.burned += burned;
        for due in &mut self.due {
            *due = scaled(*due, before - burned, before);
        }
    }

    fn reclaim(&mut self, who: usize) {
        if !Shares::<Test>::contains_key(self.core, self.donors[who].id()) {
            return;
        }
        let before = Balances::free_balance(self.donors[who].id());
        let fees = Totals::<Test>::get().fees;
        assert_ok!(Datdot::reclaim(self.donors[who].origin(), self.core));
        let back = Balances::free_balance(self.donors[who].id()) - before;
        let due = (self.due[who] >> FRACTION).as_u128();
        assert!(back.abs_diff(due) <= self.calls, "{back} came back of {due} after {} calls", self.calls);
        self.due[who] = U256::zero();
        self.back[who] += back;
        self.burned += Totals::<Test>::get().fees - fees;
    }

    /// To the planck: what came in is what is there, what went out and what was burned.
    fn check(&self) {
        let sum = |list: &[u128]| list.iter().sum::<u128>();
        assert_eq!(sum(&self.given), self.pot().balance + sum(&self.back) + self.burned);
        assert_eq!(Balances::free_balance(Datdot::account()), self.pot().balance + LEAST);
    }
}

/// floor(value·part/whole)
fn scaled(value: U256, part: u128, whole: u128) -> U256 {
    U256::try_from(value.full_mul(part.into()) / U512::from(whole)).expect("no more than the value")
}

/// Random donations, burns and reclaims of a core that nobody pins, at the end all shares are given back.
fn trade(seed: u64, calls: u64) {
    let world = World::new(0, 0, 0);
    let core = small_core();
    let donors: Vec<Person> = (0..DONORS as u64).map(|name| Person::new(600 + name)).collect();
    let accounts = donors.iter().map(Person::id).chain([world.other.id()]).collect::<Vec<_>>();
    chain(&accounts).execute_with(|| {
        assert_ok!(world.publish(&core));
        let key = core.key();
        let (due, none) = (vec![U256::zero(); DONORS], vec![0; DONORS]);
        let mut books = Books { donors, core: key, due, given: none.clone(), back: none, burned: 0, calls: 0 };
        let mut dice = Dice(seed);
        for _ in 0..calls {
            books.calls += 1;
            let who = dice.below(DONORS as u64) as usize;
            let balance = books.pot().balance;
            let some = u128::from(dice.some());
            match dice.below(8) {
                0..=3 => books.donate(who, DAT + some, 0),
                4 if balance > 0 => books.burn(balance / (1 + some)),
                5 if balance > 0 => books.burn(balance - 1 - u128::from(dice.below(9)).min(balance - 1)),
                _ => books.reclaim(who),
            }
            books.check();
        }
        for who in 0..DONORS {
            books.reclaim(who);
        }
        books.check();
        check();
        assert_eq!(books.pot().balance, 0);
        for who in 0..DONORS {
            let (given, back) = (books.given[who], books.back[who]);
            assert!(back <= given + books.calls, "{who} got {back} for {given}");
        }
    });
}

#[test]
fn no_order_of_donations_burns_and_reclaims_takes_anothers_part() {
    for seed in 0..1500 {
        trade(seed, 5 + seed % 40);
    }
}

#[test]
fn early_donor_takes_from_a_later_one_where_donations_are_shares_and_not_here() {
    let world = World::new(0, 0, 0);
    let (core, early, late) = (small_core(), &world.other, &world.donor);
    world.chain().execute_with(|| {
        assert_ok!(world.publish(&core));
        let start = Balances::free_balance(early.id());
        assert_ok!(Datdot::donate(early.origin(), core.key(), 100 * DAT, 0));
        Datdot::burn_fee(&core.key(), 50 * DAT, &mut 0);
        assert_ok!(Datdot::donate(late.origin(), core.key(), 100 * DAT, 0));
        // By what each gave it would be half of 150: 25 of them another's.
        assert_eq!(Pots::<Test>::get(core.key()).balance / 2 - 50 * DAT, 25 * DAT);
        assert_ok!(Datdot::reclaim(early.origin(), core.key()));
        assert_eq!(start - Balances::free_balance(early.id()), 50 * DAT);
    });
}

#[test]
fn minority_moves_the_copies_by_its_shares_alone_and_pays_its_part_of_each() {
    let world = World::new(0, 0, 0);
    let (core, crowd, loud) = (small_core(), &world.donor, &world.other);
    let mut dice = Dice(11);
    for _ in 0..400 {
        world.chain().execute_with(|| {
            assert_ok!(world.publish(&core));
            let (many, few) = (DAT + u128::from(dice.below(1 << 50)), DAT);
            let few = few + u128::from(dice.below(1 << 40)).min(many - DAT);
            let modest = dice.below(5) as u8;
            assert_ok!(Datdot::donate(crowd.origin(), core.key(), many, modest));
            assert_ok!(Datdot::donate(loud.origin(), core.key(), few, 16));
            // However often and in whatever order it changes its mind, the last wish counts, once.
            for _ in 0..dice.below(4) {
                let _ = Datdot::set_wish(loud.origin(), core.key(), dice.below(17) as u8);
                assert_ok!(Datdot::set_wish(loud.origin(), core.key(), 16));
            }
            let pot = Pots::<Test>::get(core.key());
            let (others, own) = (many * u128::from(modest), few * 16);
            assert_eq!(u128::from(pot.wanted(16)), (others + own) / (many + few));
            assert!(u128::from(pot.wanted(16)) <= u128::from(modest) + own.div_ceil(many + few));
            assert_eq!(pot.wanted(16) > modest.into(), few * u128::from(16 - modest) >= many + few, "its part makes a copy");

            // Of what is burned each pays by its shares.
            assert_ok!(Datdot::set_wish(loud.origin(), core.key(), 0));
            assert_ok!(Datdot::set_wish(crowd.origin(), core.key(), 0));
            let spent = pot.balance / 3;
            Datdot::burn_fee(&core.key(), spent, &mut 0);
            let before = Balances::free_balance(crowd.id());
            assert_ok!(Datdot::reclaim(crowd.origin(), core.key()));
            let paid = many - (Balances::free_balance(crowd.id()) - before);
            let part = rules::pot::mul_div(spent, many, many + few).expect("a part");
            assert!(paid.abs_diff(part) <= 2, "{paid} of {part}");
            check();
        });
    }
}
