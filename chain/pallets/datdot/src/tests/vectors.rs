//! The shared vectors through the pallet's calls; every other part of them is held by the rules' own tests.

use super::{author::Author, mock::*, world::*};
use crate::{
    rules::{
        draw::Role,
        offset::{OffsetProof, Peak, Step},
        publish::Identity,
        report::Outcome,
        settle::Verdict,
    },
    *,
};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use serde_json::Value;
use sp_runtime::traits::Dispatchable;
use std::path::PathBuf;

fn load(name: &str) -> Value {
    let folder = match std::env::var_os("DATDOT_VECTORS") {
        Some(folder) => PathBuf::from(folder),
        // Cargo runs a test in its package's folder, and may have compiled it in another checkout.
        None => PathBuf::from("../../../test/vectors"),
    };
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// A field that must be there, of an object that has no other fields than `known`.
fn fields<'a>(value: &'a Value, known: &[&str]) -> &'a serde_json::Map<String, Value> {
    let object = value.as_object().expect("an object");
    for key in object.keys() {
        assert!(known.contains(&key.as_str()), "unknown field {key}");
    }
    object
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn amount(value: &Value) -> u128 {
    value.as_str().expect("a string").parse().expect("an amount")
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    hex::decode(value.as_str().expect("hex")).expect("hex").try_into().expect("its length")
}

struct Case {
    name: String,
    key: CoreKey,
    byte_length: u64,
    tree_hash: [u8; 32],
    middle: Option<(u64, u64)>,
    publication: super::author::Publication,
}

fn step(value: &Value) -> Step {
    let value = fields(value, &["leftSize", "left", "right", "open"]);
    let open = value["open"].as_array().map(|pair| (bytes(&pair[0]), bytes(&pair[1])));
    Step { left_size: number(&value["leftSize"]), left: bytes(&value["left"]), right: bytes(&value["right"]), open }
}

/// A case published in two spans, so that its middle cut is proved.
fn case(value: &Value) -> Case {
    let known =
        ["name", "identity", "key", "fork", "length", "byteLength", "peaks", "treeHash", "signature", "offsets"];
    let case = fields(value, &known);
    let identity = fields(&case["identity"], &["manifest", "compat"]);
    let identity = match identity.get("manifest") {
        Some(manifest) => {
            let manifest = hex::decode(manifest.as_str().expect("hex")).expect("hex");
            Identity::Manifest(manifest.try_into().expect("short"))
        }
        None => Identity::Compat(bytes(&identity["compat"])),
    };
    let peak = |value: &Value| {
        let value = fields(value, &["size", "hash"]);
        Peak { size: number(&value["size"]), hash: bytes(&value["hash"]) }
    };
    let peaks: Vec<Peak> = case["peaks"].as_array().expect("peaks").iter().map(peak).collect();
    let length = number(&case["length"]);
    let middle = 2 * (length / 4);
    let offsets = case["offsets"].as_array().expect("offsets").iter().map(|value| fields(value, &["cut", "offset", "steps"]));
    let middle = offsets.clone().find(|offset| number(&offset["cut"]) == middle);
    let proof = |steps: &Value| -> OffsetProof {
        steps.as_array().expect("steps").iter().map(step).collect::<Vec<_>>().try_into().expect("few steps")
    };
    let cuts: Vec<OffsetProof> = middle.iter().map(|offset| proof(&offset["steps"])).collect();
    Case {
        name: case["name"].as_str().expect("a name").into(),
        key: bytes(&case["key"]),
        byte_length: number(&case["byteLength"]),
        tree_hash: bytes(&case["treeHash"]),
        middle: middle.map(|offset| (number(&offset["cut"]), number(&offset["offset"]))),
        publication: super::author::Publication {
            identity,
            fork: number(&case["fork"]),
            length,
            peaks: peaks.try_into().expect("few peaks"),
            signature: bytes(&case["signature"]),
            cuts: cuts.try_into().expect("few cuts"),
        },
    }
}

fn cases() -> Vec<Case> {
    let file = load("publish.json");
    assert_eq!(file["format"], "datdot-publish-vectors-1");
    let cases: Vec<Case> = file["cases"].as_array().expect("cases").iter().map(case).collect();
    assert!(cases.len() >= 11);
    cases
}

/// Two spans for every core of more than one block.
fn two_spans(case: &Case) {
    let params = Params { span_target: case.byte_length.div_ceil(2), ..Params::DEVELOPMENT };
    assert_ok!(Datdot::set_params(RuntimeOrigin::root(), params));
}

#[test]
fn cores_of_hypercore_are_published_or_refused() {
    let world = World::new(0, 0, 0);
    for case in cases() {
        world.chain().execute_with(|| {
            two_spans(&case);
            let result = send_publication(&world.other, case.publication.clone());
            if case.name.starts_with("refused") {
                assert_eq!(result, Err(Error::<Test>::UnsupportedManifest.into()), "{}", case.name);
                return;
            }
            assert_eq!(result, Ok(()), "{}", case.name);
            let core = Cores::<Test>::get(case.key).expect("published under its key");
            assert_eq!((core.tree.byte_length, core.tree.tree_hash), (case.byte_length, case.tree_hash));
            let cuts: Vec<(u64, u64)> = core.tree.cuts.iter().map(|cut| (cut.block, cut.byte)).collect();
            assert_eq!(cuts, case.middle.into_iter().collect::<Vec<_>>(), "{}", case.name);
            check();
        });
    }
}

#[test]
fn any_altered_byte_of_a_publication_is_refused() {
    let world = World::new(0, 0, 0);
    for case in cases().into_iter().filter(|case| !case.name.starts_with("refused")) {
        world.chain().execute_with(|| {
            two_spans(&case);
            let p = case.publication.clone();
            let call = RuntimeCall::Datdot(Call::publish {
                identity: p.identity,
                fork: p.fork,
                length: p.length,
                peaks: p.peaks,
                signature: p.signature,
                cuts: p.cuts,
            });
            let encoded = call.encode();
            for at in 2..encoded.len() {
                for bit in [0x01, 0x80] {
                    let mut altered = encoded.clone();
                    altered[at] ^= bit;
                    let Ok(call) = RuntimeCall::decode(&mut &altered[..]) else { continue };
                    let result = call.dispatch(world.other.origin());
                    assert!(result.is_err(), "{}: byte {at} of {} altered", case.name, encoded.len());
                }
            }
            assert!(Cores::<Test>::iter().next().is_none());
            assert_ok!(call.dispatch(world.other.origin()));
        });
    }
}

#[test]
fn settlements_pay_what_the_vectors_say() {
    let file = load("protocol.json");
    assert_eq!(file["format"], "datdot-protocol-vectors-1");
    let known =
        ["y", "z", "R", "k", "V", "proved", "reports", "xSpans", "passes", "verdict", "pinner", "verifiers", "signers"];
    let vectors = file["settlements"].as_array().expect("settlements");
    assert!(vectors.len() >= 8);
    for vector in vectors {
        settle_vector(fields(vector, &known));
    }
}

fn settle_vector(vector: &serde_json::Map<String, Value>) {
    let world = World::new(4, 2, 5);
    world.registered().execute_with(|| {
        let core = Author::new(21, vec![1 << 19; 6]);
        assert_eq!(world.active(&core, 4000 * DAT, 1), 0);
        let x: Vec<u128> = vector["xSpans"].as_array().expect("amounts").iter().map(amount).collect();
        let (period, spans) = arrange(&world, vector, &x);
        skip_to((period + 1) * 20 + 2);
        take_events();
        assert_ok!(Datdot::settle(world.other.origin(), 0, 1));
        let events = take_events();
        let verdict = match vector["verdict"].as_str() {
            None => None,
            Some("Served") => Some(Verdict::Served),
            Some("Failed") => Some(Verdict::Failed),
            Some(other) => panic!("unknown verdict {other}"),
        };
        assert!(events.iter().any(|event| matches!(event, Event::Settled { verdict: v, .. } if *v == verdict)));
        let paid = |wanted: Role| -> Vec<u128> {
            let amounts = events.iter().filter_map(|event| match event {
                Event::Paid { role, amount, .. } if *role == wanted => Some(*amount),
                _ => None,
            });
            amounts.collect()
        };
        let list = |field: &str| -> Vec<u128> {
            vector[field].as_array().expect("amounts").iter().map(amount).filter(|amount| *amount > 0).collect()
        };
        let pinner: Vec<u128> = Some(amount(&vector["pinner"])).filter(|amount| *amount > 0).into_iter().collect();
        assert_eq!((paid(Role::Pinner), paid(Role::Verifier), paid(Role::Signer)), (pinner, list("verifiers"), list("signers")));
        assert_eq!(spans, x.len());
        check();
    });
}

/// Writes a vector's prices, passes and record into copy 0; the period settled and the number of spans.
fn arrange(world: &World, vector: &serde_json::Map<String, Value>, x: &[u128]) -> (u32, usize) {
    let copy = Copies::<Test>::mutate(0, |copy| {
        let copy = copy.as_mut().expect("a copy");
        (copy.prices.y, copy.prices.z) = (amount(&vector["y"]), amount(&vector["z"]));
        (copy.parts, copy.passes) = (number(&vector["V"]) as u32, number(&vector["passes"]) as u32);
        copy.clone()
    });
    for (span, x) in copy.spans.iter().zip(x) {
        Spans::<Test>::mutate(span, |span| span.as_mut().expect("a span").x = *x);
    }
    let period = copy.last_settled + 1;
    let k = number(&vector["k"]) as u32;
    let reports = vector["reports"].as_array().expect("reports");
    let verifiers = (0..k as usize).map(|index| {
        let report = reports.get(index).map(|report| fields(report, &["outcome", "R"]));
        let facts = |code: &Value| ReportFacts {
            outcome: Outcome::decode(&mut &[number(code) as u8][..]).expect("an outcome"),
            ttfb_ms: 0,
            kib_per_s: 0,
            blocks: 0,
            bytes: 0,
            digest: [0; 32],
            wrong: None,
        };
        DrawnVerifier {
            account: world.verifiers[index].id(),
            r: report.map_or(0, |report| number(&report["R"]) as u32),
            report: report.map(|report| facts(&report["outcome"])),
        }
    });
    let record = Record {
        pinner_r: number(&vector["R"]) as u32,
        k,
        verifiers: verifiers.collect::<Vec<_>>().try_into().expect("few"),
        proved: vector["proved"].as_bool().expect("a flag"),
    };
    Records::<Test>::insert(0, period, record);
    (period, copy.spans.len())
}

#[test]
fn publication_without_its_offset_proof_is_refused() {
    let world = World::new(0, 0, 0);
    let case = cases().into_iter().find(|case| case.middle.is_some()).expect("a case with a cut");
    world.chain().execute_with(|| {
        two_spans(&case);
        let publication = super::author::Publication { cuts: Default::default(), ..case.publication.clone() };
        assert_noop!(send_publication(&world.other, publication), Error::<Test>::BadCutCount);
    });
}
