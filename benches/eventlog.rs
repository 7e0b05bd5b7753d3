//! One event against 10,000 subscriptions and against 100, ten of which match: found by channel, provider and id,
//! not by trying every one.

mod support;

use std::{hint::black_box, process::ExitCode};
use support::{Bound, Subject};
use time::macros::datetime;
use wintask::eventlog::{Event, Query, Subscriptions, System, Value};

const MATCHING: usize = 10;

/// A subscription as Event Viewer writes it.
fn subscription(path: &str, provider: &str, id: usize) -> Query {
    let text = format!(
        "<QueryList><Query Id=\"0\" Path=\"{path}\"><Select Path=\"{path}\">*[System[Provider[@Name='{provider}'] and \
         EventID={id}]]</Select></Query></QueryList>"
    );
    Query::parse(&text).expect("a good query")
}

/// How the subscriptions that do not match differ from the event.
type Other = fn(usize) -> Query;

/// Many subscriptions, ten of which match.
fn subscriptions(many: usize, other: Other) -> Subscriptions<usize> {
    let mut all = Subscriptions::new();
    for n in 0..many {
        let matches = n % (many / MATCHING) == 0;
        all.insert(n, if matches { subscription("Security", "Audit", 4624) } else { other(n) });
    }
    all
}

fn by_id(n: usize) -> Query {
    subscription("Security", "Audit", 10_000 + n)
}

fn by_provider(n: usize) -> Query {
    subscription("Security", &format!("Provider {n}"), 4624)
}

fn by_channel(n: usize) -> Query {
    subscription(&format!("Channel {n}/Operational"), "Audit", 4624)
}

fn prepare(many: usize, other: Other) -> Box<dyn Fn()> {
    let all = subscriptions(many, other);
    let system = System { channel: Some("Security".into()), level: Some(4), ..System::new("Audit", 4624) };
    let data = [("LogonType", Value::Unsigned(2)), ("TargetUserName", Value::from("alice"))];
    let event = Event::new(&system, data);
    let now = datetime!(2024-01-03 02:00 UTC);
    assert_eq!(all.matching(&event, now).count(), MATCHING);
    Box::new(move || {
        black_box(black_box(&all).matching(black_box(&event), now).count());
    })
}

const SUBJECTS: &[Subject] = &[
    Subject { name: "100 by id", prepare: || prepare(100, by_id) },
    Subject { name: "10,000 by id", prepare: || prepare(10_000, by_id) },
    Subject { name: "100 by provider", prepare: || prepare(100, by_provider) },
    Subject { name: "10,000 by provider", prepare: || prepare(10_000, by_provider) },
    Subject { name: "100 by channel", prepare: || prepare(100, by_channel) },
    Subject { name: "10,000 by channel", prepare: || prepare(10_000, by_channel) },
];

const BOUNDS: &[Bound] = &[
    Bound { subject: "10,000 by id", peer: "100 by id", most: 3.0 },
    Bound { subject: "10,000 by provider", peer: "100 by provider", most: 3.0 },
    Bound { subject: "10,000 by channel", peer: "100 by channel", most: 3.0 },
];

fn main() -> ExitCode {
    support::run(SUBJECTS, BOUNDS)
}
