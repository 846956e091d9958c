//! The tables of states, held to `states.json`, which the node reads too.

mod common;

use common::hold;
use datdot_rules::state::{
    CopyEvent, CopyState, EndReason, FailReason, SpanEvent, SpanState, COPY_TRANSITIONS, SPAN_TRANSITIONS,
};
use serde_json::{json, Value};
use std::fmt::Debug;

const COPY_STATES: [CopyState; 8] = [
    CopyState::Setup,
    CopyState::Active,
    CopyState::Ended(EndReason::Unwanted),
    CopyState::Ended(EndReason::Unfunded),
    CopyState::Ended(EndReason::Expired),
    CopyState::Ended(EndReason::Declined),
    CopyState::Failed(FailReason::Faults),
    CopyState::Failed(FailReason::Misses),
];
const COPY_EVENTS: [CopyEvent; 7] = [
    CopyEvent::AllSealed,
    CopyEvent::Expired,
    CopyEvent::Declined,
    CopyEvent::Unwanted,
    CopyEvent::Unfunded,
    CopyEvent::Faulted,
    CopyEvent::Missed,
];
const SPAN_STATES: [SpanState; 5] =
    [SpanState::Assigned, SpanState::Keyed, SpanState::Sealed, SpanState::Closed, SpanState::Expired];
const SPAN_EVENTS: [SpanEvent; 6] =
    [SpanEvent::Empty, SpanEvent::CommitKey, SpanEvent::Seal, SpanEvent::Expire, SpanEvent::Decline, SpanEvent::CopyOver];

fn names<T: Debug>(all: &[T]) -> Vec<String> {
    all.iter().map(|one| format!("{one:?}")).collect()
}

#[test]
fn the_shared_file_has_these_tables() {
    let mut states: Vec<&str> = COPY_STATES.iter().map(|state| state.name()).collect();
    states.dedup();
    let row = |from: &str, by: &str, to: &str| json!([from, by, to]);
    let copy: Vec<Value> =
        COPY_TRANSITIONS.iter().map(|(from, by, to)| row(from.name(), &format!("{by:?}"), to.name())).collect();
    let span: Vec<Value> =
        SPAN_TRANSITIONS.iter().map(|(from, by, to)| row(&format!("{from:?}"), &format!("{by:?}"), &format!("{to:?}"))).collect();
    hold(
        "states.json",
        &json!({
            "copy": { "states": states, "events": names(&COPY_EVENTS), "transitions": copy },
            "span": { "states": names(&SPAN_STATES), "events": names(&SPAN_EVENTS), "transitions": span },
        }),
    );
}

#[test]
fn every_event_in_every_state_follows_the_table() {
    let mut taken = 0;
    for (state, event) in COPY_STATES.iter().flat_map(|state| COPY_EVENTS.map(|event| (*state, event))) {
        if let Some(to) = state.after(event) {
            assert!(COPY_TRANSITIONS.contains(&(state, event, to)) && !state.is_over());
            taken += 1;
        }
    }
    // Each row was found, so no two rows share a state and an event.
    assert_eq!(taken, COPY_TRANSITIONS.len());
    let mut taken = 0;
    for (state, event) in SPAN_STATES.iter().flat_map(|state| SPAN_EVENTS.map(|event| (*state, event))) {
        if let Some(to) = state.after(event) {
            assert!(SPAN_TRANSITIONS.contains(&(state, event, to)) && !state.is_over());
            taken += 1;
        }
    }
    assert_eq!(taken, SPAN_TRANSITIONS.len());
}

#[test]
fn every_state_is_reached_and_only_final_ones_have_no_way_out() {
    for state in COPY_STATES {
        assert!(state == CopyState::Setup || COPY_TRANSITIONS.iter().any(|(_, _, to)| *to == state), "{state:?}");
        assert_eq!(state.is_over(), COPY_EVENTS.iter().all(|event| state.after(*event).is_none()), "{state:?}");
    }
    for state in SPAN_STATES {
        assert!(state == SpanState::Assigned || SPAN_TRANSITIONS.iter().any(|(_, _, to)| *to == state), "{state:?}");
        assert_eq!(state.is_over(), SPAN_EVENTS.iter().all(|event| state.after(*event).is_none()), "{state:?}");
    }
}
