//! SchRpcEnumFolders and SchRpcEnumTasks (3.2.5.4.7, 3.2.5.4.8).

use super::{
    BAD_NAME, DENIED, FALSE, INVALID_ARG, NO_FILE, NO_PATH, OK, Rig, Row, Who, both, check, differ, text,
    windows,
};
use crate::scheduler::rig::Known;
use wintask::{dtyp::HResult, rpc::schrpc::*, scheduler::Context};

fn folders(path: &str, start: u32, requested: u32) -> SchRpcEnumFolders {
    SchRpcEnumFolders { path: path.into(), flags: EnumFlags::NONE, start_index: start, requested }
}

fn tasks(path: &str, start: u32, requested: u32) -> SchRpcEnumTasks {
    SchRpcEnumTasks { path: path.into(), flags: EnumFlags::NONE, start_index: start, requested }
}

fn list(names: &TaskNames) -> Vec<String> {
    names.as_slice().iter().map(|name| name.as_ref().unwrap().to_string()).collect()
}

/// The status, the names and the index to go on at.
fn f(r: &mut Rig, who: Who, request: &SchRpcEnumFolders) -> (HResult, Vec<String>, u32) {
    let answer = r.call(who, request);
    (answer.status, list(&answer.names), answer.start_index)
}

fn t(r: &mut Rig, who: Who, request: &SchRpcEnumTasks) -> (HResult, Vec<String>, u32) {
    let answer = r.call(who, request);
    (answer.status, list(&answer.names), answer.start_index)
}

/// Three folders in one that anybody may read.
fn three(r: &mut Rig) {
    for name in ["A", "B", "C"] {
        let request = SchRpcCreateFolder {
            path: format!(r"\F\Sub\{name}").as_str().into(),
            sddl: Some("D:P(A;;FA;;;BA)(A;;FR;;;BU)".into()),
            flags: 0,
        };
        assert_eq!(r.admin(request), OK);
    }
}

/// Long names of 300 folders: more than fits into one answer.
fn many(r: &mut Rig) {
    for number in 0..300 {
        let path = format!(r"\F\Sub\{number:03}{}", "x".repeat(200));
        let request = SchRpcCreateFolder { path: path.as_str().into(), sddl: None, flags: 0 };
        // Without the checks of each call, which would take long.
        let context = Context::new(r.now, &r.zone, &r.machine, &Known).with_caller(Who::Admin.caller());
        assert_eq!(r.state.call(&context, &request).reply.status, OK);
    }
}

pub const ROWS: &[Row] = &[
    both("7#1: other flags", INVALID_ARG, |r| {
        r.admin(SchRpcEnumFolders { flags: EnumFlags(2), ..folders(r"\", 0, 0) })
    }),
    both("7#1: TASK_ENUM_HIDDEN", FALSE, |r| {
        r.admin(SchRpcEnumFolders { flags: EnumFlags::HIDDEN, ..folders(r"\", 0, 1) })
    }),
    both("2.3.11: a malformed path", BAD_NAME, |r| r.admin(folders(r"\a\", 0, 1))),
    differ("7#2, RPC-15: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(folders(r"\None", 0, 9))),
    differ("7#2, RPC-15: its parent is missing", NO_FILE, NO_PATH, |r| r.admin(folders(r"\None\None", 0, 9))),
    differ("7#2: the path names a task", NO_FILE, NO_PATH, |r| r.admin(folders(r"\Job", 0, 9))),
    differ("7#2: neither read nor write access", NO_FILE, NO_PATH, |r| r.alice(folders(r"\Closed", 0, 9))),
    both("7#3, 7#4, 7#5, 7#6: the root's, by bare names", OK, |r| {
        assert_eq!(f(r, Who::Admin, &folders(r"\", 0, 9)), (OK, vec!["Closed".into(), "F".into()], 2));
        OK
    }),
    both("7#3: from an index on", OK, |r| {
        three(r);
        assert_eq!(f(r, Who::Admin, &folders(r"\F\Sub", 1, 9)), (OK, vec!["B".into(), "C".into()], 3));
        OK
    }),
    both("7#3, 7#7: no more than asked for, and S_FALSE", FALSE, |r| {
        three(r);
        assert_eq!(f(r, Who::Admin, &folders(r"\F\Sub", 0, 2)), (FALSE, vec!["A".into(), "B".into()], 2));
        FALSE
    }),
    differ("7#7, RPC-15: exactly filled", FALSE, OK, |r| {
        three(r);
        let (status, names, next) = f(r, Who::Admin, &folders(r"\F\Sub", 0, 3));
        assert_eq!((names.len(), next), (3, 3));
        status
    }),
    both("7#7: after the last", OK, |r| {
        three(r);
        assert_eq!(f(r, Who::Admin, &folders(r"\F\Sub", 3, 2)), (OK, vec![], 3));
        OK
    }),
    differ("7#7, RPC-15: past the end", FALSE, OK, |r| {
        three(r);
        let answer = r.call(Who::Admin, &folders(r"\F\Sub", 10, 2));
        assert_eq!((answer.start_index, answer.names), (10, TaskNames::default()));
        answer.status
    }),
    both("RPC-15: nothing there", OK, |r| {
        let answer = r.call(Who::Admin, &folders(r"\F\Sub", 0, 2));
        assert_eq!((answer.start_index, answer.names), (0, TaskNames::default()));
        answer.status
    }),
    windows("RPC-15: 0 asks for all", OK, |r| {
        three(r);
        assert_eq!(f(r, Who::Admin, &folders(r"\F\Sub", 0, 0)).1.len(), 3);
        OK
    }),
    text("7#3: not more than 0 when 0 are asked for", FALSE, |r| {
        three(r);
        assert_eq!(f(r, Who::Admin, &folders(r"\F\Sub", 0, 0)), (FALSE, vec![], 0));
        FALSE
    }),
    both("7#3: folders that one may neither read nor write are skipped", OK, |r| {
        // Without the right to the root there is nothing to see in it.
        let set = SchRpcSetSecurity {
            path: r"\".into(),
            sddl: "D:P(A;;FA;;;BA)(A;;FR;;;BU)".into(),
            flags: SecurityFlags::NONE,
        };
        assert_eq!(r.admin(set), OK);
        assert_eq!(f(r, Who::Alice, &folders(r"\", 0, 9)), (OK, vec!["F".into()], 1));
        OK
    }),
    both("7#3, note 71, ENGINE-30: 64 KiB of names at most", OK, |r| {
        many(r);
        let (mut start, mut all, mut calls) = (0, Vec::new(), 0);
        loop {
            let (status, names, next) = f(r, Who::Admin, &folders(r"\F\Sub", start, 1000));
            let bytes: usize = names.iter().map(|name| 2 * (name.len() + 1)).sum();
            assert!(bytes <= 64 << 10 && next as usize == start as usize + names.len());
            all.extend(names);
            calls += 1;
            start = next;
            if status == OK {
                break;
            }
            assert_eq!(status, FALSE);
        }
        assert_eq!((all.len(), calls), (300, 2));
        OK
    }),
    both("8#1: other flags", INVALID_ARG, |r| {
        r.admin(SchRpcEnumTasks { flags: EnumFlags(4), ..tasks(r"\", 0, 0) })
    }),
    both("8#2: a malformed path", BAD_NAME, |r| r.admin(tasks(r"\a\\b", 0, 1))),
    differ("8#3, RPC-15: the path does not exist", NO_FILE, NO_PATH, |r| r.admin(tasks(r"\None\None", 0, 9))),
    both("8#4, RPC-15: the folder is missing", NO_FILE, |r| r.admin(tasks(r"\None", 0, 9))),
    both("8#4: the path names a task", NO_FILE, |r| r.admin(tasks(r"\Job", 0, 9))),
    both("8#4: neither read nor write access", NO_FILE, |r| r.alice(tasks(r"\Closed", 0, 9))),
    both("8#5, 8#6, 8#7, 8#8: without the hidden ones", OK, |r| {
        let (status, names, next) = t(r, Who::Admin, &tasks(r"\", 0, 99));
        let all = ["Alice", "Execute", "Job", "Logon", "Mains", "Off", "Read", "Rule", "Write"];
        assert_eq!((names, next), (all.map(String::from).to_vec(), 9));
        status
    }),
    both("8#5: with them", OK, |r| {
        let (status, names, _) =
            t(r, Who::Admin, &SchRpcEnumTasks { flags: EnumFlags::HIDDEN, ..tasks(r"\", 0, 99) });
        assert!(names.contains(&"Hidden".to_owned()) && names.len() == 10);
        status
    }),
    both("8#5: tasks that one may neither read nor write are skipped", OK, |r| {
        let (status, names, _) = t(r, Who::Bob, &tasks(r"\", 0, 99));
        assert_eq!(names, ["Job", "Logon", "Mains", "Off", "Read", "Rule", "Write"]);
        status
    }),
    both("8#5: the tasks of the folder, and not of those below", OK, |r| {
        assert_eq!(t(r, Who::Bob, &tasks(r"\F", 0, 99)), (OK, vec!["T".into()], 1));
        OK
    }),
    both("8#5: from an index on, no more than asked for", FALSE, |r| {
        let (status, names, next) = t(r, Who::Admin, &tasks(r"\", 2, 2));
        assert_eq!((names, next), (vec!["Job".into(), "Logon".into()], 4));
        status
    }),
    differ("8#9, RPC-15: exactly filled", FALSE, OK, |r| t(r, Who::Bob, &tasks(r"\F", 0, 1)).0),
    differ("8#9, RPC-15: past the end", FALSE, OK, |r| {
        let (status, names, next) = t(r, Who::Bob, &tasks(r"\F", 7, 1));
        assert_eq!((names, next), (vec![], 7));
        status
    }),
    both("8#9: nothing there", OK, |r| {
        assert_eq!(t(r, Who::Bob, &tasks(r"\F\Sub", 0, 1)), (OK, vec![], 0));
        OK
    }),
    both("3.2.5.4.8: who may not see the folder is not told that it is there", NO_FILE, |r| {
        assert_ne!(r.alice(tasks(r"\Closed", 0, 1)), DENIED);
        r.alice(tasks(r"\Closed", 0, 1))
    }),
];

#[test]
fn enumerations() {
    check(ROWS);
}
