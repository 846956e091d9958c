//! Hypercore's signed tree: peaks, tree hash, and proofs of a block's byte offset (protocol.md 9.2, 9.8, 9.9).

use crate::hash::{hash, Hash};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most peaks of a core: one for each bit of a length below 2^53.
pub const MAX_PEAKS: u32 = 53;

/// Most levels of an offset proof: lengths are below 2^40.
pub const MAX_STEPS: u32 = 40;

/// Most inner cuts of a core.
pub const MAX_CUTS: u32 = 63;

/// One of the tree's full roots, from left to right.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peak {
    /// Bytes below it.
    #[codec(compact)]
    pub size: u64,
    /// Its hash.
    pub hash: Hash,
}

/// One level of an offset proof, from the peak down.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// Bytes below the left child.
    #[codec(compact)]
    pub left_size: u64,
    /// Hash of the left child.
    pub left: Hash,
    /// Hash of the right child.
    pub right: Hash,
    /// The left child's children; Some exactly if the cut is at or right of the middle, since a parent binds only the sum of sizes.
    pub open: Option<(Hash, Hash)>,
}

/// The peaks of a core.
pub type Peaks = BoundedVec<Peak, ConstU32<MAX_PEAKS>>;

/// The proof of one cut's byte offset; empty if the cut is a peak's first block.
pub type OffsetProof = BoundedVec<Step, ConstU32<MAX_STEPS>>;

/// The proofs of all inner cuts, in their order.
pub type OffsetProofs = BoundedVec<OffsetProof, ConstU32<MAX_CUTS>>;

/// A full subtree of a flat tree over `length` leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PeakShape {
    /// First leaf below it.
    pub first: u64,
    /// It holds `2^height` leaves.
    pub height: u32,
}

impl PeakShape {
    /// The flat-tree index of the peak: `2·first + 2^height - 1`; `length` is below 2^62.
    pub fn index(&self) -> u64 {
        2 * self.first + (1 << self.height) - 1
    }

    /// The leaf after the last below it.
    pub fn end(&self) -> u64 {
        self.first + (1 << self.height)
    }
}

/// The full subtrees of a flat tree over `length` leaves, from left to right: one for each set bit, high to low.
pub fn peak_shapes(length: u64) -> Vec<PeakShape> {
    let mut first = 0;
    let mut shapes = Vec::with_capacity(length.count_ones() as usize);
    for height in (0..64).rev().filter(|height| length >> height & 1 == 1) {
        shapes.push(PeakShape { first, height });
        first += 1 << height;
    }
    shapes
}

/// BLAKE2b-256(02 ‖ for each peak hash ‖ u64 index ‖ u64 size), or None unless there is one peak for each set bit of `length`.
pub fn tree_hash(length: u64, peaks: &[Peak]) -> Option<Hash> {
    let shapes = peak_shapes(length);
    if shapes.len() != peaks.len() {
        return None;
    }
    let mut bytes = alloc::vec![2u8];
    for (shape, peak) in shapes.iter().zip(peaks) {
        bytes.extend_from_slice(&peak.hash);
        bytes.extend_from_slice(&shape.index().to_le_bytes());
        bytes.extend_from_slice(&peak.size.to_le_bytes());
    }
    Some(hash(&[&bytes]))
}

/// Hypercore's parent: BLAKE2b-256(01 ‖ u64 size ‖ left ‖ right).
pub fn parent_hash(size: u64, left: &Hash, right: &Hash) -> Hash {
    hash(&[&[1], &size.to_le_bytes(), left, right])
}

/// The byte offset of block `cut`, or None if the proof does not show it; `cut` must be even and below `length`.
pub fn verify_offset(length: u64, peaks: &[Peak], cut: u64, proof: &[Step]) -> Option<u64> {
    if cut % 2 == 1 || cut >= length || peaks.len() != length.count_ones() as usize {
        return None;
    }
    let mut offset = 0u64;
    for (shape, peak) in peak_shapes(length).iter().zip(peaks) {
        if cut < shape.end() {
            return offset.checked_add(descend(shape, peak, cut, proof)?);
        }
        offset = offset.checked_add(peak.size)?;
    }
    None
}

/// Bytes between the first block of a peak and `cut`, which is inside of it.
fn descend(shape: &PeakShape, peak: &Peak, cut: u64, proof: &[Step]) -> Option<u64> {
    let mut node = *peak;
    let mut first = shape.first;
    let mut height = shape.height;
    let mut offset = 0u64;
    let mut steps = proof.iter();
    while cut != first {
        let step = steps.next()?;
        // An even cut inside a subtree is never inside one of height 1.
        height = height.checked_sub(1).filter(|height| *height > 0)?;
        let right_size = node.size.checked_sub(step.left_size)?;
        if parent_hash(node.size, &step.left, &step.right) != node.hash {
            return None;
        }
        let middle = first + (1 << height);
        match step.open {
            Some((left, right)) if cut >= middle => {
                if parent_hash(step.left_size, &left, &right) != step.left {
                    return None;
                }
                offset = offset.checked_add(step.left_size)?;
                first = middle;
                node = Peak { size: right_size, hash: step.right };
            }
            // The next level binds the left child's size.
            None if cut < middle => node = Peak { size: step.left_size, hash: step.left },
            _ => return None,
        }
    }
    steps.next().is_none().then_some(offset)
}
