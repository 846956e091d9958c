//! The exact bytes that accounts and noise keys sign (protocol.md 9.6, 9.7, 9.9), and their checks.

use crate::{
    hash::{protocol_hash, separator, Hash, PROTOCOL},
    Account,
};
use alloc::vec::Vec;
use sp_core::{ed25519, sr25519};

/// What a signer signs when a span is sealed: ds"seal" ‖ genesis ‖ u64 span ‖ tag ‖ u64 cells ‖ root.
pub fn seal(genesis: &Hash, span: u64, tag: &Hash, cells: u64, root: &Hash) -> Vec<u8> {
    message("seal", &[genesis, &span.to_le_bytes(), tag, &cells.to_le_bytes(), root])
}

/// What both sides sign at a checkpoint: ds"checkpoint" ‖ genesis ‖ u64 span ‖ tag ‖ u64 leaves ‖ root.
pub fn checkpoint(genesis: &Hash, span: u64, tag: &Hash, leaves: u64, root: &Hash) -> Vec<u8> {
    message("checkpoint", &[genesis, &span.to_le_bytes(), tag, &leaves.to_le_bytes(), root])
}

/// What a pinner's noise key signs for a verifier: ds"receipt" ‖ genesis ‖ u64 copy ‖ u64 period ‖ verifier account.
pub fn receipt(genesis: &Hash, copy: u64, period: u32, verifier: &Account) -> Vec<u8> {
    message("receipt", &[genesis, &copy.to_le_bytes(), &u64::from(period).to_le_bytes(), verifier])
}

/// What a noise key signs for `register`: ds"noise" ‖ genesis ‖ account.
pub fn noise(genesis: &Hash, account: &Account) -> Vec<u8> {
    message("noise", &[genesis, account])
}

/// The seed of an account's noise key pair: H(ds"noise-seed", mini secret).
pub fn noise_seed(mini_secret: &Hash) -> Hash {
    protocol_hash("noise-seed", &[mini_secret])
}

/// The digest of the blocks that a verifier sampled, `(index, data)` by index ascending.
pub fn sample_digest(account: &Account, copy: u64, period: u32, blocks: &[(u64, &[u8])]) -> Hash {
    let mut bytes = Vec::new();
    for (index, data) in blocks {
        bytes.extend_from_slice(&index.to_le_bytes());
        bytes.extend_from_slice(&(data.len() as u64).to_le_bytes());
        bytes.extend_from_slice(data);
    }
    protocol_hash("sample", &[account, &copy.to_le_bytes(), &u64::from(period).to_le_bytes(), &bytes])
}

/// Whether an account's raw sr25519 signature of `message` is valid; a wrapped one is not.
pub fn verify_account(signature: &[u8; 64], message: &[u8], account: &Account) -> bool {
    let signature = sr25519::Signature::from_raw(*signature);
    sp_io::crypto::sr25519_verify(&signature, message, &sr25519::Public::from_raw(*account))
}

/// Whether a noise key's ed25519 signature of `message` is valid.
pub fn verify_noise(signature: &[u8; 64], message: &[u8], noise_key: &Hash) -> bool {
    let signature = ed25519::Signature::from_raw(*signature);
    sp_io::crypto::ed25519_verify(&signature, message, &ed25519::Public::from_raw(*noise_key))
}

fn message(name: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = separator(PROTOCOL, name);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}
