//! Seeds, draws and the arithmetic of windows and periods (protocol.md 9.1).

use crate::hash::{number, protocol_hash, Hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Tries of one draw before it fails.
pub const TRIES: u64 = 64;

/// First try at which a signer that already signs another span of the same copy may be taken.
pub const DISTINCT_TRIES: u64 = 32;

/// The span number that a pinner's draw hashes.
pub const PINNER_SPAN: u64 = u64::MAX;

/// One million: accept numbers and reputations are parts of it.
pub const PPM: u32 = 1_000_000;

/// What a provider does; its SCALE index is the byte that a draw hashes.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Encodes copies.
    #[codec(index = 0)]
    Signer,
    /// Stores copies.
    #[codec(index = 1)]
    Pinner,
    /// Measures pinners.
    #[codec(index = 2)]
    Verifier,
}

impl Role {
    /// All roles by their byte.
    pub const ALL: [Role; 3] = [Role::Signer, Role::Pinner, Role::Verifier];

    /// The byte that a draw hashes.
    pub const fn byte(self) -> u8 {
        match self {
            Role::Signer => 0,
            Role::Pinner => 1,
            Role::Verifier => 2,
        }
    }

    /// The bit of this role in `register`'s set of roles (9.9): 1, 2 or 4.
    pub const fn bit(self) -> u8 {
        1 << self.byte()
    }
}

/// What fixes a draw of a signer or a pinner; all of it is known at the block of the request but `value`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DrawInput<'a> {
    /// `Seeds[s].value`.
    pub value: &'a Hash,
    /// Role drawn: signer or pinner.
    pub role: Role,
    /// The core's key.
    pub core_key: &'a Hash,
    /// The request's counter.
    pub request_id: u64,
    /// The copy's slot.
    pub slot: u32,
    /// Attempts before this one.
    pub attempt: u64,
    /// The span's number in the copy, or [`PINNER_SPAN`].
    pub span: u64,
}

/// The hash of one try, and the two numbers in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draw(pub Hash);

impl Draw {
    /// `n(h, 0) mod count`: the index into the role's slots, or None when there is no candidate.
    pub fn index(&self, count: u64) -> Option<u64> {
        number(&self.0, 0).checked_rem(count)
    }

    /// `n(h, 8) mod 1_000_000`.
    pub fn accept_number(&self) -> u32 {
        (number(&self.0, 8) % u64::from(PPM)) as u32
    }

    /// Whether a provider of reputation `r_ppm` is taken: the accept number is below `max(r_ppm, floor_ppm)`.
    pub fn accepts(&self, r_ppm: u32, floor_ppm: u32) -> bool {
        self.accept_number() < r_ppm.max(floor_ppm)
    }
}

/// One try of the draw of a signer or pinner; tries run from 0 to [`TRIES`] - 1.
pub fn provider_draw(input: &DrawInput, attempt_try: u64) -> Draw {
    Draw(protocol_hash(
        "draw",
        &[
            input.value,
            &[input.role.byte()],
            input.core_key,
            &input.request_id.to_le_bytes(),
            &u64::from(input.slot).to_le_bytes(),
            &input.attempt.to_le_bytes(),
            &input.span.to_le_bytes(),
            &attempt_try.to_le_bytes(),
        ],
    ))
}

/// One try of the draw of verifier `j` of a copy and period; `seed` is the period's.
pub fn verifier_draw(seed: &Hash, copy: u64, j: u64, attempt_try: u64) -> Draw {
    Draw(protocol_hash("check", &[seed, &copy.to_le_bytes(), &j.to_le_bytes(), &attempt_try.to_le_bytes()]))
}

/// The accumulator after a block whose parent gave `input` (its VRF output, or its hash if it has none); starts as 32 zero bytes.
pub fn accumulate(acc: &Hash, input: &Hash) -> Hash {
    protocol_hash("acc", &[acc, input])
}

/// The value of seed `s`, from the accumulator at block `s · window`.
pub fn seed_value(acc: &Hash, s: u64) -> Hash {
    protocol_hash("seed", &[acc, &s.to_le_bytes()])
}

/// The seed of period `p`; `value` is the newest seed with enough VRF blocks at the period's first block.
pub fn period_seed(value: &Hash, p: u32) -> Hash {
    protocol_hash("period", &[value, &u64::from(p).to_le_bytes()])
}

/// The beacon in a span's salt; `span_number` counts the copy's spans from 0.
pub fn salt_beacon(value: &Hash, core_key: &Hash, request_id: u64, slot: u32, span_number: u64) -> Hash {
    protocol_hash(
        "salt-beacon",
        &[value, core_key, &request_id.to_le_bytes(), &u64::from(slot).to_le_bytes(), &span_number.to_le_bytes()],
    )
}

/// The seed that an input of `block` may use: one whole window of other blocks lies between. `window` is at least 1.
pub fn seed_of_input(block: u64, window: u64) -> u64 {
    (block / window).saturating_add(2)
}

/// The block before which a slot must have begun to be drawn with seed `s`: `(s - 1) · window`.
pub fn registration_limit(s: u64, window: u64) -> u64 {
    s.saturating_sub(1).saturating_mul(window)
}

/// First block of period `p`.
pub fn period_start(p: u32, period: u64) -> u64 {
    u64::from(p).saturating_mul(period)
}

/// The period that `block` is in; saturates at the largest u32.
pub fn period_of(block: u64, period: u64) -> u32 {
    u32::try_from(block / period).unwrap_or(u32::MAX)
}

/// The index of the newest seed at period `p`'s first block.
pub fn period_seed_index(p: u32, period: u64, window: u64) -> u64 {
    period_start(p, period) / window
}

/// The first period of a copy that became active at `block`: the first whose seed index is at least two windows later.
pub fn first_period(block: u64, period: u64, window: u64) -> u32 {
    let blocks = seed_of_input(block, window).saturating_mul(window);
    u32::try_from(blocks.div_ceil(period)).unwrap_or(u32::MAX)
}

/// Whether proofs and reports of period `p` are accepted at `block`: in `[start(p), end(p) + grace)`.
pub fn is_record_open(p: u32, block: u64, period: u64, grace: u64) -> bool {
    block >= period_start(p, period) && !is_settleable(p, block, period, grace)
}

/// Whether period `p` may be settled at `block`: from `end(p) + grace`.
pub fn is_settleable(p: u32, block: u64, period: u64, grace: u64) -> bool {
    block >= period_start(p, period).saturating_add(period).saturating_add(grace)
}

/// Whether a verifier's slot counts for period `p`: `since < start(p-1)` and until none or `> start(p+1)`.
pub fn is_verifier_slot(p: u32, since: u64, until: Option<u64>, period: u64) -> bool {
    p > 0 && since < period_start(p - 1, period) && until.is_none_or(|end| end > period_start(p, period).saturating_add(period))
}

/// The `until` of a slot that is given up at `block`: `start(current p + 2)`.
pub fn slot_end(block: u64, period: u64) -> u64 {
    period_start(period_of(block, period), period).saturating_add(period.saturating_mul(2))
}
