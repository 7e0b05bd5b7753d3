//! ITaskSchedulerService: tasks as XML ([MS-TSCH] 3.2.5.4, 6.3).
//!
//! ```
//! use wintask::rpc::{
//!     Message,
//!     schrpc::{LogonType, SchRpcRegisterTask, TaskCreation, TaskUserCred},
//! };
//!
//! let request = SchRpcRegisterTask {
//!     path: Some(r"\Example\Backup".into()),
//!     xml: "<Task/>".into(),
//!     flags: TaskCreation::CREATE,
//!     logon_type: LogonType::PASSWORD,
//!     creds: vec![TaskUserCred::new(r"DOMAIN\user", "secret")].into(),
//!     ..SchRpcRegisterTask::default()
//! };
//! assert_eq!(SchRpcRegisterTask::decode(&request.encode()?)?, request);
//! assert!(!format!("{request:?}").contains("secret"));
//! # Ok::<(), wintask::ndr::Error>(())
//! ```

mod value;

pub use value::{
    CredFlags, EnumFlags, LogonType, RunFlags, SecurityFlags, TaskCreation, TaskInfoFlags, TaskNames,
    TaskState, TaskUserCred, TaskXmlErrorInfo,
};

use super::{Endpoint, macros::interface};
use crate::{
    dtyp::{HResult, SystemTime, WideString},
    ndr::Counted,
};
use uuid::Uuid;

interface! {
    "ITaskSchedulerService", "86d35949-83c9-4044-b424-db363231fd0c", (1, 0), Endpoint::DynamicTcp, HResult;

    /// Asks for the highest version of the protocol that the server has.
    0 SchRpcHighestVersion "3.2.5.4.1" -> SchRpcHighestVersionResponse
    in {}
    out {
        /// The major version in the high 16 bits, the minor one in the low.
        version: u32 = "pVersion",
    }

    /// Registers a task.
    1 SchRpcRegisterTask "3.2.5.4.2" -> SchRpcRegisterTaskResponse
    in {
        /// Where to; NULL to take the path from the definition or make one up.
        path: Option<WideString> = "path",
        /// The task definition.
        xml: WideString = "xml",
        /// What to do.
        flags: TaskCreation = "flags",
        /// The security descriptor in SDDL; NULL to inherit or keep it.
        sddl: Option<WideString> = "sddl",
        /// How the task logs on.
        logon_type: LogonType = "logonType",
        /// Accounts and their passwords.
        creds: Counted<TaskUserCred> = "cCreds" "pCreds",
    }
    out {
        /// Where the task is now.
        actual_path: Option<WideString> = "pActualPath",
        /// What is wrong with the definition, and where.
        error_info: Option<TaskXmlErrorInfo> = "pErrorInfo",
    }

    /// Asks for a task's definition.
    2 SchRpcRetrieveTask "3.2.5.4.3" -> SchRpcRetrieveTaskResponse
    in {
        /// The task.
        path: WideString = "path",
        /// Languages in the order of preference, `\` between them.
        languages_buffer: WideString = "lpcwszLanguagesBuffer",
        /// How many languages, which a server ignores.
        num_languages: u32 = "pulNumLanguages",
    }
    out {
        /// The task definition.
        xml: Option<WideString> = "pXml",
    }

    /// Makes a folder, and those above it that are missing.
    3 SchRpcCreateFolder "3.2.5.4.4" -> SchRpcCreateFolderResponse
    in {
        /// The folder.
        path: WideString = "path",
        /// Its security descriptor in SDDL; NULL to inherit.
        sddl: Option<WideString> = "sddl",
        /// Unused, 0.
        flags: u32 = "flags",
    }
    out {}

    /// Sets the security descriptor of a task or a folder.
    4 SchRpcSetSecurity "3.2.5.4.5" -> SchRpcSetSecurityResponse
    in {
        /// The task or folder.
        path: WideString = "path",
        /// The security descriptor in SDDL.
        sddl: WideString = "sddl",
        /// What it is meant for.
        flags: SecurityFlags = "flags",
    }
    out {}

    /// Asks for the security descriptor of a task or a folder.
    5 SchRpcGetSecurity "3.2.5.4.6" -> SchRpcGetSecurityResponse
    in {
        /// The task or folder.
        path: WideString = "path",
        /// Which parts of it: a SECURITY_INFORMATION ([MS-DTYP] 2.4.7).
        security_information: u32 = "securityInformation",
    }
    out {
        /// The security descriptor in SDDL.
        sddl: Option<WideString> = "sddl",
    }

    /// Lists the folders of a folder.
    6 SchRpcEnumFolders "3.2.5.4.7" -> SchRpcEnumFoldersResponse
    in {
        /// The folder.
        path: WideString = "path",
        /// Whether hidden ones count.
        flags: EnumFlags = "flags",
        /// Index of the first name.
        start_index: u32 = "pStartIndex",
        /// The most names to return.
        requested: u32 = "cRequested",
    }
    out {
        /// Index at which to go on.
        start_index: u32 = "pStartIndex" from start_index,
        /// The names.
        names: TaskNames = "pcNames" "pNames",
    }

    /// Lists the tasks of a folder.
    7 SchRpcEnumTasks "3.2.5.4.8" -> SchRpcEnumTasksResponse
    in {
        /// The folder.
        path: WideString = "path",
        /// Whether hidden ones count.
        flags: EnumFlags = "flags",
        /// Index of the first name.
        start_index: u32 = "startIndex",
        /// The most names to return.
        requested: u32 = "cRequested",
    }
    out {
        /// Index at which to go on.
        start_index: u32 = "startIndex" from start_index,
        /// The names.
        names: TaskNames = "pcNames" "pNames",
    }

    /// Lists the instances of a task that are running.
    8 SchRpcEnumInstances "3.2.5.4.9" -> SchRpcEnumInstancesResponse
    in {
        /// The task; NULL for all of them.
        path: Option<WideString> = "path",
        /// Whether hidden ones count.
        flags: EnumFlags = "flags",
    }
    out {
        /// The instances.
        guids: Counted<Uuid> = "pcGuids" "pGuids",
    }

    /// Tells about an instance that is running.
    9 SchRpcGetInstanceInfo "3.2.5.4.10" -> SchRpcGetInstanceInfoResponse
    in {
        /// The instance.
        guid: Uuid = "guid",
    }
    out {
        /// The task's path.
        path: Option<WideString> = "pPath",
        /// What it is doing.
        state: TaskState = "pState",
        /// The id of the action that runs.
        current_action: Option<WideString> = "pCurrentAction",
        /// Unused, NULL.
        info: Option<WideString> = "pInfo",
        /// Unused, NULL and 0.
        group_instances: Counted<Uuid> = "pcGroupInstances" "pGroupInstances",
        /// The process that runs the task.
        engine_pid: u32 = "pEnginePID",
    }

    /// Stops an instance.
    10 SchRpcStopInstance "3.2.5.4.11" -> SchRpcStopInstanceResponse
    in {
        /// The instance.
        guid: Uuid = "guid",
        /// Unused, 0.
        flags: u32 = "flags",
    }
    out {}

    /// Stops all instances of a task.
    11 SchRpcStop "3.2.5.4.12" -> SchRpcStopResponse
    in {
        /// The task.
        path: Option<WideString> = "path",
        /// Unused, 0.
        flags: u32 = "flags",
    }
    out {}

    /// Runs a task.
    12 SchRpcRun "3.2.5.4.13" -> SchRpcRunResponse
    in {
        /// The task.
        path: WideString = "path",
        /// What stands in for `$(Arg0)`, `$(Arg1)`, … ([MS-TSCH] 2.5.9).
        args: Counted<Option<WideString>> = "cArgs" "pArgs",
        /// How.
        flags: RunFlags = "flags",
        /// In which session, with [`RunFlags::USE_SESSION_ID`].
        session_id: u32 = "sessionId",
        /// As whom: an account, or a SID with [`RunFlags::USER_SID`].
        user: Option<WideString> = "user",
    }
    out {
        /// The instance; all zero if the call failed.
        guid: Uuid = "pGuid",
    }

    /// Deletes a task or an empty folder.
    13 SchRpcDelete "3.2.5.4.14" -> SchRpcDeleteResponse
    in {
        /// The task or folder.
        path: WideString = "path",
        /// Unused, 0.
        flags: u32 = "flags",
    }
    out {}

    /// Renames a task or a folder; servers answer `E_NOTIMPL`.
    14 SchRpcRename "3.2.5.4.15" -> SchRpcRenameResponse
    in {
        /// The task or folder.
        path: WideString = "path",
        /// Its new name.
        new_name: WideString = "newName",
        /// Reserved, 0.
        flags: u32 = "flags",
    }
    out {}

    /// Asks when a task will run.
    15 SchRpcScheduledRuntimes "3.2.5.4.16" -> SchRpcScheduledRuntimesResponse
    in {
        /// The task.
        path: WideString = "path",
        /// From when; NULL for the start of time.
        start: Option<SystemTime> = "start",
        /// Until when; NULL for the end of time.
        end: Option<SystemTime> = "end",
        /// Unused, 0.
        flags: u32 = "flags",
        /// The most times to return.
        requested: u32 = "cRequested",
    }
    out {
        /// The times.
        runtimes: Counted<SystemTime> = "pcRuntimes" "pRuntimes",
    }

    /// Asks when a task ran last.
    16 SchRpcGetLastRunInfo "3.2.5.4.17" -> SchRpcGetLastRunInfoResponse
    in {
        /// The task.
        path: WideString = "path",
    }
    out {
        /// When it started; all zero for never.
        last_runtime: SystemTime = "pLastRuntime",
        /// What it returned.
        last_return_code: u32 = "pLastReturnCode",
    }

    /// Asks for a task's state.
    17 SchRpcGetTaskInfo "3.2.5.4.18" -> SchRpcGetTaskInfoResponse
    in {
        /// The task.
        path: WideString = "path",
        /// What is asked.
        flags: TaskInfoFlags = "flags",
    }
    out {
        /// Whether it is enabled: 0 or not.
        enabled: u32 = "pEnabled",
        /// Its state, with [`TaskInfoFlags::STATE`].
        state: TaskState = "pState",
    }

    /// Asks how many runs a task has missed.
    18 SchRpcGetNumberOfMissedRuns "3.2.5.4.19" -> SchRpcGetNumberOfMissedRunsResponse
    in {
        /// The task.
        path: WideString = "path",
    }
    out {
        /// How many.
        number_of_missed_runs: u32 = "pNumberOfMissedRuns",
    }

    /// Enables or disables a task.
    19 SchRpcEnableTask "3.2.5.4.20" -> SchRpcEnableTaskResponse
    in {
        /// The task.
        path: WideString = "path",
        /// Whether it is to be enabled: 0 or not.
        enabled: u32 = "enabled",
    }
    out {}
}
