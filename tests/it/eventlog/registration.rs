//! The check of a Subscription at registration (EVIDENCE.md XML-26, EVT-03, EVT-13, EVT-18).

use super::{list, query::OBSERVED};
use proptest::{prop_assert, prop_assert_eq};
use wintask::{
    definition::{EventTrigger, Exec, Task},
    dtyp::Win32Error,
    eventlog::{ErrorKind, Query},
    xml::{self, Form, Rule},
};

const CHANNEL: u32 = 0x8007_3A98;
const QUERY: u32 = 0x8007_3A99;

/// Subscriptions of registered tasks, blanks within the parts of a channel's name among them.
#[test]
fn accepted() {
    let paths = [
        "System",
        "Windows PowerShell",
        "Microsoft-Windows-User Device Registration/Admin",
        "Microsoft-User Experience Virtualization-Agent Driver/Operational",
        "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
        "  System\n",
        "file://c:\\logs\\a.evtx",
    ];
    for (path, xpath) in OBSERVED.iter().copied().chain(paths.map(|path| (path, "*"))) {
        Query::parse_subscription(&list(path, xpath)).unwrap_or_else(|e| panic!("{path}: {e}"));
    }
}

#[test]
fn refused() {
    let rows = [
        // Observed: EVIDENCE.md XML-26.
        (list("Microsoft - Windows - NetworkProfile / Operational", "*[System[EventID=10000]]"), CHANNEL),
        // The same kind, and what the documentation of both kinds of channels rules out.
        (list("Microsoft-Windows-NetworkProfile/ Operational", "*"), CHANNEL),
        (list("Microsoft-Windows-NetworkProfile /Operational", "*"), CHANNEL),
        (list("Microsoft-Windows-NetworkProfile\t/Operational", "*"), CHANNEL),
        (list("Microsoft-Windows-NetworkProfile/", "*"), CHANNEL),
        (list("/Operational", "*"), CHANNEL),
        (list("a//b", "*"), CHANNEL),
        (list("a\\b", "*"), CHANNEL),
        (list("*", "*"), CHANNEL),
        (list("a&#7;b", "*"), CHANNEL),
        (list("a&#133;b", "*"), CHANNEL),
        (list(&"a".repeat(255), "*"), CHANNEL),
        ("<QueryList><Query><Select>*</Select></Query></QueryList>".into(), CHANNEL),
        ("<QueryList><Query Path=' '><Select>*</Select></Query></QueryList>".into(), CHANNEL),
        ("*[System[EventID=1]]".into(), CHANNEL),
        // The other selectors are checked, too.
        ("<QueryList><Query Path='A'><Select>*</Select><Suppress Path='b /c'>*</Suppress></Query></QueryList>".into(), CHANNEL),
        ("<QueryList><Query Path='A'><Select>*</Select></Query><Query Path='b/ c'><Select>*</Select></Query></QueryList>".into(), CHANNEL),
        // The event log's error for a malformed query: [MS-EVEN6] 3.1.4.8.
        (list("System", "*[System[ and (EventID=307)]]"), QUERY),
        (list("System", "*[System[EventID=1]"), QUERY),
        (list("System", "*[not(System)]"), QUERY),
        (list("System", "Foo"), QUERY),
        (list("System", ""), QUERY),
        ("<QueryList><Query Path='A'><Select>*</Query></QueryList>".into(), QUERY),
        ("<QueryList/>".into(), QUERY),
        ("System".into(), QUERY),
        ("".into(), QUERY),
    ];
    for (text, expected) in rows {
        let error = Query::parse_subscription(&text).expect_err(&text);
        assert_eq!(error.hresult().0, expected, "{text}: {error}");
        assert!(error.place().offset().unwrap() <= text.len());
    }
    assert!(Query::parse_subscription(&list(&"a".repeat(254), "*")).is_ok());
}

/// A query that is only matched may name any channel, and none.
#[test]
fn parsing_is_laxer() {
    for text in [list("a / b", "*"), "*".into()] {
        assert!(Query::parse(&text).is_ok());
    }
}

/// The reason keeps the event log's more precise code, and the place is that of the element.
#[test]
fn reason() {
    let error = Query::parse_subscription(&list("a / b", "*")).unwrap_err();
    assert_eq!(error.to_string(), "1:39, QueryList: invalid channel path: \"a / b\"");
    assert_eq!(error.kind().reason(), &ErrorKind::ChannelPath("a / b".into()));
    let error = Query::parse_subscription(&list("System", "*[not(System)]")).unwrap_err();
    assert_eq!(error.kind().win32(), Win32Error::EVT_INVALID_QUERY);
    assert_eq!(error.kind().reason().win32(), Win32Error::EVT_FILTER_UNSUPPORTEDOP);
}

/// Fragments that make a usual list unusual or wrong.
const FRAGMENTS: &[&str] = &[
    " ",
    "\n",
    "<",
    ">",
    "\"",
    "'",
    "&amp;",
    "&lt;",
    "]]>",
    "<!-- -->",
    "<Select Path=\"System\">*</Select>",
    "<Suppress>*</Suppress>",
    "<Query Path=\"System\">",
    "</Query>",
    " Id=\"1\"",
    " Path=\"A / B\"",
    "file://",
    "/",
    "text",
    "\u{A0}",
    "é",
];

proptest::proptest! {
    /// A definition is refused for its Subscription exactly if the Subscription is refused by itself, although reading
    /// a definition takes a shorter way for lists in the usual form.
    #[test]
    fn a_definition_is_judged_by_its_subscription(
        queries in proptest::collection::vec((proptest::bool::ANY, proptest::bool::ANY, 0..3usize), 1..3),
        edits in proptest::collection::vec((proptest::num::usize::ANY, proptest::sample::select(FRAGMENTS), 0..3usize), 0..3),
    ) {
        let mut text = String::from("<QueryList>");
        for (has_id, has_path, selectors) in queries {
            text += if has_id { "<Query Id=\"0\"" } else { "<Query" };
            text += if has_path { " Path=\"System\">" } else { ">" };
            text += "<Select Path=\"Microsoft-Windows-User Device Registration/Admin\">*[System[EventID=1074]]</Select>";
            (0..selectors).for_each(|_| text += "\n  <Suppress>*[System[(Level=1 or Level=2)]]</Suppress>");
            text += "</Query>";
        }
        text += "</QueryList>";
        for (place, fragment, removed) in edits {
            let mut at = place % (text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + removed).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(at..end, fragment);
        }
        let mut task = Task::new(Exec::new("a.exe"));
        task.triggers.push(EventTrigger::new(&text).into());
        let written = xml::write_text(&task, Form::Utf8)?;
        let refused = match xml::read_text(&written, &xml::Options::default()) {
            Ok(_) => false,
            Err(error) => {
                prop_assert!(matches!(error.kind().rule, Rule::Subscription(_)), "{}", error);
                true
            }
        };
        prop_assert_eq!(refused, Query::parse_subscription(&text).is_err(), "{}", text);
    }
}
