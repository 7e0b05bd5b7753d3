//! Decides whether a triggered task gets an instance, according to its existing instances and its account.

use super::{
    account::{self, Nobody},
    condition::{self, Unmet},
    launch, report, stop,
};
use crate::{
    definition::{MultipleInstancesPolicy, Task},
    dtyp::{HResult, Win32Error},
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    limits,
    scheduler::{
        instance::{Cause, CauseKind, Instance, Phase, RunsAs, StopReason},
        state::State,
        store::entry::TaskId,
        work::{Work, win32},
    },
    security::Sid,
};
use uuid::Uuid;

/// The outcome of a firing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Admitted {
    /// An instance is running or waiting.
    Yes,
    /// There is no instance; the task keeps waiting for its triggers.
    No,
}

/// Starts a task, queues it, or drops the firing, for each user that it runs as.
///
/// `waiting` is the instance that was waiting for this, if any.
pub(in super::super) fn admit(
    work: &mut Work<'_, '_>,
    id: TaskId,
    task: &Task,
    cause: Cause,
    waiting: Option<Uuid>,
) -> Admitted {
    let mut promised = waiting.or(cause.instance);
    if let Some(waiting) = waiting {
        stop::forget(work, waiting);
    }
    let policy = task.effective(work.state.options.profile).multiple_instances_policy.value;
    let users = match account::runs_as(work.state, work.context, id, task, &cause) {
        // The policy comes first: a task that is already running needs no account.
        Err(_) if policy == MultipleInstancesPolicy::IgnoreNew && is_busy(work.state, id) => {
            ignore(work, id, &cause, promised);
            return Admitted::No;
        }
        Err(nobody) => {
            refuse(work, id, &cause, promised, &nobody);
            return Admitted::No;
        }
        Ok(users) => users,
    };
    let mut admitted = Admitted::No;
    for user in users {
        if one(work, id, task, &cause, promised.take(), policy, user) {
            admitted = Admitted::Yes;
        }
    }
    admitted
}

/// Starts or queues an instance for one user.
fn one(
    work: &mut Work<'_, '_>,
    id: TaskId,
    task: &Task,
    cause: &Cause,
    promised: Option<Uuid>,
    policy: MultipleInstancesPolicy,
    user: RunsAs,
) -> bool {
    let busy = is_busy(work.state, id);
    if busy && policy == MultipleInstancesPolicy::IgnoreNew || is_idle_again(work, id, cause) {
        ignore(work, id, cause, promised);
        return false;
    }
    let new = promised.unwrap_or_else(|| work.state.random.uuid());
    if is_full(work, id, &user, new) {
        return false;
    }
    if busy && policy == MultipleInstancesPolicy::Queue {
        queue(work, id, cause, new, user);
        return true;
    }
    if busy && policy == MultipleInstancesPolicy::StopExisting {
        replace(work, id, new);
    }
    add(work, id, new, cause.clone(), Phase::Starting);
    launch::launch(work, new, task, user);
    true
}

/// Whether the task has an instance that is running or queued.
pub(in super::super) fn is_busy(state: &State, id: TaskId) -> bool {
    state.instances.of(id).any(|other| other.is_running() || other.phase == Phase::Queued)
}

/// Whether the machine is idle again while an instance of the idle trigger is still running: it is not started again,
/// regardless of the policy (EVIDENCE.md ENGINE-33).
fn is_idle_again(work: &Work<'_, '_>, id: TaskId, cause: &Cause) -> bool {
    let by_idleness = |cause: &Cause| cause.kind == CauseKind::Idle && cause.trigger.is_some();
    let runs = |other: &Instance| other.is_running() && by_idleness(&other.cause);
    work.is_windows() && by_idleness(cause) && work.state.instances.of(id).any(runs)
}

/// Adds an instance to the running task list.
pub(in super::super) fn add(work: &mut Work<'_, '_>, task: TaskId, id: Uuid, cause: Cause, phase: Phase) {
    let instance = Instance {
        id,
        serial: work.state.instances.next_serial,
        task,
        cause,
        phase,
        runs_as: None,
        action: 0,
        pid: 0,
        stopping: None,
        outdated: false,
        definition: None,
        deleted: None,
        since: work.now,
    };
    work.state.instances.add(instance);
}

/// IgnoreNew: drops the firing.
fn ignore(work: &mut Work<'_, '_>, id: TaskId, cause: &Cause, promised: Option<Uuid>) {
    let new = promised.unwrap_or_else(|| work.state.random.uuid());
    let path = work.path(id);
    report::queued_on_demand(work, &path, new, cause);
    report::launched(work, &path, new, cause);
    let event = Event::NewInstanceIgnored { task_name: path.to_string(), task_instance_id: new };
    work.log(&path, Some(new), event);
    // Until the next completion, as observed (EVIDENCE.md ENGINE-11).
    work.set_refused(id, win32(Win32Error::REQUEST_REFUSED));
}

/// Queue: the firing waits for earlier instances.
fn queue(work: &mut Work<'_, '_>, id: TaskId, cause: &Cause, new: Uuid, user: RunsAs) {
    let running = work.state.instances.of(id).next().map(|running| running.id);
    let path = work.path(id);
    report::queued_on_demand(work, &path, new, cause);
    let event = Event::NewInstanceQueued {
        task_name: path.to_string(),
        queued_task_instance_id: new,
        running_task_instance_id: running.unwrap_or_default(),
    };
    work.log(&path, Some(new), event);
    add(work, id, new, cause.clone(), Phase::Queued);
    if let Some(queued) = work.state.instances.get_mut(new) {
        queued.runs_as = Some(user);
    }
}

/// Starts the oldest queued instance, if all others have ended. `not_now` handles one whose conditions are no longer
/// met.
pub(in super::super) fn admit_queued(
    work: &mut Work<'_, '_>,
    id: TaskId,
    not_now: fn(&mut Work<'_, '_>, TaskId, &Task, Cause, Unmet) -> Admitted,
) {
    if work.state.instances.of(id).any(Instance::is_running) {
        return;
    }
    let Some(task) = work.task(id) else { return };
    let queued = |other: &&Instance| other.phase == Phase::Queued;
    loop {
        let next = work.state.instances.of(id).find(queued).cloned();
        let Some(next) = next else { return };
        let Some(mut user) = next.runs_as.clone() else { return };
        if !condition::may_still(work, id, &task, &next.cause) {
            stop::forget(work, next.id);
            continue;
        }
        if !next.cause.ignore_conditions
            && let Some(unmet) = condition::unmet(work, id, &task, &next.cause)
        {
            stop::forget(work, next.id);
            let cause = Cause { instance: Some(next.id), ..next.cause };
            not_now(work, id, &task, cause, unmet);
            continue;
        }
        let gone = |session| work.context.machine.session(session).is_none();
        if user.session.is_some_and(gone) && !account::needs_no_session(work.state, &mut user) {
            stop::forget(work, next.id);
            refuse(work, id, &next.cause, Some(next.id), &Nobody::NotLoggedOn(user.name));
            continue;
        }
        launch::launch(work, next.id, &task, user);
        return;
    }
}

/// StopExisting: stops the running instances.
fn replace(work: &mut Work<'_, '_>, id: TaskId, new: Uuid) {
    let running: Vec<_> = work
        .state
        .instances
        .of(id)
        .filter(|old| old.is_running() && old.stopping.is_none())
        .map(|old| old.id)
        .collect();
    let path = work.path(id);
    for old in running {
        let event = Event::RunningInstanceStopped {
            task_name: path.to_string(),
            stopped_task_instance_id: old,
            new_task_instance_id: new,
        };
        work.log(&path, Some(old), event);
        stop::stop(work, old, StopReason::Replaced);
    }
}

/// Whether the maximum number of instances is reached, in total or for one user (EVIDENCE.md ENGINE-29).
fn is_full(work: &mut Work<'_, '_>, id: TaskId, user: &RunsAs, new: Uuid) -> bool {
    let path = work.path(id);
    let task_name = path.to_string();
    let all = work.state.instances.len();
    if all >= limits::RUNNING_INSTANCES {
        let current_quota = u32::try_from(limits::RUNNING_INSTANCES).unwrap_or(u32::MAX);
        work.log(&path, Some(new), Event::TaskNotStartedTaskQueueQuotaExceeded { task_name, current_quota });
        work.set_refused(id, HResult::SCHED_E_SERVICE_TOO_BUSY);
        return true;
    }
    // SYSTEM has the highest privileges in any case (EVIDENCE.md ENGINE-22).
    let highest = user.highest || user.user == Some(Sid::LOCAL_SYSTEM);
    let quota = if highest { limits::INSTANCES_WITH_HIGHEST } else { limits::INSTANCES_WITH_LEAST };
    if !work.is_windows() || all < quota {
        return false;
    }
    let like = |other: &RunsAs| other.user == user.user && other.highest == user.highest;
    let running = work.state.instances.iter().filter(|other| other.is_running());
    let same = running.filter(|other| other.runs_as.as_ref().is_some_and(like));
    if same.count() < quota {
        return false;
    }
    let event = Event::TaskNotStartedEngineQuotaExceeded {
        task_name,
        task_engine_name: user.user.map_or_else(String::new, |user| user.to_string()),
        user_name: user.name.clone(),
    };
    work.log(&path, Some(new), event);
    work.set_refused(id, HResult::SCHED_E_SERVICE_TOO_BUSY);
    true
}

/// Handles a task without an account to run as.
fn refuse(work: &mut Work<'_, '_>, id: TaskId, cause: &Cause, promised: Option<Uuid>, nobody: &Nobody) {
    let path = work.path(id);
    let task_name = path.to_string();
    let new = promised.unwrap_or_else(|| work.state.random.uuid());
    report::queued_on_demand(work, &path, new, cause);
    let error = nobody.result();
    match nobody {
        Nobody::NotLoggedOn(name) => {
            let event = Event::NoStartUserNotLoggedOn { task_name, user_name: name.clone() };
            work.log(&path, None, event);
        }
        Nobody::NoPassword(name) => {
            let event = Event::LogonFailure {
                user_name: name.clone(),
                error_description: "LogonUserExEx".to_owned(),
                result_code: error.0,
            };
            work.log(&path, None, event);
            report::start_failed(work, &path, name.clone(), error);
        }
    }
    work.set_refused(id, error);
}
