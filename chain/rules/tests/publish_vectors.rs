//! `publish.json`: cores made by hypercore 11.37.1, accepted as they are and refused with any byte changed.

mod common;

use common::*;
use datdot_rules::{
    manifest::manifest_key,
    offset::{tree_hash, verify_offset, OffsetProof, Peak, Step},
    publish::{verify_publish, Identity, PublishError, VerifiedTree},
    span::Cut,
};
use serde_json::Value;

#[derive(Clone)]
struct Case {
    name: String,
    identity: Identity,
    key: [u8; 32],
    fork: u64,
    length: u64,
    byte_length: u64,
    peaks: Vec<Peak>,
    tree_hash: [u8; 32],
    signature: [u8; 64],
    offsets: Vec<(u64, u64, OffsetProof)>,
}

fn cases() -> Vec<Case> {
    let file = load("publish.json");
    let file = object(&file, &["format", "madeBy", "cases"]);
    assert_eq!(string(&file["format"]), "datdot-publish-vectors-1");
    assert_eq!(string(&file["madeBy"]), "hypercore 11.37.1");
    list(&file["cases"]).iter().map(read_case).collect()
}

fn read_case(value: &Value) -> Case {
    let keys = ["name", "identity", "key", "fork", "length", "byteLength", "peaks", "treeHash", "signature", "offsets"];
    let case = object(value, &keys);
    let identity = match case["identity"].get("compat") {
        Some(_) => Identity::Compat(hash32(&object(&case["identity"], &["compat"])["compat"])),
        None => Identity::Manifest(bytes(&object(&case["identity"], &["manifest"])["manifest"]).try_into().unwrap()),
    };
    let peak = |peak: &Value| {
        let peak = object(peak, &["size", "hash"]);
        Peak { size: u64_of(&peak["size"]), hash: hash32(&peak["hash"]) }
    };
    let offset = |offset: &Value| {
        let offset = object(offset, &["cut", "offset", "steps"]);
        let steps: Vec<Step> = list(&offset["steps"]).iter().map(read_step).collect();
        (u64_of(&offset["cut"]), u64_of(&offset["offset"]), steps.try_into().unwrap())
    };
    Case {
        name: string(&case["name"]).into(),
        identity,
        key: hash32(&case["key"]),
        fork: u64_of(&case["fork"]),
        length: u64_of(&case["length"]),
        byte_length: u64_of(&case["byteLength"]),
        peaks: list(&case["peaks"]).iter().map(peak).collect(),
        tree_hash: hash32(&case["treeHash"]),
        signature: array(&case["signature"]),
        offsets: list(&case["offsets"]).iter().map(offset).collect(),
    }
}

fn read_step(value: &Value) -> Step {
    let step = object(value, &["leftSize", "left", "right", "open"]);
    let open = match &step["open"] {
        Value::Null => None,
        pair => {
            assert_eq!(list(pair).len(), 2);
            Some((hash32(&pair[0]), hash32(&pair[1])))
        }
    };
    Step { left_size: u64_of(&step["leftSize"]), left: hash32(&step["left"]), right: hash32(&step["right"]), open }
}

/// A span target that makes one span, or two with their cut at 2·floor(length/4).
fn publish(case: &Case, spans: u64, proofs: &[OffsetProof]) -> Result<VerifiedTree, PublishError> {
    let target = case.byte_length.div_ceil(spans);
    verify_publish(&case.identity, case.fork, case.length, &case.peaks, &case.signature, proofs, target)
}

fn middle(case: &Case) -> Option<&(u64, u64, OffsetProof)> {
    case.offsets.iter().find(|(cut, _, _)| *cut == 2 * (case.length / 4))
}

fn is_refused(case: &Case) -> bool {
    case.name.starts_with("refused")
}

#[test]
fn cores_of_every_supported_kind_are_accepted() {
    let mut with_cut = 0;
    for case in cases().iter().filter(|case| !is_refused(case)) {
        let tree = publish(case, 1, &[]).unwrap_or_else(|error| panic!("{}: {error:?}", case.name));
        assert_eq!((tree.key, tree.byte_length, tree.tree_hash), (case.key, case.byte_length, case.tree_hash), "{}", case.name);
        assert!(tree.cuts.is_empty());
        if let Some((block, byte, proof)) = middle(case) {
            let tree = publish(case, 2, std::slice::from_ref(proof)).unwrap();
            assert_eq!(tree.cuts.to_vec(), [Cut { block: *block, byte: *byte }]);
            assert_eq!(publish(case, 2, &[]), Err(PublishError::BadCutCount));
            assert_eq!(publish(case, 1, std::slice::from_ref(proof)), Err(PublishError::BadCutCount));
            assert_eq!(publish(case, 2, &[proof.clone(), proof.clone()]), Err(PublishError::BadCutCount));
            with_cut += 1;
        }
    }
    assert!(with_cut >= 3);
}

#[test]
fn unsupported_manifests_are_refused_as_such() {
    let refused: Vec<Case> = cases().into_iter().filter(is_refused).collect();
    assert!(!refused.is_empty());
    for case in refused {
        assert_eq!(publish(&case, 1, &[]), Err(PublishError::UnsupportedManifest), "{}", case.name);
        let Identity::Manifest(manifest) = &case.identity else { panic!("{}", case.name) };
        assert_eq!(manifest_key(manifest), case.key);
        assert_eq!(tree_hash(case.length, &case.peaks), Some(case.tree_hash));
    }
}

#[test]
fn any_changed_byte_of_identity_tree_or_signature_is_refused() {
    for case in cases().iter().filter(|case| !is_refused(case)) {
        let refused = |what: &str, changed: &Case| {
            assert!(publish(changed, 1, &[]).is_err(), "{}: {what}", case.name);
        };
        for mask in [0x01u8, 0x80, 0xff] {
            match &case.identity {
                Identity::Compat(key) => {
                    for i in 0..32 {
                        let mut key = *key;
                        key[i] ^= mask;
                        refused("key", &Case { identity: Identity::Compat(key), ..case.clone() });
                    }
                }
                Identity::Manifest(manifest) => {
                    for i in 0..manifest.len() {
                        let mut manifest = manifest.clone();
                        manifest[i] ^= mask;
                        refused("manifest", &Case { identity: Identity::Manifest(manifest), ..case.clone() });
                    }
                }
            }
            for i in 0..64 {
                let mut signature = case.signature;
                signature[i] ^= mask;
                refused("signature", &Case { signature, ..case.clone() });
            }
            for (i, j) in (0..case.peaks.len()).flat_map(|i| (0..32).map(move |j| (i, j))) {
                let mut peaks = case.peaks.clone();
                peaks[i].hash[j] ^= mask;
                refused("peak hash", &Case { peaks, ..case.clone() });
            }
            for byte in 0..8 {
                let flip = u64::from(mask) << (8 * byte);
                refused("fork", &Case { fork: case.fork ^ flip, ..case.clone() });
                refused("length", &Case { length: case.length ^ flip, ..case.clone() });
                for i in 0..case.peaks.len() {
                    let mut peaks = case.peaks.clone();
                    peaks[i].size ^= flip;
                    refused("peak size", &Case { peaks, ..case.clone() });
                }
            }
        }
        let manifest = |change: fn(&mut Vec<u8>)| match &case.identity {
            Identity::Manifest(manifest) => {
                let mut manifest = manifest.to_vec();
                change(&mut manifest);
                refused("manifest length", &Case { identity: Identity::Manifest(manifest.try_into().unwrap()), ..case.clone() });
            }
            Identity::Compat(_) => {}
        };
        manifest(|manifest| manifest.push(0));
        manifest(|manifest| manifest.truncate(manifest.len() - 1));
        let mut peaks = case.peaks.clone();
        peaks.push(peaks[0]);
        refused("one peak more", &Case { peaks, ..case.clone() });
        refused("one peak less", &Case { peaks: case.peaks[1..].to_vec(), ..case.clone() });
    }
}

#[test]
fn offset_proofs_show_hypercores_byte_offsets() {
    for case in cases() {
        for (cut, offset, proof) in &case.offsets {
            let shown = |cut: u64, proof: &[Step]| verify_offset(case.length, &case.peaks, cut, proof);
            assert_eq!(shown(*cut, proof), Some(*offset), "{} at {cut}", case.name);
            assert_eq!(shown(*cut + 1, proof), None, "an odd cut");
            assert_eq!(shown(case.length + case.length % 2, proof), None, "past the end");
            let mut longer = proof.to_vec();
            longer.push(longer.last().copied().unwrap_or(Step { left_size: 0, left: [0; 32], right: [0; 32], open: None }));
            assert_eq!(shown(*cut, &longer), None);
            if !proof.is_empty() {
                assert_eq!(shown(*cut, &proof[1..]), None);
                assert_eq!(shown(*cut, &proof[..proof.len() - 1]), None);
            }
        }
    }
}

#[test]
fn any_changed_byte_of_an_offset_proof_is_refused() {
    let mut refused = 0u32;
    for case in cases() {
        for (cut, _, proof) in &case.offsets {
            for at in 0..proof.len() {
                for changed in changes(&proof[at]) {
                    let mut proof = proof.to_vec();
                    proof[at] = changed;
                    assert_eq!(verify_offset(case.length, &case.peaks, *cut, &proof), None, "{} {cut} {at}", case.name);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 10_000);
}

/// The step with each byte of each field changed, and with `open` added or taken away.
fn changes(step: &Step) -> Vec<Step> {
    let mut changed = Vec::new();
    for mask in [0x01u8, 0x80] {
        for i in 0..8 {
            changed.push(Step { left_size: step.left_size ^ u64::from(mask) << (8 * i), ..*step });
        }
        for i in 0..32 {
            let flip = |mut hash: [u8; 32]| {
                hash[i] ^= mask;
                hash
            };
            changed.push(Step { left: flip(step.left), ..*step });
            changed.push(Step { right: flip(step.right), ..*step });
            if let Some((left, right)) = step.open {
                changed.push(Step { open: Some((flip(left), right)), ..*step });
                changed.push(Step { open: Some((left, flip(right))), ..*step });
            }
        }
    }
    let open = if step.open.is_some() { None } else { Some((step.left, step.right)) };
    changed.push(Step { open, ..*step });
    changed
}
