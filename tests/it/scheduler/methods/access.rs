//! SchRpcSetSecurity and SchRpcGetSecurity (3.2.5.4.5, 3.2.5.4.6).

use super::{BAD_NAME, DENIED, INVALID_ARG, NO_FILE, NO_PATH, OK, Row, Who, both, check, differ};
use wintask::{
    rpc::schrpc::*,
    scheduler::{Effect, StoreKind},
};

const NEW: &str = "D:P(A;;FA;;;BA)(A;;FR;;;WD)";

fn set(path: &str) -> SchRpcSetSecurity {
    SchRpcSetSecurity { path: path.into(), sddl: NEW.into(), flags: SecurityFlags::NONE }
}

fn flagged(path: &str, flags: SecurityFlags) -> SchRpcSetSecurity {
    SchRpcSetSecurity { flags, ..set(path) }
}

/// Owner 1, group 2, DACL 4, SACL 8.
fn get(path: &str, parts: u32) -> SchRpcGetSecurity {
    SchRpcGetSecurity { path: path.into(), security_information: parts }
}

fn sddl(r: &mut super::Rig, path: &str, parts: u32) -> String {
    r.call(Who::Admin, &get(path, parts)).sddl.unwrap().to_string()
}

pub const ROWS: &[Row] = &[
    both("5#1: other bits", INVALID_ARG, |r| r.admin(flagged(r"\Job", SecurityFlags(1)))),
    both("5#2: a malformed path", BAD_NAME, |r| r.admin(set(r"\Job\"))),
    both("5#3: the folder is missing", NO_PATH, |r| r.admin(set(r"\None\Job"))),
    both("5#4: the task is missing, by the same code", NO_PATH, |r| r.admin(set(r"\None"))),
    both("5#3: SCH_FLAG_FOLDER, and the path names a task", NO_PATH, |r| {
        r.admin(flagged(r"\Job", SecurityFlags::FOLDER))
    }),
    both("5#4: SCH_FLAG_TASK, and the path names a folder", NO_PATH, |r| {
        r.admin(flagged(r"\F", SecurityFlags::TASK))
    }),
    both("5#5: a task that one may not write", DENIED, |r| r.alice(set(r"\Read"))),
    both("5#5: a folder that one may not write", DENIED, |r| r.alice(set(r"\F"))),
    both("5#5: a task that one may write", OK, |r| r.alice(set(r"\Alice"))),
    both("5#6: no descriptor", INVALID_ARG, |r| {
        r.admin(SchRpcSetSecurity { sddl: "".into(), ..set(r"\Job") })
    }),
    both("5#6: a malformed descriptor", INVALID_ARG, |r| {
        r.admin(SchRpcSetSecurity { sddl: "D:(X)".into(), ..set(r"\Job") })
    }),
    both("5#7: a task, and its principal may read it", OK, |r| {
        assert_eq!(r.admin(flagged(r"\Alice", SecurityFlags::TASK)), OK);
        let alice = Who::Alice.sid();
        assert_eq!(sddl(r, r"\Alice", 4), format!("{NEW}(A;;FR;;;{alice})"));
        let is = |effect: &Effect| matches!(effect, Effect::Write(it) if it.store == StoreKind::Xml && it.content.is_none());
        assert!(r.effects.iter().any(|(_, effect)| is(effect)));
        OK
    }),
    both("5#7: TASK_DONT_ADD_PRINCIPAL_ACE", OK, |r| {
        let flags = SecurityFlags::TASK | SecurityFlags::DONT_ADD_PRINCIPAL_ACE;
        assert_eq!(r.admin(flagged(r"\Alice", flags)), OK);
        assert_eq!(sddl(r, r"\Alice", 4), NEW);
        OK
    }),
    both("5#7: a folder", OK, |r| {
        assert_eq!(r.admin(flagged(r"\F", SecurityFlags::FOLDER)), OK);
        assert_eq!(sddl(r, r"\F", 4), NEW);
        OK
    }),
    both("5#7: the root", OK, |r| {
        assert_eq!(r.admin(set(r"\")), OK);
        assert_eq!(sddl(r, r"\", 4), NEW);
        OK
    }),
    both("5#7: what is not stated stays", OK, |r| {
        let owner = sddl(r, r"\Job", 3);
        assert!(owner.starts_with("O:"), "{owner}");
        assert_eq!(r.admin(set(r"\Job")), OK);
        assert_eq!(sddl(r, r"\Job", 3), owner);
        OK
    }),
    both("5#7: it takes effect at once", DENIED, |r| {
        assert_eq!(r.alice(get(r"\Read", 4)), OK);
        assert_eq!(r.admin(SchRpcSetSecurity { sddl: "D:P(A;;FA;;;BA)".into(), ..set(r"\Read") }), OK);
        r.alice(get(r"\Read", 4))
    }),
    both("5#8", OK, |r| r.admin(set(r"\Job"))),
    both("6#2: a malformed path", BAD_NAME, |r| r.admin(get(r"\a\\b", 4))),
    differ("6#3: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(get(r"\None\Job", 4))),
    both("6#4: the task is missing", NO_FILE, |r| r.admin(get(r"\F\None", 4))),
    both("6#5: a task that one may not read", DENIED, |r| r.alice(get(r"\Closed\T", 4))),
    both("6#5: a folder that one may not read", DENIED, |r| r.alice(get(r"\Closed", 4))),
    both("6#5: the SACL takes a privilege", DENIED, |r| r.alice(get(r"\Read", 8))),
    both("6#6: what is asked for, and nothing else", OK, |r| {
        assert_eq!(sddl(r, r"\Job", 4), super::OPEN.replace("FRFX", "0x1200a9"));
        let owner = sddl(r, r"\Job", 1);
        assert!(owner.starts_with("O:") && !owner.contains("D:") && !owner.contains("G:"), "{owner}");
        OK
    }),
    both("6#7: nothing asked for, nothing in it", OK, |r| {
        assert_eq!(sddl(r, r"\Job", 0), "");
        OK
    }),
    both("6#8", OK, |r| r.alice(get(r"\Read", 4))),
];

#[test]
fn descriptors() {
    check(ROWS);
}
