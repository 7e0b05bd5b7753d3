//! SchRpcRegisterTask (3.2.5.4.2).

use super::{
    BAD_NAME, DENIED, EXISTS, INVALID_ARG, LOGON_FAILURE, NO_FILE, NONE_MAPPED, OK, Rig, Row, Who, both,
    check, definition, differ, task, text, windows,
};
use time::Duration;
use wintask::{
    definition::{LogonType, SchemaVersion, Task},
    dtyp::HResult,
    ndr::Counted,
    rpc::schrpc::*,
    scheduler::{Effect, Event, Options, StoreKind},
    xml,
};

/// A definition that names nobody.
pub const PLAIN: &str = "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
     <Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>";

const SYSTEM: &str = "<UserId>S-1-5-18</UserId>";

pub fn create(path: &str, xml: &str) -> SchRpcRegisterTask {
    SchRpcRegisterTask {
        path: Some(path.into()),
        xml: xml.into(),
        flags: TaskCreation::CREATE,
        ..SchRpcRegisterTask::default()
    }
}

fn flags(flags: u32, path: &str) -> SchRpcRegisterTask {
    SchRpcRegisterTask { flags: TaskCreation(flags), ..create(path, PLAIN) }
}

fn triggers(triggers: &str) -> SchRpcRegisterTask {
    create(r"\New", &task("", triggers, ""))
}

fn settings(settings: &str) -> SchRpcRegisterTask {
    create(r"\New", &task("", "", settings))
}

fn principal(principal: &str) -> SchRpcRegisterTask {
    create(r"\New", &task(principal, "", ""))
}

fn logon(logon_type: TaskLogonType, request: SchRpcRegisterTask) -> SchRpcRegisterTask {
    SchRpcRegisterTask { logon_type, ..request }
}

fn cred(user: &str, password: &str, request: SchRpcRegisterTask) -> SchRpcRegisterTask {
    SchRpcRegisterTask { creds: vec![TaskUserCred::new(user, password)].into(), ..request }
}

fn by_default(mut request: SchRpcRegisterTask) -> SchRpcRegisterTask {
    if let Counted::Array(creds) = &mut request.creds {
        creds[0].flags = CredFlags::DEFAULT;
    }
    request
}

/// The definition that was registered.
fn stored(r: &mut Rig, path: &str) -> Task {
    let request = SchRpcRetrieveTask { path: path.into(), languages_buffer: "".into(), num_languages: 0 };
    let text = r.call(Who::Admin, &request).xml.unwrap().to_string();
    xml::read_text(&text, &xml::Options::default()).unwrap()
}

fn dacl(r: &mut Rig, path: &str) -> String {
    let request = SchRpcGetSecurity { path: path.into(), security_information: 5 };
    r.call(Who::Admin, &request).sddl.unwrap().to_string()
}

/// A folder to which users may add tasks, which inherit that everybody may do anything.
fn shared(r: &mut Rig) {
    let request = SchRpcCreateFolder {
        path: r"\S".into(),
        sddl: Some("D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;BU)".into()),
        flags: 0,
    };
    assert_eq!(r.admin(request), OK);
}

/// The same request, for the folder to which users may add tasks.
fn there(request: SchRpcRegisterTask) -> SchRpcRegisterTask {
    SchRpcRegisterTask { path: Some(r"\S\New".into()), ..request }
}

/// The place of the error in the definition: its node.
fn node(r: &mut Rig, request: SchRpcRegisterTask) -> (HResult, String) {
    let answer = r.call(Who::Admin, &request);
    let info = answer.error_info.expect("error information");
    assert!(info.line > 0 && info.column > 0 && answer.actual_path.is_none());
    (answer.status, info.node.unwrap().to_string())
}

pub const ROWS: &[Row] = &[
    both("2#1: a logon type that does not exist", INVALID_ARG, |r| {
        r.admin(logon(TaskLogonType(7), create(r"\New", PLAIN)))
    }),
    both("2#1: the root", INVALID_ARG, |r| r.admin(create(r"\", PLAIN))),
    both("2#1: a malformed path", BAD_NAME, |r| r.admin(create(r"\New\", PLAIN))),
    both("2#1: a malformed descriptor", INVALID_ARG, |r| {
        r.admin(SchRpcRegisterTask { sddl: Some("D:(X)".into()), ..create(r"\New", PLAIN) })
    }),
    both("2#1: two credentials", INVALID_ARG, |r| {
        let creds = vec![TaskUserCred::new("alice", "secret"); 2].into();
        r.admin(SchRpcRegisterTask { creds, ..create(r"\New", PLAIN) })
    }),
    both("2#1: one credential, and none there", INVALID_ARG, |r| {
        r.admin(SchRpcRegisterTask { creds: Counted::Null { count: 1 }, ..create(r"\New", PLAIN) })
    }),
    differ("3.2.5.4.2, note 66: undefined flags", INVALID_ARG, OK, |r| r.admin(flags(0x42, r"\New"))),
    differ("3.2.5.4.2, note 66: undefined flags alone are as none", INVALID_ARG, OK, |r| {
        r.admin(flags(0x40, r"\New"))
    }),
    differ("2#2, RPC-11: the folder does not exist", OK, DENIED, |r| r.admin(create(r"\None\New", PLAIN))),
    both("2#2: a folder that one may not read or write", DENIED, |r| r.alice(create(r"\Closed\New", PLAIN))),
    both("2#2: a folder that one may only read", DENIED, |r| r.alice(create(r"\F\New", PLAIN))),
    text("2#2: a folder that one may not read", DENIED, |r| {
        let folder = SchRpcCreateFolder {
            path: r"\W".into(),
            sddl: Some("D:P(A;;FA;;;BA)(A;;FW;;;BU)".into()),
            flags: 0,
        };
        assert_eq!(r.admin(folder), OK);
        r.alice(create(r"\W\New", PLAIN))
    }),
    both("2#3, 2#4, 2#5, 2#6: an unexpected node", HResult::SCHED_E_UNEXPECTEDNODE, |r| {
        let (status, node) = node(r, create(r"\New", &task("", "", "<Colour>red</Colour>")));
        assert_eq!(node, "Colour");
        status
    }),
    both("2#7: a namespace", HResult::SCHED_E_NAMESPACE, |r| {
        r.admin(create(r"\New", &PLAIN.replace("2004/02", "2004/03")))
    }),
    both("2#8: a value", HResult::SCHED_E_INVALIDVALUE, |r| {
        let (status, node) = node(r, create(r"\New", &task("", "", "<Priority>eleven</Priority>")));
        assert_eq!(node, "Priority");
        status
    }),
    both("2#9: a missing node", HResult::SCHED_E_MISSINGNODE, |r| {
        let (status, node) = node(r, create(r"\New", &PLAIN.replace("<Command>a.exe</Command>", "")));
        assert_eq!(node, "Command");
        status
    }),
    both("2#10: too many nodes", HResult::SCHED_E_TOO_MANY_NODES, |r| {
        r.admin(create(r"\New", &task("", &"<LogonTrigger/>".repeat(49), "")))
    }),
    both("2#11: XML that is not well-formed", HResult::SCHED_E_MALFORMEDXML, |r| {
        r.admin(create(r"\New", "<Task"))
    }),
    both("RPC-14: error information is about the definition alone", DENIED, |r| {
        let answer = r.call(Who::Alice, &create(r"\F\New", PLAIN));
        assert_eq!((answer.actual_path, answer.error_info), (None, None));
        answer.status
    }),
    both("2#12: TASK_VALIDATE_ONLY registers nothing", OK, |r| {
        let answer = r.call(Who::Admin, &flags(3, r"\New"));
        assert_eq!(answer.actual_path, None);
        assert!(!r.exists(r"\New"));
        answer.status
    }),
    both("2#12: but looks at the definition", HResult::SCHED_E_MALFORMEDXML, |r| {
        r.admin(SchRpcRegisterTask { flags: TaskCreation::VALIDATE_ONLY, ..create(r"\New", "<Task") })
    }),
    windows("RPC-09: and not at the path", OK, |r| {
        assert_eq!(r.bob(flags(1, r"\None\New")), OK);
        assert_eq!(r.bob(flags(1, r"\F")), OK);
        r.bob(SchRpcRegisterTask { path: None, ..flags(1, "") })
    }),
    text("2#2, 2#12: the path comes before", DENIED, |r| r.admin(flags(1, r"\None\New"))),
    both("2#15: a feature of a later version", HResult::SCHED_E_UNEXPECTEDNODE, |r| {
        let xml = definition("1.2", "", "", "<Volatile>true</Volatile>");
        r.admin(create(r"\New", &xml))
    }),
    differ("XML-37: a message, since Windows 8", HResult::SCHED_E_DEPRECATED_FEATURE_USED, OK, |r| {
        let message = PLAIN.replace("Exec>", "ShowMessage>").replace("Command>", "Body>");
        r.admin(create(r"\New", &message.replace("<Body>", "<Title>t</Title><Body>")))
    }),
    differ("XML-37: an e-mail", HResult::SCHED_E_DEPRECATED_FEATURE_USED, OK, |r| {
        let mail = "<SendEmail><Server>s</Server><Subject>s</Subject><To>t</To><From>f</From><Body>b</Body></SendEmail>";
        r.admin(create(r"\New", &PLAIN.replace("<Exec><Command>a.exe</Command></Exec>", mail)))
    }),
    both("XML-37: a message before Windows 8", OK, |r| {
        let options = Options::default().with_profile(r.profile()).with_server_version(SchemaVersion::V1_3);
        *r = Rig::with(options);
        let message = PLAIN.replace("Exec>", "ShowMessage>").replace("Command>", "Body>");
        r.admin(create(r"\New", &message.replace("<Body>", "<Title>t</Title><Body>")))
    }),
    both("2#15: a version that the server does not have", HResult::SCHED_E_INVALIDVALUE, |r| {
        let options = Options::default().with_profile(r.profile()).with_server_version(SchemaVersion::V1_2);
        *r = Rig::with(options);
        r.admin(create(r"\New", &definition("1.3", "", "", "")))
    }),
    both("2#16, 2#140, RPC-13: without path and URI, a GUID in the root", OK, |r| {
        let answer = r.call(Who::Admin, &SchRpcRegisterTask { path: None, ..create("", PLAIN) });
        let path = answer.actual_path.unwrap().to_string();
        let guid = path.strip_prefix(r"\{").and_then(|rest| rest.strip_suffix('}')).expect(&path);
        assert!(guid.parse::<uuid::Uuid>().is_ok() && guid.len() == 36, "{path}");
        assert!(r.exists(&path));
        answer.status
    }),
    text("2#140: by anyone who may add to the root", OK, |r| {
        let sddl = "D:P(A;;FA;;;BA)(A;;FRFW;;;BU)".into();
        assert_eq!(r.admin(SchRpcSetSecurity { path: r"\".into(), sddl, flags: SecurityFlags::NONE }), OK);
        r.alice(SchRpcRegisterTask { path: None, ..create("", PLAIN) })
    }),
    windows("RPC-13: which takes an administrator", DENIED, |r| {
        r.alice(SchRpcRegisterTask { path: None, ..create("", PLAIN) })
    }),
    both("2#17: a malformed descriptor in the definition", INVALID_ARG, |r| {
        let info = "<RegistrationInfo><SecurityDescriptor>zz</SecurityDescriptor></RegistrationInfo>";
        r.admin(create(r"\New", &PLAIN.replace("<Actions>", &format!("{info}<Actions>"))))
    }),
    both("2#17, 2.5.8: a reference to a text is accepted", OK, |r| {
        let text = "<SecurityDescriptor>$(@a.dll,-1)</SecurityDescriptor>";
        let info = format!("<RegistrationInfo>{text}</RegistrationInfo>");
        r.admin(create(r"\New", &PLAIN.replace("<Actions>", &format!("{info}<Actions>"))))
    }),
    both("2#17: the descriptor in the definition", OK, |r| {
        let info =
            "<RegistrationInfo><SecurityDescriptor>D:P(A;;FA;;;BA)</SecurityDescriptor></RegistrationInfo>";
        let xml = PLAIN.replace("<Actions>", &format!("{info}<Actions>"));
        assert_eq!(r.admin(SchRpcRegisterTask { flags: TaskCreation(0x12), ..create(r"\New", &xml) }), OK);
        assert!(dacl(r, r"\New").ends_with("D:P(A;;FA;;;BA)"), "{}", dacl(r, r"\New"));
        OK
    }),
    text("2#17: full control for the owner, read and delete for administrators", OK, |r| {
        assert_eq!(r.admin(SchRpcRegisterTask { flags: TaskCreation(0x12), ..create(r"\New", PLAIN) }), OK);
        let owner = dacl(r, r"\New");
        assert!(owner.contains("(A;;FA;;;") && owner.contains("(A;;0x130089;;;BA)"), "{owner}");
        OK
    }),
    windows("SDDL-20: what the folder hands down", OK, |r| {
        shared(r);
        assert_eq!(r.admin(there(SchRpcRegisterTask { flags: TaskCreation(0x12), ..create("", PLAIN) })), OK);
        assert!(dacl(r, r"\S\New").contains("(A;ID;FA;;;BU)"), "{}", dacl(r, r"\S\New"));
        OK
    }),
    both("2#52: no day of the week", HResult::SCHED_E_MISSINGNODE, |r| {
        r.admin(triggers("<CalendarTrigger><StartBoundary>2024-05-15T10:00:00</StartBoundary><ScheduleByWeek><DaysOfWeek/></ScheduleByWeek></CalendarTrigger>"))
    }),
    both("2#54: no day of the month", HResult::SCHED_E_MISSINGNODE, |r| {
        r.admin(triggers("<CalendarTrigger><StartBoundary>2024-05-15T10:00:00</StartBoundary><ScheduleByMonth/></CalendarTrigger>"))
    }),
    both("2#55: no month", HResult::SCHED_E_MISSINGNODE, |r| {
        r.admin(triggers("<CalendarTrigger><StartBoundary>2024-05-15T10:00:00</StartBoundary><ScheduleByMonth><DaysOfMonth><Day>1</Day></DaysOfMonth><Months/></ScheduleByMonth></CalendarTrigger>"))
    }),
    both("2#57: no week", HResult::SCHED_E_MISSINGNODE, |r| {
        r.admin(triggers("<CalendarTrigger><StartBoundary>2024-05-15T10:00:00</StartBoundary><ScheduleByMonthDayOfWeek><Weeks/><DaysOfWeek><Monday/></DaysOfWeek></ScheduleByMonthDayOfWeek></CalendarTrigger>"))
    }),
    both("2#58: no day of the week in a month", HResult::SCHED_E_MISSINGNODE, |r| {
        r.admin(triggers("<CalendarTrigger><StartBoundary>2024-05-15T10:00:00</StartBoundary><ScheduleByMonthDayOfWeek><Weeks><Week>1</Week></Weeks><DaysOfWeek/></ScheduleByMonthDayOfWeek></CalendarTrigger>"))
    }),
    both("2#59: no month of weeks", HResult::SCHED_E_MISSINGNODE, |r| {
        r.admin(triggers("<CalendarTrigger><StartBoundary>2024-05-15T10:00:00</StartBoundary><ScheduleByMonthDayOfWeek><Weeks><Week>1</Week></Weeks><DaysOfWeek><Monday/></DaysOfWeek><Months/></ScheduleByMonthDayOfWeek></CalendarTrigger>"))
    }),
    both("2#138: the path that is stated, not the URI", OK, |r| {
        let xml =
            PLAIN.replace("<Actions>", r"<RegistrationInfo><URI>\Other</URI></RegistrationInfo><Actions>");
        let answer = r.call(Who::Admin, &create(r"\New", &xml));
        assert_eq!(answer.actual_path, Some(r"\New".into()));
        assert!(!r.exists(r"\Other"));
        assert_eq!(stored(r, r"\New").registration_info.uri.as_deref(), Some(r"\New"));
        answer.status
    }),
    both("2#139: the URI", OK, |r| {
        let xml =
            PLAIN.replace("<Actions>", r"<RegistrationInfo><URI>\F\Other</URI></RegistrationInfo><Actions>");
        let answer = r.call(Who::Admin, &SchRpcRegisterTask { path: None, ..create("", &xml) });
        assert_eq!(answer.actual_path, Some(r"\F\Other".into()));
        answer.status
    }),
    both("2#141, RPC-10: an update of what is missing", NO_FILE, |r| r.admin(flags(4, r"\New"))),
    both("2#143, 2#144, 2#145: nothing there, and modifying flags alone", INVALID_ARG, |r| {
        r.admin(flags(0x38, r"\New"))
    }),
    both("RPC-10: flags of 0 create", OK, |r| {
        assert_eq!(r.admin(flags(0, r"\New")), OK);
        if r.exists(r"\New") { OK } else { NO_FILE }
    }),
    both("RPC-10: flags of 0 do not update", EXISTS, |r| r.admin(flags(0, r"\Job"))),
    both("2#146, RPC-10: creating over a task", EXISTS, |r| r.admin(flags(2, r"\Job"))),
    both("2#146: case makes no difference", EXISTS, |r| r.admin(flags(2, r"\f\t"))),
    both("2#147: a task there, and modifying flags alone", INVALID_ARG, |r| r.admin(flags(0x10, r"\Job"))),
    both("RPC-10: create or update, of what is missing", OK, |r| r.admin(flags(6, r"\New"))),
    both("RPC-10: create or update, of what is there", OK, |r| {
        assert_eq!(r.admin(flags(6, r"\Job")), OK);
        assert!(stored(r, r"\Job").triggers.is_empty());
        OK
    }),
    differ("RPC-12: a folder", DENIED, EXISTS, |r| r.admin(flags(6, r"\F"))),
    both("3.2.5.4.2: below a task", EXISTS, |r| r.admin(create(r"\Job\New", PLAIN))),
    both("3.2.5.4.2: an update by one who may not write it", DENIED, |r| r.bob(flags(4, r"\Job"))),
    windows("2#148: missing folders, by the descriptor that is stated", OK, |r| {
        let sddl = Some("D:P(A;;FA;;;BA)(A;;FR;;;WD)".into());
        assert_eq!(r.admin(SchRpcRegisterTask { sddl, ..create(r"\A\B\New", PLAIN) }), OK);
        for folder in [r"\A", r"\A\B"] {
            assert!(dacl(r, folder).contains("(A;;FA;;;BA)(A;;FR;;;WD)"), "{}", dacl(r, folder));
        }
        OK
    }),
    both("2#149: the descriptor that is stated, and the principal may read", OK, |r| {
        let sddl = Some("D:P(A;;FA;;;BA)".into());
        let request = SchRpcRegisterTask { sddl, ..principal("<UserId>alice</UserId>") };
        assert_eq!(r.admin(request), OK);
        let want = format!("D:P(A;;FA;;;BA)(A;;FR;;;{})", Who::Alice.sid());
        assert!(dacl(r, r"\New").ends_with(&want), "{}", dacl(r, r"\New"));
        OK
    }),
    both("2#149: TASK_DONT_ADD_PRINCIPAL_ACE", OK, |r| {
        let sddl = Some("D:P(A;;FA;;;BA)".into());
        let request = SchRpcRegisterTask { sddl, ..principal("<UserId>alice</UserId>") };
        assert_eq!(r.admin(SchRpcRegisterTask { flags: TaskCreation(0x12), ..request }), OK);
        assert!(dacl(r, r"\New").ends_with("D:P(A;;FA;;;BA)"));
        OK
    }),
    both("2#149: the file is written", OK, |r| {
        assert_eq!(r.admin(create(r"\New", PLAIN)), OK);
        let is = |effect: &Effect| matches!(effect, Effect::Write(it) if it.store == StoreKind::Xml && it.path == r"\New" && it.content.is_some() && it.sddl.is_some());
        assert_eq!(r.effects.iter().filter(|(_, effect)| is(effect)).count(), 1);
        OK
    }),
    both("3.2.5.4.2: an update without a descriptor keeps it", OK, |r| {
        let before = dacl(r, r"\Job");
        assert_eq!(r.admin(flags(4, r"\Job")), OK);
        assert_eq!(dacl(r, r"\Job"), before);
        OK
    }),
    both("2#150: a definition of version 1.1", OK, |r| {
        r.admin(create(r"\New", &definition("1.1", SYSTEM, "", "")))
    }),
    both("2#151: the password is stored", OK, |r| {
        let request = cred("alice", "secret", logon(TaskLogonType::PASSWORD, create(r"\New", PLAIN)));
        assert_eq!(r.admin(request), OK);
        let is = |effect: &Effect| matches!(effect, Effect::Credential { stored: true, .. });
        assert_eq!(r.effects.iter().filter(|(_, effect)| is(effect)).count(), 1);
        OK
    }),
    both("2#151: and not where none is needed", OK, |r| {
        let request = cred("alice", "secret", logon(TaskLogonType::S4U, create(r"\New", PLAIN)));
        assert_eq!(r.admin(request), OK);
        assert!(!r.effects.iter().any(|(_, effect)| matches!(effect, Effect::Credential { .. })));
        OK
    }),
    both("2#152: subscriptions to events, anew after an update", OK, |r| {
        let query = "&lt;QueryList&gt;&lt;Query Path='System'&gt;&lt;Select&gt;*&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;";
        let xml = task(
            SYSTEM,
            &format!("<LogonTrigger/><EventTrigger><Subscription>{query}</Subscription></EventTrigger>"),
            "",
        );
        assert_eq!(r.admin(create(r"\New", &xml)), OK);
        let last = |r: &Rig| {
            r.effects
                .iter()
                .rev()
                .find(|(_, it)| matches!(it, Effect::Subscribe { trigger: 1, .. }))
                .is_some()
        };
        assert!(last(r));
        assert_eq!(r.admin(flags(4, r"\New")), OK);
        assert!(r.effects.iter().any(|(_, it)| matches!(it, Effect::Unsubscribe { trigger: 1, .. })));
        OK
    }),
    both("2#153: the timer", OK, |r| {
        let before = r.state.next_wakeup().unwrap();
        let trigger = "<TimeTrigger><StartBoundary>2024-05-15T10:30:00Z</StartBoundary></TimeTrigger>";
        assert_eq!(r.admin(create(r"\New", &task(SYSTEM, trigger, ""))), OK);
        assert_eq!(r.state.next_wakeup(), Some(r.now + Duration::minutes(30)));
        assert!(r.state.next_wakeup().unwrap() < before);
        OK
    }),
    both("2#154: a registration trigger, also at an update", OK, |r| {
        let xml = task(SYSTEM, "<RegistrationTrigger/>", "");
        assert_eq!(r.admin(create(r"\New", &xml)), OK);
        assert_eq!(r.starts().len(), 1);
        let instance = r.starts()[0].instance;
        r.event(Event::Exited { instance, code: 0 });
        assert_eq!(r.admin(SchRpcRegisterTask { flags: TaskCreation::UPDATE, ..create(r"\New", &xml) }), OK);
        assert_eq!(r.starts().len(), 2);
        OK
    }),
    both("2#154: not with TASK_IGNORE_REGISTRATION_TRIGGERS", OK, |r| {
        let xml = task(SYSTEM, "<RegistrationTrigger/>", "");
        assert_eq!(r.admin(SchRpcRegisterTask { flags: TaskCreation(0x22), ..create(r"\New", &xml) }), OK);
        assert!(r.starts().is_empty());
        OK
    }),
    both("3.2.5.4.2: TASK_DISABLE", OK, |r| {
        let xml = task(SYSTEM, "<RegistrationTrigger/>", "");
        assert_eq!(r.admin(SchRpcRegisterTask { flags: TaskCreation(0x0A), ..create(r"\New", &xml) }), OK);
        assert!(r.starts().is_empty());
        assert_eq!(stored(r, r"\New").settings.enabled, Some(false));
        OK
    }),
    both("2#155, 2#156: the path", OK, |r| {
        let answer = r.call(Who::Admin, &create(r"\F\New", PLAIN));
        assert_eq!((answer.actual_path, answer.error_info), (Some(r"\F\New".into()), None));
        answer.status
    }),
    windows("RPC-01: the path with its backslash", OK, |r| {
        let answer = r.call(Who::Admin, &create("New", PLAIN));
        assert_eq!(answer.actual_path, Some(r"\New".into()));
        answer.status
    }),
    both("ERR-05, EVT-20: a trigger's channel does not exist", HResult::SCHED_S_SOME_TRIGGERS_FAILED, |r| {
        let trigger = |channel: &str| {
            format!(
                "<EventTrigger><Subscription>&lt;QueryList&gt;&lt;Query&gt;&lt;Select Path='{channel}'&gt;*\
                 &lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;</Subscription></EventTrigger>"
            )
        };
        assert_eq!(r.admin(create(r"\Good", &task("", &trigger("System"), ""))), OK);
        let logged = |r: &Rig| {
            let effects = r.effects.iter().map(|(_, effect)| effect);
            effects.filter(|it| matches!(it, Effect::Log(record) if record.event.id() == 113)).count()
        };
        assert_eq!(logged(r), 0);
        let answer = r.call(Who::Admin, &triggers(&trigger("Missing")));
        assert!(r.exists(r"\New") && answer.actual_path.is_some());
        assert_eq!(logged(r), 1);
        answer.status
    }),
    both(
        "ERR-05: an account that may not log on as a batch job",
        HResult::SCHED_S_BATCH_LOGON_PROBLEM,
        |r| {
            let request = cred("carol", "secret", logon(TaskLogonType::PASSWORD, create(r"\New", PLAIN)));
            let answer = r.call(Who::Admin, &request);
            assert!(r.exists(r"\New"));
            answer.status
        },
    ),
];

/// The logon type and the principal that a registration gives a task.
fn chosen(r: &mut Rig, request: SchRpcRegisterTask) -> (Option<LogonType>, Option<String>, Option<String>) {
    let path = request.path.clone().unwrap().to_string();
    assert_eq!(r.admin(request), OK);
    let task = stored(r, &path);
    let principal = task.run_as().unwrap().clone();
    (principal.logon_type, principal.user_id, principal.group_id)
}

pub const PRINCIPALS: &[Row] = &[
    both("2#113: the definition's", OK, |r| {
        let request = cred("alice", "secret", principal("<UserId>alice</UserId><LogonType>S4U</LogonType>"));
        assert_eq!(chosen(r, request).0, Some(LogonType::S4U));
        OK
    }),
    both("2#113: or the user's session", OK, |r| {
        let request =
            SchRpcRegisterTask { sddl: Some(super::OPEN.into()), ..principal("<UserId>alice</UserId>") };
        assert_eq!(r.admin(request), OK);
        assert_eq!(r.admin(super::run(r"\New")), OK);
        assert_eq!(r.starts().len(), 1);
        assert!(r.starts().iter().all(|start| start.interactive && start.session == Some(1)));
        OK
    }),
    both("2#114: TASK_LOGON_PASSWORD", OK, |r| {
        let request =
            cred("alice", "secret", logon(TaskLogonType::PASSWORD, principal("<UserId>bob</UserId>")));
        assert_eq!(chosen(r, request).0, Some(LogonType::Password));
        OK
    }),
    both("2#115: TASK_LOGON_S4U", OK, |r| {
        let request = logon(TaskLogonType::S4U, create(r"\New", PLAIN));
        assert_eq!(chosen(r, request).0, Some(LogonType::S4U));
        OK
    }),
    both("2#116: TASK_LOGON_INTERACTIVE_TOKEN", OK, |r| {
        let request = logon(TaskLogonType::INTERACTIVE_TOKEN, principal("<UserId>alice</UserId>"));
        assert_eq!(chosen(r, request).0, Some(LogonType::InteractiveToken));
        OK
    }),
    both("2#117: TASK_LOGON_GROUP", OK, |r| {
        let request = logon(TaskLogonType::GROUP, principal("<GroupId>S-1-5-32-545</GroupId>"));
        let (_, user, group) = chosen(r, request);
        assert_eq!((user, group.as_deref()), (None, Some("S-1-5-32-545")));
        OK
    }),
    both("2#117: without a group", INVALID_ARG, |r| {
        r.admin(logon(TaskLogonType::GROUP, create(r"\New", PLAIN)))
    }),
    both("2#118: TASK_LOGON_SERVICE_ACCOUNT", OK, |r| {
        let request = logon(TaskLogonType::SERVICE_ACCOUNT, principal("<UserId>LocalService</UserId>"));
        assert_eq!(chosen(r, request).1.as_deref(), Some("LocalService"));
        OK
    }),
    both("2#118: of a user", INVALID_ARG, |r| {
        r.admin(logon(TaskLogonType::SERVICE_ACCOUNT, principal("<UserId>alice</UserId>")))
    }),
    both("2#119: TASK_LOGON_INTERACTIVE_TOKEN_OR_PASSWORD", OK, |r| {
        let request =
            logon(TaskLogonType::INTERACTIVE_TOKEN_OR_PASSWORD, principal("<UserId>alice</UserId>"));
        assert_eq!(
            chosen(r, cred("alice", "secret", request)).0,
            Some(LogonType::InteractiveTokenOrPassword)
        );
        OK
    }),
    both("2#121, 2#126: the credentials' user", OK, |r| {
        let request = cred("bob", "secret", principal("<UserId>alice</UserId>"));
        assert_eq!(chosen(r, request).1.as_deref(), Some("bob"));
        OK
    }),
    both("2#122: the definition's user", OK, |r| {
        assert_eq!(chosen(r, principal("<UserId>alice</UserId>")).1.as_deref(), Some("alice"));
        OK
    }),
    both("2#123: the definition's group", OK, |r| {
        assert_eq!(chosen(r, principal("<GroupId>Users</GroupId>")).2.as_deref(), Some("Users"));
        OK
    }),
    both("2#124: both", HResult::SCHED_E_UNEXPECTEDNODE, |r| {
        let (status, node) = node(r, principal("<UserId>alice</UserId><GroupId>Users</GroupId>"));
        assert_eq!(node, "GroupId");
        status
    }),
    both("2#125, 2#126: the caller", OK, |r| {
        assert_eq!(chosen(r, create(r"\New", PLAIN)).1.as_deref(), Some(r"HOST\admin"));
        OK
    }),
    both("2#127: undefined flags of the credentials", INVALID_ARG, |r| {
        let mut request = cred("alice", "secret", create(r"\New", PLAIN));
        if let Counted::Array(creds) = &mut request.creds {
            creds[0].flags = CredFlags(2);
        }
        r.admin(request)
    }),
    both("2#128: credFlagDefault, and the definition names somebody", OK, |r| {
        let request = by_default(cred("bob", "secret", principal("<UserId>alice</UserId>")));
        assert_eq!(chosen(r, request).1.as_deref(), Some("alice"));
        OK
    }),
    both("2#128: credFlagDefault, and it names nobody", OK, |r| {
        let request = by_default(cred("bob", "secret", create(r"\New", PLAIN)));
        assert_eq!(chosen(r, request).1.as_deref(), Some("bob"));
        OK
    }),
    both("2#129: an unknown user of the credentials", LOGON_FAILURE, |r| {
        r.admin(cred("nobody", "x", create(r"\New", PLAIN)))
    }),
    both("2#129: a bad password", LOGON_FAILURE, |r| {
        r.admin(cred("alice", "wrong", logon(TaskLogonType::PASSWORD, create(r"\New", PLAIN))))
    }),
    both("2#129: an unknown user of the definition", LOGON_FAILURE, |r| {
        r.admin(principal("<UserId>nobody</UserId>"))
    }),
    both("XML-59: an unknown user of a trigger", NONE_MAPPED, |r| {
        r.admin(triggers("<LogonTrigger><UserId>nobody</UserId></LogonTrigger>"))
    }),
    both("2#131: a boot trigger", DENIED, |r| {
        shared(r);
        r.alice(there(triggers("<BootTrigger/>")))
    }),
    both("2#131: an administrator's", OK, |r| r.admin(triggers("<BootTrigger/>"))),
    both("2#132: a logon trigger for everyone", DENIED, |r| {
        shared(r);
        r.alice(there(triggers("<LogonTrigger/>")))
    }),
    both("2#132: for another", DENIED, |r| {
        shared(r);
        r.alice(there(triggers("<LogonTrigger><UserId>bob</UserId></LogonTrigger>")))
    }),
    both("2#132: for oneself", OK, |r| {
        shared(r);
        r.alice(there(triggers("<LogonTrigger><UserId>HOST\\alice</UserId></LogonTrigger>")))
    }),
    both("2#132: an administrator's", OK, |r| {
        r.admin(triggers("<LogonTrigger><UserId>bob</UserId></LogonTrigger>"))
    }),
    both("2#133: a session trigger for everyone", DENIED, |r| {
        shared(r);
        r.alice(there(triggers(
            "<SessionStateChangeTrigger><StateChange>SessionLock</StateChange></SessionStateChangeTrigger>",
        )))
    }),
    both("2#133: for oneself", OK, |r| {
        shared(r);
        r.alice(there(triggers("<SessionStateChangeTrigger><UserId>alice</UserId><StateChange>SessionLock</StateChange></SessionStateChangeTrigger>")))
    }),
    both("2#134: priority 1", DENIED, |r| {
        shared(r);
        r.alice(there(settings("<Priority>1</Priority>")))
    }),
    both("2#134: priority 2", OK, |r| {
        shared(r);
        r.alice(there(settings("<Priority>2</Priority>")))
    }),
    both("2#134: an administrator's", OK, |r| r.admin(settings("<Priority>1</Priority>"))),
    both("2#135: a user's own task", OK, |r| {
        shared(r);
        r.alice(there(create("", PLAIN)))
    }),
    both("2#135: a user's task as another", DENIED, |r| {
        shared(r);
        r.alice(there(principal("<UserId>bob</UserId>")))
    }),
    both("2#135: as another, whose password he knows", OK, |r| {
        shared(r);
        r.alice(there(cred("bob", "secret", logon(TaskLogonType::PASSWORD, create("", PLAIN)))))
    }),
    both("2#135: as the system", DENIED, |r| {
        shared(r);
        r.alice(there(principal(SYSTEM)))
    }),
    both("2#135: as a group", DENIED, |r| {
        shared(r);
        r.alice(there(principal("<GroupId>Users</GroupId>")))
    }),
    both("2#135: an administrator's, as the system", OK, |r| r.admin(principal(SYSTEM))),
    both("2#136: a password is required, and none is given", DENIED, |r| {
        r.admin(logon(TaskLogonType::PASSWORD, principal("<UserId>alice</UserId>")))
    }),
    both("2#136: a group needs none", OK, |r| r.admin(principal("<GroupId>Users</GroupId>"))),
];

#[test]
fn registrations() {
    check(ROWS);
}

#[test]
fn principals_of_registrations() {
    check(PRINCIPALS);
}
