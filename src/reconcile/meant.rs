//! What definitions mean, in a form in which those of different traces can be compared.

use crate::{
    compat::{ToJob, ToTask, job_to_task, task_to_job},
    definition::Task,
    diff::{Fingerprint, fingerprint},
    job::Job,
    taskcache,
};

/// The definition as the registry would have it, which leaves out what the registry has no place for.
pub(super) fn as_cached(task: &Task) -> Option<Task> {
    let values = taskcache::write(task).ok()?.values;
    Some(taskcache::recover(&values).task)
}

/// What that definition does.
pub(super) fn cached_print(task: &Task) -> Option<Fingerprint> {
    as_cached(task).map(|task| fingerprint(&task))
}

/// The definition that a .JOB file has.
pub(super) fn of_job(job: &Job) -> Task {
    job_to_task(job, &ToTask::default()).value
}

/// The definition as its .JOB file would have it; none if version 1 cannot express it.
fn as_job(task: &Task) -> Option<Task> {
    task_to_job(task, &ToJob::default()).ok().map(|conversion| of_job(&conversion.value))
}

/// Whether a task's .JOB file would have the same actions and triggers as this one.
pub(super) fn is_twin(task: &Task, twin: &Task) -> bool {
    as_job(task).is_some_and(|task| task == *twin || does_the_same(&fingerprint(&task), &fingerprint(twin)))
}

/// Whether two fingerprints are of the same actions and triggers.
fn does_the_same(one: &Fingerprint, two: &Fingerprint) -> bool {
    one.actions == two.actions && one.triggers == two.triggers
}

/// Whether two definitions differ in what is done, when or as whom, as the registry would have them.
pub(super) fn differ(one: &Task, two: &Task) -> bool {
    if one == two {
        return false;
    }
    let same =
        |one: &Fingerprint, two: &Fingerprint| does_the_same(one, two) && one.principal == two.principal;
    if same(&fingerprint(one), &fingerprint(two)) {
        return false;
    }
    match (cached_print(one), cached_print(two)) {
        (Some(one), Some(two)) => !same(&one, &two),
        _ => true,
    }
}
