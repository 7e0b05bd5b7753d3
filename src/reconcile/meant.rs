//! What definitions mean, in a form in which those of different traces can be compared.

use crate::{
    compat::{Conversion, ToJob, ToTask, job_to_task, task_to_job},
    definition::Task,
    diff::{Fingerprint, fingerprint},
    job::Job,
    taskcache::as_stored,
};

/// What a definition does as the registry would have it, which leaves out what the registry has no place for.
pub(super) fn cached_print(task: &Task) -> Fingerprint {
    fingerprint(&as_stored(task))
}

/// The definition that a .JOB file has.
pub(super) fn of_job(job: &Job) -> Task {
    job_to_task(job, &ToTask::default()).value
}

/// Whether a task's .JOB file would have the same action and triggers as this one. It has none if version 1 cannot express
/// it.
pub(super) fn is_twin(task: &Task, twin: &Job) -> bool {
    fn stated(job: &Job) -> impl PartialEq + '_ {
        (&job.application_name, &job.parameters, &job.working_directory, &job.triggers)
    }
    task_to_job(task, &ToJob::default()).is_ok_and(|Conversion { value: job, .. }| {
        stated(&job) == stated(twin)
            || does_the_same(&fingerprint(&of_job(&job)), &fingerprint(&of_job(twin)))
    })
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
    !same(&cached_print(one), &cached_print(two))
}
