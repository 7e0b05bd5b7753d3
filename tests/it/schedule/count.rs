//! Counting against going through the runs, which the other tests compare with the oracle; and several triggers against
//! each alone.

use super::random::{clocks, triggers};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::{DaysOfWeek, Exec, Months, Repetition, Schedule, Task, Trigger, Weeks},
    schedule::{Options, Timetable},
    time::{GapPolicy, XsDuration, Zone},
};

/// Some decades, from any instant on.
fn stretches() -> impl Strategy<Value = (OffsetDateTime, OffsetDateTime)> {
    (0..20 * 365 * 1440i64, 0..60 * 365 * 1440i64).prop_map(|(from, length)| {
        let from = datetime!(2015-01-01 0:00 UTC) + Duration::minutes(from);
        (from, from + Duration::minutes(length))
    })
}

fn same<Z: Zone>(
    table: &Timetable<Z>,
    from: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<(), TestCaseError> {
    let counted = table.count(from..until);
    prop_assert_eq!(counted, table.occurrences(from..until).count() as u64, "from {} to {}", from, until);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn starts(
        trigger in triggers(),
        clock in clocks(),
        gap in prop_oneof![Just(GapPolicy::FirstInstant), Just(GapPolicy::Shift), Just(GapPolicy::Skip)],
        (from, until) in stretches(),
    ) {
        let trigger = Trigger { repetition: None, ..trigger };
        let options = Options::default().with_gap(gap);
        same(&Timetable::of_trigger(&trigger, clock.zone(), &options), from, until)?;
    }

    /// Intervals that divide the day or a number of days, and others, for durations that are about as long as from one
    /// start to the next.
    #[test]
    fn grids(
        trigger in triggers(),
        clock in clocks(),
        interval in prop_oneof![
            prop_oneof![Just(60i64), Just(90), Just(96), Just(180), Just(288), Just(720), Just(1440)],
            60..3000i64,
        ],
        lasting in proptest::option::of((1..=8i64, -1..=1i64)),
        (from, until) in stretches(),
    ) {
        let every = Repetition::every(XsDuration::from_minutes(interval as u32));
        let lasting = lasting.map(|(days, odd)| XsDuration::from_minutes((1440 * days + odd * interval).max(1) as u32));
        let repetition = match lasting {
            Some(lasting) => every.lasting(lasting),
            None => every,
        };
        let trigger = Trigger { repetition: Some(repetition.into()), ..trigger };
        let until = from + (until - from) / 8;
        same(&Timetable::of_trigger(&trigger, clock.zone(), &Options::default()), from, until)?;
    }

    /// Each run of several triggers is one of theirs, and of those at the same time the first trigger's.
    #[test]
    fn several_without_repetition(
        triggers in proptest::collection::vec(triggers(), 2..5),
        clock in clocks(),
        gap in prop_oneof![3 => Just(GapPolicy::FirstInstant), 1 => Just(GapPolicy::Skip)],
        (from, _) in stretches(),
    ) {
        let triggers: Vec<_> =
            triggers.into_iter().map(|trigger| Trigger { repetition: None, ..trigger }).collect();
        let (options, until) = (Options::default().with_gap(gap), from + Duration::days(1500));
        let mut expected = BTreeMap::new();
        for (index, trigger) in triggers.iter().enumerate() {
            let table = Timetable::of_trigger(trigger, clock.zone(), &options);
            for run in table.occurrences(from..until) {
                expected.entry(run.instant()).or_insert((run.local(), index, run.adjustment()));
            }
        }
        let expected: Vec<_> = expected.into_iter().collect();
        let task = Task { triggers, ..Task::new(Exec::new("a")) };
        let table = Timetable::of_task(&task, clock.zone(), &options);
        let runs = table.occurrences(from..until);
        let runs: Vec<_> =
            runs.map(|run| (run.instant(), (run.local(), run.trigger(), run.adjustment()))).collect();
        prop_assert_eq!(runs, expected);
        prop_assert_eq!(table.count(from..until), table.occurrences(from..until).count() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Repetitions that outlast hundreds of starts: the instants at which any start has a run, each once.
    #[test]
    fn long_repetitions(
        trigger in triggers(),
        clock in clocks(),
        interval in prop_oneof![
            prop_oneof![Just(60i64), Just(96), Just(288), Just(1440), Just(2880)],
            45..6000i64,
        ],
        days in 1..800i64,
        (from, _) in stretches(),
    ) {
        let bare = Trigger { repetition: None, end_boundary: None, ..trigger };
        let minutes = (days * 1440).max(interval);
        let every = Repetition::every(XsDuration::from_minutes(interval as u32));
        let repetition = Some(every.lasting(XsDuration::from_minutes(minutes as u32)));
        let repeated = Trigger { repetition: repetition.map(Box::new), ..bare.clone() };
        let (options, until) = (Options::default(), from + Duration::days(20));
        let (interval, lasting) = (Duration::minutes(interval), Duration::minutes(minutes));
        let mut runs = BTreeSet::new();
        for start in Timetable::of_trigger(&bare, clock.zone(), &options).occurrences(from - lasting..until) {
            let mut run = start.instant();
            while run < until && run <= start.instant() + lasting {
                if run >= from {
                    runs.insert(run);
                }
                run += interval;
            }
        }
        let table = Timetable::of_trigger(&repeated, clock.zone(), &options);
        prop_assert_eq!(table.count(from..until), runs.len() as u64, "{:?}", repeated);
    }
}

/// A second apart for a century, from every start of a day: all seconds from the first on.
#[test]
fn every_second_for_a_century() {
    let every = Repetition::every(XsDuration::from_seconds(1)).lasting("P36500D".parse().unwrap());
    let daily = Trigger::calendar(Schedule::daily(1), "2000-01-01T00:00:00".parse().unwrap());
    let trigger = Trigger { repetition: Some(every.into()), ..daily };
    let count = |zone: &dyn Zone| {
        let table = Timetable::of_trigger(&trigger, zone, &Options::default());
        table.count(datetime!(2000-06-01 0:00 UTC)..datetime!(2090-06-01 0:00 UTC))
    };
    let seconds = (datetime!(2090-06-01 0:00 UTC) - datetime!(2000-06-01 0:00 UTC)).whole_seconds();
    assert_eq!(count(&UtcOffset::UTC), seconds as u64);
    assert_eq!(count(&crate::europe::europe()), seconds as u64);
}

/// More starts than are remembered at once: the instants at which any of them has a run, each once.
#[test]
fn starts_of_thousands_of_years() {
    let (first, interval, lasting) =
        (datetime!(1601-01-01 0:00 UTC), Duration::minutes(1_000_001), Duration::days(2_900_000));
    let every = Repetition::every(XsDuration::from_minutes(1_000_001)).lasting("P2900000D".parse().unwrap());
    let bare = Trigger::calendar(Schedule::daily(7), "1601-01-01T00:00:00".parse().unwrap());
    let trigger = Trigger { repetition: Some(every.into()), ..bare };
    let (from, until) = (datetime!(9000-01-01 0:00 UTC), datetime!(9002-01-01 0:00 UTC));
    let mut runs = BTreeSet::new();
    let mut start = first;
    while start < until {
        let passed = ((from - start).whole_minutes().max(0) + 1_000_000) / 1_000_001;
        let mut run = start + interval * i32::try_from(passed).unwrap();
        while run < until && run - start <= lasting {
            runs.insert(run);
            run += interval;
        }
        start += Duration::days(7);
    }
    let table = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
    assert_eq!(table.count(from..until), runs.len() as u64);
    assert!(runs.len() > 100_000, "{}", runs.len());
}

/// Whole cycles of the calendar: 400 years have 4,800 months, 20,871 weeks, and 97 leap days.
#[test]
fn four_hundred_years_at_a_time() {
    let range = datetime!(1601-01-01 0:00 UTC)..datetime!(9601-01-01 0:00 UTC);
    let count = |schedule: Schedule| {
        let trigger = Trigger::calendar(schedule, "1601-01-01T12:00:00".parse().unwrap());
        Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default()).count(range.clone())
    };
    let numbered =
        |day: u8, months| Schedule::monthly(wintask::definition::DaysOfMonth::from_days([day]), months);
    assert_eq!(count(numbered(1, Months::ALL)), 20 * 4800);
    assert_eq!(count(numbered(29, Months::FEBRUARY)), 20 * 97);
    assert_eq!(count(numbered(31, Months::ALL)), 20 * 400 * 7);
    let sundays = |weeks| Schedule::monthly_day_of_week(weeks, DaysOfWeek::SUNDAY, Months::ALL);
    assert_eq!(count(sundays(Weeks::LAST)), 20 * 4800);
    assert_eq!(count(sundays(Weeks::ALL)), 20 * 20_871);
    assert_eq!(count(Schedule::weekly(1, DaysOfWeek::SUNDAY)), 20 * 20_871);
    // In which the fourth is not the last: 20,871 less four of each month.
    assert_eq!(count(sundays(Weeks::FOURTH | Weeks::LAST)), 20 * (4800 + 20_871 - 4 * 4800));
}
