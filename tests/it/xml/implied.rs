//! Tags that a damaged document lacks: what is read, and where it is reported. The texts are our own; each has one tag
//! damaged in the way its name describes, and the expectation follows from the undamaged text.

use std::fmt::Write;
use wintask::{
    finding::Severity,
    xml::{self, Form, Options},
};

const NS: &str = "xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"";

/// The texts, with `NS` for the namespace.
const TEXTS: &[(&str, &str)] = &[
    (
        "a start tag for the end of a simple element",
        "<Task NS><Actions><Exec><Command>a.exe<Command><Arguments>-x</Arguments></Exec></Actions></Task>",
    ),
    (
        "the same before the end of its parent",
        "<Task NS><Actions><Exec><Command>a.exe<Command></Exec></Actions></Task>",
    ),
    (
        "a simple element again, with text",
        "<Task NS><Actions><Exec><Command>a.exe<Command>b.exe</Command></Exec></Actions></Task>",
    ),
    ("the same, self-closing", "<Task NS><Actions><Exec><Command>a.exe<Command/></Exec></Actions></Task>"),
    (
        "a start tag for the end of a complex element",
        "<Task NS><Actions><Exec><Command>a.exe</Command><Exec><Exec><Command>b.exe</Command></Exec></Actions></Task>",
    ),
    (
        "the same before the end of its parent",
        "<Task NS><Actions><Exec><Command>a.exe</Command><Exec></Actions><Settings/></Task>",
    ),
    (
        "a complex element again, with content",
        "<Task NS><Actions><Exec><Command>a.exe</Command><Exec> <Command>b.exe</Command></Exec></Actions></Task>",
    ),
    (
        "no end of a simple element",
        "<Task NS><Settings><Hidden>true\n<Enabled>false</Enabled></Settings><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "an end without its bracket",
        "<Task NS><Settings><Hidden>true/Hidden><Enabled>false</Enabled></Settings><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "no end of two elements",
        "<Task NS><Triggers><LogonTrigger><UserId>x\n</Triggers><Actions><Exec><Command>a.exe<Settings><Hidden>true</Hidden></Settings></Task>",
    ),
    (
        "no end of an element that is unknown",
        "<Task NS><Settings><Other>1<Hidden>true</Hidden></Settings><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "no end in Data",
        "<Task NS><Data><a><b>1</a></Data><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "a section's name in Data, where another end is missing",
        "<Task NS><Data><Settings>1</Settings></Data><Actions><Exec><Command>a.exe</Exec></Actions></Task>",
    ),
    (
        "balanced: nothing is guessed",
        "<Task NS><Settings><Hidden>true<Enabled>false</Enabled></Hidden></Settings><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "no root",
        "<Settings><Hidden>true</Hidden></Settings><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "no root, other markup first",
        "<junk/><!-- x --><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "no root, in another namespace",
        "<Actions xmlns=\"urn:x\"><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    (
        "within an unknown element",
        "<wrapper><Actions NS><Exec><Command>a.exe</Command></Exec></Actions></wrapper>",
    ),
    (
        "a self-closing root with content",
        "<Task version=\"1.3\" NS/><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>",
    ),
    ("a self-closing root, text after it", "<Task version=\"1.3\" NS/> and so on"),
    ("a self-closing root, an element after it", "<Task version=\"1.3\" NS/><a>1</a>"),
];

/// The findings and the recovered definition of each text.
#[test]
fn missing_tags() {
    let mut all = String::new();
    for (name, text) in TEXTS {
        let text = text.replace("NS", NS);
        let recovered = xml::recover_text(&text, &Options::default());
        _ = writeln!(all, "# {name}");
        for finding in &recovered.findings {
            _ = writeln!(all, "{finding}");
        }
        let written = recovered
            .task
            .map(|task| xml::write_text(&task, Form::Utf8).unwrap_or_else(|error| error.to_string()));
        _ = writeln!(all, "{}", written.as_deref().unwrap_or("nothing"));
    }
    insta::assert_snapshot!(all);
}

/// Recovery reports an error for each text that the strict reader rejects. A root closed before its content once had
/// none.
#[test]
fn nothing_is_mended_silently() {
    for (name, text) in TEXTS {
        let text = text.replace("NS", NS);
        let strict = xml::read_text(&text, &Options::default());
        let recovered = xml::recover_text(&text, &Options::default());
        assert_eq!(strict.is_err(), recovered.findings.worst() == Some(Severity::Error), "{name}");
    }
}

/// The first finding is the error of the strict reader, at the place that Windows reports.
#[test]
fn the_strict_error_comes_first() {
    let blanks = (
        "blanks",
        "<Task version=\"1.3\" NS/> \n\t<Actions><Exec><Command>a</Command></Exec></Actions></Task>",
    );
    for (name, text) in TEXTS.iter().chain([&blanks]) {
        let text = text.replace("NS", NS);
        let Err(strict) = xml::read_text(&text, &Options::default()) else { continue };
        let recovered = xml::recover_text(&text, &Options::default());
        let first = recovered.findings.iter().next().unwrap();
        assert_eq!(first.kind().violation(), Some(&**strict.kind()), "{name}");
        assert_eq!(first.place(), strict.place(), "{name}");
    }
}

/// What an element lacks is reported at the name of the tag that ends it, which is a character later in an end tag.
#[test]
fn an_incomplete_element_is_closed_by_a_start_tag() {
    let text = |end: &str| {
        format!("<Task {NS}><Actions><Exec><Arguments>-x</Arguments><{end}Exec></Actions></Task>")
    };
    let strict = xml::read_text(&text("/"), &Options::default()).unwrap_err();
    let mut expected = (**strict.kind()).clone();
    assert_eq!(expected.rule, xml::Rule::MissingElement { name: "Command" });
    expected.info.column -= 1;
    let recovered = xml::recover_text(&text(""), &Options::default());
    let missing = recovered.findings.iter().filter_map(|finding| finding.kind().violation());
    assert_eq!(missing.filter(|found| found.rule == expected.rule).collect::<Vec<_>>(), [&expected]);
}

/// The content after a self-closing root is where it begins, not the layout before it.
#[test]
fn the_place_of_content_after_the_root() {
    let text = format!("<Task {NS}/> \n\t<Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>");
    let recovered = xml::recover_text(&text, &Options::default());
    let places: Vec<_> = recovered.findings.iter().map(|finding| finding.place().to_string()).collect();
    assert_eq!(places, ["1:1, Task", "2:2, Task"]);
}

/// A section after the document is not a second one.
#[test]
fn a_section_after_the_root() {
    let task = format!("<Task {NS}><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>");
    let more = format!("{task}<Settings><Hidden>true</Hidden></Settings>");
    let read = |text: &str| xml::recover_text(text, &Options::default()).task;
    assert!(read(&task).is_some());
    assert_eq!(read(&more), read(&task));
}
