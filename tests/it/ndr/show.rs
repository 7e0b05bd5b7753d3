//! Messages of any method: printed, bounded, and looked up by name.

use wintask::{
    dtyp::HResult,
    ndr::{ErrorKind, Record, ShowPasswords, Structure, Transfer, Value},
    rpc::{
        Direction,
        atsvc::{AtEnum, AtEnumContainer, NetrJobEnum, NetrJobEnumResponse},
        sasec::{SAGetAccountInformation, SASetAccountInformation},
        schrpc::{
            self, Request, SchRpcRegisterTask, SchRpcRegisterTaskResponse, TaskUserCred, TaskXmlErrorInfo,
        },
    },
};

fn register() -> Structure {
    let request = SchRpcRegisterTask {
        path: Some(r"\a".into()),
        creds: vec![TaskUserCred::default(), TaskUserCred::new("user", "correct horse")].into(),
        ..SchRpcRegisterTask::default()
    };
    request.into_structure()
}

#[test]
fn a_line_per_field() {
    insta::assert_snapshot!(register(), @r#"
    path: "\\a"
    xml: ""
    flags: 0
    sddl: NULL
    logonType: TASK_LOGON_NONE (0x0)
    cCreds: 2
    pCreds:
      [0]: TASK_USER_CRED
        userId: NULL
        password: NULL
        flags: 0
      [1]: TASK_USER_CRED
        userId: "user"
        password: not shown
        flags: 0
    "#);
    let info = TaskXmlErrorInfo { line: 2, column: 12, node: Some("Command".into()), value: Some("".into()) };
    let refused = SchRpcRegisterTaskResponse {
        error_info: Some(info),
        status: HResult::SCHED_E_MISSINGNODE,
        ..Default::default()
    };
    insta::assert_snapshot!(refused.into_structure(), @r#"
    pActualPath: NULL
    pErrorInfo: TASK_XML_ERROR_INFO
      line: 2
      column: 12
      node: "Command"
      value: ""
    status: SCHED_E_MISSINGNODE (0x80041319)
    "#);
    insta::assert_snapshot!(SAGetAccountInformation::default().into_structure(), @r#"
    Handle: NULL
    pwszJobName: ""
    ccBufferSize: 273
    wszBuffer: "" in 273 units
    "#);
    insta::assert_snapshot!(NetrJobEnum::default().into_structure(), @"
    ServerName: NULL
    pEnumContainer: AT_ENUM_CONTAINER
      EntriesRead: 0
      Buffer: NULL
    PreferredMaximumLength: 0
    pResumeHandle: NULL
    ");
}

#[test]
fn fields_by_the_paths_that_errors_show() {
    let message = register();
    assert_eq!(message.get("path"), Some(&Value::String(r"\a".into())));
    assert_eq!(message.get("sddl"), Some(&Value::Null));
    assert_eq!(message.get("pCreds[1].userId"), Some(&Value::String("user".into())));
    for missing in
        ["", "cCreds", "pCreds[2]", "pCreds[]", "pCreds[0", "pCreds.userId", "path.path", "PATH", "[0]"]
    {
        assert_eq!(message.get(missing), None, "{missing}");
    }
    // The place of an error is the path of the value that is wrong.
    let wrong = Structure::new(SchRpcRegisterTask::STRUCTURE, vec![Value::Null; 6]).unwrap();
    let error = SchRpcRegisterTask::from_structure(wrong).unwrap_err();
    assert_eq!(error.place().path(), "xml");
    assert_eq!(error.kind(), &ErrorKind::Mismatch { expected: "a string", found: "NULL" });
}

#[test]
fn structures_have_the_fields_of_their_type() {
    let few = Structure::new(SchRpcRegisterTask::STRUCTURE, vec![]).unwrap_err();
    assert_eq!(few.kind(), &ErrorKind::FieldCount { structure: "SchRpcRegisterTask", expected: 6, found: 0 });
    let other = NetrJobEnum::from_structure(register()).unwrap_err();
    assert_eq!(other.kind(), &ErrorKind::Mismatch { expected: "NetrJobEnum", found: "SchRpcRegisterTask" });
    assert_eq!(SchRpcRegisterTask::from_structure(register()).unwrap().into_structure(), register());
    assert_eq!(Request::from(SchRpcRegisterTask::default()).into_structure().ty().name, "SchRpcRegisterTask");
}

/// However large a message is, its text is not; `{:#}` is all of it.
#[test]
fn text_is_bounded() {
    let job = AtEnum { command: Some("x".repeat(100_000).into()), ..AtEnum::default() };
    let enum_container = AtEnumContainer { buffer: vec![job; 100].into() };
    let message = NetrJobEnumResponse { enum_container, ..Default::default() }.into_structure();
    let text = message.to_string();
    assert!(text.len() < 32 * 600, "{} bytes", text.len());
    assert!(text.contains("xxx\"… (100000 units)\n") && text.contains("\n    … 68 more\n"), "{text}");
    assert!(format!("{message:#}").len() > 100 * 100_000);
    // Nothing that is shorter is cut.
    let message = SchRpcRegisterTask { xml: "x".repeat(256).into(), ..Default::default() }.into_structure();
    assert_eq!(message.to_string(), format!("{message:#}"));
}

#[test]
fn passwords_are_shown_on_demand_only() {
    let account = SASetAccountInformation { password: Some("horse".into()), ..Default::default() };
    for message in [register(), account.into_structure()] {
        for hidden in [message.to_string(), format!("{message:#}"), format!("{message:?}")] {
            assert!(!hidden.contains("horse"), "{hidden}");
        }
        assert!(ShowPasswords(&message).to_string().contains("horse\""));
        assert!(!format!("{:?}", ShowPasswords(&message)).contains("horse"));
    }
}

#[test]
fn decoded_by_number() {
    let stub = [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
    let message = schrpc::INTERFACE.decode(19, Direction::Request, &stub, Transfer::NDR20).unwrap();
    assert_eq!(message.to_string(), "path: \"\"\nenabled: 1");
    let format = schrpc::INTERFACE.format(19, Direction::Request).unwrap();
    assert_eq!(format.encode(message, Transfer::NDR20).unwrap(), stub);
    let error = schrpc::INTERFACE.decode(20, Direction::Request, &stub, Transfer::NDR20).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NoSuchMethod(20));
}
