//! What a conversion loses, changes or assumes.

use super::field::Field;
use crate::finding::{self, FindingKind, Severity};
use std::fmt;

/// The result of a conversion, and how it differs from what was converted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Conversion<T> {
    /// The result.
    pub value: T,
    /// Everything that was lost, changed or assumed, by field.
    pub differences: Differences,
}

impl<T> Conversion<T> {
    pub(crate) const fn new(value: T, differences: Differences) -> Self {
        Self { value, differences }
    }
}

impl<T> From<T> for Conversion<T> {
    /// Something that needs no conversion.
    fn from(value: T) -> Self {
        Self::new(value, Differences::new())
    }
}

/// The differences of a conversion. The place of each is the field, with its index if it is part of a list.
pub type Differences = finding::Findings<Difference>;

/// A field that a conversion lost, changed or assumed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Difference {
    /// The field: of what was converted, or, for an assumption, of the result.
    pub field: Field,
    /// The reason.
    pub reason: Reason,
}

/// Why a field was lost, changed or assumed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The other format has no such field.
    #[error("lost: the other format has no such field")]
    NoCounterpart,
    /// It describes past and present runs, which are not part of the other format.
    #[error("lost: the state of the scheduler is not part of the other format")]
    RunState,
    /// The other format has only some of the values.
    #[error("{from} becomes {to}, the nearest that the other format has")]
    Nearest {
        /// The value that was converted.
        from: String,
        /// The value of the result.
        to: String,
    },
    /// The other format writes the value in one way only; it means the same.
    #[error("{from} is written as {to}")]
    Written {
        /// The value that was converted.
        from: String,
        /// The value of the result.
        to: String,
    },
    /// Nothing was stated, and the other format needs a value.
    #[error("assumed {0}")]
    Assumed(String),
    /// Flags or bits without a counterpart.
    #[error("lost: {0} has no counterpart")]
    Flags(String),
    /// The value is outside what the other format allows, and was left out.
    #[error("lost: {value} is out of range ({allowed})")]
    OutOfRange {
        /// The value.
        value: String,
        /// The values that the other format allows.
        allowed: &'static str,
    },
    /// A time that states its zone became local time.
    #[error("the time states its zone, and becomes local time{}", if *.converted { "" } else { " as it is written" })]
    Zone {
        /// Whether a zone was given to convert it; otherwise the time was taken as written.
        converted: bool,
    },
    /// One trigger became several.
    #[error("became {0} triggers")]
    Split(usize),
    /// The trigger matches no day, or ends before it begins; it was kept disabled or left out.
    #[error("the trigger never fires")]
    NeverFires,
    /// A repetition of .JOB files before Vista ends before its duration does; since Vista the last run may fall on the end.
    #[error("the last repetition may now fall on the end of the duration")]
    RepetitionEnd,
    /// No repetition falls within the duration, so that there is nothing to repeat.
    #[error("lost: no repetition falls within the duration")]
    NothingToRepeat,
    /// The job is deleted when it has no further runs, but its triggers never end.
    #[error("lost: the triggers never end, so that the task is never done")]
    NeverDone,
    /// Characters that the other format does not allow were replaced with U+FFFD.
    #[error("characters that the other format does not allow were replaced")]
    Characters,
    /// It is not in the file, but is the security descriptor of the file.
    #[error("not in the file: the file's own security descriptor replaces it")]
    FileDescriptor,
    /// Bytes of the file that mean nothing.
    #[error("lost: it has no meaning")]
    Meaningless,
    /// The account that runs a job is not in the file.
    #[error("unknown: the file does not name the account")]
    AccountUnknown,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.reason, f)
    }
}

impl FindingKind for Difference {
    fn code(&self) -> &'static str {
        match self.reason {
            Reason::NoCounterpart => "compat.no_counterpart",
            Reason::RunState => "compat.run_state",
            Reason::Nearest { .. } => "compat.nearest",
            Reason::Written { .. } => "compat.written",
            Reason::Assumed(_) => "compat.assumed",
            Reason::Flags(_) => "compat.flags",
            Reason::OutOfRange { .. } => "compat.out_of_range",
            Reason::Zone { .. } => "compat.zone",
            Reason::Split(_) => "compat.split",
            Reason::NeverFires => "compat.never_fires",
            Reason::RepetitionEnd => "compat.repetition_end",
            Reason::NothingToRepeat => "compat.nothing_to_repeat",
            Reason::NeverDone => "compat.never_done",
            Reason::Characters => "compat.characters",
            Reason::FileDescriptor => "compat.file_descriptor",
            Reason::Meaningless => "compat.meaningless",
            Reason::AccountUnknown => "compat.account_unknown",
        }
    }

    fn severity(&self) -> Severity {
        match self.reason {
            Reason::Written { .. }
            | Reason::Assumed(_)
            | Reason::RunState
            | Reason::Split(_)
            | Reason::FileDescriptor
            | Reason::Meaningless
            | Reason::AccountUnknown
            | Reason::NothingToRepeat
            | Reason::NeverDone
            | Reason::Zone { converted: true } => Severity::Info,
            Reason::NoCounterpart
            | Reason::Flags(_)
            | Reason::Nearest { .. }
            | Reason::Zone { converted: false }
            | Reason::NeverFires
            | Reason::RepetitionEnd => Severity::Warning,
            Reason::OutOfRange { .. } | Reason::Characters => Severity::Error,
        }
    }
}
