//! Run times: a question allocates nothing, however far away the answer is.

use super::{europe::europe, peak};
use time::{UtcOffset, macros::datetime};
use wintask::{
    definition::{
        DaysOfMonth, DaysOfWeek, Exec, Months, Repetition, Schedule, Task, Trigger, TriggerKind, Weeks,
    },
    limits::COUNTED_STARTS,
    schedule::{Options, Patterns, Timetable},
    time::{XsDuration, Zone},
};

fn schedules() -> [Schedule; 4] {
    let monday = DaysOfWeek::MONDAY;
    [
        Schedule::daily(3),
        Schedule::weekly(2, monday | DaysOfWeek::FRIDAY),
        Schedule::monthly(DaysOfMonth::from_days([29]), Months::FEBRUARY),
        Schedule::monthly_day_of_week(Weeks::LAST, monday, Months::ALL),
    ]
}

fn ask<Z: Zone + Copy>(zone: Z) {
    let start = || "2024-01-01T02:00:00".parse().unwrap();
    for schedule in schedules() {
        for repetition in
            [None, Some(Repetition::every("PT15M".parse().unwrap()).lasting("PT9H".parse().unwrap()))]
        {
            let trigger = Trigger {
                repetition: repetition.map(Box::new),
                ..Trigger::calendar(schedule.clone(), start())
            };
            let table = Timetable::of_trigger(&trigger, zone, &Options::default());
            let peak = peak(|| {
                let far = datetime!(9000-01-01 0:00 UTC);
                assert!(table.next_after(far).is_some() && table.previous_before(far).is_some());
                assert_eq!(table.occurrences(far..).take(200).count(), 200);
                assert_eq!(table.occurrences(..far).rev().take(200).count(), 200);
            });
            assert_eq!(peak, 0, "{trigger:?}");
        }
    }
}

#[test]
fn one_trigger_needs_nothing() {
    ask(UtcOffset::UTC);
    ask(&europe());
}

/// Counting remembers a bounded number of starts at once, even if the repetitions of 400,000 overlap.
#[test]
fn counting_remembers_few_starts() {
    let every = Repetition::every(XsDuration::from_minutes(1_000_001)).lasting("P2900000D".parse().unwrap());
    let bare = Trigger::calendar(Schedule::daily(7), "1601-01-01T00:00:00".parse().unwrap());
    let trigger = Trigger { repetition: Some(every.into()), ..bare };
    let table = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
    let range = datetime!(9000-01-01 0:00 UTC)..datetime!(9002-01-01 0:00 UTC);
    let peak = peak(|| assert!(table.count(range.clone()) > 100_000));
    // Two words for each, in a table that doubles.
    assert!(peak < 80 * COUNTED_STARTS as usize, "{peak}");
}

/// Several triggers need a list of cursors, for any question.
#[test]
fn several_triggers_need_one_list() {
    let triggers =
        schedules().map(|schedule| Trigger::calendar(schedule, "2024-01-01T02:00:00".parse().unwrap()));
    let task = Task { triggers: triggers.to_vec(), ..Task::new(Exec::new("a.exe")) };
    let table = Timetable::of_task(&task, UtcOffset::UTC, &Options::default());
    let of = |count: usize| peak(|| assert_eq!(table.occurrences(..).take(count).count(), count));
    assert_eq!(of(1), of(10_000));
    assert_eq!(peak(|| assert!(table.next_after(datetime!(9000-01-01 0:00 UTC)).is_some())), 0);
}

/// What a store keeps of each task: 64 bytes for a typical task of one trigger, and less for each further one, whatever
/// the triggers state.
#[test]
fn patterns_are_small() {
    let held = |task: &Task| {
        let mut patterns = None;
        // Only what is still held counts: compiling may need more for a moment.
        let held = super::held(|| patterns = Some(Patterns::of_task(task, &Options::default())));
        drop(patterns);
        size_of::<Patterns>() + held
    };
    let delay = Some("PT30M".parse().unwrap());
    let mut all = Vec::new();
    for schedule in schedules() {
        for start in ["2024-01-01T02:00:00", "2024-01-01T02:00:00Z", "2024-01-01T02:00:00+05:30"] {
            for duration in [None, Some("P1D")] {
                let mut every = Repetition::every("PT15M".parse().unwrap());
                every.duration = duration.map(|duration| duration.parse().unwrap());
                let trigger = Trigger {
                    kind: TriggerKind::Calendar { random_delay: delay.clone(), schedule: schedule.clone() },
                    repetition: Some(every.into()),
                    end_boundary: Some("2030-01-01T00:00:00".parse().unwrap()),
                    ..Trigger::at(start.parse().unwrap())
                };
                let task = Task { triggers: vec![trigger.clone()], ..Task::new(Exec::new("a.exe")) };
                assert!(held(&task) <= 64, "{}: {trigger:?}", held(&task));
                all.push(trigger);
            }
        }
    }
    let count = all.len();
    let task = Task { triggers: all, ..Task::new(Exec::new("a.exe")) };
    assert!(held(&task) <= 64 * count);
    // A task that no clock starts has a note of it.
    let logon = Task {
        triggers: vec![Trigger::new(TriggerKind::Logon { user_id: None, delay: None })],
        ..Task::new(Exec::new("a.exe"))
    };
    assert!(held(&logon) <= 96, "{}", held(&logon));
}
