use crate::{
    definition::LogonType,
    dtyp::{
        Password, WideString,
        macros::{flags, open_enum},
    },
    ndr::{Counted, coded, structure},
};

flags! {
    /// What [`SchRpcRegisterTask`](super::SchRpcRegisterTask) is to do ([MS-TSCH] 3.2.5.4.2).
    pub struct TaskCreation(u32) {
        /// Validates only.
        VALIDATE_ONLY = 0x01 => "TASK_VALIDATE_ONLY",
        /// Registers a task that does not exist.
        CREATE = 0x02 => "TASK_CREATE",
        /// Updates a task that exists.
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
    /// What [`SchRpcSetSecurity`](super::SchRpcSetSecurity) sets ([MS-TSCH] 3.2.5.4.5).
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
    /// What [`SchRpcGetTaskInfo`](super::SchRpcGetTaskInfo) asks ([MS-TSCH] 3.2.5.4.18).
    pub struct TaskInfoFlags(u32) {
        /// Asks for the state.
        STATE = 0x1000_0000 => "SCH_FLAG_STATE",
    }
}

flags! {
    /// What the methods that list things include ([MS-TSCH] 3.2.5.4.7 to 3.2.5.4.9).
    pub struct EnumFlags(u32) {
        /// Hidden tasks too.
        HIDDEN = 0x1 => "TASK_ENUM_HIDDEN",
    }
}

flags! {
    /// How [`SchRpcRun`](super::SchRpcRun) runs a task ([MS-TSCH] 3.2.5.4.13).
    pub struct RunFlags(u32) {
        /// As the caller.
        AS_SELF = 0x1 => "TASK_RUN_AS_SELF",
        /// Whatever the conditions say.
        IGNORE_CONSTRAINTS = 0x2 => "TASK_RUN_IGNORE_CONSTRAINTS",
        /// In the session given.
        USE_SESSION_ID = 0x4 => "TASK_RUN_USE_SESSION_ID",
        /// The user is given as a SID.
        USER_SID = 0x8 => "TASK_RUN_USER_SID",
    }
}

flags! {
    /// How credentials are used ([MS-TSCH] 2.3.8).
    pub struct CredFlags(u32) {
        /// Only if no others are given; without it, instead of those in the definition.
        DEFAULT = 0x1 => "credFlagDefault",
    }
}

open_enum! {
    /// How a task logs on ([MS-TSCH] 2.3.9).
    #[derive(Default)]
    #[doc(alias = "TASK_LOGON_TYPE")]
    pub struct TaskLogonType(u32) {
        /// Not said.
        NONE = 0 => "TASK_LOGON_NONE",
        /// With the user's password.
        PASSWORD = 1 => "TASK_LOGON_PASSWORD",
        /// By Service for User, without a password.
        S4U = 2 => "TASK_LOGON_S4U",
        /// In the user's session.
        INTERACTIVE_TOKEN = 3 => "TASK_LOGON_INTERACTIVE_TOKEN",
        /// In the session of any member of the group.
        GROUP = 4 => "TASK_LOGON_GROUP",
        /// As local system, local service or network service.
        SERVICE_ACCOUNT = 5 => "TASK_LOGON_SERVICE_ACCOUNT",
        /// In the user's session if there is one, with the password if not.
        INTERACTIVE_TOKEN_OR_PASSWORD = 6 => "TASK_LOGON_INTERACTIVE_TOKEN_OR_PASSWORD",
    }
}

impl TaskLogonType {
    /// The logon type as a definition states it; `None` where a definition has no word for it, as for groups, service
    /// accounts and codes that are not defined.
    #[must_use]
    pub fn stated(self) -> Option<LogonType> {
        match self {
            Self::PASSWORD => Some(LogonType::Password),
            Self::S4U => Some(LogonType::S4U),
            Self::INTERACTIVE_TOKEN => Some(LogonType::InteractiveToken),
            Self::INTERACTIVE_TOKEN_OR_PASSWORD => Some(LogonType::InteractiveTokenOrPassword),
            _ => None,
        }
    }
}

impl From<LogonType> for TaskLogonType {
    /// ```
    /// use wintask::{definition::LogonType, rpc::schrpc::TaskLogonType};
    ///
    /// let code = TaskLogonType::from(LogonType::S4U);
    /// assert_eq!(code, TaskLogonType::S4U);
    /// assert_eq!(code.stated(), Some(LogonType::S4U));
    /// assert_eq!(TaskLogonType::GROUP.stated(), None);
    /// ```
    fn from(stated: LogonType) -> Self {
        match stated {
            LogonType::Password => Self::PASSWORD,
            LogonType::S4U => Self::S4U,
            LogonType::InteractiveToken => Self::INTERACTIVE_TOKEN,
            LogonType::InteractiveTokenOrPassword => Self::INTERACTIVE_TOKEN_OR_PASSWORD,
        }
    }
}

open_enum! {
    /// What a task or an instance is doing ([MS-TSCH] 2.3.13).
    #[derive(Default)]
    #[doc(alias = "TASK_STATE")]
    pub struct TaskState(u32) {
        /// Not known.
        UNKNOWN = 0 => "TASK_STATE_UNKNOWN",
        /// Disabled: it will not run.
        DISABLED = 1 => "TASK_STATE_DISABLED",
        /// Triggered, and not yet running.
        QUEUED = 2 => "TASK_STATE_QUEUED",
        /// Ready to be triggered.
        READY = 3 => "TASK_STATE_READY",
        /// Running.
        RUNNING = 4 => "TASK_STATE_RUNNING",
    }
}

/// The names of folders or tasks (TASK_NAMES, [MS-TSCH] 2.3.12), each behind a pointer of its own.
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
    /// An account and its password, to be used instead of those in the definition.
    #[must_use]
    pub fn new(user_id: &str, password: &str) -> Self {
        Self { user_id: Some(user_id.into()), password: Some(password.into()), flags: CredFlags::NONE }
    }
}

structure! {
    /// What is wrong with a task definition, and where (TASK_XML_ERROR_INFO, [MS-TSCH] 2.3.10).
    #[derive(Hash)]
    pub struct TaskXmlErrorInfo = "TASK_XML_ERROR_INFO" {
        /// The line, counted from 1.
        pub line: u32,
        /// The character within the line, counted from 1.
        pub column: u32,
        /// The attribute or element that is wrong or missing.
        pub node: Option<WideString>,
        /// The wrong value.
        pub value: Option<WideString>,
    }
}

coded! { u32: TaskCreation, SecurityFlags, TaskInfoFlags, EnumFlags, RunFlags, CredFlags, TaskLogonType, TaskState }
