//! States that somebody has edited: what does not fit together is rejected.

use super::rig::{Rig, Who, saved};
use serde_json::{Value, json};
use time::{OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    Profile,
    rpc::schrpc::{SchRpcCreateFolder, SchRpcRegisterTask},
    scheduler::{Context, Effect, Event, Machine, NoAccounts, Options, State},
};

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

/// A task that starts at 10:30 on 15 May 2024 by the clock, and then every six hours.
fn with_a_task(profile: Profile) -> State {
    let mut state = State::new(Options::default().with_profile(profile), 1);
    let xml = "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Triggers>\
        <TimeTrigger><StartBoundary>2024-05-15T10:30:00</StartBoundary>\
        <Repetition><Interval>PT6H</Interval></Repetition></TimeTrigger></Triggers>\
        <Principals><Principal id=\"P\"><UserId>S-1-5-18</UserId></Principal></Principals>\
        <Actions Context=\"P\"><Exec><Command>a.exe</Command></Exec></Actions></Task>";
    let request = SchRpcRegisterTask { path: Some(r"\A".into()), xml: xml.into(), ..Default::default() };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    let reply = state.call(&context, &request).reply;
    assert!(reply.status.is_success(), "{reply:?}");
    state
}

const START: OffsetDateTime = datetime!(2024-05-15 10:00 UTC);

/// The times at which the state must be informed about timers, at most twelve.
fn wakeups(mut state: State) -> Vec<OffsetDateTime> {
    let mut times = Vec::new();
    while let Some(at) = state.next_wakeup().filter(|_| times.len() < 12) {
        times.push(at);
        let machine = Machine::default();
        let context = Context::new(at, &UtcOffset::UTC, &machine, &NoAccounts);
        for effect in state.event(&context, Event::Timer).effects {
            if let Effect::Start(start) = effect {
                _ = state.event(&context, Event::Exited { instance: start.instance, code: 0 });
            }
        }
    }
    times
}

/// A repetition without a duration lasts a day by the text and has no end on Windows (2.5.3.1): what is loaded keeps to the
/// rules that it was saved with.
#[test]
fn run_times_follow_the_profile_of_the_state() {
    for (profile, runs) in [(Profile::Windows, 12), (Profile::Specification, 5)] {
        let state = with_a_task(profile);
        let loaded: State = serde_json::from_str(&saved(&state)).unwrap();
        let times = wakeups(state);
        assert_eq!(times.len(), runs, "{profile:?}: {times:?}");
        assert_eq!(wakeups(loaded), times, "{profile:?}");
    }
}

/// A startup looks at every task if the clock by which run times were computed is another one, or is not known.
#[test]
fn startup_with_another_clock() {
    let state = with_a_task(Profile::Windows);
    let mut forgotten: Value = serde_json::from_str(&saved(&state)).unwrap();
    assert!(forgotten.as_object_mut().unwrap().remove("clockwork").is_some());
    let forgotten: State = serde_json::from_value(forgotten).unwrap();
    let behind = UtcOffset::from_hms(-2, 0, 0).unwrap();
    for (mut state, zone, next) in [
        (state.clone(), UtcOffset::UTC, datetime!(2024-05-15 10:30 UTC)),
        (state, behind, datetime!(2024-05-15 12:30 UTC)),
        (forgotten, behind, datetime!(2024-05-15 12:30 UTC)),
    ] {
        let machine = Machine::default();
        let context = Context::new(START, &zone, &machine, &NoAccounts);
        _ = state.event(&context, Event::Boot { off_since: None });
        assert_eq!(state.next_wakeup(), Some(next), "{zone}");
        state.check().unwrap();
    }
}
