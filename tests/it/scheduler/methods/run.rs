//! SchRpcRun (3.2.5.4.13).

use super::{
    BAD_NAME, DENIED, FALSE, INVALID_ARG, NO_FILE, NO_PATH, NONE_MAPPED, OK, Rig, Row, Who, both, check,
    differ, run, windows,
};
use wintask::{
    dtyp::HResult,
    ndr::Counted,
    rpc::schrpc::*,
    scheduler::{Caller, Context, Event, NoAccounts, Program},
    security::Sid,
};

fn with(path: &str, flags: RunFlags) -> SchRpcRun {
    SchRpcRun { flags, ..run(path) }
}

fn in_session(path: &str, flags: RunFlags, session_id: u32) -> SchRpcRun {
    SchRpcRun { session_id, ..with(path, flags | RunFlags::USE_SESSION_ID) }
}

fn as_user(path: &str, user: &str) -> SchRpcRun {
    SchRpcRun { user: Some(user.into()), ..run(path) }
}

/// Whom the last start was for, and in which session.
fn ran_as(r: &Rig) -> (Option<Sid>, Option<u32>) {
    let starts = r.starts();
    let start = starts.last().expect("a start");
    (start.user, start.session)
}

/// bob is logged on, in session 2.
fn with_bob(r: &mut Rig) {
    r.machine.sessions.push(Who::Bob.session(2));
}

const SELF: RunFlags = RunFlags::AS_SELF;
const NONE: RunFlags = RunFlags::NONE;

pub const ROWS: &[Row] = &[
    both("13#1: other flags", INVALID_ARG, |r| r.admin(with(r"\Job", RunFlags(0x10)))),
    both("13#2: without the right to execute", DENIED, |r| r.bob(with(r"\Read", SELF))),
    both("13#2: without the right to read", DENIED, |r| r.bob(with(r"\Execute", SELF))),
    windows("13#2, SDDL-19: administrators need not be allowed to execute", OK, |r| {
        // What a task inherits from the root lets nobody execute it.
        let xml = super::task("<UserId>S-1-5-18</UserId>", "", "");
        assert_eq!(r.admin(super::register::create(r"\New", &xml)), OK);
        r.admin(run(r"\New"))
    }),
    both("13#3: a malformed path", BAD_NAME, |r| r.admin(run(r"\Job\"))),
    differ("13#4: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(run(r"\None\Job"))),
    both("13#5: the task is missing", NO_FILE, |r| r.admin(run(r"\None"))),
    both("13#5: the path names a folder", NO_FILE, |r| r.admin(run(r"\F"))),
    both("13#6: AllowStartOnDemand is false", HResult::SCHED_E_START_ON_DEMAND, |r| r.admin(run(r"\Rule"))),
    both("13#7: it is disabled", HResult::SCHED_E_TASK_DISABLED, |r| r.admin(run(r"\Off"))),
    both("13#8: on batteries it does not start, and that is S_OK", OK, |r| {
        r.machine.on_battery = true;
        assert_eq!(r.admin(run(r"\Mains")), OK);
        assert!(r.starts().is_empty());
        OK
    }),
    both("13#8: unless a flag ignores that", OK, |r| {
        r.machine.on_battery = true;
        assert_eq!(r.admin(with(r"\Mains", RunFlags::IGNORE_CONSTRAINTS)), OK);
        assert_eq!(r.starts().len(), 1);
        OK
    }),
    both("13#8: no network, and not idle", OK, |r| {
        let xml = |settings| super::task("<UserId>S-1-5-18</UserId>", "", settings);
        let online = "<RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>";
        let idle = "<RunOnlyIfIdle>true</RunOnlyIfIdle>";
        r.machine.network = false;
        for (path, settings) in [(r"\Online", online), (r"\Idle", idle)] {
            let request = SchRpcRegisterTask {
                sddl: Some(super::OPEN.into()),
                ..super::register::create(path, &xml(settings))
            };
            assert_eq!(r.admin(request), OK);
            assert_eq!(r.admin(run(path)), OK);
        }
        assert!(r.starts().is_empty());
        OK
    }),
    both("13#9: another's task", INVALID_ARG, |r| r.bob(run(r"\Job"))),
    both("13#9: as oneself", OK, |r| {
        with_bob(r);
        assert_eq!(r.bob(with(r"\Job", SELF)), OK);
        assert_eq!(ran_as(r), (Some(Who::Bob.sid()), Some(2)));
        OK
    }),
    both("13#9: one's own", OK, |r| {
        assert_eq!(r.alice(run(r"\Alice")), OK);
        assert_eq!(ran_as(r), (Some(Who::Alice.sid()), Some(1)));
        OK
    }),
    both("13#9, 3.2.5.1.1: as another, which would take a password", INVALID_ARG, |r| {
        with_bob(r);
        r.alice(as_user(r"\Alice", "bob"))
    }),
    both("13#9, 3.2.5.1.1: as the system", INVALID_ARG, |r| r.alice(as_user(r"\Alice", "SYSTEM"))),
    both("13#10: another's session", INVALID_ARG, |r| {
        with_bob(r);
        r.alice(SchRpcRun { user: Some("alice".into()), ..in_session(r"\Alice", NONE, 2) })
    }),
    both("13#10: another's session, and no user", INVALID_ARG, |r| {
        with_bob(r);
        r.alice(in_session(r"\Alice", NONE, 2))
    }),
    both("13#10: one's own session", OK, |r| {
        assert_eq!(r.alice(SchRpcRun { user: Some("alice".into()), ..in_session(r"\Alice", NONE, 1) }), OK);
        assert_eq!(r.alice(in_session(r"\Alice", NONE, 1)), OK);
        assert_eq!(ran_as(r), (Some(Who::Alice.sid()), Some(1)));
        OK
    }),
    both("13#11: as oneself in another's session", INVALID_ARG, |r| {
        with_bob(r);
        r.alice(in_session(r"\Job", SELF, 2))
    }),
    both("13#11: as oneself in one's own", OK, |r| {
        with_bob(r);
        assert_eq!(r.bob(in_session(r"\Job", SELF, 2)), OK);
        assert_eq!(ran_as(r), (Some(Who::Bob.sid()), Some(2)));
        OK
    }),
    both("3.2.5.4.13: a session that does not exist", INVALID_ARG, |r| r.admin(in_session(r"\Job", NONE, 9))),
    both("3.2.5.4.13: the session is ignored unless the flag is set", OK, |r| {
        assert_eq!(r.admin(SchRpcRun { session_id: 9, ..run(r"\Job") }), OK);
        assert_eq!(ran_as(r), (Some(Sid::LOCAL_SYSTEM), None));
        OK
    }),
    both("13#12: a count without arguments", HResult::RPC_E_INVALID_PARAMETER, |r| {
        r.admin(SchRpcRun { args: Counted::Null { count: 2 }, ..run(r"\Job") })
    }),
    both("2.5.9.2: more than 32 arguments", INVALID_ARG, |r| {
        r.admin(SchRpcRun { args: vec![Some("x".into()); 33].into(), ..run(r"\Job") })
    }),
    both("2.5.9.2: 32 arguments", OK, |r| {
        r.admin(SchRpcRun { args: vec![Some("x".into()); 32].into(), ..run(r"\Job") })
    }),
    both("13#14, ENGINE-23: a user who is stated, whatever the session", OK, |r| {
        with_bob(r);
        assert_eq!(r.admin(as_user(r"\Alice", r"HOST\bob")), OK);
        assert_eq!(ran_as(r), (Some(Who::Bob.sid()), Some(2)));
        OK
    }),
    both("13#14: by SID", OK, |r| {
        with_bob(r);
        let sid = Who::Bob.sid().to_string();
        assert_eq!(r.admin(SchRpcRun { flags: RunFlags::USER_SID, ..as_user(r"\Alice", &sid) }), OK);
        assert_eq!(ran_as(r).0, Some(Who::Bob.sid()));
        OK
    }),
    both("13#14: a malformed SID", INVALID_ARG, |r| {
        r.admin(SchRpcRun { flags: RunFlags::USER_SID, ..as_user(r"\Alice", "bob") })
    }),
    both("13#14: nobody has this name", NONE_MAPPED, |r| r.admin(as_user(r"\Alice", "nobody"))),
    both("13#15: oneself", OK, |r| {
        with_bob(r);
        assert_eq!(r.bob(with(r"\Job", SELF)), OK);
        assert_eq!(ran_as(r).0, Some(Who::Bob.sid()));
        OK
    }),
    both("13#14, ENGINE-23: a user who is stated comes before oneself", OK, |r| {
        with_bob(r);
        assert_eq!(r.admin(SchRpcRun { flags: SELF, ..as_user(r"\Job", "bob") }), OK);
        assert_eq!(ran_as(r).0, Some(Who::Bob.sid()));
        OK
    }),
    both("3.2.5.1.1: which makes nobody an administrator", INVALID_ARG, |r| {
        with_bob(r);
        r.bob(SchRpcRun { flags: SELF, ..as_user(r"\Job", "SYSTEM") })
    }),
    both("13#14: the caller's own name, whom the host need not know", FALSE, |r| {
        let caller = Caller::new(r"OTHER\root", Who::Admin.caller().token, true);
        let context = Context::new(r.now, &r.zone, &r.machine, &NoAccounts).with_caller(caller);
        r.state.call(&context, &as_user(r"\Job", r"other\ROOT")).reply.status
    }),
    both("13#16, ENGINE-23: the user of the session", OK, |r| {
        with_bob(r);
        assert_eq!(r.admin(in_session(r"\Alice", NONE, 2)), OK);
        assert_eq!(ran_as(r), (Some(Who::Bob.sid()), Some(2)));
        OK
    }),
    both("13#17: the user of the definition", OK, |r| {
        assert_eq!(r.admin(run(r"\Alice")), OK);
        assert_eq!(ran_as(r), (Some(Who::Alice.sid()), Some(1)));
        assert_eq!(r.admin(run(r"\Job")), OK);
        assert_eq!(ran_as(r), (Some(Sid::LOCAL_SYSTEM), None));
        OK
    }),
    both("13#18: arguments", OK, |r| {
        assert_eq!(r.admin(SchRpcRun { args: vec![Some("/quiet".into())].into(), ..run(r"\Job") }), OK);
        let starts = r.starts();
        let Program::Exec { arguments, .. } = &starts[0].program else { panic!("not a program") };
        assert_eq!(arguments.as_deref(), Some("/quiet"));
        assert_eq!((starts[0].action, starts[0].trigger), (0, None));
        OK
    }),
    both("13#19, 13#21: the instance", OK, |r| {
        let answer = r.call(Who::Admin, &run(r"\Job"));
        assert_eq!(r.starts()[0].instance, answer.guid);
        answer.status
    }),
    both("13#20: nobody to run as", FALSE, |r| {
        r.machine.sessions.clear();
        let answer = r.call(Who::Admin, &run(r"\Alice"));
        assert!(r.starts().is_empty());
        answer.status
    }),
    both("3.2.5.4.13: IgnoreNew, and that is S_OK", OK, |r| {
        r.started(r"\Job");
        assert_eq!(r.admin(run(r"\Job")), OK);
        assert_eq!(r.starts().len(), 1);
        OK
    }),
    both("3.2.5.4.13: and starts once the first has ended", OK, |r| {
        let instance = r.started(r"\Job");
        r.event(Event::Exited { instance, code: 0 });
        r.started(r"\Job");
        OK
    }),
];

#[test]
fn runs_on_demand() {
    check(ROWS);
}
