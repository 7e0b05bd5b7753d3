//! Tasks from random bytes, as fuzzers make them: all of them can be validated, stored and read again.

use crate::arbitrary::random;
use arbitrary::{Arbitrary, Unstructured};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeSet;
use wintask::{
    Profile,
    definition::Task,
    job::Job,
    xml::{self, Form, Options},
};

proptest! {
    #[test]
    fn tasks_are_judged_and_stored(bytes in vec(any::<u8>(), 0..4000)) {
        let Ok(task) = Task::arbitrary(&mut Unstructured::new(&bytes)) else { return Ok(()) };
        let json = serde_json::to_string(&task).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Task>(&json).unwrap(), &task);
        for profile in [Profile::Windows, Profile::Specification] {
            let options = Options::default().with_profile(profile);
            let valid = xml::validate(&task, &options).is_ok();
            let text = xml::write_text(&task, Form::Utf8);
            prop_assert_eq!(valid, text.is_ok_and(|text| xml::read_text(&text, &options).is_ok()));
        }
    }

    #[test]
    fn jobs_are_stored(bytes in vec(any::<u8>(), 0..2000)) {
        let Ok(job) = Job::arbitrary(&mut Unstructured::new(&bytes)) else { return Ok(()) };
        let json = serde_json::to_string(&job).unwrap();
        prop_assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);
    }
}

/// Bytes reach every kind of trigger and of action.
#[test]
fn every_kind_is_reached() {
    let mut kinds = BTreeSet::new();
    for bytes in random(3).take(500) {
        let task = serde_json::to_value(Task::arbitrary(&mut Unstructured::new(&bytes)).unwrap()).unwrap();
        let list = |pointer: &str| {
            task.pointer(pointer).and_then(|list| list.as_array()).cloned().unwrap_or_default()
        };
        for part in list("/triggers").iter().chain(&list("/actions/list")) {
            kinds.insert(part["type"].as_str().unwrap().to_owned());
        }
    }
    let expected = [
        "boot",
        "calendar",
        "com_handler",
        "event",
        "exec",
        "idle",
        "logon",
        "registration",
        "send_email",
        "session_state_change",
        "show_message",
        "time",
        "unknown",
        "wnf_state_change",
    ];
    assert_eq!(kinds, expected.map(str::to_owned).into());
}

/// Random tasks are valid often enough to test what holds for valid ones, and invalid in enough ways to test the rest.
#[test]
fn most_tasks_are_valid() {
    let options = Options::default();
    let (mut valid, mut reasons) = (0, BTreeSet::new());
    for bytes in random(1).take(2000) {
        let task = Task::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        match xml::validate(&task, &options) {
            Ok(()) => {
                valid += 1;
                let text = xml::write_text(&task, Form::Utf8).unwrap();
                assert_eq!(xml::read_text(&text, &options).unwrap(), task, "{text}");
            }
            Err(error) => {
                reasons.insert(error.kind().to_string());
            }
        }
    }
    assert!((1300..1900).contains(&valid), "{valid} of 2000");
    assert!(reasons.len() > 60, "{reasons:#?}");
}
