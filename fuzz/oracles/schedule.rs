//! Run times.

use super::bytes::Bytes;
use time::{Duration, OffsetDateTime, UtcOffset};
use wintask::{
    Profile,
    definition::{
        DaysOfMonth, DaysOfWeek, Exec, Months, Repetition, Schedule, Task, Trigger, TriggerKind, Weeks,
    },
    dtyp::SystemTime,
    schedule::{Options, RepetitionEnd, Timetable},
    time::{
        Boundary, BoundaryZone, Changes, GapPolicy, OverlapPolicy, Period, Ticks, WindowsZone, XsDuration,
        Zone, ZoneRules,
    },
};

/// Any triggers, any zone, any instant: runs are in order and within the boundaries, forward and backward iteration
/// agree, and so do all queries.
///
/// Catches: panics, overflows, hangs, runs found in only one direction, runs outside the boundaries, local times that
/// the zone does not have.
/// Does not catch: a wrong day that all queries agree on; the tests have an independent oracle for that.
pub(crate) fn questions(data: &[u8]) {
    let mut bytes = Bytes(data);
    let zone = zone(&mut bytes);
    let options = options(&mut bytes);
    let instant = instant(&mut bytes);
    let triggers: Vec<_> = (0..1 + bytes.below(3)).map(|_| trigger(&mut bytes)).collect();
    let task = Task { triggers, ..Task::new(Exec::new("a.exe")) };
    let table = Timetable::of_task(&task, &zone, &options);

    let mut last = instant;
    for _ in 0..8 {
        let Some(run) = table.next_after(last) else { break };
        assert!(run.instant() > last, "{run:?} after {last}");
        let trigger = &task.triggers[run.trigger()];
        within(trigger, &table, run.instant());
        assert!(table.triggers_at(run.instant()).any(|at| at == run.trigger()), "{run:?}");
        // There is no run between two runs.
        let previous = table.previous_before(run.instant()).map(|run| run.instant());
        assert!(previous.is_none_or(|previous| previous <= last), "{previous:?} between {last} and {run:?}");
        last = run.instant();
    }
    if let Some(previous) = table.previous_before(instant) {
        assert!(previous.instant() < instant);
        let next = table.next_after(previous.instant()).map(|run| run.instant());
        assert!(next.is_none_or(|next| next >= instant), "{next:?} between {previous:?} and {instant}");
        assert!(table.triggers_at(previous.instant()).next().is_some());
    }

    // A time range from both ends, and one run at a time.
    let until = instant.saturating_add(Duration::hours(bytes.below(200).into()));
    let forwards: Vec<_> = table.occurrences(instant..until).take(200).map(|run| run.instant()).collect();
    assert!(forwards.is_sorted_by(|a, b| a < b), "{forwards:?}");
    if forwards.len() < 200 {
        let mut backwards: Vec<_> =
            table.occurrences(instant..until).rev().map(|run| run.instant()).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);
        assert_eq!(table.count(instant..until), forwards.len() as u64);
    }
    let mut at = instant.saturating_sub(Duration::nanoseconds(100));
    for run in forwards.iter().take(20) {
        let next = table.next_after(at).map(|run| run.instant());
        assert_eq!(next.as_ref(), Some(run));
        at = *run;
    }

    // Consecutive years, forwards, backwards, and from both ends.
    let until = instant.saturating_add(Duration::weeks((40 * bytes.below(256)).into()));
    let (mut runs, mut at) =
        (table.occurrences(instant..until), instant.saturating_sub(Duration::nanoseconds(100)));
    for run in runs.by_ref().take(60) {
        assert_eq!(table.next_after(at), Some(run), "after {at}");
        let offset = zone.period_at(Ticks::from_instant(run.instant())).offset;
        assert_eq!(
            run.local().assume_utc() - run.instant(),
            Duration::seconds(offset.whole_seconds().into())
        );
        at = run.instant();
    }
    let mut end = until;
    for turn in 0..20 {
        let run = if bytes.below(2) == 0 { runs.next_back() } else { runs.next() };
        let Some(run) = run else { break };
        assert!(at < run.instant() && run.instant() < end, "{run:?}, turn {turn}");
        if table.next_after(at) == Some(run) {
            at = run.instant();
        } else {
            assert_eq!(table.previous_before(end), Some(run), "before {end}");
            end = run.instant();
        }
    }
}

/// A run is not before the trigger's start or after its end.
fn within<Z: Zone>(trigger: &Trigger, table: &Timetable<Z>, run: OffsetDateTime) {
    let instant = |boundary: &Boundary| match boundary.zone() {
        BoundaryZone::Local => boundary.civil().map(|civil| table.instant(civil)),
        _ => boundary.instant(),
    };
    if let Some(start) = trigger.start_boundary.as_ref().and_then(instant) {
        assert!(run >= start, "{run} before {start}");
    }
    if let Some(end) = trigger.end_boundary.as_ref().and_then(instant) {
        assert!(run <= end, "{run} after {end}");
    }
}

/// A fixed offset, or rules.
#[derive(Debug)]
enum AnyZone {
    Fixed(UtcOffset),
    Windows(Box<WindowsZone>),
}

impl Zone for AnyZone {
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

fn zone(bytes: &mut Bytes<'_>) -> AnyZone {
    let bias = bytes.below(2 * 1440) as i32 - 1440;
    let change = |bytes: &mut Bytes<'_>| SystemTime {
        year: bytes.one(&[0, 0, 0, 1601, 2024, 9999]),
        month: bytes.below(14) as u16,
        day: bytes.below(7) as u16,
        day_of_week: bytes.below(8) as u16,
        hour: bytes.below(25) as u16,
        minute: bytes.below(61) as u16,
        second: bytes.one(&[0, 0, 59]),
        milliseconds: bytes.one(&[0, 0, 999]),
    };
    let rules = ZoneRules {
        bias,
        standard_bias: bytes.one(&[0, 0, 60, -720]),
        daylight_bias: bytes.one(&[-60, -60, -30, 60, -120, -1440, 719]),
        standard_date: change(bytes),
        daylight_date: change(bytes),
    };
    match WindowsZone::new(rules) {
        Ok(zone) => AnyZone::Windows(Box::new(zone)),
        Err(_) => AnyZone::Fixed(UtcOffset::from_whole_seconds(bias * 60).unwrap_or(UtcOffset::UTC)),
    }
}

fn options(bytes: &mut Bytes<'_>) -> Options {
    Options::default()
        .with_profile(bytes.one(&[Profile::Windows, Profile::Specification]))
        .with_gap(bytes.one(&[GapPolicy::FirstInstant, GapPolicy::Shift, GapPolicy::Skip]))
        .with_overlap(bytes.one(&[OverlapPolicy::First, OverlapPolicy::Second]))
        .with_repetition_end(bytes.one(&[RepetitionEnd::Inclusive, RepetitionEnd::Exclusive]))
}

/// From the year 1600 to the year 10000, more often near the ends and near 2024.
fn instant(bytes: &mut Bytes<'_>) -> OffsetDateTime {
    let near = bytes.one(&["1600-12-30T00:00:00Z", "2024-01-01T00:00:00Z", "9999-12-20T00:00:00Z"]);
    let near = near.parse::<Boundary>().ok().and_then(|near| near.instant()).expect("an instant");
    let (minutes, seconds) = (bytes.below(4 * 366 * 1440), bytes.below(60));
    let instant = near.saturating_add(Duration::seconds(i64::from(minutes) * 60 + i64::from(seconds)));
    instant.replace_nanosecond(0).expect("a whole second")
}

fn boundary(bytes: &mut Bytes<'_>) -> Boundary {
    let instant = instant(bytes);
    let text = Boundary::utc(instant).as_str().trim_end_matches('Z').to_owned();
    let zone = bytes.one(&["", "", "", "Z", "+05:30", "-14:00"]);
    format!("{text}{zone}").parse().expect("a boundary")
}

fn trigger(bytes: &mut Bytes<'_>) -> Trigger {
    let weekdays = |bytes: &mut Bytes<'_>| DaysOfWeek::from_bits(bytes.byte());
    let months = |bytes: &mut Bytes<'_>| match bytes.below(3) {
        0 => None,
        _ => Some(Months::from_bits(bytes.word() as u16)),
    };
    let schedule = match bytes.below(5) {
        0 => None,
        1 => Some(Schedule::daily(bytes.below(400) as u16)),
        2 => Some(Schedule::weekly(bytes.below(60) as u8, weekdays(bytes))),
        3 => {
            let days = DaysOfMonth::from_bits(bytes.word());
            Some(Schedule::Month { days_of_month: days, months: months(bytes), extra: Default::default() })
        }
        _ => Some(Schedule::MonthDayOfWeek {
            weeks: Weeks::from_bits(bytes.byte()),
            days_of_week: weekdays(bytes),
            months: months(bytes),
            extra: Default::default(),
        }),
    };
    let kind = match schedule {
        None => TriggerKind::Time { random_delay: None },
        Some(schedule) => TriggerKind::Calendar { random_delay: None, schedule },
    };
    let start_boundary = Some(boundary(bytes));
    let end_boundary = (bytes.below(3) == 0).then(|| boundary(bytes));
    let repetition = (bytes.below(2) == 0).then(|| {
        let every = Repetition::every(XsDuration::from_seconds(bytes.below(40 * 86_400)));
        match bytes.below(4) {
            0 => every,
            // Up to the whole calendar.
            1 => every.lasting(format!("P{}D", bytes.below(3_067_671)).parse().expect("a duration")),
            _ => every.lasting(XsDuration::from_seconds(bytes.below(40 * 86_400))),
        }
    });
    Trigger { start_boundary, end_boundary, repetition: repetition.map(Box::new), ..Trigger::new(kind) }
}
