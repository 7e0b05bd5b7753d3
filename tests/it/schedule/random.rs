//! Random triggers, boundaries and zones against the oracle.

use super::{
    days::{schedules, weekdays},
    oracle::{self, Clock},
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    Profile,
    definition::{Exec, Repetition, Task, Trigger, TriggerKind},
    dtyp::SystemTime,
    schedule::{Options, RepetitionEnd, Timetable},
    time::{
        Boundary, Changes, GapPolicy, OverlapPolicy, Period, Ticks, WindowsZone, XsDuration, Zone, ZoneRules,
    },
};

/// Either kind of zone.
#[derive(Debug)]
pub(crate) enum Either {
    Fixed(UtcOffset),
    Windows(Box<WindowsZone>),
}

impl Zone for Either {
    fn period_at(&self, instant: Ticks) -> Period {
        match self {
            Self::Fixed(offset) => offset.period_at(instant),
            Self::Windows(zone) => zone.period_at(instant),
        }
    }

    fn changes(&self) -> Option<Changes<'_>> {
        match self {
            Self::Fixed(offset) => offset.changes(),
            Self::Windows(zone) => zone.changes(),
        }
    }
}

impl Clock {
    pub(crate) fn zone(&self) -> Either {
        match self {
            Self::Fixed(minutes) => Either::Fixed(UtcOffset::from_whole_seconds(minutes * 60).unwrap()),
            Self::Rules(rules) => Either::Windows(Box::new(WindowsZone::new(*rules).unwrap())),
            Self::Years(first, rules) => {
                let years = (*first as u16..).zip(rules);
                let zone = WindowsZone::new(rules[2]).unwrap();
                let zone = years.fold(zone, |zone, (year, rules)| zone.with_year(year, *rules).unwrap());
                Either::Windows(Box::new(zone))
            }
        }
    }
}

/// Zones with realistic rules: changes in spring and autumn of either hemisphere, of at most two hours. Some
/// have different rules in different years.
pub(crate) fn clocks() -> impl Strategy<Value = Clock> {
    let date = |months: std::ops::RangeInclusive<u16>| {
        (months, 0..7u16, 1..=5u16, 0..=3u16, prop_oneof![Just(0u16), Just(30)]).prop_map(
            |(month, day_of_week, day, hour, minute)| SystemTime {
                month,
                day_of_week,
                day,
                hour,
                minute,
                ..SystemTime::NONE
            },
        )
    };
    let rules = (
        -52..=48i32,
        prop_oneof![Just(-60), Just(-30), Just(-120), Just(60)],
        date(2..=5),
        date(8..=11),
        any::<bool>(),
    )
        .prop_map(|(quarters, daylight_bias, spring, autumn, northern)| {
            let (daylight_date, standard_date) = if northern { (spring, autumn) } else { (autumn, spring) };
            ZoneRules { bias: quarters * 15, standard_bias: 0, daylight_bias, standard_date, daylight_date }
        });
    let years = (2020..2025i32, [rules.clone(), rules.clone(), rules.clone()], [-2..=2i32, -2..=2i32])
        .prop_map(|(first, [one, mut two, mut three], [to_two, to_three])| {
            // A zone stays near where it is.
            two.bias = one.bias + 30 * to_two;
            three.bias = two.bias + 30 * to_three;
            Clock::Years(first, [one, two, three])
        });
    prop_oneof![
        1 => (-52..=56i32).prop_map(|q| Clock::Fixed(q * 15)),
        2 => rules.prop_map(Clock::Rules),
        1 => years,
    ]
}

fn boundaries() -> impl Strategy<Value = Boundary> {
    let minutes = prop_oneof![
        4 => 0..3 * 365 * 1440i64,
        // Around the hours at which clocks change.
        2 => (0..3 * 365i64, 0..4 * 60i64).prop_map(|(day, minute)| day * 1440 + minute),
    ];
    let seconds = prop_oneof![3 => Just(0), 1 => 0..60i64];
    (
        minutes,
        seconds,
        prop_oneof![4 => Just(None), 1 => Just(Some(0)), 1 => (-56..=56i64).prop_map(|q| Some(q * 15))],
    )
        .prop_map(|(minutes, seconds, offset)| {
            let civil = datetime!(2021-06-01 0:00) + Duration::minutes(minutes) + Duration::seconds(seconds);
            let zone = match offset {
                None => String::new(),
                Some(0) => "Z".to_owned(),
                Some(minutes) => {
                    let sign = if minutes < 0 { '-' } else { '+' };
                    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
                }
            };
            format!("{}{zone}", Boundary::local(civil)).parse().unwrap()
        })
}

fn repetitions() -> impl Strategy<Value = Repetition> {
    let interval = prop_oneof![1..=60u32, 1..=3000u32].prop_map(XsDuration::from_minutes);
    let odd = (61..100_000u32).prop_map(XsDuration::from_seconds);
    let lasting = prop_oneof![Just(1440u32), 1..=1500u32, 1..=10_000u32].prop_map(XsDuration::from_minutes);
    (prop_oneof![4 => interval, 1 => odd], proptest::option::of(lasting)).prop_map(|(interval, lasting)| {
        let every = Repetition::every(interval);
        match lasting {
            Some(lasting) => every.lasting(lasting),
            None => every,
        }
    })
}

pub(crate) fn triggers() -> impl Strategy<Value = Trigger> {
    let kind = prop_oneof![
        1 => Just(TriggerKind::Time { random_delay: None }),
        6 => schedules().prop_map(|schedule| TriggerKind::Calendar { random_delay: None, schedule }),
    ];
    let end = prop_oneof![2 => Just(None), 1 => boundaries().prop_map(Some)];
    (kind, boundaries(), end, proptest::option::weighted(0.4, repetitions())).prop_map(
        |(kind, start, end, repetition)| Trigger {
            start_boundary: Some(start),
            end_boundary: end,
            repetition: repetition.map(Box::new),
            ..Trigger::new(kind)
        },
    )
}

fn options() -> impl Strategy<Value = Options> {
    let profiles = prop_oneof![Just(Profile::Windows), Just(Profile::Specification)];
    let ends = prop_oneof![3 => Just(RepetitionEnd::Inclusive), 1 => Just(RepetitionEnd::Exclusive)];
    let gaps = prop_oneof![2 => Just(GapPolicy::FirstInstant), 1 => Just(GapPolicy::Shift), 1 => Just(GapPolicy::Skip)];
    let overlaps = prop_oneof![Just(OverlapPolicy::First), Just(OverlapPolicy::Second)];
    (profiles, weekdays(), ends, gaps, overlaps).prop_map(
        |(profile, first_day_of_week, repetition_end, gap, overlap)| {
            let options = Options::default().with_profile(profile).with_first_day_of_week(first_day_of_week);
            options.with_repetition_end(repetition_end).with_gap(gap).with_overlap(overlap)
        },
    )
}

/// Three weeks; the oracle looks at every minute of them.
const WINDOW: Duration = Duration::days(21);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn one_trigger(
        trigger in triggers(),
        clock in clocks(),
        options in options(),
        from in 0..3 * 365 * 1440i64,
    ) {
        let from = datetime!(2021-05-20 0:00 UTC) + Duration::minutes(from);
        let until = from + WINDOW;
        let expected: Vec<_> = oracle::runs(&trigger, &clock, &options, from, until).into_iter().collect();
        let table = Timetable::of_trigger(&trigger, clock.zone(), &options);
        check(&table, from, until, &expected)?;
        for run in expected.iter().take(3) {
            prop_assert_eq!(table.triggers_at(*run).collect::<Vec<_>>(), [0]);
        }
        // An hour before and after a run there is none, or it is one of the runs.
        for run in expected.iter().take(3).map(|run| *run + Duration::hours(1)).filter(|run| *run < until) {
            prop_assert_eq!(table.triggers_at(run).next().is_some(), expected.contains(&run));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Five years at once, across every change of the clock and every turn of the year, with the local times.
    #[test]
    fn five_years(
        trigger in triggers(),
        clock in clocks(),
        options in options(),
        turns in proptest::collection::vec(any::<bool>(), 64),
    ) {
        let trigger = Trigger { repetition: None, ..trigger };
        let (from, until) = (datetime!(2020-12-31 0:00 UTC), datetime!(2026-01-03 0:00 UTC));
        let expected: Vec<_> = oracle::runs(&trigger, &clock, &options, from, until).into_iter().collect();
        let table = Timetable::of_trigger(&trigger, clock.zone(), &options);
        check(&table, from, until, &expected)?;
        let wall = oracle::Wall::new(&clock, 2019..=2026);
        for run in table.occurrences(from..until) {
            let local = run.local().assume_utc().unix_timestamp();
            prop_assert_eq!(local, wall.local(run.instant().unix_timestamp()), "{:?}", run);
        }
        // Alternately from one end and from the other.
        let (mut runs, mut front, mut back) = (table.occurrences(from..until), Vec::new(), Vec::new());
        for turn in turns.into_iter().cycle() {
            let run = if turn { runs.next() } else { runs.next_back() };
            let Some(run) = run else { break };
            if turn { front.push(run) } else { back.push(run) }
        }
        let both: Vec<_> = front.into_iter().chain(back.into_iter().rev()).collect();
        prop_assert_eq!(both, table.occurrences(from..until).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn several_triggers(
        triggers in proptest::collection::vec(triggers(), 2..5),
        clock in clocks(),
        from in 0..3 * 365 * 1440i64,
    ) {
        let options = Options::default();
        let from = datetime!(2021-05-20 0:00 UTC) + Duration::minutes(from);
        let until = from + WINDOW;
        let mut expected = BTreeSet::new();
        for trigger in &triggers {
            expected.extend(oracle::runs(trigger, &clock, &options, from, until));
        }
        let task = Task { triggers, ..Task::new(Exec::new("a")) };
        let table = Timetable::of_task(&task, clock.zone(), &options);
        check(&table, from, until, &expected.into_iter().collect::<Vec<_>>())?;
    }
}

/// The runs next to an instant, by going through all starts.
fn neighbours(starts: &[i64], interval: i64, lasting: i64, at: i64) -> (Option<i64>, Option<i64>) {
    let reach = lasting - lasting % interval;
    let next = starts.iter().filter_map(|start| {
        let run = if *start > at { *start } else { start + ((at - start) / interval + 1) * interval };
        (run <= start + reach).then_some(run)
    });
    let before = starts.iter().filter(|start| **start < at);
    let previous = before.map(|start| start + (at - 1 - start).min(reach) / interval * interval);
    (next.min(), previous.max())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Repetitions that last up to three years and overlap later starts.
    #[test]
    fn repetitions_that_outlast_many_starts(
        schedule in schedules(),
        clock in clocks(),
        interval in prop_oneof![(1..=48i64).prop_map(|h| h * 3600), (1..=44_640i64).prop_map(|m| m * 60), 61..100_000i64],
        lasting in 86_400..1000 * 86_400i64,
        instants in proptest::collection::vec((0..2 * 365 * 86_400i64, any::<bool>()), 4),
    ) {
        let bare = Trigger::calendar(schedule, "2019-01-01T02:30:00".parse().unwrap());
        let seconds = |seconds: i64| XsDuration::from_seconds(seconds as u32);
        let repetition = Some(Repetition::every(seconds(interval)).lasting(seconds(lasting)));
        let trigger = Trigger { repetition: repetition.map(Box::new), ..bare.clone() };
        let options = Options::default();
        let table = Timetable::of_trigger(&trigger, clock.zone(), &options);
        let starts = Timetable::of_trigger(&bare, clock.zone(), &options);
        let starts = starts.occurrences(..datetime!(2030-01-01 0:00 UTC));
        let starts: Vec<_> = starts.map(|run| run.instant().unix_timestamp()).collect();
        for (seconds, run) in instants {
            let at = datetime!(2019-06-01 0:00 UTC) + Duration::seconds(seconds);
            let at = table.next_after(at).filter(|_| run).map_or(at, |run| run.instant());
            let (next, previous) = neighbours(&starts, interval, lasting, at.unix_timestamp());
            let unix = |run: Option<wintask::schedule::Occurrence>| run.map(|r| r.instant().unix_timestamp());
            prop_assert_eq!(unix(table.next_after(at)), next, "after {}", at);
            prop_assert_eq!(unix(table.previous_before(at)), previous, "before {}", at);
        }
    }
}

/// The runs of a window, obtained in every possible way.
fn check<Z: Zone>(
    table: &Timetable<Z>,
    from: OffsetDateTime,
    until: OffsetDateTime,
    expected: &[OffsetDateTime],
) -> Result<(), TestCaseError> {
    let forwards: Vec<_> = table.occurrences(from..until).map(|run| run.instant()).collect();
    prop_assert_eq!(&forwards, expected);
    let mut backwards: Vec<_> = table.occurrences(from..until).rev().map(|run| run.instant()).collect();
    backwards.reverse();
    prop_assert_eq!(&backwards, expected);
    prop_assert_eq!(table.count(from..until), expected.len() as u64);
    let tick = Duration::nanoseconds(100);
    let next = table.next_after(from - tick).map(|run| run.instant()).filter(|run| *run < until);
    prop_assert_eq!(next, expected.first().copied());
    let previous = table.previous_before(until).map(|run| run.instant()).filter(|run| *run >= from);
    prop_assert_eq!(previous, expected.last().copied());
    // From both ends at once.
    let (mut runs, mut both) = (table.occurrences(from..until), BTreeSet::new());
    while let Some(run) = runs.next() {
        both.insert(run.instant());
        both.extend(runs.next_back().map(|run| run.instant()));
    }
    prop_assert_eq!(both.into_iter().collect::<Vec<_>>(), expected);
    for pair in expected.windows(2).take(5) {
        prop_assert_eq!(table.next_after(pair[0]).map(|run| run.instant()), Some(pair[1]));
        prop_assert_eq!(table.previous_before(pair[1]).map(|run| run.instant()), Some(pair[0]));
    }
    Ok(())
}
