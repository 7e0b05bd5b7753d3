//! Run times of .JOB files ([MS-TSCH] 2.4.2.11).

use super::{
    compile::weekly,
    days::Days,
    finding::FindingKind,
    months::MonthDays,
    occurrence::Occurrence,
    options::{Options, RepetitionEnd},
    pattern::{Clock, End, Pattern, Repetition},
    patterns::{Builder, Patterns},
    timetable::Timetable,
};
use crate::{
    dtyp::HResult,
    job::{DaysOfMonth, DaysOfWeek, Job, JobDate, JobFlags, Months, ProductVersion, Schedule, Trigger},
    time::{
        Ticks, Zone,
        ticks::{DAY, MINUTE, day_of_any},
    },
};
use time::OffsetDateTime;

impl Patterns {
    /// Compiles the triggers of a .JOB file ([MS-TSCH] 2.4.2.11). Its times are local (EVIDENCE.md TIME-22), and
    /// repetitions in a file written before Vista exclude their ends (EVIDENCE.md TIME-11).
    #[must_use]
    pub fn of_job(job: &Job, options: &Options) -> Self {
        let disabled = job.flags.contains(JobFlags::DISABLED) && !options.include_disabled_task;
        let before_vista = job.product_version < ProductVersion::WINDOWS_VISTA;
        let written = if before_vista { RepetitionEnd::Exclusive } else { RepetitionEnd::Inclusive };
        let end = options.repetition_end.unwrap_or(written);
        let mut builder = Builder::new(disabled);
        for (index, trigger) in (0..).zip(&job.triggers) {
            builder.take(index, pattern(trigger, index, options, end));
        }
        builder.build()
    }
}

impl<Z: Zone> Timetable<Z> {
    /// The runs of a .JOB file; see [`Patterns::of_job`].
    #[must_use]
    pub fn of_job(job: &Job, zone: Z, options: &Options) -> Self {
        Self::new(Patterns::of_job(job, options), zone, options)
    }
}

/// The next run of a .JOB file after now, and the status that `ITask::GetNextRunTime` returns (EVIDENCE.md TIME-17):
/// SCHED_S_TASK_DISABLED for a disabled task, SCHED_S_TASK_NO_VALID_TRIGGERS if no trigger is enabled,
/// SCHED_S_EVENT_TRIGGER if only events start it, SCHED_S_TASK_NO_MORE_RUNS if there are no more runs, or S_OK.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{dtyp::HResult, job::{Job, JobDate, Schedule, Trigger}, schedule::{Options, next_run_time}};
///
/// let mut job = Job::new(uuid::Uuid::nil(), "backup.exe");
/// job.triggers.push(Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2024, 1, 3), 2, 0));
/// let now = datetime!(2024-06-01 12:00 UTC);
/// let (hresult, run) = next_run_time(&job, UtcOffset::UTC, now, &Options::default());
/// assert_eq!(hresult, HResult::S_OK);
/// assert_eq!(run.map(|run| run.instant()), Some(datetime!(2024-06-02 02:00 UTC)));
/// ```
pub fn next_run_time<Z: Zone>(
    job: &Job,
    zone: Z,
    now: OffsetDateTime,
    options: &Options,
) -> (HResult, Option<Occurrence>) {
    let enabled = || job.triggers.iter().filter(|trigger| !trigger.is_disabled());
    if job.flags.contains(JobFlags::DISABLED) {
        return (HResult::SCHED_S_TASK_DISABLED, None);
    }
    if enabled().next().is_none() {
        return (HResult::SCHED_S_TASK_NO_VALID_TRIGGERS, None);
    }
    if !enabled().any(|trigger| trigger.schedule.is_timed()) {
        return (HResult::SCHED_S_EVENT_TRIGGER, None);
    }
    match Timetable::of_job(job, zone, &options.with_disabled_triggers(false)).next_after(now) {
        Some(run) => (HResult::S_OK, Some(run)),
        None => (HResult::SCHED_S_TASK_NO_MORE_RUNS, None),
    }
}

/// The current status of a .JOB file as shown by the scheduler ([MS-TSCH] 2.4.1, EVIDENCE.md JOB-11), regardless of
/// the file's own field: running, disabled, no triggers, never run, no more runs, or ready.
pub fn job_status<Z: Zone>(job: &Job, zone: Z, now: OffsetDateTime, options: &Options) -> HResult {
    if job.running_instances > 0 {
        return HResult::SCHED_S_TASK_RUNNING;
    }
    match next_run_time(job, zone, now, options).0 {
        HResult::SCHED_S_TASK_DISABLED => HResult::SCHED_S_TASK_DISABLED,
        _ if job.triggers.is_empty() => HResult::SCHED_S_TASK_NOT_SCHEDULED,
        _ if job.last_run.is_none() => HResult::SCHED_S_TASK_HAS_NOT_RUN,
        HResult::SCHED_S_TASK_NO_MORE_RUNS => HResult::SCHED_S_TASK_NO_MORE_RUNS,
        _ => HResult::SCHED_S_TASK_READY,
    }
}

/// A trigger of a .JOB file ([MS-TSCH] 2.4.2.11).
fn pattern(
    trigger: &Trigger,
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
    let months = |months: Months| months.0 & Months::DEFINED.0;
    let week_days = |days: DaysOfWeek| (days.0 & DaysOfWeek::DEFINED.0) as u8;
    let days = match trigger.schedule {
        Schedule::Daily { days_interval } => Days::Every { first: first_day, interval: days_interval.into() },
        Schedule::Weekly { weeks_interval, days_of_week } => {
            weekly(week_days(days_of_week), weeks_interval.into(), first_day, options)
        }
        Schedule::MonthlyDate { days, months: of } => {
            Days::Monthly { days: MonthDays::Numbered(days.0 & !DaysOfMonth::UNUSED), months: months(of) }
        }
        Schedule::MonthlyDayOfWeek { which_week, days_of_week, months: of } => {
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

/// The day of a date in a .JOB file, if it exists.
fn job_day(date: JobDate) -> Option<i32> {
    date.to_date().map(|date| day_of_any(Ticks::from_civil(date.midnight()).0).0)
}
