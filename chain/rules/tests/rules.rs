//! Draws, windows, spans, leaves, payments and reputation, rule by rule.

use datdot_rules::{
    draw::*,
    leaves::{locate, period_leaves, replica_leaf, total_leaves, LeafPosition},
    messages,
    report::{Evidence, Outcome},
    reputation::{median, pinner_change, quality, verifier_change, Change, Reputation, ONE},
    settle::*,
    span::*,
    tpe::{is_key_allowed, Hashes, LeafProof},
};
use proptest::prelude::*;
use sp_core::{ed25519, sr25519, Pair};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn spans_partition_the_core(length in 1u64..1 << 40, bytes in 1u64..1 << 50, target in 1u64..1 << 40) {
        let n = span_count(length, bytes, target);
        let bounds = span_bounds(length, bytes, target);
        prop_assert!((1..=64).contains(&n) && bounds.len() as u64 == n + 1);
        prop_assert_eq!((bounds[0], *bounds.last().unwrap()), (0, length));
        prop_assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(bounds[..n as usize].iter().all(|cut| cut % 2 == 0));
        prop_assert!(n == 1 || n == 64 || n == length / 2 || n == bytes.div_ceil(target));
    }

    #[test]
    fn leaves_of_a_period_are_distinct_ascending_and_in_range(
        seed in any::<[u8; 32]>(), copy in any::<u64>(), cells in prop::collection::vec(0u64..3_000, 0..9), samples in 0u32..70,
    ) {
        let total = total_leaves(&cells);
        let leaves = period_leaves(&seed, copy, &cells, samples);
        prop_assert_eq!(leaves.len() as u64, total.min(samples.into()));
        prop_assert!(leaves.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(leaves.iter().all(|leaf| leaf.index < leaves_of(cells[leaf.span as usize])));
        prop_assert_eq!(&leaves, &period_leaves(&seed, copy, &cells, samples));
        let one = replica_leaf(&seed, copy, &[5; 32], &cells);
        prop_assert_eq!(one.is_some(), total > 0);
        prop_assert!(one.is_none_or(|leaf| leaf.index < leaves_of(cells[leaf.span as usize])));
    }

    #[test]
    fn draws_depend_on_every_input(value in any::<[u8; 32]>(), key in any::<[u8; 32]>(), id in any::<u64>(), slot in any::<u32>()) {
        let input = DrawInput { value: &value, role: Role::Signer, core_key: &key, request_id: id, slot, attempt: 0, span: 0 };
        let first = provider_draw(&input, 0);
        prop_assert_eq!(first, provider_draw(&input, 0));
        let others = [
            provider_draw(&input, 1),
            provider_draw(&DrawInput { value: &key, core_key: &value, ..input }, 0),
            provider_draw(&DrawInput { role: Role::Pinner, ..input }, 0),
            provider_draw(&DrawInput { request_id: id ^ 1, ..input }, 0),
            provider_draw(&DrawInput { slot: slot ^ 1, ..input }, 0),
            provider_draw(&DrawInput { attempt: 1, ..input }, 0),
            provider_draw(&DrawInput { span: 1, ..input }, 0),
        ];
        prop_assert!(others.iter().all(|other| *other != first));
        prop_assert!(first.accept_number() < PPM && first.index(7).unwrap() < 7);
        prop_assert_eq!(first.index(0), None);
        prop_assert_eq!(first.accepts(first.accept_number(), 0), false);
        prop_assert!(first.accepts(first.accept_number() + 1, 0) && first.accepts(0, PPM));
    }

    #[test]
    fn parts_add_up_to_the_whole(x in any::<u128>(), parts in 1u32..40) {
        let sum: u128 = (0..parts).map(|passes| part(x, parts, passes)).sum();
        prop_assert_eq!(sum, x);
        prop_assert_eq!(part(x, parts, parts), 0);
    }

    #[test]
    fn a_period_never_pays_more_than_y_z_and_one_part(
        y in 0u128..1 << 90, z in 0u128..1 << 90, r in 0..=PPM, k in 1u32..9, proved in any::<bool>(),
        outcomes in prop::collection::vec((0usize..5, 0..=PPM), 0..9), passes in 0u32..10,
    ) {
        let all = [Outcome::Served, Outcome::Unreachable, Outcome::TimedOut, Outcome::WrongData, Outcome::WrongReplica];
        let reports: Vec<Reporter> =
            outcomes.iter().take(k as usize).map(|(i, r)| Reporter { outcome: all[*i], r_ppm: *r }).collect();
        let paid = payments(&PeriodInput { y, z, r_ppm: r, k, parts: 8, proved, reports: &reports, x_spans: &[80, 160], passes });
        prop_assert!(paid.total() <= y + z + 10 + 20);
        prop_assert!(paid.pinner <= y && paid.verifiers.iter().sum::<u128>() <= z);
        prop_assert_eq!(paid.passes - passes, u32::from(paid.signers[0] > 0));
        prop_assert!(proved || (paid.pinner == 0 && paid.signers == [0, 0]));
        prop_assert!(paid.verdict.is_some() || paid.verifiers.iter().all(|amount| *amount == 0));
    }

    #[test]
    fn prices_round_up_and_cover_the_spans(rate in 0u128..1 << 90, bytes in 1u64..1 << 50, cut in 0u64..1 << 50) {
        let x = price(rate, bytes);
        let exact = (sp_core::U256::from(rate) * sp_core::U256::from(bytes.max(MIB)) + (MIB - 1)) / MIB;
        prop_assert_eq!(sp_core::U256::from(x), exact);
        let cut = cut % bytes;
        prop_assert!(span_price(x, cut, bytes) + span_price(x, bytes - cut, bytes) <= x);
    }
}

#[test]
fn windows_leave_one_whole_window_between_input_and_seed() {
    assert_eq!((seed_of_input(0, 5), seed_of_input(4, 5), seed_of_input(5, 5)), (2, 2, 3));
    assert_eq!((registration_limit(3, 5), registration_limit(0, 5)), (10, 0));
    for block in 0..200 {
        // Seed s is made of blocks up to s·window: at least a whole window after the input's own.
        assert!(seed_of_input(block, 5) * 5 - block > 5);
        assert!(block / 5 * 5 + 5 <= registration_limit(seed_of_input(block, 5), 5));
        let first = first_period(block, 20, 5);
        assert!(period_seed_index(first, 20, 5) >= block / 5 + 2);
        assert!(first == 0 || period_seed_index(first - 1, 20, 5) < block / 5 + 2);
    }
}

#[test]
fn periods_open_and_close_their_records() {
    assert_eq!((period_start(3, 20), period_of(59, 20), period_of(60, 20), period_of(u64::MAX, 20)), (60, 2, 3, u32::MAX));
    let open: Vec<u64> = (0..100).filter(|block| is_record_open(2, *block, 20, 2)).collect();
    assert_eq!((open[0], open[open.len() - 1], open.len()), (40, 61, 22));
    assert!(!is_settleable(2, 61, 20, 2) && is_settleable(2, 62, 20, 2));
    assert!(is_verifier_slot(3, 39, None, 20) && !is_verifier_slot(3, 40, None, 20));
    assert!(is_verifier_slot(3, 39, Some(81), 20) && !is_verifier_slot(3, 39, Some(80), 20));
    assert!(!is_verifier_slot(0, 0, None, 20));
    assert_eq!((slot_end(40, 20), slot_end(59, 20)), (80, 80));
}

#[test]
fn sizes_follow_from_bytes() {
    assert_eq!([0, 1, 255, 256, 65_536].map(cells_of), [0, 1, 1, 2, 258]);
    assert_eq!([0, 1, 4, 5].map(leaves_of), [0, 1, 1, 2]);
    assert_eq!((reserved_bytes(10, 3), billed_bytes(1), billed_bytes(MIB + 1)), (2_800, MIB, MIB + 1));
    assert_eq!(
        (seal_blocks(100, 1_000_000, 65_536), pinner_slots(1, 10), pinner_slots(11, 10), pinner_slots(10_000, 10)),
        (115, 1, 2, 64)
    );
    assert_eq!(locate(&[8, 0, 5], 2), Some(LeafPosition { span: 2, index: 0 }));
    assert_eq!(locate(&[8, 0, 5], 4), None);
    assert_eq!((Role::Signer.bit(), Role::Pinner.bit(), Role::Verifier.bit()), (1, 2, 4));
}

#[test]
fn a_verdict_needs_more_than_half_and_no_tie() {
    let say = |served: usize, failed: usize, k: u32| {
        verdict([vec![Outcome::Served; served], vec![Outcome::TimedOut; failed]].concat(), k)
    };
    assert_eq!([say(0, 0, 3), say(1, 0, 3), say(1, 1, 3), say(2, 2, 4), say(2, 0, 4), say(0, 0, 0)], [None; 6]);
    assert_eq!([say(2, 0, 3), say(2, 1, 3), say(3, 0, 4)], [Some(Verdict::Served); 3]);
    assert_eq!([say(0, 2, 3), say(1, 2, 3), say(0, 3, 4)], [Some(Verdict::Failed); 3]);
    assert_eq!((faults_after(1, false), faults_after(1, true)), (2, 0));
    let misses = [Some(Verdict::Served), Some(Verdict::Failed), None].map(|verdict| misses_after(3, verdict));
    assert_eq!(misses, [0, 4, 3]);
}

#[test]
fn locks_cover_set_up_and_the_least_periods() {
    let prices = prices(10, 3, 5, 2 * MIB);
    assert_eq!(prices, Prices { x: 20, y: 6, z: 5 });
    assert_eq!(lock_of(&prices, 4), 20 + 4 * 11);
    assert_eq!(price(u128::MAX, 2 * MIB), u128::MAX);
    assert_eq!(span_price(7, 0, 0), 0);
}

#[test]
fn reputation_starts_at_a_quarter_and_forgets_once_a_period() {
    let mut reputation = Reputation::new(5);
    assert_eq!(reputation.r_ppm(), 250_000);
    reputation.apply(5, Change { alpha: ONE, beta: 0 });
    assert_eq!((reputation.alpha, reputation.beta), (2 * ONE, 3 * ONE));
    reputation.apply(9, Change::NOT_KEYED);
    assert_eq!((reputation.alpha, reputation.beta, reputation.period), (1_940_000, 3_010_000, 9));
    reputation.apply(9, Change::NOT_SEALED);
    reputation.apply(7, Change::PAID_OFF);
    assert_eq!((reputation.alpha, reputation.beta, reputation.period), (2_940_000, 3_510_000, 9));
    assert_eq!(reputation.r_ppm(), 455_813);
    assert_eq!(Reputation { alpha: 0, beta: 0, period: 0 }.r_ppm(), 0);
    assert_eq!(Reputation { alpha: u64::MAX, beta: 0, period: 0 }.r_ppm(), PPM);
}

#[test]
fn a_steady_provider_settles_at_its_quality() {
    let settle = |quality| {
        let mut reputation = Reputation::new(0);
        (1..400).for_each(|period| reputation.apply(period, pinner_change(true, Some(Verdict::Served), quality)));
        reputation.r_ppm()
    };
    assert!((749_000..=750_000).contains(&settle(750_000)));
    assert!(settle(ONE) > 999_000);
}

#[test]
fn changes_follow_proof_verdict_and_side() {
    let pinner = |proved, verdict| pinner_change(proved, verdict, 800_000);
    assert_eq!(pinner(true, Some(Verdict::Served)), Change { alpha: 800_000, beta: 200_000 });
    assert_eq!(pinner(true, None), Change::NONE);
    assert_eq!(pinner(true, Some(Verdict::Failed)), Change { alpha: 0, beta: ONE });
    assert_eq!(pinner(false, Some(Verdict::Served)), Change { alpha: 0, beta: 2 * ONE });
    assert_eq!(pinner(false, None), Change { alpha: 0, beta: 2 * ONE });
    assert_eq!(pinner(false, Some(Verdict::Failed)), Change { alpha: 0, beta: 3 * ONE });
    let (good, bad) = (Change { alpha: ONE, beta: 0 }, Change { alpha: 0, beta: ONE });
    for verdict in [Verdict::Served, Verdict::Failed] {
        let changes = [Some(true), Some(false), None].map(|agrees| verifier_change(Some(verdict), agrees));
        assert_eq!(changes, [good, bad, bad]);
    }
    assert_eq!((verifier_change(None, Some(false)), verifier_change(None, None)), (Change::NONE, bad));
    assert!(Verdict::Failed.agrees(Outcome::WrongData) && !Verdict::Failed.agrees(Outcome::Served));
    assert_eq!((quality(0, 1_024), quality(512, 1_024), quality(9_999, 1_024), quality(1, 0)), (500_000, 750_000, ONE, ONE));
    assert_eq!(
        (median(&mut []), median(&mut [9]), median(&mut [9, 1]), median(&mut [5, 1, 9])),
        (None, Some(9), Some(1), Some(5))
    );
}

#[test]
fn keys_and_evidence_have_their_kinds() {
    let modulus = |first: u8, last: u8| {
        let mut modulus = [0u8; 256];
        (modulus[0], modulus[255]) = (first, last);
        modulus
    };
    assert!(is_key_allowed(257, &modulus(0x80, 1)) && is_key_allowed(65_537, &modulus(0xff, 0xff)));
    assert!(
        !is_key_allowed(3, &modulus(0x80, 1))
            && !is_key_allowed(257, &modulus(0x7f, 1))
            && !is_key_allowed(257, &modulus(0x80, 2))
    );
    let served = Evidence::Served { receipt: [0; 64], peaks: Hashes::new(), leaf: LeafProof::default() };
    let wrong = Evidence::WrongReplica { span: 0, index: 0, peaks: Hashes::new(), leaf: LeafProof::default() };
    let all = [Outcome::Served, Outcome::Unreachable, Outcome::TimedOut, Outcome::WrongData, Outcome::WrongReplica];
    assert_eq!(all.map(|outcome| served.fits(outcome)), [true, false, false, false, false]);
    assert_eq!(all.map(|outcome| Evidence::None.fits(outcome)), [false, true, true, true, false]);
    assert_eq!(all.map(|outcome| wrong.fits(outcome)), [false, false, false, false, true]);
}

#[test]
fn signatures_of_accounts_and_noise_keys() {
    let message = messages::seal(&[1; 32], 2, &[3; 32], 4, &[5; 32]);
    let account = sr25519::Pair::from_seed(&[6; 32]);
    let noise = ed25519::Pair::from_seed(&[7; 32]);
    let (by_account, by_noise) = (account.sign(&message).0, noise.sign(&message).0);
    assert!(messages::verify_account(&by_account, &message, &account.public().0));
    assert!(messages::verify_noise(&by_noise, &message, &noise.public().0));
    assert!(!messages::verify_account(&by_account, &message[1..], &account.public().0));
    assert!(!messages::verify_noise(&by_noise, &message[1..], &noise.public().0));
    assert!(!messages::verify_account(&by_noise, &message, &account.public().0));
    let wrapped = account.sign(&[b"<Bytes>", &message[..], b"</Bytes>"].concat()).0;
    assert!(!messages::verify_account(&wrapped, &message, &account.public().0));
}
