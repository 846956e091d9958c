//! What `publish` checks: that a core's author signed exactly this tree, and where its spans begin (protocol.md 9.8).

use crate::{
    hash::Hash,
    manifest::{manifest_key, parse_manifest, ManifestError, Prologue, MAX_MANIFEST},
    offset::{tree_hash, verify_offset, OffsetProof, Peak, MAX_CUTS},
    span::{billed_bytes, inner_cuts, span_count, Cut, BLOCK_OVERHEAD},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ed25519, ConstU32};

/// Lengths are below this.
pub const LENGTH_LIMIT: u64 = 1 << 40;

/// Forks are below this: JavaScript's integers.
pub const FORK_LIMIT: u64 = 1 << 53;

/// Byte lengths are below this.
pub const BYTE_LIMIT: u64 = 1 << 50;

/// A core's blocks may take this many times the billed bytes on a pinner's disk, as tree nodes alone.
pub const BLOCKS_FACTOR: u64 = 16;

/// Hypercore's namespace of tree signatures.
pub const TREE: Hash = [
    0x9f, 0xac, 0x70, 0xb5, 0x0c, 0xa1, 0x4e, 0xfc, 0x4e, 0x91, 0xc8, 0x33, 0xb2, 0x04, 0xe7, 0x5b, 0x8b, 0x5a, 0xad, 0x8b, 0x58,
    0x81, 0xbf, 0xc0, 0xad, 0xb5, 0xef, 0x38, 0xa3, 0x27, 0x5b, 0x9c,
];

/// Who may sign a core's tree.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub enum Identity {
    /// The manifest's bytes, whose hash is the core's key.
    #[codec(index = 0)]
    Manifest(BoundedVec<u8, ConstU32<MAX_MANIFEST>>),
    /// A compat core: its key is the ed25519 public key.
    #[codec(index = 1)]
    Compat(Hash),
}

/// Inner cuts as they are stored.
pub type Cuts = BoundedVec<Cut, ConstU32<MAX_CUTS>>;

/// What a valid `publish` shows.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, PartialEq, Eq, Debug)]
pub struct VerifiedTree {
    /// The core's key.
    pub key: Hash,
    /// Bytes of the core, 1 … 2^50 - 1.
    pub byte_length: u64,
    /// The signed tree hash.
    pub tree_hash: Hash,
    /// Blocks and byte offsets of the inner cuts.
    pub cuts: Cuts,
}

/// Why a `publish` is refused.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum PublishError {
    /// The manifest is of a kind that the chain does not know.
    UnsupportedManifest,
    /// The manifest's bytes are malformed.
    BadManifest,
    /// The fork is 2^53 or more.
    BadFork,
    /// The length is 0, or 2^40 or more.
    BadLength,
    /// Not one peak for each set bit of the length.
    BadPeaks,
    /// The byte length is 0, or 2^50 or more.
    BadByteLength,
    /// The tree is shorter than the core's prologue, or is as long and not the prologue, or that with another fork than 0.
    BadPrologue,
    /// The signature does not verify.
    BadSignature,
    /// Not one offset proof for each inner cut.
    BadCutCount,
    /// An offset proof does not verify.
    BadOffsetProof,
    /// More blocks than the bytes pay for.
    TooManyBlocks,
}

impl From<ManifestError> for PublishError {
    fn from(error: ManifestError) -> Self {
        match error {
            ManifestError::Unsupported => PublishError::UnsupportedManifest,
            ManifestError::Malformed => PublishError::BadManifest,
        }
    }
}

/// The key of an identity and what signs its trees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Author {
    /// The core's key.
    pub key: Hash,
    /// The ed25519 key that signs.
    pub public_key: Hash,
    /// What stands before the tree hash after [`TREE`]: key, namespace, or nothing.
    pub context: Option<Hash>,
    /// The tree that the core begins with, if any.
    pub prologue: Option<Prologue>,
}

/// Reads an identity; UnsupportedManifest or BadManifest.
pub fn author_of(identity: &Identity) -> Result<Author, PublishError> {
    let bytes = match identity {
        Identity::Compat(key) => return Ok(Author { key: *key, public_key: *key, context: None, prologue: None }),
        Identity::Manifest(bytes) => bytes,
    };
    let manifest = parse_manifest(bytes)?;
    let key = manifest_key(bytes);
    let context = Some(if manifest.version == 0 { manifest.namespace } else { key });
    Ok(Author { key, public_key: manifest.public_key, context, prologue: manifest.prologue })
}

/// The bytes that an author signs: TREE ‖ context ‖ tree hash ‖ u64 length ‖ u64 fork.
pub fn signable(context: Option<&Hash>, tree_hash: &Hash, length: u64, fork: u64) -> Vec<u8> {
    let context: &[u8] = context.map_or(&[], |context| context);
    [&TREE, context, tree_hash, &length.to_le_bytes(), &fork.to_le_bytes()].concat()
}

/// Whether a core has more blocks than its bytes pay for: empty blocks cost the supporter nothing and pinners 80 bytes each.
pub fn has_too_many_blocks(length: u64, byte_length: u64) -> bool {
    length.saturating_mul(BLOCK_OVERHEAD) > billed_bytes(byte_length).saturating_mul(BLOCKS_FACTOR)
}

/// Whether a tree replaces the stored one: its (fork, length) is greater.
pub fn is_newer(stored: (u64, u64), new: (u64, u64)) -> bool {
    new > stored
}

/// Checks all that `publish` carries; `cuts` holds exactly one proof for each inner cut that `span_target` (bytes) gives.
pub fn verify_publish(
    identity: &Identity,
    fork: u64,
    length: u64,
    peaks: &[Peak],
    signature: &[u8; 64],
    cuts: &[OffsetProof],
    span_target: u64,
) -> Result<VerifiedTree, PublishError> {
    let author = author_of(identity)?;
    if fork >= FORK_LIMIT {
        return Err(PublishError::BadFork);
    }
    if length == 0 || length >= LENGTH_LIMIT {
        return Err(PublishError::BadLength);
    }
    let hash = tree_hash(length, peaks).ok_or(PublishError::BadPeaks)?;
    let byte_length = byte_length_of(peaks)?;
    verify_signature(&author, &hash, length, fork, signature)?;
    if has_too_many_blocks(length, byte_length) {
        return Err(PublishError::TooManyBlocks);
    }
    let cuts = verify_cuts(length, byte_length, peaks, cuts, span_target)?;
    Ok(VerifiedTree { key: author.key, byte_length, tree_hash: hash, cuts })
}

fn byte_length_of(peaks: &[Peak]) -> Result<u64, PublishError> {
    let sum = peaks.iter().try_fold(0u64, |sum, peak| sum.checked_add(peak.size));
    sum.filter(|sum| *sum > 0 && *sum < BYTE_LIMIT).ok_or(PublishError::BadByteLength)
}

fn verify_signature(author: &Author, tree_hash: &Hash, length: u64, fork: u64, signature: &[u8; 64]) -> Result<(), PublishError> {
    match author.prologue {
        Some(prologue) if length < prologue.length => return Err(PublishError::BadPrologue),
        Some(prologue) if length == prologue.length => {
            // Nothing signs the fork here: any other than the first would let anyone displace the author's own trees.
            if *tree_hash != prologue.hash || fork != 0 {
                return Err(PublishError::BadPrologue);
            }
            // Hypercore has no signature here, so the field has one value only.
            return if *signature == [0; 64] { Ok(()) } else { Err(PublishError::BadSignature) };
        }
        _ => {}
    }
    let message = signable(author.context.as_ref(), tree_hash, length, fork);
    let signature = ed25519::Signature::from_raw(*signature);
    if sp_io::crypto::ed25519_verify(&signature, &message, &ed25519::Public::from_raw(author.public_key)) {
        Ok(())
    } else {
        Err(PublishError::BadSignature)
    }
}

fn verify_cuts(
    length: u64,
    byte_length: u64,
    peaks: &[Peak],
    proofs: &[OffsetProof],
    span_target: u64,
) -> Result<Cuts, PublishError> {
    let blocks = inner_cuts(length, span_count(length, byte_length, span_target));
    if blocks.len() != proofs.len() {
        return Err(PublishError::BadCutCount);
    }
    let mut cuts = Cuts::new();
    for (block, proof) in blocks.into_iter().zip(proofs) {
        let byte = verify_offset(length, peaks, block, proof).ok_or(PublishError::BadOffsetProof)?;
        cuts.try_push(Cut { block, byte }).map_err(|_| PublishError::BadCutCount)?;
    }
    Ok(cuts)
}
