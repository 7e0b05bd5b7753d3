//! Stops instances ([MS-TSCH] 3.2.5.1.3): first by request, then by termination.

use crate::{
    dtyp::{HResult, Win32Error},
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    scheduler::{
        effect::Effect,
        instance::{Instance, StopReason},
        store::entry::TaskId,
        timer::Timer,
        work::{SECOND, Work, win32},
    },
};
use uuid::Uuid;

/// Requests an instance to stop. One that is not running yet is removed at once.
pub(in super::super) fn stop(work: &mut Work<'_, '_>, id: Uuid, reason: StopReason) {
    let Some(instance) = work.state.instances.get(id).cloned() else { return };
    // A request means that the task must not go on when the machine is idle again.
    let is_request = reason == StopReason::Request && instance.stopping == Some(StopReason::IdleEnd);
    if instance.stopping.is_some() && !is_request {
        return;
    }
    announce(work, &instance, reason);
    if !instance.is_running() {
        forget(work, id);
        if work.is_windows() {
            work.set_result(instance.task, result(reason));
        }
        return;
    }
    if let Some(instance) = work.state.instances.get_mut(id) {
        instance.stopping = Some(reason);
    }
    if is_request {
        return;
    }
    let task = work.path_of(&instance);
    work.effect(Effect::Stop { task, instance: id, force: false });
    let profile = work.state.options.profile;
    let kill = work.task_of(&instance).is_some_and(|task| task.effective(profile).allow_hard_terminate.value);
    if kill {
        let grace = i64::try_from(work.state.options.grace_period.as_secs()).unwrap_or(i64::MAX);
        let at = work.now.0.saturating_add(grace.saturating_mul(SECOND));
        work.state.timers.set(Timer::Kill(id), at);
    }
}

/// Stops every instance of a task.
pub(in super::super) fn stop_all(work: &mut Work<'_, '_>, task: TaskId, reason: StopReason) -> usize {
    let ids: Vec<_> = work.state.instances.of(task).map(|instance| instance.id).collect();
    ids.iter().for_each(|id| stop(work, *id, reason));
    ids.len()
}

/// Terminates an instance that did not end in time.
pub(in super::super) fn kill(work: &mut Work<'_, '_>, id: Uuid) {
    let Some(instance) = work.state.instances.get(id) else { return };
    let task = work.path_of(instance);
    work.effect(Effect::Stop { task, instance: id, force: true });
}

/// Removes an instance from the running task list, with its timers.
pub(in super::super) fn forget(work: &mut Work<'_, '_>, id: Uuid) -> Option<Instance> {
    work.state.timers.forget_instance(id);
    work.state.instances.remove(id)
}

/// The last result of a task after a stop (EVIDENCE.md ENGINE-16, ENGINE-32).
pub(in super::super) fn result(reason: StopReason) -> HResult {
    match reason {
        StopReason::Battery => win32(Win32Error::PROCESS_ABORTED),
        _ => HResult::SCHED_S_TASK_TERMINATED,
    }
}

/// Logs why an instance is stopped.
fn announce(work: &mut Work<'_, '_>, instance: &Instance, reason: StopReason) {
    let path = work.path_of(instance);
    let (task_name, task_instance_id) = (path.to_string(), instance.id);
    let event = match reason {
        StopReason::Request => {
            let user_context = work.context.caller.name.clone();
            Event::StoppingOnRequest { task_name, task_instance_id, user_context }
        }
        StopReason::Limit => Event::StoppingOnTimeout { task_name, task_instance_id },
        StopReason::Battery => Event::StoppingOnBatteries { task_name, task_instance_id },
        StopReason::IdleEnd | StopReason::MaintenanceEnd => {
            Event::StoppingOffIdle { task_name, task_instance_id }
        }
        // Event 323 names the replacing instance, and 111 follows when the instance has ended.
        StopReason::Replaced | StopReason::DurationEnd => return,
    };
    work.log(&path, Some(instance.id), event);
}
