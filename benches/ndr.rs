//! Stubs against hand-written routines: `SchRpcRegisterTask` with a definition of 4 KB, from text and to text, and
//! `NetrJobEnum` with a hundred jobs.

mod ndr_peers;
mod support;

use ndr_peers::{Entry, Register};
use std::{hint::black_box, process::ExitCode};
use support::{Bound, Subject};
use wintask::{
    job::DaysOfMonth,
    ndr::Counted,
    rpc::{
        Message,
        atsvc::{AtDaysOfWeek, AtEnum, AtEnumContainer, AtFlags, AtInfo, NetrJobEnumResponse},
        schrpc::{SchRpcRegisterTask, TaskCreation},
    },
};

const PATH: &str = r"\Example\Maintenance\Keep up to date";
const SDDL: &str = "D:(A;;FA;;;BA)(A;;FA;;;SY)";

/// A definition of 4 KB in ASCII, as nearly all are.
fn definition() -> String {
    let text = include_str!("data/typical.xml");
    text.chars().cycle().take(4096).collect()
}

fn register(xml: &str) -> SchRpcRegisterTask {
    SchRpcRegisterTask {
        path: Some(PATH.into()),
        xml: xml.into(),
        flags: TaskCreation::CREATE | TaskCreation::UPDATE,
        sddl: Some(SDDL.into()),
        ..SchRpcRegisterTask::default()
    }
}

fn jobs() -> NetrJobEnumResponse {
    let job = |number: u32| AtInfo {
        job_time: number * 60_000,
        days_of_month: DaysOfMonth(number),
        days_of_week: AtDaysOfWeek::FRIDAY,
        flags: AtFlags::RUN_PERIODICALLY,
        command: Some(format!("backup{number}.exe").into()),
    };
    NetrJobEnumResponse {
        enum_container: AtEnumContainer {
            buffer: Counted::Array((0..100).map(|number| AtEnum::new(number, job(number))).collect()),
        },
        total_entries: 100,
        resume_handle: Some(0),
        ..NetrJobEnumResponse::default()
    }
}

fn entries() -> Vec<Entry> {
    let units = |number: u32| format!("backup{number}.exe").encode_utf16().collect::<Vec<_>>();
    let entry =
        |n: u32| Entry { id: n, time: n * 60_000, days: n, week: 16, flags: 1, command: Some(units(n)) };
    (0..100).map(entry).collect()
}

fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "SchRpcRegisterTask encode",
            prepare: || {
                let xml = definition();
                Box::new(move || drop(black_box(register(black_box(&xml)).encode())))
            },
        },
        Subject {
            name: "SchRpcRegisterTask encode, hand-written",
            prepare: || {
                let xml = definition();
                assert_eq!(ndr_peers::encode_register(PATH, &xml, 6, SDDL), register(&xml).encode().unwrap());
                Box::new(move || {
                    drop(black_box(ndr_peers::encode_register(PATH, black_box(&xml), 6, SDDL)));
                })
            },
        },
        Subject {
            name: "SchRpcRegisterTask decode",
            prepare: || {
                let stub = register(&definition()).encode().unwrap();
                Box::new(move || {
                    let request = SchRpcRegisterTask::decode(black_box(&stub)).unwrap();
                    let text = |wide: &Option<_>| wide.as_ref().map(wintask::dtyp::WideString::to_text);
                    let texts = (text(&request.path), request.xml.to_text(), text(&request.sddl));
                    drop(black_box(texts));
                })
            },
        },
        Subject {
            name: "SchRpcRegisterTask decode, hand-written",
            prepare: || {
                let xml = definition();
                let stub = register(&xml).encode().unwrap();
                let read = ndr_peers::decode_register(&stub).unwrap();
                assert_eq!(read, Register { path: PATH.into(), xml, flags: 6, sddl: SDDL.into() });
                Box::new(move || drop(black_box(ndr_peers::decode_register(black_box(&stub)))))
            },
        },
        Subject {
            name: "NetrJobEnum encode",
            prepare: || {
                let response = jobs();
                Box::new(move || drop(black_box(black_box(&response).encode())))
            },
        },
        Subject {
            name: "NetrJobEnum encode, hand-written",
            prepare: || {
                let entries = entries();
                assert_eq!(ndr_peers::encode_jobs(&entries, 100, 0), jobs().encode().unwrap());
                Box::new(move || drop(black_box(ndr_peers::encode_jobs(black_box(&entries), 100, 0))))
            },
        },
        Subject {
            name: "NetrJobEnum decode",
            prepare: || {
                let stub = jobs().encode().unwrap();
                Box::new(move || drop(black_box(NetrJobEnumResponse::decode(black_box(&stub)))))
            },
        },
        Subject {
            name: "NetrJobEnum decode, hand-written",
            prepare: || {
                let stub = jobs().encode().unwrap();
                assert_eq!(ndr_peers::decode_jobs(&stub), Some(entries()));
                Box::new(move || drop(black_box(ndr_peers::decode_jobs(black_box(&stub)))))
            },
        },
    ]
}

const BOUNDS: &[Bound] = &[
    Bound {
        subject: "SchRpcRegisterTask encode",
        peer: "SchRpcRegisterTask encode, hand-written",
        most: 1.0,
    },
    Bound {
        subject: "SchRpcRegisterTask decode",
        peer: "SchRpcRegisterTask decode, hand-written",
        most: 2.0,
    },
    Bound { subject: "NetrJobEnum encode", peer: "NetrJobEnum encode, hand-written", most: 1.5 },
    Bound { subject: "NetrJobEnum decode", peer: "NetrJobEnum decode, hand-written", most: 1.5 },
];

fn main() -> ExitCode {
    support::run(&subjects(), BOUNDS)
}
