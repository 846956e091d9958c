//! Random calls, sensible and senseless, with all invariants checked after each batch.

use super::{author::Author, mock::*, world::*};
use crate::{
    rules::{
        report::{Evidence, Outcome},
        state::{CopyState, SpanState},
    },
    *,
};
use frame_support::assert_ok;
use std::collections::BTreeMap;
use sp_runtime::{AccountId32, DispatchResult};

/// A small generator with a seed (splitmix64), so that a run can be repeated.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, A>(&mut self, items: &'a [A]) -> Option<&'a A> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// A number of any size, often an extreme one.
    pub fn number(&mut self) -> u64 {
        match self.below(4) {
            0 => self.below(4),
            1 => u64::MAX - self.below(3),
            2 => 1 << self.below(64),
            _ => self.roll(),
        }
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.roll() as u8)
    }
}

struct Play {
    world: World,
    people: Vec<Person>,
    authors: Vec<Author>,
    dice: Dice,
    poor: bool,
    calls: u32,
    taken: u32,
    /// How often each event came.
    seen: BTreeMap<String, u32>,
}

impl Play {
    fn new(seed: u64) -> Self {
        let world = World::new(4, 5, 5);
        let people = world.everybody();
        let authors = vec![Author::new(10, vec![3000, 5000]), Author::new(11, vec![900; 9]), Author::new(12, vec![0, 1])];
        Play { world, people, authors, dice: Dice(seed), poor: seed % 2 == 0, calls: 0, taken: 0, seen: BTreeMap::new() }
    }

    fn count(&mut self, result: DispatchResult) {
        self.calls += 1;
        self.taken += u32::from(result.is_ok());
    }

    fn person(&mut self) -> Person {
        let index = self.dice.below(self.people.len() as u64) as usize;
        self.people[index].clone()
    }

    fn core(&mut self) -> CoreKey {
        let index = self.dice.below(self.authors.len() as u64) as usize;
        self.authors[index].key()
    }

    fn step(&mut self) {
        let result = match self.dice.below(24) {
            0 => self.register(),
            1 => self.update(),
            2 if self.dice.chance(20) => Datdot::deregister(self.person().origin()),
            2 | 3 => self.publish(),
            4 if !self.poor || self.dice.chance(40) => self.donate(),
            5 if !self.poor => self.donate(),
            6 => plain(Datdot::reclaim(self.person().origin(), self.core())),
            7 => self.set_wish(),
            8 => plain(Datdot::assign(self.person().origin(), self.core())),
            9..=12 => self.set_up(),
            13..=15 => self.prove(),
            16..=18 => self.report(),
            19 => self.settle(),
            20 if self.dice.chance(60) => self.expire_or_decline(),
            20 => Datdot::reap(self.person().origin(), self.core()),
            21 if self.dice.chance(10) => self.set_params(),
            _ => self.garbage(),
        };
        self.count(result);
        if self.dice.chance(25) {
            let hand = self.dice.chance(80);
            next_block(hand);
        }
    }

    fn register(&mut self) -> DispatchResult {
        let roles = 1 + self.dice.below(7) as u8;
        let capacity = if roles & 2 == 0 { 0 } else { 1 + self.dice.below(6 << 30) };
        self.person().register(roles, capacity)
    }

    fn update(&mut self) -> DispatchResult {
        let roles = 1 + self.dice.below(7) as u8;
        let capacity = if roles & 2 == 0 { 0 } else { 1 + self.dice.below(6 << 30) };
        let (paused, other) = (self.dice.chance(10), self.person().id());
        let payout = self.dice.chance(30).then_some(other);
        Datdot::update_provider(self.person().origin(), roles, capacity, paused, payout)
    }

    fn publish(&mut self) -> DispatchResult {
        let index = self.dice.below(self.authors.len() as u64) as usize;
        if self.dice.chance(30) {
            let size = self.dice.below(5000);
            self.authors[index].sizes.push(size);
        }
        let publication = self.authors[index].publication(Datdot::params().span_target);
        send_publication(&self.person(), publication)
    }

    fn donate(&mut self) -> DispatchResult {
        // Every other run is poor, so that pots run dry.
        let most = if self.poor { DAT } else { 8 * DAT };
        let amount = DAT + u128::from(self.dice.below(most as u64));
        let wish = self.dice.below(5).min(Datdot::params().max_copies.into()) as u8;
        plain(Datdot::donate(self.person().origin(), self.core(), amount, wish))
    }

    fn set_wish(&mut self) -> DispatchResult {
        let core = self.core();
        let donors: Vec<AccountId32> = Shares::<Test>::iter_key_prefix(core).collect();
        let Some(donor) = self.dice.pick(&donors).cloned() else { return Ok(()) };
        let wish = self.dice.below(6).min(Datdot::params().max_copies.into()) as u8;
        plain(Datdot::set_wish(self.world.find(&donor).origin(), core, wish))
    }

    fn set_up(&mut self) -> DispatchResult {
        let waiting = |(_, span): &(u64, Span)| matches!(span.state, SpanState::Assigned | SpanState::Keyed);
        let spans: Vec<(u64, Span)> = Spans::<Test>::iter().filter(waiting).collect();
        let Some((id, span)) = self.dice.pick(&spans).cloned() else { return Ok(()) };
        if span.state == SpanState::Assigned {
            let signer = self.world.find(&span.signer.expect("a signer"));
            return plain(Datdot::commit_key(signer.origin(), id, 257, modulus(self.dice.roll())));
        }
        let pinner = self.world.find(&Copies::<Test>::get(span.copy).expect("a copy").pinner);
        let (replica, signature) = (replica(id), self.world.seal_signature(id));
        plain(Datdot::seal(pinner.origin(), id, replica.root(), replica.cells, signature))
    }

    /// An active copy and a period whose record may be open.
    fn active(&mut self) -> Option<(u64, u32)> {
        let active = |(_, copy): &(u64, Copy)| copy.state == CopyState::Active;
        let copies: Vec<(u64, Copy)> = Copies::<Test>::iter().filter(active).collect();
        let (id, _) = self.dice.pick(&copies)?;
        let period = Datdot::current_period().checked_sub(u32::from(self.dice.chance(20)))?;
        Periods::<Test>::contains_key(period).then_some((*id, period))
    }

    fn prove(&mut self) -> DispatchResult {
        let Some((id, period)) = self.active() else { return Ok(()) };
        self.world.prove(id, period)
    }

    fn report(&mut self) -> DispatchResult {
        let Some((id, period)) = self.active() else { return Ok(()) };
        let verifiers = drawn(id, period);
        let Some(verifier) = self.dice.pick(&verifiers) else { return Ok(()) };
        let person = self.world.find(verifier);
        let report = match self.dice.chance(70) {
            true => self.world.served(&person, id, period, self.dice.below(3000) as u32),
            false => plain_report(Outcome::TimedOut),
        };
        plain(Datdot::report(person.origin(), id, period, report))
    }

    fn settle(&mut self) -> DispatchResult {
        let Some((id, _)) = self.active() else { return Ok(()) };
        plain(Datdot::settle(self.person().origin(), id, self.dice.below(5) as u32))
    }

    fn expire_or_decline(&mut self) -> DispatchResult {
        let spans: Vec<(u64, Span)> = Spans::<Test>::iter().collect();
        let Some((id, span)) = self.dice.pick(&spans).cloned() else { return Ok(()) };
        match (self.dice.chance(50), span.signer) {
            (true, Some(signer)) => {
                let reason = [DeclineReason::Unavailable, DeclineReason::Policy][self.dice.below(2) as usize];
                plain(Datdot::decline(self.world.find(&signer).origin(), Duty::Span(id), reason))
            }
            _ => plain(Datdot::expire(self.person().origin(), id)),
        }
    }

    fn set_params(&mut self) -> DispatchResult {
        let params = Params {
            samples: 1 + self.dice.below(8) as u32,
            verifiers: 1 + self.dice.below(5) as u32,
            parts: 1 + self.dice.below(9) as u32,
            max_copies: 1 + self.dice.below(5) as u32,
            unfunded_grace: self.dice.below(3) as u32,
            min_periods: self.dice.below(if self.poor { 2 } else { 6 }) as u32,
            commit_deadline: self.dice.below(12) as u32,
            seal_base: self.dice.below(12) as u32,
            span_target: 1000 + self.dice.below(9000),
            x: u128::from(self.dice.below(2 * DAT as u64)),
            y: u128::from(self.dice.below(if self.poor { 9 * DAT } else { DAT } as u64)),
            pinner_unit: 1 << (28 + self.dice.below(4)),
            ..Params::DEVELOPMENT
        };
        Datdot::set_params(RuntimeOrigin::root(), params)
    }

    /// Any call from anybody with any values.
    fn garbage(&mut self) -> DispatchResult {
        let origin = if self.dice.chance(5) { RuntimeOrigin::none() } else { self.person().origin() };
        let (a, b, hash) = (self.dice.number(), self.dice.number(), self.dice.bytes::<32>());
        let core = if self.dice.chance(70) { self.core() } else { hash };
        let small = self.dice.below(NextSpan::<Test>::get() + 2);
        let period = self.dice.below(u64::from(Datdot::current_period()) + 3) as u32;
        match self.dice.below(17) {
            0 => Datdot::register(origin, a as u8, hash, self.dice.bytes(), b),
            1 => Datdot::update_provider(origin, a as u8, b, a & 1 == 0, None),
            2 => Ok(()),
            3 => self.garbage_publication(origin),
            4 => plain(Datdot::donate(origin, core, u128::from(a) << (b % 65), b as u8)),
            5 => plain(Datdot::reclaim(origin, core)),
            6 => plain(Datdot::set_wish(origin, core, a as u8)),
            7 => plain(Datdot::assign(origin, core)),
            8 => plain(Datdot::commit_key(origin, small, a as u32, self.dice.bytes())),
            9 => plain(Datdot::seal(origin, small, hash, b, self.dice.bytes())),
            10 => self.garbage_proof(origin, small, period),
            11 => self.garbage_report(origin, small, period),
            12 => plain(Datdot::settle(origin, small, a as u32)),
            13 => plain(Datdot::expire(origin, small)),
            14 => Datdot::set_params(origin, Params::PRODUCTION),
            15 => plain(Datdot::decline(origin, if a % 2 == 0 { Duty::Span(small) } else { Duty::Copy(a) }, DeclineReason::Policy)),
            _ => Datdot::reap(origin, core),
        }
    }

    fn garbage_publication(&mut self, origin: RuntimeOrigin) -> DispatchResult {
        let index = self.dice.below(self.authors.len() as u64) as usize;
        let mut good = self.authors[index].publication(Datdot::params().span_target);
        match self.dice.below(5) {
            0 => good.fork = self.dice.number(),
            1 => good.length = self.dice.number(),
            2 => good.peaks.iter_mut().for_each(|peak| peak.size = self.dice.number()),
            3 => good.signature = self.dice.bytes(),
            _ => {
                let manifest: Vec<u8> = (0..self.dice.below(200)).map(|_| self.dice.roll() as u8 & 7).collect();
                good.identity = rules::publish::Identity::Manifest(manifest.try_into().expect("short"));
            }
        }
        plain(Datdot::publish(origin, good.identity, good.fork, good.length, good.peaks, good.signature, good.cuts))
    }

    fn garbage_proof(&mut self, origin: RuntimeOrigin, id: u64, period: u32) -> DispatchResult {
        let Some((copy, now)) = self.active() else {
            return plain(Datdot::prove(origin, id, period, Default::default()));
        };
        let proofs = self.world.proofs(copy, now).into_inner().into_iter().map(|mut proof| {
            proof.peaks.iter_mut().for_each(|peak| peak[0] ^= 1);
            proof
        });
        let proofs = proofs.collect::<Vec<_>>().try_into().expect("few spans");
        let pinner = self.world.find(&Copies::<Test>::get(copy).expect("a copy").pinner);
        plain(Datdot::prove(pinner.origin(), copy, if self.dice.chance(50) { now } else { period }, proofs))
    }

    fn garbage_report(&mut self, origin: RuntimeOrigin, id: u64, period: u32) -> DispatchResult {
        let evidence = Evidence::WrongReplica {
            span: self.dice.number() as u16,
            index: self.dice.number(),
            peaks: Default::default(),
            leaf: Default::default(),
        };
        let outcome = [Outcome::WrongReplica, Outcome::Served, Outcome::WrongData][self.dice.below(3) as usize];
        plain(Datdot::report(origin, id, period, rules::report::Report { evidence, ..plain_report(outcome) }))
    }
}

/// What is in the world: the genesis minus fees; work mints and burns the same.
fn expected_issuance(genesis: u128) -> u128 {
    let sums = Totals::<Test>::get();
    genesis + sums.minted - sums.burned_for_work - sums.fees
}

fn play(seed: u64, calls: u32) -> (Vec<u8>, u32, BTreeMap<String, u32>) {
    let mut play = Play::new(seed);
    let mut chain = play.world.registered();
    chain.execute_with(|| {
        let genesis = Balances::total_issuance();
        while play.calls < calls {
            for _ in 0..100 {
                play.step();
            }
            for event in take_events() {
                let text = format!("{event:?}");
                let name = text.split(|c: char| !c.is_alphanumeric()).nth(2).unwrap_or_default().to_string();
                *play.seen.entry(name).or_default() += 1;
            }
            check();
            assert_eq!(Balances::total_issuance(), expected_issuance(genesis));
        }
        let version = sp_runtime::StateVersion::V1;
        (sp_io::storage::root(version), play.taken, play.seen.clone())
    })
}

#[test]
fn random_calls_break_no_invariant() {
    let (mut taken, mut seen) = (0, BTreeMap::<String, u32>::new());
    for seed in 1..=12 {
        let (_, count, events) = play(seed, 2000);
        for (name, count) in events {
            *seen.entry(name).or_default() += count;
        }
        taken += count;
    }
    assert!(taken > 6000, "most of the calls were refused: {taken} were taken");
    let common = ["CopyActive", "CopyEnded", "CopyEnding", "Settled", "Paid", "ReputationChanged", "SpanSealed", "DrawFailed"];
    let rare = ["PeriodUnfunded", "SpanExpired", "Declined", "Reclaimed", "CoreReaped", "ProviderLeft", "FeeBurned", "RequestDropped"];
    for name in common.iter().chain(&rare) {
        assert!(seen.contains_key(*name), "{name} never happened: {seen:?}");
    }
}

#[test]
fn same_calls_lead_to_the_same_state() {
    assert_eq!(play(77, 500), play(77, 500));
    assert_ne!(play(77, 300).0, play(78, 300).0);
}

#[test]
fn pot_is_refilled_and_drained_hundreds_of_times() {
    let world = World::new(0, 0, 0);
    let core = small_core();
    let donors: Vec<Person> = (0..6).map(|name| Person::new(600 + name)).collect();
    let mut accounts: Vec<AccountId32> = donors.iter().map(Person::id).collect();
    accounts.push(world.other.id());
    chain(&accounts).execute_with(|| {
        assert_ok!(world.publish(&core));
        let genesis = Balances::total_issuance();
        let mut dice = Dice(4);
        let mut drained = 0u128;
        for round in 0..600 {
            for _ in 0..1 + dice.below(4) {
                let donor = dice.pick(&donors).expect("a donor").clone();
                let amount = DAT + u128::from(dice.below(50 * DAT as u64));
                assert_ok!(Datdot::donate(donor.origin(), core.key(), amount, 0));
            }
            let balance = Pots::<Test>::get(core.key()).balance;
            let amount = match dice.below(4) {
                0 => balance,
                1 => balance - 1,
                2 => balance / (1 << dice.below(60)),
                _ => balance / 2,
            };
            Pots::<Test>::mutate(core.key(), |pot| pot.burn(amount, &mut 0)).expect("enough");
            Datdot::destroy(amount);
            drained += amount;
            if dice.chance(20) {
                let donor = dice.pick(&donors).expect("a donor").clone();
                let before = Balances::free_balance(donor.id()) + Pots::<Test>::get(core.key()).balance;
                let _ = Datdot::reclaim(donor.origin(), core.key());
                let fees = Totals::<Test>::get().fees;
                assert!(Balances::free_balance(donor.id()) + Pots::<Test>::get(core.key()).balance + fees >= before);
            }
            if round % 10 == 0 {
                check();
            }
        }
        check();
        assert_eq!(Balances::total_issuance(), genesis - drained - Totals::<Test>::get().fees);
    });
}
