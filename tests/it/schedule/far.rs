//! Repetitions that last for centuries, while other starts come: the answer against all starts, and how much is looked at.

use super::{days::schedules, oracle::Clock, random::clocks};
use crate::europe::europe;
use proptest::prelude::*;
use std::cell::Cell;
use time::{Duration, OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Months, Repetition, Schedule, Trigger, Weeks},
    job::{self, Job, JobDate},
    schedule::{Options, Timetable},
    time::{Changes, IanaZone, Period, Ticks, XsDuration, Zone},
};

/// Counts how often the zone is asked.
struct Counting<Z> {
    zone: Z,
    asked: Cell<u32>,
}

impl<Z: Zone> Zone for Counting<Z> {
    fn period_at(&self, instant: Ticks) -> Period {
        self.asked.set(self.asked.get() + 1);
        self.zone.period_at(instant)
    }

    fn changes(&self) -> Option<Changes<'_>> {
        self.zone.changes()
    }
}

/// A zone that does not list its changes.
pub(super) struct Silent<Z>(pub(super) Z);

impl<Z: Zone> Zone for Silent<Z> {
    fn period_at(&self, instant: Ticks) -> Period {
        self.0.period_at(instant)
    }
}

/// The instants next to another at which a start or one of its repetitions happens, by going through all starts.
pub(super) fn neighbours(starts: &[i64], interval: i64, lasting: i64, at: i64) -> (Option<i64>, Option<i64>) {
    let reach = lasting - lasting % interval;
    let next = starts.iter().filter_map(|start| {
        let run = if *start > at { *start } else { start + ((at - start) / interval + 1) * interval };
        (run <= start + reach).then_some(run)
    });
    let before = starts.iter().filter(|start| **start < at);
    let previous = before.map(|start| start + (at - 1 - start).min(reach) / interval * interval);
    (next.min(), previous.max())
}

/// Some days of few months, besides those of any kind.
fn rare_schedules() -> impl Strategy<Value = Schedule> {
    let day = prop_oneof![3 => 1..=28u8, 1 => Just(29u8), 1 => 30..=31u8];
    let month = (0..12u16).prop_map(|month| Months::from_bits(1 << month));
    let numbered = (day, prop_oneof![month.clone(), Just(Months::FEBRUARY), Just(Months::ALL)])
        .prop_map(|(day, months)| Schedule::monthly(DaysOfMonth::from_days([day]), months))
        .prop_filter("a day that exists", |schedule| {
            let trigger = Trigger::calendar(schedule.clone(), "1601-01-01T00:00:00".parse().unwrap());
            Timetable::of_trigger(&trigger, UtcOffset::UTC, &Options::default())
                .occurrences(..)
                .next()
                .is_some()
        });
    let weekday = prop_oneof![Just(DaysOfWeek::MONDAY), Just(DaysOfWeek::SUNDAY | DaysOfWeek::FRIDAY)];
    let week = prop_oneof![Just(Weeks::LAST), Just(Weeks::FIRST), Just(Weeks::from_bits(0b1010))];
    let by_week = (week, weekday, month)
        .prop_map(|(weeks, days, months)| Schedule::monthly_day_of_week(weeks, days, months));
    prop_oneof![2 => numbered, 1 => by_week, 2 => schedules()]
}

/// Intervals in seconds: any, whole days, and those by which the calendar's years fall on themselves.
fn intervals() -> impl Strategy<Value = i64> {
    const DAY: i64 = 86_400;
    let year = prop_oneof![
        Just(365 * DAY),
        Just(1461 * DAY),
        Just(146_097 * DAY),
        Just(36_524 * DAY),
        Just(366 * DAY)
    ];
    prop_oneof![
        2 => (1..=44_640i64).prop_map(|minutes| minutes * 60),
        1 => 61..100_000i64,
        1 => (1..=400i64).prop_map(|days| days * DAY),
        1 => (1..=400i64, -90..90i64).prop_map(|(days, odd)| (days * DAY + odd).max(1)),
        2 => (year, 1..=64i64, -1..=1i64).prop_map(|(year, part, odd)| (year / part + odd).max(1)),
        1 => 1..4_000_000_000i64,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_start_counts(
        schedule in rare_schedules(),
        clock in prop_oneof![2 => clocks(), 1 => Just(Clock::Fixed(0))],
        minute in prop_oneof![Just(150i64), 0..1440i64],
        interval in intervals(),
        years in 1..400i64,
        instants in proptest::collection::vec((0..390 * 365 * 86_400i64, any::<bool>()), 4),
    ) {
        let begin = datetime!(2019-01-01 0:00) + Duration::minutes(minute);
        let bare = Trigger::calendar(schedule, begin.into());
        let lasting = years * 365 * 86_400;
        prop_assume!(interval <= lasting && lasting / interval < i64::from(u32::MAX));
        let text = |seconds: i64| format!("PT{seconds}S").parse::<XsDuration>().unwrap();
        let trigger = Trigger { repetition: Some(Repetition::every(text(interval)).lasting(text(lasting)).into()), ..bare.clone() };
        let options = Options::default();
        let table = Timetable::of_trigger(&trigger, clock.zone(), &options);
        let silent = Timetable::of_trigger(&trigger, Silent(clock.zone()), &options);
        let starts = Timetable::of_trigger(&bare, clock.zone(), &options);
        let starts = starts.occurrences(..datetime!(2420-01-01 0:00 UTC));
        let starts: Vec<_> = starts.map(|run| run.instant().unix_timestamp()).collect();
        for (seconds, run) in instants {
            let at = datetime!(2019-06-01 0:00 UTC) + Duration::seconds(seconds);
            let at = table.next_after(at).filter(|_| run).map_or(at, |run| run.instant());
            let (next, previous) = neighbours(&starts, interval, lasting, at.unix_timestamp());
            let unix = |run: Option<wintask::schedule::Occurrence>| run.map(|r| r.instant().unix_timestamp());
            prop_assert_eq!(unix(table.next_after(at)), next, "after {}", at);
            prop_assert_eq!(unix(table.previous_before(at)), previous, "before {}", at);
            prop_assert_eq!(silent.next_after(at), table.next_after(at), "after {}", at);
            prop_assert_eq!(silent.previous_before(at), table.previous_before(at), "before {}", at);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// However long a repetition lasts, a question asks the zone for a bounded number of its periods, and for a few dozen in
    /// ordinary cases: here are zones that have other rules from 2020 to 2026, and intervals that fit the calendar's years.
    #[test]
    fn few_periods_are_looked_at(
        schedule in rare_schedules(),
        clock in clocks(),
        minute in prop_oneof![Just(150i64), 0..1440i64],
        interval in intervals(),
        instants in proptest::collection::vec((0..8000 * 365 * 1440i64, any::<bool>()), 8),
    ) {
        let begin = datetime!(1601-01-01 0:00) + Duration::minutes(minute);
        let every = Repetition::every(format!("PT{interval}S").parse().unwrap());
        let repetition = Some(every.lasting("P3067671D".parse().unwrap()));
        let trigger = Trigger { repetition: repetition.map(Box::new), ..Trigger::calendar(schedule, begin.into()) };
        let zone = Counting { zone: clock.zone(), asked: Cell::new(0) };
        let table = Timetable::of_trigger(&trigger, &zone, &Options::default());
        for (minutes, ahead) in instants {
            let at = datetime!(1700-01-01 0:00 UTC) + Duration::minutes(minutes);
            zone.asked.set(0);
            let run = if ahead { table.next_after(at) } else { table.previous_before(at) };
            prop_assert!(zone.asked.get() <= 4000, "{} periods for {:?}", zone.asked.get(), run);
        }
    }
}

/// 64 KiB of triggers, each of which repeats for 8,000 years every 44,639 minutes: 1,363 triggers of all kinds.
#[test]
fn a_large_job_file() {
    let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
    let weekdays = job::DaysOfWeek::MONDAY | job::DaysOfWeek::FRIDAY;
    let schedules = [
        job::Schedule::Once,
        job::Schedule::Daily { days_interval: 1 },
        job::Schedule::Weekly { weeks_interval: 3, days_of_week: weekdays },
        job::Schedule::MonthlyDate { days: job::DaysOfMonth(1 << 14), months: job::Months(1) },
        job::Schedule::MonthlyDayOfWeek {
            which_week: job::WhichWeek(5),
            days_of_week: weekdays,
            months: job::Months(0xFFF),
        },
    ];
    for n in 0..1363u32 {
        let schedule = schedules[n as usize % schedules.len()];
        let begin = JobDate::new(1601, 1, 1 + (n % 28) as u16);
        job.triggers.push(job::Trigger {
            minutes_interval: 44_639 - n % 7,
            minutes_duration: u32::MAX,
            ..job::Trigger::new(schedule, begin, (n % 24) as u16, (n % 60) as u16)
        });
    }
    assert!(job.to_bytes().unwrap().len() <= 65_536);
    let zone = Counting { zone: europe(), asked: Cell::new(0) };
    let table = Timetable::of_job(&job, &zone, &Options::default());
    let from = datetime!(9000-06-01 0:00 UTC);
    let runs: Vec<_> = table.occurrences(from..).take(5).collect();
    assert_eq!(runs.len(), 5);
    let mut at = from - Duration::nanoseconds(100);
    for run in &runs {
        assert_eq!(table.next_after(at), Some(*run));
        at = run.instant();
    }
    // Some hundred for each trigger in all.
    assert!(zone.asked.get() < 150 * 1363, "{}", zone.asked.get());
}

/// A zone of the database continues by its rule like the database itself, and reports what its clock shows.
#[test]
fn iana_zones_list_their_changes() {
    for name in [
        "Europe/Berlin",
        "America/New_York",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Asia/Kolkata",
        "Asia/Gaza",
    ] {
        let zone = IanaZone::new(name).unwrap();
        let changes = zone.changes().unwrap();
        let mut at = Ticks::MIN;
        let mut before = zone.period_at(at);
        let mut count = 0;
        while before.until != Ticks::MAX && before.until < Ticks::from_instant(datetime!(3000-01-01 0:00 UTC))
        {
            at = before.until;
            let after = zone.period_at(at);
            assert_eq!(after.from, at, "{name}");
            let shown =
                Ticks(at.0 + i64::from(before.offset.whole_seconds()) * 10_000_000).to_civil().unwrap();
            assert!(
                changes.times.contains(&shown.time()) && changes.offsets.contains(&after.offset),
                "{name} {shown}"
            );
            (before, count) = (after, count + 1);
        }
        assert_eq!(
            count > 1000,
            ["Europe/Berlin", "America/New_York", "Asia/Gaza"].contains(&name),
            "{name} {count}"
        );
    }
    let far = |instant: OffsetDateTime| {
        IanaZone::new("Europe/Berlin").unwrap().period_at(Ticks::from_instant(instant))
    };
    // The last Sundays of March and October 9998.
    assert_eq!(far(datetime!(9998-07-01 0:00 UTC)).from, Ticks::from_instant(datetime!(9998-03-29 1:00 UTC)));
    assert_eq!(
        far(datetime!(9998-07-01 0:00 UTC)).until,
        Ticks::from_instant(datetime!(9998-10-25 1:00 UTC))
    );
}
