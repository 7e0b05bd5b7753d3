//! Messages with serde: the same form with and without their Rust types, nothing lost, no password unless asked for.

use super::strategy::{Values, messages};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde::de::DeserializeSeed;
use serde_json::{Value as Json, json};
use wintask::{
    dtyp::{HResult, NetApiStatus},
    ndr::{Counted, Record, ShowPasswords, Structure, StructureType, Transfer},
    rpc::{
        Message,
        atsvc::{AtInfo, NetrJobDelResponse, Response as AtResponse},
        sasec::{AccountBuffer, SASetAccountInformation},
        schrpc::{
            Request, SchRpcDelete, SchRpcEnumInstancesResponse, SchRpcRegisterTask,
            SchRpcRegisterTaskResponse, SchRpcRun, SchRpcScheduledRuntimes, TaskUserCred,
        },
    },
};

/// Strings that are text or not.
const ANY: Values =
    Values { units: || vec(prop_oneof![0x20..0x7Fu16, any::<u16>()], 0..8).boxed(), null_elements: true };

fn read(ty: &'static StructureType, json: &Json) -> serde_json::Result<Structure> {
    ty.deserialize(json.clone())
}

#[test]
fn every_message_is_read_back() {
    for (interface, method, direction, format) in messages() {
        let config =
            Config { cases: if cfg!(miri) { 1 } else { 32 }, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&ANY.structure(format.ty), |message| {
            let json = serde_json::to_value(ShowPasswords(&message)).unwrap();
            prop_assert_eq!(&read(format.ty, &json).unwrap(), &message);
            // Through text, and by the stub, which the Rust type makes.
            let text = serde_json::to_string(&json).unwrap();
            let again = format.ty.deserialize(&mut serde_json::Deserializer::from_str(&text)).unwrap();
            let stub = |message| format.encode(message, Transfer::NDR20).unwrap();
            prop_assert_eq!(stub(again), stub(message));
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{} {} {direction}: {error}", interface.name, method.name));
    }
}

#[test]
fn one_form_with_and_without_types() {
    let creds = vec![TaskUserCred { user_id: Some("user".into()), ..TaskUserCred::default() }];
    let request = SchRpcRegisterTask {
        path: Some(r"\a".into()),
        xml: "<Task/>".into(),
        creds: creds.into(),
        ..SchRpcRegisterTask::default()
    };
    let json = serde_json::to_value(&request).unwrap();
    let expected = json!({
        "path": "\\a", "xml": "<Task/>", "flags": 0, "logonType": 0, "pCreds": [{"userId": "user", "flags": 0}],
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::to_value(request.clone().into_structure()).unwrap(), expected);
    assert_eq!(serde_json::from_value::<SchRpcRegisterTask>(json.clone()).unwrap(), request);
    // Among all requests, by the name of its method.
    let any = Request::from(request);
    let named = serde_json::to_value(&any).unwrap();
    assert_eq!(named, json!({"SchRpcRegisterTask": expected}));
    assert_eq!(serde_json::from_value::<Request>(named).unwrap(), any);
}

#[test]
fn values_of_each_kind() {
    let run = SchRpcRun { args: vec![None, Some("b".into())].into(), ..SchRpcRun::default() };
    assert_eq!(serde_json::to_value(run).unwrap()["pArgs"], json!([null, "b"]));
    let times = SchRpcScheduledRuntimes { start: Some(Default::default()), ..Default::default() };
    assert_eq!(serde_json::to_value(times).unwrap()["start"]["day_of_week"], 0);
    let odd = SchRpcEnumInstancesResponse { guids: Counted::Null { count: 9 }, status: HResult::S_FALSE };
    let json = serde_json::to_value(&odd).unwrap();
    assert_eq!(json, json!({"pGuids": {"count": 9}, "status": "0x00000001"}));
    assert_eq!(serde_json::from_value::<SchRpcEnumInstancesResponse>(json).unwrap(), odd);
    assert_eq!(serde_json::to_value(AccountBuffer(vec![97, 0])).unwrap(), json!([97, 0]));
    assert_eq!(serde_json::to_value(Counted::from(vec![1u32])).unwrap(), json!([1]));
}

/// A status looks the same in both interfaces that have different ones, and outside of a message.
#[test]
fn statuses_look_alike() {
    let (refused, status) = (json!({"status": "0x00000005"}), NetApiStatus(5));
    assert_eq!(serde_json::to_value(NetrJobDelResponse { status }).unwrap(), refused);
    assert_eq!(
        serde_json::to_value(AtResponse::from(NetrJobDelResponse { status })).unwrap()["NetrJobDel"],
        refused
    );
    assert_eq!(serde_json::to_value(status).unwrap(), "0x00000005");
    let refused = SchRpcRegisterTaskResponse { status: HResult::E_ACCESSDENIED, ..Default::default() };
    assert_eq!(serde_json::to_value(refused).unwrap(), json!({"status": "0x80070005"}));
}

#[test]
fn passwords_are_serialized_on_demand_only() {
    let account = SASetAccountInformation { password: Some("horse".into()), ..Default::default() };
    let hidden = serde_json::to_value(&account).unwrap();
    assert_eq!(hidden["pwszPassword"], json!({"hidden": true}));
    let shown = serde_json::to_value(ShowPasswords(&account.clone().into_structure())).unwrap();
    assert_eq!(shown["pwszPassword"], "horse");
    assert_eq!(serde_json::from_value::<SASetAccountInformation>(shown).unwrap(), account);
    // A password that was hidden is neither forgotten nor made up.
    let error = serde_json::from_value::<SASetAccountInformation>(hidden).unwrap_err();
    assert_eq!(error.to_string(), "the password was hidden when this was written");
}

#[test]
fn what_is_wrong_is_refused() {
    let cases = [
        (json!({"path": "a", "flags": 0, "more": 1}), "unknown field `more` of SchRpcDelete"),
        (json!({"path": "a"}), "missing field `flags`"),
        (json!({"path": "a", "flags": -1}), "invalid value: integer `-1`, expected u32"),
        (json!({"path": "a", "flags": "0x1"}), "invalid type: string \"0x1\", expected u32"),
        (json!([]), "invalid type: sequence, expected the fields of SchRpcDelete"),
        (
            json!({"path": null, "flags": 0}),
            "invalid type: null, expected a string or an array of UTF-16 units",
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(serde_json::from_value::<SchRpcDelete>(json).unwrap_err().to_string(), expected);
    }
    let twice =
        serde_json::from_str::<SchRpcDelete>(r#"{"path": "a", "path": "a", "flags": 0}"#).unwrap_err();
    assert!(twice.to_string().starts_with("duplicate field `path`"), "{twice}");
    let day = json!({"JobTime": 0, "DaysOfMonth": 0, "DaysOfWeek": 256, "Flags": 0});
    let day = serde_json::from_value::<AtInfo>(day).unwrap_err();
    assert_eq!(day.to_string(), "DaysOfWeek: 256 is out of range (0 to 255)");
    let unknown = serde_json::from_value::<Request>(json!({"SchRpcReboot": {}})).unwrap_err();
    assert!(unknown.to_string().starts_with("unknown variant `SchRpcReboot`"));
    // Too many units are rejected when the stub is encoded.
    let buffer: AccountBuffer = serde_json::from_value(json!(vec![0; 274])).unwrap();
    let response = wintask::rpc::sasec::SAGetNSAccountInformationResponse { buffer, ..Default::default() };
    assert!(response.encode().is_err());
}
