//! What the scheduler's methods return about run times.

use super::{occurrence::Occurrence, options::Options, patterns::Patterns, timetable::Timetable};
use crate::{
    dtyp::HResult,
    job::{Job, JobFlags},
    limits,
    time::Zone,
};
use std::{borrow::Borrow, ops::RangeBounds};
use time::OffsetDateTime;

/// The answer of `SchRpcScheduledRuntimes`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ScheduledRuntimes {
    /// S_OK: these are all runs. S_FALSE: there are more. SCHED_S_TASK_NO_MORE_RUNS: there is none in this range.
    /// SCHED_S_TASK_NOT_SCHEDULED: there is no time-based trigger.
    pub hresult: HResult,
    /// The runs, in order.
    pub occurrences: Vec<Occurrence>,
}

/// What `SchRpcScheduledRuntimes` returns ([MS-TSCH] 3.2.5.4.16) for a timetable made with
/// [`Options::scheduled_runtimes`]: the first runs of a range of time, at most [`limits::SCHEDULED_RUNTIMES`].
///
/// The range of Windows includes its start and excludes its end, as `start..end` does.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{Profile, definition::{Schedule, Trigger}, dtyp::HResult};
/// use wintask::schedule::{Options, Timetable, scheduled_runtimes};
///
/// let daily = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
/// let table = Timetable::of_trigger(&daily, UtcOffset::UTC, &Options::scheduled_runtimes(Profile::Windows));
/// let answer = scheduled_runtimes(&table, datetime!(2024-01-01 00:00 UTC)..datetime!(2024-01-05 00:00 UTC), 10);
/// assert_eq!((answer.hresult, answer.occurrences.len()), (HResult::S_OK, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scheduled_runtimes<Z: Zone, P: Borrow<Patterns>>(
    table: &Timetable<Z, P>,
    range: impl RangeBounds<OffsetDateTime>,
    requested: u32,
) -> ScheduledRuntimes {
    let requested = usize::try_from(requested).unwrap_or(usize::MAX).min(limits::SCHEDULED_RUNTIMES);
    let mut runs = table.occurrences(range);
    let occurrences: Vec<_> = runs.by_ref().take(requested).collect();
    let hresult = if !table.is_timed() {
        HResult::SCHED_S_TASK_NOT_SCHEDULED
    } else if runs.next().is_some() {
        HResult::S_FALSE
    } else if occurrences.is_empty() {
        HResult::SCHED_S_TASK_NO_MORE_RUNS
    } else {
        HResult::S_OK
    };
    ScheduledRuntimes { hresult, occurrences }
}

/// The next run of a .JOB file after now, and what `ITask::GetNextRunTime` returns with it (EVIDENCE.md TIME-17):
/// SCHED_S_TASK_DISABLED for a task that is disabled, SCHED_S_TASK_NO_VALID_TRIGGERS if no trigger is enabled,
/// SCHED_S_EVENT_TRIGGER if only events start it, SCHED_S_TASK_NO_MORE_RUNS if no run is left, and S_OK.
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

/// The status that the scheduler shows for a .JOB file now ([MS-TSCH] 2.4.1, EVIDENCE.md JOB-11), regardless of the file's
/// own field: running, disabled, without triggers, not run so far, without further runs, or ready.
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
