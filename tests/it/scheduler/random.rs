//! Calls and events at random: the properties of the fuzz targets, which have the generator.

use crate::oracles::oracle;
use proptest::prelude::*;
use wintask::{
    dtyp::WideString,
    rpc::{INTERFACES, Message, schrpc::*},
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steps_at_random(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        oracle("scheduler_steps")(&data);
    }

    #[test]
    fn calls_at_random(data in proptest::collection::vec(any::<u8>(), 0..120)) {
        oracle("scheduler_calls")(&data);
    }
}

/// A call as the target `scheduler_calls` reads it, by an administrator.
fn call<M: Message>(opnum: u8, request: &M) -> Vec<u8> {
    let interface = INTERFACES.iter().position(|interface| interface.uuid == INTERFACE.uuid).unwrap();
    let stub = request.encode().unwrap();
    let mut seed = vec![interface as u8, opnum, 0];
    seed.extend((stub.len() as u16).to_le_bytes());
    seed.extend(stub);
    seed
}

/// Seeds of `scheduler_calls`: a profile, and one or several calls.
pub fn call_seeds() -> Vec<(&'static str, Vec<u8>)> {
    let path: WideString = r"\A".into();
    let register = SchRpcRegisterTask {
        path: Some(r"\New\D".into()),
        xml: super::methods::task("<UserId>S-1-5-18</UserId>", "<BootTrigger/>", "").as_str().into(),
        flags: TaskCreation::CREATE,
        ..SchRpcRegisterTask::default()
    };
    let run = SchRpcRun { args: vec![Some("x".into())].into(), ..super::methods::run(r"\A") };
    let calls = [
        ("register", call(1, &register)),
        ("folder", call(3, &SchRpcCreateFolder { path: r"\New".into(), sddl: None, flags: 0 })),
        ("tasks", call(7, &SchRpcEnumTasks { path: r"\".into(), ..SchRpcEnumTasks::default() })),
        ("run", call(12, &run)),
        ("delete", call(13, &SchRpcDelete { path: path.clone(), flags: 0 })),
        ("enable", call(19, &SchRpcEnableTask { path, enabled: 0 })),
    ];
    let all = calls.iter().flat_map(|(_, call)| call).copied();
    let all = ("all", [1].into_iter().chain(all).collect());
    calls.iter().map(|(name, call)| (*name, [&[0], call.as_slice()].concat())).chain([all]).collect()
}

/// Seeds of `scheduler_steps`: a byte is a choice or a number; these make different ones.
pub fn step_seeds() -> Vec<Vec<u8>> {
    (0..24u32)
        .map(|seed| {
            (0..200u32)
                .map(|at| (seed.wrapping_mul(2_654_435_761).rotate_left(at) >> 5) as u8 ^ (at * 7) as u8)
                .collect()
        })
        .collect()
}
