//! The losses, changes and assumptions of a conversion.

use super::field::Field;
use crate::finding::{self, FindingKind, Severity};
use std::fmt;

/// The result of a conversion, and how it differs from the source.
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
    /// The result of converting something that needs no conversion.
    fn from(value: T) -> Self {
        Self::new(value, Differences::new())
    }
}

/// The differences of a conversion. The location of each is the field, with an index if the field is part of a list.
pub type Differences = finding::Findings<Difference>;

/// A field that a conversion lost, changed or assumed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Difference {
    /// The field of the source or, for an assumption, of the result.
    pub field: Field,
    /// The reason.
    pub reason: Reason,
}

/// Why a field was lost, changed or assumed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The target format has no such field.
    #[error("lost: the target format has no such field")]
    NoCounterpart,
    /// It describes past or present runs, which the target format does not store.
    #[error("lost: the target format does not store run state")]
    RunState,
    /// The target format supports only some of the values.
    #[error("{from} becomes {to}, the nearest value in the target format")]
    Nearest {
        /// The source value.
        from: String,
        /// The resulting value.
        to: String,
    },
    /// The target format writes the value in another way with the same meaning.
    #[error("{from} is written as {to}")]
    Written {
        /// The source value.
        from: String,
        /// The resulting value.
        to: String,
    },
    /// The source states no value, but the target format requires one.
    #[error("assumed {0}")]
    Assumed(String),
    /// Flags or bits without a counterpart.
    #[error("lost: {0} has no counterpart")]
    Flags(String),
    /// The value is outside the target format's range, and was omitted.
    #[error("lost: {value} is out of range ({allowed})")]
    OutOfRange {
        /// The value.
        value: String,
        /// The values that the target format allows.
        allowed: &'static str,
    },
    /// A time with its own zone was converted to local time.
    #[error("the time has a zone, and becomes local time{}", if *.converted { "" } else { " as written" })]
    Zone {
        /// Whether a zone was available for the conversion; otherwise the time was used as written.
        converted: bool,
    },
    /// One trigger became several.
    #[error("became {0} triggers")]
    Split(usize),
    /// The trigger matches no day, or ends before it begins. It was disabled or omitted.
    #[error("the trigger never fires")]
    NeverFires,
    /// In .JOB files before Vista, repetition stops before its duration ends; since Vista the last run may be exactly
    /// at the end.
    #[error("the last repetition may now run exactly at the end of the duration")]
    RepetitionEnd,
    /// No repetition falls within the duration.
    #[error("lost: no repetition falls within the duration")]
    NothingToRepeat,
    /// The job should be deleted when it has no further runs, but its triggers never end.
    #[error("lost: the triggers never end, so the task is never deleted")]
    NeverDone,
    /// Characters that the target format does not allow were replaced with U+FFFD.
    #[error("characters that the target format does not allow were replaced")]
    Characters,
    /// It is stored in the file's security descriptor, not in the file.
    #[error("not in the file: the file's own security descriptor replaces it")]
    FileDescriptor,
    /// Bytes of the file without a meaning.
    #[error("lost: it has no meaning")]
    Meaningless,
    /// The account that runs a job is not stored in the file.
    #[error("unknown: the file does not name the account")]
    AccountUnknown,
    /// The account is not part of the file; `SASetAccountInformation` sets it.
    #[error("not in the file: SASetAccountInformation sets the account")]
    AccountNotInFile,
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
            Reason::AccountNotInFile => "compat.account_not_in_file",
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
            | Reason::AccountNotInFile
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
