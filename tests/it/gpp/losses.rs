//! What a task does not have of its item. `Converted::losses` promises everything that was lost, changed or assumed; which
//! values are valid is in the table ([MS-GPPREF] 2.2.1.1.1, 2.2.1.18).

use super::{EVERY_KIND, file};
use proptest::prelude::*;
use time::macros::datetime;
use wintask::{
    definition::{Exec, Task},
    finding::AnyFindings,
    gpp::{
        Context, ConvertError, Field, Item, ItemKind, LossKind, Owner, Row, ScheduledTasks, Type, definition,
        recover, to_job, to_task, updated,
    },
    reconcile::PolicyItem,
};

const DEFINITION: &str = "<Task version=\"1.2\"><Principals><Principal id=\"a\"><UserId>S-1-5-18</UserId></Principal>\
    </Principals><Actions Context=\"a\"><Exec><Command>a.exe</Command></Exec></Actions></Task>";

/// A file with an item of this kind. Each element has these further attributes.
fn item(kind: ItemKind, common: &str, properties: &str, trigger: &str) -> String {
    let inside = match kind.has_definition() {
        true => DEFINITION.to_owned(),
        false => format!("<Triggers><Trigger {trigger}/></Triggers>"),
    };
    let command = match kind.has_definition() {
        true => r#"runAs="NT AUTHORITY\System" logonType="S4U""#,
        false => r#"appName="a.exe""#,
    };
    file(&format!(
        "<{kind} clsid=\"{}\" name=\"label\" uid=\"{{1}}\" {common}><Properties name=\"n\" {command} {properties}>{inside}\
         </Properties></{kind}>",
        kind.class_id()
    ))
}

fn with_item<T>(text: &str, look: impl FnOnce(&Item<'_>) -> T) -> T {
    let policy = recover(text.as_bytes()).policy.unwrap();
    look(&policy.items().next().unwrap())
}

fn shown(losses: &AnyFindings) -> Vec<String> {
    losses.iter().map(|loss| format!("{} {}: {}", loss.code(), loss.place(), loss.message())).collect()
}

/// Each attribute of the table in each element that has it: the file, and the loss that is expected.
fn with_value(row: &Row, value: &str) -> Vec<(String, String)> {
    let attribute = format!("{}=\"{value}\"", row.name);
    let lost =
        |prefix: &str| format!("gpp.loss.invalid {prefix}{}: lost: {value:?} is not valid here", row.name);
    let mut files = Vec::new();
    for kind in ItemKind::ALL.iter().copied() {
        if row.belongs_to(Owner::Item) {
            files.push((item(kind, &attribute, "", "type=\"ONCE\""), lost("")));
        }
        if row.belongs_to(Owner::Properties(kind)) {
            files.push((item(kind, "", &attribute, "type=\"ONCE\""), lost("")));
        }
    }
    if row.belongs_to(Owner::Trigger) {
        let kind = if row.field == Field::TriggerType { "" } else { "type=\"MONTHLY\"" };
        let trigger = format!("{attribute} {kind}");
        files.push((item(ItemKind::Task, "", "", &trigger), lost("Triggers/Trigger[1]@")));
    }
    files
}

/// Every conversion of an item with this value lists it, in whichever element the attribute is.
fn assert_lost(row: &Row, value: &str) {
    for (text, lost) in with_value(row, value) {
        let context = Context::default().with_now(datetime!(2024-05-15 10:20));
        with_item(&text, |item| {
            let existing = Task::new(Exec::new("old.exe"));
            for losses in [
                to_task(item, &context).unwrap().losses,
                to_job(item, &context).unwrap().losses,
                updated(item, &existing, &context).unwrap().losses,
                PolicyItem::from_item("p", item, &context).losses,
            ] {
                assert!(shown(&losses).contains(&lost), "{text}: {:?}", shown(&losses));
            }
        });
    }
}

/// The attributes whose values may be invalid.
fn typed() -> Vec<&'static Row> {
    Field::table().iter().filter(|row| !matches!(row.ty, Type::Text | Type::Credential)).collect()
}

/// No value that its type does not have is lost silently: every attribute of the table.
#[test]
fn invalid_values_are_among_the_losses() {
    let rows = typed();
    assert!(rows.len() >= 30, "{}", rows.len());
    rows.into_iter().for_each(|row| assert_lost(row, "maybe"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The same for any value.
    #[test]
    fn whichever_value_is_invalid(
        row in prop::sample::select(typed()),
        value in "[a-z]{1,8}|[0-9]{6,12}|-[0-9]|[2-9]?[.][0-9]",
    ) {
        if row.ty.read(&value).is_none() {
            assert_lost(row, &value);
        }
    }
}

/// Numbers that the type has and the calendar does not, or that leave no day.
#[test]
fn impossible_values() {
    let lost = |field: &str, value: &str| {
        format!("gpp.loss.invalid Triggers/Trigger[1]@{field}: lost: {value:?} is not valid here")
    };
    for (trigger, expected) in [
        ("type=\"ONCE\" beginYear=\"2024\" beginMonth=\"2\" beginDay=\"30\"", lost("beginDay", "30")),
        ("type=\"ONCE\" beginYear=\"2024\" beginMonth=\"0\" beginDay=\"1\"", lost("beginMonth", "0")),
        ("type=\"DAILY\" interval=\"0\"", lost("interval", "0")),
        ("type=\"WEEKLY\" interval=\"0\" days=\"1\"", lost("interval", "0")),
        ("type=\"WEEKLY\" days=\"0\"", lost("days", "0")),
        ("type=\"WEEKLY\" days=\"129\"", lost("days", "129")),
        ("type=\"MONTHLY\" days=\"3\" months=\"0\"", lost("months", "0")),
        (
            "type=\"DAILY\" hasEndDate=\"1\" endYear=\"2024\" endMonth=\"13\" endDay=\"1\"",
            lost("endMonth", "13"),
        ),
        (
            "type=\"DAILY\" hasEndDate=\"1\" endYear=\"2023\" endMonth=\"2\" endDay=\"29\"",
            lost("endDay", "29"),
        ),
        (
            "type=\"DAILY\" hasEndDate=\"1\" endYear=\"2023\" endMonth=\"2\"",
            "gpp.loss.missing Triggers/Trigger[1]@endDay: lost: the value is missing".to_owned(),
        ),
    ] {
        let text = item(ItemKind::Task, "", "", trigger);
        let losses = with_item(&text, |item| to_job(item, &Context::default()).unwrap().losses);
        assert!(shown(&losses).contains(&expected), "{trigger}: {:?}", shown(&losses));
    }
}

/// What the table does not have is lost wherever it is.
#[test]
fn unknown_parts_are_among_the_losses() {
    for (kind, text) in [
        (ItemKind::Task, item(ItemKind::Task, "", "bogus=\"1\"", "type=\"ONCE\" other=\"2\"")),
        (ItemKind::TaskV2, item(ItemKind::TaskV2, "", "bogus=\"1\"", "")),
    ] {
        let text = text.replace("</Properties>", "<More/></Properties><Properties/><Most/>");
        let losses = with_item(&text, |item| to_task(item, &Context::default()).unwrap().losses);
        let mut expected = vec!["bogus", "Properties", "Most", "Properties/More"];
        if kind == ItemKind::Task {
            expected.insert(1, "Triggers/Trigger[1]@other");
        }
        let found: Vec<_> = losses.iter().filter(|loss| loss.code() == "gpp.loss.no_counterpart").collect();
        let found: Vec<_> = found.iter().map(|loss| loss.place().path()).collect();
        assert_eq!(found, expected);
    }
}

/// The texts of losses end as those of findings do: without a full stop.
#[test]
fn texts_have_no_full_stop() {
    let ends = |text: &str| text.ends_with('.');
    for row in Field::table() {
        assert!(!ends(row.meaning) && !row.text.is_some_and(ends), "{}", row.name);
    }
    let policy = ScheduledTasks::read(EVERY_KIND).unwrap();
    for item in policy.items() {
        let made = to_job(&item, &Context::default());
        let losses = made.map(|made| made.losses).unwrap_or_default();
        assert!(losses.iter().all(|loss| !ends(&loss.message())), "{:?}", shown(&losses));
    }
    for finding in &recover(EVERY_KIND).findings {
        assert!(!ends(&finding.message()), "{finding}");
    }
}

/// An immediate task whose context has no time (EVIDENCE.md GPP-13): the task, without the boundaries that are that time.
#[test]
fn immediate_tasks_without_a_time() {
    let policy = ScheduledTasks::read(EVERY_KIND).unwrap();
    let item = policy.items().find(|item| item.kind() == ItemKind::ImmediateTaskV2).unwrap();
    let context = Context::default().with_user("CONTOSO", "alice");
    let error = definition(&item, &context).unwrap().unwrap_err();
    assert!(error.to_string().contains("Context::with_now"), "{error}");
    let ConvertError::NoTime(error) = error else { panic!("{error}") };
    // The place is that of the finding about the same value, in the file.
    let text = std::str::from_utf8(EVERY_KIND).unwrap();
    let at = error.place().offset().unwrap();
    assert!(text[..at].ends_with("Boundary>") && text[at..].starts_with("%LocalTimeXmlEx%"), "{error}");
    let line = text[..at].matches('\n').count() + 1;
    assert_eq!(error.place().line_and_column().map(|(line, _)| line as usize), Some(line));

    let made = to_task(&item, &context).unwrap();
    let dated = to_task(&item, &context.clone().with_now(datetime!(2024-05-15 10:20:30))).unwrap();
    assert_eq!(made.value.triggers.len(), dated.value.triggers.len());
    assert!(made.value.triggers.iter().all(|t| t.start_boundary.is_none() && t.end_boundary.is_none()));
    let mut without = dated.value;
    for trigger in &mut without.triggers {
        (trigger.start_boundary, trigger.end_boundary) = (None, None);
    }
    without.registration_info.date.clone_from(&made.value.registration_info.date);
    assert_eq!(made.value, without, "everything else is the same");
    let immediate: Vec<_> =
        shown(&made.losses).into_iter().filter(|loss| loss.contains("immediate")).collect();
    assert_eq!(
        immediate,
        [format!("gpp.loss.immediate Task/Triggers/TimeTrigger[1]: {}", LossKind::Immediate)]
    );
    let items = PolicyItem::all("p", &policy, &Context::default());
    assert!(items.iter().all(|item| item.task.is_some() || item.action == wintask::gpp::Action::Delete));
}

/// A definition that is not valid at any time has its error in the file, in every encoding.
#[test]
fn errors_in_definitions_have_places_in_the_file() {
    let text = item(ItemKind::TaskV2, "", "", "")
        .replace("<Actions", "\r\n  <Settings><Priority>99</Priority></Settings><Actions");
    let at = text.find("99<").unwrap();
    let units: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, offset) in [
        (text.clone().into_bytes(), at),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), 3 + at),
        (units, 2 + 2 * at),
    ] {
        let read = ScheduledTasks::read(&bytes).unwrap();
        let recovered = recover(&bytes).policy.unwrap();
        for policy in [read, recovered] {
            let item = policy.items().next().unwrap();
            let ConvertError::Definition(error) = to_task(&item, &Context::default()).unwrap_err() else {
                panic!()
            };
            assert_eq!(error.place().line_and_column(), Some((2, 23)), "{error}");
            assert_eq!(error.place().offset(), Some(offset));
        }
    }
}

/// What is wrong is reported in the order of the file.
#[test]
fn findings_are_in_the_order_of_the_file() {
    let text = item(
        ItemKind::Task,
        "",
        "maxRunTime=\"x\" action=\"X\" deleteWhenDone=\"1\"",
        "type=\"LOGON\" interval=\"1\" days=\"2\" startHour=\"1\" bogus=\"3\" hasEndDate=\"x\"",
    );
    let recovered = recover(text.as_bytes());
    let offsets: Vec<_> = recovered.findings.iter().filter_map(|finding| finding.place().offset()).collect();
    assert!(offsets.len() >= 7 && offsets.is_sorted(), "{offsets:?}");
}
