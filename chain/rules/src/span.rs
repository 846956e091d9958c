//! The spans of a copy and the sizes that follow from them (protocol.md 9.2, 9.3, 9.5; encoding.md).

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Most spans a copy can have.
pub const MAX_SPANS: u64 = 64;

/// Bytes of one encoded cell.
pub const CELL: u64 = 256;

/// Bytes of plain data in one cell.
pub const SLICE: u64 = 255;

/// Bytes of one leaf of the commitment, but perhaps the last.
pub const LEAF: u64 = 1024;

/// Bytes that a hypercore tree node takes on a pinner's disk for each block.
pub const BLOCK_OVERHEAD: u64 = 80;

/// One MiB, the unit of prices and the least that a copy is billed for.
pub const MIB: u64 = 1 << 20;

/// An inner cut between two spans: the block it stands before, and that block's byte offset in the core.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cut {
    /// First block after the cut; even.
    pub block: u64,
    /// Bytes of the core before that block.
    pub byte: u64,
}

/// One span of a copy in blocks and bytes.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub struct SpanRange {
    /// First block.
    pub start: u64,
    /// Block after the last.
    pub end: u64,
    /// Bytes of the core before `start`.
    pub byte_start: u64,
    /// Bytes of the span.
    pub byte_length: u64,
}

/// How many spans a copy of a core has: 1 to 64; `span_target` in bytes, at least 1 (0 counts as 1).
pub fn span_count(length: u64, byte_length: u64, span_target: u64) -> u64 {
    let most = (length / 2).clamp(1, MAX_SPANS);
    byte_length.div_ceil(span_target.max(1)).clamp(1, most)
}

/// The blocks of the `n - 1` inner cuts, ascending: `2·floor(i·length / (2n))`.
pub fn inner_cuts(length: u64, n: u64) -> Vec<u64> {
    let cut = |i: u64| 2 * ((u128::from(i) * u128::from(length)) / (2 * u128::from(n))) as u64;
    (1..n).map(cut).collect()
}

/// The `n + 1` block bounds of a core's spans, from 0 to `length`.
pub fn span_bounds(length: u64, byte_length: u64, span_target: u64) -> Vec<u64> {
    let mut bounds = alloc::vec![0];
    bounds.extend(inner_cuts(length, span_count(length, byte_length, span_target)));
    bounds.push(length);
    bounds
}

/// The spans between verified `cuts`, in order; a byte length is 0 where only empty blocks lie between two cuts.
pub fn span_ranges(length: u64, byte_length: u64, cuts: &[Cut]) -> Vec<SpanRange> {
    let end = Cut { block: length, byte: byte_length };
    let mut from = Cut { block: 0, byte: 0 };
    let mut ranges = Vec::with_capacity(cuts.len() + 1);
    for to in cuts.iter().chain(core::iter::once(&end)) {
        let byte_length = to.byte.saturating_sub(from.byte);
        ranges.push(SpanRange { start: from.block, end: to.block, byte_start: from.byte, byte_length });
        from = *to;
    }
    ranges
}

/// Cells of a span: `ceil(byte_length / 255)`.
pub fn cells_of(byte_length: u64) -> u64 {
    byte_length.div_ceil(SLICE)
}

/// Leaves of a span's commitment: `ceil(256·cells / 1024)`.
pub fn leaves_of(cells: u64) -> u64 {
    cells.div_ceil(LEAF / CELL)
}

/// Disk that a pinner reserves: `256·cells + 80·blocks` bytes.
pub fn reserved_bytes(cells: u64, blocks: u64) -> u64 {
    cells.saturating_mul(CELL).saturating_add(blocks.saturating_mul(BLOCK_OVERHEAD))
}

/// Bytes that a copy is billed for: its length, at least one MiB.
pub fn billed_bytes(byte_length: u64) -> u64 {
    byte_length.max(MIB)
}

/// Blocks between `commit_key` and the seal's deadline D2: `base + byte_length / min_rate` (9.6), `min_rate` in bytes a block (0 counts as 1).
pub fn seal_blocks(base: u64, byte_length: u64, min_rate: u64) -> u64 {
    base.saturating_add(byte_length / min_rate.max(1))
}

/// Most slots that an account has in one role, those that ended and are not yet free counted too.
pub const MAX_ROLE_SLOTS: u32 = 64;

/// A pinner's slots: `ceil(capacity / unit)`, at most `MAX_ROLE_SLOTS`; both in bytes (a unit of 0 counts as 1).
pub fn pinner_slots(capacity: u64, unit: u64) -> u32 {
    capacity.div_ceil(unit.max(1)).min(MAX_ROLE_SLOTS.into()) as u32
}
