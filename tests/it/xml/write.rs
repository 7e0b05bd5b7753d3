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
            xml::read(&utf8, &Options::default().with_profile(profile)).as_ref(),
            Ok(&task),
            "{profile:?}"
        );
    }
    // Built in code: the file has the client's order, and nothing that is not stated.
    let file = xml::write(&task, Form::File).unwrap();
    let text = xml::write_text(&task, Form::File).unwrap();
    insta::assert_snapshot!("file", text.replace("\r\n", "\n"));
    insta::assert_snapshot!("client", xml::write_text(&task, Form::Client).unwrap().replace("\r\n", "\n"));
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert_eq!(file, [&[0xFF, 0xFE][..], &utf16(&text)].concat());
    let text = xml::write_text(&task, Form::Server).unwrap();
    assert_eq!(xml::write(&task, Form::Server).unwrap(), utf16(&text));
    for form in [Form::File, Form::Client, Form::Server] {
        let text = xml::write_text(&task, form).unwrap();
        assert!(
            text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.4\" xmlns=")
        );
        assert!(text.ends_with("</Task>"), "nothing after the root");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }
    for form in [Form::File, Form::Client, Form::Server, Form::Utf8] {
        assert!(read(&xml::write_text(&task, form).unwrap()).is_ok(), "{form:?}");
    }
}

/// Stored files contain what was stated (EVIDENCE.md XML-49): spelling, order, empty parts, comments.
#[test]
fn stated_as_it_was() {
    let document = |sections: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\" xmlns=\"{}\">\r\n{sections}\r\n</Task>",
            super::NAMESPACE
        )
    };
    let actions = "  <Actions Context=\"Author\">\r\n    <Exec>\r\n      <Arguments>/c \"a\"</Arguments>\r\n      <Command><![CDATA[a & b]]></Command>\r\n    </Exec>\r\n  </Actions>";
    for sections in [
        "  <Triggers />\r\n  <Settings>\r\n    <WakeToRun>0</WakeToRun>\r\n    <Priority>007</Priority>\r\n    <Enabled />\r\n    <AllowStartOnDemand></AllowStartOnDemand>\r\n  </Settings>",
        "  <RegistrationInfo>\r\n    <URI>\\A</URI>\r\n    <Author></Author>\r\n    <Description />\r\n    <Date>2024-01-01T00:00:00</Date>\r\n  </RegistrationInfo>\r\n  <Triggers>\r\n    <!-- on Sundays -->\r\n    <CalendarTrigger>\r\n      <ScheduleByWeek>\r\n        <DaysOfWeek>\r\n          <Sunday />\r\n          <Monday />\r\n        </DaysOfWeek>\r\n      </ScheduleByWeek>\r\n      <StartBoundary>2024-01-01T00:00:00</StartBoundary>\r\n    </CalendarTrigger>\r\n    <CalendarTrigger>\r\n      <StartBoundary>2024-01-01T00:00:00</StartBoundary>\r\n      <ScheduleByMonth>\r\n        <DaysOfMonth>\r\n          <Day>Last</Day>\r\n          <Day>15</Day>\r\n          <Day>2</Day>\r\n          <Day>15</Day>\r\n        </DaysOfMonth>\r\n      </ScheduleByMonth>\r\n    </CalendarTrigger>\r\n  </Triggers>",
        "  <Settings>\r\n    <Hidden>true</Hidden> <!-- not shown -->\r\n    <Enabled>true</Enabled>\r\n    <!-- the end --></Settings>\r\n  <RegistrationInfo />",
    ] {
        let text = document(&format!(
            "{actions}\r\n{sections}\r\n  <Principals>\r\n    <Principal id=\"Author\">\r\n      <RunLevel>LeastPrivilege</RunLevel>\r\n      <UserId>S-1-5-18</UserId>\r\n    </Principal>\r\n  </Principals>"
        ));
        let task = read(&text).unwrap();
        assert_eq!(xml::write_text(&task, Form::File).unwrap(), text);
        let empty =
            ["RegistrationInfo", "Triggers"].iter().filter(|part| text.contains(&format!("<{part} />")));
        for part in empty {
            for form in [Form::Client, Form::Utf8] {
                let written = xml::write_text(&task, form).unwrap();
                assert!(written.contains(&format!("<{part} />")), "{form:?} {written}");
            }
        }
    }
}

/// A section in which tags, members of lists and ends are written in unusual ways.
const UNUSUAL: &str = r#"  <RegistrationInfo></RegistrationInfo>
  <Triggers >
    <BootTrigger/>
    <IdleTrigger id='a &quot;b&quot;'  ></IdleTrigger>
    <TimeTrigger>
      <StartBoundary>2024-01-01T00:00:00</StartBoundary >
      <Enabled/>
    </TimeTrigger>
    <CalendarTrigger>
      <StartBoundary>2024-01-01T00:00:00</StartBoundary>
      <ScheduleByWeek>
        <DaysOfWeek>
          <Monday/><Friday></Friday>
          <!-- no more -->
        </DaysOfWeek>
      </ScheduleByWeek>
    </CalendarTrigger>
    <CalendarTrigger>
      <StartBoundary>2024-01-01T00:00:00</StartBoundary>
      <ScheduleByMonth>
        <DaysOfMonth>
          <Day><![CDATA[1]]></Day>
          <Day >2</Day>
        </DaysOfMonth>
      </ScheduleByMonth>
    </CalendarTrigger>
    <CalendarTrigger>
      <StartBoundary>2024-01-01T00:00:00</StartBoundary>
      <ScheduleByDay/>
    </CalendarTrigger>
    <EventTrigger>
      <Subscription>&lt;QueryList&gt;&lt;Query&gt;&lt;Select Path="System"&gt;*&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;</Subscription>
      <ValueQueries>
        <Value name='b'><![CDATA[Event/System]]></Value>
        <Value
          name="a">Event/EventData</Value>
      </ValueQueries>
    </EventTrigger>
    <!-- no more
         triggers -->
  </Triggers>
  <Settings>
    <Hidden >true</Hidden>
    <!-- before --><Enabled/>
    <IdleSettings></IdleSettings>
  </Settings>
  <Data></Data>
  <Principals>
    <Principal id = "Author">
      <UserId>S-1-5-18</UserId>
      <RequiredPrivileges>
        <Privilege>SeBackupPrivilege</Privilege>
        <Privilege><![CDATA[SeRestorePrivilege]]></Privilege>
      </RequiredPrivileges>
    </Principal>
    <!-- the only one -->
  </Principals>
  <Actions
     Context='Author'>
    <Exec>
      <Command>a</Command>
    </Exec>
    <SendEmail>
      <Server>s</Server>
      <To>t</To>
      <From>f</From>
      <HeaderFields>
        <!-- none -->
      </HeaderFields>
      <Attachments>
        <File><![CDATA[a & b]]></File>
        <!-- one -->
      </Attachments>
    </SendEmail>
    <SendEmail>
      <Server>s</Server>
      <To>t</To>
      <From>f</From>
      <HeaderFields></HeaderFields>
      <Attachments></Attachments>
    </SendEmail>
    <!-- no more -->
  </Actions>"#;

/// The text of a task with unusual tags. The root has its attributes in another order and declares a prefix.
fn unusual() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<!-- first -->\n<Task xmlns='{}' xmlns:x=\"urn:x\"\n  version='1.3'>\n{UNUSUAL}\n</Task><!-- last -->",
        super::NAMESPACE
    )
    .replace('\n', "\r\n")
}

#[test]
fn unusual_tags_and_members_come_back() {
    let text = unusual();
    let task = read(&text).unwrap();
    assert_eq!(xml::write_text(&task, Form::File).unwrap(), text);
    // The other forms do not follow them, and state the same.
    let usual = xml::write_text(&task, Form::Utf8).unwrap();
    assert!(!usual.contains("<!--") && !usual.contains("CDATA") && !usual.contains("\"/>"), "{usual}");
    assert_eq!(read(&usual).unwrap(), task);
}

/// Each edit, and what is written in place of which part of the text.
#[test]
fn edits_of_what_is_unusual() {
    type Edit = fn(&mut Task);
    let edits: &[(&str, Edit, &str, &str)] = &[
        (
            "an attribute",
            |task| task.triggers[1].id = Some("c".into()),
            "<IdleTrigger id='a &quot;b&quot;'  ></IdleTrigger>",
            "<IdleTrigger id=\"c\" />",
        ),
        (
            "content",
            |task| task.triggers[0].enabled = Some(false),
            "<BootTrigger/>",
            "<BootTrigger>\r\n      <Enabled>false</Enabled>\r\n    </BootTrigger>",
        ),
        (
            "the version",
            |task| task.version = Some(SchemaVersion::V1_4),
            "<Task xmlns='@' xmlns:x=\"urn:x\"\r\n  version='1.3'>",
            "<Task version=\"1.4\" xmlns=\"@\" xmlns:x=\"urn:x\">",
        ),
        (
            "a value",
            |task| task.settings.hidden = Some(false),
            "<Hidden >true</Hidden>",
            "<Hidden>false</Hidden>",
        ),
        (
            "a list",
            |task| task.principals[0].required_privileges.as_mut().unwrap().truncate(1),
            "<Privilege>SeBackupPrivilege</Privilege>\r\n        <Privilege><![CDATA[SeRestorePrivilege]]></Privilege>",
            "<Privilege>SeBackupPrivilege</Privilege>",
        ),
        ("an item", |task| _ = task.triggers.remove(0), "    <BootTrigger/>\r\n", ""),
        ("data", |task| task.data = Some(Data::from_text("d")), "<Data></Data>", "<Data>d</Data>"),
    ];
    for (name, edit, from, to) in edits {
        let text = unusual();
        let mut task = read(&text).unwrap();
        edit(&mut task);
        let (from, to) = (from.replace('@', super::NAMESPACE), to.replace('@', super::NAMESPACE));
        assert_eq!(text.matches(&from).count(), 1, "{name}");
        assert_eq!(xml::write_text(&task, Form::File).unwrap(), text.replace(&from, &to), "{name}");
    }
}

/// One edit changes one place; what is new goes where the client writes it.
#[test]
fn edits_change_their_own_place() {
    let text = super::document(
        "1.2",
        "  <Settings>\n    <Priority>5</Priority>\n    <Hidden>1</Hidden>\n    <WakeToRun>true</WakeToRun>\n  </Settings>",
    );
    let mut task = read(&text).unwrap();
    let written = |task: &Task| {
        let text = xml::write_text(task, Form::File).unwrap();
        let settings = text.split_once("  <Settings>\r\n").unwrap().1.split_once("  </Settings>").unwrap().0;
        settings.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(written(&task), "<Priority>5</Priority> <Hidden>1</Hidden> <WakeToRun>true</WakeToRun>");
    task.settings.hidden = Some(false);
    assert_eq!(written(&task), "<Priority>5</Priority> <Hidden>false</Hidden> <WakeToRun>true</WakeToRun>");
    task.settings.hidden = Some(true);
    task.settings.priority = None;
    task.settings.run_only_if_idle = Some(true);
    task.settings.multiple_instances_policy = Some(MultipleInstancesPolicy::Queue);
    assert_eq!(
        written(&task),
        "<MultipleInstancesPolicy>Queue</MultipleInstancesPolicy> <Hidden>1</Hidden> \
         <RunOnlyIfIdle>true</RunOnlyIfIdle> <WakeToRun>true</WakeToRun>"
    );
}

/// A definition in the server's order (EVIDENCE.md XML-52) comes back unchanged, with its empty parts. What is added to it
/// is placed as by the server, with and without unknown content.
#[test]
fn edits_follow_the_servers_order() {
    for attribute in ["", " by=\"hand\""] {
        let parts = format!(
            "  <RegistrationInfo{attribute}>\n    <Version>1</Version>\n    <Date>2024-01-03T02:00:00</Date>\n    \
             <URI>\\a</URI>\n  </RegistrationInfo>\n  <Principals />\n  <Settings />\n  <Triggers />"
        );
        let declaration = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n";
        let text = (declaration.to_owned() + &super::document("1.2", &parts)).replace('\n', "\r\n");
        let mut task = xml::recover_text(&text, &Options::default()).task.unwrap();
        let written = |task: &Task| xml::write_text(task, Form::File).unwrap();
        assert_eq!(written(&task), text);
        task.registration_info.security_descriptor = Some("O:BA".into());
        let (before, after) = text.split_once("    <URI>").unwrap();
        let added = "    <SecurityDescriptor>O:BA</SecurityDescriptor>\r\n";
        assert_eq!(written(&task), format!("{before}{added}    <URI>{after}"));
    }
}

/// EVIDENCE.md XML-50 to XML-53: IRegisteredTask::get_Xml has PT3M where PT03M was registered, DisplayName comes first,
/// WakeToRun before RunOnlyIfNetworkAvailable, and tasks of version 1.1 have no MultipleInstancesPolicy.
#[test]
fn the_servers_own_ways() {
    let mut task = everything();
    task.settings.execution_time_limit = Some("PT03M".parse().unwrap());
    task.settings.wake_to_run = Some(true);
    task.settings.run_only_if_network_available = Some(true);
    let text = xml::write_text(&task, Form::Server).unwrap();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(text.contains("<ExecutionTimeLimit>PT3M</ExecutionTimeLimit>"));
    assert!(at("<WakeToRun>") < at("<RunOnlyIfNetworkAvailable>"));
    assert!(at("<DisplayName>") < text.rfind("<UserId>").unwrap());
    for (version, there) in
        [(None, true), (Some(SchemaVersion::V1_1), false), (Some(SchemaVersion::V1_2), true)]
    {
        let task = Task { version, ..Task::new(Exec::new("x")) };
        let text = xml::write_text(&task, Form::Server).unwrap();
        assert_eq!(text.contains("<MultipleInstancesPolicy>"), there, "{version:?}");
    }
    for (given, normal) in [
        ("PT010M", "PT10M"),
        ("P0D", "P0D"),
        ("PT00S", "PT0S"),
        ("P007DT08H", "P7DT8H"),
        ("PT1.050S", "PT1.050S"),
        ("P1DT0H", "P1DT0H"),
    ] {
        let task = Task {
            settings: Settings { execution_time_limit: Some(given.parse().unwrap()), ..Settings::default() },
            ..Task::new(Exec::new("x"))
        };
        let text = xml::write_text(&task, Form::Server).unwrap();
        assert!(text.contains(&format!("<ExecutionTimeLimit>{normal}<")), "{given}: {text}");
    }
}

/// No form but the server's adds idle settings, whose presence changes what is effective.
#[test]
fn idle_settings_are_not_made_up() {
    let settings = Settings { run_only_if_idle: Some(true), ..Settings::default() };
    let task = Task { settings, ..Task::new(Exec::new("x")) };
    for form in [Form::File, Form::Client, Form::Utf8] {
        assert!(!xml::write_text(&task, form).unwrap().contains("<IdleSettings>"), "{form:?}");
    }
    assert!(xml::write_text(&task, Form::Server).unwrap().contains("<StopOnIdleEnd>true</StopOnIdleEnd>"));
    assert!(!xml::write_text(&task, Form::File).unwrap().contains("<Triggers"));
}

/// The elements that the server always writes, and those that it omits at their default.
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
    // Nothing is left out of the lossless form.
    assert_eq!(read(&xml::write_text(&stated, Form::Utf8).unwrap()).unwrap(), stated);
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
    for form in [Form::Utf8, Form::Server, Form::File, Form::Client] {
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
        let again = xml::recover_text(&written, &Options::default()).task.unwrap();
        if form != Form::Client {
            assert_eq!(again.triggers, task.triggers);
        }
    }
}

#[test]
fn what_xml_cannot_hold() {
    let task = Task::new(Exec::new("a\u{1}b"));
    let error = xml::write(&task, Form::Utf8).unwrap_err();
    assert_eq!(error, WriteError::Character { element: "Command".into(), character: '\u{1}' });
    assert_eq!(error.to_string(), "Command contains the character '\\u{1}', which XML does not allow");
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
    // Within lists: a trigger, and an element of an action.
    let wnf = TriggerKind::from(WnfStateChangeTrigger::default());
    let hidden = Exec::new("x").with_hide_app_window(true);
    let needs = xml::needs(&Task::new(hidden).with_trigger(Trigger::new(wnf)));
    let reasons: Vec<_> = needs.reasons.iter().map(|n| (n.path.as_str(), n.since)).collect();
    let expected = [
        ("Task/Triggers/WnfStateChangeTrigger", SchemaVersion::V1_4),
        ("Task/Actions/Exec/HideAppWindow", SchemaVersion::V1_6),
    ];
    assert_eq!(reasons, expected);
}

/// serde's names are API.
#[test]
fn serde_names() {
    let task = everything();
    let json = serde_json::to_string_pretty(&task).unwrap();
    assert_eq!(serde_json::from_str::<Task>(&json).unwrap(), task);
    insta::assert_snapshot!(json);
}
