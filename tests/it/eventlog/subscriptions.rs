//! Many subscriptions, found by an index.

use super::{NOW, event, list};
use wintask::eventlog::{Event, Query, Subscriptions, System};

fn query(path: &str, xpath: &str) -> Query {
    Query::parse(&list(path, xpath)).unwrap()
}

#[test]
fn found_by_channel_provider_and_id() {
    let mut all = Subscriptions::new();
    let rows = [
        ("id", "Security", "*[System[EventID=4625]]", true),
        ("other id", "Security", "*[System[EventID=4624]]", false),
        ("other channel", "System", "*[System[EventID=4625]]", false),
        ("channel in capitals", "SECURITY", "*", true),
        ("provider", "Security", "*[System[Provider[@Name='Microsoft-Windows-Security-Auditing']]]", true),
        ("other provider", "Security", "*[System[Provider[@Name='Other']]]", false),
        ("one of two", "Security", "*[System[EventID=1 or EventID=4625]]", true),
        ("id or level", "Security", "*[System[EventID=1 or Level=4]]", true),
        ("id in hex", "Security", "*[System[EventID=0x1211]]", true),
        ("id as a double", "Security", "*[System[EventID='4625.0']]", true),
        ("not the id", "Security", "*[System[EventID!=1]]", true),
        ("saved", "file://a.evtx", "*", false),
    ];
    for (key, path, xpath, _) in rows {
        all.insert(key, query(path, xpath));
    }
    let mut expected: Vec<_> = rows.iter().filter(|row| row.3).map(|row| row.0).collect();
    expected.sort();
    assert_eq!(all.matching(&event(), NOW).copied().collect::<Vec<_>>(), expected);
    for (key, ..) in rows {
        assert!(all.remove(&key).is_some());
        assert!(!all.matching(&event(), NOW).any(|found| *found == key));
    }
    assert!(all.is_empty());
    assert_eq!(format!("{all:?}"), format!("{:?}", Subscriptions::<&str>::new()), "the index is empty, too");
}

#[test]
fn the_same_key_again() {
    let mut all = Subscriptions::new();
    assert_eq!(all.insert(1, query("Security", "*[System[EventID=4625]]")), None);
    assert!(all.insert(1, query("Security", "*[System[EventID=1]]")).is_some());
    assert_eq!(all.len(), 1);
    assert_eq!(all.matching(&event(), NOW).count(), 0);
    assert!(all.get(&1).is_some() && all.remove(&2).is_none());
}

/// Queries that the index cannot place are tried with every event.
#[test]
fn odd_events() {
    let mut all = Subscriptions::new();
    all.insert("one", query("Security", "*[System[EventID=1]]"));
    all.insert("two", query("Security", "*[System[EventID=2]]"));
    let read = |system: &str| format!("<Event><System>{system}</System></Event>").parse::<Event>().unwrap();
    let keys = |event: &Event| all.matching(event, NOW).copied().collect::<Vec<_>>();
    assert_eq!(
        keys(&read("<EventID>1</EventID><EventID>2</EventID><Channel>Security</Channel>")),
        ["one", "two"]
    );
    assert_eq!(keys(&read("<EventID>0x2</EventID><Channel>Security</Channel>")), ["two"]);
    assert_eq!(keys(&read("<EventID>1</EventID>")), ["one"], "no channel: any");
    assert_eq!(keys(&read("<Channel>Security</Channel>")), [""; 0]);
    assert_eq!(keys(&Event::new(&System::new("A", 2), [])), ["two"]);
}

/// A query with more keys than the index keeps per query is still found.
#[test]
fn many_ids() {
    let ids: Vec<_> = (0..500).map(|n| format!("EventID={}", 4400 + n)).collect();
    let providers: Vec<_> = (0..5).map(|n| format!("Provider[@Name='P{n}']")).collect();
    let xpath = format!("*[System[({}) and ({})]]", ids.join(" or "), providers.join(" or "));
    let mut all = Subscriptions::new();
    all.insert((), query("Security", &xpath));
    let system = System { channel: Some("Security".into()), ..System::new("P3", 4625) };
    assert_eq!(all.matching(&Event::new(&system, []), NOW).count(), 1);
    let system = System { channel: Some("Security".into()), ..System::new("P3", 1) };
    assert_eq!(all.matching(&Event::new(&system, []), NOW).count(), 0);
}
