//! `tpe1.json` as far as the chain knows TPE-1: salts, tags, roots, leaf proofs, checkpoints.

mod common;

use common::*;
use datdot_rules::{
    hash::hash,
    offset::peak_shapes,
    span::{cells_of, leaves_of},
    tpe::{
        empty_root, is_key_allowed, leaf_hash, leaf_length, node_hash, root_hash, salt, tag, verify_leaf, verify_span_proof,
        Commitment, LeafProof, ProofError, SaltInput, SpanProof,
    },
};
use serde_json::{Map, Value};

struct Case {
    tag: [u8; 32],
    cells: u64,
    root: [u8; 32],
    first_cell: Vec<u8>,
    proofs: Vec<(u64, LeafProof, Vec<[u8; 32]>)>,
    checkpoints: Vec<(u64, [u8; 32])>,
}

impl Case {
    fn commitment(&self) -> Commitment<'_> {
        Commitment { tag: &self.tag, cells: self.cells, root: &self.root }
    }
}

const FIELDS: [&str; 26] = [
    "genesis",
    "coreKey",
    "fork",
    "treeHash",
    "copyId",
    "spanId",
    "start",
    "end",
    "byteStart",
    "byteLength",
    "e",
    "N",
    "beacon",
    "p",
    "q",
    "plaintext",
    "plaintextHash",
    "plaintextNote",
    "salt",
    "tag",
    "cells",
    "cellsHash",
    "firstCell",
    "root",
    "proofs",
    "checkpoints",
];

fn cases() -> Vec<Case> {
    let file = load("tpe1.json");
    let file = object(&file, &["format", "hash", "cases"]);
    assert_eq!(string(&file["format"]), "tpe1-vectors-1");
    assert_eq!(string(&file["hash"]), "BLAKE2b-256");
    list(&file["cases"]).iter().map(|case| read_case(object(case, &FIELDS))).collect()
}

/// Reads a case and checks on the way what its inputs decide alone.
fn read_case(case: &Map<String, Value>) -> Case {
    let modulus = array(&case["N"]);
    let made = salt(&SaltInput {
        genesis: &hash32(&case["genesis"]),
        core_key: &hash32(&case["coreKey"]),
        fork: u64_of(&case["fork"]),
        tree_hash: &hash32(&case["treeHash"]),
        copy: u64_of(&case["copyId"]),
        span: u64_of(&case["spanId"]),
        start: u64_of(&case["start"]),
        end: u64_of(&case["end"]),
        byte_start: u64_of(&case["byteStart"]),
        byte_length: u64_of(&case["byteLength"]),
        e: u32_of(&case["e"]),
        modulus: &modulus,
        beacon: &hash32(&case["beacon"]),
    });
    assert_eq!(made, hash32(&case["salt"]));
    assert_eq!(tag(&made), hash32(&case["tag"]));
    assert!(is_key_allowed(u32_of(&case["e"]), &modulus));
    let cells = u64_of(&case["cells"]);
    assert_eq!(cells_of(u64_of(&case["byteLength"])), cells);
    check_plaintext(case);
    Case {
        tag: hash32(&case["tag"]),
        cells,
        root: hash32(&case["root"]),
        first_cell: bytes(&case["firstCell"]),
        proofs: list(&case["proofs"]).iter().map(read_proof).collect(),
        checkpoints: list(&case["checkpoints"])
            .iter()
            .map(|checkpoint| object(checkpoint, &["leaves", "root"]))
            .map(|checkpoint| (u64_of(&checkpoint["leaves"]), hash32(&checkpoint["root"])))
            .collect(),
    }
}

/// The plain bytes and the primes are the node's business; here they only have to be what the file says they are.
fn check_plaintext(case: &Map<String, Value>) {
    let length = u64_of(&case["byteLength"]);
    let plaintext = match case["plaintextNote"].as_str() {
        None => bytes(&case["plaintext"]),
        Some("byte i = (i*i + 7*i + 3) & 255") => {
            assert!(case["plaintext"].is_null());
            (0..length).map(|i| (i * i + 7 * i + 3) as u8).collect()
        }
        Some(other) => panic!("unknown note {other}"),
    };
    assert_eq!(plaintext.len() as u64, length);
    assert_eq!(hash(&[&plaintext]), hash32(&case["plaintextHash"]));
    assert_eq!((bytes(&case["p"]).len(), bytes(&case["q"]).len()), (128, 128));
    let cells_hash = hash32(&case["cellsHash"]);
    if u64_of(&case["cells"]) <= 1 {
        assert_eq!(hash(&[&bytes(&case["firstCell"])]), cells_hash);
    }
}

fn read_proof(value: &Value) -> (u64, LeafProof, Vec<[u8; 32]>) {
    let proof = object(value, &["index", "data", "path", "peaks"]);
    let path: Vec<_> = list(&proof["path"]).iter().map(hash32).collect();
    let leaf = LeafProof { data: bytes(&proof["data"]).try_into().unwrap(), path: path.try_into().unwrap() };
    (u64_of(&proof["index"]), leaf, list(&proof["peaks"]).iter().map(hash32).collect())
}

#[test]
fn leaf_proofs_and_first_cells_are_accepted() {
    for case in cases() {
        if case.cells == 0 {
            assert!(case.proofs.is_empty() && case.first_cell.is_empty() && case.checkpoints.is_empty());
            assert_eq!(empty_root(&case.tag), case.root);
            continue;
        }
        assert_eq!(case.first_cell.len(), 256);
        assert_eq!(case.proofs[0].0, 0);
        assert_eq!(case.proofs[0].1.data[..256], case.first_cell);
        for (index, leaf, peaks) in &case.proofs {
            assert_eq!(verify_leaf(&case.commitment(), peaks, *index, leaf), Ok(()));
        }
        let indexes: Vec<u64> = case.proofs.iter().map(|(index, _, _)| *index).collect();
        let mut proof = shared(&case);
        assert_eq!(verify_span_proof(&case.commitment(), &indexes, &proof), Ok(()));
        assert_eq!(verify_span_proof(&case.commitment(), &indexes[1..], &proof), Err(ProofError::WrongCount));
        proof.leaves.pop();
        assert_eq!(verify_span_proof(&case.commitment(), &indexes, &proof), Err(ProofError::WrongCount));
    }
}

fn shared(case: &Case) -> SpanProof {
    let leaves: Vec<LeafProof> = case.proofs.iter().map(|(_, leaf, _)| leaf.clone()).collect();
    SpanProof { peaks: case.proofs[0].2.clone().try_into().unwrap(), leaves: leaves.try_into().unwrap() }
}

#[test]
fn checkpoints_are_roots_of_whole_leaves() {
    let mut seen = 0;
    for case in cases() {
        for (leaves, root) in &case.checkpoints {
            // All of them are powers of two: the peak is above leaf 0, its path is the lower part of that leaf's.
            assert!(leaves.is_power_of_two());
            let (_, leaf, _) = &case.proofs[0];
            let height = leaves.trailing_zeros() as usize;
            let first = leaf_hash(&case.tag, 0, &leaf.data);
            let peak = leaf.path[..height].iter().fold(first, |node, sibling| node_hash(&node, sibling));
            assert_eq!(root_hash(&case.tag, 1024 * leaves, &[peak]), *root);
            seen += 1;
        }
    }
    assert!(seen >= 5);
}

#[test]
fn altered_proofs_are_refused() {
    for case in cases().iter().filter(|case| case.cells > 0) {
        let span = case.commitment();
        for (index, leaf, peaks) in &case.proofs {
            for i in 0..leaf.data.len() {
                let mut leaf = leaf.clone();
                leaf.data[i] ^= 1 << (i % 8);
                assert_eq!(verify_leaf(&span, peaks, *index, &leaf), Err(ProofError::WrongPeak));
            }
            for (i, j) in (0..leaf.path.len()).flat_map(|i| (0..32).map(move |j| (i, j))) {
                let mut leaf = leaf.clone();
                leaf.path[i][j] ^= 1 << (j % 8);
                assert_eq!(verify_leaf(&span, peaks, *index, &leaf), Err(ProofError::WrongPeak));
            }
            for (i, j) in (0..peaks.len()).flat_map(|i| (0..32).map(move |j| (i, j))) {
                let mut peaks = peaks.clone();
                peaks[i][j] ^= 1 << (j % 8);
                assert_eq!(verify_leaf(&span, &peaks, *index, leaf), Err(ProofError::WrongRoot));
            }
            for j in 0..32 {
                let (mut tag, mut root) = (case.tag, case.root);
                tag[j] ^= 1;
                root[j] ^= 1;
                assert_eq!(verify_leaf(&Commitment { tag: &tag, ..span }, peaks, *index, leaf), Err(ProofError::WrongRoot));
                assert_eq!(verify_leaf(&Commitment { root: &root, ..span }, peaks, *index, leaf), Err(ProofError::WrongRoot));
            }
        }
    }
}

#[test]
fn proofs_of_another_shape_are_refused() {
    for case in cases().iter().filter(|case| case.cells > 0) {
        let span = case.commitment();
        let leaves = leaves_of(case.cells);
        for (index, leaf, peaks) in &case.proofs {
            let check = |change: &dyn Fn(&mut LeafProof)| {
                let mut leaf = leaf.clone();
                change(&mut leaf);
                verify_leaf(&span, peaks, *index, &leaf)
            };
            assert_eq!(check(&|leaf| leaf.data.truncate(leaf.data.len() - 1)), Err(ProofError::WrongLength));
            assert_eq!(check(&|leaf| leaf.data = leaf.data[..0].to_vec().try_into().unwrap()), Err(ProofError::WrongLength));
            assert_eq!(check(&|leaf| leaf.path.try_push([7; 32]).unwrap()), Err(ProofError::WrongPath));
            if !leaf.path.is_empty() {
                assert_eq!(check(&|leaf| leaf.path.truncate(leaf.path.len() - 1)), Err(ProofError::WrongPath));
            }
            assert_eq!(verify_leaf(&span, &peaks[1..], *index, leaf), Err(ProofError::WrongPeakCount));
            assert_eq!(verify_leaf(&span, peaks, leaves, leaf), Err(ProofError::NoSuchLeaf));
            for other in (0..leaves).filter(|other| other != index) {
                assert!(verify_leaf(&span, peaks, other, leaf).is_err(), "leaf {index} as {other}");
            }
        }
        assert_eq!(leaf_length(case.cells, leaves), None);
        let lengths: usize = (0..leaves).filter_map(|index| leaf_length(case.cells, index)).sum();
        assert_eq!(lengths as u64, 256 * case.cells);
    }
}

#[test]
fn peak_shapes_partition_the_leaves() {
    for length in [0u64, 1, 2, 3, 21, 64, 1003, (1 << 40) - 1] {
        let mut next = 0;
        for shape in peak_shapes(length) {
            assert_eq!(shape.first, next);
            next = shape.end();
        }
        assert_eq!(next, length);
    }
}
