//! Every bullet of [MS-TSCH] 3.1.4, by a table whose rows quote it.
//!
//! `1.4#2` is the second bullet of 3.1.4.1.4, counted through all levels; `1.2` is a sentence of a section that has no
//! bullets. `[out]` parameters are checked by an answer of the scheduler that has them.

use super::{DEFINITION, NOW, Server};
use std::{collections::BTreeSet, panic::catch_unwind, path::Path};
use uuid::Uuid;
use wintask::{
    HResult,
    client::{
        Error, accepted, atsvc,
        sasec::{self, Account, Step},
        schrpc::{self, Names},
    },
    dtyp::{NetApiStatus, SystemTime},
    job::{DaysOfMonth, Job, JobFlags},
    ndr::{Counted, Transfer},
    rpc::{
        Message,
        atsvc::{AtDaysOfWeek, AtEnumContainer, AtFlags, AtInfo},
        sasec::{AccountBuffer, SAGetAccountInformation, SAGetNSAccountInformation},
        schrpc::{
            EnumFlags, RunFlags, SchRpcGetLastRunInfo, SchRpcRegisterTask, SchRpcRun, SecurityFlags,
            TaskCreation, TaskInfoFlags, TaskLogonType, TaskState, TaskUserCred,
        },
    },
    scheduler::{Context, Event, Machine, NoAccounts},
};

/// A row: its source, the statement there, and a function that fails if the statement is false.
type Row = (&'static str, &'static str, fn(&mut Server));

/// How many bullets each section has that has any.
const BULLETS: &[(&str, u32)] = &[
    ("1.1", 8),
    ("1.4", 5),
    ("2.1.2", 4),
    ("2.7", 4),
    ("2.8.1", 7),
    ("2.8.2", 2),
    ("2.8.3", 2),
    ("3.1", 9),
    ("3.2", 3),
    ("3.3", 2),
    ("3.4.1", 2),
    ("3.4.2", 2),
    ("3.4.3", 2),
    ("3.4.4", 13),
    ("3.5.1", 4),
    ("3.5.2", 3),
    ("3.5.3", 8),
    ("3.5.4", 7),
    ("3.5.5", 3),
    ("3.5.6", 4),
    ("3.5.7", 2),
    ("3.6.1", 5),
    ("3.6.2", 6),
    ("3.6.3", 4),
];

/// The sections that have none.
const PROSE: &[&str] = &["1.2", "1.3", "2.1.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.5.8"];

fn at_job() -> AtInfo {
    AtInfo { job_time: 60_000, command: Some("backup.exe".into()), ..AtInfo::default() }
}

fn add(server: &mut Server) -> u32 {
    let add = atsvc::add(at_job()).unwrap();
    accepted(&add, server.call(&add)).unwrap().job_id
}

/// More jobs than one answer has (RPC-22).
fn many(server: &mut Server) {
    for _ in 0..40 {
        let add = atsvc::add(AtInfo { command: Some("c".repeat(255).as_str().into()), ..at_job() }).unwrap();
        accepted(&add, server.call(&add)).unwrap();
    }
}

/// Registers `\a`.
fn register(server: &mut Server) {
    let register = schrpc::register(r"\a", DEFINITION, TaskLogonType::NONE);
    let response = server.call(&register);
    schrpc::registered(&register, response).unwrap();
}

/// Registers `\a` and runs it; the instance.
fn run(server: &mut Server) -> Uuid {
    let definition = DEFINITION.replace("<Exec>", "<Exec id='Act'>");
    let register = schrpc::register(r"\a", definition, TaskLogonType::NONE);
    let response = server.call(&register);
    schrpc::registered(&register, response).unwrap();
    let run = schrpc::run(r"\a", [""; 0]);
    let guid = accepted(&run, server.call(&run)).unwrap().guid;
    let machine = Machine::default();
    let context = Context::new(NOW, &time::UtcOffset::UTC, &machine, &NoAccounts);
    let step = server.state.event(&context, Event::Started { instance: guid, pid: 4711 });
    assert_eq!(step.reply, None);
    guid
}

/// Registers `\1` to `\3`.
fn three(server: &mut Server) {
    for path in [r"\1", r"\2", r"\3"] {
        let register = schrpc::register(path, DEFINITION, TaskLogonType::NONE);
        let response = server.call(&register);
        schrpc::registered(&register, response).unwrap();
    }
}

fn three_folders(server: &mut Server) {
    for path in [r"\1", r"\2", r"\3"] {
        let create = schrpc::create_folder(path, None);
        accepted(&create, server.call(&create)).unwrap();
    }
}

/// A registration with everything that its bullets name.
fn full() -> SchRpcRegisterTask {
    SchRpcRegisterTask {
        sddl: Some("D:".into()),
        creds: vec![TaskUserCred::new(r"HOST\a", "secret")].into(),
        ..schrpc::register(r"\a", DEFINITION, TaskLogonType::PASSWORD)
    }
}

/// The same request after encoding and decoding.
fn again<M: Message>(request: &M) -> M {
    M::decode(&request.encode().unwrap()).unwrap()
}

/// The steps to write a job.
fn written(steps: &[Step]) -> (&str, &[u8], bool) {
    let [Step::FindFolder, Step::Write { name, bytes, new }, Step::SetAccount(call)] = steps else {
        panic!("{steps:?}")
    };
    assert_eq!(call.job_name.to_string(), *name);
    (name, bytes, *new)
}

fn job() -> Job {
    Job::new(Uuid::nil(), "backup.exe")
}

const ATSVC: &[Row] = &[
    ("1.1#1", "fields MUST specify the time and day (or days) at which the task will run", |_| {
        let days = AtInfo {
            days_of_month: DaysOfMonth(0x7FFF_FFFF),
            days_of_week: AtDaysOfWeek(0x7F),
            job_time: 86_399_999,
            ..at_job()
        };
        assert_eq!(atsvc::add(days.clone()).unwrap().at_info, days);
        let late = AtInfo { job_time: 86_400_000, ..at_job() };
        assert_eq!(atsvc::add(late), Err(Error::JobTime(86_400_000)));
        let month = AtInfo { days_of_month: DaysOfMonth(1 << 31), ..at_job() };
        assert_eq!(atsvc::add(month), Err(Error::AtDays(1 << 31, "DaysOfMonth")));
        let week = AtInfo { days_of_week: AtDaysOfWeek(0x81), ..at_job() };
        assert_eq!(atsvc::add(week), Err(Error::AtDays(0x80, "DaysOfWeek")));
    }),
    ("1.1#2", "field MUST be set to zero, except for the following bit flags", |_| {
        for bit in (0..8).map(|bit| 1 << bit) {
            let added = atsvc::add(AtInfo { flags: AtFlags(bit), ..at_job() });
            match bit {
                0x01 | 0x08 | 0x10 => assert!(added.is_ok()),
                _ => assert_eq!(added, Err(Error::AtFlags(AtFlags(bit)))),
            }
        }
    }),
    (
        "1.1#3",
        "JOB_RUN_PERIODICALLY to specify that the server MUST run the task on a repeating schedule",
        |_| {
            let job = AtInfo { flags: AtFlags::RUN_PERIODICALLY, ..at_job() };
            assert_eq!(again(&atsvc::add(job).unwrap()).at_info.flags.0, 0x01);
        },
    ),
    ("1.1#4", "JOB_ADD_CURRENT_DATE to specify that the server MUST set the current day", |server| {
        let add = atsvc::add(AtInfo { flags: AtFlags::ADD_CURRENT_DATE, ..at_job() }).unwrap();
        assert_eq!(again(&add).at_info.flags.0, 0x08);
        let id = accepted(&add, server.call(&add)).unwrap().job_id;
        let job = server.call(&atsvc::job(id)).at_info.unwrap();
        assert_eq!(job.days_of_month.0, 1 << (NOW.day() - 1));
    }),
    ("1.1#5", "JOB_NONINTERACTIVE to specify that this task is not interactive", |_| {
        let job = AtInfo { flags: AtFlags::NONINTERACTIVE, ..at_job() };
        assert_eq!(again(&atsvc::add(job).unwrap()).at_info.flags.0, 0x10);
    }),
    (
        "1.1#6",
        "field MUST contain a Unicode string specifying the name of the batch file or binary program",
        |_| {
            for command in [None, Some("".into())] {
                assert_eq!(atsvc::add(AtInfo { command, ..at_job() }), Err(Error::NoCommand));
            }
        },
    ),
    ("1.1#7", "A pointer to the AT_INFO structure in the pAtInfo parameter", |_| {
        assert_eq!(again(&atsvc::add(at_job()).unwrap()).at_info, at_job());
    }),
    ("1.1#8", "A pointer to a DWORD to receive the task ID in the pJobId parameter", |server| {
        assert_eq!([add(server), add(server)], [1, 2]);
    }),
    ("1.2", "the desired task ID in the MinJobId and MaxJobId parameters", |server| {
        add(server);
        let id = add(server);
        let delete = atsvc::delete(id);
        assert_eq!((delete.min_job_id, delete.max_job_id), (id, id));
        accepted(&delete, server.call(&delete)).unwrap();
        assert!(server.call(&atsvc::job(1)).at_info.is_some());
    }),
    (
        "1.2",
        "in the MinJobId parameter the lowest desired task ID and in the MaxJobId parameter the highest",
        |server| {
            (0..4).for_each(|_| _ = add(server));
            let delete = atsvc::delete_range(2..=3);
            assert_eq!((delete.min_job_id, delete.max_job_id), (2, 3));
            accepted(&delete, server.call(&delete)).unwrap();
            let left = [1, 2, 3, 4].map(|id| server.call(&atsvc::job(id)).at_info.is_some());
            assert_eq!(left, [true, false, false, true]);
        },
    ),
    ("1.3", "specifying the required task ID and a double pointer to an AT_INFO structure", |server| {
        let id = add(server);
        let request = atsvc::job(id);
        assert_eq!(request.job_id, id);
        assert_eq!(accepted(&request, server.call(&request)).unwrap().at_info.unwrap().job_time, 60_000);
    }),
    ("1.4#1", "the client SHOULD initialize the AT_ENUM_CONTAINER", |server| {
        let request = atsvc::Jobs::new().request().unwrap();
        assert_eq!(request.enum_container, AtEnumContainer { buffer: Counted::default() });
        // NULL, not empty: the server refuses anything else.
        assert_eq!(server.call(&request).status, NetApiStatus::NERR_SUCCESS);
    }),
    (
        "1.4#2",
        "The preferred maximum size in bytes of the returned AT_ENUM array (a value of 0xFFFFFFFF",
        |_| {
            assert_eq!(atsvc::Jobs::new().request().unwrap().preferred_maximum_length, u32::MAX);
            assert_eq!(
                atsvc::Jobs::new().with_preferred_length(32).request().unwrap().preferred_maximum_length,
                32
            );
        },
    ),
    ("1.4#3", "to receive the remaining number of entries in the pTotalEntries parameter", |server| {
        many(server);
        assert_eq!(server.call(&atsvc::Jobs::new().request().unwrap()).total_entries, 40);
    }),
    ("1.4#4", "to receive the resume handle in the pResumeHandle parameter", |server| {
        many(server);
        let mut jobs = atsvc::Jobs::new().with_preferred_length(1);
        let response = server.call(&jobs.request().unwrap());
        let next = response.resume_handle.unwrap();
        jobs.reply(response).unwrap();
        // "except the client MUST initialize the pResumeHandle DWORD to the value returned".
        let request = jobs.request().unwrap();
        assert_eq!((request.resume_handle, request.preferred_maximum_length), (Some(next), 1));
    }),
    ("1.4#5", "to 0.", |_| {
        assert_eq!(atsvc::Jobs::new().request().unwrap().resume_handle, Some(0));
    }),
    (
        "1.4",
        "the client can continue to invoke NetrJobEnum until a call to NetrJobEnum returns ERROR_SUCCESS",
        |server| {
            many(server);
            let (mut jobs, mut last) = (atsvc::Jobs::new().with_preferred_length(1), NetApiStatus(234));
            while let Some(request) = jobs.request() {
                assert_eq!(last, NetApiStatus(234));
                let response = server.call(&request);
                last = response.status;
                jobs.reply(response).unwrap();
            }
            assert_eq!((last, jobs.jobs().len()), (NetApiStatus::NERR_SUCCESS, 40));
        },
    ),
];

const SASEC: &[Row] = &[
    (
        "2.1.1",
        "To determine the task folder on the server, the client MUST use the remote registry protocol",
        |_| {
            assert_eq!(
                (sasec::FOLDER_KEY, sasec::FOLDER_VALUE),
                (r"SOFTWARE\Microsoft\SchedulingAgent", "TasksFolder")
            );
            assert_eq!(sasec::list().first(), Some(&Step::FindFolder));
        },
    ),
    ("2.1.2#1", "The task name in the pwszJobName parameter", |_| {
        let call = sasec::set_account("a.job", Account::LocalSystem).unwrap();
        assert_eq!(again(&call).job_name, "a.job");
    }),
    ("2.1.2#2", "The name of the account (user principal name (UPN) format)", |_| {
        let account = Account::Password { name: "a@contoso.com".into(), password: "secret".into() };
        assert_eq!(again(&sasec::set_account("a.job", account).unwrap()).account, "a@contoso.com");
    }),
    ("2.1.2#3", "The password for the account in the pwszPassword parameter", |_| {
        let account = Account::Password { name: "a@contoso.com".into(), password: "secret".into() };
        let call = again(&sasec::set_account("a.job", account).unwrap());
        assert_eq!(call.password, Some("secret".into()));
    }),
    ("2.1.2#4", "A DWORD flags value in the dwJobFlags parameter", |_| {
        let with = Account::Password { name: "a@contoso.com".into(), password: "secret".into() };
        let only = Account::OnlyIfLoggedOn { name: "a@contoso.com".into() };
        for (account, flags) in [
            (Account::LocalSystem, JobFlags::NONE),
            (with, JobFlags::NONE),
            (only, JobFlags::RUN_ONLY_IF_LOGGED_ON),
        ] {
            assert_eq!(sasec::set_account("a.job", account).unwrap().job_flags, flags);
        }
    }),
    (
        "2.1.2",
        "The DWORD flags value MUST be 0, except the client can set the TASK_FLAG_RUN_ONLY_IF_LOGGED_ON flag",
        |_| {
            let only = Account::OnlyIfLoggedOn { name: "a@contoso.com".into() };
            assert_eq!(sasec::set_account("a.job", only).unwrap().password, None);
            let system = sasec::set_account("a.job", Account::LocalSystem).unwrap();
            assert_eq!((system.account, system.password), ("".into(), None));
        },
    ),
    ("2.2", "The .JOB file MUST contain a non-empty Application Name", |_| {
        let nameless = sasec::add("a.job", &Job::new(Uuid::nil(), ""), Account::LocalSystem);
        assert_eq!(nameless, Err(Error::NoApplicationName));
    }),
    ("2.2", "This task name MUST be a file name with the \".JOB\" extension", |_| {
        for name in ["a", "a.txt", r"x\a.job", ""] {
            let error = sasec::add(name, &job(), Account::LocalSystem).unwrap_err();
            assert_eq!(error, Error::JobName(name.to_owned()));
        }
    }),
    ("2.2", "the client MUST create a file in the task folder on the server, using the task name", |_| {
        let steps = sasec::add("a.JOB", &job(), Account::LocalSystem).unwrap();
        let (name, bytes, new) = written(&steps);
        assert_eq!((name, sasec::parse(bytes), new), ("a.JOB", Ok(job()), true));
    }),
    ("2.2", "Finally, the client MUST set account information for the task", |_| {
        let steps = sasec::add("a.job", &job(), Account::LocalSystem).unwrap();
        assert!(matches!(steps.last(), Some(Step::SetAccount(call)) if call.account.is_empty()));
    }),
    ("2.3", "the client MUST delete a file in the task folder on the server, using the task name", |_| {
        let steps = [Step::FindFolder, Step::Delete { name: "a.job".to_owned() }];
        assert_eq!(sasec::delete("a.job").unwrap(), steps);
    }),
    ("2.4", "the client MUST read the .JOB file from the task folder on the server", |_| {
        let steps = [Step::FindFolder, Step::Read { name: "a.job".to_owned() }];
        assert_eq!(sasec::read("a.job").unwrap(), steps);
    }),
    ("2.4", "the client MUST write the .JOB file to the task folder on the server", |_| {
        let job = Job { comment: Some("changed".into()), ..job() };
        let steps = sasec::modify("a.job", &job, Account::LocalSystem).unwrap();
        let (name, bytes, new) = written(&steps);
        assert_eq!((name, sasec::parse(bytes), new), ("a.job", Ok(job), false));
    }),
    ("2.5", "If the file is not a valid .JOB file (section 2.4), the client MUST return an error", |_| {
        let bytes = job().to_bytes().unwrap();
        assert!(sasec::parse(&bytes).is_ok());
        assert!(matches!(sasec::parse(&bytes[..60]), Err(Error::Job(_))));
    }),
    ("2.5", "the task name in the pwszJobName parameter, the size of the array in WCHAR's", |_| {
        let call: SAGetAccountInformation = again(&sasec::account("a.job").unwrap());
        assert_eq!((call.job_name, call.buffer.0), ("a.job".into(), AccountBuffer::zeroed(273)));
    }),
    (
        "2.6",
        "The client MUST ignore invalid files and return to the application the names of valid .JOB files",
        |_| {
            let bytes = job().to_bytes().unwrap();
            let files = [
                ("a.job", &bytes[..]),
                ("b.job", &bytes[..60]),
                ("c.txt", &bytes[..]),
                ("d.Job", &bytes[..]),
            ];
            assert_eq!(
                sasec::valid_jobs(files).map(|(name, _)| name).collect::<Vec<_>>(),
                ["a.job", "d.Job"]
            );
            assert_eq!(sasec::list(), [Step::FindFolder, Step::ReadAll]);
        },
    ),
    ("2.7#1", "The account name in the pwsAccount parameter", |_| {
        let call = again(&sasec::set_at_account(r"HOST\a", "secret".into()));
        assert_eq!(call.account, Some(r"HOST\a".into()));
    }),
    ("2.7#2", "The password in the pwszPassword parameter", |_| {
        let call = again(&sasec::set_at_account(r"HOST\a", "secret".into()));
        assert_eq!(call.password, Some("secret".into()));
    }),
    ("2.7#3", "The size of the array in WCHAR's in the ccBufferSize parameter", |_| {
        let stub = sasec::at_account().encode().unwrap();
        assert_eq!((&stub[4..8], stub.len()), (&273_u32.to_le_bytes()[..], 12 + 2 * 273));
    }),
    ("2.7#4", "A pointer to the array in the wszBuffer parameter", |server| {
        let call: SAGetNSAccountInformation = again(&sasec::at_account());
        assert_eq!(call.buffer.0, AccountBuffer::zeroed(273));
        // The account is LocalSystem until it is set: an empty string.
        assert!(accepted(&call, server.call(&call)).unwrap().buffer.account().is_empty());
    }),
    ("2.8.1#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::run(r"\a", [""; 0])).path, r"\a");
    }),
    ("2.8.1#2", "The number of string arguments in the cArgs parameter", |_| {
        let counts = [schrpc::run(r"\a", [""; 0]), schrpc::run(r"\a", ["1"]), schrpc::run(r"\a", ["1", "2"])];
        assert_eq!(counts.map(|run| again(&run).args.count()), [0, 1, 2]);
    }),
    ("2.8.1#3", "An array of strings in the pArgs parameter", |_| {
        let run = again(&schrpc::run(r"\a", ["x", ""]));
        assert_eq!(run.args.as_slice(), [Some("x".into()), Some("".into())]);
    }),
    ("2.8.1#4", "The required flags in the flags parameter", |server| {
        assert_eq!(schrpc::run(r"\a", [""; 0]).flags, RunFlags::NONE);
        register(server);
        let run = SchRpcRun { flags: RunFlags::IGNORE_CONSTRAINTS, ..schrpc::run(r"\a", [""; 0]) };
        assert_eq!(again(&run).flags, RunFlags::IGNORE_CONSTRAINTS);
        accepted(&run, server.call(&run)).unwrap();
    }),
    ("2.8.1#5", "The requested terminal server session (or 0xFFFFFFFF to specify any session)", |_| {
        assert_eq!(again(&schrpc::run(r"\a", [""; 0])).session_id, 0xFFFF_FFFF);
    }),
    ("2.8.1#6", "The user name to run as (or NULL to run as the client calling the method)", |_| {
        assert_eq!(again(&schrpc::run(r"\a", [""; 0])).user, None);
    }),
    (
        "2.8.1#7",
        "A pointer to a buffer to receive the running instance identifier in the pGuid parameter",
        |server| {
            assert!(!run(server).is_nil());
        },
    ),
    ("2.8.2#1", "The path of the existing task in the path parameter", |server| {
        run(server);
        let stop = schrpc::stop(r"\a");
        assert_eq!(again(&stop).path, Some(r"\a".into()));
        assert_eq!(accepted(&stop, server.call(&stop)).unwrap().status, HResult::S_OK);
    }),
    ("2.8.2#2", "Zero in the flags parameter", |_| assert_eq!(schrpc::stop(r"\a").flags, 0)),
    ("2.8.3#1", "The identifier of the running instance in the guid parameter", |server| {
        let guid = run(server);
        let stop = schrpc::stop_instance(guid);
        assert_eq!(again(&stop).guid, guid);
        accepted(&stop, server.call(&stop)).unwrap();
    }),
    ("2.8.3#2", "Zero in the flags parameter", |_| assert_eq!(schrpc::stop_instance(Uuid::nil()).flags, 0)),
];

const SCHRPC: &[Row] = &[
    ("3.1#1", "The required location of the task (or NULL) in the path parameter", |server| {
        assert_eq!(again(&full()).path, Some(r"\a".into()));
        let request =
            SchRpcRegisterTask { path: None, ..schrpc::register("", DEFINITION, TaskLogonType::NONE) };
        let response = server.call(&request);
        let path = schrpc::registered(&request, response).unwrap().unwrap();
        assert_eq!(path.len(), r"\{01234567-0123-0123-0123-0123456789AB}".len());
    }),
    ("3.1#2", "The task definition in the xmlTaskDefinition parameter", |_| {
        assert_eq!(again(&full()).xml, DEFINITION);
    }),
    ("3.1#3", "A level consisting of at least TASK_CREATE in the flags parameter", |_| {
        assert_eq!(again(&full()).flags, TaskCreation::CREATE);
        assert_eq!(TaskCreation::CREATE.0, 2);
    }),
    ("3.1#4", "The required security description (or NULL) in the sddl parameter", |_| {
        assert_eq!(again(&full()).sddl, Some("D:".into()));
        assert_eq!(again(&schrpc::register(r"\a", DEFINITION, TaskLogonType::NONE)).sddl, None);
    }),
    ("3.1#5", "The required method of logging on in the logonType parameter", |_| {
        assert_eq!(again(&full()).logon_type, TaskLogonType::PASSWORD);
    }),
    ("3.1#6", "The number of credentials in the cCreds parameter", |_| {
        assert_eq!(again(&full()).creds.count(), 1);
        assert_eq!(schrpc::register(r"\a", DEFINITION, TaskLogonType::NONE).creds.count(), 0);
    }),
    ("3.1#7", "The credentials in the pCreds parameter", |_| {
        assert_eq!(again(&full()).creds.as_slice(), [TaskUserCred::new(r"HOST\a", "secret")]);
    }),
    ("3.1#8", "The location of a buffer to receive the actual path (or NULL)", |server| {
        let register = schrpc::register("a", DEFINITION, TaskLogonType::NONE);
        let response = server.call(&register);
        assert_eq!(schrpc::registered(&register, response), Ok(Some(r"\a".into())));
    }),
    ("3.1#9", "The location of a buffer to receive the ErrorInfo (or NULL)", |server| {
        let register = schrpc::register(r"\a", "<Task/>", TaskLogonType::NONE);
        let response = server.call(&register);
        let rejected = schrpc::registered(&register, response).unwrap_err();
        assert_eq!(rejected.info.unwrap().line, 1);
    }),
    ("3.2#1", "The desired path of the new folder in the path parameter", |server| {
        let create = schrpc::create_folder(r"\f\g", None);
        assert_eq!(again(&create).path, r"\f\g");
        accepted(&create, server.call(&create)).unwrap();
    }),
    ("3.2#2", "The desired Security descriptor (or NULL) in the sddl parameter", |_| {
        for sddl in [None, Some("D:".into())] {
            assert_eq!(again(&schrpc::create_folder(r"\f", sddl.clone())).sddl, sddl);
        }
    }),
    ("3.2#3", "Zero in the flags parameter", |_| assert_eq!(schrpc::create_folder(r"\f", None).flags, 0)),
    ("3.3#1", "The path of the existing task or folder in the path parameter", |server| {
        register(server);
        let delete = schrpc::delete(r"\a");
        assert_eq!(again(&delete).path, r"\a");
        accepted(&delete, server.call(&delete)).unwrap();
    }),
    ("3.3#2", "Zero in the flags parameter", |_| assert_eq!(schrpc::delete(r"\a").flags, 0)),
    ("3.4.1#1", "The path of the existing task in the path parameter", |server| {
        register(server);
        let set = schrpc::set_task_security(r"\a", "D:(A;;FA;;;SY)", true);
        assert_eq!(again(&set).path, r"\a");
        accepted(&set, server.call(&set)).unwrap();
    }),
    (
        "3.4.1#2",
        "SCH_FLAG_TASK (and TASK_DONT_ADD_PRINCIPAL_ACE, if required) in the flags parameter",
        |_| {
            assert_eq!(schrpc::set_task_security(r"\a", "D:", true).flags, SecurityFlags::TASK);
            let without = SecurityFlags::TASK | SecurityFlags::DONT_ADD_PRINCIPAL_ACE;
            assert_eq!(schrpc::set_task_security(r"\a", "D:", false).flags, without);
        },
    ),
    ("3.4.2#1", "The path of the existing task or folder in the path parameter", |server| {
        let create = schrpc::create_folder(r"\f", None);
        accepted(&create, server.call(&create)).unwrap();
        let set = schrpc::set_folder_security(r"\f", "D:(A;;FA;;;SY)");
        assert_eq!(again(&set).path, r"\f");
        accepted(&set, server.call(&set)).unwrap();
    }),
    ("3.4.2#2", "SCH_FLAG_FOLDER in the flags parameter", |_| {
        assert_eq!(schrpc::set_folder_security(r"\f", "D:").flags, SecurityFlags::FOLDER);
    }),
    ("3.4.3#1", "The path of the existing task in the path parameter", |server| {
        register(server);
        let disable = schrpc::enable(r"\a", false);
        assert_eq!(again(&disable).path, r"\a");
        accepted(&disable, server.call(&disable)).unwrap();
        assert_eq!(server.call(&schrpc::task_info(r"\a", true)).enabled, 0);
    }),
    ("3.4.3#2", "Zero (meaning not enabled) or 1 (meaning enabled) in the enabled parameter", |_| {
        assert_eq!([true, false].map(|enabled| schrpc::enable(r"\a", enabled).enabled), [1, 0]);
    }),
    ("3.4.4#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::retrieve(r"\a", &[])).path, r"\a");
    }),
    ("3.4.4#2", "An array of strings specifying the required localization languages", |_| {
        let request = again(&schrpc::retrieve(r"\a", &["de-AT", "de", "en"]));
        assert_eq!(request.languages_buffer, r"de-AT\de\en");
    }),
    ("3.4.4#3", "a pointer to an unsigned long containing the number of strings", |_| {
        assert_eq!(again(&schrpc::retrieve(r"\a", &["de-AT", "de", "en"])).num_languages, 3);
    }),
    ("3.4.4#4", "The location of a buffer to receive the localized task definition", |server| {
        register(server);
        let retrieve = schrpc::retrieve(r"\a", &[]);
        let xml = accepted(&retrieve, server.call(&retrieve)).unwrap().xml.unwrap();
        assert!(xml.to_string().contains("<Command>backup.exe</Command>"));
    }),
    ("3.4.4#5", "The path of the existing task in the path parameter", |server| {
        // Without the task, updating it is refused.
        let update = schrpc::update(r"\a", DEFINITION, TaskLogonType::NONE);
        assert_eq!(again(&update).path, Some(r"\a".into()));
        assert_eq!(server.call(&update).status, HResult(0x8007_0002));
    }),
    ("3.4.4#6", "The modified task definition in the xmlTaskDefinition parameter", |server| {
        register(server);
        let changed = DEFINITION.replace("backup.exe", "restore.exe");
        let update = schrpc::update(r"\a", changed.as_str(), TaskLogonType::NONE);
        assert_eq!(again(&update).xml, changed.as_str());
        let response = server.call(&update);
        schrpc::registered(&update, response).unwrap();
        let xml = server.call(&schrpc::retrieve(r"\a", &[])).xml.unwrap();
        assert!(xml.to_string().contains("restore.exe"));
    }),
    ("3.4.4#7", "The required flag bits (including TASK_UPDATE) in the flags parameter", |_| {
        let update = again(&schrpc::update(r"\a", DEFINITION, TaskLogonType::NONE));
        assert_eq!((update.flags, update.flags.0), (TaskCreation::UPDATE, 4));
    }),
    ("3.4.4#8", "The required security description (or NULL) in the sddl parameter", |_| {
        assert_eq!(again(&schrpc::update(r"\a", DEFINITION, TaskLogonType::NONE)).sddl, None);
    }),
    ("3.4.4#9", "The required method of logging on in the logonType parameter", |_| {
        let update = again(&schrpc::update(r"\a", DEFINITION, TaskLogonType::S4U));
        assert_eq!(update.logon_type, TaskLogonType::S4U);
    }),
    ("3.4.4#10", "The number of credentials in the cCreds parameter", |_| {
        assert_eq!(again(&schrpc::update(r"\a", DEFINITION, TaskLogonType::NONE)).creds.count(), 0);
    }),
    ("3.4.4#11", "The credentials in the pCreds parameter", |_| {
        let creds = vec![TaskUserCred::new("u", "p")].into();
        let update =
            SchRpcRegisterTask { creds, ..schrpc::update(r"\a", DEFINITION, TaskLogonType::PASSWORD) };
        assert_eq!(again(&update), update);
    }),
    ("3.4.4#12", "The location of a buffer to receive the actual path (if required)", |server| {
        register(server);
        let update = schrpc::update("a", DEFINITION, TaskLogonType::NONE);
        let response = server.call(&update);
        assert_eq!(schrpc::registered(&update, response), Ok(Some(r"\a".into())));
    }),
    ("3.4.4#13", "The location of a buffer to receive the ErrorInfo (if required)", |server| {
        register(server);
        let update = schrpc::update(r"\a", DEFINITION.replace("1.2", "x"), TaskLogonType::NONE);
        let response = server.call(&update);
        let info = schrpc::registered(&update, response).unwrap_err().info.unwrap();
        assert_eq!(info.value, Some("x".into()));
    }),
    ("3.5.1#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(schrpc::retrieve(r"\f\a", &[]).path, r"\f\a");
    }),
    ("3.5.1#2", "which MUST be in priority order in languagesBuffer", |_| {
        assert_eq!(schrpc::retrieve(r"\a", &["en", "de"]).languages_buffer, r"en\de");
        assert_eq!(schrpc::retrieve(r"\a", &["en"]).languages_buffer, "en");
        assert_eq!(schrpc::retrieve(r"\a", &[]).languages_buffer, "");
    }),
    ("3.5.1#3", "containing the number of strings in the array in the pulNumLanguages parameter", |_| {
        assert_eq!(schrpc::retrieve(r"\a", &["en", "de"]).num_languages, 2);
        assert_eq!(schrpc::retrieve(r"\a", &[]).num_languages, 0);
    }),
    ("3.5.1#4", "The location of a buffer to receive the localized task definition", |server| {
        register(server);
        let retrieve = schrpc::retrieve(r"\a", &["en-US"]);
        assert!(accepted(&retrieve, server.call(&retrieve)).unwrap().xml.is_some());
    }),
    ("3.5.2#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::security(r"\a", 4)).path, r"\a");
    }),
    ("3.5.2#2", "The type of security information desired in the securityInformation parameter", |server| {
        let sddl = Some("O:SYG:BAD:(A;;FA;;;SY)".into());
        let register =
            SchRpcRegisterTask { sddl, ..schrpc::register(r"\a", DEFINITION, TaskLogonType::NONE) };
        let response = server.call(&register);
        schrpc::registered(&register, response).unwrap();
        for (parts, starts) in [(1, "O:"), (2, "G:"), (4, "D:")] {
            let security = schrpc::security(r"\a", parts);
            assert_eq!(again(&security).security_information, parts);
            let sddl = accepted(&security, server.call(&security)).unwrap().sddl.unwrap().to_string();
            assert!(sddl.starts_with(starts), "{sddl}");
        }
    }),
    (
        "3.5.2#3",
        "The location of a buffer to receive the security information in the sddl parameter",
        |server| {
            register(server);
            assert!(server.call(&schrpc::security(r"\a", 7)).sddl.is_some());
        },
    ),
    ("3.5.3#1", "The identifier of the running instance in the guid parameter", |server| {
        let guid = run(server);
        let info = schrpc::instance_info(guid);
        assert_eq!(again(&info).guid, guid);
        accepted(&info, server.call(&info)).unwrap();
    }),
    ("3.5.3#2", "The location of a buffer to receive the path (or NULL) in the pPath parameter", |server| {
        let guid = run(server);
        assert_eq!(server.call(&schrpc::instance_info(guid)).path, Some(r"\a".into()));
    }),
    (
        "3.5.3#3",
        "The location of a buffer to receive the TASK_STATE (or NULL) in the pState parameter",
        |server| {
            let guid = run(server);
            assert_eq!(server.call(&schrpc::instance_info(guid)).state, TaskState::RUNNING);
        },
    ),
    ("3.5.3#4", "The location of a buffer to receive the name of the current action (or NULL)", |server| {
        let guid = run(server);
        assert_eq!(server.call(&schrpc::instance_info(guid)).current_action, Some("Act".into()));
    }),
    ("3.5.3#5", "Zero in the pInfo parameter", |server| {
        let guid = run(server);
        assert_eq!(server.call(&schrpc::instance_info(guid)).info, None);
    }),
    ("3.5.3#6", "Zero in the pcGroupInstances parameter", |server| {
        let guid = run(server);
        assert_eq!(server.call(&schrpc::instance_info(guid)).group_instances.count(), 0);
    }),
    ("3.5.3#7", "Zero in the pGroupInstances parameter", |server| {
        let guid = run(server);
        assert_eq!(server.call(&schrpc::instance_info(guid)).group_instances, Counted::default());
    }),
    (
        "3.5.3#8",
        "The location of a buffer to receive the Process ID of the process executing the task",
        |server| {
            let guid = run(server);
            assert_eq!(server.call(&schrpc::instance_info(guid)).engine_pid, 4711);
        },
    ),
    ("3.5.4#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::scheduled_runtimes(r"\a", None, None, 1)).path, r"\a");
    }),
    ("3.5.4#2", "The start of the time window (or 0 to indicate the beginning of time)", |_| {
        let start = SystemTime { year: 2024, month: 5, day: 1, ..SystemTime::NONE };
        assert_eq!(again(&schrpc::scheduled_runtimes(r"\a", Some(start), None, 1)).start, Some(start));
        assert_eq!(again(&schrpc::scheduled_runtimes(r"\a", None, None, 1)).start, None);
    }),
    ("3.5.4#3", "The end of the time window (or 0 to indicate the end of time)", |_| {
        let end = SystemTime { year: 2024, month: 5, day: 1, ..SystemTime::NONE };
        assert_eq!(again(&schrpc::scheduled_runtimes(r"\a", None, Some(end), 1)).end, Some(end));
        assert_eq!(again(&schrpc::scheduled_runtimes(r"\a", None, None, 1)).end, None);
    }),
    ("3.5.4#4", "Zero in the flags parameter", |_| {
        assert_eq!(schrpc::scheduled_runtimes(r"\a", None, None, 1).flags, 0);
    }),
    ("3.5.4#5", "The number of run times requested in the cRequested parameter", |_| {
        assert_eq!(again(&schrpc::scheduled_runtimes(r"\a", None, None, 7)).requested, 7);
    }),
    ("3.5.4#6", "The location of a DWORD to receive actual number of run times", |server| {
        register(server);
        let request = schrpc::scheduled_runtimes(r"\a", None, None, 7);
        assert_eq!(accepted(&request, server.call(&request)).unwrap().runtimes.count(), 1);
    }),
    (
        "3.5.4#7",
        "The location of a buffer to receive the array of run times in the pRuntimes parameter",
        |server| {
            register(server);
            let times = server.call(&schrpc::scheduled_runtimes(r"\a", None, None, 7)).runtimes.into_vec();
            assert_eq!(
                times.iter().map(ToString::to_string).collect::<Vec<_>>(),
                ["2024-06-01T03:00:00.000"]
            );
        },
    ),
    ("3.5.5#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::last_run(r"\a")), SchRpcGetLastRunInfo { path: r"\a".into() });
    }),
    ("3.5.5#2", "to receive the last run time in the pLastRuntime parameter", |server| {
        run(server);
        let last = server.call(&schrpc::last_run(r"\a")).last_runtime;
        assert_eq!(last.to_string(), "2024-05-15T10:00:00.000");
    }),
    ("3.5.5#3", "to receive the last return code in the pLastReturnCode parameter", |server| {
        // While it runs (ENGINE-27).
        run(server);
        assert_eq!(server.call(&schrpc::last_run(r"\a")).last_return_code, 0x0004_1301);
    }),
    ("3.5.6#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::task_info(r"\a", true)).path, r"\a");
    }),
    ("3.5.6#2", "SCH_FLAG_STATE in the flags parameter to retrieve the state", |_| {
        let flags = [true, false].map(|state| again(&schrpc::task_info(r"\a", state)).flags);
        assert_eq!(flags, [TaskInfoFlags::STATE, TaskInfoFlags::NONE]);
    }),
    ("3.5.6#3", "to receive the task's enabled state in the pEnabled parameter", |server| {
        register(server);
        assert_eq!(server.call(&schrpc::task_info(r"\a", false)).enabled, 1);
    }),
    (
        "3.5.6#4",
        "The location of a DWORD to receive the task state (or 0) in the pState parameter",
        |server| {
            register(server);
            let states = [true, false].map(|state| server.call(&schrpc::task_info(r"\a", state)).state);
            assert_eq!(states, [TaskState::READY, TaskState(0)]);
        },
    ),
    ("3.5.7#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::missed_runs(r"\a")).path, r"\a");
    }),
    ("3.5.7#2", "to receive the number of times the task did not run", |server| {
        register(server);
        let missed = schrpc::missed_runs(r"\a");
        assert_eq!(accepted(&missed, server.call(&missed)).unwrap().number_of_missed_runs, 0);
    }),
    (
        "3.5.8",
        "passing the location of a DWORD to receive the version number in the pVersion parameter",
        |server| {
            let version = schrpc::highest_version();
            assert_eq!(accepted(&version, server.call(&version)).unwrap().version, 0x0001_0006);
        },
    ),
    ("3.6.1#1", "The path of the existing folder in the path parameter", |_| {
        assert_eq!(again(&Names::tasks(r"\f", false).request().unwrap()).path, r"\f");
    }),
    (
        "3.6.1#2",
        "TASK_ENUM_HIDDEN in the flags parameter to include hidden tasks in the enumeration (or 0 to skip",
        |_| {
            let flags = [true, false].map(|hidden| Names::tasks(r"\", hidden).request().unwrap().flags);
            assert_eq!((flags, EnumFlags::HIDDEN.0), ([EnumFlags::HIDDEN, EnumFlags::NONE], 1));
        },
    ),
    (
        "3.6.1#3",
        "The location of the starting index of the enumeration in the pStartIndex parameter, the number of",
        |_| {
            let request = Names::tasks(r"\", false).with_page(5).request().unwrap();
            assert_eq!((request.start_index, request.requested), (0, 5));
        },
    ),
    (
        "3.6.1#4",
        "A pointer to a DWORD to receive the number of names returned in the pcNames parameter",
        |server| {
            three(server);
            let response = server.call(&Names::tasks(r"\", false).with_page(2).request().unwrap());
            assert_eq!(response.names.as_slice().len(), 2);
        },
    ),
    ("3.6.1#5", "A pointer to a buffer to receive the array of names in the pNames parameter", |server| {
        three(server);
        let mut names = Names::tasks(r"\", false);
        names.reply(server.call(&names.request().unwrap())).unwrap();
        assert_eq!(names.names(), ["1", "2", "3"]);
    }),
    (
        "3.6.1",
        "the client MUST continue to invoke SchRpcEnumTasks until a call to SchRpcEnumTasks returns S_OK",
        |server| {
            three(server);
            let mut names = Names::tasks(r"\", true).with_page(2);
            let first = names.request().unwrap();
            let response = server.call(&first);
            assert_eq!((response.status, response.start_index), (HResult::S_FALSE, 2));
            names.reply(response).unwrap();
            // "the client MUST NOT modify the pStartIndex parameter": the index as it came, and the rest as before.
            let second = names.request().unwrap();
            assert_eq!((second.start_index, second.requested, second.flags), (2, 2, first.flags));
            let response = server.call(&second);
            assert_eq!(response.status, HResult::S_OK);
            names.reply(response).unwrap();
            assert_eq!((names.request(), names.names().len()), (None, 3));
        },
    ),
    ("3.6.2#1", "The path of the folder in the path parameter", |_| {
        assert_eq!(again(&Names::folders(r"\f").request().unwrap()).path, r"\f");
    }),
    ("3.6.2#2", "Zero in the flags parameter", |_| {
        assert_eq!(Names::folders(r"\").request().unwrap().flags, EnumFlags::NONE);
    }),
    ("3.6.2#3", "The location of the starting index of the enumeration in the pStartIndex parameter", |_| {
        assert_eq!(Names::folders(r"\").request().unwrap().start_index, 0);
    }),
    ("3.6.2#4", "The number of names to be returned in the cRequested parameter", |_| {
        assert_eq!(Names::folders(r"\").with_page(5).request().unwrap().requested, 5);
    }),
    (
        "3.6.2#5",
        "A pointer to a DWORD to receive the number of names returned in the pcNames parameter",
        |server| {
            three_folders(server);
            let response = server.call(&Names::folders(r"\").with_page(2).request().unwrap());
            assert_eq!(response.names.as_slice().len(), 2);
        },
    ),
    ("3.6.2#6", "A pointer to a buffer to receive the array of names in the pNames parameter", |server| {
        three_folders(server);
        let mut names = Names::folders(r"\");
        names.reply(server.call(&names.request().unwrap())).unwrap();
        assert_eq!(names.names(), ["1", "2", "3"]);
    }),
    (
        "3.6.2",
        "the client MUST continue to invoke SchRpcEnumFolders until a call to SchRpcEnumFolders returns",
        |server| {
            three_folders(server);
            let mut names = Names::folders(r"\").with_page(2);
            let response = server.call(&names.request().unwrap());
            assert_eq!((response.status, response.start_index), (HResult::S_FALSE, 2));
            names.reply(response).unwrap();
            let second = names.request().unwrap();
            assert_eq!((second.start_index, second.requested), (2, 2));
            names.reply(server.call(&second)).unwrap();
            assert_eq!((names.request(), names.names().len()), (None, 3));
        },
    ),
    ("3.6.3#1", "The path of the existing task in the path parameter", |_| {
        assert_eq!(again(&schrpc::instances(r"\a")).path, Some(r"\a".into()));
    }),
    (
        "3.6.3#2",
        "TASK_ENUM_HIDDEN in the flags parameter to include hidden tasks in the enumeration or 0 to skip them",
        |_| {
            assert_eq!(schrpc::instances(r"\a").flags, EnumFlags::HIDDEN);
        },
    ),
    ("3.6.3#3", "A pointer to a DWORD to receive the number of instance identifiers", |server| {
        run(server);
        assert_eq!(server.call(&schrpc::instances(r"\a")).guids.count(), 1);
    }),
    (
        "3.6.3#4",
        "A pointer to a buffer to receive the array of instance identifiers in the pGuids parameter",
        |server| {
            let guid = run(server);
            assert_eq!(server.call(&schrpc::instances(r"\a")).guids.as_slice(), [guid]);
        },
    ),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    [ATSVC, SASEC, SCHRPC].into_iter().flatten()
}

/// Each row holds, over both transfer syntaxes where they have the method.
#[test]
fn operations() {
    let mut wrong = Vec::new();
    for (from, quote, holds) in rows() {
        // ATSvc and SASec have no NDR64 (NDR-03).
        let both = [Transfer::NDR20, Transfer::NDR64];
        let transfers = if from.starts_with('3') { &both[..] } else { &both[..1] };
        for transfer in transfers {
            if catch_unwind(|| holds(&mut Server::over(*transfer))).is_err() {
                wrong.push(format!("{transfer:?} 3.1.4.{from}: {quote}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every bullet has a row, every section without bullets has one, and no row cites what does not exist.
#[test]
fn every_bullet_has_a_row() {
    let cited: BTreeSet<&str> = rows().map(|(from, ..)| *from).collect();
    let bullets =
        BULLETS.iter().flat_map(|(section, count)| (1..=*count).map(move |it| format!("{section}#{it}")));
    let all: BTreeSet<String> = bullets.chain(PROSE.iter().map(ToString::to_string)).collect();
    let missing: Vec<_> = all.iter().filter(|it| !cited.contains(it.as_str())).collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
    for from in cited {
        let known = all.contains(from) || BULLETS.iter().any(|(section, _)| *section == from);
        assert!(known, "{from} does not exist");
    }
}

/// The numbers of bullets and the quotations are those of the specification, in the folder that `WINTASK_SHARED` names.
#[test]
#[ignore = "needs WINTASK_SHARED"]
fn the_client_bullets_are_quoted_right() {
    let shared = std::env::var_os("WINTASK_SHARED").expect("WINTASK_SHARED");
    let seeds = std::fs::read_dir(Path::new(&shared).join("spec/seeds")).unwrap();
    let seed = seeds.map(|entry| entry.unwrap().path());
    let seed = seed.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("001_"));
    let text = std::fs::read_to_string(seed.unwrap()).unwrap();
    let body = text.split("\n3.1.4 Higher-Layer Triggered Events\n").nth(1).unwrap();
    let body = body.split("\n3.1.5 ").next().unwrap();
    // Each section with its bullets, and all of its text.
    let (mut sections, mut texts): (Vec<(String, u32)>, Vec<String>) = (Vec::new(), Vec::new());
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("3.1.4.") {
            sections.push((rest.split(' ').next().unwrap().to_owned(), 0));
            texts.push(String::new());
        } else if let Some(((_, bullets), text)) = sections.last_mut().zip(texts.last_mut()) {
            *bullets += u32::from(line.trim_start().starts_with("- "));
            text.push_str(&line.replace('*', ""));
            text.push('\n');
        }
    }
    let counted: Vec<_> =
        sections.iter().filter(|(_, count)| *count > 0).map(|(it, n)| (it.as_str(), *n)).collect();
    assert_eq!(counted, BULLETS);
    for (from, quote, _) in rows() {
        let (section, bullet) = from.split_once('#').unwrap_or((from, ""));
        let at = sections.iter().position(|(it, _)| it == section).expect(section);
        let mut bullets = texts[at].lines().filter(|line| line.trim_start().starts_with("- "));
        let there = match bullet.parse::<usize>() {
            Ok(number) => bullets.nth(number - 1).unwrap(),
            Err(_) => &texts[at],
        };
        assert!(there.to_lowercase().contains(&quote.to_lowercase()), "{from}: {quote}");
    }
}
