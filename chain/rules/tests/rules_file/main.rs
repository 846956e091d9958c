//! Writes `rules.json`, to which every other implementation of the rules is held.

#[path = "../common/mod.rs"]
mod common;
mod money;

use common::{counter::*, hold};
use datdot_rules::{
    draw::*,
    leaves::{period_leaves, replica_leaf, total_leaves},
    messages, offset,
    publish::has_too_many_blocks,
    span::*,
    tpe,
};
use serde_json::{json, Value};

/// A list of `count` made cases.
pub fn many(count: usize, make: impl FnMut(usize) -> Value) -> Value {
    Value::Array((0..count).map(make).collect())
}

#[test]
fn the_shared_file_follows_from_these_rules() {
    hold(
        "rules.json",
        &json!({
            "format": "datdot-rules-vectors-1",
            "beacon": beacon(),
            "windows": windows(),
            "draws": draws(),
            "verifierDraws": verifier_draws(),
            "saltBeacons": salt_beacons(),
            "spans": spans(),
            "sizes": sizes(),
            "leaves": leaves(),
            "messages": signed(),
            "trees": trees(),
            "prices": money::price_list(),
            "settlements": money::settlements(),
            "reputations": money::reputations(),
            "pot": money::pot(),
        }),
    );
}

fn beacon() -> Value {
    let mut c = Counter::new("beacon");
    let mut acc = [0; 32];
    many(24, |_| {
        let (input, s, p) = (c.hash(), c.sized(48), c.below(1 << 32) as u32);
        acc = accumulate(&acc, &input);
        let value = seed_value(&acc, s);
        let period = period_seed(&value, p);
        json!({ "input": hexed(&input), "acc": hexed(&acc), "s": s, "value": hexed(&value), "p": p, "periodSeed": hexed(&period) })
    })
}

fn windows() -> Value {
    let mut c = Counter::new("windows");
    many(24, |_| {
        let window = 1 + c.below(60);
        let period = window * (1 + c.below(300));
        let block = c.sized(32);
        let s = seed_of_input(block, window);
        let p = period_of(block, period);
        let grace = c.below(period);
        let since = c.sized(32);
        json!({
            "window": window, "period": period, "block": block, "seed": s, "limit": registration_limit(s, window),
            "periodOf": p, "start": period_start(p, period), "seedIndex": period_seed_index(p, period, window),
            "firstPeriod": first_period(block, period, window), "slotEnd": slot_end(block, period), "grace": grace,
            "previousOpen": p > 0 && is_record_open(p - 1, block, period, grace),
            "since": since, "verifierSlot": is_verifier_slot(p, since, None, period),
        })
    })
}

fn draws() -> Value {
    let mut c = Counter::new("draws");
    many(24, |i| {
        let (value, core_key, count) = (c.hash(), c.hash(), 1 + c.sized(20));
        let role = if i % 3 == 0 { Role::Pinner } else { Role::Signer };
        let span = if role == Role::Pinner { PINNER_SPAN } else { c.below(64) };
        let (request_id, slot, attempt) = (c.sized(48), c.below(16) as u32, c.sized(8));
        let input = DrawInput { value: &value, role, core_key: &core_key, request_id, slot, attempt, span };
        let (r, floor) = (c.below(1_000_001) as u32, 250_000);
        let tries = many(6, |at| {
            let attempt_try = if at == 5 { TRIES - 1 } else { at as u64 };
            let draw = provider_draw(&input, attempt_try);
            json!({ "try": attempt_try, "index": draw.index(count), "accept": draw.accept_number(), "accepted": draw.accepts(r, floor) })
        });
        json!({
            "value": hexed(&value), "role": role.byte(), "coreKey": hexed(&core_key), "requestId": request_id, "slot": slot,
            "attempt": attempt, "span": big(span), "C": count, "R": r, "floor": floor, "tries": tries,
        })
    })
}

fn verifier_draws() -> Value {
    let mut c = Counter::new("verifierDraws");
    many(24, |_| {
        let (seed, copy, j, at, count) = (c.hash(), c.sized(48), c.below(5), c.below(TRIES), 1 + c.sized(16));
        let index = verifier_draw(&seed, copy, j, at).index(count);
        json!({ "seed": hexed(&seed), "copy": copy, "j": j, "try": at, "C": count, "index": index })
    })
}

fn salt_beacons() -> Value {
    let mut c = Counter::new("saltBeacons");
    many(12, |_| {
        let (value, key, id, slot, number) = (c.hash(), c.hash(), c.sized(48), c.below(16) as u32, c.below(64));
        let beacon = salt_beacon(&value, &key, id, slot, number);
        json!({
            "value": hexed(&value), "coreKey": hexed(&key), "requestId": id, "slot": slot, "spanNumber": number,
            "beacon": hexed(&beacon),
        })
    })
}

fn spans() -> Value {
    let mut c = Counter::new("spans");
    many(32, |i| {
        let (length, bytes) = (1 + c.sized(39), 1 + c.sized(49));
        let target = if i % 2 == 0 { 1_572_864 } else { 67_108_864 };
        let bounds = span_bounds(length, bytes, target);
        json!({ "length": length, "byteLength": bytes, "target": target, "n": span_count(length, bytes, target), "bounds": bounds })
    })
}

fn sizes() -> Value {
    let mut c = Counter::new("sizes");
    many(24, |_| {
        let (bytes, blocks, unit) = (c.sized(49), c.sized(30), 1 + c.sized(36));
        let cells = cells_of(bytes);
        let last = leaves_of(cells).checked_sub(1).and_then(|index| tpe::leaf_length(cells, index));
        json!({
            "byteLength": bytes, "blocks": blocks, "cells": cells, "leaves": leaves_of(cells), "lastLeaf": last,
            "reserved": reserved_bytes(cells, blocks), "billed": billed_bytes(bytes), "sealBlocks": seal_blocks(100, bytes, 65_536),
            "unit": unit, "pinnerSlots": pinner_slots(bytes, unit), "tooManyBlocks": has_too_many_blocks(blocks, bytes),
        })
    })
}

fn leaves() -> Value {
    let mut c = Counter::new("leaves");
    many(24, |i| {
        let (seed, copy, account) = (c.hash(), c.sized(48), c.hash());
        let cells: Vec<u64> = (0..1 + c.below(5)).map(|_| if i % 4 == 0 { c.below(30) } else { c.sized(22) }).collect();
        let samples = if i % 6 == 5 { 60 } else { 20 };
        let drawn: Vec<Value> =
            period_leaves(&seed, copy, &cells, samples).iter().map(|leaf| json!([leaf.span, leaf.index])).collect();
        let replica = replica_leaf(&seed, copy, &account, &cells).map(|leaf| json!([leaf.span, leaf.index]));
        json!({
            "seed": hexed(&seed), "copy": copy, "account": hexed(&account), "cells": cells, "samples": samples,
            "total": total_leaves(&cells), "leaves": drawn, "replica": replica,
        })
    })
}

fn signed() -> Value {
    let mut c = Counter::new("messages");
    many(8, |_| {
        let (genesis, span, tag, cells, root) = (c.hash(), c.sized(48), c.hash(), c.sized(40), c.hash());
        let (copy, period, account) = (c.sized(48), c.below(1 << 32) as u32, c.hash());
        let blocks: Vec<(u64, Vec<u8>)> =
            (0..c.below(4)).map(|at| (at * 1_000 + c.below(1_000), c.hash()[..c.below(33) as usize].to_vec())).collect();
        let sampled: Vec<(u64, &[u8])> = blocks.iter().map(|(index, data)| (*index, data.as_slice())).collect();
        json!({
            "genesis": hexed(&genesis), "span": span, "tag": hexed(&tag), "cells": cells, "root": hexed(&root), "copy": copy,
            "period": period, "account": hexed(&account),
            "blocks": blocks.iter().map(|(index, data)| json!({ "index": index, "data": hexed(data) })).collect::<Vec<_>>(),
            "seal": hexed(&messages::seal(&genesis, span, &tag, cells, &root)),
            "checkpoint": hexed(&messages::checkpoint(&genesis, span, &tag, cells, &root)),
            "receipt": hexed(&messages::receipt(&genesis, copy, period, &account)),
            "noise": hexed(&messages::noise(&genesis, &account)),
            "noiseSeed": hexed(&messages::noise_seed(&root)),
            "digest": hexed(&messages::sample_digest(&account, copy, period, &sampled)),
        })
    })
}

/// Small commitments: all leaf data and every path, so that a tree can be rebuilt from the file.
fn trees() -> Value {
    let mut c = Counter::new("trees");
    many(6, |i| {
        let (tag, count) = (c.hash(), [1u64, 2, 3, 5, 6, 7][i]);
        let data: Vec<[u8; 32]> = (0..count).map(|_| c.hash()).collect();
        let hashes: Vec<[u8; 32]> = data.iter().enumerate().map(|(at, data)| tpe::leaf_hash(&tag, at as u64, data)).collect();
        let peaks: Vec<[u8; 32]> =
            offset::peak_shapes(count).iter().map(|shape| fold(&hashes[shape.first as usize..shape.end() as usize])).collect();
        let root = tpe::root_hash(&tag, 32 * count, &peaks);
        json!({
            "tag": hexed(&tag), "data": data.map_hex(), "hashes": hashes.map_hex(), "peaks": peaks.map_hex(),
            "byteLength": 32 * count, "root": hexed(&root), "emptyRoot": hexed(&tpe::empty_root(&tag)), "salt": hexed(&data[0]),
            "tagOfSalt": hexed(&tpe::tag(&data[0])),
        })
    })
}

trait MapHex {
    fn map_hex(&self) -> Vec<Value>;
}

impl MapHex for Vec<[u8; 32]> {
    fn map_hex(&self) -> Vec<Value> {
        self.iter().map(|hash| hexed(hash)).collect()
    }
}

fn fold(hashes: &[[u8; 32]]) -> [u8; 32] {
    match hashes {
        [one] => *one,
        more => tpe::node_hash(&fold(&more[..more.len() / 2]), &fold(&more[more.len() / 2..])),
    }
}
