//! States that somebody has edited: what does not fit together is rejected.

use super::rig::{Rig, Who, saved};
use serde_json::{Value, json};
use wintask::{Profile, rpc::schrpc::SchRpcCreateFolder, scheduler::State};

/// The saved state of a scheduler with the folders `\A` and `\A\B`, which have the numbers 1 and 2.
fn with_folders() -> Value {
    let mut rig = Rig::new(Profile::Windows);
    for path in [r"\A", r"\A\B"] {
        let request = SchRpcCreateFolder { path: path.into(), ..SchRpcCreateFolder::default() };
        rig.call(Who::Admin, &request);
    }
    serde_json::from_str(&saved(&rig.state)).unwrap()
}

/// Folders are a tree below the root. A circle would have paths without end.
#[test]
fn folders_are_a_tree() {
    let whole = with_folders();
    let folders = whole["folders"].as_array().unwrap();
    assert_eq!(
        folders.iter().map(|folder| folder["parent"].clone()).collect::<Vec<_>>(),
        [json!(null), json!(0), json!(1)]
    );
    serde_json::from_value::<State>(whole.clone()).unwrap();
    for (folder, parent, message) in [
        (1, json!(2), "a folder is not below the root"),
        (2, json!(2), "a folder is not below the root"),
        (0, json!(2), "a folder is not below the root"),
        (2, json!(7), "a folder's parent is missing"),
        (2, json!(null), "a folder has no parent"),
    ] {
        let mut edited = whole.clone();
        edited["folders"][folder]["parent"] = parent;
        let error = serde_json::from_value::<State>(edited).unwrap_err();
        assert_eq!(error.to_string(), message, "{folder}");
    }
    let mut edited = whole;
    edited["folders"][2]["parent"] = json!(0);
    edited["folders"][2]["name"] = json!("a");
    let error = serde_json::from_value::<State>(edited).unwrap_err();
    assert_eq!(error.to_string(), "two folders have one name");
}
