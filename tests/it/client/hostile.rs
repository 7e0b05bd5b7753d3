//! Untrusted servers: every loop ends within bounds, regardless of the answers.

use proptest::prelude::*;
use wintask::{
    HResult,
    client::{
        Error, NameErrorKind,
        atsvc::Jobs,
        schrpc::{Names, Tree},
    },
    definition::TaskPathErrorKind,
    dtyp::{NetApiStatus, WideString},
    limits,
    rpc::{
        atsvc::{AtEnum, AtEnumContainer, NetrJobEnumResponse},
        schrpc::{Response, SchRpcEnumFoldersResponse, SchRpcEnumTasksResponse},
    },
};

fn page(start_index: u32, names: Vec<Option<WideString>>, status: HResult) -> SchRpcEnumTasksResponse {
    SchRpcEnumTasksResponse { start_index, names: names.into(), status }
}

/// S_FALSE without an index that is higher.
#[test]
fn an_index_that_does_not_advance() {
    let mut names = Names::tasks(r"\", false);
    names.reply(page(3, vec![Some("a".into())], HResult::S_FALSE)).unwrap();
    assert_eq!(names.request().unwrap().start_index, 3);
    let error = names.reply(page(3, vec![Some("b".into())], HResult::S_FALSE)).unwrap_err();
    assert_eq!(error, Error::NoProgress { at: 3, next: 3 });
    assert_eq!(error.to_string(), "the enumeration does not advance: it continues at 3 after 3");
    // It is over, and what there was remains.
    assert_eq!((names.request(), names.names().len()), (None, 2));
    assert_eq!(names.reply(page(9, vec![], HResult::S_OK)), Err(Error::UnexpectedResponse));
}

#[test]
fn a_null_name() {
    let mut names = Names::tasks(r"\", false);
    assert_eq!(names.reply(page(1, vec![None], HResult::S_OK)), Err(Error::NullName));
}

/// A server without end: the loop stops at the limit.
#[test]
fn names_without_end() {
    let name: WideString = "n".repeat(1 << 20).into();
    let mut names = Names::tasks(r"\", false);
    let mut calls = 0;
    let error = loop {
        let Some(request) = names.request() else { panic!("ended without an error") };
        let answer = page(request.start_index + 1, vec![Some(name.clone())], HResult::S_FALSE);
        match names.reply(answer) {
            Ok(()) => calls += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, Error::TooLarge);
    assert_eq!(error.to_string(), "the enumeration exceeds 268435456 bytes");
    assert!(calls < limits::LISTED_BYTES >> 20);
}

/// Resume handles that stay, and answers without jobs.
#[test]
fn jobs_that_do_not_advance() {
    let answer = |ids: &[u32], resume_handle, status| NetrJobEnumResponse {
        enum_container: AtEnumContainer {
            buffer: ids
                .iter()
                .map(|id| AtEnum { job_id: *id, ..AtEnum::default() })
                .collect::<Vec<_>>()
                .into(),
        },
        total_entries: 9,
        resume_handle,
        status: NetApiStatus(status),
    };
    const MORE: u32 = 234;
    for (first, error) in [
        (answer(&[1], Some(0), MORE), Error::NoProgress { at: 0, next: 0 }),
        (answer(&[1], None, MORE), Error::NoProgress { at: 0, next: 0 }),
        (answer(&[], Some(1), MORE), Error::NoProgress { at: 0, next: 1 }),
    ] {
        let mut jobs = Jobs::new();
        assert_eq!(jobs.reply(first), Err(error));
        assert!(jobs.request().is_none());
    }
    let mut jobs = Jobs::new();
    jobs.reply(answer(&[1], Some(5), MORE)).unwrap();
    assert_eq!(jobs.request().unwrap().resume_handle, Some(5));
    let refused = jobs.reply(answer(&[], None, 5)).unwrap_err();
    assert_eq!(refused.to_string(), "NetrJobEnum was refused: ERROR_ACCESS_DENIED (5)");
    assert_eq!(jobs.into_jobs().len(), 1);
}

/// Names that lead out of the folder, or nowhere ([MS-TSCH] 2.3.11).
#[test]
fn names_that_nothing_can_have() {
    for (name, kind) in [
        (r"a\b", NameErrorKind::Separator),
        (r"\", NameErrorKind::Separator),
        ("..", TaskPathErrorKind::DotDot.into()),
        ("", TaskPathErrorKind::EmptyName.into()),
        ("a/b", TaskPathErrorKind::Forbidden('/').into()),
        (" a", TaskPathErrorKind::LeadingSpace.into()),
    ] {
        let mut tree = Tree::below(r"\f".parse().unwrap(), false);
        let names = vec![Some(name.into())];
        let answer = SchRpcEnumFoldersResponse { start_index: 1, names: names.into(), status: HResult::S_OK };
        let error = tree.reply(Response::from(answer)).unwrap_err();
        assert_eq!(error, Error::Name { folder: r"\f".parse().unwrap(), kind }, "{name:?}");
        assert!(tree.request().is_none());
    }
}

/// The answer to another call.
#[test]
fn an_answer_to_something_else() {
    let mut tree = Tree::below(r"\".parse().unwrap(), false);
    assert_eq!(tree.reply(page(0, vec![], HResult::S_OK).into()), Err(Error::UnexpectedResponse));
}

/// A folder that contains itself: the paths become longer until the limit.
#[test]
fn folders_without_end() {
    let name = "n".repeat(100_000);
    let mut tree = Tree::below(r"\".parse().unwrap(), false);
    let error = loop {
        let Some(request) = tree.request() else { panic!("ended without an error") };
        let status = HResult::S_OK;
        let answer: Response = if request.opnum() == 6 {
            let names = vec![Some(name.as_str().into())].into();
            SchRpcEnumFoldersResponse { start_index: 1, names, status }.into()
        } else {
            page(0, vec![], status).into()
        };
        if let Err(error) = tree.reply(answer) {
            break error;
        }
    };
    assert_eq!(error, Error::TooLarge);
    // 1 + 2 + … + n names of 200 KB.
    assert!(tree.folders().len() < 52, "{}", tree.folders().len());
}

proptest! {
    /// Whatever a server answers, the loop ends after as many calls as there were names, and one more.
    #[test]
    fn loops_end(answers in prop::collection::vec(
        (any::<u8>(), prop::collection::vec(prop::option::weighted(0.95, "[a-c]{0,2}"), 0..4), 0..4_usize), 1..50,
    )) {
        let statuses = [HResult::S_OK, HResult::S_FALSE, HResult::S_FALSE, HResult::E_ACCESSDENIED];
        let mut names = Names::tasks(r"\", false);
        let mut answers = answers.into_iter().cycle();
        let (mut calls, mut end) = (0, None);
        while let Some(request) = names.request() {
            let (advance, page_names, status) = answers.next().unwrap();
            let page_names = page_names.into_iter().map(|name| name.map(WideString::from)).collect();
            let next = request.start_index.wrapping_add(u32::from(advance)).wrapping_sub(10);
            calls += 1;
            if let Err(error) = names.reply(page(next, page_names, statuses[status])) {
                end = Some(error);
            }
            if calls > 10_000 {
                break;
            }
        }
        prop_assert!(calls <= names.names().len() + 1);
        prop_assert!(names.request().is_none() || end.is_none());
    }
}
