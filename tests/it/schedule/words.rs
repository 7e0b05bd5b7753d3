//! The fixed wording, phrase by phrase.

use wintask::{
    definition::{
        Action, DaysOfMonth, DaysOfWeek, EventTrigger, Exec, MaintenanceSettings, Months, Principal,
        Repetition, RunLevel, Schedule, SessionStateChange, SessionStateChangeTrigger, Settings, Task,
        Trigger, TriggerKind, UnknownElement, Weeks, WnfStateChangeTrigger,
    },
    job::{self, JobDate, TriggerFlags},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    schedule::words,
};

fn calendar(schedule: Schedule) -> Trigger {
    Trigger::calendar(schedule, "2024-01-03T02:00:00".parse().unwrap())
}

fn every(interval: &str) -> Repetition {
    Repetition::every(interval.parse().unwrap())
}

#[test]
fn definitions() {
    let monday = DaysOfWeek::MONDAY;
    let months = Months::JANUARY | Months::MARCH | Months::DECEMBER;
    let start = |text: &str| text.parse().unwrap();
    let at = |text: &str| Trigger::at(start(text));
    let weekly = calendar(Schedule::weekly(2, monday | DaysOfWeek::FRIDAY));
    let last = DaysOfMonth::from_days([1, 2, 3, 11, 21, 22]) | DaysOfMonth::LAST;
    let rows = [
        (
            Trigger {
                repetition: Some(every("PT15M").lasting("PT1H".parse().unwrap()).into()),
                ..weekly.clone()
            },
            "At 02:00 every 2 weeks on Monday and Friday, from 3 Jan 2024; then every 15 minutes for 1 hour",
        ),
        (weekly, "At 02:00 every 2 weeks on Monday and Friday, from 3 Jan 2024"),
        (calendar(Schedule::weekly(1, monday)), "At 02:00 every week on Monday, from 3 Jan 2024"),
        (
            calendar(Schedule::weekly(1, DaysOfWeek::default())),
            "At 02:00 every week on no day, from 3 Jan 2024",
        ),
        (calendar(Schedule::daily(1)), "At 02:00 every day, from 3 Jan 2024"),
        (calendar(Schedule::daily(3)), "At 02:00 every 3 days, from 3 Jan 2024"),
        (
            calendar(Schedule::monthly(last, Months::ALL)),
            "At 02:00 on the 1st, 2nd, 3rd, 11th, 21st, 22nd and last day of every month, from 3 Jan 2024",
        ),
        (
            calendar(Schedule::monthly(DaysOfMonth::from_days([30]), Months::FEBRUARY)),
            "At 02:00 on the 30th day of February, from 3 Jan 2024",
        ),
        (
            calendar(Schedule::monthly_day_of_week(Weeks::FIRST | Weeks::LAST, monday, months)),
            "At 02:00 on the first and last Monday of January, March and December, from 3 Jan 2024",
        ),
        (at("2024-01-03T02:00:00"), "Once, on 3 Jan 2024 at 02:00"),
        // An immediate task of Group Policy ends where it starts.
        (
            Trigger { end_boundary: Some(start("2024-01-03T02:00:00")), ..at("2024-01-03T02:00:00") },
            "Once, on 3 Jan 2024 at 02:00",
        ),
        (
            Trigger { end_boundary: Some(start("2024-01-03T02:00:01")), ..at("2024-01-03T02:00:00") },
            "Once, on 3 Jan 2024 at 02:00 until 3 Jan 2024 at 02:00:01",
        ),
        // A calendar trigger or a repeating one is not such a task's.
        (
            Trigger { end_boundary: Some(start("2024-01-03T02:00:00")), ..calendar(Schedule::daily(1)) },
            "At 02:00 every day, from 3 Jan 2024 until 3 Jan 2024 at 02:00",
        ),
        (
            Trigger {
                end_boundary: Some(start("2024-01-03T02:00:00")),
                repetition: Some(every("PT1H").into()),
                ..at("2024-01-03T02:00:00")
            },
            "Once, on 3 Jan 2024 at 02:00 until 3 Jan 2024 at 02:00; then every hour indefinitely",
        ),
        (at("2024-01-03T02:00:30Z"), "Once, on 3 Jan 2024 at 02:00:30 UTC"),
        (at("2024-01-03T02:00:00+00:00"), "Once, on 3 Jan 2024 at 02:00 (UTC+00:00)"),
        (at("2024-01-03T02:00:00-03:30"), "Once, on 3 Jan 2024 at 02:00 (UTC-03:30)"),
        (at("2024-01-03T02:00:00.25+05:30"), "Once, on 3 Jan 2024 at 02:00:00.25 (UTC+05:30)"),
        (at("12024-01-03T02:00:00"), "Once, on 12024-01-03T02:00:00"),
        (Trigger::new(TriggerKind::Time { random_delay: None }), "Once, at no stated time"),
        (
            Trigger { repetition: Some(every("P1DT2H3M4.5S").into()), ..at("2024-01-03T02:00:00") },
            "Once, on 3 Jan 2024 at 02:00; then every 1 day 2 hours 3 minutes 4.5 seconds indefinitely",
        ),
        (
            Trigger {
                repetition: Some(
                    Repetition {
                        stop_at_duration_end: Some(true),
                        ..every("P1M").lasting("P1Y".parse().unwrap())
                    }
                    .into(),
                ),
                enabled: Some(false),
                end_boundary: Some(start("2024-12-31T23:59:59")),
                kind: TriggerKind::Calendar {
                    random_delay: Some("PT30M".parse().unwrap()),
                    schedule: Schedule::daily(1),
                },
                ..at("2024-01-03T02:00:00")
            },
            "At 02:00 every day, from 3 Jan 2024 until 31 Dec 2024 at 23:59:59, up to 30 minutes later at random; \
             then every month for 1 year, after which running instances are stopped (disabled)",
        ),
        // An indefinite repetition has no end at which to stop runs.
        (
            Trigger {
                repetition: Some(Repetition { stop_at_duration_end: Some(true), ..every("PT15M") }.into()),
                ..at("2024-01-03T02:00:00")
            },
            "Once, on 3 Jan 2024 at 02:00; then every 15 minutes indefinitely",
        ),
        (Trigger::new(TriggerKind::Idle), "When the computer becomes idle"),
        (
            Trigger::new(TriggerKind::Boot { delay: Some("PT5M".parse().unwrap()) }),
            "5 minutes after the system starts",
        ),
        (
            Trigger {
                start_boundary: Some(start("2024-01-03T02:00:00Z")),
                ..Trigger::new(TriggerKind::Logon { user_id: Some(r"CONTOSO\ada".into()), delay: None })
            },
            r"When CONTOSO\ada logs on, from 3 Jan 2024 at 02:00 UTC",
        ),
        (
            Trigger::new(TriggerKind::Logon { user_id: None, delay: Some("PT0S".parse().unwrap()) }),
            "When any user logs on",
        ),
        (Trigger::new(TriggerKind::Registration { delay: None }), "When the task is registered"),
        (
            Trigger::new(TriggerKind::from(EventTrigger {
                number_of_occurrences: Some(3),
                period_of_occurrence: Some("PT10M".parse().unwrap()),
                matching_element: Some("Event/System/Computer".into()),
                ..EventTrigger::default()
            })),
            "When 3 events are logged (invalid query) within 10 minutes with the same Event/System/Computer",
        ),
        (
            Trigger::new(TriggerKind::from(EventTrigger::new(
                "<QueryList><Query Path='Application'><Select>*[System[Level=2\n and EventID>7]]</Select></Query></QueryList>",
            ))),
            "When an event is logged (*[System[Level=2  and EventID>7]] in Application)",
        ),
        (
            Trigger::new(TriggerKind::SessionStateChange(SessionStateChangeTrigger {
                user_id: None,
                delay: None,
                state_change: SessionStateChange::SessionUnlock,
            })),
            "When the session of any user is unlocked",
        ),
        (
            Trigger::new(TriggerKind::from(WnfStateChangeTrigger {
                state_name: "7508BCA3380C960C".into(),
                ..WnfStateChangeTrigger::default()
            })),
            "When the WNF state 7508BCA3380C960C changes",
        ),
    ];
    for (trigger, expected) in rows {
        assert_eq!(words::trigger(&trigger), expected);
    }
}

#[test]
fn tasks() {
    let task = Task::new(Exec::new("a.exe"));
    let on_demand = |allowed| Task {
        settings: Settings { allow_start_on_demand: Some(allowed), ..Settings::default() },
        ..task.clone()
    };
    let maintenance = MaintenanceSettings {
        deadline: Some("P2D".parse().unwrap()),
        ..MaintenanceSettings::new("P1D".parse().unwrap())
    };
    let rows = [
        (task.clone(), "Only on demand"),
        (on_demand(true), "Only on demand"),
        (on_demand(false), "Never"),
        (
            Task {
                triggers: vec![calendar(Schedule::daily(1)), Trigger::new(TriggerKind::Idle)],
                settings: Settings {
                    enabled: Some(false),
                    maintenance_settings: Some(maintenance.into()),
                    ..Settings::default()
                },
                ..task.clone()
            },
            "At 02:00 every day, from 3 Jan 2024. When the computer becomes idle. During automatic \
             maintenance every day, with a deadline of 2 days. The task is disabled",
        ),
    ];
    for (task, expected) in rows {
        assert_eq!(words::task(&task), expected);
    }
}

#[test]
fn jobs() {
    use job::{DaysOfWeek, Months, Schedule, Trigger, WhichWeek};
    let begin = JobDate::new(2003, 5, 1);
    let trigger = |schedule| Trigger::new(schedule, begin, 8, 5);
    let which = |week| Schedule::MonthlyDayOfWeek {
        which_week: WhichWeek(week),
        days_of_week: DaysOfWeek::SUNDAY,
        months: Months::MAY,
    };
    let days = job::DaysOfMonth::from_days([31]);
    let rows = [
        (trigger(Schedule::Once), "Once, on 1 May 2003 at 08:05"),
        (trigger(which(5)), "At 08:05 on the last Sunday of May, from 1 May 2003"),
        (trigger(which(6)), "At 08:05 on the 6th Sunday of May, from 1 May 2003"),
        (
            trigger(Schedule::MonthlyDate { days, months: Months(0) }),
            "At 08:05 on the 31st day of no month, from 1 May 2003",
        ),
        // Real files have the flag without an interval; it does not refer to the end date.
        (
            Trigger {
                end: Some(JobDate::new(2004, 2, 29)),
                flags: TriggerFlags::KILL_AT_DURATION_END,
                ..trigger(Schedule::Daily { days_interval: 3 })
            },
            "At 08:05 every 3 days, from 1 May 2003 until 29 Feb 2004",
        ),
        // Neither an interval nor a duration alone repeats anything.
        (Trigger { minutes_interval: 5, ..trigger(Schedule::Once) }, "Once, on 1 May 2003 at 08:05"),
        (Trigger { minutes_duration: 5, ..trigger(Schedule::Once) }, "Once, on 1 May 2003 at 08:05"),
        (trigger(Schedule::OnIdle), "When the computer becomes idle, from 1 May 2003"),
        (
            trigger(Schedule::Unknown { trigger_type: 9, specific: [0; 3] }),
            "On a trigger of unknown type 9, from 1 May 2003",
        ),
        (
            Trigger {
                end: Some(JobDate::new(2004, 2, 30)),
                minutes_interval: 90,
                minutes_duration: 1440,
                flags: TriggerFlags::KILL_AT_DURATION_END | TriggerFlags::DISABLED,
                ..trigger(Schedule::Weekly { weeks_interval: 1, days_of_week: DaysOfWeek::MONDAY })
            },
            "At 08:05 every week on Monday, from 1 May 2003 until 2004-02-30; then every 1 hour 30 minutes for \
             1 day, after which running instances are stopped (disabled)",
        ),
    ];
    for (trigger, expected) in rows {
        assert_eq!(words::job_trigger(&trigger), expected);
    }
}

/// The task of a .JOB file is its triggers, and one without is only run on demand.
#[test]
fn a_job() {
    let mut job = job::Job::new(uuid::Uuid::nil(), "a.exe");
    assert_eq!(words::job(&job), "Only on demand");
    assert_eq!(words::job_action(&job), "a.exe");
    job.triggers = vec![job::Trigger::new(job::Schedule::Once, JobDate::new(2003, 5, 1), 8, 5)];
    job.flags = job::JobFlags::DISABLED;
    job.parameters = Some("".into());
    assert_eq!(words::job(&job), "Once, on 1 May 2003 at 08:05. The task is disabled");
    assert_eq!(words::job_action(&job), "a.exe");
    job.parameters = Some("/a\n/b".into());
    assert_eq!(words::job_action(&job), "a.exe /a /b");
}

#[test]
fn actions_and_accounts() {
    let unknown = |xml: &str| UnknownElement { inside: None, after: None, xml: xml.into() };
    let rows = [
        (Action::from(Exec::new("a.exe")), "a.exe"),
        (Exec::new("a.exe").with_arguments("").into(), "a.exe"),
        (Exec::new("a.exe").with_arguments("/b\n/c").into(), "a.exe /b /c"),
        (Action::Unknown(unknown("<Other a=\"1\"/>")), "unreadable action Other"),
        (Action::Unknown(unknown("<Other>1</Other>")), "unreadable action Other"),
        (Action::Unknown(unknown("<Other/>")), "unreadable action Other"),
    ];
    for (action, expected) in rows {
        assert_eq!(words::action(&action), expected);
    }
    let unreadable = Trigger::new(unknown("<OtherTrigger>").into());
    assert_eq!(words::trigger(&unreadable), "On an unreadable trigger, OtherTrigger");
    let task = Task::new(Exec::new("a.exe"));
    assert_eq!(words::account(&task), "the account that registers it");
    let highest = Principal::user("S-1-5-18").with_run_level(RunLevel::HighestAvailable);
    let system = r"S-1-5-18 (NT AUTHORITY\SYSTEM), with highest privileges";
    assert_eq!(words::principal(&highest), system);
    assert_eq!(words::account(&task.with_principal(highest)), system);
    let least = Principal::user(r"CONTOSO\ada").with_run_level(RunLevel::LeastPrivilege);
    assert_eq!(words::principal(&least), r"CONTOSO\ada");
    assert_eq!(words::span(std::time::Duration::from_secs(5400)), "1 hour 30 minutes");
}

#[test]
fn at_jobs() {
    let job = |flags, days_of_month: &[u8], days_of_week| AtInfo {
        job_time: 12_600_000,
        days_of_month: job::DaysOfMonth::from_days(days_of_month.iter().copied()),
        days_of_week,
        flags,
        command: None,
    };
    let both = AtDaysOfWeek::MONDAY | AtDaysOfWeek::SUNDAY;
    let rows = [
        (job(AtFlags(0), &[], AtDaysOfWeek(0)), "At 03:30 once, when that time next occurs"),
        (job(AtFlags(0), &[], both), "At 03:30 on the next Monday and Sunday"),
        (job(AtFlags::RUN_PERIODICALLY, &[], both), "At 03:30 on every Monday and Sunday"),
        (
            job(AtFlags::RUN_PERIODICALLY | AtFlags::ADD_CURRENT_DATE, &[3, 12], AtDaysOfWeek(0)),
            "At 03:30 on the day of each month it is added and on every 3rd and 12th of a month",
        ),
        (
            AtInfo { job_time: 86_400_000, ..AtInfo::default() },
            "At 86400000 ms after midnight once, when that time next occurs",
        ),
    ];
    for (job, expected) in rows {
        assert_eq!(words::at(&job), expected);
    }
}
