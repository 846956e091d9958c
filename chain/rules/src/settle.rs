//! Prices, verdicts and the payments of one period (protocol.md 9.5).

use crate::{
    draw::PPM,
    pot::mul_div,
    report::Outcome,
    span::{billed_bytes, MIB},
    Balance,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a running copy pays, fixed at its assignment.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Prices {
    /// To all signers together, over the copy's first V passes.
    #[codec(compact)]
    pub x: Balance,
    /// To the pinner each period, times its reputation.
    #[codec(compact)]
    pub y: Balance,
    /// To the verifiers each period together, each times its reputation.
    #[codec(compact)]
    pub z: Balance,
}

/// What the verifiers of a period say together; no majority is None.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The copy was served.
    #[codec(index = 0)]
    Served,
    /// It was not.
    #[codec(index = 1)]
    Failed,
}

impl Verdict {
    /// Whether a report is on this verdict's side.
    pub fn agrees(self, outcome: Outcome) -> bool {
        (self == Verdict::Served) == (outcome == Outcome::Served)
    }
}

/// One report and the reputation, in ppm, that its verifier had when the record opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reporter {
    /// What it reported.
    pub outcome: Outcome,
    /// Its reputation in ppm.
    pub r_ppm: u32,
}

/// Everything that decides the payments of one copy and period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PeriodInput<'a> {
    /// The copy's y.
    pub y: Balance,
    /// The copy's z.
    pub z: Balance,
    /// The pinner's reputation in ppm when the record opened.
    pub r_ppm: u32,
    /// Verifiers drawn.
    pub k: u32,
    /// V: parts in which signers are paid.
    pub parts: u32,
    /// Whether a valid proof came.
    pub proved: bool,
    /// The reports, at most k.
    pub reports: &'a [Reporter],
    /// What each span's signer gets in all; 0 for a span without one.
    pub x_spans: &'a [Balance],
    /// Passes before this period.
    pub passes: u32,
}

/// The payments of one copy and period, in the order of the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payments {
    /// None without a majority.
    pub verdict: Option<Verdict>,
    /// To the pinner.
    pub pinner: Balance,
    /// To each reporter.
    pub verifiers: Vec<Balance>,
    /// To each span's signer.
    pub signers: Vec<Balance>,
    /// Passes after this period; grows only up to V.
    pub passes: u32,
}

impl Payments {
    /// What the pot must be able to pay; saturates.
    pub fn total(&self) -> Balance {
        let others = self.verifiers.iter().chain(&self.signers);
        others.fold(self.pinner, |sum, amount| sum.saturating_add(*amount))
    }
}

/// ceil(rate·billed/2^20) for a rate a MiB; saturates.
pub fn price(rate: Balance, byte_length: u64) -> Balance {
    let billed = u128::from(billed_bytes(byte_length));
    let floor = mul_div(rate, billed, MIB.into());
    // The remainder of a product is that of the factors' low bits, so it cannot overflow.
    let rest = (rate % u128::from(MIB)) * (billed % u128::from(MIB)) % u128::from(MIB);
    floor.and_then(|floor| floor.checked_add(u128::from(rest > 0))).unwrap_or(Balance::MAX)
}

/// The prices of a copy of `byte_length` bytes, from the rates X and Y (a MiB) and Z (a check).
pub fn prices(x_rate: Balance, y_rate: Balance, z_rate: Balance, byte_length: u64) -> Prices {
    Prices { x: price(x_rate, byte_length), y: price(y_rate, byte_length), z: z_rate }
}

/// What the signer of a span gets in all: floor(x·span bytes/byte_length), 0 for a core without bytes.
pub fn span_price(x: Balance, span_bytes: u64, byte_length: u64) -> Balance {
    mul_div(x, span_bytes.into(), byte_length.into()).unwrap_or(0)
}

/// What `assign` locks for a copy: x + MinPeriods·(y + z); saturates.
pub fn lock_of(prices: &Prices, min_periods: u32) -> Balance {
    prices.x.saturating_add(prices.y.saturating_add(prices.z).saturating_mul(min_periods.into()))
}

/// The verdict of the reports that came, out of k.
pub fn verdict(reports: impl IntoIterator<Item = Outcome>, k: u32) -> Option<Verdict> {
    let (mut served, mut failed) = (0u64, 0u64);
    for outcome in reports {
        match outcome {
            Outcome::Served => served += 1,
            _ => failed += 1,
        }
    }
    if 2 * (served + failed) <= u64::from(k) || served == failed {
        return None;
    }
    Some(if served > failed { Verdict::Served } else { Verdict::Failed })
}

/// The payments of one period; whether the pot can pay them is the caller's to check, all or none.
pub fn payments(input: &PeriodInput) -> Payments {
    let verdict = verdict(input.reports.iter().map(|report| report.outcome), input.k);
    let pinner = match input.proved && verdict != Some(Verdict::Failed) {
        true => scaled(input.y, input.r_ppm, 1),
        false => 0,
    };
    let verifier = |report: &Reporter| match verdict {
        Some(verdict) if verdict.agrees(report.outcome) => scaled(input.z, report.r_ppm, input.k),
        _ => 0,
    };
    let passed = input.proved && verdict == Some(Verdict::Served) && input.passes < input.parts;
    let signer = |x: &Balance| if passed { part(*x, input.parts, input.passes) } else { 0 };
    Payments {
        verdict,
        pinner,
        verifiers: input.reports.iter().map(verifier).collect(),
        signers: input.x_spans.iter().map(signer).collect(),
        passes: input.passes + u32::from(passed),
    }
}

/// The part of `x` that is paid at the pass after `passes` others: floor(x/V), the V-th takes the rest.
pub fn part(x: Balance, parts: u32, passes: u32) -> Balance {
    let one = x.checked_div(parts.into()).unwrap_or(0);
    if passes >= parts {
        0
    } else if passes + 1 == parts {
        x - one * u128::from(passes)
    } else {
        one
    }
}

/// Faults in a row after a period: 0 if proved, else one more.
pub fn faults_after(faults: u32, proved: bool) -> u32 {
    if proved {
        0
    } else {
        faults.saturating_add(1)
    }
}

/// Misses in a row after a verdict: Failed one more, Served 0, none unchanged.
pub fn misses_after(misses: u32, verdict: Option<Verdict>) -> u32 {
    match verdict {
        Some(Verdict::Served) => 0,
        Some(Verdict::Failed) => misses.saturating_add(1),
        None => misses,
    }
}

/// floor(amount·r/(k·10^6)).
fn scaled(amount: Balance, r_ppm: u32, k: u32) -> Balance {
    mul_div(amount, r_ppm.into(), u128::from(k) * u128::from(PPM)).unwrap_or(0)
}
