//! What is in force, and why: decision 4 of the design.

use super::{
    IdleSettings, LogonType, MultipleInstancesPolicy, Principal, Repetition, RunLevel, Settings, Task,
    Trigger,
};
use crate::{Profile, time::XsDuration};

/// A value in force, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value in force comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Origin {
    /// The definition says so.
    Stated,
    /// The schema of [MS-TSCH] 2.5 has it as the default.
    SchemaDefault,
    /// The server does so where nothing is said, whatever the schema has ([MS-TSCH] 3.2.5.4.2, notes 28 to 31).
    EngineDefault,
}

impl<T> Effective<T> {
    fn or_schema(stated: Option<T>, default: T) -> Self {
        Self::of(stated, default, Origin::SchemaDefault)
    }

    fn or_engine(stated: Option<T>, default: T) -> Self {
        Self::of(stated, default, Origin::EngineDefault)
    }

    fn of(stated: Option<T>, default: T, origin: Origin) -> Self {
        match stated {
            Some(value) => Self { value, origin: Origin::Stated },
            None => Self { value: default, origin },
        }
    }
}

/// A struct of values in force.
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
    /// Settings in force. `None` in a limit or timeout means for ever.
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
        /// How long the task may run; none for ever (stated as `PT0S`).
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
    /// Idle settings in force.
    pub struct EffectiveIdleSettings {
        /// See [`IdleSettings::duration`].
        pub duration: XsDuration,
        /// How long the task waits for the computer to become idle; none for ever.
        pub wait_timeout: Option<XsDuration>,
        /// See [`IdleSettings::stop_on_idle_end`].
        pub stop_on_idle_end: bool,
        /// See [`IdleSettings::restart_on_idle`].
        pub restart_on_idle: bool,
    }
}

effective! {
    /// What is in force of any trigger.
    pub struct EffectiveTrigger {
        /// See [`Trigger::enabled`].
        pub enabled: bool,
        /// How long an instance that it started may run; none for ever.
        pub execution_time_limit: Option<XsDuration>,
    }
}

effective! {
    /// A repetition in force.
    pub struct EffectiveRepetition {
        /// For how long; none for ever.
        pub duration: Option<XsDuration>,
        /// See [`Repetition::stop_at_duration_end`].
        pub stop_at_duration_end: bool,
    }
}

effective! {
    /// What is in force of a principal.
    pub struct EffectivePrincipal {
        /// How the user is logged on.
        pub logon_type: LogonType,
        /// With which privileges.
        pub run_level: RunLevel,
    }
}

/// 72 hours: the server's limit where none is stated (3.2.5.4.2).
fn three_days() -> Option<XsDuration> {
    Some(XsDuration::from_seconds(72 * 3600))
}

/// A limit as stated; `PT0S` is none.
fn limit(stated: Option<&XsDuration>) -> Option<Option<XsDuration>> {
    stated.map(|limit| Some(limit.clone()).filter(|limit| !limit.is_zero()))
}

impl Task {
    /// The settings in force; see [`Settings::effective`].
    #[must_use]
    pub fn effective(&self, profile: Profile) -> EffectiveSettings {
        self.settings.effective(profile)
    }
}

impl Settings {
    /// The settings in force. Profiles agree on them; [`Settings::effective_idle`] is where they do not.
    ///
    /// ```
    /// use wintask::{Profile, definition::{Origin, Settings}};
    ///
    /// let priority = Settings::default().effective(Profile::Windows).priority;
    /// assert_eq!((priority.value, priority.origin), (7, Origin::SchemaDefault));
    /// ```
    #[must_use]
    pub fn effective(&self, _profile: Profile) -> EffectiveSettings {
        let flag = |stated, default| Effective::or_schema(stated, default);
        EffectiveSettings {
            allow_start_on_demand: flag(self.allow_start_on_demand, true),
            multiple_instances_policy: Effective::or_schema(
                self.multiple_instances_policy,
                MultipleInstancesPolicy::IgnoreNew,
            ),
            disallow_start_if_on_batteries: flag(self.disallow_start_if_on_batteries, true),
            stop_if_going_on_batteries: flag(self.stop_if_going_on_batteries, true),
            allow_hard_terminate: flag(self.allow_hard_terminate, true),
            start_when_available: flag(self.start_when_available, false),
            run_only_if_network_available: flag(self.run_only_if_network_available, false),
            wake_to_run: flag(self.wake_to_run, false),
            enabled: flag(self.enabled, true),
            hidden: flag(self.hidden, false),
            execution_time_limit: Effective::or_engine(
                limit(self.execution_time_limit.as_ref()),
                three_days(),
            ),
            priority: Effective::or_schema(self.priority, 7),
            run_only_if_idle: flag(self.run_only_if_idle, false),
            use_unified_scheduling_engine: flag(self.use_unified_scheduling_engine, false),
            disallow_start_on_remote_app_session: flag(self.disallow_start_on_remote_app_session, false),
            volatile: flag(self.volatile, false),
        }
    }

    /// What idle means for the task. Without `IdleSettings` the Windows engine waits for ever for no idle time at
    /// all and does not stop (notes 28 to 31); the schema has ten minutes, an hour, and a stop.
    #[must_use]
    pub fn effective_idle(&self, profile: Profile) -> EffectiveIdleSettings {
        let stated = self.idle_settings.as_ref();
        let engine = profile == Profile::Windows && stated.is_none();
        let origin = if engine { Origin::EngineDefault } else { Origin::SchemaDefault };
        let none = IdleSettings::default();
        let stated = stated.unwrap_or(&none);
        let minutes =
            |engine_has, schema_has| XsDuration::from_minutes(if engine { engine_has } else { schema_has });
        let hour = if engine { None } else { Some(XsDuration::from_minutes(60)) };
        EffectiveIdleSettings {
            duration: Effective::of(stated.duration.clone(), minutes(0, 10), origin),
            wait_timeout: Effective::of(limit(stated.wait_timeout.as_ref()), hour, origin),
            stop_on_idle_end: Effective::of(stated.stop_on_idle_end, !engine, origin),
            restart_on_idle: Effective::of(stated.restart_on_idle, false, origin),
        }
    }
}

impl Trigger {
    /// What is in force of the trigger.
    #[must_use]
    pub fn effective(&self, _profile: Profile) -> EffectiveTrigger {
        EffectiveTrigger {
            enabled: Effective::or_schema(self.enabled, true),
            execution_time_limit: Effective::or_engine(
                limit(self.execution_time_limit.as_ref()),
                three_days(),
            ),
        }
    }
}

impl Repetition {
    /// The repetition in force. Without a duration Windows repeats for ever; the specification's text has a day
    /// (facts/xml.md section 3).
    #[must_use]
    pub fn effective(&self, profile: Profile) -> EffectiveRepetition {
        let default = match profile {
            Profile::Windows => None,
            Profile::Specification => Some(XsDuration::from_seconds(86400)),
        };
        EffectiveRepetition {
            duration: Effective::or_engine(self.duration.clone().map(Some), default),
            stop_at_duration_end: Effective::or_schema(self.stop_at_duration_end, false),
        }
    }
}

impl Principal {
    /// What is in force of the principal.
    #[must_use]
    pub fn effective(&self, _profile: Profile) -> EffectivePrincipal {
        EffectivePrincipal {
            logon_type: Effective::or_engine(self.logon_type, LogonType::InteractiveToken),
            run_level: Effective::or_engine(self.run_level, RunLevel::LeastPrivilege),
        }
    }
}
