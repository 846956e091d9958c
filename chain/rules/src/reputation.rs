//! Reputation of a provider in one role (protocol.md 5, 9.5, 9.6). All numbers are millionths, so the same arithmetic runs anywhere.

use crate::{draw::PPM, settle::Verdict};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// One, in millionths.
pub const ONE: u64 = 1_000_000;

/// The forgetting factor in millionths: 0.97.
pub const FORGETTING: u64 = 970_000;

/// What a change adds to alpha and beta, in millionths.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Change {
    /// Added to alpha.
    pub alpha: u64,
    /// Added to beta.
    pub beta: u64,
}

impl Change {
    /// Nothing is added. The pallet does not touch a reputation then: forgetting waits for the next change (9.5's first touch).
    pub const NONE: Change = Change { alpha: 0, beta: 0 };

    /// A signer let D1 pass without `commit_key`.
    pub const NOT_KEYED: Change = Change { alpha: 0, beta: ONE / 10 };

    /// D2 passed without a seal: for the signer and for the pinner.
    pub const NOT_SEALED: Change = Change { alpha: 0, beta: ONE / 2 };

    /// A signer's copy passed for the V-th time.
    pub const PAID_OFF: Change = Change { alpha: ONE, beta: 0 };
}

/// The reputation of a provider in one role.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reputation {
    /// For the provider, in millionths.
    pub alpha: u64,
    /// Against the provider, in millionths.
    pub beta: u64,
    /// The last period for which forgetting happened.
    pub period: u32,
}

impl Reputation {
    /// A newcomer's, registered in `period`: 0.25.
    pub const fn new(period: u32) -> Self {
        Reputation { alpha: ONE, beta: 3 * ONE, period }
    }

    /// R = floor(10^6·alpha/(alpha + beta)) ppm; 0 if both are 0.
    pub fn r_ppm(&self) -> u32 {
        let sum = u128::from(self.alpha) + u128::from(self.beta);
        (u128::from(self.alpha) * u128::from(PPM)).checked_div(sum).unwrap_or(0) as u32
    }

    /// Forgets once if `period` is later than the last, then adds the change; saturates.
    pub fn apply(&mut self, period: u32, change: Change) {
        if period > self.period {
            self.alpha = forget(self.alpha);
            self.beta = forget(self.beta);
            self.period = period;
        }
        self.alpha = self.alpha.saturating_add(change.alpha);
        self.beta = self.beta.saturating_add(change.beta);
    }
}

/// The change of a pinner after a period. A failed verdict and a missing proof are two faults: together they add 3 to beta.
pub fn pinner_change(proved: bool, verdict: Option<Verdict>, quality: u64) -> Change {
    if proved && verdict == Some(Verdict::Served) {
        let quality = quality.min(ONE);
        return Change { alpha: quality, beta: ONE - quality };
    }
    let failed = if verdict == Some(Verdict::Failed) { ONE } else { 0 };
    let unproved = if proved { 0 } else { 2 * ONE };
    Change { alpha: 0, beta: failed + unproved }
}

/// The change of a drawn verifier; `agrees` tells the side of its report, None that it was silent.
pub fn verifier_change(verdict: Option<Verdict>, agrees: Option<bool>) -> Change {
    match (verdict, agrees) {
        (_, None) | (Some(_), Some(false)) => Change { alpha: 0, beta: ONE },
        (Some(_), Some(true)) => Change { alpha: ONE, beta: 0 },
        (None, Some(_)) => Change::NONE,
    }
}

/// The quality of a served period in millionths: 0.5 + 0.5·min(1, median/target), both in KiB a second; a target of 0 is always met.
pub fn quality(median_kib_per_s: u32, target_kib_per_s: u32) -> u64 {
    let met = u64::from(median_kib_per_s.min(target_kib_per_s)) * (ONE / 2);
    ONE / 2 + met.checked_div(target_kib_per_s.into()).unwrap_or(ONE / 2)
}

/// The median of the throughputs in the Served reports, the lower one of an even count; None without any. Sorts its argument.
pub fn median(throughputs: &mut [u32]) -> Option<u32> {
    throughputs.sort_unstable();
    let middle = throughputs.len().checked_sub(1)? / 2;
    throughputs.get(middle).copied()
}

fn forget(value: u64) -> u64 {
    (u128::from(value) * u128::from(FORGETTING) / u128::from(ONE)) as u64
}
