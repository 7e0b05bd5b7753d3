//! The task itself.

use super::{
    Action, Actions, Data, Extra, Principal, RegistrationInfo, SchemaVersion, Settings, Trigger, stated,
};

stated! {
    /// A task definition ([MS-TSCH] 2.5).
    ///
    /// Fields are public, and each has a setter. [`xml::validate`](crate::xml::validate()) checks the result.
    ///
    /// ```
    /// use wintask::definition::{Exec, Principal, RunLevel, Schedule, Settings, Task, Trigger};
    ///
    /// let nightly = Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?);
    /// let task = Task::new(Exec::new(r"C:\Tools\backup.exe").with_arguments("/full"))
    ///     .with_trigger(nightly.with_execution_time_limit("PT4H".parse()?))
    ///     .with_principal(Principal::user("S-1-5-18").with_run_level(RunLevel::HighestAvailable))
    ///     .with_settings(Settings::default().with_wake_to_run(true).with_priority(5));
    /// assert_eq!(task.run_as().and_then(|principal| principal.run_level), Some(RunLevel::HighestAvailable));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Task {
        /// The schema version; if absent, the task can use any version that the server supports.
        pub version: Option<SchemaVersion> = with_version(SchemaVersion),
        /// Path, security descriptor and description.
        pub registration_info: RegistrationInfo,
        /// The triggers, at most [`MAX_TRIGGERS`](Task::MAX_TRIGGERS).
        pub triggers: Vec<Trigger>,
        /// How, and under which conditions, it runs.
        pub settings: Settings,
        /// Data of the task's creator.
        pub data: Option<Data> = with_data(Data),
        /// The accounts that it may run as; the schema allows one.
        pub principals: Vec<Principal>,
        /// The actions.
        pub actions: Actions,
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl Task {
    /// The number of triggers that a definition can have ([MS-TSCH] 2.5.3; EVIDENCE.md XML-29).
    pub const MAX_TRIGGERS: usize = 48;

    /// Creates a task with a single action and default values.
    pub fn new(action: impl Into<Action>) -> Self {
        Self { actions: std::iter::once(action.into()).collect(), ..Self::default() }
    }

    /// Adds a trigger.
    #[must_use]
    pub fn with_trigger(mut self, trigger: impl Into<Trigger>) -> Self {
        self.triggers.push(trigger.into());
        self
    }

    /// Adds an action, which runs after the existing ones.
    #[must_use]
    pub fn with_action(mut self, action: impl Into<Action>) -> Self {
        self.actions.list.push(action.into());
        self
    }

    /// Sets the account that the task runs as, replacing all principals.
    ///
    /// If the principal has no id, the actions have no context.
    #[must_use]
    pub fn with_principal(mut self, principal: Principal) -> Self {
        self.actions.context = principal.id.clone();
        self.principals = vec![principal];
        self
    }

    /// Sets the [`settings`](Self::settings).
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Sets the [`registration_info`](Self::registration_info).
    #[must_use]
    pub fn with_registration_info(self, registration_info: RegistrationInfo) -> Self {
        Self { registration_info, ..self }
    }

    /// The principal that runs the actions: the one that `Actions@Context` names or, without a context, the only one.
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
