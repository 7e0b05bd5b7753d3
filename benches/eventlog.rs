//! One event against 10,000 subscriptions and against 100, ten of which match: found by channel, provider and id,
//! not by trying every one. One query against one event, and one event read from its XML, with roxmltree as the peer;
//! their allocations, and the time of a match.

mod support;

use roxmltree::{Document, Node};
use std::{hint::black_box, process::ExitCode, time::Instant};
use support::{Bound, Row, Subject, most_allocations};
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

/// An event as the Security log has it.
fn logon() -> String {
    let data = [
        ("SubjectUserSid", "S-1-5-18"),
        ("SubjectUserName", "DC01$"),
        ("SubjectDomainName", "CONTOSO"),
        ("SubjectLogonId", "0x3e7"),
        ("TargetUserSid", "S-1-5-21-1234567890-234567890-345678901-1104"),
        ("TargetUserName", "alice"),
        ("TargetDomainName", "CONTOSO"),
        ("TargetLogonId", "0x8d0ffe"),
        ("LogonType", "10"),
        ("LogonProcessName", "User32 "),
        ("AuthenticationPackageName", "Negotiate"),
        ("WorkstationName", "DC01"),
        ("LogonGuid", "{0df2cfeb-5293-41e9-a45e-733720c2e1fa}"),
        ("TransmittedServices", "-"),
        ("LmPackageName", "-"),
        ("KeyLength", "0"),
        ("ProcessId", "0x3f8"),
        ("ProcessName", "C:\\Windows\\System32\\winlogon.exe"),
        ("IpAddress", "10.0.0.7"),
        ("IpPort", "0"),
    ];
    let data: String = data.map(|(name, value)| format!("<Data Name='{name}'>{value}</Data>")).concat();
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Security-Auditing' Guid='{{54849625-5478-4994-a5ba-3e3b0328c30d}}'/>\
         <EventID>4624</EventID><Version>2</Version><Level>0</Level><Task>12544</Task><Opcode>0</Opcode>\
         <Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2024-01-03T01:59:59.1234567Z'/>\
         <EventRecordID>229977</EventRecordID><Correlation ActivityID='{{f9e1b5ab-1da6-4c9f-9b50-6f4f8a2bc0d1}}'/>\
         <Execution ProcessID='516' ThreadID='3240'/><Channel>Security</Channel><Computer>DC01.contoso.local</Computer>\
         <Security/></System><EventData>{data}</EventData></Event>"
    )
}

const PROVIDER: &str = "Microsoft-Windows-Security-Auditing";

fn matches() -> Box<dyn Fn()> {
    let (query, event) =
        (subscription("Security", PROVIDER, 4624), Event::from_xml(&logon()).expect("a good event"));
    let now = datetime!(2024-01-03 02:00 UTC);
    assert!(query.matches(&event, now));
    Box::new(move || {
        black_box(black_box(&query).matches(black_box(&event), now));
    })
}

fn child<'d>(node: Node<'d, 'd>, name: &str) -> Option<Node<'d, 'd>> {
    node.children().find(|child| child.tag_name().name() == name)
}

/// The same question asked by hand of a tree that roxmltree has read.
fn by_hand(event: Node<'_, '_>) -> Option<bool> {
    let system = child(event, "System")?;
    Some(
        child(system, "Channel")?.text()?.eq_ignore_ascii_case("Security")
            && child(system, "Provider")?.attribute("Name")? == PROVIDER
            && child(system, "EventID")?.text()?.parse() == Ok(4624),
    )
}

fn matches_by_hand() -> Box<dyn Fn()> {
    let document = Document::parse(logon().leak()).expect("a good event");
    assert_eq!(by_hand(document.root_element()), Some(true));
    Box::new(move || {
        black_box(by_hand(black_box(&document).root_element()));
    })
}

fn reads() -> Box<dyn Fn()> {
    let text = logon();
    Box::new(move || drop(black_box(Event::from_xml(black_box(&text)))))
}

fn reads_with_roxmltree() -> Box<dyn Fn()> {
    let text = logon();
    Box::new(move || drop(black_box(Document::parse(black_box(&text)))))
}

const MATCHES: Subject = Subject { name: "query matches", prepare: matches };
const READS: Subject = Subject { name: "read event", prepare: reads };

const SUBJECTS: &[Subject] = &[
    Subject { name: "100 by id", prepare: || prepare(100, by_id) },
    Subject { name: "10,000 by id", prepare: || prepare(10_000, by_id) },
    Subject { name: "100 by provider", prepare: || prepare(100, by_provider) },
    Subject { name: "10,000 by provider", prepare: || prepare(10_000, by_provider) },
    Subject { name: "100 by channel", prepare: || prepare(100, by_channel) },
    Subject { name: "10,000 by channel", prepare: || prepare(10_000, by_channel) },
    MATCHES,
    Subject { name: "the same by hand", prepare: matches_by_hand },
    READS,
    Subject { name: "read event: roxmltree", prepare: reads_with_roxmltree },
];

const BOUNDS: &[Bound] = &[
    Bound { subject: "10,000 by id", peer: "100 by id", most: 3.0 },
    Bound { subject: "10,000 by provider", peer: "100 by provider", most: 3.0 },
    Bound { subject: "10,000 by channel", peer: "100 by channel", most: 3.0 },
    Bound { subject: "query matches", peer: "the same by hand", most: 1.65 },
    Bound { subject: "read event", peer: "read event: roxmltree", most: 0.8 },
];

/// The time of a match, by the wall clock. The fastest of many rounds is the least disturbed one.
fn time_of_a_match() -> Row {
    const ROUNDS: u32 = 200;
    const CALLS: u32 = 1_000;
    /// At most this many nanoseconds.
    const MOST: u64 = 150;
    let call = matches();
    let round = |_| {
        let start = Instant::now();
        (0..CALLS).for_each(|_| call());
        start.elapsed() / CALLS
    };
    let fastest = (0..ROUNDS).map(round).min().expect("a round");
    let (subject, peer) = ("query matches, ns".to_owned(), "the limit".to_owned());
    Row { subject, peer, ours: fastest.as_nanos() as u64, theirs: MOST, most: 1.0 }
}

fn more() -> Vec<Row> {
    vec![time_of_a_match(), most_allocations(&MATCHES, 0), most_allocations(&READS, 20)]
}

fn main() -> ExitCode {
    support::run_with(SUBJECTS, BOUNDS, more)
}
