//! The real .JOB files as definitions, and back (EVIDENCE.md COMPAT-01 to COMPAT-14).

use crate::Folder;
use libtest_mimic::Failed;
use time::{Duration, UtcOffset, macros::datetime};
use wintask::{
    compat::{
        Account, Difference, Field, FromAt, ToJob, ToTask, job_to_at, job_to_task, task_to_job, v1_obstacles,
    },
    definition::{Action, DaysOfWeek, Schedule, TriggerKind},
    finding::Findings,
    job::Job,
    rpc::atsvc::{AtFlags, AtInfo},
    schedule::{Options, Timetable},
    xml::{self, Form},
};

fn fields(differences: &Findings<Difference>) -> Vec<Field> {
    differences.iter().map(|difference| difference.kind().field).collect()
}

/// At1.job: what EVIDENCE.md COMPAT-12 and JOB-21 state about AT jobs.
pub fn at1(files: &Folder) -> Result<(), Failed> {
    let job = Job::parse(files.file("At1.job")?)?;
    let converted = job_to_task(&job, &ToTask::default());
    let task = &converted.value;
    assert_eq!(task.version.map(|version| version.to_string()).as_deref(), Some("1.0"));
    assert_eq!(task.registration_info.author.as_deref(), Some(r"WORKGROUP\DESKTOP-EIS938N$"));
    assert_eq!(task.registration_info.description.as_deref(), Some("Created by NetScheduleJobAdd."));
    assert_eq!(task.principals[0].user_id.as_deref(), Some("S-1-5-18"));
    let [trigger] = task.triggers.as_slice() else { return Err("not one trigger".into()) };
    assert_eq!(trigger.kind, TriggerKind::Time { random_delay: None });
    assert_eq!(trigger.start_boundary.as_ref().map(|start| start.as_str()), Some("2023-08-01T00:00:00"));
    let settings = &task.settings;
    assert_eq!(settings.delete_expired_task_after.as_ref().map(|after| after.as_str()), Some("PT0S"));
    assert_eq!(settings.execution_time_limit.as_ref().and_then(|limit| limit.to_seconds()), Some(72 * 3600));
    assert_eq!(
        (settings.disallow_start_if_on_batteries, settings.stop_if_going_on_batteries),
        (Some(false), Some(false))
    );
    assert_eq!(settings.priority, Some(5));
    let [Action::Exec(exec)] = task.actions.list.as_slice() else { return Err("not one Exec".into()) };
    assert_eq!((exec.command.as_str(), &exec.arguments, &exec.working_directory), ("cmd.exe", &None, &None));
    assert_eq!(fields(&converted.differences), [Field::JobUuid, Field::EndBoundary, Field::UserId]);

    let options = FromAt::new(datetime!(2023-07-31 21:00));
    let at = job_to_at(&job, &options)?.value;
    let expected =
        AtInfo { flags: AtFlags::NONINTERACTIVE, command: Some("cmd.exe".into()), ..AtInfo::default() };
    assert_eq!(at, expected);
    Ok(())
}

/// wintask.job: every day, repeated for a day, with a run in the past.
pub fn wintask(files: &Folder) -> Result<(), Failed> {
    let job = Job::parse(files.file("wintask.job")?)?;
    let converted = job_to_task(&job, &ToTask::default().with_account(Account::LocalSystem));
    let task = &converted.value;
    assert_eq!(task.version.map(|version| version.to_string()).as_deref(), Some("1.1"));
    let [trigger] = task.triggers.as_slice() else { return Err("not one trigger".into()) };
    let TriggerKind::Calendar { schedule, .. } = &trigger.kind else { return Err("no calendar".into()) };
    assert_eq!(schedule, &Schedule::daily(1));
    assert_ne!(schedule, &Schedule::weekly(1, DaysOfWeek::ALL));
    let repetition = trigger.repetition.as_ref().ok_or("no repetition")?;
    assert_eq!(
        (repetition.interval.as_str(), repetition.duration.as_ref().map(|d| d.as_str())),
        ("PT1H", Some("P1D"))
    );
    assert_eq!(task.settings.execution_time_limit.as_ref().map(|limit| limit.as_str()), Some("PT0S"));
    let lost = [
        Field::JobProductVersion,
        Field::JobUuid,
        Field::JobStatus,
        Field::JobLastRun,
        Field::JobReservedData,
        Field::JobFlags,
    ];
    assert_eq!(fields(&converted.differences), lost);
    Ok(())
}

/// Every file converts; what is not reported comes back equal, at the same times for a century; the definition is one
/// that Windows reads.
pub fn and_back(files: &Folder) -> Result<(), Failed> {
    for (name, bytes) in &files.0 {
        let job = Job::parse(bytes)?;
        let converted = job_to_task(&job, &ToTask::default().with_account(Account::LocalSystem));
        let task = &converted.value;
        assert!(v1_obstacles(task).is_empty(), "{name}");
        let text = xml::write_text(task, Form::Utf8)?;
        assert_eq!(xml::read_text(&text, &xml::Options::default()).as_ref(), Ok(task), "{name}");

        let to_job = ToJob::default().with_uuid(job.uuid).with_product_version(job.product_version);
        let back = task_to_job(task, &to_job)?.value;
        let has = |field| fields(&converted.differences).contains(&field);
        let mut expected = job.clone();
        // The name's flag is written as the name implies, and the version stands for the mark of AT jobs.
        expected.flags = back.flags;
        if has(Field::JobStatus) {
            expected.status = back.status;
        }
        if has(Field::JobLastRun) {
            expected.last_run = None;
        }
        if has(Field::JobReservedData) {
            expected.reserved = back.reserved;
        }
        if has(Field::EndBoundary) {
            expected.triggers[0].end = back.triggers[0].end;
        }
        assert_eq!(back, expected, "{name}");
        assert_eq!(back.flags, wintask::job::JobFlags(job.flags.0 & !0x2080_0000), "{name}");

        let from = datetime!(1990-01-01 00:00 UTC);
        let century = from..from + Duration::days(36_525);
        let options = Options::default();
        let one = Timetable::of_job(&job, UtcOffset::UTC, &options);
        let other = Timetable::of_task(task, UtcOffset::UTC, &options);
        assert_eq!(one.count(century.clone()), other.count(century.clone()), "{name}");
        let instants = |table: &Timetable<UtcOffset>| -> Vec<_> {
            table.occurrences(century.clone()).take(1000).map(|run| run.instant()).collect()
        };
        assert_eq!(instants(&one), instants(&other), "{name}");
    }
    Ok(())
}
