//! Draws over random tables: whom they may pick, and that a copy of the rule picks the same.

use super::{dice::Dice, mock::*, world::*};
use crate::{
    draws::{Crew, Lottery},
    rules::{
        draw::{is_verifier_slot, Role},
        hash::hash,
        pot::{Pot, Share},
        reputation::Reputation,
        span::SpanRange,
        Hash,
    },
    *,
};
use frame_support::assert_ok;
use sp_runtime::AccountId32;

const CORE: CoreKey = [3; 32];
const S: u64 = 9;
const BYTES: u64 = 1000;

fn account(index: u64) -> AccountId32 {
    hash(&[b"provider", &index.to_le_bytes()]).into()
}

/// Fills all tables that a draw reads with random providers, slots, donors and parties.
fn fill(dice: &mut Dice, pot: &mut Pot) -> [u32; 3] {
    let providers = 1 + dice.below(12);
    pot.balance = 1000;
    pot.era = 1;
    for index in 0..providers {
        let capacity = dice.below(3 * BYTES);
        let reputation = Reputation { alpha: dice.below(4_000_000), beta: 1 + dice.below(4_000_000), period: 0 };
        let provider = Provider {
            roles: 7,
            noise_key: hash(&[&index.to_le_bytes()]),
            capacity,
            reserved: dice.below(capacity + 1),
            reputation: [reputation; 3],
            registered_at: 0,
            paused: dice.chance(15),
            payout: account(index),
            deposit: 0,
            leaving: None,
            declines: Declines::default(),
        };
        Providers::<Test>::insert(account(index), provider);
        if dice.chance(25) {
            let party = Party { pinner: dice.below(2) as u32, signer: 1 };
            CoreParties::<Test>::insert(CORE, account(index), party);
        }
        if dice.chance(30) {
            let n = u128::from(dice.below(400));
            pot.total += n;
            Shares::<Test>::insert(CORE, account(index), Share { n, wish: 1, era: 1, scale: 0 });
        }
    }
    Role::ALL.map(|role| {
        let count = dice.below(20) as u32;
        for index in 0..count {
            let slot = RoleSlot {
                account: account(dice.below(providers)),
                since: dice.below(60) as u32,
                until: dice.chance(20).then(|| dice.below(100) as u32),
            };
            RoleSlots::<Test>::insert(role, index, slot);
        }
        count
    })
}

fn request(dice: &mut Dice) -> Request {
    let tree = Tree { fork: 0, length: 8, byte_length: 800, tree_hash: [0; 32], cuts: Default::default() };
    Request { request_id: dice.roll(), seed: S, attempt: dice.below(5), tree }
}

fn ranges(dice: &mut Dice) -> Vec<SpanRange> {
    let range = |index: u64, empty: bool| {
        let byte_length = if empty { 0 } else { 100 };
        SpanRange { start: index, end: index + 1, byte_start: 0, byte_length }
    };
    (0..1 + dice.below(5)).map(|index| range(index, dice.chance(15))).collect()
}

/// What a candidate must be whatever its role.
fn assert_candidate(lottery: &Lottery, role: Role, who: &AccountId32) {
    let provider = Providers::<Test>::get(who).expect("a provider");
    assert!(!provider.paused, "a paused provider was drawn");
    let count = lottery.counts[usize::from(role.byte())];
    let old_enough = (0..count)
        .filter_map(|index| RoleSlots::<Test>::get(role, index))
        .any(|slot| slot.account == *who && slot.until.is_none() && u64::from(slot.since) < (S - 1) * 5);
    assert!(old_enough, "no slot of the drawn began before the limit and runs");
    let share = Shares::<Test>::get(CORE, who).map_or(0, |share| lottery.pot.read(&share));
    assert!(share * 10 <= lottery.pot.total, "a large donor was drawn");
}

fn assert_crew(lottery: &Lottery, ranges: &[SpanRange], crew: &Crew) {
    assert_candidate(lottery, Role::Pinner, &crew.pinner);
    assert_eq!(CoreParties::<Test>::get(CORE, &crew.pinner), Party::default(), "a party of the core was drawn as pinner");
    let pinner = Providers::<Test>::get(&crew.pinner).expect("a provider");
    assert!(pinner.capacity - pinner.reserved >= BYTES, "a full pinner was drawn");
    assert_eq!(crew.signers.len(), ranges.len());
    for (signer, range) in crew.signers.iter().zip(ranges) {
        assert_eq!(signer.is_some(), range.byte_length > 0);
        let Some(signer) = signer else { continue };
        assert_candidate(lottery, Role::Signer, signer);
        assert_ne!(*signer, crew.pinner, "a pinner signs its own copy");
        assert_eq!(CoreParties::<Test>::get(CORE, signer).pinner, 0, "a pinner of the core was drawn as signer");
    }
}

/// The draw of a pinner written a second time, from the bytes of part 9.
fn second_opinion(lottery: &Lottery, floor: u32) -> Option<AccountId32> {
    let count = u64::from(lottery.counts[1]);
    if count == 0 {
        return None;
    }
    for attempt in 0..64u64 {
        let mut bytes = b"\x0bdatdot/draw".to_vec();
        bytes.extend_from_slice(lottery.value);
        bytes.push(1);
        bytes.extend_from_slice(lottery.core);
        for value in [lottery.request.request_id, u64::from(lottery.slot), lottery.request.attempt, u64::MAX, attempt] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        let digest = sp_io::hashing::blake2_256(&bytes);
        let at = |from: usize| u64::from_le_bytes(digest[from..from + 8].try_into().expect("eight"));
        let slot = RoleSlots::<Test>::get(Role::Pinner, (at(0) % count) as u32).expect("dense");
        let provider = Providers::<Test>::get(&slot.account).expect("a provider");
        let Reputation { alpha, beta, .. } = provider.reputation[1];
        let r = (u128::from(alpha) * 1_000_000 / u128::from(alpha + beta)) as u64;
        let share = Shares::<Test>::get(CORE, &slot.account).map_or(0, |share| share.n);
        let is_ok = slot.since < 40
            && slot.until.is_none()
            && !provider.paused
            && provider.capacity - provider.reserved >= BYTES
            && share * 10 <= lottery.pot.total
            && CoreParties::<Test>::get(CORE, &slot.account) == Party::default()
            && at(8) % 1_000_000 < r.max(floor.into());
        if is_ok {
            return Some(slot.account);
        }
    }
    None
}

#[test]
fn draws_never_pick_an_excluded_party() {
    let (mut found, mut failed) = (0, 0);
    for seed in 0..600 {
        chain(&[]).execute_with(|| {
            let mut dice = Dice(seed);
            let mut pot = Pot::default();
            let counts = fill(&mut dice, &mut pot);
            let (request, ranges, value) = (request(&mut dice), ranges(&mut dice), dice.bytes::<32>());
            let slot = dice.below(16) as u32;
            let lottery = Lottery { core: &CORE, request: &request, slot, s: S, value: &value, counts, pot: &pot };
            let pinner = second_opinion(&lottery, 250_000);
            match Datdot::draw_crew(&lottery, &ranges, BYTES) {
                Ok(crew) => {
                    found += 1;
                    assert_eq!(Some(&crew.pinner), pinner.as_ref());
                    assert_crew(&lottery, &ranges, &crew);
                }
                Err(missing) => {
                    failed += 1;
                    assert_eq!(pinner.is_none(), matches!(missing, Missing::NoPinners | Missing::Pinner));
                    assert_eq!(counts[1] == 0, missing == Missing::NoPinners);
                }
            }
        });
    }
    assert!(found > 100 && failed > 100, "{found} found, {failed} failed");
}

/// A copy with these signers, whose pinner is provider 0.
fn copy(signers: &[AccountId32]) -> Copy {
    let world = World::new(3, 1, 0);
    let mut copy = None;
    world.registered().execute_with(|| {
        world.pin(&small_core(), 100 * DAT, 1);
        run_to(11);
        copy = Copies::<Test>::get(0);
    });
    let mut copy = copy.expect("a copy");
    copy.pinner = account(0);
    copy.spans = (0..signers.len() as u64).collect::<Vec<_>>().try_into().expect("few");
    copy
}

fn insert_spans(signers: &[AccountId32]) {
    for (number, signer) in signers.iter().enumerate() {
        let span = Span {
            copy: 0,
            number: number as u32,
            signer: Some(signer.clone()),
            signer_noise_key: None,
            start: 0,
            end: 1,
            byte_start: 0,
            byte_length: 1,
            beacon: [0; 32],
            cells: 1,
            x: 0,
            state: rules::state::SpanState::Sealed,
            deadline: None,
            assigned_at: 0,
            key: None,
            root: None,
        };
        Spans::<Test>::insert(number as u64, span);
    }
}

#[test]
fn verifiers_are_neither_parties_nor_late_nor_gone_nor_drawn_twice() {
    let signers: Vec<AccountId32> = [1, 2].map(account).into();
    let copy = copy(&signers);
    let mut drawn_at_all = 0;
    for seed in 0..400 {
        chain(&[]).execute_with(|| {
            let mut dice = Dice(seed);
            insert_spans(&signers);
            let count = 1 + dice.below(20) as u32;
            for index in 0..count {
                let slot = RoleSlot {
                    account: account(dice.below(12)),
                    since: dice.below(80) as u32,
                    until: dice.chance(30).then(|| 20 * dice.below(10) as u32),
                };
                RoleSlots::<Test>::insert(Role::Verifier, index, slot);
            }
            let value: Hash = dice.bytes();
            Periods::<Test>::insert(3, crate::Period { seed: [0; 32], verifiers: count, samples: 20, seed_index: 12 });
            let verifiers = Datdot::draw_verifiers(7, &copy, 4, &value, 3);
            drawn_at_all += verifiers.len();
            let distinct: std::collections::BTreeSet<_> = verifiers.iter().collect();
            assert_eq!(distinct.len(), verifiers.len());
            for verifier in &verifiers {
                assert!(*verifier != copy.pinner && !signers.contains(verifier));
                let fits = |slot: RoleSlot| {
                    slot.account == *verifier && is_verifier_slot(4, slot.since.into(), slot.until.map(u64::from), 20)
                };
                assert!((0..count).filter_map(|index| RoleSlots::<Test>::get(Role::Verifier, index)).any(fits));
            }
        });
    }
    assert!(drawn_at_all > 400, "{drawn_at_all}");
}

#[test]
fn verifiers_of_a_period_do_not_change_while_its_record_may_open() {
    let world = World::new(3, 2, 8);
    world.registered().execute_with(|| {
        world.active(&small_core(), 100 * DAT, 1);
        let period = System::block_number() / 20;
        let first = drawn(0, period);
        assert_eq!(first.len(), 3);
        let mut dice = Dice(5);
        // Registrations, departures and slots used again, up to the end of the grace.
        for name in 0..40 {
            let person = Person::new(700 + name);
            assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), person.id(), FUNDS));
            assert_ok!(person.register(Role::Verifier.bit(), 0));
            if let Some(person) = dice.pick(&world.verifiers) {
                let _ = Datdot::deregister(person.origin());
            }
            if System::block_number() < (period + 1) * 20 + 1 {
                next_block(false);
            }
            assert_eq!(drawn(0, period), first);
        }
    });
}
