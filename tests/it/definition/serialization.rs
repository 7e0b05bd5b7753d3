//! serde: what is not stated is absent, and unknown keys are rejected wherever they are.

use wintask::definition::Task;

/// Each key misspelt, at every level of a task that states everything.
#[test]
fn unknown_keys_are_rejected() {
    let json = serde_json::to_value(crate::xml::everything()).unwrap();
    assert!(serde_json::from_value::<Task>(json.clone()).is_ok());
    let mut paths = Vec::new();
    objects(&json, &mut String::new(), &mut paths);
    assert!(paths.len() > 30, "{paths:?}");
    for path in paths {
        let mut wrong = json.clone();
        let object = wrong.pointer_mut(&path).and_then(|value| value.as_object_mut()).unwrap();
        object.insert("no_such_key".into(), 1.into());
        let error = serde_json::from_value::<Task>(wrong).expect_err(&path);
        assert!(error.to_string().contains("no_such_key"), "{path}: {error}");
    }
}

fn objects(value: &serde_json::Value, at: &mut String, out: &mut Vec<String>) {
    let children: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Object(map) => {
            out.push(at.clone());
            map.iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        serde_json::Value::Array(list) => {
            list.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect()
        }
        _ => return,
    };
    for (name, child) in children {
        let length = at.len();
        at.push('/');
        at.push_str(&name);
        objects(child, at, out);
        at.truncate(length);
    }
}
