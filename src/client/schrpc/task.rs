//! Operations that consist of one call.

use crate::{
    client::error::{Refused, accepted},
    dtyp::{SystemTime, WideString},
    rpc::schrpc::{
        EnumFlags, RunFlags, SchRpcCreateFolder, SchRpcDelete, SchRpcEnableTask, SchRpcEnumInstances,
        SchRpcGetInstanceInfo, SchRpcGetLastRunInfo, SchRpcGetNumberOfMissedRuns, SchRpcGetSecurity,
        SchRpcGetTaskInfo, SchRpcHighestVersion, SchRpcRegisterTask, SchRpcRegisterTaskResponse,
        SchRpcRetrieveTask, SchRpcRun, SchRpcScheduledRuntimes, SchRpcSetSecurity, SchRpcStop,
        SchRpcStopInstance, SecurityFlags, TaskCreation, TaskInfoFlags, TaskLogonType, TaskXmlErrorInfo,
    },
};
use std::fmt;
use uuid::Uuid;

/// Adds a task ([MS-TSCH] 3.1.4.3.1): `TASK_CREATE`, no descriptor, no credentials.
#[must_use]
pub fn register(
    path: impl Into<WideString>,
    definition: impl Into<WideString>,
    logon_type: TaskLogonType,
) -> SchRpcRegisterTask {
    SchRpcRegisterTask {
        path: Some(path.into()),
        xml: definition.into(),
        flags: TaskCreation::CREATE,
        logon_type,
        ..SchRpcRegisterTask::default()
    }
}

/// Replaces the definition of a task that was [retrieved](retrieve) and modified ([MS-TSCH] 3.1.4.3.4.4):
/// `TASK_UPDATE`, no descriptor, no credentials.
#[must_use]
pub fn update(
    path: impl Into<WideString>,
    definition: impl Into<WideString>,
    logon_type: TaskLogonType,
) -> SchRpcRegisterTask {
    SchRpcRegisterTask { flags: TaskCreation::UPDATE, ..register(path, definition, logon_type) }
}

/// A registration that the server rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// The call and its status.
    pub refused: Refused,
    /// The error in the definition, and its location, if that is the reason.
    pub info: Option<TaskXmlErrorInfo>,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refused.fmt(f)?;
        let Some(TaskXmlErrorInfo { line, column, node, value }) = &self.info else { return Ok(()) };
        let (node, value) = (node.clone().unwrap_or_default(), value.clone().unwrap_or_default());
        write!(f, ": ({line},{column}):{node}:{value}")
    }
}

impl std::error::Error for Rejected {}

/// The path of the registered task ([MS-TSCH] 3.1.4.3.1, 3.1.4.3.4.4); `None` if the definition was only validated.
///
/// ```
/// use wintask::{client::schrpc, rpc::{Call, schrpc::{TaskLogonType, TaskXmlErrorInfo}}};
///
/// let request = schrpc::register(r"\a", "<Task/>", TaskLogonType::NONE);
/// let mut response = request.failure(0x8004_1319);
/// let info = TaskXmlErrorInfo { line: 1, column: 2, node: Some("Task".into()), value: None };
/// response.error_info = Some(info);
/// let rejected = schrpc::registered(&request, response).unwrap_err();
/// assert_eq!(rejected.to_string(), "SchRpcRegisterTask was refused: SCHED_E_MISSINGNODE (0x80041319): (1,2):Task:");
/// ```
///
/// # Errors
/// The server rejected the call; includes the error in the definition, if that is the reason.
pub fn registered(
    request: &SchRpcRegisterTask,
    mut response: SchRpcRegisterTaskResponse,
) -> Result<Option<WideString>, Rejected> {
    let info = response.error_info.take();
    match accepted(request, response) {
        Ok(response) => Ok(response.actual_path),
        Err(refused) => Err(Rejected { refused, info }),
    }
}

/// Creates a folder, with the given descriptor or an inherited one ([MS-TSCH] 3.1.4.3.2).
#[must_use]
pub fn create_folder(path: impl Into<WideString>, sddl: Option<WideString>) -> SchRpcCreateFolder {
    SchRpcCreateFolder { path: path.into(), sddl, flags: 0 }
}

/// Deletes a task or an empty folder ([MS-TSCH] 3.1.4.3.3).
#[must_use]
pub fn delete(path: impl Into<WideString>) -> SchRpcDelete {
    SchRpcDelete { path: path.into(), flags: 0 }
}

/// Sets the descriptor of a task ([MS-TSCH] 3.1.4.3.4.1). With `add_principal`, the server adds an entry for the
/// task's principal.
#[must_use]
pub fn set_task_security(
    path: impl Into<WideString>,
    sddl: impl Into<WideString>,
    add_principal: bool,
) -> SchRpcSetSecurity {
    let more = if add_principal { SecurityFlags::NONE } else { SecurityFlags::DONT_ADD_PRINCIPAL_ACE };
    SchRpcSetSecurity { path: path.into(), sddl: sddl.into(), flags: SecurityFlags::TASK | more }
}

/// Sets the descriptor of a folder ([MS-TSCH] 3.1.4.3.4.2).
#[must_use]
pub fn set_folder_security(path: impl Into<WideString>, sddl: impl Into<WideString>) -> SchRpcSetSecurity {
    SchRpcSetSecurity { path: path.into(), sddl: sddl.into(), flags: SecurityFlags::FOLDER }
}

/// Enables or disables a task ([MS-TSCH] 3.1.4.3.4.3).
#[must_use]
pub fn enable(path: impl Into<WideString>, enabled: bool) -> SchRpcEnableTask {
    SchRpcEnableTask { path: path.into(), enabled: enabled.into() }
}

/// Retrieves a definition, with texts in the first of these languages (RFC 3066) that the server has; unchanged if it
/// has none ([MS-TSCH] 3.1.4.3.5.1).
///
/// ```
/// use wintask::client::schrpc;
///
/// let request = schrpc::retrieve(r"\a", &["de-DE", "en-US"]);
/// assert_eq!((request.languages_buffer.to_string().as_str(), request.num_languages), (r"de-DE\en-US", 2));
/// ```
#[must_use]
pub fn retrieve(path: impl Into<WideString>, languages: &[&str]) -> SchRpcRetrieveTask {
    SchRpcRetrieveTask {
        path: path.into(),
        languages_buffer: languages.join(r"\").into(),
        num_languages: u32::try_from(languages.len()).unwrap_or(u32::MAX),
    }
}

/// Requests parts of the descriptor of a task or a folder, selected by a SECURITY_INFORMATION ([MS-TSCH] 3.1.4.3.5.2;
/// [MS-DTYP] 2.4.7).
#[must_use]
pub fn security(path: impl Into<WideString>, security_information: u32) -> SchRpcGetSecurity {
    SchRpcGetSecurity { path: path.into(), security_information }
}

/// Requests the state of an instance ([MS-TSCH] 3.1.4.3.5.3).
#[must_use]
pub fn instance_info(guid: Uuid) -> SchRpcGetInstanceInfo {
    SchRpcGetInstanceInfo { guid }
}

/// Requests at most a number of run times of a task, between two times, which may be open ([MS-TSCH] 3.1.4.3.5.4).
/// All times, including those in the response, are local times of the server.
#[must_use]
pub fn scheduled_runtimes(
    path: impl Into<WideString>,
    start: Option<SystemTime>,
    end: Option<SystemTime>,
    requested: u32,
) -> SchRpcScheduledRuntimes {
    SchRpcScheduledRuntimes { path: path.into(), start, end, flags: 0, requested }
}

/// Requests when a task last ran, and its result ([MS-TSCH] 3.1.4.3.5.5).
#[must_use]
pub fn last_run(path: impl Into<WideString>) -> SchRpcGetLastRunInfo {
    SchRpcGetLastRunInfo { path: path.into() }
}

/// Requests whether a task is enabled and, with `state`, its state ([MS-TSCH] 3.1.4.3.5.6).
#[must_use]
pub fn task_info(path: impl Into<WideString>, state: bool) -> SchRpcGetTaskInfo {
    SchRpcGetTaskInfo {
        path: path.into(),
        flags: if state { TaskInfoFlags::STATE } else { TaskInfoFlags::NONE },
    }
}

/// Requests the number of missed runs of a task ([MS-TSCH] 3.1.4.3.5.7).
#[must_use]
pub fn missed_runs(path: impl Into<WideString>) -> SchRpcGetNumberOfMissedRuns {
    SchRpcGetNumberOfMissedRuns { path: path.into() }
}

/// Requests the highest supported version of the protocol and of definitions ([MS-TSCH] 3.1.4.3.5.8).
#[must_use]
pub fn highest_version() -> SchRpcHighestVersion {
    SchRpcHighestVersion {}
}

/// Enumerates the running instances of a task, even if it is hidden ([MS-TSCH] 3.1.4.3.6.3).
#[must_use]
pub fn instances(path: impl Into<WideString>) -> SchRpcEnumInstances {
    SchRpcEnumInstances { path: Some(path.into()), flags: EnumFlags::HIDDEN }
}

/// Runs a task with values for `$(Arg0)`, `$(Arg1)`, …, in any session and as its registered user ([MS-TSCH]
/// 3.1.4.2.8.1). The fields of the request select another session or user.
#[must_use]
pub fn run<A: Into<WideString>>(
    path: impl Into<WideString>,
    arguments: impl IntoIterator<Item = A>,
) -> SchRpcRun {
    let args: Vec<_> = arguments.into_iter().map(|argument| Some(argument.into())).collect();
    let args = if args.is_empty() { Default::default() } else { args.into() };
    SchRpcRun { path: path.into(), args, flags: RunFlags::NONE, session_id: ANY_SESSION, user: None }
}

/// Any session.
const ANY_SESSION: u32 = u32::MAX;

/// Stops all instances of a task ([MS-TSCH] 3.1.4.2.8.2).
#[must_use]
pub fn stop(path: impl Into<WideString>) -> SchRpcStop {
    SchRpcStop { path: Some(path.into()), flags: 0 }
}

/// Stops an instance ([MS-TSCH] 3.1.4.2.8.3).
#[must_use]
pub fn stop_instance(guid: Uuid) -> SchRpcStopInstance {
    SchRpcStopInstance { guid, flags: 0 }
}
