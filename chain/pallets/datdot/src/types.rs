//! What the pallet stores of providers, cores, requests and randomness; the types that part 9 fixes come from `datdot_rules`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use datdot_rules::{
    publish::{Cuts, Identity},
    reputation::Reputation,
    Balance, Hash,
};
use frame_support::traits::ConstU32;
use scale_info::TypeInfo;
use sp_runtime::{AccountId32, BoundedVec};

pub use crate::{copy_types::*, rules::span::MAX_ROLE_SLOTS};

/// Hard bound of `Params::max_copies`: a core's slots are 0 … 15.
pub const MAX_SLOTS: u32 = 16;

/// Hard bound of `Params::verifiers`.
pub const MAX_VERIFIERS: u32 = 15;

/// Most periods that one `settle` closes: a provider's float must cover the fee that it puts up.
pub const MAX_SETTLE: u32 = 4;

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
    /// Set-ups in a row in which a signer let D1 pass; at 3 the core is not drawn until a wish is raised or a donation pays for
    /// another try.
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
    /// Draws that failed, and seeds that were pruned, before.
    pub attempt: u64,
    /// The core's tree when this was queued.
    pub tree: Tree,
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
    /// Leaves that it asks for: fixed at its first block, as the leaves are drawn from its seed then.
    pub samples: u32,
    /// Index of the stored seed that its own was made of: older than its first block where windows had too few VRF outputs.
    pub seed_index: u64,
}

/// The newest seed with enough VRF outputs.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BestSeed {
    /// Its index.
    pub s: u64,
    /// Its value.
    pub value: datdot_rules::Hash,
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
pub struct Sums {
    /// Minted to providers.
    pub minted: Balance,
    /// Burned from pots for what was minted: always the same.
    pub burned_for_work: Balance,
    /// Burned as set-up fees and dust.
    pub fees: Balance,
}

/// The 32 bytes of a hash of the chain.
pub(crate) fn bytes_of(hash: &impl AsRef<[u8]>) -> Hash {
    let mut bytes = Hash::default();
    for (to, from) in bytes.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    bytes
}
