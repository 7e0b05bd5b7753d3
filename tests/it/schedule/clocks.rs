//! Zones of a caller: changed by up to a day, at any time, with periods of any length.

use super::{days::schedules, oracle};
use proptest::prelude::*;
use std::collections::BTreeSet;
use time::{
    Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, Weekday,
    macros::{date, datetime, offset},
};
use wintask::{
    definition::{DaysOfWeek, Repetition, Schedule, Trigger},
    schedule::{Options, Timetable},
    time::{GapPolicy, IanaZone, LocalTime, OverlapPolicy, Period, Ticks, XsDuration, Zone},
};

/// An offset, and another from each change on; with periods that reach so far before and after the instant.
#[derive(Clone, Debug)]
struct Changing {
    offset: UtcOffset,
    changes: Vec<(OffsetDateTime, UtcOffset)>,
    reach: Option<Duration>,
}

impl Changing {
    fn new(offset: UtcOffset, changes: &[(OffsetDateTime, UtcOffset)]) -> Self {
        Self { offset, changes: changes.to_vec(), reach: None }
    }

    fn offset_at(&self, instant: OffsetDateTime) -> UtcOffset {
        let last = self.changes.iter().rev().find(|(at, _)| *at <= instant);
        last.map_or(self.offset, |(_, offset)| *offset)
    }

    /// The instants at which the clock shows a time: those that differ from it by the offset effective then. If a change
    /// skips the time, that change, and the instant by the earlier offset.
    fn instant(&self, local: PrimitiveDateTime, options: &Options) -> Option<OffsetDateTime> {
        let local = local.assume_utc();
        let ahead = |at: OffsetDateTime| Duration::seconds(self.offset_at(at).whole_seconds().into());
        let offsets = self.changes.iter().map(|(_, offset)| *offset).chain([self.offset]);
        let instants = offsets.map(|offset| local - Duration::seconds(offset.whole_seconds().into()));
        let shown: BTreeSet<_> = instants.filter(|at| *at + ahead(*at) == local).collect();
        let shown: Vec<_> = shown.into_iter().collect();
        if let Some(first) = shown.first() {
            let second = options.overlap == OverlapPolicy::Second;
            return shown.get(usize::from(second)).or(Some(first)).copied();
        }
        let skipped = self.changes.iter().rev().find_map(|(at, _)| {
            let before = ahead(*at - Duration::MINUTE);
            (local - before >= *at && local - ahead(*at) < *at).then_some((*at, local - before))
        });
        let (change, shifted) = skipped.expect("a change that skips the time");
        match options.gap {
            GapPolicy::Skip => None,
            GapPolicy::Shift => Some(shifted),
            _ => Some(change),
        }
    }
}

impl Zone for Changing {
    fn period_at(&self, instant: Ticks) -> Period {
        let mut period = Period { offset: self.offset, from: Ticks::MIN, until: Ticks::MAX };
        for (at, offset) in &self.changes {
            let at = Ticks::from_instant(*at);
            if at > instant {
                period.until = at;
                break;
            }
            (period.from, period.offset) = (at, *offset);
        }
        if let Some(reach) = self.reach {
            let reach = i64::try_from(reach.whole_microseconds()).unwrap() * 10;
            period.from = period.from.max(Ticks(instant.0 - reach));
            period.until = period.until.min(Ticks(instant.0 + reach));
        }
        period
    }
}

/// Offsets that are a day apart at most, changed now and then within two months.
fn changing() -> impl Strategy<Value = Changing> {
    let offset = || {
        let minutes = prop_oneof![(-24..=24i32).prop_map(|half| half * 30), -720..=720i32];
        minutes.prop_map(|minutes| UtcOffset::from_whole_seconds(minutes * 60).unwrap())
    };
    // Some of them close together.
    let minutes = prop_oneof![0..60 * 1440i64, 30 * 1440..33 * 1440i64];
    let change = (minutes, offset());
    let reach =
        prop_oneof![2 => Just(None), 1 => (1..4000i64).prop_map(|minutes| Some(Duration::minutes(minutes)))];
    (-13..=13i32, offset(), proptest::collection::vec(change, 0..5), reach).prop_map(
        |(hours, offset, changes, reach)| {
            // Anywhere that offsets can be.
            let shift = |offset: UtcOffset| {
                UtcOffset::from_whole_seconds(offset.whole_seconds() + hours * 3600).unwrap()
            };
            let from = datetime!(2023-12-01 0:00 UTC);
            let mut changes: Vec<_> = changes
                .into_iter()
                .map(|(minutes, offset)| (from + Duration::minutes(minutes), shift(offset)))
                .collect();
            changes.sort_unstable();
            changes.dedup_by_key(|(at, _)| *at);
            Changing { offset: shift(offset), changes, reach }
        },
    )
}

fn options() -> impl Strategy<Value = Options> {
    let gaps = prop_oneof![Just(GapPolicy::FirstInstant), Just(GapPolicy::Shift), Just(GapPolicy::Skip)];
    let overlaps = prop_oneof![Just(OverlapPolicy::First), Just(OverlapPolicy::Second)];
    (gaps, overlaps).prop_map(|(gap, overlap)| Options::default().with_gap(gap).with_overlap(overlap))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Against asking the clock what it shows.
    #[test]
    fn any_clock(
        schedule in schedules(),
        minute in 0..1440i64,
        repetition in proptest::option::of((30..600u32, 1..2880u32)),
        zone in changing(),
        options in options(),
        instants in proptest::collection::vec(prop_oneof![0..100 * 1440i64, 58 * 1440..67 * 1440i64], 12),
    ) {
        let first = date!(2023 - 11 - 10);
        let time = Time::MIDNIGHT + Duration::minutes(minute);
        let mut runs = BTreeSet::new();
        let mut day = first;
        while day < date!(2024 - 02 - 20) {
            if oracle::counts(Some(&schedule), first, day, Weekday::Sunday) {
                runs.extend(zone.instant(day.with_time(time), &options));
            }
            day += Duration::DAY;
        }
        let mut trigger = Trigger::calendar(schedule, first.with_time(time).into());
        if let Some((interval, lasting)) = repetition {
            let repeated = runs.iter().flat_map(|start| {
                let minutes = (0..=lasting).step_by(interval as usize);
                minutes.map(move |minutes| *start + Duration::minutes(minutes.into()))
            });
            runs = repeated.collect();
            let every = Repetition::every(XsDuration::from_minutes(interval));
            trigger.repetition = Some(every.lasting(XsDuration::from_minutes(lasting)).into());
        }
        let (from, until) = (datetime!(2023-11-01 0:00 UTC), datetime!(2024-02-15 0:00 UTC));
        let expected: Vec<_> = runs.range(from..until).copied().collect();
        let table = Timetable::of_trigger(&trigger, &zone, &options);
        let instants_of = |from| table.occurrences(from..until).map(|run| run.instant()).collect::<Vec<_>>();
        prop_assert_eq!(&instants_of(from), &expected);
        let mut backwards: Vec<_> = table.occurrences(from..until).rev().map(|run| run.instant()).collect();
        backwards.reverse();
        prop_assert_eq!(&backwards, &expected);
        for run in table.occurrences(from..until) {
            let offset = zone.offset_at(run.instant());
            prop_assert_eq!(run.local().assume_offset(offset), run.instant());
        }
        for minutes in instants {
            let at = from + Duration::minutes(minutes);
            let rest: Vec<_> = runs.range(at..until).copied().collect();
            prop_assert_eq!(&instants_of(at), &rest, "from {}", at);
            prop_assert_eq!(table.count(at..until), rest.len() as u64);
            let next = table.next_after(at - Duration::nanoseconds(100)).map(|run| run.instant());
            prop_assert_eq!(next.filter(|next| *next < until), rest.first().copied(), "from {}", at);
            let previous = table.previous_before(at).map(|run| run.instant());
            prop_assert_eq!(previous, runs.range(..at).next_back().copied(), "before {}", at);
        }
    }
}

/// Samoa skipped Friday, 30 December 2011: shifted, its run is on Saturday, for any question about that time.
#[test]
fn shifted_by_a_day() {
    let start = "2011-12-02T20:00:00".parse().unwrap();
    let trigger = Trigger::calendar(Schedule::weekly(1, DaysOfWeek::FRIDAY), start);
    let options = Options::default().with_gap(GapPolicy::Shift);
    let table = Timetable::of_trigger(&trigger, IanaZone::new("Pacific/Apia").unwrap(), &options);
    let (run, midnight) = (datetime!(2011-12-31 6:00 UTC), datetime!(2011-12-31 0:00 UTC));
    assert!(table.occurrences(..).any(|occurrence| occurrence.instant() == run));
    assert_eq!(table.next_after(midnight).map(|run| run.instant()), Some(run));
    assert_eq!(table.occurrences(midnight..).next().map(|run| run.instant()), Some(run));
    assert_eq!(table.count(midnight..datetime!(2012-01-02 0:00 UTC)), 1);
}

/// Stretches may overlap; an instant that is in two of them is still one.
#[test]
fn stretches_that_overlap() {
    let change = datetime!(2022-12-23 6:00 UTC);
    let zone =
        Changing { reach: Some(Duration::HOUR), ..Changing::new(offset!(+9), &[(change, offset!(+6))]) };
    assert_eq!(
        zone.resolve(datetime!(2022-12-23 13:30)),
        LocalTime::Overlap { first: datetime!(2022-12-23 4:30 UTC), second: datetime!(2022-12-23 7:30 UTC) }
    );
}

/// Within a clock's last hours of the calendar, too, no run is where the calendar has no date.
#[test]
fn past_the_end_and_back() {
    let over =
        [(datetime!(9999-12-31 20:00 UTC), offset!(+6)), (datetime!(9999-12-31 21:00 UTC), offset!(UTC))];
    let before =
        [(datetime!(1601-01-01 1:00 UTC), offset!(-4)), (datetime!(1601-01-01 6:00 UTC), offset!(-9))];
    let hourly = |start: &str| Trigger {
        repetition: Some(Repetition::every(XsDuration::from_minutes(60)).into()),
        ..Trigger::calendar(Schedule::daily(1), start.parse().unwrap())
    };
    let last = Changing::new(offset!(UTC), &over);
    let last = Timetable::of_trigger(&hourly("9999-12-31T18:30:00"), last, &Options::default());
    let runs: Vec<_> = last.occurrences(..).map(|run| run.local()).collect();
    assert_eq!(runs, [datetime!(9999-12-31 18:30), datetime!(9999-12-31 19:30)]);
    let first = Changing::new(offset!(UTC), &before);
    let first = Timetable::of_trigger(&hourly("1601-01-01T00:30:00Z"), first, &Options::default());
    let run = first.occurrences(..).next().unwrap();
    assert_eq!((run.instant(), run.local()), (datetime!(1601-01-01 9:30 UTC), datetime!(1601-01-01 0:30)));
}
