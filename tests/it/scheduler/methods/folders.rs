//! SchRpcHighestVersion, SchRpcCreateFolder, SchRpcDelete, SchRpcRename (3.2.5.4.1, 3.2.5.4.4, 3.2.5.4.14, 3.2.5.4.15).

use super::{
    BAD_NAME, DENIED, EXISTS, INVALID_ARG, NO_FILE, NO_PATH, NOT_EMPTY, OK, Rig, Row, Who, both, check,
    differ, text, windows,
};
use time::Duration;
use wintask::{
    Profile,
    definition::SchemaVersion,
    dtyp::HResult,
    rpc::schrpc::*,
    scheduler::{Effect, Options, StoreKind},
};

fn create(path: &str) -> SchRpcCreateFolder {
    SchRpcCreateFolder { path: path.into(), sddl: None, flags: 0 }
}

fn create_with(path: &str, sddl: &str) -> SchRpcCreateFolder {
    SchRpcCreateFolder { path: path.into(), sddl: Some(sddl.into()), flags: 0 }
}

fn delete(path: &str) -> SchRpcDelete {
    SchRpcDelete { path: path.into(), flags: 0 }
}

/// The descriptor's DACL as SDDL.
fn dacl(r: &mut Rig, path: &str) -> String {
    let request = SchRpcGetSecurity { path: path.into(), security_information: 4 };
    r.call(Who::Admin, &request).sddl.unwrap().to_string()
}

/// A path of this many folders.
fn deep(folders: usize) -> String {
    r"\x".repeat(folders)
}

pub const ROWS: &[Row] = &[
    both("4#1: the root", INVALID_ARG, |r| r.admin(create(r"\"))),
    both("4#1, RPC-03: the root as the empty string", INVALID_ARG, |r| r.admin(create(""))),
    both("4#1, RPC-05: flags", INVALID_ARG, |r| r.admin(SchRpcCreateFolder { flags: 1, ..create(r"\New") })),
    both("2.3.11: a malformed path", BAD_NAME, |r| r.admin(create(r"\New\\Sub"))),
    both("2.3.11, RPC-02: a slash", BAD_NAME, |r| r.admin(create(r"\New/Sub"))),
    both("2.3.11: a name that NTFS does not have", BAD_NAME, |r| {
        r.admin(create(&format!(r"\{}", "x".repeat(256))))
    }),
    both("2.3.11: deeper than any file system", BAD_NAME, |r| r.admin(create(&deep(129)))),
    both("2.3.11: as deep as may be", OK, |r| r.admin(create(&deep(128)))),
    windows("RPC-01: a missing backslash is supplied", OK, |r| {
        assert_eq!(r.admin(create("New")), OK);
        if r.exists(r"\New") { OK } else { NO_FILE }
    }),
    both("4#2: not in a folder that one may only read", DENIED, |r| r.alice(create(r"\F\New"))),
    both("4#2: the deepest existing folder decides", DENIED, |r| r.alice(create(r"\F\New\Newer"))),
    both("4#2: FW is the right to add folders", OK, |r| {
        assert_eq!(r.admin(create_with(r"\W", "D:P(A;;FA;;;BA)(A;;FW;;;BU)")), OK);
        r.alice(create(r"\W\New"))
    }),
    differ("4#2, note 70: administrators need no right", OK, DENIED, |r| {
        assert_eq!(r.admin(create_with(r"\W", "D:P(A;;FA;;;SY)")), OK);
        r.admin(create(r"\W\New"))
    }),
    both("4#3, RPC-05: missing parents are created", OK, |r| {
        assert_eq!(r.admin(create(r"\New\Newer\Newest")), OK);
        let folder = |effect: &Effect| matches!(effect, Effect::Write(it) if it.store == StoreKind::Folder);
        assert_eq!(r.effects.iter().filter(|(_, effect)| folder(effect)).count(), 3);
        assert!(r.exists(r"\New\Newer"));
        OK
    }),
    both("4#3: by the descriptor that is stated", OK, |r| {
        assert_eq!(r.admin(create_with(r"\New\Newer", "D:P(A;;FA;;;BA)(A;;FR;;;BU)")), OK);
        for path in [r"\New", r"\New\Newer"] {
            assert!(dacl(r, path).contains("(A;;FA;;;BA)(A;;FR;;;BU)"), "{}", dacl(r, path));
        }
        OK
    }),
    text("4#3: NULL is the descriptor of the deepest existing folder", OK, |r| {
        assert_eq!(r.admin(create(r"\F\New\Newer")), OK);
        let above = dacl(r, r"\F");
        assert_eq!([dacl(r, r"\F\New"), dacl(r, r"\F\New\Newer")], [above.clone(), above]);
        OK
    }),
    windows("RPC-05: an empty descriptor is as NULL", OK, |r| {
        assert_eq!(r.admin(create(r"\A")), OK);
        assert_eq!(r.admin(create_with(r"\B", "")), OK);
        assert_eq!(dacl(r, r"\A"), dacl(r, r"\B"));
        OK
    }),
    both("3.2.5.4.4: a malformed descriptor", INVALID_ARG, |r| r.admin(create_with(r"\New", "nonsense"))),
    both("RPC-05: an existing folder", EXISTS, |r| r.admin(create(r"\F"))),
    both("RPC-05: case makes no difference", EXISTS, |r| r.admin(create(r"\f\SUB"))),
    both("RPC-05: a folder that was created on the way to another", EXISTS, |r| {
        assert_eq!(r.admin(create(r"\New\Newer")), OK);
        r.admin(create(r"\New"))
    }),
    both("RPC-05: an existing task", EXISTS, |r| r.admin(create(r"\Job"))),
    both("RPC-05: below an existing task", EXISTS, |r| r.admin(create(r"\Job\New"))),
    both("4#4", OK, |r| r.admin(create(r"\New"))),
    differ("14#1, note 76, RPC-06: the root", DENIED, INVALID_ARG, |r| r.admin(delete(r"\"))),
    both("14#1, RPC-06: flags", INVALID_ARG, |r| r.admin(SchRpcDelete { flags: 1, ..delete(r"\Job") })),
    both("14#2: a malformed path", BAD_NAME, |r| r.admin(delete(r"\F\"))),
    differ("14#3, RPC-06: the folder is missing", NO_FILE, NO_PATH, |r| r.admin(delete(r"\None\Job"))),
    both("14#4: the task is missing", NO_FILE, |r| r.admin(delete(r"\F\None"))),
    both("14#4, RPC-06: a second time", NO_FILE, |r| {
        assert_eq!(r.admin(delete(r"\Job")), OK);
        r.admin(delete(r"\Job"))
    }),
    windows("14#4, note 77: a task that has expired is deleted once more without an error", OK, |r| {
        expire(r);
        r.admin(delete(r"\Short"))
    }),
    windows("note 77: the first time only", NO_FILE, |r| {
        expire(r);
        assert_eq!(r.admin(delete(r"\Short")), OK);
        r.admin(delete(r"\Short"))
    }),
    windows("note 77: not after the path was used again", NO_FILE, |r| {
        expire(r);
        assert_eq!(r.admin(super::register::create(r"\Short", super::register::PLAIN)), OK);
        assert_eq!(r.admin(delete(r"\Short")), OK);
        r.admin(delete(r"\Short"))
    }),
    text("14#4: a task that has expired is gone", NO_FILE, |r| {
        expire(r);
        r.admin(delete(r"\Short"))
    }),
    both("14#5: without the right to delete", DENIED, |r| r.alice(delete(r"\Job"))),
    both("14#5: with it", OK, |r| r.alice(delete(r"\Alice"))),
    both("14#5: a folder", DENIED, |r| r.alice(delete(r"\F\Sub"))),
    differ("14#5, note 79: administrators need no right", OK, DENIED, |r| {
        let sddl = Some("D:P(A;;FR;;;BU)".into());
        assert_eq!(r.admin(create_with(r"\G", "D:P(A;;FRFW;;;BA)")), OK);
        let task = super::register::create(r"\G\T", super::register::PLAIN);
        assert_eq!(r.admin(SchRpcRegisterTask { sddl, ..task }), OK);
        r.admin(delete(r"\G\T"))
    }),
    both("14#6: the task is gone, and its file", OK, |r| {
        assert_eq!(r.admin(delete(r"\F\T")), OK);
        assert!(!r.exists(r"\F\T") && r.exists(r"\F"));
        let removed = |effect: &Effect| matches!(effect, Effect::Remove { store: StoreKind::Xml, path } if path == r"\F\T");
        assert_eq!(r.effects.iter().filter(|(_, effect)| removed(effect)).count(), 1);
        OK
    }),
    both("14#6: an instance that runs goes on", OK, |r| {
        let instance = r.started(r"\Job");
        assert_eq!(r.admin(delete(r"\Job")), OK);
        // It is seen, and can be stopped; its limit stops it, too.
        let info = SchRpcGetInstanceInfo { guid: instance };
        let info = r.call(Who::Admin, &info);
        assert_eq!((info.status, info.path.unwrap().to_string().as_str()), (OK, r"\Job"));
        assert_eq!(r.admin(SchRpcStopInstance { guid: instance, flags: 0 }), OK);
        assert!(r.state.instance(instance).is_some_and(|it| it.task().is_none() && it.is_stopping()));
        // Another task of that name has nothing to do with it.
        assert_eq!(r.admin(super::register::create(r"\Job", super::register::PLAIN)), OK);
        assert_eq!(r.admin(SchRpcStop { path: Some(r"\Job".into()), flags: 0 }), super::FALSE);
        assert_eq!(r.event(wintask::scheduler::Event::Exited { instance, code: 0 }), None);
        assert!(r.state.instance(instance).is_none());
        OK
    }),
    both("14#7: a folder that is empty", OK, |r| r.admin(delete(r"\F\Sub"))),
    both("RPC-06: a folder with folders", NOT_EMPTY, |r| {
        assert_eq!(r.admin(delete(r"\F\T")), OK);
        r.admin(delete(r"\F"))
    }),
    both("RPC-06: a folder with tasks", NOT_EMPTY, |r| r.admin(delete(r"\Closed"))),
    both("3.2.5.4.15, RPC-08: Rename is not implemented", HResult::E_NOTIMPL, |r| {
        r.admin(SchRpcRename { path: r"\Job".into(), new_name: "New".into(), flags: 0 })
    }),
    both("3.2.5.4.15, RPC-08: whatever it is asked", HResult::E_NOTIMPL, |r| {
        r.bob(SchRpcRename { path: r"\\".into(), new_name: "".into(), flags: 9 })
    }),
];

/// Registers a task that expires, and waits until it has.
fn expire(r: &mut Rig) {
    let trigger = "<TimeTrigger><StartBoundary>2024-05-15T10:10:00Z</StartBoundary>\
                   <EndBoundary>2024-05-15T10:20:00Z</EndBoundary></TimeTrigger>";
    let settings = "<Enabled>true</Enabled><DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>";
    let xml = super::task("<UserId>S-1-5-18</UserId>", trigger, settings);
    assert_eq!(r.admin(super::register::create(r"\Short", &xml)), OK);
    r.pass(Duration::minutes(15));
    let instance = r.starts().last().unwrap().instance;
    r.event(wintask::scheduler::Event::Exited { instance, code: 0 });
    r.pass(Duration::minutes(15));
    assert!(!r.exists(r"\Short"));
}

#[test]
fn folders_and_deletions() {
    check(ROWS);
}

/// 3.2.5.4.1: the version is the server's, 0xMMMMmmmm.
#[test]
fn highest_version() {
    for (version, number) in [
        (SchemaVersion::V1_2, 0x0001_0002),
        (SchemaVersion::V1_3, 0x0001_0003),
        (SchemaVersion::V1_4, 0x0001_0004),
        (SchemaVersion::V1_6, 0x0001_0006),
    ] {
        for profile in [Profile::Windows, Profile::Specification] {
            let mut rig = Rig::with(Options::default().with_profile(profile).with_server_version(version));
            let answer = rig.call(Who::Bob, &SchRpcHighestVersion {});
            assert_eq!((answer.version, answer.status), (number, OK));
        }
    }
}
