use super::{
    Action, Actions, Data, Extra, Principal, RegistrationInfo, SchemaVersion, Settings, Trigger, stated,
};

stated! {
    /// A task definition ([MS-TSCH] 2.5).
    pub struct Task {
        /// Version of the schema that it keeps to; any that the server knows, where not stated.
        pub version: Option<SchemaVersion>,
        /// Where it is kept and what it is.
        pub registration_info: RegistrationInfo,
        /// What starts it, 48 at most.
        pub triggers: Vec<Trigger>,
        /// How it runs.
        pub settings: Settings,
        /// What belongs to whoever made it.
        pub data: Option<Data>,
        /// Who it runs as; one, by the schema.
        pub principals: Vec<Principal>,
        /// What it does.
        pub actions: Actions,
        /// What the schema does not know.
        pub extra: Extra,
    }
}

impl Task {
    /// A task that does this and states nothing else.
    pub fn new(action: impl Into<Action>) -> Self {
        Self { actions: std::iter::once(action.into()).collect(), ..Self::default() }
    }

    /// Who the actions run as: the principal that `Actions@Context` names; without a context, the only one.
    ///
    /// ```
    /// use wintask::definition::{Actions, Exec, Principal, Task};
    ///
    /// let mut task = Task::new(Exec::new("notepad.exe"));
    /// task.principals = vec![Principal::user("S-1-5-18").with_id("Author")];
    /// assert_eq!(task.run_as().and_then(|p| p.user_id.as_deref()), Some("S-1-5-18"));
    ///
    /// task.actions.context = Some("Somebody".into());
    /// assert_eq!(task.run_as(), None);
    /// ```
    #[must_use]
    pub fn run_as(&self) -> Option<&Principal> {
        match (&self.actions.context, self.principals.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(context), principals) => principals.iter().find(|p| p.id.as_ref() == Some(context)),
        }
    }
}
