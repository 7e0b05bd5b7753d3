use super::{
    Action, Actions, Data, Extra, Principal, RegistrationInfo, SchemaVersion, Settings, Trigger, stated,
};

stated! {
    /// A task definition ([MS-TSCH] 2.5).
    pub struct Task {
        /// The version of the schema; without it, any version that the server supports.
        pub version: Option<SchemaVersion>,
        /// Path, security descriptor and description.
        pub registration_info: RegistrationInfo,
        /// The triggers, 48 at most.
        pub triggers: Vec<Trigger>,
        /// How and under which conditions it runs.
        pub settings: Settings,
        /// Data of the task's creator.
        pub data: Option<Data>,
        /// The accounts it may run as; the schema allows one.
        pub principals: Vec<Principal>,
        /// The actions.
        pub actions: Actions,
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl Task {
    /// Creates a task with one action that states nothing else.
    pub fn new(action: impl Into<Action>) -> Self {
        Self { actions: std::iter::once(action.into()).collect(), ..Self::default() }
    }

    /// The principal that runs the actions: the one that `Actions@Context` names; without a context, the only one.
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
