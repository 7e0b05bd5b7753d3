//! serde: what a tool prints or stores (names are API).

use super::{event, event_text, list};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};
use std::fmt::Debug;
use wintask::{
    eventlog::{
        Event, EventCounter, Group, LogPath, Query, System, Target, Value, ValueQuery, XPath,
        task_scheduler::{TaskSchedulerEvent, info},
    },
    parameters::{Parameters, ResourceReference},
};

fn kept<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, expected: Json) {
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
    assert_eq!(&serde_json::from_value::<T>(expected).unwrap(), value);
}

#[test]
fn texts() {
    let text = list("System", "*[System[EventID<1]]");
    kept(&Query::parse(&text).unwrap(), json!(text));
    kept(&XPath::parse("*[System]").unwrap(), json!("*[System]"));
    kept(&ValueQuery::parse("Event/System").unwrap(), json!("Event/System"));
    kept(&event(), json!(event().to_string()));
    kept(&"$(@a.dll,-1)".parse::<ResourceReference>().unwrap(), json!("$(@a.dll,-1)"));
    assert!(serde_json::from_value::<Query>(json!("Foo")).is_err());
    assert!(serde_json::from_value::<Event>(json!("<Evt/>")).is_err());
}

#[test]
fn fields() {
    kept(&Value::Unsigned(7), json!({"unsigned": 7}));
    kept(&Value::Text("a".into()), json!({"text": "a"}));
    kept(&Value::Binary(vec![1, 2]), json!({"binary": [1, 2]}));
    kept(&LogPath::File("a.evtx".into()), json!({"file": "a.evtx"}));
    kept(&Target::Both, json!("both"));
    kept(
        &System { level: Some(2), ..System::new("A", 7) },
        json!({"provider": "A", "event_id": 7, "level": 2}),
    );
    kept(&EventCounter::new(2), json!({"number": 2}));
    kept(&Parameters::new().with_value("a", "b"), json!({"a": "b"}));
    kept(
        &TaskSchedulerEvent::TaskDeleted { task_name: r"\a".into(), user_name: "b".into() },
        json!({"event": "task_deleted", "task_name": r"\a", "user_name": "b"}),
    );
    let group = Query::parse(&list("A", "*")).unwrap().groups()[0].clone();
    kept(&group, json!({"id": 0, "selects": [{"path": {"channel": "A"}, "xpath": "*"}]}));
    let info = serde_json::to_value(info(141)).unwrap();
    assert_eq!(
        (&info["id"], &info["channel"], &info["level"]),
        (&json!(141), &json!("operational"), &json!("information"))
    );
}

#[test]
fn unknown_keys_are_refused() {
    assert!(serde_json::from_value::<System>(json!({"event_id": 7, "colour": "red"})).is_err());
    assert!(serde_json::from_value::<EventCounter>(json!({"number": 7, "colour": "red"})).is_err());
    assert!(serde_json::from_value::<Group>(json!({"selects": [], "colour": "red"})).is_err());
    let event = json!({"event": "task_deleted", "task_name": "", "user_name": "", "colour": "red"});
    assert!(serde_json::from_value::<TaskSchedulerEvent>(event).is_err());
}

#[test]
fn errors() {
    let error = Query::parse("*[System[not(EventID=1)]]").unwrap_err();
    assert_eq!(
        serde_json::to_value(error).unwrap(),
        json!({
            "severity": "error",
            "code": "eventlog.query.unsupported",
            "place": {"offset": 9, "line": 1, "column": 10},
            "message": "unsupported function not()",
        })
    );
    let error = Query::parse_subscription(&list("a /b", "*")).unwrap_err();
    assert_eq!(serde_json::to_value(error).unwrap()["code"], json!("eventlog.channel.invalid"));
    let error = Event::from_xml(&event_text("<a>")).unwrap_err();
    assert_eq!(serde_json::to_value(error).unwrap()["code"], json!("eventlog.xml"));
}
