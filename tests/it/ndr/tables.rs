//! The interfaces' tables against [MS-TSCH] 1.9, 2.1 and 6, and the form of a failed call's response.

use super::strategy::messages;
use uuid::uuid;
use wintask::{
    definition::LogonType,
    dtyp::{HResult, HasHResult, NetApiStatus, Password, SystemTime},
    ndr::{Counted, Syntax, Type},
    rpc::{
        Call, Direction, Endpoint, INTERFACES, Interface,
        atsvc::{self, NetrJobEnum},
        sasec::{self, AccountBuffer, CountedBuffer, SAGetAccountInformation, SASetAccountInformation},
        schrpc::{
            self, EnumFlags, RunFlags, SchRpcEnumTasks, SchRpcGetLastRunInfo, SchRpcRegisterTask,
            SecurityFlags, TaskCreation, TaskInfoFlags, TaskLogonType, TaskState, TaskUserCred,
            TaskXmlErrorInfo,
        },
    },
    xml,
};

/// The identifiers and endpoints of [MS-TSCH] 1.9 and 2.1, the transfer syntaxes of [MS-RPCE] (EVIDENCE.md NDR-10).
#[test]
fn how_to_bind() {
    assert_eq!(INTERFACES.map(|i| i.name), ["ATSvc", "SASec", "ITaskSchedulerService"]);
    assert_eq!(atsvc::INTERFACE.uuid, uuid!("1FF70682-0A51-30E8-076D-740BE8CEE98B"));
    assert_eq!(sasec::INTERFACE.uuid, uuid!("378E52B0-C0A9-11CF-822D-00AA0051E40F"));
    assert_eq!(schrpc::INTERFACE.uuid, uuid!("86D35949-83C9-4044-B424-DB363231FD0C"));
    assert!(INTERFACES.iter().all(|interface| interface.version == (1, 0)));
    assert_eq!(atsvc::INTERFACE.endpoint, Endpoint::NamedPipe(r"\PIPE\atsvc"));
    assert_eq!(INTERFACES.map(|i| i.endpoint.protocol_sequence()), ["ncacn_np", "ncacn_np", "ncacn_ip_tcp"]);
    assert_eq!(Interface::by_uuid(schrpc::INTERFACE.uuid).unwrap().name, "ITaskSchedulerService");
    assert_eq!(Syntax::Ndr20.id(), (uuid!("8A885D04-1CEB-11C9-9FE8-08002B104860"), 2, 0));
    assert_eq!(Syntax::Ndr64.id(), (uuid!("71710533-BEBA-4937-8319-B5DBEF9CCC36"), 1, 0));
}

fn kind(ty: &Type) -> String {
    match ty {
        Type::Number { name, .. } => (*name).to_owned(),
        Type::Guid => "GUID".to_owned(),
        Type::Time => "SYSTEMTIME".to_owned(),
        Type::String => "string".to_owned(),
        Type::Password => "password".to_owned(),
        Type::Pointer(pointee) => format!("unique {}", kind(pointee)),
        Type::Array { element, most, .. } => {
            format!("{}[] (at most {})", kind(element), most.unwrap_or_default())
        }
        Type::Counted(element) => format!("unique {}[]", kind(element)),
        Type::Structure(ty) => ty.name.to_owned(),
        other => format!("{other:?}"),
    }
}

/// All 28 methods, for comparison with the IDL ([MS-TSCH] 6.1 to 6.3).
#[test]
#[cfg_attr(miri, ignore = "the snapshot's folder is found by running cargo")]
fn the_idl_as_the_tables_have_it() {
    let mut text = String::new();
    for (interface, method, direction, format) in messages() {
        if direction == Direction::Request {
            text += &format!("{} {} {} ({})\n", interface.name, method.opnum, method.name, method.section);
        }
        let arrow = if direction == Direction::Request { "->" } else { "<-" };
        for field in format.ty.fields {
            let count = field.count.map_or(String::new(), |count| format!("{count}, "));
            text += &format!("  {arrow} {count}{}: {}\n", field.name, kind(field.ty));
        }
    }
    insta::assert_snapshot!(text);
    assert_eq!(messages().count(), 56);
    for interface in INTERFACES {
        for (index, method) in interface.methods.iter().enumerate() {
            assert_eq!(usize::from(method.opnum), index);
            assert_eq!(interface.method(method.opnum).unwrap().name, method.name);
        }
    }
}

/// The numbers of [MS-TSCH] 2.3.8, 2.3.9, 2.3.13, 3.2.5.4 (bits counted from the right of each diagram) and
/// EVIDENCE.md XML-64.
#[test]
fn flags_and_codes() {
    assert_eq!(TaskCreation::DEFINED, TaskCreation(0x3F));
    assert_eq!(RunFlags::DEFINED, RunFlags(0xF));
    assert_eq!(SecurityFlags::DEFINED, SecurityFlags(0x6000_0010));
    assert_eq!((TaskInfoFlags::STATE, EnumFlags::HIDDEN), (TaskInfoFlags(0x1000_0000), EnumFlags(1)));
    assert_eq!(TaskCreation(0x86).to_string(), "TASK_CREATE | TASK_UPDATE | 0x80");
    assert_eq!(TaskCreation(0x86).undefined(), TaskCreation(0x80));
    assert_eq!(TaskLogonType(6).name(), Some("TASK_LOGON_INTERACTIVE_TOKEN_OR_PASSWORD"));
    assert_eq!(
        (TaskState(4).name(), TaskState(9).to_string()),
        (Some("TASK_STATE_RUNNING"), "0x9".to_owned())
    );
}

/// EVIDENCE.md NDR-06: a failure carries every out parameter, and in-out parameters as they came.
#[test]
fn failures_carry_their_out_parameters() {
    let listing = NetrJobEnum { resume_handle: Some(7), ..NetrJobEnum::default() };
    let refused = listing.failure(NetApiStatus(5));
    assert_eq!((refused.resume_handle, refused.total_entries, refused.status.0), (Some(7), 0, 5));
    assert_eq!(refused.enum_container.buffer, Counted::Null { count: 0 });

    let tasks = SchRpcEnumTasks { start_index: 3, ..SchRpcEnumTasks::default() };
    assert_eq!(tasks.failure(HResult(0x8007_0003)).start_index, 3);

    let last = SchRpcGetLastRunInfo::default().failure(HResult(0x8007_0002));
    assert_eq!((last.last_runtime, last.last_return_code), (SystemTime::NONE, 0));

    let buffer = CountedBuffer(AccountBuffer::zeroed(7));
    let account = SAGetAccountInformation { buffer, ..SAGetAccountInformation::default() };
    assert_eq!(account.failure(HResult(0x8007_007A)).buffer, AccountBuffer::zeroed(7));

    // The same by the number of any method.
    let request = schrpc::Request::decode(16, &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]).unwrap();
    assert_eq!(request.failure(5).opnum(), 16);
    assert_eq!(request.failure(5).encode().unwrap().len(), 16 + 4 + 4);
}

/// A password appears in nothing that is printed, including errors and values.
#[test]
fn passwords_are_not_printed() {
    let secret = "correct horse";
    let request = SchRpcRegisterTask {
        creds: vec![TaskUserCred::new("user", secret)].into(),
        ..SchRpcRegisterTask::default()
    };
    let account = SASetAccountInformation { password: Some(Password::from(secret)), ..Default::default() };
    let format = schrpc::INTERFACE.format(1, Direction::Request).unwrap();
    let stub = schrpc::Request::from(request.clone()).encode().unwrap();
    let value = format.decode(&stub, Default::default()).unwrap();
    for shown in
        [format!("{request:?}"), format!("{request:#?}"), format!("{account:?}"), format!("{value:?}")]
    {
        assert!(shown.contains("not shown") && !shown.contains("horse"), "{shown}");
    }
    for cut in 0..stub.len() {
        let error = format.decode(&stub[..cut], Default::default()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("horse"));
    }
}

#[test]
fn account_buffers() {
    let buffer = AccountBuffer::holding("DOMAIN\\user", 273).unwrap();
    assert_eq!((buffer.0.len(), buffer.account().to_string()), (273, "DOMAIN\\user".to_owned()));
    assert_eq!(AccountBuffer::holding("user", 5).unwrap().0, [117, 115, 101, 114, 0]);
    assert_eq!(AccountBuffer::holding("user", 4), None);
    assert_eq!(CountedBuffer::default().0, AccountBuffer::zeroed(273));
}

/// [MS-TSCH] 2.3.9: the numbers of the logon types that a definition can state (2.5.6), and the others, which it cannot.
#[test]
fn logon_types_of_the_definition() {
    let numbers = LogonType::ALL.iter().map(|logon_type| TaskLogonType::from(*logon_type).0);
    assert_eq!(numbers.collect::<Vec<_>>(), [2, 1, 3, 6]);
    for number in 0..10 {
        let logon_type = TaskLogonType(number).to_definition();
        assert_eq!(
            logon_type.map(TaskLogonType::from),
            [1, 2, 3, 6].contains(&number).then_some(TaskLogonType(number))
        );
    }
}

/// [MS-TSCH] 2.3.10: what a server returns for a definition that it rejects.
#[test]
fn error_info_of_a_definition() {
    let text = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\n<Actions><Exec/></Actions></Task>";
    let error = xml::read_text(text, &xml::Options::default()).unwrap_err();
    let request = SchRpcRegisterTask { xml: text.into(), ..SchRpcRegisterTask::default() };
    let mut response = request.failure(&error);
    response.error_info = Some(TaskXmlErrorInfo::from(&error.kind().info));
    let info = TaskXmlErrorInfo { line: 2, column: 12, node: Some("Command".into()), value: Some("".into()) };
    assert_eq!((response.status, response.error_info), (HResult::SCHED_E_MISSINGNODE, Some(info)));
}

/// [MS-RPCE] 3.1.1.5 and EVIDENCE.md NDR-07: what a client sees of the fault.
#[test]
fn codes_of_faults() {
    use wintask::ndr::ErrorKind;
    for (kind, code) in [
        (ErrorKind::Unterminated(0), 0x8007_06F7),
        (ErrorKind::NullReference, 0x8007_06F4),
        (ErrorKind::NoSuchMethod(20), 0x8007_06D1),
        (ErrorKind::UnresolvedInNdr64("DWORD_PTR"), 0x8007_06C2),
    ] {
        assert_eq!(kind.hresult(), HResult(code));
    }
}
