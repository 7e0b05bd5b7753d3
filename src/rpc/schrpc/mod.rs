//! ITaskSchedulerService: tasks as XML ([MS-TSCH] 3.2.5.4, 6.3).
//!
//! ```
//! use wintask::rpc::{
//!     Message,
//!     schrpc::{SchRpcRegisterTask, TaskCreation, TaskLogonType, TaskUserCred},
//! };
//!
//! let request = SchRpcRegisterTask {
//!     path: Some(r"\Example\Backup".into()),
//!     xml: "<Task/>".into(),
//!     flags: TaskCreation::CREATE,
//!     logon_type: TaskLogonType::PASSWORD,
//!     creds: vec![TaskUserCred::new(r"DOMAIN\user", "secret")].into(),
//!     ..SchRpcRegisterTask::default()
//! };
//! assert_eq!(SchRpcRegisterTask::decode(&request.encode()?)?, request);
//! assert!(!format!("{request:?}").contains("secret"));
//! # Ok::<(), wintask::ndr::Error>(())
//! ```

mod value;

pub use value::{
    CredFlags, EnumFlags, RunFlags, SecurityFlags, TaskCreation, TaskInfoFlags, TaskLogonType, TaskNames,
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

    /// Returns the highest protocol version that the server supports.
    0 SchRpcHighestVersion "hSchRpcHighestVersion" "3.2.5.4.1" -> SchRpcHighestVersionResponse
    in {}
    out {
        /// The major version in the high 16 bits, the minor version in the low 16 bits.
        version: u32 = "pVersion",
    }

    /// Registers a task.
    1 SchRpcRegisterTask "hSchRpcRegisterTask" "3.2.5.4.2" -> SchRpcRegisterTaskResponse
    in {
        /// The path; NULL to use the path in the definition, or to generate one.
        path: Option<WideString>,
        /// The task definition.
        xml: WideString,
        /// How to register the definition.
        flags: TaskCreation,
        /// The security descriptor in SDDL; NULL to inherit one or to keep the existing one.
        sddl: Option<WideString>,
        /// How the task logs on.
        logon_type: TaskLogonType = "logonType",
        /// Accounts and their passwords.
        creds: Counted<TaskUserCred> = "cCreds" "pCreds",
    }
    out {
        /// The path of the registered task.
        actual_path: Option<WideString> = "pActualPath",
        /// The error in the definition, and its location.
        error_info: Option<TaskXmlErrorInfo> = "pErrorInfo",
    }

    /// Returns the definition of a task.
    2 SchRpcRetrieveTask "hSchRpcRetrieveTask" "3.2.5.4.3" -> SchRpcRetrieveTaskResponse
    in {
        /// The task.
        path: WideString,
        /// The preferred languages in order, separated by `\`.
        languages_buffer: WideString = "lpcwszLanguagesBuffer",
        /// The number of languages; servers ignore it.
        num_languages: u32 = "pulNumLanguages",
    }
    out {
        /// The task definition.
        xml: Option<WideString> = "pXml",
    }

    /// Creates a folder, and its missing parents.
    3 SchRpcCreateFolder "hSchRpcCreateFolder" "3.2.5.4.4" -> SchRpcCreateFolderResponse
    in {
        /// The folder.
        path: WideString,
        /// Its security descriptor in SDDL; NULL to inherit.
        sddl: Option<WideString>,
        /// Unused, 0.
        flags: u32,
    }
    out {}

    /// Sets the security descriptor of a task or a folder.
    4 SchRpcSetSecurity "hSchRpcSetSecurity" "3.2.5.4.5" -> SchRpcSetSecurityResponse
    in {
        /// The task or folder.
        path: WideString,
        /// The security descriptor in SDDL.
        sddl: WideString,
        /// Whether the path names a task or a folder.
        flags: SecurityFlags,
    }
    out {}

    /// Returns the security descriptor of a task or a folder.
    5 SchRpcGetSecurity "hSchRpcGetSecurity" "3.2.5.4.6" -> SchRpcGetSecurityResponse
    in {
        /// The task or folder.
        path: WideString,
        /// The requested parts: a [`SecurityInformation`](crate::security::SecurityInformation) ([MS-DTYP] 2.4.7).
        security_information: u32 = "securityInformation",
    }
    out {
        /// The security descriptor in SDDL.
        sddl: Option<WideString>,
    }

    /// Lists the folders in a folder.
    6 SchRpcEnumFolders "hSchRpcEnumFolders" "3.2.5.4.7" -> SchRpcEnumFoldersResponse
    in {
        /// The folder.
        path: WideString,
        /// Whether to include hidden entries.
        flags: EnumFlags,
        /// The index of the first name.
        start_index: u32 = "pStartIndex",
        /// The maximum number of names; 0 for all.
        requested: u32 = "cRequested",
    }
    out {
        /// The index at which to continue.
        start_index: u32 = "pStartIndex" [from start_index],
        /// The names.
        names: TaskNames = "pcNames" "pNames",
    }

    /// Lists the tasks in a folder.
    7 SchRpcEnumTasks "hSchRpcEnumTasks" "3.2.5.4.8" -> SchRpcEnumTasksResponse
    in {
        /// The folder.
        path: WideString,
        /// Whether to include hidden entries.
        flags: EnumFlags,
        /// The index of the first name.
        start_index: u32 = "startIndex",
        /// The maximum number of names; 0 for all.
        requested: u32 = "cRequested",
    }
    out {
        /// The index at which to continue.
        start_index: u32 = "startIndex" [from start_index],
        /// The names.
        names: TaskNames = "pcNames" "pNames",
    }

    /// Lists the running instances of a task.
    8 SchRpcEnumInstances "hSchRpcEnumInstances" "3.2.5.4.9" -> SchRpcEnumInstancesResponse
    in {
        /// The task; NULL for all tasks.
        path: Option<WideString>,
        /// Whether to include hidden entries.
        flags: EnumFlags,
    }
    out {
        /// The instances.
        guids: Counted<Uuid> = "pcGuids" "pGuids",
    }

    /// Describes a running instance.
    9 SchRpcGetInstanceInfo "hSchRpcGetInstanceInfo" "3.2.5.4.10" -> SchRpcGetInstanceInfoResponse
    in {
        /// The instance.
        guid: Uuid,
    }
    out {
        /// The path of the task.
        path: Option<WideString> = "pPath",
        /// Its state.
        state: TaskState = "pState",
        /// The id of the running action.
        current_action: Option<WideString> = "pCurrentAction",
        /// Unused, NULL.
        info: Option<WideString> = "pInfo",
        /// Unused, NULL and 0.
        group_instances: Counted<Uuid> = "pcGroupInstances" "pGroupInstances",
        /// The process that runs the task.
        engine_pid: u32 = "pEnginePID",
    }

    /// Stops an instance.
    10 SchRpcStopInstance "hSchRpcStopInstance" "3.2.5.4.11" -> SchRpcStopInstanceResponse
    in {
        /// The instance.
        guid: Uuid,
        /// Unused, 0.
        flags: u32,
    }
    out {}

    /// Stops all instances of a task.
    11 SchRpcStop "hSchRpcStop" "3.2.5.4.12" -> SchRpcStopResponse
    in {
        /// The task.
        path: Option<WideString>,
        /// Unused, 0.
        flags: u32,
    }
    out {}

    /// Runs a task.
    12 SchRpcRun "hSchRpcRun" "3.2.5.4.13" -> SchRpcRunResponse
    in {
        /// The task.
        path: WideString,
        /// The values of `$(Arg0)`, `$(Arg1)`, … ([MS-TSCH] 2.5.9).
        args: Counted<Option<WideString>> = "cArgs" "pArgs",
        /// How to run it.
        flags: RunFlags,
        /// The session, with [`RunFlags::USE_SESSION_ID`].
        session_id: u32 = "sessionId",
        /// The user to run it as: an account, or a SID with [`RunFlags::USER_SID`].
        user: Option<WideString>,
    }
    out {
        /// The instance; all zero if the call failed.
        guid: Uuid = "pGuid",
    }

    /// Deletes a task or an empty folder.
    13 SchRpcDelete "hSchRpcDelete" "3.2.5.4.14" -> SchRpcDeleteResponse
    in {
        /// The task or folder.
        path: WideString,
        /// Unused, 0.
        flags: u32,
    }
    out {}

    /// Renames a task or a folder; servers return `E_NOTIMPL`.
    14 SchRpcRename "hSchRpcRename" "3.2.5.4.15" -> SchRpcRenameResponse
    in {
        /// The task or folder.
        path: WideString,
        /// Its new name.
        new_name: WideString = "newName",
        /// Reserved, 0.
        flags: u32,
    }
    out {}

    /// Returns the next run times of a task.
    15 SchRpcScheduledRuntimes "hSchRpcScheduledRuntimes" "3.2.5.4.16" -> SchRpcScheduledRuntimesResponse
    in {
        /// The task.
        path: WideString,
        /// The start of the interval, in the server's local time; NULL for no lower bound.
        start: Option<SystemTime>,
        /// The end of the interval, in the server's local time; NULL for no upper bound.
        end: Option<SystemTime>,
        /// Unused, 0.
        flags: u32,
        /// The maximum number of times.
        requested: u32 = "cRequested",
    }
    out {
        /// The times, in the server's local time.
        runtimes: Counted<SystemTime> = "pcRuntimes" "pRuntimes",
    }

    /// Returns the last run of a task.
    16 SchRpcGetLastRunInfo "hSchRpcGetLastRunInfo" "3.2.5.4.17" -> SchRpcGetLastRunInfoResponse
    in {
        /// The task.
        path: WideString,
    }
    out {
        /// The start of the last run, in the server's local time; all zero if the task never ran.
        last_runtime: SystemTime = "pLastRuntime",
        /// The exit code of the last run.
        last_return_code: u32 = "pLastReturnCode",
    }

    /// Returns whether a task is enabled, and its state.
    17 SchRpcGetTaskInfo "hSchRpcGetTaskInfo" "3.2.5.4.18" -> SchRpcGetTaskInfoResponse
    in {
        /// The task.
        path: WideString,
        /// What to return.
        flags: TaskInfoFlags,
    }
    out {
        /// Whether the task is enabled; 0 means no.
        enabled: u32 = "pEnabled",
        /// Its state, with [`TaskInfoFlags::STATE`].
        state: TaskState = "pState",
    }

    /// Returns the number of runs that a task missed.
    18 SchRpcGetNumberOfMissedRuns "hSchRpcGetNumberOfMissedRuns" "3.2.5.4.19" -> SchRpcGetNumberOfMissedRunsResponse
    in {
        /// The task.
        path: WideString,
    }
    out {
        /// The number of missed runs.
        number_of_missed_runs: u32 = "pNumberOfMissedRuns",
    }

    /// Enables or disables a task.
    19 SchRpcEnableTask "hSchRpcEnableTask" "3.2.5.4.20" -> SchRpcEnableTaskResponse
    in {
        /// The task.
        path: WideString,
        /// Whether to enable the task; 0 means no.
        enabled: u32,
    }
    out {}
}
