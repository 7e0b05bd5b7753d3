//! Converts .JOB files and definitions to AT jobs, if AT jobs can express them.

use super::{
    super::{
        difference::{Conversion, Reason},
        draft::Draft,
        field::Field,
        obstacle::{NotV1Compatible, ObstacleReason},
        options::ToJob,
        store::{AT_COMMENT, AT_JOB, Account, Store},
        task_to_job::to_job_or_at,
    },
    command::at_command,
    to_job::{FromAt, dates, first_day, to_monday},
};
use crate::{
    definition::Task,
    job::{DaysOfMonth, DaysOfWeek, Job, JobFlags, MaxRunTime, Months, Priority, Schedule, TriggerFlags},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    time::Zone,
};
use time::Date;

/// Converts a .JOB file to the AT job that runs at the same times, if there is one.
///
/// All triggers must have the same time of day. They must either be MONTHLYDATE and WEEKLY triggers for every month
/// and every week, or ONCE triggers for the next such day after [`FromAt::added`].
///
/// # Errors
/// [`NotV1Compatible`] with everything that an AT job cannot express.
///
/// ```
/// use time::macros::datetime;
/// use wintask::compat::{FromAt, job_to_at};
/// use wintask::job::{DaysOfWeek, Job, JobDate, Schedule, Trigger};
/// use wintask::rpc::atsvc::AtDaysOfWeek;
///
/// let weekly = Schedule::Weekly { weeks_interval: 1, days_of_week: DaysOfWeek::SUNDAY };
/// let job = Job::new(uuid::Uuid::nil(), "a.exe").with_trigger(Trigger::new(weekly, JobDate::new(2024, 1, 1), 8, 0));
/// let at = job_to_at(&job, &FromAt::new(datetime!(2024-01-03 12:00)))?.value;
/// assert_eq!((at.days_of_week, at.job_time), (AtDaysOfWeek::SUNDAY, 8 * 3_600_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn job_to_at(job: &Job, options: &FromAt) -> Result<Conversion<AtInfo>, NotV1Compatible> {
    let mut draft = Draft::default();
    let at = from_job(job, options, &mut draft);
    finish(at, draft)
}

/// Converts a definition to the AT job that runs at the same times, if there is one. Converts it to a .JOB file as
/// [`task_to_job`](crate::compat::task_to_job) does, and that file to an AT job as [`job_to_at`] does.
///
/// # Errors
/// [`NotV1Compatible`] with everything that a .JOB file or an AT job cannot express, including an account other than
/// [`FromAt::account`].
pub fn task_to_at(task: &Task, options: &FromAt) -> Result<Conversion<AtInfo>, NotV1Compatible> {
    by_way_of_job(task, &ToJob::default(), options)
}

/// Like [`task_to_at`], for a computer in this time zone: times with their own zone are converted to local time.
///
/// # Errors
/// The errors of [`task_to_at`].
///
/// ```
/// use time::macros::{datetime, offset};
/// use wintask::compat::{FromAt, task_to_at_in};
/// use wintask::definition::{Exec, Settings, Task, Trigger};
///
/// let settings = Settings { disallow_start_if_on_batteries: Some(false), stop_if_going_on_batteries: Some(false), ..Settings::default() };
/// let mut task = Task { triggers: vec![Trigger::at("2024-01-03T02:00:00Z".parse()?)], settings, ..Task::new(Exec::new("a.exe")) };
/// task.principals.push(wintask::definition::Principal::user("S-1-5-18"));
/// let at = task_to_at_in(&task, &offset!(+1), &FromAt::new(datetime!(2024-01-03 00:00)))?.value;
/// assert_eq!(at.job_time, 3 * 3_600_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn task_to_at_in(
    task: &Task,
    zone: &dyn Zone,
    options: &FromAt,
) -> Result<Conversion<AtInfo>, NotV1Compatible> {
    by_way_of_job(task, &ToJob::default().with_zone(zone), options)
}

fn by_way_of_job(
    task: &Task,
    to_job: &ToJob<'_>,
    options: &FromAt,
) -> Result<Conversion<AtInfo>, NotV1Compatible> {
    let to_job = to_job.with_profile(options.profile);
    let converted =
        to_job_or_at(task, &to_job).map_err(|error| NotV1Compatible { store: Store::At, ..error })?;
    let mut draft = Draft { differences: converted.differences, ..Draft::default() };
    let account = Account::of_task(task);
    if account != Account::Unknown && account != options.account {
        let reason = ObstacleReason::NotInAt("an account other than the AT service account".to_owned());
        draft.obstacle(Field::UserId, reason);
    }
    let at = from_job(&converted.value, options, &mut draft);
    finish(at, draft)
}

fn finish(at: AtInfo, draft: Draft) -> Result<Conversion<AtInfo>, NotV1Compatible> {
    if draft.obstacles.is_empty() {
        Ok(Conversion::new(at, draft.differences))
    } else {
        Err(NotV1Compatible { store: Store::At, obstacles: draft.obstacles })
    }
}

fn from_job(job: &Job, options: &FromAt, draft: &mut Draft) -> AtInfo {
    conditions(job, draft);
    details(job, draft);
    let mut at = AtInfo {
        flags: if job.flags.contains(JobFlags::INTERACTIVE) {
            AtFlags::NONE
        } else {
            AtFlags::NONINTERACTIVE
        },
        command: Some(at_command(&job.application_name, job.parameters.as_ref())),
        ..AtInfo::default()
    };
    let Some(first) = job.triggers.first() else {
        let (number, what, expected) = (0, "triggers", "at least one");
        draft.obstacle(Field::Triggers, ObstacleReason::Number { number, what, expected });
        return at;
    };
    at.job_time = (u32::from(first.start_hour) * 60 + u32::from(first.start_minute)) * 60_000;
    let from = first_day(at.job_time, options.added);
    let mut once = Vec::new();
    for (index, trigger) in job.triggers.iter().enumerate() {
        let mut refuse = |what: &str| {
            draft.obstacle_in(Field::JobTrigger, index, ObstacleReason::NotInAt(what.to_owned()));
        };
        if (trigger.start_hour, trigger.start_minute) != (first.start_hour, first.start_minute) {
            refuse("several times of day");
        }
        if trigger.minutes_interval != 0 {
            refuse("a repetition");
        }
        if trigger.flags.contains(TriggerFlags::DISABLED) {
            refuse("a disabled trigger");
        }
        let begin = trigger.begin.to_date();
        let starts_later = begin.is_none_or(|begin| begin > from);
        let ends = trigger.end.is_some();
        match trigger.schedule {
            Schedule::Once => once.extend(begin.map(|begin| (index, begin))),
            Schedule::MonthlyDate { months: Months::DEFINED, .. } if ends || starts_later => {
                refuse("a first or last date");
            }
            Schedule::Weekly { weeks_interval: 1, .. } if ends || starts_later => {
                refuse("a first or last date")
            }
            Schedule::MonthlyDate { days, months: Months::DEFINED } => at.days_of_month.0 |= days.0,
            Schedule::Weekly { weeks_interval: 1, days_of_week } => {
                at.days_of_week = at.days_of_week.with(to_monday(DaysOfWeek(days_of_week.0)));
            }
            _ => refuse("this type of schedule"),
        }
    }
    let periodic = at.days_of_month.0 != 0 || !at.days_of_week.is_empty();
    if periodic && !once.is_empty() {
        let reason = ObstacleReason::NotInAt("a mixture of single and recurring days".to_owned());
        draft.obstacle(Field::Triggers, reason);
    }
    if periodic {
        at.flags = at.flags.with(AtFlags::RUN_PERIODICALLY);
    } else {
        at.days_of_month = single_days(&once, from, draft);
    }
    let deletes = job.flags.contains(JobFlags::DELETE_WHEN_DONE);
    if deletes == periodic {
        let flag = JobFlags::DELETE_WHEN_DONE.to_string();
        draft.differs(Field::JobFlags, Reason::Flags(flag));
    }
    at
}

/// The days of the month of single dates; none if the job runs at the next occurrence of its time.
fn single_days(once: &[(usize, Date)], from: Date, draft: &mut Draft) -> DaysOfMonth {
    if let [(_, date)] = once
        && *date == from
    {
        return DaysOfMonth::default();
    }
    let days = DaysOfMonth::from_days(once.iter().map(|(_, date)| date.day()));
    let next = dates(days, AtDaysOfWeek::NONE, from);
    for (index, date) in once {
        if !next.contains(date) {
            draft.obstacle_in(Field::JobBegin, *index, ObstacleReason::NotNext(date.to_string()));
        }
    }
    days
}

/// Conditions and limits, which AT jobs lack.
fn conditions(job: &Job, draft: &mut Draft) {
    let known = JobFlags::DELETE_WHEN_DONE | JobFlags::APPLICATION_NAME | JobFlags::INTERACTIVE | AT_JOB;
    let conditions = job.flags.without(known);
    if !conditions.is_empty() {
        draft.obstacle(Field::JobFlags, ObstacleReason::NotInAt(conditions.to_string()));
    }
    if job.working_directory.is_some() {
        draft.obstacle(Field::JobWorkingDirectory, ObstacleReason::NotInAt("a working directory".to_owned()));
    }
    if job.priority != Priority::NORMAL {
        draft.obstacle(Field::JobPriority, ObstacleReason::NotInAt(job.priority.to_string()));
    }
    if job.maximum_run_time != MaxRunTime::DEFAULT {
        let limit = match job.maximum_run_time.limit() {
            Some(_) => format!("a limit of {}", job.maximum_run_time),
            None => "an unlimited run time".to_owned(),
        };
        draft.obstacle(Field::JobMaximumRunTime, ObstacleReason::NotInAt(limit));
    }
    if job.application_name.is_empty() {
        let (value, allowed) = ("an empty text".to_owned(), "1 to 260 characters");
        draft.obstacle(Field::JobApplicationName, ObstacleReason::OutOfRange { value, allowed });
    }
}

/// Details that AT jobs do not state.
fn details(job: &Job, draft: &mut Draft) {
    let fresh = Job::new(job.uuid, "");
    draft.lost(Field::JobProductVersion, job.product_version != fresh.product_version);
    draft.lost(Field::JobUuid, !job.uuid.is_nil());
    draft.lost(Field::JobErrorRetryCount, job.error_retry_count != 0);
    draft.lost(Field::JobErrorRetryInterval, job.error_retry_interval != 0);
    draft.lost(Field::JobIdleWait, job.idle_wait != fresh.idle_wait);
    draft.lost(Field::JobIdleDeadline, job.idle_deadline != fresh.idle_deadline);
    draft.lost(Field::JobAuthor, job.author.is_some());
    draft.lost(Field::JobComment, job.comment.as_ref().is_some_and(|comment| *comment != *AT_COMMENT));
    draft.lost(Field::JobUserData, !job.user_data.is_empty());
    if job.last_run.is_some() || job.running_instances != 0 || job.exit_code != 0 {
        draft.differs(Field::JobLastRun, Reason::RunState);
    }
    for (index, trigger) in job.triggers.iter().enumerate() {
        // A single start ends with its day, since a task that is deleted when done has an end.
        let ends_later = trigger.end.is_some_and(|end| end != trigger.begin);
        if ends_later && trigger.schedule == Schedule::Once {
            draft.differs_in(Field::JobEnd, index, Reason::NoCounterpart);
        }
    }
}
