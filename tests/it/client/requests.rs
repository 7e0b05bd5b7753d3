//! Operations from end to end, and what their parameters may not be.

use super::{DEFINITION, Server};
use uuid::Uuid;
use wintask::{
    HResult,
    client::{
        Error, Status, accepted, atsvc,
        sasec::{self, Account, Step},
        schrpc,
    },
    job::{Job, JobFlags},
    rpc::{
        atsvc::{AtFlags, AtInfo},
        schrpc::{SchRpcRegisterTask, TaskLogonType, TaskState},
    },
};

fn at_job(flags: AtFlags) -> AtInfo {
    AtInfo { job_time: 60_000, flags, command: Some("backup.exe".into()), ..AtInfo::default() }
}

/// ATSvc from adding to deleting, on the scheduler.
#[test]
fn at_jobs_on_the_scheduler() {
    let mut server = Server::new();
    let add = atsvc::add(at_job(AtFlags::NONINTERACTIVE)).unwrap();
    let id = accepted(&add, server.call(&add)).unwrap().job_id;
    let get = atsvc::job(id);
    let job = accepted(&get, server.call(&get)).unwrap().at_info.unwrap();
    assert_eq!(job.command, Some("backup.exe".into()));
    let delete = atsvc::delete(id);
    accepted(&delete, server.call(&delete)).unwrap();
    let refused = accepted(&get, server.call(&get)).unwrap_err();
    assert_eq!(refused.status, Status::from(wintask::dtyp::NetApiStatus::APE_AT_ID_NOT_FOUND));
    assert_eq!(refused.method, "NetrJobGetInfo");
}

/// 3.1.4.2.1.2: the flags are 0, or TASK_FLAG_RUN_ONLY_IF_LOGGED_ON without a password; an empty name and NULL for the
/// local system.
#[test]
fn accounts_of_job_files() {
    let system = sasec::set_account("a.job", Account::LocalSystem).unwrap();
    assert_eq!((system.account.is_empty(), system.password, system.job_flags), (true, None, JobFlags::NONE));
    let name = || "user@contoso.com".to_owned();
    let user =
        sasec::set_account("a.JOB", Account::Password { name: name(), password: "secret".into() }).unwrap();
    assert_eq!((user.account.to_string(), user.job_flags), (name(), JobFlags::NONE));
    assert!(user.password.is_some());
    let present = sasec::set_account("a.job", Account::OnlyIfLoggedOn { name: name() }).unwrap();
    assert_eq!((present.password, present.job_flags), (None, JobFlags::RUN_ONLY_IF_LOGGED_ON));
}

/// 3.1.4.2.2: "This task name MUST be a file name with the ".JOB" extension."
#[test]
fn names_of_job_files() {
    for name in ["a.job", "a.JOB", "a b.Job", "a.b.job"] {
        assert!(sasec::is_job_name(name), "{name}");
    }
    for name in ["", ".job", "a", "a.jobs", r"..\a.job", "a/b.job", "c:a.job", "a?.job", "a\0.job"] {
        assert!(!sasec::is_job_name(name), "{name}");
        assert_eq!(sasec::delete(name), Err(Error::JobName(name.to_owned())));
    }
}

/// 3.1.4.2.2 to 3.1.4.2.6: the steps, in order.
#[test]
fn steps_with_job_files() {
    let job = Job::new(Uuid::nil(), "backup.exe");
    let steps = sasec::add("a.job", &job, Account::LocalSystem).unwrap();
    let [Step::FindFolder, Step::Write { name, bytes, new: true }, Step::SetAccount(call)] = steps.as_slice()
    else {
        panic!("{steps:?}")
    };
    assert_eq!((name.as_str(), call.job_name.to_string().as_str()), ("a.job", "a.job"));
    assert_eq!(sasec::parse(bytes), Ok(job.clone()));
    // "The .JOB file MUST contain a non-empty Application Name".
    let nameless = sasec::add("a.job", &Job::new(Uuid::nil(), ""), Account::LocalSystem);
    assert_eq!(nameless, Err(Error::NoApplicationName));

    let delete = [Step::FindFolder, Step::Delete { name: "a.job".to_owned() }];
    assert_eq!(sasec::delete("a.job").unwrap(), delete);
    let read = [Step::FindFolder, Step::Read { name: "a.job".to_owned() }];
    assert_eq!(sasec::read("a.job").unwrap(), read);
    assert_eq!(sasec::list(), [Step::FindFolder, Step::ReadAll]);
    let steps = sasec::modify("a.job", &job, Account::LocalSystem).unwrap();
    assert!(matches!(
        steps.as_slice(),
        [Step::FindFolder, Step::Write { new: false, .. }, Step::SetAccount(_)]
    ));

    // "If the file is not a valid .JOB file (section 2.4), the client MUST return an error".
    assert!(matches!(sasec::parse(b"no"), Err(Error::Job(_))));
    // "The client MUST ignore invalid files".
    let files = [("a.job", bytes.clone()), ("b.job", b"no".to_vec()), ("c.txt", bytes.clone())];
    assert_eq!(sasec::valid_jobs(files).map(|(name, _)| name).collect::<Vec<_>>(), ["a.job"]);
}

/// 3.1.4.2.5 and 3.1.4.2.7: the largest buffer, all zero; note 38: `%SystemRoot%` and no other variable.
#[test]
fn buffers_and_the_folder_of_tasks() {
    assert_eq!(sasec::account("a.job").unwrap().buffer.0.0, [0; 273]);
    assert_eq!(sasec::at_account().buffer.0.0, [0; 273]);
    let set = sasec::set_at_account(r"HOST\a", "secret".into());
    assert_eq!((set.account, set.password.is_some()), (Some(r"HOST\a".into()), true));
    for (value, folder) in [
        (r"C:\Tasks", Some(r"C:\Tasks")),
        (r"%SystemRoot%\Tasks", Some(r"D:\W\Tasks")),
        (r"%systemroot%%SYSTEMROOT%", Some(r"D:\WD:\W")),
        (r"%windir%\Tasks", None),
        (r"%SystemRoot\Tasks", None),
        (r"100%", None),
        (r"%%", None),
    ] {
        assert_eq!(sasec::expand(value, r"D:\W").ok().as_deref(), folder, "{value}");
    }
}

/// The life of a task, from its folder to its end, on the scheduler: both transfer syntaxes.
#[test]
fn a_task_on_the_scheduler() {
    for transfer in [wintask::ndr::Transfer::NDR20, wintask::ndr::Transfer::NDR64] {
        let mut server = Server::over(transfer);
        let version = schrpc::highest_version();
        assert_eq!(accepted(&version, server.call(&version)).unwrap().version, 0x0001_0006);

        let register = SchRpcRegisterTask {
            sddl: Some("D:(A;;FA;;;SY)".into()),
            ..schrpc::register(r"\f\a", DEFINITION, TaskLogonType::NONE)
        };
        let response = server.call(&register);
        assert_eq!(schrpc::registered(&register, response), Ok(Some(r"\f\a".into())));

        let retrieve = schrpc::retrieve(r"\f\a", &[]);
        let xml = accepted(&retrieve, server.call(&retrieve)).unwrap().xml.unwrap().to_string();
        let changed = xml.replace("backup.exe", "restore.exe");
        // The declaration of a string names UTF-16: the server's own text goes back as it is.
        let update = schrpc::update(r"\f\a", changed, TaskLogonType::NONE);
        let response = server.call(&update);
        assert_eq!(schrpc::registered(&update, response), Ok(Some(r"\f\a".into())));
        let xml = accepted(&retrieve, server.call(&retrieve)).unwrap().xml.unwrap().to_string();
        assert!(xml.contains("restore.exe") && !xml.contains("backup.exe"));

        let security = schrpc::security(r"\f\a", 4);
        assert!(accepted(&security, server.call(&security)).unwrap().sddl.is_some());
        let set = schrpc::set_task_security(r"\f\a", "D:(A;;FA;;;SY)(A;;FR;;;BU)", false);
        accepted(&set, server.call(&set)).unwrap();
        let set = schrpc::set_folder_security(r"\f", "D:(A;;FA;;;SY)");
        accepted(&set, server.call(&set)).unwrap();

        let disable = schrpc::enable(r"\f\a", false);
        accepted(&disable, server.call(&disable)).unwrap();
        let info = schrpc::task_info(r"\f\a", true);
        assert_eq!(accepted(&info, server.call(&info)).unwrap().state, TaskState::DISABLED);
        let enable = schrpc::enable(r"\f\a", true);
        accepted(&enable, server.call(&enable)).unwrap();

        let times = schrpc::scheduled_runtimes(r"\f\a", None, None, 2);
        let times = accepted(&times, server.call(&times)).unwrap().runtimes.into_vec();
        let times: Vec<_> = times.iter().map(ToString::to_string).collect();
        assert_eq!(times, ["2024-06-01T03:00:00.000"]);
        let missed = schrpc::missed_runs(r"\f\a");
        assert_eq!(accepted(&missed, server.call(&missed)).unwrap().number_of_missed_runs, 0);

        // A success code other than S_OK is not a refusal (RPC-18).
        let last = schrpc::last_run(r"\f\a");
        let last = accepted(&last, server.call(&last)).unwrap();
        assert_eq!(last.status, HResult::SCHED_S_TASK_HAS_NOT_RUN);

        let delete = schrpc::delete(r"\f\a");
        accepted(&delete, server.call(&delete)).unwrap();
        let refused = accepted(&delete, server.call(&delete)).unwrap_err();
        assert_eq!(refused.to_string(), "SchRpcDelete was refused: ERROR_FILE_NOT_FOUND (0x80070002)");
    }
}

/// What is wrong with a definition reaches the caller: 3.1.4.3.1, pErrorInfo.
#[test]
fn a_rejected_definition() {
    let mut server = Server::new();
    let definition = DEFINITION.replace("Exec>", "Exce>");
    let register = schrpc::register(r"\a", definition, TaskLogonType::NONE);
    let response = server.call(&register);
    let rejected = schrpc::registered(&register, response).unwrap_err();
    assert_eq!(rejected.refused.status, Status::HResult(HResult::SCHED_E_UNEXPECTEDNODE));
    assert_eq!(rejected.info.as_ref().unwrap().node, Some("Exce".into()));
    insta::assert_snapshot!(
        rejected,
        @"SchRpcRegisterTask was refused: SCHED_E_UNEXPECTEDNODE (0x80041316): (1,192):Exce:"
    );
}
