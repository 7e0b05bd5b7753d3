//! Triggers.

use super::{DaysOfMonth, DaysOfWeek, Extra, Months, UnknownElement, Weeks, names, schema_enum, setters};
use crate::time::{Boundary, XsDuration};

/// What starts a task ([MS-TSCH] 2.5.3).
///
/// ```
/// use wintask::definition::{Repetition, Schedule, Trigger};
///
/// let hourly = Repetition::every("PT1H".parse()?);
/// let trigger = Trigger::at("2024-01-03T02:00:00".parse()?).with_repetition(hourly);
/// assert!(trigger.kind.is_timed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Trigger {
    /// The trigger's identifier.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// The kind of trigger, with the values specific to it.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub kind: TriggerKind,
    /// Whether the trigger is enabled (2.5.3.1); default true.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub enabled: Option<bool>,
    /// When the trigger becomes active. For a time or calendar trigger, the first start, and the time of day of all
    /// starts.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub start_boundary: Option<Boundary>,
    /// When the trigger expires.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub end_boundary: Option<Boundary>,
    /// Repeated starts after each start.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub repetition: Option<Box<Repetition>>,
    /// The execution time limit of an instance that this trigger started; default 72 hours.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub execution_time_limit: Option<XsDuration>,
    /// Content that the schema does not define.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl Trigger {
    /// Creates a trigger of this kind with default values.
    #[must_use]
    pub fn new(kind: TriggerKind) -> Self {
        Self {
            id: None,
            kind,
            enabled: None,
            start_boundary: None,
            end_boundary: None,
            repetition: None,
            execution_time_limit: None,
            extra: Extra::default(),
        }
    }

    /// Creates a trigger that fires once.
    #[must_use]
    pub fn at(start: Boundary) -> Self {
        Self { start_boundary: Some(start), ..Self::new(TriggerKind::Time { random_delay: None }) }
    }

    /// Creates a trigger that fires on days of the calendar, from this date on, at this time of day.
    #[must_use]
    pub fn calendar(schedule: Schedule, start: Boundary) -> Self {
        let kind = TriggerKind::Calendar { random_delay: None, schedule };
        Self { start_boundary: Some(start), ..Self::new(kind) }
    }
}

setters! {
    Trigger {
        id = with_id(impl Into<String>),
        enabled = with_enabled(bool),
        start_boundary = with_start_boundary(Boundary),
        end_boundary = with_end_boundary(Boundary),
        repetition = with_repetition(Repetition),
        execution_time_limit = with_execution_time_limit(XsDuration),
    }
}

impl From<TriggerKind> for Trigger {
    fn from(kind: TriggerKind) -> Self {
        Self::new(kind)
    }
}

/// Conversions to a kind, and to a trigger with default values.
macro_rules! into_kind {
    ($($variant:ident: $ty:ty;)*) => {$(
        impl From<$ty> for TriggerKind {
            fn from(value: $ty) -> Self {
                Self::$variant(value.into())
            }
        }

        impl From<$ty> for Trigger {
            fn from(value: $ty) -> Self {
                Self::new(value.into())
            }
        }
    )*};
}

into_kind! {
    Event: EventTrigger;
    SessionStateChange: SessionStateChangeTrigger;
    WnfStateChange: WnfStateChangeTrigger;
    Unknown: UnknownElement;
}

/// The kind of a trigger, with the values specific to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum TriggerKind {
    /// The system started (2.5.3.2).
    Boot {
        /// The delay before the task starts; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        delay: Option<XsDuration>,
    },
    /// The task was registered (2.5.3.3).
    Registration {
        /// The delay before the task starts; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        delay: Option<XsDuration>,
    },
    /// The computer became idle (2.5.3.4).
    #[cfg_attr(feature = "serde", serde(deserialize_with = "nothing_else"))]
    Idle,
    /// The start boundary was reached (2.5.3.5).
    Time {
        /// The maximum random delay before the task starts; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        random_delay: Option<XsDuration>,
    },
    /// An event was logged (2.5.3.6).
    Event(Box<EventTrigger>),
    /// A user logged on (2.5.3.7).
    Logon {
        /// The user; any user if absent.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        user_id: Option<String>,
        /// The delay before the task starts; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        delay: Option<XsDuration>,
    },
    /// The state of a session changed (2.5.3.8).
    SessionStateChange(SessionStateChangeTrigger),
    /// A calendar day was reached (2.5.3.9).
    Calendar {
        /// The maximum random delay before the task starts; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        random_delay: Option<XsDuration>,
        /// The days.
        schedule: Schedule,
    },
    /// A Windows Notification Facility state changed; undocumented, used by Windows' own tasks (schema 1.4).
    WnfStateChange(Box<WnfStateChangeTrigger>),
    /// A trigger that the schema does not define, or that could not be read.
    Unknown(Box<UnknownElement>),
}

impl TriggerKind {
    /// Whether this is a time or calendar trigger, which has run times.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        matches!(self, Self::Time { .. } | Self::Calendar { .. })
    }

    /// The element name; `None` for an unknown trigger.
    #[must_use]
    pub fn element_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Boot { .. } => names::BOOT_TRIGGER,
            Self::Registration { .. } => names::REGISTRATION_TRIGGER,
            Self::Idle => names::IDLE_TRIGGER,
            Self::Time { .. } => names::TIME_TRIGGER,
            Self::Event(_) => names::EVENT_TRIGGER,
            Self::Logon { .. } => names::LOGON_TRIGGER,
            Self::SessionStateChange(_) => names::SESSION_STATE_CHANGE_TRIGGER,
            Self::Calendar { .. } => names::CALENDAR_TRIGGER,
            Self::WnfStateChange(_) => names::WNF_STATE_CHANGE_TRIGGER,
            Self::Unknown(_) => return None,
        })
    }
}

/// Repeated starts after each start of a trigger ([MS-TSCH] 2.5.3.1).
///
/// ```
/// use wintask::{definition::{Repetition, Trigger}, schedule::words};
///
/// let quarterly = Repetition::every("PT15M".parse()?).lasting("PT1H".parse()?);
/// let trigger = Trigger::at("2024-01-03T02:00:00".parse()?).with_repetition(quarterly);
/// assert_eq!(words::trigger(&trigger), "Once, on 3 Jan 2024 at 02:00; then every 15 minutes for 1 hour");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Repetition {
    /// The time between starts, 1 minute to 31 days.
    pub interval: XsDuration,
    /// How long the repetition lasts, at least 1 minute. If absent, it lasts indefinitely on Windows, and for a day
    /// according to the specification.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub duration: Option<XsDuration>,
    /// Whether running instances are stopped when the duration ends; default false.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub stop_at_duration_end: Option<bool>,
    /// Content that the schema does not define.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl Repetition {
    /// Creates a repetition at an interval, with default values.
    #[must_use]
    pub fn every(interval: XsDuration) -> Self {
        Self { interval, duration: None, stop_at_duration_end: None, extra: Extra::default() }
    }

    /// Sets the duration.
    #[must_use]
    pub fn lasting(self, duration: XsDuration) -> Self {
        Self { duration: Some(duration), ..self }
    }
}

setters! {
    Repetition {
        stop_at_duration_end = with_stop_at_duration_end(bool),
    }
}

/// The days of a calendar trigger ([MS-TSCH] 2.5.3.9).
///
/// ```
/// use wintask::{definition::{DaysOfMonth, Months, Schedule, Trigger}, schedule::words};
///
/// let quarter_ends = Months::MARCH | Months::JUNE | Months::SEPTEMBER | Months::DECEMBER;
/// let schedule = Schedule::monthly(DaysOfMonth::LAST, quarter_ends);
/// let trigger = Trigger::calendar(schedule, "2024-01-03T23:30:00".parse()?);
/// assert_eq!(
///     words::trigger(&trigger),
///     "At 23:30 on the last day of March, June, September and December, from 3 Jan 2024"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "by", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum Schedule {
    /// Every nth day.
    #[doc(alias = "ScheduleByDay")]
    Day {
        /// Days between starts, 1 to 365; default 1.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        days_interval: Option<u16>,
        /// Content that the schema does not define.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
    /// Days of the week, in every nth week.
    #[doc(alias = "ScheduleByWeek")]
    Week {
        /// Weeks between starts, 1 to 52; default 1.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        weeks_interval: Option<u8>,
        /// The days; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        days_of_week: DaysOfWeek,
        /// Content that the schema does not define.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
    /// Numbered days of given months.
    #[doc(alias = "ScheduleByMonth")]
    Month {
        /// The days; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        days_of_month: DaysOfMonth,
        /// The months; every month if absent.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        months: Option<Months>,
        /// Content that the schema does not define.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
    /// Days of the week, in given weeks of given months.
    #[doc(alias = "ScheduleByMonthDayOfWeek")]
    MonthDayOfWeek {
        /// The weeks; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        weeks: Weeks,
        /// The days; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        days_of_week: DaysOfWeek,
        /// The months; every month if absent.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        months: Option<Months>,
        /// Content that the schema does not define.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
}

impl Schedule {
    /// Creates a schedule for every nth day.
    #[must_use]
    pub fn daily(days_interval: u16) -> Self {
        Self::Day { days_interval: Some(days_interval), extra: Extra::default() }
    }

    /// Creates a schedule for these days in every nth week.
    #[must_use]
    pub fn weekly(weeks_interval: u8, days_of_week: DaysOfWeek) -> Self {
        Self::Week { weeks_interval: Some(weeks_interval), days_of_week, extra: Extra::default() }
    }

    /// Creates a schedule for these days in these months.
    #[must_use]
    pub fn monthly(days_of_month: DaysOfMonth, months: Months) -> Self {
        Self::Month { days_of_month, months: Some(months), extra: Extra::default() }
    }

    /// Creates a schedule for these days in these weeks of these months.
    #[must_use]
    pub fn monthly_day_of_week(weeks: Weeks, days_of_week: DaysOfWeek, months: Months) -> Self {
        Self::MonthDayOfWeek { weeks, days_of_week, months: Some(months), extra: Extra::default() }
    }
}

/// An event was logged ([MS-TSCH] 2.5.3.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct EventTrigger {
    /// The query that selects the events: a QueryList, or a bare XPath.
    pub subscription: String,
    /// The delay before the task starts; default none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub delay: Option<XsDuration>,
    /// The period within which the occurrences are counted.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub period_of_occurrence: Option<XsDuration>,
    /// The number of occurrences that start the task, 1 to 32; default 1.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub number_of_occurrences: Option<u8>,
    /// The field that the occurrences must have in common.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub matching_element: Option<String>,
    /// The event values that the actions' parameters use, 1 to 32.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub value_queries: Option<Vec<NamedValue>>,
}

impl EventTrigger {
    /// Creates a trigger from a query that selects events.
    #[must_use]
    pub fn new(subscription: impl Into<String>) -> Self {
        Self { subscription: subscription.into(), ..Self::default() }
    }
}

setters! {
    EventTrigger {
        delay = with_delay(XsDuration),
        period_of_occurrence = with_period_of_occurrence(XsDuration),
        number_of_occurrences = with_number_of_occurrences(u8),
        matching_element = with_matching_element(impl Into<String>),
        value_queries = with_value_queries(Vec<NamedValue>),
    }
}

/// A query for a value in an event, and the name of the parameter that receives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct NamedValue {
    /// The parameter's name.
    pub name: String,
    /// The query.
    pub value: String,
}

impl NamedValue {
    /// Creates a query for the value of a parameter.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// The state of a session changed ([MS-TSCH] 2.5.3.8).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SessionStateChangeTrigger {
    /// The user whose session changes; any user if absent.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub user_id: Option<String>,
    /// The delay before the task starts; default none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub delay: Option<XsDuration>,
    /// The change.
    pub state_change: SessionStateChange,
}

impl SessionStateChangeTrigger {
    /// Creates a trigger for a change in any user's session.
    #[must_use]
    pub fn new(state_change: SessionStateChange) -> Self {
        Self { user_id: None, delay: None, state_change }
    }
}

setters! {
    SessionStateChangeTrigger {
        user_id = with_user_id(impl Into<String>),
        delay = with_delay(XsDuration),
    }
}

schema_enum! {
    /// A change of a session's state ([MS-TSCH] 2.5.3.8).
    pub enum SessionStateChange {
        /// A user connected at the console.
        ConsoleConnect,
        /// A user disconnected from the console.
        ConsoleDisconnect,
        /// A user connected remotely.
        RemoteConnect,
        /// A remote user disconnected.
        RemoteDisconnect,
        /// The session was locked.
        SessionLock,
        /// The session was unlocked.
        SessionUnlock,
    }
}

/// A Windows Notification Facility state changed. Not in the specification; used by Windows' own tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct WnfStateChangeTrigger {
    /// The delay before the task starts; default none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub delay: Option<XsDuration>,
    /// The name of the state: 16 hexadecimal digits.
    pub state_name: String,
    /// The bytes, in hexadecimal, that the state's data must contain.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub data: Option<String>,
    /// Their offset in the state's data.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub data_offset: Option<u32>,
}

impl WnfStateChangeTrigger {
    /// Creates a trigger for a state change.
    #[must_use]
    pub fn new(state_name: impl Into<String>) -> Self {
        Self { state_name: state_name.into(), ..Self::default() }
    }
}

setters! {
    WnfStateChangeTrigger {
        delay = with_delay(XsDuration),
        data = with_data(impl Into<String>),
        data_offset = with_data_offset(u32),
    }
}

/// Reads a kind without its own fields.
#[cfg(feature = "serde")]
fn nothing_else<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    <Nothing as serde::Deserialize>::deserialize(deserializer).map(|Nothing {}| ())
}
