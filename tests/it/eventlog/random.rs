//! Random queries and events: the library and the naive evaluator agree.

use super::{
    NOW,
    naive::{Element, Evaluator, Left, Query, Right, Step},
};
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use std::cell::Cell;
use wintask::eventlog::{self, Event, Subscriptions};

/// The number of pairs of a query and an event.
pub(super) const CASES: u32 = 12_000;

const VALUES: &[&str] = &[
    "",
    "1",
    "2",
    "10",
    "4624",
    "0x2",
    "0x8010000000000000",
    "abc",
    "ABC",
    "-3",
    "1.5",
    "true",
    "a & <b>",
    "{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}",
    "0df2cfeb-5293-41e9-a45e-733720c2e1fa",
    "2024-01-03T01:59:59.5000000Z",
    "2024-01-03T01:59:59.500Z",
    "2023-12-31T00:00:00Z",
    "S-1-5-18",
    "s-1-5-18",
];

/// Those of [`VALUES`] that may follow an operator without quotes.
const NUMBERS: &[&str] = &["0", "1", "2", "10", "4624", "1.5", "-3", "500", "86400000"];

fn value() -> impl Strategy<Value = String> {
    select(VALUES).prop_map(str::to_owned)
}

fn leaf(name: &'static str, attributes: Vec<(&'static str, String)>, text: String) -> Element {
    Element { name, attributes, text, children: Vec::new() }
}

fn system() -> impl Strategy<Value = Element> {
    let attribute = |element: &'static str, name: &'static str| {
        value().prop_map(move |text| leaf(element, vec![(name, text)], String::new()))
    };
    let text = |element: &'static str| value().prop_map(move |text| leaf(element, Vec::new(), text));
    let fields = (
        proptest::option::weighted(
            0.8,
            select(&["A", "B"][..])
                .prop_map(|name| leaf("Provider", vec![("Name", name.into())], String::new())),
        ),
        proptest::option::weighted(
            0.9,
            select(&["1", "2", "10"][..]).prop_map(|id| leaf("EventID", Vec::new(), id.into())),
        ),
        proptest::option::of(text("Level")),
        proptest::option::of(text("Keywords")),
        proptest::option::of(attribute("TimeCreated", "SystemTime")),
        proptest::option::of(attribute("Correlation", "ActivityID")),
        proptest::option::of(attribute("Security", "UserID")),
        proptest::option::of(text("Computer")),
    );
    fields.prop_map(|(a, b, c, d, e, f, g, h)| Element {
        children: [a, b, c, d, e, f, g, h].into_iter().flatten().collect(),
        ..leaf("System", Vec::new(), String::new())
    })
}

fn data() -> impl Strategy<Value = Element> {
    let one = (proptest::option::of(select(&["a", "b"][..])), value()).prop_map(|(name, text)| {
        leaf("Data", name.map(|name| ("Name", name.to_owned())).into_iter().collect(), text)
    });
    prop::collection::vec(one, 0..5).prop_map(|children| Element {
        children,
        ..leaf("EventData", vec![("Name", "a".into())], String::new())
    })
}

fn user_data() -> impl Strategy<Value = Element> {
    let inner = (select(&["x", "y"][..]), value())
        .prop_map(|(name, text)| leaf(name, vec![("Name", "b".into())], text));
    let tree = inner.prop_recursive(3, 12, 4, |inner| {
        (select(&["x", "y"][..]), prop::collection::vec(inner, 1..4))
            .prop_map(|(name, children)| Element { children, ..leaf(name, Vec::new(), String::new()) })
    });
    tree.prop_map(|child| Element { children: vec![child], ..leaf("UserData", Vec::new(), String::new()) })
}

pub(super) fn event() -> impl Strategy<Value = Element> {
    (system(), proptest::option::of(data()), proptest::option::of(user_data())).prop_map(
        |(system, data, user)| Element {
            children: [Some(system), data, user].into_iter().flatten().collect(),
            ..leaf("Event", Vec::new(), String::new())
        },
    )
}

fn right() -> impl Strategy<Value = Right> {
    prop_oneof![select(NUMBERS).prop_map(Right::Number), select(VALUES).prop_map(Right::Text),]
}

fn operator() -> impl Strategy<Value = &'static str> {
    select(&["=", "=", "=", "!=", "<", "<=", ">", ">="][..])
}

/// A path within an event, relative to a predicate's context.
fn path(query: BoxedStrategy<Query>) -> BoxedStrategy<Vec<Step>> {
    let tests = &[
        "System",
        "EventData",
        "UserData",
        "EventID",
        "Provider",
        "Level",
        "Keywords",
        "Data",
        "x",
        "y",
        "*",
        "*",
        "TimeCreated",
        "Correlation",
        "Security",
        "Computer",
    ][..];
    let step = (select(tests), prop::collection::vec(query.clone(), 0..2));
    let last = select(&["text()", "@Name", "@*", "@SystemTime", "@ActivityID", "@UserID"][..]);
    let last = (last, prop::collection::vec(query, 0..2));
    (prop::collection::vec(step, 0..3), proptest::option::weighted(0.4, last))
        .prop_map(|(steps, last)| {
            let mut steps: Vec<_> =
                steps.into_iter().chain(last).map(|(test, predicates)| Step { test, predicates }).collect();
            if steps.is_empty() {
                steps.push(Step { test: "*", predicates: Vec::new() });
            }
            steps
        })
        .boxed()
}

fn test(query: BoxedStrategy<Query>) -> BoxedStrategy<Query> {
    let path = || path(query.clone());
    prop_oneof![
        2 => path().prop_map(Query::Path),
        6 => (path(), operator(), right()).prop_map(|(path, op, right)| Query::Compare(Left::Path(path), op, right)),
        1 => (operator(), right()).prop_map(|(op, right)| Query::Compare(Left::Position, op, right)),
        1 => (path(), operator(), right()).prop_map(|(path, op, right)| Query::Compare(Left::Age(path), op, right)),
        1 => (path(), operator(), right())
            .prop_map(|(path, op, right)| Query::Compare(Left::Since("2024-01-03T01:59:59Z", path), op, right)),
        1 => (path(), select(&[1u64, 2, 0x10000000000000][..])).prop_map(|(path, mask)| Query::Band(path, mask)),
        1 => (path(), select(&[1u64, 3][..]), operator(), right())
            .prop_map(|(path, mask, op, right)| Query::Compare(Left::Band(path, mask), op, right)),
    ]
    .boxed()
}

/// Tests as Event Viewer writes them: the ones that an index serves.
fn typical() -> impl Strategy<Value = Query> {
    let step = |test| Step { test, predicates: Vec::new() };
    let id = select(&["1", "2", "10"][..])
        .prop_map(move |id| Query::Compare(Left::Path(vec![step("EventID")]), "=", Right::Number(id)));
    let provider = select(&["A", "B"][..]).prop_map(move |name| {
        let name = Query::Compare(Left::Path(vec![step("@Name")]), "=", Right::Text(name));
        Query::Path(vec![Step { test: "Provider", predicates: vec![name] }])
    });
    let ids = prop::collection::vec(id, 1..4).prop_map(Query::Or);
    let both = (provider, ids.clone()).prop_map(|(provider, ids)| Query::And(vec![provider, ids]));
    prop_oneof![both, ids]
        .prop_map(|inside| Query::Path(vec![Step { test: "System", predicates: vec![inside] }]))
}

/// The contents of a predicate.
fn predicate() -> BoxedStrategy<Query> {
    let leaf = test(Just(Query::Compare(Left::Position, "=", Right::Number("1"))).boxed());
    prop_oneof![2 => leaf, 1 => typical()]
        .prop_recursive(3, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..3).prop_map(Query::And),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Query::Or),
                test(inner.boxed()),
            ]
        })
        .boxed()
}

/// The top level: paths that start with the event.
pub(super) fn query() -> impl Strategy<Value = Query> {
    let first = (select(&["*", "Event"][..]), prop::collection::vec(predicate(), 0..3))
        .prop_map(|(test, predicates)| Step { test, predicates });
    let top = (first, proptest::option::weighted(0.3, path(predicate()))).prop_map(|(first, rest)| {
        std::iter::once(first).chain(rest.into_iter().flatten()).collect::<Vec<_>>()
    });
    let term = prop_oneof![
        3 => top.clone().prop_map(Query::Path),
        1 => (top, operator(), right()).prop_map(|(path, op, right)| Query::Compare(Left::Path(path), op, right)),
    ];
    prop_oneof![
        4 => term.clone(),
        1 => prop::collection::vec(term.clone(), 2..3).prop_map(Query::And),
        1 => prop::collection::vec(term, 2..4).prop_map(Query::Or),
    ]
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn agrees_with_the_naive_evaluator() {
    let (selected, all) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(config(CASES));
    let outcome = runner.run(&(query(), event()), |(query, event)| {
        let parsed =
            eventlog::Query::parse(&query.to_string()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let read = Event::from_xml(&event.to_string()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let expected = Evaluator { now: NOW }.matches(&query, &event);
        selected.set(selected.get() + u32::from(expected));
        all.set(all.get() + 1);
        prop_assert_eq!(parsed.matches(&read, NOW), expected, "{} on {}", query, event);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // A test that sees only one outcome proves nothing.
    let share = f64::from(selected.get()) / f64::from(all.get());
    assert!((0.1..0.9).contains(&share), "{share} of the queries select their event");
}

/// An event's own XML reads back as the same event.
#[test]
fn events_round_trip() {
    let mut runner = TestRunner::new(config(2_000));
    let outcome = runner.run(&event(), |event| {
        let read: Event = event.to_string().parse().unwrap();
        prop_assert_eq!(read.to_string().parse::<Event>().unwrap(), read);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// The index finds what trying every query finds.
#[test]
fn subscriptions_lose_nothing() {
    let mut runner = TestRunner::new(config(500));
    let channel = select(&["", "System", "Security"][..]);
    let queries = prop::collection::vec((query(), channel.clone()), 1..30);
    let outcome =
        runner.run(&(queries, prop::collection::vec((event(), channel), 1..10)), |(queries, events)| {
            let queries: Vec<_> = queries
                .iter()
                .map(|(query, channel)| {
                    let text = if channel.is_empty() {
                        query.to_string()
                    } else {
                        super::list(channel, &query.to_string())
                    };
                    eventlog::Query::parse(&text).unwrap()
                })
                .collect();
            let mut subscriptions: Subscriptions<usize> = Subscriptions::new();
            for (n, query) in queries.iter().enumerate() {
                subscriptions.insert(n, query.clone());
            }
            for (event, channel) in events {
                let mut event = event;
                if !channel.is_empty() {
                    event.children[0].children.push(leaf("Channel", Vec::new(), channel.to_owned()));
                }
                let event: Event = event.to_string().parse().unwrap();
                let expected: Vec<_> =
                    (0..queries.len()).filter(|n| queries[*n].matches(&event, NOW)).collect();
                let found: Vec<_> = subscriptions.matching(&event, NOW).copied().collect();
                prop_assert_eq!(found, expected);
            }
            Ok(())
        });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
