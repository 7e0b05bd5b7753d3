//! Hostile input: typed errors with places, and bounded work.

use super::{NOW, event, list};
use wintask::{
    dtyp::Win32Error,
    eventlog::{ErrorKind, Event, LimitReached, Query, ValueQuery},
    limits,
};

/// Queries nested ten thousand deep.
#[test]
fn nested() {
    let deep = 10_000;
    let rows = [
        "*".to_owned() + &"[System".repeat(deep) + &"]".repeat(deep),
        "*[".to_owned() + &"(".repeat(deep) + "System" + &")".repeat(deep) + "]",
        "(".repeat(deep),
        "*[System/Provider[".repeat(deep),
    ];
    for xpath in rows {
        let error = Query::parse(&xpath).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::TooDeep(limits::EVENT_QUERY_DEPTH));
        assert_eq!(error.kind().win32(), Win32Error::EVT_FILTER_TOO_COMPLEX);
        assert!(
            error.place().offset().unwrap() > 0
                && error.place().offset().unwrap() < 20 * limits::EVENT_QUERY_DEPTH
        );
        assert!(Query::parse(&list("System", &xpath)).is_err());
    }
    let most = limits::EVENT_QUERY_DEPTH;
    let xpath = "*".to_owned() + &"[*".repeat(most) + &"]".repeat(most);
    assert!(!Query::parse(&xpath).unwrap().matches(&event(), NOW));
}

/// Queries with a hundred thousand terms.
#[test]
fn many_terms() {
    let many = 100_000;
    let rows = [
        format!("*[System[EventID=1{}]]", " or EventID=1".repeat(many)),
        format!("*{}", " and *".repeat(many)),
        format!("*{}", "[1]".repeat(many)),
        format!("*[System{}]", "/x".repeat(many)),
    ];
    for xpath in rows {
        let error = Query::parse(&xpath).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooMany { .. }), "{error}");
        assert_eq!(error.kind().win32(), Win32Error::EVT_FILTER_TOO_COMPLEX);
    }
    let most = limits::EVENT_QUERY_TERMS;
    assert!(Query::parse(&format!("*{}", " or *".repeat(most - 1))).is_ok());
    assert!(Query::parse(&format!("*{}", " or *".repeat(most))).is_err());
}

/// Events with more and more elements and attributes.
#[test]
fn large_events() {
    let deep = "<Event>".to_owned() + &"<a>".repeat(10_000);
    assert!(matches!(Event::from_xml(&deep).unwrap_err().kind(), ErrorKind::TooDeep(_)));
    let attributes: String = (0..10_000).map(|n| format!(" a{n}=''")).collect();
    let wide = format!("<Event{attributes}/>");
    assert!(matches!(Event::from_xml(&wide).unwrap_err().kind(), ErrorKind::TooMany { .. }));
    let many = format!("<Event><EventData>{}</EventData></Event>", "<Data>x</Data>\n".repeat(100_000));
    let event = Event::from_xml(&many).unwrap();
    assert_eq!(event.all_data().count(), 100_000);
    let query = Query::parse("*[EventData/Data[100000]='x' and EventData/Data[position()>100000]]").unwrap();
    assert!(!query.matches(&event, NOW));
}

/// A match costs selectors times tests times nodes, up to a cap. These are half a megabyte of query and event that would
/// take billions of steps: many selectors, many tests in one, values that are compared again and again, an
/// element's value put together from its children. `matches` alone does not distinguish any of them from "no".
#[test]
fn matching_is_bounded() {
    let data = |content: &str, many: usize| -> Event {
        format!("<Event><EventData>{}</EventData></Event>", content.repeat(many)).parse().unwrap()
    };
    let short = data("<Data>a</Data>", 20_000);
    let long = data(&format!("<Data>{}</Data>", "a".repeat(5_000)), 50);
    let selectors = |xpath: &str, many: usize| {
        format!(
            "<QueryList><Query Path='A'>{}</Query></QueryList>",
            format!("<Select>{xpath}</Select>").repeat(many)
        )
    };
    let rows = [
        (selectors("*[EventData/Data='b']", 5_000), &short),
        (selectors("*[EventData/Data[@Name='a']]", 5_000), &short),
        (selectors("*[EventData[Data/x or Data/y or Data/z]]", 5_000), &short),
        (selectors("*[EventData/Data[b or c][1][2][3][4][5]]", 5_000), &short),
        (selectors("*[EventData='b']", 5_000), &short),
        (selectors("*[EventData/Data='b']", 5_000), &long),
        (selectors("*[band(EventData,1)]", 5_000), &long),
        (selectors("*[timediff(EventData)=1]", 5_000), &long),
        (format!("*[EventData[Data='b'{}]]", " or Data='b'".repeat(1_000)), &short),
        (format!("*[EventData[Data!='a'{}]]", " or Data!='a'".repeat(1_000)), &short),
    ];
    for (text, event) in rows {
        let query = Query::parse(&text).unwrap();
        assert_eq!(query.try_matches(event, NOW), Err(LimitReached), "{}", &text[..80]);
        assert!(!query.matches(event, NOW));
    }
    // The answer is known before the cap is reached, or the work is not worth one.
    let first = format!("*[EventData[Data='a'{}]]", " or Data='b'".repeat(1_000));
    assert_eq!(Query::parse(&first).unwrap().try_matches(&short, NOW), Ok(true));
    let other = selectors("*[EventData/Data='b']", 5_000).replace("Path='A'", "Path='file://A'");
    assert_eq!(Query::parse(&other).unwrap().try_matches(&short, NOW), Ok(false));
    let value =
        ValueQuery::parse(&format!("Event/EventData[Data='b'{}]", " or Data='b'".repeat(1_000))).unwrap();
    assert_eq!(value.value(&short, NOW), None);
}

/// What Windows logs and Event Viewer asks is far from the cap: the largest event, every test that is documented.
#[test]
fn real_matches_are_not_capped() {
    let event = format!("<Event><EventData>{}</EventData></Event>", "<Data Name='a'>b</Data>".repeat(2_840));
    assert!(event.len() > 64 * 1024 - 1_000, "64 KiB");
    let tests = limits::EVENT_QUERY_DOCUMENTED_TERMS - 1;
    let query = format!("*[EventData[Data[@Name='b']{}]]", " or Data[@Name='b']".repeat(tests));
    assert_eq!(Query::parse(&query).unwrap().try_matches(&event.parse().unwrap(), NOW), Ok(false));
}

#[test]
fn too_large() {
    let text = " ".repeat(limits::EVENT_XML_BYTES + 1);
    assert!(matches!(Event::from_xml(&text).unwrap_err().kind(), ErrorKind::TooLarge { .. }));
    let list = format!("<QueryList>{text}</QueryList>");
    assert!(matches!(Query::parse(&list).unwrap_err().kind(), ErrorKind::TooLarge { .. }));
}

/// Every prefix of a query and of an event is an error or a value.
#[test]
fn truncated() {
    let xpath =
        super::query::OBSERVED.iter().map(|(_, xpath)| *xpath).max_by_key(|xpath| xpath.len()).unwrap();
    let (list, event) = (list("System", xpath), event().to_string());
    assert!(xpath.is_ascii() && list.is_ascii() && event.is_ascii());
    for size in 0..xpath.len() {
        let parsed = Query::parse(&xpath[..size]);
        assert_eq!(parsed.is_ok(), size == 1, "{}: only * is a query, too", &xpath[..size]);
        if let Err(error) = parsed {
            assert!(error.place().offset().unwrap() <= size);
        }
    }
    for size in 0..list.len() {
        assert!(Query::parse(&list[..size]).is_err(), "{}", &list[..size]);
    }
    for size in 0..event.len() {
        let error = Event::from_xml(&event[..size]).unwrap_err();
        assert!(error.place().offset().unwrap() <= size, "{error}");
    }
}

/// Documents that are not events.
#[test]
fn malformed_events() {
    let rows = [
        "",
        "x",
        "<Event>",
        "<Event></Evnt>",
        "<Event/><Event/>",
        "<Event>&x;</Event>",
        "<Event a='1' a='2'/>",
        "<Event a=1/>",
        "<Event/>x",
        "<!DOCTYPE a><Event/>",
    ];
    for text in rows {
        assert_eq!(
            Event::from_xml(text).unwrap_err().kind().win32(),
            Win32Error::EVT_MALFORMED_XML_TEXT,
            "{text}"
        );
    }
    assert!(matches!(Event::from_xml("<Evt/>").unwrap_err().kind(), ErrorKind::Misplaced { .. }));
    assert!(
        Event::from_xml("<?xml version='1.0'?><!-- x --><e:Event xmlns:e='x'><e:System/></e:Event>").is_ok()
    );
}
