//! The loops: [MS-TSCH] 3.1.4.1.4, 3.1.4.3.6.1 and 3.1.4.3.6.2, on the scheduler.

use super::{DEFINITION, Server};
use proptest::prelude::*;
use std::collections::BTreeSet;
use wintask::{
    Profile,
    client::{
        Error, Status, atsvc,
        schrpc::{self, Names, Tree},
    },
    rpc::{
        atsvc::AtInfo,
        schrpc::{Response, SchRpcEnumFolders, SchRpcEnumTasks, TaskLogonType},
    },
    scheduler::{Options, State},
};

fn register(server: &mut Server, path: &str) {
    let register = schrpc::register(path, DEFINITION, TaskLogonType::NONE);
    let response = server.call(&register);
    schrpc::registered(&register, response).unwrap();
}

fn all<C: schrpc::Enumeration>(
    server: &mut Server,
    mut names: Names<C>,
) -> Result<(Vec<String>, usize), Error> {
    let mut calls = 0;
    while let Some(request) = names.request() {
        names.reply(server.call(&request))?;
        calls += 1;
    }
    Ok((names.into_names().iter().map(ToString::to_string).collect(), calls))
}

/// facts of Windows (RPC-15): filled exactly is S_FALSE, and so is the empty answer after it; the specification's S_OK comes
/// with the last name.
#[test]
fn pages_end_with_an_empty_one() {
    for (profile, calls) in [
        (Profile::Windows, [(1, 7), (2, 4), (3, 3), (5, 2), (6, 2), (7, 1)]),
        (Profile::Specification, [(1, 6), (2, 3), (3, 2), (5, 2), (6, 1), (7, 1)]),
    ] {
        let mut server = Server::new();
        server.state = State::new(Options::default().with_profile(profile), 1);
        for name in ["a", "b", "c", "d", "e", "f"] {
            register(&mut server, &format!(r"\{name}"));
        }
        for (page, expected) in calls {
            let (names, calls) = all(&mut server, Names::tasks(r"\", false).with_page(page)).unwrap();
            assert_eq!((names.concat().as_str(), calls), ("abcdef", expected), "{profile:?} {page}");
        }
    }
}

/// Nothing there is S_OK with no names: one call.
#[test]
fn an_empty_folder_is_one_call() {
    let mut server = Server::new();
    assert_eq!(all(&mut server, Names::tasks(r"\", true)), Ok((vec![], 1)));
    assert_eq!(all(&mut server, Names::folders(r"\")), Ok((vec![], 1)));
}

#[test]
fn a_missing_folder_is_refused() {
    let mut server = Server::new();
    let error = all(&mut server, Names::folders(r"\x")).unwrap_err();
    assert_eq!(error.to_string(), "SchRpcEnumFolders was refused: ERROR_FILE_NOT_FOUND (0x80070002)");
    let mut tree = Tree::below(r"\x".parse().unwrap(), false);
    let error = walk(&mut server, &mut tree).unwrap_err();
    assert!(
        matches!(error, Error::Refused(refused) if refused.status == Status::HResult(0x8007_0002.into()))
    );
    assert!(tree.request().is_none());
}

fn walk(server: &mut Server, tree: &mut Tree) -> Result<(), Error> {
    while let Some(request) = tree.request() {
        let opnum = request.opnum();
        let answer =
            server.stub(&wintask::rpc::schrpc::INTERFACE, opnum, &request.encode().unwrap()).unwrap();
        tree.reply(Response::decode(opnum, &answer).unwrap())?;
    }
    Ok(())
}

/// 3.1.4.1.4: the resume handle of one call is that of the next.
#[test]
fn at_jobs_in_any_size_of_page() {
    let mut server = Server::new();
    for hour in 0..9 {
        let job = AtInfo { job_time: hour * 3_600_000, command: Some("c".into()), ..AtInfo::default() };
        server.call(&atsvc::add(job).unwrap());
    }
    for length in [0, 1, 30, 100, 1000, u32::MAX] {
        let mut jobs = atsvc::Jobs::new().with_preferred_length(length);
        while let Some(request) = jobs.request() {
            jobs.reply(server.call(&request)).unwrap();
        }
        let ids: Vec<_> = jobs.jobs().iter().map(|job| job.job_id).collect();
        assert_eq!(ids, (1..=9).collect::<Vec<_>>(), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A whole tree: every folder and every task that was made, once.
    #[test]
    fn a_tree_is_walked_whole(paths in prop::collection::btree_set("[ab]{1,2}(/[ab]{1,2}){0,3}", 0..20)) {
        let mut server = Server::new();
        let (mut folders, mut tasks) = (BTreeSet::new(), BTreeSet::new());
        for path in &paths {
            let folder = format!(r"\{}", path.replace('/', r"\"));
            server.call(&schrpc::create_folder(folder.as_str(), None));
            register(&mut server, &format!(r"{folder}\task"));
            tasks.insert(format!(r"{folder}\task"));
            for (at, _) in folder.match_indices('\\').skip(1) {
                folders.insert(folder[..at].to_owned());
            }
            folders.insert(folder);
        }
        let mut tree = Tree::below(r"\".parse().unwrap(), false);
        walk(&mut server, &mut tree).unwrap();
        let found: Vec<_> = tree.folders().iter().map(ToString::to_string).collect();
        prop_assert_eq!(found.len(), folders.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), folders);
        let found: Vec<_> = tree.tasks().iter().map(ToString::to_string).collect();
        prop_assert_eq!(found.len(), tasks.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), tasks);
        prop_assert!(tree.refused().is_empty());
    }
}

/// Folders that the caller may not list are reported, and the rest is there.
#[test]
fn a_refused_folder_is_reported() {
    let mut tree = Tree::below(r"\".parse().unwrap(), false);
    let mut server = Server::new();
    for path in [r"\a", r"\b", r"\c"] {
        server.call(&schrpc::create_folder(path, None));
        register(&mut server, &format!(r"{path}\task"));
    }
    let mut gone = false;
    while let Some(request) = tree.request() {
        // It is deleted between two calls.
        if tree.folders().len() == 2 && !gone {
            gone = true;
            server.call(&schrpc::delete(r"\b\task"));
            server.call(&schrpc::delete(r"\b"));
        }
        let opnum = request.opnum();
        let answer =
            server.stub(&wintask::rpc::schrpc::INTERFACE, opnum, &request.encode().unwrap()).unwrap();
        tree.reply(Response::decode(opnum, &answer).unwrap()).unwrap();
    }
    let refused: Vec<_> = tree.refused().iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(refused, [r"\b"]);
    let tasks: Vec<_> = tree.tasks().iter().map(ToString::to_string).collect();
    assert_eq!(tasks, [r"\a\task", r"\c\task"]);
}

/// 3.1.4.3.6.1: TASK_ENUM_HIDDEN includes hidden tasks.
#[test]
fn hidden_tasks_only_if_asked_for() {
    let mut server = Server::new();
    let hidden = DEFINITION.replace("<Actions>", "<Settings><Hidden>true</Hidden></Settings><Actions>");
    let request = schrpc::register(r"\h", hidden, TaskLogonType::NONE);
    let response = server.call(&request);
    schrpc::registered(&request, response).unwrap();
    assert_eq!(all(&mut server, Names::<SchRpcEnumTasks>::tasks(r"\", false)).unwrap().0, [""; 0]);
    assert_eq!(all(&mut server, Names::<SchRpcEnumTasks>::tasks(r"\", true)).unwrap().0, ["h"]);
    assert_eq!(all(&mut server, Names::<SchRpcEnumFolders>::folders(r"\")).unwrap().0, [""; 0]);
}
