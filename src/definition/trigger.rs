use super::{DaysOfMonth, DaysOfWeek, Extra, Months, UnknownElement, Weeks, names, schema_enum, setters};
use crate::time::{Boundary, XsDuration};

/// What starts a task ([MS-TSCH] 2.5.3).
///
/// ```
/// use wintask::definition::{Repetition, Schedule, Trigger};
///
/// let hourly = Repetition::every("PT1H".parse()?);
/// let trigger = Trigger { repetition: Some(hourly), ..Trigger::at("2024-01-03T02:00:00".parse()?) };
/// assert!(trigger.kind.is_timed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Trigger {
    /// The trigger's identifier.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// Which trigger, with what belongs to it.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub kind: TriggerKind,
    /// Whether it fires (2.5.3.1); default true.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub enabled: Option<bool>,
    /// Not before; for the timed ones the first start, whose time of day is theirs.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub start_boundary: Option<Boundary>,
    /// Not after.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub end_boundary: Option<Boundary>,
    /// Further starts after each.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub repetition: Option<Repetition>,
    /// How long an instance that it started may run; default 72 hours.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub execution_time_limit: Option<XsDuration>,
    /// What the schema does not know.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl Trigger {
    /// A trigger of which nothing else is stated.
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

    /// Once, at this time.
    #[must_use]
    pub fn at(start: Boundary) -> Self {
        Self { start_boundary: Some(start), ..Self::new(TriggerKind::Time { random_delay: None }) }
    }

    /// By the calendar, from this day on, at this time of day.
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

/// A trigger of a kind, of which nothing else is stated.
macro_rules! into_trigger {
    ($($kind:ty: |$value:ident| $trigger:expr;)*) => {$(
        impl From<$kind> for Trigger {
            fn from($value: $kind) -> Self {
                Self::new($trigger)
            }
        }
    )*};
}

into_trigger! {
    TriggerKind: |kind| kind;
    EventTrigger: |event| TriggerKind::Event(event);
    SessionStateChangeTrigger: |session| TriggerKind::SessionStateChange(session);
    WnfStateChangeTrigger: |state| TriggerKind::WnfStateChange(state);
}

/// Which trigger, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum TriggerKind {
    /// The system started (2.5.3.2).
    Boot {
        /// How long after; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        delay: Option<XsDuration>,
    },
    /// The task was registered (2.5.3.3).
    Registration {
        /// How long after; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        delay: Option<XsDuration>,
    },
    /// The computer became idle (2.5.3.4).
    #[cfg_attr(feature = "serde", serde(deserialize_with = "nothing_else"))]
    Idle,
    /// The start boundary was reached (2.5.3.5).
    Time {
        /// At most so long after; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        random_delay: Option<XsDuration>,
    },
    /// An event was logged (2.5.3.6).
    Event(EventTrigger),
    /// A user logged on (2.5.3.7).
    Logon {
        /// The user; any, where not stated.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        user_id: Option<String>,
        /// How long after; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        delay: Option<XsDuration>,
    },
    /// The state of a session changed (2.5.3.8).
    SessionStateChange(SessionStateChangeTrigger),
    /// A day of the calendar came (2.5.3.9).
    Calendar {
        /// At most so long after; default none.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        random_delay: Option<XsDuration>,
        /// Which days.
        schedule: Schedule,
    },
    /// A Windows Notification Facility state changed; undocumented, used by tasks of the system (schema 1.4).
    WnfStateChange(WnfStateChangeTrigger),
    /// A trigger that the schema does not know.
    Unknown(UnknownElement),
}

impl TriggerKind {
    /// Whether it has run times: by time or by the calendar.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        matches!(self, Self::Time { .. } | Self::Calendar { .. })
    }

    /// The element's name; none for an unknown one.
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

/// Further starts after the one that a trigger fired ([MS-TSCH] 2.5.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Repetition {
    /// Time between starts, 1 minute to 31 days.
    pub interval: XsDuration,
    /// How long it lasts, at least 1 minute. Without it, indefinitely; a day in the specification's text.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub duration: Option<XsDuration>,
    /// Whether running instances are stopped when the duration ends; default false.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub stop_at_duration_end: Option<bool>,
    /// What the schema does not know.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
    pub extra: Extra,
}

impl Repetition {
    /// Every so often, nothing else stated.
    #[must_use]
    pub fn every(interval: XsDuration) -> Self {
        Self { interval, duration: None, stop_at_duration_end: None, extra: Extra::default() }
    }

    /// Sets how long it lasts.
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

/// Which days of the calendar ([MS-TSCH] 2.5.3.9).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "by", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum Schedule {
    /// Every few days.
    #[doc(alias = "ScheduleByDay")]
    Day {
        /// Days between starts, 1 to 365; default 1.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        days_interval: Option<u16>,
        /// What the schema does not know.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
    /// Days of the week, every few weeks.
    #[doc(alias = "ScheduleByWeek")]
    Week {
        /// Weeks between starts, 1 to 52; default 1.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        weeks_interval: Option<u8>,
        /// On which days; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        days_of_week: DaysOfWeek,
        /// What the schema does not know.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
    /// Days of some months.
    #[doc(alias = "ScheduleByMonth")]
    Month {
        /// On which days; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        days_of_month: DaysOfMonth,
        /// In which months; every one, where not stated.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        months: Option<Months>,
        /// What the schema does not know.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
    /// Days of some weeks of some months.
    #[doc(alias = "ScheduleByMonthDayOfWeek")]
    MonthDayOfWeek {
        /// In which weeks; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        weeks: Weeks,
        /// On which days; at least one.
        #[cfg_attr(feature = "serde", serde(default))]
        days_of_week: DaysOfWeek,
        /// In which months; every one, where not stated.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        months: Option<Months>,
        /// What the schema does not know.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Extra::is_empty"))]
        extra: Extra,
    },
}

impl Schedule {
    /// Every n-th day.
    #[must_use]
    pub fn daily(days_interval: u16) -> Self {
        Self::Day { days_interval: Some(days_interval), extra: Extra::default() }
    }

    /// On these days of every n-th week.
    #[must_use]
    pub fn weekly(weeks_interval: u8, days_of_week: DaysOfWeek) -> Self {
        Self::Week { weeks_interval: Some(weeks_interval), days_of_week, extra: Extra::default() }
    }

    /// On these days of these months.
    #[must_use]
    pub fn monthly(days_of_month: DaysOfMonth, months: Months) -> Self {
        Self::Month { days_of_month, months: Some(months), extra: Extra::default() }
    }

    /// On these days of these weeks of these months.
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
    /// Query that selects the events: a QueryList, or an XPath.
    pub subscription: String,
    /// How long after; default none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub delay: Option<XsDuration>,
    /// Time within which the occurrences count.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub period_of_occurrence: Option<XsDuration>,
    /// The number of occurrences that are needed, 1 to 32; default 1.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub number_of_occurrences: Option<u8>,
    /// Field that the occurrences must have in common.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub matching_element: Option<String>,
    /// The values of the event for the actions' parameters, 1 to 32.
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

/// A query for a part of an event, and the name of the parameter that it fills.
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
    /// Whose session; anybody's, where not stated.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub user_id: Option<String>,
    /// How long after; default none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub delay: Option<XsDuration>,
    /// Which change.
    pub state_change: SessionStateChange,
}

impl SessionStateChangeTrigger {
    /// Creates a trigger for a change of any user's session.
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

/// A Windows Notification Facility state changed; not in the specification, met in tasks of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct WnfStateChangeTrigger {
    /// How long after; default none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub delay: Option<XsDuration>,
    /// Name of the state: 16 hex digits.
    pub state_name: String,
    /// Bytes, in hex, that the state's data must have.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub data: Option<String>,
    /// Their offset in the state's data.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub data_offset: Option<u32>,
}

impl WnfStateChangeTrigger {
    /// Creates a trigger for a change of a state.
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

/// Reads a kind that has no fields of its own.
#[cfg(feature = "serde")]
fn nothing_else<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    <Nothing as serde::Deserialize>::deserialize(deserializer).map(|Nothing {}| ())
}
