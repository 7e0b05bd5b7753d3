//! Differences and fingerprints. What keeps the meaning is by [MS-TSCH] 2.5 and its defaults; what changes it is one table.

use crate::xml::properties::{shuffled, task};
use proptest::{prelude::*, strategy::ValueTree};
use serde_json::Value;
use std::collections::BTreeSet;
use wintask::{
    Profile,
    definition::*,
    diff::{Difference, Digest, Fingerprint, compare, fingerprint},
    taskcache::Hash,
    time::XsDuration,
    xml::{self, Form, Options},
};

fn respelled(duration: &XsDuration) -> XsDuration {
    format!("P0DT0H0M{}S", duration.to_seconds().unwrap()).parse().unwrap()
}

/// The same definition in other words: defaults stated, durations respelled, triggers in reverse order, other identifiers.
fn reworded(task: &Task) -> Task {
    let all = task.settings.effective(Profile::Windows);
    let mut triggers: Vec<_> = task.triggers.iter().rev().cloned().collect();
    for (index, trigger) in triggers.iter_mut().enumerate() {
        trigger.id = Some(format!("trigger {index}"));
        trigger.enabled = Some(trigger.enabled.unwrap_or(true));
        trigger.execution_time_limit = trigger.execution_time_limit.as_ref().map(respelled);
        for boundary in [&mut trigger.start_boundary, &mut trigger.end_boundary] {
            let text = boundary.as_ref().map(|boundary| boundary.as_str().replace('Z', "+00:00"));
            *boundary = text.map(|text| text.parse().unwrap());
        }
        if let Some(repetition) = &mut trigger.repetition {
            repetition.interval = respelled(&repetition.interval);
            repetition.stop_at_duration_end = Some(repetition.stop_at_duration_end.unwrap_or(false));
        }
        match &mut trigger.kind {
            TriggerKind::Boot { delay } => {
                delay.get_or_insert(XsDuration::from_seconds(0));
            }
            TriggerKind::Event(event) => {
                event.number_of_occurrences.get_or_insert(1);
                event
                    .value_queries
                    .iter_mut()
                    .for_each(|queries| queries.sort_by(|a, b| b.name.cmp(&a.name)));
            }
            TriggerKind::Calendar { schedule, .. } => match schedule {
                Schedule::Day { days_interval, .. } => *days_interval = Some(days_interval.unwrap_or(1)),
                Schedule::Week { weeks_interval, .. } => *weeks_interval = Some(weeks_interval.unwrap_or(1)),
                Schedule::Month { months, .. } | Schedule::MonthDayOfWeek { months, .. } => {
                    *months = Some(months.unwrap_or(Months::ALL));
                }
                _ => {}
            },
            _ => {}
        }
    }
    Task {
        version: Some(SchemaVersion::V1_6),
        registration_info: RegistrationInfo { author: Some("Other".into()), ..RegistrationInfo::default() },
        triggers,
        settings: Settings {
            allow_start_on_demand: Some(all.allow_start_on_demand.value),
            multiple_instances_policy: Some(all.multiple_instances_policy.value),
            allow_hard_terminate: Some(all.allow_hard_terminate.value),
            enabled: Some(all.enabled.value),
            volatile: Some(all.volatile.value),
            priority: Some(all.priority.value),
            execution_time_limit: all.execution_time_limit.value.as_ref().map(respelled),
            ..task.settings.clone()
        },
        ..task.clone()
    }
}

/// Changes a definition, if it applies.
type Mutation = fn(&mut Task) -> Option<()>;

/// Changes that change the meaning of every definition to which they apply.
const MUTATIONS: &[(&str, Mutation)] = &[
    ("priority", |task| {
        let priority = task.settings.effective(Profile::Windows).priority.value;
        task.settings.priority = Some((priority + 1) % 11);
        Some(())
    }),
    ("enabled", |task| flip(&mut task.settings.enabled, true)),
    ("hidden", |task| flip(&mut task.settings.hidden, false)),
    ("wake", |task| flip(&mut task.settings.wake_to_run, false)),
    ("batteries", |task| flip(&mut task.settings.disallow_start_if_on_batteries, true)),
    ("on batteries", |task| flip(&mut task.settings.stop_if_going_on_batteries, true)),
    ("on demand", |task| flip(&mut task.settings.allow_start_on_demand, true)),
    ("terminate", |task| flip(&mut task.settings.allow_hard_terminate, true)),
    ("available", |task| flip(&mut task.settings.start_when_available, false)),
    ("network", |task| flip(&mut task.settings.run_only_if_network_available, false)),
    ("idle", |task| flip(&mut task.settings.run_only_if_idle, false)),
    ("engine", |task| flip(&mut task.settings.use_unified_scheduling_engine, false)),
    ("remote", |task| flip(&mut task.settings.disallow_start_on_remote_app_session, false)),
    ("volatile", |task| flip(&mut task.settings.volatile, false)),
    ("limit", |task| {
        task.settings.execution_time_limit = Some("PT12345678S".parse().ok()?);
        Some(())
    }),
    ("deletion", |task| {
        task.settings.delete_expired_task_after = Some("PT12345678S".parse().ok()?);
        Some(())
    }),
    ("retries", |task| {
        task.settings.restart_on_failure.as_mut().map(|retry| retry.count = retry.count.wrapping_add(1))
    }),
    ("maintenance", |task| {
        let maintenance = task.settings.maintenance_settings.as_mut()?;
        flip(&mut maintenance.exclusive, false)
    }),
    ("stop on idle end", |task| flip(&mut task.settings.idle_settings.as_mut()?.stop_on_idle_end, true)),
    ("a trigger less", |task| task.triggers.pop().map(drop)),
    ("a trigger more", |task| {
        task.triggers.push(Trigger::new(TriggerKind::Idle));
        Some(())
    }),
    ("a trigger's state", |task| flip(&mut task.triggers.last_mut()?.enabled, true)),
    ("a start", |task| {
        task.triggers.last_mut()?.start_boundary = Some("1999-12-31T23:59:59".parse().ok()?);
        Some(())
    }),
    ("an end", |task| {
        task.triggers.last_mut()?.end_boundary = Some("9999-12-31T23:59:59".parse().ok()?);
        Some(())
    }),
    ("a repetition", |task| {
        let trigger = task.triggers.last_mut()?;
        trigger.repetition = match trigger.repetition {
            Some(_) => None,
            None => Some(Repetition::every("PT1H".parse().ok()?).into()),
        };
        Some(())
    }),
    ("a delay", |task| match &mut task.triggers.last_mut()?.kind {
        TriggerKind::Boot { delay }
        | TriggerKind::Logon { delay, .. }
        | TriggerKind::Registration { delay } => {
            *delay = Some("PT12345678S".parse().ok()?);
            Some(())
        }
        TriggerKind::Time { random_delay } | TriggerKind::Calendar { random_delay, .. } => {
            *random_delay = Some("PT12345678S".parse().ok()?);
            Some(())
        }
        _ => None,
    }),
    ("days", |task| match &mut task.triggers.last_mut()?.kind {
        TriggerKind::Calendar { schedule: Schedule::Day { days_interval, .. }, .. } => {
            *days_interval = Some(days_interval.unwrap_or(1) % 365 + 1);
            Some(())
        }
        TriggerKind::Calendar { schedule: Schedule::Month { days_of_month, .. }, .. } => {
            *days_of_month = DaysOfMonth::from_bits(days_of_month.bits() ^ 1);
            Some(())
        }
        TriggerKind::Calendar { schedule: Schedule::MonthDayOfWeek { weeks, .. }, .. } => {
            *weeks = Weeks::from_bits(weeks.bits() ^ 1);
            Some(())
        }
        _ => None,
    }),
    ("a query", |task| match &mut task.triggers.last_mut()?.kind {
        TriggerKind::Event(event) => {
            event.subscription.push(' ');
            Some(())
        }
        _ => None,
    }),
    ("an action more", |task| {
        task.actions.list.push(Exec::new("x.exe").into());
        Some(())
    }),
    ("an action less", |task| task.actions.list.pop().map(drop)),
    ("the order of actions", |task| {
        let only = |action: Option<&Action>| {
            let list = action.cloned().into_iter().collect();
            fingerprint(&Task { actions: Actions { list, ..Actions::default() }, ..Task::default() })
        };
        // Not of two that do the same.
        let is_other = only(task.actions.list.first()) != only(task.actions.list.last());
        is_other.then(|| task.actions.list.rotate_left(1))
    }),
    ("a command", |task| match task.actions.list.last_mut()? {
        Action::Exec(exec) => {
            exec.command.push('x');
            Some(())
        }
        _ => None,
    }),
    ("arguments", |task| match task.actions.list.last_mut()? {
        Action::Exec(exec) => {
            exec.arguments.get_or_insert_default().push('x');
            Some(())
        }
        _ => None,
    }),
    ("a window", |task| match task.actions.list.last_mut()? {
        Action::Exec(exec) => flip(&mut exec.hide_app_window, false),
        _ => None,
    }),
    ("a class", |task| match task.actions.list.last_mut()? {
        Action::ComHandler(handler) => {
            handler.class_id = uuid::Uuid::from_u128(handler.class_id.as_u128() ^ 1);
            Some(())
        }
        _ => None,
    }),
    ("an account", |task| {
        let principal = task.principals.first_mut()?;
        (principal.user_id, principal.group_id) = (Some("S-1-5-18".into()), None);
        Some(())
    }),
    ("privileges", |task| {
        let principal = task.principals.first_mut()?;
        principal.required_privileges.get_or_insert_default().push("SeTcbPrivilege".into());
        Some(())
    }),
    ("level", |task| {
        let principal = task.principals.first_mut()?;
        let highest = principal.run_level == Some(RunLevel::HighestAvailable);
        principal.run_level = (!highest).then_some(RunLevel::HighestAvailable);
        Some(())
    }),
    ("context", |task| {
        let principal = task.principals.first()?;
        let other = format!("not {}", principal.id.as_deref()?);
        task.actions.context = Some(other);
        Some(())
    }),
];

fn flip(value: &mut Option<bool>, default: bool) -> Option<()> {
    *value = Some(!value.unwrap_or(default));
    Some(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every writer's form, and every other wording, has the same fingerprint, and differs in nothing that matters.
    #[test]
    fn the_same_meaning(task in task(), seed in any::<u64>()) {
        let first = fingerprint(&task);
        prop_assert!(compare(&task, &task).is_empty());
        let mut forms = vec![reworded(&task)];
        let options = Options::default();
        for form in Form::ALL {
            // The server states the schema's idle settings where there are none, which are others than the engine's.
            if *form == Form::Server && task.settings.idle_settings.is_none() {
                continue;
            }
            let bytes = xml::write(&task, *form).unwrap();
            forms.extend(xml::recover(&bytes, &options).task);
        }
        let text = shuffled(&xml::write_text(&task, Form::File).unwrap(), seed);
        forms.extend(xml::recover_text(&text, &options).task);
        for other in forms {
            let differences = compare(&task, &other);
            let wrong = differences.iter().find(|difference| difference.is_effective());
            prop_assert!(wrong.is_none(), "{:?}", wrong);
            prop_assert_eq!(fingerprint(&other), first);
        }
    }

    /// Every change of the table changes the fingerprint, in one part, and is found both ways.
    #[test]
    fn another_meaning(task in task()) {
        let first = fingerprint(&task);
        for (name, mutate) in MUTATIONS {
            let mut other = task.clone();
            if mutate(&mut other).is_none() {
                continue;
            }
            let second = fingerprint(&other);
            prop_assert_ne!(second.whole(), first.whole(), "{}", name);
            let parts = [
                second.triggers != first.triggers,
                second.actions != first.actions,
                second.principal != first.principal,
                second.settings != first.settings,
            ];
            prop_assert_eq!(parts.iter().filter(|differs| **differs).count(), 1, "{}", name);
            for (one, two) in [(&task, &other), (&other, &task)] {
                let is_found = compare(one, two).iter().any(Difference::is_effective);
                prop_assert!(is_found, "{}", name);
            }
        }
    }
}

/// Values of every kind that a field may have; the first that is another value of the field is its mutation.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(value) => vec![(!value).into()],
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or_default();
            vec![(number + 1).into(), number.saturating_sub(1).into()]
        }
        Value::String(text) => {
            let mut all: Vec<String> = [
                "PT12345S",
                "P12D",
                "2",
                "7",
                "Last",
                "2031-02-03T04:05:06",
                "{00112233-4455-6677-8899-aabbccddeeff}",
                "00112233-4455-6677-8899-aabbccddeeff",
            ]
            .map(str::to_owned)
            .to_vec();
            all.extend(LogonType::ALL.iter().map(|one| one.name().to_owned()));
            all.extend(RunLevel::ALL.iter().map(|one| one.name().to_owned()));
            all.extend(ProcessTokenSidType::ALL.iter().map(|one| one.name().to_owned()));
            all.extend(MultipleInstancesPolicy::ALL.iter().map(|one| one.name().to_owned()));
            all.extend(SessionStateChange::ALL.iter().map(|one| one.name().to_owned()));
            all.extend(DaysOfWeek::ALL.names().chain(Months::ALL.names()).map(str::to_owned));
            all.insert(0, format!("{text}1"));
            all.into_iter().map(Value::from).collect()
        }
        _ => Vec::new(),
    }
}

/// The leaves of a value, as pointers (RFC 6901).
fn leaves(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), out)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| leaves(value, &format!("{at}/{n}"), out))
        }
        Value::Null => {}
        _ => out.push(at.to_owned()),
    }
}

/// What makes no difference to the scheduler, by the name of the field: CONFORMANCE.md.
fn is_description(pointer: &str) -> bool {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let last = *parts.last().unwrap();
    matches!(parts[0], "version" | "registration_info" | "data")
        || parts.contains(&"extra")
        || matches!(last, "id" | "display_name" | "network_profile_name")
            && !parts.contains(&"network_settings")
        || pointer.ends_with("network_settings/name")
}

/// Changes each field of a definition separately, and compares the fingerprints.
fn every_field(task: &Task, seen: &mut BTreeSet<String>) {
    let json = serde_json::to_value(task).unwrap();
    let first = fingerprint(task);
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    leaves(&json, "", &mut all);
    for pointer in &all {
        let name: Vec<&str> = pointer.split('/').filter(|part| part.parse::<usize>().is_err()).collect();
        seen.insert(name.join("/"));
        let value = json.pointer(pointer).unwrap();
        let changed = others(value).into_iter().find_map(|other| {
            let mut changed = json.clone();
            *changed.pointer_mut(pointer).unwrap() = other;
            let changed: Task = serde_json::from_value(changed).ok()?;
            (changed != *task).then_some(changed)
        });
        let Some(changed) = changed else {
            // Another kind has other fields.
            if !pointer.ends_with("/type") && !pointer.ends_with("/by") {
                wrong.push(format!("{pointer}: {value} has no other value"));
            }
            continue;
        };
        // Which principal runs the task is by the names alone.
        let is_reference =
            pointer == "/actions/context" || pointer.starts_with("/principals/") && pointer.ends_with("/id");
        if is_reference {
            continue;
        }
        if (fingerprint(&changed) == first) != is_description(pointer) {
            wrong.push(format!("{pointer}: {value}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A definition with every field, and one trigger and one action of each kind.
fn full() -> Task {
    let duration = |text: &str| -> Option<XsDuration> { Some(text.parse().unwrap()) };
    let text = |text: &str| Some(text.to_owned());
    let schedules = [
        Schedule::daily(3),
        Schedule::weekly(2, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY),
        Schedule::monthly(DaysOfMonth::from_days([1, 15]), Months::JANUARY | Months::JUNE),
        Schedule::monthly_day_of_week(Weeks::FIRST | Weeks::LAST, DaysOfWeek::SUNDAY, Months::MAY),
    ];
    let calendar =
        schedules.map(|schedule| TriggerKind::Calendar { random_delay: duration("PT5M"), schedule });
    let kinds = [
        TriggerKind::Boot { delay: duration("PT1M") },
        TriggerKind::Registration { delay: duration("PT1M") },
        TriggerKind::Idle,
        TriggerKind::Time { random_delay: duration("PT1M") },
        TriggerKind::Logon { user_id: text("alice"), delay: duration("PT1M") },
        TriggerKind::SessionStateChange(SessionStateChangeTrigger {
            user_id: text("alice"),
            delay: duration("PT1M"),
            ..SessionStateChangeTrigger::new(SessionStateChange::SessionLock)
        }),
        TriggerKind::from(EventTrigger {
            delay: duration("PT1M"),
            period_of_occurrence: duration("PT2M"),
            number_of_occurrences: Some(3),
            matching_element: text("Id"),
            value_queries: Some(vec![NamedValue::new("name", "Event/System/EventID")]),
            ..EventTrigger::new("<QueryList/>")
        }),
        TriggerKind::from(WnfStateChangeTrigger {
            delay: duration("PT1M"),
            data: text("AB"),
            data_offset: Some(4),
            ..WnfStateChangeTrigger::new("7508BCA3380C960C")
        }),
    ];
    let triggers = kinds.into_iter().chain(calendar).enumerate().map(|(n, kind)| Trigger {
        id: Some(format!("trigger {n}")),
        enabled: Some(false),
        start_boundary: Some("2024-01-03T02:00:00".parse().unwrap()),
        end_boundary: Some("2025-01-03T02:00:00".parse().unwrap()),
        repetition: Some(
            Repetition {
                stop_at_duration_end: Some(true),
                ..Repetition::every("PT10M".parse().unwrap()).lasting("PT1H".parse().unwrap())
            }
            .into(),
        ),
        execution_time_limit: duration("PT30M"),
        ..Trigger::new(kind)
    });
    let mail = SendEmail {
        id: text("mail"),
        server: "server".into(),
        subject: text("subject"),
        to: text("to"),
        cc: text("cc"),
        bcc: text("bcc"),
        reply_to: text("reply"),
        from: text("from"),
        header_fields: Some(vec![HeaderField::new("name", "value")]),
        body: text("body"),
        attachments: Some(vec!["file".into()]),
        ..SendEmail::default()
    };
    let list: Vec<Action> = vec![
        Exec {
            id: text("exec"),
            arguments: text("/a"),
            working_directory: text("C:\\"),
            hide_app_window: Some(true),
            ..Exec::new("a.exe")
        }
        .into(),
        ComHandler {
            id: text("com"),
            class_id: uuid::Uuid::from_u128(9),
            data: Some(Data::from_text("x")),
            ..ComHandler::default()
        }
        .into(),
        mail.into(),
        ShowMessage { id: text("show"), title: text("title"), body: "body".into(), ..ShowMessage::default() }
            .into(),
    ];
    Task {
        version: Some(SchemaVersion::V1_4),
        registration_info: RegistrationInfo {
            uri: text("\\A"),
            source: text("source"),
            author: text("author"),
            version: text("1"),
            description: text("description"),
            documentation: text("documentation"),
            date: Some("2024-01-03T02:00:00".parse().unwrap()),
            security_descriptor: text("D:"),
            ..RegistrationInfo::default()
        },
        triggers: triggers.collect(),
        principals: vec![Principal {
            id: text("Author"),
            user_id: text("alice"),
            group_id: text("staff"),
            logon_type: Some(LogonType::Password),
            display_name: text("Alice"),
            run_level: Some(RunLevel::HighestAvailable),
            process_token_sid_type: Some(ProcessTokenSidType::None),
            required_privileges: Some(vec!["SeBackupPrivilege".into()]),
            ..Principal::default()
        }],
        settings: Settings {
            allow_start_on_demand: Some(false),
            restart_on_failure: Some(RestartOnFailure::new("PT1M".parse().unwrap(), 3).into()),
            multiple_instances_policy: Some(MultipleInstancesPolicy::Queue),
            disallow_start_if_on_batteries: Some(false),
            stop_if_going_on_batteries: Some(false),
            allow_hard_terminate: Some(false),
            start_when_available: Some(true),
            network_profile_name: text("home"),
            run_only_if_network_available: Some(true),
            wake_to_run: Some(true),
            enabled: Some(false),
            hidden: Some(true),
            delete_expired_task_after: duration("P1D"),
            idle_settings: Some(IdleSettings {
                duration: duration("PT5M"),
                wait_timeout: duration("PT1H"),
                stop_on_idle_end: Some(false),
                restart_on_idle: Some(true),
                ..IdleSettings::default()
            }),
            network_settings: Some(
                NetworkSettings {
                    name: text("home"),
                    id: Some(uuid::Uuid::from_u128(7)),
                    ..NetworkSettings::default()
                }
                .into(),
            ),
            execution_time_limit: duration("PT2H"),
            priority: Some(4),
            run_only_if_idle: Some(true),
            use_unified_scheduling_engine: Some(true),
            disallow_start_on_remote_app_session: Some(true),
            maintenance_settings: Some(
                MaintenanceSettings {
                    deadline: duration("P2D"),
                    exclusive: Some(true),
                    ..MaintenanceSettings::new("P1D".parse().unwrap())
                }
                .into(),
            ),
            volatile: Some(true),
            ..Settings::default()
        },
        data: Some(Data::from_text("data")),
        actions: Actions { list, context: text("Author"), ..Actions::default() },
        ..Task::default()
    }
}

/// Every field of every structure, changed on its own, changes the fingerprint unless it makes no difference to the scheduler.
/// The definition has all fields: those that any generated definition has are among them.
#[test]
fn every_field_counts() {
    let (mut full_fields, mut seen) = (BTreeSet::new(), BTreeSet::new());
    every_field(&full(), &mut full_fields);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..40 {
        let task = task().new_tree(&mut runner).unwrap().current();
        let json = serde_json::to_value(&task).unwrap();
        let mut all = Vec::new();
        leaves(&json, "", &mut all);
        for pointer in all.iter().filter(|pointer| !pointer.contains("/extra")) {
            let name: Vec<&str> = pointer.split('/').filter(|part| part.parse::<usize>().is_err()).collect();
            seen.insert(name.join("/"));
        }
    }
    let missing: Vec<_> = seen.difference(&full_fields).collect();
    assert!(missing.is_empty() && seen.len() > 60, "{missing:?} {}", seen.len());
}

/// What differences look like.
#[test]
fn in_words() {
    let before = Task {
        triggers: vec![
            Trigger::at("2024-01-01T00:00:00Z".parse().unwrap()),
            Trigger::new(TriggerKind::Boot { delay: None }),
            Trigger::new(TriggerKind::Idle),
        ],
        principals: vec![Principal::user("SYSTEM")],
        settings: Settings { execution_time_limit: Some("PT60M".parse().unwrap()), ..Settings::default() },
        registration_info: RegistrationInfo {
            description: Some("Saves".into()),
            security_descriptor: Some("D:(A;;FA;;;BA)".into()),
            ..RegistrationInfo::default()
        },
        ..Task::new(Exec::new("backup.exe"))
    };
    let mut after = before.clone();
    after.triggers.swap(1, 2);
    after.triggers[0].start_boundary = Some("2024-01-01T01:00:00+01:00".parse().unwrap());
    after.triggers[2].kind = TriggerKind::Logon { user_id: None, delay: None };
    after.principals = vec![Principal::user("S-1-5-18")];
    after.settings = Settings {
        execution_time_limit: Some("PT1H".parse().unwrap()),
        hidden: Some(true),
        ..Settings::default()
    };
    after.registration_info.description = None;
    after.registration_info.security_descriptor = Some("D:(A;;FA;;;WD)".into());
    after.actions.list.insert(0, Exec::new("evil.exe").into());
    let shown: Vec<String> = compare(&before, &after).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// FIPS 180-4 by the examples of NIST; 55, 56 and 64 bytes are the edges of the padding (computed by coreutils). The check
/// value of CRC-32 is that of ISO 3309.
#[test]
fn digests() {
    let hex = |bytes: &[u8]| match Hash::of_file(bytes) {
        Hash::Sha256(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let text = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_eq!(hex(text), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    let million = vec![b'a'; 1_000_000];
    assert_eq!(hex(&million), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    for (size, digest) in [
        (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
        (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    ] {
        assert_eq!(hex(&vec![b'a'; size]), digest);
    }
    assert_eq!(Hash::crc32_of_file(b"123456789"), Hash::Crc32(0xCBF4_3926_u32.to_le_bytes()));
}

/// A fingerprint is the same in every version of the crate that has the same version of its rules.
#[test]
fn fingerprints_are_stable() {
    let task = Task {
        triggers: vec![Trigger::at("2024-01-01T00:00:00".parse().unwrap())],
        principals: vec![Principal::user("SYSTEM")],
        ..Task::new(Exec::new("backup.exe"))
    };
    insta::assert_snapshot!(format!("{:#?}", fingerprint(&task)));
}

/// What is added or removed is shown with what it does.
#[test]
fn whole_elements_show_what_they_do() {
    let before = Task::new(Exec::new("backup.exe"));
    let mut after = before.clone();
    after.actions.list.push(Action::Exec(Exec::new("evil.exe").with_arguments("-enc AAAA")));
    after.triggers.push(Trigger::at("2024-01-03T02:00:00".parse().unwrap()));
    let shown = |one: &Task, two: &Task| -> Vec<String> {
        compare(one, two).iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        shown(&before, &after),
        [
            "Triggers[0]: TimeTrigger (StartBoundary 2024-01-03T02:00:00) is added",
            "Actions[1]: Exec (Command evil.exe, Arguments -enc AAAA) is added",
        ]
    );
    assert_eq!(
        shown(&after, &before),
        [
            "Triggers[0]: TimeTrigger (StartBoundary 2024-01-03T02:00:00) is removed",
            "Actions[1]: Exec (Command evil.exe, Arguments -enc AAAA) is removed",
        ]
    );
    let value = compare(&before, &after)[1].after.as_ref().unwrap().value.clone();
    assert_eq!(value, "Exec (Command evil.exe, Arguments -enc AAAA)");
}

/// Results that were stored are read again.
#[test]
fn stored_results() {
    let before = Task::new(Exec::new("backup.exe"));
    let after = Task {
        settings: Settings { hidden: Some(true), ..Settings::default() },
        ..Task::new(Exec::new("evil.exe"))
    };
    let print = fingerprint(&before);
    assert_eq!(print.to_string().parse(), Ok(print));
    assert_eq!(print.whole().to_string().parse(), Ok(print.whole()));
    for text in [
        "",
        "1",
        "1:00",
        "x",
        &format!("{print}:"),
        &print.to_string()[2..],
        &print.to_string().replace(':', ";"),
    ] {
        assert_eq!(text.parse::<Fingerprint>().ok(), None, "{text}");
        assert_eq!(text.parse::<Digest>().ok(), None, "{text}");
    }
    let json = serde_json::to_string(&print).unwrap();
    assert_eq!(serde_json::from_str::<Fingerprint>(&json).unwrap(), print);
    let mut added = after.clone();
    added.actions.list.push(Action::Exec(Exec::new("more.exe")));
    let differences = [compare(&before, &after), compare(&after, &added)].concat();
    assert!(differences.iter().any(|one| one.before.is_none()));
    let json = serde_json::to_string(&differences).unwrap();
    assert!(!json.contains("null"), "{json}");
    assert_eq!(serde_json::from_str::<Vec<Difference>>(&json).unwrap(), differences);
}

/// Spellings of one part of a definition, of which those of a row mean the same, and those of different rows of a group do not:
/// boundaries by TIME-07, durations by XML Schema 3.2.6, accounts by [MS-DTYP] 2.4.2.4, defaults and sets by [MS-TSCH] 2.5.
#[test]
fn spellings() {
    let groups: &[&[&[&str]]] = &[
        // A start by days of the week.
        &[
            &[
                "<T>2024-01-03T02:00:00Z</T>",
                "<T>2024-01-03T02:00:00+00:00</T>",
                "<T>2024-01-03T02:00:00-00:00</T>",
                "<T>2024-01-03T02:00:00.000Z</T>",
                "<T>2024-01-03T04:00:00+02:00</T>",
                "<T>2024-01-02T24:00:00-02:00</T>",
            ],
            &["<T>2024-01-03T02:00:00</T>", "<T>2024-01-03T02:00:00.0</T>", "<T> 2024-01-03T02:00:00 </T>"],
            // The same instant on another day of the week.
            &["<T>2024-01-02T22:00:00-04:00</T>", "<T>2024-01-02T23:30:00-02:30</T>"],
            &["<T>2024-01-03T02:00:01Z</T>"],
        ],
        // An end.
        &[
            &[
                "<E>2025-01-03T02:00:00Z</E>",
                "<E>2025-01-03T04:00:00+02:00</E>",
                "<E>2025-01-02T22:00:00-04:00</E>",
            ],
            &["<E>2025-01-03T02:00:00</E>"],
            &[""],
        ],
        // The days.
        &[
            &[
                "<D><Monday/><Friday/></D>",
                "<D><Friday/><Monday/></D>",
                "<D><Friday></Friday><Monday /></D>",
                "<D><Friday/><Monday/></D><WeeksInterval>1</WeeksInterval>",
                "<WeeksInterval>01</WeeksInterval><D><Friday/><Monday/></D>",
            ],
            &["<D><Monday/></D>"],
            &["<D><Monday/><Friday/></D><WeeksInterval>2</WeeksInterval>"],
        ],
        // A limit.
        &[
            &[
                "<L>PT72H</L>",
                "<L>P3D</L>",
                "<L>PT259200S</L>",
                "<L>P0Y0M3DT0H0M0S</L>",
                "<L>P2DT24H</L>",
                "",
            ],
            &["<L>PT0S</L>", "<L>P0D</L>", "<L>PT0H</L>"],
            &["<L>PT1M</L>", "<L>PT60S</L>", "<L>PT60.0S</L>"],
        ],
        // The principal.
        &[
            &[
                "<UserId>S-1-5-18</UserId>",
                "<UserId>s-1-5-18</UserId>",
                "<UserId>SYSTEM</UserId>",
                "<UserId>system</UserId>",
                r"<UserId>NT AUTHORITY\SYSTEM</UserId>",
                r"<UserId>nt authority\system</UserId>",
                "<UserId>LocalSystem</UserId>",
                "<RunLevel>LeastPrivilege</RunLevel><UserId>S-1-5-18</UserId>",
            ],
            &["<UserId>S-1-5-19</UserId>", r"<UserId>NT AUTHORITY\LOCAL SERVICE</UserId>"],
            &[r"<UserId>CONTOSO\Alice</UserId>", r"<UserId>contoso\ALICE</UserId>"],
            &["<UserId>alice@contoso.com</UserId>"],
            &["<GroupId>S-1-5-32-544</GroupId>", r"<GroupId>BUILTIN\Administrators</GroupId>"],
            &["<UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel>"],
        ],
        // The settings.
        &[
            &[
                "",
                "<Enabled>true</Enabled>",
                "<Enabled>1</Enabled><Hidden>0</Hidden>",
                "<Priority>7</Priority>",
                "<Priority>+07</Priority>",
                "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
                "<AllowStartOnDemand>true</AllowStartOnDemand><AllowHardTerminate>true</AllowHardTerminate>",
                "<DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>",
                "<WakeToRun>false</WakeToRun><RunOnlyIfIdle>false</RunOnlyIfIdle>",
            ],
            &["<Enabled>false</Enabled>", "<Enabled>0</Enabled>"],
            &["<Priority>6</Priority>"],
            &["<DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>"],
            &[
                "<DeleteExpiredTaskAfter>P30D</DeleteExpiredTaskAfter>",
                "<DeleteExpiredTaskAfter>PT720H</DeleteExpiredTaskAfter>",
            ],
        ],
        // The action.
        &[
            &[
                "<C>a b</C>",
                "<C>a&#32;b</C>",
                "<C><![CDATA[a b]]></C>",
                "<C>a b</C><Arguments/>",
                "<C>a<!-- -->&#x20;b</C>",
            ],
            &["<C>A b</C>"],
            &["<C>a b</C><Arguments>x</Arguments>"],
            &["<C>a b</C><WorkingDirectory>x</WorkingDirectory>"],
        ],
        // Another trigger.
        &[
            &[""],
            &[
                "<BootTrigger/>",
                "<BootTrigger id=\"x\"><Enabled>true</Enabled></BootTrigger>",
                "<BootTrigger><Delay>PT0S</Delay></BootTrigger>",
                "<BootTrigger><Delay>P0D</Delay></BootTrigger>",
            ],
            &[
                "<BootTrigger><Delay>PT1M</Delay></BootTrigger>",
                "<BootTrigger><Delay>PT60S</Delay></BootTrigger>",
                "<BootTrigger><Delay>P0DT0H1M</Delay></BootTrigger>",
            ],
            &["<BootTrigger><Enabled>false</Enabled></BootTrigger>"],
            &[
                "<BootTrigger><Repetition><Interval>PT1H</Interval></Repetition></BootTrigger>",
                "<BootTrigger><Repetition><StopAtDurationEnd>0</StopAtDurationEnd><Interval>PT60M</Interval></Repetition></BootTrigger>",
            ],
            &[
                "<BootTrigger><Repetition><Interval>PT1H</Interval><Duration>P1D</Duration></Repetition></BootTrigger>",
                "<BootTrigger><Repetition><Duration>PT24H</Duration><Interval>PT3600S</Interval></Repetition></BootTrigger>",
            ],
            &[
                "<BootTrigger><Repetition><Interval>PT1H</Interval><Duration>P1D</Duration><StopAtDurationEnd>true</StopAtDurationEnd></Repetition></BootTrigger>",
            ],
            &["<LogonTrigger/>"],
            &[
                "<LogonTrigger><UserId>S-1-5-21-1-2-3-4</UserId></LogonTrigger>",
                "<LogonTrigger><UserId>s-1-5-21-1-2-3-4</UserId></LogonTrigger>",
            ],
            &[
                r"<LogonTrigger><UserId>CONTOSO\Alice</UserId></LogonTrigger>",
                r"<LogonTrigger><UserId>contoso\alice</UserId></LogonTrigger>",
            ],
            &[
                "<EventTrigger><Subscription>&lt;a/&gt;</Subscription><ValueQueries><Value name=\"a\">x</Value><Value name=\"b\">y</Value></ValueQueries></EventTrigger>",
                "<EventTrigger><ValueQueries><Value name=\"b\">y</Value><Value name=\"a\">x</Value></ValueQueries><Subscription><![CDATA[<a/>]]></Subscription></EventTrigger>",
                "<EventTrigger><NumberOfOccurrences>1</NumberOfOccurrences><ValueQueries><Value name=\"b\">y</Value><Value name=\"a\">x</Value></ValueQueries><Subscription>&#60;a/></Subscription></EventTrigger>",
            ],
            &[
                "<EventTrigger><Subscription>&lt;a/&gt;</Subscription><ValueQueries><Value name=\"a\">y</Value><Value name=\"b\">x</Value></ValueQueries></EventTrigger>",
            ],
            &[
                "<CalendarTrigger><T>2024-01-03T02:00:00</T><ScheduleByMonth><DaysOfMonth><Day>1</Day><Day>Last</Day></DaysOfMonth></ScheduleByMonth></CalendarTrigger>",
                "<CalendarTrigger><T>2024-01-03T02:00:00</T><ScheduleByMonth><DaysOfMonth><Day>Last</Day><Day>01</Day><Day>1</Day></DaysOfMonth></ScheduleByMonth></CalendarTrigger>",
                "<CalendarTrigger><T>2024-01-03T02:00:00</T><ScheduleByMonth><Months><December/><January/><February/><March/><April/><May/><June/><July/><August/><September/><October/><November/></Months><DaysOfMonth><Day>1</Day><Day>Last</Day></DaysOfMonth></ScheduleByMonth></CalendarTrigger>",
            ],
            &[
                "<CalendarTrigger><T>2024-01-03T02:00:00</T><ScheduleByMonth><DaysOfMonth><Day>1</Day><Day>31</Day></DaysOfMonth></ScheduleByMonth></CalendarTrigger>",
            ],
            &[
                "<CalendarTrigger><T>2024-01-03T02:00:00</T><ScheduleByDay/></CalendarTrigger>",
                "<CalendarTrigger><T>2024-01-03T02:00:00</T><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay><RandomDelay>PT0S</RandomDelay></CalendarTrigger>",
            ],
            &["<TimeTrigger><T>2024-01-03T02:00:00</T></TimeTrigger>"],
        ],
        // What the account must have.
        &[
            &[
                "<UserId>S-1-5-18</UserId>",
                "<UserId>S-1-5-18</UserId><RequiredPrivileges/>",
                "<UserId>S-1-5-18</UserId><DisplayName>x</DisplayName>",
            ],
            &[
                "<UserId>S-1-5-18</UserId><RequiredPrivileges><Privilege>SeTcbPrivilege</Privilege><Privilege>SeDebugPrivilege</Privilege></RequiredPrivileges>",
                "<UserId>S-1-5-18</UserId><RequiredPrivileges><Privilege>SeDebugPrivilege</Privilege><Privilege>SeTcbPrivilege</Privilege></RequiredPrivileges>",
            ],
            &["<UserId>S-1-5-18</UserId><ProcessTokenSidType>None</ProcessTokenSidType>"],
            &["<UserId>S-1-5-18</UserId><ProcessTokenSidType>Unrestricted</ProcessTokenSidType>"],
        ],
    ];
    let usual = [
        "<T>2024-01-03T02:00:00</T>",
        "",
        "<D><Monday/></D>",
        "",
        "<UserId>S-1-5-18</UserId>",
        "",
        "<C>a.exe</C>",
        "",
    ];
    let print = |group: usize, spelling: &str| {
        let mut parts = usual;
        // The last group is about the principal once more.
        parts[if group == 8 { 4 } else { group }] = spelling;
        let [start, end, days, limit, principal, settings, action, trigger] = parts;
        let text = format!(
            "<Task version=\"1.4\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Triggers><CalendarTrigger>{start}{end}<ScheduleByWeek>{days}</ScheduleByWeek></CalendarTrigger>{trigger}</Triggers><Settings>{limit}{settings}</Settings><Principals><Principal>{principal}</Principal></Principals><Actions><Exec>{action}</Exec></Actions></Task>"
        );
        let long = [
            ("T>", "StartBoundary>"),
            ("E>", "EndBoundary>"),
            ("D>", "DaysOfWeek>"),
            ("L>", "ExecutionTimeLimit>"),
            ("C>", "Command>"),
        ];
        let text = long.iter().fold(text, |text, (short, long)| {
            text.replace(&format!("<{short}"), &format!("<{long}"))
                .replace(&format!("</{short}"), &format!("</{long}"))
        });
        let task = xml::recover_text(&text, &Options::default()).task.unwrap();
        assert_eq!(compare(&task, &task), []);
        fingerprint(&task).whole()
    };
    let mut wrong = Vec::new();
    for (group, rows) in groups.iter().enumerate() {
        let mut seen = Vec::new();
        for row in *rows {
            let first = print(group, row[0]);
            wrong.extend(
                row.iter()
                    .filter(|other| print(group, other) != first)
                    .map(|other| (row[0], *other, "differ")),
            );
            if seen.contains(&first) {
                wrong.push((row[0], "", "is like another row"));
            }
            seen.push(first);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
