//! Hypercore manifests that the chain understands: versions 0 to 3 with one ed25519 signer (protocol.md 9.8).

use crate::hash::{hash, Hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Longest manifest accepted, in bytes.
pub const MAX_MANIFEST: u32 = 1024;

/// Hypercore's namespace of manifest hashes.
pub const MANIFEST: Hash = [
    0xe6, 0x4b, 0x71, 0x08, 0xea, 0xcc, 0xe4, 0x7c, 0xfc, 0x61, 0xac, 0x85, 0x05, 0x68, 0xf5, 0x5f, 0x8b, 0x15, 0xb8, 0x2e, 0xc5,
    0xed, 0x78, 0xc4, 0xec, 0x59, 0x7b, 0x03, 0x6e, 0x2a, 0x14, 0x98,
];

const FLAG_PATCH: u64 = 1;
const FLAG_PROLOGUE: u64 = 2;
const FLAG_LINKED: u64 = 4;
const FLAG_USER_DATA: u64 = 8;

/// The largest length that hypercore reads: 2^53 − 1.
const MAX_LENGTH: u64 = (1 << 53) - 1;

/// Why a manifest is refused.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Debug)]
pub enum ManifestError {
    /// Well-formed perhaps, but not a manifest with one ed25519 signer of version 0 to 3 without patches.
    Unsupported,
    /// Cut short, not minimally encoded or followed by other bytes.
    Malformed,
}

/// The tree that a core begins with, without a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prologue {
    /// Tree hash at that length.
    pub hash: Hash,
    /// Length in blocks.
    pub length: u64,
}

/// What the rules need of a manifest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// 0 to 3.
    pub version: u8,
    /// The signer's namespace.
    pub namespace: Hash,
    /// The signer's ed25519 public key.
    pub public_key: Hash,
    /// The tree that the core begins with, if any.
    pub prologue: Option<Prologue>,
}

/// The key of a core with this manifest: BLAKE2b-256(MANIFEST ‖ manifest).
pub fn manifest_key(manifest: &[u8]) -> Hash {
    hash(&[&MANIFEST, manifest])
}

/// Reads a manifest's bytes; see [`ManifestError`].
pub fn parse_manifest(bytes: &[u8]) -> Result<Manifest, ManifestError> {
    let mut reader = Reader { rest: bytes };
    let manifest = match reader.uint()? {
        0 => parse_v0(&mut reader)?,
        version @ 1..=3 => parse_later(&mut reader, version as u8)?,
        _ => return Err(ManifestError::Unsupported),
    };
    if reader.rest.is_empty() {
        Ok(manifest)
    } else {
        Err(ManifestError::Malformed)
    }
}

fn parse_v0(reader: &mut Reader) -> Result<Manifest, ManifestError> {
    reader.expect(0)?; // hash: BLAKE2b
    reader.expect(1)?; // type: one signer
    let (namespace, public_key) = parse_signer(reader)?;
    Ok(Manifest { version: 0, namespace, public_key, prologue: None })
}

fn parse_later(reader: &mut Reader, version: u8) -> Result<Manifest, ManifestError> {
    let flags = reader.uint()?;
    let known = FLAG_PROLOGUE | if version >= 2 { FLAG_LINKED | FLAG_USER_DATA } else { 0 };
    if flags & FLAG_PATCH != 0 || flags & !known != 0 {
        return Err(ManifestError::Unsupported);
    }
    reader.expect(0)?; // hash: BLAKE2b
    reader.expect(1)?; // quorum
    reader.expect(1)?; // signers
    let (namespace, public_key) = parse_signer(reader)?;
    let mut prologue = None;
    if flags & FLAG_PROLOGUE != 0 {
        let (hash, length) = (reader.fixed32()?, reader.uint()?);
        if length > MAX_LENGTH {
            return Err(ManifestError::Unsupported);
        }
        prologue = Some(Prologue { hash, length });
    }
    if flags & FLAG_LINKED != 0 {
        let count = reader.uint()?;
        reader.skip(count.checked_mul(32).ok_or(ManifestError::Malformed)?)?;
    }
    if flags & FLAG_USER_DATA != 0 {
        let length = reader.uint()?;
        reader.skip(length)?;
    }
    Ok(Manifest { version, namespace, public_key, prologue })
}

fn parse_signer(reader: &mut Reader) -> Result<(Hash, Hash), ManifestError> {
    reader.expect(0)?; // signature: ed25519
    Ok((reader.fixed32()?, reader.fixed32()?))
}

/// Reads compact-encoding's values; every uint must be minimal.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ManifestError> {
        if length > self.rest.len() {
            return Err(ManifestError::Malformed);
        }
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(taken)
    }

    fn skip(&mut self, length: u64) -> Result<(), ManifestError> {
        let length = usize::try_from(length).map_err(|_| ManifestError::Malformed)?;
        self.take(length).map(|_| ())
    }

    fn uint(&mut self) -> Result<u64, ManifestError> {
        let first = self.take(1)?[0];
        let (width, least) = match first {
            0xfd => (2, 0xfd),
            0xfe => (4, 0x1_0000),
            0xff => (8, 0x1_0000_0000),
            small => return Ok(u64::from(small)),
        };
        let mut bytes = [0u8; 8];
        bytes[..width].copy_from_slice(self.take(width)?);
        let value = u64::from_le_bytes(bytes);
        if value < least {
            Err(ManifestError::Malformed)
        } else {
            Ok(value)
        }
    }

    fn expect(&mut self, wanted: u64) -> Result<(), ManifestError> {
        if self.uint()? == wanted {
            Ok(())
        } else {
            Err(ManifestError::Unsupported)
        }
    }

    fn fixed32(&mut self) -> Result<Hash, ManifestError> {
        let mut bytes = [0u8; 32];
        bytes.copy_from_slice(self.take(32)?);
        Ok(bytes)
    }
}
