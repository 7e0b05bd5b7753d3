//! TASK_XML_ERROR_INFO: line, column, node and value (EVIDENCE.md XML-12 to XML-14).

use super::{document, read};
use proptest::prelude::*;
use wintask::{
    Profile,
    dtyp::HResult,
    xml::{self, Options},
};

const UNEXPECTED: HResult = HResult::SCHED_E_UNEXPECTEDNODE;
const INVALID: HResult = HResult::SCHED_E_INVALIDVALUE;
const MISSING: HResult = HResult::SCHED_E_MISSINGNODE;

/// The error text of Windows, its line and column, its node and value, the HRESULT, and the lines.
type Observed = (&'static str, u32, u32, &'static str, &'static str, HResult, &'static [&'static str]);

/// What Windows reported of real documents, rebuilt: the same text at the usual indentation, on the same line.
#[test]
fn observed() {
    let cases: &[Observed] = &[
        (
            "(43,25):Interval:PT10S",
            43,
            25,
            "Interval",
            "PT10S",
            INVALID,
            &[
                "  <Settings>",
                "    <RestartOnFailure>",
                "      <Interval>PT10S</Interval>",
                "      <Count>3</Count>",
                "    </RestartOnFailure>",
                "  </Settings>",
            ],
        ),
        (
            "(29,24):Interval:PT5S",
            29,
            24,
            "Interval",
            "PT5S",
            INVALID,
            &[
                "  <Settings>",
                "    <RestartOnFailure>",
                "      <Interval>PT5S</Interval>",
                "      <Count>3</Count>",
                "    </RestartOnFailure>",
                "  </Settings>",
            ],
        ),
        (
            "(37,36):ExecutionTimeLimit:00:05:00",
            37,
            36,
            "ExecutionTimeLimit",
            "00:05:00",
            INVALID,
            &["  <Settings>", "    <ExecutionTimeLimit>00:05:00</ExecutionTimeLimit>", "  </Settings>"],
        ),
        (
            "(8,42):Duration:P99999999DT23H59M59S",
            8,
            42,
            "Duration",
            "P99999999DT23H59M59S",
            INVALID,
            &[
                "  <Triggers>",
                "    <TimeTrigger>",
                "      <Repetition>",
                "        <Interval>PT5M</Interval>",
                "        <Duration>P99999999DT23H59M59S</Duration>",
                "      </Repetition>",
                "      <StartBoundary>2024-01-01T00:00:00</StartBoundary>",
                "    </TimeTrigger>",
                "  </Triggers>",
            ],
        ),
        (
            "(11,42):EndBoundary:2026-08-06T02:00:00",
            11,
            42,
            "EndBoundary",
            "2026-08-06T02:00:00",
            INVALID,
            &[
                "  <Triggers>",
                "    <TimeTrigger>",
                "      <StartBoundary>2026-08-07T02:00:00</StartBoundary>",
                "      <EndBoundary>2026-08-06T02:00:00</EndBoundary>",
                "    </TimeTrigger>",
                "  </Triggers>",
            ],
        ),
        (
            "(16,8):StartBoundary:",
            16,
            8,
            "StartBoundary",
            "",
            MISSING,
            &[
                "  <Triggers>",
                "    <CalendarTrigger>",
                "      <ScheduleByDay />",
                "    </CalendarTrigger>",
                "  </Triggers>",
            ],
        ),
        (
            "(45,8):Period:",
            45,
            8,
            "Period",
            "",
            MISSING,
            &[
                "  <Settings>",
                "    <MaintenanceSettings>",
                "      <Deadline>P2D</Deadline>",
                "    </MaintenanceSettings>",
                "  </Settings>",
            ],
        ),
        (
            "(41,8):Count:",
            41,
            8,
            "Count",
            "",
            MISSING,
            &[
                "  <Settings>",
                "    <RestartOnFailure>",
                "      <Interval>PT1M</Interval>",
                "    </RestartOnFailure>",
                "  </Settings>",
            ],
        ),
        (
            "(15,9) WakeToRun in a trigger",
            15,
            9,
            "WakeToRun",
            "",
            UNEXPECTED,
            &[
                "  <Triggers>",
                "    <BootTrigger>",
                "      <WakeToRun>true</WakeToRun>",
                "    </BootTrigger>",
                "  </Triggers>",
            ],
        ),
        (
            "(11,11) Months in ScheduleByWeek",
            11,
            11,
            "Months",
            "",
            UNEXPECTED,
            &[
                "  <Triggers>",
                "    <CalendarTrigger>",
                "      <ScheduleByWeek>",
                "        <Months><January /></Months>",
                "      </ScheduleByWeek>",
                "    </CalendarTrigger>",
                "  </Triggers>",
            ],
        ),
        (
            "(33,7) UseUnifiedSchedulingEngine in version 1.2",
            33,
            7,
            "UseUnifiedSchedulingEngine",
            "",
            UNEXPECTED,
            &[
                "  <Settings>",
                "    <UseUnifiedSchedulingEngine>false</UseUnifiedSchedulingEngine>",
                "  </Settings>",
            ],
        ),
        (
            "(39,7) DisallowStartOnRemoteAppSession in version 1.2",
            39,
            7,
            "DisallowStartOnRemoteAppSession",
            "",
            UNEXPECTED,
            &[
                "  <Settings>",
                "    <DisallowStartOnRemoteAppSession>false</DisallowStartOnRemoteAppSession>",
                "  </Settings>",
            ],
        ),
    ];
    for (what, line, column, node, value, hresult, lines) in cases {
        // The relevant line is the one with the node, or with its parent's end tag.
        let marker = |l: &&str| l.contains(&format!("{value}</{node}>")) && !value.is_empty();
        let own = lines
            .iter()
            .position(marker)
            .or_else(|| lines.iter().position(|l| l.contains(&format!("<{node}>"))));
        let end = lines.iter().rposition(|l| l.starts_with("    </"));
        let at = own.or(end).unwrap();
        // One line is the start tag of Task itself; those before it are empty.
        let version = if what.ends_with("version 1.2") { "1.2" } else { "" };
        let text = document(version, &lines.join("\n"));
        let text = "\n".repeat(*line as usize - at - 2) + &text;
        let error = read(&text).expect_err(what);
        let info = &error.kind().info;
        assert_eq!((info.line, info.column), (*line, *column), "{what}");
        assert_eq!((info.node.as_str(), info.value.as_str()), (*node, *value), "{what}");
        assert_eq!(error.hresult(), *hresult, "{what}");
    }
}

/// `(6,3):Task:<uri>` for the https variant; `(40,4):EndBoundary:` at `</Task>`; `(18,8)`-like ends.
#[test]
fn observed_at_the_root() {
    let text = "\n\n\n\n\n".to_owned() + &document("1.2", "").replace("http://", "https://");
    let error = read(&text).unwrap_err();
    assert_eq!(error.hresult(), HResult::SCHED_E_NAMESPACE);
    assert_eq!(
        error.kind().info.to_string(),
        "(6,3):Task:https://schemas.microsoft.com/windows/2004/02/mit/task"
    );

    let text = document(
        "1.2",
        "  <Settings>\n    <DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>\n  </Settings>",
    );
    let down = 40 - text.lines().count();
    let error = read(&("\n".repeat(down) + &text)).unwrap_err();
    assert_eq!((error.hresult(), error.kind().info.to_string()), (MISSING, "(40,4):EndBoundary:".into()));

    // EVIDENCE.md XML-05: the root's name is checked before its namespace.
    let error = read("<TASK></TASK>").unwrap_err();
    assert_eq!((error.hresult(), error.kind().info.node.as_str()), (UNEXPECTED, "TASK"));
    let error = read("<Task><Actions/></Task>").unwrap_err();
    assert_eq!(
        (error.hresult(), error.kind().info.to_string()),
        (HResult::SCHED_E_NAMESPACE, "(1,3):Task:".into())
    );
    // Malformed: node empty, value the parser's message.
    for (text, expected) in
        [("x<Task/>", "(1,2)::ERROR: incorrect document syntax"), ("", "(1,2)::ERROR: one root element")]
    {
        let error = read(text).unwrap_err();
        assert_eq!(error.kind().info.to_string(), expected);
    }
}

/// The specification counts from "column one"; Windows reports one more.
#[test]
fn columns_by_profile() {
    let text = document("1.2", "  <Settings>\n    <Priority>99</Priority>\n  </Settings>");
    let column = |profile| {
        xml::read_text(&text, &Options::default().with_profile(profile)).unwrap_err().kind().info.column
    };
    // 4 blanks and <Priority>99 are 16 characters; `</` is at 17 and the name at 19.
    assert_eq!((column(Profile::Specification), column(Profile::Windows)), (19, 20));
}

#[test]
fn attributes_and_empty_elements() {
    for (text, expected) in [
        (document("9.9", ""), "(1,8):version:9.9"),
        (document("x", ""), "(1,8):version:x"),
        (document("1.2", "").replacen("<Exec>", "<Exec foo='1'>", 1), "(4,12):foo:"),
        (document("1.2", "  <Triggers><BootTrigger id='a'/><IdleTrigger id='a'/></Triggers>"), "(2,48):id:a"),
        (document("1.2", "").replacen("<Actions>", "<Actions Context='x'>", 1), "(3,13):Context:x"),
        // An empty element has no end tag, and its only tag is reported.
        (document("1.2", "  <Settings><Priority/><WakeToRun>x</WakeToRun></Settings>"), "(2,39):WakeToRun:x"),
        (document("1.2", "  <Settings><ExecutionTimeLimit/></Settings>"), "(2,15):ExecutionTimeLimit:"),
        (document("1.2", "  <Triggers><CalendarTrigger/></Triggers>"), "(2,15):ScheduleByDay:"),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!(error.kind().info.to_string(), expected, "{text}\n{error}");
    }
}

/// An error planted at every element of a large document.
const PLANTS: &[(&str, HResult)] = &[("unexpected", UNEXPECTED), ("namespace", HResult::SCHED_E_NAMESPACE)];

proptest! {
    #[test]
    fn planted(
        index in any::<prop::sample::Index>(),
        plant in 0..PLANTS.len(),
        crlf in any::<bool>(),
        tabs in 0..4usize,
    ) {
        let text = xml::write_text(&super::everything(), xml::Form::Utf8).unwrap();
        let text = text.split_once("\n").unwrap().1.replace("  ", &" ".repeat(tabs));
        // After any end tag an element can be inserted that does not belong there.
        let ends: Vec<usize> = text.match_indices("</").filter_map(|(at, _)| text[at..].find('>').map(|end| at + end + 1)).collect();
        let at = ends[index.index(ends.len() - 1)];
        let (kind, hresult) = PLANTS[plant];
        let (element, node, value) = match kind {
            "unexpected" => ("<Foo>1</Foo>", "Foo", ""),
            _ => ("<x:Foo xmlns:x='urn:y'/>", "Foo", "urn:y"),
        };
        let planted = format!("{}\n \t{element}{}", &text[..at], &text[at..]);
        let planted = if crlf { planted.replace('\n', "\r\n") } else { planted };
        let error = read(&planted).unwrap_err();
        let info = &error.kind().info;
        let found = planted.find(&element[..4]).unwrap();
        let line = planted[..found].matches('\n').count() as u32 + 1;
        prop_assert_eq!(error.hresult(), hresult);
        // One blank and one tab before `<`: the column of `<` is 3, and Windows reports two more.
        prop_assert_eq!((info.line, info.column), (line, 5));
        prop_assert_eq!((info.node.as_str(), info.value.as_str()), (node, value));
    }

    #[test]
    fn planted_values(index in any::<prop::sample::Index>(), crlf in any::<bool>()) {
        let text = xml::write_text(&super::everything(), xml::Form::Utf8).unwrap();
        let text = text.split_once("\n").unwrap().1.to_owned();
        // Values of the types that can be wrong, each on its own line.
        let lines: Vec<&str> = text.lines().collect();
        let typed: Vec<usize> = (0..lines.len()).filter(|i| {
            let line = lines[*i].trim();
            ["Enabled", "Interval", "Delay", "RandomDelay", "Priority", "Count", "WakeToRun", "Day", "Week", "StateChange", "LogonType", "ClassId", "Date", "EndBoundary"]
                .iter().any(|name| line.starts_with(&format!("<{name}>")))
        }).collect();
        let at = typed[index.index(typed.len())];
        let name = lines[at].trim().split(['<', '>']).nth(1).unwrap();
        let indent = lines[at].len() - lines[at].trim_start().len();
        let wrong = format!("{}<{name}>-nonsense-</{name}>", " ".repeat(indent));
        let mut lines = lines.clone();
        lines[at] = &wrong;
        let planted = lines.join(if crlf { "\r\n" } else { "\n" });
        let error = read(&planted).unwrap_err();
        let info = &error.kind().info;
        prop_assert_eq!(error.hresult(), INVALID);
        let close = indent + name.len() + 2 + "-nonsense-".len() + 1;
        prop_assert_eq!((info.line, info.column), (at as u32 + 1, close as u32 + 3));
        prop_assert_eq!((info.node.as_str(), info.value.as_str()), (name, "-nonsense-"));
    }

    #[test]
    fn planted_gaps(index in any::<prop::sample::Index>()) {
        let text = xml::write_text(&super::everything(), xml::Form::Utf8).unwrap();
        let text = text.split_once("\n").unwrap().1.to_owned();
        let required = ["Subscription", "StateChange", "Interval", "Command", "ClassId", "Server", "Body", "Period", "Count"];
        let lines: Vec<&str> = text.lines().collect();
        let places: Vec<usize> = (0..lines.len()).filter(|i| {
            let line = lines[*i].trim();
            required.iter().any(|name| line.starts_with(&format!("<{name}>")))
        // The mail's body may be missing; the message box's may not.
        }).filter(|i| !lines[*i].contains("<Body>All")).collect();
        let at = places[index.index(places.len())];
        let name = lines[at].trim().split(['<', '>']).nth(1).unwrap();
        let indent = lines[at].len() - lines[at].trim_start().len();
        let mut shorter = lines.clone();
        shorter.remove(at);
        let end = (at..shorter.len()).find(|i| {
            let line = shorter[*i];
            line.len() - line.trim_start().len() == indent - 2 && line.trim().starts_with("</")
        }).unwrap();
        let error = read(&shorter.join("\n")).unwrap_err();
        prop_assert_eq!(error.hresult(), MISSING);
        // `</` follows the parent's indentation; Windows reports the column of the name plus 1.
        let info = &error.kind().info;
        prop_assert_eq!((info.line, info.column), (end as u32 + 1, (indent - 2) as u32 + 1 + 3));
        prop_assert_eq!((info.node.as_str(), info.value.as_str()), (name, ""));
    }
}
