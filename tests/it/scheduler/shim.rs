//! The conformance operations of the scheduler: what they accept.

use crate::examples::run_with;
use serde_json::{Value, json};

const NOW: &str = "2024-05-15T10:00:00Z";

/// The answers to requests, in one process.
fn answers(requests: &[Value]) -> Vec<Value> {
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let printed = run_with(lines.as_bytes(), "conformance", &[] as &[&str]);
    printed.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every event is accepted with its fields, and not with one more.
#[test]
fn events_have_no_other_fields() {
    let session = json!({"id": 1, "user": r"HOST\alice", "sid": "S-1-5-21-1-2-3-1001"});
    let guid = "{00000000-0000-0000-0000-000000000001}";
    let wake = json!({"effect": "wake", "at": NOW});
    let events = [
        json!({"kind": "timer"}),
        json!({"kind": "boot", "sessions": [session]}),
        json!({"kind": "sleep"}),
        json!({"kind": "wake"}),
        json!({"kind": "idle"}),
        json!({"kind": "busy"}),
        json!({"kind": "power", "on_battery": true}),
        json!({"kind": "network", "connected": true}),
        json!({"kind": "logon", "session": session}),
        json!({"kind": "session", "session": session, "change": "lock"}),
        json!({"kind": "logoff", "session": session}),
        json!({"kind": "logoff", "session": {"id": 1}}),
        json!({"kind": "logoff", "session": 1}),
        json!({"kind": "maintenance"}),
        json!({"kind": "clock"}),
        json!({"kind": "exited", "instance": guid, "code": 0}),
        json!({"kind": "file_removed", "name": "a.job"}),
        json!({"kind": "failed", "effect": wake, "error": "0x80004005"}),
    ];
    let ask = |event: &Value| json!({"op": "scheduler.event", "event": event, "now": NOW});
    let mut requests = vec![json!({"op": "scheduler.new", "now": NOW})];
    requests.extend(events.iter().map(ask));
    for (request, answer) in requests.iter().zip(answers(&requests)) {
        assert_eq!(answer["ok"], true, "{request}: {answer}");
    }
    let mut requests = vec![json!({"op": "scheduler.new", "now": NOW})];
    for event in &events {
        let mut other = event.clone();
        other["other"] = true.into();
        requests.push(ask(&other));
        if event["session"].is_object() {
            let mut other = event.clone();
            other["session"]["other"] = true.into();
            requests.push(ask(&other));
        }
    }
    for (request, answer) in requests.iter().zip(answers(&requests)).skip(1) {
        assert_eq!(answer["ok"], false, "{request}: {answer}");
        assert!(answer["error"].as_str().is_some_and(|error| error.contains("other")), "{request}: {answer}");
    }
}

/// What could not be carried out is an event of the log, or nothing; what was never handed out is an error.
#[test]
fn every_effect_can_fail() {
    let guid = "{00000000-0000-0000-0000-000000000001}";
    let failing = [
        (json!({"effect": "start", "instance": guid}), true),
        (json!({"effect": "stop", "instance": guid}), true),
        (json!({"effect": "write", "store": "xml", "path": r"\A", "hex": "00"}), true),
        (json!({"effect": "remove", "store": "job", "path": "A.job"}), true),
        (json!({"effect": "credential", "account": r"HOST\alice", "stored": true}), true),
        (json!({"effect": "subscribe", "task": r"\A", "trigger": 1}), true),
        (json!({"effect": "unsubscribe", "task": r"\A", "trigger": 1}), true),
        (json!({"effect": "wake", "at": NOW}), true),
        (json!({"effect": "subscribe", "task": r"\A", "trigger": 0}), false),
        (json!({"effect": "log", "id": 100}), false),
        (json!({}), false),
    ];
    let mut requests = vec![json!({"op": "scheduler.new", "now": NOW})];
    requests.extend(failing.iter().map(|(effect, _)| {
        let event = json!({"kind": "failed", "effect": effect, "error": "0x80004005"});
        json!({"op": "scheduler.event", "event": event, "now": NOW})
    }));
    let answers = answers(&requests);
    for ((effect, ok), answer) in failing.iter().zip(&answers[1..]) {
        assert_eq!(answer["ok"], *ok, "{effect}: {answer}");
    }
    assert_eq!(answers[8]["effects"][0]["id"], 410);
    assert_eq!(answers[8]["effects"][0]["data"], json!({"ResultCode": 0x8000_4005_u32}));
}
