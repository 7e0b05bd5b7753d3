//! Converts a definition to a .JOB file, or reports its obstacles.

use super::{
    difference::{Conversion, Reason},
    draft::{Draft, Report},
    field::Field,
    flags,
    obstacle::{NotV1Compatible, ObstacleReason, Obstacles},
    options::ToJob,
    priority::{self, Match},
    span,
    store::{AT_JOB, Account, Store},
    texts, trigger,
};
use crate::{
    definition::{
        Action, Exec, LogonType, MultipleInstancesPolicy, Principal, ProcessTokenSidType, RunLevel,
        SchemaVersion, Settings, Task, TriggerKind, defaults,
    },
    job::{BuildError, Job, JobFlags},
    limits,
    security::Sid,
};

/// The elements of a definition that a version 1 task cannot have, with the reasons, in document order (EVIDENCE.md
/// COMPAT-10).
///
/// Descriptive content, such as documentation and trigger ids, is not an obstacle; [`task_to_job`] reports it as
/// lost.
///
/// ```
/// use wintask::compat::v1_obstacles;
/// use wintask::definition::{Exec, Task, Trigger, TriggerKind};
///
/// let mut task = Task::new(Exec::new("backup.exe"));
/// task.triggers = vec![Trigger::new(TriggerKind::Registration { delay: None })];
/// task.settings.start_when_available = Some(true);
/// let found: Vec<String> = v1_obstacles(&task).iter().map(ToString::to_string).collect();
/// assert_eq!(found, [
///     "error: Triggers[0]: version 1 has no RegistrationTrigger",
///     "error: Settings/StartWhenAvailable: version 1 supports only false, not true",
/// ]);
/// ```
#[must_use]
pub fn v1_obstacles(task: &Task) -> Obstacles {
    draft(task, &ToJob::default()).1.obstacles
}

/// The elements of a definition that exclude it from a store: none for the XML task store, [`v1_obstacles`] for the
/// .JOB task store. In addition, an AT job must have a single, time-based trigger (Win32 documentation of task
/// compatibility; EVIDENCE.md COMPAT-10).
///
/// ```
/// use wintask::compat::{Store, obstacles};
/// use wintask::definition::{Exec, Task, Trigger, TriggerKind};
///
/// let task = Task { triggers: vec![Trigger::new(TriggerKind::Idle)], ..Task::new(Exec::new("a.exe")) };
/// assert!(obstacles(&task, Store::Job).is_empty());
/// let found: Vec<String> = obstacles(&task, Store::At).iter().map(ToString::to_string).collect();
/// assert_eq!(found, ["error: Triggers[0]: version 1 has no IdleTrigger in an AT job"]);
/// ```
#[must_use]
pub fn obstacles(task: &Task, store: Store) -> Obstacles {
    let mut draft = match store {
        Store::Xml => return Obstacles::new(),
        Store::Job | Store::At => draft(task, &ToJob::default()).1,
    };
    if store == Store::At {
        for (index, trigger) in task.triggers.iter().enumerate().filter(|(_, t)| !t.kind.is_timed()) {
            // Other kinds are obstacles in every version 1 task.
            if let TriggerKind::Boot { .. } | TriggerKind::Idle | TriggerKind::Logon { .. } = trigger.kind {
                let name = trigger.kind.element_name().unwrap_or_default();
                let reason = ObstacleReason::Kind(format!("{name} in an AT job"));
                draft.obstacle_in(Field::Trigger, index, reason);
            }
        }
        let number = task.triggers.len();
        if number != 1 {
            let (what, expected) = ("triggers", "one in an AT job");
            draft.obstacle(Field::Triggers, ObstacleReason::Number { number, what, expected });
        }
    }
    draft.obstacles
}

/// Converts a definition to a .JOB file.
///
/// The account is not stored in the file; [`Account::of_task`] returns it for SASec's account name store. The run
/// history of the job is empty.
///
/// # Errors
/// [`NotV1Compatible`], `SCHED_E_TASK_NOT_V1_COMPAT`, with all obstacles.
///
/// ```
/// use wintask::compat::{ToJob, task_to_job};
/// use wintask::definition::{Exec, Schedule, Task, Trigger};
/// use wintask::job;
///
/// let task = Task {
///     triggers: vec![Trigger::calendar(Schedule::daily(2), "2024-01-03T02:00:30".parse()?)],
///     ..Task::new(Exec::new("backup.exe").with_arguments("/full"))
/// };
/// let conversion = task_to_job(&task, &ToJob::default())?;
/// assert_eq!(conversion.value.triggers[0].schedule, job::Schedule::Daily { days_interval: 2 });
/// let differences: Vec<String> = conversion.differences.iter().map(ToString::to_string).collect();
/// assert_eq!(differences, [
///     "warning: Triggers[0]/StartBoundary: 2024-01-03T02:00:30 becomes 02:00, the nearest value in the target format",
///     "warning: Settings/Priority: 7 becomes NORMAL_PRIORITY_CLASS, the nearest value in the target format",
///     "info: Principals/Principal/LogonType: assumed InteractiveToken",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn task_to_job(task: &Task, options: &ToJob<'_>) -> Result<Conversion<Job>, NotV1Compatible> {
    let mut made = to_job_or_at(task, options)?;
    if task.run_as().is_some_and(|principal| principal.user_id.is_some()) {
        made.differences.report(Field::UserId, None, Reason::AccountNotInFile);
    }
    Ok(made)
}

/// The job of a definition, whose account is elsewhere: with the file, or with all AT jobs.
pub(super) fn to_job_or_at(task: &Task, options: &ToJob<'_>) -> Result<Conversion<Job>, NotV1Compatible> {
    let (job, draft) = draft(task, options);
    if draft.obstacles.is_empty() {
        Ok(Conversion::new(job, draft.differences))
    } else {
        Err(NotV1Compatible { store: Store::Job, obstacles: draft.obstacles })
    }
}

/// The job as far as it can be converted, and all reports.
fn draft(task: &Task, options: &ToJob<'_>) -> (Job, Draft) {
    let mut draft = Draft::default();
    let mut job = Job { product_version: options.product_version, ..Job::new(options.uuid, "") };
    registration(task, &mut draft);
    for (index, stated) in task.triggers.iter().enumerate() {
        job.triggers.extend(trigger::to_job(stated, index, options, &mut draft));
    }
    job.settle_status();
    if Store::of_version(task.version) == Store::At {
        job.flags = job.flags.with(AT_JOB);
    }
    settings(task, options, &mut job, &mut draft);
    draft.lost(Field::Data, task.data.is_some());
    job.flags = job.flags.with(principal(task, options, &mut draft));
    if let Some((index, exec)) = only_exec(task, &mut draft) {
        texts::to_job(&task.registration_info, exec, index, &mut job, &mut draft);
        job.flags = job.flags.with(JobFlags::APPLICATION_NAME);
    }
    if draft.obstacles.is_empty() {
        size(&job, &mut draft);
    }
    (job, draft)
}

/// The version and the descriptive texts.
fn registration(task: &Task, draft: &mut Draft) {
    draft.unknown(&task.extra);
    match task.version {
        Some(version) if Store::of_version(Some(version)) == Store::Xml => {
            let (from, to) = (version.to_text(), SchemaVersion::V1_1.to_text());
            draft.differs(Field::Version, Reason::Written { from, to });
        }
        _ => {}
    }
    let info = &task.registration_info;
    draft.lost(Field::Uri, info.uri.is_some());
    if info.security_descriptor.is_some() {
        draft.differs(Field::SecurityDescriptor, Reason::FileDescriptor);
    }
    draft.lost(Field::Source, info.source.is_some());
    draft.lost(Field::Date, info.date.is_some());
    draft.lost(Field::OwnVersion, info.version.is_some());
    draft.lost(Field::Documentation, info.documentation.is_some());
    draft.unknown(&info.extra);
}

/// A Boolean setting for which version 1 supports a single value.
fn only(stated: Option<bool>, has: bool, field: Field, draft: &mut Draft) {
    if stated == Some(!has) {
        let only = if has { "true" } else { "false" };
        draft.obstacle(field, ObstacleReason::Only { stated: (!has).to_string(), only });
    }
}

fn settings(task: &Task, options: &ToJob<'_>, job: &mut Job, draft: &mut Draft) {
    let stated = &task.settings;
    draft.unknown(&stated.extra);
    only(stated.allow_start_on_demand, true, Field::AllowStartOnDemand, draft);
    draft.absent(Field::RestartOnFailure, stated.restart_on_failure.is_some());
    match stated.multiple_instances_policy {
        None | Some(MultipleInstancesPolicy::IgnoreNew) => {}
        Some(policy) => {
            let stated = policy.to_string();
            let reason = ObstacleReason::Only { stated, only: "IgnoreNew" };
            draft.obstacle(Field::MultipleInstancesPolicy, reason);
        }
    }
    only(stated.allow_hard_terminate, true, Field::AllowHardTerminate, draft);
    only(stated.start_when_available, false, Field::StartWhenAvailable, draft);
    draft.lost(Field::NetworkProfileName, stated.network_profile_name.is_some());
    if let Some(after) = &stated.delete_expired_task_after {
        job.flags = job.flags.with(JobFlags::DELETE_WHEN_DONE);
        if !after.is_zero() {
            let (from, to) = (after.to_string(), "PT0S".to_owned());
            draft.differs(Field::DeleteExpiredTaskAfter, Reason::Nearest { from, to });
        }
    }
    idle(task, job, draft);
    draft.absent(Field::NetworkSettings, stated.network_settings.is_some());
    job.maximum_run_time = span::limit(stated.execution_time_limit.as_ref(), draft);
    priority(stated, job, draft);
    only(stated.use_unified_scheduling_engine, false, Field::UseUnifiedSchedulingEngine, draft);
    only(stated.disallow_start_on_remote_app_session, false, Field::DisallowStartOnRemoteAppSession, draft);
    draft.absent(Field::MaintenanceSettings, stated.maintenance_settings.is_some());
    only(stated.volatile, false, Field::Volatile, draft);
    job.flags = job.flags.with(flags::of_settings(stated, options.profile));
}

/// The idle times. Without IdleSettings they are those of a new job, which differ from the service's defaults only if
/// the task waits for the computer to be idle.
fn idle(task: &Task, job: &mut Job, draft: &mut Draft) {
    let Some(stated) = &task.settings.idle_settings else {
        let waits = task.settings.run_only_if_idle == Some(true);
        if waits || task.triggers.iter().any(|trigger| trigger.kind == TriggerKind::Idle) {
            draft.differs(Field::JobIdleWait, Reason::Assumed(span::shown(job.idle_wait)));
            draft.differs(Field::JobIdleDeadline, Reason::Assumed(span::shown(job.idle_deadline)));
        }
        return;
    };
    draft.unknown(&stated.extra);
    job.idle_wait = span::idle(stated.duration.as_ref(), job.idle_wait, Field::IdleDuration, draft);
    let deadline = stated.wait_timeout.as_ref();
    job.idle_deadline = span::idle(deadline, job.idle_deadline, Field::IdleWaitTimeout, draft);
}

fn priority(stated: &Settings, job: &mut Job, draft: &mut Draft) {
    let number = stated.priority.unwrap_or(defaults::PRIORITY.value);
    let class = priority::class_of(number);
    let (from, to) = (number.to_string(), class.value().to_string());
    job.priority = class.value();
    match class {
        Match::Exact(_) => {}
        Match::Same(_) => draft.differs(Field::Priority, Reason::Written { from, to }),
        Match::Nearest(_) => draft.differs(Field::Priority, Reason::Nearest { from, to }),
    }
}

/// The principal's flag.
fn principal(task: &Task, options: &ToJob<'_>, draft: &mut Draft) -> JobFlags {
    if task.principals.len() > 1 {
        let (number, what, expected) = (task.principals.len(), "principals", "one");
        draft.obstacle(Field::Principals, ObstacleReason::Number { number, what, expected });
    }
    let Some(principal) = task.run_as().or(task.principals.first()) else {
        draft.differs(Field::LogonType, Reason::Assumed(LogonType::InteractiveToken.to_string()));
        return JobFlags::RUN_ONLY_IF_LOGGED_ON;
    };
    draft.unknown(&principal.extra);
    if let Some(id) = principal.id.as_ref().filter(|id| *id != AUTHOR) {
        let (from, to) = (id.clone(), AUTHOR.to_owned());
        draft.differs(Field::PrincipalId, Reason::Written { from, to });
    }
    draft.lost(Field::DisplayName, principal.display_name.is_some());
    draft.absent(Field::GroupId, principal.group_id.is_some());
    if principal.run_level == Some(RunLevel::HighestAvailable) {
        let stated = RunLevel::HighestAvailable.to_string();
        draft.obstacle(Field::RunLevel, ObstacleReason::Only { stated, only: "LeastPrivilege" });
    }
    if principal.process_token_sid_type.is_some_and(|ty| ty != ProcessTokenSidType::None) {
        draft.obstacle(Field::ProcessTokenSidType, ObstacleReason::NotInVersion1);
    }
    draft.absent(Field::RequiredPrivileges, principal.required_privileges.is_some());
    logon(principal, options, draft)
}

/// The id of a converted principal, as the Task Scheduler snap-in names it.
pub(super) const AUTHOR: &str = "Author";

/// RUN_ONLY_IF_LOGGED_ON. The service accounts have no logon type.
fn logon(principal: &Principal, options: &ToJob<'_>, draft: &mut Draft) -> JobFlags {
    if Account::is_service(principal) {
        if let Some(stated) = principal.logon_type {
            let (from, to) = (stated.to_string(), "a service account".to_owned());
            draft.differs(Field::LogonType, Reason::Written { from, to });
        }
        return JobFlags::NONE;
    }
    match principal.effective(options.profile).logon_type.value {
        LogonType::InteractiveToken => return JobFlags::RUN_ONLY_IF_LOGGED_ON,
        LogonType::Password => {}
        LogonType::InteractiveTokenOrPassword => {
            let from = LogonType::InteractiveTokenOrPassword.to_string();
            let to = LogonType::Password.to_string();
            draft.differs(Field::LogonType, Reason::Nearest { from, to });
        }
        LogonType::S4U => {
            let stated = LogonType::S4U.to_string();
            let only = "InteractiveToken and Password";
            draft.obstacle(Field::LogonType, ObstacleReason::Only { stated, only });
        }
    }
    JobFlags::NONE
}

impl Account {
    /// The account of a definition, for the account name store; unknown if the definition names no user.
    #[must_use]
    pub fn of_task(task: &Task) -> Self {
        let user = task.run_as().or(task.principals.first()).and_then(|p| p.user_id.as_deref());
        match user {
            None => Self::Unknown,
            Some(user) if Sid::from_account_name(user) == Some(Sid::LOCAL_SYSTEM) => Self::LocalSystem,
            Some(user) => Self::from_name(user),
        }
    }

    /// Whether a principal is a service account, which has neither a password nor a session.
    pub(super) fn is_service(principal: &Principal) -> bool {
        let services = [Sid::LOCAL_SYSTEM, Sid::LOCAL_SERVICE, Sid::NETWORK_SERVICE];
        let user = principal.user_id.as_deref();
        user.is_some_and(|user| {
            user.eq_ignore_ascii_case(super::store::LOCAL_SYSTEM)
                || Sid::from_account_name(user).is_some_and(|sid| services.contains(&sid))
        })
    }
}

/// The only action and its index, if it runs a program.
fn only_exec<'t>(task: &'t Task, draft: &mut Draft) -> Option<(usize, &'t Exec)> {
    draft.unknown(&task.actions.extra);
    let (mut execs, mut first) = (0usize, None);
    for (index, action) in task.actions.list.iter().enumerate() {
        let kind = match action {
            Action::Exec(exec) => {
                execs += 1;
                first = first.or(Some((index, exec)));
                action_details(index, exec, draft);
                continue;
            }
            other => other.element_name().unwrap_or("such action"),
        };
        draft.obstacle_in(Field::Action, index, ObstacleReason::Kind(kind.to_owned()));
    }
    let number = task.actions.list.len();
    if execs > 1 || number == 0 {
        let (what, expected) = ("actions", "one Exec");
        draft.obstacle(Field::Actions, ObstacleReason::Number { number, what, expected });
    }
    first
}

fn action_details(index: usize, exec: &Exec, draft: &mut Draft) {
    draft.unknown(&exec.extra);
    if exec.id.is_some() {
        draft.differs_in(Field::ActionId, index, Reason::NoCounterpart);
    }
    if exec.hide_app_window == Some(true) {
        let reason = ObstacleReason::Only { stated: "true".to_owned(), only: "false" };
        draft.obstacle_in(Field::HideAppWindow, index, reason);
    }
}

/// Whether the file fits its 16-bit counts and offset.
fn size(job: &Job, draft: &mut Draft) {
    let (field, size, max, unit) = match job.trigger_count_at() {
        Ok(_) => return,
        Err(BuildError::TriggerOffset { size }) => {
            (Field::Task, size, limits::JOB_TRIGGER_OFFSET, "bytes before the triggers")
        }
        Err(BuildError::TooLong { size, max, unit, .. }) => (Field::Triggers, size, max, unit),
    };
    draft.obstacle(field, ObstacleReason::TooLong { size, max, unit });
}
