//! Where windows of days, years and the calendar begin and end: every run against a list of days, from both ends.

use super::oracle::counts;
use std::{collections::BTreeMap, ops::Bound};
use time::{
    Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, Weekday,
    macros::{date, datetime, offset, time},
};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Exec, Months, Repetition, Schedule, Task, Trigger, Weeks},
    schedule::{Options, Timetable},
    time::{GapPolicy, IanaZone, OverlapPolicy},
};

/// Rules of every kind: days and weeks that fit into 64 days, just or not at all, and months.
fn rules() -> Vec<Schedule> {
    let friday = DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY;
    let days = |days: &[u8]| DaysOfMonth::from_days(days.iter().copied());
    let mut rules: Vec<_> = [1, 2, 7, 63, 64, 65, 365].map(Schedule::daily).into();
    rules.extend(
        [(1, DaysOfWeek::SUNDAY), (1, friday), (2, friday), (9, friday), (10, DaysOfWeek::ALL)]
            .map(|(weeks, days)| Schedule::weekly(weeks, days)),
    );
    rules.push(Schedule::monthly(days(&[1]), Months::ALL));
    rules.push(Schedule::monthly(days(&[15, 31]) | DaysOfMonth::LAST, Months::ALL));
    rules.push(Schedule::monthly(days(&[29, 30]), Months::FEBRUARY | Months::DECEMBER));
    rules.push(Schedule::monthly_day_of_week(Weeks::FIRST | Weeks::LAST, friday, Months::ALL));
    rules
}

/// A rule, and the local time of its first start.
type Row = (Schedule, PrimitiveDateTime);

/// Runs by their instants: the local time, and the first trigger that has one.
type Runs = BTreeMap<OffsetDateTime, (PrimitiveDateTime, usize)>;

/// The runs of the calendar that begin on a day, by asking each day.
fn expected(rows: &[Row], offset: UtcOffset, last: Date) -> Runs {
    let mut runs = Runs::new();
    for (index, (rule, begin)) in rows.iter().enumerate() {
        let days = std::iter::successors(Some(begin.date()), |day| day.next_day());
        let days = days.take_while(|day| *day <= last);
        for day in days.filter(|day| counts(Some(rule), begin.date(), *day, Weekday::Sunday)) {
            let local = day.with_time(begin.time());
            // Runs are within the calendar by either clock.
            let instant = local.assume_offset(offset).checked_to_offset(UtcOffset::UTC);
            if let Some(instant) = instant.filter(|instant| instant.year() > 1600) {
                runs.entry(instant).or_insert((local, index));
            }
        }
    }
    runs
}

fn table<Z: wintask::time::Zone>(rows: &[Row], zone: Z, options: &Options) -> Timetable<Z> {
    let triggers = rows.iter().map(|(rule, begin)| Trigger::calendar(rule.clone(), (*begin).into()));
    let task = Task { triggers: triggers.collect(), ..Task::new(Exec::new("a")) };
    Timetable::of_task(&task, zone, options)
}

/// All runs before an instant, or all, forwards, backwards, and counted.
fn check<Z: wintask::time::Zone>(
    table: &Timetable<Z>,
    until: Option<OffsetDateTime>,
    expected: &Runs,
    what: &str,
) {
    let until = (Bound::Unbounded, until.map_or(Bound::Unbounded, Bound::Excluded));
    let expected: Vec<_> =
        expected.range(until).map(|(instant, (local, index))| (*instant, *local, *index)).collect();
    let shown = |run: wintask::schedule::Occurrence| (run.instant(), run.local(), run.trigger());
    let forwards: Vec<_> = table.occurrences(until).map(shown).collect();
    assert_eq!(forwards, expected, "{what}");
    let mut backwards: Vec<_> = table.occurrences(until).rev().map(shown).collect();
    backwards.reverse();
    assert_eq!(backwards, expected, "{what}, backwards");
    assert_eq!(table.count(until), expected.len() as u64, "{what}, counted");
    // A single instant is a range, too.
    for (instant, local, index) in [0, expected.len() / 2, expected.len() - 1].map(|n| expected[n]) {
        let one = Some((instant, local, index));
        assert_eq!(table.occurrences(instant..=instant).next().map(shown), one, "{what}");
        assert_eq!(table.occurrences(instant..=instant).next_back().map(shown), one, "{what}");
        assert_eq!(table.count(instant..=instant), 1, "{what}");
        assert_eq!(table.occurrences(instant..instant).next_back(), None, "{what}");
    }
}

/// Offsets and times of day: the date in UTC is the local one, the next, or the one before.
const CLOCKS: [(UtcOffset, Time); 6] = [
    (UtcOffset::UTC, Time::MIDNIGHT),
    (UtcOffset::UTC, time!(23:59:59.9999999)),
    (offset!(-5), time!(22:00)),
    (offset!(+14), time!(2:30)),
    (offset!(-12), time!(12:00)),
    (offset!(+5:45), time!(5:44)),
];

fn at_an_end(first: Date, until: Option<OffsetDateTime>) {
    for (offset, time) in CLOCKS {
        let rows: Vec<_> = rules().into_iter().map(|rule| (rule, first.with_time(time))).collect();
        for (number, row) in rows.iter().enumerate() {
            let last = until.map_or(Date::MAX, |until| until.date().saturating_add(Duration::DAY));
            let what = format!("{:?} from {} at {offset}", row.0, row.1);
            let alone = std::slice::from_ref(row);
            check(&table(alone, offset, &Options::default()), until, &expected(alone, offset, last), &what);
            // With others, which run at the same time or not at all on its days.
            let several = [
                row.clone(),
                rows[(number + 5) % rows.len()].clone(),
                rows[(number + 9) % rows.len()].clone(),
            ];
            check(
                &table(&several, offset, &Options::default()),
                until,
                &expected(&several, offset, last),
                &what,
            );
        }
    }
}

#[test]
fn the_first_years() {
    at_an_end(date!(1601 - 01 - 01), Some(datetime!(1609-01-01 0:00 UTC)));
}

#[test]
fn the_last_years() {
    at_an_end(date!(9995 - 01 - 10), None);
}

/// However long the period is in days, and wherever in a year or a month it begins.
#[test]
fn every_length() {
    for first in [date!(2023 - 11 - 20), date!(2024 - 02 - 01)] {
        for rule in rules() {
            let row = [(rule, first.with_time(time!(12:00)))];
            let all = expected(&row, UtcOffset::UTC, first.saturating_add(Duration::days(200)));
            for length in 1..=140 {
                let until = first.midnight().assume_utc() + Duration::days(length);
                let what = format!("{:?} until {until}", row[0].0);
                if all.range(..until).next().is_none() {
                    continue;
                }
                check(&table(&row, UtcOffset::UTC, &Options::default()), Some(until), &all, &what);
                // 2.5.3.1: the end of a trigger is its last possible run.
                let end = until - Duration::hours(12);
                for end in [end, end - Duration::nanoseconds(100)] {
                    let trigger = Trigger::calendar(row[0].0.clone(), row[0].1.into());
                    let trigger = Trigger {
                        end_boundary: Some(PrimitiveDateTime::new(end.date(), end.time()).into()),
                        ..trigger
                    };
                    let ended = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
                    let runs: Runs = all.range(..=end).map(|(at, run)| (*at, *run)).collect();
                    if runs.is_empty() {
                        assert_eq!(ended.count(..), 0, "{what}");
                        continue;
                    }
                    check(&ended, None, &runs, &what);
                }
            }
        }
    }
}

/// EVIDENCE.md COMPAT: the trigger of an immediate task ends when it starts, and runs.
#[test]
fn a_start_at_its_own_end() {
    for start in [datetime!(2024-01-03 2:00), datetime!(1601-01-01 0:00), datetime!(9999-12-31 23:59)] {
        let trigger = Trigger { end_boundary: Some(start.into()), ..Trigger::at(start.into()) };
        let table = Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default());
        let runs = BTreeMap::from([(start.assume_utc(), (start, 0))]);
        check(&table, None, &runs, "once");
        assert_eq!(
            table.next_after(start.assume_utc() - Duration::nanoseconds(100)).map(|r| r.local()),
            Some(start)
        );
    }
}

/// A zone that skipped a day: its offsets before and after, the instant, and midnight of the day.
type Skipped = (&'static str, [UtcOffset; 2], OffsetDateTime, PrimitiveDateTime);

/// Samoa, 10 hours behind UTC in that summer, had no 30 December 2011, and Kwajalein no 21 August 1993.
const SKIPPED: [Skipped; 2] = [
    (
        "Pacific/Apia",
        [offset!(-10), offset!(+14)],
        datetime!(2011-12-30 10:00 UTC),
        datetime!(2011-12-30 0:00),
    ),
    (
        "Pacific/Kwajalein",
        [offset!(-12), offset!(+12)],
        datetime!(1993-08-21 12:00 UTC),
        datetime!(1993-08-21 0:00),
    ),
];

/// Of the starts of a skipped day and the next, moved to one instant, one run is left: alone, and with another
/// trigger that runs far away, close, or at the same time.
#[test]
fn two_starts_at_one_instant() {
    for (name, [before, after], change, skipped) in SKIPPED {
        let zone = IanaZone::new(name).unwrap();
        let midnight = skipped - Duration::days(10);
        let daily = (Schedule::daily(1), midnight);
        let until = change + Duration::days(20);
        for other in [
            None,
            Some((Schedule::daily(365), midnight + Duration::hours(36))),
            Some((Schedule::daily(3), midnight + Duration::hours(36))),
            Some((Schedule::daily(2), midnight)),
            Some((Schedule::daily(10), midnight)),
        ] {
            let rows: Vec<Row> = [Some(daily.clone()), other].into_iter().flatten().collect();
            let mut runs = Runs::new();
            for (index, row) in rows.iter().enumerate() {
                let days = expected(std::slice::from_ref(row), UtcOffset::UTC, until.date() + Duration::WEEK);
                for (local, _) in days.into_values() {
                    let by = |offset| local.assume_offset(offset).to_offset(UtcOffset::UTC);
                    let (instant, local) = if by(before) < change {
                        (by(before), local)
                    } else if by(after) >= change {
                        (by(after), local)
                    } else {
                        (change, skipped + Duration::DAY)
                    };
                    runs.entry(instant).or_insert((local, index));
                }
            }
            let options = Options::default().with_gap(GapPolicy::FirstInstant);
            check(&table(&rows, &zone, &options), Some(until), &runs, &format!("{name} {rows:?}"));
        }
    }
}

/// Repetitions of starts on both sides of a clock change, equally spaced or not, for about as long as from one start to
/// the next: counted as they are enumerated.
#[test]
fn counted_after_a_change() {
    let europe = crate::europe::europe();
    let schedules = [
        Schedule::daily(1),
        Schedule::daily(3),
        Schedule::weekly(1, DaysOfWeek::MONDAY),
        Schedule::weekly(2, DaysOfWeek::ALL),
    ];
    for schedule in schedules {
        for interval in ["PT30M", "PT90M", "PT96M", "PT12H", "P1D", "P3D"] {
            for lasting in [None, Some("PT23H"), Some("P1D"), Some("P2D"), Some("P3D"), Some("P8D")] {
                let every = Repetition::every(interval.parse().unwrap());
                let repetition = match lasting {
                    Some(lasting) => every.lasting(lasting.parse().unwrap()),
                    None => every,
                };
                let trigger = Trigger::calendar(schedule.clone(), "2024-03-01T00:30:00".parse().unwrap());
                let trigger = Trigger { repetition: Some(repetition.into()), ..trigger };
                let table = Timetable::of_trigger(&trigger, &europe, &Options::default());
                // The clock changes on 31 March, and on 27 October.
                for day in 0..12 {
                    for from in [datetime!(2024-03-29 1:00 UTC), datetime!(2024-10-25 23:30 UTC)] {
                        let from = from + Duration::days(day);
                        let range = from..=from + Duration::hours(24 * 9 + 6);
                        let runs = table.occurrences(range.clone()).count() as u64;
                        assert_eq!(table.count(range), runs, "{trigger:?} from {from}");
                    }
                }
            }
        }
    }
}

/// The starts of a skipped day and the next, moved to one instant, repeat together.
#[test]
fn two_starts_at_one_instant_repeat_once() {
    for (name, [before, after], change, skipped) in SKIPPED {
        let zone = IanaZone::new(name).unwrap();
        let midnight = skipped - Duration::days(3);
        let mut starts: Vec<_> =
            (0..3).map(|day| (midnight + Duration::days(day)).assume_offset(before)).collect();
        starts.extend((4..9).map(|day| (midnight + Duration::days(day)).assume_offset(after)));
        assert!(starts.contains(&change), "{name}");
        let every = Repetition::every("PT30M".parse().unwrap());
        // Without a duration, until the next start.
        for (lasting, repeated) in [(Some("PT1H"), 2), (Some("PT40H"), 80), (None, 47)] {
            let mut runs: Vec<_> = starts
                .iter()
                .flat_map(|start| {
                    (0..=repeated).map(move |n| start.to_offset(UtcOffset::UTC) + n * Duration::minutes(30))
                })
                .filter(|run| *run < starts[7])
                .collect();
            runs.sort_unstable();
            runs.dedup();
            let repetition = match lasting {
                Some(lasting) => every.clone().lasting(lasting.parse().unwrap()),
                None => every.clone(),
            };
            let repetition = Some(repetition);
            let trigger = Trigger {
                repetition: repetition.map(Box::new),
                ..Trigger::calendar(Schedule::daily(1), midnight.into())
            };
            let other = Trigger::at((midnight - Duration::days(400)).into());
            for triggers in [vec![trigger.clone()], vec![trigger, other]] {
                let task = Task { triggers, ..Task::new(Exec::new("a")) };
                let table = Timetable::of_task(&task, &zone, &Options::default());
                let range = starts[0]..starts[7];
                let found: Vec<_> = table.occurrences(range.clone()).map(|run| run.instant()).collect();
                assert_eq!(found, runs, "{name} {lasting:?}");
                assert_eq!(table.count(range), runs.len() as u64, "{name} {lasting:?}");
            }
        }
    }
}

/// A start at the end of its trigger runs, and does not repeat; so does one at the beginning of the calendar.
#[test]
fn a_repeated_start_at_the_end() {
    for begin in [datetime!(1601-01-01 0:00), datetime!(2024-01-03 2:00)] {
        let end = begin + Duration::days(4);
        for (lasting, count) in [("PT2H", 4 * 3 + 1), ("P1D", 4 * 24 + 1), ("P2D", 4 * 24 + 1)] {
            let every = Repetition::every("PT1H".parse().unwrap()).lasting(lasting.parse().unwrap());
            let trigger = Trigger {
                repetition: Some(every.into()),
                end_boundary: Some(end.into()),
                ..Trigger::calendar(Schedule::daily(1), begin.into())
            };
            for triggers in [vec![trigger.clone()], vec![trigger.clone(), trigger]] {
                let task = Task { triggers, ..Task::new(Exec::new("a")) };
                let table = Timetable::of_task(&task, UtcOffset::UTC, &Options::default());
                let runs: Vec<_> = table.occurrences(..).map(|run| run.instant()).collect();
                assert_eq!(runs.len(), count, "{begin} {lasting}");
                assert_eq!(runs.last(), Some(&end.assume_utc()), "{begin} {lasting}");
                assert_eq!(table.count(..), count as u64, "{begin} {lasting}");
            }
        }
    }
}

/// Starts on both sides of a clock change, up to any time near it: counted as they are enumerated.
#[test]
fn starts_counted_around_a_change() {
    let europe = crate::europe::europe();
    for time in [time!(0:00), time!(1:30), time!(2:00), time!(2:30), time!(3:00), time!(23:30)] {
        for (gap, overlap) in [
            (GapPolicy::FirstInstant, OverlapPolicy::First),
            (GapPolicy::FirstInstant, OverlapPolicy::Second),
            (GapPolicy::Shift, OverlapPolicy::Second),
        ] {
            let options = Options::default().with_gap(gap).with_overlap(overlap);
            let begin = date!(2024 - 03 - 01).with_time(time);
            let trigger = Trigger::calendar(Schedule::daily(1), begin.into());
            let table = Timetable::of_trigger(&trigger, &europe, &options);
            let runs: Vec<_> =
                table.occurrences(..datetime!(2024-11-10 0:00 UTC)).map(|run| run.instant()).collect();
            for change in [datetime!(2024-03-31 1:00 UTC), datetime!(2024-10-27 1:00 UTC)] {
                for minutes in (-72 * 60..72 * 60).step_by(10) {
                    let at = change + Duration::minutes(minutes);
                    let until = runs.iter().filter(|run| **run <= at).count() as u64;
                    assert_eq!(table.count(..=at), until, "{time} {options:?} {at}");
                    let before = runs.iter().filter(|run| **run < at).count() as u64;
                    assert_eq!(table.count(..at), before, "{time} {options:?} {at}");
                }
            }
        }
    }
}
