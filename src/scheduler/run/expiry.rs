//! Expiring tasks ([MS-TSCH] 2.5.4.13, 2.3.7; EVIDENCE.md ENGINE-18).

use crate::{
    eventlog::task_scheduler::TaskSchedulerEvent as Event,
    limits,
    scheduler::{change, instance::Instance, store::entry::TaskId, v1, work::Work},
};

/// Deletes an expired task. A running task is deleted when it ends; one that only waits for a delay or an idle
/// machine can no longer start.
pub(in super::super) fn expired(work: &mut Work<'_, '_>, id: TaskId) {
    if !work.state.instances.of(id).any(Instance::is_running) && !v1::renew_at(work, id) {
        delete(work, id);
    }
}

/// Called when an instance has ended, since its task may have expired.
pub(in super::super) fn ended(work: &mut Work<'_, '_>, id: TaskId) {
    if work.state.instances.of(id).any(Instance::is_running) {
        return;
    }
    let Some(task) = work.task(id) else { return };
    let over = change::expiry(work, id, &task).is_some_and(|at| at <= work.now.0);
    if over && !v1::renew_at(work, id) || v1::is_spent(work, id) {
        delete(work, id);
    }
}

fn delete(work: &mut Work<'_, '_>, id: TaskId) {
    let path = work.path(id);
    change::remove_task(work, id);
    work.state.expired.push_back(path.key());
    while work.state.expired.len() > limits::EXPIRED_TASKS {
        work.state.expired.pop_front();
    }
    let event = Event::TaskDeleted { task_name: path.to_string(), user_name: "SYSTEM".to_owned() };
    work.log(&path, None, event);
}
