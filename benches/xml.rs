//! Reading a task definition against quick-xml's bare event loop, against quick-xml with serde, and from UTF-16LE
//! against encoding_rs and that loop. Writing one against quick-xml's writer, which gets the events of the same text and
//! escapes its values. Foreign elements against the tree that roxmltree makes of the same text. The memory of a
//! definition.

mod support;
mod xml_peers;

use quick_xml::{Reader, events::Event};
use std::{hint::black_box, process::ExitCode};
use support::{Bound, Row, Subject};
use wintask::{
    definition::Task,
    xml::{self, Form},
};

/// A definition of several triggers and actions, as Windows writes it.
const TYPICAL: &str = include_str!("data/typical.xml");

fn utf16() -> Vec<u8> {
    std::iter::once(0xFEFF).chain(TYPICAL.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// The events and nothing else.
fn bare(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut events = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return events,
            Ok(event) => {
                black_box(&event);
                events += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn with_serde(text: &str) -> xml_peers::Task {
    quick_xml::de::from_str(text).expect("a good definition")
}

/// A definition of which most is foreign: the data of its creator.
fn foreign() -> String {
    let record = "<e:Record xmlns:e=\"urn:example:records\" e:kind=\"copy\"><e:From>C:\\Data</e:From>\
                  <e:To attempts=\"3\">\\\\server\\share &amp; more</e:To></e:Record>";
    let data = format!("<Data>{}</Data>\n  <Actions", record.repeat(100));
    TYPICAL.replacen("<Actions", &data, 1)
}

fn task() -> Task {
    xml::read(TYPICAL.as_bytes(), &xml::Options::default()).expect("a good definition")
}

/// What ours writes.
fn writes(form: Form) -> Box<dyn Fn()> {
    let task = task();
    Box::new(move || drop(black_box(xml::write(black_box(&task), form))))
}

/// The same text by quick-xml's writer, widened if it is UTF-16.
fn writes_by_events(form: Form) -> Box<dyn Fn()> {
    let bytes = xml::write(&task(), form).expect("a good task");
    if form == Form::Utf8 {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let pieces = xml_peers::pieces(&text);
        assert!(xml_peers::write(&pieces) == text.as_bytes(), "another text");
        return Box::new(move || drop(black_box(xml_peers::write(black_box(&pieces)))));
    }
    let bom = bytes.starts_with(&[0xFF, 0xFE]);
    let pieces = xml_peers::pieces(&decode(bytes.get(if bom { 2 } else { 0 }..).expect("a mark")));
    assert!(xml_peers::widened(&xml_peers::write(&pieces), bom) == bytes, "another text");
    Box::new(move || drop(black_box(xml_peers::widened(&xml_peers::write(black_box(&pieces)), bom))))
}

fn decode(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode(bytes).0.into_owned()
}

/// A definition with 64 elements after 10 MB of text in lines. Each element is `mark`.
fn long(mark: &str) -> Vec<u8> {
    let line = format!("{}the description\n", "text of ".repeat(10));
    let text = line.repeat(10_000_000 / line.len());
    let (before, after) = TYPICAL.split_once("</Description>").expect("a description");
    let after = after.replacen("</Settings>", &format!("{}</Settings>", mark.repeat(64)), 1);
    format!("{before}{text}</Description>{after}").into_bytes()
}

fn recover(bytes: &[u8]) -> xml::Recovered {
    xml::recover(bytes, &xml::Options::default())
}

fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "xml::read",
            prepare: || {
                Box::new(|| {
                    drop(black_box(xml::read(black_box(TYPICAL.as_bytes()), &xml::Options::default())))
                })
            },
        },
        Subject {
            name: "quick-xml, bare loop",
            prepare: || {
                Box::new(|| {
                    black_box(bare(black_box(TYPICAL)));
                })
            },
        },
        Subject {
            name: "quick-xml, serde",
            prepare: || Box::new(|| drop(black_box(with_serde(black_box(TYPICAL))))),
        },
        Subject {
            name: "xml::read, UTF-16LE",
            prepare: || {
                let bytes = utf16();
                Box::new(move || drop(black_box(xml::read(black_box(&bytes), &xml::Options::default()))))
            },
        },
        Subject {
            name: "encoding_rs and bare loop",
            prepare: || {
                let bytes = utf16();
                Box::new(move || {
                    black_box(bare(&decode(black_box(&bytes))));
                })
            },
        },
        Subject { name: "xml::write, UTF-8", prepare: || writes(Form::Utf8) },
        Subject { name: "quick-xml, Writer", prepare: || writes_by_events(Form::Utf8) },
        Subject { name: "xml::write, File", prepare: || writes(Form::File) },
        Subject { name: "Writer and widening, File", prepare: || writes_by_events(Form::File) },
        Subject { name: "xml::write, Server", prepare: || writes(Form::Server) },
        Subject { name: "Writer and widening, Server", prepare: || writes_by_events(Form::Server) },
        Subject {
            name: "xml::read, foreign elements",
            prepare: || {
                let text = foreign();
                Box::new(move || {
                    drop(black_box(xml::read(black_box(text.as_bytes()), &xml::Options::default())))
                })
            },
        },
        Subject {
            name: "roxmltree, foreign elements",
            prepare: || {
                let text = foreign();
                Box::new(move || drop(black_box(roxmltree::Document::parse(black_box(&text)))))
            },
        },
        Subject {
            name: "xml::recover, 64 findings after 10 MB",
            prepare: || {
                let bytes = long("<Foo/>");
                Box::new(move || drop(black_box(recover(black_box(&bytes)))))
            },
        },
        Subject {
            name: "xml::recover, 10 MB without findings",
            prepare: || {
                let bytes = long("<!-- -->");
                Box::new(move || drop(black_box(recover(black_box(&bytes)))))
            },
        },
        Subject {
            name: "xml::read, 10 MB",
            prepare: || {
                let bytes = long("<!-- -->");
                Box::new(move || drop(black_box(xml::read(black_box(&bytes), &xml::Options::default()))))
            },
        },
    ]
}

const BOUNDS: &[Bound] = &[
    Bound { subject: "xml::read", peer: "quick-xml, bare loop", most: 1.0 },
    Bound { subject: "xml::read", peer: "quick-xml, serde", most: 0.4 },
    Bound { subject: "xml::read, UTF-16LE", peer: "encoding_rs and bare loop", most: 1.0 },
    Bound { subject: "xml::write, UTF-8", peer: "quick-xml, Writer", most: 1.0 },
    Bound { subject: "xml::write, File", peer: "Writer and widening, File", most: 1.0 },
    Bound { subject: "xml::write, Server", peer: "Writer and widening, Server", most: 1.0 },
    Bound { subject: "xml::read, foreign elements", peer: "roxmltree, foreign elements", most: 1.0 },
    Bound {
        subject: "xml::recover, 64 findings after 10 MB",
        peer: "xml::recover, 10 MB without findings",
        most: 1.5,
    },
    Bound { subject: "xml::recover, 64 findings after 10 MB", peer: "xml::read, 10 MB", most: 1.5 },
];

/// A definition of two triggers and one action.
const SMALL: &[u8] = include_bytes!("../testdata/xml/backup.xml");

fn memory() -> Vec<Row> {
    let (subject, peer) = ("xml::read, foreign elements", "roxmltree, foreign elements");
    let mut rows = support::allocation_rows(&subjects(), &[Bound { subject, peer, most: 1.0 }]);
    let task = || xml::read(SMALL, &xml::Options::default()).expect("a good definition");
    rows.push(support::most_memory("a Task in memory", 1536, task));
    rows
}

fn main() -> ExitCode {
    // The peers read the same fields, else the comparison is meaningless.
    let ours = xml::read(TYPICAL.as_bytes(), &xml::Options::default()).expect("a good definition");
    let theirs = with_serde(TYPICAL);
    assert_eq!(theirs.triggers.list.len(), ours.triggers.len());
    assert_eq!(theirs.actions.list.len(), ours.actions.list.len());
    assert!(xml::read(foreign().as_bytes(), &xml::Options::default()).is_ok_and(|task| task.data.is_some()));
    let damaged = recover(&long("<Foo/>"));
    assert_eq!(damaged.findings.len(), 64);
    assert_eq!(damaged.task.map(|task| task.triggers), Some(ours.triggers));
    assert!((3000..4096).contains(&TYPICAL.len()), "{} bytes", TYPICAL.len());
    support::run_with(&subjects(), BOUNDS, memory)
}
