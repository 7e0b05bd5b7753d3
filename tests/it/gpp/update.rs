//! Update changes "only settings defined within the preference item" (2.2.1.18.1): what differs afterwards is compared with
//! what the item states.

use super::{file, read, task, writing::fields};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use wintask::{
    Profile,
    definition::Task,
    gpp::{Context, Field, ItemKind, Owner, Part, ScheduledTasks, updated},
    xml,
};

/// A task that states everything that an item can change.
fn existing() -> Task {
    let text = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
        <RegistrationInfo><Author>them</Author><Description>before</Description></RegistrationInfo>
        <Triggers><TimeTrigger><StartBoundary>2024-01-03T02:00:00</StartBoundary><EndBoundary>2030-01-01T00:00:00</EndBoundary>
        </TimeTrigger></Triggers>
        <Principals><Principal id="p"><UserId>S-1-5-20</UserId></Principal></Principals>
        <Settings><DeleteExpiredTaskAfter>PT1H</DeleteExpiredTaskAfter><ExecutionTimeLimit>PT7H</ExecutionTimeLimit>
        <RunOnlyIfIdle>true</RunOnlyIfIdle><DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>
        <StopIfGoingOnBatteries>true</StopIfGoingOnBatteries><WakeToRun>true</WakeToRun><Enabled>true</Enabled>
        <Hidden>true</Hidden><Priority>3</Priority><IdleSettings><Duration>PT7M</Duration><WaitTimeout>PT8M</WaitTimeout>
        <StopOnIdleEnd>true</StopOnIdleEnd><RestartOnIdle>true</RestartOnIdle></IdleSettings></Settings>
        <Actions Context="p"><Exec><Command>old.exe</Command><Arguments>/old</Arguments>
        <WorkingDirectory>C:\old</WorkingDirectory></Exec></Actions></Task>"#;
    xml::read_text(text, &xml::Options::default()).unwrap()
}

/// The paths of the values in which two tasks differ.
fn changes(one: &Value, other: &Value, path: &str, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let side =
                    |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                changes(&side(a), &side(b), &format!("{path}/{key}"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| changes(a, b, path, found));
        }
        (a, b) if a == b => {}
        _ => drop(found.insert(path.to_owned())),
    }
}

fn differing(one: &Task, other: &Task) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let value = |task: &Task| serde_json::to_value(task).unwrap();
    changes(&value(one), &value(other), "", &mut found);
    found
}

/// What of a task an attribute may change, as the beginnings of paths.
fn allowed(field: Field) -> &'static [&'static str] {
    match field {
        Field::AppName => {
            &["/actions/list/command", "/actions/list/Exec/command", "/actions/list/exec/command"]
        }
        Field::Args => {
            &["/actions/list/arguments", "/actions/list/Exec/arguments", "/actions/list/exec/arguments"]
        }
        Field::StartIn => &[
            "/actions/list/working_directory",
            "/actions/list/Exec/working_directory",
            "/actions/list/exec/working_directory",
        ],
        Field::Comment => &["/registration_info/description"],
        Field::RunAs => &["/principals", "/actions/context"],
        Field::Enabled => &["/settings/enabled"],
        Field::DeleteWhenDone => &["/settings/delete_expired_task_after"],
        Field::MaxRunTime => &["/settings/execution_time_limit"],
        Field::StartOnlyIfIdle => &["/settings/run_only_if_idle"],
        Field::IdleMinutes => &["/settings/idle_settings/duration"],
        Field::DeadlineMinutes => &["/settings/idle_settings/wait_timeout"],
        Field::StopOnIdleEnd => &["/settings/idle_settings/stop_on_idle_end"],
        Field::NoStartIfOnBatteries => &["/settings/disallow_start_if_on_batteries"],
        Field::StopIfGoingOnBatteries => &["/settings/stop_if_going_on_batteries"],
        Field::SystemRequired => &["/settings/wake_to_run"],
        _ => &[],
    }
}

const BOTH: [Profile; 2] = [Profile::Windows, Profile::Specification];

/// Each attribute by itself changes its own setting, and nothing else.
#[test]
fn one_attribute() {
    for (attribute, field) in [
        ("args=\"/new\"", Field::Args),
        ("startIn=\"C:\\new\"", Field::StartIn),
        ("comment=\"new\"", Field::Comment),
        ("runAs=\"NT AUTHORITY\\SYSTEM\"", Field::RunAs),
        ("enabled=\"0\"", Field::Enabled),
        ("deleteWhenDone=\"0\"", Field::DeleteWhenDone),
        ("deleteWhenDone=\"1\"", Field::DeleteWhenDone),
        ("maxRunTime=\"3600000\"", Field::MaxRunTime),
        ("startOnlyIfIdle=\"0\"", Field::StartOnlyIfIdle),
        ("idleMinutes=\"15\"", Field::IdleMinutes),
        ("deadlineMinutes=\"90\"", Field::DeadlineMinutes),
        ("stopOnIdleEnd=\"0\"", Field::StopOnIdleEnd),
        ("noStartIfOnBatteries=\"0\"", Field::NoStartIfOnBatteries),
        ("stopIfGoingOnBatteries=\"0\"", Field::StopIfGoingOnBatteries),
        ("systemRequired=\"0\"", Field::SystemRequired),
    ] {
        let policy = read(&task(attribute, "").replace("appName=\"a.exe\"", ""));
        let item = policy.items().next().unwrap();
        for profile in BOTH {
            let made = updated(&item, &existing(), &Context::default().with_profile(profile)).unwrap().value;
            let found = differing(&existing(), &made);
            let is_lost = profile == Profile::Specification
                && matches!(field, Field::IdleMinutes | Field::DeadlineMinutes | Field::SystemRequired);
            assert_eq!(found.is_empty(), is_lost, "{attribute} {profile:?}");
            let within = |path: &String| allowed(field).iter().any(|start| path.starts_with(start));
            assert!(found.iter().all(within), "{attribute} {profile:?}: {found:?}");
        }
    }
}

/// An item that states nothing changes nothing, in either part of a policy, and loses nothing.
#[test]
fn nothing() {
    for attributes in ["", "appName=\"\""] {
        let policy = read(&task("", "").replace("appName=\"a.exe\"", attributes));
        let item = policy.items().next().unwrap();
        for part in [Part::Machine, Part::User] {
            let made = updated(&item, &existing(), &Context::default().with_part(part)).unwrap();
            assert_eq!(made.value, existing());
            assert!(made.losses.is_empty(), "{:?}", made.losses);
        }
    }
}

/// Deletion when done, with and without an end among the triggers that exist (EVIDENCE.md XML-22).
#[test]
fn deletion() {
    let mut task_with_end = existing();
    task_with_end.settings.delete_expired_task_after = None;
    let mut endless = task_with_end.clone();
    endless.triggers[0].end_boundary = None;
    let policy = read(&task("deleteWhenDone=\"1\"", ""));
    let item = policy.items().next().unwrap();
    let made = updated(&item, &task_with_end, &Context::default()).unwrap().value;
    assert_eq!(made.settings.delete_expired_task_after.as_ref().map(|after| after.as_str()), Some("PT0S"));
    let made = updated(&item, &endless, &Context::default()).unwrap();
    assert_eq!(made.value.settings.delete_expired_task_after, None);
    assert!(made.losses.iter().any(|loss| loss.place().path() == "deleteWhenDone"), "{:?}", made.losses);
}

/// A definition changes the elements that it states.
#[test]
fn one_element() {
    for (element, path) in [
        ("<RegistrationInfo><Author>new</Author></RegistrationInfo>", "/registration_info/author"),
        ("<Settings><Priority>5</Priority></Settings>", "/settings/priority"),
        ("<Settings><Enabled>false</Enabled></Settings>", "/settings/enabled"),
        (
            "<Settings><IdleSettings><WaitTimeout>PT9M</WaitTimeout></IdleSettings></Settings>",
            "/settings/idle_settings/wait_timeout",
        ),
        (
            "<Settings><StartWhenAvailable>true</StartWhenAvailable></Settings>",
            "/settings/start_when_available",
        ),
        ("<Triggers/>", "/triggers"),
        ("<Triggers><BootTrigger/></Triggers>", "/triggers"),
        (
            "<Principals><Principal id=\"p\"><UserId>S-1-5-19</UserId></Principal></Principals>",
            "/principals/user_id",
        ),
    ] {
        let definition = format!(
            "<Task version=\"1.2\">{element}<Actions Context=\"p\"><Exec><Command>v2.exe</Command></Exec></Actions></Task>"
        );
        let text = file(&format!(
            "<TaskV2 clsid=\"{{D8896631-B747-47a7-84A6-C155337F3BC8}}\" name=\"n\" uid=\"{{1}}\"><Properties name=\"n\" \
             runAs=\"x\" logonType=\"S4U\">{definition}</Properties></TaskV2>"
        ));
        // The context must exist where the definition is read by itself.
        let text = if element.contains("Principals") { text } else { text.replace(" Context=\"p\"", "") };
        let policy = read(&text);
        let made = updated(&policy.items().next().unwrap(), &existing(), &Context::default()).unwrap().value;
        let found = differing(&existing(), &made);
        assert!(found.iter().any(|found| found.starts_with(path)), "{element}: {found:?}");
        let rest: Vec<_> =
            found.iter().filter(|found| !found.starts_with(path) && !found.starts_with("/actions")).collect();
        assert!(rest.is_empty(), "{element}: {rest:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any attributes and triggers: what changes is among what they state.
    #[test]
    fn only_what_is_set(
        properties in fields(Owner::Properties(ItemKind::Task)),
        triggers in prop::collection::vec(fields(Owner::Trigger), 0..2),
        user in any::<bool>(),
    ) {
        let mut policy = ScheduledTasks::new();
        let item = policy.push(ItemKind::Task, "n", "{1}");
        for (field, value) in &properties {
            policy.set(item, *field, value.clone());
        }
        for fields in &triggers {
            let trigger = policy.push_trigger(item, wintask::gpp::TriggerType::Daily).unwrap();
            for (field, value) in fields {
                policy.set_in_trigger(item, trigger, *field, value.clone());
            }
        }
        let context = Context::default().with_part(if user { Part::User } else { Part::Machine });
        let made = updated(&policy.items().next().unwrap(), &existing(), &context).unwrap().value;
        let mut starts: Vec<&str> = properties.iter().flat_map(|(field, _)| allowed(*field)).copied().collect();
        if !triggers.is_empty() {
            // Triggers replace the existing ones; a task without an end cannot expire.
            starts.extend(["/triggers", "/settings/delete_expired_task_after"]);
        }
        let found = differing(&existing(), &made);
        let other: Vec<_> = found.iter().filter(|path| !starts.iter().any(|start| path.starts_with(start))).collect();
        prop_assert!(other.is_empty(), "{:?}: {:?}", properties, other);
    }
}
