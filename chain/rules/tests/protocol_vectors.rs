//! `protocol.json`, all of it: made by an independent program from protocol.md part 9.

mod common;

use common::*;
use datdot_rules::{
    draw::{accumulate, period_seed, provider_draw, salt_beacon, seed_value, verifier_draw, DrawInput, Role, PINNER_SPAN},
    leaves::{period_leaves, replica_index},
    messages,
    pot::{Pot, Share},
    report::Outcome,
    settle::{payments, price, PeriodInput, Reporter, Verdict},
    span::{span_bounds, span_count},
};
use serde_json::Value;
use std::collections::BTreeMap;

fn section(name: &str) -> Value {
    let file = load("protocol.json");
    let sections = object(
        &file,
        &[
            "format",
            "beacon",
            "draws",
            "period",
            "verifierDraws",
            "saltBeacon",
            "periodLeaves",
            "replicaLeaf",
            "sampleDigest",
            "messages",
            "noiseSeed",
            "spans",
            "pot",
            "settlements",
            "prices",
        ],
    );
    assert_eq!(string(&sections["format"]), "datdot-protocol-vectors-1");
    sections[name].clone()
}

#[test]
fn beacon_accumulates_every_block_and_becomes_the_seed() {
    let section = section("beacon");
    let beacon = object(&section, &["start", "blocks", "s", "seed"]);
    let mut acc = hash32(&beacon["start"]);
    assert_eq!(acc, [0; 32]);
    for block in list(&beacon["blocks"]) {
        let block = object(block, &["input", "acc"]);
        acc = accumulate(&acc, &hash32(&block["input"]));
        assert_eq!(acc, hash32(&block["acc"]));
    }
    assert_eq!(seed_value(&acc, u64_of(&beacon["s"])), hash32(&beacon["seed"]));
}

#[test]
fn draws_give_index_and_accept_number_of_each_try() {
    let section = section("draws");
    for case in list(&section) {
        let case = object(case, &["value", "role", "coreKey", "requestId", "slot", "attempt", "span", "C", "tries"]);
        let role = Role::ALL[u64_of(&case["role"]) as usize];
        let input = DrawInput {
            value: &hash32(&case["value"]),
            role,
            core_key: &hash32(&case["coreKey"]),
            request_id: u64_of(&case["requestId"]),
            slot: u32_of(&case["slot"]),
            attempt: u64_of(&case["attempt"]),
            span: u64_of(&case["span"]),
        };
        assert_eq!(input.span == PINNER_SPAN, role == Role::Pinner);
        assert_eq!(list(&case["tries"]).len(), 8);
        for (i, entry) in list(&case["tries"]).iter().enumerate() {
            let entry = object(entry, &["try", "index", "accept"]);
            assert_eq!(u64_of(&entry["try"]), i as u64);
            let draw = provider_draw(&input, i as u64);
            assert_eq!(draw.index(u64_of(&case["C"])), Some(u64_of(&entry["index"])));
            assert_eq!(draw.accept_number(), u32_of(&entry["accept"]));
        }
    }
}

#[test]
fn period_seed_and_verifier_draws() {
    let section_period = section("period");
    let period = object(&section_period, &["value", "p", "seed"]);
    let seed = period_seed(&hash32(&period["value"]), u32_of(&period["p"]));
    assert_eq!(seed, hash32(&period["seed"]));
    let section = section("verifierDraws");
    assert_eq!(list(&section).len(), 9);
    for case in list(&section) {
        let case = object(case, &["copy", "j", "try", "C", "index"]);
        let draw = verifier_draw(&seed, u64_of(&case["copy"]), u64_of(&case["j"]), u64_of(&case["try"]));
        assert_eq!(draw.index(u64_of(&case["C"])), Some(u64_of(&case["index"])));
    }
}

#[test]
fn salt_beacons() {
    let section = section("saltBeacon");
    for case in list(&section) {
        let case = object(case, &["value", "coreKey", "requestId", "slot", "spanNumber", "beacon"]);
        let beacon = salt_beacon(
            &hash32(&case["value"]),
            &hash32(&case["coreKey"]),
            u64_of(&case["requestId"]),
            u32_of(&case["slot"]),
            u64_of(&case["spanNumber"]),
        );
        assert_eq!(beacon, hash32(&case["beacon"]));
    }
}

#[test]
fn period_leaves_by_global_index() {
    let section = section("periodLeaves");
    for case in list(&section) {
        let case = object(case, &["seed", "copyId", "cells", "samples", "leaves"]);
        let cells: Vec<u64> = list(&case["cells"]).iter().map(u64_of).collect();
        let leaves = period_leaves(&hash32(&case["seed"]), u64_of(&case["copyId"]), &cells, u32_of(&case["samples"]));
        let made: Vec<(u64, u64)> = leaves.iter().map(|leaf| (leaf.span.into(), leaf.index)).collect();
        let wanted: Vec<(u64, u64)> = list(&case["leaves"]).iter().map(|leaf| (u64_of(&leaf[0]), u64_of(&leaf[1]))).collect();
        assert!(list(&case["leaves"]).iter().all(|leaf| list(leaf).len() == 2));
        assert_eq!(made, wanted);
    }
}

#[test]
fn replica_leaf_and_sample_digest() {
    let section_leaf = section("replicaLeaf");
    let leaf = object(&section_leaf, &["seed", "copy", "account", "T", "index"]);
    let index = replica_index(&hash32(&leaf["seed"]), u64_of(&leaf["copy"]), &hash32(&leaf["account"]), u64_of(&leaf["T"]));
    assert_eq!(index, Some(u64_of(&leaf["index"])));

    let section = section("sampleDigest");
    let sample = object(&section, &["account", "copy", "period", "blocks", "digest"]);
    let blocks: Vec<(u64, Vec<u8>)> = list(&sample["blocks"])
        .iter()
        .map(|block| object(block, &["index", "data"]))
        .map(|block| (u64_of(&block["index"]), bytes(&block["data"])))
        .collect();
    let blocks: Vec<(u64, &[u8])> = blocks.iter().map(|(index, data)| (*index, data.as_slice())).collect();
    let digest =
        messages::sample_digest(&hash32(&sample["account"]), u64_of(&sample["copy"]), u32_of(&sample["period"]), &blocks);
    assert_eq!(digest, hash32(&sample["digest"]));
}

#[test]
fn messages_are_signed_byte_for_byte() {
    let section_messages = section("messages");
    let case = object(
        &section_messages,
        &[
            "genesis",
            "spanId",
            "tag",
            "cells",
            "leaves",
            "root",
            "copy",
            "period",
            "account",
            "seal",
            "checkpoint",
            "receipt",
            "noise",
        ],
    );
    let (genesis, tag, root) = (hash32(&case["genesis"]), hash32(&case["tag"]), hash32(&case["root"]));
    let (span, account) = (u64_of(&case["spanId"]), hash32(&case["account"]));
    let receipt = messages::receipt(&genesis, u64_of(&case["copy"]), u32_of(&case["period"]), &account);
    assert_eq!(messages::seal(&genesis, span, &tag, u64_of(&case["cells"]), &root), bytes(&case["seal"]));
    assert_eq!(messages::checkpoint(&genesis, span, &tag, u64_of(&case["leaves"]), &root), bytes(&case["checkpoint"]));
    assert_eq!(receipt, bytes(&case["receipt"]));
    assert_eq!(messages::noise(&genesis, &account), bytes(&case["noise"]));

    let section = section("noiseSeed");
    let case = object(&section, &["miniSecret", "seed"]);
    assert_eq!(messages::noise_seed(&hash32(&case["miniSecret"])), hash32(&case["seed"]));
}

#[test]
fn spans_and_prices() {
    let section_spans = section("spans");
    for case in list(&section_spans) {
        let case = object(case, &["byteLength", "length", "target", "n", "bounds"]);
        let (length, byte_length, target) = (u64_of(&case["length"]), u64_of(&case["byteLength"]), u64_of(&case["target"]));
        assert_eq!(span_count(length, byte_length, target), u64_of(&case["n"]));
        let bounds: Vec<u64> = list(&case["bounds"]).iter().map(u64_of).collect();
        assert_eq!(span_bounds(length, byte_length, target), bounds);
    }
    let section = section("prices");
    for case in list(&section) {
        let case = object(case, &["rate", "byteLength", "price"]);
        assert_eq!(price(int(&case["rate"]), u64_of(&case["byteLength"])), int(&case["price"]));
    }
}

#[test]
fn pot_follows_every_operation() {
    let section = section("pot");
    let mut pot = Pot::default();
    let mut shares: BTreeMap<String, Share> = BTreeMap::new();
    for step in list(&section) {
        match step["op"].as_str() {
            Some("donate") => {
                let step = object(step, &["op", "w", "a", "wish", "after"]);
                let who = string(&step["w"]);
                let donated = pot.donate(shares.get(who), int(&step["a"]), u32_of(&step["wish"]) as u8, 1).unwrap();
                shares.insert(who.into(), donated.share);
            }
            Some("burn") => {
                let step = object(step, &["op", "a", "after"]);
                pot.burn(int(&step["a"]), &mut 0).unwrap();
            }
            other => panic!("unknown operation {other:?}"),
        }
        let after = object(&step["after"], &["B", "T", "W", "era", "scale", "wanted", "shares"]);
        assert_eq!(pot.balance, int(&after["B"]));
        assert_eq!(pot.total, int(&after["T"]));
        assert_eq!(pot.wishes, int(&after["W"]));
        assert_eq!((pot.era, pot.scale), (u32_of(&after["era"]), u32_of(&after["scale"])));
        assert_eq!(pot.wanted(16), u32_of(&after["wanted"]));
        let names: Vec<&str> = shares.keys().map(String::as_str).collect();
        for (who, n) in object(&after["shares"], &names) {
            assert_eq!(pot.read(&shares[who]), int(n), "share of {who}");
        }
    }
}

#[test]
fn settlements_of_one_period() {
    let outcomes = [Outcome::Served, Outcome::Unreachable, Outcome::TimedOut, Outcome::WrongData, Outcome::WrongReplica];
    let section = section("settlements");
    for case in list(&section) {
        let case = object(
            case,
            &["y", "z", "R", "k", "V", "proved", "reports", "xSpans", "passes", "verdict", "pinner", "verifiers", "signers"],
        );
        let reports: Vec<Reporter> = list(&case["reports"])
            .iter()
            .map(|report| object(report, &["outcome", "R"]))
            .map(|report| Reporter { outcome: outcomes[u64_of(&report["outcome"]) as usize], r_ppm: u32_of(&report["R"]) })
            .collect();
        let x_spans: Vec<u128> = list(&case["xSpans"]).iter().map(int).collect();
        let paid = payments(&PeriodInput {
            y: int(&case["y"]),
            z: int(&case["z"]),
            r_ppm: u32_of(&case["R"]),
            k: u32_of(&case["k"]),
            parts: u32_of(&case["V"]),
            proved: case["proved"].as_bool().unwrap(),
            reports: &reports,
            x_spans: &x_spans,
            passes: u32_of(&case["passes"]),
        });
        let verdict = match case["verdict"].as_str() {
            Some("Served") => Some(Verdict::Served),
            Some("Failed") => Some(Verdict::Failed),
            Some(other) => panic!("unknown verdict {other}"),
            None => {
                assert!(case["verdict"].is_null());
                None
            }
        };
        assert_eq!(paid.verdict, verdict);
        assert_eq!(paid.pinner, int(&case["pinner"]));
        assert_eq!(paid.verifiers, list(&case["verifiers"]).iter().map(int).collect::<Vec<_>>());
        assert_eq!(paid.signers, list(&case["signers"]).iter().map(int).collect::<Vec<_>>());
    }
}
