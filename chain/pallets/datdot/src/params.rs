//! The parameters that an admin may change, and the two sets that the builds start with (protocol.md 9.9).

use crate::types::{MAX_SLOTS, MAX_VERIFIERS};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use datdot_rules::{draw::PPM, span::MIB, tpe::MAX_LEAVES, Balance};
use scale_info::TypeInfo;

/// One token, in its smallest units.
pub const DAT: Balance = 1_000_000_000_000;

/// No amount or rate may be larger, so that no product of the rules saturates.
pub const MAX_AMOUNT: Balance = 1 << 80;

/// Rates, samples, deadlines, faults and deposits; a running copy keeps the prices it was assigned with.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Params {
    /// Leaves that a period asks for.
    pub samples: u32,
    /// Verifiers a check (k).
    pub verifiers: u32,
    /// Parts in which signers are paid (V).
    pub parts: u32,
    /// Periods in a row without a proof that fail a copy.
    pub max_faults: u32,
    /// Failed verdicts without a Served between that fail a copy.
    pub max_misses: u32,
    /// Periods in a row that a copy goes on unpaid.
    pub unfunded_grace: u32,
    /// Periods that are locked for a copy at its assignment.
    pub min_periods: u32,
    /// Bytes of a span.
    pub span_target: u64,
    /// Most copies of a core.
    pub max_copies: u32,
    /// D1: blocks from the assignment to `commit_key`.
    pub commit_deadline: u32,
    /// Base of D2: blocks from `commit_key` to `seal`.
    pub seal_base: u32,
    /// Bytes a block that D2 expects.
    pub min_rate: u64,
    /// To signers a MiB encoded.
    pub x: Balance,
    /// To a pinner a MiB and period.
    pub y: Balance,
    /// To the verifiers a check.
    pub z: Balance,
    /// Bytes of capacity a pinner's slot.
    pub pinner_unit: u64,
    /// Deposit a pinner's slot.
    pub deposit_pinner_unit: Balance,
    /// Deposit of a signer's and of a verifier's slot.
    pub deposit_other: Balance,
    /// What a provider must have free when it registers: fees are withdrawn first and refunded after.
    pub float: Balance,
    /// Deposit of a published core.
    pub core_deposit: Balance,
    /// Least donation.
    pub min_donation: Balance,
    /// Burned from the pot each time that a signer does not commit a key in time, and for a request or a copy that is given up late.
    pub setup_fee: Balance,
    /// Least chance of a candidate to be taken, in ppm.
    pub floor_ppm: u32,
    /// Declines that a provider is allowed in a period.
    pub declines_per_period: u32,
    /// Throughput of full quality, in KiB a second.
    pub throughput_target: u32,
}

impl Params {
    /// For the embedded chain and the test networks: 0.6 s blocks, periods of 20.
    pub const DEVELOPMENT: Self = Self {
        samples: 20,
        verifiers: 3,
        parts: 8,
        max_faults: 2,
        max_misses: 7,
        unfunded_grace: 2,
        min_periods: 4,
        span_target: 3 * MIB / 2,
        max_copies: 16,
        commit_deadline: 60,
        seal_base: 100,
        min_rate: 64 * 1024,
        x: DAT,
        y: DAT / 10,
        z: DAT / 20,
        pinner_unit: 1 << 30,
        deposit_pinner_unit: 10 * DAT,
        deposit_other: 10 * DAT,
        float: DAT,
        core_deposit: DAT,
        min_donation: DAT,
        setup_fee: DAT / 10,
        floor_ppm: 250_000,
        declines_per_period: 8,
        throughput_target: 1024,
    };

    /// For a public network: 6 s blocks, daily periods.
    pub const PRODUCTION: Self = Self {
        unfunded_grace: 7,
        min_periods: 30,
        span_target: 64 * MIB,
        commit_deadline: 300,
        seal_base: 300,
        min_rate: 3 * MIB / 2,
        x: DAT / 100,
        y: DAT / 10_000,
        z: DAT / 1_000,
        pinner_unit: 64 << 30,
        deposit_other: 100 * DAT,
        throughput_target: 4096,
        ..Self::DEVELOPMENT
    };

    /// Whether the rules can work with these.
    pub fn is_valid(&self) -> bool {
        let amounts = [
            self.x,
            self.y,
            self.z,
            self.deposit_pinner_unit,
            self.deposit_other,
            self.float,
            self.core_deposit,
            self.min_donation,
            self.setup_fee,
        ];
        (1..=MAX_LEAVES).contains(&self.samples)
            && (1..=MAX_VERIFIERS).contains(&self.verifiers)
            && (1..=1000).contains(&self.parts)
            && self.max_faults > 0
            && self.max_misses > 0
            && self.min_periods <= 100_000
            && self.span_target > 0
            && (1..=MAX_SLOTS).contains(&self.max_copies)
            && self.min_rate > 0
            && self.pinner_unit > 0
            && self.min_donation > 0
            && self.floor_ppm <= PPM
            && self.throughput_target > 0
            && amounts.iter().all(|amount| *amount <= MAX_AMOUNT)
    }
}

impl Default for Params {
    fn default() -> Self {
        Self::PRODUCTION
    }
}
