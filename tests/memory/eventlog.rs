//! Event queries: at most 64 times the input, for a test of three bytes (`[1]`) is a comparison with two sides; no selector
//! has more than a thousand of them. Events: at most 32 times the input.

use super::bounded;
use time::macros::datetime;
use wintask::{
    eventlog::{Event, Query, Subscriptions},
    limits,
};

fn check_query(name: &str, text: &str) {
    bounded(&format!("query {name}"), text.len(), 64, || Query::parse(text).map(|query| query.words().len()));
}

fn check_event(name: &str, text: &str) {
    bounded(&format!("event {name}"), text.len(), 32, || {
        Event::from_xml(text).map(|event| event.to_string().len())
    });
}

fn list(selectors: &str) -> String {
    format!("<QueryList><Query Path='A'>{selectors}</Query></QueryList>")
}

#[test]
fn queries() {
    let terms = limits::EVENT_QUERY_TERMS - 1;
    for many in [terms, 100_000] {
        check_query("paths", &format!("*{}", " or *".repeat(many)));
        check_query("comparisons", &format!("*[a=1{}]", " or a=1".repeat(many)));
        check_query("positions", &format!("*{}", "[1]".repeat(many)));
        check_query("functions", &format!("*[band(a,1){}]", " or band(a,1)".repeat(many)));
    }
    check_query("nested", &"*[".repeat(100_000));
    check_query("one long literal", &format!("*[a='{}']", "x".repeat(1_000_000)));
    check_query("literals", &format!("*[a=''{}]", " or a=''".repeat(terms / 2)));
    check_query("selectors", &list(&"<Select>*</Select>".repeat(50_000)));
    check_query("selectors with tests", &list(&"<Select>*[a=1 or b=2 or c=3]</Select>".repeat(20_000)));
    check_query("references", &list(&format!("<Select>*[a='{}']</Select>", "&amp;".repeat(100_000))));
    check_query("elements", &"<QueryList>".repeat(100_000));
    check_query(
        "queries",
        &format!("<QueryList>{}</QueryList>", "<Query Path='A'><Select>*</Select></Query>".repeat(20_000)),
    );
}

#[test]
fn events() {
    let event = |inside: &str| format!("<Event><EventData>{inside}</EventData></Event>");
    check_event("elements", &event(&"<a/>".repeat(100_000)));
    check_event("data", &event(&"<Data Name='a'>b</Data>".repeat(50_000)));
    check_event("attributes", &event(&"<a b='' c='' d='' e=''/>".repeat(50_000)));
    check_event("references", &event(&"&amp;".repeat(200_000)));
    check_event("quotes", &event(&"\"".repeat(500_000)));
    check_event("comments", &event(&"<!---->".repeat(100_000)));
    check_event("nested", &"<Event>".repeat(100_000));
    check_event("one long text", &event(&"x".repeat(1_000_000)));
    check_event("blank", &event(&" \r\n".repeat(300_000)));
}

/// Matching allocates almost nothing: an element's text, where it consists of several pieces.
#[test]
fn matching() {
    let text = format!("<Event><EventData>{}</EventData></Event>", "<Data>abc</Data>".repeat(100_000));
    let event = Event::from_xml(&text).unwrap();
    let query = Query::parse("*[EventData='x' or EventData/Data[99999]='x' or band(EventData, 1)]").unwrap();
    let mut subscriptions = Subscriptions::new();
    subscriptions.insert(0, query.clone());
    let now = datetime!(2024-01-03 02:00 UTC);
    let capped = Query::parse(&format!("*[EventData[Data='x'{}]]", " or Data='x'".repeat(1000))).unwrap();
    assert!(capped.try_matches(&event, now).is_err());
    bounded("a capped match", text.len(), 0, || capped.matches(&event, now));
    let predicates =
        Query::parse(&format!("*[EventData/Data{}]", "[.]".replace('.', "1").repeat(1000))).unwrap();
    bounded("many predicates", text.len(), 0, || predicates.matches(&event, now));
    bounded("matches", text.len(), 2, || query.matches(&event, now));
    bounded("matching", text.len(), 2, || subscriptions.matching(&event, now).count());
}
