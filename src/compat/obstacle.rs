//! Why a definition cannot be a version 1 task.

use super::{field::Field, store::Store};
use crate::{
    dtyp::{HResult, HasHResult},
    finding::{self, FindingKind},
};
use std::fmt;

/// The obstacles in a definition, in document order. The location of each is the element.
pub type Obstacles = finding::Findings<Obstacle>;

/// An element that version 1 cannot express, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Obstacle {
    /// The element.
    pub field: Field,
    /// Why version 1 cannot express it.
    pub reason: ObstacleReason,
}

/// Why version 1 cannot express an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ObstacleReason {
    /// Version 1 has no such element.
    #[error("version 1 has no such element")]
    NotInVersion1,
    /// Version 1 supports only the default value.
    #[error("version 1 supports only {only}, not {stated}")]
    Only {
        /// The value that the definition states.
        stated: String,
        /// The value that version 1 supports.
        only: &'static str,
    },
    /// The kind of trigger or action does not exist in version 1.
    #[error("version 1 has no {0}")]
    Kind(String),
    /// The number of actions, principals or triggers is wrong.
    #[error("{number} {what}, expected {expected}")]
    Number {
        /// The actual number.
        number: usize,
        /// What is counted.
        what: &'static str,
        /// The number allowed.
        expected: &'static str,
    },
    /// A duration that is not a multiple of version 1's unit, a whole minute.
    #[error("{0} is not a whole number of minutes")]
    NotWholeMinutes(String),
    /// A duration of undefined length, or out of range.
    #[error("{value} is out of range ({allowed})")]
    OutOfRange {
        /// The value.
        value: String,
        /// The values that version 1 allows.
        allowed: &'static str,
    },
    /// A repetition without a duration continues indefinitely; in version 1 it must end.
    #[error("the repetition has no duration")]
    Indefinite,
    /// The interval of a repetition must be shorter than its duration ([MS-TSCH] notes 22 and 23).
    #[error("the interval of {interval} minutes is not shorter than the duration of {duration}")]
    IntervalNotShorter {
        /// Minutes between repetitions.
        interval: u32,
        /// The duration of the repetition in minutes.
        duration: u32,
    },
    /// The last day of the month, which depends on the month.
    #[error("version 1 has no last day of the month")]
    LastDay,
    /// A time-based trigger without a start.
    #[error("the trigger has no start")]
    NoStart,
    /// A text, or the whole file, exceeds the format's limit.
    #[error("{size} {unit} exceed the maximum of {max}")]
    TooLong {
        /// The size, including the NUL for a text.
        size: usize,
        /// The maximum.
        max: usize,
        /// The unit of both.
        unit: &'static str,
    },
    /// AT jobs have only this value.
    #[error("an AT job cannot have {0}")]
    NotInAt(String),
    /// No schtasks command can state it.
    #[error("schtasks has no switch for {0}")]
    NotInCommand(String),
    /// A non-periodic AT job runs on the next such day, and this is not the next one.
    #[error("{0} is not the next such day")]
    NotNext(String),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.reason, f)
    }
}

impl FindingKind for Obstacle {
    fn code(&self) -> &'static str {
        match self.reason {
            ObstacleReason::NotInVersion1 => "compat.obstacle.not_in_version_1",
            ObstacleReason::Only { .. } => "compat.obstacle.only",
            ObstacleReason::Kind(_) => "compat.obstacle.kind",
            ObstacleReason::Number { .. } => "compat.obstacle.number",
            ObstacleReason::NotWholeMinutes(_) => "compat.obstacle.not_whole_minutes",
            ObstacleReason::OutOfRange { .. } => "compat.obstacle.out_of_range",
            ObstacleReason::Indefinite => "compat.obstacle.indefinite",
            ObstacleReason::IntervalNotShorter { .. } => "compat.obstacle.interval_not_shorter",
            ObstacleReason::LastDay => "compat.obstacle.last_day",
            ObstacleReason::NoStart => "compat.obstacle.no_start",
            ObstacleReason::TooLong { .. } => "compat.obstacle.too_long",
            ObstacleReason::NotInAt(_) => "compat.obstacle.not_in_at",
            ObstacleReason::NotInCommand(_) => "compat.obstacle.not_in_command",
            ObstacleReason::NotNext(_) => "compat.obstacle.not_next",
        }
    }
}

/// The error for a definition that cannot be a version 1 task: `SCHED_E_TASK_NOT_V1_COMPAT`. The message names every
/// obstacle that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotV1Compatible {
    /// The store that cannot hold the task.
    pub store: Store,
    /// The obstacles; at least one.
    pub obstacles: Obstacles,
}

impl NotV1Compatible {
    /// The HRESULT: `SCHED_E_TASK_NOT_V1_COMPAT`.
    #[must_use]
    pub const fn hresult(&self) -> HResult {
        HResult::SCHED_E_TASK_NOT_V1_COMPAT
    }
}

impl HasHResult for NotV1Compatible {
    fn hresult(&self) -> HResult {
        HResult::SCHED_E_TASK_NOT_V1_COMPAT
    }
}

impl fmt::Display for NotV1Compatible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the task cannot be {}", self.store)?;
        for (index, obstacle) in self.obstacles.iter().enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            write!(f, "{separator}{}: {}", obstacle.place(), obstacle.message())?;
        }
        match self.obstacles.omitted() {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for NotV1Compatible {}
