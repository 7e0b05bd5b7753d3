//! What is accepted and what is rejected, rule by rule ([MS-TSCH] 3.2.5.4.2; EVIDENCE.md XML-01 to XML-37).

use super::{document, read};
use wintask::{
    Profile,
    definition::SchemaVersion,
    dtyp::HResult,
    xml::{self, Options, Rule},
};

const OK: HResult = HResult::S_OK;
const UNEXPECTED: HResult = HResult::SCHED_E_UNEXPECTEDNODE;
const INVALID: HResult = HResult::SCHED_E_INVALIDVALUE;
const MISSING: HResult = HResult::SCHED_E_MISSINGNODE;
const TOO_MANY: HResult = HResult::SCHED_E_TOO_MANY_NODES;

fn verdict(text: &str, profile: Profile) -> HResult {
    xml::read_text(text, &Options::default().with_profile(profile)).map_or_else(|e| e.hresult(), |_| OK)
}

fn trigger(inside: &str) -> String {
    format!("  <Triggers>{inside}</Triggers>")
}

fn calendar(inside: &str) -> String {
    trigger(&format!(
        "<CalendarTrigger><StartBoundary>2024-01-01T00:00:00</StartBoundary>{inside}</CalendarTrigger>"
    ))
}

/// The source, the version, the sections, and the verdicts of Windows and of the specification.
fn cases() -> Vec<(&'static str, &'static str, String, HResult, HResult)> {
    let settings = |inside: &str| format!("  <Settings>{inside}</Settings>");
    let principal = |inside: &str| format!("  <Principals><Principal>{inside}</Principal></Principals>");
    let boot = |n: usize| trigger(&"<BootTrigger/>".repeat(n));
    vec![
        // Order: free in Windows, even within triggers (XML-01); a sequence in the schema.
        (
            "order of the base",
            "1.2",
            trigger(
                "<BootTrigger><StartBoundary>2024-01-01T00:00:00</StartBoundary><Enabled>true</Enabled></BootTrigger>",
            ),
            OK,
            UNEXPECTED,
        ),
        (
            "order by the schema",
            "1.2",
            trigger(
                "<BootTrigger><Enabled>true</Enabled><StartBoundary>2024-01-01T00:00:00</StartBoundary></BootTrigger>",
            ),
            OK,
            OK,
        ),
        (
            "Repetition behind the schedule",
            "1.2",
            calendar("<ScheduleByDay/><Repetition><Interval>PT1H</Interval></Repetition>"),
            OK,
            UNEXPECTED,
        ),
        // Occurrence.
        (
            "a duplicate",
            "1.2",
            settings("<Hidden>true</Hidden><Hidden>true</Hidden>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        ("two sections", "1.2", "  <Settings/><Settings/>".into(), UNEXPECTED, UNEXPECTED),
        ("48 triggers (measured)", "1.2", boot(48), OK, OK),
        ("49 triggers (measured)", "1.2", boot(49), TOO_MANY, TOO_MANY),
        ("two schedules", "1.2", calendar("<ScheduleByDay/><ScheduleByDay/>"), UNEXPECTED, UNEXPECTED),
        (
            "two kinds of schedule",
            "1.2",
            calendar("<ScheduleByDay/><ScheduleByWeek><DaysOfWeek><Monday/></DaysOfWeek></ScheduleByWeek>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        (
            "two principals",
            "1.2",
            "  <Principals><Principal/><Principal/></Principals>".into(),
            UNEXPECTED,
            UNEXPECTED,
        ),
        ("no principal", "1.2", "  <Principals/>".into(), MISSING, MISSING),
        // Versions (XML-03, XML-10): a gate only where one is stated.
        (
            "1.3 in 1.2",
            "1.2",
            settings("<UseUnifiedSchedulingEngine>false</UseUnifiedSchedulingEngine>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        (
            "1.3 in 1.3",
            "1.3",
            settings("<UseUnifiedSchedulingEngine>false</UseUnifiedSchedulingEngine>"),
            OK,
            OK,
        ),
        ("1.4 in 1.3", "1.3", settings("<Volatile>false</Volatile>"), UNEXPECTED, UNEXPECTED),
        ("1.4 in 1.4", "1.4", settings("<Volatile>false</Volatile>"), OK, OK),
        ("1.4, none stated", "", settings("<Volatile>false</Volatile>"), OK, OK),
        (
            "1.3 principal in 1.2",
            "1.2",
            principal("<ProcessTokenSidType>None</ProcessTokenSidType>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        ("1.6", "1.6", String::new(), OK, OK),
        ("above the server's", "1.7", String::new(), INVALID, INVALID),
        // Identifiers: NCNames in the schema, any text in Windows; unique in both.
        ("an id with a blank", "1.2", trigger("<BootTrigger id='a b'/>"), OK, INVALID),
        ("an id twice", "1.2", trigger("<BootTrigger id='a'/><BootTrigger id='a'/>"), INVALID, INVALID),
        // Text and CDATA in Data; taken literally, the schema wants one globally declared element: Task.
        ("text in Data", "1.2", "  <Data>anything</Data>".into(), OK, UNEXPECTED),
        ("a section in Data", "1.2", "  <Data><![CDATA[7b]]></Data>".into(), OK, UNEXPECTED),
        ("elements in Data", "1.2", "  <Data><a><b/></a><c/></Data>".into(), OK, UNEXPECTED),
        ("nothing in Data", "1.2", "  <Data/>".into(), OK, MISSING),
        // WnfStateChangeTrigger is not in the specification.
        (
            "WNF",
            "1.4",
            trigger(
                "<WnfStateChangeTrigger><StateName>7508BCA3380C960C</StateName><Data>01</Data><DataOffset>0</DataOffset></WnfStateChangeTrigger>",
            ),
            OK,
            UNEXPECTED,
        ),
        // Time-based triggers need a start in Windows.
        ("no StartBoundary", "1.2", trigger("<TimeTrigger/>"), MISSING, OK),
        (
            "end before start",
            "1.2",
            trigger(
                "<TimeTrigger><StartBoundary>2024-01-02T00:00:00</StartBoundary><EndBoundary>2024-01-01T00:00:00</EndBoundary></TimeTrigger>",
            ),
            INVALID,
            OK,
        ),
        (
            "end at start",
            "1.2",
            trigger(
                "<TimeTrigger><StartBoundary>2024-01-02T00:00:00</StartBoundary><EndBoundary>2024-01-02T00:00:00</EndBoundary></TimeTrigger>",
            ),
            OK,
            OK,
        ),
        (
            "end before start, incomparable",
            "1.2",
            trigger(
                "<TimeTrigger><StartBoundary>2024-01-02T00:00:00</StartBoundary><EndBoundary>2024-01-01T00:00:00Z</EndBoundary></TimeTrigger>",
            ),
            OK,
            OK,
        ),
        (
            "end before start, other zones",
            "1.2",
            trigger(
                "<TimeTrigger><StartBoundary>2024-01-02T00:00:00Z</StartBoundary><EndBoundary>2024-01-02T00:30:00+01:00</EndBoundary></TimeTrigger>",
            ),
            INVALID,
            OK,
        ),
        // 3.2.5.4.2: empty lists.
        ("ScheduleByWeek without days", "1.2", calendar("<ScheduleByWeek/>"), MISSING, MISSING),
        (
            "ScheduleByWeek, no day",
            "1.2",
            calendar("<ScheduleByWeek><DaysOfWeek/></ScheduleByWeek>"),
            MISSING,
            MISSING,
        ),
        ("ScheduleByMonth without days", "1.2", calendar("<ScheduleByMonth/>"), MISSING, MISSING),
        (
            "ScheduleByMonth, no day",
            "1.2",
            calendar("<ScheduleByMonth><DaysOfMonth/></ScheduleByMonth>"),
            MISSING,
            MISSING,
        ),
        (
            "ScheduleByMonth without months",
            "1.2",
            calendar("<ScheduleByMonth><DaysOfMonth><Day>1</Day></DaysOfMonth></ScheduleByMonth>"),
            OK,
            OK,
        ),
        (
            "ScheduleByMonth, no month",
            "1.2",
            calendar("<ScheduleByMonth><DaysOfMonth><Day>1</Day></DaysOfMonth><Months/></ScheduleByMonth>"),
            MISSING,
            MISSING,
        ),
        (
            "ScheduleByMonthDayOfWeek without weeks",
            "1.2",
            calendar(
                "<ScheduleByMonthDayOfWeek><DaysOfWeek><Monday/></DaysOfWeek></ScheduleByMonthDayOfWeek>",
            ),
            MISSING,
            MISSING,
        ),
        (
            "ScheduleByMonthDayOfWeek, no week",
            "1.2",
            calendar(
                "<ScheduleByMonthDayOfWeek><Weeks/><DaysOfWeek><Monday/></DaysOfWeek></ScheduleByMonthDayOfWeek>",
            ),
            MISSING,
            MISSING,
        ),
        (
            "Last",
            "1.2",
            calendar("<ScheduleByMonth><DaysOfMonth><Day>Last</Day></DaysOfMonth></ScheduleByMonth>"),
            OK,
            OK,
        ),
        // Settings.
        ("priority 0", "1.2", settings("<Priority>0</Priority>"), OK, INVALID),
        ("priority 11", "1.2", settings("<Priority>11</Priority>"), INVALID, INVALID),
        ("FALSE (refused by Windows)", "1.2", settings("<Hidden>FALSE</Hidden>"), INVALID, INVALID),
        ("1 for true", "1.2", settings("<Hidden>1</Hidden>"), OK, OK),
        (
            "idle duration below a minute, in a real task",
            "1.2",
            settings("<IdleSettings><Duration>PT1S</Duration></IdleSettings>"),
            OK,
            INVALID,
        ),
        (
            "repetition of 30 s",
            "1.2",
            trigger("<BootTrigger><Repetition><Interval>PT30S</Interval></Repetition></BootTrigger>"),
            INVALID,
            INVALID,
        ),
        (
            "repetition for no time",
            "1.2",
            trigger(
                "<BootTrigger><Repetition><Interval>PT1M</Interval><Duration>PT0S</Duration></Repetition></BootTrigger>",
            ),
            INVALID,
            INVALID,
        ),
        (
            "duration of 32 bits of seconds",
            "1.2",
            settings("<ExecutionTimeLimit>P99999999DT23H59M59S</ExecutionTimeLimit>"),
            INVALID,
            OK,
        ),
        ("P3650D", "1.2", settings("<ExecutionTimeLimit>P3650D</ExecutionTimeLimit>"), OK, OK),
        (
            "restart without a count",
            "1.2",
            settings("<RestartOnFailure><Interval>PT1M</Interval></RestartOnFailure>"),
            MISSING,
            MISSING,
        ),
        (
            "expiry without an end",
            "1.2",
            settings("<DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>"),
            MISSING,
            OK,
        ),
        (
            "expiry with an end",
            "1.2",
            trigger("<BootTrigger><EndBoundary>2024-01-02T00:00:00</EndBoundary></BootTrigger>")
                + &settings("<DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>"),
            OK,
            OK,
        ),
        (
            "maintenance without the engine",
            "1.4",
            settings("<MaintenanceSettings><Period>P1D</Period></MaintenanceSettings>"),
            MISSING,
            MISSING,
        ),
        (
            "maintenance, the engine off",
            "1.4",
            settings(
                "<UseUnifiedSchedulingEngine>false</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period></MaintenanceSettings>",
            ),
            MISSING,
            MISSING,
        ),
        (
            "maintenance, the engine on as 1 (xs:boolean)",
            "1.4",
            settings(
                "<UseUnifiedSchedulingEngine>1</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period></MaintenanceSettings>",
            ),
            OK,
            OK,
        ),
        (
            "maintenance, the engine off as 0",
            "1.4",
            settings(
                "<UseUnifiedSchedulingEngine>0</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period></MaintenanceSettings>",
            ),
            MISSING,
            MISSING,
        ),
        (
            "maintenance, deadline as the period",
            "1.4",
            settings(
                "<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period><Deadline>P1D</Deadline></MaintenanceSettings>",
            ),
            INVALID,
            OK,
        ),
        (
            "maintenance, deadline above (a real task)",
            "1.4",
            settings(
                "<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>P1D</Period><Deadline>P1DT1M</Deadline></MaintenanceSettings>",
            ),
            OK,
            OK,
        ),
        // A repetition shorter than its interval is rejected, one of equal length is accepted (EVIDENCE.md XML-25).
        (
            "a duration shorter than the interval",
            "1.2",
            trigger(
                "<BootTrigger><Repetition><Interval>P1D</Interval><Duration>PT15M</Duration></Repetition></BootTrigger>",
            ),
            INVALID,
            OK,
        ),
        (
            "a duration as long as the interval (a real task), in other words",
            "1.2",
            trigger(
                "<BootTrigger><Repetition><Duration>PT24H</Duration><Interval>P1D</Interval></Repetition></BootTrigger>",
            ),
            OK,
            OK,
        ),
        (
            "a month's duration, shorter than 31 days in some months only",
            "1.2",
            trigger(
                "<BootTrigger><Repetition><Interval>P31D</Interval><Duration>P1M</Duration></Repetition></BootTrigger>",
            ),
            OK,
            OK,
        ),
        // A WnfStateChangeTrigger came with version 1.4.
        (
            "WNF in 1.3",
            "1.3",
            trigger("<WnfStateChangeTrigger><StateName>7508BCA3380C960C</StateName></WnfStateChangeTrigger>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        (
            "WNF, no version stated",
            "",
            trigger("<WnfStateChangeTrigger><StateName>7508BCA3380C960C</StateName></WnfStateChangeTrigger>"),
            OK,
            UNEXPECTED,
        ),
        // 2.5.6: ProcessTokenSidType is for two of the service accounts.
        (
            "a token SID for LOCAL SERVICE",
            "1.3",
            principal("<UserId>S-1-5-19</UserId><ProcessTokenSidType>Unrestricted</ProcessTokenSidType>"),
            OK,
            OK,
        ),
        (
            "a token SID for NETWORK SERVICE, by name",
            "1.3",
            principal(
                "<UserId>nt authority\\network service</UserId><ProcessTokenSidType>None</ProcessTokenSidType>",
            ),
            OK,
            OK,
        ),
        (
            "a token SID for a service account without its authority",
            "1.3",
            principal("<UserId>LocalService</UserId><ProcessTokenSidType>None</ProcessTokenSidType>"),
            OK,
            OK,
        ),
        (
            "a token SID for a domain's account of that name",
            "1.3",
            principal(
                "<UserId>CONTOSO\\LocalService</UserId><ProcessTokenSidType>None</ProcessTokenSidType>",
            ),
            INVALID,
            INVALID,
        ),
        (
            "a token SID for SYSTEM",
            "1.3",
            principal("<UserId>S-1-5-18</UserId><ProcessTokenSidType>None</ProcessTokenSidType>"),
            INVALID,
            INVALID,
        ),
        (
            "a token SID for nobody",
            "1.3",
            principal("<ProcessTokenSidType>None</ProcessTokenSidType>"),
            INVALID,
            INVALID,
        ),
        // Principals.
        (
            "user and group",
            "1.2",
            principal("<UserId>a</UserId><GroupId>b</GroupId>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        (
            "group and logon type (measured)",
            "1.2",
            principal("<GroupId>b</GroupId><LogonType>Password</LogonType>"),
            UNEXPECTED,
            OK,
        ),
        (
            "group and run level",
            "1.2",
            principal("<GroupId>b</GroupId><RunLevel>HighestAvailable</RunLevel>"),
            OK,
            OK,
        ),
        (
            "no such privilege",
            "1.3",
            principal("<RequiredPrivileges><Privilege>SeNothing</Privilege></RequiredPrivileges>"),
            INVALID,
            INVALID,
        ),
        // Names.
        (
            "unknown element",
            "1.2",
            settings("<AllowStartIfOnBatteries>true</AllowStartIfOnBatteries>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        ("text between elements", "1.2", settings("text"), UNEXPECTED, UNEXPECTED),
        (
            "another namespace",
            "1.2",
            settings("<x xmlns='urn:x'/>"),
            HResult::SCHED_E_NAMESPACE,
            HResult::SCHED_E_NAMESPACE,
        ),
        (
            "a value with an element in it",
            "1.2",
            settings("<Hidden>true<b/></Hidden>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
    ]
}

#[test]
fn verdicts() {
    for (what, version, sections, windows, specification) in cases() {
        let text = document(version, &sections);
        assert_eq!(verdict(&text, Profile::Windows), windows, "{what} (Windows): {:?}", read(&text));
        assert_eq!(verdict(&text, Profile::Specification), specification, "{what} (Specification)");
    }
}

#[test]
fn actions_and_context() {
    let actions = |inside: &str| format!("<Task xmlns=\"{}\">{inside}</Task>", super::NAMESPACE);
    let exec = "<Exec><Command>x</Command></Exec>";
    for (what, text, windows, specification) in [
        ("no actions", actions("<Settings/>"), MISSING, MISSING),
        ("an empty list", actions("<Actions/>"), MISSING, MISSING),
        ("32 actions", actions(&format!("<Actions>{}</Actions>", exec.repeat(32))), OK, OK),
        ("33 actions", actions(&format!("<Actions>{}</Actions>", exec.repeat(33))), TOO_MANY, TOO_MANY),
        (
            "260 characters",
            actions(&format!("<Actions><Exec><Command>{}</Command></Exec></Actions>", "x".repeat(260))),
            OK,
            OK,
        ),
        (
            "261 characters",
            actions(&format!("<Actions><Exec><Command>{}</Command></Exec></Actions>", "x".repeat(261))),
            INVALID,
            INVALID,
        ),
        (
            "a GUID without braces",
            actions(
                "<Actions><ComHandler><ClassId>c1f85ef8-bcc2-4606-bb39-70c523715eb3</ClassId></ComHandler></Actions>",
            ),
            OK,
            INVALID,
        ),
        // Measured on build 29671 (EVIDENCE.md, actions): Title is optional, a message needs a sender and a recipient.
        (
            "a message box without a title",
            actions("<Actions><ShowMessage><Body>b</Body></ShowMessage></Actions>"),
            OK,
            MISSING,
        ),
        (
            "a message box without a body",
            actions("<Actions><ShowMessage><Title>t</Title></ShowMessage></Actions>"),
            MISSING,
            MISSING,
        ),
        (
            "mail: a server alone",
            actions("<Actions><SendEmail><Server>s</Server></SendEmail></Actions>"),
            MISSING,
            OK,
        ),
        (
            "mail without a recipient",
            actions(
                "<Actions><SendEmail><Server>s</Server><From>f</From><Subject>u</Subject><Body>b</Body></SendEmail></Actions>",
            ),
            MISSING,
            OK,
        ),
        (
            "mail with Cc alone",
            actions("<Actions><SendEmail><Server>s</Server><From>f</From><Cc>c</Cc></SendEmail></Actions>"),
            OK,
            OK,
        ),
        (
            "mail without a sender",
            actions("<Actions><SendEmail><Server>s</Server><To>t</To></SendEmail></Actions>"),
            MISSING,
            OK,
        ),
        (
            "Environment in Exec",
            actions("<Actions><Exec><Command>x</Command><Environment/></Exec></Actions>"),
            UNEXPECTED,
            UNEXPECTED,
        ),
        (
            "a context that nobody has",
            actions(&format!("<Actions Context='a'>{exec}</Actions>")),
            INVALID,
            OK,
        ),
        (
            "a context",
            actions(&format!(
                "<Principals><Principal id='a'/></Principals><Actions Context='a'>{exec}</Actions>"
            )),
            OK,
            OK,
        ),
        (
            "any order of sections",
            actions(&format!(
                "<Actions>{exec}</Actions><Settings/><Data>x</Data><Triggers/><RegistrationInfo/>"
            )),
            OK,
            UNEXPECTED,
        ),
        (
            "the same, Data aside",
            actions(&format!("<Actions>{exec}</Actions><Settings/><Triggers/><RegistrationInfo/>")),
            OK,
            OK,
        ),
    ] {
        assert_eq!(verdict(&text, Profile::Windows), windows, "{what} (Windows)");
        assert_eq!(verdict(&text, Profile::Specification), specification, "{what} (Specification)");
    }
}

/// A server of an earlier version rejects the tasks of a later one (EVIDENCE.md XML-11).
#[test]
fn highest_version() {
    let text = document("1.4", "");
    for (highest, accepted) in [
        (SchemaVersion::V1_2, false),
        (SchemaVersion::V1_3, false),
        (SchemaVersion::V1_4, true),
        (SchemaVersion::V1_6, true),
    ] {
        let options = Options::default().with_highest_version(highest);
        assert_eq!(xml::read_text(&text, &options).is_ok(), accepted, "{highest}");
    }
    let options = Options::default().with_highest_version(SchemaVersion::V1_2);
    let error = xml::read_text(&text, &options).unwrap_err();
    assert_eq!(
        (error.hresult(), error.kind().info.node.as_str(), error.kind().info.value.as_str()),
        (INVALID, "version", "1.4")
    );
}

/// The first violation in the order of the document, not of severity.
#[test]
fn the_first_violation_counts() {
    let text = document("1.2", "  <Settings><Priority>99</Priority></Settings><Foo/>&nothing;");
    assert!(matches!(read(&text).unwrap_err().kind().rule, Rule::Value { .. }));
    let text = document("1.2", "&nothing;<Settings><Priority>99</Priority></Settings>");
    assert!(matches!(read(&text).unwrap_err().kind().rule, Rule::Syntax(_)));
    // An illegal character, after the violation and before it.
    let text = document("1.2", "  <Settings><Priority>99</Priority></Settings>\u{1}");
    assert!(matches!(read(&text).unwrap_err().kind().rule, Rule::Value { .. }));
    let text = document("1.2", "  <Settings>\u{1}<Priority>99</Priority></Settings>");
    assert!(matches!(read(&text).unwrap_err().kind().rule, Rule::Syntax(_)));
}

/// Every message with its advice.
#[test]
fn messages() {
    let mut out = String::new();
    let bad: Vec<_> = cases().into_iter().filter(|(.., windows, _)| *windows != OK).collect();
    for (what, version, sections, ..) in bad {
        let error = read(&document(version, &sections)).unwrap_err();
        let hint = error.kind().rule.hint().map_or(String::new(), |hint| format!("\n  help: {hint}"));
        out += &format!("{what}: {error}{hint}\n");
    }
    insta::assert_snapshot!(out);
}

/// Measured: HideAppWindow is accepted from 1.6 on and in documents without a version, and unexpected in 1.3 to 1.5.
#[test]
fn hidden_windows() {
    for (version, accepted) in [("", true), ("1.6", true), ("1.5", false), ("1.4", false), ("1.3", false)] {
        let text =
            document(version, "").replace("</Command>", "</Command><HideAppWindow>true</HideAppWindow>");
        let read = read(&text);
        assert_eq!(read.is_ok(), accepted, "{version}");
        match read {
            Ok(task) => {
                let wintask::definition::Action::Exec(exec) = &task.actions.list[0] else { panic!() };
                assert_eq!(exec.hide_app_window, Some(true));
            }
            Err(error) => {
                assert_eq!(error.hresult(), UNEXPECTED);
                assert_eq!(error.kind().info.node, "HideAppWindow");
            }
        }
    }
}

/// The event log's error is that of the registration, reported at `</Subscription>` with the query as the value
/// (EVIDENCE.md XML-26); a schema error elsewhere comes first, since the server subscribes when the document is read.
#[test]
fn subscriptions() {
    let query = |select: &str| {
        format!(
            "<QueryList><Query Id=\"0\" Path=\"System\"><Select Path=\"System\">{select}</Select></Query></QueryList>"
        )
    };
    let in_task = |query: &str, settings: &str| {
        let escaped = query.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        document(
            "1.2",
            &format!(
                "{}{settings}",
                trigger(&format!("<EventTrigger><Subscription>{escaped}</Subscription></EventTrigger>"))
            ),
        )
    };
    let good = query("*[System[(EventID=1)]]");
    assert_eq!(verdict(&in_task(&good, ""), Profile::Windows), OK);
    let channel = good.replace("System\">", "Microsoft - Windows - NetworkProfile / Operational\">");
    let error = read(&in_task(&channel, "")).unwrap_err();
    assert_eq!(error.hresult(), HResult(0x8007_3A98));
    let info = &error.kind().info;
    assert_eq!((info.line, info.node.as_str(), info.value.as_str()), (2, "Subscription", channel.as_str()));
    let line = in_task(&channel, "").lines().nth(1).unwrap().to_owned();
    assert_eq!(info.column as usize, line.find("</Subscription>").unwrap() + 1 + 3);
    let malformed = query("*[System[ and (EventID=307)]]");
    let error = read(&in_task(&malformed, "")).unwrap_err();
    assert_eq!((error.hresult(), error.kind().rule.code()), (HResult(0x8007_3A99), "xml.subscription"));
    let both = in_task(&channel, "<Settings><Priority>99</Priority></Settings>");
    assert_eq!(verdict(&both, Profile::Windows), INVALID);
    assert_eq!(verdict(&in_task(&malformed, ""), Profile::Specification), OK);
}

/// The error for a file of another kind names the function that reads it, and detection agrees.
#[test]
fn files_of_other_kinds() {
    use wintask::detect::{Kind, detect};
    for (file, kind) in [
        ("<ScheduledTasks clsid='{CC63F200-7309-4ba0-B154-A71CD118DBCC}'/>", Kind::GroupPolicy),
        (
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID>\
             </System></Event>",
            Kind::Event,
        ),
        (
            "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID>\
             </System></Event></Events>",
            Kind::Events,
        ),
        (&format!("<Tasks>{0}{0}</Tasks>", document("1.2", "")), Kind::Tasks),
    ] {
        assert_eq!(detect(file.as_bytes()).kind, kind);
        let error = xml::read(file.as_bytes(), &Default::default()).unwrap_err().to_string();
        let reader = kind.reader().unwrap();
        assert!(error.contains("expected Task: ") && error.ends_with(reader), "{error}");
    }
    let error = xml::read(b"<Tusk/>", &Default::default()).unwrap_err().to_string();
    assert!(error.ends_with("unexpected root element Tusk, expected Task"), "{error}");
}

/// Content that is not XML is named. What Windows reports, and where, does not depend on that name. Damaged documents keep
/// their error.
#[test]
fn content_that_is_not_xml() {
    let job = wintask::job::Job::new(uuid::Uuid::nil(), "a.exe").to_bytes().unwrap();
    let (illegal, start) = ("ERROR: illegal xml character", "ERROR: incorrect document syntax");
    let (root, undecodable) = ("ERROR: one root element", "ERROR: unable to switch the encoding");
    let markup = "unexpected text or markup";
    let damaged = [&b"\x01\0\0\0"[..], document("1.2", "").as_bytes()].concat();
    for (bytes, message, info) in [
        (&b""[..], "1:1: the document is empty", root),
        (b"\xEF\xBB\xBF \r\n", "2:1: the document is empty", root),
        (b"\xFF\xFE", "1:1: the document is empty", root),
        (&job, "2:2: expected an XML document, found a .JOB file: it is read by job::Job::parse", illegal),
        (
            &job[..30],
            "2:2: expected an XML document, found a .JOB file: it is read by job::Job::parse",
            illegal,
        ),
        (b"MZ\x90\0\x03\0", "1:3: expected an XML document, found binary data", undecodable),
        (b"schtasks /query", "1:1: expected an XML document, found plain text", start),
        (b"\xFF\xFEa\0b\0", "1:1: expected an XML document, found plain text", start),
        (b"<!-- only a comment -->", "1:24: expected exactly one root element", root),
        (b"a <b/>", &format!("1:1: {markup}"), start),
        (&damaged, "1:1: illegal character", illegal),
    ] {
        let error = xml::read(bytes, &Default::default()).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind().info.value.as_str()), (message, info));
        assert_eq!(
            (error.hresult(), error.kind().rule.code()),
            (HResult::SCHED_E_MALFORMEDXML, "xml.syntax")
        );
        let recovered = xml::recover(bytes, &Default::default());
        let first = recovered.findings.iter().next().unwrap();
        assert_eq!(first.kind().violation().map(|first| &first.rule), Some(&error.kind().rule));
        let text = std::str::from_utf8(bytes).ok().filter(|text| !text.starts_with('\u{FEFF}'));
        if let Some(text) = text {
            assert_eq!(read(text).unwrap_err().kind().rule, error.kind().rule);
        }
    }
}
