//! The pot over random sequences of operations: nothing appears, nothing is lost but what rounding takes.

use datdot_rules::pot::{mul_div, Pot, PotError, Share};
use proptest::prelude::*;

const DONORS: usize = 5;
const MINIMUM: u128 = 1_000_000;

#[derive(Clone, Debug)]
enum Op {
    Donate {
        who: usize,
        amount: u128,
        wish: u8,
    },
    Wish {
        who: usize,
        wish: u8,
    },
    Lock {
        part: u32,
    },
    Release {
        copy: usize,
    },
    /// Burns a part of the balance for a copy; 1,000,000 is all of it.
    Burn {
        copy: usize,
        part: u32,
    },
    Reclaim {
        who: usize,
    },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let part = prop_oneof![0u32..1_000_001, 999_000u32..1_000_001, Just(999_999u32), Just(1_000_000u32)];
    let amount = prop_oneof![1u128..1 << 21, MINIMUM..1 << 60, Just(MINIMUM)];
    let op = prop_oneof![
        4 => (0..DONORS, amount, any::<u8>()).prop_map(|(who, amount, wish)| Op::Donate { who, amount, wish }),
        1 => (0..DONORS, any::<u8>()).prop_map(|(who, wish)| Op::Wish { who, wish }),
        1 => part.clone().prop_map(|part| Op::Lock { part }),
        1 => (0..8usize).prop_map(|copy| Op::Release { copy }),
        5 => (0..8usize, part).prop_map(|(copy, part)| Op::Burn { copy, part }),
        1 => (0..DONORS).prop_map(|who| Op::Reclaim { who }),
    ];
    prop::collection::vec(op, 1..80)
}

#[derive(Default)]
struct Model {
    pot: Pot,
    shares: [Option<Share>; DONORS],
    locks: Vec<u128>,
    /// Donated minus burned, reclaimed and dust.
    money: u128,
}

impl Model {
    fn value(&self, who: usize) -> u128 {
        let n = self.shares[who].map_or(0, |share| self.pot.read(&share));
        mul_div(self.pot.balance, n, self.pot.total).unwrap_or(0)
    }

    fn of_balance(&self, part: u32) -> u128 {
        mul_div(self.pot.balance, part.into(), 1_000_000).unwrap()
    }

    fn run(&mut self, op: &Op) -> Result<(), PotError> {
        match op {
            Op::Donate { who, amount, wish } => {
                let scale = if self.pot.balance == 0 { 0 } else { self.pot.scale };
                let donated = self.pot.donate(self.shares[*who].as_ref(), *amount, *wish, MINIMUM)?;
                self.shares[*who] = Some(donated.share);
                self.money += amount;
                assert!(self.pot.scale - scale <= 4);
                assert!(self.pot.total >> 40 <= self.pot.balance);
            }
            Op::Wish { who, wish } => {
                let share = self.pot.set_wish(&self.shares[*who].unwrap_or_default(), *wish)?;
                assert_eq!(share.n, self.pot.read(&share));
                self.shares[*who] = Some(share);
            }
            Op::Lock { part } => {
                let amount = self.of_balance(*part);
                self.pot.lock(amount)?;
                self.locks.push(amount);
            }
            Op::Release { copy } => {
                if let Some(lock) = self.locks.get_mut(*copy) {
                    self.pot.release(lock);
                }
            }
            Op::Burn { copy, part } => {
                let amount = self.of_balance(*part);
                let mut none = 0;
                let lock = self.locks.get_mut(*copy).unwrap_or(&mut none);
                let (free, before) = (self.pot.free(), *lock);
                self.pot.burn(amount, lock)?;
                assert_eq!(*lock, before.saturating_sub(amount), "the lock is used first");
                assert_eq!(self.pot.free(), free - amount.saturating_sub(before));
                self.money -= amount;
            }
            Op::Reclaim { who } => {
                let Some(share) = self.shares[*who] else { return Ok(()) };
                let value = self.value(*who);
                let back = self.pot.reclaim(&share)?;
                assert_eq!(back.value, value);
                self.money -= back.value + back.dust;
                self.shares[*who] = None;
            }
        }
        Ok(())
    }

    fn check(&self) {
        let pot = &self.pot;
        assert_eq!(pot.balance, self.money);
        assert_eq!(pot.locked, self.locks.iter().sum::<u128>());
        assert!(pot.locked <= pot.balance);
        let current: Vec<&Share> = self.shares.iter().flatten().filter(|share| share.era == pot.era && pot.era > 0).collect();
        assert_eq!(pot.holders as usize, current.len());
        let total: u128 = current.iter().map(|share| pot.read(share)).sum();
        let wishes: u128 = current.iter().map(|share| pot.read(share) * u128::from(share.wish)).sum();
        // Scaling rounds each share and the sums down by less than one.
        assert!(pot.total >= total && pot.total - total <= DONORS as u128 + 1, "T {} for {total}", pot.total);
        assert!(pot.wishes >= wishes && pot.wishes - wishes <= 256 * (DONORS as u128 + 1), "W {} for {wishes}", pot.wishes);
        assert!((0..DONORS).map(|who| self.value(who)).sum::<u128>() <= pot.balance);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_donor_gains_or_loses_but_by_burns(ops in ops()) {
        let mut model = Model::default();
        for op in &ops {
            let (before, pot, shares) = ((0..DONORS).map(|who| model.value(who)).collect::<Vec<_>>(), model.pot, model.shares);
            if model.run(op).is_err() {
                prop_assert_eq!(&model.pot, &pot, "an error moved something");
                prop_assert_eq!(&model.shares, &shares);
                continue;
            }
            model.check();
            for (who, before) in before.into_iter().enumerate() {
                let after = model.value(who);
                let due = match op {
                    Op::Donate { who: donor, amount, .. } if *donor == who => before + amount,
                    Op::Burn { .. } => mul_div(before, model.pot.balance, pot.balance.max(1)).unwrap(),
                    Op::Reclaim { who: donor } if *donor == who => 0,
                    _ => before,
                };
                prop_assert!(after.abs_diff(due) <= 2, "{:?}: {} has {} and not {}", op, who, after, due);
            }
        }
    }
}

#[test]
fn refusals_have_their_names() {
    let mut pot = Pot::default();
    assert_eq!(pot.donate(None, 9, 1, 10), Err(PotError::BelowMinimum));
    assert_eq!(pot.donate(None, 0, 1, 0), Err(PotError::BelowMinimum));
    let share = pot.donate(None, 100, 1, 10).unwrap().share;
    assert_eq!(pot.lock(101), Err(PotError::Underfunded));
    pot.lock(60).unwrap();
    let mut lock = 60;
    assert_eq!(pot.burn(101, &mut lock), Err(PotError::PotExhausted));
    assert_eq!(pot.burn(41, &mut 0), Err(PotError::PotExhausted));
    assert_eq!((lock, pot.balance, pot.locked), (60, 100, 60));
    assert_eq!(pot.reclaim(&share), Err(PotError::InUse));
    assert_eq!(pot.set_wish(&Share::default(), 3), Err(PotError::NoShare));
    pot.burn(70, &mut lock).unwrap();
    assert_eq!((lock, pot.balance, pot.locked), (0, 30, 0));
    assert_eq!(pot.donate(Some(&share), u128::MAX, 1, 10), Err(PotError::Overflow));
    assert_eq!(pot.reclaim(&share).map(|back| (back.value, back.dust)), Ok((30, 0)));
    assert_eq!((pot.balance, pot.total, pot.holders, pot.wanted(16)), (0, 0, 0, 0));
}

#[test]
fn shares_of_an_earlier_era_are_worth_nothing() {
    let mut pot = Pot::default();
    let old = pot.donate(None, 1_000, 3, 1).unwrap().share;
    pot.burn(1_000, &mut 0).unwrap();
    assert_eq!(pot.wanted(16), 3, "a wish outlives the money until somebody pays again");
    let new = pot.donate(None, 500, 1, 1).unwrap().share;
    assert_eq!((pot.era, pot.holders, pot.read(&old), pot.read(&new)), (2, 1, 0, 500));
    assert_eq!(pot.reclaim(&old).map(|back| back.value), Ok(0));
    assert_eq!((pot.holders, pot.balance), (1, 500));
    assert_eq!(pot.donate(Some(&old), 500, 1, 1).map(|given| given.share.n), Ok(500));
    assert_eq!(pot.holders, 2);
}

#[test]
fn the_last_holder_leaves_no_dust_behind() {
    // Share totals that were scaled keep a remainder which is nobody's.
    let mut pot = Pot::default();
    let mut shares = Vec::new();
    for amount in [1_000_003, 2_000_005, 3_000_007] {
        shares.push(pot.donate(None, amount, 1, 1).unwrap().share);
    }
    pot.burn(pot.balance - 1, &mut 0).unwrap();
    shares.push(pot.donate(None, 1_000_000_000_000_000, 1, 1).unwrap().share);
    pot.burn(pot.balance - 7, &mut 0).unwrap();
    shares.push(pot.donate(None, 1_000_000_000_000_000, 1, 1).unwrap().share);
    let had = pot.balance;
    let out: u128 = shares.iter().map(|share| pot.reclaim(share).unwrap()).map(|back| back.value + back.dust).sum();
    assert!(pot.scale > 0);
    assert_eq!((out, pot.balance, pot.holders), (had, 0, 0));
}

#[test]
fn more_than_a_tenth_is_large() {
    let mut pot = Pot::default();
    let tenth = pot.donate(None, 100, 1, 1).unwrap().share;
    let rest = pot.donate(None, 899, 1, 1).unwrap().share;
    assert!(pot.is_large(&tenth) && pot.is_large(&rest));
    pot.donate(Some(&rest), 1, 1, 1).unwrap();
    assert!(!pot.is_large(&tenth) && !pot.is_large(&Share::default()));
}
