//! The fifty items that a newcomer meets first: the documentation of each has an example, which runs as a test.

use std::fs;

/// The items by file, in the order of the README's table of modules.
const ITEMS: &[(&str, &[&str])] = &[
    ("detect/mod.rs", &["detect"]),
    ("job/model.rs", &["Job", "parse", "to_bytes"]),
    ("job/exact.rs", &["RawJob"]),
    ("job/recover.rs", &["recover"]),
    ("job/carve.rs", &["carve"]),
    ("job/trigger.rs", &["Trigger"]),
    ("definition/task.rs", &["Task", "run_as"]),
    ("definition/trigger.rs", &["Trigger", "Repetition", "Schedule"]),
    ("definition/settings.rs", &["Settings"]),
    ("definition/principal.rs", &["Principal"]),
    ("definition/effective.rs", &["effective"]),
    ("definition/sets.rs", &["DaysOfMonth"]),
    ("definition/version.rs", &["SchemaVersion"]),
    ("definition/path.rs", &["TaskPath"]),
    ("xml/read.rs", &["read", "recover", "read_text"]),
    ("xml/validate.rs", &["validate"]),
    ("xml/write/mod.rs", &["write", "write_text"]),
    ("xml/documents.rs", &["documents"]),
    ("xml/carve.rs", &["carve"]),
    ("xml/needs.rs", &["needs"]),
    ("xml/error.rs", &["ErrorKind"]),
    ("xml/options.rs", &["Options"]),
    ("time/boundary.rs", &["Boundary"]),
    ("time/duration.rs", &["XsDuration"]),
    ("time/windows.rs", &["WindowsZone"]),
    ("schedule/timetable.rs", &["Timetable", "occurrences"]),
    ("schedule/patterns.rs", &["Patterns"]),
    ("schedule/runtimes.rs", &["scheduled_runtimes"]),
    ("schedule/words/mod.rs", &["task"]),
    ("rpc/message.rs", &["Message"]),
    ("security/descriptor.rs", &["SecurityDescriptor"]),
    ("security/check.rs", &["access_check"]),
    ("security/sid.rs", &["Sid"]),
    ("eventlog/query.rs", &["Query", "matches"]),
    ("eventlog/event.rs", &["Event"]),
    ("parameters/substitution.rs", &["substitute"]),
    ("dtyp/hresult.rs", &["HResult"]),
    ("dtyp/wide.rs", &["WideString"]),
    ("error/place.rs", &["Place"]),
    ("finding.rs", &["Findings"]),
];

/// The documentation of the first public item of this name.
fn documentation(source: &str, item: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    let declares = |line: &str| {
        let words: Vec<&str> =
            line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        let named = words.iter().position(|word| ["fn", "struct", "enum", "trait", "type"].contains(word));
        words.first() == Some(&"pub") && named.is_some_and(|at| at <= 2 && words.get(at + 1) == Some(&item))
    };
    let at = lines.iter().position(|line| declares(line))?;
    let above = lines[..at].iter().rev().take_while(|line| !line.is_empty() && !line.starts_with('}'));
    let mut comments: Vec<&str> = above.filter(|line| line.starts_with("///")).copied().collect();
    comments.reverse();
    Some(comments.join("\n"))
}

#[test]
fn the_first_fifty_items_have_examples() {
    let mut missing = Vec::new();
    let mut count = 0;
    for &(file, items) in ITEMS {
        let source = fs::read_to_string(format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for item in items {
            count += 1;
            let documentation =
                documentation(&source, item).unwrap_or_else(|| panic!("{file} has no {item}"));
            if documentation.matches("/// ```").count() < 2 {
                missing.push(format!("{file}: {item}"));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
    assert_eq!(count, 50);
}

#[test]
fn examples_are_seen() {
    let source =
        "/// A.\n///\n/// ```\n/// a();\n/// ```\n#[must_use]\npub fn a() {}\n\n/// B.\npub struct B;\n";
    assert_eq!(documentation(source, "a").unwrap().matches("/// ```").count(), 2);
    assert_eq!(documentation(source, "B").unwrap(), "/// B.");
    assert_eq!(documentation(source, "C"), None);
}
