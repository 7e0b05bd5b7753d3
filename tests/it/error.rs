//! Places, and the crate's one counter of lines.

use proptest::prelude::*;
use serde_json::json;
use wintask::{
    dtyp::{HResult, HasHResult, Win32Error},
    error::{Error, LineCounter, Place, Position},
    finding::{AnyFinding, Finding, Severity},
    job, limits, xml,
};

/// Line and column by the simplest code that can be right: line ends are CRLF, LF and a CR by itself (XML 1.0, 2.11).
fn slowly(text: &str, offset: usize) -> Position {
    let (mut line, mut column) = (1, 1);
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < offset) {
        let ends = c == '\n' || c == '\r' && !text[at + 1..].starts_with('\n');
        (line, column) = if ends { (line + 1, 1) } else { (line, column + c.len_utf16() as u32) };
    }
    Position { offset, line, column }
}

proptest! {
    #[test]
    fn lines_are_counted_in_any_order(
        parts in prop::collection::vec("[a\r\né𝒙]{0,40}|a{3000,5000}|(\r\n){2040,2060}", 0..12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
    ) {
        let text = parts.concat();
        let offsets: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut lines = LineCounter::new(&text);
        for index in order {
            let offset = offsets[index.index(offsets.len())];
            prop_assert_eq!(lines.position(offset), slowly(&text, offset));
        }
    }

    /// A position in a part of a text, moved to where the part begins, is the position in the whole text.
    #[test]
    fn rebasing_is_counting_in_the_whole(before in "[a\n𝒙]{0,20}", inner in "[a\n𝒙]{0,20}") {
        let whole = format!("{before}{inner}");
        let start = LineCounter::new(&whole).position(before.len());
        let end = LineCounter::new(&inner).position(inner.len());
        prop_assert_eq!(end.rebased(start), LineCounter::new(&whole).position(whole.len()));
    }
}

#[test]
fn an_offset_past_the_end_is_the_end() {
    let mut lines = LineCounter::new("a\nb");
    assert_eq!(lines.position(usize::MAX), Position { offset: 3, line: 2, column: 2 });
}

/// A place is serialised with the fields that it has, under the same names for every kind of input.
#[test]
fn places_as_json() {
    let at = Position { offset: 7, line: 2, column: 3 };
    for (place, expected) in [
        (Place::bytes(4..6, "Flags"), json!({"offset": 4, "end": 6, "path": "Flags"})),
        (Place::text(at, "Task"), json!({"offset": 7, "line": 2, "column": 3, "path": "Task"})),
        (Place::text(at, ""), json!({"offset": 7, "line": 2, "column": 3})),
        (Place::value("triggers[0]"), json!({"path": "triggers[0]"})),
    ] {
        assert_eq!(serde_json::to_value(place).unwrap(), expected);
    }
}

#[test]
fn errors_and_findings_have_one_shape() {
    let error = job::Job::parse(b"short").unwrap_err();
    let expected = json!({
        "severity": "error",
        "code": "job.truncated",
        "place": {"offset": 4, "end": 5, "path": "Job uuid"},
        "message": "16 bytes needed, 1 left",
    });
    assert_eq!(serde_json::to_value(&error).unwrap(), expected);
    let finding: job::Finding = error.into();
    assert_eq!(serde_json::to_value(&finding).unwrap(), expected);
    assert_eq!(serde_json::to_value(finding.erase()).unwrap(), expected);
}

/// Errors of every module have the shape of a finding.
#[test]
fn errors_of_every_module_serialise() {
    use wintask::{
        definition::TaskPath,
        ndr::Transfer,
        rpc::{Message, atsvc::NetrJobDel},
    };
    let path = "a\\\\b".parse::<TaskPath>().unwrap_err();
    let stub = NetrJobDel::decode_as(&[], Transfer::NDR20).unwrap_err();
    let sddl = "O:".parse::<wintask::security::SecurityDescriptor>().unwrap_err();
    for (error, code) in [
        (serde_json::to_value(path).unwrap(), "path.empty_name"),
        (serde_json::to_value(stub).unwrap(), "ndr.truncated"),
        (serde_json::to_value(sddl).unwrap(), "security.expected"),
    ] {
        assert_eq!((&error["code"], &error["severity"]), (&json!(code), &json!("error")), "{error}");
        assert!(error["place"].is_object() && error["message"].is_string(), "{error}");
    }
}

/// What is not kept is counted, and still counts for the severity: a file with many harmless findings and one serious
/// one at its end is not a harmless file.
#[test]
fn findings_are_bounded() {
    let mut findings = job::Findings::new();
    for _ in 0..limits::MAX_FINDINGS {
        findings.push(Finding::new(job::FindingKind::UnusedWords, Place::value("")));
    }
    assert_eq!((findings.omitted(), findings.worst()), (0, Some(Severity::Info)));
    assert!(findings.is_full());
    findings.push(Error::new(job::ErrorKind::FileVersion(2), Place::bytes(2..4, "File Version")));
    assert_eq!(findings.iter().count(), limits::MAX_FINDINGS);
    assert_eq!((findings.len(), findings.omitted()), (limits::MAX_FINDINGS + 1, 1));
    assert_eq!(findings.worst(), Some(Severity::Error));
    let erased = findings.clone().erase();
    assert_eq!((erased.len(), erased.worst()), (findings.len(), findings.worst()));
    let written = serde_json::to_value(&findings).unwrap();
    assert_eq!((written["list"].as_array().unwrap().len(), &written["omitted"]), (64, &json!(1)));
}

/// Any error for which Windows has a code becomes a refusal by `?`.
#[test]
fn errors_become_results() {
    fn first(bytes: &[u8], text: &str, sddl: &str, query: &str) -> Result<(), HResult> {
        wintask::eventlog::Query::parse(query)?;
        sddl.parse::<wintask::security::SecurityDescriptor>()?;
        xml::read_text(text, &xml::Options::default())?;
        job::Job::parse(bytes)?;
        Ok(())
    }
    let task = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
                <Actions><Exec><Command>a</Command></Exec></Actions></Task>";
    assert_eq!(first(b"", task, "", "*["), Err(Win32Error::EVT_FILTER_PARSEERR.hresult()));
    assert_eq!(first(b"", task, "X", "*"), Err(Win32Error::INVALID_PARAMETER.into()));
    assert_eq!(first(b"", "<Task/>", "", "*"), Err(HResult::SCHED_E_NAMESPACE));
    assert_eq!(first(b"", task, "", "*"), Err(Win32Error::INVALID_DATA.into()));
}

/// Findings of several modules in one list.
#[test]
fn findings_of_several_modules() {
    let job = job::recover(b"").findings.erase();
    let task = xml::recover(b"<", &xml::Options::default()).findings.erase();
    let all: Vec<AnyFinding> = job.into_iter().chain(task).collect();
    let codes: Vec<_> = all.iter().map(|finding| finding.code()).collect();
    // Recovery reads on after the first syntax error, and reports a second one.
    assert_eq!(codes, ["job.truncated", "xml.syntax", "xml.syntax"]);
}
