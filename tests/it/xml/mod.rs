//! The definition's XML ([MS-TSCH] 2.5; EVIDENCE.md, section XML).

mod carve;
mod damage;
mod documents;
mod encoding;
mod implied;
mod kept;
mod position;
pub(crate) mod properties;
mod recover;
mod rules;
mod settled;
mod validate;
mod write;

use wintask::{
    definition::*,
    xml::{self, Options},
};

pub(crate) const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

/// A document with these sections before its one action.
pub(crate) fn document(version: &str, sections: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!(" version=\"{version}\"") };
    format!(
        "<Task{version} xmlns=\"{NAMESPACE}\">\n{sections}\n  <Actions>\n    <Exec>\n      \
         <Command>notepad.exe</Command>\n    </Exec>\n  </Actions>\n</Task>"
    )
}

pub(crate) fn read(text: &str) -> Result<Task, xml::Error> {
    xml::read_text(text, &Options::default())
}

/// A task that states every element, valid in both profiles.
pub(crate) fn everything() -> Task {
    let duration = |text: &str| Some(text.parse().unwrap());
    let boundary = |text: &str| Some(text.parse().unwrap());
    let calendar = |schedule| Trigger {
        enabled: Some(true),
        end_boundary: boundary("2030-01-01T00:00:00"),
        ..Trigger::calendar(schedule, "2024-01-03T02:00:00".parse().unwrap())
    };
    let repetition = Repetition {
        stop_at_duration_end: Some(true),
        ..Repetition::every("PT15M".parse().unwrap()).lasting("PT1H".parse().unwrap())
    };
    let value = |name: &str, value: &str| NamedValue { name: name.into(), value: value.into() };
    let event = EventTrigger {
        subscription: "<QueryList><Query Id=\"0\" Path=\"System\"><Select Path=\"System\">*[System[EventID=1]]</Select></Query></QueryList>".into(),
        delay: duration("PT30S"),
        period_of_occurrence: duration("PT5M"),
        number_of_occurrences: Some(3),
        matching_element: Some("EventID".into()),
        value_queries: Some(vec![value("who", "Event/System/Computer"), value("what", "Event/EventData/Data")]),
    };
    let session = SessionStateChangeTrigger {
        user_id: Some(r"CONTOSO\alice".into()),
        delay: duration("PT1S"),
        state_change: SessionStateChange::SessionUnlock,
    };
    let weekly = Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY);
    let monthly = Schedule::monthly(
        DaysOfMonth::from_days([1, 15]) | DaysOfMonth::LAST,
        Months::JANUARY | Months::JULY,
    );
    let by_week = Schedule::monthly_day_of_week(Weeks::FIRST | Weeks::LAST, DaysOfWeek::TUESDAY, Months::ALL);
    Task {
        version: Some(SchemaVersion::V1_4),
        registration_info: RegistrationInfo {
            uri: Some(r"\Example\Everything".into()),
            security_descriptor: Some("D:(A;;FA;;;BA)(A;;FA;;;SY)".into()),
            source: Some("$(@%SystemRoot%\\system32\\example.dll,-600)".into()),
            date: boundary("2024-01-02T03:04:05.1234567"),
            author: Some(r"CONTOSO\alice".into()),
            version: Some("1.0.3".into()),
            description: Some("Does \"everything\" there is & more,\nover <two> lines.".into()),
            documentation: Some("https://example.com/tasks".into()),
            extra: Extra::default(),
        },
        triggers: vec![
            Trigger {
                id: Some("boot".into()),
                ..Trigger::new(TriggerKind::Boot { delay: duration("PT1M") })
            },
            Trigger::new(TriggerKind::Registration { delay: duration("PT2M") }),
            Trigger {
                start_boundary: boundary("2024-01-03T02:00:00Z"),
                execution_time_limit: duration("PT30M"),
                ..Trigger::new(TriggerKind::Idle)
            },
            Trigger {
                repetition: Some(repetition.clone().into()),
                kind: TriggerKind::Time { random_delay: duration("PT5M") },
                ..Trigger::at("2024-01-03T02:00:00+09:00".parse().unwrap())
            },
            Trigger::new(event.into()),
            Trigger {
                repetition: Some(repetition.into()),
                ..Trigger::new(TriggerKind::Logon {
                    user_id: Some(r"CONTOSO\alice".into()),
                    delay: duration("PT1M"),
                })
            },
            Trigger::new(TriggerKind::SessionStateChange(session)),
            calendar(Schedule::daily(3)),
            calendar(weekly),
            calendar(monthly),
            calendar(by_week),
        ],
        settings: Settings {
            allow_start_on_demand: Some(true),
            restart_on_failure: Some(RestartOnFailure::new("PT1M".parse().unwrap(), 3).into()),
            multiple_instances_policy: Some(MultipleInstancesPolicy::Queue),
            disallow_start_if_on_batteries: Some(false),
            stop_if_going_on_batteries: Some(false),
            allow_hard_terminate: Some(true),
            start_when_available: Some(true),
            network_profile_name: Some("Office".into()),
            run_only_if_network_available: Some(true),
            wake_to_run: Some(true),
            enabled: Some(true),
            hidden: Some(false),
            delete_expired_task_after: duration("P30D"),
            idle_settings: Some(IdleSettings {
                duration: duration("PT10M"),
                wait_timeout: duration("PT1H"),
                stop_on_idle_end: Some(true),
                restart_on_idle: Some(false),
                ..IdleSettings::default()
            }),
            network_settings: Some(
                NetworkSettings {
                    name: Some("Office".into()),
                    id: Some(uuid::uuid!("0df2cfeb-5293-41e9-a45e-733720c2e1fa")),
                    ..NetworkSettings::default()
                }
                .into(),
            ),
            execution_time_limit: duration("PT2H"),
            priority: Some(5),
            run_only_if_idle: Some(false),
            use_unified_scheduling_engine: Some(true),
            disallow_start_on_remote_app_session: Some(false),
            maintenance_settings: Some(
                MaintenanceSettings {
                    deadline: duration("P14D"),
                    exclusive: Some(false),
                    ..MaintenanceSettings::new("P7D".parse().unwrap())
                }
                .into(),
            ),
            volatile: Some(false),
            extra: Extra::default(),
        },
        principals: vec![Principal {
            logon_type: Some(LogonType::Password),
            display_name: Some("Alice".into()),
            run_level: Some(RunLevel::HighestAvailable),
            process_token_sid_type: Some(ProcessTokenSidType::Unrestricted),
            required_privileges: Some(vec!["SeBackupPrivilege".into(), "SeRestorePrivilege".into()]),
            ..Principal::user(r"NT AUTHORITY\NETWORK SERVICE").with_id("Author")
        }],
        actions: Actions {
            context: Some("Author".into()),
            list: vec![
                Exec { id: Some("first".into()), ..Exec::new(r"C:\Tools\backup.exe") }
                    .with_arguments("/full \"C:\\Some Folder\"")
                    .with_working_directory(r"C:\Tools")
                    .into(),
                ComHandler {
                    class_id: uuid::uuid!("c1f85ef8-bcc2-4606-bb39-70c523715eb3"),
                    ..ComHandler::default()
                }
                .into(),
                SendEmail {
                    server: "mail.example.com".into(),
                    subject: Some("Done".into()),
                    to: Some("a@example.com;b@example.com".into()),
                    cc: Some("c@example.com".into()),
                    bcc: Some("d@example.com".into()),
                    reply_to: Some("e@example.com".into()),
                    from: Some("f@example.com".into()),
                    header_fields: Some(vec![HeaderField::new("X-Task", "yes")]),
                    body: Some("All is saved.".into()),
                    attachments: Some(vec![r"C:\log.txt".into(), r"C:\log2.txt".into()]),
                    ..SendEmail::default()
                }
                .into(),
                ShowMessage { title: Some("Backup".into()), body: "Done".into(), ..ShowMessage::default() }
                    .into(),
            ],
            extra: Extra::default(),
        },
        ..Task::default()
    }
}
