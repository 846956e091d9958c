//! What the pallet stores; the types that part 9 fixes come from `datdot_rules`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use datdot_rules::{
    publish::{Cuts, Identity},
    report::Outcome,
    reputation::Reputation,
    settle::Prices,
    state::{CopyEvent, CopyState, SpanState},
    tpe::Modulus,
    Balance, Hash,
};
use frame_support::traits::ConstU32;
use scale_info::TypeInfo;
use sp_runtime::{AccountId32, BoundedVec};

/// Hard bound of `Params::max_copies`: a core's slots are 0 … 15.
pub const MAX_SLOTS: u32 = 16;

/// Hard bound of `Params::verifiers`.
pub const MAX_VERIFIERS: u32 = 15;

/// Most slots that an account has in one role, those that ended and are not yet free counted too.
pub const MAX_ROLE_SLOTS: u32 = 64;

/// Most periods that one `settle` closes.
pub const MAX_SETTLE: u32 = 16;

/// A hypercore's public key.
pub type CoreKey = Hash;

/// Indexes into `RoleSlots` that belong to one account.
pub type SlotList = BoundedVec<u32, ConstU32<MAX_ROLE_SLOTS>>;

/// A registered signer, pinner or verifier; kept after it left, so that its reputation is.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Provider {
    /// Bits: 1 signer, 2 pinner, 4 verifier; 0 once it left.
    pub roles: u8,
    /// Its address on the DHT (ed25519).
    pub noise_key: Hash,
    /// Bytes that it offers as a pinner.
    pub capacity: u64,
    /// Bytes of them that its copies take.
    pub reserved: u64,
    /// By role byte: signer, pinner, verifier.
    pub reputation: [Reputation; 3],
    /// Block of the (last) `register`.
    pub registered_at: u32,
    /// Not drawn as signer or pinner while true.
    pub paused: bool,
    /// Where its payments go.
    pub payout: AccountId32,
    /// Held for its slots.
    pub deposit: Balance,
    /// Block in which its slots end, once it called `deregister`.
    pub leaving: Option<u32>,
    /// Declines in `period`.
    pub declines: Declines,
}

/// How often a provider declined in its latest period.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Declines {
    /// The period counted.
    pub period: u32,
    /// Declines in it.
    pub count: u32,
}

/// One candidate of the draws of a role.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct RoleSlot {
    /// Whose slot it is.
    pub account: AccountId32,
    /// Block in which it was taken.
    pub since: u32,
    /// Block in which it ends or ended.
    pub until: Option<u32>,
}

/// Slots of a role that ended, oldest first: positions `head … tail` of `FreeSlots`.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FreeRange {
    /// Position of the oldest.
    pub head: u32,
    /// Position after the newest.
    pub tail: u32,
}

/// A hypercore's signed tree.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Tree {
    /// Fork.
    pub fork: u64,
    /// Blocks.
    pub length: u64,
    /// Bytes.
    pub byte_length: u64,
    /// The hash that the author signed.
    pub tree_hash: Hash,
    /// Where the spans after the first begin.
    pub cuts: Cuts,
}

/// A published hypercore.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Core {
    /// Who signs its trees.
    pub identity: Identity,
    /// The newest tree published.
    pub tree: Tree,
    /// Block of the newest tree.
    pub published_at: u32,
    /// Set-ups in a row in which a signer could not get the data; at 3 the core is not drawn until a new wish.
    pub unavailable: u32,
    /// Who paid the deposit and gets it back.
    pub depositor: AccountId32,
    /// Held from the depositor.
    pub deposit: Balance,
    /// Copies that did not end, those that only settle their last period counted too.
    pub copies: u32,
    /// Requests that wait for their draw.
    pub requests: u32,
    /// Block in which `on_idle` looks at its oldest request.
    pub due: Option<u32>,
}

/// A copy that waits for its draw.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Enters the draw.
    pub request_id: u64,
    /// Seed that the draw uses.
    pub seed: u64,
    /// Draws that failed before.
    pub attempt: u64,
    /// The core's tree when this was queued.
    pub tree: Tree,
}

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
    pub spans: BoundedVec<u64, ConstU32<64>>,
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
    /// First period that is settled, once active.
    pub first_period: Option<u32>,
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

/// Chain randomness of one window.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Seed {
    /// The value.
    pub value: Hash,
    /// `RoleCount` at that block, by role byte.
    pub counts: [u32; 3],
    /// Blocks of the window whose parent had a VRF output.
    pub vrfs: u32,
}

/// Where the randomness of a window is gathered.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug, Default)]
pub struct Accumulator {
    /// Hash over all blocks so far.
    pub value: Hash,
    /// VRF outputs since the last seed.
    pub vrfs: u32,
}

/// A challenge period.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct Period {
    /// Draws leaves and verifiers.
    pub seed: Hash,
    /// Slots of the verifiers' role at its first block: candidates of the next period.
    pub verifiers: u32,
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

/// What an account is for a core.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Party {
    /// Copies of the core that it pins.
    pub pinner: u32,
    /// Spans of the core's copies that it signs or signed.
    pub signer: u32,
}

/// Something that a provider was drawn for and that did not end.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// A span, as its signer.
    #[codec(index = 0)]
    Span(u64),
    /// A copy, as its pinner.
    #[codec(index = 1)]
    Copy(u64),
}

/// Why a provider declines.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeclineReason {
    /// The data cannot be had from the swarm.
    #[codec(index = 0)]
    Unavailable,
    /// The operator's policy refuses it.
    #[codec(index = 1)]
    Policy,
    /// The provider cannot take it now: disk, load.
    #[codec(index = 2)]
    Resources,
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

/// What a draw did not find.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// No pinner slot was registered early enough to be counted.
    #[codec(index = 0)]
    NoPinners,
    /// No signer slot was registered early enough to be counted.
    #[codec(index = 1)]
    NoSigners,
    /// No try found a pinner that is free, allowed and accepted.
    #[codec(index = 2)]
    Pinner,
    /// No try found a signer that is allowed and accepted for span `span`.
    #[codec(index = 3)]
    Signer {
        /// Number of the span in the copy.
        span: u32,
    },
}

/// Something that `on_idle` looks at when its block has come.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AgendaItem {
    /// The oldest request of a core.
    #[codec(index = 0)]
    Assign(CoreKey),
    /// The next deadline of a copy in set-up, the next period of an active one.
    #[codec(index = 1)]
    Copy(u64),
}

/// Money that the pallet made and destroyed.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Minted to providers.
    pub minted: Balance,
    /// Burned from pots for what was minted: always the same.
    pub burned_for_work: Balance,
    /// Burned from pots as set-up fees and dust.
    pub fees: Balance,
}
