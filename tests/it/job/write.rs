//! Building from scratch gives what Windows writes ([MS-TSCH] 2.4; EVIDENCE.md JOB-01 to JOB-12).

use super::full_job;
use wintask::{
    dtyp::{HResult, SystemTime, WideString},
    job::{BuildError, Job, JobDate, JobFlags, RawJob, Schedule, Trigger},
};

#[test]
fn a_new_job_has_the_header_that_windows_writes() {
    let bytes = Job::new(uuid::Uuid::nil(), "cmd.exe").to_bytes().unwrap();
    let raw = RawJob::parse(&bytes).unwrap();
    let header = raw.fixed;
    // EVIDENCE.md JOB-01 and JOB-20: the defaults of real files.
    assert_eq!((header.product_version.0, header.file_version), (0x0A00, 1));
    assert_eq!(header.app_name_len_offset, 70);
    assert_eq!((header.idle_deadline, header.idle_wait), (60, 10));
    assert_eq!((header.priority.0, header.maximum_run_time.0), (0x20, 259_200_000));
    // EVIDENCE.md JOB-11: no trigger.
    assert_eq!(header.status.0, 0x41305);
    assert_eq!(header.flags.0, 0x0100_0000);
    assert_eq!(usize::from(header.trigger_offset), bytes.len() - 2);
    assert!(header.last_run.is_none());
    // EVIDENCE.md JOB-06: StartError of a task that never ran.
    assert_eq!(*raw.reserved_data, [0x03, 0x13, 4, 0, 0, 0, 0, 0]);
    assert_eq!(bytes.len(), 70 + (2 + 16) + 4 * 2 + 2 + (2 + 8) + 2);
}

#[test]
fn status_follows_the_triggers() {
    let trigger = Trigger::new(Schedule::Once, JobDate::new(2024, 1, 1), 0, 0);
    let mut job = Job::new(uuid::Uuid::nil(), "x").with_trigger(trigger);
    assert_eq!(job.status, HResult::SCHED_S_TASK_HAS_NOT_RUN);
    job.triggers.clear();
    job.settle_status();
    assert_eq!(job.status, HResult::SCHED_S_TASK_NOT_SCHEDULED);
    job.last_run = Some(SystemTime { year: 2024, month: 1, day: 1, ..SystemTime::NONE });
    job.triggers.push(trigger);
    job.settle_status();
    assert_eq!(job.status, HResult::SCHED_S_TASK_READY);
}

/// [MS-TSCH] 2.4.2: the whole file, byte for byte, computed by hand.
#[test]
fn bytes_of_a_small_job() {
    let trigger = Trigger {
        end: Some(JobDate::new(2025, 2, 28)),
        ..Trigger::new(Schedule::Daily { days_interval: 3 }, JobDate::new(2024, 12, 31), 23, 59)
    };
    let job = Job::new(uuid::uuid!("00112233-4455-6677-8899-aabbccddeeff"), "a").with_trigger(trigger);
    let expected = [
        "000a 0100 33221100 5544 7766 8899aabbccddeeff 4600 6000",
        "0000 0000 3c00 0a00 20000000 0014730f 00000000 03130400 00000001",
        "0000 0000 0000 0000 0000 0000 0000 0000", // never ran
        "0000",                                    // running instances
        "0200 6100 0000",                          // a
        "0000 0000 0000 0000",                     // four absent strings
        "0000",                                    // no user data
        "0800 03130400 00000000",                  // reserved data
        "0100",                                    // one trigger
        "3000 0000 e807 0c00 1f00 e907 0200 1c00 1700 3b00 00000000 00000000 01000000 01000000",
        "0300 0000 0000 0000 0000 0000",
    ]
    .concat()
    .replace(' ', "");
    let hex: String = job.to_bytes().unwrap().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, expected);
}

#[test]
fn what_does_not_fit_is_refused() {
    let long = |units: usize| WideString::from_units(vec![0x61u16; units]);
    let job = || full_job();
    assert_eq!(
        Job { comment: Some(long(65535)), ..job() }.to_bytes(),
        Err(BuildError::TooLong { field: "Comment", size: 65536, max: 65535, unit: "units" })
    );
    let error = Job { comment: Some(long(40000)), ..job() }.to_bytes().unwrap_err();
    assert!(matches!(error, BuildError::TriggerOffset { size } if size > 80000));
    assert!(error.to_string().ends_with("bytes before the triggers exceed the maximum of 65535"));
    assert!(matches!(
        Job { user_data: vec![0; 65536], ..job() }.to_bytes(),
        Err(BuildError::TriggerOffset { .. })
    ));
    let many = vec![job().triggers[0]; 65536];
    assert_eq!(
        Job { triggers: many, ..job() }.to_bytes(),
        Err(BuildError::TooLong { field: "Triggers", size: 65536, max: 65535, unit: "triggers" })
    );
    // The maximum fits.
    let most = Job { triggers: vec![job().triggers[0]; 65535], ..job() };
    assert_eq!(Job::parse(&most.to_bytes().unwrap()).unwrap(), most);
}

#[test]
fn empty_and_absent_strings_are_two_things() {
    let job = Job { comment: Some(WideString::default()), author: None, ..full_job() };
    let read = Job::parse(&job.to_bytes().unwrap()).unwrap();
    assert_eq!((read.comment, read.author), (Some(WideString::default()), None));
    // An empty application name is present, but does not set the flag.
    let nameless = Job::new(uuid::Uuid::nil(), "");
    assert_eq!(nameless.flags, JobFlags::NONE);
    assert!(Job::parse(&nameless.to_bytes().unwrap()).is_ok());
}

#[test]
fn serde_names_are_api() {
    let job = Job { user_data: Vec::new(), ..full_job() };
    let job = Job { triggers: job.triggers[..2].to_vec(), ..job };
    let json = serde_json::to_string_pretty(&job).unwrap();
    assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);
    insta::assert_snapshot!(json);
}
