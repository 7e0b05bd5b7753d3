//! Everything that can be read of a damaged document.

use super::{document, everything};
use wintask::{
    definition::*,
    finding::Severity,
    xml::{self, Form, Options},
};

fn recover(text: &str) -> xml::Recovered {
    xml::recover_text(text, &Options::default())
}

/// The forgiving reader agrees with the strict one on valid text, and reports no error.
#[test]
fn good_documents() {
    let text = xml::write_text(&everything(), Form::Server).unwrap();
    let recovered = recover(&text);
    assert_eq!(recovered.task.as_ref(), xml::read_text(&text, &Options::default()).as_ref().ok());
    assert_ne!(recovered.findings.worst(), Some(Severity::Error));
}

/// At every truncation: everything wholly before the cut is read, and the cut is reported.
#[test]
fn every_truncation() {
    let whole = everything();
    let text = xml::write_text(&whole, Form::Utf8).unwrap().replace("UTF-8", "UTF-16");
    let root = text.find("<Task").unwrap();
    for end in (0..text.len() - 1).filter(|end| text.is_char_boundary(*end)) {
        let cut = &text[..end];
        let recovered = recover(cut);
        assert!(recovered.findings.worst() == Some(Severity::Error) || cut.ends_with("</Task>"), "{end}");
        assert_eq!(recovered.task.is_some(), end >= root + "<Task".len(), "{end}");
        let Some(task) = recovered.task else { continue };
        // Each closed trigger is present, in order, once.
        let closed = cut.matches("Trigger>\n").count() - cut.matches("Trigger>\n      <").count()
            + cut.matches("Trigger />\n").count();
        let read = task.triggers.iter().zip(&whole.triggers).filter(|(a, b)| a == b).count();
        assert!(
            read + 1 >= closed.min(whole.triggers.len()) && read <= task.triggers.len(),
            "{end}: {read} of {closed}"
        );
        if cut.contains("</RegistrationInfo>") {
            assert_eq!(task.registration_info, whole.registration_info, "{end}");
        }
        if cut.contains("</Settings>") {
            assert_eq!(task.settings, whole.settings, "{end}");
        }
    }
}

#[test]
fn a_broken_text_keeps_its_beginning() {
    let text =
        document("1.2", "").replace("notepad.exe</Command>", "notepad.exe</Command><Arguments>-enc SQBFAFg");
    let text = text.split_once("SQBFAFg").map(|(a, _)| format!("{a}SQBFAFg")).unwrap();
    let task = recover(&text).task.unwrap();
    assert_eq!(task.actions.list, [Exec::new("notepad.exe").with_arguments("-enc SQBFAFg").into()]);
}

/// One bad item does not lose the file: each kind of damage, and what remains.
#[test]
fn damage() {
    let text = document(
        "1.2",
        "  <RegistrationInfo><Date>yesterday</Date><Author>me</Author></RegistrationInfo>\n  <Triggers>\n    <TimeTrigger><StartBoundary>2024-01-01T00:00:00</StartBoundary><Repetition><Duration>PT1H</Duration></Repetition></TimeTrigger>\n    <EventTrigger><Enabled>true</Enabled></EventTrigger>\n    <LogonTrigger><Enabled>maybe</Enabled><UserId>bob</UserId></LogonTrigger>\n  </Triggers>\n  <Settings><UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><Hidden>true</Hidden><Hidden>false</Hidden></Settings>\n  <Principals><Principal><UserId>a</UserId><GroupId>b</GroupId></Principal></Principals>",
    );
    let recovered = recover(&text);
    let task = recovered.task.unwrap();
    assert_eq!(task.registration_info.author.as_deref(), Some("me"));
    assert_eq!(task.registration_info.extra.elements[0].xml, "<Date>yesterday</Date>");
    assert_eq!(task.triggers.len(), 3);
    assert_eq!(task.triggers[0].extra.elements[0].xml, "<Repetition><Duration>PT1H</Duration></Repetition>");
    assert!(matches!(&task.triggers[1].kind, TriggerKind::Unknown(u) if u.xml.starts_with("<EventTrigger>")));
    assert_eq!(task.triggers[2].kind, TriggerKind::Logon { user_id: Some("bob".into()), delay: None });
    assert_eq!(task.triggers[2].extra.elements[0].xml, "<Enabled>maybe</Enabled>");
    // An element of a later version is read; the second of two is kept as it was written.
    assert_eq!(task.settings.use_unified_scheduling_engine, Some(true));
    assert_eq!(
        (task.settings.hidden, task.settings.extra.elements[0].xml.as_str()),
        (Some(true), "<Hidden>false</Hidden>")
    );
    assert_eq!(task.principals[0].user_id.as_deref(), Some("a"));
    insta::assert_snapshot!(
        recovered.findings.iter().map(|f| format!("{} {f}\n", f.code())).collect::<String>()
    );
}

#[test]
fn another_namespace_is_read_all_the_same() {
    let text = document("1.2", "  <Settings><Hidden>true</Hidden></Settings>").replace("http://", "https://");
    assert_eq!(recover(&text).task.unwrap().settings.hidden, Some(true));
}

#[test]
fn findings_are_bounded() {
    let recovered = recover(&document("1.2", &format!("  <Settings>{}</Settings>", "<Foo/>".repeat(10_000))));
    assert_eq!(recovered.findings.iter().count(), wintask::limits::MAX_FINDINGS);
    assert_eq!(recovered.findings.len(), 10_000);
    // Neighbours are kept as one.
    assert_eq!(recovered.task.unwrap().settings.extra.elements.len(), 1);
}
