//! The accounts that a task runs as.

use super::{Extra, schema_enum, stated};
use crate::security::Sid;

stated! {
    /// The identity that a task runs as ([MS-TSCH] 2.5.6): either a user or a group.
    ///
    /// ```
    /// use wintask::definition::{Exec, LogonType, Principal, Task};
    ///
    /// let alice = Principal::user(r"CONTOSO\alice").with_logon_type(LogonType::Password);
    /// let task = Task::new(Exec::new("notepad.exe")).with_principal(alice);
    /// assert_eq!(task.run_as().and_then(|principal| principal.user_id.as_deref()), Some(r"CONTOSO\alice"));
    /// ```
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct Principal {
        /// The name that `Actions@Context` refers to.
        pub id: Option<String> = with_id(impl Into<String>),
        /// The user: `domain\user`, `user@domain`, a SID, or a service account.
        pub user_id: Option<String> = with_user_id(impl Into<String>),
        /// How the user logs on.
        pub logon_type: Option<LogonType> = with_logon_type(LogonType),
        /// The group: the task runs for each member who is logged on.
        pub group_id: Option<String> = with_group_id(impl Into<String>),
        /// A display name; may be localised.
        pub display_name: Option<String> = with_display_name(impl Into<String>),
        /// The privileges of the task.
        pub run_level: Option<RunLevel> = with_run_level(RunLevel),
        /// The SID added to the process's token; for service accounts (schema 1.3).
        pub process_token_sid_type: Option<ProcessTokenSidType> = with_process_token_sid_type(ProcessTokenSidType),
        /// The names of the required privileges (`SeBackupPrivilege`), 1 to 64 (schema 1.3).
        pub required_privileges: Option<Vec<String>> = with_required_privileges(Vec<String>),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl Principal {
    /// Creates a principal for a user.
    #[must_use]
    pub fn user(user_id: impl Into<String>) -> Self {
        Self { user_id: Some(user_id.into()), ..Self::default() }
    }

    /// Creates a principal for a group.
    #[must_use]
    pub fn group(group_id: impl Into<String>) -> Self {
        Self { group_id: Some(group_id.into()), ..Self::default() }
    }

    /// Returns the SID of the user or group, if it is stated as a SID or is a well-known account.
    ///
    /// ```
    /// use wintask::{definition::Principal, security::Sid};
    ///
    /// assert_eq!(Principal::user(r"NT AUTHORITY\SYSTEM").sid(), Some(Sid::LOCAL_SYSTEM));
    /// assert_eq!(Principal::group("S-1-5-32-544").sid(), Some(Sid::ADMINISTRATORS));
    /// assert_eq!(Principal::user(r"CONTOSO\alice").sid(), None);
    /// ```
    #[must_use]
    pub fn sid(&self) -> Option<Sid> {
        Sid::from_account_name(self.user_id.as_ref().or(self.group_id.as_ref())?)
    }
}

schema_enum! {
    /// How a user logs on ([MS-TSCH] 2.5.6).
    pub enum LogonType {
        /// Service for User: no password is stored, and network resources are not available.
        S4U,
        /// With a password stored by the scheduler.
        Password,
        /// In the user's session, which must exist.
        InteractiveToken,
        /// In the user's session if it exists, otherwise with the password.
        InteractiveTokenOrPassword,
    }
}

schema_enum! {
    /// The privileges of a task.
    pub enum RunLevel {
        /// The lowest privileges of the user.
        LeastPrivilege,
        /// The highest privileges of the user.
        HighestAvailable,
    }
}

schema_enum! {
    /// The SID added to a process's token.
    pub enum ProcessTokenSidType {
        /// No SID.
        None,
        /// A SID for the task, derived from its path.
        Unrestricted,
    }
}
