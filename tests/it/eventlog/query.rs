//! Valid and invalid queries ([MS-EVEN6] 2.2.15, 2.2.16; EVIDENCE.md EVT-01 to EVT-07).

use super::{NOW, event, list, selects};
use wintask::{
    dtyp::Win32Error,
    eventlog::{Event, LogPath, Query, System, Target, ValueQueries, ValueQuery, XPath},
};

/// Twenty-three subscriptions of public task files: path and XPath, long constants shortened.
pub(crate) const OBSERVED: &[(&str, &str)] = &[
    ("System", "*[System[Provider[@Name='Microsoft-Windows-Power-Troubleshooter'] and EventID=1]]"),
    (
        "Microsoft-Windows-User Device Registration/Admin",
        "*[System[Provider[@Name='Microsoft-Windows-User Device Registration'] and EventID=300]]",
    ),
    ("System", "*[System[Provider[@Name='Microsoft-Windows-Kernel-Power'] and EventID=107]]"),
    (
        "Security",
        "*[System[(Level=4 or Level=0) and (EventID=5157)]] and *[EventData[Data[@Name='LayerRTID']='48']]",
    ),
    (
        "Security",
        "*[System[Provider[@Name='Microsoft-Windows-Security-Auditing'] and (EventID=4656 or EventID=4663)]]",
    ),
    (
        "Microsoft-Windows-DriverFrameworks-UserMode/Operational",
        "*[System[EventID=2006] and UserData[UMDFHostAddDeviceEnd[InstanceId='USB\\VID_0000&amp;PID_0000']]]",
    ),
    ("Microsoft-Windows-DriverFrameworks-UserMode/Operational", "*[System[EventID=2003]]"),
    ("Security", "*[System[EventID=4625]]"),
    ("Security", "*[System[EventID=4800]]"),
    (
        "Microsoft-Windows-Shell-Core/Operational",
        "*[System[EventID=62407] and EventData[Data[@Name='Value']='a long string']]",
    ),
    (
        "Security",
        "*[System[EventID=4625] and EventData[Data[@Name='LogonType'] and (Data='2' or Data='10')]]",
    ),
    ("Security", "*[System[EventID=4657]]"),
    ("Security", "*[System[EventID=4724]]"),
    ("Microsoft-Windows-NetworkProfile/Operational", "*[System[(EventID=10000)]]"),
    (
        "Microsoft-Windows-NetworkProfile/Operational",
        "*[System[Provider[@Name='Microsoft-Windows-NetworkProfile'] and (EventID=10000)]]",
    ),
    ("System", "*[System[Provider[@Name='Service Control Manager'] and EventID=7045]]"),
    ("System", "*[System[EventID=1074]]"),
    ("Microsoft-Windows-CodeIntegrity/Operational", "*[System[EventID=3077]]"),
    (
        "Microsoft-Windows-PrintService/Operational",
        "*[System[EventID=307] and UserData[DocumentPrinted[Param5='HP']]]",
    ),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "*[System[EventID=24]]"),
    ("Application", "*[System/Level=2]"),
    (
        "Application",
        "*[System[Computer='DC01' and (Level=2 or Level=3) and band(Keywords,13510798882111488) and \
         (EventID=1 or EventID=5) and Security[@UserID='S-1-5-18'] and TimeCreated[timediff(@SystemTime) <= 43200000]]]",
    ),
    ("Microsoft-User Experience Virtualization-Agent Driver/Operational", "*[System[EventID=1234]]"),
    (
        "Microsoft-Windows-TaskScheduler/Operational",
        "*[EventData[@Name='ActionSuccess'][Data [@Name='TaskName']='\\FirstTask']] and \
         *[EventData[@Name='ActionSuccess'][Data [@Name='ResultCode']='0']]",
    ),
];

#[test]
fn observed_subscriptions_parse() {
    for (path, xpath) in OBSERVED {
        let query = Query::parse(&list(path, xpath)).unwrap_or_else(|e| panic!("{xpath}: {e}"));
        let [group] = query.groups() else { panic!("{xpath}") };
        assert_eq!(group.id, Some(0));
        assert_eq!(group.selects[0].path, Some(LogPath::Channel((*path).to_owned())));
        assert_eq!(group.selects[0].xpath.as_str(), *xpath);
    }
}

/// Accepted queries and lists (EVIDENCE.md EVT-01, EVT-02, EVT-04).
#[test]
fn accepted() {
    let select = "<Select>*</Select>";
    let rows = [
        "*".to_owned(),
        "Event[System[EventID=1]]".to_owned(),
        "*[EventData/Data[1]=\"x\"]".to_owned(),
        "\r\n  *[ System [ EventID = 1\n or EventID=2 ] ]\r\n".to_owned(),
        "(*[System] or *[EventData]) and *".to_owned(),
        format!("<QueryList><Query Path='Security'>{select}</Query></QueryList>"),
        format!(
            "<?xml version='1.0' encoding='UTF-16'?>\n<!-- x --><QueryList>\n <Query Id='1' Path=\"System\" Target='Both'>\n  {select}\n </Query>\n</QueryList>\n"
        ),
        format!(
            "<QueryList xmlns='http://schemas.microsoft.com/win/2004/08/events/eventquery'><Query Path='A'>{select}</Query></QueryList>"
        ),
        "<QueryList><Query><Select Path='A'><![CDATA[*[System[EventID<=1]]]]></Select></Query></QueryList>"
            .to_owned(),
        "<QueryList><Query Path='file://c:\\a.evtx'><Select>*</Select></Query></QueryList>".to_owned(),
        "<QueryList><Query Path='A'><Suppress>*</Suppress></Query></QueryList>".to_owned(),
    ];
    for text in rows {
        Query::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
    }
}

/// Rejected queries and lists, each with its code ([MS-EVEN6] 2.2.15, 2.2.16; EVIDENCE.md EVT-04, EVT-05, EVT-13).
#[test]
fn refused() {
    use Win32Error as E;
    let rows = [
        ("/Event", E::EVT_FILTER_UNSUPPORTEDOP),
        ("//Data", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[contains(EventData/Data,'x')]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[not(System)]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("not(*)", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System[1=EventID]]", E::EVT_FILTER_INVARG),
        ("*[last()]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("Foo[System]", E::EVT_INVALID_QUERY),
        ("@Name", E::EVT_INVALID_QUERY),
        ("", E::EVT_INVALID_QUERY),
        ("<QueryList><Query Path='A'><Select> </Select></Query></QueryList>", E::EVT_INVALID_QUERY),
        ("<QueryList/>", E::EVT_INVALID_QUERY),
        ("<QueryList><Query Path='A'/></QueryList>", E::EVT_INVALID_QUERY),
        ("<QueryList><Query><Select>*</Select></Query></QueryList>", E::EVT_INVALID_CHANNEL_PATH),
        ("*[System[EventID=1]", E::EVT_FILTER_PARSEERR),
        ("*[System[(EventID=1]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[EventID=>1]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[EventID=]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[EventID=1 EventID=2]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[EventID=1 OR EventID=2]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[Level='1]]", E::EVT_FILTER_PARSEERR),
        ("*[System[Level=1 # 2]]", E::EVT_FILTER_PARSEERR),
        ("*[System[Level=Task]]", E::EVT_FILTER_INVARG),
        ("*[System['x'='x']]", E::EVT_FILTER_INVARG),
        ("*[(Level)=4]", E::EVT_FILTER_INVARG),
        ("*[System[Level=1=1]]", E::EVT_FILTER_INVARG),
        ("*[System[band(Level)]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[band(1,2)]]", E::EVT_FILTER_INVARG),
        ("*[System[band(Level,1.5)]]", E::EVT_FILTER_INVARG),
        ("*[timediff('2024-01-01T00:00:00') > 1]", E::EVT_FILTER_INVARG),
        ("*[timediff('2024-01-01T00:00:00+00:00', @A) > 1]", E::EVT_FILTER_INVARG),
        ("*[timediff(A,B) > 1]", E::EVT_FILTER_INVARG),
        ("*['x']", E::EVT_FILTER_INVTEST),
        ("*[('x')]", E::EVT_FILTER_INVTEST),
        ("* or 'x'", E::EVT_FILTER_INVTEST),
        ("*[System[EventID=1 or 2]]", E::EVT_FILTER_INVTEST),
        ("*[System[ and (EventID=307)]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[and EventID=307]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[EventID=1 and or (EventID=307)]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[System[(EventID=1 or )]]", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("and (*)", E::EVT_FILTER_UNEXPECTEDTOKEN),
        ("*[position()]", E::EVT_FILTER_INVTEST),
        ("*[timediff(@A)]", E::EVT_FILTER_INVTEST),
        ("*[(System)/EventID=1]", E::EVT_FILTER_ALREADYSCOPED),
        ("(*)[System]", E::EVT_FILTER_ALREADYSCOPED),
        ("*[System/Provider/@Name/x]", E::EVT_FILTER_NOTELTSET),
        ("*[System/EventID/text()/x]", E::EVT_FILTER_NOTELTSET),
        ("*[.]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System/../EventData]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[descendant::Data]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System//Data]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[node()]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System/comment()]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[a:System]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("* | *", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System[EventID+1=2]]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System[EventID * 2=2]]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System[EventID mod 2=1]]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System[-EventID=1]]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("*[System[$x=1]]", E::EVT_FILTER_UNSUPPORTEDOP),
        ("<QueryList><Query Path='A'><Select>*</Query></QueryList>", E::EVT_MALFORMED_XML_TEXT),
        ("<QueryList><Query Path='A'><Select>*</Select></Query>", E::EVT_MALFORMED_XML_TEXT),
        ("<QueryList><Query Path='A'><Select>&x;</Select></Query></QueryList>", E::EVT_MALFORMED_XML_TEXT),
        ("<QueryList></QueryList><QueryList/>", E::EVT_INVALID_QUERY),
        ("<!DOCTYPE QueryList><QueryList/>", E::EVT_MALFORMED_XML_TEXT),
        ("<Query Path='A'><Select>*</Select></Query>", E::EVT_INVALID_QUERY),
        ("<QueryList><Select Path='A'>*</Select></QueryList>", E::EVT_INVALID_QUERY),
        ("<QueryList><Query Path='A'><Choose>*</Choose></Query></QueryList>", E::EVT_INVALID_QUERY),
        ("<QueryList><Query Path='A'>x<Select>*</Select></Query></QueryList>", E::EVT_INVALID_QUERY),
        ("<QueryList><Query Id='x' Path='A'><Select>*</Select></Query></QueryList>", E::EVT_INVALID_QUERY),
        (
            "<QueryList><Query Target='Moon' Path='A'><Select>*</Select></Query></QueryList>",
            E::EVT_INVALID_QUERY,
        ),
        (
            "<QueryList><Query Path='A' Colour='red'><Select>*</Select></Query></QueryList>",
            E::EVT_INVALID_QUERY,
        ),
        (
            "<QueryList><Query Path='A'><Select>*</Select><Select Path='file://b'>*</Select></Query></QueryList>",
            E::EVT_INVALID_QUERY,
        ),
    ];
    for (text, expected) in rows {
        let error = Query::parse(text).expect_err(text);
        assert_eq!(error.kind().win32(), expected, "{text}: {error}");
        assert_eq!(error.hresult().to_win32(), Some(expected));
    }
}

/// Each message with its place: in an XPath by itself, and in the Select of a list whose text is escaped.
#[test]
fn messages() {
    let mut text = String::new();
    let rows = [
        "Foo",
        "*[System[EventID=1 or]]",
        "*[System[ and (EventID=307)]]",
        "and *",
        "*[System[EventID=1 OR EventID=2]]",
        "*[System[EventID=1 EventID=2]]",
        "*[System[EventID=1",
        "*[System[EventID=1]]]",
        "*[System[EventID &lt; 5]]",
        "*[EventData[timediff('2024-13-01T00:00:00Z', @a) > 5]]",
        "*[System/position()=1]",
        "*[@text()]",
        "*[node()]",
        "*[(Level)=4]",
        "*[System[Level=1=1]]",
        "*[System[Level=four]]",
        "*[System[Level=-'4']]",
        "*[band(Level, 1.5)]",
        "*[System[Level+1=4]]",
        "*[System[Level mod 2=0]]",
        "/Event",
        "*[a:System]",
        "(*)[System]",
        "*[System[not(EventID=1)]]",
        "*[System[Level='4]]",
        "*[System\n  [EventID<1 and 5]]",
        "*[System[#]]",
        "*[System[1=EventID]]",
        "*[(System)/x]",
        "*[@a/b]",
        "*[position()]",
    ];
    for xpath in rows {
        text += &format!("{}\n", Query::parse(xpath).unwrap_err());
        let list =
            format!("<QueryList>\n {}", &list("A & B", xpath)["<QueryList>".len()..].replace("A & B", "A"));
        let error = Query::parse(&list).unwrap_err();
        let at = error.place().offset().unwrap();
        text += &format!("  {error} -> {:?}\n", list[at..].chars().take(9).collect::<String>());
    }
    for list in [
        "<QueryList>\n<Query Id='x'/></QueryList>",
        "<QueryList>\n<Query><Select>*</Select></Query></QueryList>",
        "<a",
        "<QueryList/>",
    ] {
        text += &format!("{}\n", Query::parse(list).unwrap_err());
    }
    insta::assert_snapshot!(text);
}

/// EVIDENCE.md EVT-01: the union of the queries; in each, selectors less suppressors. A Query's Path is the default.
#[test]
fn lists() {
    let event = event();
    let matches = |inside: &str| {
        Query::parse(&format!("<QueryList>{inside}</QueryList>")).unwrap().matches(&event, NOW)
    };
    assert!(matches("<Query Path='Security'><Select>*</Select></Query>"));
    assert!(matches("<Query Path='security'><Select>*</Select></Query>"), "channels regardless of case");
    assert!(!matches("<Query Path='System'><Select>*</Select></Query>"));
    assert!(matches("<Query Path='System'><Select Path='Security'>*</Select></Query>"));
    assert!(!matches("<Query Path='Security'><Select Path='System'>*</Select></Query>"));
    assert!(!matches(
        "<Query Path='Security'><Select>*</Select><Suppress>*[System[Level=4]]</Suppress></Query>"
    ));
    assert!(matches(
        "<Query Path='Security'><Select>*</Select><Suppress>*[System[Level=3]]</Suppress></Query>"
    ));
    assert!(matches("<Query Path='Security'><Select>*</Select><Suppress Path='System'>*</Suppress></Query>"));
    assert!(
        matches(
            "<Query Path='Security'><Select>*</Select><Suppress>*</Suppress></Query><Query Path='Security'><Select>*[System]</Select></Query>"
        ),
        "a Suppress leaves out of its own Query alone"
    );
    assert!(
        !matches("<Query Path='Security'><Suppress>*[System[Level=3]]</Suppress></Query>"),
        "nothing is selected"
    );
    assert!(
        !matches("<Query Path='file://a.evtx'><Select>*</Select></Query>"),
        "a saved log reports nothing"
    );
    let nowhere = Event::new(&System::new("Example", 7), []);
    assert!(
        Query::parse(&list("Security", "*")).unwrap().matches(&nowhere, NOW),
        "an event without a channel"
    );
}

#[test]
fn parts_of_a_list() {
    let text = "<QueryList><Query Id=' 7 ' Target='Host' Path='A'><Select>*</Select><Suppress Path='B'>Event</Suppress></Query></QueryList>";
    let query: Query = text.parse().unwrap();
    let group = &query.groups()[0];
    assert_eq!((group.id, group.target), (Some(7), Some(Target::Host)));
    assert_eq!(group.selects[0].path, Some(LogPath::Channel("A".into())));
    assert_eq!(group.suppresses[0].path, Some(LogPath::Channel("B".into())));
    assert_eq!(group.suppresses[0].xpath, XPath::parse("Event").unwrap());
}

/// An escaped ampersand in the XPath is a plain one in the query.
#[test]
fn double_escaped() {
    let text = "<QueryList><Query Path='A'><Select>*[EventData/Data='a&amp;b' and EventData[Data&lt;'5']]</Select></Query></QueryList>";
    let query = Query::parse(text).unwrap();
    assert_eq!(
        query.groups()[0].selects[0].xpath.as_str(),
        "*[EventData/Data='a&b' and EventData[Data<'5']]"
    );
    assert!(selects("*[EventData/Data='second & last']", &event()));
}

#[test]
fn words() {
    let rows = [
        ("*", "any event"),
        ("*[System[EventID=1]]", "event 1"),
        ("*[System[(EventID=2 or EventID=1 or EventID=2)]]", "event 1 or 2"),
        ("*[System/Provider/@Name='A']", "any event of A"),
        ("*[System[Provider[@Name='A' or @Name='B'] and (EventID=1)]]", "event 1 of A or B"),
        ("*/System/Provider[@Name='A'] and */System/EventID='7040'", "event 7040 of A"),
        // Anything else that is required is in the message.
        ("*[System[EventID=1 and Level=2]]", "*[System[EventID=1 and Level=2]]"),
        ("*[System[EventID=1 and EventID=2]]", "*[System[EventID=1 and EventID=2]]"),
        ("*[System[EventID=1 or Provider[@Name='A']]]", "*[System[EventID=1 or Provider[@Name='A']]]"),
        ("*[System[EventID!=1]]", "*[System[EventID!=1]]"),
        ("*[System[EventID>1]]", "*[System[EventID>1]]"),
        ("*[System[EventID]]", "*[System[EventID]]"),
        ("*[System[Provider]]", "*[System[Provider]]"),
        ("*[System[EventID=1]][2]", "*[System[EventID=1]][2]"),
    ];
    for (xpath, expected) in rows {
        assert_eq!(Query::parse(xpath).unwrap().words(), expected);
        assert_eq!(Query::parse(&list("System", xpath)).unwrap().words(), format!("{expected} in System"));
    }
    let list = "<QueryList><Query Path='A'><Select>*[System[EventID=1]]</Select><Suppress>*[System[EventID=2]]</Suppress></Query>\
                <Query Path='B'><Select>*</Select><Select Path='C'>*</Select></Query></QueryList>";
    let words = Query::parse(list).unwrap().words();
    assert_eq!(words, "event 1 in A, but not event 2 in A; or any event in B, or any event in C");
}

/// EVIDENCE.md EVT-16.
#[test]
fn value_queries() {
    let event = event();
    let rows = [
        ("Event/System/EventRecordID", Some("229977")),
        ("Event/System/TimeCreated/@SystemTime", Some("2024-01-03T01:59:59.1234567Z")),
        ("Event/System/Execution/@ThreadID", Some("3240")),
        ("Event/EventData/Data[@Name='User']", Some("alice")),
        ("Event/EventData/Data[3]", Some("second & last")),
        ("Event/EventData/Data", Some("10")),
        ("Event/EventData/Data[@Name='Empty']", Some("")),
        ("Event/UserData/EventXML/SessionID", None),
        ("*/System/Channel/text()", Some("Security")),
    ];
    for (path, expected) in rows {
        assert_eq!(ValueQuery::parse(path).unwrap().value(&event, NOW).as_deref(), expected, "{path}");
    }
    for path in ["", "System/EventID", "/Event/System", "Event/System/EventID=1", "Event or Event", "Event/"]
    {
        assert!(ValueQuery::parse(path).is_err(), "{path}");
    }
    let queries = ValueQueries::parse([("a", "Event/System/EventID"), ("b", "Event/UserData/x")]).unwrap();
    assert_eq!(queries.values(&event, NOW), [("a".to_owned(), "4625".to_owned())]);
    assert!(ValueQueries::parse([("a", "Event"), ("a", "Event")]).is_err(), "names are unique");
    assert!(ValueQueries::parse([("", "Event")]).is_err(), "names are not empty");
    let names: Vec<_> = (0..33).map(|n| n.to_string()).collect();
    assert!(ValueQueries::parse(names[..32].iter().map(|n| (n.as_str(), "Event"))).is_ok());
    assert!(ValueQueries::parse(names.iter().map(|n| (n.as_str(), "Event"))).is_err(), "32 at most");
}
