//! Problems that schtasks or at would report, and values that depend on the computer.

use super::{
    switch::{Switch, Verb},
    value::ScheduleType,
};
use crate::finding::{self, Severity};
use time::Date;

/// Findings about a command line. The location is the argument's offset in the line.
pub type Findings = finding::Findings<FindingKind>;

/// The kinds of findings about a command line. Messages of severity `Error` have the same meaning as the program's
/// own error messages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindingKind {
    /// An argument that is neither a switch nor the value of a switch.
    #[error("invalid argument or option {0:?}")]
    Unknown(String),
    /// Two verbs; the first counts.
    #[error("{first} and {second} are mutually exclusive")]
    TwoVerbs {
        /// The first verb.
        first: Verb,
        /// The second verb.
        second: Verb,
    },
    /// The verb is not the first argument.
    #[error("{0} is not the first argument")]
    VerbNotFirst(Verb),
    /// A switch is stated twice; the first counts.
    #[error("{0} is not allowed more than once")]
    Repeated(Switch),
    /// A switch that needs a value has none.
    #[error("{0} needs a value")]
    NoValue(Switch),
    /// A value has the wrong format.
    #[error("{value:?} is not valid for {switch}: expected {expected}")]
    Value {
        /// The switch.
        switch: Switch,
        /// Its value.
        value: String,
        /// The expected format.
        expected: &'static str,
    },
    /// A value is joined to its switch by a colon, which is undocumented.
    #[error("the value of {0} is joined to it by a colon")]
    Colon(Switch),
    /// A required switch is missing.
    #[error("{0} is missing")]
    Missing(Switch),
    /// A switch requires another.
    #[error("{switch} needs {needs}")]
    Needs {
        /// The switch.
        switch: Switch,
        /// The required switch.
        needs: Switch,
    },
    /// Mutually exclusive switches.
    #[error("{first} and {second} are mutually exclusive")]
    Exclusive {
        /// The first switch.
        first: Switch,
        /// The second switch.
        second: Switch,
    },
    /// Two switches that are not documented together.
    #[error("{first} and {second} are not documented together")]
    NotTogether {
        /// The first switch.
        first: Switch,
        /// The second switch.
        second: Switch,
    },
    /// `/CHANGE` without anything to change.
    #[error("nothing to change")]
    NothingToChange,
    /// A switch does not apply to the schedule.
    #[error("{switch} does not apply to /SC {schedule}")]
    NotForSchedule {
        /// The switch.
        switch: Switch,
        /// The schedule.
        schedule: ScheduleType,
    },
    /// A schedule requires a switch.
    #[error("/SC {schedule} needs {switch}")]
    ScheduleNeeds {
        /// The schedule.
        schedule: ScheduleType,
        /// The switch.
        switch: Switch,
    },
    /// A value is out of range.
    #[error("{value} is out of range for {switch} ({min} to {max})")]
    OutOfRange {
        /// The switch.
        switch: Switch,
        /// The value.
        value: u32,
        /// The lowest value.
        min: u32,
        /// The highest value.
        max: u32,
    },
    /// A text exceeds the program's limit.
    #[error("{switch} has {size} characters, the maximum is {max}")]
    TooLong {
        /// The switch.
        switch: Switch,
        /// The length.
        size: usize,
        /// The maximum.
        max: usize,
    },
    /// The date does not exist, at least not in the given order.
    #[error("invalid date {0}")]
    NoSuchDate(String),
    /// The date depends on the locale.
    #[error("{text} is {assumed} or {or}, depending on the locale")]
    AmbiguousDate {
        /// The text.
        text: String,
        /// The date that was assumed.
        assumed: Date,
        /// The alternative.
        or: Date,
    },
    /// The time is not in the format that the program's help asks for.
    #[error("{0:?} is not in the format HH:mm")]
    TimeForm(String),
    /// The task may never run: its only start is in the past.
    #[error("the task may never run because its start is in the past")]
    Past,
    /// `/Z` with a trigger that never ends: the definition lacks EndBoundary, SCHED_E_MISSINGNODE.
    #[error("/Z needs an end: the definition would lack EndBoundary (SCHED_E_MISSINGNODE)")]
    DeleteWithoutEnd,
    /// Version 1 cannot express the task.
    #[error("/V1 cannot express {0}")]
    NotVersion1(String),
    /// The server rejects the definition, with an error, the element, and the value.
    #[error("{meaning} ({node}: {value:?})")]
    Refused {
        /// What the error means.
        meaning: &'static str,
        /// The element that is invalid or missing.
        node: String,
        /// Its value.
        value: String,
    },
    /// A value was assumed; the computer would use its own.
    #[error("{switch} was not stated: assumed {value}")]
    Assumed {
        /// The switch.
        switch: Switch,
        /// The value.
        value: String,
    },
    /// `at`: the argument is not a time of day.
    #[error("{0:?} is not a time of day")]
    AtTime(String),
    /// `at`: the argument is not a day of the week or of the month.
    #[error("{0:?} is not a day of the week or of the month")]
    AtDay(String),
    /// `at`: the argument is not a job number.
    #[error("{0:?} is not a job number")]
    AtId(String),
    /// `at`: the command is missing.
    #[error("the command is missing")]
    AtCommand,
    /// `at`: the switches are mutually exclusive.
    #[error("{0} and {1} are mutually exclusive")]
    AtExclusive(&'static str, &'static str),
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "command_line.unknown",
            Self::TwoVerbs { .. } => "command_line.two_verbs",
            Self::VerbNotFirst(_) => "command_line.verb_not_first",
            Self::Repeated(_) => "command_line.repeated",
            Self::NoValue(_) => "command_line.no_value",
            Self::Value { .. } => "command_line.value",
            Self::Colon(_) => "command_line.colon",
            Self::Missing(_) => "command_line.missing",
            Self::Needs { .. } => "command_line.needs",
            Self::Exclusive { .. } => "command_line.exclusive",
            Self::NotTogether { .. } => "command_line.not_together",
            Self::NothingToChange => "command_line.nothing_to_change",
            Self::NotForSchedule { .. } => "command_line.not_for_schedule",
            Self::ScheduleNeeds { .. } => "command_line.schedule_needs",
            Self::OutOfRange { .. } => "command_line.out_of_range",
            Self::TooLong { .. } => "command_line.too_long",
            Self::NoSuchDate(_) => "command_line.no_such_date",
            Self::AmbiguousDate { .. } => "command_line.ambiguous_date",
            Self::TimeForm(_) => "command_line.time_form",
            Self::Past => "command_line.past",
            Self::DeleteWithoutEnd => "command_line.delete_without_end",
            Self::NotVersion1(_) => "command_line.not_version_1",
            Self::Refused { .. } => "command_line.refused",
            Self::Assumed { .. } => "command_line.assumed",
            Self::AtTime(_) => "command_line.at.time",
            Self::AtDay(_) => "command_line.at.day",
            Self::AtId(_) => "command_line.at.id",
            Self::AtCommand => "command_line.at.command",
            Self::AtExclusive(..) => "command_line.at.exclusive",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Assumed { .. } | Self::VerbNotFirst(_) => Severity::Info,
            Self::Colon(_)
            | Self::AmbiguousDate { .. }
            | Self::TimeForm(_)
            | Self::Past
            | Self::NotTogether { .. }
            | Self::NothingToChange => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
