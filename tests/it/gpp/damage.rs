//! What is recovered of damaged files, and what is found in sound ones.

use super::{DAMAGED, EVERY_KIND, file, task};
use wintask::{
    finding::Severity,
    gpp::{Action, recover},
};

fn report(bytes: &[u8]) -> String {
    recover(bytes).findings.iter().map(|finding| format!("{} {finding}\n", finding.code())).collect()
}

/// All items are read, whatever is between them. Where a quote is missing, its item ends where markup says so.
#[test]
fn damaged() {
    let recovered = recover(DAMAGED);
    let policy = recovered.policy.unwrap();
    let names: Vec<_> = policy.items().map(|item| item.name().unwrap_or_default()).collect();
    assert_eq!(names, ["One", "Two", "Three", "Four"]);
    let actions: Vec<_> = policy.items().map(|item| item.action()).collect();
    assert_eq!(actions, [Action::Update, Action::Delete, Action::Create, Action::Update]);
    let passwords: Vec<_> = policy.items().map(|item| item.has_password()).collect();
    assert_eq!(passwords, [true, true, false, false]);
    insta::assert_snapshot!(report(DAMAGED));
}

#[test]
fn every_kind() {
    insta::assert_snapshot!(report(EVERY_KIND));
}

/// A stored password is as serious as a finding can be; an empty one is not one (EVIDENCE.md GPP-15).
#[test]
fn passwords() {
    let found = |attribute: &str| {
        let text = task(attribute, "");
        let findings = recover(text.as_bytes()).findings;
        findings.iter().map(|finding| (finding.code(), finding.severity())).collect::<Vec<_>>()
    };
    assert_eq!(found("cpassword=\"AAAA\""), [("gpp.credential", Severity::Error)]);
    assert_eq!(found("cpassword=\"\""), []);
    assert_eq!(found(""), []);
}

/// A definition that a server would reject is reported at its place in the file; the items next to it are read.
#[test]
fn bad_definition() {
    let v2 = |inside: &str| {
        format!(
            "\n<TaskV2 clsid=\"{{D8896631-B747-47a7-84A6-C155337F3BC8}}\" name=\"n\" uid=\"{{1}}\"><Properties \
             name=\"n\" runAs=\"%LogonUser%\" logonType=\"S4U\"><Task>{inside}<Actions><Exec><Command>a</Command></Exec>\
             </Actions></Task></Properties></TaskV2>"
        )
    };
    let text = file(
        &(v2("<Settings>\n<Priority>99</Priority></Settings>")
            + &v2(
                "<RegistrationInfo><Author>%LogonUser%</Author>\n</RegistrationInfo><Settings><Hidden>x</Hidden></Settings>",
            )),
    );
    let recovered = recover(text.as_bytes());
    assert_eq!(recovered.policy.unwrap().items().count(), 2);
    let found: Vec<_> = recovered.findings.iter().filter(|f| f.code() == "xml.value").collect();
    let offset = |part: &str| text.find(part).unwrap();
    for (finding, (part, path)) in found.iter().zip([
        ("99</Priority>", "ScheduledTasks/TaskV2[1]/Properties/Task/Settings/Priority"),
        ("x</Hidden>", "ScheduledTasks/TaskV2[2]/Properties/Task/Settings/Hidden"),
    ]) {
        let at = finding.place().offset().unwrap();
        assert_eq!(finding.place().path(), path);
        assert_eq!(text[at..].chars().next(), part.chars().next(), "{finding}");
        assert!(at.abs_diff(offset(part)) < 20, "{finding}");
    }
    assert_eq!(found.len(), 2, "{found:?}");
}

/// Files without a root, or with another one.
#[test]
fn roots() {
    let item = "<Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" name=\"n\" uid=\"{1}\"><Properties name=\"n\"/></Task>";
    for (text, items) in [
        (item.to_owned(), Some(1)),
        (format!("{item}{item}"), Some(2)),
        (format!("<Renamed>{item}</Renamed>"), Some(1)),
        (format!("{}{}", file(item), file(item)), Some(2)),
        (format!("{item}{}", file(item)), Some(2)),
        ("<Other/>".to_owned(), None),
        ("no markup".to_owned(), None),
        (String::new(), None),
    ] {
        let recovered = recover(text.as_bytes());
        assert_eq!(recovered.policy.map(|policy| policy.items().count()), items, "{text}");
        assert_eq!(recovered.findings.worst(), Some(Severity::Error), "{text}");
    }
}

/// Text that cannot be decoded is found and replaced; the file is read.
#[test]
fn undecodable() {
    let mut bytes = task("comment=\"a\"", "").into_bytes();
    let at = bytes.windows(9).position(|window| window == b"comment=\"").unwrap() + 9;
    bytes[at] = 0xFF;
    let recovered = recover(&bytes);
    let first = recovered.findings.iter().next().unwrap();
    assert_eq!((first.code(), first.place().offset()), ("gpp.syntax", Some(at)));
    assert_eq!(recovered.policy.unwrap().items().count(), 1);
}

/// Nesting is bounded.
#[test]
fn deep() {
    let text = file(&("<a>".repeat(5_000) + &"</a>".repeat(5_000)));
    assert!(report(text.as_bytes()).contains("nested too deeply"));
}
