//! What the pallet stores of copies, spans and records.

use crate::types::{CoreKey, Tree, MAX_VERIFIERS};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use datdot_rules::{
    report::Outcome,
    settle::Prices,
    state::{CopyEvent, CopyState, SpanState},
    tpe::Modulus,
    Balance, Hash,
};
use frame_support::traits::ConstU32;
use scale_info::TypeInfo;
use sp_runtime::{AccountId32, BoundedVec};

/// Ids of a copy's spans by start.
pub type SpanIds = BoundedVec<u64, ConstU32<64>>;

/// One pinner's encoded copy of a core.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Copy {
    /// The core.
    pub core: CoreKey,
    /// The tree that is copied.
    pub tree: Tree,
    /// The core's slot that the copy fills.
    pub slot: u32,
    /// The request that it was drawn for.
    pub request_id: u64,
    /// The seed that it was drawn with.
    pub seed: u64,
    /// Who stores it.
    pub pinner: AccountId32,
    /// The pinner's noise key at the assignment.
    pub pinner_noise_key: Hash,
    /// Where it stands.
    pub state: CopyState,
    /// Its spans by start.
    pub spans: SpanIds,
    /// Spans that are sealed.
    pub sealed: u32,
    /// What it costs, fixed at its assignment.
    pub prices: Prices,
    /// Parts in which its signers are paid (V).
    pub parts: u32,
    /// What the pot still keeps for it alone.
    pub locked: Balance,
    /// Bytes reserved at its pinner.
    pub reserved: u64,
    /// Block of its assignment.
    pub assigned_at: u32,
    /// First period that is settled, once active; moves on while its seed is older than the copy.
    pub first_period: Option<u32>,
    /// The oldest seed that may draw its leaves: two windows younger than its activation; 0 in set-up.
    pub earliest_seed: u64,
    /// Last period that was settled; the one before `first_period` at first.
    pub last_settled: u32,
    /// The period after whose settlement it ends, once nobody wants it.
    pub ends_after: Option<u32>,
    /// Periods in a row without a proof.
    pub faults: u32,
    /// Periods with a Failed verdict since the last Served.
    pub misses: u32,
    /// Periods with a proof and a Served verdict, as far as signers are paid for them.
    pub passes: u32,
    /// Periods in a row that the pot could not pay.
    pub unfunded: u32,
    /// Block in which `on_idle` looks at it next.
    pub due: u32,
    /// Block in which it ended.
    pub ended_at: Option<u32>,
}

/// A block range of a copy, with one signer and one key.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Span {
    /// The copy.
    pub copy: u64,
    /// Position in the copy, from 0.
    pub number: u32,
    /// Who encodes it; None without bytes.
    pub signer: Option<AccountId32>,
    /// The signer's noise key at the assignment.
    pub signer_noise_key: Option<Hash>,
    /// First block.
    pub start: u64,
    /// Block after the last.
    pub end: u64,
    /// Bytes of the core before `start`.
    pub byte_start: u64,
    /// Bytes of the span.
    pub byte_length: u64,
    /// In the salt.
    pub beacon: Hash,
    /// Cells that a seal must have.
    pub cells: u64,
    /// What its signer is paid in all.
    pub x: Balance,
    /// Where it stands.
    pub state: SpanState,
    /// Last block in which the next step may be taken; None once sealed.
    pub deadline: Option<u32>,
    /// Block of its assignment.
    pub assigned_at: u32,
    /// Set by `commit_key`.
    pub key: Option<SpanKey>,
    /// Set by `seal`.
    pub root: Option<Hash>,
}

/// The public key of a span and what follows from it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct SpanKey {
    /// Public exponent.
    pub e: u32,
    /// Modulus, big-endian.
    pub modulus: Modulus,
    /// The span's tag.
    pub tag: Hash,
}

/// What is known of a copy in one period, until it is settled.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// R of the pinner when the record opened, in ppm.
    pub pinner_r: u32,
    /// Verifiers that a check asks for; fewer may have been found.
    pub k: u32,
    /// The verifiers that were drawn.
    pub verifiers: BoundedVec<DrawnVerifier, ConstU32<MAX_VERIFIERS>>,
    /// Whether the pinner proved.
    pub proved: bool,
}

/// A verifier drawn for a copy and period, and its report.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct DrawnVerifier {
    /// Who.
    pub account: AccountId32,
    /// Its R when the record opened, in ppm.
    pub r: u32,
    /// What it reported.
    pub report: Option<ReportFacts>,
}

/// What is kept of a report until the settlement.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct ReportFacts {
    /// Outcome.
    pub outcome: Outcome,
    /// Milliseconds to the first byte.
    pub ttfb_ms: u32,
    /// Throughput in KiB a second.
    pub kib_per_s: u32,
    /// Blocks sampled.
    pub blocks: u16,
    /// Bytes sampled.
    pub bytes: u32,
    /// Digest of the sample.
    pub digest: Hash,
    /// Span number and leaf that a WrongReplica names.
    pub wrong: Option<(u16, u64)>,
}

/// Why a copy ended (the first four) or failed (the last two).
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The supporters want fewer copies.
    #[codec(index = 0)]
    Unwanted,
    /// The pot could not pay for longer than the grace.
    #[codec(index = 1)]
    Unfunded,
    /// A span was not keyed or sealed in time.
    #[codec(index = 2)]
    Expired,
    /// Its pinner or a signer declined.
    #[codec(index = 3)]
    Declined,
    /// Too many periods without a proof.
    #[codec(index = 4)]
    Faults,
    /// Too many verdicts of the verifiers against it.
    #[codec(index = 5)]
    Misses,
}

impl Reason {
    /// The reason that an event gives a copy's end; None for the event that does not end it.
    pub fn of(event: CopyEvent) -> Option<Self> {
        match event {
            CopyEvent::AllSealed => None,
            CopyEvent::Unwanted => Some(Reason::Unwanted),
            CopyEvent::Unfunded => Some(Reason::Unfunded),
            CopyEvent::Expired => Some(Reason::Expired),
            CopyEvent::Declined => Some(Reason::Declined),
            CopyEvent::Faulted => Some(Reason::Faults),
            CopyEvent::Missed => Some(Reason::Misses),
        }
    }
}
