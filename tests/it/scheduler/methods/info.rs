//! SchRpcRetrieveTask, SchRpcScheduledRuntimes, SchRpcGetLastRunInfo, SchRpcGetTaskInfo, SchRpcGetNumberOfMissedRuns,
//! SchRpcEnableTask (3.2.5.4.3, 3.2.5.4.16 to 3.2.5.4.20).

use super::{
    BAD_NAME, DENIED, FALSE, INVALID_ARG, NO_FILE, NO_PATH, OK, Rig, Row, Who, both, check, differ, text,
    windows,
};
use time::{Duration, macros::datetime};
use wintask::{
    dtyp::{HResult, SystemTime},
    ndr::Counted,
    rpc::schrpc::*,
    scheduler::{Effect, Event},
};

fn retrieve(path: &str) -> SchRpcRetrieveTask {
    SchRpcRetrieveTask { path: path.into(), languages_buffer: "".into(), num_languages: 0 }
}

fn xml(r: &mut Rig, path: &str) -> String {
    r.call(Who::Admin, &retrieve(path)).xml.unwrap().to_string()
}

/// The runs from 15 May 2024, noon, to this day, noon.
fn runs(path: &str, until: u16, requested: u32) -> SchRpcScheduledRuntimes {
    let noon = |day| SystemTime { year: 2024, month: 5, day, hour: 12, ..SystemTime::default() };
    SchRpcScheduledRuntimes {
        path: path.into(),
        start: Some(noon(15)),
        end: Some(noon(until)),
        flags: 0,
        requested,
    }
}

fn days(answer: &SchRpcScheduledRuntimesResponse) -> Vec<u16> {
    answer.runtimes.as_slice().iter().map(|time| time.day).collect()
}

fn last(path: &str) -> SchRpcGetLastRunInfo {
    SchRpcGetLastRunInfo { path: path.into() }
}

fn info(path: &str) -> SchRpcGetTaskInfo {
    SchRpcGetTaskInfo { path: path.into(), flags: TaskInfoFlags::STATE }
}

fn state(r: &mut Rig, path: &str) -> (u32, TaskState) {
    let answer = r.call(Who::Admin, &info(path));
    assert_eq!(answer.status, OK);
    (answer.enabled, answer.state)
}

fn missed(path: &str) -> SchRpcGetNumberOfMissedRuns {
    SchRpcGetNumberOfMissedRuns { path: path.into() }
}

fn missed_runs(r: &mut Rig, path: &str) -> u32 {
    r.call(Who::Admin, &missed(path)).number_of_missed_runs
}

/// The machine is off until this many days later.
fn off(r: &mut Rig, days: i64) {
    let off_since = Some(r.now);
    r.now += Duration::days(days);
    r.event(Event::Boot { off_since });
}

fn enable(path: &str, enabled: u32) -> SchRpcEnableTask {
    SchRpcEnableTask { path: path.into(), enabled }
}

pub const ROWS: &[Row] = &[
    both("3#1, RPC-07: the root", INVALID_ARG, |r| r.admin(retrieve(r"\"))),
    differ("3#2: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(retrieve(r"\None\Job"))),
    both("3#3, RPC-07: the task is missing", NO_FILE, |r| r.admin(retrieve(r"\F\None"))),
    both("RPC-07: the path names a folder", NO_FILE, |r| r.admin(retrieve(r"\F"))),
    both("3#4: a task that one may not read", DENIED, |r| r.alice(retrieve(r"\Write"))),
    both("3#5: a malformed path", BAD_NAME, |r| r.admin(retrieve(r"\\"))),
    both("3#6: texts that are not in a library stay as they are", OK, |r| {
        let answer = r.call(
            Who::Bob,
            &SchRpcRetrieveTask {
                languages_buffer: r"de-DE\en-US".into(),
                num_languages: 7,
                ..retrieve(r"\Job")
            },
        );
        assert!(answer.xml.unwrap().to_string().contains("<Command>a.exe</Command>"));
        answer.status
    }),
    both("3#7: the definition, with its path and its principal", OK, |r| {
        let text = xml(r, r"\Alice");
        assert!(
            text.contains(r"<URI>\Alice</URI>") && text.contains(r"<UserId>HOST\alice</UserId>"),
            "{text}"
        );
        OK
    }),
    both("16#3: flags", INVALID_ARG, |r| {
        r.admin(SchRpcScheduledRuntimes { flags: 1, ..runs(r"\Job", 17, 9) })
    }),
    both("16#6: a malformed path", BAD_NAME, |r| r.admin(runs(r"\Job\", 17, 9))),
    differ("16#7: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(runs(r"\None\Job", 17, 9))),
    both("16#8: the task is missing", NO_FILE, |r| r.admin(runs(r"\None", 17, 9))),
    both("16#9: a task that one may not read", DENIED, |r| r.alice(runs(r"\Write", 17, 9))),
    both("16#10, 16#12, 16#13: the first of them", FALSE, |r| {
        let answer = r.call(Who::Bob, &runs(r"\Job", 25, 3));
        assert_eq!(days(&answer), [15, 16, 17]);
        answer.status
    }),
    both("16#10: without an end", FALSE, |r| {
        let answer = r.call(Who::Bob, &SchRpcScheduledRuntimes { end: None, ..runs(r"\Job", 1, 2) });
        assert_eq!(days(&answer), [15, 16]);
        answer.status
    }),
    both("16#10: without a start", FALSE, |r| {
        let answer = r.call(Who::Bob, &SchRpcScheduledRuntimes { start: None, ..runs(r"\Job", 25, 1) });
        assert_eq!(days(&answer), [15]);
        answer.status
    }),
    both("16#11: no more than asked for", FALSE, |r| {
        let answer = r.call(Who::Bob, &runs(r"\Job", 25, 0));
        assert_eq!(answer.runtimes, Counted::default());
        answer.status
    }),
    both("16#11, note 80: no more than 64 KiB", FALSE, |r| {
        let answer = r.call(Who::Bob, &SchRpcScheduledRuntimes { end: None, ..runs(r"\Job", 1, 100_000) });
        assert_eq!(answer.runtimes.count(), 4096);
        answer.status
    }),
    both("16#15: all", OK, |r| {
        let answer = r.call(Who::Bob, &runs(r"\Job", 17, 9));
        assert_eq!(days(&answer), [15, 16]);
        answer.status
    }),
    both("16#16: some are left", FALSE, |r| r.bob(runs(r"\Job", 18, 2))),
    both("16#17: none in the time", HResult::SCHED_S_TASK_NO_MORE_RUNS, |r| r.bob(runs(r"\Job", 15, 9))),
    both("16#18, RPC-20: no trigger has run times", HResult::SCHED_S_TASK_NOT_SCHEDULED, |r| {
        r.bob(runs(r"\Logon", 17, 9))
    }),
    both("17#5: a malformed path", BAD_NAME, |r| r.admin(last(r"\a\\b"))),
    differ("17#6: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(last(r"\None\Job"))),
    both("17#7: the task is missing", NO_FILE, |r| r.admin(last(r"\None"))),
    both("17#8: a task that one may not read", DENIED, |r| r.alice(last(r"\Write"))),
    both("17#10, 17#11, 17#12: the start and the exit code", OK, |r| {
        let instance = r.started(r"\Job");
        r.now += Duration::minutes(5);
        r.event(Event::Exited { instance, code: 42 });
        let answer = r.call(Who::Bob, &last(r"\Job"));
        let start = SystemTime::from_civil(datetime!(2024-05-15 10:00));
        assert_eq!((answer.last_runtime, answer.last_return_code), (start, 42));
        answer.status
    }),
    windows("RPC-18: it has never run", HResult::SCHED_S_TASK_HAS_NOT_RUN, |r| {
        let answer = r.call(Who::Bob, &last(r"\Job"));
        assert_eq!(answer.last_runtime, SystemTime::default());
        answer.status
    }),
    text("17#10, 17#11: zero if it has never run", OK, |r| {
        let answer = r.call(Who::Bob, &last(r"\Job"));
        assert_eq!((answer.last_runtime, answer.last_return_code), (SystemTime::default(), 0));
        answer.status
    }),
    text("17#11: zero while its first run has not finished", OK, |r| {
        r.started(r"\Job");
        let answer = r.call(Who::Bob, &last(r"\Job"));
        assert_ne!(answer.last_runtime, SystemTime::default());
        assert_eq!(answer.last_return_code, 0);
        answer.status
    }),
    text("17#11: the code of the last execution, whatever was refused since", OK, |r| {
        r.machine.sessions.clear();
        assert_eq!(r.admin(super::run(r"\Alice")), FALSE);
        let answer = r.call(Who::Admin, &last(r"\Alice"));
        assert_eq!(answer.last_return_code, 0);
        answer.status
    }),
    windows("ENGINE-27: 0x41301 while it runs", OK, |r| {
        r.started(r"\Job");
        let answer = r.call(Who::Bob, &last(r"\Job"));
        assert_eq!(answer.last_return_code, 0x41301);
        answer.status
    }),
    both("18#1: the root", INVALID_ARG, |r| r.admin(info(r"\"))),
    both("18#2: a malformed path", BAD_NAME, |r| r.admin(info(r"\a/b"))),
    differ("18#3: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(info(r"\None\Job"))),
    both("18#4, RPC-07: the task is missing", NO_FILE, |r| r.admin(info(r"\None"))),
    both("RPC-07: the path names a folder", NO_FILE, |r| r.admin(info(r"\F"))),
    both("18#5: a task that one may not read", DENIED, |r| r.alice(info(r"\Write"))),
    both("18#7: it runs", OK, |r| {
        r.started(r"\Job");
        assert_eq!(state(r, r"\Job"), (1, TaskState::RUNNING));
        OK
    }),
    both("18#7, ENGINE-27: it runs, although it is disabled", OK, |r| {
        r.started(r"\Job");
        assert_eq!(r.admin(enable(r"\Job", 0)), OK);
        assert_eq!(state(r, r"\Job"), (0, TaskState::RUNNING));
        OK
    }),
    both("18#8: it waits", OK, |r| {
        let trigger = "<RegistrationTrigger><Delay>PT5M</Delay></RegistrationTrigger>";
        let xml = super::task("<UserId>S-1-5-18</UserId>", trigger, "");
        assert_eq!(r.admin(super::register::create(r"\Late", &xml)), OK);
        assert_eq!(state(r, r"\Late"), (1, TaskState::QUEUED));
        OK
    }),
    both("18#9: it is ready", OK, |r| {
        assert_eq!(state(r, r"\Job"), (1, TaskState::READY));
        OK
    }),
    both("18#10: it is disabled", OK, |r| {
        assert_eq!(state(r, r"\Off"), (0, TaskState::DISABLED));
        OK
    }),
    both("RPC-17: without SCH_FLAG_STATE", OK, |r| {
        let answer = r.call(Who::Bob, &SchRpcGetTaskInfo { flags: TaskInfoFlags::NONE, ..info(r"\Job") });
        assert_eq!((answer.enabled, answer.state), (1, TaskState::UNKNOWN));
        answer.status
    }),
    both("18#11, 3.2.5.4.18: undefined bits are ignored", OK, |r| {
        r.admin(SchRpcGetTaskInfo { flags: TaskInfoFlags(0x1000_0001), ..info(r"\Job") })
    }),
    windows("19#1, note 81, RPC-20: always 0", OK, |r| {
        off(r, 3);
        assert_eq!(missed_runs(r, r"\Job"), 0);
        OK
    }),
    text("19#1: since the registration", OK, |r| {
        assert_eq!(missed_runs(r, r"\Job"), 0);
        off(r, 3);
        assert_eq!(missed_runs(r, r"\Job"), 3);
        OK
    }),
    text("19#1: since the last successful run", OK, |r| {
        off(r, 3);
        let instance = r.started(r"\Job");
        assert_eq!(missed_runs(r, r"\Job"), 3);
        r.event(Event::Exited { instance, code: 0 });
        assert_eq!(missed_runs(r, r"\Job"), 0);
        off(r, 1);
        assert_eq!(missed_runs(r, r"\Job"), 1);
        OK
    }),
    both("19#3: a path that leads nowhere", OK, |r| r.admin(missed(r"\None\None"))),
    both("19#4: a malformed path", OK, |r| r.admin(missed(r"\a/b\\"))),
    both("19#5", OK, |r| r.admin(missed(r"\Job"))),
    both("20#1: the root", INVALID_ARG, |r| r.admin(enable(r"\", 1))),
    both("20#2: a malformed path", BAD_NAME, |r| r.admin(enable(r"\Job\", 1))),
    differ("20#3: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(enable(r"\None\Job", 1))),
    both("20#4: the task is missing", NO_FILE, |r| r.admin(enable(r"\None", 1))),
    both("20#4: the path names a folder", NO_FILE, |r| r.admin(enable(r"\F", 1))),
    both("20#5: a task that one may not write", DENIED, |r| r.alice(enable(r"\Read", 0))),
    both("20#6: disabled, in its file as well", OK, |r| {
        assert_eq!(r.admin(enable(r"\Job", 0)), OK);
        assert_eq!(state(r, r"\Job"), (0, TaskState::DISABLED));
        assert!(xml(r, r"\Job").contains("<Enabled>false</Enabled>"));
        let written = |effect: &Effect| matches!(effect, Effect::Write(it) if it.content.is_some() && it.path == r"\Job");
        assert!(r.effects.iter().any(|(_, effect)| written(effect)));
        OK
    }),
    both("20#6: a task that is disabled does not run", OK, |r| {
        assert_eq!(r.admin(enable(r"\Job", 0)), OK);
        r.pass(Duration::days(3));
        assert!(r.starts().iter().all(|start| start.task.to_string() != r"\Job"));
        OK
    }),
    both("20#6: and one that is enabled again does", OK, |r| {
        assert_eq!(r.admin(enable(r"\Job", 0)), OK);
        r.pass(Duration::days(1));
        assert_eq!(r.admin(enable(r"\Job", 1)), OK);
        r.pass(Duration::days(1));
        assert_eq!(r.starts().iter().filter(|start| start.task.to_string() == r"\Job").count(), 1);
        OK
    }),
    both("20#6, RPC-17: any number but 0 is true", OK, |r| {
        assert_eq!(r.admin(enable(r"\Off", 0x8000_0000)), OK);
        assert_eq!(state(r, r"\Off"), (1, TaskState::READY));
        OK
    }),
    both("20#7: by one who may write it", OK, |r| r.alice(enable(r"\Write", 0))),
];

#[test]
fn information_about_tasks() {
    check(ROWS);
}
