use super::{Extra, schema_enum, stated};

stated! {
    /// Whose identity the task runs under ([MS-TSCH] 2.5.6): a user or a group, not both.
    pub struct Principal {
        /// Name by which `Actions@Context` refers to it.
        pub id: Option<String>,
        /// The user: `domain\user`, `user@domain`, a SID, or a service account.
        pub user_id: Option<String>,
        /// How the user is logged on.
        pub logon_type: Option<LogonType>,
        /// The group: the task runs for each member who is logged on.
        pub group_id: Option<String>,
        /// A name to show; may be localised.
        pub display_name: Option<String>,
        /// With which privileges.
        pub run_level: Option<RunLevel>,
        /// Which SID the process's token gets; for the service accounts (schema 1.3).
        pub process_token_sid_type: Option<ProcessTokenSidType>,
        /// Names of the privileges that are needed (`SeBackupPrivilege`), 1 to 64 (schema 1.3).
        pub required_privileges: Option<Vec<String>>,
        /// What the schema does not know.
        pub extra: Extra,
    }
}

impl Principal {
    /// A user.
    #[must_use]
    pub fn user(user_id: impl Into<String>) -> Self {
        Self { user_id: Some(user_id.into()), ..Self::default() }
    }

    /// A group.
    #[must_use]
    pub fn group(group_id: impl Into<String>) -> Self {
        Self { group_id: Some(group_id.into()), ..Self::default() }
    }

    /// With the name by which `Actions@Context` refers to it.
    #[must_use]
    pub fn with_id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }
}

schema_enum! {
    /// How a user is logged on ([MS-TSCH] 2.5.6).
    pub enum LogonType {
        /// By Service for User; no password is kept, no network can be reached.
        S4U,
        /// By a password that the scheduler keeps.
        Password,
        /// In the user's session, while there is one.
        InteractiveToken,
        /// In the user's session if there is one, else by the password.
        InteractiveTokenOrPassword,
    }
}

schema_enum! {
    /// With which privileges a task runs.
    pub enum RunLevel {
        /// The least that the user can have.
        LeastPrivilege,
        /// The most that the user can have.
        HighestAvailable,
    }
}

schema_enum! {
    /// Which SID a process's token gets.
    pub enum ProcessTokenSidType {
        /// No change.
        None,
        /// A SID of the task's own, worked out from its path.
        Unrestricted,
    }
}
