//! What a verifier reports (protocol.md 9.7, layouts of 9.9).

use crate::{
    hash::Hash,
    tpe::{Hashes, LeafProof},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How a measurement ended.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Blocks came, and they were the core's.
    #[codec(index = 0)]
    Served,
    /// No connection.
    #[codec(index = 1)]
    Unreachable,
    /// Connected, but nothing came in time.
    #[codec(index = 2)]
    TimedOut,
    /// Blocks came that are not the core's.
    #[codec(index = 3)]
    WrongData,
    /// An encoded leaf under the sealed root does not decode to the core's blocks.
    #[codec(index = 4)]
    WrongReplica,
}

/// What shows an outcome.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// Nothing can show that somebody did not answer.
    #[codec(index = 0)]
    None,
    /// For [`Outcome::Served`].
    #[codec(index = 1)]
    Served {
        /// The pinner's signature of [`crate::messages::receipt`].
        receipt: [u8; 64],
        /// Peaks of the span that holds the drawn leaf.
        peaks: Hashes,
        /// The leaf at [`crate::leaves::replica_leaf`].
        leaf: LeafProof,
    },
    /// For [`Outcome::WrongReplica`].
    #[codec(index = 2)]
    WrongReplica {
        /// Position of the span in the copy.
        span: u16,
        /// Index of the leaf in the span.
        index: u64,
        /// Peaks of that span.
        peaks: Hashes,
        /// The leaf.
        leaf: LeafProof,
    },
}

impl Evidence {
    /// Whether this is the kind of evidence that `outcome` needs.
    pub fn fits(&self, outcome: Outcome) -> bool {
        match self {
            Evidence::Served { .. } => outcome == Outcome::Served,
            Evidence::WrongReplica { .. } => outcome == Outcome::WrongReplica,
            Evidence::None => !matches!(outcome, Outcome::Served | Outcome::WrongReplica),
        }
    }
}

/// The argument of `report`.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// How the measurement ended.
    pub outcome: Outcome,
    /// Milliseconds to the first byte.
    pub ttfb_ms: u32,
    /// Throughput in KiB a second.
    pub kib_per_s: u32,
    /// Blocks sampled.
    pub blocks: u16,
    /// Bytes sampled.
    pub bytes: u32,
    /// See [`crate::messages::sample_digest`].
    pub digest: Hash,
    /// What shows the outcome.
    pub evidence: Evidence,
}
