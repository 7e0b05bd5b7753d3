//! The tasks of items. The expectations are those of [MS-GPPREF] 2.2.1.18.1, as EVIDENCE.md GPP-05 to GPP-11 correct it,
//! and, for the specification's profile, as it is printed.

use super::{EVERY_KIND, file, read, task};
use time::macros::{datetime, offset};
use wintask::{
    Profile,
    compat::Store,
    definition::{LogonType, SchemaVersion, TriggerKind},
    finding::Severity,
    gpp::{Context, ConvertError, Converted, Field, ItemKind, Part, ScheduledTasks, to_job, to_task},
    job::{
        DaysOfMonth, DaysOfWeek, Job, JobDate, JobFlags, MaxRunTime, Months, Schedule, Trigger, TriggerFlags,
        WhichWeek,
    },
};

const BOTH: [Profile; 2] = [Profile::Windows, Profile::Specification];

fn converted(text: &str, context: &Context<'_>) -> Converted<Job> {
    to_job(&read(text).items().next().unwrap(), context).unwrap()
}

fn job(attributes: &str, profile: Profile) -> Job {
    converted(&task(attributes, ""), &Context::default().with_profile(profile)).value
}

fn codes<T>(converted: &Converted<T>) -> Vec<String> {
    converted.losses.iter().map(|loss| format!("{} {}", loss.code(), loss.place())).collect()
}

/// 2.2.1.18.1: one row for each attribute that becomes a flag, with its value by Windows and by the text.
#[test]
fn flags() {
    for (attribute, value, flag, windows, text) in [
        ("deleteWhenDone", "1", JobFlags::DELETE_WHEN_DONE, true, false),
        ("deleteWhenDone", "0", JobFlags::DELETE_WHEN_DONE, false, true),
        ("startOnlyIfIdle", "1", JobFlags::START_ONLY_IF_IDLE, true, true),
        ("startOnlyIfIdle", "0", JobFlags::START_ONLY_IF_IDLE, false, false),
        ("stopOnIdleEnd", "1", JobFlags::KILL_ON_IDLE_END, true, true),
        ("stopOnIdleEnd", "0", JobFlags::KILL_ON_IDLE_END, false, false),
        ("noStartIfOnBatteries", "1", JobFlags::DONT_START_IF_ON_BATTERIES, true, true),
        ("noStartIfOnBatteries", "0", JobFlags::DONT_START_IF_ON_BATTERIES, false, false),
        ("stopIfGoingOnBatteries", "1", JobFlags::KILL_IF_GOING_ON_BATTERIES, true, true),
        ("stopIfGoingOnBatteries", "0", JobFlags::KILL_IF_GOING_ON_BATTERIES, false, false),
        ("systemRequired", "1", JobFlags::SYSTEM_REQUIRED, true, false),
        ("systemRequired", "0", JobFlags::SYSTEM_REQUIRED, false, false),
        ("enabled", "0", JobFlags::DISABLED, true, true),
        ("enabled", "1", JobFlags::DISABLED, false, false),
    ] {
        for (profile, expected) in BOTH.into_iter().zip([windows, text]) {
            let job = job(&format!("{attribute}=\"{value}\""), profile);
            assert_eq!(job.flags.contains(flag), expected, "{attribute}={value} {profile:?}");
            let others = JobFlags(job.flags.0 & !flag.0);
            assert_eq!(others, JobFlags::APPLICATION_NAME, "{attribute} sets nothing else");
        }
    }
    for profile in BOTH {
        assert_eq!(job("", profile).flags, JobFlags::APPLICATION_NAME, "nothing is set by default");
    }
}

/// 2.2.1.18.1: texts and numbers.
#[test]
fn fields() {
    for profile in BOTH {
        let made = job("args=\"/x\" startIn=\"C:\\a\" comment=\"why\"", profile);
        assert_eq!(made.application_name, "a.exe");
        assert_eq!(made.parameters.unwrap(), "/x");
        assert_eq!(made.working_directory.unwrap(), r"C:\a");
        assert_eq!(made.comment.unwrap(), "why");
        let unstated = job("args=\"\"", profile);
        assert_eq!((unstated.parameters, unstated.working_directory, unstated.comment), (None, None, None));
        assert_eq!(unstated.maximum_run_time, MaxRunTime::DEFAULT);
        assert_eq!((unstated.idle_wait, unstated.idle_deadline), (10, 60));
    }
    // The example of 4.2.17: 72 hours in milliseconds.
    assert_eq!(job("maxRunTime=\"259200000\"", Profile::Windows).maximum_run_time, MaxRunTime(259_200_000));
    assert_eq!(job("maxRunTime=\"3600\"", Profile::Specification).maximum_run_time, MaxRunTime(3_600_000));
    let idle = "idleMinutes=\"15\" deadlineMinutes=\"90\"";
    let made = job(idle, Profile::Windows);
    assert_eq!((made.idle_wait, made.idle_deadline), (15, 90));
    let made = converted(&task(idle, ""), &Context::default().with_profile(Profile::Specification));
    assert_eq!((made.value.idle_wait, made.value.idle_deadline), (10, 60));
    assert_eq!(
        codes(&made),
        ["gpp.loss.no_counterpart idleMinutes", "gpp.loss.no_counterpart deadlineMinutes"]
    );
}

/// 2.2.1.18.1: one row for each type of trigger, and each attribute of one.
#[test]
fn triggers() {
    let begin = "startHour=\"07\" startMinutes=\"08\" beginYear=\"2024\" beginMonth=\"1\" beginDay=\"3\"";
    let at = |schedule| Trigger::new(schedule, JobDate::new(2024, 1, 3), 7, 8);
    let unset = |schedule| Trigger::new(schedule, JobDate::new(2024, 1, 3), 0, 0);
    let daily = Schedule::Daily { days_interval: 1 };
    let repeated = Trigger { minutes_interval: 5, minutes_duration: 60, ..at(daily) };
    let every = "minutesInterval=\"5\" minutesDuration=\"60\"";
    for (attributes, windows, text) in [
        ("type=\"IDLE\"".to_owned(), unset(Schedule::OnIdle), None),
        ("type=\"ONCE\"".to_owned(), at(Schedule::Once), None),
        ("type=\"STARTUP\"".to_owned(), unset(Schedule::AtSystemStart), None),
        ("type=\"LOGON\"".to_owned(), unset(Schedule::AtLogon), None),
        ("type=\"DAILY\"".to_owned(), at(daily), None),
        ("type=\"DAILY\" interval=\"3\"".to_owned(), at(Schedule::Daily { days_interval: 3 }), None),
        (
            "type=\"WEEKLY\" interval=\"2\" days=\"69\"".to_owned(),
            at(Schedule::Weekly {
                weeks_interval: 2,
                days_of_week: DaysOfWeek::SUNDAY | DaysOfWeek::TUESDAY | DaysOfWeek::SATURDAY,
            }),
            None,
        ),
        (
            "type=\"MONTHLY\" week=\"LAST\" days=\"32\" months=\"2049\"".to_owned(),
            at(Schedule::MonthlyDayOfWeek {
                which_week: WhichWeek::LAST,
                days_of_week: DaysOfWeek::FRIDAY,
                months: Months::JANUARY | Months::DECEMBER,
            }),
            None,
        ),
        (
            "type=\"MONTHLY\" days=\"15\" months=\"4095\"".to_owned(),
            at(Schedule::MonthlyDate { days: DaysOfMonth::from_days([15]), months: Months(0xFFF) }),
            None,
        ),
        (
            "type=\"DAILY\" hasEndDate=\"1\" endYear=\"2025\" endMonth=\"12\" endDay=\"31\"".to_owned(),
            Trigger { end: Some(JobDate::new(2025, 12, 31)), ..at(daily) },
            // The text has no year for the end.
            Some(at(daily)),
        ),
        (
            "type=\"DAILY\" hasEndDate=\"0\" endYear=\"2025\" endMonth=\"12\" endDay=\"31\"".to_owned(),
            at(daily),
            None,
        ),
        (format!("type=\"DAILY\" repeatTask=\"1\" {every}"), repeated, Some(at(daily))),
        (format!("type=\"DAILY\" repeatTask=\"0\" {every}"), at(daily), Some(repeated)),
        (
            format!("type=\"DAILY\" repeatTask=\"1\" {every} killAtDurationEnd=\"1\""),
            Trigger { flags: TriggerFlags::KILL_AT_DURATION_END, ..repeated },
            Some(Trigger { flags: TriggerFlags::KILL_AT_DURATION_END, ..at(daily) }),
        ),
    ] {
        for (profile, expected) in BOTH.into_iter().zip([windows, text.unwrap_or(windows)]) {
            let text = task("", &format!("<Trigger {attributes} {begin}/>"));
            let made = converted(&text, &Context::default().with_profile(profile));
            assert_eq!(made.value.triggers, [expected], "{attributes} {profile:?}");
            assert_ne!(made.losses.worst(), Some(Severity::Error));
        }
    }
}

/// 2.2.1.18.1, idleMinute; a .JOB file has one such number for all triggers.
#[test]
fn idle_minute() {
    let made = converted(&task("", "<Trigger type=\"IDLE\" idleMinute=\"25\"/>"), &Context::default());
    assert_eq!(made.value.idle_wait, 25);
}

/// 2.2.1.18.1: startHour and startMinutes are UTC by the text (EVIDENCE.md GPP-09).
#[test]
fn start_in_utc() {
    let zone = offset!(+5:30);
    let text = task(
        "",
        "<Trigger type=\"ONCE\" startHour=\"20\" startMinutes=\"10\" beginYear=\"2024\" beginMonth=\"1\" beginDay=\"3\"/>",
    );
    let context = Context::default().with_zone(&zone);
    let local = converted(&text, &context).value.triggers[0];
    assert_eq!((local.begin, local.start_hour, local.start_minute), (JobDate::new(2024, 1, 3), 20, 10));
    let utc = converted(&text, &context.with_profile(Profile::Specification)).value.triggers[0];
    assert_eq!((utc.begin, utc.start_hour, utc.start_minute), (JobDate::new(2024, 1, 4), 1, 40));
}

/// What cannot be made out is lost with a reason, and the rest of the task is there.
#[test]
fn bad_triggers() {
    for (attributes, losses) in [
        ("type=\"MONTHLY\" days=\"32\"", vec!["gpp.loss.assumed", "gpp.loss.invalid", "gpp.loss.trigger"]),
        ("type=\"WEEKLY\"", vec!["gpp.loss.trigger"]),
        ("type=\"ONCE\"", vec!["gpp.loss.assumed", "gpp.loss.read"]),
        (
            "type=\"LOGON\" days=\"26\" interval=\"1\"",
            vec!["gpp.loss.no_counterpart", "gpp.loss.no_counterpart"],
        ),
    ] {
        let made = converted(&task("", &format!("<Trigger {attributes}/>")), &Context::default());
        let found: Vec<_> = made.losses.iter().map(|loss| loss.code()).collect();
        assert_eq!(found, losses, "{attributes}");
        assert_eq!(made.value.application_name, "a.exe");
    }
}

/// 2.2.1.18.2: an immediate task has no triggers; it starts when it is applied.
#[test]
fn immediate() {
    let text = file(
        "<ImmediateTask clsid=\"{9F030D12-DDA3-4C26-8548-B7CE9151166A}\" name=\"n\" uid=\"{1}\"><Properties name=\"n\" \
         appName=\"a.exe\"/></ImmediateTask>",
    );
    let made = converted(&text, &Context::default());
    assert_eq!(
        (made.value.triggers.len(), codes(&made)),
        (0, vec!["gpp.loss.immediate Triggers".to_owned()])
    );
    let made = converted(&text, &Context::default().with_now(datetime!(2024-05-15 10:20:30)));
    assert_eq!(made.value.triggers, [Trigger::new(Schedule::Once, JobDate::new(2024, 5, 15), 10, 20)]);
}

/// 2.2.1.18.1, runAs: SYSTEM in the policy of a machine, the user who is logged on in that of a user.
#[test]
fn accounts() {
    let alice = Context::default().with_user("CONTOSO", "alice");
    let user = |attributes: &str, context: &Context<'_>| {
        let policy = read(&task(attributes, ""));
        let task = to_task(&policy.items().next().unwrap(), context).unwrap().value;
        task.principals.first().and_then(|principal| principal.user_id.clone())
    };
    for (attributes, part, expected) in [
        ("", Part::Machine, Some("S-1-5-18")),
        ("", Part::User, Some(r"CONTOSO\alice")),
        (r#"runAs="CONTOSO\bob""#, Part::Machine, Some(r"CONTOSO\bob")),
        (r#"runAs="CONTOSO\bob""#, Part::User, Some(r"CONTOSO\bob")),
        (r#"runAs="%LogonDomain%\%LogonUser%""#, Part::Machine, Some(r"CONTOSO\alice")),
        (r#"runAs="NT AUTHORITY\System""#, Part::User, Some("S-1-5-18")),
        (r#"runAs="NT AUTHORITY\Well-Known-System-Account""#, Part::User, Some("S-1-5-18")),
    ] {
        assert_eq!(
            user(attributes, &alice.clone().with_part(part)).as_deref(),
            expected,
            "{attributes} {part:?}"
        );
    }
    assert_eq!(user("", &Context::default().with_part(Part::User)), None, "the user is not known");
}

/// The items with definitions, and what is lost of the policy.
#[test]
fn definitions() {
    let policy = ScheduledTasks::read(EVERY_KIND).unwrap();
    let items: Vec<_> = policy.items().collect();
    let context = Context::default().with_now(datetime!(2024-05-15 10:20:30)).with_user("CONTOSO", "alice");
    let made = to_task(&items[2], &context).unwrap();
    assert_eq!(made.value.version, Some(SchemaVersion::V1_2));
    assert_eq!(made.value.principals[0].user_id.as_deref(), Some("S-1-5-18"));
    assert_eq!(made.value.principals[0].logon_type, Some(LogonType::S4U));
    assert_eq!(
        codes(&made),
        [
            "gpp.loss.policy userContext",
            "gpp.loss.policy removePolicy",
            "gpp.loss.system_alias Task/Principals/Principal/UserId",
        ]
    );
    let made = to_task(&items[3], &context).unwrap();
    assert!(matches!(made.value.triggers[0].kind, TriggerKind::Time { .. }));
    // The other way round: an XP task is of version 1.1, which a server saves as a .JOB file as well.
    let made = to_task(&items[0], &context).unwrap();
    assert_eq!(Store::of_version(made.value.version), Store::Job);
    assert!(codes(&made).contains(&"gpp.loss.credential cpassword".to_owned()));
    assert!(codes(&made).contains(&"gpp.loss.policy Filters".to_owned()));
    // A definition as a .JOB file, through `compat`.
    let ConvertError::NotV1(error) = to_job(&items[2], &context).unwrap_err() else { panic!() };
    let obstacles: Vec<_> = error.obstacles.iter().map(|obstacle| obstacle.place().to_string()).collect();
    assert_eq!(obstacles, ["Triggers[0]/ExecutionTimeLimit", "Principals/Principal/RunLevel"]);
}

#[test]
fn what_has_no_task() {
    let deletes = file(
        "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties action=\"D\" \
         name=\"n\"/></Task>",
    );
    let policy = read(&deletes);
    let item = policy.items().next().unwrap();
    assert_eq!(to_job(&item, &Context::default()).unwrap_err(), ConvertError::NoCommand);
    assert_eq!(item.value(Field::AppName), None);
    assert_eq!(item.kind(), ItemKind::Task);
}

/// 2.2.1.18.1, runAs: without one, the task of a user's policy runs "only if the user is logged on"; that of a stated
/// account runs whether or not it is.
#[test]
fn logged_on() {
    for (attributes, part, expected) in [
        ("", Part::Machine, None),
        ("", Part::User, Some(LogonType::InteractiveToken)),
        (r#"runAs="%LogonDomain%\%LogonUser%""#, Part::Machine, Some(LogonType::InteractiveToken)),
        (r#"runAs="%logonuser%""#, Part::User, Some(LogonType::InteractiveToken)),
        (r#"runAs="CONTOSO\bob""#, Part::User, Some(LogonType::Password)),
        (r#"runAs="NT AUTHORITY\SYSTEM""#, Part::User, None),
    ] {
        let policy = read(&task(attributes, ""));
        let item = policy.items().next().unwrap();
        let context = Context::default().with_part(part).with_user("CONTOSO", "alice");
        let made = to_task(&item, &context).unwrap().value;
        assert_eq!(made.principals[0].logon_type, expected, "{attributes} {part:?}");
        let flag = to_job(&item, &context).unwrap().value.flags.contains(JobFlags::RUN_ONLY_IF_LOGGED_ON);
        assert_eq!(flag, expected == Some(LogonType::InteractiveToken), "{attributes} {part:?}");
    }
}

/// 2.2.1.18.1: triggers "are not shared with the ImmediateTask element".
#[test]
fn immediate_tasks_have_no_triggers() {
    let text = task("", "<Trigger type=\"DAILY\"/>").replace("<Task ", "<ImmediateTask ");
    let text = text.replace("</Task>", "</ImmediateTask>");
    let text =
        text.replace("{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}", "{9F030D12-DDA3-4C26-8548-B7CE9151166A}");
    let made = converted(&text, &Context::default().with_now(datetime!(2024-05-15 10:20)));
    assert_eq!(made.value.triggers, [Trigger::new(Schedule::Once, JobDate::new(2024, 5, 15), 10, 20)]);
    assert_eq!(codes(&made), ["gpp.loss.no_counterpart Triggers/Trigger[1]"]);
}

/// 2.2.1.18.1: what a trigger states by the bounds of its attributes, read without octal or signs (EVIDENCE.md GPP-10).
#[test]
fn padded_numbers() {
    let begin = "startHour=\"08\" startMinutes=\"09\" beginYear=\"2024\" beginMonth=\"08\" beginDay=\"09\"";
    let made = converted(&task("", &format!("<Trigger type=\"ONCE\" {begin}/>")), &Context::default());
    assert_eq!(made.value.triggers, [Trigger::new(Schedule::Once, JobDate::new(2024, 8, 9), 8, 9)]);
}

/// 2.2.1.18.1, startIn has no quotes and no backslash at its end; one that has them is used as it is.
#[test]
fn quotes_in_start_in_are_kept() {
    let made = job("startIn=\"&quot;C:\\a\\&quot;\"", Profile::Windows);
    assert_eq!(made.working_directory.unwrap(), "\"C:\\a\\\"");
}
