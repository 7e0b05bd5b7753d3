//! Converts a .JOB file to a definition.

use super::{
    difference::{Conversion, Differences, Reason},
    draft::Report,
    field::Field,
    flags,
    options::ToTask,
    priority::{self, Match},
    span,
    store::{AT_COMMENT, AT_JOB, Account, Store},
    task_to_job::AUTHOR,
    texts, trigger,
};
use crate::{
    definition::{
        Exec, IdleSettings, LogonType, MultipleInstancesPolicy, Principal, SchemaVersion, Settings, Task,
        TriggerKind,
    },
    job::{Job, JobFlags, MaxRunTime},
    time::{Boundary, XsDuration},
};

/// Whether `NetrJobAdd` created a job: it has the flag [`AT_JOB`], or the comment that all such jobs have
/// (EVIDENCE.md JOB-21).
#[must_use]
pub fn is_at_job(job: &Job) -> bool {
    job.flags.contains(AT_JOB) || job.comment.as_ref().is_some_and(|comment| *comment == *AT_COMMENT)
}

/// Converts a .JOB file to a definition.
///
/// Every flag becomes an element, whether set or not, because the defaults of definitions differ. A trigger that a
/// definition cannot express is omitted, with a difference of severity `Error`.
///
/// ```
/// use wintask::compat::{ToTask, job_to_task};
/// use wintask::job::{Job, JobDate, JobFlags, Schedule, Trigger};
///
/// let once = Trigger::new(Schedule::Once, JobDate::new(2024, 1, 3), 2, 30);
/// let job = Job::new(uuid::Uuid::nil(), "a.exe").with_trigger(once).with_flags(JobFlags::DELETE_WHEN_DONE);
/// let conversion = job_to_task(&job, &ToTask::default());
/// let task = &conversion.value;
/// assert_eq!(task.triggers[0].start_boundary.as_ref().map(|b| b.as_str()), Some("2024-01-03T02:30:00"));
/// assert_eq!(task.settings.delete_expired_task_after.as_ref().map(|d| d.as_str()), Some("PT0S"));
/// let differences: Vec<String> = conversion.differences.iter().map(ToString::to_string).collect();
/// assert_eq!(differences, [
///     "info: Triggers[0]/EndBoundary: assumed 2024-01-03T23:59:59",
///     "info: Principals/Principal/UserId: unknown: the file does not name the account",
/// ]);
/// ```
#[must_use]
pub fn job_to_task(job: &Job, options: &ToTask) -> Conversion<Task> {
    let mut differences = Differences::new();
    let version = options.version.unwrap_or_else(|| version(job, &mut differences));
    // In that case the version identifies an AT job.
    let mark = if Store::of_version(Some(version)) == Store::At { AT_JOB } else { JobFlags::NONE };
    let mut task = Task { version: Some(version), ..Task::default() };
    identity(job, &mut differences);
    let exclusive = job.product_version.ends_exclusively();
    task.triggers.reserve_exact(job.triggers.len());
    for (index, stated) in job.triggers.iter().enumerate() {
        let made = trigger::to_task(stated, index, exclusive, &mut differences);
        if made.is_some() && task.triggers.len() == Task::MAX_TRIGGERS {
            let value = format!("trigger {}", index + 1);
            differences.report(Field::Triggers, index, Reason::OutOfRange { value, allowed: "at most 48" });
        } else {
            task.triggers.extend(made);
        }
    }
    let rest = settings(job, &mut task, &mut differences);
    principal(job, options, &mut task, &mut differences);
    let known = JobFlags::DELETE_WHEN_DONE | JobFlags::RUN_ONLY_IF_LOGGED_ON | JobFlags::APPLICATION_NAME;
    let rest = rest.without(known).without(mark);
    if !rest.is_empty() {
        differences.report(Field::JobFlags, None, Reason::Flags(rest.to_string()));
    }
    let mut exec = Exec::default();
    texts::to_task(job, &mut task.registration_info, &mut exec, &mut differences);
    task.actions.list = vec![exec.into()];
    task.actions.context = Some(AUTHOR.to_owned());
    Conversion::new(task, differences)
}

/// The version of a definition, determined by the flag of AT jobs or assumed from their comment.
fn version(job: &Job, differences: &mut Differences) -> SchemaVersion {
    let version = if is_at_job(job) { SchemaVersion::V1_0 } else { SchemaVersion::V1_1 };
    if is_at_job(job) && !job.flags.contains(AT_JOB) {
        differences.report(Field::Version, None, Reason::Assumed(version.to_string()));
    }
    version
}

/// Values that a definition cannot represent: identity, retries, user data, and run state.
fn identity(job: &Job, differences: &mut Differences) {
    let fresh = Job { triggers: Vec::new(), ..Job::new(job.uuid, "") };
    let status =
        if job.triggers.is_empty() { fresh.status } else { crate::dtyp::HResult::SCHED_S_TASK_HAS_NOT_RUN };
    for (field, is_there, reason) in [
        (Field::JobProductVersion, job.product_version != fresh.product_version, Reason::NoCounterpart),
        (Field::JobUuid, !job.uuid.is_nil(), Reason::NoCounterpart),
        (Field::JobErrorRetryCount, job.error_retry_count != 0, Reason::NoCounterpart),
        (Field::JobErrorRetryInterval, job.error_retry_interval != 0, Reason::NoCounterpart),
        (Field::JobExitCode, job.exit_code != fresh.exit_code, Reason::RunState),
        (Field::JobStatus, job.status != status, Reason::RunState),
        (Field::JobLastRun, job.last_run.is_some(), Reason::RunState),
        (Field::JobRunningInstances, job.running_instances != 0, Reason::RunState),
        (Field::JobReservedData, job.reserved != fresh.reserved, Reason::RunState),
        (Field::JobUserData, !job.user_data.is_empty(), Reason::NoCounterpart),
    ] {
        if is_there {
            differences.report(field, None, reason);
        }
    }
}

/// The settings; returns the flags that have no setting.
fn settings(job: &Job, task: &mut Task, differences: &mut Differences) -> JobFlags {
    let mut settings = Settings {
        multiple_instances_policy: Some(MultipleInstancesPolicy::IgnoreNew),
        idle_settings: Some(IdleSettings {
            duration: Some(XsDuration::from_minutes(job.idle_wait.into())),
            wait_timeout: Some(XsDuration::from_minutes(job.idle_deadline.into())),
            ..IdleSettings::default()
        }),
        execution_time_limit: Some(span::of_limit(job.maximum_run_time)),
        priority: Some(priority(job, differences)),
        ..Settings::default()
    };
    if matches!(job.maximum_run_time, MaxRunTime::INFINITE | MaxRunTime(0)) {
        let from = format!("{:#x}", job.maximum_run_time.0);
        let reason = match job.maximum_run_time {
            MaxRunTime::INFINITE => Reason::Written { from, to: "PT0S".to_owned() },
            // A limit of 0 means no limit in a definition.
            _ => Reason::Nearest { from, to: "PT0S, no limit".to_owned() },
        };
        differences.report(Field::JobMaximumRunTime, None, reason);
    }
    let rest = flags::to_settings(job.flags, &mut settings);
    if job.flags.contains(JobFlags::DELETE_WHEN_DONE) {
        delete_when_done(&mut settings, task, differences);
    }
    if job.flags.contains(JobFlags::APPLICATION_NAME) == job.application_name.is_empty() {
        let (from, to) = ("TASK_APPLICATION_NAME".to_owned(), "implied by the application name".to_owned());
        differences.report(Field::JobFlags, None, Reason::Written { from, to });
    }
    task.settings = settings;
    rest
}

fn priority(job: &Job, differences: &mut Differences) -> u8 {
    let number = priority::number_of(job.priority);
    if let Match::Nearest(to) = number {
        let (from, to) = (job.priority.to_string(), to.to_string());
        differences.report(Field::JobPriority, None, Reason::Nearest { from, to });
    }
    number.value()
}

/// DeleteExpiredTaskAfter requires a trigger with an end (EVIDENCE.md XML-24). A trigger that starts once ends with
/// its day, or with its repetition. Any other trigger without an end never ends, so the task is never deleted.
fn delete_when_done(settings: &mut Settings, task: &mut Task, differences: &mut Differences) {
    for (index, trigger) in task.triggers.iter_mut().enumerate() {
        if trigger.end_boundary.is_some() || !matches!(trigger.kind, TriggerKind::Time { .. }) {
            continue;
        }
        let start = trigger.start_boundary.as_ref().and_then(Boundary::civil);
        let lasting =
            trigger.repetition.as_ref().and_then(|r| r.duration.as_ref()?.to_seconds()).unwrap_or(0);
        let lasting = time::Duration::seconds(lasting.try_into().unwrap_or(i64::MAX));
        let end = start.and_then(|start| start.checked_add(lasting));
        let end = end.map(|end| Boundary::local(trigger::at_end_of_day(end)));
        if let Some(end) = &end {
            differences.report(Field::EndBoundary, index, Reason::Assumed(end.to_string()));
        }
        trigger.end_boundary = end;
    }
    if task.triggers.iter().any(|trigger| trigger.end_boundary.is_some()) {
        settings.delete_expired_task_after = Some(XsDuration::from_seconds(0));
    } else {
        differences.report(Field::JobFlags, None, Reason::NeverDone);
    }
}

/// The principal: the account and its logon type.
fn principal(job: &Job, options: &ToTask, task: &mut Task, differences: &mut Differences) {
    let only_if_logged_on = job.flags.contains(JobFlags::RUN_ONLY_IF_LOGGED_ON);
    // All AT jobs share one account: LocalSystem, unless another was set ([MS-TSCH] 3.2.1).
    let assumed = options.account == Account::Unknown && is_at_job(job);
    let account = if assumed { &Account::LocalSystem } else { &options.account };
    let user_id = account.user_id(options.profile);
    match &user_id {
        Some(user) if assumed => differences.report(Field::UserId, None, Reason::Assumed(user.clone())),
        Some(_) => {}
        None => differences.report(Field::UserId, None, Reason::AccountUnknown),
    }
    let mut principal = Principal { user_id, ..Principal::default() }.with_id(AUTHOR);
    if Account::is_service(&principal) {
        if only_if_logged_on {
            let flag = JobFlags::RUN_ONLY_IF_LOGGED_ON.to_string();
            differences.report(Field::JobFlags, None, Reason::Flags(flag));
        }
    } else {
        let logon = if only_if_logged_on { LogonType::InteractiveToken } else { LogonType::Password };
        principal.logon_type = Some(logon);
    }
    task.principals = vec![principal];
}
