//! The real .JOB files: every field that the manifest asserts of them (EVIDENCE.md JOB-01 to JOB-13).

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    dtyp::{HResult, SystemTime},
    finding::Severity,
    job::{
        Confidence, Job, JobDate, JobFlags, MaxRunTime, Priority, ProductVersion, RawJob, Schedule,
        Signature, Trigger, carve, recover,
    },
};

const AT1: &str = "At1.job";
const WINTASK: &str = "wintask.job";

pub fn at1(files: &Folder) -> Result<(), Failed> {
    let bytes = files.file(AT1)?;
    let raw = RawJob::parse(bytes)?;
    assert_eq!(bytes.len(), 340);
    assert_eq!(raw.fixed.file_version, 1);
    assert_eq!((raw.fixed.app_name_len_offset, raw.fixed.trigger_offset), (70, 222));
    assert_eq!((raw.fixed.idle_deadline, raw.fixed.idle_wait), (60, 10));
    assert_eq!((raw.fixed.error_retry_count, raw.fixed.error_retry_interval), (0, 0));
    assert_eq!(*raw.reserved_data, [0x03, 0x13, 4, 0, 0, 0, 0, 0]);
    assert!(matches!(raw.signature(), Signature::Present(_)), "68-byte signature block (EVIDENCE.md JOB-08)");
    let words = raw.triggers().next().ok_or("no trigger")?;
    let garbage = [words.trigger_specific0, words.trigger_specific1, words.trigger_specific2, words.padding];
    assert_eq!(garbage, [0x00D8, 0, 0x20D8, 0xB7A2]);

    let job = Job::parse(bytes)?;
    assert_eq!(job.product_version, ProductVersion::WINDOWS_10);
    assert_eq!(job.uuid, uuid::uuid!("01402ff8-7371-4bba-a728-a7d4f012d5c6"));
    assert_eq!(job.application_name, "cmd.exe");
    assert_eq!((job.parameters, job.working_directory), (None, None));
    assert_eq!(job.author.ok_or("no author")?, r"WORKGROUP\DESKTOP-EIS938N$");
    assert_eq!(job.comment.ok_or("no comment")?, "Created by NetScheduleJobAdd.");
    assert_eq!(job.priority, Priority::NORMAL);
    assert_eq!(job.maximum_run_time, MaxRunTime(259_200_000));
    assert_eq!((job.exit_code, job.running_instances), (0, 0));
    assert_eq!(job.status, HResult::SCHED_S_TASK_HAS_NOT_RUN);
    assert_eq!(job.flags, JobFlags(0x0120_0002));
    assert_eq!(job.last_run, None);
    assert_eq!(job.reserved.map(|r| r.start_error), Some(HResult(0x41303)));
    assert!(job.user_data.is_empty());
    assert_eq!(job.triggers, [Trigger::new(Schedule::Once, JobDate::new(2023, 8, 1), 0, 0)]);
    Ok(())
}

pub fn wintask(files: &Folder) -> Result<(), Failed> {
    let bytes = files.file(WINTASK)?;
    let raw = RawJob::parse(bytes)?;
    assert_eq!((raw.fixed.app_name_len_offset, raw.fixed.trigger_offset), (70, 846));
    assert_eq!(raw.signature(), Signature::Absent);
    // EVIDENCE.md JOB-06 and JOB-08.
    assert_eq!(raw.strings().map(|(_, s)| s.count()).collect::<Vec<_>>(), [54, 29, 0, 6, 288]);

    let job = Job::parse(bytes)?;
    assert_eq!(job.product_version, ProductVersion::WINDOWS_7);
    assert_eq!(job.uuid, uuid::uuid!("0df2cfeb-5293-41e9-a45e-733720c2e1fa"));
    assert_eq!(job.application_name, r"C:\Program Files (x86)\Google\Update\GoogleUpdate.exe");
    assert_eq!(job.parameters.ok_or("no parameters")?, "/ua /installsource scheduler");
    assert_eq!(job.working_directory, None);
    assert_eq!(job.author.ok_or("no author")?, "Brian");
    let comment = job.comment.ok_or("no comment")?.to_text()?;
    assert!(
        comment.starts_with("Keeps your Google software up to date. If this task is disabled or stopped, ")
    );
    assert!(comment.ends_with("This task uninstalls itself when there is no Google software using it."));
    assert_eq!(job.maximum_run_time.limit(), None);
    assert_eq!(job.status, HResult::SCHED_S_TASK_READY);
    assert_eq!(job.flags, JobFlags(0x2180_0000));
    let last_run = SystemTime {
        year: 2013,
        month: 8,
        day_of_week: 6,
        day: 24,
        hour: 12,
        minute: 42,
        second: 0,
        milliseconds: 112,
    };
    assert_eq!(job.last_run, Some(last_run));
    let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2013, 7, 12), 15, 42);
    assert_eq!(job.triggers, [Trigger { minutes_interval: 60, minutes_duration: 1440, ..daily }]);
    Ok(())
}

pub fn round_trip(files: &Folder) -> Result<(), Failed> {
    for (name, bytes) in &files.0 {
        assert_eq!(RawJob::parse(bytes)?.to_bytes()?, *bytes, "{name}");
        let recovered = recover(bytes);
        assert_eq!(recovered.job(), Some(Job::parse(bytes)?), "{name}");
        assert_ne!(recovered.findings.worst(), Some(Severity::Error), "{name}");
        // The meaning of a real file can be written, and reads back the same.
        let job = Job::parse(bytes)?;
        assert_eq!(Job::parse(&job.to_bytes()?)?, job, "{name}");
    }
    Ok(())
}

/// A job built from its values equals the file that Windows wrote, except for the garbage in the unused words
/// of its trigger and the signature.
pub fn at1_built_anew(files: &Folder) -> Result<(), Failed> {
    let trigger = Trigger::new(Schedule::Once, JobDate::new(2023, 8, 1), 0, 0);
    let built = Job::new(uuid::uuid!("01402ff8-7371-4bba-a728-a7d4f012d5c6"), "cmd.exe")
        .with_author(r"WORKGROUP\DESKTOP-EIS938N$")
        .with_comment("Created by NetScheduleJobAdd.")
        .with_flags(JobFlags::DELETE_WHEN_DONE | JobFlags(0x0020_0000))
        .with_trigger(trigger)
        .to_bytes()?;
    let mut real = files.file(AT1)?[..340 - 68].to_vec();
    let specific = real.len() - 48 + 36;
    real[specific..specific + 8].fill(0);
    assert_eq!(built, real);
    Ok(())
}

pub fn carved(files: &Folder) -> Result<(), Failed> {
    let mut image = vec![0x5A; 4096];
    let mut expected = Vec::new();
    for (_, bytes) in &files.0 {
        expected.push(image.len()..image.len() + bytes.len());
        image.extend(bytes);
        image.extend([0xC3; 1000]);
    }
    let found: Vec<_> = carve(&image).map(|found| (found.span, found.confidence)).collect();
    assert_eq!(found, expected.into_iter().map(|span| (span, Confidence::High)).collect::<Vec<_>>());
    Ok(())
}
