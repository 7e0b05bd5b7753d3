//! The values of ITaskSchedulerService ([MS-TSCH] 2.3, 3.2.5.4).

use crate::{
    definition::LogonType,
    dtyp::{
        Password, WideString,
        macros::{flags, open_enum},
    },
    ndr::{Counted, coded, structure},
};

flags! {
    /// The flags of [`SchRpcRegisterTask`](super::SchRpcRegisterTask) ([MS-TSCH] 3.2.5.4.2).
    pub struct TaskCreation(u32) {
        /// Only validates the definition.
        VALIDATE_ONLY = 0x01 => "TASK_VALIDATE_ONLY",
        /// Registers a new task.
        CREATE = 0x02 => "TASK_CREATE",
        /// Updates an existing task.
        UPDATE = 0x04 => "TASK_UPDATE",
        /// Disables the task.
        DISABLE = 0x08 => "TASK_DISABLE",
        /// Adds no entry for the principal to the task's security descriptor.
        DONT_ADD_PRINCIPAL_ACE = 0x10 => "TASK_DONT_ADD_PRINCIPAL_ACE",
        /// Does not start the task even if it has a registration trigger.
        IGNORE_REGISTRATION_TRIGGERS = 0x20 => "TASK_IGNORE_REGISTRATION_TRIGGERS",
    }
}

flags! {
    /// The flags of [`SchRpcSetSecurity`](super::SchRpcSetSecurity) ([MS-TSCH] 3.2.5.4.5).
    pub struct SecurityFlags(u32) {
        /// Adds no entry for the principal to the task's security descriptor.
        DONT_ADD_PRINCIPAL_ACE = 0x10 => "TASK_DONT_ADD_PRINCIPAL_ACE",
        /// The path names a folder.
        FOLDER = 0x2000_0000 => "SCH_FLAG_FOLDER",
        /// The path names a task.
        TASK = 0x4000_0000 => "SCH_FLAG_TASK",
    }
}

flags! {
    /// The flags of [`SchRpcGetTaskInfo`](super::SchRpcGetTaskInfo) ([MS-TSCH] 3.2.5.4.18).
    pub struct TaskInfoFlags(u32) {
        /// Requests the state.
        STATE = 0x1000_0000 => "SCH_FLAG_STATE",
    }
}

flags! {
    /// The flags of the enumerations ([MS-TSCH] 3.2.5.4.7 to 3.2.5.4.9).
    pub struct EnumFlags(u32) {
        /// Includes hidden tasks.
        HIDDEN = 0x1 => "TASK_ENUM_HIDDEN",
    }
}

flags! {
    /// The flags of [`SchRpcRun`](super::SchRpcRun) ([MS-TSCH] 3.2.5.4.13).
    pub struct RunFlags(u32) {
        /// Runs the task as the caller.
        AS_SELF = 0x1 => "TASK_RUN_AS_SELF",
        /// Ignores the conditions.
        IGNORE_CONSTRAINTS = 0x2 => "TASK_RUN_IGNORE_CONSTRAINTS",
        /// Runs the task in the given session.
        USE_SESSION_ID = 0x4 => "TASK_RUN_USE_SESSION_ID",
        /// The user is a SID.
        USER_SID = 0x8 => "TASK_RUN_USER_SID",
    }
}

flags! {
    /// The flags of credentials ([MS-TSCH] 2.3.8).
    pub struct CredFlags(u32) {
        /// Uses the credentials only if there are no others; if clear, they replace those of the definition.
        DEFAULT = 0x1 => "credFlagDefault",
    }
}

open_enum! {
    /// The logon type of a task as a number (TASK_LOGON_TYPE, [MS-TSCH] 2.3.9). It converts to and from
    /// [`LogonType`], the type used in definitions.
    ///
    /// ```
    /// use wintask::{definition::LogonType, rpc::schrpc::TaskLogonType};
    ///
    /// assert_eq!(TaskLogonType::from(LogonType::S4U), TaskLogonType::S4U);
    /// assert_eq!(TaskLogonType::PASSWORD.to_definition(), Some(LogonType::Password));
    /// assert_eq!(TaskLogonType::GROUP.to_definition(), None);
    /// ```
    #[derive(Default)]
    #[doc(alias = "TASK_LOGON_TYPE")]
    pub struct TaskLogonType(u32) {
        /// Not specified.
        NONE = 0 => "TASK_LOGON_NONE",
        /// With the user's password.
        PASSWORD = 1 => "TASK_LOGON_PASSWORD",
        /// Service for User, without a password.
        S4U = 2 => "TASK_LOGON_S4U",
        /// In the user's session.
        INTERACTIVE_TOKEN = 3 => "TASK_LOGON_INTERACTIVE_TOKEN",
        /// In the session of any member of the group.
        GROUP = 4 => "TASK_LOGON_GROUP",
        /// As LocalSystem, LocalService or NetworkService.
        SERVICE_ACCOUNT = 5 => "TASK_LOGON_SERVICE_ACCOUNT",
        /// In the user's session if there is one, otherwise with the password.
        INTERACTIVE_TOKEN_OR_PASSWORD = 6 => "TASK_LOGON_INTERACTIVE_TOKEN_OR_PASSWORD",
    }
}

open_enum! {
    /// The state of a task or of an instance (TASK_STATE, [MS-TSCH] 2.3.13).
    #[derive(Default)]
    #[doc(alias = "TASK_STATE")]
    pub struct TaskState(u32) {
        /// Unknown.
        UNKNOWN = 0 => "TASK_STATE_UNKNOWN",
        /// Disabled: the task does not run.
        DISABLED = 1 => "TASK_STATE_DISABLED",
        /// Triggered, but not yet running.
        QUEUED = 2 => "TASK_STATE_QUEUED",
        /// Ready to be triggered.
        READY = 3 => "TASK_STATE_READY",
        /// Running.
        RUNNING = 4 => "TASK_STATE_RUNNING",
    }
}

impl From<LogonType> for TaskLogonType {
    fn from(logon_type: LogonType) -> Self {
        match logon_type {
            LogonType::S4U => Self::S4U,
            LogonType::Password => Self::PASSWORD,
            LogonType::InteractiveToken => Self::INTERACTIVE_TOKEN,
            LogonType::InteractiveTokenOrPassword => Self::INTERACTIVE_TOKEN_OR_PASSWORD,
        }
    }
}

impl TaskLogonType {
    /// The corresponding logon type of a definition. There is none for a group, a service account or unknown numbers.
    #[must_use]
    pub fn to_definition(self) -> Option<LogonType> {
        LogonType::ALL.iter().copied().find(|logon_type| Self::from(*logon_type) == self)
    }
}

/// The names of folders or tasks (TASK_NAMES, [MS-TSCH] 2.3.12), each with its own pointer.
pub type TaskNames = Counted<Option<WideString>>;

structure! {
    /// An account and its password (TASK_USER_CRED, [MS-TSCH] 2.3.8).
    pub struct TaskUserCred = "TASK_USER_CRED" {
        /// The account.
        pub user_id: Option<WideString> = "userId",
        /// The password.
        pub password: Option<Password>,
        /// How they are used.
        pub flags: CredFlags,
    }
}

impl TaskUserCred {
    /// Creates credentials that replace those in the definition.
    #[must_use]
    pub fn new(user_id: &str, password: &str) -> Self {
        Self { user_id: Some(user_id.into()), password: Some(password.into()), flags: CredFlags::NONE }
    }
}

structure! {
    /// The error in a task definition, and its location (TASK_XML_ERROR_INFO, [MS-TSCH] 2.3.10).
    #[derive(Hash)]
    pub struct TaskXmlErrorInfo = "TASK_XML_ERROR_INFO" {
        /// The line, counted from 1.
        pub line: u32,
        /// The column, counted from 1.
        pub column: u32,
        /// The attribute or element that is invalid or missing.
        pub node: Option<WideString>,
        /// The invalid value.
        pub value: Option<WideString>,
    }
}

coded! { u32: TaskCreation, SecurityFlags, TaskInfoFlags, EnumFlags, RunFlags, CredFlags, TaskLogonType, TaskState }
