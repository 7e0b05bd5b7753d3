//! Definitions as items. Attributes are those of 2.2.1.18.3, their values those of policy files (EVIDENCE.md GPP-01, GPP-12).

use super::read;
use crate::xml::properties;
use proptest::prelude::*;
use wintask::{
    definition::{Exec, LogonType, Principal, Task},
    gpp::{Action, Context, ConvertError, Field, ItemKind, ScheduledTasks, recover, to_task},
    xml::{self, Form, Options},
};

const UID: &str = "{00000000-0000-0000-0000-000000000001}";

fn task() -> Task {
    Task::new(Exec::new("backup.exe"))
}

fn codes(task: &Task) -> Vec<&'static str> {
    let converted = ScheduledTasks::new().push_task("Backup", UID, task).unwrap();
    converted.losses.iter().map(|loss| loss.code()).collect()
}

/// The whole file, as the editor would begin it.
#[test]
fn an_item() {
    let mut policy = ScheduledTasks::new();
    let user = Principal::user(r"CONTOSO\svc").with_id("Author").with_logon_type(LogonType::S4U);
    let item = policy.push_task("Backup", UID, &Task { principals: vec![user], ..task() }).unwrap();
    assert!(item.losses.is_empty());
    assert!(policy.set(item.value, Field::Action, Action::Replace));
    let text = String::from_utf8(policy.to_bytes()).unwrap();
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    assert_eq!(recover(text.as_bytes()).findings.iter().count(), 0);
    let again = policy.push_task("Another", UID, &task()).unwrap();
    assert_eq!((again.value, read(&String::from_utf8(policy.to_bytes()).unwrap()).items().count()), (1, 2));
}

/// The account and the logon type, and what is assumed or lost.
#[test]
fn accounts() {
    let group = Principal { group_id: Some("S-1-5-32-545".into()), ..Principal::default() };
    let rows: [(Option<Principal>, &str, &str, &[&str]); 7] = [
        (None, r"%LogonDomain%\%LogonUser%", "InteractiveToken", &["gpp.loss.assumed"]),
        (Some(Principal::user("S-1-5-18")), r"NT AUTHORITY\System", "S4U", &[]),
        (
            Some(Principal::user("SYSTEM").with_logon_type(LogonType::InteractiveToken)),
            r"NT AUTHORITY\System",
            "InteractiveToken",
            &[],
        ),
        (Some(Principal::user(r"NT AUTHORITY\LOCAL SERVICE")), r"NT AUTHORITY\Local Service", "S4U", &[]),
        (Some(Principal::user(r"CONTOSO\a")), r"CONTOSO\a", "InteractiveToken", &[]),
        (
            Some(Principal::user(r"CONTOSO\a").with_logon_type(LogonType::Password)),
            r"CONTOSO\a",
            "Password",
            &["gpp.loss.credential"],
        ),
        (Some(group), "S-1-5-32-545", "Group", &[]),
    ];
    for (principal, account, logon_type, losses) in rows {
        let task = Task { principals: principal.into_iter().collect(), ..task() };
        let mut policy = ScheduledTasks::new();
        let converted = policy.push_task("Backup", UID, &task).unwrap();
        let item = policy.items().next().unwrap();
        assert_eq!((item.kind(), item.run_as().as_deref()), (ItemKind::TaskV2, Some(account)));
        let stated = item.value(Field::LogonType).map(|value| value.to_string());
        assert_eq!(stated.as_deref(), Some(logon_type), "{account}");
        let found: Vec<_> = converted.losses.iter().map(|loss| loss.code()).collect();
        assert_eq!(found, losses, "{account}");
        assert_eq!(to_task(&item, &Context::default()).unwrap().value, task);
    }
}

/// 2.2.1.1.5: the client replaces variables wherever they are. Others belong to the program.
#[test]
fn variables_and_passwords() {
    assert_eq!(
        codes(&Task::new(Exec::new(r"%SystemDrive%\a.exe"))),
        ["gpp.loss.variable", "gpp.loss.assumed"]
    );
    assert_eq!(codes(&Task::new(Exec::new(r"%ProgramFiles%\a.exe"))), ["gpp.loss.assumed"]);
    let exec = Exec::new("a.exe").with_arguments("cpassword=\"x\"");
    assert_eq!(codes(&Task::new(exec)), ["gpp.loss.credential", "gpp.loss.assumed"]);
}

#[test]
fn errors() {
    let mut policy = ScheduledTasks::new();
    let error = policy.push_task("a", UID, &Task::new(Exec::new("a\0"))).unwrap_err();
    assert!(matches!(error, ConvertError::Write(_)), "{error}");
    let error = policy.push_task("a", UID, &Task::default()).unwrap_err();
    assert!(matches!(error, ConvertError::Definition(_)), "{error}");
    assert_eq!(policy, ScheduledTasks::new());
}

proptest! {
    /// An item has the definition that it was made of.
    #[test]
    fn as_it_was(task in properties::task(), name in "[a-zA-Z\\\\& ]{1,20}") {
        let text = xml::write_text(&task, Form::Utf8).unwrap();
        prop_assume!(xml::read_text(&text, &Options::default()).is_ok());
        let mut policy = ScheduledTasks::new();
        let converted = policy.push_task(&name, UID, &task).unwrap();
        let policy = ScheduledTasks::read(&policy.to_bytes()).unwrap();
        let item = policy.items().next().unwrap();
        prop_assert_eq!(item.name(), Some(name));
        let is_changed = |code: &str| matches!(code, "gpp.loss.variable" | "gpp.loss.credential");
        if !converted.losses.iter().any(|loss| is_changed(loss.code())) {
            prop_assert_eq!(to_task(&item, &Context::default()).unwrap().value, task);
        }
    }
}
