//! Settings: how, and under which conditions, a task runs.

use super::{Extra, schema_enum, setters, stated};
use crate::time::XsDuration;
use uuid::Uuid;

stated! {
    /// How a task runs after a trigger has fired, and under which conditions ([MS-TSCH] 2.5.4).
    ///
    /// ```
    /// use wintask::{Profile, definition::{MultipleInstancesPolicy, RestartOnFailure, Settings}};
    ///
    /// let settings = Settings::default()
    ///     .with_multiple_instances_policy(MultipleInstancesPolicy::Queue)
    ///     .with_restart_on_failure(RestartOnFailure::new("PT5M".parse()?, 3));
    /// // Absent values have defaults.
    /// assert_eq!((settings.enabled, settings.effective(Profile::Windows).enabled.value), (None, true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct Settings {
        /// Whether the task can be started on demand (2.5.4.1); default true.
        pub allow_start_on_demand: Option<bool> = with_allow_start_on_demand(bool),
        /// Retries after a failed start (2.5.4.2).
        pub restart_on_failure: Option<Box<RestartOnFailure>> = with_restart_on_failure(RestartOnFailure),
        /// What happens if an instance is already running (2.5.4.3); default [`MultipleInstancesPolicy::IgnoreNew`].
        pub multiple_instances_policy: Option<MultipleInstancesPolicy> = with_multiple_instances_policy(MultipleInstancesPolicy),
        /// Whether the task does not start on batteries (2.5.4.4); default true.
        pub disallow_start_if_on_batteries: Option<bool> = with_disallow_start_if_on_batteries(bool),
        /// Whether the task is stopped when the computer switches to batteries (2.5.4.5); default true.
        pub stop_if_going_on_batteries: Option<bool> = with_stop_if_going_on_batteries(bool),
        /// Whether the task may be terminated forcibly (2.5.4.6); default true.
        pub allow_hard_terminate: Option<bool> = with_allow_hard_terminate(bool),
        /// Whether a missed run is started later (2.5.4.7); default false.
        pub start_when_available: Option<bool> = with_start_when_available(bool),
        /// The display name of a network; it has no effect.
        pub network_profile_name: Option<String> = with_network_profile_name(impl Into<String>),
        /// Whether the task starts only if a network is available (2.5.4.8); default false.
        pub run_only_if_network_available: Option<bool> = with_run_only_if_network_available(bool),
        /// Whether the computer is woken to run the task (2.5.4.10); default false.
        pub wake_to_run: Option<bool> = with_wake_to_run(bool),
        /// Whether the task is enabled (2.5.4.11); default true.
        pub enabled: Option<bool> = with_enabled(bool),
        /// Whether the task is hidden (2.5.4.12); default false.
        pub hidden: Option<bool> = with_hidden(bool),
        /// How long after the last end boundary the task is deleted (2.5.4.13); never if absent.
        pub delete_expired_task_after: Option<XsDuration> = with_delete_expired_task_after(XsDuration),
        /// The idle conditions (2.5.4.14).
        pub idle_settings: Option<IdleSettings> = with_idle_settings(IdleSettings),
        /// The network that must be available (2.5.4.9).
        pub network_settings: Option<Box<NetworkSettings>> = with_network_settings(NetworkSettings),
        /// The execution time limit (2.5.4.16); default 72 hours, `PT0S` for no limit.
        pub execution_time_limit: Option<XsDuration> = with_execution_time_limit(XsDuration),
        /// The priority, 0 (highest; 1 in the specification) to 10 (lowest) (2.5.4.17); default 7.
        pub priority: Option<u8> = with_priority(u8),
        /// Whether the task starts only if the computer is idle (2.5.4.18); default false.
        pub run_only_if_idle: Option<bool> = with_run_only_if_idle(bool),
        /// Whether the unified scheduling engine runs the task (2.5.4.19; schema 1.3); default false.
        pub use_unified_scheduling_engine: Option<bool> = with_use_unified_scheduling_engine(bool),
        /// Whether the task does not start in a RemoteApp session (2.5.4.20; schema 1.3); default false.
        pub disallow_start_on_remote_app_session: Option<bool> = with_disallow_start_on_remote_app_session(bool),
        /// When automatic maintenance runs the task (2.5.4.15; schema 1.4).
        pub maintenance_settings: Option<Box<MaintenanceSettings>> = with_maintenance_settings(MaintenanceSettings),
        /// Whether the task is disabled at the next start of the system (2.5.4.21; schema 1.4); default false.
        pub volatile: Option<bool> = with_volatile(bool),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

schema_enum! {
    /// What happens if an instance is already running ([MS-TSCH] 2.5.4.3).
    pub enum MultipleInstancesPolicy {
        /// A new instance starts in parallel.
        Parallel,
        /// A new instance waits until the running one ends.
        Queue,
        /// No new instance starts.
        IgnoreNew,
        /// The running instance is stopped, and a new one starts.
        StopExisting,
    }
}

/// Retries after a failed start of a task ([MS-TSCH] 2.5.4.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RestartOnFailure {
    /// The time between attempts, 1 minute to 31 days.
    pub interval: XsDuration,
    /// The number of retries, 1 to 255.
    pub count: u8,
    /// Content that the schema does not define.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl RestartOnFailure {
    /// Creates settings for a number of retries at an interval.
    #[must_use]
    pub fn new(interval: XsDuration, count: u8) -> Self {
        Self { interval, count, extra: Extra::default() }
    }
}

stated! {
    /// The idle conditions of a task ([MS-TSCH] 2.5.4.14). The defaults of the schema and of the service differ; see
    /// [`Settings::effective_idle`].
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct IdleSettings {
        /// How long the computer must have been idle; at least 1 minute.
        pub duration: Option<XsDuration> = with_duration(XsDuration),
        /// How long the task waits for the computer to become idle; at least 1 minute.
        pub wait_timeout: Option<XsDuration> = with_wait_timeout(XsDuration),
        /// Whether the task stops when the computer ceases to be idle.
        pub stop_on_idle_end: Option<bool> = with_stop_on_idle_end(bool),
        /// Whether the stopped task is restarted when the computer is idle again.
        pub restart_on_idle: Option<bool> = with_restart_on_idle(bool),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

stated! {
    /// The network that a task needs ([MS-TSCH] 2.5.4.9).
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct NetworkSettings {
        /// Its name.
        pub name: Option<String> = with_name(impl Into<String>),
        /// Its identifier.
        pub id: Option<Uuid> = with_id(Uuid),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

/// When automatic maintenance runs a task ([MS-TSCH] 2.5.4.15).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct MaintenanceSettings {
    /// How often; at least 1 day.
    pub period: XsDuration,
    /// The time without a run after which the task may run whenever the computer is idle; longer than the period.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub deadline: Option<XsDuration>,
    /// Whether the task runs exclusively, without other maintenance tasks.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub exclusive: Option<bool>,
    /// Content that the schema does not define.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl MaintenanceSettings {
    /// Creates settings with a period.
    #[must_use]
    pub fn new(period: XsDuration) -> Self {
        Self { period, deadline: None, exclusive: None, extra: Extra::default() }
    }
}

setters! {
    MaintenanceSettings {
        deadline = with_deadline(XsDuration),
        exclusive = with_exclusive(bool),
    }
}
