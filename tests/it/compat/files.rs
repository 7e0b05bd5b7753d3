//! What a .JOB file holds besides its job, and what a conversion there and back keeps of a whole file.

use std::fs;
use wintask::{
    compat::{Field, Reason, ToJob, ToTask, beyond_job, job_to_task, task_to_job},
    job::{CountedString, Job, JobDate, RawJob, Schedule, Trigger},
};

fn file() -> Vec<u8> {
    let once = Trigger::new(Schedule::Once, JobDate::new(2023, 8, 1), 0, 0);
    Job::new(uuid::Uuid::nil(), "cmd.exe").with_trigger(once).to_bytes().unwrap()
}

fn beyond(change: impl FnOnce(&mut RawJob<'_>)) -> Vec<String> {
    let bytes = file();
    let mut raw = RawJob::parse(&bytes).unwrap();
    change(&mut raw);
    beyond_job(&raw).iter().map(ToString::to_string).collect()
}

/// The parts of a file that a job does not have. At1.job has a signature and the words of the third row (COMPAT-15); the
/// others are legal by [MS-TSCH] 2.4, and read (JOB-08).
#[test]
fn beyond_the_job() {
    const SIGNATURE: &str = "warning: Job Signature: lost: the target format has no such field";
    const NO_SIGNATURE: &str = "info: Job Signature: lost: it has no meaning";
    const TRIGGER: &str = "info: Triggers[0]: lost: it has no meaning";
    const LAYOUT: &str = "info: layout of the file: lost: it has no meaning";
    let signed = |version: u8| [[version, 0, 1, 0].as_slice(), &[0; 64]].concat();
    let word = |raw: &mut RawJob<'_>, at: usize, value: u16| {
        raw.triggers.to_mut()[0][at..at + 2].copy_from_slice(&value.to_le_bytes());
    };
    assert_eq!(beyond(|_| {}), [""; 0]);
    assert_eq!(beyond(|raw| raw.tail = signed(1).into()), [SIGNATURE]);
    let words = [(36, 0x00D8), (40, 0x20D8), (42, 0xB7A2)];
    assert_eq!(beyond(|raw| words.into_iter().for_each(|(at, value)| word(raw, at, value))), [TRIGGER]);
    assert_eq!(beyond(|raw| raw.tail = signed(2).into()), [NO_SIGNATURE]);
    assert_eq!(beyond(|raw| raw.tail = vec![1, 0].into()), [NO_SIGNATURE]);
    // An end that is not one: the flag is clear.
    assert_eq!(beyond(|raw| word(raw, 12, 200)), [TRIGGER]);
    assert_eq!(beyond(|raw| raw.gap = vec![0; 2].into()), [LAYOUT]);
    assert_eq!(beyond(|raw| raw.reserved_data = vec![0; 4].into()), [LAYOUT]);
    assert_eq!(beyond(|raw| raw.author = CountedString::from("a")), [""; 0]);
}

/// The files convert, and convert back equal but for what the conversions list: every field that differs is among it.
#[test]
fn files_come_back_but_for_what_is_listed() {
    for name in ["at1-signed", "every-trigger", "updater"] {
        let bytes = fs::read(format!("{}/testdata/job/{name}.job", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let raw = RawJob::parse(&bytes).unwrap();
        let job = Job::from_raw(&raw);
        let there = job_to_task(&job, &ToTask::default());
        let back = task_to_job(&there.value, &ToJob::default()).unwrap();
        let lost = |field: Field| {
            let all = [&there.differences, &back.differences, &beyond_job(&raw)];
            all.iter().any(|list| list.iter().any(|difference| difference.kind().field == field))
        };
        let (b, j) = (&back.value, &job);
        let same = [
            (Field::JobProductVersion, b.product_version == j.product_version),
            (Field::JobUuid, b.uuid == j.uuid),
            (Field::JobErrorRetryCount, b.error_retry_count == j.error_retry_count),
            (Field::JobErrorRetryInterval, b.error_retry_interval == j.error_retry_interval),
            (Field::JobIdleDeadline, b.idle_deadline == j.idle_deadline),
            (Field::JobIdleWait, b.idle_wait == j.idle_wait),
            (Field::JobPriority, b.priority == j.priority),
            (Field::JobMaximumRunTime, b.maximum_run_time == j.maximum_run_time),
            (Field::JobExitCode, b.exit_code == j.exit_code),
            (Field::JobStatus, b.status == j.status),
            (Field::JobLastRun, b.last_run == j.last_run),
            (Field::JobRunningInstances, b.running_instances == j.running_instances),
            (Field::JobApplicationName, b.application_name == j.application_name),
            (Field::JobParameters, b.parameters == j.parameters),
            (Field::JobWorkingDirectory, b.working_directory == j.working_directory),
            (Field::JobAuthor, b.author == j.author),
            (Field::JobComment, b.comment == j.comment),
            (Field::JobUserData, b.user_data == j.user_data),
            (Field::JobReservedData, b.reserved == j.reserved),
            (Field::JobSignature, raw.tail.is_empty()),
        ];
        for (field, same) in same {
            assert_eq!(lost(field), !same, "{name}: {field}");
        }
        assert!(b.flags == j.flags || lost(Field::JobFlags), "{name}");
        // A job that is deleted when it is done needs an end.
        let ended = there.differences.iter().any(|difference| {
            difference.kind().field == Field::EndBoundary
                && matches!(difference.kind().reason, Reason::Assumed(_))
        });
        let ends = |job: &Job| job.triggers.iter().map(|trigger| trigger.end).collect::<Vec<_>>();
        assert_eq!(ends(b) != ends(j), ended, "{name}");
        let without = |job: &Job| {
            job.triggers.iter().map(|trigger| Trigger { end: None, ..*trigger }).collect::<Vec<_>>()
        };
        assert_eq!(without(b), without(j), "{name}");
    }
}
