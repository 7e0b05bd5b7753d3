//! Compiles triggers of every kind to [`Pattern`]s, or finds the reason why they have none.

use super::{
    days::{Days, MonthDays},
    finding::FindingKind,
    options::{Options, RepetitionEnd},
    pattern::{Clock, End, Pattern, Repetition},
};
use crate::{
    definition::{self, Schedule, TriggerKind},
    job,
    rpc::atsvc::{AtFlags, AtInfo},
    time::{
        Boundary, BoundaryZone, Ticks, XsDuration, calendar,
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

/// What follows each start; `None` if nothing does, an error if its length is not defined.
fn repetition(stated: &definition::Repetition, options: &Options) -> Result<Option<Repetition>, ()> {
    let interval = duration(&stated.interval).filter(|interval| *interval > 0).ok_or(())?;
    let lasting = stated.effective(options.profile).duration.value;
    let lasting = lasting.map(|lasting| duration(&lasting).ok_or(())).transpose()?;
    Ok(Repetition::new(interval, lasting, options.repetition_end.unwrap_or_default()))
}

/// A trigger of a .JOB file ([MS-TSCH] 2.4.2.11).
pub(super) fn of_job_trigger(
    trigger: &job::Trigger,
    index: u32,
    options: &Options,
    repetition_end: RepetitionEnd,
) -> Result<Pattern, FindingKind> {
    if !trigger.schedule.is_timed() {
        return Err(FindingKind::NotTimed);
    }
    if trigger.is_disabled() && !options.include_disabled_triggers {
        return Err(FindingKind::Disabled);
    }
    let first_day = job_day(trigger.begin).ok_or(FindingKind::OutOfRange)?;
    if trigger.start_hour > 23 || trigger.start_minute > 59 {
        return Err(FindingKind::OutOfRange);
    }
    let months = |months: job::Months| months.0 & job::Months::DEFINED.0;
    let week_days = |days: job::DaysOfWeek| (days.0 & job::DaysOfWeek::DEFINED.0) as u8;
    let days = match trigger.schedule {
        job::Schedule::Daily { days_interval } => {
            Days::Every { first: first_day, interval: days_interval.into() }
        }
        job::Schedule::Weekly { weeks_interval, days_of_week } => {
            weekly(week_days(days_of_week), weeks_interval.into(), first_day, options)
        }
        job::Schedule::MonthlyDate { days, months: of } => Days::Monthly {
            days: MonthDays::Numbered(days.0 & !job::DaysOfMonth::UNUSED),
            months: months(of),
        },
        job::Schedule::MonthlyDayOfWeek { which_week, days_of_week, months: of } => {
            let weeks = if (1..=5).contains(&which_week.0) { 1 << (which_week.0 - 1) } else { 0 };
            let days = MonthDays::Weekdays { weeks, days: week_days(days_of_week) };
            Days::Monthly { days, months: months(of) }
        }
        _ => Days::Once(first_day),
    };
    // The end date is the last day on which the trigger fires.
    let end = match trigger.end {
        None => End::Never,
        Some(end) if end.year > 9999 => End::Never,
        Some(end) => End::LocalExclusive((i64::from(job_day(end).ok_or(FindingKind::OutOfRange)?) + 1) * DAY),
    };
    let repetition = match trigger.minutes_interval {
        0 => None,
        interval => {
            let lasting = i64::from(trigger.minutes_duration) * MINUTE;
            Repetition::new(i64::from(interval) * MINUTE, Some(lasting), repetition_end)
        }
    };
    let time = i64::from(trigger.start_hour) * 60 + i64::from(trigger.start_minute);
    let pattern = Pattern {
        trigger: index,
        days,
        first_day,
        time: time * MINUTE,
        clock: Clock::Local,
        end,
        repetition,
        random_delay: 0,
    };
    if days.any() { Ok(pattern) } else { Err(FindingKind::NoSuchDay) }
}

/// An AT job ([MS-TSCH] 2.3.4, 3.2.6.1) that was added at a local time. One that is not periodic runs once for each of
/// its days, or, without any, at the next time of its day.
pub(super) fn of_at(at: &AtInfo, added: i64, options: &Options) -> Result<Vec<Pattern>, FindingKind> {
    let time = i64::from(at.job_time) * (SECOND / 1000);
    if time >= DAY {
        return Err(FindingKind::OutOfRange);
    }
    // There are no days before the calendar's first.
    let (today, now) = day_of_any(added.max(0));
    let mut numbered = at.days_of_month.0 & !job::DaysOfMonth::UNUSED;
    if at.flags.contains(AtFlags::ADD_CURRENT_DATE) {
        numbered |= 1 << (calendar::civil(today).day - 1);
    }
    // The weeks of AT begin on Monday.
    let week_days = (at.days_of_week.0 << 1 & 0x7E) | at.days_of_week.0 >> 6 & 1;
    let first_day = if now > time { today + 1 } else { today };
    let pattern = |days| Pattern {
        trigger: 0,
        days,
        first_day,
        time,
        clock: Clock::Local,
        end: End::Never,
        repetition: None,
        random_delay: 0,
    };
    let by_number = Days::Monthly { days: MonthDays::Numbered(numbered), months: 0xFFF };
    let by_week = weekly(week_days, 1, first_day, options);
    if numbered == 0 && week_days == 0 {
        return Ok(vec![pattern(Days::Once(first_day))]);
    }
    if at.flags.contains(AtFlags::RUN_PERIODICALLY) {
        return Ok([by_number, by_week].into_iter().filter(|days| days.any()).map(pattern).collect());
    }
    // The first day of each bit, on which the bit is cleared.
    let firsts = (0..31)
        .filter(|n| numbered >> n & 1 != 0)
        .filter_map(|n| Days::Monthly { days: MonthDays::Numbered(1 << n), months: 0xFFF }.next(first_day));
    let firsts = firsts.chain(
        (0..7u8)
            .filter(|n| week_days >> n & 1 != 0)
            .filter_map(|n| weekly(1 << n, 1, first_day, options).next(first_day)),
    );
    let days = firsts.fold(0u64, |days, day| days | 1u64.checked_shl((day - first_day) as u32).unwrap_or(0));
    Ok(vec![pattern(Days::Listed { first: first_day, days })])
}

/// Days of the week (bit 0 is Sunday) of every n weeks, counted from the week of a day.
fn weekly(days: u8, interval: i32, day: i32, options: &Options) -> Days {
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

/// The clock that a boundary refers to.
fn clock(boundary: &Boundary) -> Clock {
    match boundary.zone() {
        BoundaryZone::Local => Clock::Local,
        BoundaryZone::Utc => Clock::Offset(0),
        BoundaryZone::Offset(minutes) => Clock::Offset(minutes),
    }
}

/// The day of a date in a .JOB file, if the calendar has it.
fn job_day(date: job::JobDate) -> Option<i32> {
    date.to_date().map(|date| day_of_any(Ticks::from_civil(date.midnight()).0).0)
}

/// A duration in ticks; `None` if it is not one of days, hours, minutes and seconds: how long a month is to the engine,
/// is documented nowhere (EVIDENCE.md TIME-20).
fn duration(duration: &XsDuration) -> Option<i64> {
    let seconds = i64::try_from(duration.to_seconds()?).unwrap_or(i64::MAX);
    Some(seconds.saturating_mul(SECOND).saturating_add(i64::from(duration.subsec_nanos() / 100)))
}
