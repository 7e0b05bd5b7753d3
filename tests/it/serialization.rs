//! What values look like in JSON: the conventions that the crate's documentation lists under "Serialisation".

use ::time::macros::{datetime, offset};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{fmt, str::FromStr};
use wintask::{
    Profile, definition, dtyp, error, eventlog,
    job::{InvalidJobDate, Job, JobDate, RawJob},
    ndr, parameters, schedule,
    security::{AccessMask, Ace, AceData, AceFlags, AceType, RelativeSid, Sid, Trustee},
    time::{self, GapPolicy, OverlapPolicy, WindowsZone, XsDuration, ZoneRules},
    xml,
};

#[track_caller]
fn is<T: Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: T, json: Value) {
    assert_eq!(serde_json::to_value(&value).unwrap(), json);
    assert_eq!(serde_json::from_value::<T>(json).unwrap(), value);
}

/// A choice has the same names in serde and in `FromStr`, which accepts what `Display` shows, too.
#[track_caller]
fn names<T>(all: &[T], name: impl Fn(T) -> &'static str)
where
    T: Serialize + FromStr<Err = dtyp::UnknownName> + fmt::Display + PartialEq + fmt::Debug + Copy,
{
    for value in all.iter().copied() {
        assert_eq!(serde_json::to_value(value).unwrap(), name(value));
        assert_eq!(name(value).parse(), Ok(value));
        assert_eq!(value.to_string().parse(), Ok(value));
        assert!(" ".parse::<T>().unwrap_err().names().contains(&name(value)));
    }
}

#[test]
fn choices_have_one_name() {
    macro_rules! both {
        ($($ty:ty),* $(,)?) => { $(
            names(<$ty>::ALL, |value| value.name());
            for value in <$ty>::ALL {
                is(*value, value.name().into());
            }
        )* };
    }
    macro_rules! serialized {
        ($($ty:ty),* $(,)?) => { $( names(<$ty>::ALL, |value| value.name()); )* };
    }
    both!(
        Profile,
        wintask::finding::Severity,
        wintask::command_line::DateOrder,
        wintask::command_line::XmlOutput,
        wintask::compat::Store,
        definition::LogonType,
        definition::RunLevel,
        definition::ProcessTokenSidType,
        definition::MultipleInstancesPolicy,
        definition::SessionStateChange,
        wintask::diff::Part,
        wintask::diff::Significance,
        dtyp::ResultSeverity,
        eventlog::Target,
        eventlog::task_scheduler::TaskChannel,
        eventlog::task_scheduler::TaskLevel,
        wintask::job::Release,
        ndr::ByteOrder,
        ndr::Syntax,
        wintask::rpc::Direction,
        schedule::RepetitionEnd,
        wintask::scheduler::Registration,
        wintask::scheduler::RunsAs,
        wintask::scheduler::StoreKind,
        wintask::scheduler::TriggerUser,
        wintask::security::Base,
        wintask::security::NewObject,
        wintask::security::Outcome,
        GapPolicy,
        OverlapPolicy,
        xml::Form,
    );
    serialized!(
        definition::Origin,
        wintask::finding::Confidence,
        wintask::gpp::Part,
        wintask::job::Confidence,
        schedule::Adjustment,
        xml::Confidence,
    );
}

#[test]
fn options_are_objects_without_unknown_keys() {
    let options = schedule::Options::default().with_first_day_of_week(::time::Weekday::Monday);
    is(
        options,
        json!({
            "profile": "windows", "gap": "first_instant", "overlap": "first", "first_day_of_week": "Monday",
            "include_disabled_triggers": false, "include_disabled_task": false,
        }),
    );
    assert_eq!(serde_json::from_value::<schedule::Options>(json!({})).unwrap(), schedule::Options::default());
    assert!(serde_json::from_value::<schedule::Options>(json!({"first_day_of_week": "Mo"})).is_err());
    is(xml::Options::default(), json!({"profile": "windows", "highest_version": "1.6"}));
    for error in [
        serde_json::from_value::<schedule::Options>(json!({"no_such_key": 1})).unwrap_err(),
        serde_json::from_value::<xml::Options>(json!({"no_such_key": 1})).unwrap_err(),
        serde_json::from_value::<WindowsZone>(json!({"rules": {}, "no_such_key": 1})).unwrap_err(),
    ] {
        assert!(
            error.to_string().contains("no_such_key") || error.to_string().contains("missing field"),
            "{error}"
        );
    }
}

#[test]
fn zones_are_their_rules() {
    let rules = |bias| ZoneRules { bias, ..ZoneRules::default() };
    let zone = WindowsZone::new(rules(-60)).unwrap().with_year(2011, rules(-120)).unwrap();
    let json = serde_json::to_value(&zone).unwrap();
    assert_eq!(json["rules"]["bias"], -60);
    assert_eq!(json["years"]["2011"]["bias"], -120);
    is(zone, json);
    let far = json!({"rules": serde_json::to_value(rules(1440)).unwrap()});
    let error = serde_json::from_value::<WindowsZone>(far).unwrap_err();
    assert!(error.to_string().contains("exceeds the limit of 1439"), "{error}");
}

#[test]
fn access_control_entries_are_sddl() {
    let ace = Ace::allow(AccessMask::FILE_GENERIC_READ, Sid::USERS).with_flags(AceFlags::INHERITED);
    is(ace, "(A;ID;FR;;;BU)".into());
    is(Ace::new(AceType::SYSTEM_AUDIT, AccessMask::GENERIC_ALL, Sid::EVERYONE), "(AU;;GA;;;WD)".into());
    // SDDL has no code for this type.
    let foreign =
        Ace::new(AceType(0x33), AccessMask::NONE, Sid::NOBODY).with_data(AceData::Bytes((1..=12).collect()));
    let json = serde_json::to_value(&foreign).unwrap();
    is(foreign, json);
    for bad in ["", "(A;;FR;;;BU", "(A;;FR;;;BU)(A;;FR;;;BU)", "x"] {
        assert!(bad.parse::<Ace>().is_err(), "{bad}");
        assert!(serde_json::from_value::<Ace>(bad.into()).is_err(), "{bad}");
    }
    let Ok(Trustee::Relative(admins)) = "DA".parse() else { panic!() };
    is(admins, "DA".into());
    assert!("BA".parse::<RelativeSid>().is_err());
}

#[test]
fn dates_of_jobs() {
    for (text, date) in [
        ("2024-01-03", Ok(JobDate::new(2024, 1, 3))),
        ("0000-00-00", Ok(JobDate::default())),
        ("65535-65535-65535", Ok(JobDate::new(65535, 65535, 65535))),
        ("2024-1-3", Ok(JobDate::new(2024, 1, 3))),
        ("2024-01", Err(InvalidJobDate)),
        ("2024-01-03-04", Err(InvalidJobDate)),
        ("+024-01-03", Err(InvalidJobDate)),
        ("65536-01-03", Err(InvalidJobDate)),
    ] {
        assert_eq!(text.parse(), date, "{text}");
        if let Ok(date) = date {
            assert_eq!(date.to_string().parse(), Ok(date));
        }
    }
}

/// A status is `0x` and eight digits wherever it is; flags, masks and open enumerations are numbers.
#[test]
fn codes_look_the_same_everywhere() {
    let status = dtyp::HResult::SCHED_S_TASK_READY;
    is(status, "0x00041300".into());
    is(dtyp::Win32Error(5), "0x00000005".into());
    is(dtyp::NetApiStatus(3806), "0x00000ede".into());
    let job = Job { status, ..Job::new(uuid::Uuid::nil(), "a.exe") };
    let json = serde_json::to_value(&job).unwrap();
    assert_eq!(json["status"], "0x00041300");
    assert_eq!(json["reserved"]["start_error"], "0x00041303");
    assert_eq!((&json["flags"], &json["priority"]), (&json!(0x0100_0000), &json!(0x20)));
    let raw = serde_json::to_value(RawJob::parse(&job.to_bytes().unwrap()).unwrap()).unwrap();
    assert_eq!(raw["fixed"]["status"], "0x00041300");
    let response = wintask::rpc::schrpc::SchRpcDeleteResponse { status };
    assert_eq!(serde_json::to_value(response).unwrap(), json!({"status": "0x00041300"}));
    is(AccessMask::FILE_GENERIC_READ, 0x12_0089.into());
}

#[test]
fn places_and_finds() {
    is(error::Position::START, json!({"offset": 0, "line": 1, "column": 1}));
    is(time::BoundaryZone::Utc, "utc".into());
    is(time::BoundaryZone::Offset(-480), json!({"offset": -480}));
    is(ndr::Transfer::NDR64, json!({"syntax": "ndr64", "order": "little"}));
    let image = b"..<Task><Actions/></Task>";
    let found = serde_json::to_value(xml::carve(image).next().unwrap()).unwrap();
    assert_eq!((&found["span"], &found["confidence"]), (&json!({"start": 2, "end": 25}), &json!("medium")));
    let documents = xml::documents(b"<!-- \\A --><Task/>");
    let document = serde_json::to_value(documents.iter().next().unwrap()).unwrap();
    let start = json!({"offset": 11, "line": 1, "column": 12});
    assert_eq!(document, json!({"name": "\\A", "text": "<Task/>", "start": start}));
}

/// Errors have a message, and a code, a severity and a place where they have those.
#[test]
fn errors_are_data() {
    let message = |error: &dyn erased::Json| error.json();
    let cases: Vec<(Value, &str)> = vec![
        (message(&"x".parse::<dtyp::HResult>().unwrap_err()), "expected the name of a code"),
        (message(&"x".parse::<XsDuration>().unwrap_err()), "not a duration"),
        (message(&"x".parse::<JobDate>().unwrap_err()), "not a date"),
        (message(&"x".parse::<definition::SchemaVersion>().unwrap_err()), "not a version"),
        (
            message(&Job::new(uuid::Uuid::nil(), "a".repeat(70_000).as_str()).to_bytes().unwrap_err()),
            "exceed",
        ),
        (
            message(
                &eventlog::task_scheduler::TaskSchedulerEvent::from_event(&"<Event/>".parse().unwrap())
                    .unwrap_err(),
            ),
            "the provider is not the Task Scheduler",
        ),
        (message(&parameters::TooLong), "the field is longer than"),
    ];
    for (json, expected) in cases {
        assert_eq!(json.as_object().unwrap().len(), 1, "{json}");
        assert!(json["message"].as_str().unwrap().contains(expected), "{json}");
    }
    let error = serde_json::to_value(Job::parse(b"x").unwrap_err()).unwrap();
    let keys: Vec<_> = error.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["severity", "code", "place", "message"]);
}

mod erased {
    pub trait Json {
        fn json(&self) -> serde_json::Value;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

/// Offsets and instants are text; an end that a period does not have is absent.
#[test]
fn what_a_clock_does() {
    let always = time::Zone::period_at(&offset!(-5:30), time::Ticks(0));
    assert_eq!(serde_json::to_value(always).unwrap(), json!({"offset": "-05:30"}));
    let from = time::Ticks::from_instant(datetime!(2024-03-31 01:00 UTC));
    let changed = time::Period { offset: offset!(+2), from, until: time::Ticks::MAX };
    assert_eq!(
        serde_json::to_value(changed).unwrap(),
        json!({"offset": "+02:00", "from": "2024-03-31T01:00:00Z"})
    );
    let (one, two) = (datetime!(2024-03-31 01:00 UTC), datetime!(2024-03-31 01:30 UTC));
    for (local, expected) in [
        (time::LocalTime::Unique(one), json!({"unique": "2024-03-31T01:00:00Z"})),
        (
            time::LocalTime::Gap { ends: one, shifted: two },
            json!({"gap": {"ends": "2024-03-31T01:00:00Z", "shifted": "2024-03-31T01:30:00Z"}}),
        ),
        (
            time::LocalTime::Overlap { first: one, second: two },
            json!({"overlap": {"first": "2024-03-31T01:00:00Z", "second": "2024-03-31T01:30:00Z"}}),
        ),
    ] {
        assert_eq!(serde_json::to_value(local).unwrap(), expected);
    }
}

/// Names that are compared without case are read as `FromStr` and serde read other choices.
#[test]
fn names_are_read() {
    fn all<T: Copy + PartialEq + fmt::Debug + fmt::Display + Serialize + DeserializeOwned>(
        values: &[T],
        name: impl Fn(T) -> &'static str,
        parse: impl Fn(&str) -> Result<T, dtyp::UnknownName>,
    ) {
        for value in values.iter().copied() {
            assert_eq!(parse(name(value)), Ok(value));
            assert_eq!(parse(&name(value).to_lowercase()), Ok(value));
            assert_eq!(parse(&value.to_string()), Ok(value));
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(json, format!("{:?}", name(value)));
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
        }
        let error = parse("bogus").unwrap_err().to_string();
        assert!(values.iter().all(|value| error.contains(name(*value))), "{error}");
    }
    macro_rules! names {
        ($($ty:ty),* $(,)?) => { $( all(<$ty>::ALL, |value| value.name(), str::parse::<$ty>); )* };
    }
    names!(
        wintask::reconcile::EventKind,
        wintask::reconcile::Source,
        wintask::gpp::Action,
        wintask::gpp::ItemKind,
        wintask::gpp::TriggerType,
        wintask::gpp::Week,
        wintask::command_line::Level,
        wintask::command_line::ListFormat,
        wintask::command_line::ScheduleType,
        wintask::command_line::Verb,
    );
    assert_eq!(wintask::gpp::Action::Replace.to_string(), "replace");
}

/// A conversion of Group Policy's: the value, and what was lost.
#[test]
fn conversions_of_policies() {
    let policy = wintask::gpp::recover(
        br#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}"
        name="a" uid="{1}"><Properties name="a" appName="a.exe" enabled="maybe"/></Task></ScheduledTasks>"#,
    );
    let policy = policy.policy.unwrap();
    let item = policy.items().next().unwrap();
    let stored = serde_json::to_value(item).unwrap();
    assert_eq!(stored.get("run_as"), None);
    let made = wintask::gpp::to_job(&item, &wintask::gpp::Context::default()).unwrap();
    let stored = serde_json::to_value(&made).unwrap();
    assert_eq!(stored["value"]["application_name"], "a.exe");
    assert_eq!(stored["losses"]["list"][0]["code"], "gpp.loss.invalid");
}
