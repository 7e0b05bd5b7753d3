//! Why triggers have no runs, or not all stated ones.

use crate::{
    error::Place,
    finding::{self, Severity},
};

/// A trigger without runs, or without all stated ones; the location is `Triggers[0]` for the first.
pub type Finding = finding::Finding<FindingKind>;

/// Triggers without runs, or without all stated ones.
pub type Findings = finding::Findings<FindingKind>;

/// Why a trigger has no runs, or not all stated ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum FindingKind {
    /// It is not time-based: boot, logon, idle, events and the like.
    #[error("not a time-based trigger")]
    NotTimed,
    /// The task is disabled.
    #[error("the task is disabled")]
    TaskDisabled,
    /// The trigger is disabled.
    #[error("the trigger is disabled")]
    Disabled,
    /// It has no start boundary.
    #[error("no start boundary")]
    NoStart,
    /// A date or time is invalid, or outside the years 1601 to 9999.
    #[error("invalid date or time, or outside the years 1601 to 9999")]
    OutOfRange,
    /// No day matches: 30 February, no weekday at all, every 0 days.
    #[error("the schedule matches no day")]
    NoSuchDay,
    /// It ends before its first run, or its only run is skipped by the clock or outside the calendar.
    #[error("no run within its boundaries")]
    EndsFirst,
    /// Its repetition is ignored: it is stated in months or years, whose length is undefined, or its interval is
    /// zero.
    #[error("the repetition is ignored: its interval or duration is not a number of seconds")]
    Repetition,
    /// Its random delay is ignored, for the same reason.
    #[error("the random delay is ignored: it is not a number of seconds")]
    RandomDelay,
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        match self {
            Self::NotTimed => "schedule.not_timed",
            Self::TaskDisabled => "schedule.task_disabled",
            Self::Disabled => "schedule.disabled",
            Self::NoStart => "schedule.no_start",
            Self::OutOfRange => "schedule.out_of_range",
            Self::NoSuchDay => "schedule.no_such_day",
            Self::EndsFirst => "schedule.ends_first",
            Self::Repetition => "schedule.repetition",
            Self::RandomDelay => "schedule.random_delay",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::NotTimed | Self::TaskDisabled | Self::Disabled => Severity::Info,
            _ => Severity::Warning,
        }
    }
}

/// The findings for triggers, by their index in the definition.
pub(super) fn of_triggers(reasons: impl IntoIterator<Item = (usize, FindingKind)>) -> Findings {
    let mut findings = Findings::new();
    for (trigger, reason) in reasons {
        findings.push(Finding::new(reason, Place::value(format!("Triggers[{trigger}]"))));
    }
    findings
}
