//! Random bytes as calls: whatever they decode to, the pallet refuses or takes it, and never panics.

use super::{
    dice::Dice,
    mock::*,
    play::{Play, Sent},
};
use codec::{DecodeWithMemLimit, Encode};
use frame_support::traits::UnfilteredDispatchable;

/// The pallet's index in the mock's calls.
const PALLET: u8 = 2;
/// As much as a block's extrinsic may take in memory (sp_runtime).
const MEMORY: usize = 16 * 1024 * 1024;
/// Byte strings that are tried unless `DATDOT_FUZZ_RUNS` says more.
const RUNS: u64 = 24_000;
/// After so many another world begins.
const RUNS_OF_A_SEED: u64 = 2_000;
/// Calls between two looks at all invariants.
const BATCH: u64 = 200;

/// What a run was, for whoever has to repeat it: printed only when the thread panics.
struct Trace {
    seed: u64,
    run: u64,
    bytes: Vec<u8>,
}

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, run {}, bytes 0x{}", self.seed, self.run, hex::encode(&self.bytes));
        }
    }
}

/// How far the bytes came: how many were calls, and how many of each call were taken.
#[derive(Default, Debug)]
struct Reach {
    decoded: u64,
    taken: [u64; 17],
}

fn runs() -> u64 {
    std::env::var("DATDOT_FUZZ_RUNS").map_or(RUNS, |text| text.parse().expect("DATDOT_FUZZ_RUNS is a number"))
}

/// Bytes that are nothing in particular but for the call's index.
fn noise(dice: &mut Dice) -> Vec<u8> {
    let most = 1 << dice.below(10);
    let length = dice.below(most);
    [PALLET, dice.below(20) as u8].into_iter().chain((0..length).map(|_| dice.roll() as u8)).collect()
}

/// The bytes to try, and who sends them.
fn next(play: &mut Play) -> (RuntimeOrigin, Vec<u8>) {
    let who = play.person().origin();
    let Some((origin, call)): Option<Sent> = play.next() else { return (who, noise(&mut play.dice)) };
    let origin = if play.dice.chance(85) { origin } else { who };
    let bytes = RuntimeCall::Datdot(call).encode();
    match play.dice.below(10) {
        // The world must go on, else there is nothing to break.
        0..=4 => (origin, bytes),
        5 => (origin, noise(&mut play.dice)),
        _ => (origin, play.dice.mutated(bytes)),
    }
}

fn try_bytes(origin: RuntimeOrigin, bytes: &[u8], reach: &mut Reach) {
    let Ok(RuntimeCall::Datdot(call)) = RuntimeCall::decode_with_mem_limit(&mut &bytes[..], MEMORY) else { return };
    reach.decoded += 1;
    reach.taken[usize::from(bytes[1])] += u64::from(call.dispatch_bypass_filter(origin).is_ok());
}

fn fuzz(seed: u64, runs: u64, reach: &mut Reach) {
    let mut play = Play::new(seed);
    let mut trace = Trace { seed, run: 0, bytes: Vec::new() };
    play.world.registered().execute_with(|| {
        for run in 0..runs {
            let (origin, bytes) = next(&mut play);
            (trace.run, trace.bytes) = (run, bytes);
            try_bytes(origin, &trace.bytes, reach);
            play.pass_time();
            if run % BATCH == BATCH - 1 {
                check();
                take_events();
            }
        }
        check();
    });
}

#[test]
fn random_bytes_never_make_a_call_panic_or_break_an_invariant() {
    let (all, mut reach) = (runs(), Reach::default());
    for seed in 1..=all.div_ceil(RUNS_OF_A_SEED) {
        fuzz(seed, RUNS_OF_A_SEED, &mut reach);
    }
    println!("{all} tried, {reach:?}");
    assert!(reach.decoded > all / 3, "most bytes were no call: {reach:?}");
    assert!(reach.taken.iter().all(|count| *count > 0), "a call was never taken: {reach:?}");
}

#[test]
fn no_two_byte_strings_are_one_call() {
    // The decoder is what stands at the door: what it takes it must give back, or two byte strings would be one call.
    let mut play = Play::new(9);
    play.world.registered().execute_with(|| {
        for _ in 0..2000 {
            let (_, bytes) = next(&mut play);
            let mut rest = &bytes[..];
            if let Ok(call) = RuntimeCall::decode_with_mem_limit(&mut rest, MEMORY) {
                let used = bytes.len() - rest.len();
                assert_eq!(call.encode(), bytes[..used], "0x{}", hex::encode(&bytes));
            }
        }
    });
}
