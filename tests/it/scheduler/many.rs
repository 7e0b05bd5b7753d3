//! A store of thousands of tasks, with some deleted and replaced: each name leads to its own task, in any spelling
//! ([MS-TSCH] 2.3.11: names are compared without case), before and after the state is saved and loaded.

use time::{UtcOffset, macros::datetime};
use wintask::{
    HResult,
    definition::TaskPath,
    rpc::schrpc::{SchRpcDelete, SchRpcRegisterTask},
    scheduler::{Context, Machine, NoAccounts, Options, State},
};

const TASKS: usize = 3_000;

fn path(number: usize) -> String {
    // Names of both kinds of keys: those that fit into the key, and longer ones.
    let name = if number.is_multiple_of(2) { "Task" } else { "A task with a long name " };
    format!(r"\Folder {}\{name}{number}", number % 7)
}

fn xml(number: usize) -> String {
    format!(
        r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Principals><Principal><UserId>S-1-5-18</UserId></Principal></Principals><Actions><Exec><Command>{number}.exe</Command></Exec></Actions></Task>"#
    )
}

/// Whether each number has a task of its own, or none if it was deleted.
fn holds(state: &State, is_there: impl Fn(usize) -> bool) {
    state.check().unwrap();
    for number in 0..TASKS {
        let path: TaskPath = path(number).to_uppercase().parse().unwrap();
        let task = state.task(&path);
        assert_eq!(task.is_some(), is_there(number), "{path}");
        assert!(task.is_none_or(|task| task.xml().contains(&format!("<Command>{number}.exe"))), "{path}");
    }
}

#[test]
fn each_name_leads_to_its_task() {
    let (machine, mut state) = (Machine::default(), State::new(Options::default(), 1));
    let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
    let register = |state: &mut State, number| {
        let request = SchRpcRegisterTask {
            path: Some(path(number).as_str().into()),
            xml: xml(number).as_str().into(),
            ..SchRpcRegisterTask::default()
        };
        assert_eq!(state.call(&context, &request).reply.status, HResult::S_OK);
    };
    (0..TASKS).for_each(|number| register(&mut state, number));
    holds(&state, |_| true);
    for number in (0..TASKS).step_by(3) {
        let request = SchRpcDelete { path: path(number).as_str().into(), flags: 0 };
        assert_eq!(state.call(&context, &request).reply.status, HResult::S_OK);
    }
    holds(&state, |number| !number.is_multiple_of(3));
    // In another order, so that they reuse the places of others.
    (0..TASKS).step_by(6).rev().for_each(|number| register(&mut state, number));
    let is_there = |number: usize| !number.is_multiple_of(3) || number.is_multiple_of(6);
    holds(&state, is_there);
    let saved = serde_json::to_string(&state).unwrap();
    holds(&serde_json::from_str(&saved).unwrap(), is_there);
}
