//! Each mapping by itself. The expectations are those of EVIDENCE.md COMPAT-02 to COMPAT-12, written out.

use crate::job::full_job;
use time::macros::offset;
use wintask::{
    compat::{Account, Field, Reason, ToJob, ToTask, job_to_task, task_to_job, v1_obstacles},
    definition::*,
    finding::Severity,
    job::{self, Job, JobDate, JobFlags, MaxRunTime, Priority, TriggerFlags},
    schedule::words,
    time::XsDuration,
    xml,
};

fn job_with(change: impl FnOnce(&mut Job)) -> Job {
    let mut job = Job::new(uuid::Uuid::nil(), "a.exe");
    change(&mut job);
    job.settle_status();
    job
}

fn to_task(job: &Job) -> Task {
    job_to_task(job, &ToTask::default()).value
}

fn task() -> Task {
    Task::new(Exec::new("a.exe"))
}

fn to_job(task: &Task) -> Job {
    task_to_job(task, &ToJob::default()).unwrap().value
}

/// Each flag, and the setting that it is (COMPAT-05).
#[test]
fn flags() {
    let of = |flag| to_task(&job_with(|job| job.flags = job.flags.with(flag))).settings;
    let idle = |flag| of(flag).idle_settings.unwrap();
    let none = of(JobFlags::NONE);
    assert_eq!((none.enabled, of(JobFlags::DISABLED).enabled), (Some(true), Some(false)));
    for (flag, get) in [
        (JobFlags::START_ONLY_IF_IDLE, (|s| s.run_only_if_idle) as fn(&Settings) -> Option<bool>),
        (JobFlags::DONT_START_IF_ON_BATTERIES, |s| s.disallow_start_if_on_batteries),
        (JobFlags::KILL_IF_GOING_ON_BATTERIES, |s| s.stop_if_going_on_batteries),
        (JobFlags::HIDDEN, |s| s.hidden),
        (JobFlags::SYSTEM_REQUIRED, |s| s.wake_to_run),
        (JobFlags::RUN_IF_CONNECTED_TO_INTERNET, |s| s.run_only_if_network_available),
        (JobFlags::KILL_ON_IDLE_END, |s| s.idle_settings.as_ref()?.stop_on_idle_end),
        (JobFlags::RESTART_ON_IDLE_RESUME, |s| s.idle_settings.as_ref()?.restart_on_idle),
    ] {
        assert_eq!((get(&none), get(&of(flag))), (Some(false), Some(true)), "{flag}");
        // A setting that is stated and set makes the flag, and no other.
        let back = to_job(&Task { settings: of(flag), ..task() });
        let own = JobFlags::APPLICATION_NAME.with(JobFlags::RUN_ONLY_IF_LOGGED_ON);
        assert_eq!(back.flags, own.with(flag));
    }
    assert_eq!(idle(JobFlags::NONE).duration.unwrap().as_str(), "PT10M");
    assert_eq!(idle(JobFlags::NONE).wait_timeout.unwrap().as_str(), "PT1H");
    // The defaults of a definition are set on batteries.
    let flags = to_job(&task()).flags;
    assert!(flags.contains(JobFlags::DONT_START_IF_ON_BATTERIES | JobFlags::KILL_IF_GOING_ON_BATTERIES));
    assert!(!flags.contains(JobFlags::KILL_ON_IDLE_END), "the engine's default without IdleSettings");
}

#[test]
fn flags_without_a_counterpart_are_reported() {
    let bits = JobFlags::INTERACTIVE | JobFlags::RUN_ONLY_IF_DOCKED | JobFlags(0x2080_0000);
    let job = job_with(|job| job.flags = job.flags.with(bits));
    let differences = job_to_task(&job, &ToTask::default()).differences;
    let found: Vec<_> =
        differences.iter().filter(|d| d.kind().field == Field::JobFlags).map(|d| d.message()).collect();
    assert_eq!(
        found,
        ["lost: TASK_FLAG_INTERACTIVE | TASK_FLAG_RUN_ONLY_IF_DOCKED | 0x20800000 has no counterpart"]
    );
}

/// COMPAT-06.
#[test]
fn priorities() {
    for (class, number) in
        [(Priority::REALTIME, 0), (Priority::HIGH, 1), (Priority::NORMAL, 5), (Priority::IDLE, 10)]
    {
        assert_eq!(to_task(&job_with(|job| job.priority = class)).settings.priority, Some(number));
    }
    let classes: Vec<Priority> = (0..=10)
        .map(|number| {
            to_job(&Task { settings: Settings { priority: Some(number), ..Settings::default() }, ..task() })
                .priority
        })
        .collect();
    let (r, h, n, i) = (Priority::REALTIME, Priority::HIGH, Priority::NORMAL, Priority::IDLE);
    assert_eq!(classes, [r, h, n, n, n, n, n, n, n, i, i]);
    let reasons = |number| {
        let task = Task { settings: Settings { priority: Some(number), ..Settings::default() }, ..task() };
        let differences = task_to_job(&task, &ToJob::default()).unwrap().differences;
        let about = differences.iter().filter(|d| d.kind().field == Field::Priority).map(|d| d.severity());
        about.collect::<Vec<_>>()
    };
    assert_eq!((reasons(1), reasons(5)), (vec![], vec![]));
    assert_eq!((reasons(4), reasons(9)), (vec![Severity::Info], vec![Severity::Info]));
    assert_eq!((reasons(2), reasons(7)), (vec![Severity::Warning], vec![Severity::Warning]));
}

/// COMPAT-04 and JOB-19.
#[test]
fn limits() {
    for (job, text) in [
        (MaxRunTime(259_200_000), "P3D"),
        (MaxRunTime(0xFFFF_FFFF), "PT0S"),
        (MaxRunTime(0xFFFF_FFFE), "PT0S"),
        (MaxRunTime(60_000), "PT1M"),
        (MaxRunTime(1), "PT0.001S"),
        (MaxRunTime(0), "PT0S"),
    ] {
        let limit = to_task(&job_with(|j| j.maximum_run_time = job)).settings.execution_time_limit;
        assert_eq!(limit.unwrap().as_str(), text);
    }
    for (text, job) in [
        (None, 259_200_000),
        (Some("PT0S"), 0xFFFF_FFFE),
        (Some("PT72H"), 259_200_000),
        (Some("PT1.5S"), 1500),
        (Some("P50D"), 0xFFFF_FFFD),
    ] {
        let limit = text.map(|text| text.parse().unwrap());
        let settings = Settings { execution_time_limit: limit, ..Settings::default() };
        assert_eq!(to_job(&Task { settings, ..task() }).maximum_run_time, MaxRunTime(job), "{text:?}");
    }
}

/// COMPAT-07: every kind of trigger, both ways and in the same words.
#[test]
fn triggers() {
    let job = Job { user_data: Vec::new(), ..full_job() };
    let converted = job_to_task(&job, &ToTask::default().with_account(Account::LocalSystem));
    let names: Vec<_> =
        converted.value.triggers.iter().map(|trigger| trigger.kind.element_name().unwrap()).collect();
    let expected = [
        "TimeTrigger",
        "CalendarTrigger",
        "CalendarTrigger",
        "CalendarTrigger",
        "CalendarTrigger",
        "IdleTrigger",
        "BootTrigger",
        "LogonTrigger",
    ];
    assert_eq!(names, expected);
    let schedules = converted.value.triggers.iter().filter_map(|trigger| match &trigger.kind {
        TriggerKind::Calendar { schedule, .. } => Some(schedule.clone()),
        _ => None,
    });
    let schedules = schedules.collect::<Vec<_>>();
    assert_eq!(
        schedules,
        [
            Schedule::daily(2),
            Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY),
            Schedule::monthly(DaysOfMonth::from_days([1, 31]), Months::JANUARY | Months::JULY),
            Schedule::monthly_day_of_week(Weeks::LAST, DaysOfWeek::SUNDAY, Months::ALL),
        ]
    );
    let to_job = ToJob::default().with_uuid(job.uuid);
    let back = task_to_job(&converted.value, &to_job).unwrap().value;
    // But for the end that the deletion of the task needs.
    let mut expected = job.triggers.clone();
    expected[0].end = Some(JobDate::new(2024, 1, 3));
    assert_eq!(back.triggers, expected);
    assert_eq!(Job { triggers: job.triggers.clone(), ..back }, job);
    assert!(v1_obstacles(&converted.value).is_empty());
}

#[test]
fn several_weeks_become_several_triggers() {
    let schedule =
        Schedule::monthly_day_of_week(Weeks::FIRST | Weeks::LAST, DaysOfWeek::TUESDAY, Months::MAY);
    let trigger = Trigger::calendar(schedule, "2024-01-01T08:00:00".parse().unwrap());
    let task = Task { triggers: vec![trigger], ..task() };
    let converted = task_to_job(&task, &ToJob::default()).unwrap();
    let weeks = converted.value.triggers.iter().map(|trigger| match trigger.schedule {
        job::Schedule::MonthlyDayOfWeek { which_week, .. } => which_week.0,
        _ => 0,
    });
    assert_eq!(weeks.collect::<Vec<_>>(), [1, 5]);
    let split = converted.differences.iter().find(|d| d.kind().reason == Reason::Split(2)).unwrap();
    assert_eq!(split.place().path(), "Triggers[0]/ScheduleByMonthDayOfWeek/Weeks");
}

/// The last date is a whole day (JOB-23): the end's own, or the one before if the trigger starts later on that day.
#[test]
fn ends() {
    let end = |kind: TriggerKind, end: &str| {
        let trigger = Trigger {
            start_boundary: Some("2024-01-01T12:00:00".parse().unwrap()),
            end_boundary: Some(end.parse().unwrap()),
            ..Trigger::new(kind)
        };
        to_job(&Task { triggers: vec![trigger], ..task() }).triggers[0].end
    };
    let daily = || TriggerKind::Calendar { random_delay: None, schedule: Schedule::daily(1) };
    let boot = || TriggerKind::Boot { delay: None };
    assert_eq!(end(daily(), "2024-03-01T23:59:59"), Some(JobDate::new(2024, 3, 1)));
    assert_eq!(end(daily(), "2024-03-01T12:00:00"), Some(JobDate::new(2024, 3, 1)));
    assert_eq!(end(daily(), "2024-03-01T11:59:59"), Some(JobDate::new(2024, 2, 29)));
    assert_eq!(end(boot(), "2024-03-01T00:00:00"), Some(JobDate::new(2024, 3, 1)));
    let job = job_with(|job| {
        let trigger =
            job::Trigger::new(job::Schedule::Daily { days_interval: 1 }, JobDate::new(2024, 3, 1), 8, 0);
        job.triggers = vec![
            job::Trigger { end: Some(JobDate::new(2024, 12, 31)), ..trigger },
            job::Trigger { end: Some(JobDate::new(2024, 2, 29)), ..trigger },
        ];
    });
    let task = to_task(&job);
    assert_eq!(task.triggers[0].end_boundary.as_ref().unwrap().as_str(), "2024-12-31T23:59:59");
    assert_eq!((task.triggers[1].enabled, &task.triggers[1].end_boundary), (Some(false), &None));
}

/// Times that state their zone become local times of the machine's.
#[test]
fn zones() {
    let start = |start: &str, options: &ToJob<'_>| {
        let trigger = Trigger::at(start.parse().unwrap());
        let converted = task_to_job(&Task { triggers: vec![trigger], ..task() }, options).unwrap();
        let job::Trigger { begin, start_hour, start_minute, .. } = converted.value.triggers[0];
        let zone = converted.differences.iter().any(|d| matches!(d.kind().reason, Reason::Zone { .. }));
        (format!("{begin} {start_hour:02}:{start_minute:02}"), zone)
    };
    let (here, none) = (offset!(-8), ToJob::default());
    let zoned = none.with_zone(&here);
    assert_eq!(start("2024-01-01T02:00:00", &zoned), ("2024-01-01 02:00".into(), false));
    assert_eq!(start("2024-01-01T02:00:00Z", &zoned), ("2023-12-31 18:00".into(), true));
    assert_eq!(start("2024-01-01T02:00:00+01:00", &zoned), ("2023-12-31 17:00".into(), true));
    assert_eq!(start("2024-01-01T02:00:00Z", &none), ("2024-01-01 02:00".into(), true));
}

/// Repetitions in minutes, and their flag.
#[test]
fn repetitions() {
    let job = |interval, duration, flags| {
        job_with(|job| {
            let trigger = job::Trigger::new(job::Schedule::Once, JobDate::new(2024, 1, 1), 8, 0);
            let flags = TriggerFlags(flags);
            job.triggers = vec![job::Trigger {
                minutes_interval: interval,
                minutes_duration: duration,
                flags,
                ..trigger
            }];
        })
    };
    let repetition = to_task(&job(15, 90, 2)).triggers[0].repetition.clone().unwrap();
    assert_eq!((repetition.interval.as_str(), repetition.duration.unwrap().as_str()), ("PT15M", "PT1H30M"));
    assert_eq!(repetition.stop_at_duration_end, Some(true));
    // Parts of a minute: no start falls within them, but an interval must be shorter than the duration (notes 22 and 23).
    for (duration, expected) in [("PT6M30S", 6), ("PT5M1S", 6), ("PT7M", 7)] {
        let five = Repetition::every(XsDuration::from_minutes(5)).lasting(duration.parse().unwrap());
        let trigger = Trigger::at("2024-01-01T08:00:00".parse().unwrap());
        let trigger = Trigger { repetition: Some(five.into()), ..trigger };
        let made = to_job(&Task { triggers: vec![trigger], ..task() }).triggers;
        assert_eq!((made[0].minutes_interval, made[0].minutes_duration), (5, expected), "{duration}");
    }
    for (interval, duration) in [(0, 0), (0, 60), (60, 59), (60, 0)] {
        assert_eq!(
            to_task(&job(interval, duration, 0)).triggers[0].repetition,
            None,
            "{interval} {duration}"
        );
    }
}

/// Every obstacle, alone (COMPAT-10).
#[test]
fn obstacles() {
    type Change = fn(&mut Task);
    fn trigger(task: &mut Task, change: impl FnOnce(&mut Trigger)) {
        let mut trigger = Trigger::at("2024-01-01T08:00:00".parse().unwrap());
        change(&mut trigger);
        task.triggers.push(trigger);
    }
    fn minutes(count: u32) -> XsDuration {
        XsDuration::from_minutes(count)
    }
    fn principal(task: &mut Task, principal: Principal) {
        task.principals.push(principal);
    }
    let cases: &[(&str, Change)] = &[
        ("Triggers[0]: version 1 has no EventTrigger", |t| {
            trigger(t, |t| t.kind = TriggerKind::from(EventTrigger::default()))
        }),
        ("Triggers[0]: version 1 has no RegistrationTrigger", |t| {
            trigger(t, |t| t.kind = TriggerKind::Registration { delay: None })
        }),
        ("Triggers[0]: version 1 has no SessionStateChangeTrigger", |t| {
            trigger(t, |t| {
                let state_change = SessionStateChange::ALL[0];
                t.kind = TriggerKind::SessionStateChange(SessionStateChangeTrigger {
                    user_id: None,
                    delay: None,
                    state_change,
                });
            })
        }),
        ("Triggers[0]/RandomDelay: version 1 has no such element", |t| {
            trigger(t, |t| t.kind = TriggerKind::Time { random_delay: Some(minutes(1)) })
        }),
        ("Triggers[0]/Delay: version 1 has no such element", |t| {
            trigger(t, |t| t.kind = TriggerKind::Boot { delay: Some(minutes(1)) })
        }),
        ("Triggers[0]/UserId: version 1 has no such element", |t| {
            trigger(t, |t| t.kind = TriggerKind::Logon { user_id: Some("a".into()), delay: None })
        }),
        ("Triggers[0]/ExecutionTimeLimit: version 1 has no such element", |t| {
            trigger(t, |t| t.execution_time_limit = Some(minutes(5)))
        }),
        ("Triggers[0]/StartBoundary: the trigger has no start", |t| trigger(t, |t| t.start_boundary = None)),
        ("Triggers[0]/StartBoundary: 1600-12-31T00:00:00 is out of range (the years 1601 to 9999)", |t| {
            trigger(t, |t| t.start_boundary = "1600-12-31T00:00:00".parse().ok())
        }),
        ("Triggers[0]/Repetition/Duration: the repetition has no duration", |t| {
            trigger(t, |t| t.repetition = Some(Repetition::every(minutes(5)).into()))
        }),
        (
            "Triggers[0]/Repetition/Interval: the interval of 5 minutes is not shorter than the duration of 5",
            |t| trigger(t, |t| t.repetition = Some(Repetition::every(minutes(5)).lasting(minutes(5)).into())),
        ),
        ("Triggers[0]/Repetition/Interval: PT90S is not a whole number of minutes", |t| {
            trigger(t, |t| {
                t.repetition = Some(Repetition::every("PT90S".parse().unwrap()).lasting(minutes(5)).into());
            })
        }),
        ("Triggers[0]/ScheduleByMonth/DaysOfMonth: version 1 has no last day of the month", |t| {
            trigger(t, |t| {
                let schedule = Schedule::monthly(DaysOfMonth::LAST, Months::ALL);
                t.kind = TriggerKind::Calendar { random_delay: None, schedule };
            })
        }),
        ("Settings/AllowStartOnDemand: version 1 supports only true, not false", |t| {
            t.settings.allow_start_on_demand = Some(false)
        }),
        ("Settings/RestartOnFailure: version 1 has no such element", |t| {
            t.settings.restart_on_failure = Some(RestartOnFailure::new(minutes(1), 3).into())
        }),
        ("Settings/MultipleInstancesPolicy: version 1 supports only IgnoreNew, not Queue", |t| {
            t.settings.multiple_instances_policy = Some(MultipleInstancesPolicy::Queue)
        }),
        ("Settings/AllowHardTerminate: version 1 supports only true, not false", |t| {
            t.settings.allow_hard_terminate = Some(false)
        }),
        ("Settings/StartWhenAvailable: version 1 supports only false, not true", |t| {
            t.settings.start_when_available = Some(true)
        }),
        ("Settings/NetworkSettings: version 1 has no such element", |t| {
            t.settings.network_settings = Some(NetworkSettings::default().into())
        }),
        ("Settings/ExecutionTimeLimit: P1M is out of range (days, hours, minutes and seconds)", |t| {
            t.settings.execution_time_limit = "P1M".parse().ok()
        }),
        ("Settings/UseUnifiedSchedulingEngine: version 1 supports only false, not true", |t| {
            t.settings.use_unified_scheduling_engine = Some(true)
        }),
        ("Settings/DisallowStartOnRemoteAppSession: version 1 supports only false, not true", |t| {
            t.settings.disallow_start_on_remote_app_session = Some(true)
        }),
        ("Settings/MaintenanceSettings: version 1 has no such element", |t| {
            t.settings.maintenance_settings = Some(MaintenanceSettings::new(minutes(1440)).into())
        }),
        ("Settings/Volatile: version 1 supports only false, not true", |t| t.settings.volatile = Some(true)),
        ("Principals/Principal/GroupId: version 1 has no such element", |t| {
            principal(t, Principal::group("S-1-5-32-545"))
        }),
        (
            "Principals/Principal/LogonType: version 1 supports only InteractiveToken and Password, not S4U",
            |t| principal(t, Principal { logon_type: Some(LogonType::S4U), ..Principal::user("a") }),
        ),
        (
            "Principals/Principal/RunLevel: version 1 supports only LeastPrivilege, not HighestAvailable",
            |t| {
                principal(
                    t,
                    Principal { run_level: Some(RunLevel::HighestAvailable), ..Principal::user("a") },
                )
            },
        ),
        ("Principals/Principal/ProcessTokenSidType: version 1 has no such element", |t| {
            principal(
                t,
                Principal {
                    process_token_sid_type: Some(ProcessTokenSidType::Unrestricted),
                    ..Principal::user("a")
                },
            )
        }),
        ("Principals/Principal/RequiredPrivileges: version 1 has no such element", |t| {
            principal(
                t,
                Principal {
                    required_privileges: Some(vec!["SeBackupPrivilege".into()]),
                    ..Principal::user("a")
                },
            )
        }),
        ("Actions[1]: version 1 has no ComHandler", |t| t.actions.list.push(ComHandler::default().into())),
        ("Actions: 2 actions, expected one Exec", |t| t.actions.list.push(Exec::new("b").into())),
        ("Actions: 0 actions, expected one Exec", |t| t.actions.list.clear()),
        ("Actions[0]/HideAppWindow: version 1 supports only false, not true", |t| {
            t.actions.list = vec![Exec { hide_app_window: Some(true), ..Exec::new("a") }.into()]
        }),
        ("Actions[0]/Command: 262 units exceed the maximum of 261", |t| {
            t.actions.list = vec![Exec::new("x".repeat(261)).into()]
        }),
        ("RegistrationInfo/Description: 65536 units exceed the maximum of 65535", |t| {
            t.registration_info.description = Some("x".repeat(65_535))
        }),
        ("Task: 65706 bytes before the triggers exceed the maximum of 65535", |t| {
            t.registration_info.description = Some("x".repeat(32_800))
        }),
    ];
    for (expected, change) in cases {
        let mut task = task();
        change(&mut task);
        let found: Vec<_> =
            v1_obstacles(&task).iter().map(|o| format!("{}: {}", o.place(), o.message())).collect();
        assert_eq!(found, [*expected]);
        let refused = task_to_job(&task, &ToJob::default()).unwrap_err();
        assert_eq!(refused.hresult().to_string(), "SCHED_E_TASK_NOT_V1_COMPAT (0x80041327)");
        assert_eq!(refused.to_string(), format!("the task cannot be a version 1 task: {expected}"));
    }
}

/// What only describes a task, and what means the same.
#[test]
fn what_is_not_an_obstacle() {
    let mut trigger = Trigger::at("2024-01-01T08:00:15".parse().unwrap());
    trigger.id = Some("one".into());
    trigger.execution_time_limit = Some(XsDuration::from_seconds(0));
    trigger.kind = TriggerKind::Time { random_delay: Some(XsDuration::from_seconds(0)) };
    let text = || Some("x".to_owned());
    let task = Task {
        version: Some(SchemaVersion::V1_4),
        registration_info: RegistrationInfo {
            uri: text(),
            security_descriptor: text(),
            source: text(),
            version: text(),
            documentation: text(),
            ..RegistrationInfo::default()
        },
        triggers: vec![trigger],
        data: Some(Data::from_text("x")),
        principals: vec![Principal { display_name: text(), ..Principal::user("a").with_id("LocalSystem") }],
        ..task()
    };
    let differences = task_to_job(&task, &ToJob::default()).unwrap().differences;
    let found: Vec<String> = differences.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    info: Task@version: 1.4 is written as 1.1
    warning: RegistrationInfo/URI: lost: the target format has no such field
    info: RegistrationInfo/SecurityDescriptor: not in the file: the file's own security descriptor replaces it
    warning: RegistrationInfo/Source: lost: the target format has no such field
    warning: RegistrationInfo/Version: lost: the target format has no such field
    warning: RegistrationInfo/Documentation: lost: the target format has no such field
    warning: Triggers[0]@id: lost: the target format has no such field
    warning: Triggers[0]/StartBoundary: 2024-01-01T08:00:15 becomes 08:00, the nearest value in the target format
    warning: Triggers[0]/ExecutionTimeLimit: lost: the target format has no such field
    warning: Settings/Priority: 7 becomes NORMAL_PRIORITY_CLASS, the nearest value in the target format
    warning: Data: lost: the target format has no such field
    info: Principals/Principal@id: LocalSystem is written as Author
    warning: Principals/Principal/DisplayName: lost: the target format has no such field
    info: Principals/Principal/UserId: not in the file: SASetAccountInformation sets the account
    ");
}

/// Times of an event trigger: the first date that a file can state means none.
#[test]
fn event_triggers_may_lack_a_start() {
    let boot = Trigger::new(TriggerKind::Boot { delay: None });
    let job = to_job(&Task { triggers: vec![boot.clone()], ..task() });
    assert_eq!(job.triggers[0].begin, JobDate::new(1601, 1, 1));
    assert_eq!(to_task(&job).triggers[0].start_boundary, None);
    let from = Trigger { start_boundary: Some("2024-05-01T10:00:00".parse().unwrap()), ..boot };
    let job = to_job(&Task { triggers: vec![from.clone()], ..task() });
    assert_eq!(to_task(&job).triggers[0].start_boundary, from.start_boundary);
}

/// A task that is deleted when it is done needs an end, and only some triggers can have one (XML-24).
#[test]
fn deletion_when_done() {
    let job = |schedule| {
        job_with(|job| {
            job.flags = job.flags.with(JobFlags::DELETE_WHEN_DONE);
            let trigger = job::Trigger::new(schedule, JobDate::new(2024, 1, 31), 23, 30);
            job.triggers = vec![job::Trigger { minutes_interval: 10, minutes_duration: 60, ..trigger }];
        })
    };
    let once = to_task(&job(job::Schedule::Once));
    assert_eq!(once.settings.delete_expired_task_after.as_ref().unwrap().as_str(), "PT0S");
    // The repetition goes on after midnight.
    assert_eq!(once.triggers[0].end_boundary.as_ref().unwrap().as_str(), "2024-02-01T23:59:59");
    let converted = job_to_task(&job(job::Schedule::Daily { days_interval: 1 }), &ToTask::default());
    assert_eq!(converted.value.settings.delete_expired_task_after, None);
    assert!(converted.differences.iter().any(|d| d.kind().reason == Reason::NeverDone));
    for task in [once, converted.value] {
        let text = xml::write_text(&task, xml::Form::Utf8).unwrap();
        assert_eq!(xml::read_text(&text, &xml::Options::default()), Ok(task));
    }
}

/// Texts that a definition cannot have.
#[test]
fn texts() {
    let job = job_with(|job| {
        job.comment = Some(wintask::dtyp::WideString::from_units([0x61, 0xD800, 0x01, 0x62]));
        job.working_directory = Some("".into());
        job.parameters = Some("".into());
    });
    let converted = job_to_task(&job, &ToTask::default());
    assert_eq!(converted.value.registration_info.description.as_deref(), Some("a\u{FFFD}\u{FFFD}b"));
    let Some(Action::Exec(exec)) = converted.value.actions.list.first() else { panic!() };
    assert_eq!((exec.arguments.as_deref(), &exec.working_directory), (Some(""), &None));
    let found: Vec<_> = converted
        .differences
        .iter()
        .filter(|d| d.severity() == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "error: Working Directory: lost: an empty text is out of range (1 to 260 characters)",
            "error: Comment: characters that the target format does not allow were replaced",
        ]
    );
}

/// The account is SASec's, not the file's ([MS-TSCH] 3.2.1).
#[test]
fn accounts() {
    let principal = |account: Account, flags: JobFlags| {
        let job = job_with(|job| job.flags = job.flags.with(flags));
        let task = job_to_task(&job, &ToTask::default().with_account(account)).value;
        assert_eq!(task.actions.context.as_deref(), Some("Author"));
        (task.principals[0].user_id.clone(), task.principals[0].logon_type)
    };
    let alice = || Account::from_name(r"CONTOSO\alice");
    let logged_on = JobFlags::RUN_ONLY_IF_LOGGED_ON;
    assert_eq!(
        principal(alice(), JobFlags::NONE),
        (Some(r"CONTOSO\alice".into()), Some(LogonType::Password))
    );
    assert_eq!(
        principal(alice(), logged_on),
        (Some(r"CONTOSO\alice".into()), Some(LogonType::InteractiveToken))
    );
    assert_eq!(principal(Account::from_name(""), JobFlags::NONE), (Some("S-1-5-18".into()), None));
    assert_eq!(principal(Account::Unknown, JobFlags::NONE), (None, Some(LogonType::Password)));
    for user in ["S-1-5-18", "SYSTEM", r"NT AUTHORITY\SYSTEM", "LocalSystem"] {
        let task = Task { principals: vec![Principal::user(user)], ..task() };
        assert_eq!(Account::of_task(&task), Account::LocalSystem, "{user}");
        assert!(!to_job(&task).flags.contains(logged_on), "{user}");
    }
}

/// The same words on both sides.
#[test]
fn words_agree() {
    let job = full_job();
    let task = to_task(&job);
    for (one, other) in job.triggers.iter().zip(&task.triggers).skip(2).take(3) {
        assert_eq!(words::job_trigger(one), words::trigger(other));
    }
}
