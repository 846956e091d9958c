//! `publish` with trees of any shape: cuts, prologues, limits, manifests.

mod common;

use common::tree::{identity, Author, Tree};
use datdot_rules::{
    manifest::{parse_manifest, ManifestError, Prologue},
    offset::{tree_hash, OffsetProof, Peak},
    publish::{has_too_many_blocks, is_newer, verify_publish, Identity, PublishError, VerifiedTree},
    span::{inner_cuts, span_count, span_ranges},
};
use proptest::prelude::*;

/// Publishes `tree` with as many honest proofs as the target asks for.
fn publish(tree: &Tree, who: &Identity, signature: &[u8; 64], fork: u64, target: u64) -> Result<VerifiedTree, PublishError> {
    let cuts = inner_cuts(tree.length(), span_count(tree.length(), tree.offset(tree.length()), target));
    let proofs: Vec<OffsetProof> = cuts.iter().map(|cut| tree.offset_proof(*cut)).collect();
    verify_publish(who, fork, tree.length(), &tree.peaks(), signature, &proofs, target)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cuts_of_any_tree_are_its_byte_offsets(
        sizes in prop::collection::vec(prop_oneof![Just(0u64), 1u64..70_000], 1..200),
        target in 1u64..200_000,
        fork in 0u64..(1 << 53),
    ) {
        let tree = Tree::new(&sizes);
        let bytes = tree.offset(tree.length());
        prop_assume!(bytes > 0);
        let author = Author::new(3);
        let hash = tree_hash(tree.length(), &tree.peaks()).unwrap();
        let manifest = author.manifest(1, 0, &[]);
        let signed = author.sign(&manifest, &hash, tree.length(), fork);
        let verified = publish(&tree, &identity(&manifest), &signed, fork, target).unwrap();
        prop_assert_eq!(verified.byte_length, bytes);
        for cut in &verified.cuts {
            prop_assert_eq!(cut.byte, tree.offset(cut.block));
        }
        let ranges = span_ranges(tree.length(), bytes, &verified.cuts);
        let mut next = (0, 0);
        for range in &ranges {
            prop_assert_eq!((range.start, range.byte_start), next);
            prop_assert!(range.end > range.start);
            next = (range.end, range.byte_start + range.byte_length);
        }
        prop_assert_eq!(next, (tree.length(), bytes));
    }

    #[test]
    fn another_cuts_proof_is_refused(sizes in prop::collection::vec(1u64..9, 8..130), a in 1u64..60, b in 1u64..60) {
        let tree = Tree::new(&sizes);
        let (a, b) = (2 * a % tree.length() / 2 * 2, 2 * b % tree.length() / 2 * 2);
        let shown = datdot_rules::offset::verify_offset(tree.length(), &tree.peaks(), a, &tree.offset_proof(b));
        // Only two peaks' starts share a proof, the empty one: and then the offset is the cut's own.
        prop_assert!(shown.is_none() || shown == Some(tree.offset(a)));
    }

    #[test]
    fn random_bytes_never_panic_a_manifest(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(parse_manifest(&bytes).is_err());
    }
}

#[test]
fn limits_of_length_fork_and_bytes() {
    let author = Author::new(1);
    let manifest = author.manifest(1, 0, &[]);
    let check = |sizes: &[u64], fork: u64| {
        let tree = Tree::new(sizes);
        let hash = tree_hash(tree.length(), &tree.peaks()).unwrap();
        publish(&tree, &identity(&manifest), &author.sign(&manifest, &hash, tree.length(), fork), fork, 1 << 60).map(|_| ())
    };
    assert_eq!(check(&[5, 6, 7], (1 << 53) - 1), Ok(()));
    assert_eq!(check(&[5, 6, 7], 1 << 53), Err(PublishError::BadFork));
    assert_eq!(check(&[(1 << 50) - 1], 0), Ok(()));
    assert_eq!(check(&[1 << 50], 0), Err(PublishError::BadByteLength));
    assert_eq!(check(&[0, 0, 0], 0), Err(PublishError::BadByteLength));
    let none = |length: u64, peaks: &[Peak]| verify_publish(&identity(&manifest), 0, length, peaks, &[0; 64], &[], 1);
    assert_eq!(none(0, &[]), Err(PublishError::BadLength));
    assert_eq!(none(1 << 40, &[Peak { size: 1, hash: [0; 32] }]), Err(PublishError::BadLength));
    assert_eq!(none(3, &[Peak { size: 1, hash: [0; 32] }]), Err(PublishError::BadPeaks));
    let huge = Peak { size: u64::MAX, hash: [0; 32] };
    assert_eq!(none(3, &[huge, huge]), Err(PublishError::BadByteLength));
}

#[test]
fn blocks_may_cost_sixteen_times_the_billed_bytes() {
    // 80 bytes a block, at least 1 MiB billed: 209,715 blocks.
    assert_eq!([209_715, 209_716].map(|length| has_too_many_blocks(length, 1)), [false, true]);
    assert_eq!([209_715, 209_716].map(|length| has_too_many_blocks(length, 1 << 20)), [false, true]);
    assert_eq!([2_097_152, 2_097_153].map(|length| has_too_many_blocks(length, 10 << 20)), [false, true]);
    assert!(has_too_many_blocks((1 << 40) - 1, (1 << 42) - 1));
    assert!(!has_too_many_blocks((1 << 40) - 1, (1 << 50) - 1));
}

#[test]
fn tree_of_too_many_empty_blocks_is_refused() {
    let author = Author::new(1);
    let manifest = author.manifest(1, 0, &[]);
    let check = |length: u64| {
        // One peak a set bit; nothing below them is looked at without cuts.
        let peaks: Vec<Peak> = (0..length.count_ones()).map(|bit| Peak { size: 1, hash: [bit as u8; 32] }).collect();
        let hash = tree_hash(length, &peaks).unwrap();
        let signature = author.sign(&manifest, &hash, length, 0);
        verify_publish(&identity(&manifest), 0, length, &peaks, &signature, &[], 1 << 40).map(|tree| tree.byte_length)
    };
    assert_eq!(check(209_715), Ok(10));
    assert_eq!(check(209_716), Err(PublishError::TooManyBlocks));
    assert_eq!(check(1 << 39), Err(PublishError::TooManyBlocks));
}

#[test]
fn a_prologue_is_not_signed_and_has_one_fork() {
    let author = Author::new(2);
    let (short, tree, longer) = (Tree::new(&[4; 5]), Tree::new(&[4; 6]), Tree::new(&[4; 7]));
    let hash = tree_hash(6, &tree.peaks()).unwrap();
    let manifest = author.manifest(1, 2, &[&hash[..], &[6]].concat());
    let who = identity(&manifest);
    assert_eq!(parse_manifest(&manifest).unwrap().prologue, Some(Prologue { hash, length: 6 }));
    assert!(publish(&tree, &who, &[0; 64], 0, 1 << 30).is_ok());
    assert_eq!(publish(&tree, &who, &[0; 64], 1, 1 << 30), Err(PublishError::BadPrologue));
    assert_eq!(publish(&tree, &who, &author.sign(&manifest, &hash, 6, 0), 0, 1 << 30), Err(PublishError::BadSignature));
    assert_eq!(publish(&Tree::new(&[5; 6]), &who, &[0; 64], 0, 1 << 30), Err(PublishError::BadPrologue));
    let sign = |tree: &Tree| author.sign(&manifest, &tree_hash(tree.length(), &tree.peaks()).unwrap(), tree.length(), 0);
    assert_eq!(publish(&short, &who, &sign(&short), 0, 1 << 30), Err(PublishError::BadPrologue));
    assert!(publish(&longer, &who, &sign(&longer), 0, 1 << 30).is_ok());
    assert_eq!(publish(&longer, &who, &[0; 64], 0, 1 << 30), Err(PublishError::BadSignature));
}

#[test]
fn every_identity_signs_its_own_message() {
    let author = Author::new(4);
    let tree = Tree::new(&[3, 1, 4, 1, 5]);
    let hash = tree_hash(5, &tree.peaks()).unwrap();
    let manifests = [author.manifest_v0(), author.manifest(1, 0, &[]), author.manifest(2, 0, &[]), author.manifest(3, 0, &[])];
    let mut all: Vec<(Identity, [u8; 64])> =
        manifests.iter().map(|manifest| (identity(manifest), author.sign(manifest, &hash, 5, 7))).collect();
    all.push((Identity::Compat(author.public_key()), author.sign_compat(&hash, 5, 7)));
    for (i, (who, _)) in all.iter().enumerate() {
        for (j, (_, signature)) in all.iter().enumerate() {
            let made = publish(&tree, who, signature, 7, 1 << 30).map(|_| ());
            assert_eq!(made, if i == j { Ok(()) } else { Err(PublishError::BadSignature) }, "{i} {j}");
        }
        assert_eq!(publish(&tree, who, &all[i].1, 8, 1 << 30), Err(PublishError::BadSignature));
    }
}

#[test]
fn manifests_are_minimal_and_complete() {
    let author = Author::new(5);
    let parse = |flags: u8, version: u8, tail: &[u8]| parse_manifest(&author.manifest(version, flags, tail)).map(|_| ());
    let (malformed, unsupported) = (Err(ManifestError::Malformed), Err(ManifestError::Unsupported));
    assert_eq!(parse_manifest(&author.manifest(3, 0, &[])), Ok(author.parsed(3)));
    assert_eq!(parse_manifest(&author.manifest_v0()), Ok(author.parsed(0)));
    let all = [&[7; 32][..], &[0xfd, 0xfd, 0x00], &[2], &[8; 64], &[3, 1, 2, 3]].concat();
    assert_eq!(parse(14, 2, &all), Ok(()));
    for cut in 0..all.len() {
        assert_eq!(parse(14, 2, &all[..cut]), malformed);
    }
    assert_eq!(parse(14, 2, &[&all[..], &[0]].concat()), malformed);
    assert_eq!(parse(0, 1, &[0]), malformed);
    for tail in [&[0xfdu8, 0xfc, 0][..], &[0xfe, 0xff, 0xff, 0, 0], &[0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]] {
        assert_eq!(parse(2, 1, &[&[7; 32][..], tail].concat()), malformed);
    }
    assert_eq!(parse(2, 1, &[&[7; 32][..], &[0xff, 0, 0, 0, 0, 1, 0, 0, 0]].concat()), Ok(()));
    let prologue = |length: u64| parse(2, 1, &[&[7; 32][..], &[0xff], &length.to_le_bytes()].concat());
    assert_eq!(prologue((1 << 53) - 1), Ok(()));
    assert_eq!(prologue(1 << 53), unsupported, "longer than hypercore reads");
    assert_eq!(parse(4, 2, &[0xff, 0, 0, 0, 0, 0, 0, 0, 0x80]), malformed);
    assert_eq!(parse(4, 1, &[0]), unsupported);
    assert_eq!(parse(8, 1, &[0]), unsupported);
    assert_eq!(parse(16, 3, &[]), unsupported);
    assert_eq!(parse(1, 3, &[]), unsupported);
    assert_eq!(parse(0, 4, &[]), unsupported);
    let mut other = author.manifest(1, 0, &[]);
    for (at, value) in [(2, 1), (3, 0), (3, 2), (4, 0), (4, 2), (5, 1)] {
        let kept = std::mem::replace(&mut other[at], value);
        assert_eq!(parse_manifest(&other), Err(ManifestError::Unsupported), "byte {at} = {value}");
        other[at] = kept;
    }
    for at in 1..4 {
        let mut other = author.manifest_v0();
        other[at] ^= 2;
        assert_eq!(parse_manifest(&other), Err(ManifestError::Unsupported), "v0 byte {at}");
    }
    assert_eq!(parse_manifest(&[]), Err(ManifestError::Malformed));
}

#[test]
fn fork_counts_before_length() {
    assert!(is_newer((0, 5), (0, 6)) && is_newer((0, 5), (1, 1)));
    assert!(!is_newer((0, 5), (0, 5)) && !is_newer((1, 1), (0, 9)) && !is_newer((1, 2), (1, 1)));
}
