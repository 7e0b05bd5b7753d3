//! The host's reports about instances: started, failed to start, or exited ([MS-TSCH] 3.2.5.1.3).

use super::{admit, expiry, fire, launch, maintenance, report, stop};
use crate::{
    definition::Action,
    dtyp::HResult,
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    scheduler::{
        effect::failure,
        instance::{Cause, CauseKind, Instance, Phase, StopReason},
        store::entry::TaskId,
        twin, v1,
        work::Work,
    },
};
use uuid::Uuid;

/// The action of an instance has started; returns whether the instance exists.
pub(in super::super) fn started(work: &mut Work<'_, '_>, id: Uuid, pid: u32) -> bool {
    let Some(instance) = work.state.instances.get_mut(id).filter(|it| it.phase == Phase::Starting) else {
        return false;
    };
    instance.phase = Phase::Running;
    instance.pid = pid;
    let instance = instance.clone();
    let Some(task) = work.task_of(&instance) else { return true };
    let path = work.path_of(&instance);
    let task_name = path.to_string();
    let action_name = launch::action_name(&task, &instance);
    if let Some(Action::Exec(exec)) = task.actions.list.get(instance.action as usize) {
        let priority = task.effective(work.state.options.profile).priority.value;
        let event = Event::CreatedTaskProcess {
            task_name: task_name.clone(),
            path: exec.command.clone(),
            process_id: pid,
            priority: launch::priority_class(priority),
        };
        work.log(&path, Some(id), event);
    }
    if instance.action == 0 {
        v1::at_failed(work, instance.task, false);
        let user_context = user(&instance);
        work.log(
            &path,
            Some(id),
            Event::JobStart { task_name: task_name.clone(), user_context, instance_id: id },
        );
    }
    let event = Event::ActionStart { task_name, action_name, task_instance_id: id, engine_pid: Some(pid) };
    work.log(&path, Some(id), event);
    true
}

/// The action of an instance could not be started; returns whether the instance exists.
pub(in super::super) fn start_failed(work: &mut Work<'_, '_>, id: Uuid, error: HResult) -> bool {
    if !work.state.instances.get(id).is_some_and(Instance::is_running) {
        return false;
    }
    let Some(instance) = stop::forget(work, id) else { return false };
    let error = failure(error);
    let path = work.path_of(&instance);
    let Some(task) = work.task_of(&instance) else { return true };
    let event = Event::ActionLaunchFailure {
        task_name: path.to_string(),
        task_instance_id: id,
        action_name: launch::action_name(&task, &instance),
        result_code: error.0,
    };
    work.log(&path, Some(id), event);
    report::start_failed(work, &path, user(&instance), error);
    work.set_result(instance.task, error);
    v1::at_failed(work, instance.task, true);
    if instance.stopping.is_none() && instance.deleted.is_none() {
        let mut cause = instance.cause.clone();
        let of_group = task.run_as().is_some_and(|principal| principal.group_id.is_some());
        // Only the start for this member of a group has failed.
        cause.members = instance.runs_as.iter().filter(|_| of_group).filter_map(|it| it.user).collect();
        fire::retry(work, instance.task, &task, cause, error);
    }
    ended(work, &instance);
    true
}

/// The action of an instance has ended; returns whether the instance exists.
pub(in super::super) fn exited(work: &mut Work<'_, '_>, id: Uuid, code: u32) -> bool {
    let Some(instance) = work.state.instances.get(id).filter(|it| it.is_running()).cloned() else {
        return false;
    };
    let path = work.path_of(&instance);
    let task_name = path.to_string();
    let Some(task) = work.task_of(&instance) else { return true };
    if let Some(reason) = instance.stopping {
        stop::forget(work, id);
        work.set_end(instance.task);
        work.log(&path, Some(id), Event::JobTermination { task_name, instance_id: id });
        // According to the text it is the exit code, regardless of how the execution ended (3.2.5.4.17).
        let result = if work.is_windows() { stop::result(reason) } else { HResult(code) };
        work.set_result(instance.task, result);
        let restarts = task.settings.effective_idle(work.state.options.profile).restart_on_idle.value;
        if reason == StopReason::IdleEnd && restarts && instance.deleted.is_none() {
            work.state.restart_when_idle.insert(instance.task);
        }
        ended(work, &instance);
        // The machine may already be idle again.
        if work.context.machine.idle_since.is_some() && work.state.restart_when_idle.remove(&instance.task) {
            fire::fire(work, instance.task, Cause::new(CauseKind::Idle, None));
        }
        return true;
    }
    let event = Event::ActionSuccess {
        task_name: task_name.clone(),
        task_instance_id: id,
        action_name: launch::action_name(&task, &instance),
        result_code: Some(report::result_code(code)),
        engine_pid: Some(instance.pid),
    };
    work.log(&path, Some(id), event);
    if let Some(instance) = work.state.instances.get_mut(id) {
        instance.action = instance.action.saturating_add(1);
        instance.phase = Phase::Starting;
    }
    if launch::start_action(work, id, &task) {
        return true;
    }
    stop::forget(work, id);
    work.log(
        &path,
        Some(id),
        Event::JobSuccess { task_name, user_context: user(&instance), instance_id: id },
    );
    work.set_result(instance.task, HResult(code));
    work.set_end(instance.task);
    if let Some(entry) = work.entry_mut(instance.task) {
        // Missed runs are counted from the last successful run (3.2.5.4.19).
        entry.missed = 0;
    }
    ended(work, &instance);
    true
}

/// Called when an instance is removed; continues with whatever waited for that. The maintenance of an instance that did
/// not start is still due.
fn ended(work: &mut Work<'_, '_>, instance: &Instance) {
    let id = instance.task;
    twin::update(work, id);
    admit::admit_queued(work, id, fire::not_now);
    maintenance::ended(work, instance);
    expiry::ended(work, id);
}

/// The user of an instance, as named in the log.
fn user(instance: &Instance) -> String {
    instance.runs_as.as_ref().map(|runs_as| runs_as.name.clone()).unwrap_or_default()
}

/// Removes all instances, as after a crash, when their state is unknown (EVIDENCE.md ENGINE-28).
pub(in super::super) fn forget_all(work: &mut Work<'_, '_>) -> Vec<TaskId> {
    let all: Vec<_> =
        work.state.instances.all().into_iter().map(|instance| (instance.id, instance.task)).collect();
    for (id, _) in &all {
        stop::forget(work, *id);
    }
    let mut tasks: Vec<_> = all.into_iter().map(|(_, task)| task).collect();
    tasks.dedup();
    tasks
}
