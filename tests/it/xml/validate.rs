//! Tasks that were built in code, checked by the reader's rules ([MS-TSCH] 3.2.5.4.2; EVIDENCE.md XML-01 to XML-37).

use super::{everything, properties::task};
use proptest::prelude::*;
use wintask::{
    Profile,
    definition::*,
    dtyp::HResult,
    xml::{self, Form, Options},
};

fn options(profile: Profile) -> Options {
    Options::default().with_profile(profile)
}

/// A way to break a valid task.
type Break = fn(&mut Task);

fn first_trigger(task: &mut Task) -> &mut Trigger {
    if task.triggers.is_empty() {
        task.triggers.push(Trigger::at("2024-01-03T02:00:00".parse().unwrap()));
    }
    &mut task.triggers[0]
}

/// What is broken, by whose rules, and what is reported.
const BREAKS: &[(&str, Break, &str)] = &[
    (
        "a priority of 11",
        |task| task.settings.priority = Some(11),
        "Task/Settings/Priority: invalid value \"11\", expected a whole number from 0 to 10",
    ),
    (
        "a command of no characters",
        |task| task.actions.list.insert(0, Exec::new("").into()),
        "Task/Actions[0]/Exec/Command: invalid value \"\", expected a path of 1 to 260 characters",
    ),
    ("no action", |task| task.actions.list.clear(), "Task/Actions: missing element Exec"),
    (
        "33 actions",
        |task| task.actions.list = vec![Exec::new("notepad.exe").into(); 33],
        "Task/Actions: unexpected Exec: Actions has at most 32 elements",
    ),
    (
        "a second trigger without a start",
        |task| {
            first_trigger(task);
            task.triggers.insert(1, Trigger::new(TriggerKind::Time { random_delay: None }));
        },
        "Task/Triggers[1]/TimeTrigger: missing element StartBoundary",
    ),
    (
        "an end before the start",
        |task| {
            let trigger = first_trigger(task);
            trigger.start_boundary = Some("2024-01-03T02:00:00".parse().unwrap());
            trigger.end_boundary = Some("2023-01-03T02:00:00".parse().unwrap());
        },
        "Task/Triggers[0]/…: EndBoundary 2023-01-03T02:00:00 precedes StartBoundary 2024-01-03T02:00:00",
    ),
    (
        "an interval of no time",
        |task| first_trigger(task).repetition = Some(Repetition::every("PT0S".parse().unwrap()).into()),
        "Task/Triggers[0]/…/Repetition/Interval: invalid value \"PT0S\", expected a duration from PT1M to P31D",
    ),
    (
        "no days",
        |task| {
            first_trigger(task).kind = TriggerKind::Calendar {
                random_delay: None,
                schedule: Schedule::weekly(1, DaysOfWeek::default()),
            };
            task.triggers[0].start_boundary = Some("2024-01-03T02:00:00".parse().unwrap());
        },
        "Task/Triggers[0]/CalendarTrigger/ScheduleByWeek/DaysOfWeek: DaysOfWeek is empty",
    ),
    (
        "a subscription that is not a query",
        |task| {
            first_trigger(task).kind =
                TriggerKind::from(EventTrigger { subscription: "<a".into(), ..EventTrigger::default() });
        },
        "Task: invalid Subscription: …",
    ),
    (
        "a context without a principal",
        |task| {
            task.principals.clear();
            task.actions.context = Some("Nobody".into());
        },
        "Task: no principal has the id \"Nobody\"",
    ),
    (
        "a user and a group",
        |task| {
            let principal =
                Principal { group_id: Some("Users".into()), ..Principal::user("alice").with_id("Author") };
            task.principals = vec![principal];
        },
        "Task/Principals/Principal: UserId and GroupId are mutually exclusive",
    ),
    (
        "a character that XML does not allow",
        |task| task.registration_info.description = Some("bell\u{7}".into()),
        "Task/RegistrationInfo/Description: illegal character",
    ),
    (
        "an element that the schema does not know",
        |task| {
            let xml = "<Colour>red</Colour>".to_owned();
            task.settings.extra.elements.push(UnknownElement { inside: None, after: None, xml });
        },
        "Task/Settings: unexpected element Colour in Settings",
    ),
    (
        "data that is not well-formed",
        |task| task.data = Some(Data { xml: "<a>".into() }),
        "Task/Data/a: the end tag does not match the open element",
    ),
    (
        "an element newer than the version",
        |task| {
            task.version = Some(SchemaVersion::V1_2);
            task.settings.volatile = Some(true);
            task.settings.use_unified_scheduling_engine = None;
            task.settings.disallow_start_on_remote_app_session = None;
            task.settings.maintenance_settings = None;
            for trigger in &mut task.triggers {
                if matches!(trigger.kind, TriggerKind::WnfStateChange(_)) {
                    trigger.kind = TriggerKind::Idle;
                }
            }
            for principal in &mut task.principals {
                principal.required_privileges = None;
                principal.process_token_sid_type = None;
            }
        },
        "Task/Settings: Volatile requires version 1.4, but the task states 1.2",
    ),
];

#[test]
fn each_break_is_reported_at_its_place() {
    let mut told = Vec::new();
    for (name, break_it, expected) in BREAKS {
        let mut task = Task::new(Exec::new("notepad.exe"));
        assert_eq!(xml::validate(&task, &Options::default()), Ok(()), "{name}");
        break_it(&mut task);
        let error = xml::validate(&task, &Options::default()).unwrap_err();
        assert_eq!((error.place().offset(), error.place().line_and_column()), (None, None), "{name}");
        assert_eq!((error.kind().info.line, error.kind().info.column), (0, 0), "{name}");
        told.push((expected, error.to_string()));
    }
    let wrong: Vec<_> = told.into_iter().filter(|(expected, error)| !matches(expected, error)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether the error is the expected one, in which `…` stands for anything.
fn matches(expected: &str, error: &str) -> bool {
    match expected.split_once('…') {
        None => expected == error,
        Some((start, end)) => error.starts_with(start) && error.ends_with(end),
    }
}

#[test]
fn a_task_that_states_everything_is_valid_in_both_profiles() {
    for profile in [Profile::Windows, Profile::Specification] {
        assert_eq!(xml::validate(&everything(), &options(profile)), Ok(()));
    }
}

/// The options count: what a server of Windows Vista rejects.
#[test]
fn the_highest_version_is_checked() {
    let task = Task { version: Some(SchemaVersion::V1_4), ..Task::new(Exec::new("notepad.exe")) };
    let vista = Options::default().with_highest_version(SchemaVersion::V1_2);
    let error = xml::validate(&task, &vista).unwrap_err();
    assert_eq!(
        error.hresult(),
        xml::read_text(&xml::write_text(&task, Form::Utf8).unwrap(), &vista).unwrap_err().hresult()
    );
    assert_eq!(error.kind().info.node, "version");
}

/// What Windows would report of a task.
fn verdict<T>(result: Result<T, xml::Error>) -> Option<(HResult, String, String)> {
    let kind = result.err()?.into_parts().0;
    Some((kind.rule.hresult(), kind.info.node, kind.info.value))
}

proptest! {
    /// A task is judged as its text is, in each form that states the same: by the letter of the schema only the form that
    /// keeps its order, as the others are not in order.
    #[test]
    fn a_task_is_judged_as_its_text(mut task in task(), index in 0..BREAKS.len() * 2) {
        if let Some((_, break_it, _)) = BREAKS.get(index) {
            break_it(&mut task);
        }
        for (profile, forms) in [
            (Profile::Windows, &[Form::Utf8, Form::File][..]),
            (Profile::Specification, &[Form::Utf8]),
        ] {
            let judged = verdict(xml::validate(&task, &options(profile)));
            if index < BREAKS.len() {
                prop_assert!(profile == Profile::Specification || judged.is_some());
            }
            for form in forms {
                match xml::write_text(&task, *form) {
                    Ok(text) => prop_assert_eq!(&judged, &verdict(xml::read_text(&text, &options(profile)))),
                    // The specification may object to something else before it.
                    Err(_) => {
                        let malformed = judged.as_ref().is_some_and(|(code, ..)| *code == HResult::SCHED_E_MALFORMEDXML);
                        prop_assert!(malformed || profile == Profile::Specification && judged.is_some());
                    }
                }
            }
        }
    }
}
