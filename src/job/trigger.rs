//! The triggers of a .JOB file.

use super::{
    layout::RawTrigger,
    value::{DaysOfMonth, DaysOfWeek, JobDate, Months, TriggerFlags, WhichWeek},
};

/// When a job starts ([MS-TSCH] 2.4.2.11). Dates and times are local.
///
/// ```
/// use wintask::job::{DaysOfWeek, JobDate, Schedule, Trigger};
///
/// let mondays = Schedule::Weekly { weeks_interval: 2, days_of_week: DaysOfWeek::MONDAY };
/// let trigger = Trigger { end: Some(JobDate::new(2025, 12, 31)), ..Trigger::new(mondays, JobDate::new(2024, 1, 1), 8, 0) };
/// assert_eq!(Trigger::from_raw(&trigger.to_raw()), trigger);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Trigger {
    /// The days on which it starts.
    pub schedule: Schedule,
    /// First date.
    pub begin: JobDate,
    /// Last date; `None` if the flag `HAS_END_DATE` is clear.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub end: Option<JobDate>,
    /// Hour of the day, 0 to 23.
    pub start_hour: u16,
    /// Minute of the hour, 0 to 59.
    pub start_minute: u16,
    /// Minutes between repetitions; 0 for none.
    pub minutes_interval: u32,
    /// Minutes during which the start is repeated; 0 for none.
    pub minutes_duration: u32,
    /// All flags except `HAS_END_DATE`, which `end` implies.
    pub flags: TriggerFlags,
}

/// The trigger's type with its parameters ([MS-TSCH] 2.4.2.11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case", deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Schedule {
    /// Once, at the first date.
    #[doc(alias = "ONCE")]
    Once,
    /// Every few days (2.4.2.11.5).
    #[doc(alias = "DAILY")]
    Daily {
        /// Days between firings.
        days_interval: u16,
    },
    /// Days of the week, every few weeks (2.4.2.11.6).
    #[doc(alias = "WEEKLY")]
    Weekly {
        /// Weeks between firings.
        weeks_interval: u16,
        /// The days.
        days_of_week: DaysOfWeek,
    },
    /// Days of some months (2.4.2.11.7).
    #[doc(alias = "MONTHLYDATE")]
    MonthlyDate {
        /// The days.
        days: DaysOfMonth,
        /// The months.
        months: Months,
    },
    /// Days of one week of some months (2.4.2.11.8).
    #[doc(alias = "MONTHLYDOW")]
    MonthlyDayOfWeek {
        /// The week.
        which_week: WhichWeek,
        /// The days.
        days_of_week: DaysOfWeek,
        /// The months.
        months: Months,
    },
    /// When the machine becomes idle.
    #[doc(alias = "EVENT_ON_IDLE")]
    OnIdle,
    /// When the system starts.
    #[doc(alias = "EVENT_AT_SYSTEMSTART")]
    AtSystemStart,
    /// When a user logs on.
    #[doc(alias = "EVENT_AT_LOGON")]
    AtLogon,
    /// An unknown type, with its raw words.
    Unknown {
        /// Trigger Type.
        trigger_type: u32,
        /// TriggerSpecific0 to 2.
        specific: [u16; 3],
    },
}

impl Schedule {
    /// Its number and its three words in the file.
    fn to_words(self) -> (u32, [u16; 3]) {
        match self {
            Self::Once => (0, [0; 3]),
            Self::Daily { days_interval } => (1, [days_interval, 0, 0]),
            Self::Weekly { weeks_interval, days_of_week } => (2, [weeks_interval, days_of_week.0, 0]),
            Self::MonthlyDate { days, months } => {
                let [a, b, c, d] = days.0.to_le_bytes();
                (3, [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]), months.0])
            }
            Self::MonthlyDayOfWeek { which_week, days_of_week, months } => {
                (4, [which_week.0, days_of_week.0, months.0])
            }
            Self::OnIdle => (5, [0; 3]),
            Self::AtSystemStart => (6, [0; 3]),
            Self::AtLogon => (7, [0; 3]),
            Self::Unknown { trigger_type, specific } => (trigger_type, specific),
        }
    }

    fn from_words(trigger_type: u32, specific: [u16; 3]) -> Self {
        let [first, second, third] = specific;
        match trigger_type {
            0 => Self::Once,
            1 => Self::Daily { days_interval: first },
            2 => Self::Weekly { weeks_interval: first, days_of_week: DaysOfWeek(second) },
            3 => Self::MonthlyDate {
                days: DaysOfMonth(u32::from(first) | u32::from(second) << 16),
                months: Months(third),
            },
            4 => Self::MonthlyDayOfWeek {
                which_week: WhichWeek(first),
                days_of_week: DaysOfWeek(second),
                months: Months(third),
            },
            5 => Self::OnIdle,
            6 => Self::AtSystemStart,
            7 => Self::AtLogon,
            _ => Self::Unknown { trigger_type, specific },
        }
    }

    /// The specification's name of the type, if it has one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Once => "ONCE",
            Self::Daily { .. } => "DAILY",
            Self::Weekly { .. } => "WEEKLY",
            Self::MonthlyDate { .. } => "MONTHLYDATE",
            Self::MonthlyDayOfWeek { .. } => "MONTHLYDOW",
            Self::OnIdle => "EVENT_ON_IDLE",
            Self::AtSystemStart => "EVENT_AT_SYSTEMSTART",
            Self::AtLogon => "EVENT_AT_LOGON",
            Self::Unknown { .. } => return None,
        })
    }

    /// Whether the schedule has run times; the event types do not.
    #[must_use]
    pub fn is_timed(self) -> bool {
        !matches!(self, Self::OnIdle | Self::AtSystemStart | Self::AtLogon | Self::Unknown { .. })
    }
}

impl Trigger {
    /// A trigger without an end, repetition or flags.
    #[must_use]
    pub const fn new(schedule: Schedule, begin: JobDate, start_hour: u16, start_minute: u16) -> Self {
        Self {
            schedule,
            begin,
            end: None,
            start_hour,
            start_minute,
            minutes_interval: 0,
            minutes_duration: 0,
            flags: TriggerFlags::NONE,
        }
    }

    /// Whether the trigger is disabled.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        self.flags.contains(TriggerFlags::DISABLED)
    }

    /// Interprets the words of a file.
    #[must_use]
    pub fn from_raw(raw: &RawTrigger) -> Self {
        let flags = raw.flags;
        let end = JobDate::new(raw.end_year, raw.end_month, raw.end_day);
        let specific = [raw.trigger_specific0, raw.trigger_specific1, raw.trigger_specific2];
        Self {
            schedule: Schedule::from_words(raw.trigger_type, specific),
            begin: JobDate::new(raw.begin_year, raw.begin_month, raw.begin_day),
            end: flags.contains(TriggerFlags::HAS_END_DATE).then_some(end),
            start_hour: raw.start_hour,
            start_minute: raw.start_minute,
            minutes_interval: raw.minutes_interval,
            minutes_duration: raw.minutes_duration,
            flags: flags.without(TriggerFlags::HAS_END_DATE),
        }
    }

    /// The words for a file; reserved ones are zero.
    #[must_use]
    pub fn to_raw(&self) -> RawTrigger {
        let (trigger_type, [first, second, third]) = self.schedule.to_words();
        let end = self.end.unwrap_or_default();
        let flags = self.flags.without(TriggerFlags::HAS_END_DATE);
        let dated = if self.end.is_some() { TriggerFlags::HAS_END_DATE } else { TriggerFlags::NONE };
        RawTrigger {
            trigger_size: RawTrigger::SIZE as u16,
            begin_year: self.begin.year,
            begin_month: self.begin.month,
            begin_day: self.begin.day,
            end_year: end.year,
            end_month: end.month,
            end_day: end.day,
            start_hour: self.start_hour,
            start_minute: self.start_minute,
            minutes_duration: self.minutes_duration,
            minutes_interval: self.minutes_interval,
            flags: flags | dated,
            trigger_type,
            trigger_specific0: first,
            trigger_specific1: second,
            trigger_specific2: third,
            ..RawTrigger::default()
        }
    }
}
