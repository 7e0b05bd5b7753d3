//! Compiles the triggers of definitions to [`Pattern`]s, or determines why they have none.

use super::{
    days::Days,
    finding::FindingKind,
    months::MonthDays,
    options::Options,
    pattern::{Clock, End, Pattern, Repetition},
};
use crate::{
    definition::{self, Schedule, TriggerKind},
    time::{
        Boundary, BoundaryZone, Ticks, XsDuration,
        ticks::{DAY, MINUTE, SECOND, day_of_any},
    },
};

/// A trigger of a definition ([MS-TSCH] 2.5.3).
pub(super) fn of_trigger(
    trigger: &definition::Trigger,
    index: u32,
    options: &Options,
    findings: &mut Vec<(u32, FindingKind)>,
) -> Result<Pattern, FindingKind> {
    let (random_delay, schedule) = match &trigger.kind {
        TriggerKind::Time { random_delay } => (random_delay, None),
        TriggerKind::Calendar { random_delay, schedule } => (random_delay, Some(schedule)),
        _ => return Err(FindingKind::NotTimed),
    };
    if trigger.enabled == Some(false) && !options.include_disabled_triggers {
        return Err(FindingKind::Disabled);
    }
    let start = trigger.start_boundary.as_ref().ok_or(FindingKind::NoStart)?;
    let (first_day, time) = day_of_any(civil(start).ok_or(FindingKind::OutOfRange)?);
    let days = match schedule {
        None => Days::Once(first_day),
        Some(Schedule::Day { days_interval, .. }) => {
            Days::Every { first: first_day, interval: days_interval.unwrap_or(1).into() }
        }
        Some(Schedule::Week { weeks_interval, days_of_week, .. }) => {
            weekly(days_of_week.bits(), weeks_interval.unwrap_or(1).into(), first_day, options)
        }
        Some(Schedule::Month { days_of_month, months, .. }) => Days::Monthly {
            days: MonthDays::Numbered(days_of_month.bits()),
            months: months.map_or(0xFFF, |months| months.bits()),
        },
        Some(Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. }) => Days::Monthly {
            days: MonthDays::Weekdays { weeks: weeks.bits(), days: days_of_week.bits() },
            months: months.map_or(0xFFF, |months| months.bits()),
        },
    };
    let repetition = trigger.repetition.as_ref().and_then(|stated| {
        let repetition = repetition(stated, options);
        findings.extend(repetition.is_err().then_some((index, FindingKind::Repetition)));
        repetition.ok().flatten()
    });
    let end = match trigger.end_boundary.as_ref().map(|end| (civil(end), clock(end))) {
        None => End::Never,
        Some((Some(civil), Clock::Local)) => End::Local(civil),
        Some((Some(civil), Clock::Offset(minutes))) => {
            End::Instant(civil.saturating_sub(i64::from(minutes) * MINUTE))
        }
        // Before the calendar, or after it.
        Some((None, _)) if trigger.end_boundary.as_ref().is_some_and(Boundary::is_negative) => {
            End::Instant(-2 * DAY)
        }
        Some((None, _)) => End::Never,
    };
    let clock = clock(start);
    let random_delay = random_delay.as_ref().map_or(Some(0), duration);
    findings.extend(random_delay.is_none().then_some((index, FindingKind::RandomDelay)));
    let random_delay = random_delay.unwrap_or(0);
    let pattern = Pattern { trigger: index, days, first_day, time, clock, end, repetition, random_delay };
    if days.any() { Ok(pattern) } else { Err(FindingKind::NoSuchDay) }
}

/// What follows each start; `None` if nothing does, and an error if its length is undefined.
fn repetition(stated: &definition::Repetition, options: &Options) -> Result<Option<Repetition>, ()> {
    let interval = duration(&stated.interval).filter(|interval| *interval > 0).ok_or(())?;
    let lasting = stated.effective(options.profile).duration.value;
    let lasting = lasting.map(|lasting| duration(&lasting).ok_or(())).transpose()?;
    Ok(Repetition::new(interval, lasting, options.repetition_end.unwrap_or_default()))
}

/// Days of the week (bit 0 is Sunday) in every nth week, counted from the week of a day.
pub(super) fn weekly(days: u8, interval: i32, day: i32, options: &Options) -> Days {
    let begin = i32::from(options.first_day_of_week.number_days_from_sunday());
    // Day 0 is a Monday.
    let shift = (8 - begin) % 7;
    let rotated = (u16::from(days) << 7 | u16::from(days)) >> begin & 0x7F;
    match (rotated, interval) {
        (0x7F, 1) => Days::Every { first: day, interval: 1 },
        _ => Days::weekly(rotated as u8, interval, shift, day),
    }
}

fn civil(boundary: &Boundary) -> Option<i64> {
    boundary.civil().map(|civil| Ticks::from_civil(civil).0)
}

/// The clock of a boundary.
fn clock(boundary: &Boundary) -> Clock {
    match boundary.zone() {
        BoundaryZone::Local => Clock::Local,
        BoundaryZone::Utc => Clock::Offset(0),
        BoundaryZone::Offset(minutes) => Clock::Offset(minutes),
    }
}

/// A duration in ticks; `None` unless it consists of days, hours, minutes and seconds. The engine's length of a month
/// is undocumented (EVIDENCE.md TIME-20).
fn duration(duration: &XsDuration) -> Option<i64> {
    let seconds = i64::try_from(duration.to_seconds()?).unwrap_or(i64::MAX);
    Some(seconds.saturating_mul(SECOND).saturating_add(i64::from(duration.subsec_nanos() / 100)))
}
