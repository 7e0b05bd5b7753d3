//! The Task Scheduler's own events (EVIDENCE.md EVT-20 to EVT-25).

use super::{NOW, list};
use wintask::{
    dtyp::FileTime,
    eventlog::{
        Event, Query, System, Value,
        task_scheduler::{
            self, Hex, NotTaskSchedulerEvent, PROVIDER, TaskChannel, TaskLevel, TaskSchedulerEvent as E, info,
        },
    },
};

/// The manifests in figures (EVIDENCE.md EVT-20): how many events there are per channel and level, and the gaps.
#[test]
fn the_catalogue() {
    let all: Vec<_> = task_scheduler::all().collect();
    assert!(all.is_sorted_by_key(|info| info.id), "looked up by bisection");
    let channel = |channel| all.iter().filter(|info| info.channel == channel).count();
    let level = |level| all.iter().filter(|info| info.level == level).count();
    assert_eq!(all.len(), 148);
    assert_eq!(channel(TaskChannel::Diagnostic), 13, "500 to 512");
    assert_eq!(channel(TaskChannel::Maintenance), 10, "800 to 809");
    assert_eq!(channel(TaskChannel::Debug), 2, "998 and 999");
    assert_eq!(level(TaskLevel::Critical), 5, "401, 405, 406, 407, 409");
    assert_eq!(level(TaskLevel::Verbose), 2, "998 and 999");
    for gap in [
        (136, 139),
        (143, 144),
        (154, 154),
        (206, 299),
        (302, 302),
        (321, 321),
        (335, 399),
        (415, 499),
        (513, 699),
        (720, 799),
    ] {
        for id in gap.0..=gap.1 {
            assert_eq!(info(id), None, "{id}");
        }
    }
    for info in all {
        assert!(!info.message.is_empty());
        // Each name in braces is a field.
        for (n, part) in info.message.split(['{', '}']).enumerate().filter(|(n, _)| n % 2 == 1) {
            assert!(info.fields.iter().any(|field| field.name == part), "{} {n} {part}", info.id);
        }
    }
}

/// The whole table, for review.
#[test]
fn the_catalogue_as_a_list() {
    let mut text = String::new();
    for info in task_scheduler::all() {
        let fields: Vec<_> =
            info.fields.iter().map(|f| format!("{}{}", f.name, if f.later { "?" } else { "" })).collect();
        text += &format!(
            "{} {} {:?} {:?} {} {} ({})\n    {}\n",
            info.id,
            if info.symbol.is_empty() { "-" } else { info.symbol },
            info.channel,
            info.level,
            if info.opcode.is_empty() { "-" } else { info.opcode },
            info.since,
            fields.join(", "),
            info.message
        );
    }
    insta::assert_snapshot!(text);
}

/// Every event can be built from its table row, logged, printed, read and described.
#[test]
fn every_event_round_trips() {
    for info in task_scheduler::all() {
        for later in [false, true] {
            let fields = info.fields.iter().filter(|field| later || !field.later);
            // A text that every kind of field can be read from: numbers and GUIDs are known by their names.
            let data = fields.map(|field| {
                let guid = field.name.ends_with("InstanceId");
                let value = if guid { Value::Guid(uuid::Uuid::from_u128(7)) } else { Value::Unsigned(12) };
                (field.name, value)
            });
            let logged = Event::new(&System::new(PROVIDER, info.id), data);
            let event = E::from_event(&logged).unwrap_or_else(|e| panic!("{}: {e}", info.id));
            assert_eq!(event.id(), info.id);
            let written =
                event.to_event(System { time_created: FileTime::from_instant(NOW), ..System::default() });
            let read: Event = written.to_string().parse().unwrap();
            assert_eq!(E::from_event(&read).as_ref(), Ok(&event));
            assert_eq!(read.channel(), Some(&*info.channel.to_string()));
            assert_eq!(read.system().level, Some(info.level as u8));
            assert_eq!(
                task_scheduler::message(&read).unwrap().contains('?'),
                info.fields.iter().any(|f| f.later) && !later && info.id == 201
            );
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<E>(&json).unwrap(), event);
            assert_eq!(event.to_string(), format!("{}: {}", info.id, event.message()));
        }
    }
}

/// EVIDENCE.md EVT-21: fields are read by name, in any order; the version is the stated one.
#[test]
fn versions() {
    let id = uuid::Uuid::from_u128(7);
    let success = |result_code, engine_pid| E::ActionSuccess {
        task_name: r"\First".into(),
        task_instance_id: id,
        action_name: "cmd.exe".into(),
        result_code,
        engine_pid,
    };
    assert_eq!(success(None, None).version(), 0);
    assert_eq!(success(Some(0), None).version(), 1);
    assert_eq!(success(Some(0), Some(4)).version(), 2);
    let order = |event: &E| {
        event.to_event(System::default()).all_data().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order(&success(Some(0), None)), ["TaskName", "TaskInstanceId", "ActionName", "ResultCode"]);
    assert_eq!(
        order(&success(None, None)),
        ["TaskName", "ActionName", "TaskInstanceId"],
        "version 0 has another order"
    );
}

/// EVIDENCE.md EVT-25: names of templates, the activity, and the subscription that chains tasks.
#[test]
fn as_logged() {
    let id = uuid::Uuid::from_u128(7);
    let event = E::ActionSuccess {
        task_name: r"\First".into(),
        task_instance_id: id,
        action_name: "cmd.exe".into(),
        result_code: Some(0),
        engine_pid: None,
    };
    let logged = event.to_event(System {
        computer: Some("PC".into()),
        user_id: Some("S-1-5-18".into()),
        ..System::default()
    });
    insta::assert_snapshot!(logged.to_string());
    assert_eq!(logged.system().activity_id, Some(id));
    let chain = list(
        "Microsoft-Windows-TaskScheduler/Operational",
        "*[EventData[@Name='ActionSuccess'][Data [@Name='TaskName']='\\First']] and \
         *[EventData[@Name='ActionSuccess'][Data [@Name='ResultCode']='0']]",
    );
    assert!(Query::parse(&chain).unwrap().matches(&logged, NOW));
}

/// EVIDENCE.md EVT-24: event 707, its fields and its advice.
#[test]
fn event_707() {
    let known = info(707).unwrap();
    assert_eq!((known.symbol, known.level), ("COMPAT_TASK_DELETE_FAILED", TaskLevel::Error));
    let names: Vec<_> = known.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["TaskName", "ResultCode"], "%1 and %2");
    // The codes of the article, each with its own advice.
    for code in (0x8004_1309..=0x8004_1328_u32)
        .filter(|code| !matches!(code, 0x8004_131B | 0x8004_131C | 0x8004_1325))
    {
        let event = E::CompatTaskDeleteFailed { task_name: r"\Old".into(), result_code: code };
        let advice = event.advice().unwrap();
        assert!(advice.code.is_some(), "{code:#x}");
        assert!(advice.steps.len() >= 5 && advice.verify.is_some());
    }
    let unknown = E::CompatTaskDeleteFailed { task_name: r"\Old".into(), result_code: 5 };
    assert_eq!(unknown.advice().unwrap().code, None);
    let other =
        E::JobStartFailed { task_name: String::new(), user_context: String::new(), result_code: 0x8004_1326 };
    assert_eq!(other.advice().unwrap().code, Some("Enable the task."));
    assert_eq!(E::ScheduleServiceStart {}.advice(), None);
}

/// What a forensic tool encounters: events of other providers, unknown numbers, missing fields.
#[test]
fn damaged() {
    let read = |system: &System, data: &[(&str, &str)]| {
        let data: Vec<_> = data.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
        let event = Event::new(system, data);
        (E::from_event(&event), task_scheduler::message(&event))
    };
    assert_eq!(read(&System::new("Other", 106), &[]), (Err(NotTaskSchedulerEvent::Provider), None));
    assert_eq!(read(&System::new(PROVIDER, 136), &[]), (Err(NotTaskSchedulerEvent::Id), None));
    let (event, message) = read(&System::new(PROVIDER, 106), &[("TaskName", r"\A")]);
    assert_eq!(event, Err(NotTaskSchedulerEvent::Field("UserContext")));
    assert_eq!(message.as_deref(), Some(r#"user "?" registered "\A""#));
    let (event, _) = read(&System::new(PROVIDER, 148), &[("TaskName", r"\A"), ("ResultCode", "0x80041321")]);
    assert_eq!(event, Ok(E::ImageRecoveryFailed { task_name: r"\A".into(), result_code: Hex(0x8004_1321) }));
    let (event, _) = read(&System::new(PROVIDER, 707), &[("TaskName", r"\A"), ("ResultCode", "many")]);
    assert_eq!(event, Err(NotTaskSchedulerEvent::Field("ResultCode")));
}
