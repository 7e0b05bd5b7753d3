//! SchRpcEnumInstances, SchRpcGetInstanceInfo, SchRpcStopInstance, SchRpcStop (3.2.5.4.9 to 3.2.5.4.12).

use super::{
    BAD_NAME, DENIED, FALSE, INVALID_ARG, NO_FILE, NOT_RUNNING, OK, Rig, Row, Who, both, check, text, windows,
};
use uuid::{Uuid, uuid};
use wintask::{
    ndr::Counted,
    rpc::schrpc::*,
    scheduler::{Effect, Event},
};

const UNKNOWN: Uuid = uuid!("01234567-89ab-cdef-0123-456789abcdef");

fn instances(path: Option<&str>) -> SchRpcEnumInstances {
    SchRpcEnumInstances { path: path.map(Into::into), flags: EnumFlags::NONE }
}

fn found(r: &mut Rig, who: Who, request: &SchRpcEnumInstances) -> Vec<Uuid> {
    let answer = r.call(who, request);
    assert_eq!(answer.status, OK);
    answer.guids.as_slice().to_vec()
}

fn info(guid: Uuid) -> SchRpcGetInstanceInfo {
    SchRpcGetInstanceInfo { guid }
}

fn stop(path: &str) -> SchRpcStop {
    SchRpcStop { path: Some(path.into()), flags: 0 }
}

fn stop_instance(guid: Uuid) -> SchRpcStopInstance {
    SchRpcStopInstance { guid, flags: 0 }
}

/// How often an instance was asked to stop.
fn stops(r: &Rig, guid: Uuid) -> usize {
    let is =
        |effect: &Effect| matches!(effect, Effect::Stop { instance, force: false, .. } if *instance == guid);
    r.effects.iter().filter(|(_, effect)| is(effect)).count()
}

/// A task whose logon trigger has a delay, and an instance that waits for it.
fn delayed(r: &mut Rig) -> Uuid {
    let trigger = "<LogonTrigger><Delay>PT5M</Delay></LogonTrigger>";
    let xml = super::task("<UserId>S-1-5-18</UserId>", trigger, "");
    assert_eq!(r.admin(super::register::create(r"\Late", &xml)), OK);
    let session = Who::Bob.session(2);
    r.machine.sessions.push(session.clone());
    r.event(Event::Logon(session));
    let all = found(r, Who::Admin, &instances(Some(r"\Late")));
    assert_eq!(all.len(), 1);
    all[0]
}

pub const ROWS: &[Row] = &[
    both("9#1: other flags", INVALID_ARG, |r| {
        r.admin(SchRpcEnumInstances { flags: EnumFlags(8), ..instances(None) })
    }),
    both("9#2: a malformed path", BAD_NAME, |r| r.admin(instances(Some(r"\a/b")))),
    both("9#3: the task is missing", NO_FILE, |r| r.admin(instances(Some(r"\None")))),
    both("9#3: its folder is missing, by the same code", NO_FILE, |r| {
        r.admin(instances(Some(r"\None\None")))
    }),
    both("9#3: the path names a folder", NO_FILE, |r| r.admin(instances(Some(r"\F")))),
    both("9#4, 9#5, 9#6: those of the task", OK, |r| {
        let (job, other) = (r.started(r"\Job"), r.started(r"\F\T"));
        assert_eq!(found(r, Who::Admin, &instances(Some(r"\job"))), [job]);
        assert_eq!(found(r, Who::Bob, &instances(Some(r"\F\T"))), [other]);
        OK
    }),
    both("9#4, RPC-16: those of all tasks, in the order in which they came to be", OK, |r| {
        let all = [r.started(r"\Job"), r.started(r"\F\T"), r.started(r"\Alice")];
        assert_eq!(found(r, Who::Admin, &instances(None)), all);
        OK
    }),
    both("9#4: without those of tasks that one may not read", OK, |r| {
        let all = [r.started(r"\Job"), r.started(r"\Closed\T"), r.started(r"\Alice")];
        assert_eq!(found(r, Who::Bob, &instances(None)), all[..1]);
        assert_eq!(found(r, Who::Alice, &instances(None)), [all[0], all[2]]);
        assert!(found(r, Who::Bob, &instances(Some(r"\Closed\T"))).is_empty());
        OK
    }),
    both("9#4: without those of hidden tasks", OK, |r| {
        let hidden = r.started(r"\Hidden");
        assert!(found(r, Who::Admin, &instances(None)).is_empty());
        let all = SchRpcEnumInstances { flags: EnumFlags::HIDDEN, ..instances(None) };
        assert_eq!(found(r, Who::Admin, &all), [hidden]);
        OK
    }),
    both("9#7, RPC-16: none", OK, |r| {
        let answer = r.call(Who::Bob, &instances(None));
        assert_eq!(answer.guids, Counted::default());
        answer.status
    }),
    both("10#1: unknown", NOT_RUNNING, |r| r.admin(info(UNKNOWN))),
    both("10#1: it has ended", NOT_RUNNING, |r| {
        let instance = r.started(r"\Job");
        r.event(Event::Exited { instance, code: 0 });
        r.admin(info(instance))
    }),
    both("10#2: of a task that one may not read", DENIED, |r| {
        let instance = r.started(r"\Closed\T");
        r.bob(info(instance))
    }),
    both("10#3, 10#4, 10#5, 10#6, 10#7, 10#8, 10#9: running", OK, |r| {
        let instance = r.started(r"\F\T");
        let answer = r.call(Who::Bob, &info(instance));
        assert_eq!(answer.path, Some(r"\F\T".into()));
        assert_eq!((answer.state, answer.current_action), (TaskState::RUNNING, Some("Act".into())));
        assert_eq!(
            (answer.info, answer.group_instances, answer.engine_pid),
            (None, Counted::default(), 4711)
        );
        answer.status
    }),
    both("10#5: an action without an id goes by its program", OK, |r| {
        assert_eq!(
            r.admin(super::register::create(r"\Plain", &super::task("", "", "").replace(" id=\"Act\"", ""))),
            OK
        );
        r.machine.sessions.push(Who::Admin.session(5));
        let guid = r.started(r"\Plain");
        let answer = r.call(Who::Admin, &info(guid));
        assert_eq!(answer.current_action, Some("a.exe".into()));
        answer.status
    }),
    both("10#4, 10#5: queued, and no action", OK, |r| {
        let instance = delayed(r);
        let answer = r.call(Who::Admin, &info(instance));
        assert_eq!((answer.state, answer.current_action), (TaskState::QUEUED, None));
        answer.status
    }),
    both("10#10", OK, |r| {
        let instance = r.started(r"\Job");
        r.bob(info(instance))
    }),
    both("11#1: flags", INVALID_ARG, |r| {
        let instance = r.started(r"\Job");
        r.admin(SchRpcStopInstance { flags: 1, ..stop_instance(instance) })
    }),
    both("11#2, RPC-19: unknown", NOT_RUNNING, |r| r.admin(stop_instance(UNKNOWN))),
    both("11#3: of a task that one may not execute", DENIED, |r| {
        let instance = r.started(r"\Read");
        r.bob(stop_instance(instance))
    }),
    both("11#4: it is asked to stop", OK, |r| {
        let instance = r.started(r"\Job");
        assert_eq!(r.bob(stop_instance(instance)), OK);
        assert_eq!(stops(r, instance), 1);
        OK
    }),
    both("11#4, 3.2.5.1.3: it is gone when it has ended", NOT_RUNNING, |r| {
        let instance = r.started(r"\Job");
        assert_eq!(r.bob(stop_instance(instance)), OK);
        assert_eq!(r.bob(info(instance)), OK);
        r.event(Event::Exited { instance, code: 1 });
        r.bob(stop_instance(instance))
    }),
    both("11#4: one that waits is gone at once", NOT_RUNNING, |r| {
        let instance = delayed(r);
        assert_eq!(r.admin(stop_instance(instance)), OK);
        assert_eq!(stops(r, instance), 0);
        r.admin(info(instance))
    }),
    both("11#5", OK, |r| {
        let instance = r.started(r"\Job");
        r.admin(stop_instance(instance))
    }),
    both("12#1: flags", INVALID_ARG, |r| r.admin(SchRpcStop { flags: 1, ..stop(r"\Job") })),
    both("12#1: no path", INVALID_ARG, |r| r.admin(SchRpcStop { path: None, flags: 0 })),
    both("12#2: a malformed path", BAD_NAME, |r| r.admin(stop(r"\Job\"))),
    both("12#3: the task is missing", NO_FILE, |r| r.admin(stop(r"\None"))),
    both("12#3: its folder is missing, by the same code", NO_FILE, |r| r.admin(stop(r"\None\None"))),
    both("12#4: all instances of the task, and no others", OK, |r| {
        let (job, other) = (r.started(r"\Job"), r.started(r"\F\T"));
        assert_eq!(r.bob(stop(r"\Job")), OK);
        assert_eq!((stops(r, job), stops(r, other)), (1, 0));
        OK
    }),
    both("12#4: not without the right to execute", FALSE, |r| {
        let instance = r.started(r"\Read");
        let answer = r.bob(stop(r"\Read"));
        assert_eq!(stops(r, instance), 0);
        answer
    }),
    text("12#5: a hidden task is not stopped", OK, |r| {
        let instance = r.started(r"\Hidden");
        assert_eq!(r.admin(stop(r"\Hidden")), OK);
        assert_eq!(stops(r, instance), 0);
        OK
    }),
    windows("12#5, note 75: it is", OK, |r| {
        let instance = r.started(r"\Hidden");
        assert_eq!(r.admin(stop(r"\Hidden")), OK);
        assert_eq!(stops(r, instance), 1);
        OK
    }),
    both("12#6, RPC-19: nothing to stop", FALSE, |r| r.admin(stop(r"\Job"))),
    both("12#6: one that waits", OK, |r| {
        delayed(r);
        r.admin(stop(r"\Late"))
    }),
];

#[test]
fn instances_and_stops() {
    check(ROWS);
}
