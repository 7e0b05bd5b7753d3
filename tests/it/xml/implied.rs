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
