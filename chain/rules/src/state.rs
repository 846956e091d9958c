//! The states of copies and spans as tables of data (protocol.md 2, 9.6), shared with the node through `test/vectors/states.json`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why a copy ended in order.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndReason {
    /// Fewer copies are wanted.
    #[codec(index = 0)]
    Unwanted,
    /// The pot did not pay for longer than the grace.
    #[codec(index = 1)]
    Unfunded,
    /// A deadline passed during set-up.
    #[codec(index = 2)]
    Expired,
    /// A signer or the pinner declined during set-up.
    #[codec(index = 3)]
    Declined,
}

/// Why a copy failed.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailReason {
    /// Too many periods in a row without a proof.
    #[codec(index = 0)]
    Faults,
    /// Too many failed verdicts in a row.
    #[codec(index = 1)]
    Misses,
}

/// State of a copy.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyState {
    /// Assigned; not all spans are sealed.
    #[codec(index = 0)]
    Setup,
    /// All spans are sealed.
    #[codec(index = 1)]
    Active,
    /// Over, nobody's fault.
    #[codec(index = 2)]
    Ended(EndReason),
    /// Over, the pinner's fault.
    #[codec(index = 3)]
    Failed(FailReason),
}

/// What happens to a copy; the event that ends it is its reason.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyEvent {
    /// Its last span was sealed.
    AllSealed,
    /// A span's deadline passed.
    Expired,
    /// A signer or the pinner declined.
    Declined,
    /// `reconcile` found it to be surplus.
    Unwanted,
    /// Unfunded for longer than the grace.
    Unfunded,
    /// MaxFaults periods in a row without a proof.
    Faulted,
    /// As many Failed verdicts as MaxMisses, without a Served one between them.
    Missed,
}

/// State of a span.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpanState {
    /// A signer is drawn.
    #[codec(index = 0)]
    Assigned,
    /// The signer has the data and committed its key; the tag is stored.
    #[codec(index = 1)]
    Keyed,
    /// The pinner has all cells and both agree on the root.
    #[codec(index = 2)]
    Sealed,
    /// Was sealed; its copy is over.
    #[codec(index = 3)]
    Closed,
    /// Never sealed: a deadline passed, somebody declined, or its copy is over.
    #[codec(index = 4)]
    Expired,
}

/// What happens to a span.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpanEvent {
    /// It holds no bytes: sealed at assignment, without a signer.
    Empty,
    /// `commit_key`.
    CommitKey,
    /// `seal`.
    Seal,
    /// Its deadline passed.
    Expire,
    /// Its signer declined.
    Decline,
    /// Its copy ended or failed.
    CopyOver,
}

/// All transitions of a copy.
pub const COPY_TRANSITIONS: &[(CopyState, CopyEvent, CopyState)] = &[
    (CopyState::Setup, CopyEvent::AllSealed, CopyState::Active),
    (CopyState::Setup, CopyEvent::Expired, CopyState::Ended(EndReason::Expired)),
    (CopyState::Setup, CopyEvent::Declined, CopyState::Ended(EndReason::Declined)),
    (CopyState::Setup, CopyEvent::Unwanted, CopyState::Ended(EndReason::Unwanted)),
    (CopyState::Active, CopyEvent::Unwanted, CopyState::Ended(EndReason::Unwanted)),
    (CopyState::Active, CopyEvent::Unfunded, CopyState::Ended(EndReason::Unfunded)),
    (CopyState::Active, CopyEvent::Faulted, CopyState::Failed(FailReason::Faults)),
    (CopyState::Active, CopyEvent::Missed, CopyState::Failed(FailReason::Misses)),
];

/// All transitions of a span.
pub const SPAN_TRANSITIONS: &[(SpanState, SpanEvent, SpanState)] = &[
    (SpanState::Assigned, SpanEvent::Empty, SpanState::Sealed),
    (SpanState::Assigned, SpanEvent::CommitKey, SpanState::Keyed),
    (SpanState::Assigned, SpanEvent::Expire, SpanState::Expired),
    (SpanState::Assigned, SpanEvent::Decline, SpanState::Expired),
    (SpanState::Assigned, SpanEvent::CopyOver, SpanState::Expired),
    (SpanState::Keyed, SpanEvent::Seal, SpanState::Sealed),
    (SpanState::Keyed, SpanEvent::Expire, SpanState::Expired),
    (SpanState::Keyed, SpanEvent::Decline, SpanState::Expired),
    (SpanState::Keyed, SpanEvent::CopyOver, SpanState::Expired),
    (SpanState::Sealed, SpanEvent::CopyOver, SpanState::Closed),
];

impl CopyState {
    /// The state after an event, or None where the event has no place.
    pub fn after(self, event: CopyEvent) -> Option<CopyState> {
        COPY_TRANSITIONS.iter().find(|(from, by, _)| *from == self && *by == event).map(|(_, _, to)| *to)
    }

    /// Whether nothing can happen to the copy any more.
    pub fn is_over(self) -> bool {
        matches!(self, CopyState::Ended(_) | CopyState::Failed(_))
    }

    /// The state's name in the shared file, without its reason.
    pub fn name(self) -> &'static str {
        match self {
            CopyState::Setup => "Setup",
            CopyState::Active => "Active",
            CopyState::Ended(_) => "Ended",
            CopyState::Failed(_) => "Failed",
        }
    }
}

impl SpanState {
    /// The state after an event, or None where the event has no place.
    pub fn after(self, event: SpanEvent) -> Option<SpanState> {
        SPAN_TRANSITIONS.iter().find(|(from, by, _)| *from == self && *by == event).map(|(_, _, to)| *to)
    }

    /// Whether nothing can happen to the span any more.
    pub fn is_over(self) -> bool {
        matches!(self, SpanState::Closed | SpanState::Expired)
    }
}
