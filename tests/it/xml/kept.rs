//! Everything that was read is in the task, in `extra`, or in the text of a finding.

use super::document;
use wintask::{
    definition::{NamedValue, TriggerKind},
    limits,
    xml::{self, Form, Options},
};

/// In each, `LOST` marks what could get lost.
fn cases() -> Vec<(&'static str, String)> {
    let principals = |inside: &str| format!("<Principals{inside}</Principals>");
    let principal = |inside: &str| principals(&format!("><Principal>{inside}</Principal>"));
    let settings = |inside: &str| format!("<Settings>{inside}</Settings>");
    let triggers = |inside: &str| format!("<Triggers>{inside}</Triggers>");
    let event = |inside: &str| {
        triggers(&format!(
            "<EventTrigger><Subscription>&lt;QueryList&gt;&lt;Query&gt;&lt;Select Path='System'&gt;*&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;</Subscription>\
             <ValueQueries{inside}</ValueQueries></EventTrigger>"
        ))
    };
    let calendar = |schedule: &str| {
        triggers(&format!(
            "<CalendarTrigger><StartBoundary>2024-01-03T02:00:00</StartBoundary>{schedule}</CalendarTrigger>"
        ))
    };
    let weekly =
        |days: &str| calendar(&format!("<ScheduleByWeek><DaysOfWeek{days}</DaysOfWeek></ScheduleByWeek>"));
    let monthly = |days: &str, months: &str| {
        calendar(&format!(
            "<ScheduleByMonth><DaysOfMonth{days}</DaysOfMonth><Months{months}</Months></ScheduleByMonth>"
        ))
    };
    let mail = |inside: &str| {
        format!(
            "<Actions><SendEmail><Server>s</Server><From>f</From><To>t</To>{inside}</SendEmail></Actions>"
        )
    };
    let values = |number: usize| "<Value name='v'>Event/System</Value>".repeat(number);
    vec![
        ("a second principal", principals("><Principal/><Principal><UserId>LOST</UserId></Principal>")),
        ("an attribute of Principals", principals(" foo='LOST'><Principal/>")),
        ("an element in Principals", principals("><Principal/><Foo>LOST</Foo>")),
        ("text in Principals", principals("><Principal/>LOST")),
        ("an attribute of a principal", principals("><Principal foo='LOST'/>")),
        ("an element in a principal", principal("<Foo>LOST</Foo>")),
        (
            "an attribute of RequiredPrivileges",
            principal(
                "<RequiredPrivileges foo='LOST'><Privilege>SeBackupPrivilege</Privilege></RequiredPrivileges>",
            ),
        ),
        (
            "an element in RequiredPrivileges",
            principal(
                "<RequiredPrivileges><Privilege>SeBackupPrivilege</Privilege><Foo>LOST</Foo></RequiredPrivileges>",
            ),
        ),
        (
            "a bad privilege",
            principal("<RequiredPrivileges><Privilege>LOST</Privilege></RequiredPrivileges>"),
        ),
        (
            "an attribute of a privilege",
            principal(
                "<RequiredPrivileges><Privilege foo='LOST'>SeBackupPrivilege</Privilege></RequiredPrivileges>",
            ),
        ),
        ("an attribute of ValueQueries", event(&format!(" foo='LOST'>{}", values(1)))),
        ("an element in ValueQueries", event(&format!(">{}<Foo>LOST</Foo>", values(1)))),
        ("text in ValueQueries", event(&format!(">{}LOST", values(1)))),
        ("a Value without a name", event(&format!(">{}<Value>LOST</Value>", values(1)))),
        ("an attribute of a Value", event("><Value name='v' foo='LOST'>Event</Value>")),
        ("a Value without a name", event(&format!(">{}<Value>LOST</Value>", values(1)))),
        ("the only Value without a name", event("><Value>LOST</Value>")),
        ("an empty Value", event("><Value name='LOST'></Value>")),
        ("the 33rd Value", event(&format!(">{}<Value name='w'>LOST</Value>", values(32)))),
        ("a bad day of the week", weekly("><Monday/><LOST/>")),
        ("a day of the week with text", weekly("><Monday/><Friday>LOST</Friday>")),
        ("a day of the week with an attribute", weekly("><Monday foo='LOST'/>")),
        ("an attribute of DaysOfWeek", weekly(" foo='LOST'><Monday/>")),
        ("text in DaysOfWeek", weekly("><Monday/>LOST")),
        ("only bad days of the week", weekly("><LOST/>")),
        ("a bad day of the month", monthly("><Day>1</Day><Day>32LOST</Day>", "><May/>")),
        ("only bad days of the month", monthly("><Day>LOST</Day>", "><May/>")),
        ("an attribute of a day", monthly("><Day foo='LOST'>1</Day>", "><May/>")),
        ("a bad month", monthly("><Day>1</Day>", "><May/><LOST/>")),
        ("an attribute of Months", monthly("><Day>1</Day>", " foo='LOST'><May/>")),
        (
            "a bad week",
            calendar(
                "<ScheduleByMonthDayOfWeek><Weeks><Week>LOST</Week></Weeks><DaysOfWeek><Monday/></DaysOfWeek></ScheduleByMonthDayOfWeek>",
            ),
        ),
        ("an element in a schedule", calendar("<ScheduleByDay><Foo>LOST</Foo></ScheduleByDay>")),
        (
            "a bad interval of days",
            calendar("<ScheduleByDay><DaysInterval>LOST</DaysInterval></ScheduleByDay>"),
        ),
        ("a second schedule", calendar("<ScheduleByDay/><ScheduleByWeek><Foo>LOST</Foo></ScheduleByWeek>")),
        (
            "the 9th file",
            mail(&format!("<Attachments>{}<File>LOST</File></Attachments>", "<File>f</File>".repeat(8))),
        ),
        ("an attribute of a file", mail("<Attachments><File foo='LOST'>f</File></Attachments>")),
        (
            "an element in a header field",
            mail(
                "<HeaderFields><HeaderField><Name>n</Name><Value>v</Value><Foo>LOST</Foo></HeaderField></HeaderFields>",
            ),
        ),
        (
            "a header field without a value",
            mail("<HeaderFields><HeaderField><Name>LOST</Name></HeaderField></HeaderFields>"),
        ),
        ("an element in HeaderFields", mail("<HeaderFields><Foo>LOST</Foo></HeaderFields>")),
        ("an attribute of a simple element", settings("<Hidden foo='LOST'>true</Hidden>")),
        ("two attributes of a simple element", settings("<Hidden foo='bar' bar='LOST'>true</Hidden>")),
        ("an attribute of another namespace", settings("<Hidden xmlns:a='urn:a' a:foo='LOST'>true</Hidden>")),
        ("an element in a simple element", settings("<Hidden>true<b>LOST</b></Hidden>")),
        ("an attribute of Settings", "<Settings foo='LOST'><Hidden>true</Hidden></Settings>".into()),
        ("an attribute of Triggers", "<Triggers foo='LOST'><BootTrigger/></Triggers>".into()),
        ("an attribute of Actions", "<Actions foo='LOST'><Exec><Command>c</Command></Exec></Actions>".into()),
        ("an attribute of Data", "<Data foo='LOST'>d</Data>".into()),
        ("text in Settings", settings("LOST<Hidden>true</Hidden>")),
        ("text in Triggers", triggers("LOST")),
        ("text in a trigger", triggers("<BootTrigger>LOST</BootTrigger>")),
        ("text in the task", "LOST".into()),
        ("a section in Settings", settings("<![CDATA[LOST]]>")),
        ("a second value", settings("<Priority>5</Priority><Priority>LOST</Priority>")),
        (
            "a value after a bad one",
            settings(
                "<NetworkProfileName><b/></NetworkProfileName><NetworkProfileName>LOST</NetworkProfileName>",
            ),
        ),
        ("a bad value", settings("<Priority>LOST</Priority>")),
        ("a bad value after a good one", settings("<Hidden>true</Hidden><Priority>LOST</Priority>")),
        (
            "a second section",
            "<RegistrationInfo/><RegistrationInfo><Author>LOST</Author></RegistrationInfo>".into(),
        ),
        ("a section after an empty one", "<Triggers/><Triggers><BootTrigger id='LOST'/></Triggers>".into()),
        (
            "a part without what it requires",
            settings("<RestartOnFailure><Interval>PT1M</Interval><Foo>LOST</Foo></RestartOnFailure>"),
        ),
        (
            "a trigger without what it requires",
            triggers("<SessionStateChangeTrigger><UserId>LOST</UserId></SessionStateChangeTrigger>"),
        ),
        ("an unknown trigger", triggers("<FooTrigger>LOST</FooTrigger>")),
        ("the 49th trigger", triggers(&format!("{}<BootTrigger id='LOST'/>", "<BootTrigger/>".repeat(48)))),
        ("an action without a command", "<Actions><Exec><Arguments>LOST</Arguments></Exec></Actions>".into()),
        ("a version that is not one", "</Task><Task version='LOST'>".into()),
        ("an unknown section", "<Foo>LOST</Foo>".into()),
        ("an element of another namespace", settings("<a:Hidden xmlns:a='urn:a'>LOST</a:Hidden>")),
    ]
}

#[test]
fn every_kind() {
    let mut wrong = Vec::new();
    for (name, section) in cases() {
        let whole = if section.contains("<Actions") {
            document("1.3", "").split_once("  <Actions>").unwrap().0.to_owned() + &section + "</Task>"
        } else {
            document("1.3", &section)
        };
        let recovered = xml::recover_text(&whole, &Options::default());
        let task = recovered.task.unwrap_or_else(|| panic!("{name}"));
        let messages: Vec<String> = recovered.findings.iter().map(|finding| finding.message()).collect();
        assert!(!messages.is_empty(), "{name}");
        // Debug shows what the task contains, and the writer writes it.
        let in_task = format!("{task:?}").contains("LOST");
        if !in_task && !messages.iter().any(|message| message.contains("LOST")) {
            wrong.push(format!("{name}: {messages:?} {task:?}"));
        }
        for form in [Form::Utf8, Form::File] {
            let written = xml::write_text(&task, form).unwrap();
            let again = xml::recover_text(&written, &Options::default());
            if again.task.as_ref() != Some(&task) || written.contains("LOST") != in_task {
                wrong.push(format!("{name}, {form:?}: {written}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As many duplicates as fit into a file do not need many times its size.
#[test]
fn many_of_a_kind() {
    let text = document("1.3", &format!("<Settings>{}</Settings>", "<Hidden/>".repeat(1000)));
    let task = xml::recover_text(&text, &Options::default()).task.unwrap();
    let elements = &task.settings.extra.elements;
    assert_eq!(elements.len(), limits::XML_KEPT);
    let kept: usize = elements.iter().map(|element| element.xml.matches("<Hidden/>").count()).sum();
    assert_eq!(kept, 999);
}

/// A Value without a name does not affect the others.
#[test]
fn a_value_without_a_name() {
    let [good, bad] = ["<Value name='v'>Event/System</Value>", "<Value>Event/EventData</Value>"];
    let subscription = "&lt;QueryList&gt;&lt;Query&gt;&lt;Select Path='System'&gt;*&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;";
    let text = document(
        "1.3",
        &format!(
            "<Triggers><EventTrigger><Subscription>{subscription}</Subscription>\
             <ValueQueries>{good}{bad}</ValueQueries></EventTrigger></Triggers>"
        ),
    );
    let task = xml::recover_text(&text, &Options::default()).task.unwrap();
    let TriggerKind::Event(event) = &task.triggers[0].kind else { panic!("{:?}", task.triggers) };
    assert_eq!(event.value_queries.as_deref(), Some(&[NamedValue::new("v", "Event/System")][..]));
    assert_eq!(task.triggers[0].extra.elements[0].xml, bad);
}
