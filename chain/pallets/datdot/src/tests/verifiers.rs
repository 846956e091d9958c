//! What verifiers earn who spare themselves the work, and what they can do to a verdict (protocol.md 9.5 and 9.7).

use super::{mock::*, world::*};
use crate::{
    rules::{
        report::{Evidence, Outcome, Report},
        settle::Verdict,
        state::CopyState,
    },
    *,
};
use frame_support::{assert_ok, traits::fungible::Inspect};
use sp_runtime::AccountId32;

/// How a verifier behaves over the periods of one copy.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Habit {
    Honest,
    Silent,
    /// Says Unreachable, whatever is true.
    Denying,
    /// Says what another has said: it has measured nothing.
    Copying,
    /// Says Served with a receipt and a leaf of its own making.
    Forging,
    /// Asks for receipt and leaf alone and says Served when it gets them: it has read nothing.
    Hasty,
}

/// The habits that spare the work of a check.
const LAZY: [Habit; 5] = [Habit::Silent, Habit::Denying, Habit::Copying, Habit::Forging, Habit::Hasty];

const PERIODS: u32 = 50;

/// What came of a copy whose pinner answers checks always, and readers only sometimes.
struct Course {
    /// By verifier.
    earned: Vec<u128>,
    /// How many of the drawn are honest, and the verdict, by period.
    verdicts: Vec<(usize, Option<Verdict>)>,
    is_active: bool,
}

/// Lets verifiers of these habits check one copy over 50 periods, until too many misses end it.
fn course(habits: &[Habit], max_misses: u32, is_served: impl Fn(u32) -> bool) -> Course {
    let world = World::new(3, 2, habits.len() as u64);
    world.registered().execute_with(|| {
        assert_ok!(Datdot::set_params(RuntimeOrigin::root(), Params { max_misses, ..Params::DEVELOPMENT }));
        let id = world.active(&small_core(), 10_000 * DAT, 1);
        let first = System::block_number() / 20;
        let mut verdicts = Vec::new();
        let mut heard: Option<Report> = None;
        for period in first..first + PERIODS {
            skip_to(period * 20);
            assert_ok!(world.prove(id, period));
            let mut honest = 0;
            for who in drawn(id, period) {
                let person = world.find(&who);
                let habit = habits[index_of(&world, &who)];
                let truth =
                    if is_served(period) { world.served(&person, id, period, 2048) } else { plain_report(Outcome::TimedOut) };
                let Some(report) = said(habit, truth, &world.served(&person, id, period, 2048), heard.as_ref()) else { continue };
                let result = Datdot::report(person.origin(), id, period, report.clone());
                let is_refused = habit == Habit::Forging || habit == Habit::Copying && report.outcome == Outcome::Served;
                assert_eq!(result.is_err(), is_refused, "{habit:?}");
                if habit == Habit::Honest {
                    honest += 1;
                    heard = Some(report);
                }
            }
            skip_to((period + 1) * 20 + 2);
            take_events();
            assert_ok!(Datdot::settle(world.other.origin(), id, 1));
            let verdict = take_events().into_iter().find_map(|event| match event {
                Event::Settled { verdict, .. } => Some(verdict),
                _ => None,
            });
            verdicts.push((honest, verdict.expect("settled")));
        }
        check();
        let earned = world.verifiers.iter().map(|person| Balances::total_balance(&person.id()) - FUNDS).collect();
        Course { earned, verdicts, is_active: Copies::<Test>::get(id).is_some_and(|copy| copy.state == CopyState::Active) }
    })
}

/// What a verifier says of a copy: `evident` is Served with the evidence that the pinner gives to whoever was drawn.
fn said(habit: Habit, truth: Report, evident: &Report, heard: Option<&Report>) -> Option<Report> {
    match habit {
        Habit::Honest => Some(truth),
        Habit::Silent => None,
        Habit::Denying => Some(plain_report(Outcome::Unreachable)),
        Habit::Copying => heard.cloned(),
        Habit::Forging => {
            let mut report = evident.clone();
            let Evidence::Served { receipt, .. } = &mut report.evidence else { return None };
            *receipt = [7; 64];
            Some(report)
        }
        Habit::Hasty => Some(evident.clone()),
    }
}

fn index_of(world: &World, who: &AccountId32) -> usize {
    world.verifiers.iter().position(|person| person.id() == *who).expect("a verifier")
}

/// What each earned where readers are served in four periods of five and no verdict ends the copy.
fn earnings(habits: &[Habit]) -> Vec<u128> {
    course(habits, 100, |period| period % 5 != 0).earned
}

#[test]
fn lazy_verifiers_earn_less_than_honest_ones() {
    let crew = |last| [Habit::Honest, Habit::Honest, Habit::Honest, Habit::Honest, last];
    // The draws are the same: what it would have earned with the same checks.
    let diligent = earnings(&crew(Habit::Honest))[4];
    for habit in LAZY {
        let earned = earnings(&crew(habit));
        let honest = *earned[..4].iter().min().expect("four");
        let (part, whole) = if habit == Habit::Hasty { (4, 3) } else { (4, 1) };
        assert!(earned[4] * part < honest.min(diligent) * whole, "{habit:?}: {earned:?}, {diligent}");
    }
}

#[test]
fn lazy_verifiers_of_all_kinds_together_earn_less_than_they_would_by_honest_work() {
    let crew = [&[Habit::Honest; 5][..], &LAZY[..]].concat();
    let earned = earnings(&crew);
    for index in 5..crew.len() {
        let mut reformed = crew.clone();
        reformed[index] = Habit::Honest;
        // The draws are the same.
        let honest = earnings(&reformed)[index];
        assert!(earned[index] < honest, "{:?}: {} of {honest}", crew[index], earned[index]);
    }
}

#[test]
fn silence_of_all_verifiers_earns_them_nothing() {
    let all = earnings(&[Habit::Silent; 4]);
    assert!(all.iter().all(|earned| *earned == 0), "{all:?}");
}

#[test]
fn third_of_liars_turns_only_the_verdicts_for_which_it_is_the_majority() {
    for (liar, is_served) in [(Habit::Denying, true), (Habit::Hasty, false)] {
        let max_misses = if is_served { Params::DEVELOPMENT.max_misses } else { 100 };
        let Course { earned, verdicts, is_active } =
            course(&[&[Habit::Honest; 6][..], &[liar; 3][..]].concat(), max_misses, |_| is_served);
        for (honest, verdict) in &verdicts {
            let is_true = *honest >= 2;
            assert_eq!(*verdict, Some(if is_true == is_served { Verdict::Served } else { Verdict::Failed }));
        }
        assert!(verdicts.iter().any(|(honest, _)| *honest < 2), "liars were the majority at least once");
        assert!(is_active, "no row of verdicts was long enough");
        let honest = *earned[..6].iter().min().expect("six");
        assert!(earned[6..].iter().all(|lied| lied * 2 < honest), "{earned:?}");
    }
}
