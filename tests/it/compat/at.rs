//! AT jobs: At1.job's facts (EVIDENCE.md JOB-21, COMPAT-12), the schedules of [MS-TSCH] 2.3.4, and what a server does with
//! them.

use time::macros::datetime;
use wintask::{
    Profile,
    compat::{
        AT_COMMENT, AT_JOB, Account, FromAt, Store, ToJob, ToTask, at_to_job, at_to_task, check_at,
        is_at_job, job_to_at, job_to_task, obstacles, task_to_at, task_to_job,
    },
    definition::{Action, Exec, Task, Trigger, TriggerKind},
    job::{DaysOfMonth, Job, JobDate, JobFlags, Schedule},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    schedule::words,
};

/// The job that made At1.job: `at 00:00 cmd.exe` on 31 July 2023.
fn at1() -> (AtInfo, FromAt) {
    let at = AtInfo { flags: AtFlags::NONINTERACTIVE, command: Some("cmd.exe".into()), ..AtInfo::default() };
    let options = FromAt::new(datetime!(2023-07-31 21:00)).with_author(r"WORKGROUP\DESKTOP-EIS938N$");
    (at, options.with_uuid(uuid::uuid!("01402ff8-7371-4bba-a728-a7d4f012d5c6")))
}

/// Every field of the real file (COMPAT-12): what differs from a new job is the mark of AT jobs.
#[test]
fn the_job_is_that_of_at1() {
    let (at, options) = at1();
    let converted = at_to_job(&at, &options).unwrap();
    assert!(converted.differences.is_empty());
    let expected = Job::new(options.uuid, "cmd.exe")
        .with_author(r"WORKGROUP\DESKTOP-EIS938N$")
        .with_comment(AT_COMMENT)
        .with_flags(JobFlags::DELETE_WHEN_DONE | AT_JOB)
        .with_trigger(wintask::job::Trigger::new(Schedule::Once, JobDate::new(2023, 8, 1), 0, 0));
    assert_eq!(converted.value, expected);
    assert_eq!(expected.flags, JobFlags(0x0120_0002));
    assert!(is_at_job(&expected) && !is_at_job(&Job::new(options.uuid, "cmd.exe")));
    assert_eq!(job_to_at(&expected, &options).unwrap().value, at);
}

#[test]
fn the_definition_is_of_version_1_0() {
    let (at, options) = at1();
    let task = at_to_task(&at, &options).unwrap().value;
    assert_eq!(Store::of_version(task.version), Store::At);
    assert_eq!(task.principals[0].user_id.as_deref(), Some("S-1-5-18"));
    assert_eq!(task.registration_info.description.as_deref(), Some("Created by NetScheduleJobAdd."));
    assert_eq!(task.settings.delete_expired_task_after.as_ref().unwrap().as_str(), "PT0S");
    assert_eq!(task.settings.disallow_start_if_on_batteries, Some(false));
    assert_eq!(task.settings.stop_if_going_on_batteries, Some(false));
    assert!(obstacles(&task, Store::At).is_empty());
    assert_eq!(task_to_at(&task, &options).unwrap().value, at);
    // The file by itself names no account, but an AT job's is LocalSystem unless it was set.
    let job = at_to_job(&at, &options).unwrap().value;
    assert_eq!(job_to_task(&job, &ToTask::default()).value, task);
    let other = options.clone().with_account(Account::User("alice".into()));
    assert_eq!(at_to_task(&at, &other).unwrap().value.principals[0].user_id.as_deref(), Some("alice"));
}

/// 2.3.4: the days of a periodic job are the union of both masks; the others run once for each.
#[test]
fn schedules() {
    let (monday, sunday) = (AtDaysOfWeek::MONDAY, AtDaysOfWeek::SUNDAY);
    // 15 January 2024 is a Monday.
    let options = FromAt::new(datetime!(2024-01-15 12:00));
    let triggers = |hour: u32, days: &[u8], of_week: AtDaysOfWeek, flags: AtFlags| {
        let days_of_month = DaysOfMonth::from_days(days.iter().copied());
        let at = AtInfo {
            job_time: hour * 3_600_000,
            days_of_month,
            days_of_week: of_week,
            flags,
            command: Some("a.exe".into()),
        };
        let job = at_to_job(&at, &options).unwrap().value;
        job.triggers.iter().map(words::job_trigger).collect::<Vec<_>>()
    };
    let (once, weekly) = (AtFlags::NONE, AtFlags::RUN_PERIODICALLY);
    let soon = "Once, on 15 Jan 2024 at 13:00";
    assert_eq!(triggers(13, &[], AtDaysOfWeek::NONE, once), [soon]);
    assert_eq!(triggers(13, &[], monday, once), [soon]);
    assert_eq!(triggers(13, &[], AtDaysOfWeek::NONE, AtFlags::ADD_CURRENT_DATE), [soon]);
    assert_eq!(triggers(11, &[], AtDaysOfWeek::NONE, once), ["Once, on 16 Jan 2024 at 11:00"]);
    assert_eq!(triggers(11, &[], monday, once), ["Once, on 22 Jan 2024 at 11:00"]);
    assert_eq!(triggers(11, &[15], AtDaysOfWeek::NONE, once), ["Once, on 15 Feb 2024 at 11:00"]);
    assert_eq!(
        triggers(11, &[31, 30], sunday, once),
        ["Once, on 21 Jan 2024 at 11:00", "Once, on 30 Jan 2024 at 11:00", "Once, on 31 Jan 2024 at 11:00",]
    );
    // The specification's own example: the fifteenth of every month, and Tuesday of every week.
    assert_eq!(
        triggers(11, &[15], AtDaysOfWeek::TUESDAY, weekly),
        [
            "At 11:00 on the 15th day of every month, from 16 Jan 2024",
            "At 11:00 every week on Tuesday, from 16 Jan 2024",
        ]
    );
    assert_eq!(
        triggers(13, &[], monday | sunday, weekly),
        ["At 13:00 every week on Sunday and Monday, from 15 Jan 2024"]
    );
}

/// 2.3.4 and notes 6 to 8.
#[test]
fn what_a_server_rejects() {
    let job = AtInfo { command: Some("a.exe".into()), ..AtInfo::default() };
    assert_eq!(check_at(&job, Profile::Windows), Ok(()));
    for (job, expected) in [
        (AtInfo { command: None, ..job.clone() }, "Command: the command is missing"),
        (AtInfo { command: Some("".into()), ..job.clone() }, "Command: the command is missing"),
        // A program that no task can have: nothing would be stored.
        (AtInfo { command: Some(r#""" x"#.into()), ..job.clone() }, "Command: the command is missing"),
        (
            AtInfo { command: Some("x".repeat(261).as_str().into()), ..job.clone() },
            "Command: a program of 261 units exceeds the maximum of 260",
        ),
        (AtInfo { job_time: 86_400_000, ..job.clone() }, "JobTime: 86400000 ms exceed a day"),
        (
            AtInfo { days_of_month: DaysOfMonth(1 << 31), ..job.clone() },
            "DaysOfMonth: unused bits 0x80000000 are set",
        ),
        (AtInfo { days_of_week: AtDaysOfWeek(0x80), ..job.clone() }, "DaysOfWeek: unused bits 0x80 are set"),
        (AtInfo { flags: AtFlags(0x20), ..job.clone() }, "Flags: unused bits 0x20 are set"),
    ] {
        let error = check_at(&job, Profile::Windows).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind().status().0), (expected, 87));
        let unused = expected.contains("unused");
        assert_eq!(check_at(&job, Profile::Specification).is_ok(), unused, "{expected}");
    }
}

/// Everything that an AT job cannot state.
#[test]
fn what_is_not_an_at_job() {
    let options = FromAt::new(datetime!(2024-01-15 12:00));
    let found = |change: fn(&mut Task)| {
        let mut task = Task::new(Exec::new("a.exe"));
        task.settings.disallow_start_if_on_batteries = Some(false);
        task.settings.stop_if_going_on_batteries = Some(false);
        task.principals = vec![wintask::definition::Principal::user("S-1-5-18")];
        task.triggers = vec![Trigger::at("2024-01-15T13:00:00".parse().unwrap())];
        change(&mut task);
        task_to_at(&task, &options)
            .map(|converted| converted.value.job_time)
            .map_err(|error| error.to_string())
    };
    assert_eq!(found(|_| {}), Ok(13 * 3_600_000));
    let refusal = |what: &str| Err(format!("the task cannot be an AT job: {what}"));
    for (change, expected) in [
        ((|task| task.triggers.clear()) as fn(&mut Task), "Triggers: 0 triggers, expected at least one"),
        (
            |task| task.settings.wake_to_run = Some(true),
            "Flags: an AT job cannot have TASK_FLAG_SYSTEM_REQUIRED",
        ),
        (|task| task.settings.priority = Some(10), "Priority: an AT job cannot have IDLE_PRIORITY_CLASS"),
        (
            |task| task.settings.execution_time_limit = "PT1H".parse().ok(),
            "Maximum Run Time: an AT job cannot have a limit of 3600s",
        ),
        (
            |task| task.settings.execution_time_limit = "PT0S".parse().ok(),
            "Maximum Run Time: an AT job cannot have an unlimited run time",
        ),
        (
            |task| task.actions.list = vec![Action::Exec(Exec::new("a").with_working_directory("b"))],
            "Working Directory: an AT job cannot have a working directory",
        ),
        (
            |task| task.triggers[0].kind = TriggerKind::Idle,
            "Triggers[0]: an AT job cannot have this type of schedule",
        ),
        (
            |task| task.triggers[0].enabled = Some(false),
            "Triggers[0]: an AT job cannot have a disabled trigger",
        ),
        (
            |task| task.triggers[0] = Trigger::at("2024-05-01T13:00:00".parse().unwrap()),
            "Triggers[0].Begin Year to Start Minute: 2024-05-01 is not the next such day",
        ),
        (
            |task| task.principals[0].user_id = Some("alice".into()),
            "Principals/Principal/UserId: an AT job cannot have an account other than the AT service account; Flags: an AT job cannot have TASK_FLAG_RUN_ONLY_IF_LOGGED_ON",
        ),
        (
            |task| task.settings.start_when_available = Some(true),
            "Settings/StartWhenAvailable: version 1 supports only false, not true",
        ),
    ] {
        assert_eq!(found(change), refusal(expected));
    }
    let task = Task::new(Exec::new("a.exe"));
    assert!(task_to_job(&task, &ToJob::default()).is_ok());
}

/// COMPAT-13: blanks before the program are none of it, and what the conversion makes of them is reported.
#[test]
fn a_command_that_begins_with_blanks() {
    let (at, options) = at1();
    let job = at_to_job(&AtInfo { command: Some("  \tcmd.exe /c dir".into()), ..at }, &options).unwrap();
    assert_eq!(job.value.application_name, "cmd.exe");
    assert_eq!(job.value.parameters, Some("/c dir".into()));
    let differences: Vec<_> = job.differences.iter().map(ToString::to_string).collect();
    assert_eq!(differences, ["info: Command:   \tcmd.exe /c dir is written as cmd.exe /c dir"]);
}

/// COMPAT-12: the mark of AT jobs is the version of their definition, and comes back with it.
#[test]
fn the_mark_of_an_at_job() {
    let (at, options) = at1();
    let job = at_to_job(&at, &options).unwrap().value;
    let back = |job: &Job, to_task: &ToTask| {
        let there = job_to_task(job, to_task);
        let reported: Vec<_> = there.differences.iter().map(ToString::to_string).collect();
        let flags = task_to_job(&there.value, &ToJob::default()).unwrap().value.flags;
        (flags.contains(AT_JOB), reported.join("; "))
    };
    let (system, lost) = (
        ToTask::default().with_account(Account::LocalSystem),
        "warning: Job uuid: lost: the target format has no such field",
    );
    let ended = "info: Triggers[0]/EndBoundary: assumed 2023-08-01T23:59:59";
    assert_eq!(back(&job, &system), (true, format!("{lost}; {ended}")));
    // Jobs of earlier systems are recognised by their comment.
    let earlier = Job { flags: job.flags.without(AT_JOB), ..job.clone() };
    assert_eq!(back(&earlier, &system), (true, format!("info: Task@version: assumed 1.0; {lost}; {ended}")));
    // A definition of another version cannot contain it.
    let other = system.with_version(wintask::definition::SchemaVersion::V1_1);
    let flag = "warning: Flags: lost: 0x200000 has no counterpart";
    assert_eq!(back(&job, &other), (false, format!("{lost}; {ended}; {flag}")));
}
