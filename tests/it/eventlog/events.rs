//! Files of several events: as wevtutil and Event Viewer write them ([MS-EVEN6] 2.2.13), and damaged.

use proptest::prelude::*;
use std::time::{Duration, Instant};
use wintask::eventlog::{Event, System, Value, events};

fn event(id: u16) -> String {
    let data = [("TaskName", Value::Text(r"\Übung 𝒙".to_owned()))];
    let event = Event::new(&System::new("Microsoft-Windows-TaskScheduler", id), data).to_string();
    event.replacen("<Event>", "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">", 1)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// The same text in every encoding that is read.
fn encoded(text: &str) -> Vec<Vec<u8>> {
    let marked = format!("\u{FEFF}{text}");
    vec![
        text.as_bytes().to_vec(),
        marked.as_bytes().to_vec(),
        utf16(text, u16::to_le_bytes),
        utf16(&marked, u16::to_le_bytes),
        utf16(text, u16::to_be_bytes),
        utf16(&marked, u16::to_be_bytes),
    ]
}

/// The numbers of the events; none for one that cannot be read.
fn ids(text: &str) -> Vec<Option<u16>> {
    let found: Vec<Vec<_>> = encoded(text)
        .iter()
        .map(|bytes| events(bytes).iter().map(|event| event.ok().and_then(|event| event.id())).collect())
        .collect();
    assert!(found.iter().all(|one| *one == found[0]), "{text}: {found:?}");
    found[0].clone()
}

#[test]
fn one_event_in_every_encoding() {
    let text = event(106);
    let expected: Event = text.parse().unwrap();
    for bytes in encoded(&text) {
        assert_eq!(Event::parse(&bytes).unwrap(), expected);
        assert_eq!(events(&bytes).iter().collect::<Vec<_>>(), [Ok(expected.clone())]);
    }
}

#[test]
fn undecodable_bytes() {
    let mut bytes = event(106).into_bytes();
    let at = bytes.iter().position(|byte| *byte == 0xC3).unwrap();
    bytes[at] = 0xFF;
    let error = Event::parse(&bytes).unwrap_err();
    assert_eq!(error.place().offset(), Some(at), "{error}");
    // A file is read all the same.
    assert_eq!(events(&bytes).iter().filter_map(|event| event.ok()?.id()).collect::<Vec<_>>(), [106]);
}

#[test]
fn where_events_are() {
    let (one, two, three) = (event(1), event(2), event(3));
    let cut = &one[..one.len() - 9];
    for (text, expected) in [
        (String::new(), vec![]),
        (format!("{one}{two}\r\n{three}"), vec![Some(1), Some(2), Some(3)]),
        (format!("<?xml version=\"1.0\"?><Events>{one}\n{two}</Events>"), vec![Some(1), Some(2)]),
        (format!("noise {one}</Event> noise & {two} noise"), vec![Some(1), Some(2)]),
        (format!("<Events><!-- {one} --><![CDATA[{two}]]>{three}</Events>"), vec![Some(3)]),
        (format!("{cut}{two}"), vec![None, Some(2)]),
        (format!("{one}{cut}"), vec![Some(1), None]),
        (format!("{one}<Event/>{two}"), vec![Some(1), None, Some(2)]),
        (format!("<EventData>{one}</EventData><EventID>7</EventID>"), vec![Some(1)]),
        // The data of an event may contain the text of another event.
        (one.replace("Übung", "<![CDATA[</Event><Event><System/>]]>") + &two, vec![Some(1), Some(2)]),
        (one.replace("Übung", "<!-- </Event> -->") + &two, vec![Some(1), Some(2)]),
        (
            one.replace("<EventData>", "<UserData><Event>x</Event></UserData><EventData>") + &two,
            vec![Some(1), Some(2)],
        ),
        (format!("<!-- no end {one}{two}"), vec![Some(1), Some(2)]),
    ] {
        assert_eq!(ids(&text), expected, "{text}");
    }
}

#[test]
fn places_are_in_the_file() {
    let text = format!("<Events>\r\n{}\r\n<Event>Ü<a></b></Event></Events>", event(1));
    let at = text.find("</b>").unwrap();
    for (index, bytes) in encoded(&text).into_iter().enumerate() {
        let error = events(&bytes).iter().find_map(Result::err).unwrap();
        let mark = [0, 3, 0, 2, 0, 2][index];
        let size = if index < 2 { at } else { 2 * text[..at].encode_utf16().count() };
        assert_eq!(error.place().offset(), Some(mark + size), "{error}");
        assert_eq!(error.place().line_and_column(), Some((3, 12)));
    }
}

/// A missing end is searched for only once: the time is linear.
#[test]
fn hostile_files() {
    for part in [
        "<Event>",
        "<Event><!--</Event>",
        "<Event><![CDATA[",
        "<!--",
        "</Event",
        "<Event ",
        "<Event><System>",
    ] {
        let text = part.repeat((2 << 20) / part.len());
        let started = Instant::now();
        let count = events(text.as_bytes()).iter().take(1000).count();
        assert!(started.elapsed() < Duration::from_secs(20), "{part}: {count}");
    }
}

proptest! {
    /// Any text is read without a panic, and errors are in it.
    #[test]
    fn any_text(parts in prop::collection::vec(prop::sample::select(vec![
        "<Event>", "</Event>", "<Event", "</Event", "<System>", "</System>", "<!--", "-->", "<![CDATA[", "]]>", "é𝒙", " ",
        ">", "<", "&", "<Events>", "<Event/>",
    ]), 0..24)) {
        for bytes in encoded(&parts.concat()) {
            for event in events(&bytes).iter() {
                if let Err(error) = event {
                    prop_assert!(error.place().offset().unwrap() <= bytes.len());
                }
            }
        }
    }
}
