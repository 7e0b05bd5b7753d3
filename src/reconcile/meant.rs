//! The meaning of definitions, in a form that can be compared between traces.

use crate::{
    compat::{Conversion, ToJob, ToTask, job_to_task, task_to_job},
    definition::Task,
    diff::{Fingerprint, fingerprint},
    job::Job,
    taskcache::as_stored,
};

/// The meaning of a definition as the registry would store it, without what the registry cannot represent.
pub(super) fn cached_print(task: &Task) -> Fingerprint {
    fingerprint(&as_stored(task))
}

/// The definition that a .JOB file contains.
pub(super) fn of_job(job: &Job) -> Task {
    job_to_task(job, &ToTask::default()).value
}

/// Whether the task's .JOB file would have the same action and triggers as this one. A task that version 1 cannot
/// express has no .JOB file.
pub(super) fn is_twin(task: &Task, twin: &Job) -> bool {
    fn stated(job: &Job) -> impl PartialEq + '_ {
        (&job.application_name, &job.parameters, &job.working_directory, &job.triggers)
    }
    task_to_job(task, &ToJob::default()).is_ok_and(|Conversion { value: job, .. }| {
        stated(&job) == stated(twin)
            || does_the_same(&fingerprint(&of_job(&job)), &fingerprint(&of_job(twin)))
    })
}

/// Whether two fingerprints have the same actions and triggers.
fn does_the_same(one: &Fingerprint, two: &Fingerprint) -> bool {
    one.actions == two.actions && one.triggers == two.triggers
}

/// Whether two definitions differ in actions, triggers or principal, as the registry would store them.
pub(super) fn differ(one: &Task, two: &Task) -> bool {
    if one == two {
        return false;
    }
    let same =
        |one: &Fingerprint, two: &Fingerprint| does_the_same(one, two) && one.principal == two.principal;
    if same(&fingerprint(one), &fingerprint(two)) {
        return false;
    }
    !same(&cached_print(one), &cached_print(two))
}
