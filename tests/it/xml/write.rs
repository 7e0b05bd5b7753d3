//! Writing (EVIDENCE.md XML-48 to XML-54).

use super::{everything, read};
use wintask::{
    Profile,
    definition::*,
    xml::{self, Form, Options, WriteError},
};

#[test]
fn forms() {
    let task = everything();
    insta::assert_snapshot!("utf8", xml::write_text(&task, Form::Utf8).unwrap());
    insta::assert_snapshot!("server", xml::write_text(&task, Form::Server).unwrap().replace("\r\n", "\n"));
    let utf8 = xml::write(&task, Form::Utf8).unwrap();
    for profile in [Profile::Windows, Profile::Specification] {
        assert_eq!(
            xml::read(&utf8, &Options { profile, ..Options::default() }).as_ref(),
            Ok(&task),
            "{profile:?}"
        );
    }
    let (file, server) = (xml::write(&task, Form::File).unwrap(), xml::write(&task, Form::Server).unwrap());
    assert_eq!(file, [&[0xFF, 0xFE][..], &server].concat());
    let text = xml::write_text(&task, Form::Server).unwrap();
    assert_eq!(server, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.4\" xmlns="));
    assert!(text.ends_with("</Task>"), "nothing follows the root");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

/// The elements that the server always writes, and those that it leaves out at their default.
#[test]
fn defaults_of_the_server() {
    let task = Task::new(Exec::new("x"));
    let text = xml::write_text(&task, Form::Server).unwrap();
    let settings = text.split_once("  <Settings>\r\n").unwrap().1.split_once("  </Settings>").unwrap().0;
    assert_eq!(
        settings.replace("\r\n", "\n"),
        "    <DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>\n    \
         <StopIfGoingOnBatteries>true</StopIfGoingOnBatteries>\n    \
         <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n    <IdleSettings>\n      \
         <StopOnIdleEnd>true</StopOnIdleEnd>\n      <RestartOnIdle>false</RestartOnIdle>\n    </IdleSettings>\n"
    );
    assert!(text.contains("  <Triggers />\r\n"));
    // Stated at its default: left out, however it is spelled.
    let stated = Task {
        settings: Settings {
            enabled: Some(true),
            hidden: Some(false),
            allow_hard_terminate: Some(true),
            allow_start_on_demand: Some(true),
            start_when_available: Some(false),
            run_only_if_idle: Some(false),
            run_only_if_network_available: Some(false),
            wake_to_run: Some(false),
            priority: Some(7),
            execution_time_limit: Some("P3D".parse().unwrap()),
            use_unified_scheduling_engine: Some(false),
            ..Settings::default()
        },
        ..task
    };
    assert_eq!(xml::write_text(&stated, Form::Server).unwrap(), text);
    // The lossless form leaves nothing out.
    assert_eq!(
        read(&xml::write_text(&stated, Form::Utf8).unwrap().replace("UTF-8", "UTF-16")).unwrap(),
        stated
    );
}

#[test]
fn unknown_things_survive() {
    let text = super::document(
        "1.2",
        "  <Triggers>\n    <IdleTrigger />\n    <FutureTrigger a=\"1\"><B>&lt;</B></FutureTrigger>\n    <BootTrigger />\n  </Triggers>\n  <Settings>\n    <Hidden>true</Hidden>\n    <Future><![CDATA[<x>]]></Future>\n    <Priority>99</Priority>\n  </Settings>\n  <Data><a xmlns=\"urn:x\"><![CDATA[1]]></a>text</Data>",
    )
    .replace("<Exec>", "<Exec future=\"a&amp;b\">");
    let recovered = xml::recover_text(&text, &Options::default());
    let task = recovered.task.unwrap();
    assert_eq!(task.triggers.len(), 3);
    assert_eq!(task.data, Some(Data { xml: "<a xmlns=\"urn:x\"><![CDATA[1]]></a>text".into() }));
    for form in [Form::Utf8, Form::Server] {
        let written = xml::write_text(&task, form).unwrap();
        for kept in [
            "<FutureTrigger a=\"1\"><B>&lt;</B></FutureTrigger>",
            "<Future><![CDATA[<x>]]></Future>",
            "<Priority>99</Priority>",
            "<Data><a xmlns=\"urn:x\"><![CDATA[1]]></a>text</Data>",
            "<Exec future=\"a&amp;b\">",
        ] {
            assert!(written.contains(kept), "{kept}\n{written}");
        }
        let order: Vec<_> =
            ["<IdleTrigger", "<FutureTrigger", "<BootTrigger"].iter().map(|t| written.find(t)).collect();
        assert!(order.is_sorted());
        let again = xml::recover_text(&written.replace("UTF-8", "UTF-16"), &Options::default()).task.unwrap();
        assert_eq!(again.triggers, task.triggers);
    }
}

#[test]
fn what_xml_cannot_hold() {
    let task = Task::new(Exec::new("a\u{1}b"));
    let error = xml::write(&task, Form::Utf8).unwrap_err();
    assert_eq!(error, WriteError::Character { element: "Command".into(), character: '\u{1}' });
    assert_eq!(error.to_string(), "Command has the character '\\u{1}', which XML cannot hold");
}

/// EVIDENCE.md XML-17 and XML-18.
#[test]
fn the_version_needed() {
    let needs = xml::needs(&everything());
    assert_eq!(needs.version, SchemaVersion::V1_4);
    let reasons: Vec<_> = needs.reasons.iter().map(|n| (n.path.as_str(), n.since.to_string())).collect();
    assert_eq!(
        reasons,
        [
            ("Task/Settings/UseUnifiedSchedulingEngine", "1.3".to_owned()),
            ("Task/Settings/DisallowStartOnRemoteAppSession", "1.3".into()),
            ("Task/Settings/MaintenanceSettings", "1.4".into()),
            ("Task/Settings/Volatile", "1.4".into()),
            ("Task/Principals/Principal/ProcessTokenSidType", "1.3".into()),
            ("Task/Principals/Principal/RequiredPrivileges", "1.3".into()),
        ]
    );
    assert_eq!(xml::needs(&Task::new(Exec::new("x"))).version, SchemaVersion::V1_2);
}

/// serde's names are API.
#[test]
fn serde_names() {
    let task = everything();
    let json = serde_json::to_string_pretty(&task).unwrap();
    assert_eq!(serde_json::from_str::<Task>(&json).unwrap(), task);
    insta::assert_snapshot!(json);
}
