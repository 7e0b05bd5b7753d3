//! What an item states.

use super::{EVERY_KIND, file, read, task};
use std::collections::BTreeSet;
use wintask::gpp::{
    Action, Context, ConvertError, FILTERS, Field, Item, ItemKind, Owner, PLACEHOLDERS, ScheduledTasks,
    TriggerType, Type, Value, Week, definition, placeholders,
};

/// The items of 2.2.1.18 with their class identifiers (facts: [MS-GPPREF] 2.2.1.18).
#[test]
fn kinds() {
    for (name, class) in [
        ("Task", "{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}"),
        ("ImmediateTask", "{9F030D12-DDA3-4C26-8548-B7CE9151166A}"),
        ("TaskV2", "{D8896631-B747-47a7-84A6-C155337F3BC8}"),
        ("ImmediateTaskV2", "{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}"),
    ] {
        let kind = ItemKind::from_name(name).unwrap();
        assert_eq!((kind.name(), kind.class_id()), (name, class));
        assert_eq!(kind.has_definition(), name.ends_with("V2"));
        assert_eq!(kind.is_immediate(), name.starts_with("Immediate"));
    }
}

/// 2.2.1.18.1: the names of the attributes, and the elements that have them.
#[test]
fn the_table_has_every_attribute() {
    let of = |owner: Owner| {
        Field::table().iter().filter(|row| row.belongs_to(owner)).map(|row| row.name).collect::<BTreeSet<_>>()
    };
    let shared = [
        "action",
        "name",
        "appName",
        "args",
        "startIn",
        "comment",
        "runAs",
        "cpassword",
        "enabled",
        "deleteWhenDone",
        "maxRunTime",
        "startOnlyIfIdle",
        "idleMinutes",
        "deadlineMinutes",
        "stopOnIdleEnd",
        "noStartIfOnBatteries",
        "stopIfGoingOnBatteries",
        "systemRequired",
    ];
    assert_eq!(of(Owner::Properties(ItemKind::Task)), shared.into());
    assert_eq!(of(Owner::Properties(ItemKind::ImmediateTask)), shared.into());
    let v2 = ["action", "name", "runAs", "logonType", "cpassword"];
    assert_eq!(of(Owner::Properties(ItemKind::TaskV2)), v2.into());
    assert_eq!(of(Owner::Properties(ItemKind::ImmediateTaskV2)), v2.into());
    let trigger = [
        "type",
        "startHour",
        "startMinutes",
        "beginYear",
        "beginMonth",
        "beginDay",
        "hasEndDate",
        "repeatTask",
        "interval",
        "days",
        "months",
        "week",
        "idleMinute",
        "endYear",
        "endMonth",
        "endDay",
        "minutesInterval",
        "killAtDurationEnd",
        "minutesDuration",
    ];
    assert_eq!(of(Owner::Trigger), trigger.into());
    let item = [
        "clsid",
        "name",
        "image",
        "changed",
        "uid",
        "desc",
        "bypassErrors",
        "userContext",
        "removePolicy",
        "status",
        "disabled",
    ];
    assert_eq!(of(Owner::Item), item.into());
    for row in Field::table() {
        assert_eq!(row.field.row().name, row.name, "rows are in the order of the variants");
        assert!(!row.meaning.is_empty() && row.section.starts_with("2.2.1."));
        assert_eq!(
            row.field.default().is_some(),
            row.default.is_some(),
            "{}: its default is of its type",
            row.name
        );
    }
}

/// 2.2.1.18.1, action: C, D, R or U; U if it is not stated.
#[test]
fn actions() {
    for (attribute, action) in [
        ("action=\"C\"", Action::Create),
        ("action=\"D\"", Action::Delete),
        ("action=\"R\"", Action::Replace),
        ("action=\"U\"", Action::Update),
        ("", Action::Update),
    ] {
        let policy = read(&task(attribute, ""));
        assert_eq!(policy.items().next().unwrap().action(), action);
    }
}

/// The types of attributes and their limits (EVIDENCE.md GPP-03, GPP-10, GPP-11).
#[test]
fn values() {
    let any = Type::Number(u32::MAX);
    for (ty, text, value) in [
        (Type::Flag, "1", Some(Value::Flag(true))),
        (Type::Flag, "0", Some(Value::Flag(false))),
        (Type::Flag, "true", Some(Value::Flag(true))),
        (Type::Flag, "false", Some(Value::Flag(false))),
        (Type::Flag, "2", None),
        (Type::Flag, "", None),
        (any, "07", Some(Value::Number(7))),
        (any, "08", Some(Value::Number(8))),
        (any, "259200000", Some(Value::Number(259_200_000))),
        (any, "4294967296", None),
        (any, "-1", None),
        (any, "+1", None),
        (any, "0x10", None),
        (Type::Number(23), "23", Some(Value::Number(23))),
        (Type::Number(23), "24", None),
        (Type::Action, "u", Some(Value::Action(Action::Update))),
        (Type::Action, "X", None),
        (Type::TriggerType, "WEEKLY", Some(Value::TriggerType(TriggerType::Weekly))),
        (Type::TriggerType, "YEARLY", None),
        (Type::Week, "LAST", Some(Value::Week(Week::Last))),
        (Type::Week, "5", Some(Value::Week(Week::Last))),
        (Type::Week, "6", None),
        (Type::Credential, "abc", None),
    ] {
        assert_eq!(ty.read(text), value, "{ty} {text:?}");
        if let Some(value) = value {
            assert!(ty.admits(&value));
        }
    }
}

/// The file with every kind, which follows 2.2.1.18 and the real files (facts, sections 3 to 6).
#[test]
fn every_kind() {
    let policy = ScheduledTasks::read(EVERY_KIND).unwrap();
    let items: Vec<Item<'_>> = policy.items().collect();
    let seen: Vec<_> = items.iter().map(|item| (item.kind(), item.action(), item.name().unwrap())).collect();
    assert_eq!(
        seen,
        [
            (ItemKind::Task, Action::Update, "Backup".to_owned()),
            (ItemKind::ImmediateTask, Action::Update, "Once".to_owned()),
            (ItemKind::TaskV2, Action::Replace, "Inventory".to_owned()),
            (ItemKind::ImmediateTaskV2, Action::Create, "Now".to_owned()),
        ]
    );
    assert!(items.iter().all(|item| !item.is_ignored()), "class identifiers are compared without case");
    let [backup, once, inventory, now] = items.as_slice() else { panic!() };
    assert_eq!(backup.value(Field::Description), Some("Copies & checks".into()));
    assert_eq!(backup.value(Field::Args), Some("/full \"D:\\Data\"".into()));
    assert!(
        backup.has_password() && !once.has_password() && !inventory.has_password() && !now.has_password()
    );
    assert_eq!(backup.value(Field::Cpassword), None);
    assert_eq!(backup.triggers().count(), 3);
    assert_eq!(inventory.triggers().count(), 0);
    let words: Vec<String> = backup.filters().map(|filter| filter.to_string()).collect();
    assert_eq!(
        words,
        [
            r"security group (name CONTOSO\Servers, sid S-1-5-21-1-2-3-1104, userContext 0)",
            "or not (operating system (class NT, version XP) or a battery is present)",
        ]
    );
    assert!(once.filters().any(|filter| filter.is_apply_once() && filter.is_hidden()));
    let context = Context::default();
    assert!(definition(backup, &context).is_none());
    let task = definition(inventory, &context).unwrap().unwrap();
    assert_eq!(task.triggers.len(), 1);
    let ConvertError::NoTime(error) = definition(now, &context).unwrap().unwrap_err() else { panic!() };
    assert_eq!(error.place().path(), "Task/Triggers/TimeTrigger/StartBoundary", "{error}");
    let context =
        context.with_now(time::macros::datetime!(2024-05-15 10:20:30)).with_user("CONTOSO", "alice");
    let task = definition(now, &context).unwrap().unwrap();
    assert_eq!(task.triggers[0].start_boundary.as_ref().unwrap().as_str(), "2024-05-15T10:20:30");
    assert_eq!(task.principals[0].user_id.as_deref(), Some(r"CONTOSO\alice"));
}

/// Strict reading stops at the first violation, with its place: where the given part of the text is, on its line.
#[test]
fn refused() {
    let item = "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\">";
    let v2 = "<TaskV2 clsid=\"{D8896631-B747-47a7-84A6-C155337F3BC8}\" name=\"n\" uid=\"{1}\"><Properties name=\"n\" \
              runAs=\"x\" logonType=\"S4U\"/></TaskV2>";
    for (text, part, message) in [
        (String::new(), "", "the document is empty"),
        (
            "<Tasks/>".to_owned(),
            "<Tasks",
            "Tasks: unexpected root element Tasks, expected ScheduledTasks: several definitions are read by xml::documents",
        ),
        ("<ScheduledTasks/>".to_owned(), "<", "ScheduledTasks: missing attribute clsid"),
        (
            "<ScheduledTasks clsid=\"{1}\"/>".to_owned(),
            "clsid",
            "ScheduledTasks: clsid is \"{1}\", not {CC63F200-7309-4ba0-B154-A71CD118DBCC}: the element is not processed",
        ),
        (file("") + "<a/>", "<a/>", "expected exactly one root element"),
        (format!("x{}", file("")), "x", "unexpected text or markup"),
        (format!("\n<?xml version=\"1.0\"?>{}", file("")), "<?xml", "unexpected text or markup"),
        (file("< HEAD"), " HEAD", "invalid name of an element or attribute"),
        (
            file("<a>&x;</a>"),
            "&x;",
            "& does not start a known entity (&amp; &lt; &gt; &quot; &apos; &#number;)",
        ),
        (file("<Task/>"), "<Task/>", "ScheduledTasks/Task[1]: missing attribute clsid"),
        (
            file("<Task name=\"n\" uid=\"{1}\" clsid=\"{1}\"><Properties name=\"n\"/></Task>"),
            "clsid=\"{1}\"",
            "ScheduledTasks/Task[1]: clsid is \"{1}\", not {2DEECB1C-261F-4e13-9B21-16FB83BC03BD}: the element is not \
             processed",
        ),
        (
            file(&format!("{item}</Task>")),
            item,
            "ScheduledTasks/Task[1]: Task has 0 Properties, expected one",
        ),
        (
            file(&format!("{item}\n<Properties name=\"n\" action=\"X\"/></Task>")),
            "action",
            "ScheduledTasks/Task[1]/Properties@action: invalid value \"X\" of action, expected one of C, D, R, U",
        ),
        (
            task("", "<Trigger startHour=\"24\"/>"),
            "<Trigger ",
            "ScheduledTasks/Task[1]/Properties/Triggers/Trigger[1]: missing attribute type",
        ),
        (
            file(v2),
            "<Properties",
            "ScheduledTasks/TaskV2[1]/Properties: TaskV2 has 0 definitions, expected one",
        ),
    ] {
        let error = ScheduledTasks::read(text.as_bytes()).unwrap_err();
        let at = text.find(part).unwrap();
        assert_eq!(error.place().offset(), Some(at), "{error}: {text}");
        let before = &text[..at];
        let (line, column) =
            (before.matches('\n').count() + 1, at - before.rfind('\n').map_or(0, |end| end + 1) + 1);
        let separator =
            if message.starts_with("ScheduledTasks") || message.starts_with("Tasks:") { "," } else { ":" };
        assert_eq!(error.to_string(), format!("{line}:{column}{separator} {message}"), "{text}");
    }
}

/// 2.2.1.22: the names of the schema's filters, each of which has a description.
#[test]
fn filters() {
    assert_eq!(FILTERS.len(), 29);
    for row in FILTERS {
        let text = file(&format!(
            "<Task clsid=\"{{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}}\" name=\"n\" uid=\"{{1}}\"><Filters><{} \
             bool=\"AND\" not=\"0\"/></Filters><Properties name=\"n\" appName=\"a\"/></Task>",
            row.name
        ));
        let policy = read(&text);
        let filter = policy.items().next().unwrap().filters().next().unwrap();
        assert_eq!(filter.row(), Some(row));
        // What the schema requires and is not there.
        let found = wintask::gpp::recover(text.as_bytes()).findings;
        let required = row.attributes.iter().filter(|(_, default)| default.is_none()).map(|(name, _)| name);
        let expected: Vec<String> = required.map(|name| format!("{} has no {name}", row.name)).collect();
        assert_eq!(found.iter().map(|finding| finding.message()).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn variables() {
    for placeholder in PLACEHOLDERS {
        let text = format!("%%{}%", placeholder.name.to_uppercase());
        assert_eq!(placeholders(&text).collect::<Vec<_>>(), [(1, placeholder)]);
    }
    assert_eq!(placeholders("100% of %LogonUser").count(), 0);
    assert_eq!(placeholders("%PATH%%é%").count(), 0);
}
