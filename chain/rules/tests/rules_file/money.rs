//! Prices, payments, reputations and the pot.

use crate::{
    common::counter::{big, Counter},
    many,
};
use datdot_rules::{
    pot::{Pot, Share},
    report::Outcome,
    reputation::{median, pinner_change, quality, verifier_change, Change, Reputation},
    settle::*,
};
use serde_json::{json, Value};

pub fn price_list() -> Value {
    let mut c = Counter::new("prices");
    many(24, |_| {
        let (x, y, z, bytes, periods) = (c.wide(70), c.wide(70), c.wide(70), 1 + c.sized(49), c.below(40) as u32);
        let prices = prices(x, y, z, bytes);
        let span_bytes = c.below(bytes + 1);
        json!({
            "X": big(x), "Y": big(y), "Z": big(z), "byteLength": bytes, "minPeriods": periods, "x": big(prices.x),
            "y": big(prices.y), "z": big(prices.z), "lock": big(lock_of(&prices, periods)), "spanBytes": span_bytes,
            "xSpan": big(span_price(prices.x, span_bytes, bytes)),
        })
    })
}

const OUTCOMES: [Outcome; 5] =
    [Outcome::Served, Outcome::Unreachable, Outcome::TimedOut, Outcome::WrongData, Outcome::WrongReplica];

pub fn settlements() -> Value {
    let mut c = Counter::new("settlements");
    many(48, |_| {
        let (y, z, r_ppm, k, parts) = (c.wide(80), c.wide(80), c.below(1_000_001) as u32, 1 + c.below(5) as u32, 8);
        let (proved, passes) = (c.below(4) > 0, c.below(10) as u32);
        let reports: Vec<(Outcome, u32)> = (0..u64::from(k).saturating_sub(c.below(4) / 2))
            .map(|_| (OUTCOMES[c.below(9).saturating_sub(4) as usize], c.below(1_000_001) as u32))
            .collect();
        let x_spans: Vec<u128> = (0..1 + c.below(4)).map(|_| c.wide(80)).collect();
        let reporters: Vec<Reporter> =
            reports.iter().map(|(outcome, r_ppm)| Reporter { outcome: *outcome, r_ppm: *r_ppm }).collect();
        let input = PeriodInput { y, z, r_ppm, k, parts, proved, reports: &reporters, x_spans: &x_spans, passes };
        let paid = payments(&input);
        let outcome = |outcome: &Outcome| OUTCOMES.iter().position(|one| one == outcome);
        json!({
            "y": big(y), "z": big(z), "R": r_ppm, "k": k, "V": parts, "proved": proved, "passes": passes,
            "reports": reports.iter().map(|(one, r)| json!({ "outcome": outcome(one), "R": r })).collect::<Vec<_>>(),
            "xSpans": x_spans.iter().map(big).collect::<Vec<_>>(), "verdict": named(paid.verdict), "pinner": big(paid.pinner),
            "verifiers": paid.verifiers.iter().map(big).collect::<Vec<_>>(),
            "signers": paid.signers.iter().map(big).collect::<Vec<_>>(), "total": big(paid.total()), "passesAfter": paid.passes,
        })
    })
}

fn named(verdict: Option<Verdict>) -> Value {
    verdict.map_or(Value::Null, |verdict| json!(format!("{verdict:?}")))
}

/// One provider in one role, period after period; each row's numbers are those after its change.
pub fn reputations() -> Value {
    let mut c = Counter::new("reputations");
    let mut reputation = Reputation::new(7);
    let mut period = 7;
    many(48, |i| {
        period += c.below(3) as u32;
        let touched = if i % 9 == 8 { period.saturating_sub(2) } else { period };
        let verdict = [None, Some(Verdict::Served), Some(Verdict::Failed), Some(Verdict::Served)][c.below(4) as usize];
        let (proved, target) = (c.below(4) > 0, 1_024);
        let mut speeds: Vec<u32> = (0..1 + c.below(4)).map(|_| c.below(2_000) as u32).collect();
        let given = speeds.clone();
        let median = median(&mut speeds).unwrap();
        let agrees = [None, Some(true), Some(false)][c.below(3) as usize];
        let (event, change) = match i % 6 {
            0..=2 => ("pinner", pinner_change(proved, verdict, quality(median, target))),
            3 => ("verifier", verifier_change(verdict, agrees)),
            4 => [("notKeyed", Change::NOT_KEYED), ("notSealed", Change::NOT_SEALED)][c.below(2) as usize],
            _ => ("paidOff", Change::PAID_OFF),
        };
        reputation.apply(touched, change);
        json!({
            "event": event, "period": touched, "verdict": named(verdict), "proved": proved, "throughputs": given, "target": target,
            "median": median, "agrees": agrees, "dAlpha": change.alpha, "dBeta": change.beta, "alpha": reputation.alpha,
            "beta": reputation.beta, "last": reputation.period, "R": reputation.r_ppm(),
        })
    })
}

/// One pot and one copy's lock over a sequence of operations; a refused one says why and changes nothing.
pub fn pot() -> Value {
    let mut c = Counter::new("pot");
    let mut pot = Pot::default();
    let mut shares: [Option<Share>; 4] = [None; 4];
    let mut lock = 0;
    many(96, |_| {
        let (who, wish, amount) = (c.below(4) as usize, c.below(20) as u8, c.wide(70));
        let part = match c.below(8) {
            0 => pot.balance + 1,
            _ => pot.balance - pot.balance / (1 << c.below(40)),
        };
        let (op, amount, done) = match c.below(10) {
            0..=3 => (
                "donate",
                amount,
                pot.donate(shares[who].as_ref(), amount, wish, 1_000_000).map(|given| {
                    shares[who] = Some(given.share);
                    json!({ "shares": big(given.shares) })
                }),
            ),
            4 => (
                "wish",
                0,
                pot.set_wish(&shares[who].unwrap_or_default(), wish).map(|share| {
                    shares[who] = Some(share);
                    json!({})
                }),
            ),
            5 if lock == 0 => (
                "lock",
                part,
                pot.lock(part).map(|()| {
                    lock = part;
                    json!({})
                }),
            ),
            5 => {
                pot.release(&mut lock);
                ("release", 0, Ok(json!({})))
            }
            6 => (
                "reclaim",
                0,
                pot.reclaim(&shares[who].unwrap_or_default()).map(|back| {
                    shares[who] = None;
                    json!({ "value": big(back.value), "dust": big(back.dust) })
                }),
            ),
            _ => ("burn", part, pot.burn(part, &mut lock).map(|()| json!({}))),
        };
        let read = |share: &Option<Share>| share.as_ref().map_or(Value::Null, |share| big(pot.read(share)));
        json!({
            "op": op, "who": who, "amount": big(amount), "wish": wish,
            "result": done.unwrap_or_else(|error| json!({ "error": format!("{error:?}") })),
            "after": {
                "B": big(pot.balance), "T": big(pot.total), "W": big(pot.wishes), "era": pot.era, "scale": pot.scale,
                "holders": pot.holders, "locked": big(pot.locked), "lock": big(lock), "wanted": pot.wanted(16),
                "shares": shares.iter().map(read).collect::<Vec<_>>(),
            },
        })
    })
}
