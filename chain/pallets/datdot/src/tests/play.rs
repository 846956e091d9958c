//! Calls that people would send, and senseless ones.

use super::{author::Author, dice::Dice, mock::*, world::*};
use crate::{
    rules::{
        report::{Evidence, Outcome, Report},
        state::{CopyState, SpanState},
    },
    Call, *,
};
use sp_runtime::AccountId32;

/// Who sends a call, and the call.
pub type Sent = (RuntimeOrigin, Call<Test>);

/// A world in which somebody does something all the time.
pub struct Play {
    pub world: World,
    pub dice: Dice,
    people: Vec<Person>,
    authors: Vec<Author>,
    poor: bool,
}

impl Play {
    pub fn new(seed: u64) -> Self {
        let world = World::new(4, 5, 5);
        let people = world.everybody();
        let authors = vec![Author::new(10, vec![3000, 5000]), Author::new(11, vec![900; 9]), Author::new(12, vec![0, 1])];
        // Every other run is poor, so that pots run dry.
        Play { world, people, authors, dice: Dice(seed), poor: seed % 2 == 0 }
    }

    pub fn person(&mut self) -> Person {
        let index = self.dice.below(self.people.len() as u64) as usize;
        self.people[index].clone()
    }

    /// The next call, most of them sensible; None when what the dice chose has no object now.
    pub fn next(&mut self) -> Option<Sent> {
        match self.dice.below(24) {
            0 => Some(self.register()),
            1 => Some(self.update()),
            2 if self.dice.chance(20) => self.by_anybody(Call::deregister {}),
            2 | 3 => Some(self.publish()),
            4 if !self.poor || self.dice.chance(40) => Some(self.donate()),
            5 if !self.poor => Some(self.donate()),
            6 => {
                let core = self.core();
                self.by_anybody(Call::reclaim { core })
            }
            7 => self.set_wish(),
            8 => {
                let core = self.core();
                self.by_anybody(Call::assign { core })
            }
            9..=12 => self.set_up(),
            13..=15 => self.prove(),
            16..=18 => self.report(),
            19 => self.settle(),
            20 if self.dice.chance(60) => self.expire_or_decline(),
            20 => {
                let core = self.core();
                self.by_anybody(Call::reap { core })
            }
            21 if self.dice.chance(10) => Some((RuntimeOrigin::root(), self.set_params())),
            _ => self.garbage(),
        }
    }

    /// Sometimes ends the block.
    pub fn pass_time(&mut self) {
        if self.dice.chance(25) {
            let hand = self.dice.chance(80);
            next_block(hand);
        }
    }

    fn by_anybody(&mut self, call: Call<Test>) -> Option<Sent> {
        Some((self.person().origin(), call))
    }

    fn core(&mut self) -> CoreKey {
        let index = self.dice.below(self.authors.len() as u64) as usize;
        self.authors[index].key()
    }

    fn offer(&mut self) -> (u8, u64) {
        let roles = 1 + self.dice.below(7) as u8;
        (roles, if roles & 2 == 0 { 0 } else { 1 + self.dice.below(6 << 30) })
    }

    fn register(&mut self) -> Sent {
        let ((roles, capacity), who) = (self.offer(), self.person());
        (who.origin(), Call::register { roles, noise_key: who.noise_key(), proof: who.noise_proof(), capacity })
    }

    fn update(&mut self) -> Sent {
        let (roles, capacity) = self.offer();
        let (paused, other) = (self.dice.chance(10), self.person().id());
        let payout = self.dice.chance(30).then_some(other);
        (self.person().origin(), Call::update_provider { roles, capacity, paused, payout })
    }

    fn publish(&mut self) -> Sent {
        let index = self.dice.below(self.authors.len() as u64) as usize;
        if self.dice.chance(30) {
            let size = self.dice.below(5000);
            self.authors[index].sizes.push(size);
        }
        let call = self.authors[index].publication(Datdot::params().span_target).call();
        (self.person().origin(), call)
    }

    fn donate(&mut self) -> Sent {
        let most = if self.poor { DAT } else { 8 * DAT };
        let amount = DAT + u128::from(self.dice.below(most as u64));
        let wish = self.dice.below(5).min(Datdot::params().max_copies.into()) as u8;
        let core = self.core();
        (self.person().origin(), Call::donate { core, amount, wish })
    }

    fn set_wish(&mut self) -> Option<Sent> {
        let core = self.core();
        let donors: Vec<AccountId32> = Shares::<Test>::iter_key_prefix(core).collect();
        let donor = self.dice.pick(&donors)?.clone();
        let wish = self.dice.below(6).min(Datdot::params().max_copies.into()) as u8;
        Some((RuntimeOrigin::signed(donor), Call::set_wish { core, wish }))
    }

    fn set_up(&mut self) -> Option<Sent> {
        let waiting = |(_, span): &(u64, Span)| matches!(span.state, SpanState::Assigned | SpanState::Keyed);
        let spans: Vec<(u64, Span)> = Spans::<Test>::iter().filter(waiting).collect();
        let (id, span) = self.dice.pick(&spans)?.clone();
        if span.state == SpanState::Assigned {
            let call = Call::commit_key { span: id, e: 257, modulus: modulus(self.dice.roll()) };
            return Some((RuntimeOrigin::signed(span.signer?), call));
        }
        let pinner = Copies::<Test>::get(span.copy).expect("a copy").pinner;
        let (replica, signer_signature) = (replica(id), self.world.seal_signature(id));
        let call = Call::seal { span: id, root: replica.root(), cells: replica.cells, signer_signature };
        Some((RuntimeOrigin::signed(pinner), call))
    }

    /// An active copy and a period whose record may be open.
    fn active(&mut self) -> Option<(u64, u32)> {
        let active = |(_, copy): &(u64, Copy)| copy.state == CopyState::Active;
        let copies: Vec<(u64, Copy)> = Copies::<Test>::iter().filter(active).collect();
        let (id, _) = self.dice.pick(&copies)?;
        let period = Datdot::current_period().checked_sub(u32::from(self.dice.chance(20)))?;
        Periods::<Test>::contains_key(period).then_some((*id, period))
    }

    fn prove(&mut self) -> Option<Sent> {
        let (copy, period) = self.active()?;
        let pinner = Copies::<Test>::get(copy).expect("a copy").pinner;
        let proofs = self.world.proofs(copy, period);
        Some((RuntimeOrigin::signed(pinner), Call::prove { copy, period, proofs }))
    }

    fn report(&mut self) -> Option<Sent> {
        let (copy, period) = self.active()?;
        let verifiers = drawn(copy, period);
        let person = self.world.find(self.dice.pick(&verifiers)?);
        let report = match self.dice.chance(70) {
            true => self.world.served(&person, copy, period, self.dice.below(3000) as u32),
            false => plain_report(Outcome::TimedOut),
        };
        Some((person.origin(), Call::report { copy, period, report }))
    }

    fn settle(&mut self) -> Option<Sent> {
        let (copy, _) = self.active()?;
        let limit = self.dice.below(5) as u32;
        self.by_anybody(Call::settle { copy, limit })
    }

    fn expire_or_decline(&mut self) -> Option<Sent> {
        let spans: Vec<(u64, Span)> = Spans::<Test>::iter().collect();
        let (id, span) = self.dice.pick(&spans)?.clone();
        match (self.dice.chance(50), span.signer) {
            (true, Some(signer)) => {
                let reason = [DeclineReason::Unavailable, DeclineReason::Policy][self.dice.below(2) as usize];
                Some((RuntimeOrigin::signed(signer), Call::decline { duty: Duty::Span(id), reason }))
            }
            _ => self.by_anybody(Call::expire { span: id }),
        }
    }

    fn set_params(&mut self) -> Call<Test> {
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
        Call::set_params { params }
    }

    /// Any call from anybody with any values.
    fn garbage(&mut self) -> Option<Sent> {
        let origin = if self.dice.chance(5) { RuntimeOrigin::none() } else { self.person().origin() };
        let (a, b, hash) = (self.dice.number(), self.dice.number(), self.dice.bytes::<32>());
        let core = if self.dice.chance(70) { self.core() } else { hash };
        let small = self.dice.below(NextSpan::<Test>::get() + 2);
        let period = self.dice.below(u64::from(Datdot::current_period()) + 3) as u32;
        let call = match self.dice.below(17) {
            0 => Call::register { roles: a as u8, noise_key: hash, proof: self.dice.bytes(), capacity: b },
            1 => Call::update_provider { roles: a as u8, capacity: b, paused: a & 1 == 0, payout: None },
            2 => return None,
            3 => self.garbage_publication(),
            4 => Call::donate { core, amount: u128::from(a) << (b % 65), wish: b as u8 },
            5 => Call::reclaim { core },
            6 => Call::set_wish { core, wish: a as u8 },
            7 => Call::assign { core },
            8 => Call::commit_key { span: small, e: a as u32, modulus: self.dice.bytes() },
            9 => Call::seal { span: small, root: hash, cells: b, signer_signature: self.dice.bytes() },
            10 => return Some(self.garbage_proof(origin, small, period)),
            11 => self.garbage_report(small, period),
            12 => Call::settle { copy: small, limit: a as u32 },
            13 => Call::expire { span: small },
            14 => Call::set_params { params: Params::PRODUCTION },
            15 => {
                let duty = if a % 2 == 0 { Duty::Span(small) } else { Duty::Copy(a) };
                Call::decline { duty, reason: DeclineReason::Policy }
            }
            _ => Call::reap { core },
        };
        Some((origin, call))
    }

    fn garbage_publication(&mut self) -> Call<Test> {
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
        good.call()
    }

    fn garbage_proof(&mut self, origin: RuntimeOrigin, id: u64, period: u32) -> Sent {
        let Some((copy, now)) = self.active() else {
            return (origin, Call::prove { copy: id, period, proofs: Default::default() });
        };
        let proofs = self.world.proofs(copy, now).into_inner().into_iter().map(|mut proof| {
            proof.peaks.iter_mut().for_each(|peak| peak[0] ^= 1);
            proof
        });
        let proofs = proofs.collect::<Vec<_>>().try_into().expect("few spans");
        let pinner = Copies::<Test>::get(copy).expect("a copy").pinner;
        let period = if self.dice.chance(50) { now } else { period };
        (RuntimeOrigin::signed(pinner), Call::prove { copy, period, proofs })
    }

    fn garbage_report(&mut self, copy: u64, period: u32) -> Call<Test> {
        let evidence = Evidence::WrongReplica {
            span: self.dice.number() as u16,
            index: self.dice.number(),
            peaks: Default::default(),
            leaf: Default::default(),
        };
        let outcome = [Outcome::WrongReplica, Outcome::Served, Outcome::WrongData][self.dice.below(3) as usize];
        Call::report { copy, period, report: Report { evidence, ..plain_report(outcome) } }
    }
}
