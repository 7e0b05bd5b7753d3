//! Differences and fingerprints. What keeps the meaning is by [MS-TSCH] 2.5 and its defaults; what changes it is one table.

use crate::xml::properties::task;
use proptest::prelude::*;
use wintask::{
    Profile,
    definition::*,
    diff::{Part, Significance, compare, fingerprint},
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
            None => Some(Repetition::every("PT1H".parse().ok()?)),
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
        let list = &mut task.actions.list;
        (list.first() != list.last()).then(|| list.rotate_left(1))
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
    fn the_same_meaning(task in task()) {
        let first = fingerprint(&task);
        prop_assert!(compare(&task, &task).is_empty());
        let mut forms = vec![reworded(&task)];
        for form in [Form::File, Form::Client, Form::Utf8] {
            let bytes = xml::write(&task, form).unwrap();
            let options = Options::default();
            forms.extend(xml::recover(&bytes, &options).task);
        }
        for other in forms {
            let differences = compare(&task, &other);
            let wrong = differences.iter().find(|difference| {
                difference.significance == Significance::Meaning && difference.part != Part::Description
            });
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
                let is_found = compare(one, two).iter().any(|difference| {
                    difference.significance == Significance::Meaning && difference.part != Part::Description
                });
                prop_assert!(is_found, "{}", name);
            }
        }
    }
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
