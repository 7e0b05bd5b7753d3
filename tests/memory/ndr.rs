//! RPC stubs: at most 8 times the input, and no password left in freed memory.

use super::{bounded, left_behind};
use std::hint::black_box;
use wintask::{
    dtyp::{Password, WideString},
    ndr::{Counted, Transfer},
    rpc::{
        INTERFACES, Message,
        atsvc::{AtEnum, AtEnumContainer, NetrJobEnumResponse},
        sasec::SASetAccountInformation,
        schrpc::{
            SchRpcEnumTasksResponse, SchRpcRegisterTask, SchRpcScheduledRuntimesResponse, TaskUserCred,
        },
    },
};

/// Every message of every interface is tried with the stub.
fn check(name: &str, stub: &[u8]) {
    for method in INTERFACES.iter().flat_map(|interface| interface.methods) {
        for format in [&method.request, &method.response] {
            let what = format!("{} {name}", method.name);
            bounded(&what, stub.len(), 8, || format.decode(stub, Transfer::NDR20).map(drop));
        }
    }
}

#[test]
fn counts_that_lie() {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    check("four billion", &words(&[u32::MAX; 64]));
    check("a billion", &words(&[0x4000_0000; 64]));
    check("thousands", &words(&[4096; 64]));
    for at in 0..16 {
        let mut stub = [1; 32];
        stub[at] = u32::MAX;
        check(&format!("four billion at {at}"), &words(&stub));
    }
}

#[test]
fn large_stubs() {
    let decoded =
        |name: &str, stub: Vec<u8>, decode: fn(&[u8])| bounded(name, stub.len(), 8, || decode(&stub));
    let creds =
        SchRpcRegisterTask { creds: vec![TaskUserCred::default(); 50_000].into(), ..Default::default() };
    decoded("credentials", creds.encode().unwrap(), |stub| drop(SchRpcRegisterTask::decode(stub).unwrap()));
    let names: Counted<_> = vec![None; 100_000].into();
    let names = SchRpcEnumTasksResponse { names, ..Default::default() };
    decoded("names", names.encode().unwrap(), |stub| drop(SchRpcEnumTasksResponse::decode(stub).unwrap()));
    let times = SchRpcScheduledRuntimesResponse {
        runtimes: vec![Default::default(); 50_000].into(),
        ..Default::default()
    };
    decoded("times", times.encode().unwrap(), |stub| {
        drop(SchRpcScheduledRuntimesResponse::decode(stub).unwrap())
    });
    let jobs = vec![AtEnum { command: Some("a".into()), ..AtEnum::default() }; 50_000];
    let enum_container = AtEnumContainer { buffer: jobs.into() };
    let jobs = NetrJobEnumResponse { enum_container, ..Default::default() };
    decoded("jobs", jobs.encode().unwrap(), |stub| drop(NetrJobEnumResponse::decode(stub).unwrap()));
    let text = SchRpcRegisterTask { xml: "x".repeat(1 << 20).as_str().into(), ..Default::default() };
    decoded("text", text.encode().unwrap(), |stub| drop(SchRpcRegisterTask::decode(stub).unwrap()));
}

const PASSWORD: &str = "correct horse battery staple";

/// The password's UTF-16 bytes without the first character: the allocator may overwrite the start of a freed block.
const SECRET: &[u8] = b"o\0r\0r\0e\0c\0t\0 \0h\0o\0r\0s\0e\0";

#[test]
fn passwords_are_wiped() {
    assert_eq!(
        left_behind(SECRET, || drop(black_box(WideString::from(PASSWORD)))),
        1,
        "the measure measures"
    );
    let register = || SchRpcRegisterTask {
        path: Some(r"\a".into()),
        xml: "<Task/>".into(),
        creds: vec![TaskUserCred::new("user", PASSWORD); 3].into(),
        ..Default::default()
    };
    let account = || SASetAccountInformation { password: Some(PASSWORD.into()), ..Default::default() };
    let (stub, mut kept) = (register().encode().unwrap(), Vec::new());
    let left = left_behind(SECRET, || {
        drop(black_box(Password::from(PASSWORD)));
        drop(black_box(format!("{:?}", register().clone())));
        // The caller wipes the stub; nothing else contains the password.
        for transfer in [Transfer::NDR20, Transfer::NDR64] {
            kept.push(register().encode_as(transfer).unwrap());
            kept.push(account().encode_as(transfer).unwrap());
        }
        drop(SchRpcRegisterTask::decode(&stub).unwrap());
        for cut in 0..stub.len() {
            drop(SchRpcRegisterTask::decode(&stub[..cut]).unwrap_err());
        }
        let format = &wintask::rpc::schrpc::INTERFACE.methods[1].request;
        let value = format.decode(&stub, Transfer::NDR20).unwrap();
        kept.push(format.encode(value.clone(), Transfer::NDR20).unwrap());
    });
    assert_eq!(left, 0);
    assert!(kept.iter().all(|stub| stub.windows(SECRET.len()).any(|bytes| bytes == SECRET)));
}
