//! Effective values, and their origin.

use super::{
    IdleSettings, LogonType, MultipleInstancesPolicy, Principal, Repetition, RunLevel, Settings, Task,
    Trigger,
    defaults::{self, Default},
};
use crate::{Profile, time::XsDuration};

/// An effective value, and its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// The origin.
    pub origin: Origin,
}

/// The origin of an effective value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Origin {
    /// The definition states it.
    Stated,
    /// The default of the schema of [MS-TSCH] 2.5.
    SchemaDefault,
    /// The server's default, which differs from the schema ([MS-TSCH] 3.2.5.4.2, notes 28 to 31).
    EngineDefault,
}

crate::dtyp::macros::choice! {
    Origin {
        Stated = "stated",
        SchemaDefault = "schema_default" => "schema default",
        EngineDefault = "engine_default" => "engine default",
    }
}

impl<T> Effective<T> {
    fn or_schema(stated: Option<T>, default: T) -> Self {
        Self::of(stated, default, Origin::SchemaDefault)
    }

    fn or_engine(stated: Option<T>, default: impl FnOnce() -> T) -> Self {
        stated.map_or_else(
            || Self { value: default(), origin: Origin::EngineDefault },
            |value| Self { value, origin: Origin::Stated },
        )
    }

    fn of(stated: Option<T>, default: T, origin: Origin) -> Self {
        match stated {
            Some(value) => Self { value, origin: Origin::Stated },
            None => Self { value: default, origin },
        }
    }
}

/// A struct of effective values.
macro_rules! effective {
    (
        $(#[$meta:meta])*
        pub struct $ty:ident { $( $(#[$fmeta:meta])* pub $field:ident: $fty:ty, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub struct $ty { $( $(#[$fmeta])* pub $field: Effective<$fty>, )* }
    };
}

effective! {
    /// Effective settings. `None` in a limit or timeout means no limit.
    pub struct EffectiveSettings {
        /// See [`Settings::allow_start_on_demand`].
        pub allow_start_on_demand: bool,
        /// See [`Settings::multiple_instances_policy`].
        pub multiple_instances_policy: MultipleInstancesPolicy,
        /// See [`Settings::disallow_start_if_on_batteries`].
        pub disallow_start_if_on_batteries: bool,
        /// See [`Settings::stop_if_going_on_batteries`].
        pub stop_if_going_on_batteries: bool,
        /// See [`Settings::allow_hard_terminate`].
        pub allow_hard_terminate: bool,
        /// See [`Settings::start_when_available`].
        pub start_when_available: bool,
        /// See [`Settings::run_only_if_network_available`].
        pub run_only_if_network_available: bool,
        /// See [`Settings::wake_to_run`].
        pub wake_to_run: bool,
        /// See [`Settings::enabled`].
        pub enabled: bool,
        /// See [`Settings::hidden`].
        pub hidden: bool,
        /// The execution time limit; `None` means no limit (stated as `PT0S`).
        pub execution_time_limit: Option<XsDuration>,
        /// See [`Settings::priority`].
        pub priority: u8,
        /// See [`Settings::run_only_if_idle`].
        pub run_only_if_idle: bool,
        /// See [`Settings::use_unified_scheduling_engine`].
        pub use_unified_scheduling_engine: bool,
        /// See [`Settings::disallow_start_on_remote_app_session`].
        pub disallow_start_on_remote_app_session: bool,
        /// See [`Settings::volatile`].
        pub volatile: bool,
    }
}

effective! {
    /// Effective idle settings.
    pub struct EffectiveIdleSettings {
        /// See [`IdleSettings::duration`].
        pub duration: XsDuration,
        /// How long the task waits for the computer to become idle; `None` means indefinitely.
        pub wait_timeout: Option<XsDuration>,
        /// See [`IdleSettings::stop_on_idle_end`].
        pub stop_on_idle_end: bool,
        /// See [`IdleSettings::restart_on_idle`].
        pub restart_on_idle: bool,
    }
}

effective! {
    /// Effective values shared by all triggers.
    pub struct EffectiveTrigger {
        /// See [`Trigger::enabled`].
        pub enabled: bool,
        /// The execution time limit of an instance started by the trigger; `None` means no limit.
        pub execution_time_limit: Option<XsDuration>,
    }
}

effective! {
    /// An effective repetition.
    pub struct EffectiveRepetition {
        /// How long it lasts; `None` means indefinitely.
        pub duration: Option<XsDuration>,
        /// See [`Repetition::stop_at_duration_end`].
        pub stop_at_duration_end: bool,
    }
}

effective! {
    /// Effective values of a principal.
    pub struct EffectivePrincipal {
        /// How the user logs on.
        pub logon_type: LogonType,
        /// The privileges of the task.
        pub run_level: RunLevel,
    }
}

/// 72 hours, the server's default limit (3.2.5.4.2).
fn three_days() -> Option<XsDuration> {
    Some(XsDuration::from_seconds(defaults::EXECUTION_TIME_LIMIT.value))
}

/// A stated limit; `PT0S` means no limit.
fn limit(stated: Option<&XsDuration>) -> Option<Option<XsDuration>> {
    stated.map(|limit| Some(limit.clone()).filter(|limit| !limit.is_zero()))
}

impl Task {
    /// The effective settings; see [`Settings::effective`].
    ///
    /// ```
    /// use wintask::{Profile, definition::{Exec, Origin, Task}};
    ///
    /// let task = Task::new(Exec::new("notepad.exe"));
    /// let limit = task.effective(Profile::Windows).execution_time_limit;
    /// assert_eq!(limit.value.and_then(|limit| limit.to_seconds()), Some(72 * 3600));
    /// assert_eq!(limit.origin, Origin::EngineDefault);
    /// ```
    #[must_use]
    pub fn effective(&self, profile: Profile) -> EffectiveSettings {
        self.settings.effective(profile)
    }
}

impl Settings {
    /// The effective settings. They are the same in both profiles; only [`Settings::effective_idle`] differs.
    ///
    /// ```
    /// use wintask::{Profile, definition::{Origin, Settings}};
    ///
    /// let priority = Settings::default().effective(Profile::Windows).priority;
    /// assert_eq!((priority.value, priority.origin), (7, Origin::SchemaDefault));
    /// ```
    #[must_use]
    pub fn effective(&self, _profile: Profile) -> EffectiveSettings {
        let flag = |stated, default: Default<bool>| Effective::or_schema(stated, default.value);
        EffectiveSettings {
            allow_start_on_demand: flag(self.allow_start_on_demand, defaults::ALLOW_START_ON_DEMAND),
            multiple_instances_policy: Effective::or_schema(
                self.multiple_instances_policy,
                defaults::MULTIPLE_INSTANCES_POLICY.value,
            ),
            disallow_start_if_on_batteries: flag(
                self.disallow_start_if_on_batteries,
                defaults::DISALLOW_START_IF_ON_BATTERIES,
            ),
            stop_if_going_on_batteries: flag(
                self.stop_if_going_on_batteries,
                defaults::STOP_IF_GOING_ON_BATTERIES,
            ),
            allow_hard_terminate: flag(self.allow_hard_terminate, defaults::ALLOW_HARD_TERMINATE),
            start_when_available: flag(self.start_when_available, defaults::START_WHEN_AVAILABLE),
            run_only_if_network_available: flag(
                self.run_only_if_network_available,
                defaults::RUN_ONLY_IF_NETWORK_AVAILABLE,
            ),
            wake_to_run: flag(self.wake_to_run, defaults::WAKE_TO_RUN),
            enabled: flag(self.enabled, defaults::ENABLED),
            hidden: flag(self.hidden, defaults::HIDDEN),
            execution_time_limit: Effective::or_engine(limit(self.execution_time_limit.as_ref()), three_days),
            priority: Effective::or_schema(self.priority, defaults::PRIORITY.value),
            run_only_if_idle: flag(self.run_only_if_idle, defaults::RUN_ONLY_IF_IDLE),
            use_unified_scheduling_engine: flag(
                self.use_unified_scheduling_engine,
                defaults::USE_UNIFIED_SCHEDULING_ENGINE,
            ),
            disallow_start_on_remote_app_session: flag(
                self.disallow_start_on_remote_app_session,
                defaults::DISALLOW_START_ON_REMOTE_APP_SESSION,
            ),
            volatile: flag(self.volatile, defaults::VOLATILE),
        }
    }

    /// The effective idle settings. Without `IdleSettings`, Windows requires no idle time, waits indefinitely, and
    /// does not stop the task (notes 28 to 31; EVIDENCE.md XML-44). The schema's defaults are ten minutes, one hour,
    /// and stopping the task.
    #[must_use]
    pub fn effective_idle(&self, profile: Profile) -> EffectiveIdleSettings {
        let stated = self.idle_settings.as_ref();
        let engine = profile == Profile::Windows && stated.is_none();
        let origin = if engine { Origin::EngineDefault } else { Origin::SchemaDefault };
        let none = IdleSettings::default();
        let stated = stated.unwrap_or(&none);
        let [stop_on_idle_end, restart_on_idle] = self.effective_idle_end(profile);
        let seconds = if engine { 0 } else { defaults::IDLE_DURATION.value };
        let wait = XsDuration::from_seconds(defaults::IDLE_WAIT_TIMEOUT.value);
        EffectiveIdleSettings {
            duration: Effective::of(stated.duration.clone(), XsDuration::from_seconds(seconds), origin),
            wait_timeout: Effective::of(
                limit(stated.wait_timeout.as_ref()),
                Some(wait).filter(|_| !engine),
                origin,
            ),
            stop_on_idle_end: Effective::of(stated.stop_on_idle_end, stop_on_idle_end, origin),
            restart_on_idle: Effective::of(stated.restart_on_idle, restart_on_idle, origin),
        }
    }

    /// Whether the task is stopped when the machine ceases to be idle, and restarted when it is idle again:
    /// [`Self::effective_idle`] without the durations.
    pub(crate) fn effective_idle_end(&self, profile: Profile) -> [bool; 2] {
        let stated = self.idle_settings.as_ref();
        let stops = defaults::STOP_ON_IDLE_END.value && !(profile == Profile::Windows && stated.is_none());
        [
            stated.and_then(|idle| idle.stop_on_idle_end).unwrap_or(stops),
            stated.and_then(|idle| idle.restart_on_idle).unwrap_or(defaults::RESTART_ON_IDLE.value),
        ]
    }
}

impl Trigger {
    /// The effective values of the trigger.
    #[must_use]
    pub fn effective(&self, _profile: Profile) -> EffectiveTrigger {
        EffectiveTrigger {
            enabled: Effective::or_schema(self.enabled, defaults::TRIGGER_ENABLED.value),
            execution_time_limit: Effective::or_engine(limit(self.execution_time_limit.as_ref()), three_days),
        }
    }
}

impl Repetition {
    /// The effective repetition. Without a duration, repetition continues indefinitely on Windows, and for a day
    /// according to the specification (EVIDENCE.md XML-45).
    #[must_use]
    pub fn effective(&self, profile: Profile) -> EffectiveRepetition {
        let default = || match profile {
            Profile::Windows => None,
            Profile::Specification => Some(XsDuration::from_seconds(86400)),
        };
        EffectiveRepetition {
            duration: Effective::or_engine(self.duration.clone().map(Some), default),
            stop_at_duration_end: Effective::or_schema(
                self.stop_at_duration_end,
                defaults::STOP_AT_DURATION_END.value,
            ),
        }
    }
}

impl Principal {
    /// The effective values of the principal.
    #[must_use]
    pub fn effective(&self, _profile: Profile) -> EffectivePrincipal {
        EffectivePrincipal {
            logon_type: Effective::or_engine(self.logon_type, || LogonType::InteractiveToken),
            run_level: Effective::or_engine(self.run_level, || defaults::RUN_LEVEL.value),
        }
    }
}
