//! Accounts: how definitions and calls name them, how they are shown, and what version 1 keeps of them.

use super::rig::{Rig, Who};
use time::{Duration, macros::datetime};
use wintask::{
    HResult, Profile,
    dtyp::Win32Error,
    eventlog::task_scheduler::TaskSchedulerEvent,
    rpc::{
        atsvc::{AtDaysOfWeek, AtFlags, AtInfo, NetrJobAdd, NetrJobGetInfo},
        sasec::{AccountBuffer, CountedBuffer, SAGetAccountInformation, SASetNSAccountInformation},
        schrpc::{
            SchRpcDelete, SchRpcGetSecurity, SchRpcRegisterTask, SchRpcRetrieveTask, SchRpcRun,
            SchRpcSetSecurity, TaskCreation, TaskLogonType, TaskUserCred,
        },
    },
    scheduler::{Effect, Event, FailedEffect, Session, StoreKind},
    security::Sid,
};

const DENIED: HResult = HResult::from_win32(Win32Error::ACCESS_DENIED);
const LOGON_FAILURE: HResult = HResult::from_win32(Win32Error::LOGON_FAILURE);

/// A definition of a version, with this principal and these triggers.
fn task(version: &str, principal: &str, triggers: &str) -> String {
    format!(
        r#"<Task version="{version}" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>{triggers}</Triggers>
  <Principals><Principal id="Author">{principal}</Principal></Principals>
  <Settings><Priority>5</Priority></Settings>
  <Actions Context="Author"><Exec><Command>a.exe</Command></Exec></Actions>
</Task>"#
    )
}

const AT_NOON: &str = "<TimeTrigger><StartBoundary>2024-05-15T12:00:00</StartBoundary></TimeTrigger>";

fn request(path: &str, xml: &str) -> SchRpcRegisterTask {
    let flags = TaskCreation::CREATE | TaskCreation::UPDATE;
    SchRpcRegisterTask { path: Some(path.into()), xml: xml.into(), flags, ..Default::default() }
}

fn register(r: &mut Rig, path: &str, xml: &str) -> HResult {
    r.call(Who::Admin, &request(path, xml)).status
}

fn account_of(r: &mut Rig, name: &str) -> (HResult, String) {
    let buffer = CountedBuffer(AccountBuffer::zeroed(40));
    let reply =
        r.call(Who::Admin, &SAGetAccountInformation { job_name: name.into(), buffer, ..Default::default() });
    (reply.status, reply.buffer.account().to_string())
}

/// 3.2.1: the account of a version 1 task is that of its definition, in SASec as well, after every registration.
#[test]
fn the_account_of_a_version_1_task_follows_its_definition() {
    for profile in [Profile::Windows, Profile::Specification] {
        let r = &mut Rig::new(profile);
        for name in [r"HOST\alice", r"HOST\carol"] {
            let principal = format!("<UserId>{name}</UserId><LogonType>InteractiveToken</LogonType>");
            assert_eq!(register(r, r"\V1", &task("1.1", &principal, AT_NOON)), HResult::S_OK);
            assert_eq!(account_of(r, "V1.job"), (HResult::S_OK, name.to_owned()), "{profile:?}");
        }
    }
}

/// [MS-TSCH] 3.2.5.3.7, ERR-07: LocalSystem is an empty string, however the definition names it.
#[test]
fn the_system_has_an_empty_name() {
    for name in ["S-1-5-18", "SYSTEM", "LocalSystem", r"NT AUTHORITY\SYSTEM", ""] {
        let r = &mut Rig::new(Profile::Windows);
        let principal = format!("<UserId>{name}</UserId>");
        let mut request = request(r"\V1", &task("1.1", &principal, AT_NOON));
        if name.is_empty() {
            request.logon_type = TaskLogonType::SERVICE_ACCOUNT;
            request.xml = task("1.1", "<UserId>S-1-5-18</UserId>", AT_NOON).as_str().into();
        }
        assert_eq!(r.call(Who::Admin, &request).status, HResult::S_OK, "{name}");
        assert_eq!(account_of(r, "V1.job"), (HResult::S_OK, String::new()), "{name}");
    }
}

/// 3.2.5.3.5: the account of AT jobs is that of the jobs that exist, in all three interfaces.
#[test]
fn the_account_of_at_jobs_is_that_of_their_files() {
    let r = &mut Rig::new(Profile::Windows);
    let at_info = AtInfo { job_time: 20 * 3_600_000, command: Some("a.exe".into()), ..AtInfo::default() };
    r.call(Who::Admin, &NetrJobAdd { at_info, server_name: None });
    let set = |account: Option<&str>, password: Option<&str>| SASetNSAccountInformation {
        account: account.map(Into::into),
        password: password.map(Into::into),
        ..SASetNSAccountInformation::default()
    };
    for (account, password, shown, in_xml) in [
        (Some(r"HOST\bob"), Some("secret"), r"HOST\bob", r"<UserId>HOST\bob</UserId>"),
        (None, None, "", "<UserId>S-1-5-18</UserId>"),
    ] {
        assert_eq!(r.call(Who::Admin, &set(account, password)).status, HResult::S_OK);
        assert_eq!(account_of(r, "At1.job"), (HResult::S_OK, shown.to_owned()));
        let retrieve = SchRpcRetrieveTask { path: r"\At1".into(), ..Default::default() };
        let xml = r.call(Who::Admin, &retrieve).xml.unwrap().to_string();
        assert!(xml.contains(in_xml), "{xml}");
    }
}

/// 2.3.4, RPC-22: the server sets JOB_EXEC_ERROR and JOB_RUNS_TODAY; a client's are not kept.
#[test]
fn the_flags_that_the_server_sets() {
    for (job_time, flags) in [(20 * 3_600_000, AtFlags::RUNS_TODAY), (3_600_000, AtFlags::NONE)] {
        let r = &mut Rig::new(Profile::Windows);
        let stated = AtFlags::EXEC_ERROR | AtFlags::RUNS_TODAY;
        let days_of_week =
            if flags == AtFlags::NONE { AtDaysOfWeek::THURSDAY } else { AtDaysOfWeek::WEDNESDAY };
        let at_info =
            AtInfo { job_time, days_of_week, flags: stated, command: Some("a".into()), ..AtInfo::default() };
        r.call(Who::Admin, &NetrJobAdd { at_info, server_name: None });
        let info = r.call(Who::Admin, &NetrJobGetInfo { server_name: None, job_id: 1 }).at_info.unwrap();
        assert_eq!(info.flags, flags);
    }
}

fn descriptor(r: &mut Rig, path: &str) -> String {
    let request = SchRpcGetSecurity { path: path.into(), security_information: 0x7 };
    r.call(Who::Admin, &request).sddl.unwrap().to_string()
}

/// COMPAT-14, SDDL-20: the descriptor of a version 1 task, of its file, and of a task that becomes one.
#[test]
fn descriptors_of_version_1() {
    let r = &mut Rig::new(Profile::Windows);
    let xml = |version: &str| task(version, "<UserId>S-1-5-18</UserId>", AT_NOON);
    assert_eq!(register(r, r"\New", &xml("1.1")), HResult::S_OK);
    assert_eq!(register(r, r"\Old", &xml("1.2")), HResult::S_OK);
    assert!(!descriptor(r, r"\Old").contains("(A;;FX;;;SY)"));
    assert_eq!(register(r, r"\Old", &xml("1.1")), HResult::S_OK);
    let stated =
        SchRpcRegisterTask { sddl: Some("D:(A;;FA;;;BA)".into()), ..request(r"\Stated", &xml("1.1")) };
    assert_eq!(r.call(Who::Admin, &stated).status, HResult::S_OK);
    for path in [r"\New", r"\Old", r"\Stated"] {
        let sddl = descriptor(r, path);
        assert_eq!(sddl.matches("(A;;FX;;;SY)").count(), 1, "{path}: {sddl}");
        let of_file = r.effects.iter().rev().find_map(|(_, effect)| match effect {
            Effect::Write(stored)
                if stored.store == StoreKind::Job && stored.path == format!("{}.job", &path[1..]) =>
            {
                stored.sddl.clone()
            }
            _ => None,
        });
        assert!(of_file.is_some_and(|sddl| sddl.contains("(A;;FX;;;SY)")), "{path}");
    }
    let r = &mut Rig::new(Profile::Specification);
    assert_eq!(register(r, r"\New", &xml("1.1")), HResult::S_OK);
    assert!(!descriptor(r, r"\New").contains("(A;;FX;;;SY)"), "the text says nothing of it");
}

/// XML-59, [MS-DTYP] 2.5.1.1: accounts by English name, SID or SDDL alias; and those that nobody knows.
#[test]
fn names_of_accounts() {
    for (principal, sid) in [
        ("<UserId>SY</UserId>", Some(Sid::LOCAL_SYSTEM)),
        ("<UserId>LS</UserId>", Some(Sid::LOCAL_SERVICE)),
        ("<UserId>ns</UserId>", Some(Sid::NETWORK_SERVICE)),
        ("<UserId>NetworkService</UserId>", Some(Sid::NETWORK_SERVICE)),
        ("<GroupId>BU</GroupId>", Some(Sid::USERS)),
        ("<GroupId>BA</GroupId>", Some(Sid::ADMINISTRATORS)),
        (r"<GroupId>BUILTIN\Users</GroupId>", Some(Sid::USERS)),
        ("<GroupId>S-1-5-32-545</GroupId>", Some(Sid::USERS)),
        ("<UserId>XX</UserId>", None),
        (r"<UserId>HOST\nobody</UserId>", None),
        // An alias that is relative to a domain nobody named.
        ("<GroupId>DA</GroupId>", None),
    ] {
        let r = &mut Rig::new(Profile::Windows);
        r.machine.sessions.push(Who::Alice.session(1).with_group(Sid::ADMINISTRATORS));
        let status = register(r, r"\Task", &task("1.2", principal, ""));
        assert_eq!(status, if sid.is_some() { HResult::S_OK } else { LOGON_FAILURE }, "{principal}");
        if let Some(sid) = sid {
            let run = SchRpcRun { path: r"\Task".into(), ..Default::default() };
            assert_eq!(r.call(Who::Admin, &run).status, HResult::S_OK);
            let user = r.starts()[0].user;
            let expected = if principal.starts_with("<GroupId>") { Who::Alice.sid() } else { sid };
            assert_eq!(user, Some(expected), "{principal}");
        }
    }
}

/// The users that events name: of the starts, of those that failed, and of those who are not logged on.
fn shown(r: &Rig) -> Vec<String> {
    let name = |event: &TaskSchedulerEvent| match event {
        TaskSchedulerEvent::JobStart { user_context, .. }
        | TaskSchedulerEvent::JobStartFailed { user_context, .. } => Some(user_context.clone()),
        TaskSchedulerEvent::NoStartUserNotLoggedOn { user_name, .. } => Some(user_name.clone()),
        _ => None,
    };
    let events = r.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::Log(record) => name(&record.event),
        _ => None,
    });
    events.collect()
}

/// EVT-27: events have the name of an account, also where the definition has its SID and nobody is logged on.
#[test]
fn events_have_names() {
    let bob = Who::Bob.sid();
    let s4u = format!("<UserId>{bob}</UserId><LogonType>S4U</LogonType>");
    let interactive = format!("<UserId>{bob}</UserId><LogonType>InteractiveToken</LogonType>");
    for (principal, battery, expected) in [
        (s4u.as_str(), false, r"HOST\bob"),
        (&interactive, false, r"HOST\bob"),
        (&interactive, true, r"HOST\bob"),
        ("<UserId>S-1-5-18</UserId>", false, r"NT AUTHORITY\SYSTEM"),
        ("<GroupId>S-1-5-32-545</GroupId>", false, r"BUILTIN\Users"),
    ] {
        let r = &mut Rig::new(Profile::Windows);
        let password = TaskUserCred { password: Some("secret".into()), ..Default::default() };
        let mut request = request(r"\Task", &task("1.2", principal, ""));
        if principal.contains("S4U") {
            request.creds = vec![password].into();
        }
        assert_eq!(r.call(Who::Admin, &request).status, HResult::S_OK, "{principal}");
        r.machine.on_battery = battery;
        r.call(Who::Admin, &SchRpcRun { path: r"\Task".into(), ..Default::default() });
        if let Some(instance) = r.starts().first().map(|start| start.instance) {
            r.event(Event::Started { instance, pid: 1 });
        }
        assert_eq!(shown(r), [expected], "{principal}");
    }
}

/// 3.2.5.1.1, note 49: a group cannot log on with a password or S4U; Windows ignores what is asked for.
#[test]
fn groups_log_on_interactively() {
    let xml = task("1.2", "<GroupId>S-1-5-32-545</GroupId>", "");
    for (logon_type, by_text) in [
        (TaskLogonType::PASSWORD, DENIED),
        (TaskLogonType::S4U, DENIED),
        (TaskLogonType::INTERACTIVE_TOKEN, HResult::S_OK),
        (TaskLogonType::NONE, HResult::S_OK),
    ] {
        for (profile, expected) in [(Profile::Windows, HResult::S_OK), (Profile::Specification, by_text)] {
            let request = SchRpcRegisterTask { logon_type, ..request(r"\Task", &xml) };
            let status = Rig::new(profile).call(Who::Admin, &request).status;
            assert_eq!(status, expected, "{profile:?} {logon_type:?}");
        }
    }
}

/// 3.2.5.4.5: what an SDDL string does not state is kept.
#[test]
fn what_is_not_stated_is_kept() {
    let r = &mut Rig::new(Profile::Windows);
    assert_eq!(register(r, r"\Task", &task("1.2", "<UserId>S-1-5-18</UserId>", "")), HResult::S_OK);
    let before = descriptor(r, r"\Task");
    let set =
        |sddl: &str| SchRpcSetSecurity { path: r"\Task".into(), sddl: sddl.into(), ..Default::default() };
    assert_eq!(r.call(Who::Admin, &set("O:SY")).status, HResult::S_OK);
    let (_, dacl) = before.split_once("D:").unwrap();
    let after = descriptor(r, r"\Task");
    assert!(after.starts_with("O:SY") && after.ends_with(dacl), "{before} became {after}");
}

/// EVT-20: the events of effects that failed.
#[test]
fn effects_that_fail() {
    let r = &mut Rig::new(Profile::Windows);
    assert_eq!(register(r, r"\Task", &task("1.2", "<UserId>S-1-5-18</UserId>", AT_NOON)), HResult::S_OK);
    r.call(Who::Admin, &SchRpcRun { path: r"\Task".into(), ..Default::default() });
    let instance = r.starts()[0].instance;
    let task = || r"\Task".parse().unwrap();
    let mut logged = |effect: FailedEffect| {
        let before = r.effects.len();
        assert_eq!(r.event(Event::Failed { effect, error: HResult::E_FAIL }), None);
        let ids = r.effects[before..].iter().filter_map(|(_, effect)| match effect {
            Effect::Log(record) => Some(record.event.id()),
            _ => None,
        });
        ids.collect::<Vec<_>>()
    };
    assert_eq!(logged(FailedEffect::Wake), [410]);
    assert_eq!(logged(FailedEffect::Unsubscribe { task: task(), trigger: 0 }), [0; 0]);
    assert_eq!(logged(FailedEffect::Subscribe { task: task(), trigger: 0 }), [150]);
    // 331 is about a time limit.
    assert_eq!(logged(FailedEffect::Stop { instance }), [0; 0]);
    assert_eq!(logged(FailedEffect::Start { instance }), [203, 101]);
    let _ = r.call(Who::Admin, &SchRpcDelete { path: r"\Task".into(), flags: 0 });
}

/// 2.5.4.2: what failed for a member of a group is tried again for that member, not for those whose start succeeded.
#[test]
fn a_retry_is_for_the_members_that_failed() {
    let settings = "<MultipleInstancesPolicy>Parallel</MultipleInstancesPolicy>\
                    <RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure>";
    let xml = task("1.2", "<GroupId>S-1-5-32-545</GroupId>", AT_NOON)
        .replace("<Priority>", &format!("{settings}<Priority>"));
    for failing in [&[Who::Bob][..], &[Who::Alice, Who::Bob]] {
        let r = &mut Rig::new(Profile::Windows);
        r.machine.sessions.extend([Who::Alice.session(1), Who::Bob.session(2)]);
        assert_eq!(register(r, r"\Task", &xml), HResult::S_OK);
        r.pass(Duration::hours(2));
        let first: Vec<_> = r.starts().iter().map(|start| (start.instance, start.user.unwrap())).collect();
        assert_eq!(first.len(), 2);
        for (instance, user) in first {
            let event = if failing.iter().any(|who| who.sid() == user) {
                Event::StartFailed { instance, error: HResult::E_FAIL }
            } else {
                Event::Started { instance, pid: 1 }
            };
            assert_eq!(r.event(event), None);
        }
        r.pass(Duration::minutes(1));
        let again: Vec<_> = r.starts()[2..].iter().map(|start| start.user.unwrap()).collect();
        assert_eq!(again, failing.iter().map(|who| who.sid()).collect::<Vec<_>>());
    }
}

/// 3.2.6.1: only a start clears the bit of its day; a job that was asleep on its only day is still to run.
#[test]
fn an_at_job_that_was_missed_runs_on_its_next_day() {
    for profile in [Profile::Windows, Profile::Specification] {
        let r = &mut Rig::new(profile);
        let at_info = AtInfo {
            job_time: 11 * 3_600_000,
            days_of_week: AtDaysOfWeek::WEDNESDAY,
            command: Some("a.exe".into()),
            ..AtInfo::default()
        };
        r.call(Who::Admin, &NetrJobAdd { at_info, server_name: None });
        r.event(Event::Sleep);
        r.now += Duration::hours(2);
        r.event(Event::Wake);
        r.pass(Duration::days(8));
        let starts = r.effects.iter().filter(|(_, effect)| matches!(effect, Effect::Start(_)));
        let starts: Vec<_> = starts.map(|(at, _)| *at).collect();
        assert_eq!(starts, [datetime!(2024-05-22 11:00 UTC)], "{profile:?}");
    }
}

/// 3.2.5.3.4: an account is named `HOST\alice` or `alice@HOST`.
#[test]
fn user_principal_names() {
    let r = &mut Rig::new(Profile::Windows);
    r.machine.sessions.push(Session::new(1, r"FAR\dave", "S-1-5-21-9-9-9-1".parse().unwrap()));
    for (name, known) in [("dave@FAR", HResult::S_OK), ("dave@NEAR", LOGON_FAILURE), ("@", LOGON_FAILURE)] {
        let principal = format!("<UserId>{name}</UserId><LogonType>InteractiveToken</LogonType>");
        assert_eq!(register(r, r"\Task", &task("1.2", &principal, "")), known, "{name}");
    }
}

/// SDDL-24: write access is not enough to change the DACL, nor the owner; users may write to the root folder.
#[test]
fn rights_to_change_a_descriptor() {
    let set = |r: &mut Rig, who, path: &str, sddl: &str| {
        let request = SchRpcSetSecurity { path: path.into(), sddl: sddl.into(), ..Default::default() };
        r.call(who, &request).status
    };
    let bob = Who::Bob.sid();
    for (rights, sddl, windows, text) in [
        ("FRFW", "D:(A;;FA;;;BU)", DENIED, HResult::S_OK),
        ("FRFWWD", "D:(A;;FA;;;BU)", HResult::S_OK, HResult::S_OK),
        ("FRFWWD", "O:BU", DENIED, HResult::S_OK),
        ("FRFWWDWO", "O:BUD:(A;;FA;;;BU)", HResult::S_OK, HResult::S_OK),
        ("FRWDWO", "D:(A;;FA;;;BU)", DENIED, DENIED),
    ] {
        for (profile, expected) in [(Profile::Windows, windows), (Profile::Specification, text)] {
            let r = &mut Rig::new(profile);
            let sddl_of_task = format!("O:BAD:(A;;FA;;;BA)(A;;{rights};;;{bob})");
            let request = SchRpcRegisterTask {
                sddl: Some(sddl_of_task.as_str().into()),
                ..request(r"\Task", &task("1.2", "<UserId>S-1-5-18</UserId>", ""))
            };
            assert_eq!(r.call(Who::Admin, &request).status, HResult::S_OK);
            assert_eq!(set(r, Who::Bob, r"\Task", sddl), expected, "{profile:?} {rights} {sddl}");
        }
    }
    let r = &mut Rig::new(Profile::Windows);
    assert_eq!(set(r, Who::Bob, r"\", "D:P(A;OICI;FA;;;BU)"), DENIED);
    assert_eq!(set(r, Who::Admin, r"\", "D:P(A;OICI;FA;;;BA)"), HResult::S_OK);
}
