//! The SCALE bytes of what calls carry (protocol.md 9.8, 9.9): fixed for ever.

use codec::{Decode, Encode, MaxEncodedLen};
use datdot_rules::{
    draw::Role,
    offset::{OffsetProof, OffsetProofs, Peak, Step},
    publish::Identity,
    report::{Evidence, Outcome, Report},
    tpe::{LeafProof, SpanProof, SpanProofs},
};

fn holds<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T, bytes: &[u8]) {
    assert_eq!(value.encode(), bytes);
    assert_eq!(&T::decode(&mut &bytes[..]).unwrap(), value);
}

#[test]
fn identities_and_trees() {
    holds(&Identity::Manifest(vec![7, 8].try_into().unwrap()), &[0, 8, 7, 8]);
    holds(&Identity::Compat([5; 32]), &[&[1][..], &[5; 32]].concat());
    holds(&Peak { size: 1, hash: [2; 32] }, &[&[4][..], &[2; 32]].concat());
    holds(&Peak { size: 16_384, hash: [2; 32] }, &[&[2, 0, 1, 0][..], &[2; 32]].concat());
    let closed = Step { left_size: 63, left: [1; 32], right: [2; 32], open: None };
    let open = Step { left_size: 64, open: Some(([3; 32], [4; 32])), ..closed };
    let closed_bytes = [&[252][..], &[1; 32], &[2; 32], &[0]].concat();
    let open_bytes = [&[1, 1][..], &[1; 32], &[2; 32], &[1], &[3; 32], &[4; 32]].concat();
    holds(&closed, &closed_bytes);
    holds(&open, &open_bytes);
    let proof: OffsetProof = vec![closed, open].try_into().unwrap();
    let proofs: OffsetProofs = vec![proof.clone(), OffsetProof::new()].try_into().unwrap();
    let proof_bytes = [&[8][..], &closed_bytes, &open_bytes].concat();
    holds(&proof, &proof_bytes);
    holds(&proofs, &[&[8][..], &proof_bytes, &[0]].concat());
}

#[test]
fn proofs_and_reports() {
    let leaf = LeafProof { data: vec![9; 3].try_into().unwrap(), path: vec![[1; 32]].try_into().unwrap() };
    let leaf_bytes = [&[12, 9, 9, 9, 4][..], &[1; 32]].concat();
    holds(&leaf, &leaf_bytes);
    let span = SpanProof { peaks: vec![[2; 32]].try_into().unwrap(), leaves: vec![leaf.clone()].try_into().unwrap() };
    let span_bytes = [&[4][..], &[2; 32], &[4], &leaf_bytes].concat();
    holds(&span, &span_bytes);
    let spans: SpanProofs = vec![span.clone()].try_into().unwrap();
    holds(&spans, &[&[4][..], &span_bytes].concat());

    let peaks_bytes = [&[4][..], &[2; 32]].concat();
    let served = Evidence::Served { receipt: [6; 64], peaks: span.peaks.clone(), leaf: leaf.clone() };
    holds(&served, &[&[1][..], &[6; 64], &peaks_bytes, &leaf_bytes].concat());
    let wrong = Evidence::WrongReplica { span: 258, index: 3, peaks: span.peaks, leaf };
    holds(&wrong, &[&[2, 2, 1, 3, 0, 0, 0, 0, 0, 0, 0][..], &peaks_bytes, &leaf_bytes].concat());
    let report = Report {
        outcome: Outcome::TimedOut,
        ttfb_ms: 1,
        kib_per_s: 2,
        blocks: 3,
        bytes: 4,
        digest: [5; 32],
        evidence: Evidence::None,
    };
    holds(&report, &[&[2, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0, 0, 0][..], &[5; 32], &[0]].concat());
}

#[test]
fn bounds_hold_when_decoding() {
    assert!(Identity::decode(&mut &[vec![0u8], vec![1u8; 1025].encode()].concat()[..]).is_err());
    assert!(LeafProof::decode(&mut &[vec![1u8; 1025].encode(), vec![0]].concat()[..]).is_err());
    assert!(SpanProof::decode(&mut &[vec![[0u8; 32]; 54].encode(), vec![0]].concat()[..]).is_err());
    assert!(OffsetProof::decode(&mut &vec![[0u8; 66]; 41].encode()[..]).is_err());
    assert_eq!(LeafProof::max_encoded_len(), 2 + 1024 + 1 + 53 * 32);
    assert_eq!(Role::ALL.map(|role| role.encode()), [[0], [1], [2]]);
    let outcomes = [Outcome::Served, Outcome::Unreachable, Outcome::TimedOut, Outcome::WrongData, Outcome::WrongReplica];
    assert_eq!(outcomes.map(|outcome| outcome.encode()), [[0], [1], [2], [3], [4]]);
}
