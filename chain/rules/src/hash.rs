//! Hashing and its domain separation (encoding.md "Constants and functions", protocol.md part 9).

use alloc::vec::Vec;

/// A BLAKE2b-256 hash, a key or any other 32 bytes.
pub type Hash = [u8; 32];

/// Prefix of every domain of protocol.md part 9.
pub const PROTOCOL: &str = "datdot/";

/// Prefix of every domain of encoding.md.
pub const TPE1: &str = "tpe1/";

/// BLAKE2b-256 of the concatenation of `parts`, without a key.
pub fn hash(parts: &[&[u8]]) -> Hash {
    sp_io::hashing::blake2_256(&parts.concat())
}

/// `ds(name)`: one byte with the length of prefix and name, then both in ASCII; together they are shorter than 256 bytes.
pub fn separator(prefix: &str, name: &str) -> Vec<u8> {
    let length = prefix.len() + name.len();
    debug_assert!(length < 256);
    let mut bytes = Vec::with_capacity(1 + length);
    bytes.push(length as u8);
    bytes.extend_from_slice(prefix.as_bytes());
    bytes.extend_from_slice(name.as_bytes());
    bytes
}

/// `H(ds"name", parts…)` under the "datdot/" prefix.
pub fn protocol_hash(name: &str, parts: &[&[u8]]) -> Hash {
    separated(PROTOCOL, name, parts)
}

/// `H(ds"name", parts…)` under the "tpe1/" prefix.
pub fn tpe_hash(name: &str, parts: &[&[u8]]) -> Hash {
    separated(TPE1, name, parts)
}

/// `n(h, at)`: the little-endian u64 at bytes `at … at + 8` of a hash, `at` at most 24.
pub fn number(hash: &Hash, at: usize) -> u64 {
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(&hash[at..at + 8]);
    u64::from_le_bytes(bytes)
}

fn separated(prefix: &str, name: &str, parts: &[&[u8]]) -> Hash {
    let mut bytes = separator(prefix, name);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    sp_io::hashing::blake2_256(&bytes)
}
