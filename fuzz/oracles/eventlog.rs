//! Event queries and events.

use time::macros::datetime;
use wintask::eventlog::{Event, Query, Subscriptions, ValueQuery, events, task_scheduler};

/// A query and, after a NUL, an event. Both are either rejected with a location inside them, or read. Then the query,
/// the index and everything built on them give consistent results, and writing and reading the event gives an equal
/// one. So does each event of the bytes as a file of several.
///
/// Catches: panics, hangs, locations outside the input, an index that loses or invents a match, an event changed by
/// writing. Does not catch: a rule that query and index both misread.
pub(crate) fn event_query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (query, event) = text.split_once('\0').unwrap_or((&text, EVENT));
    let event = match Event::from_xml(event) {
        Ok(read) => {
            let written = read.to_string();
            assert_eq!(Event::from_xml(&written).as_ref(), Ok(&read), "{written}");
            let _ = (read.system(), task_scheduler::message(&read));
            read
        }
        Err(error) => {
            assert!(error.place().offset().is_some_and(|at| at <= event.len()), "{error}");
            assert!(error.hresult().is_failure());
            Event::from_xml(EVENT).expect("a good event")
        }
    };
    for event in events(data).iter() {
        match event {
            Ok(read) => assert_eq!(read.to_string().parse(), Ok(read)),
            Err(error) => assert!(error.place().offset().is_some_and(|at| at <= data.len()), "{error}"),
        }
    }
    let now = datetime!(2024-01-03 02:00 UTC);
    if let Ok(value) = ValueQuery::parse(query) {
        assert_eq!(value.value(&event, now), value.value(&event, now));
    }
    match Query::parse_subscription(query) {
        Ok(parsed) => assert_eq!(Query::parse(query), Ok(parsed)),
        Err(error) => {
            assert!(error.place().offset().is_some_and(|at| at <= query.len()), "{error}");
            assert!(matches!(error.hresult().0, 0x8007_3A98 | 0x8007_3A99));
        }
    }
    match Query::parse(query) {
        Ok(parsed) => {
            let matches = parsed.matches(&event, now);
            assert_eq!(parsed.try_matches(&event, now).unwrap_or(false), matches);
            assert!(!parsed.words().is_empty());
            let mut subscriptions = Subscriptions::new();
            subscriptions.insert((), parsed.clone());
            assert_eq!(subscriptions.matching(&event, now).count(), usize::from(matches));
            subscriptions.remove(&());
            assert_eq!(format!("{subscriptions:?}"), format!("{:?}", Subscriptions::<()>::new()));
            for selector in
                parsed.groups().iter().flat_map(|group| group.selects.iter().chain(&group.suppresses))
            {
                let again = wintask::eventlog::XPath::parse(selector.xpath.as_str());
                assert_eq!(again.as_ref(), Ok(&selector.xpath));
            }
        }
        Err(error) => {
            assert!(error.place().offset().is_some_and(|at| at <= query.len()), "{error}");
            assert!(error.hresult().is_failure());
        }
    }
}

const EVENT: &str = "<Event><System><Provider Name='A'/><EventID>1</EventID><Level>4</Level><Keywords>0x8000000000000001</Keywords>\
    <TimeCreated SystemTime='2024-01-03T01:59:59.1234567Z'/><Channel>System</Channel></System>\
    <EventData><Data Name='a'>1</Data><Data>b</Data></EventData></Event>";
