use super::{Extra, schema_enum, stated};
use crate::time::XsDuration;
use uuid::Uuid;

stated! {
    /// How the task runs once a trigger fired, and under which conditions ([MS-TSCH] 2.5.4).
    pub struct Settings {
        /// Whether the task may be started by hand (2.5.4.1); default true.
        pub allow_start_on_demand: Option<bool>,
        /// Tries again where the start fails (2.5.4.2).
        pub restart_on_failure: Option<RestartOnFailure>,
        /// What happens where an instance is running already (2.5.4.3); default [`MultipleInstancesPolicy::IgnoreNew`].
        pub multiple_instances_policy: Option<MultipleInstancesPolicy>,
        /// Whether the task does not start on batteries (2.5.4.4); default true.
        pub disallow_start_if_on_batteries: Option<bool>,
        /// Whether the task is stopped when the computer goes on batteries (2.5.4.5); default true.
        pub stop_if_going_on_batteries: Option<bool>,
        /// Whether the task may be killed (2.5.4.6); default true.
        pub allow_hard_terminate: Option<bool>,
        /// Whether a missed run is made up for (2.5.4.7); default false.
        pub start_when_available: Option<bool>,
        /// A network's name to show; decides nothing.
        pub network_profile_name: Option<String>,
        /// Whether the task starts only with a network (2.5.4.8); default false.
        pub run_only_if_network_available: Option<bool>,
        /// Whether the computer is woken (2.5.4.10); default false.
        pub wake_to_run: Option<bool>,
        /// Whether the task runs at all (2.5.4.11); default true.
        pub enabled: Option<bool>,
        /// Whether the task is not shown (2.5.4.12); default false.
        pub hidden: Option<bool>,
        /// How long after the last end boundary the task is deleted (2.5.4.13); never, where not stated.
        pub delete_expired_task_after: Option<XsDuration>,
        /// What idle means for the task (2.5.4.14).
        pub idle_settings: Option<IdleSettings>,
        /// Which network is meant (2.5.4.9).
        pub network_settings: Option<NetworkSettings>,
        /// How long the task may run (2.5.4.16); default 72 hours, `PT0S` for ever.
        pub execution_time_limit: Option<XsDuration>,
        /// Priority, 0 (highest; 1 in the specification) to 10 (lowest) (2.5.4.17); default 7.
        pub priority: Option<u8>,
        /// Whether the task starts only if the computer is idle (2.5.4.18); default false.
        pub run_only_if_idle: Option<bool>,
        /// Whether the unified scheduling engine has the task (2.5.4.19; schema 1.3); default false.
        pub use_unified_scheduling_engine: Option<bool>,
        /// Whether the task does not start in a RemoteApp session (2.5.4.20; schema 1.3); default false.
        pub disallow_start_on_remote_app_session: Option<bool>,
        /// When automatic maintenance runs the task (2.5.4.15; schema 1.4).
        pub maintenance_settings: Option<MaintenanceSettings>,
        /// Whether the task is disabled at the next start of the system (2.5.4.21; schema 1.4); default false.
        pub volatile: Option<bool>,
        /// What the schema does not know.
        pub extra: Extra,
    }
}

schema_enum! {
    /// What happens where an instance is running already ([MS-TSCH] 2.5.4.3).
    pub enum MultipleInstancesPolicy {
        /// Another one runs beside it.
        Parallel,
        /// Another one waits for its end.
        Queue,
        /// Nothing.
        IgnoreNew,
        /// It is stopped, and another one starts.
        StopExisting,
    }
}

/// Tries again where the start of a task fails ([MS-TSCH] 2.5.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RestartOnFailure {
    /// Time between tries, 1 minute to 31 days.
    pub interval: XsDuration,
    /// How many tries, 1 to 255.
    pub count: u8,
    /// What the schema does not know.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl RestartOnFailure {
    /// So many tries, so far apart.
    #[must_use]
    pub fn new(interval: XsDuration, count: u8) -> Self {
        Self { interval, count, extra: Extra::default() }
    }
}

stated! {
    /// What idle means for a task ([MS-TSCH] 2.5.4.14). Schema and engine have different defaults: see
    /// [`Settings::effective`].
    pub struct IdleSettings {
        /// How long the computer must have been idle; at least 1 minute.
        pub duration: Option<XsDuration>,
        /// How long the task waits for that; at least 1 minute.
        pub wait_timeout: Option<XsDuration>,
        /// Whether the task stops when the computer ceases to be idle.
        pub stop_on_idle_end: Option<bool>,
        /// Whether the task then starts again when the computer is idle again.
        pub restart_on_idle: Option<bool>,
        /// What the schema does not know.
        pub extra: Extra,
    }
}

stated! {
    /// Which network a task waits for ([MS-TSCH] 2.5.4.9).
    pub struct NetworkSettings {
        /// Its name.
        pub name: Option<String>,
        /// Its identifier.
        pub id: Option<Uuid>,
        /// What the schema does not know.
        pub extra: Extra,
    }
}

/// When automatic maintenance runs a task ([MS-TSCH] 2.5.4.15).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MaintenanceSettings {
    /// How often; at least 1 day.
    pub period: XsDuration,
    /// After how long without a run it is made up for at any idle time; longer than the period.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub deadline: Option<XsDuration>,
    /// Whether the task runs alone among the maintenance tasks.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub exclusive: Option<bool>,
    /// What the schema does not know.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl MaintenanceSettings {
    /// Every so often.
    #[must_use]
    pub fn new(period: XsDuration) -> Self {
        Self { period, deadline: None, exclusive: None, extra: Extra::default() }
    }
}
