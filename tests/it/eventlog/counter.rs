//! NumberOfOccurrences, PeriodOfOccurrence, MatchingElement ([MS-TSCH] 2.5.3.6, 3.2.5.4.2; EVIDENCE.md EVT-14 and EVT-15).

use super::{NOW, event};
use time::Duration;
use wintask::eventlog::EventCounter;

/// The seconds at which a trigger fires, for occurrences at these seconds.
fn fires(mut trigger: EventCounter, at: &[i64]) -> Vec<i64> {
    let event = event();
    at.iter().copied().filter(|s| trigger.fires(&event, NOW + Duration::seconds(*s))).collect()
}

#[test]
fn counted_within_the_period() {
    let within = |number, period: &str| EventCounter::new(number).within(&period.parse().unwrap());
    let rows: [(EventCounter, &[i64], &[i64], &str); 9] = [
        (EventCounter::new(1), &[0, 1, 1], &[0, 1, 1], "after the first, each time"),
        (EventCounter::new(2), &[0, 1, 2, 3, 9999999], &[1, 3], "every second, whenever, without a period"),
        (within(2, "PT0M"), &[0, 9999999], &[9999999], "the default is without a period"),
        (within(2, "PT1M"), &[0, 60], &[60], "not older than the period"),
        (within(2, "PT1M"), &[0, 61, 122], &[], "older than the period"),
        (within(3, "PT1M"), &[0, 50, 70, 100], &[100], "the period trails: the first of four is too old"),
        (within(2, "P1M"), &[0, 9999999], &[9999999], "a month has no length"),
        (EventCounter::new(0), &[0], &[0], "at least one"),
        (within(2, "PT1M"), &[100, 0], &[0], "a clock that was set back"),
    ];
    for (trigger, at, expected, why) in rows {
        assert_eq!(fires(trigger, at), expected, "{why}");
    }
}

#[test]
fn at_most_thirty_two() {
    let at: Vec<_> = (0..40).collect();
    assert_eq!(fires(EventCounter::new(200), &at), [31]);
    let mut trigger = EventCounter::new(200);
    let event = event();
    for _ in 0..1000 {
        trigger.fires(&event, NOW);
        assert!(trigger.counted() < 32, "the state is small");
    }
}

#[test]
fn only_events_with_the_element() {
    assert_eq!(
        fires(EventCounter::new(2).matching_element("LogonType"), &[0, 1]),
        [1],
        "a Data of this name"
    );
    assert_eq!(fires(EventCounter::new(2).matching_element("EventRecordID"), &[0, 1]), [1], "an element");
    assert_eq!(fires(EventCounter::new(2).matching_element("ThreadID"), &[0, 1]), [1], "an attribute");
    assert_eq!(fires(EventCounter::new(1).matching_element("None"), &[0, 1]), [0; 0]);
}

/// The state survives a restart of the scheduler.
#[test]
fn kept() {
    let mut trigger = EventCounter::new(2).within(&"PT5M".parse().unwrap()).matching_element("LogonType");
    assert!(!trigger.fires(&event(), NOW));
    let text = serde_json::to_string(&trigger).unwrap();
    let mut loaded: EventCounter = serde_json::from_str(&text).unwrap();
    assert_eq!(loaded, trigger);
    assert!(loaded.fires(&event(), NOW + Duration::MINUTE));
}
