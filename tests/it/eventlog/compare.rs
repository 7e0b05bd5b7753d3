//! The comparison rules, one row each ([MS-EVEN6] 2.2.15; EVIDENCE.md EVT-08 to EVT-12).

use super::{NOW, event, selects};
use wintask::{
    dtyp::FileTime,
    eventlog::{Event, Query, System, Value},
};

/// The XPath, whether it selects the event of [`event`], and the rule.
const ROWS: &[(&str, bool, &str)] = &[
    // Paths.
    ("*", true, "7: accept"),
    ("Event", true, "3: starts with * or Event"),
    ("*[System]", true, "3: existence"),
    ("*[UserData/LowOnMemory]", false, "3: existence"),
    ("*[EventData/Data]", true, "3: existence"),
    ("*[System/Level=4]", true, "6 row 20"),
    (
        "*/System/EventID=4625 and */EventData/Data[@Name='User']='alice'",
        true,
        "corpus: BfeOnServiceStartTypeChange",
    ),
    ("*/System/EventID=4625 and */EventData/Data[@Name='User']='bob'", false, "corpus, one part false"),
    ("*/System/EventID=1 or */EventData", true, "3: or at the top"),
    ("*[child::System/child::EventID=4625]", true, "3: axes child and attribute"),
    ("*[System/Provider[attribute::Name='Microsoft-Windows-Security-Auditing']]", true, "3: axis attribute"),
    ("*[System/*[@ProcessID=516]]", true, "3: nodetest *"),
    ("*[System/Execution/@*=3240]", true, "3: nodetest *"),
    ("*[System/EventID/text()=4625]", true, "3: nodetest text()"),
    ("*[System/Level/text()]", true, "3: nodetest text()"),
    ("*[EventData/Data[@Name='Empty']/text()]", false, "XPath 1.0: an empty element has no text"),
    ("*[system]", false, "3: names are case-sensitive"),
    (
        "*[EventData[@Name='Logon'][Data [@Name='User']='alice']]",
        true,
        "6 row 23: two predicates, a blank before [",
    ),
    // Position.
    ("*[EventData/Data[3]='second & last']", true, "3: [n] is [position()=n]"),
    ("*[EventData/Data[position()=3]='second & last']", true, "3: [n] is [position()=n]"),
    ("*[EventData/Data[2]='second & last']", false, "3.1: position is 1-based"),
    ("*[EventData[Data[position()>7]]]", true, "3.1: position"),
    ("*[EventData[Data[position()>8]]]", false, "3.1: position"),
    (
        "*[EventData/Data[@Name][3]='{0df2cfeb-5293-41e9-a45e-733720c2e1fa}']",
        true,
        "XPath 1.0: position after a predicate",
    ),
    ("*[EventData/Data[position()='1']='10']", true, "3.2: a literal that is a number"),
    // Existential semantics and missing nodes.
    ("*[EventData/Data='alice']", true, "3.3: true if any Data equals"),
    (
        "*[EventData[Data[@Name='LogonType'] and (Data='alice' or Data='bob')]]",
        true,
        "3.3: independent tests, row 11",
    ),
    ("*[EventData/Data!='alice']", true, "3.3: existential, with != too"),
    ("*[System/None='1']", false, "3.3: a missing node is false"),
    ("*[System/None!='1']", false, "3.3: a missing node is false for != too"),
    ("*[System/None<1]", false, "3.3: a missing node is false"),
    // Numbers.
    ("*[System/EventID=4625]", true, "3.3 rule 5"),
    ("*[System/EventID='4625']", true, "corpus: EventID='7040'"),
    ("*[System/EventID!=4625]", false, "3.3 rule 5"),
    ("*[System/EventID>=4625 and System/EventID<=4625]", true, "3: operators"),
    ("*[System/EventID>4625 or System/EventID<4625]", false, "3: operators"),
    ("*[System/EventID=4625.0]", true, "XPath 1.0: numbers"),
    ("*[System/EventID>4624.5]", true, "XPath 1.0: numbers"),
    ("*[System/EventID>-1]", true, "3.2: a sign"),
    ("*[System/EventID=0x1211]", true, "3.2: UINT64 in hex"),
    ("*[System/EventID='0x1211']", true, "3.2: all readings of a literal are kept"),
    ("*[System/Level='04']", true, "3.2: the left side's type decides"),
    ("*[System/Keywords=9227875636482146304]", true, "3.3 rule 5, above 2^53"),
    ("*[System/Keywords=9227875636482146305]", false, "3.3 rule 5, above 2^53"),
    ("*[EventData/Data[@Name='LogonType']=10]", true, "3.3: text to number"),
    ("*[EventData/Data[@Name='LogonType']<'9']", false, "XPath 1.0: < compares numbers, not texts"),
    ("*[EventData/Data[@Name='LogonType']>'9']", true, "XPath 1.0: > compares numbers, not texts"),
    ("*[EventData/Data[@Name='LogonType']='10.0']", false, "3.3 rule 1: text with text"),
    ("*[EventData/Data[@Name='User']>5]", false, "XPath 1.0: not a number"),
    ("*[EventData/Data[@Name='User']!=5]", true, "XPath 1.0: not a number differs from all"),
    ("*[EventData/Data[@Name='Flags']=48]", true, "3.2: UINT64 in hex"),
    ("*[EventData/Data[@Name='Ratio']='1.5']", true, "3.3 rule 1"),
    ("*[EventData/Data[@Name='Ratio']=1.5]", true, "3.2: Double"),
    ("*[EventData/Data[@Name='Ratio']<='15d-1']", true, "3.2: Double with the exponent d"),
    ("*[EventData/Data[@Name='Ratio']>'15e-1']", false, "3.2: Double with the exponent e"),
    // Texts.
    ("*[EventData/Data[@Name='User']='Alice']", false, "3.3: case-sensitive"),
    ("*[EventData/Data[@Name='Empty']='']", true, "3.3 rule 1"),
    ("*[System/Computer=\"DC01.contoso.local\"]", true, "3: either quotes"),
    (
        "*[EventData='10alicesecond & last{0df2cfeb-5293-41e9-a45e-733720c2e1fa}2024-01-02T00:00:00.000Z0x301.5']",
        true,
        "XPath 1.0: the string value of an element",
    ),
    // GUID, SID, time.
    ("*[System/Correlation/@ActivityID='{f9e1b5ab-1da6-4c9f-9b50-6f4f8a2bc0d1}']", true, "3.3 rule 3: GUID"),
    (
        "*[System/Correlation/@ActivityID='f9e1b5ab-1da6-4c9f-9b50-6f4f8a2bc0d1']",
        true,
        "3.2: GUID without braces",
    ),
    ("*[System/Correlation/@ActivityID='f9e1']", false, "3.3 rule 3: no GUID"),
    (
        "*[EventData/Data[@Name='Id']='{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}']",
        true,
        "3.3 rule 3: GUID in data",
    ),
    ("*[System/Security[@UserID='S-1-5-18']]", true, "6 row 21"),
    ("*[System/Security[@UserID='s-1-5-18']]", true, "3.3 rule 3: SID"),
    ("*[System/Security[@UserID='S-1-5-19']]", false, "3.3 rule 3: SID"),
    (
        "*[System/TimeCreated[@SystemTime>='2024-01-03T01:59:59.123Z']]",
        true,
        "3.2: three digits, as Event Viewer writes",
    ),
    (
        "*[System/TimeCreated[@SystemTime<='2024-01-03T01:59:59.123Z']]",
        false,
        "3.2: the event has seven digits",
    ),
    ("*[System/TimeCreated[@SystemTime<'2024-01-03T02:00:00Z']]", true, "3.2: no fraction"),
    ("*[System/TimeCreated[@SystemTime<'2024-01-03T02:00:00']]", false, "3.2: Z is mandatory"),
    // Of each instant, the constant without `Z` would hold if it were a time; as a text it does not.
    ("*[System/TimeCreated[@SystemTime<'2024-01-03T02:00:00+00:00']]", false, "3.2: Z is mandatory"),
    ("*[System/TimeCreated[@SystemTime<'2024-01-03T03:00:00+01:00']]", false, "3.2: GMT"),
    ("*[EventData/Data[@Name='When']<'2024-01-02T00:00:00.001+00:00']", false, "3.2: Z is mandatory"),
    ("*[EventData/Data[@Name='When']='2024-01-02T00:00:00Z']", true, "3.3 rule 3: a time in data"),
    ("*[EventData/Data[@Name='When']='2024-01-02T00:00:00+00:00']", false, "3.2: Z is mandatory"),
    ("*[EventData/Data[@Name='When']<'2024-01-02T00:00:00.001Z']", true, "3.3 rule 3: a time in data"),
    // A string by itself, as an operand: EvotecIT/PSEventViewer, issues 7 and 8.
    ("*[EventData[Data[@Name='User']='alice' or 'bob']]", true, "the first operand decides"),
    ("*[EventData[Data[@Name='User']='carol' or 'alice']]", false, "a string is false"),
    ("*[EventData['x' or Data[@Name='User']='alice']]", true, "a string is false"),
    ("*[EventData[Data[@Name='User']='alice' and 'x']]", false, "a string is false"),
    ("*[EventData['' or ('x')]]", false, "a string is false"),
    ("*[System/and or System/or]", false, "XPath 1.0 3.7: names where operands are expected"),
    // timediff.
    ("*[System[TimeCreated[timediff(@SystemTime) <= 43200000]]]", true, "6 row 21"),
    ("*[System[TimeCreated[timediff(@SystemTime) <= 875]]]", false, "3.1: milliseconds to now"),
    ("*[System[TimeCreated[timediff(@SystemTime) = 876]]]", true, "3.1: positive for the past"),
    ("*[EventData/Data[timediff(text(), '2024-01-02T00:00:01.000Z') = 1000]]", true, "3.1: t2 - t1"),
    ("*[System/TimeCreated[timediff('2024-01-03T02:00:00Z', @SystemTime) = -876]]", true, "3.1: t2 - t1"),
    ("*[System/TimeCreated[timediff(@RawTime) > 0]]", false, "3.3: a missing node is false"),
    ("*[System[timediff(Computer) > 0]]", false, "3.3: what is not a time is false"),
    // band.
    ("*[System[band(Keywords,4503599627370496)]]", true, "3.1: band"),
    ("*[System[band(Keywords,13510798882111488)]]", true, "3.1: the published mask"),
    ("*[System[band(Keywords,1)]]", false, "3.1: band"),
    ("*[System[band(Keywords,0x10000000000000)]]", true, "3.2: a bit field in hex"),
    ("*[System[band(4503599627370496,Keywords)=4503599627370496]]", true, "3.1: a number, in either order"),
    ("*[EventData/Data[@Name='Flags'][band(text(),16)]]", true, "3.1: band on text"),
    ("*[System[band(Computer,1)]]", false, "3.3: what is not a number is false"),
];

#[test]
fn rules() {
    let event = event();
    let wrong: Vec<_> =
        ROWS.iter().filter(|(xpath, expected, _)| selects(xpath, &event) != *expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Values that come with their types (EVIDENCE.md EVT-09).
#[test]
fn typed_values() {
    let id = uuid::uuid!("0df2cfeb-5293-41e9-a45e-733720c2e1fa");
    let when = FileTime::from_instant(NOW).unwrap();
    let event = Event::new(
        &System::new("Example", 7),
        [
            ("text", Value::from("007")),
            ("unsigned", Value::Unsigned(u64::MAX)),
            ("hex", Value::Hex(48)),
            ("signed", Value::Signed(-7)),
            ("double", Value::Double(0.5)),
            ("true", Value::Boolean(true)),
            ("false", Value::Boolean(false)),
            ("guid", Value::Guid(id)),
            ("sid", Value::Sid("S-1-5-18".into())),
            ("time", Value::Time(when)),
            ("binary", Value::Binary(vec![0xAB, 1])),
        ],
    );
    let rows = [
        ("text", "='7'", false, "rule 1: texts"),
        ("text", "=7", true, "XPath 1.0: a number"),
        ("unsigned", "=18446744073709551615", true, "rule 5"),
        ("unsigned", "='18446744073709551614'", false, "3.2"),
        ("hex", "=48", true, "rule 5"),
        ("hex", "='48'", true, "3.2: as the left side's type"),
        ("signed", "=-7", true, "3.2: a sign"),
        ("signed", "<0", true, "3.2: a sign"),
        ("double", "='0.50'", true, "rule 4"),
        ("true", "='true'", true, "rule 2"),
        ("true", "='1'", true, "3.2: 0 is false, else true"),
        ("true", "='7'", true, "3.2: 0 is false, else true"),
        ("true", "='false'", false, "rule 2"),
        ("true", "=1", true, "XPath 1.0"),
        ("true", "=0", false, "XPath 1.0"),
        ("true", "='0'", false, "3.2: 0 is false, else true"),
        ("false", "='0'", true, "3.2: 0 is false, else true"),
        ("false", "=0", true, "XPath 1.0"),
        ("false", "=1", false, "XPath 1.0"),
        ("true", "='TRUE'", false, "rule 1: no Boolean, so texts"),
        ("guid", "='0DF2CFEB-5293-41E9-A45E-733720C2E1FA'", true, "rule 3"),
        ("sid", "='S-1-5-18'", true, "rule 3"),
        ("time", "='2024-01-03T02:00:00Z'", true, "rule 3"),
        ("time", "='2024-01-03'", false, "rule 3: failure"),
        ("binary", "='ab01'", true, "3.2: hex digits"),
    ];
    for (name, comparison, expected, rule) in rows {
        let xpath = format!("*[EventData/Data[@Name='{name}']{comparison}]");
        assert_eq!(selects(&xpath, &event), expected, "{xpath}: {rule}");
    }
}

/// A FILETIME is a time for `timediff` (EVIDENCE.md EVT-08).
#[test]
fn timediff_of_a_file_time() {
    let before = FileTime::from_instant(NOW - time::Duration::SECOND).unwrap();
    let event = Event::new(&System::new("Example", 7), [("t", Value::Unsigned(before.0))]);
    let query = Query::parse("*[EventData/Data[timediff(text())=1000]]").unwrap();
    assert!(query.matches(&event, NOW));
}

/// What a text is not, although a parser of numbers or GUIDs might accept it: the lexical forms of [MS-EVEN6] 2.2.15.2
/// (EVIDENCE.md EVT-09).
#[test]
fn lexical_forms() {
    let rows = [
        (" 10\n", "=10", true, "white space around a number"),
        ("0X1F", "=31", true, "either case of the prefix"),
        ("0x", "!=0", true, "hex without digits"),
        ("0x+5", "=5", false, "hex with a sign"),
        ("0x1G", "=31", false, "not hex"),
        ("+5", "=5", true, "a sign"),
        ("15D-1", "=1.5", true, "either case of the exponent"),
        ("15E-1", "=1.5", true, "either case of the exponent"),
        ("inf", ">5", false, "not a number"),
        ("infinity", ">5", false, "not a number"),
        ("NaN", "!=5", true, "not a number"),
        ("1_000", "=1000", false, "not a number"),
        ("", "=0", false, "not a number"),
        ("18446744073709551616", ">18446744073709551615", false, "beyond 64 bits a double, which has 53"),
        ("36893488147419103232", ">18446744073709551615", true, "beyond 64 bits a double"),
        (
            "0df2cfeb529341e9a45e733720c2e1fa",
            "='{0df2cfeb-5293-41e9-a45e-733720c2e1fa}'",
            false,
            "a GUID has hyphens",
        ),
        (
            "urn:uuid:0df2cfeb-5293-41e9-a45e-733720c2e1fa",
            "='{0df2cfeb-5293-41e9-a45e-733720c2e1fa}'",
            false,
            "not a GUID",
        ),
        (
            "0df2cfeb-5293-41e9-a45e-733720c2e1fa",
            "='{0DF2CFEB-5293-41E9-A45E-733720C2E1FA}'",
            true,
            "either form",
        ),
        (
            "{0df2cfeb-5293-41e9-a45e-733720c2e1fb}",
            "='0df2cfeb-5293-41e9-a45e-733720c2e1fa'",
            false,
            "another GUID",
        ),
        (
            "{0df2cfeb-5293-41e9-a45e-733720c2e1fb}",
            ">'0df2cfeb-5293-41e9-a45e-733720c2e1fa'",
            true,
            "their order",
        ),
    ];
    for (text, comparison, expected, rule) in rows {
        let event: Event =
            format!("<Event><EventData><Data>{text}</Data></EventData></Event>").parse().unwrap();
        let xpath = format!("*[EventData/Data{comparison}]");
        assert_eq!(selects(&xpath, &event), expected, "{text:?} {comparison}: {rule}");
    }
}
