//! TPE-1 as the chain needs it: salt, tag, commitment and leaf proofs (encoding.md, protocol.md 9.3 and 9.9).

use crate::{
    hash::{tpe_hash, Hash},
    offset::{peak_shapes, MAX_PEAKS},
    span::{leaves_of, CELL, LEAF, MAX_SPANS},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most leaves that one call proves of one span.
pub const MAX_LEAVES: u32 = 64;

/// Public exponents allowed.
pub const EXPONENTS: [u32; 2] = [257, 65537];

/// A span's RSA modulus, big-endian.
pub type Modulus = [u8; CELL as usize];

/// Hashes of a commitment: peaks from left to right, or a path from the bottom.
pub type Hashes = BoundedVec<Hash, ConstU32<MAX_PEAKS>>;

/// What fixes a span's salt, under encoding.md's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SaltInput<'a> {
    /// `block_hash(0)` of the chain.
    pub genesis: &'a Hash,
    /// The core's key.
    pub core_key: &'a Hash,
    /// Fork of the copy's tree.
    pub fork: u64,
    /// Tree hash of the copy's tree.
    pub tree_hash: &'a Hash,
    /// The copy's id.
    pub copy: u64,
    /// The span's id.
    pub span: u64,
    /// First block.
    pub start: u64,
    /// Block after the last.
    pub end: u64,
    /// Bytes of the core before `start`.
    pub byte_start: u64,
    /// Bytes of the span.
    pub byte_length: u64,
    /// Public exponent.
    pub e: u32,
    /// Modulus.
    pub modulus: &'a Modulus,
    /// See [`crate::draw::salt_beacon`].
    pub beacon: &'a Hash,
}

/// One leaf of a span and its siblings from the bottom to its peak.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug, Default)]
pub struct LeafProof {
    /// The leaf's cells.
    pub data: BoundedVec<u8, ConstU32<{ LEAF as u32 }>>,
    /// Sibling hashes.
    pub path: Hashes,
}

/// All leaves that a call proves of one span, with the peaks once.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug, Default)]
pub struct SpanProof {
    /// The commitment's peaks.
    pub peaks: Hashes,
    /// The leaves by index ascending.
    pub leaves: BoundedVec<LeafProof, ConstU32<MAX_LEAVES>>,
}

/// The proofs of `prove`, by span; spans of which no leaf is drawn are left out.
pub type SpanProofs = BoundedVec<SpanProof, ConstU32<{ MAX_SPANS as u32 }>>;

/// Why a leaf proof is refused.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProofError {
    /// Not one proof for each leaf asked for, or of each span.
    WrongCount,
    /// The index is past the last leaf.
    NoSuchLeaf,
    /// Not one peak for each set bit of the number of leaves.
    WrongPeakCount,
    /// The peaks do not make the sealed root.
    WrongRoot,
    /// The data is not as long as that leaf is.
    WrongLength,
    /// The path is not as long as the leaf's peak is high.
    WrongPath,
    /// Data and path lead to another peak.
    WrongPeak,
}

/// What a proof is checked against: a sealed span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Commitment<'a> {
    /// The span's tag.
    pub tag: &'a Hash,
    /// The span's cells.
    pub cells: u64,
    /// The sealed root.
    pub root: &'a Hash,
}

/// The salt of a span.
pub fn salt(input: &SaltInput) -> Hash {
    tpe_hash(
        "salt",
        &[
            input.genesis,
            input.core_key,
            &input.fork.to_le_bytes(),
            input.tree_hash,
            &input.copy.to_le_bytes(),
            &input.span.to_le_bytes(),
            &input.start.to_le_bytes(),
            &input.end.to_le_bytes(),
            &input.byte_start.to_le_bytes(),
            &input.byte_length.to_le_bytes(),
            &u64::from(input.e).to_le_bytes(),
            input.modulus,
            input.beacon,
        ],
    )
}

/// The tag of a span: H(ds"span", salt).
pub fn tag(salt: &Hash) -> Hash {
    tpe_hash("span", &[salt])
}

/// Whether `commit_key` may take this key: e is 257 or 65537, N odd, 2^2047 ≤ N < 2^2048 (9.6).
pub fn is_key_allowed(e: u32, modulus: &Modulus) -> bool {
    EXPONENTS.contains(&e) && modulus[0] & 0x80 != 0 && modulus[CELL as usize - 1] & 1 == 1
}

/// The hash of leaf `index`.
pub fn leaf_hash(tag: &Hash, index: u64, data: &[u8]) -> Hash {
    tpe_hash("leaf", &[tag, &index.to_le_bytes(), &(data.len() as u64).to_le_bytes(), data])
}

/// The hash of two subtrees of equal height.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    tpe_hash("node", &[left, right])
}

/// The root over `byte_length` encoded bytes: 256·cells of a span, 1024·leaves of a checkpoint.
pub fn root_hash(tag: &Hash, byte_length: u64, peaks: &[Hash]) -> Hash {
    tpe_hash("root", &[tag, &byte_length.to_le_bytes(), peaks.as_flattened()])
}

/// The root of a span without bytes.
pub fn empty_root(tag: &Hash) -> Hash {
    root_hash(tag, 0, &[])
}

/// Bytes of leaf `index` of a span: min(1024, 256·cells - 1024·index), or None past the last.
pub fn leaf_length(cells: u64, index: u64) -> Option<usize> {
    if index >= leaves_of(cells) {
        return None;
    }
    Some((cells - index * (LEAF / CELL)).min(LEAF / CELL) as usize * CELL as usize)
}

/// Checks that `peaks` are those of the commitment.
pub fn verify_peaks(span: &Commitment, peaks: &[Hash]) -> Result<(), ProofError> {
    if peaks.len() != leaves_of(span.cells).count_ones() as usize {
        return Err(ProofError::WrongPeakCount);
    }
    let bytes = span.cells.checked_mul(CELL).ok_or(ProofError::WrongRoot)?;
    if root_hash(span.tag, bytes, peaks) != *span.root {
        return Err(ProofError::WrongRoot);
    }
    Ok(())
}

/// Checks one leaf and its peaks against a commitment.
pub fn verify_leaf(span: &Commitment, peaks: &[Hash], index: u64, leaf: &LeafProof) -> Result<(), ProofError> {
    verify_peaks(span, peaks)?;
    verify_path(span, peaks, index, leaf)
}

/// Checks the leaves at `indexes` (ascending, the chain's own) of one span against its commitment; the peaks are hashed once.
pub fn verify_span_proof(span: &Commitment, indexes: &[u64], proof: &SpanProof) -> Result<(), ProofError> {
    if indexes.len() != proof.leaves.len() {
        return Err(ProofError::WrongCount);
    }
    verify_peaks(span, &proof.peaks)?;
    indexes.iter().zip(&proof.leaves).try_for_each(|(index, leaf)| verify_path(span, &proof.peaks, *index, leaf))
}

/// Checks one leaf against peaks that are known to be the commitment's.
fn verify_path(span: &Commitment, peaks: &[Hash], index: u64, leaf: &LeafProof) -> Result<(), ProofError> {
    let length = leaf_length(span.cells, index).ok_or(ProofError::NoSuchLeaf)?;
    if leaf.data.len() != length {
        return Err(ProofError::WrongLength);
    }
    let shapes = peak_shapes(leaves_of(span.cells));
    let found = shapes.iter().zip(peaks).find(|(shape, _)| index < shape.end());
    let (shape, peak) = found.ok_or(ProofError::WrongPeakCount)?;
    if leaf.path.len() != shape.height as usize {
        return Err(ProofError::WrongPath);
    }
    let mut node = leaf_hash(span.tag, index, &leaf.data);
    let mut position = index - shape.first;
    for sibling in &leaf.path {
        node = if position & 1 == 0 { node_hash(&node, sibling) } else { node_hash(sibling, &node) };
        position >>= 1;
    }
    if node == *peak {
        Ok(())
    } else {
        Err(ProofError::WrongPeak)
    }
}
