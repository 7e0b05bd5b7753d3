//! Plain events are read in one go and all others piece by piece: both ways return the same event, and reject the same texts.
//! A comment after the event causes it to be read piece by piece, and changes nothing else.

use super::event_text;
use wintask::eventlog::Event;

/// The event that each way reads from a text; `None` if it is rejected.
fn both_ways(text: &str) -> (Option<Event>, Option<Event>) {
    (Event::from_xml(text).ok(), Event::from_xml(&format!("{text}<!-- -->")).ok())
}

#[test]
fn whole_events() {
    let bodies = [
        "",
        "<EventData/>",
        "<EventData><Data Name=\"a\">b</Data><Data>c</Data></EventData>",
        "<EventData><Data Name='a &amp; b'>x &lt; y &amp;&#x41; z</Data></EventData>",
        "<EventData>&lt;a&gt; &quot;b&quot; &apos;c&apos;<Data>&amp;</Data>after</EventData>",
        "<EventData>  <Data>\u{e9}\u{4e2d}\u{1f600}</Data>\r\n</EventData>",
        "<UserData><a xmlns=\"urn:a\" xmlns:b=\"urn:b\"><b:c d='1'/></a></UserData>",
        "<UserData><a b='1' c='2' d='3' e='4' f='5' g='6' h='7' i='8' j='9'/></UserData>",
        "<UserData><a b='1'  c=\"'\" /></UserData>",
        "<UserData><a b='x\ty'><![CDATA[<z>]]></a></UserData>",
    ];
    for body in bodies {
        let (plain, general) = both_ways(&event_text(body));
        assert!(plain.is_some(), "{body}");
        assert_eq!(plain, general, "{body}");
        assert_eq!(plain.map(|event| event.channel().map(str::to_owned)), Some(Some("Security".into())));
    }
}

/// Each character of an event replaced, left out, or followed by another.
#[test]
fn damaged_events() {
    const TEXT: &str = "<Event><System><EventID Qualifiers='1'>7</EventID><Channel>A</Channel></System>\
                        <EventData> <Data Name=\"a\">b &amp; c</Data><x y='1' z='2'/></EventData></Event> ";
    let others =
        ["", "<", ">", "/", "&", ";", "=", "'", "\"", " ", "\t", "\r", ":", "a", "1", "-", "!", "\u{e9}"];
    for (at, _) in TEXT.char_indices() {
        let (before, rest) = TEXT.split_at(at);
        for other in others {
            for behind in [&rest[1..], rest] {
                let text = format!("{before}{other}{behind}");
                let (plain, general) = both_ways(&text);
                assert_eq!(plain, general, "{text}");
            }
        }
    }
}
